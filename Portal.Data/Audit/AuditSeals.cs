using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Data.Audit;

/// <summary>
/// One day of the log (UTC, by the server's clock), sealed: its lines cannot be changed, added to or thinned without it being seen, for each
/// seal holds the one before.
/// </summary>
[Table("audit_seals"), NotAudited]
public sealed class AuditSeal
{
    /// <summary>What the first seal holds of the one before it.</summary>
    private const string NothingBefore = "0000000000000000000000000000000000000000000000000000000000000000";

    private AuditSeal()
    {
    }

    public DateOnly Day { get; private set; }

    public long FirstId { get; private set; }

    public long LastId { get; private set; }

    public int RecordCount { get; private set; }

    /// <summary>SHA-256, hexadecimal, over the digests of the day's lines in the order of their ids.</summary>
    [Column(TypeName = "char(64)")]
    public string Digest { get; private set; } = "";

    /// <summary>SHA-256, hexadecimal, over <see cref="Head"/> of the seal before, the day, the number of its lines and
    /// <see cref="Digest"/>.</summary>
    [Column(TypeName = "char(64)")]
    public string Head { get; private set; } = "";

    [Column(TypeName = "timestamp")]
    public DateTime SealedAt { get; private set; }

    /// <summary>When (UTC) the archive deleted the day's lines.</summary>
    [Column(TypeName = "timestamp")]
    public DateTime? DeletedAt { get; private set; }

    internal static AuditSeal Of(AuditDay day, string? before, DateTime at) => new()
    {
        Day = day.Day, FirstId = day.FirstId, LastId = day.LastId, RecordCount = day.Records, Digest = day.Digest,
        Head = HeadOf(before, day.Day, day.Records, day.Digest), SealedAt = at,
    };

    /// <summary>What <see cref="Head"/> must be.</summary>
    internal string Expected(string? before) => HeadOf(before, Day, RecordCount, Digest);

    private static string HeadOf(string? before, DateOnly day, int records, string digest) => Convert.ToHexStringLower(SHA256.HashData(
        Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $"{before ?? NothingBefore}|{day:yyyy-MM-dd}|{records}|{digest}"))));
}

/// <summary>A line whose values retention took away, and what they weighed before.</summary>
[Table("audit_redactions"), NotAudited]
public sealed class AuditRedaction
{
    /// <summary>What stands in a line instead of its values.</summary>
    public const string Marker = """{"redacted":"retention"}""";

    [Key, DatabaseGenerated(DatabaseGeneratedOption.None)]
    public long AuditId { get; private set; }

    /// <summary>What the values weighed; null where they stayed.</summary>
    [Column(TypeName = "char(64)")]
    public string? Content { get; private set; }

    /// <summary>What the whole line weighed with the name of who did it; null where the name stayed.</summary>
    [Column(TypeName = "char(64)")]
    public string? Line { get; private set; }

    /// <summary>What the line weighs without that name, and <see cref="Line"/> with it.</summary>
    [Column(TypeName = "char(64)")]
    public string? Rest { get; private set; }

    [Column(TypeName = "timestamp")]
    public DateTime RedactedAt { get; private set; }

    /// <summary>Stands instead of the name of who was erased; the number of their account stays.</summary>
    public const string NoName = "Persona suprimida";

    /// <summary>Lines that lose their name in one statement.</summary>
    private const int Some = 2000;

    private static readonly SqlText[] Logs = [new("audit_log"), new("audit_log_archive")];

