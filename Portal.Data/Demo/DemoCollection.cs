using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Portal.Data.Collection;
using Portal.Data.Payments;

namespace Portal.Data.Demo;

/// <summary>
/// How far the demo's debts have been collected: the stages that the days late would have brought, the oldest debt at the lawyer's, and an
/// agreement of today on a debt of half a year, which is kept.
/// </summary>
internal static class DemoCollection
{
    /// <summary>As many fees as an apartment owes that agrees, of those that <see cref="DemoMoney"/> lets owe.</summary>
    private const int AgreedFees = 7;

    private const int Instalments = 6, GraceDays = 5, ReminderDays = 3;

    public static async Task WriteAsync(DemoPlan plan, PortalDb db, CancellationToken ct)
    {
        foreach (var sql in Stages(plan.Today)) await plan.Writer.ExecuteAsync(sql, ct);
        await LawyerAsync(plan, db, ct);
        await AgreementAsync(plan, db, ct);
        plan.Progress.Report("how debts are collected");
    }

    /// <summary>Each stage on its day, with what was owed by then; who is reminded today was reminded already.</summary>
    private static string[] Stages(DateOnly today) =>
    [
        string.Create(CultureInfo.InvariantCulture, $"""
        INSERT INTO collection_files (apartment_id, spell_on, stage, stage_on)
        SELECT x.apartment_id, x.spell_on,
            CASE WHEN x.late >= 90 THEN 'pre_legal' WHEN x.late >= 60 THEN 'demand' WHEN x.late >= 30 THEN 'second_notice' ELSE 'notice' END,
            DATE_ADD(x.spell_on, INTERVAL CASE WHEN x.late >= 90 THEN 90 WHEN x.late >= 60 THEN 60 WHEN x.late >= 30 THEN 30 ELSE 1 END DAY)
        FROM (
            SELECT apartment_id, MIN(due_on) AS spell_on, DATEDIFF('{today:yyyy-MM-dd}', MIN(due_on)) AS late
            FROM charges WHERE status = 'open' AND due_on < '{today:yyyy-MM-dd}' GROUP BY apartment_id
        ) AS x ORDER BY x.apartment_id
        """),
        string.Create(CultureInfo.InvariantCulture, $"""
        INSERT INTO collection_acts (apartment_id, spell_on, stage, done_on, days_late, owed, created_at)
        SELECT f.apartment_id, f.spell_on, s.stage, DATE_ADD(f.spell_on, INTERVAL s.days DAY), s.days,
            (SELECT SUM(c.owed) FROM charges AS c WHERE c.apartment_id = f.apartment_id AND c.status = 'open'
                AND c.due_on < DATE_ADD(f.spell_on, INTERVAL s.days DAY)),
            LEAST(TIMESTAMP(DATE_ADD(f.spell_on, INTERVAL s.days DAY), '12:00:00'), CURRENT_TIMESTAMP)
        FROM collection_files AS f
        CROSS JOIN (
            SELECT 'notice' AS stage, 1 AS days UNION ALL SELECT 'second_notice', 30 UNION ALL SELECT 'demand', 60
            UNION ALL SELECT 'pre_legal', 90
        ) AS s
        WHERE s.days <= DATEDIFF('{today:yyyy-MM-dd}', f.spell_on) ORDER BY f.apartment_id, s.days
        """),
        string.Create(CultureInfo.InvariantCulture, $"""
        INSERT INTO collection_acts (apartment_id, spell_on, stage, done_on, days_late, owed)
        SELECT c.apartment_id, c.due_on, 'reminder', '{today:yyyy-MM-dd}', DATEDIFF('{today:yyyy-MM-dd}', c.due_on), SUM(c.owed)
        FROM charges AS c
        WHERE c.status = 'open' AND c.kind <> 'interest' AND c.owed > 0
            AND c.due_on BETWEEN '{today:yyyy-MM-dd}' AND DATE_ADD('{today:yyyy-MM-dd}', INTERVAL {ReminderDays} DAY)
        GROUP BY c.apartment_id, c.due_on ORDER BY c.apartment_id, c.due_on
        """),
    ];

