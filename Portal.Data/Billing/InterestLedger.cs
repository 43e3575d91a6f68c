using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Data.Payments;

namespace Portal.Data.Billing;

/// <summary>What counting interest came to.</summary>
/// <param name="Charges">The new charges, not saved yet.</param>
/// <param name="Missing">The first month without a rate that is needed.</param>
internal sealed record CountedDays(IReadOnlyList<Charge> Charges, DateOnly? Missing);

/// <summary>
/// Counts the interest of what is late and writes it down, each day of each charge once: at the end of a month for everybody, and for one
/// apartment when it pays. Called under the lock of the apartments.
/// </summary>
internal static class InterestLedger
{
    private static readonly CultureInfo Books = CultureInfo.GetCultureInfo("es");

    /// <summary>Writes down the interest of the days through one that have none yet.</summary>
    /// <param name="apartments">Null: all.</param>
    /// <param name="run">The run they belong to; null where a payment cuts the days.</param>
    public static async Task<CountedDays> CountAsync(
        PortalDb db, IReadOnlyList<long>? apartments, InterestTerms terms, DateOnly through, DateOnly issuedOn, BillingRun? run,
        CancellationToken ct)
    {
        var concept = await db.Concepts.Where(c => c.Kind == ChargeKind.Interest).OrderBy(c => c.Id).FirstAsync(ct);
        List<Charge> made = [];
        DateOnly? missing = null;
        foreach (var bearing in await BasesAsync(db, apartments, terms, concept.Id, ct))
        {
            var segments = bearing.Of.Cut(terms, through, out var without);
            if (without is not null && (missing is null || without < missing)) missing = without;
            foreach (var segment in segments.Where(s => s.Charged > 0))
            {
                var charge = new Charge
                {
                    ApartmentId = bearing.ApartmentId,
                    OwnerId = bearing.OwnerId,
                    Kind = ChargeKind.Interest,
                    Concept = Words(bearing.Concept, segment),
                    Detail = Detail(segment, terms),
                    Period = BuildingClock.MonthOf(segment.From),
                    Amount = segment.Charged,
                    IssuedOn = issuedOn,
                    DueOn = segment.To < issuedOn ? segment.To : issuedOn,
                    BaseChargeId = bearing.Of.Id,
                    Of = concept,
                    Run = run,
                };
                made.Add(charge);
                db.Charges.Add(charge);
                db.InterestSegments.Add(Row(segment, charge, bearing.Of.Id, terms));
            }
        }

        return new CountedDays(made, missing);
    }

    /// <summary>
    /// A payment of an earlier day is confirmed late, or voided: interest that was written down for days after it is taken back until the
    /// money is applied. <see cref="Recount.FinishAsync"/> counts those days anew by what is owed then.
    /// </summary>
    public static async Task<Recount?> TakeBackAsync(
        PortalDb db, long apartment, InterestTerms terms, DateOnly paidOn, CancellationToken ct)
    {
        var later = await db.InterestSegments
            .Include(s => s.Charge)
            .Where(s =>
                s.Live == true && s.ToOn > paidOn && s.Charge!.ApartmentId == apartment && s.BaseCharge!.Status == ChargeState.Open
                && (s.Charge.Status == ChargeState.Open || s.Charge.Status == ChargeState.Paid))
            .OrderBy(s => s.Id)
            .ToListAsync(ct);
        if (later.Count == 0) return null;
        var recount = new Recount(terms);
        foreach (var of in later.GroupBy(s => s.Charge!))
        {
            var before = of.Key.Adjusted;
            foreach (var segment in of)
            {
                recount.Add(of.Key, before, segment.BaseChargeId, segment.FromOn > paidOn ? segment.FromOn : paidOn.AddDays(1),
                    segment.ToOn);
                segment.Live = null;
                if (segment.FromOn > paidOn) continue;
                var kept = new InterestSegment(segment.FromOn, paidOn, segment.Balance, segment.DayRate);
                db.InterestSegments.Add(Row(kept, of.Key, segment.BaseChargeId, terms));
            }

            var rest = of.Where(s => s.FromOn <= paidOn)
                .Sum(s => Pesos.Round(s.Balance * (paidOn.DayNumber - s.FromOn.DayNumber + 1) * s.DayRate));
            recount.To(of.Key, rest);
        }

        return recount;
    }

