using Microsoft.AspNetCore.Components;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Backups;
using Portal.Data.Database;
using Portal.Data.Operations;

namespace Portal.Areas.Operations;

/// <summary>What would be lost now, what is wrong and what to do about it, and how portal and database stand.</summary>
public sealed partial class Operations
{
    /// <summary>Rows of a card; the rest is one row more.</summary>
    private const int Shown = 6;

    private static readonly string[] Tables = ["jobs", "backup_sets", "backup_drills"];

    /// <summary>What is looked for first among the jobs.</summary>
    private static readonly string[] First =
        ["mail", "nightly_backup", "backup_drill", "ledger_proof", "audit_seal", "integrity", "daily_figures"];

    private readonly CancellationTokenSource gone = new();
    private MonitorState? state;
    private BackupState? backups;
    private Page<BackupRow> sets = Page<BackupRow>.Empty;
    private IReadOnlyList<DrilledTable> drilled = [];
    private IReadOnlyList<(bool Bad, string What, string Do, string? Href)> attention = [];
    private bool may;

    private sealed record Cell(string Label, string Value, string? Unit, string Line, string? Chip, Tone Tone, bool Alarm = false);

    private sealed record Node(string Name, string How, string State, Tone Tone, string? Title = null);

    private sealed record Figure(string What, string Now, string Limit, bool Over = false);

    public void Dispose()
    {
        gone.Cancel();
        gone.Dispose();
    }

    protected override Task OnInitializedAsync() => ReadAsync();

    protected override void OnAfterRender(bool firstRender)
    {
        // Portals, connections and waits change without a row of theirs being told.
        if (!firstRender) return;
        _ = Again.EveryAsync(PortalPulse.Every, Time, atOnce: false, () => InvokeAsync(RefreshAsync), DispatchExceptionAsync, gone.Token);
    }

    private async Task ReadAsync()
    {
        var user = await Me.GetAsync();
        may = user.Can(Permissions.OperationsBackup);
        backups = await Backups.StateAsync(user, default);
        sets = await Backups.ListAsync(
            new ListQuery(Size: Shown + 1, Filters: new Dictionary<string, string> { ["kept"] = "true" }), user, default);
        drilled = [.. (await Backups.DrilledAsync(user, default)).OrderBy(t => t.Wrong is null).ThenByDescending(t => t.Rows)];
        state = await Monitor.ReadAsync(user, default);
        attention = state is null || backups is null ? [] : [.. Attention(state, backups).OrderBy(one => !one.Bad)];
    }

    private async Task RefreshAsync()
    {
        await ReadAsync();
        StateHasChanged();
    }

    private async Task BackUpAsync()
    {
        var result = await Backups.AskAsync(await Me.GetAsync(), default);
        Toasts.Show(result.Ok ? B["asked"].Value : result.Error!.Explain(S, B), result.Ok ? Tone.Ok : Tone.Bad);
        await RefreshAsync();
    }

    private async Task DrillAsync()
    {
        var result = await Backups.AskDrillAsync(await Me.GetAsync(), default);
        Toasts.Show(result.Ok ? L["drill.asked"].Value : result.Error!.Explain(S, B), result.Ok ? Tone.Ok : Tone.Bad);
        await RefreshAsync();
    }

    /// <summary>What is wrong and what to do about it, the backups' own alarms among it.</summary>
    private IEnumerable<(bool Bad, string What, string Do, string? Href)> Attention(MonitorState now, BackupState saved)
    {
        foreach (var alarm in saved.Alarms(Clock.UtcNow))
            yield return (true, B[$"alarm.{alarm}"], B[$"alarm.{alarm}.why"], "/operations/backups");
        foreach (var alarm in now.Alarms(Clock.UtcNow, Mail.On))
        {
            var (what, todo) = L.Explain(alarm);
            yield return (alarm.Bad, what, todo, alarm.Href);
        }
    }

