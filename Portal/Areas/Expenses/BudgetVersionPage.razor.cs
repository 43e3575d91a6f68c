using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Expenses;
using Portal.Data.Ledger;
using Portal.Hosting.Identity;
using Portal.Resources;

namespace Portal.Areas.Expenses;

/// <summary>One version of a year's budget: a draft is written on, what was approved is looked at.</summary>
public sealed partial class BudgetVersionPage
{
    private readonly HashSet<int> open = [];
    private List<Line> lines = [];
    private bool edits, approving;
    private string? refusal;

    [Inject] private BudgetService Budgets { get; set; } = null!;
    [Inject] private BudgetDesk Desk { get; set; } = null!;
    [Inject] private Dialogs Dialogs { get; set; } = null!;
    [Inject] private Toasts Toasts { get; set; } = null!;
    [Inject] private NavigationManager Nav { get; set; } = null!;
    [Inject] private Me Me { get; set; } = null!;
    [Inject] private IStringLocalizer<ExpensesWords> L { get; set; } = null!;
    [Inject] private IStringLocalizer<SharedWords> S { get; set; } = null!;

    [Parameter] public long Id { get; set; }

    /// <summary>Carried from the prerendering into the circuit, and taken once.</summary>
    [PersistentState] public BudgetView? Carried { get; set; }

    private BudgetView? View { get; set; }

    private string Title => L["version.of", View!.Version.Year, View.Version.Version];

    private bool Writes => edits && View!.Version.Draft;

    private bool Dirty => lines.Exists(l => !l.Typed.SequenceEqual(l.Read));

    protected override async Task OnParametersSetAsync()
    {
        edits = (await Me.GetAsync()).Can(Permissions.BudgetEdit);
        if (View is null && Carried?.Version.Id == Id) Take(Carried);
        if (View?.Version.Id != Id) await ReadAsync();
        if (View is null) Nav.NotFound();
    }

    private async Task ReadAsync()
    {
        if (await Budgets.FindAsync(Id, await Me.GetAsync(), default) is { } view) Take(Carried = view);
        else View = null;
    }

    // What was typed and not saved stays: the service tells apart what two people changed.
    private async Task ChangedAsync()
    {
        if (!Dirty) await ReadAsync();
        StateHasChanged();
    }

    private void Take(BudgetView view) =>
        (View, lines) = (view, [.. view.Rows.Select(r => new Line(r.AccountId, r.Code, r.Name, r.Months))]);

    private async Task SaveAsync()
    {
        var saved = await Desk.SaveAsync(
            Id, [.. lines.Select(l => new BudgetLineInput(l.AccountId, l.Typed))],
            [.. lines.Select(l => new BudgetLineInput(l.AccountId, l.Read))], await Me.GetAsync(), default);
        refusal = saved.Ok ? null : string.Join(" ", saved.Errors.Select(e => e.Explain(S, L)));
        if (!saved.Ok) return;
        Toasts.Show(L["budget.saved"], Tone.Ok);
        await ReadAsync();
    }

    private async Task DeleteAsync()
    {
        var sure = new Confirmation(L["budget.delete.title", Title], L["budget.delete.text"], L["budget.delete"]);
        if (!await Dialogs.ConfirmAsync(sure)) return;
        var gone = await Desk.DeleteAsync(Id, await Me.GetAsync(), default);
        if (gone.Ok) Nav.NavigateTo("/budget");
        else refusal = gone.Error!.Explain(S, L);
    }

    private async Task ApprovedAsync(bool done)
    {
        approving = false;
        if (done) await ReadAsync();
    }

    private void Fold(int account)
    {
        if (!open.Add(account)) open.Remove(account);
    }

    private static void Spread(Line line, decimal? year)
    {
        if (year is not { } sum || sum < 0 || sum != decimal.Truncate(sum)) return;
        var months = Portal.Data.Expenses.Budgets.Spread(sum);
        for (var i = 0; i < 12; i++) line.Months[i] = months[i];
    }

    private static void Set(Line line, int month, decimal? value) => line.Months[month] = value;

    private decimal Total(bool income) => lines.Where(l => l.Income == income)
        .Sum(l => l.Discount ? -l.Typed.Sum() : l.Typed.Sum());

    private string Short(int month) =>
        new DateOnly(View!.Version.Year, month + 1, 1).ToString("MMM", Formats.LanguageOf()).TrimEnd('.');

    private sealed class Line(int accountId, string code, string name, IReadOnlyList<decimal> read)
    {
        public int AccountId => accountId;
        public string Code => code;
        public string Name => name;
        public IReadOnlyList<decimal> Read => read;
        public decimal?[] Months { get; } = [.. read.Select(m => (decimal?)m)];

        public bool Income => code[0] == '4';

        public bool Discount => code == "4175";

        public decimal[] Typed => [.. Months.Select(m => m ?? 0)];

        /// <summary>Null for nothing, so that an empty field asks rather than says zero.</summary>
        public decimal? Year => Typed.Sum() is not 0 and var sum ? sum : null;

        /// <summary>The same each month, but for the pesos that do not divide.</summary>
        public bool Even => Typed.Max() - Typed.Min() <= 1;
    }
}
