using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data.Gate;

namespace Portal.Data.Guards;

/// <summary>One guard at the gate, from when until when (the building's wall clock). It may end on the next day.</summary>
[Table("guard_shifts")]
public sealed class GuardShift : Updated
{
    /// <summary>In hours: none is longer.</summary>
    public const int Longest = 24;

    private GuardShift()
    {
    }

    public long Id { get; private set; }

    /// <summary>Null for somebody who no longer works here.</summary>
    public long? GuardId { get; private set; }
    public Guard? Guard { get; private set; }

    /// <summary>As they were called when it was written; it stays.</summary>
    [MaxLength(200)]
    public string GuardName { get; private set; } = "";

    [Column(TypeName = "datetime")]
    public DateTime StartsAt { get; private set; }

    [Column(TypeName = "datetime")]
    public DateTime EndsAt { get; private set; }

    /// <summary>At which gate; null where it does not matter.</summary>
    public long? TerminalId { get; private set; }
    public GateTerminal? Terminal { get; private set; }

    internal static GuardShift Of(Guard guard, DateTime from, DateTime until, long? terminal)
    {
        var shift = new GuardShift();
        shift.Move(guard, from, until, terminal);
        return shift;
    }

    /// <summary>Another guard, another time, another gate.</summary>
    internal void Move(Guard guard, DateTime from, DateTime until, long? terminal) =>
        (GuardId, GuardName, StartsAt, EndsAt, TerminalId) = (guard.Id, guard.Name, from, until, terminal);
}

internal sealed class GuardShiftsTable : IEntityTypeConfiguration<GuardShift>
{
    public void Configure(EntityTypeBuilder<GuardShift> table)
    {
        table.HasIndex(s => new { s.GuardId, s.StartsAt }).HasDatabaseName("idx_guard_shifts_guard");
        table.HasIndex(s => s.StartsAt);
    }
}
