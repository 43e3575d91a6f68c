using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Data.Backups;

/// <summary>Who made it: the night's job, somebody on the page, whoever runs the portal's program.</summary>
[StoredByName]
public enum BackupKind { Nightly, Asked, Program }

[StoredByName]
public enum BackupOutcome { Good, Failed }

/// <summary>Its copy in the second place. Same: it was read back there.</summary>
[StoredByName]
public enum OffSiteCopy { None, Same, Failed }

/// <summary>A set that was made, or that was to be made and failed.</summary>
[Table("backup_sets")]
public sealed class BackupSet : Stamped
{
    private const int LongestMessage = 500, LongestPlaces = 2000;

    public long Id { get; private set; }

    public BackupKind Kind { get; private set; }

    /// <summary>Its folder; null where none was made.</summary>
    [MaxLength(60)]
    public string? Name { get; private set; }

    /// <summary>Where that lies.</summary>
    [MaxLength(500)]
    public string? Folder { get; private set; }

    /// <summary>The moment (UTC) that it holds, to the second or two of beginning.</summary>
    [Column(TypeName = "timestamp")]
    public DateTime StartedAt { get; private set; }

    [Column(TypeName = "timestamp")]
    public DateTime FinishedAt { get; private set; }

    public BackupOutcome Outcome { get; private set; }

    public long Bytes { get; private set; }

    public int TableCount { get; private set; }

    public long RecordCount { get; private set; }

    public bool Encrypted { get; private set; }

    public OffSiteCopy OffSite { get; private set; }

    /// <summary>Why it failed, or why its copy did: one sentence for who runs the machine.</summary>
    [MaxLength(LongestMessage)]
    public string? Message { get; private set; }

    /// <summary>Why its copy failed, as a name of <see cref="AwayFault"/>.</summary>
    [MaxLength(20)]
    public string? OffSiteFault { get; private set; }

    /// <summary>The second places it is copied to, by name, one in a line: of any other it says nothing. Null where to none, and in rows of
    /// before.</summary>
    [MaxLength(LongestPlaces)]
    public string? OffSitePlaces { get; private set; }

    /// <summary>When (UTC) the keeping rules took it away.</summary>
    [Column(TypeName = "timestamp")]
    public DateTime? RemovedAt { get; private set; }

    public long? AskedBy { get; private set; }

    public static BackupSet Made(BackupKind kind, SetFolder set, long? askedBy) => new()
    {
        Kind = kind, Name = set.Name, Folder = Path.GetDirectoryName(set.Path), StartedAt = set.Manifest.StartedAt,
        FinishedAt = set.Manifest.FinishedAt, Outcome = BackupOutcome.Good, Bytes = set.Manifest.Bytes,
        TableCount = set.Manifest.Tables.Count,
        RecordCount = set.Manifest.Rows, Encrypted = set.Manifest.Encrypted, AskedBy = askedBy,
    };

    public static BackupSet NotMade(BackupKind kind, string why, DateTime startedAt, DateTime finishedAt, long? askedBy) => new()
    {
        Kind = kind, Outcome = BackupOutcome.Failed, Message = Cut(why), StartedAt = startedAt, FinishedAt = finishedAt, AskedBy = askedBy,
    };

    /// <summary>It is to be copied there; that it came to nothing, should the portal end meanwhile, is seen by it.</summary>
    public void GoesTo(IEnumerable<string> places) => OffSitePlaces = Cut(string.Join('\n', places), LongestPlaces);

    /// <param name="why">Why it failed; null where the copy was read back and is the same.</param>
    public void CopiedAway(BackupException? why) => (OffSite, Message, OffSiteFault) = why is null
        ? (OffSiteCopy.Same, null, null)
        : (OffSiteCopy.Failed, Cut(why.Message), $"{(why as AwayException)?.Fault ?? AwayFault.Other}");

    public void Removed(DateTime at) => RemovedAt ??= at;

    private static string Cut(string text, int longest = LongestMessage) => text.Length <= longest ? text : text[..longest];
}

internal sealed class BackupSetsTable : IEntityTypeConfiguration<BackupSet>
{
    public void Configure(EntityTypeBuilder<BackupSet> table)
    {
        table.HasIndex(s => new { s.Outcome, s.FinishedAt }).HasDatabaseName("idx_backup_sets_outcome");
        table.HasIndex(s => s.StartedAt).HasDatabaseName("idx_backup_sets_started_at");
    }
}
