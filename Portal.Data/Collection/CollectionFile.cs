using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using Portal.Data.Building;

namespace Portal.Data.Collection;

/// <summary>How far collecting has gone. In their order; the lawyer comes by hand.</summary>
[StoredByName]
public enum CollectionStage { Reminder, Notice, SecondNotice, Demand, PreLegal, Lawyer }

/// <summary>
/// Where an apartment stands in collection. Its debt is one from the day something is late until nothing is: stages go forward in it, each
/// once, and begin anew with the next.
/// </summary>
[Table("collection_files")]
public sealed class CollectionFile : Updated
{
    private CollectionFile()
    {
    }

    public CollectionFile(long apartmentId) => ApartmentId = apartmentId;

    public long Id { get; private set; }

    public long ApartmentId { get; private set; }
    public Apartment? Apartment { get; private set; }

    /// <summary>The due day of what was late first when the debt began; null where nothing is late.</summary>
    public DateOnly? SpellOn { get; private set; }

    /// <summary>The last stage of this debt.</summary>
    public CollectionStage? Stage { get; private set; }

    public DateOnly? StageOn { get; private set; }

    /// <summary>The last day of a dispute; it is silent through it.</summary>
    public DateOnly? DisputedUntil { get; private set; }

    [MaxLength(500)]
    public string? DisputeReason { get; private set; }

    /// <summary>The case that it is about, where there is one: <c>PQRS-2026-000123</c>.</summary>
    [MaxLength(30)]
    public string? DisputeCase { get; private set; }

    public bool IsDisputed(DateOnly today) => DisputedUntil >= today;

    /// <summary>Something is late.</summary>
    /// <param name="oldest">The due day of what is late first.</param>
    /// <param name="reached">The last stage that a debt of that day has seen before: paid, voided, and late again is no new debt.</param>
    internal void Begin(DateOnly oldest, CollectionStage? reached)
    {
        if (SpellOn is null) (SpellOn, Stage) = (oldest, reached);
    }

    /// <summary>Nothing is late any more.</summary>
    internal void End() => (SpellOn, Stage, StageOn) = (null, null, null);

    /// <summary>Goes on to a stage; never back, never to the same.</summary>
    /// <returns>False where it has been there.</returns>
    internal bool Reach(CollectionStage stage, DateOnly on)
    {
        if (SpellOn is null || Stage >= stage) return false;
        (Stage, StageOn) = (stage, on);
        return true;
    }

    internal void Dispute(string reason, DateOnly until, string? about) =>
        (DisputeReason, DisputedUntil, DisputeCase) = (reason, until, about);

    internal void Settle() => (DisputeReason, DisputedUntil, DisputeCase) = (null, null, null);
}

/// <summary>A stage that was done; the row is the proof that it was, and that it comes no second time.</summary>
[Table("collection_acts")]
public sealed class CollectionAct : Stamped
{
    public long Id { get; init; }

    public long ApartmentId { get; init; }
    public Apartment? Apartment { get; init; }

    /// <summary>Whose stage it is: <see cref="CollectionFile.SpellOn"/>; of a reminder, the day that something falls due.</summary>
    public DateOnly SpellOn { get; init; }

    public CollectionStage Stage { get; init; }

    public DateOnly DoneOn { get; init; }

    /// <summary>Below zero before it falls due.</summary>
    public int DaysLate { get; init; }

    /// <summary>What it spoke of.</summary>
    [Column(TypeName = "decimal(12,2)")]
    public decimal Owed { get; init; }

    [MaxLength(500)]
    public string? Note { get; init; }

    /// <summary>Null for the portal itself.</summary>
    public long? DoneBy { get; init; }
}
