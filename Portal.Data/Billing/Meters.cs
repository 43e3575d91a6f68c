using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data.Access;
using Portal.Data.Building;
using Portal.Data.Payments;

namespace Portal.Data.Billing;

/// <summary>What the meter of an apartment showed for a month, and what of it is charged.</summary>
[Table("meter_readings")]
public sealed class MeterReading : Updated
{
    public long Id { get; set; }

    public int ConceptId { get; set; }
    public Concept? Concept { get; set; }

    public long ApartmentId { get; set; }
    public Apartment? Apartment { get; set; }

    /// <summary>The first day of the month.</summary>
    public DateOnly Period { get; set; }

    /// <summary>What it showed before; null of the first.</summary>
    [Column(TypeName = "decimal(14,3)")]
    public decimal? Previous { get; set; }

    [Column(TypeName = "decimal(14,3)")]
    public decimal Reading { get; set; }

    /// <summary>What is charged: the difference, unless somebody wrote down why it is another.</summary>
    [Column(TypeName = "decimal(14,3)")]
    public decimal Used { get; set; }

    [MaxLength(200)]
    public string? Reason { get; set; }

    public long? ReadBy { get; set; }
}

internal sealed class MeterReadingsTable : IEntityTypeConfiguration<MeterReading>
{
    public void Configure(EntityTypeBuilder<MeterReading> table) =>
        table.HasIndex(r => new { r.ConceptId, r.ApartmentId, r.Period }).IsUnique().HasDatabaseName("uq_meter_readings_month");
}

/// <summary>What a run needs to know of a meter: null of a month that nobody read.</summary>
public sealed record MeterFacts(int ConceptId, long ApartmentId, decimal? Previous, decimal? Reading, decimal? Used)
{
    private static readonly CultureInfo Books = CultureInfo.GetCultureInfo("es-CO");

    /// <summary>"1.234 − 1.200 = 34 m³ × 3.512": on the bill.</summary>
    internal string Explain(Concept concept)
    {
        var (used, unit, tariff) = (Number(Used ?? 0), concept.Unit, Number(concept.Amount ?? 0));
        return Previous is { } previous && Reading is { } reading && reading - previous == Used
            ? $"{Number(reading)} − {Number(previous)} = {used} {unit} × {tariff}"
            : $"{used} {unit} × {tariff}";
    }

    private static string Number(decimal value) => value.ToString("#,0.###", Books);
}

/// <summary>An apartment in the sheet of readings.</summary>
/// <param name="Amount">What its use comes to; null while it is not read.</param>
public sealed record MeterRow(
    long ApartmentId, string Unit, decimal? Previous, decimal? Reading, decimal? Used, string? Reason, decimal? Amount);

/// <summary>The readings of a month of a concept.</summary>
/// <param name="Posted">The month is charged already: its readings stay.</param>
/// <param name="Missing">Apartments that have a meter and were not read.</param>
public sealed record MeterSheet(
    int ConceptId, string Name, string? Unit, decimal Tariff, DateOnly Period, bool Posted, Page<MeterRow> Rows, int Read, int Missing,
    decimal Used, decimal Amount);

/// <param name="Reading">Null takes it back.</param>
/// <param name="Used">What is charged where it is not the difference; with its reason.</param>
public sealed record MeterInput(int ConceptId, long ApartmentId, DateOnly Period, decimal? Reading, decimal? Used, string? Reason);

/// <summary>Meters of apartments: readings of each month, which a run charges by the concept's tariff.</summary>
public sealed class MeterService(PortalStore store)
{
    /// <summary>What the column holds.</summary>
    public const decimal LargestReading = 99_999_999_999m;

