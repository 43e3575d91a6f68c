using Portal.Data;
using Portal.Data.Audit;
using Portal.Data.Building;
using Portal.Data.Notices;
using Portal.Tests.Authority;
using Portal.Tests.Server;

namespace Portal.Tests.Audit;

/// <summary>The audit log, in the building of two apartments.</summary>
public sealed class AuditTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private readonly AuthorityWorld _world = new(database);

    public Task InitializeAsync() => _world.BeginAsync(new CommunityMatrix());

    public Task DisposeAsync() => _world.DisposeAsync().AsTask();

    [Fact]
    public async Task The_audit_log_tells_who_changed_what_from_where_before_and_after()
    {
        var notices = _world.Get<NoticeService>();
        var id = (
            await notices.SaveAsync(null, Text("First"), _world.As(Who.Staff), default)
        ).Value;
        await notices.SaveAsync(id, Text("Second"), _world.As(Who.Staff), default);
        var service = _world.Get<AuditService>();
        var filter = new Dictionary<string, string>
        {
            ["table"] = "notices",
            ["action"] = "update,delete",
            ["record"] = $"{id}",
        };
        var row = Assert.Single(
            (await service.ListAsync(new ListQuery(Search: "Staff", Filters: filter), _world.As(Who.Admin), default)).Rows
        );
        Assert.Equal("192.0.2.1", row.IpAddress);
        var found = (await service.ActAsync(row.Id, _world.As(Who.Admin), default))!.Rows.Single(r => r.Row.Id == row.Id);
        Assert.Contains("\"title\":\"First\"", found.Before);
        Assert.Contains("\"title\":\"Second\"", found.After);
    }

    [Fact]
    public async Task What_was_done_in_one_act_is_one_entry_that_opens_into_its_rows()
    {
        var service = _world.Get<AuditService>();
        var admin = _world.As(Who.Admin);
        var before = (await service.ListAsync(new ListQuery(), admin, default)).Total;
        await _world.Store.WriteAsync(
            _world.As(Who.Staff),
            (db, _) =>
            {
                foreach (var number in new[] { "901", "902", "903" })
                {
                    db.Apartments.Add(
                        new Apartment { ApartmentNumber = number, TowerId = AuthorityWorld.Tower, StatusId = OccupancyState.Available });
                }


                return Task.FromResult(Result.Done);
            },
            default);
        var page = await service.ListAsync(new ListQuery(Size: 1), admin, default);
        Assert.Equal(before + 1, page.Total);
        Assert.Equal(3, Assert.Single(page.Rows).Rows);
        var act = (await service.ActAsync(page.Rows[0].Id, admin, default))!;
        Assert.Equal((3, 0), (act.Rows.Count, act.More));
        Assert.Equal("Torre A", act.Names[(AuditRef.Tower, AuthorityWorld.Tower)]);

        // A filter finds the act by any of its rows, and counts acts.
        var third = new ListQuery(Filters: new Dictionary<string, string> { ["record"] = $"{act.Rows[2].Row.RecordId}", ["table"] = "apartments" });
        Assert.Equal(act.Rows[2].Row.Id, Assert.Single((await service.ListAsync(third, admin, default)).Rows).Id);
    }

    private NoticeInput Text(string title) => new(title, "Text.", "", "", "", NoticeResidents.All, false, _world.Clock.Now.AddHours(1), null);
}
