using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Audit;

namespace Portal.Data.Gate;

/// <summary>What of the history of visits somebody looked at.</summary>
public enum LookKind
{
    /// <summary>The log of visits.</summary>
    Log,

    /// <summary>How many came, by day, hour and tower.</summary>
    Report,

    /// <summary>Who was inside between two moments.</summary>
    Inside,

    /// <summary>Who stayed longer than they may.</summary>
    Overstays,
}

/// <summary>Somebody looked at the history of visits.</summary>
/// <param name="At">UTC.</param>
/// <param name="From">As they asked: a day, or a moment of the building's wall.</param>
/// <param name="Search">Whom they looked for; null for nobody, or when its time of keeping is over.</param>
/// <param name="Format">Null: on the screen. Else the kind of file they took along.</param>
public sealed record LookRow(
    long Id, DateTime At, string? Who, string? Address, LookKind Kind, string? From, string? To, string? Search, string? Format);

/// <summary>
/// Who looked at the history of visits: of which days, or for whom. The history of others' visits is shown to nobody without a line of the
/// audit log; where that cannot be written nothing is shown (<c>docs/decisions/078</c>). Residents who look at their own leave none.
/// </summary>
public sealed class VisitLooks(PortalStore store, TimeProvider time, BuildingClock clock)
{
    /// <summary>Who asks the same again within this time has gone on looking: a list is read page after page, and follows what changes.</summary>
    public static readonly TimeSpan Same = TimeSpan.FromMinutes(10);

    /// <summary>The actions of the audit log, by <see cref="LookKind"/>.</summary>
    public static readonly IReadOnlyList<string> Actions =
        ["visit_log_read", "visit_report_read", "visit_inside_read", "visit_overstays_read"];

    /// <summary>
    /// What the lines are about. Not <c>visitors</c>: the audit log is also how screens learn that something changed, and looking changes
    /// nothing.
    /// </summary>
    internal const string Table = "visit_history";

    /// <summary>So many looks are remembered before the old ones are thrown out.</summary>
    private const int Remembered = 2_000;

    private static readonly JsonSerializerOptions Json = new(AuditTrail.Json) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    private readonly ConcurrentDictionary<(long? Who, LookKind Kind, Details What), DateTime> _lately = new();

    internal sealed record Details(string? From, string? To, string? Search, string? Filter, string? Format);

    /// <summary>Writes down that somebody looks. Files are always written down, what is on the screen once in <see cref="Same"/>.</summary>
    /// <returns>An outage of the database is the only refusal.</returns>
    internal async Task<Result> NoteAsync(LookKind kind, Details what, CurrentUser user, CancellationToken ct)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var key = (user.AccountId, kind, what);
        if (what.Format is null && _lately.TryGetValue(key, out var last) && now - last < Same && now >= last) return Result.Done;
        var noted = await store.WriteAsync(
            user,
            async (db, token) =>
            {
                await db.WriteEventAsync(Actions[(int)kind], Table, null, JsonSerializer.SerializeToElement(what, Json), token);
                return Result.Done;
            },
            ct);
        if (noted.Ok && what.Format is null)
        {
            if (_lately.Count > Remembered)
            {
                foreach (var (old, at) in _lately.Where(one => now - one.Value >= Same).ToList()) _lately.TryRemove(old, out _);
            }

            _lately[key] = now;
        }

        return noted;
    }

    /// <summary>
    /// Who looked, the latest first. Filters: <c>kind</c>, <c>from</c> and <c>to</c> (the day on which they looked); the search is for who
    /// it was. Needs <see cref="Permissions.AuditView"/>.
    /// </summary>
    public async Task<Page<LookRow>> ListAsync(ListQuery query, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.AuditView)) return Page<LookRow>.Empty;
        await using var db = await store.OpenAsync(user, ct);
        IReadOnlyList<string> actions = query.Filter<LookKind>("kind") is { } kind ? [Actions[(int)kind]] : Actions;
        var looks = db.AuditLog.AsNoTracking().Where(e => e.TableName == Table && actions.Contains(e.Action));
        if (query.Search?.Trim() is { Length: > 0 } text) looks = looks.Where(e => e.ActorName!.Contains(text));
        if (query.FilterDate("from") is { } from)
        {
            var since = clock.Beginning(from);
            looks = looks.Where(e => e.CreatedAt >= since);
        }

        if (query.FilterDate("to") is { } to)
        {
            var until = clock.Beginning(to.AddDays(1));
            looks = looks.Where(e => e.CreatedAt < until);
        }

        var page = await looks.OrderByDescending(e => e.Id)
            .Select(e => new { e.Id, e.CreatedAt, e.ActorName, e.IpAddress, e.Action, e.NewValue })
            .PageAsync(query, ct);
        return new Page<LookRow>(
            [
                .. page.Rows.Select(e =>
                {
                    var what = Read(e.NewValue);
                    return new LookRow(
                        e.Id, e.CreatedAt ?? DateTime.UnixEpoch, e.ActorName, e.IpAddress, Kind(e.Action),
                        what?.From, what?.To, what?.Search, what?.Format);
                }),
            ],
            page.Total);
    }

    private static LookKind Kind(string action)
    {
        for (var i = 0; i < Actions.Count; i++)
        {
            if (Actions[i] == action) return (LookKind)i;
        }

        return LookKind.Log;
    }

    /// <summary>What a line says; nothing where its values had to go.</summary>
    private static Details? Read(string? json)
    {
        if (json is null) return null;
        try
        {
            return JsonSerializer.Deserialize<Details>(json, Json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    internal static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    internal static string Moment(DateTime wall) => wall.ToString("yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture);
}