    private static async Task LawyerAsync(DemoPlan plan, PortalDb db, CancellationToken ct)
    {
        if (await WithFeesAsync(db, fees => fees > 2 * AgreedFees, ct) is not { } apartment) return;
        var late = await db.Charges.Where(c => c.ApartmentId == apartment && c.Status == ChargeState.Open && c.DueOn < plan.Today)
            .Select(c => new { c.DueOn, c.Owed }).ToListAsync(ct);
        var (spell, day) = (late.Min(c => c.DueOn), plan.Today.AddDays(-40));
        await plan.Writer
            .Into("collection_acts", "apartment_id", "spell_on", "stage", "done_on", "days_late", "owed", "note", "done_by", "created_at")
            .AddAndFlushAsync(
                ct, apartment, spell, CollectionStage.Lawyer, day, day.DayNumber - spell.DayNumber, late.Where(c => c.DueOn < day).Sum(c => c.Owed),
                "Dra. Lucía Rojas, con el certificado de deuda y los avisos enviados.", plan.Admin.UserId, plan.Instant(day, 10, 30));
        await plan.Writer.ExecuteAsync(
            string.Create(
                CultureInfo.InvariantCulture,
                $"UPDATE collection_files SET stage = 'lawyer', stage_on = '{day:yyyy-MM-dd}' WHERE apartment_id = {apartment}"), ct);
    }

    private static async Task AgreementAsync(DemoPlan plan, PortalDb db, CancellationToken ct)
    {
        if (await WithFeesAsync(db, fees => fees == AgreedFees, ct) is not { } apartment) return;
        var charges = await db.Charges.AsNoTracking()
            .Where(c => c.ApartmentId == apartment && c.Status == ChargeState.Open
                && (c.DueOn < plan.Today || c.Kind == ChargeKind.Interest))
            .OrderBy(c => c.Id).ToListAsync(ct);
        var interest = charges.Where(c => c.Kind == ChargeKind.Interest).Sum(c => c.Owed);
        var total = charges.Sum(c => c.Owed);
        var first = new DateOnly(plan.Today.Year, plan.Today.Month, 1).AddMonths(1).AddDays(14);
        var planned = AgreementPlan.Build(
            [
                .. PaymentAllocation.InOrder(charges.Select(ApartmentLedger.Open))
                    .Select(c => new AgreementPart(c.Kind, c.Period, c.Concept, c.Owed)),
            ], 0, Instalments, plan.Today, first);
        var number = $"{Agreement.Series}-{plan.Today.Year}-000001";
        var id = plan.Writer.NextId("agreements");
        await plan.Writer
            .Into(
                "agreements", "id", "number", "verification_code", "apartment_id", "state", "live", "made_on", "capital", "interest", "waived",
                "total", "interest_stands", "grace_days", "made_by")
            .AddAndFlushAsync(
                ct, id, number, Code(plan.Random), apartment, AgreementState.Active, true, plan.Today, total - interest, interest, 0m, total,
                false, GraceDays, plan.Admin.UserId);
        var agreed = plan.Writer.Into("agreement_charges", "agreement_id", "charge_id", "owed", "paid_before", "live");
        foreach (var charge in charges) await agreed.AddAsync(ct, id, charge.Id, charge.Owed, charge.Paid, true);
        await agreed.FlushAsync(ct);
        var days = plan.Writer.Into("agreement_instalments", "agreement_id", "line", "due_on", "amount");
        foreach (var day in planned) await days.AddAsync(ct, id, day.Line, day.DueOn, day.Amount);
        await days.FlushAsync(ct);
        var (owner, document) = await CertificateDesk.OwnerAsync(db, apartment, ct);
        var facts = new AgreementFacts(
            await PaperHead.ReadAsync(db, ct), await PaperUnit.ReadAsync(db, apartment, ct), plan.Now, owner, document,
            (await CertificateDesk.SignatoryAsync(db, ct))!,
            [
                .. charges.OrderBy(c => c.DueOn).ThenBy(c => c.Id).Select(c => new AgreedCharge(
                    c.Kind, c.Period, c.Concept, c.DueOn, c.Kind == ChargeKind.Interest ? 0 : c.Owed,
                    c.Kind == ChargeKind.Interest ? c.Owed : 0)),
            ],
            total - interest, interest, 0, null, total, false, GraceDays, planned);
        await plan.Writer.Into("issued_papers", "number", "facts").AddAndFlushAsync(ct, number, JsonSerializer.Serialize(facts));
        await plan.Writer.Into("sequences", "name", "year", "last_number").AddAndFlushAsync(ct, Agreement.Series, plan.Today.Year, 1);
    }

    /// <summary>The first apartment that owes so many fees.</summary>
    private static async Task<long?> WithFeesAsync(PortalDb db, Func<int, bool> wanted, CancellationToken ct) =>
        (await db.Charges.Where(c => c.Status == ChargeState.Open && c.Kind == ChargeKind.Fee).GroupBy(c => c.ApartmentId)
            .Select(g => new { g.Key, Fees = g.Count() }).OrderBy(g => g.Key).ToListAsync(ct))
        .Where(g => wanted(g.Fees)).Select(g => (long?)g.Key).FirstOrDefault();

    private static string Code(Random random)
    {
        var letters = random.GetItems("23456789ABCDEFGHJKMNPQRSTUVWXYZ".AsSpan(), 8);
        return $"{new string(letters[..4])}-{new string(letters[4..])}";
    }
}