    /// <summary>
    /// The lines of what an account did stay, and lose its name and address. What each weighed with the name is kept, so that the day's seal
    /// still holds, and what it weighs without, so that the rest of it is still proven.
    /// </summary>
    /// <returns>How many lost their name.</returns>
    internal static async Task<int> ForgetActorAsync(PortalDb db, long account, CancellationToken ct)
    {
        var lines = 0;
        foreach (var log in Logs)
        {
            // The office's accounts have many: some in one statement.
            for (List<long> ids; (ids = await NamedAsync(db, log, account, ct)).Count > 0; lines += ids.Count)
            {
                await new SqlBatch()
                    .Then(
                        $"""
                        INSERT INTO audit_redactions (audit_id, content, line, rest)
                        SELECT l.id, r.content, {AuditDay.Weight}, 'x' FROM {log} AS l LEFT JOIN audit_redactions AS r ON r.audit_id = l.id
                        WHERE l.id IN ({ids})
                        ON DUPLICATE KEY UPDATE line = VALUES(line), rest = 'x'
                        """)
                    .Then(
                        $"""
                        UPDATE audit_redactions AS r INNER JOIN {log} AS l ON l.id = r.audit_id SET r.rest = {AuditDay.Nameless}
                        WHERE l.id IN ({ids}) AND r.rest = 'x'
                        """)
                    .Then($"UPDATE {log} SET actor_name = {NoName}, ip_address = NULL WHERE id IN ({ids})")
                    .RunAsync(db, ct);
            }

            await new SqlBatch()
                .Then($"UPDATE {log} SET ip_address = NULL WHERE user_id = {account} AND ip_address IS NOT NULL").RunAsync(db, ct);
        }

        return lines;
    }

    private static async Task<List<long>> NamedAsync(PortalDb db, SqlText log, long account, CancellationToken ct)
    {
        List<long> ids = [];
        await new SqlBatch()
            .Select(
                $"""
                SELECT l.id FROM {log} AS l WHERE l.user_id = {account} AND l.actor_name IS NOT NULL AND l.actor_name <> {NoName} LIMIT {Some}
                """,
                row => ids.Add(Convert.ToInt64(row.GetValue(0), CultureInfo.InvariantCulture)))
            .RunAsync(db, ct);
        return ids;
    }

    /// <summary>
    /// The lines about rows of a table stay in the log and in its archive, who did what and when, and lose their values. What they weighed
    /// is kept, so that the day's seal still holds.
    /// </summary>
    /// <returns>How many lost them.</returns>
    internal static async Task<int> RunAsync(PortalDb db, string table, IReadOnlyList<long> rows, CancellationToken ct)
    {
        var batch = new SqlBatch();
        var lines = 0;
        foreach (var log in rows.Count == 0 ? [] : Logs)
        {
            batch.Select(
                    $"""
                    SELECT COUNT(*) FROM {log} AS l
                    WHERE l.table_name = {table} AND l.record_id IN ({rows}) AND NOT (l.old_value IS NULL AND l.new_value <=> {Marker})
                    """,
                    row => lines += Convert.ToInt32(row.GetValue(0), CultureInfo.InvariantCulture))
                .Then(
                    $"""
                    INSERT INTO audit_redactions (audit_id, content)
                    SELECT l.id, {AuditDay.Content} FROM {log} AS l WHERE l.table_name = {table} AND l.record_id IN ({rows})
                    ON DUPLICATE KEY UPDATE content = COALESCE(audit_redactions.content, VALUES(content))
                    """)
                .Then($"UPDATE {log} SET old_value = NULL, new_value = {Marker} WHERE table_name = {table} AND record_id IN ({rows})");
        }

        await batch.RunAsync(db, ct);
        return lines;
    }

    /// <summary>The same for all events of a kind that are older.</summary>
    internal static Task RunAsync(PortalDb db, string table, DateTime before, CancellationToken ct)
    {
        var batch = new SqlBatch();
        foreach (var log in Logs)
        {
            batch.Then(
                    $"""
                    INSERT INTO audit_redactions (audit_id, content)
                    SELECT l.id, {AuditDay.Content} FROM {log} AS l
                    WHERE l.table_name = {table} AND l.created_at < {before} AND l.new_value <> {Marker}
                    ON DUPLICATE KEY UPDATE content = COALESCE(audit_redactions.content, VALUES(content))
                    """)
                .Then(
                    $"""
                    UPDATE {log} SET old_value = NULL, new_value = {Marker}
                    WHERE table_name = {table} AND created_at < {before} AND new_value <> {Marker}
                    """);
        }

        return batch.RunAsync(db, ct);
    }
}

/// <summary>What of the log is not as it was sealed.</summary>
[StoredByName]
public enum AuditFault
{
    /// <summary>Lines of a day say something else.</summary>
    Changed,

