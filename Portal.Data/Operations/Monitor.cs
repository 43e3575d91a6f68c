using Portal.Data.Backups;

namespace Portal.Data.Operations;

/// <summary>The database server as it says of itself.</summary>
/// <param name="Version">As it writes it.</param>
/// <param name="Host">The name of its machine.</param>
/// <param name="Settings">Of its variables those that are looked at, by name in lower case.</param>
/// <param name="Status">Of its counters those that are looked at, by name in lower case.</param>
public sealed record ServerFacts(
    string Version, string Host, IReadOnlyDictionary<string, string> Settings, IReadOnlyDictionary<string, long> Status)
{
    public bool MariaDb => Version.Contains("MariaDB", StringComparison.OrdinalIgnoreCase);

    public bool ReadOnly => On("read_only") || On("super_read_only");

    /// <summary>Whether it measures statements.</summary>
    public bool Measures => On("performance_schema");

    /// <summary>The group it belongs to; null where it stands alone.</summary>
    public string? Group => Settings.GetValueOrDefault("group_replication_group_name") is { Length: > 0 } name ? name : null;

    /// <summary>Servers that the group is told to have; 0 without one.</summary>
    public int Seeds => Group is null ? 0 : Settings.GetValueOrDefault("group_replication_group_seeds") is { Length: > 0 } seeds
        ? seeds.Split(',', StringSplitOptions.RemoveEmptyEntries).Length : 0;

    /// <summary>A connection that somebody holds, idle or not.</summary>
    public long Connections => Of("threads_connected");

    public long MostConnections => long.TryParse(Settings.GetValueOrDefault("max_connections"), out var most) ? most : 0;

    /// <summary>Percent of what was read that lay in memory; null where too little was read to tell.</summary>
    public decimal? Cached => Of("innodb_buffer_pool_read_requests") is > 10_000 and var asked
        ? 100m - (100m * Of("innodb_buffer_pool_reads") / asked)
        : null;

    public bool On(string setting) => Settings.GetValueOrDefault(setting) is "ON" or "1" or "YES";

    public long Of(string counter) => Status.GetValueOrDefault(counter);
}

/// <summary>A portal that serves this database, or did within a day. Times are UTC.</summary>
/// <param name="Silent">How long it has not said so.</param>
/// <param name="Circuits">Open pages. This and what follows: null from one that does not say it.</param>
/// <param name="FeedLag">Since its live feed last read to the end.</param>
/// <param name="Retries">Units of work begun again since it started.</param>
public sealed record PortalRow(
    string Name, string Version, DateTime StartedAt, TimeSpan Silent, int? Circuits, int? Connections, int? ConnectionsMost,
    TimeSpan? FeedLag, long? Retries, long? DiskFree, long? DiskTotal, DateTime? CertificateUntil)
{
    public bool Serves => Silent < MonitorState.PortalPatience;

    /// <summary>Percent.</summary>
    public decimal? DiskShare => DiskTotal is > 0 ? 100m * DiskFree / DiskTotal : null;
}

/// <summary>The jobs of one kind. Times are UTC.</summary>
/// <param name="Retrying">Waiting, and has failed before.</param>
/// <param name="LastAt">When one was last finished.</param>
/// <param name="NextAt">When the next that waits is due.</param>
/// <param name="Left">Why the last was left; null where it was not.</param>
/// <param name="Recurring">It comes back by itself.</param>
public sealed record JobKindRow(
    string Kind, int Waiting, int Running, int Failed, int Retrying, int Late, int Done, DateTime? LastAt, DateTime? NextAt, string? Left,
    bool Recurring);

/// <param name="Before">Bytes on <see cref="MonitorState.GrowthSince"/>; null where it was not there or not measured.</param>
public sealed record TableRow(string Name, long Bytes, long Records, long? Before)
{
    public long Grown => Before is { } before ? Bytes - before : 0;
}

/// <summary>What was changed today in one table, by the audit log.</summary>
public sealed record ChangedRow(string Table, long Changes, int People);

/// <summary>A check of the data. Times are UTC.</summary>
public sealed record CheckRow(string Name, DateTime CheckedAt, int TookMs, long Found, string? Detail);

/// <summary>A member of the database's group.</summary>
public sealed record MemberRow(string Host, int Port, string State, string Role);

