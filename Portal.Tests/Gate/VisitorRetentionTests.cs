using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Data;
using Portal.Data.Audit;
using Portal.Data.Database;
using Portal.Data.Gate;
using Portal.Data.Operations;
using Portal.Data.Pqrs;
using Portal.Tests.Facilities;
using Portal.Tests.Server;

namespace Portal.Tests.Gate;

/// <summary>The building keeps visits for 30 days; it is the morning of 20 November 2026.</summary>
public sealed class VisitorRetentionTests(TestDatabase database) : DatabaseTest(database)
{
    private static readonly DateOnly Before = new(2026, 10, 21);

    [Fact]
    public async Task What_is_past_its_time_is_deleted_and_what_must_stay_stays()
    {
        await using var world = await WorldAsync();
        var open = await CaseAsync("PQRS-2026-000001", PqrsState.InProgress);
        var closed = await CaseAsync("PQRS-2026-000002", PqrsState.Closed);
        await VisitAsync("left long ago", VisitorState.Left, Before.AddDays(-1));
        await VisitAsync("left on the last day kept", VisitorState.Left, Before);
        await VisitAsync("came long ago and left later", VisitorState.Left, Before.AddDays(-1), left: Before);
        await VisitAsync("never came", VisitorState.Announced, Before.AddDays(-9), until: Before.AddDays(-2));
        await VisitAsync("may still come", VisitorState.Announced, Before.AddDays(-9), until: new(2026, 11, 25));
        await VisitAsync("revoked", VisitorState.Revoked, Before.AddDays(-9));
        await VisitAsync("denied", VisitorState.Denied, Before.AddDays(-9));
        await VisitAsync("inside", VisitorState.Inside, Before.AddDays(-40));
        await VisitAsync("kept for a case", VisitorState.Left, Before.AddDays(-40), kept: open);
        await VisitAsync("kept for a case that is closed", VisitorState.Left, Before.AddDays(-40), kept: closed);
        var retention = new VisitorRetention(world.GetRequiredService<PortalStore>(), world.GetRequiredService<BuildingClock>());
        Assert.Equal(new RetentionPreview(5, Before), await retention.PreviewAsync(30, CurrentUser.System, default));
        Assert.Equal(0, (await retention.PreviewAsync(300, CurrentUser.System, default))!.Visits);

        await RunAsync(world);

        Assert.Equal(
            ["came long ago and left later", "inside", "kept for a case", "left on the last day kept", "may still come"],
            await ReadAsync(world, db => db.Visitors.Select(v => v.Name).ToListAsync()) is { } names ? names.Order() : []);
        Assert.Equal(0, (await retention.PreviewAsync(30, CurrentUser.System, default))!.Visits);
        var line = await ReadAsync(world, db => db.AuditLog.SingleAsync(e => e.Action == ExpiredVisits.Event));
        Assert.Equal(("visitors", (long?)null, """{"visits":5}"""), (line.TableName, line.RecordId, line.NewValue));

        // A second night finds nothing, and says nothing.
        await RunAsync(world);
        Assert.Equal(1, await ReadAsync(world, db => db.AuditLog.CountAsync(e => e.Action == ExpiredVisits.Event)));
    }

