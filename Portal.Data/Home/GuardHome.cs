using System.Data.Common;
using Portal.Data.Building;
using Portal.Data.Gate;
using Portal.Data.Operations;

namespace Portal.Data.Home;

/// <summary>What the guard on duty sees before going to the terminal.</summary>
/// <param name="Hours">Entries by hour today, 0 to 23.</param>
/// <param name="HoursUsual">Mean entries by hour on the same weekday of the last four weeks.</param>
public sealed record GuardHome(
    IReadOnlyList<InsideVisitor> Inside,
    IReadOnlyList<ExpectedToday> Expected,
    int EntriesToday,
    int EntriesYesterdayByNow,
    int PackagesWaiting,
    int FreeVisitorSpaces,
    int VisitorSpaces,
    IReadOnlyList<decimal> Hours,
    IReadOnlyList<decimal> HoursUsual,
    IReadOnlyList<UnreadNote> Notes);

public sealed record ExpectedToday(long Id, string Name, string Unit, int People, string? Plate, DateTime From, DateTime Until);

public sealed record UnreadNote(long Id, string Text, DateTime WrittenAt);

/// <summary>Four statements, one trip.</summary>
internal static class GuardHomeQuery
{
    private const string Sql = $"""
        SELECT
            (SELECT COUNT(*) FROM packages WHERE status = 'waiting'),
            (SELECT COUNT(*) FROM parking AS s WHERE s.use_kind = 'visitor' AND s.status_id = 1
                AND NOT EXISTS (SELECT 1 FROM visitors AS v WHERE v.parking_id = s.id AND v.state = 'inside')),
            (SELECT COUNT(*) FROM parking WHERE use_kind = 'visitor'),
            (SELECT COUNT(*) FROM visitors WHERE visit_date = @yesterday AND enter_time <= @clock);

        (SELECT 'inside' AS what, v.id, v.name, v.kind, t.name AS tower, {UnitName.Sql} AS unit, v.people, v.license_plate, TIMESTAMP(v.visit_date, v.enter_time) AS at, NULL AS until
            FROM visitors AS v LEFT JOIN apartments AS a ON a.id = v.apartment_id LEFT JOIN towers AS t ON t.id = a.tower_id
            WHERE v.state = 'inside' AND v.enter_time IS NOT NULL ORDER BY v.visit_date, v.enter_time, v.id LIMIT 200)
        UNION ALL
        (SELECT 'expected', v.id, v.name, v.kind, t.name, {UnitName.Sql}, v.people, v.license_plate, v.expected_from, v.expected_until
            FROM visitors AS v LEFT JOIN apartments AS a ON a.id = v.apartment_id LEFT JOIN towers AS t ON t.id = a.tower_id
            WHERE v.state = 'announced' AND v.visit_date BETWEEN @yesterday AND @today AND v.expected_until > @now ORDER BY v.expected_from, v.id LIMIT 50);

        SELECT v.visit_date = @today, HOUR(v.enter_time), COUNT(*)
            FROM visitors AS v
            WHERE v.visit_date IN (@today, @week1, @week2, @week3, @week4) AND v.enter_time IS NOT NULL
            GROUP BY v.visit_date = @today, HOUR(v.enter_time);

        SELECT id, text, created_at FROM gate_notes
            WHERE read_at IS NULL AND (valid_until IS NULL OR valid_until >= @now) ORDER BY id DESC LIMIT 5;
        """;

    public static Task<GuardHome> ReadAsync(PortalStore store, BuildingClock clock, BuildingSettings settings, CancellationToken ct)
    {
        var today = clock.Today;
        var parameters = new Dictionary<string, object?>
        {
            ["@today"] = today.AsParameter(),
            ["@yesterday"] = today.AddDays(-1).AsParameter(),
            ["@now"] = clock.Now,
            ["@clock"] = clock.Now.TimeOfDay,
            ["@week1"] = today.AddDays(-7).AsParameter(),
            ["@week2"] = today.AddDays(-14).AsParameter(),
            ["@week3"] = today.AddDays(-21).AsParameter(),
            ["@week4"] = today.AddDays(-28).AsParameter(),
        };
        return store.BatchAsync(Sql, parameters, (reader, token) => ReadAsync(reader, clock, settings, token), ct);
    }

    private static async Task<GuardHome> ReadAsync(
        DbDataReader reader, BuildingClock clock, BuildingSettings settings, CancellationToken ct)
    {
        await reader.ReadAsync(ct);
        var (packages, free, spaces, yesterday) = (reader.Number(0), reader.Number(1), reader.Number(2), reader.Number(3));

        await reader.NextResultAsync(ct);
        var (inside, expected) = (new List<InsideVisitor>(), new List<ExpectedToday>());
        while (await reader.ReadAsync(ct))
        {
            var (id, name, unit, people) = (reader.GetInt64(1), reader.GetString(2), reader.Text(5) ?? "", reader.Number(6));
            var at = reader.Time(8);
            var kind = Enum.Parse<VisitorKind>(reader.GetString(3), ignoreCase: true);
            if (reader.GetString(0) == "inside")
                inside.Add(new InsideVisitor(id, name, kind, reader.Text(4) ?? "", unit, people, at, settings.Overstay(kind)));
            else
                expected.Add(new ExpectedToday(id, name, unit, people, reader.Text(7), at, reader.Time(9)));
        }

        await reader.NextResultAsync(ct);
        var (hours, usual) = (new decimal[24], new decimal[24]);
        while (await reader.ReadAsync(ct))
        {
            if (reader.Flag(0)) hours[reader.Number(1)] = reader.Number(2);
            else usual[reader.Number(1)] = reader.Number(2) / 4m;
        }

        await reader.NextResultAsync(ct);
        var notes = new List<UnreadNote>();
        while (await reader.ReadAsync(ct)) notes.Add(new UnreadNote(reader.GetInt64(0), reader.GetString(1), clock.ToWall(reader.Time(2))));
        return new GuardHome(inside, expected, (int)hours.Sum(), yesterday, packages, free, spaces, hours, usual, notes);
    }
}