    /// <summary>A day has fewer lines.</summary>
    Missing,

    /// <summary>A day has more lines.</summary>
    Added,

    /// <summary>Lines of a day before the last seal that no seal knows.</summary>
    Unsealed,

    /// <summary>A seal does not hold the one before it.</summary>
    Chain,

    /// <summary>A day is said to be deleted that is too young for it.</summary>
    Deleted,
}

/// <summary>What the last look at the seals found; the table has one row.</summary>
[Table("audit_checks"), NotAudited]
public sealed class AuditCheck
{
    [DatabaseGenerated(DatabaseGeneratedOption.None)]
    public int Id { get; private set; }

    [Column(TypeName = "timestamp")]
    public DateTime? CheckedAt { get; private set; }

    /// <summary>The first day that was looked at; null: all of them.</summary>
    public DateOnly? Since { get; private set; }

    public int DayCount { get; private set; }

    public long RecordCount { get; private set; }

    public int FaultCount { get; private set; }

    public AuditFault? FirstFault { get; private set; }

    public DateOnly? FirstDay { get; private set; }

    internal void Note(AuditFinding finding, DateTime at)
    {
        // A look at some days says nothing of those before them: what was found there stands until all are looked at.
        if (finding is { Since: { } since, Faults.Count: 0 } && FaultCount > 0 && FirstDay < since) return;
        (CheckedAt, Since, DayCount, RecordCount) = (at, finding.Since, finding.Days, finding.Records);
        FaultCount = finding.Faults.Count;
        var first = finding.Faults.Count > 0 ? finding.Faults[0] : ((DateOnly Day, AuditFault Fault)?)null;
        (FirstFault, FirstDay) = (first?.Fault, first?.Day);
    }
}

/// <param name="Since">The first day that was looked at; null: all of them.</param>
/// <param name="Records">Lines that were read.</param>
internal sealed record AuditFinding(
    DateOnly? Since, int Days, long Records, IReadOnlyList<(DateOnly Day, AuditFault Fault)> Faults);

/// <summary>The lines of a day (UTC), wherever they lie now.</summary>
internal sealed record AuditDay(DateOnly Day, long FirstId, long LastId, int Records, string Digest)
{
    /// <summary>A day of an import may have millions of lines.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(30);

    /// <summary>
    /// Weighs the values of a line <c>l</c>. Long texts by their own SHA-256; a mark for NULL.
    /// </summary>
    internal static readonly SqlText Content = new(
        "SHA2(CONCAT(IF(l.old_value IS NULL, 'N', SHA2(l.old_value, 256)), ';', IF(l.new_value IS NULL, 'N', SHA2(l.new_value, 256))), 256)");

