using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Bank;
using Portal.Hosting.Identity;
using Portal.Resources;

namespace Portal.Areas.Bank;

/// <summary>
/// A month of an account: bank, what is on its way, books, and each line that is not in the books beside what it may be. Only what is sure
/// comes ticked; people confirm.
/// </summary>
public sealed partial class ReconcilePage(
    BankService bank, BankDesk desk, BankReconciler reconciler, BuildingClock clock, NavigationManager nav, Toasts toasts, Dialogs dialogs,
    Me me, IStringLocalizer<BankWords> words, IStringLocalizer<SharedWords> shared)
{
    private const int PageSize = 50, MostTransit = 30;

    private readonly HashSet<long> ticked = [], seen = [];
    private List<(string Said, string Why)> failed = [];
    private BalanceInput balance = new();
    private FormSummary? summary;
    private OpenLine? asked;
    private UnidentifiedRow? assigned;
    private int shown = PageSize;
    private bool mayEdit, mayClose, transit, typing, reopening, busy;

    [Parameter] public int Account { get; set; }

    /// <summary>The month, <c>2026-11</c>; none: the one that is to be reconciled next.</summary>
    [SupplyParameterFromQuery(Name = "month")] public string? MonthInAddress { get; set; }

    /// <summary>Carried from the prerendering into the circuit, taken once: it comes again when the address changes.</summary>
    [PersistentState] public BankWork? Carried { get; set; }

    private BankWork? Work { get; set; }

    private IStringLocalizer<BankWords> L => words;
    private IStringLocalizer<SharedWords> S => shared;
    private BuildingClock Clock => clock;

    private decimal Difference => Work is not { } work ? 0 : work.Closed is not null ? 0 : work.Standing.Difference;

    private IEnumerable<OpenLine> Ticked => Work?.Lines.Where(l => ticked.Contains(l.Id)) ?? [];

    private decimal TickedSum => Ticked.Sum(l => l.Amount);

    private int Receipts => Ticked.Sum(l => l.Proposal.Receipts);

    private string? FileSays => Work?.FromFile is { } file
        ? words["balance.file", Formats.ShortDate(file.Day), BankWording.Pesos(file.Balance)].Value
        : words["balance.help"].Value;

    protected override async Task OnParametersSetAsync()
    {
        var user = await me.GetAsync();
        (mayEdit, mayClose) = (user.Can(Permissions.BankEdit), user.Can(Permissions.BankReconcile));
        var month = BankWording.Month(MonthInAddress);
        if (Work is null && Carried is { } carried && (month is null || carried.Standing.Month == month)) Take(carried);
        if (Work is null || Work.Account.Id != Account || (month is not null && Work.Standing.Month != month))
        {
            (failed, shown) = ([], PageSize);
            await LoadAsync();
        }

        if (Work is null) nav.NotFound();
        else Carried = Work;
    }

    private async Task LoadAsync()
    {
        if (await bank.WorkAsync(Account, BankWording.Month(MonthInAddress) ?? Work?.Standing.Month, await me.GetAsync(), default) is { } work)
            Take(work);
    }

    /// <summary>What is sure comes ticked once: who takes a tick away does not find it again.</summary>
    private void Take(BankWork work)
    {
        Work = work;
        foreach (var line in work.Lines.Where(l => seen.Add(l.Id) && l.Proposal.Certainty == Certainty.Sure)) ticked.Add(line.Id);
        ticked.IntersectWith(work.Lines.Where(l => l.Proposal.Certainty != Certainty.None).Select(l => l.Id));
    }

    private void Tick(long line)
    {
        if (!ticked.Remove(line)) ticked.Add(line);
    }

    private void TickAll()
    {
        if (ticked.Count > 0) ticked.Clear();
        else ticked.UnionWith(Work!.Lines.Where(l => l.Proposal.Certainty == Certainty.Sure).Select(l => l.Id));
    }

    private string Share(int count) =>
        (Work!.Standing.Lines == 0 ? 0 : Math.Min(100m, count * 100m / Work.Standing.Lines)).ToString("0.##", CultureInfo.InvariantCulture);

    private string Paper(string format) => string.Create(
        CultureInfo.InvariantCulture, $"/bank/{Account}/reconcile/export?month={Work!.Standing.Month:yyyy-MM}&format={format}");

    private static string? Link(Proposal proposal) => proposal.Certainty switch
    {
        Certainty.None => "no",
        Certainty.Sure => null,
        _ => "maybe",
    };

    private async Task ConfirmAsync()
    {
        var lines = Ticked.ToDictionary(l => l.Id);
        var done = await desk.ConfirmAsync([.. lines.Values.Select(l => new LineMatch(l.Id, l.Proposal.Parts))], await me.GetAsync(), default);
        if (!done.Ok)
        {
            toasts.Show(done.Error!.Explain(shared, words), Tone.Bad);
            return;
        }

        var confirmed = done.Value;
        failed = [.. confirmed.Refused.Select(r => (Said(lines[r.LineId]), Explain(r.Error)))];
        ticked.Clear();
        if (confirmed.Lines > 0) toasts.Show(words["confirmed", confirmed.Lines, BankWording.Pesos(confirmed.Sum)], Tone.Ok);
        await LoadAsync();
    }

    private async Task LeaveAsync(OpenLine line)
    {
        if (busy) return;
        busy = true;
        try
        {
            var left = await desk.LeaveAsync(line.Id, await me.GetAsync(), default);
            toasts.Show(left.Ok ? words["left", BankWording.Pesos(line.Amount)] : Explain(left.Error!), left.Ok ? Tone.Ok : Tone.Bad);
            await LoadAsync();
        }
        finally
        {
            busy = false;
        }
    }

    private async Task SaidAsync(bool done)
    {
        (asked, assigned) = (null, null);
        if (done) await LoadAsync();
    }

    private void TypeBalance()
    {
        var known = Work!.Standing.Bank ?? Work.FromFile?.Balance;
        balance = new BalanceInput { Balance = known is { } sum ? BankWording.Pesos(sum) : null };
        typing = true;
    }

    private async Task SaveBalanceAsync()
    {
        if (busy) return;
        busy = true;
        try
        {
            Result saved = BankWording.Balance(balance.Balance) is { } sum
                ? await reconciler.SetBalanceAsync(Account, Work!.Standing.Month, sum, await me.GetAsync(), default)
                : new Error("bank.balance", nameof(balance.Balance));
            if (!saved.Ok)
            {
                summary?.Show(saved.Errors);
                return;
            }

            typing = false;
            await LoadAsync();
        }
        finally
        {
            busy = false;
        }
    }

    private async Task CloseAsync()
    {
        var month = Work!.Standing.Month;
        var name = Formats.MonthYear(month);
        if (!await dialogs.ConfirmAsync(new Confirmation(words["close.title", name], words["close.text"], words["close", name], Danger: false))) return;
        var closed = await reconciler.CloseAsync(Account, month, await me.GetAsync(), default);
        toasts.Show(closed.Ok ? words["close.done", name] : Explain(closed.Error!), closed.Ok ? Tone.Ok : Tone.Bad);
        await LoadAsync();
    }

    private async Task<Result> ReopenAsync(string? reason)
    {
        var opened = await reconciler.ReopenAsync(Account, Work!.Standing.Month, reason, await me.GetAsync(), default);
        if (!opened.Ok) return opened;
        reopening = false;
        toasts.Show(words["reopen.done"], Tone.Ok);
        await LoadAsync();
        return opened;
    }

    private string Explain(Error error) => error.Explain(shared, words);

    private static string Said(OpenLine line) => $"{Formats.DayMonth(line.Day)} · {BankWording.Said(line.Text, line.Reference)} · {BankWording.Pesos(line.Amount)}";

    private sealed class BalanceInput
    {
        public string? Balance { get; set; }
    }
}
