using System.ComponentModel.DataAnnotations.Schema;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Data.Gate;

/// <summary>
/// What one shift tells the next. An ordinary one is done with when somebody has read it; one that must be read is read by each guard
/// before they go on, as long as it holds.
/// </summary>
[Table("gate_notes")]
public sealed class GateNote : Stamped
{
    public long Id { get; set; }

    [Column(TypeName = "text")]
    public string Text { get; set; } = "";

    public long WrittenBy { get; set; }

    /// <summary>Who read it first.</summary>
    public long? ReadBy { get; set; }

    [Column(TypeName = "timestamp")]
    public DateTime? ReadAt { get; set; }

    public bool MustRead { get; set; }

    /// <summary>The building's wall clock; null: until it is read. One that must be read always has it.</summary>
    [Column(TypeName = "datetime")]
    public DateTime? ValidUntil { get; set; }

    public List<GateNoteReader> Readers { get; } = [];
}

/// <summary>Somebody has read a note that must be read.</summary>
[Table("gate_note_readers")]
public sealed class GateNoteReader
{
    public long Id { get; init; }

    public long NoteId { get; init; }
    public GateNote? Note { get; init; }

    public long ReaderId { get; init; }

    [Column(TypeName = "timestamp")]
    public DateTime ReadAt { get; init; }
}

internal sealed class GateNoteReadersTable : IEntityTypeConfiguration<GateNoteReader>
{
    public void Configure(EntityTypeBuilder<GateNoteReader> table) =>
        table.HasIndex(r => new { r.NoteId, r.ReaderId }).IsUnique().HasDatabaseName("uq_gate_note_readers_note");
}