    private IEnumerable<Cell> Strip(MonitorState now, BackupState saved)
    {
        var alarms = saved.Alarms(Clock.UtcNow);
        yield return Loss(saved, alarms);
        if (saved.SecondPlace is null)
            yield return new Cell(L["away"], L["loss.all"], null, L["away.off"], L["chip.missing"], Tone.Bad);
        else if (saved.LastAway is not { } away)
            yield return new Cell(L["away"], L["loss.all"], null, L["away.never"], L["chip.missing"], Tone.Bad);
        else
        {
            var age = Clock.UtcNow - away.StartedAt;
            var late = age > BackupState.LongestAge;
            yield return new Cell(
                L["away"], Figures.Span(age), null, L["away.goal", Figures.Span(BackupState.LongestAge), At(away.StartedAt)],
                L[late ? "chip.late" : "chip.met"], late ? Tone.Bad : Tone.Ok);
        }

        if (saved.GoodDrill is not { } drill)
        {
            yield return new Cell(L["back"], L["back.unknown"], null, L["back.unknown.why"], null, Tone.Neutral);
            yield return new Cell(
                L["drill.last"], L["never.once"], null, L[saved.Last is null ? "drill.no_set" : "drill.waits"],
                alarms.Any(a => a is BackupAlarm.DrillFailed or BackupAlarm.DrillOld) || saved.Last is null ? L["chip.missing"].Value : null,
                Tone.Bad);
            yield break;
        }

        var took = drill.FinishedAt - drill.StartedAt;
        yield return new Cell(
            L["back"], Figures.Span(took), null, L["back.goal", Figures.Span(now.RestoreGoal), Day(drill.FinishedAt)],
            L[took > now.RestoreGoal ? "chip.late" : "chip.met"], took > now.RestoreGoal ? Tone.Bad : Tone.Ok);
        var old = alarms.Any(a => a is BackupAlarm.DrillFailed or BackupAlarm.DrillOld);
        yield return new Cell(
            L["drill.last"], Formats.Relative(Clock.ToWall(drill.FinishedAt), Clock.Now), null,
            saved.Drill is { Outcome: BackupOutcome.Failed } failed
                ? L["drill.failed", At(failed.FinishedAt)]
                : L["drill.goal", BackupState.LongestWithoutDrill.Days, Day(drill.FinishedAt.AddDays(7))],
            L[old ? "chip.late" : "chip.met"], old ? Tone.Bad : Tone.Ok);
    }

    private Cell Loss(BackupState saved, IReadOnlyList<BackupAlarm> alarms)
    {
        if (saved.Last is null)
        {
            return new Cell(
                L["loss"], L["loss.all"], L["loss.all.unit"], L[saved.Folder is null ? "loss.off" : "loss.never"], L["chip.act"], Tone.Bad,
                Alarm: true);
        }

        var streams = saved.Stream is { NoLog: false, Missing: null, ReachedAt: { } reached } && reached > saved.Last.StartedAt;
        var lost = saved.Loss(Clock.UtcNow) ?? TimeSpan.Zero;

        // The stream is noted each minute: what it had then is what it is behind.
        if (streams && saved.Stream is { SeenAt: { } seen, ReachedAt: { } at } && Clock.UtcNow - seen < TimeSpan.FromSeconds(90))
            lost = seen > at ? seen - at : TimeSpan.FromSeconds(1);
        var act = alarms.Any(a => a is BackupAlarm.Behind or BackupAlarm.Gap or BackupAlarm.Old or BackupAlarm.NotSetUp);
        var goal = streams ? TimeSpan.FromSeconds(10) : BackupState.LongestAge;
        var line = act && saved.Stream is { NoLog: false, ReachedAt: { } stopped } ? L["loss.stopped", At(stopped)]
            : streams ? L["loss.stream", Figures.Span(goal), Clock.ToWall(saved.Stream!.ReachedAt!.Value).ToString("HH:mm:ss", Invariant)]
            : L["loss.sets", Figures.Span(goal), At(saved.Last.StartedAt)];
        return new Cell(
            L["loss"], Figures.Span(lost), L["loss.unit"], line, L[act ? "chip.act" : lost > goal ? "chip.late" : "chip.met"],
            act ? Tone.Bad : lost > goal ? Tone.Warn : Tone.Ok, act);
    }

