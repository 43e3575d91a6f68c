using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Surveys;
using Portal.Hosting.Identity;
using Portal.Resources;

namespace Portal.Areas.Surveys;

/// <summary>
/// One survey: its draft with a preview, the answer of who is asked, and what came of it. Answers that come in meanwhile appear by
/// themselves.
/// </summary>
public sealed partial class SurveyPage
{
    private static readonly string[] Tables = ["surveys", "survey_participants", "questions"];

    private CurrentUser user = CurrentUser.Nobody;
    private SurveyView? view;
    private SurveyOutcome? outcome;
    private SurveyDraft? draft;
    private string? refusal;
    private bool sent, changing, editing;

    [Inject] private SurveyService Service { get; set; } = null!;

    [Inject] private SurveyDesk Desk { get; set; } = null!;

    [Inject] private SurveyResults Results { get; set; } = null!;

    [Inject] private NavigationManager Nav { get; set; } = null!;

    [Inject] private Dialogs Dialogs { get; set; } = null!;

    [Inject] private Toasts Toasts { get; set; } = null!;

    [Inject] private Me Me { get; set; } = null!;

    [Inject] private IStringLocalizer<SurveyWords> L { get; set; } = null!;

    [Inject] private IStringLocalizer<SharedWords> S { get; set; } = null!;

    [Parameter] public long Id { get; set; }

    protected override async Task OnParametersSetAsync()
    {
        (sent, changing, refusal) = (false, false, null);
        await LoadAsync();
        if (view is null) Nav.NotFound();
    }

    private async Task LoadAsync()
    {
        user = await Me.GetAsync();
        view = await Service.FindAsync(Id, user, default);
        outcome = await Results.FindAsync(Id, user, default);
    }

    private async Task SentAsync()
    {
        (sent, changing) = (true, false);
        await LoadAsync();
    }

    private async Task SavedAsync()
    {
        refusal = null;
        await LoadAsync();
    }

    private async Task EditAsync()
    {
        draft = await Desk.DraftAsync(Id, user, default);
        editing = draft is not null;
    }

    private Task ReleaseAsync() => ActAsync(Desk.ReleaseAsync, view?.Survey.OpensAt is null ? "released" : "scheduled");

    private async Task CloseAsync()
    {
        if (view is not { Survey: var survey }) return;
        var text = L[survey.Anonymous ? "close.ask.anonymous" : "close.ask", survey.Title];
        if (await Dialogs.ConfirmAsync(new(L["close"], text, L["close"]))) await ActAsync(Desk.CloseAsync, "closed");
    }

    private async Task ReopenAsync()
    {
        if (await Dialogs.ConfirmAsync(new(L["reopen"], L["reopen.ask"], L["reopen"], Danger: false)))
            await ActAsync(Desk.ReopenAsync, "reopened");
    }

    private async Task DeleteAsync()
    {
        if (view is not { Survey: var survey } || !await Dialogs.ConfirmAsync(new(L["delete"], L["delete.ask", survey.Title], L["delete"])))
            return;
        var result = await Desk.DeleteAsync(Id, user, default);
        refusal = result.Error?.Explain(S, L);
        if (!result.Ok) return;
        Toasts.Show(L["deleted.done"], Tone.Ok);
        Nav.NavigateTo("/surveys");
    }

    private async Task ActAsync(Func<long, CurrentUser, CancellationToken, Task<Result>> act, string done)
    {
        var result = await act(Id, user, default);
        refusal = result.Error?.Explain(S, L);
        if (result.Ok) Toasts.Show(L[$"{done}.done"], Tone.Ok);
        await LoadAsync();
    }

    /// <summary>Whom it will ask, how, and from when to when.</summary>
    private string Plan(SurveyRow survey)
    {
        List<string> parts = [L[survey.PerApartment ? "plan.apartment" : "plan.person"], L[$"audience.{survey.Audience}"]];
        if (survey.Anonymous) parts.Add(L["anonymous"]);
        if (survey.Weighted) parts.Add(L["weighted"]);
        if (survey.OpensAt is { } opens) parts.Add(L["opens", Formats.LongDateAndTime(opens)]);
        if (survey.ClosesAt is { } closes) parts.Add(L["closes", Formats.LongDateAndTime(closes)]);
        return string.Join(" · ", parts);
    }

    private static IEnumerable<(int Number, string Words)> Alike(SurveyView view) =>
        from question in view.Questions.Select((q, index) => (Number: index + 1, q.Options))
        from alike in SurveyOptions.Alike(question.Options)
        select (question.Number, string.Join(", ", alike.Select(word => $"«{word}»")));
}
