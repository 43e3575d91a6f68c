using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Data.Backups;

/// <summary>What a drill found of one table.</summary>
/// <param name="Rows">That were there at the moment compared.</param>
/// <param name="Wrong">What differs; null where it is the same.</param>
/// <param name="Hash">Of its rows, the beginning; null in drills from before it was kept.</param>
public sealed record DrilledTable(string Name, long Rows, string? Wrong, string? Hash = null);

/// <summary>A backup restored on a server of its own and compared, or what kept it from being. Times are UTC.</summary>
[Table("backup_drills"), NotAudited]
public sealed class BackupDrill : Stamped
{
    private const int LongestMessage = 500;

    public long Id { get; private set; }

    [Column(TypeName = "timestamp")]
    public DateTime StartedAt { get; private set; }

    [Column(TypeName = "timestamp")]
    public DateTime FinishedAt { get; private set; }

    public BackupOutcome Outcome { get; private set; }

    /// <summary>The set that was restored; null where it did not come so far.</summary>
    [MaxLength(60)]
    public string? SetName { get; private set; }

    /// <summary>It was made for the drill: the newest is encrypted, and this machine cannot read it.</summary>
    public bool OwnSet { get; private set; }

    /// <summary>The binary log was replayed after it, to <see cref="ReachedAt"/>.</summary>
    public bool WithLogs { get; private set; }

    /// <summary>The moment that was compared.</summary>
    [Column(TypeName = "timestamp")]
    public DateTime? ReachedAt { get; private set; }

    public int TableCount { get; private set; }

    /// <summary>How many tables are not the same.</summary>
    public int Differing { get; private set; }

    public long RecordCount { get; private set; }

    /// <summary>By table, as JSON.</summary>
    [Column(TypeName = "longtext")]
    public string? Tables { get; private set; }

    [MaxLength(LongestMessage)]
    public string? Message { get; private set; }

    /// <param name="wrong">What differs and is no table's; null where nothing does.</param>
    public static BackupDrill Compared(
        string set, bool ownSet, bool withLogs, DateTime reachedAt, IReadOnlyList<DrilledTable> tables, string? wrong, DateTime startedAt,
        DateTime finishedAt)
    {
        var differing = tables.Where(t => t.Wrong is not null).ToList();
        var says = differing.Select(t => $"{t.Name} {t.Wrong}").Concat(wrong is null ? [] : [wrong]).ToList();
        return new BackupDrill
        {
            SetName = set, OwnSet = ownSet, WithLogs = withLogs, ReachedAt = reachedAt, StartedAt = startedAt, FinishedAt = finishedAt,
            Outcome = says.Count == 0 ? BackupOutcome.Good : BackupOutcome.Failed, TableCount = tables.Count, Differing = differing.Count,
            RecordCount = tables.Sum(t => t.Rows), Tables = JsonSerializer.Serialize(tables),
            Message = says.Count == 0 ? null : Cut(string.Join("; ", says) + "."),
        };
    }

    public static BackupDrill NotDone(string? set, string why, DateTime startedAt, DateTime finishedAt) => new()
    {
        SetName = set, Outcome = BackupOutcome.Failed, Message = Cut(why), StartedAt = startedAt, FinishedAt = finishedAt,
    };

    private static string Cut(string text) => text.Length <= LongestMessage ? text : text[..LongestMessage];
}

internal sealed class BackupDrillsTable : IEntityTypeConfiguration<BackupDrill>
{
    public void Configure(EntityTypeBuilder<BackupDrill> table)
    {
        table.HasIndex(d => new { d.Outcome, d.FinishedAt }).HasDatabaseName("idx_backup_drills_outcome");
        table.HasIndex(d => d.StartedAt).HasDatabaseName("idx_backup_drills_started_at");
    }
}

/// <summary>How the stream of the binary log stands, in one row. See <see cref="LogState"/>.</summary>
[Table("backup_streams"), NotAudited]
public sealed class BackupStream
{
    public const long OnlyId = 1;

    public long Id { get; private set; } = OnlyId;

    public bool NoLog { get; private set; }

    [MaxLength(200)]
    public string? LogFile { get; private set; }

    public long LogPosition { get; private set; }

    [Column(TypeName = "timestamp")]
    public DateTime? ReachedAt { get; private set; }

    [Column(TypeName = "timestamp")]
    public DateTime? SinceAt { get; private set; }

    [MaxLength(200)]
    public string? Missing { get; private set; }

    [MaxLength(500)]
    public string? Message { get; private set; }

    /// <summary>Why closed logs are not in the second place, as a name of <see cref="AwayFault"/>.</summary>
    [MaxLength(20)]
    public string? AwayFault { get; private set; }

    [MaxLength(100)]
    public string? Portal { get; private set; }

    [Column(TypeName = "timestamp")]
    public DateTime? SeenAt { get; private set; }
}
