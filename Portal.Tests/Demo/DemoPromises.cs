using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Demo;
using Portal.Data.Facilities;
using Portal.Data.Home;
using Portal.Data.Ledger;
using Portal.Data.Payments;

namespace Portal.Tests.Demo;

/// <summary>What holds in every demo, whenever it was made.</summary>
internal static class DemoPromises
{
    /// <summary>What must find nothing: of each table, what would have happened after this moment, or be still to come before it.</summary>
    private static readonly string[] Impossible =
    [
        "payments WHERE TIMESTAMP(payment_date, payment_time) > @wall OR confirmed_at > @utc OR cancelled_at > @utc OR created_at > @utc",
        "reservations WHERE created_at > @utc OR cancelled_at > @utc OR (status_id = 4 AND end_date > @wall)",
        "reservations WHERE (status_id = 1 AND end_date <= @wall) OR (status_id = 2 AND start_date <= @wall)",
        "pqrs WHERE created_at > @utc OR resolved_at > @utc OR closed_at > @utc",
        "pqrs_tracking WHERE created_at > @utc",
        "visitors WHERE TIMESTAMP(visit_date, enter_time) > @wall OR TIMESTAMP(exit_date, exit_time) > @wall",
        "packages WHERE received_at > @utc OR collected_at > @utc OR collected_at < received_at",
        "notifications WHERE created_at > @utc",
        "notices WHERE publish_at > @wall",
        "survey_participants WHERE answered_at > @utc",
        "surveys WHERE opened_at > @utc OR (opened_at IS NULL AND opens_at <= @wall)",
        "gate_notes WHERE created_at > @utc",
        "gate_note_readers WHERE read_at > @utc",
        "gate_handovers WHERE signed_at > @wall OR taken_at > @wall OR created_at > @utc",
        "gate_incidents WHERE happened_at > @wall OR reported_at > @wall OR closed_at > @utc OR created_at > @utc",
        "gate_incident_entries WHERE at > @wall OR created_at > @utc",
        "users WHERE created_at > @utc",
        "expenses WHERE invoiced_on > DATE(@wall) OR created_at > @utc OR updated_at > @utc",
        "expense_payments WHERE paid_on > DATE(@wall) OR created_at > @utc",
        "expense_steps WHERE created_at > @utc",
        "budgets WHERE approved_at > @utc",
        "journal_entries WHERE posted_on > DATE(@wall) OR created_at > @utc",
    ];

    /// <summary>To the last peso: a charge is paid by what was applied to it, coefficients add up, nothing is booked twice.</summary>
    public static async Task BooksAsync(PortalDb db)
    {
        Assert.Equal(DemoSeed.StandardSize, await db.Apartments.CountAsync());
        Assert.Equal(100m, await db.Apartments.SumAsync(a => a.Coefficient));
        var applied = await db
            .PaymentApplications.Where(a => !a.Reversed)
            .GroupBy(a => a.ChargeId)
            .Select(g => new { g.Key, Sum = g.Sum(a => a.Amount) })
            .ToDictionaryAsync(g => g.Key, g => g.Sum);
        foreach (var charge in await db.Charges.AsNoTracking().ToListAsync())
        {
            Assert.Equal(charge.Paid, applied.GetValueOrDefault(charge.Id));
            Assert.Equal(charge.Paid == charge.Amount, charge.Status == ChargeState.Paid);
        }

        // And the ledger says the same: of each apartment, of its own sides, of the closed months.
        var proof = await LedgerProof.ReadAsync(db, whole: true, default);
        Assert.Empty(proof.Faults);
        Assert.Equal((proof.FundBank, true), (proof.Reserve, proof.Owed > 0));

        var overlaps = await db.Reservations.CountAsync(r =>
            r.StatusId != ReservationState.Cancelled
            && !r.Facility!.Shared
            && db.Reservations.Any(o =>
                o.Id > r.Id
                && o.FacilityId == r.FacilityId
                && o.StatusId != ReservationState.Cancelled
                && o.StartDate < r.EndDate
                && r.StartDate < o.EndDate
            )
        );
        Assert.Equal(0, overlaps);
    }

    /// <summary>What the dashboards tell: the story has the same figures on every day.</summary>
    public static async Task FiguresAsync(PortalDb db, HomeService home, BuildingClock clock)
    {
        var office = (await home.OfficeAsync(CurrentUser.System, default)).Value;
        Assert.Equal((3, 248), (office.Towers, office.Apartments));
        Assert.Equal((2, 14), (office.Overdue.Count, office.Cases.Count));
        Assert.Equal((7, 3_842_000m), (office.Pending.Count, office.Pending.Sum));
        Assert.Equal(1, office.Overstays.Count);
        Assert.Equal(12, office.Collection.Months.Count);
        Assert.Equal(6, office.Today.Count);
        Assert.Equal(
            await db.Charges.Where(c => c.Status == ChargeState.Open && c.DueOn < clock.Today).SumAsync(c => c.Amount - c.Paid),
            office.Arrears.Total);
        Assert.Equal(9, (await home.GuardAsync(CurrentUser.System, default)).Value.Inside.Count);
    }

    public static async Task NothingIsFromTheFutureAsync(PortalDb db, BuildingClock clock)
    {
        var (wall, utc) = (Literal(clock.Now), Literal(clock.UtcNow));
        foreach (var rows in Impossible)
        {
            var sql = $"SELECT COUNT(*) AS Value FROM {rows}".Replace("@wall", wall).Replace("@utc", utc);
            Assert.True(await db.Database.SqlQueryRaw<long>(sql).SingleAsync() == 0, sql);
        }

        static string Literal(DateTime moment) => moment.ToString("\\'yyyy-MM-dd HH:mm:ss\\'", CultureInfo.InvariantCulture);
    }

    /// <summary>Each year's receipts, bookings and cases count from 1, and the next number is the one after the last.</summary>
    public static async Task NumbersAreWithoutGapsAsync(PortalDb db)
    {
        var last = (await db.Sequences.AsNoTracking().ToListAsync()).ToDictionary(s => $"{s.Name}-{s.Year}-", s => (int)s.LastNumber);
        foreach (
            var numbers in new[]
            {
                await db.Payments.Where(p => p.ReceiptNumber != null).Select(p => p.ReceiptNumber!).ToListAsync(),
                await db.Reservations.Where(r => r.Number != null).Select(r => r.Number!).ToListAsync(),
                await db.Pqrs.Where(p => p.Number != null).Select(p => p.Number!).ToListAsync(),
                await db.Expenses.Where(e => e.Number != null).Select(e => e.Number!).ToListAsync(),
                await db.DataRequests.Select(r => r.Number).ToListAsync(),
            }
        )
        {
            foreach (var year in numbers.GroupBy(n => n[..^6]))
            {
                Assert.Equal(Enumerable.Range(1, year.Count()).Select(i => $"{year.Key}{i:000000}"), year.Order());
                Assert.Equal(year.Count(), last[year.Key]);
            }
        }
    }
}
