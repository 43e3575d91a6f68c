using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Data.Gate;

/// <summary>What there is as one guard hands over to the next.</summary>
/// <param name="Waiting">What the terminal had still to deliver, as it said.</param>
internal sealed record HandedOver(int Inside, int Parcels, int Incidents, int Conflicts, int Waiting);

/// <summary>
/// A shift handed over: the one who goes signs first, then the one who comes. One that nobody took over says that somebody signed and broke
/// it off. Times are the building's wall clock.
/// </summary>
[Table("gate_handovers")]
public sealed class GateHandover : Stamped
{
    /// <summary>So long after the first signature the second may follow.</summary>
    public static readonly TimeSpan Signed = TimeSpan.FromMinutes(30);

    private GateHandover()
    {
    }

    public long Id { get; private set; }

    [MaxLength(36), Column(TypeName = "char(36)")]
    public string ClientKey { get; private set; } = "";

    public long TerminalId { get; private set; }
    public GateTerminal? Terminal { get; private set; }

    public long OutgoingId { get; private set; }

    [Column(TypeName = "datetime")]
    public DateTime SignedAt { get; private set; }

    public long? IncomingId { get; private set; }

    [Column(TypeName = "datetime")]
    public DateTime? TakenAt { get; private set; }

    public int? Inside { get; private set; }

    public int? Parcels { get; private set; }

    public int? Incidents { get; private set; }

    public int? Conflicts { get; private set; }

    public int? Waiting { get; private set; }

    /// <summary>How many notes that must be read the one who comes had read.</summary>
    public int? NotesRead { get; private set; }

    /// <summary>They took over with notes unread: somebody stood at the gate.</summary>
    public bool NotesSkipped { get; private set; }

    [MaxLength(500)]
    public string? Note { get; private set; }

    internal static GateHandover Sign(string key, long terminal, long guard, DateTime now) =>
        new() { ClientKey = key, TerminalId = terminal, OutgoingId = guard, SignedAt = now };

    /// <summary>The one who goes signs once more: the half hour begins again.</summary>
    internal void SignAgain(DateTime now) => SignedAt = now;

    /// <returns>Refusals: <c>handover.same</c>, <c>handover.unsigned</c> where the first signature is too old.</returns>
    internal Result Take(long guard, DateTime now, HandedOver what, int read, bool skipped, string? note)
    {
        if (guard == OutgoingId) return new Error("handover.same");
        if (now - SignedAt > Signed) return new Error("handover.unsigned");
        (IncomingId, TakenAt, NotesRead, NotesSkipped, Note) = (guard, now, read, skipped, note);
        (Inside, Parcels, Incidents, Conflicts, Waiting) = (what.Inside, what.Parcels, what.Incidents, what.Conflicts, what.Waiting);
        return Result.Done;
    }
}

internal sealed class GateHandoversTable : IEntityTypeConfiguration<GateHandover>
{
    public void Configure(EntityTypeBuilder<GateHandover> table)
    {
        table.HasIndex(h => h.ClientKey).IsUnique().HasDatabaseName("uq_gate_handovers_client_key");
        table.HasIndex(h => new { h.TerminalId, h.SignedAt }).HasDatabaseName("idx_gate_handovers_terminal");
        table.HasIndex(h => h.SignedAt);
    }
}