    // Braces in the text of a statement are places for its values.
    private static readonly string MarkerDigest =
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(AuditRedaction.Marker)));

    private const string Until = "l.id, UNIX_TIMESTAMP(l.created_at), HEX(l.table_name), COALESCE(l.record_id, 'N'), HEX(l.action), "
        + "COALESCE(l.user_id, 'N'), ";

    private static readonly string After =
        "COALESCE(HEX(l.operation), 'N'), l.severity, COALESCE(r.content, " + Content.Text + ")";

    /// <summary>
    /// The digest of a line <c>l</c> with what was kept of its values (<c>r</c>). Without the address it came from, which is kept for a
    /// shorter time.
    /// </summary>
    internal static readonly SqlText Weight = new(
        "SHA2(CONCAT_WS('|', " + Until + "COALESCE(HEX(l.actor_name), 'N'), " + After + "), 256)");

    /// <summary>What a line weighs that lost its name, and what it weighed with it.</summary>
    internal static readonly SqlText Nameless = new("SHA2(CONCAT_WS('|', " + Until + After + ", r.line), 256)");

    /// <summary>
    /// As <see cref="Weight"/>. A line that was redacted and says something else than the marker has none, nor has one that lost its name
    /// and is not, but for that, what it was.
    /// </summary>
    private static readonly SqlText Line = new(
        "IF(r.content IS NOT NULL AND NOT (l.old_value IS NULL AND SHA2(l.new_value, 256) <=> '" + MarkerDigest + "'), '', "
        + "IF(r.line IS NULL, " + Weight.Text + ", "
        + "IF(l.actor_name <=> '" + AuditRedaction.NoName + "' AND r.rest <=> " + Nameless.Text + ", r.line, '')))");

    /// <returns>Null where the day has no line.</returns>
    public static async Task<AuditDay?> ReadAsync(PortalDb db, DateOnly day, CancellationToken ct)
    {
        var from = day.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc);
        var until = from.AddDays(1);
        db.Database.SetCommandTimeout(Longest);
        using var whole = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var (first, last, records) = (0L, 0L, 0);
        // One statement: what the archive moves meanwhile is on one of its sides.
        await new SqlBatch()
            .Select(
                $"""
                SELECT x.id, x.digest
                FROM (
                    SELECT l.id, {Line} AS digest
                    FROM audit_log AS l LEFT JOIN audit_redactions AS r ON r.audit_id = l.id
                    WHERE l.created_at >= {from} AND l.created_at < {until}
                    UNION ALL
                    SELECT l.id, {Line}
                    FROM audit_log_archive AS l LEFT JOIN audit_redactions AS r ON r.audit_id = l.id
                    WHERE l.created_at >= {from} AND l.created_at < {until}
                ) AS x
                ORDER BY x.id
                """,
                row =>
                {
                    last = Convert.ToInt64(row.GetValue(0), CultureInfo.InvariantCulture);
                    if (records++ == 0) first = last;
                    whole.AppendData(Encoding.ASCII.GetBytes(row.GetString(1)));
                })
            .RunAsync(db, ct);
        return records == 0 ? null : new AuditDay(day, first, last, records, Convert.ToHexStringLower(whole.GetHashAndReset()));
    }

    /// <summary>
    /// The first day from <paramref name="since"/> on that has lines and has been over for two hours by the server's clock: what was
    /// written late on it and saved a while later is in it. Null where there is none.
    /// </summary>
    public static async Task<DateOnly?> FirstAsync(PortalDb db, DateOnly since, CancellationToken ct)
    {
        var from = since.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc);
        DateOnly? found = null;
        db.Database.SetCommandTimeout(Longest);
        await new SqlBatch()
            .Select(
                $"""
                SELECT MIN(x.at) FROM (
                    SELECT MIN(created_at) AS at FROM audit_log WHERE created_at >= {from} AND created_at < DATE(UTC_TIMESTAMP() - INTERVAL 2 HOUR)
                    UNION ALL
                    SELECT MIN(created_at) FROM audit_log_archive WHERE created_at >= {from} AND created_at < DATE(UTC_TIMESTAMP() - INTERVAL 2 HOUR)
                ) AS x
                """,
                row => found = row.IsDBNull(0) ? null : DateOnly.FromDateTime(row.GetDateTime(0)))
            .RunAsync(db, ct);
        return found;
    }

    /// <summary>The days in which there are lines, of those before the last seal.</summary>
    public static async Task<IReadOnlyList<DateOnly>> AllAsync(PortalDb db, DateOnly since, DateOnly last, CancellationToken ct)
    {
        var from = since.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc);
        var until = last.AddDays(1).ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc);
        List<DateOnly> days = [];
        db.Database.SetCommandTimeout(Longest);
        await new SqlBatch()
            .Select(
                $"""
                SELECT DISTINCT DATE(created_at) AS day FROM audit_log WHERE created_at >= {from} AND created_at < {until}
                UNION
                SELECT DISTINCT DATE(created_at) FROM audit_log_archive WHERE created_at >= {from} AND created_at < {until}
                ORDER BY day
                """,
                row => days.Add(DateOnly.FromDateTime(row.GetDateTime(0))))
            .RunAsync(db, ct);
        return days;
    }
}

internal sealed class AuditSealsTable : IEntityTypeConfiguration<AuditSeal>
{
    public void Configure(EntityTypeBuilder<AuditSeal> table) => table.HasKey(s => s.Day);
}
