using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Billing;
using Portal.Hosting.Identity;
using Portal.Resources;

namespace Portal.Areas.Billing;

/// <summary>A month's charges: what each apartment will pay, against the month before, posted in one press or not at all.</summary>
public sealed partial class BillingPage(
    BillingService billing, BillingDesk desk, BuildingClock clock, NavigationManager nav, Toasts toasts, Me me,
    IStringLocalizer<BillingWords> words)
{
    private BillingMonth? month;
    private RunRow? undone;
    private DataList<PreviewRow>? list;
    private string? refusal;
    private bool mayPost, extra, accepted;

    /// <summary>Carried from the prerendering into the circuit, as the rows are.</summary>
    [PersistentState] public BillingPreview? preview { get; set; }

    /// <summary>As <see cref="preview"/>, and taken once: it comes again when the address changes.</summary>
    [PersistentState] public BillingMonth? Carried { get; set; }

    /// <summary>The month, <c>2026-12</c>; none: this one.</summary>
    [SupplyParameterFromQuery(Name = "month")] public string? Month { get; set; }

    /// <summary>Ids of the concepts that are chosen; none: all that can be posted.</summary>
    [SupplyParameterFromQuery(Name = "concepts")] public string? Concepts { get; set; }

    private IStringLocalizer<BillingWords> L => words;
    private BuildingClock Clock => clock;
    private DateOnly Period => BillingWording.Month(Month, clock.Today);
    private List<RunConcept> Open => [.. month?.Concepts.Where(c => c.CanPost) ?? []];

    private List<int> Chosen => Concepts is null
        ? [.. Open.Select(c => c.Id)]
        : [.. Open.Select(c => c.Id)
            .Where(id => Concepts.Split(',').Contains(id.ToString(CultureInfo.InvariantCulture), StringComparer.Ordinal))];

    private bool HasBefore => preview is { } p && p.Before.Sum() > 0;

    protected override async Task OnParametersSetAsync()
    {
        var user = await me.GetAsync();
        mayPost = user.Can(Permissions.BillingPost);
        if (month is null && Carried?.Period == Period) month = Carried;
        else if (month?.Period != Period) Carried = month = await billing.MonthAsync(Period, user, default);
        if (preview?.Period != Period) preview = null;
        (refusal, accepted) = (null, false);
    }

    private async Task ReadAsync()
    {
        month = await billing.MonthAsync(Period, await me.GetAsync(), default);
        if (list is not null) await list.RefreshAsync();
        StateHasChanged();
    }

    private async Task<Page<PreviewRow>> LoadAsync(ListQuery query, CancellationToken ct)
    {
        var found = await billing.PreviewAsync(Period, Chosen, query, await me.GetAsync(ct), ct);
        preview = found is null ? null : found with { Rows = Page<PreviewRow>.Empty };
        StateHasChanged();
        return found?.Rows ?? Page<PreviewRow>.Empty;
    }

    private void Choose(int concept)
    {
        var chosen = Chosen;
        if (!chosen.Remove(concept)) chosen.Add(concept);
        nav.NavigateTo($"{BillingWording.Address("/billing", Period)}&concepts={string.Join(',', chosen.Order())}");
    }

    private async Task PostAsync()
    {
        if (preview is not { } seen) return;
        refusal = null;
        var posted = await desk
            .PostAsync(new RunInput(Period, [.. seen.Concepts.Select(c => c.Id)], seen.Total, accepted), await me.GetAsync(), default);
        if (!posted.Ok)
        {
            refusal = BillingErrors.Say(posted.Error!, words);
            await ReadAsync();
            return;
        }

        toasts.Show(
            words["posted.toast", posted.Value.Charges, Formats.Money(posted.Value.Total)]
            + (posted.Value.Credit > 0 ? " " + words["posted.credit", Formats.Money(posted.Value.Credit)] : ""), Tone.Ok);
        preview = null;
        await ReadAsync();
    }

    private async Task UndoneAsync(bool done)
    {
        undone = null;
        if (done) await ReadAsync();
    }

    private async Task ExtraAsync(bool done)
    {
        extra = false;
        if (done) await ReadAsync();
    }

    private List<Need> Needs(BillingPreview p) =>
    [
        .. BillingWording.Of((BillingNotes)int.MaxValue).Where(n => n.Tone == Tone.Warn && p.Notes.GetValueOrDefault(n.Note) > 0)
            .Select(n => new Need(
                p.Notes[n.Note], n.Tone, words[$"need.{n.Note}"], [string.Join(", ", p.Examples[n.Note]), words[$"need.{n.Note}.text"]],
                words["need.see"],
                $"{BillingWording.Address("/billing", Period)}{(Concepts is null ? "" : "&concepts=" + Concepts)}&show=exceptions")),
    ];

    private string Parts(PreviewRow row) => string.Join(" · ", row.Amounts.Select((amount, i) => (amount, i)).Where(a => a.amount > 0)
        .Select(a => $"{(preview?.Concepts.Count > a.i ? preview.Concepts[a.i].Name : "")} {Formats.Number(a.amount)}"));

    private static string Change(PreviewRow row)
    {
        var change = row.Total - row.Before;
        var sum = (change > 0 ? "+" : "−") + Formats.Number(Math.Abs(change));
        return row.Before == 0 ? sum : $"{sum} ({(change > 0 ? "+" : "−")}{Formats.Percent(Math.Abs(change) / row.Before * 100, 1)})";
    }
}