/// <summary>A statement as the server counts it: without values.</summary>
/// <param name="P95">Null where the server does not know it.</param>
public sealed record DigestRow(string Sql, long Times, TimeSpan? P95, TimeSpan Worst, TimeSpan Total, long Examined, long WithoutIndex);

public sealed record IndexRow(string Table, string Index);

/// <summary>Why the server does not answer a question.</summary>
public enum Lacking
{
    /// <summary>It answers.</summary>
    Nothing,

    /// <summary>It does not measure it (<see cref="Asked{T}.What"/>: the setting).</summary>
    Off,

    /// <summary>The portal's account may not ask (<see cref="Asked{T}.What"/>: on which table).</summary>
    Right,
}

/// <summary>What the server answered, or why it did not.</summary>
public sealed record Asked<T>(IReadOnlyList<T> Rows, Lacking Lacking = Lacking.Nothing, string? What = null);

/// <summary>How portal and database stand.</summary>
/// <param name="Late">Jobs due for longer than <see cref="OperationsService.Patience"/> and not begun.</param>
/// <param name="Unsent">Mails that were left because none is set up.</param>
/// <param name="GrowthSince">The day <see cref="TableRow.Before"/> is of; null before there are two days.</param>
/// <param name="LastMigration">Number of the newest that is whole.</param>
public sealed record MonitorState(
    ServerFacts Server, IReadOnlyList<PortalRow> Portals, IReadOnlyList<JobKindRow> Jobs, int Late, int Unsent,
    IReadOnlyList<TableRow> Tables, DateOnly? GrowthSince, IReadOnlyList<ChangedRow> Changed, IReadOnlyList<CheckRow> Checks,
    Asked<MemberRow> Members, int LastMigration, bool SchemaHalf, int LedgerFailures, bool ProofLate, int Apartments)
{
    /// <summary>Two beats, and what one may be late.</summary>
    public static readonly TimeSpan PortalPatience = TimeSpan.FromSeconds(45);

    /// <summary>The live feed reads twice a second.</summary>
    public static readonly TimeSpan FeedPatience = TimeSpan.FromSeconds(10);

    /// <summary>A week, and what it may be late.</summary>
    public static readonly TimeSpan ChecksPatience = TimeSpan.FromDays(3);

    public const int LittleDisk = 20, HardlyAnyDisk = 10, ManyConnections = 80, LittleCached = 80, CertificateDays = 30;

    /// <summary>What a statement may take.</summary>
    public static readonly TimeSpan SlowStatement = TimeSpan.FromSeconds(1);

    private static readonly string[] MailKinds = [Notifications.MailJob.JobKind.Name, Notifications.DigestMail.JobKind.Name];

    /// <summary>What this portal waited for at the database within a day, by what asked; the most first.</summary>
    public IReadOnlyList<StatementRow> Measured { get; init; } = [];

    /// <summary>From when on (UTC) that is counted.</summary>
    public DateTime MeasuredSince { get; init; }

    public long Bytes => Tables.Sum(t => t.Bytes);

    public int JobsFailed => Jobs.Sum(j => j.Failed);

    public int MailWaiting => Jobs.Where(j => MailKinds.Contains(j.Kind)).Sum(j => j.Waiting + j.Running);

    public int MailFailed => Jobs.Where(j => MailKinds.Contains(j.Kind)).Sum(j => j.Failed);

    /// <summary>How soon it should be possible to work again: ten minutes, an hour with the data of a whole quarter of a town.</summary>
    public TimeSpan RestoreGoal => TimeSpan.FromMinutes(Apartments > 5000 ? 60 : 10);

    /// <summary>What is wrong, the worst first. The backups' own alarms are <see cref="BackupState.Alarms"/>.</summary>
    /// <param name="utcNow">By the portal's clock.</param>
    /// <param name="mailOn">Whether a mail server is named.</param>
    public IReadOnlyList<OperationsAlarm> Alarms(DateTime utcNow, bool mailOn)
    {
        List<OperationsAlarm> found = [];
        void Bad(AlarmKind kind, string? href, params object[] values) => found.Add(new(kind, true, href, values));
        void Warn(AlarmKind kind, string? href, params object[] values) => found.Add(new(kind, false, href, values));

        if (SchemaHalf) Bad(AlarmKind.Schema, "/operations/jobs#schema");
        if (Server.ReadOnly) Bad(AlarmKind.ReadOnly, "/operations/database");
        foreach (var check in Checks.Where(c => c.Found > 0)) Bad(AlarmKind.Check, "/operations#checks", check.Found, check.Name);
        if (LedgerFailures > 0) Bad(AlarmKind.Ledger, "/ledger", LedgerFailures);
        foreach (var member in Members.Rows.Where(m => m.State is not ("ONLINE" or "RECOVERING")))
            Bad(AlarmKind.Member, "/operations/database", member.Host, member.State);
        // One that is dead is no member any more: it is missed among those that the group is told to have.
        if (Server.Seeds - Members.Rows.Count is > 0 and var gone && Members.Lacking == Lacking.Nothing)
            Bad(AlarmKind.MemberGone, "/operations/database", gone, Server.Seeds);
        foreach (var portal in Portals)
        {
            if (!portal.Serves)
            {
                Bad(AlarmKind.PortalGone, null, portal.Name);
                continue;
            }

            if (portal.DiskShare is < HardlyAnyDisk and var little) Bad(AlarmKind.DiskFull, null, portal.Name, little);
            else if (portal.DiskShare is < LittleDisk and var less) Warn(AlarmKind.DiskLow, null, portal.Name, less);
            if (portal.FeedLag > FeedPatience) Bad(AlarmKind.Feed, null, portal.Name);
            if (portal is { ConnectionsMost: > 0 and var most, Connections: { } used } && used * 100 >= most * ManyConnections)
                Warn(AlarmKind.Pool, "/operations/database", portal.Name, used, most);
            if (portal.CertificateUntil is { } until && until < utcNow.AddDays(CertificateDays))
            {
                found.Add(new(
                    AlarmKind.Certificate, until < utcNow.AddDays(7), null, [portal.Name, Math.Max(0, (int)(until - utcNow).TotalDays)]));
            }
        }

        if (ProofLate) Bad(AlarmKind.Proof, "/operations/jobs?q=ledger_proof");
        if (JobsFailed - MailFailed is > 0 and var failed) Bad(AlarmKind.Failed, "/operations/jobs?state=failed", failed);
        if (MailFailed > 0) Bad(AlarmKind.MailFailed, "/operations/jobs?state=failed&q=mail", MailFailed);
        if (Late > 0) Bad(AlarmKind.Late, "/operations/jobs?state=waiting", Late);
        if (Server.MostConnections > 0 && Server.Connections * 100 >= Server.MostConnections * ManyConnections)
            Warn(AlarmKind.Connections, "/operations/database", Server.Connections, Server.MostConnections);
        if (Server.Cached is < LittleCached and var cached) Warn(AlarmKind.Cache, "/operations/database", cached);
        if (Portals.Where(p => p.Serves).Select(p => p.Version).Distinct().Count() > 1) Warn(AlarmKind.Versions, null);
        if (Checks.Count > 0 && Checks.Max(c => c.CheckedAt) < utcNow - ChecksPatience)
            Warn(AlarmKind.ChecksLate, "/operations/jobs?q=integrity");
        if (!mailOn) Warn(Unsent > 0 ? AlarmKind.Unsent : AlarmKind.MailOff, null, Unsent);
        return [.. found.OrderBy(a => !a.Bad)];
    }
}

/// <summary>What an alarm is about: a word <c>alarm.*</c> and, for what to do, <c>alarm.*.do</c>; a section of docs/operations.md.</summary>
public enum AlarmKind
{
    Schema, ReadOnly, Check, Ledger, Member, MemberGone, PortalGone, DiskFull, DiskLow, Feed, Pool, Certificate, Proof, Failed, MailFailed, Late,
    Connections, Cache, Versions, ChecksLate, Unsent, MailOff,
}

/// <param name="Bad">Something is lost or stands still; else it will.</param>
/// <param name="Href">Where it is seen and mended; null where that is not in the portal.</param>
/// <param name="Values">For its words.</param>
public sealed record OperationsAlarm(AlarmKind Kind, bool Bad, string? Href, IReadOnlyList<object> Values);

/// <summary>The database looked at closely.</summary>
/// <param name="Statements">What takes most of the server's time.</param>
/// <param name="Unused">Indexes that nobody has read since the server started; unique ones keep their rule and are not among them.</param>
public sealed record DatabaseState(MonitorState All, Asked<DigestRow> Statements, Asked<IndexRow> Unused);
