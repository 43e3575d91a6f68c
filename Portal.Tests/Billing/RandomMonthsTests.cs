using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Data.Ledger;
using Portal.Data.Payments;
using Portal.Tests.Payments;
using Portal.Tests.Server;

namespace Portal.Tests.Billing;

/// <summary>
/// Months of a building in which anything is done in any order, undone and done again: after each act the books balance, what is owed is
/// what the books say, no peso is lost and no number is missing. What failed is told with the acts that led to it.
/// </summary>
public sealed class RandomMonthsTests(TestDatabase database) : DatabaseTest(database)
{
    private static readonly DateOnly First = new(2025, 10, 1);

    private readonly List<string> _told = [];
    private readonly Dictionary<string, int> _done = [];
    private PaymentWorld _world = null!;
    private PaymentWorld.Home[] _homes = [];
    private CurrentUser _admin = null!;
    private Random _random = new(0);
    private DateOnly _today;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _world = new PaymentWorld(Database);
        Go(First);
        _admin = await _world.AdminAsync();
        List<PaymentWorld.Home> homes = [];
        foreach (var coefficient in new[] { "21.5", "33.333333", "45.166667" })
        {
            var home = await _world.HomeAsync();
            await Database.ExecuteAsync($"UPDATE apartments SET coefficient = {coefficient} WHERE id = {home.Id}");
            homes.Add(home);
        }

