using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Audit;
using Portal.Data.Gate;
using Portal.Data.Operations;
using Portal.Tests.Authority;
using Portal.Tests.Server;
using static Portal.Tests.Gate.GateWorld;

namespace Portal.Tests.Gate;

/// <summary>What the log of visits tells, and who looked. It is the evening of Saturday 5 December 2026; guests may stay twelve hours.</summary>
public sealed class VisitReportTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private readonly GateWorld _world = new(database);

    public async Task InitializeAsync()
    {
        await _world.BeginAsync();
        await database.ExecuteAsync("DELETE FROM visitors");
        // In by twos and threes: two on Friday (one of them stays too long), three on Saturday, and rows that are no visits.
        await database.ExecuteAsync(
            $"""
            INSERT INTO visitors (id, name, identification, host_id, apartment_id, kind, state, people, visit_date, enter_time, exit_date, exit_time,
                license_plate, auto_closed, expected_from)
            VALUES
            (1, 'Lina', '1', 1, 101, 'guest', 'left', 2, '2026-12-04', '09:10:00', '2026-12-04', '11:00:00', NULL, 0, '2026-12-04 09:00:00'),
            (2, 'Otto', '2', 1, 101, 'guest', 'left', 1, '2026-12-04', '09:50:00', '2026-12-04', '22:30:00', 'ABC 123', 0, NULL),
            (3, 'Rappi', '', 1, 102, 'delivery', 'left', 1, '2026-12-05', '12:00:00', '2026-12-05', '12:10:00', NULL, 0, NULL),
            (4, 'Noche', '4', 1, 101, 'guest', 'left', 1, '2026-12-05', '00:20:00', '2026-12-05', '04:00:00', NULL, 1, NULL),
            (5, 'Dentro', '5', 1, 101, 'guest', 'inside', 3, '2026-12-05', '17:30:00', NULL, NULL, 'KJH 482', 0, NULL),
            (6, 'Negada', '6', 1, 101, 'guest', 'denied', 1, '2026-12-05', NULL, NULL, NULL, NULL, 0, NULL),
            (7, 'Deshecha', '7', 1, 101, 'guest', 'void', 1, '2026-12-05', '10:00:00', NULL, NULL, NULL, 0, NULL)
            """.Replace(", 1, 10", $", {AuthorityWorld.OwnerRow(Who.Owner)}, 10", StringComparison.Ordinal));
        _world.Now(5, 19, 0);
    }

    public async Task DisposeAsync() => await _world.DisposeAsync();

    private VisitReports Reports => _world.Get<VisitReports>();

    private CurrentUser Staff => _world.People.As(Who.Staff);

    [Fact]
    public async Task Visits_are_counted_by_day_hour_tower_and_kind_and_what_was_none_is_not()
    {
        var report = (await Reports.ReportAsync(new(2026, 12, 1), new(2026, 12, 31), null, Staff, default)).Value;
        Assert.Equal(new VisitCount(5, 8, 1), report.Total);
        Assert.Equal(
            [(new DateOnly(2026, 12, 4), 2), (new DateOnly(2026, 12, 5), 3)], report.Days.Select(d => (d.Day, d.Count.Visits)));
        Assert.Equal([(0, 1), (9, 2), (12, 1), (17, 1)], report.Hours.Where(h => h.Count.Visits > 0).Select(h => (h.Hour, h.Count.Visits)));
        Assert.Equal(24, report.Hours.Count);
        var tower = Assert.Single(report.Towers);
        Assert.Equal(("Torre A", 5, 2), (tower.Tower, tower.Count.Visits, tower.Apartments));
        var guests = report.Kinds.Single(k => k.Kind == VisitorKind.Guest);
        // Of those who stayed from nine to eleven and from ten to half past ten at night; whose exit nobody logged tells nothing.
        Assert.Equal((4, (1 * 110 + 760) / 2, 1), (guests.Count.Visits, guests.Minutes, guests.Overstays));
        Assert.Equal(new DateOnly(2026, 12, 5).AddDays(-180), report.Kept);

        Assert.Equal("visits.period", (await Reports.ReportAsync(new(2026, 12, 5), new(2026, 12, 4), null, Staff, default)).Error!.Code);
        Assert.Equal("forbidden", (await Reports.ReportAsync(new(2026, 12, 4), new(2026, 12, 4), null, _world.Guard, default)).Error!.Code);
    }

    [Theory]
    [InlineData("2026-12-04T10:00", "2026-12-04T10:30", "Lina,Otto")]
    [InlineData("2026-12-04T11:00", "2026-12-04T11:00", "Lina,Otto")]
    [InlineData("2026-12-04T11:01", "2026-12-04T12:00", "Otto")]
    [InlineData("2026-12-04T22:31", "2026-12-05T00:19", "")]
    [InlineData("2026-12-04T22:00", "2026-12-05T00:20", "Otto,Noche")]
    [InlineData("2026-12-05T18:00", "2026-12-05T23:00", "Dentro")]
    [InlineData("2026-12-05T18:00", "2026-12-05T17:00", "")]
    [InlineData("2026-10-01T00:00", "2026-12-31T00:00", "")]
    public async Task Who_was_inside_between_two_moments(string from, string to, string names)
    {
        var query = new ListQuery(Filters: new Dictionary<string, string> { ["from"] = from, ["to"] = to }, Sort: "in");
        var page = await Reports.InsideAsync(query, Staff, default);
        Assert.Equal(names, string.Join(',', page.Rows.Select(r => r.Name)));
        Assert.Empty((await Reports.InsideAsync(query, _world.Guard, default)).Rows);
    }

    [Fact]
    public async Task Overstays_are_those_of_the_period_and_a_file_has_them_all()
    {
        _world.Now(6, 6, 0);
        var query = new ListQuery(Filters: new Dictionary<string, string> { ["from"] = "2026-12-04", ["to"] = "2026-12-06" }, Sort: "in");
        var page = await Reports.OverstaysAsync(query, Staff, default);
        Assert.Equal(["Otto", "Dentro"], page.Rows.Select(r => r.Name));
        Assert.Equal((720, TimeSpan.FromMinutes(760)), (page.Rows[0].Limit, page.Rows[0].Stayed(_world.Get<BuildingClock>().Now)));
        List<string> file = [];
        await foreach (var row in Reports.ExportAsync(LookKind.Overstays, query, "csv", Staff, default)) file.Add(row.Name);
        Assert.Equal(["Otto", "Dentro"], file);
        var found = await Reports.OverstaysAsync(query with { Search = "abc-123" }, Staff, default);
        Assert.Equal(["Otto"], found.Rows.Select(r => r.Name));
    }

    [Fact]
    public async Task Who_looks_is_written_down_once_a_while_and_files_always_and_only_the_administrator_sees_it()
    {
        var asked = new ListQuery("KJH 482", Filters: new Dictionary<string, string> { ["from"] = "2026-12-05" });
        var gate = _world.Get<GateService>();
        await gate.LogAsync(asked, _world.Guard, default);
        await gate.LogAsync(asked with { Page = 2 }, _world.Guard, default);
        await gate.LogAsync(new ListQuery(), _world.People.As(Who.Owner), default);
        await Reports.ReportAsync(new(2026, 12, 4), new(2026, 12, 5), "pdf", Staff, default);
        await Reports.ReportAsync(new(2026, 12, 4), new(2026, 12, 5), "pdf", Staff, default);

        var looks = _world.Get<VisitLooks>();
        var rows = (await looks.ListAsync(new ListQuery(), _world.People.As(Who.Admin), default)).Rows;
        Assert.Equal([LookKind.Report, LookKind.Report, LookKind.Log], rows.Select(r => r.Kind));
        Assert.Equal((_world.Guard.Name, "KJH 482", "2026-12-05", null), (rows[2].Who, rows[2].Search, rows[2].From, rows[2].Format));
        Assert.Equal(("2026-12-04", "2026-12-05", "pdf"), (rows[0].From, rows[0].To, rows[0].Format));
        Assert.Empty((await looks.ListAsync(new ListQuery(), Staff, default)).Rows);
        Assert.Single(
            (await looks.ListAsync(new ListQuery(Filters: new Dictionary<string, string> { ["kind"] = "log" }), _world.People.As(Who.Admin), default)).Rows);

        // After a while it is another look.
        _world.Now(5, 19, 11);
        await gate.LogAsync(asked, _world.Guard, default);
        Assert.Equal(4, (await looks.ListAsync(new ListQuery(), _world.People.As(Who.Admin), default)).Total);
    }

    [Fact]
    public async Task Whom_somebody_looked_for_goes_with_the_visits_and_that_they_looked_stays()
    {
        await _world.Get<GateService>().LogAsync(new ListQuery("Lina"), _world.Guard, default);
        await database.ExecuteAsync(
            $"""
            INSERT INTO settings (name, value) VALUES ('visitor_retention_days', '30') ON DUPLICATE KEY UPDATE value = '30';
            UPDATE audit_log SET created_at = '2026-10-01 12:00:00' WHERE table_name = 'visit_history';
            INSERT INTO notifications (recipient_id, recipient_type, type, title, message, created_at)
            VALUES ({AuthorityWorld.Id(Who.Owner)}, 'owner', 'gate.asks', 'Alguien', 'Lina', '2026-10-01 12:00:00'),
                ({AuthorityWorld.Id(Who.Owner)}, 'owner', 'gate.asks', 'Alguien', 'Otto', '2026-12-05 12:00:00');
            INSERT INTO packages (apartment_id, carrier, status, collected_at, proof, signature, received_at)
            VALUES (101, 'TCC', 'collected', '2026-10-01 12:00:00', 'signature', 'M1 1L2 2', '2026-10-01 12:00:00')
            """);
        var due = (await _world.Get<VisitorRetention>().DueAsync(_world.People.As(Who.Admin), default))!;
        int Count(KeptKind kind) => due.Lines.Single(l => l.Kind == kind).Count;
        Assert.Equal((1, 1, 1, 0), (Count(KeptKind.Looks), Count(KeptKind.Notifications), Count(KeptKind.Signatures), Count(KeptKind.Visits)));
        Assert.Equal(new DateOnly(2026, 10, 1), due.Lines.Single(l => l.Kind == KeptKind.Signatures).Oldest);
        Assert.Null(await _world.Get<VisitorRetention>().DueAsync(Staff, default));

        await new ExpiredVisits(_world.Get<PortalStore>(), _world.Get<BuildingClock>()).RunAsync(default, default);

        var look = Assert.Single((await _world.Get<VisitLooks>().ListAsync(new ListQuery(), _world.People.As(Who.Admin), default)).Rows);
        Assert.Equal((_world.Guard.Name, null), (look.Who, look.Search));
        await using var db = await _world.Get<PortalStore>().OpenAsync(CurrentUser.System, default);
        Assert.Equal(["Otto"], await db.Notifications.Where(n => n.Type == "gate.asks").Select(n => n.Message).ToListAsync());
        Assert.Null((await db.Packages.SingleAsync(p => p.Carrier == "TCC")).Signature);
        var after = (await _world.Get<VisitorRetention>().DueAsync(_world.People.As(Who.Admin), default))!;
        Assert.All(after.Lines, line => Assert.Equal(0, line.Count));
    }
}
