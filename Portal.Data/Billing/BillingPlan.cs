using Portal.Data.Payments;

namespace Portal.Data.Billing;

/// <summary>What a run needs to know of an apartment.</summary>
/// <param name="Coefficient">Percent of the whole; null where nobody wrote it down.</param>
/// <param name="MonthlyFee">Its own monthly fee.</param>
public sealed record BilledApartment(
    long Id, string Tower, string Number, long? OwnerId, decimal? Coefficient, decimal? MonthlyFee);

/// <summary>Why an apartment deserves a look before a run is posted.</summary>
[Flags]
public enum BillingNotes
{
    None = 0,

    /// <summary>Nobody answers for it: it is charged to the apartment, and nobody gets the bill.</summary>
    NoOwner = 1,

    /// <summary>It has no coefficient, and something is shared by coefficient: it pays nothing of it.</summary>
    NoCoefficient = 2,

    /// <summary>Its own figure is missing: it pays nothing.</summary>
    NoAmount = 4,

    /// <summary>It is exempt from one of the concepts.</summary>
    Exempt = 8,

    /// <summary>It pays something else than the month before.</summary>
    Changed = 16,

    /// <summary>It has credit, which the run uses.</summary>
    Credit = 32,

    /// <summary>It has a meter that nobody read: it pays nothing of it.</summary>
    NoReading = 64,
}

/// <summary>What one concept charges one apartment.</summary>
public sealed record PlannedCharge(Concept Concept, BilledApartment Apartment, decimal Amount)
{
    /// <summary>How it came about, where each has its own story.</summary>
    public string? Detail { get; init; }
}

/// <summary>
/// What a month charges to whom, worked out alike for the preview and for the posting. Shares by coefficient are of those who are billed,
/// so that no peso is lost, whatever the coefficients sum to.
/// </summary>
public sealed class BillingPlan
{
    private readonly Dictionary<long, BillingNotes> _notes = [];

    private BillingPlan(IReadOnlyList<BilledApartment> apartments) => Apartments = apartments;

    /// <summary>By tower and number.</summary>
    public IReadOnlyList<BilledApartment> Apartments { get; }

    public IReadOnlyList<PlannedCharge> Charges { get; private set; } = [];

    public decimal Total => Charges.Sum(c => c.Amount);

    public BillingNotes NotesOf(long apartment) => _notes.GetValueOrDefault(apartment);

    /// <param name="apartments">All of the building.</param>
    /// <param name="own">What is written down for some apartments instead of their own figures.</param>
    /// <param name="meters">Of concepts that are charged by meter.</param>
    public static BillingPlan Of(
        IEnumerable<BilledApartment> apartments, IReadOnlyList<Concept> concepts, IReadOnlyList<ConceptApartment> own,
        IReadOnlyList<MeterFacts>? meters = null)
    {
        var plan = new BillingPlan(
        [
            .. apartments.OrderBy(a => a.Tower, StringComparer.Ordinal).ThenBy(a => a.Number.Length)
                .ThenBy(a => a.Number, StringComparer.Ordinal)
                .ThenBy(a => a.Id),
        ]);
        var written = own.ToDictionary(o => (o.ConceptId, o.ApartmentId));
        var metered = (meters ?? []).ToDictionary(m => (m.ConceptId, m.ApartmentId));
        var charges = new List<PlannedCharge>();
        foreach (var concept in concepts)
        {
            var billed = new List<(BilledApartment Apartment, ConceptApartment? Own)>();
            foreach (var apartment in plan.Apartments)
            {
                var special = written.GetValueOrDefault((concept.Id, apartment.Id));
                if (special is { Exempt: true }) plan.Note(apartment, BillingNotes.Exempt);
                else billed.Add((apartment, special));
            }

            charges.AddRange(concept.Basis == ConceptBasis.Coefficient ? plan.Shares(concept, billed.ConvertAll(b => b.Apartment))
                : concept.Basis == ConceptBasis.Meter
                ? billed.Select(b => plan.Metered(concept, b.Apartment, b.Own, metered.GetValueOrDefault((concept.Id, b.Apartment.Id))))
                    .Where(c => c.Amount > 0)
                : billed.Select(b => new PlannedCharge(concept, b.Apartment, plan.Own(concept, b.Apartment, b.Own)))
                    .Where(c => c.Amount > 0));
        }

        foreach (var charge in charges.Where(c => c.Apartment.OwnerId is null)) plan.Note(charge.Apartment, BillingNotes.NoOwner);
        plan.Charges = charges;
        return plan;
    }

    private PlannedCharge Metered(Concept concept, BilledApartment apartment, ConceptApartment? own, MeterFacts? meter)
    {
        if (own?.Amount is { } written) return new PlannedCharge(concept, apartment, Pesos.Round(written));
        if (meter is { Used: null }) Note(apartment, BillingNotes.NoReading);
        return new PlannedCharge(concept, apartment, Pesos.Round((meter?.Used ?? 0) * (concept.Amount ?? 0)))
        {
            Detail = meter?.Explain(concept),
        };
    }

    private decimal Own(Concept concept, BilledApartment apartment, ConceptApartment? own)
    {
        if (own?.Amount is { } written) return Pesos.Round(written);
        if (concept.Basis == ConceptBasis.Fixed) return Pesos.Round(concept.Amount ?? 0);

        // What is not a fee is charged only to those for whom it is written down: a parking space that nobody rents is no gap.
        if (concept.Kind != ChargeKind.Fee) return 0;
        if (apartment.MonthlyFee is not > 0) Note(apartment, BillingNotes.NoAmount);
        return Pesos.Round(apartment.MonthlyFee ?? 0);
    }

    private IEnumerable<PlannedCharge> Shares(Concept concept, List<BilledApartment> billed)
    {
        var sharing = billed.Where(a => a.Coefficient > 0).ToList();
        foreach (var apartment in billed.Where(a => a.Coefficient is not > 0)) Note(apartment, BillingNotes.NoCoefficient);
        if (sharing.Count == 0 || concept.Amount is not > 0) return [];
        var parts = Pesos.Split(Pesos.Round(concept.Amount.Value), sharing.ConvertAll(a => a.Coefficient!.Value));
        return sharing.Select((apartment, i) => new PlannedCharge(concept, apartment, parts[i])).Where(c => c.Amount > 0);
    }

    internal void Note(BilledApartment apartment, BillingNotes note) =>
        _notes[apartment.Id] = _notes.GetValueOrDefault(apartment.Id) | note;
}