        _homes = [.. homes];
        await Database.ExecuteAsync("""
            UPDATE concepts SET basis = 'coefficient', amount = 1200001, discount_percent = 5, discount_day = 10 WHERE id = 1;
            INSERT INTO settings (name, value) VALUES ('interest_since', '2025-10-01');
            INSERT INTO interest_rates (month, certified, resolution) VALUES ('2025-10-01', 16.24, 'R'), ('2025-11-01', 16.66, 'R'),
                ('2025-12-01', 16.68, 'R'), ('2026-01-01', 16.5, 'R'), ('2026-02-01', 16.4, 'R'), ('2026-03-01', 16.3, 'R');
            """);
    }

    public override async Task DisposeAsync() => await _world.DisposeAsync();

    /// <summary>Three, or as many as <c>PORTAL_TEST_SEEDS</c> says.</summary>
    public static TheoryData<int> Seeds { get; } =
        [.. Enumerable.Range(1, int.TryParse(Environment.GetEnvironmentVariable("PORTAL_TEST_SEEDS"), out var many) ? many : 3)];

    [Theory, MemberData(nameof(Seeds))]
    public async Task Whatever_is_done_in_any_order_the_books_say_what_is_owed(int seed)
    {
        _random = new Random(seed);
        (string Name, int Weight, Func<Task<Result?>> Act)[] acts =
        [
            ("pay", 8, PayAsync), ("report", 4, ReportAsync), ("confirm", 6, ConfirmAsync), ("reject", 1, RejectAsync),
            ("void", 4, VoidAsync), ("refund", 2, RefundAsync), ("bill", 4, BillAsync), ("interest", 4, InterestAsync),
            ("undo", 2, UndoAsync), ("charge", 3, ChargeAsync), ("waive", 3, WaiveAsync), ("take back", 2, TakeBackAsync),
            ("extra fee", 1, ExtraFeeAsync),
        ];
        var wheel = acts.SelectMany(a => Enumerable.Repeat(a, a.Weight)).ToArray();
        for (var i = 0; i < 120; i++)
        {
            if (_random.Next(3) == 0 && _today < new DateOnly(2026, 3, 20)) Go(_today.AddDays(_random.Next(1, 9)));
            var (name, _, act) = wheel[_random.Next(wheel.Length)];
            _told.Add($"{_today:MM-dd} {name}");
            var before = _told.Count;
            var done = await act();
            _told[^1] += done is null ? " -" : done.Ok ? "" : $" ({done.Error!.Code})";
            Assert.Equal(before, _told.Count);
            if (done is not { Ok: true }) continue;
            _done[name] = _done.GetValueOrDefault(name) + 1;
            await HoldsAsync();
        }

        // A test in which nothing is done proves nothing.
        Assert.True(_done.Count >= 11, string.Join(", ", _done.Select(d => $"{d.Key} {d.Value}")));
    }

    private void Go(DateOnly day)
    {
        _today = day;
        _world.On(day);
    }

    private async Task HoldsAsync()
    {
        var proof = (await _world.Get<LedgerService>().ProofAsync(_admin, default))!;
        var faults = proof.Faults.Select(f => $"{f.Key} {f.Value}").ToList();
        await using var db = await _world.Store.OpenAsync(CurrentUser.System, default);
        var charges = await db.Charges.AsNoTracking().Select(c => new
        {
            Charge = c,
            Applied = db.PaymentApplications.Where(a => a.ChargeId == c.Id && !a.Reversed).Sum(a => (decimal?)a.Amount) ?? 0,
            Adjusted = db.ChargeAdjustments.Where(a => a.ChargeId == c.Id).Sum(a => (decimal?)a.Amount) ?? 0,
        }).ToListAsync();
        faults.AddRange(charges
            .Where(c => c.Charge.Paid != c.Applied || c.Charge.Adjusted != c.Adjusted || c.Charge.Paid < 0 || c.Charge.Left < 0
                || (c.Charge.Status == ChargeState.Open && c.Charge.Left == 0) || (c.Charge.Status == ChargeState.Paid && c.Charge.Left != 0))
            .Select(c => $"charge {c.Charge.Id} {c.Charge.Status} {c.Charge.Amount} {c.Charge.Adjusted} {c.Adjusted} {c.Charge.Paid} {c.Applied}"));
        var payments = await db.Payments.AsNoTracking().Select(p => new
        {
            Payment = p, Applied = p.Applications.Where(a => !a.Reversed).Sum(a => (decimal?)a.Amount) ?? 0,
        }).ToListAsync();
        faults.AddRange(payments
            .Where(p => p.Payment.StatusId == PaymentState.Paid ? p.Applied + p.Payment.Refunded > p.Payment.Amount : p.Applied != 0)
            .Select(p => $"payment {p.Payment.Id} {p.Payment.StatusId} {p.Payment.Amount} {p.Applied} {p.Payment.Refunded}"));

        // Nobody has credit and owes at the same time what credit would pay.
        faults.AddRange(payments.Where(p => p.Payment.StatusId == PaymentState.Paid).GroupBy(p => p.Payment.ApartmentId)
            .Where(g => g.Sum(p => p.Payment.Amount - p.Applied - p.Payment.Refunded) > 0
                && charges.Exists(c => c.Charge.ApartmentId == g.Key && c.Charge.Status == ChargeState.Open))
            .Select(g => $"apartment {g.Key} has credit and owes"));
        var segments = await db.InterestSegments.AsNoTracking().Where(s => s.Live == true).OrderBy(s => s.BaseChargeId).ThenBy(s => s.FromOn)
            .ToListAsync();
        faults.AddRange(segments.Zip(segments.Skip(1))
            .Where(p => p.First.BaseChargeId == p.Second.BaseChargeId && p.Second.FromOn <= p.First.ToOn)
            .Select(p => $"days of charge {p.First.BaseChargeId} twice: {p.First.FromOn}-{p.First.ToOn}, {p.Second.FromOn}-{p.Second.ToOn}"));
        Assert.True(faults.Count == 0, $"{string.Join("; ", faults)}\n{string.Join("\n", _told)}");
    }

    private PaymentWorld.Home Home() => _homes[_random.Next(_homes.Length)];

    private async Task<T?> AnyOf<T>(Func<PortalDb, IQueryable<T>> some)
    {
        var all = await _world.ReadAsync(db => some(db).ToListAsync());
        return all.Count == 0 ? default : all[_random.Next(all.Count)];
    }

    private async Task<PaymentInput> InputAsync()
    {
        var home = Home();
        var owed = (await _world.Accounts.FindAsync(home.Id, _admin, default))!.ToPay;
        var amount = _random.Next(3) == 0 && owed > 0 ? owed : _random.Next(1, 60) * 10_000m + _random.Next(3);
        var day = _today.AddDays(-_random.Next(0, 30));
        return PaymentWorld.Input(home, amount, $"R{_random.Next()}") with { Date = day < First ? First : day, Time = null };
    }

    private async Task<Result?> PayAsync() => await _world.Desk.RecordAsync(await InputAsync(), _admin, default);

    private async Task<Result?> ReportAsync()
    {
        var input = await InputAsync();
        return await _world.Desk.ReportAsync(input, _homes.Single(h => h.Id == input.ApartmentId).User, default);
    }

    private async Task<Result?> ConfirmAsync() =>
        await AnyOf(db => db.Payments.Where(p => p.StatusId == PaymentState.Pending).OrderBy(p => p.Id).Select(p => p.Id)) is > 0 and var id
            ? await _world.Desk.ConfirmAsync(id, _admin, default) : null;

    private async Task<Result?> RejectAsync() =>
        await AnyOf(db => db.Payments.Where(p => p.StatusId == PaymentState.Pending).OrderBy(p => p.Id).Select(p => p.Id)) is > 0 and var id
            ? await _world.Desk.RejectAsync(id, "No llegó", _admin, default) : null;

    private async Task<Result?> VoidAsync()
    {
        var id = await AnyOf(db => db.Payments.Where(p => p.StatusId == PaymentState.Paid).OrderBy(p => p.Id).Select(p => p.Id));
        if (id == 0) return null;
        var terms = new VoidTerms(_random.Next(3) == 0, _random.Next(2) == 0);
        _told[^1] += $" {id} {(terms.Ours ? "ours " : "")}{(terms.Reapply ? "reapply" : "")}";
        return await _world.Desk.VoidAsync(id, "Error", terms, _admin, default);
    }

    private async Task<Result?> RefundAsync()
    {
        var home = Home();
        var credit = (await _world.Accounts.FindAsync(home.Id, _admin, default))!.Credit;
        return credit == 0 ? null : await _world.Get<RefundDesk>().RefundAsync(
            new(home.Id, Math.Max(1, Math.Floor(credit / _random.Next(1, 4))), _today, 2, null, "Pedido"), _admin, default);
    }

    private async Task<Result?> BillAsync()
    {
        var month = BuildingClock.MonthOf(_today);
        var preview = await _world.Get<BillingService>().PreviewAsync(month, [1], new(), _admin, default);
        return preview is null ? null
            : await _world.Get<BillingDesk>().PostAsync(new(month, [1], preview.Total, true), _admin, default);
    }

    private async Task<Result?> InterestAsync()
    {
        var month = BuildingClock.MonthOf(_today).AddMonths(-1);
        var preview = await _world.Get<InterestDesk>().PreviewAsync(month, new(), _admin, default);
        return preview is null or { Charges: 0 } ? null
            : await _world.Get<InterestDesk>().PostAsync(month, preview.Total, _admin, default);
    }

    private async Task<Result?> UndoAsync() =>
        await AnyOf(db => db.BillingRuns.Where(r => r.Live == true).OrderBy(r => r.Id).Select(r => r.Id)) is > 0 and var id
            ? await _world.Get<BillingDesk>().UndoAsync(id, "Error", _admin, default) : null;

    private async Task<Result?> ChargeAsync() => await _world.Get<ChargeDesk>().ChargeAsync(
        new(Home().Id, 8, _random.Next(1, 200) * 1_000m, _today.AddDays(_random.Next(0, 40)), "Llave"), _admin, default);

    private async Task<Result?> ExtraFeeAsync() => await _world.Get<BillingDesk>().PostExtraFeeAsync(
        new($"Ascensor {_random.Next()}", "Acta 1", 300_001, ConceptBasis.Coefficient, 3, BuildingClock.MonthOf(_today).AddMonths(1), 30, true),
        _admin, default);

    private async Task<Result?> WaiveAsync()
    {
        var open = await AnyOf(db => db.Charges.AsNoTracking().Where(c => c.Status == ChargeState.Open).OrderBy(c => c.Id));
        return open is null ? null : await _world.Get<ChargeDesk>().AdjustAsync(
            new(
                open.Id, _random.Next(2) == 0 ? AdjustmentKind.Waiver : AdjustmentKind.Correction,
                Math.Max(1, Math.Floor(open.Left / _random.Next(1, 5))), "Acuerdo", "Acta 2"),
            _admin, default);
    }

    private async Task<Result?> TakeBackAsync() => await AnyOf(db => db.ChargeAdjustments
            .Where(a => a.ReversesId == null && (a.Kind == AdjustmentKind.Waiver || a.Kind == AdjustmentKind.Correction)).OrderBy(a => a.Id)
            .Select(a => a.Id)) is > 0 and var id
        ? await _world.Get<ChargeDesk>().TakeBackAsync(id, "Error", _admin, default) : null;
}