    /// <summary>
    /// The interest of an apartment for the days through one that is not written down yet: what a payment of that day meets first. Nothing
    /// is written; their ids are no charge's. Days of a month without a rate are left out.
    /// </summary>
    public static async Task<IReadOnlyList<OpenCharge>> AccruingAsync(PortalDb db, long apartment, DateOnly through, CancellationToken ct)
    {
        if (await InterestTerms.ReadAsync(db, ct) is not { } terms) return [];
        var interest = await db.Concepts.Where(c => c.Kind == ChargeKind.Interest).OrderBy(c => c.Id).Select(c => c.Id).FirstAsync(ct);
        List<OpenCharge> accruing = [];
        foreach (var bearing in await BasesAsync(db, [apartment], terms, interest, ct))
        {
            accruing.AddRange(bearing.Of.Cut(terms, through, out _).Where(s => s.Charged > 0).Select(segment => new OpenCharge(
                0, ChargeKind.Interest, Words(bearing.Concept, segment), Detail(segment, terms), null,
                BuildingClock.MonthOf(segment.From), through, segment.To, segment.Charged, segment.Charged)
            {
                BaseId = bearing.Of.Id,
            }));
        }

        return [.. accruing.Select((charge, i) => charge with { Id = -1 - i })];
    }

    internal sealed record Bearing(long ApartmentId, long? OwnerId, string Concept, InterestBase Of);

    /// <summary>What bears interest and may have days without: open, or paid after it fell due.</summary>
    internal static async Task<List<Bearing>> BasesAsync(
        PortalDb db, IReadOnlyList<long>? apartments, InterestTerms terms, int interest, CancellationToken ct)
    {
        var concepts = await db.Concepts.Select(c => new { c.Id, c.Kind, c.BearsInterest }).ToListAsync(ct);
        var bearing = concepts.FindAll(c => c.BearsInterest).ConvertAll(c => c.Id);
        var kinds = concepts
            .GroupBy(c => c.Kind).Where(g => g.MinBy(c => c.Id)!.BearsInterest).Select(g => g.Key).ToList();
        var charges = db.Charges.AsNoTracking().Where(c =>
            (c.ConceptId == null ? kinds.Contains(c.Kind) : bearing.Contains(c.ConceptId.Value))
            && (c.Status == ChargeState.Open
                || (c.Status == ChargeState.Paid && db.PaymentApplications.Any(a =>
                    a.ChargeId == c.Id && !a.Reversed && a.Payment!.PaymentDate > c.DueOn && a.Payment.PaymentDate >= terms.Since)))
            && !db.ConceptApartments.Any(x => x.ConceptId == interest && x.ApartmentId == c.ApartmentId && x.Exempt));
        if (apartments is not null) charges = charges.Where(c => apartments.Contains(c.ApartmentId));
        var found = await charges.OrderBy(c => c.ApartmentId).ThenBy(c => c.DueOn).ThenBy(c => c.Id)
            .Select(c => new { c.Id, c.ApartmentId, c.OwnerId, c.Concept, c.DueOn, c.IssuedOn, c.InterestFrom,
                Due = c.Amount + c.Adjusted })
            .ToListAsync(ct);
        var ids = found.ConvertAll(c => c.Id);
        var paid = (await InPartsAsync(ids, some => db.PaymentApplications.AsNoTracking()
            .Where(a => some.Contains(a.ChargeId) && !a.Reversed)
            .Select(a => new { a.ChargeId, a.Payment!.PaymentDate, a.Amount }).ToListAsync(ct))).ToLookup(a => a.ChargeId);
        var counted = (await InPartsAsync(ids, some => db.InterestSegments.AsNoTracking()
            .Where(s => some.Contains(s.BaseChargeId) && s.Live == true)
            .Select(s => new { s.BaseChargeId, s.FromOn, s.ToOn }).ToListAsync(ct))).ToLookup(s => s.BaseChargeId);
        return found.ConvertAll(c => new Bearing(
            c.ApartmentId, c.OwnerId, c.Concept,
            new InterestBase(
                c.Id, c.DueOn, c.InterestFrom, c.Due,
                [.. paid[c.Id].Select(p => (p.PaymentDate > c.IssuedOn ? p.PaymentDate : c.IssuedOn, p.Amount))],
                [.. counted[c.Id].Select(s => (s.FromOn, s.ToOn))])));
    }

    private static async Task<List<T>> InPartsAsync<T>(List<long> ids, Func<IReadOnlyList<long>, Task<List<T>>> read)
    {
        List<T> all = [];
        foreach (var some in ids.Chunk(2_000)) all.AddRange(await read(some));
        return all;
    }

    internal static CountedInterest Row(InterestSegment segment, Charge charge, long baseId, InterestTerms terms) => new()
    {
        Charge = charge,
        BaseChargeId = baseId,
        FromOn = segment.From,
        ToOn = segment.To,
        Balance = segment.Balance,
        Yearly = terms.RateOf(BuildingClock.MonthOf(segment.From))?.Yearly ?? 0,
        DayRate = segment.DayRate,
        Exact = Math.Round(segment.Exact, 6, MidpointRounding.AwayFromZero),
    };

