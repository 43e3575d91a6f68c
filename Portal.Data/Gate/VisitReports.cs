using System.Data.Common;
using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Building;
using Portal.Data.Operations;
using Portal.Data.Parking;
using Portal.Data.People;

namespace Portal.Data.Gate;

/// <summary>
/// What the log of visits tells over a period, for the office. Each look is itself written down (<see cref="VisitLooks"/>) before anything
/// is shown. All need <see cref="Permissions.GateReport"/>.
/// </summary>
public sealed class VisitReports(PortalStore store, BuildingClock clock, SettingsService settings, VisitLooks looks)
{
    /// <summary>The longest period of a report, in days.</summary>
    public const int LongestPeriod = 732;

    /// <summary>The longest span of which it is asked who was inside, in days.</summary>
    public const int LongestSpan = 62;

    /// <summary>How many came, by day, hour of the day, tower and kind.</summary>
    /// <param name="format">Of the file that is made of it; null: it is shown.</param>
    /// <returns>Refusals: <c>forbidden</c>, <c>visits.period</c> where it ends before it begins or is longer than two years.</returns>
    public async Task<Result<VisitReport>> ReportAsync(
        DateOnly from, DateOnly to, string? format, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.GateReport)) return Error.Forbidden;
        if (to < from || to.DayNumber - from.DayNumber >= LongestPeriod) return new Error("visits.period", null, LongestPeriod);
        var look = new VisitLooks.Details(VisitLooks.Day(from), VisitLooks.Day(to), null, null, format);
        if (await looks.NoteAsync(LookKind.Report, look, user, ct) is { Ok: false } refused) return Result<VisitReport>.Refused(refused);

        var limits = await settings.GetAsync(ct);
        await using var db = await store.OpenAsync(user, ct);
        var (now, stays, sums) = (clock.Now, Stays(from, to), new SqlText(Sums));
        var over = new SqlText(Limit(limits));
        List<DayVisits> days = [];
        var hours = Enumerable.Range(0, 24).Select(hour => new HourVisits(hour, VisitCount.None)).ToArray();
        List<TowerVisits> towers = [];
        List<KindVisits> kinds = [];
        await new SqlBatch()
            .Select(
                $"SELECT {sums}, v.visit_date FROM visitors AS v WHERE {stays} GROUP BY v.visit_date ORDER BY v.visit_date",
                row => days.Add(new DayVisits(DateOnly.FromDateTime(row.GetDateTime(3)), Count(row))))
            .Select(
                $"SELECT {sums}, HOUR(v.enter_time) FROM visitors AS v WHERE {stays} GROUP BY HOUR(v.enter_time) ORDER BY HOUR(v.enter_time)",
                row => hours[Int(row, 3) % 24] = new HourVisits(Int(row, 3) % 24, Count(row)))
            .Select(
                $"""
                SELECT {sums}, t.name, COUNT(DISTINCT v.apartment_id) FROM visitors AS v
                LEFT JOIN apartments AS a ON a.id = v.apartment_id LEFT JOIN towers AS t ON t.id = a.tower_id
                WHERE {stays} GROUP BY t.id, t.name ORDER BY t.name IS NULL, t.name, t.id
                """,
                row => towers.Add(new TowerVisits(row.IsDBNull(3) ? null : row.GetString(3), Count(row), Int(row, 4))))
            .Select(
                $"""
                SELECT {sums}, v.kind, AVG(CASE WHEN v.state = 'left' AND NOT v.auto_closed AND v.exit_time IS NOT NULL
                        THEN TIMESTAMPDIFF(MINUTE, TIMESTAMP(v.visit_date, v.enter_time),
                            TIMESTAMP(COALESCE(v.exit_date, v.visit_date), v.exit_time)) END),
                    SUM(CASE WHEN {over} > 0 AND {new SqlText(Minutes(now))} > {over} THEN 1 ELSE 0 END)
                FROM visitors AS v WHERE {stays} GROUP BY v.kind ORDER BY v.kind
                """,
                row => kinds.Add(new KindVisits(
                    Enum.Parse<VisitorKind>(row.GetString(3), ignoreCase: true), Count(row), row.IsDBNull(4) ? null : Int(row, 4),
                    Int(row, 5))))
            .RunAsync(db, ct);
        return new VisitReport(from, to, days, hours, towers, kinds, clock.Today.AddDays(-limits.VisitorRetentionDays));
    }

    /// <summary>
    /// Who was inside between two moments of the building's wall, one of them at least. Filters: <c>from</c> and <c>to</c> as
    /// <c>2026-11-20T18:00</c>; without them nothing is found. The search is for a name, document, plate or apartment.
    /// </summary>
    public async Task<Page<StayRow>> InsideAsync(ListQuery query, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.GateReport) || SpanOf(query) is not { } span) return Page<StayRow>.Empty;
        await NoteAsync(LookKind.Inside, Look(query, span, null), user, ct);
        var limits = await settings.GetAsync(ct);
        await using var db = await store.OpenAsync(user, ct);
        var page = await Rows(db, Sorted(await SearchAsync(db, Inside(db, span), query, ct), query)).PageAsync(query, ct);
        return new Page<StayRow>([.. page.Rows.Select(r => r.ToStay(limits))], page.Total);
    }

    /// <summary>Who stayed longer than they may, of those who came in over a period. Filters: <c>from</c>, <c>to</c> (days), <c>kind</c>.</summary>
    public async Task<Page<StayRow>> OverstaysAsync(ListQuery query, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.GateReport) || DaysOf(query) is not { } days) return Page<StayRow>.Empty;
        await NoteAsync(LookKind.Overstays, Look(query, days, null), user, ct);
        var limits = await settings.GetAsync(ct);
        await using var db = await store.OpenAsync(user, ct);
        var over = await SearchAsync(db, Over(db, days, limits), query, ct);
        var page = await Rows(db, Sorted(over, query)).PageAsync(query, ct);
        return new Page<StayRow>([.. page.Rows.Select(r => r.ToStay(limits))], page.Total);
    }

    /// <summary>All that <see cref="InsideAsync"/> or <see cref="OverstaysAsync"/> would show, for a file.</summary>
    /// <param name="kind">Which of the two.</param>
    public async IAsyncEnumerable<StayRow> ExportAsync(
        LookKind kind, ListQuery query, string format, CurrentUser user, [EnumeratorCancellation] CancellationToken ct)
    {
        var span = kind == LookKind.Inside ? SpanOf(query) : DaysOf(query);
        if (!user.Can(Permissions.GateReport) || span is not { } asked) yield break;
        await NoteAsync(kind, Look(query, asked, format), user, ct);
        var limits = await settings.GetAsync(ct);
        await using var db = await store.OpenAsync(user, ct);
        var found = await SearchAsync(db, kind == LookKind.Inside ? Inside(db, asked) : Over(db, asked, limits), query, ct);
        var rows = Exports.ReadAsync(
            await Sorted(found, query).Select(v => v.Id).ToListAsync(ct),
            some => Rows(db, db.Visitors.AsNoTracking().Where(v => some.Contains(v.Id))).ToListAsync(ct),
            row => row.Id);
        await foreach (var row in rows) yield return row.ToStay(limits);
    }

    /// <summary>The span of which it is asked who was inside; null where the address names none that can be read.</summary>
    public static (DateTime From, DateTime To)? SpanOf(ListQuery query) =>
        MomentOf(query.Filter("from")) is { } from && MomentOf(query.Filter("to")) is { } to && from <= to
            && to - from <= TimeSpan.FromDays(LongestSpan)
            ? (from, to)
            : null;

    /// <summary>A moment as an address holds it.</summary>
    public static DateTime? MomentOf(string? text) =>
        DateTime.TryParseExact(text, "yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var moment)
        && moment.Year is >= 1900 and <= 2200
            ? moment
            : null;

    private (DateTime From, DateTime To)? DaysOf(ListQuery query)
    {
        var to = query.FilterDate("to") ?? clock.Today;
        var from = query.FilterDate("from") ?? to.AddDays(-29);
        return from <= to && to.DayNumber - from.DayNumber < LongestPeriod
            ? (from.ToDateTime(TimeOnly.MinValue), to.ToDateTime(TimeOnly.MinValue))
            : null;
    }

    /// <summary>A list has no refusal: what may not be shown fails as the database's own failure does.</summary>
    private async Task NoteAsync(LookKind kind, VisitLooks.Details look, CurrentUser user, CancellationToken ct)
    {
        if (await looks.NoteAsync(kind, look, user, ct) is { Ok: false } refused)
            throw new InvalidOperationException($"The history of visits is not shown, for the look could not be noted: {refused.Error!.Code}.");
    }

    private static VisitLooks.Details Look(ListQuery query, (DateTime From, DateTime To) span, string? format)
    {
        var days = span.From.TimeOfDay == default && span.To.TimeOfDay == default && query.Filter("from")?.Contains('T') != true;
        return new VisitLooks.Details(
            days ? VisitLooks.Day(DateOnly.FromDateTime(span.From)) : VisitLooks.Moment(span.From),
            days ? VisitLooks.Day(DateOnly.FromDateTime(span.To)) : VisitLooks.Moment(span.To),
            query.Search.TrimToNull(), query.Filter("kind"), format);
    }

    /// <summary>Came before the span was over, and had not gone when it began. Whose exit nobody logged was inside to the end of the day.</summary>
    private static IQueryable<Visitor> Inside(PortalDb db, (DateTime From, DateTime To) span)
    {
        var (fromDay, fromTime) = (DateOnly.FromDateTime(span.From), TimeOnly.FromDateTime(span.From));
        var (toDay, toTime) = (DateOnly.FromDateTime(span.To), TimeOnly.FromDateTime(span.To));
        return db.Visitors.AsNoTracking().Where(v =>
            (v.State == VisitorState.Inside || v.State == VisitorState.Left)
            && v.EnterTime != null
            && (v.VisitDate < toDay || (v.VisitDate == toDay && v.EnterTime <= toTime))
            && (v.State == VisitorState.Inside
                || (v.ExitDate ?? v.VisitDate) > fromDay
                || ((v.ExitDate ?? v.VisitDate) == fromDay && (v.ExitTime == null || v.ExitTime >= fromTime))));
    }

    private IQueryable<Visitor> Over(PortalDb db, (DateTime From, DateTime To) days, BuildingSettings limits)
    {
        var (from, to) = (DateOnly.FromDateTime(days.From), DateOnly.FromDateTime(days.To));
        // Numbers of our own and a time: nothing that came from outside.
        var (limit, minutes) = (Limit(limits), Minutes(clock.Now));
        var sql =
            $$"""
            SELECT v.* FROM visitors AS v
            WHERE v.state IN ('inside', 'left') AND v.enter_time IS NOT NULL AND v.visit_date BETWEEN {0} AND {1}
                AND {{limit}} > 0 AND {{minutes}} > {{limit}}
            """;
        return db.Visitors.FromSqlRaw(sql, from, to).AsNoTracking();
    }

    private static async Task<IQueryable<Visitor>> SearchAsync(
        PortalDb db, IQueryable<Visitor> visits, ListQuery query, CancellationToken ct)
    {
        if (query.Filter<VisitorKind>("kind") is { } kind) visits = visits.Where(v => v.Kind == kind);
        return query.Search?.Trim() is { Length: > 0 } text ? await visits.SearchedAsync(db, text, ct) : visits;
    }

    private static IOrderedQueryable<Visitor> Sorted(IQueryable<Visitor> visits, ListQuery query) => (query.Sort, query.Descending) switch
    {
        ("name", false) => visits.OrderBy(v => v.Name).ThenBy(v => v.Id),
        ("name", true) => visits.OrderByDescending(v => v.Name).ThenByDescending(v => v.Id),
        ("in", true) => visits.OrderByDescending(v => v.VisitDate).ThenByDescending(v => v.EnterTime).ThenByDescending(v => v.Id),
        _ => visits.OrderBy(v => v.VisitDate).ThenBy(v => v.EnterTime).ThenBy(v => v.Id),
    };

    private sealed record Raw(
        long Id, string Name, string Identification, VisitorKind Kind, VisitorState State, string Unit, string Host, int People,
        string? Plate, DateOnly Day, TimeOnly? In, DateOnly? OutDay, TimeOnly? Out, bool AutoClosed, bool Offline)
    {
        public StayRow ToStay(BuildingSettings limits) => new(
            Id, Name, Identification, Kind, State, Unit, Host, People, Plate, In is { } came ? Day.ToDateTime(came) : null,
            Out is { } went ? (OutDay ?? Day).ToDateTime(went) : null, AutoClosed, Offline, (int)limits.Overstay(Kind).TotalMinutes);
    }

    private static IQueryable<Raw> Rows(PortalDb db, IQueryable<Visitor> visits) => visits.Select(v => new Raw(
        v.Id, v.Name, v.Identification, v.Kind, v.State, UnitName.Of(v.Apartment) ?? "",
        db.Profiles.Where(p => p.UserId == v.Host!.UserId).Select(p => p.FullName).FirstOrDefault() ?? "", v.People, v.LicensePlate,
        v.VisitDate, v.EnterTime, v.ExitDate, v.ExitTime, v.AutoClosed, v.Offline));

    private const string Sums =
        "COUNT(*), SUM(v.people), SUM(CASE WHEN v.pass_id IS NOT NULL OR v.expected_from IS NOT NULL THEN 1 ELSE 0 END)";

    private static SqlText Stays(DateOnly from, DateOnly to) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"v.state IN ('inside', 'left') AND v.enter_time IS NOT NULL AND v.visit_date BETWEEN '{from:yyyy-MM-dd}' AND '{to:yyyy-MM-dd}'"));

    /// <summary>How long a kind may stay, in minutes.</summary>
    private static string Limit(BuildingSettings limits) =>
        "(CASE v.kind " + string.Concat(Enum.GetValues<VisitorKind>().Select(kind => string.Create(
            CultureInfo.InvariantCulture,
            $"WHEN '{Schema.PortalModel.Snake(kind.ToString())}' THEN {(int)limits.Overstay(kind).TotalMinutes} "))) + "ELSE 0 END)";

    /// <summary>How long somebody stayed, or has been inside until now. Where nobody logged the exit, to the end of that day.</summary>
    private static string Minutes(DateTime now) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        TIMESTAMPDIFF(MINUTE, TIMESTAMP(v.visit_date, v.enter_time), CASE WHEN v.state = 'inside' THEN TIMESTAMP('{now:yyyy-MM-dd HH:mm:ss}')
            ELSE TIMESTAMP(COALESCE(v.exit_date, v.visit_date), COALESCE(v.exit_time, '23:59:59')) END)
        """);

    private static VisitCount Count(DbDataReader row) => new(Int(row, 0), Int(row, 1), Int(row, 2));

    private static int Int(DbDataReader row, int column) =>
        row.IsDBNull(column) ? 0 : (int)Math.Round(Convert.ToDecimal(row.GetValue(column), CultureInfo.InvariantCulture));
}
