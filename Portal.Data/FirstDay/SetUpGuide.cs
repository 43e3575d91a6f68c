using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Audit;
using Portal.Data.Billing;
using Portal.Data.Building;
using Portal.Data.Ledger;
using Portal.Data.Operations;
using Portal.Data.Payments;

namespace Portal.Data.FirstDay;

/// <summary>What a building needs before its first bill goes out, in the order in which one thing needs the other.</summary>
public enum SetUpStep { Building, Units, Coefficients, People, Concepts, Rates, Accounts, Balances, FirstRun }

/// <summary>A step, worked out from what there is: nothing is ticked by hand.</summary>
/// <param name="Figures">What its sentence speaks of: counts and sums.</param>
public sealed record SetUpState(SetUpStep Step, bool Done, IReadOnlyList<object> Figures);

/// <summary>Tells how far the set-up of the building is.</summary>
public sealed class SetUpGuide : IDisposable
{
    private readonly PortalStore _store;
    private readonly BuildingClock _clock;
    private readonly Remembered<IReadOnlyList<SetUpState>> _steps;

    /// <summary>Once whole the set-up is over: what is missing later is the daily work of its page, and nobody's first day.</summary>
    private volatile bool _whole;

    public SetUpGuide(PortalStore store, LiveFeed feed, TimeProvider time, BuildingClock clock)
    {
        (_store, _clock) = (store, clock);
        _steps = new Remembered<IReadOnlyList<SetUpState>>(
            feed, time,
            ["settings", "towers", "apartments", "owners", "users", "concepts", "interest_rates", "billing_runs", "imports", "charges"],
            async ct => await ReadAsync(ct));
    }

    /// <summary>Each step with its state. Needs <see cref="Permissions.BuildingSetUp"/>; empty without it.</summary>
    public async Task<IReadOnlyList<SetUpState>> StepsAsync(CurrentUser user, CancellationToken ct) =>
        user.Can(Permissions.BuildingSetUp) ? await ReadAsync(ct) : [];

    /// <summary>How many steps are missing, as the home page asks each time. Needs <see cref="Permissions.BuildingSetUp"/>; 0 without
    /// it.</summary>
    public async Task<int> MissingAsync(CurrentUser user, CancellationToken ct)
    {
        if (_whole || !user.Can(Permissions.BuildingSetUp)) return 0;
        var missing = (await _steps.GetAsync(ct)).Count(s => !s.Done);
        _whole = missing == 0;
        return missing;
    }

    public void Dispose() => _steps.Dispose();

    private async Task<List<SetUpState>> ReadAsync(CancellationToken ct)
    {
        await using var db = await _store.OpenAsync(CurrentUser.System, ct);
        var settings = await BuildingSettings.ReadAsync(db, ct);
        var month = BuildingClock.MonthOf(_clock.Today);

        var towers = await db.Towers.CountAsync(ct);
        var totals = await db.TowerTotals.AsNoTracking().Where(t => t.Apartments > 0).ToListAsync(ct);
        var units = totals.Sum(t => t.Apartments);
        var without = totals.Sum(t => t.WithoutCoefficient);
        var sum = totals.Sum(t => t.Coefficient);
        var shares = await db.Apartments.AsNoTracking().Where(a => a.Coefficient != null).GroupBy(a => a.Coefficient!.Value)
            .Select(g => new { g.Key, Count = g.Count() }).ToListAsync(ct);
        var tolerance = Coefficients.Tolerance(shares.SelectMany(s => Enumerable.Repeat(s.Key, s.Count)));
        var adds = Math.Abs(sum - 100) <= tolerance || totals.TrueForAll(t => Math.Abs(t.Coefficient - 100) <= tolerance);

        // What stands empty needs nobody yet; one that somebody uses needs who answers for it.
        var ownerless = await db.Apartments.CountAsync(a => a.OwnerId == null && a.StatusId == OccupancyState.Occupied, ct);
        var owned = await db.Apartments.CountAsync(a => a.OwnerId != null, ct);

        var concepts = await BillingQueries.RunnableAsync(db, ct);
        var feeless = concepts.Exists(c => c is { Kind: ChargeKind.Fee, Basis: ConceptBasis.PerApartment })
            ? await db.Apartments.CountAsync(a => !(a.MonthlyFee > 0), ct)
            : 0;
        var ready = concepts.FindAll(c =>
            c.Basis == ConceptBasis.PerApartment ? c.Kind == ChargeKind.Fee && feeless < units : c.Amount > 0);

        var bears = await db.Concepts.AnyAsync(c => c.Active && c.BearsInterest, ct);
        var rate = await db.InterestRates.AnyAsync(r => r.Month == month || r.Month == month.AddMonths(-1), ct);

        var banks = await db.LedgerAccounts.Where(a => a.Purpose == AccountPurpose.Bank || a.Purpose == AccountPurpose.Cash
            || a.Purpose == AccountPurpose.FundBank).Select(a => a.Id).ToListAsync(ct);
        var money = await db.JournalLines.Where(l => banks.Contains(l.AccountId)).GroupBy(l => 1)
            .Select(g => new { Sum = g.Sum(l => l.Debit - l.Credit) }).FirstOrDefaultAsync(ct);
        var opening = await db.Charges.Where(c => c.ImportId != null).GroupBy(c => 1)
            .Select(g => new { Count = g.Count(), Sum = g.Sum(c => c.Amount) }).FirstOrDefaultAsync(ct);
        var run = await db.BillingRuns.AsNoTracking().Where(r => r.Live == true).OrderByDescending(r => r.Id)
            .Select(r => new { r.Charges, r.Total }).FirstOrDefaultAsync(ct);

        var told = settings.HowToPay.Trim().Length > 0;
        var missing = new[] { settings.LegalName, settings.TaxId, settings.Address, settings.SignatoryName }
            .Count(string.IsNullOrWhiteSpace);
        return
        [
            new(SetUpStep.Building, missing == 0, [missing, settings.LegalName]),
            new(SetUpStep.Units, units > 0 && totals.Count == towers, [towers, units, towers - totals.Count]),
            new(SetUpStep.Coefficients, units > 0 && without == 0 && adds, [sum, without, units]),
            new(SetUpStep.People, owned > 0 && ownerless == 0, [owned, ownerless, units]),
            new(SetUpStep.Concepts, ready.Count > 0, [ready.Count, feeless]),
            new(SetUpStep.Rates, !bears || (settings.InterestSince is not null && rate), [bears ? 1 : 0, rate ? 1 : 0]),
            new(SetUpStep.Accounts, told && money is not null, [money?.Sum ?? 0, told ? 1 : 0]),
            new(SetUpStep.Balances, opening is not null || run is not null, [opening?.Count ?? 0, opening?.Sum ?? 0]),
            new(SetUpStep.FirstRun, run is not null, [run?.Charges ?? 0, run?.Total ?? 0]),
        ];
    }
}