    private static string Words(string concept, InterestSegment segment)
    {
        var days = segment.From.Day == segment.To.Day ? $"{segment.From.Day}" : $"{segment.From.Day} al {segment.To.Day}";
        var words = $"Intereses {days} de {segment.To.ToString("MMMM yyyy", Books)}: {concept}";
        return words.Length <= 200 ? words : words[..200];
    }

    private static string Detail(InterestSegment segment, InterestTerms terms)
    {
        var yearly = terms.RateOf(BuildingClock.MonthOf(segment.From))?.Yearly ?? 0;
        return string.Create(
            CultureInfo.GetCultureInfo("es-CO"),
            $"$ {segment.Balance:N0} · {segment.Days} días · {yearly:0.##} % E.A. ({segment.DayRate * 100:0.########} % diario)");
    }
}

/// <summary>Interest that is counted anew because a payment of before its last days was confirmed, or voided.</summary>
internal sealed class Recount(InterestTerms terms)
{
    private const string Late = "Pago confirmado después de su fecha", Voided = "Anulación de un pago";

    private readonly List<(Charge Charge, long Base, DateOnly From, DateOnly To)> _days = [];
    private readonly Dictionary<Charge, decimal> _before = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Charge, decimal> _said = new(ReferenceEqualityComparer.Instance);

    public void Add(Charge charge, decimal adjusted, long baseId, DateOnly from, DateOnly to)
    {
        _days.Add((charge, baseId, from, to));
        _before[charge] = adjusted;
    }

    /// <summary>Makes an interest so much, though never less than what was paid of it: another receipt says that.</summary>
    public void To(Charge charge, decimal due)
    {
        _said[charge] = due;
        charge.Adjusted = Math.Max(due, charge.Paid) - charge.Amount;
        charge.Status = charge.Left == 0 ? ChargeState.Paid : ChargeState.Open;
    }

    /// <summary>The payment is applied: counts the days after it by what is owed since, and writes the difference down once.</summary>
    /// <param name="payment">That was confirmed late, or voided.</param>
    /// <param name="applied">What was applied just now and is not saved yet.</param>
    public async Task FinishAsync(
        PortalDb db, Payment payment, IReadOnlyList<PaymentApplication> applied, DateOnly today, CancellationToken ct)
    {
        var bases = _days.Select(d => d.Base).Distinct().ToList();
        var charges = await db.Charges.Where(c => bases.Contains(c.Id)).ToDictionaryAsync(c => c.Id, ct);
        var before = (await db.PaymentApplications.AsNoTracking()
            .Where(a => bases.Contains(a.ChargeId) && !a.Reversed)
            .Select(a => new { a.ChargeId, a.Payment!.PaymentDate, a.Amount }).ToListAsync(ct)).ToLookup(a => a.ChargeId);
        foreach (var days in _days.GroupBy(d => d.Charge))
        {
            var due = _said[days.Key];
            foreach (var (charge, baseId, from, to) in days)
            {
                var bearing = charges[baseId];
                var paid = before[baseId].Select(a => (On: a.PaymentDate, a.Amount))
                    .Concat(applied.Where(a => a.Charge == bearing).Select(a => (On: a.Payment!.PaymentDate, a.Amount)))
                    .Select(p => (p.On > bearing.IssuedOn ? p.On : bearing.IssuedOn, p.Amount)).ToList();
                var again = new InterestBase(baseId, from.AddDays(-1), null, bearing.Due, paid, []);
                foreach (var segment in again.Cut(terms with { GraceDays = 0, Since = from }, to, out _))
                {
                    due += segment.Charged;
                    db.InterestSegments.Add(InterestLedger.Row(segment, charge, baseId, terms));
                }
            }

            // What its own days still say: those kept before the payment and those counted now.
            To(days.Key, due);
            Write(db, days.Key, payment, today);
        }
    }

    /// <summary>Leaves the days to be counted by new charges, as what is owed on them changes from payment to payment.</summary>
    public void GiveUp(PortalDb db, Payment voided, DateOnly today)
    {
        foreach (var charge in _said.Keys) Write(db, charge, voided, today);
    }

    private void Write(PortalDb db, Charge charge, Payment payment, DateOnly today)
    {
        var change = charge.Adjusted - _before[charge];
        if (change == 0) return;
        db.ChargeAdjustments.Add(new ChargeAdjustment
        {
            Charge = charge, Kind = AdjustmentKind.Recount, Amount = change, MadeOn = today, Payment = payment,
            Reason = payment.StatusId == PaymentState.Paid ? Late : Voided, MadeBy = db.Actor.AccountId,
        });
    }
}