    private static IReadOnlyList<PortalRow> Serving(MonitorState now) => [.. now.Portals.Where(p => p.Serves)];

    private IEnumerable<Node> Nodes(MonitorState now, BackupState saved)
    {
        foreach (var portal in now.Portals.Take(8))
        {
            yield return portal.Serves
                ? new Node(portal.Name, L["node.circuits", portal.Circuits ?? 0], L["node.serves"], Tone.Ok, $"{portal.Name} {portal.Version}")
                : new Node(
                    portal.Name, L["node.since", Time24(Clock.UtcNow - portal.Silent)], L["node.gone"], Tone.Bad,
                    $"{portal.Name} {portal.Version}");
        }

        if (now.Members.Rows.Count > 0)
        {
            foreach (var member in now.Members.Rows)
            {
                yield return new Node(
                    member.Host, L[member.Role == "PRIMARY" ? "node.writes" : "node.follows"],
                    member.State != "ONLINE" ? member.State : L[member.Role == "PRIMARY" ? "node.primary" : "node.ready"],
                    member.State == "ONLINE" ? Tone.Ok : member.State == "RECOVERING" ? Tone.Warn : Tone.Bad, $"{member.Host}:{member.Port}");
            }
        }
        else
        {
            yield return new Node(
                now.Server.Host, L[now.Server.ReadOnly ? "node.reads" : "node.writes"],
                now.Members.Lacking == Lacking.Right ? L["node.unknown"] : L[now.Server.ReadOnly ? "node.readonly" : "node.alone"],
                now.Server.ReadOnly ? Tone.Bad : now.Members.Lacking == Lacking.Right ? Tone.Warn : Tone.Ok,
                now.Members.Lacking == Lacking.Right ? L.Why(now.Members) : now.Server.Version);
        }

        var alarms = saved.Alarms(Clock.UtcNow);
        yield return saved.Folder is null ? new Node(L["node.copy"], L["node.copy.off"], L["chip.missing"], Tone.Warn)
            : saved.Stream is not { NoLog: false, ReachedAt: { } reached } ? new Node(
                L["node.copy"], L["node.copy.nights"], L[saved.Last is null ? "chip.missing" : "node.nightly"],
                saved.Last is null ? Tone.Warn : Tone.Neutral)
            : alarms.Any(a => a is BackupAlarm.Behind or BackupAlarm.Gap)
                ? new Node(L["node.copy"], L["node.since", Time24(reached)], L["node.stopped"], Tone.Bad)
                : new Node(L["node.copy"], L["node.until", Time24(reached)], L["node.goes"], Tone.Ok);
        yield return saved.SecondPlace is null ? new Node(L["node.away"], L["node.away.off"], L["chip.missing"], Tone.Warn)
            : saved.LastAway is not { } away ? new Node(L["node.away"], L["never"], L["chip.missing"], Tone.Warn)
            : alarms.Contains(BackupAlarm.Away)
                ? new Node(L["node.away"], L["node.since", At(away.StartedAt)], L["chip.late"], Tone.Bad)
                : new Node(L["node.away"], Figures.Span(Clock.UtcNow - away.StartedAt), L["same"], Tone.Ok);
    }

    private static IEnumerable<JobKindRow> Chosen(IReadOnlyList<JobKindRow> jobs) => jobs
        .OrderByDescending(j => j.Failed > 0).ThenByDescending(j => j.Retrying > 0 || j.Late > 0)
        .ThenBy(j => Array.IndexOf(First, j.Kind) is var at && at < 0 ? First.Length : at).ThenByDescending(j => j.LastAt)
        .Take(Shown + 1);

