using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Ledger;
using Portal.Hosting.Identity;
using Portal.Resources;

namespace Portal.Areas.Ledger;

/// <summary>The trial balance of a day, whether it agrees, and behind each account what its balance is made of.</summary>
public sealed partial class Ledger
{
    private static readonly string[] Tables =
        ["charges", "payments", "charge_adjustments", "ledger_accounts", "ledger_state", "journal_entries"];

    // The proof adds up every apartment: a busy morning is read as a whole.
    private static readonly TimeSpan Gathered = TimeSpan.FromSeconds(2);

    private readonly HashSet<int> folded = [5];
    private bool mayPost, mayClose;
    private DateOnly? day;
    private HandKind? posting;
    private AccountAsked? account;
    private DateOnly? reopening;

    [Inject] private LedgerService Books { get; set; } = null!;
    [Inject] private LedgerClosing Closing { get; set; } = null!;
    [Inject] private BuildingClock Clock { get; set; } = null!;
    [Inject] private Dialogs Dialogs { get; set; } = null!;
    [Inject] private Toasts Toasts { get; set; } = null!;
    [Inject] private NavigationManager Nav { get; set; } = null!;
    [Inject] private Me Me { get; set; } = null!;
    [Inject] private IStringLocalizer<LedgerWords> L { get; set; } = null!;
    [Inject] private IStringLocalizer<SharedWords> S { get; set; } = null!;

    /// <summary>The day, as 2026-11-20; today without it.</summary>
    [SupplyParameterFromQuery(Name = "day")] public string? DayInAddress { get; set; }

    /// <summary>The account beside the balance.</summary>
    [SupplyParameterFromQuery(Name = "account")] public string? AccountInAddress { get; set; }

    /// <summary>
    /// What the prerendering carries into the circuit, taken once: the framework hands it out again when the address changes, and by then
    /// something may have been posted.
    /// </summary>
    [PersistentState] public LedgerPage? Carried { get; set; }

    private TrialBalance? Balance { get; set; }

    private LedgerProof? Proof { get; set; }

    private AccountView? View { get; set; }

    private decimal Debits => Balance!.Rows.Sum(r => Math.Max(r.Closing, 0));

    private int? Asked => AddressValue.Id(AccountInAddress) is { } id and <= int.MaxValue ? (int)id : null;

    protected override async Task OnParametersSetAsync()
    {
        var asked = AddressValue.Day(DayInAddress) is { } given && given <= Clock.Today ? given : Clock.Today;
        var user = await Me.GetAsync();
        (mayPost, mayClose) = (user.Can(Permissions.LedgerPost), user.Can(Permissions.LedgerClose));
        day = asked;
        if (Balance is null && Carried is not null) (Balance, Proof, View) = (Carried.Balance, Carried.Proof, Carried.View);
        if (Balance?.Day != asked || Proof is null) await LoadAsync();
        else if (View?.Account.Id != Asked) await LoadViewAsync(user);
        if (Balance is not null && Proof is not null) Carried = new LedgerPage(Balance, Proof, View);
    }

    private async Task LoadAsync()
    {
        var user = await Me.GetAsync();
        Balance = await Books.BalanceAsync(day ?? Clock.Today, user, default);
        Proof = await Books.ProofAsync(user, default);
        await LoadViewAsync(user);
    }

    private async Task LoadViewAsync(CurrentUser user) =>
        View = Asked is { } id ? await Books.AccountAsync(id, day ?? Clock.Today, user, default) : null;

    private void PickDayAsync(DateOnly? picked)
    {
        if (picked is { } chosen && chosen != day) Nav.NavigateTo(Address(chosen, Asked));
    }

    private string At(int? id) => Address(day ?? Clock.Today, id);

    /// <summary>Today is not in the address: who keeps it sees the day on which they come back.</summary>
    private string Address(DateOnly of, int? id)
    {
        string?[] parts = [of == Clock.Today ? null : $"day={of:yyyy-MM-dd}", id is null ? null : $"account={id}"];
        return string.Join('&', parts.OfType<string>()) is { Length: > 0 } query ? "/ledger?" + query : "/ledger";
    }

    private string Export(string format) => $"/ledger/export?format={format}&day={day ?? Clock.Today:yyyy-MM-dd}";

    private string MonthName(DateOnly of) => LedgerWording.Month(of, Clock.Today);

    private static string Capital(string text) => text.Length == 0 ? text : char.ToUpper(text[0], CultureInfo.CurrentUICulture) + text[1..];

    private void Fold(int of)
    {
        if (!folded.Add(of)) folded.Remove(of);
    }

    private async Task DoneAsync(bool done)
    {
        (posting, account) = (null, null);
        if (done) await LoadAsync();
    }

    private async Task CloseAsync(DateOnly month)
    {
        var name = MonthName(month);
        if (!await Dialogs.ConfirmAsync(new Confirmation(L["close.title", name], L["close.text"], L["close.verb"], Danger: false))) return;
        var closed = await Closing.CloseMonthAsync(month, await Me.GetAsync(), default);
        Toasts.Show(closed.Ok ? Capital(L["close.done", name]) : closed.Error!.Explain(S, L), closed.Ok ? Tone.Ok : Tone.Bad);
        await LoadAsync();
    }

    private async Task<Result> ReopenAsync(string? reason)
    {
        var month = reopening!.Value;
        var opened = await Closing.ReopenAsync(month, reason, await Me.GetAsync(), default);
        if (!opened.Ok) return opened;
        reopening = null;
        Toasts.Show(Capital(L["reopen.done", MonthName(month)]));
        await LoadAsync();
        return opened;
    }
}

/// <summary>All that the page shows.</summary>
public sealed record LedgerPage(TrialBalance Balance, LedgerProof Proof, AccountView? View);
