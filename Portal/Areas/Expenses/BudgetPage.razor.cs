using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Expenses;
using Portal.Hosting.Identity;
using Portal.Resources;

namespace Portal.Areas.Expenses;

/// <summary>What was budgeted and what came of it, by account; the reserve; the versions of each year.</summary>
public sealed partial class BudgetPage
{
    private bool edits, posts, seesBooks, starting;

    [Inject] private BudgetService Budgets { get; set; } = null!;
    [Inject] private BuildingClock Clock { get; set; } = null!;
    [Inject] private NavigationManager Nav { get; set; } = null!;
    [Inject] private Me Me { get; set; } = null!;
    [Inject] private IStringLocalizer<ExpensesWords> L { get; set; } = null!;
    [Inject] private IStringLocalizer<SharedWords> S { get; set; } = null!;

    /// <summary>A day of the month, as 2026-11-01; this month without it.</summary>
    [SupplyParameterFromQuery(Name = "month")] public string? MonthInAddress { get; set; }

    /// <summary>What the prerendering carries into the circuit, taken once.</summary>
    [PersistentState] public BudgetShown? Carried { get; set; }

    private Execution? Execution { get; set; }

    private ReserveState? Reserve { get; set; }

    private IReadOnlyList<BudgetVersion> Versions { get; set; } = [];

    private DateOnly This => BuildingClock.MonthOf(Clock.Today);

    private DateOnly Month => AddressValue.Day(MonthInAddress) is { } day && BuildingClock.MonthOf(day) <= This && day.Year > 2000
        ? BuildingClock.MonthOf(day)
        : This;

    private string Short => Month.ToString("MMM", Formats.LanguageOf()).TrimEnd('.');

    protected override async Task OnParametersSetAsync()
    {
        var user = await Me.GetAsync();
        (edits, posts, seesBooks) = (
            user.Can(Permissions.BudgetEdit), user.Can(Permissions.LedgerPost), user.Can(Permissions.LedgerView));
        if (Execution is null && Carried?.Execution.Through == Month)
            (Execution, Reserve, Versions) = (Carried.Execution, Carried.Reserve, Carried.Versions);
        if (Execution?.Through != Month) await LoadAsync();
        if (Execution is not null) Carried = new BudgetShown(Execution, Reserve, Versions);
    }

    private async Task LoadAsync()
    {
        var user = await Me.GetAsync();
        Execution = await Budgets.ExecutionAsync(Month, user, default);
        Reserve = await Budgets.ReserveAsync(user, default);
        Versions = await Budgets.VersionsAsync(user, default);
        StateHasChanged();
    }

    private void StartedAsync(long? made)
    {
        starting = false;
        if (made is { } id) Nav.NavigateTo($"/budget/{id}");
    }

    private string Export(string format) => $"/budget/export?format={format}&month={Month:yyyy-MM-dd}";

    private string At(DateOnly month) => month == This ? "/budget" : $"/budget?month={month:yyyy-MM-dd}";

    private static string Capital(string text) => char.ToUpper(text[0], CultureInfo.CurrentUICulture) + text[1..];

    private static decimal Net(Execution x, Func<ExecutionRow, decimal> of) => x.Rows.Sum(r => r.Income ? of(r) : -of(r));

    private static ExecutionRow Sum(IReadOnlyList<ExecutionRow> rows, bool income) => new(
        0, income ? "4" : "5", "", rows.Sum(r => r.Month), rows.Sum(r => r.MonthDone), rows.Sum(r => r.ToDate), rows.Sum(r => r.ToDateDone),
        rows.Sum(r => r.Year));

    /// <summary>More income than was meant is good, more cost is not; within five per cent nobody is worried.</summary>
    private static string? Css(ExecutionRow row) => row switch
    {
        { Percent: null } => null,
        { Income: true, Percent: < 95 } or { Income: false, Percent: > 105 } => "tone-bad",
        _ => null,
    };
}

/// <summary>All that the page shows.</summary>
public sealed record BudgetShown(Execution Execution, ReserveState? Reserve, IReadOnlyList<BudgetVersion> Versions);
