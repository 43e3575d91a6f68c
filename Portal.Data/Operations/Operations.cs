using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using Microsoft.EntityFrameworkCore;

namespace Portal.Data.Operations;

/// <summary>One value of the building's settings; the names are those of <see cref="BuildingSettings"/>.</summary>
[Table("settings")]
public sealed class Setting : Updated
{
    public int Id { get; set; }

    [MaxLength(100)]
    public string Name { get; set; } = "";

    [Column(TypeName = "text")]
    public string? Value { get; set; }
}

/// <summary>The last number given out of a series within a year; locked while one is taken, so that there are no gaps.</summary>
[Table("sequences"), NotAudited]
public sealed class Sequence
{
    public int Id { get; set; }

    [MaxLength(50)]
    public string Name { get; set; } = "";

    public int Year { get; set; }

    public long LastNumber { get; set; }
}

/// <summary>A portal that serves this database; its row says when it last could write.</summary>
[Table("portals"), NotAudited]
[Index(nameof(Name), IsUnique = true, Name = "uq_portals_name")]
public sealed class ServingPortal
{
    public long Id { get; private set; }

    [MaxLength(100)]
    public string Name { get; private set; } = "";

    [MaxLength(50)]
    public string Version { get; private set; } = "";

    /// <summary>The last migration its program knows; null from one older than this column.</summary>
    public int? SchemaNumber { get; private set; }

    [Column(TypeName = "timestamp")]
    public DateTime StartedAt { get; private set; }

    /// <summary>By the database's clock, in UTC.</summary>
    [Column(TypeName = "timestamp(3)")]
    public DateTime SeenAt { get; private set; }

    /// <summary>Open pages. This and what follows: null from a portal that does not say it.</summary>
    public int? Circuits { get; private set; }

    /// <summary>Connections of its pool in use, of at most <see cref="ConnectionsMost"/>.</summary>
    public int? Connections { get; private set; }

    public int? ConnectionsMost { get; private set; }

    /// <summary>Milliseconds since its live feed last read the audit log to the end.</summary>
    public long? FeedLagMs { get; private set; }

    /// <summary>Units of work that were begun again since it started.</summary>
    public long? Retries { get; private set; }

    /// <summary>Bytes free of the fullest of its disks, of <see cref="DiskTotal"/>.</summary>
    public long? DiskFree { get; private set; }

    public long? DiskTotal { get; private set; }

    /// <summary>When (UTC) the first of its certificates ends.</summary>
    [Column(TypeName = "datetime")]
    public DateTime? CertificateUntil { get; private set; }
}

/// <summary>How large a table was on a day.</summary>
[Table("table_sizes"), NotAudited]
public sealed class TableSize
{
    public long Id { get; private set; }

    public DateOnly Day { get; private set; }

    [MaxLength(64)]
    public string Name { get; private set; } = "";

    /// <summary>Data and indexes, as the server estimates them.</summary>
    public long Bytes { get; private set; }

    public long RecordCount { get; private set; }
}

/// <summary>What a check of the data found when it last ran.</summary>
[Table("integrity_checks"), NotAudited]
[Index(nameof(Name), IsUnique = true, Name = "uq_integrity_checks_name")]
public sealed class IntegrityResult
{
    public long Id { get; private set; }

    /// <summary>A word of <c>check.*</c> on the page of operations.</summary>
    [MaxLength(50)]
    public string Name { get; private set; } = "";

    [Column(TypeName = "timestamp")]
    public DateTime CheckedAt { get; private set; }

    public int TookMs { get; private set; }

    public long Found { get; private set; }

    /// <summary>Which rows, by table and number; nothing of people.</summary>
    [MaxLength(500)]
    public string? Detail { get; private set; }
}

/// <summary>One figure of the building as it stood at the end of a day; the trends of the dashboards.</summary>
[Table("daily_figures"), NotAudited]
public sealed class DailyFigure
{
    /// <summary>Money owed past its due day.</summary>
    public const string Arrears = "arrears";

    /// <summary>What of the fees of the day's own month had been paid.</summary>
    public const string FeesCollected = "fees_collected";

    /// <summary>Cases neither resolved nor closed.</summary>
    public const string OpenPqrs = "open_pqrs";

    public long Id { get; set; }

    public DateOnly Day { get; set; }

    [MaxLength(50)]
    public string Name { get; set; } = "";

    [Column(TypeName = "decimal(14,2)")]
    public decimal Value { get; set; }
}

[StoredByName]
public enum JobState { Waiting, Running, Done, Failed }

/// <summary>Work to be done once, by whichever portal takes it first.</summary>
[Table("jobs"), NotAudited]
public sealed class Job
{
    public long Id { get; set; }

    [MaxLength(50)]
    public string Kind { get; set; } = "";

    [Column(TypeName = "text")]
    public string Payload { get; set; } = "";

    public JobState State { get; set; }

    /// <summary>Not before this instant.</summary>
    [Column(TypeName = "timestamp")]
    public DateTime RunAt { get; set; }

    public int Attempts { get; set; }

    /// <summary>The portal that works on it, until <see cref="LeaseUntil"/>; then another may take it.</summary>
    [MaxLength(64)]
    public string? LeaseOwner { get; set; }

    [Column(TypeName = "timestamp")]
    public DateTime? LeaseUntil { get; set; }

    [MaxLength(1000)]
    public string? LastError { get; set; }

    /// <summary>Two jobs with one key are one job.</summary>
    [MaxLength(100)]
    public string? UniqueKey { get; set; }

    /// <summary>Jobs that have the same run one after the other, in whichever portal; null: beside any.</summary>
    [MaxLength(64)]
    public string? SerialKey { get; set; }

    [Column(TypeName = "timestamp")]
    public DateTime CreatedAt { get; set; }

    [Column(TypeName = "timestamp")]
    public DateTime? FinishedAt { get; set; }
}