    private RenderFragment Result(JobKindRow job) => job switch
    {
        { Failed: > 0 } => Mark(false, L["job.failed", job.Failed]),
        { Retrying: > 0 } => Mark(false, L["job.retrying", job.Retrying], Tone.Warn),
        { Running: > 0 } => Text(L["state.Running"]),
        { Left: { } why } => Mark(false, L.Note(why), Tone.Warn),
        { LastAt: not null } => Mark(true, L["job.done", Formats.Number(job.Done)]),
        _ => Text("—"),
    };

    private string Next(JobKindRow job) => job.NextAt is { } next
        ? next <= Clock.UtcNow ? L["job.now"] : Formats.Relative(Clock.ToWall(next), Clock.Now)
        : L[job.Recurring ? "job.again" : "job.asked"];

    /// <summary>The figures that the documents ask for, each beside what it may be.</summary>
    private IEnumerable<Figure> Load(MonitorState now)
    {
        var (server, portals) = (now.Server, Serving(now));
        yield return new Figure(
            L["load.connections"], Formats.Number(server.Connections), Formats.Number(server.MostConnections),
            server.MostConnections > 0 && server.Connections * 100 >= server.MostConnections * MonitorState.ManyConnections);
        if (portals.Count > 0)
        {
            var (used, most) = (portals.Sum(p => p.Connections ?? 0), portals.Sum(p => p.ConnectionsMost ?? 0));
            yield return new Figure(L["load.pool"], Formats.Number(used), Formats.Number(most), most > 0 && used * 100 >= most * MonitorState.ManyConnections);
            if (portals.Max(p => p.FeedLag) is { } lag)
            {
                yield return new Figure(
                    L["load.feed"], Figures.Seconds(lag), Figures.Span(MonitorState.FeedPatience), lag > MonitorState.FeedPatience);
            }

            yield return new Figure(L["load.retries"], Formats.Number(portals.Sum(p => p.Retries ?? 0)), "");
            if (portals.Min(p => p.DiskShare) is { } share)
            {
                yield return new Figure(
                    L["load.disk"], Formats.Percent(share, 0), Formats.Percent(MonitorState.LittleDisk, 0), share < MonitorState.LittleDisk);
            }

            yield return portals.Min(p => p.CertificateUntil) is { } until
                ? new Figure(
                    L["load.certificate"], L["load.days", Math.Max(0, (int)(until - Clock.UtcNow).TotalDays)],
                    L["load.days", MonitorState.CertificateDays], until < Clock.UtcNow.AddDays(MonitorState.CertificateDays))
                : new Figure(L["load.certificate"], L["load.no_certificate"], "");
        }

        if (server.Cached is { } cached)
        {
            yield return new Figure(
                L["load.cached"], Formats.Percent(cached, 1), Formats.Percent(MonitorState.LittleCached, 0), cached < MonitorState.LittleCached);
        }
    }

    /// <summary>Kind and version without what the distribution adds.</summary>
    private static string Kind(ServerFacts server) => $"{(server.MariaDb ? "MariaDB" : "MySQL")} {server.Version.Split('-')[0]}";

    private static TimeSpan Sum(IEnumerable<StatementRow> rows) => TimeSpan.FromTicks(rows.Sum(r => r.Total.Ticks));

    private static string Grown(MonitorState now, long bytes) => now.GrowthSince is null ? "—" : Figures.Grown(bytes);

    private string At(DateTime utc)
    {
        var wall = Clock.ToWall(utc);
        return $"{Formats.DayMonth(DateOnly.FromDateTime(wall))}, {Formats.Time(TimeOnly.FromDateTime(wall))}";
    }

    private string Day(DateTime utc) => Formats.DayMonth(DateOnly.FromDateTime(Clock.ToWall(utc)));

    private string Time24(DateTime utc) => Formats.Time(TimeOnly.FromDateTime(Clock.ToWall(utc)));

    private static System.Globalization.CultureInfo Invariant => System.Globalization.CultureInfo.InvariantCulture;
}
