using System.ComponentModel.DataAnnotations.Schema;

namespace Portal.Data.Gate;

/// <summary>What one shift tells the next.</summary>
[Table("gate_notes")]
public sealed class GateNote : Stamped
{
    public long Id { get; set; }

    [Column(TypeName = "text")]
    public string Text { get; set; } = "";

    public long WrittenBy { get; set; }

    public long? ReadBy { get; set; }

    [Column(TypeName = "timestamp")]
    public DateTime? ReadAt { get; set; }
}