    /// <summary>Concepts that are charged by meter. Needs <see cref="Permissions.BillingView"/>; empty without it.</summary>
    public async Task<IReadOnlyList<(int Id, string Name)>> ConceptsAsync(CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.BillingView)) return [];
        await using var db = await store.OpenAsync(user, ct);
        var found = await db.Concepts.AsNoTracking().Where(c => c.Basis == ConceptBasis.Meter && c.Active).OrderBy(c => c.Id)
            .Select(c => new { c.Id, c.Name }).ToListAsync(ct);
        return found.ConvertAll(c => (c.Id, c.Name));
    }

    /// <summary>
    /// A month of a concept, by tower and apartment. Filter <c>show</c>: <c>missing</c>. Search: apartment. Needs
    /// <see cref="Permissions.BillingView"/>.
    /// </summary>
    /// <returns>Null out of reach, or where the concept is not charged by meter.</returns>
    public async Task<MeterSheet?> SheetAsync(int conceptId, DateOnly period, ListQuery query, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.BillingView)) return null;
        period = BuildingClock.MonthOf(period);
        await using var db = await store.OpenAsync(user, ct);
        if (await db.Concepts.AsNoTracking().SingleOrDefaultAsync(c => c.Id == conceptId && c.Basis == ConceptBasis.Meter, ct)
            is not { } concept)
            return null;
        var read = db.MeterReadings.Where(r => r.ConceptId == conceptId && r.Period == period);
        var earlier = db.MeterReadings.Where(r => r.ConceptId == conceptId && r.Period < period);
        var apartments = db.Apartments.AsNoTracking();
        var missing = apartments.Where(a => earlier.Any(r => r.ApartmentId == a.Id) && !read.Any(r => r.ApartmentId == a.Id));
        var shown = query.Filter("show") == "missing" ? missing : apartments;
        if (query.Search.TrimToNull() is { } typed)
        {
            var units = (await UnitSearch.ReadAsync(db, typed, ct)).Beginning(db);
            shown = shown.Where(a => units.Any(u => u.Id == a.Id));
        }

        var page = await shown.OrderBy(a => a.Tower!.Name).ThenBy(a => a.ApartmentNumber.Length).ThenBy(a => a.ApartmentNumber)
            .ThenBy(a => a.Id)
            .Select(a => new
            {
                a.Id, Tower = a.Tower!.Name, a.ApartmentNumber,
                Now = read.Where(r => r.ApartmentId == a.Id).Select(r => new { r.Previous, r.Reading, r.Used, r.Reason }).FirstOrDefault(),
                Before = earlier.Where(r => r.ApartmentId == a.Id).OrderByDescending(r => r.Period).Select(r => (decimal?)r.Reading)
                    .FirstOrDefault(),
            })
            .PageAsync(query, ct);
        var used = await read.Select(r => r.Used).ToListAsync(ct);
        return new MeterSheet(
            conceptId, concept.Name, concept.Unit, concept.Amount ?? 0, period,
            await db.BillingRuns.AnyAsync(r => r.ConceptId == conceptId && r.Period == period && r.Live == true, ct),
            new Page<MeterRow>(
                [
                    .. page.Rows.Select(a => new MeterRow(
                        a.Id, $"{a.Tower} {a.ApartmentNumber}".TrimStart(), a.Now is null ? a.Before : a.Now.Previous, a.Now?.Reading,
                        a.Now?.Used, a.Now?.Reason, a.Now is null ? null : Pesos.Round(a.Now.Used * (concept.Amount ?? 0)))),
                ],
                page.Total),
            used.Count, await missing.CountAsync(ct), used.Sum(), used.Sum(u => Pesos.Round(u * (concept.Amount ?? 0))));
    }

    /// <summary>
    /// Writes down what a meter shows; what is charged is the difference to the reading before. The first reading of a meter charges
    /// nothing. Needs <see cref="Permissions.BillingEdit"/>.
    /// </summary>
    /// <returns>Refusals: <c>meter.reading</c>; <c>meter.lower</c> where it shows less than before and nobody said why (a meter that was
    /// changed began at nothing: all it shows is charged, or what is typed); <c>meter.why</c> where another use is typed without a reason;
    /// <c>meter.posted</c>, <c>meter.later</c> where the month or a later one stands.</returns>
    public Task<Result> SetAsync(MeterInput input, CurrentUser user, CancellationToken ct) =>
        store.WriteAsync(
            user,
            async (db, token) =>
            {
                if (!user.Can(Permissions.BillingEdit)) return Error.Forbidden;
                var period = BuildingClock.MonthOf(input.Period);
                if (Check(input) is { } wrong) return wrong;
                if (!await db.Concepts.AnyAsync(c => c.Id == input.ConceptId && c.Basis == ConceptBasis.Meter, token)) return Error.NotFound;

                // A run that is being posted holds all apartments.
                if (!await ApartmentLedger.LockAsync(db, input.ApartmentId, token)) return Error.NotFound;
                if (await db.BillingRuns.AnyAsync(r => r.ConceptId == input.ConceptId && r.Period == period && r.Live == true, token))
                    return new Error("meter.posted", null, period);
                var mine = db.MeterReadings.Where(r => r.ConceptId == input.ConceptId && r.ApartmentId == input.ApartmentId);
                if (await mine.Where(r => r.Period > period).OrderBy(r => r.Period).Select(r => (DateOnly?)r.Period)
                    .FirstOrDefaultAsync(token) is { } later)
                    return new Error("meter.later", null, later);
                var row = await mine.SingleOrDefaultAsync(r => r.Period == period, token);
                if (input.Reading is not { } reading)
                {
                    if (row is not null) db.MeterReadings.Remove(row);
                    return Result.Done;
                }

                var previous = await mine.Where(r => r.Period < period).OrderByDescending(r => r.Period).Select(r => (decimal?)r.Reading)
                    .FirstOrDefaultAsync(token);
                var why = input.Reason.TrimToNull();
                if (previous > reading && why is null) return new Error("meter.lower", nameof(input.Reason), previous, reading);
                var used = input.Used ?? (previous is not { } before ? 0 : reading < before ? reading : reading - before);
                if (row is null)
                {
                    db.MeterReadings.Add(
                        row = new MeterReading { ConceptId = input.ConceptId, ApartmentId = input.ApartmentId, Period = period });
                }

                (row.Previous, row.Reading, row.Used, row.Reason, row.ReadBy) = (previous, reading, used, why, user.AccountId);
                return Result.Done;
            },
            ct
        );

    /// <summary>What a run of a month needs: every meter there is, read or not.</summary>
    internal static async Task<IReadOnlyList<MeterFacts>> FactsAsync(
        PortalDb db, IReadOnlyList<Concept> concepts, DateOnly period, CancellationToken ct)
    {
        var ids = concepts.Where(c => c.Basis == ConceptBasis.Meter).Select(c => c.Id).ToList();
        if (ids.Count == 0) return [];
        var read = await db.MeterReadings.AsNoTracking().Where(r => ids.Contains(r.ConceptId) && r.Period == period).ToListAsync(ct);
        var there = await db.MeterReadings.AsNoTracking().Where(r => ids.Contains(r.ConceptId) && r.Period < period)
            .Select(r => new { r.ConceptId, r.ApartmentId }).Distinct().ToListAsync(ct);
        var known = read.Select(r => (r.ConceptId, r.ApartmentId)).ToHashSet();
        return
        [
            .. read.Select(r => new MeterFacts(r.ConceptId, r.ApartmentId, r.Previous, r.Reading, r.Used)),
            .. there.Where(r => !known.Contains((r.ConceptId, r.ApartmentId)))
                .Select(r => new MeterFacts(r.ConceptId, r.ApartmentId, null, null, null)),
        ];
    }

    private static Error? Check(MeterInput input) =>
        input.Reading is { } reading && !Fits(reading) ? new Error("meter.reading", nameof(input.Reading))
        : input.Used is { } used && !Fits(used) ? new Error("meter.reading", nameof(input.Used))
        : input.Used is not null && input.Reason.TrimToNull() is null ? new Error("meter.why", nameof(input.Reason))
        : input.Reason?.Trim().Length > 200 ? Error.TooLong(nameof(input.Reason), 200)
        : null;

    private static bool Fits(decimal value) => value is >= 0 and <= LargestReading && decimal.Round(value, 3) == value;
}
