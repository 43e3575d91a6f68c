using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Data.Privacy;
using Portal.Hosting.Identity;
using Portal.Resources;

namespace Portal.Areas.Privacy;

/// <summary>One request with its legal days and all that happened to it: as the office works on it, or as its person follows it.</summary>
public sealed partial class DataRequestDetail
{
    private static readonly string[] Tables = ["data_requests", "data_request_entries"];

    private CurrentUser user = CurrentUser.Nobody;
    private DataRequestView? view;
    private Input input = new();
    private FormSummary? summary, own;
    private string? refusal;
    private Act? doing;
    private bool saving, missing;

    [Inject] private DataRequestService Service { get; set; } = null!;
    [Inject] private DataRequestDesk Desk { get; set; } = null!;
    [Inject] private BuildingClock Clock { get; set; } = null!;
    [Inject] private NavigationManager Nav { get; set; } = null!;
    [Inject] private Toasts Toasts { get; set; } = null!;
    [Inject] private Me Me { get; set; } = null!;
    [Inject] private IStringLocalizer<PrivacyWords> L { get; set; } = null!;
    [Inject] private IStringLocalizer<SharedWords> S { get; set; } = null!;

    [Parameter, EditorRequired] public long Id { get; set; }

    /// <summary>The office's view of it; else its person's own, and nobody else's.</summary>
    [Parameter] public bool Office { get; set; }

    private enum Act { Answer, Ask, Complete, Extend }

    protected override async Task OnParametersSetAsync()
    {
        if (view?.Request.Id != Id) (input, refusal, doing) = (new Input(), null, null);
        await LoadAsync();
        missing = view is null;
        if (missing) Nav.NotFound();
    }

    private async Task LoadAsync()
    {
        user = await Me.GetAsync();
        view = await Service.FindAsync(Id, user, default);
        if (!Office && view is { Own: false }) view = null;
    }

    private void Begin(Act act) => (input, doing, refusal) = (new Input(), act, null);

    private async Task RunAsync(Act act)
    {
        if (saving) return;
        saving = true;
        try
        {
            var result = act switch
            {
                Act.Ask => await Desk.AskAsync(Id, input.Text, user, default),
                Act.Extend => await Desk.ExtendAsync(Id, input.Text, user, default),
                Act.Complete => await Service.CompleteAsync(Id, input.Text, user, default),
                _ => await Desk.AnswerAsync(Id, input.Outcome, input.Text, user, default),
            };
            if (!result.Ok)
            {
                (Office ? summary : own)?.Show(result.Errors);
                return;
            }

            (doing, input) = (null, new Input());
            Toasts.Show(L[$"act.{act}.done"], Tone.Ok);
            await LoadAsync();
        }
        finally
        {
            saving = false;
        }
    }

    private async Task NoteAsync()
    {
        var result = await Desk.NoteAsync(Id, user, default);
        refusal = result.Error?.Explain(S, L);
        await LoadAsync();
    }

    /// <summary>What the act will do, before it is done.</summary>
    private string Explain(DataRequestView shown) => doing switch
    {
        Act.Extend when shown.ExtendedDue is { } day => L["act.Extend.text", Formats.LongWeekdayDate(day)],
        Act.Ask => L["act.Ask.text", Formats.LongWeekdayDate(DataRequestTerms.AbandonedAfter(Clock.Today))],
        Act.Complete => L["act.Complete.text"],
        _ => L[shown.Request.AccountId is null ? "act.Answer.contact" : "act.Answer.text", shown.Contact ?? ""],
    };

    private string Who(DataRequestEvent one) =>
        one.Own && Office ? $" · {view!.Request.Person}" : one.By is { } by ? $" · {by}" : "";

    private static Glyph IconOf(DataRequestStep step) => step switch
    {
        DataRequestStep.Filed => Glyph.Plus,
        DataRequestStep.Noted => Glyph.Note,
        DataRequestStep.Asked => Glyph.Mail,
        DataRequestStep.Completed => Glyph.Check,
        DataRequestStep.Extended => Glyph.Clock,
        DataRequestStep.Answered => Glyph.Send,
        _ => Glyph.Stop,
    };

    private sealed class Input
    {
        public DataRequestOutcome? Outcome { get; set; }

        public string? Text { get; set; }
    }
}