    [Fact]
    public async Task The_log_keeps_its_lines_about_a_deleted_visit_and_loses_the_visitors_data()
    {
        await using var world = await WorldAsync();
        var store = world.GetRequiredService<PortalStore>();
        var ids = new List<long>();
        foreach (var (name, day) in new[] { ("Ramiro Secreto", Before.AddDays(-3)), ("Clara Presente", Before.AddDays(3)) })
        {
            await store.WriteAsync(CurrentUser.System, async (db, ct) =>
            {
                var person = new VisitPerson(name, "79123456", VisitorKind.Guest, 1, null, 1, "ABC 123", null, null, null, null);
                var visit = Data.Gate.Visitor.Stay(person, day.ToDateTime(new(9, 0)));
                visit.Come(day.ToDateTime(new(9, 0)), null, new EntryNote(Guid.NewGuid().ToString(), false, false, VisitAuthority.Guard));
                db.Visitors.Add(visit);
                await db.SaveChangesAsync(ct);
                Assert.True(visit.Go(day.ToDateTime(new(10, 0)), null, false));
                visit.With(v => v.Company, name);
                ids.Add(visit.Id);
                return Result.Done;
            }, default);
        }

        await RunAsync(world);

        var lines = await ReadAsync(world, db => db.AuditLog.Where(e => e.TableName == "visitors" && e.RecordId != null).ToListAsync());
        Assert.Equal(["insert", "update"], lines.Where(e => e.RecordId == ids[0]).Select(e => e.Action));
        Assert.All(lines.Where(e => e.RecordId == ids[0]), e => Assert.Equal((null, AuditRedaction.Marker), (e.OldValue, e.NewValue)));
        Assert.All(lines.Where(e => e.RecordId == ids[1]), e => Assert.Contains("Clara Presente", e.NewValue));
        var everything = await ReadAsync(world, db => db.AuditLog.Select(e => e.OldValue + " " + e.NewValue).ToListAsync());
        Assert.DoesNotContain(everything, text => text.Contains("Ramiro", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Many_go_in_pieces_and_are_told_in_one_line_also_when_the_night_was_broken_off()
    {
        await using var world = await WorldAsync();
        const int Visits = 2 * ExpiredVisits.Batch + 7;
        await Database.ExecuteAsync(
            "INSERT INTO visitors (name, identification, host_id, visit_date, state) VALUES "
                + string.Join(", ", Enumerable.Range(1, Visits).Select(i => $"('Visit {i}', '{i}', 1, '2026-01-01', 'left')")));
        // A portal died after its first pieces.
        await Database.ExecuteAsync("INSERT INTO daily_figures (day, name, value) VALUES ('2026-11-19', 'visits_deleting', 100)");

        await RunAsync(world);

        Assert.Equal(0, await ReadAsync(world, db => db.Visitors.CountAsync()));
        var line = await ReadAsync(world, db => db.AuditLog.SingleAsync(e => e.Action == ExpiredVisits.Event));
        Assert.Equal($$"""{"visits":{{Visits + 100}}}""", line.NewValue);
        Assert.Equal(0, await ReadAsync(world, db => db.DailyFigures.CountAsync(f => f.Name == "visits_deleting")));
    }

    [Fact]
    public async Task A_visit_is_kept_for_an_open_case_and_let_go_again()
    {
        await using var world = await WorldAsync();
        await CaseAsync("PQRS-2026-000001", PqrsState.Open);
        await CaseAsync("PQRS-2026-000002", PqrsState.Closed);
        await VisitAsync("left long ago", VisitorState.Left, Before.AddDays(-1));
        var id = await ReadAsync(world, db => db.Visitors.Select(v => v.Id).SingleAsync());
        var retention = new VisitorRetention(world.GetRequiredService<PortalStore>(), world.GetRequiredService<BuildingClock>());

        foreach (var number in new[] { "PQRS-2026-000002", "PQRS-2026-000009" })
            Assert.Equal("retention.case", (await retention.KeepForAsync(id, number, CurrentUser.System, default)).Error!.Code);
        Assert.True((await retention.KeepForAsync(id, " PQRS-2026-000001 ", CurrentUser.System, default)).Ok);
        Assert.Equal(0, (await retention.PreviewAsync(30, CurrentUser.System, default))!.Visits);

        Assert.True((await retention.KeepForAsync(id, " ", CurrentUser.System, default)).Ok);
        Assert.Equal(1, (await retention.PreviewAsync(30, CurrentUser.System, default))!.Visits);
    }

    private async Task<ServiceProvider> WorldAsync()
    {
        var world = new ServiceCollection()
            .AddLogging()
            .AddSingleton<TimeProvider>(new StoppedClock(new DateTime(2026, 11, 20, 14, 0, 0, DateTimeKind.Utc)))
            .AddPortalData(
                options => options.UseDatabase(Database.ConnectionString),
                TimeZoneInfo.FindSystemTimeZoneById(BuildingClock.DefaultZone)
            )
            .BuildServiceProvider();
        await Database.ExecuteAsync(
            """
            INSERT INTO users (id, username, password, user_status_id, role_id) VALUES (1, 'host', '-', 1, 3);
            INSERT INTO owners (id, user_id, is_tenant) VALUES (1, 1, 0);
            INSERT INTO settings (name, value) VALUES ('visitor_retention_days', '30');
            """);
        return world;
    }

    private static Task RunAsync(ServiceProvider world) =>
        new ExpiredVisits(world.GetRequiredService<PortalStore>(), world.GetRequiredService<BuildingClock>()).RunAsync(default, default);

    private static async Task<T> ReadAsync<T>(ServiceProvider world, Func<PortalDb, Task<T>> read)
    {
        await using var db = await world.GetRequiredService<PortalStore>().OpenAsync(CurrentUser.System, default);
        return await read(db);
    }

    private async Task<int> CaseAsync(string number, PqrsState state)
    {
        var id = int.Parse(number[^3..], System.Globalization.CultureInfo.InvariantCulture);
        await Database.ExecuteAsync(
            $"""
            INSERT INTO pqrs (id, title, description, category_id, owner_id, status_id, number)
            VALUES ({id}, 'x', 'x', 1, 1, {(int)state}, '{number}')
            """);
        return id;
    }

    private Task VisitAsync(
        string name, VisitorState state, DateOnly day, DateOnly? left = null, DateOnly? until = null, int? kept = null) =>
        Database.ExecuteAsync(
            $"""
            INSERT INTO visitors (name, identification, host_id, visit_date, exit_date, state, expected_until, pqrs_id)
            VALUES ('{name}', '1', 1, '{day:yyyy-MM-dd}', {Text(left)}, '{state.ToString().ToLowerInvariant()}', {Text(until)},
                {kept?.ToString() ?? "NULL"})
            """);

    private static string Text(DateOnly? day) => day is { } known ? $"'{known:yyyy-MM-dd}'" : "NULL";
}
