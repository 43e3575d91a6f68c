using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Audit;
using Portal.Data.Gate;
using Portal.Data.Notifications;
using Portal.Data.Operations;
using Portal.Tests.Authority;
using Portal.Tests.Server;
using Xunit;

namespace Portal.Tests.Community;

/// <summary>Bells, notices, packages, the audit log and failed jobs, in the building of two apartments.</summary>
public sealed class CommunityTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private readonly AuthorityWorld _world = new(database);

    public Task InitializeAsync() => _world.BeginAsync(new CommunityMatrix());

    public Task DisposeAsync() => _world.DisposeAsync().AsTask();

    [Fact]
    public async Task A_package_received_is_told_to_the_owner_and_the_tenant_and_to_nobody_else()
    {
        var received = await _world
            .Get<PackageService>()
            .ReceiveAsync(new NewPackage(AuthorityWorld.Apartment, " TCC ", "caja"), _world.As(Who.Guard), default);
        Assert.True(received.Ok);
        await using var db = await _world.Store.OpenAsync(CurrentUser.System, default);
        var told = await db.Notifications.Where(n => n.Message == "TCC, caja").Select(n => n.RecipientId).ToListAsync();
        Assert.Equal([AuthorityWorld.Id(Who.Owner), AuthorityWorld.Id(Who.Tenant)], told.Order());
        Assert.DoesNotContain(
            (await _world.Get<PackageService>().ListAsync(new(), _world.As(Who.Neighbour), default)).Rows,
            r => r.Id == received.Value
        );
    }

    [Fact]
    public async Task A_package_is_handed_over_once_and_the_second_guard_hears_to_whom()
    {
        var service = _world.Get<PackageService>();
        var id = (await service.ReceiveAsync(new NewPackage(AuthorityWorld.Apartment, "TCC", null), _world.As(Who.Guard), default)).Value;
        var both = await Task.WhenAll(
            service.HandOverAsync(id, "Ana", _world.As(Who.Guard), default),
            service.HandOverAsync(id, "Berta", _world.As(Who.Staff), default)
        );
        Assert.Single(both, r => r.Ok);
        var refused = both.Single(r => !r.Ok).Error!;
        Assert.Equal("package.collected", refused.Code);
        Assert.Contains(refused.Values[0], new object[] { "Ana", "Berta" });
        Assert.Equal("package.collected", (await service.ReturnAsync(id, _world.As(Who.Guard), default)).Error!.Code);
    }

    [Fact]
    public async Task A_package_needs_an_apartment_and_a_carrier_and_says_both_at_once()
    {
        var refused = await _world.Get<PackageService>().ReceiveAsync(new NewPackage(0, " ", null), _world.As(Who.Guard), default);
        Assert.Equal([nameof(NewPackage.ApartmentId), nameof(NewPackage.Carrier)], refused.Errors.Select(e => e.Field));
    }

    [Fact]
    public async Task A_notice_reaches_its_tower_in_its_time_and_counts_who_read_it()
    {
        var service = _world.Get<NoticeService>();
        var now = _world.Clock.Now;
        var (staff, owner) = (_world.As(Who.Staff), _world.As(Who.Owner));
        var up = (
            await service.SaveAsync(null, new("Up", "Now.", AuthorityWorld.Tower, null, now.AddHours(-1), now.AddHours(1)), staff, default)
        ).Value;
        var later = (await service.SaveAsync(null, new("Later", "Then.", null, null, now.AddHours(1), null), staff, default)).Value;
        var over = (
            await service.SaveAsync(null, new("Over", "Gone.", null, null, now.AddHours(-2), now.AddHours(-1)), staff, default)
        ).Value;

        var seen = (await service.ListAsync(new(), owner, default)).Rows.Select(r => r.Id).ToList();
        Assert.Contains(up, seen);
        Assert.DoesNotContain(later, seen);
        Assert.DoesNotContain(over, seen);
        // The guard has no apartment: a notice to a tower is not for him.
        Assert.DoesNotContain((await service.ListAsync(new(), _world.As(Who.Guard), default)).Rows, r => r.Id == up);

        await service.ReadAsync([up, later], owner, default);
        await service.ReadAsync([up], owner, default);
        var rows = (await service.ListAsync(new(), staff, default)).Rows;
        Assert.Equal(1, rows.Single(r => r.Id == up).Readers);
        Assert.Equal(0, rows.Single(r => r.Id == later).Readers);
        Assert.Equal("Owner Prueba", Assert.Single(await service.ReadersAsync(up, staff, default)).Name);
    }

    [Fact]
    public async Task A_notice_that_ends_before_it_begins_is_refused()
    {
        var now = _world.Clock.Now;
        var refused = await _world
            .Get<NoticeService>()
            .SaveAsync(null, new("", "Text.", null, null, now, now), _world.As(Who.Staff), default);
        Assert.Equal(["required", "notice.ends_early"], refused.Errors.Select(e => e.Code));
    }

    [Fact]
    public async Task Marking_all_as_read_leaves_the_bells_of_others_alone()
    {
        var service = _world.Get<NotificationService>();
        await service.ReadAllAsync(_world.As(Who.Neighbour), default);
        Assert.Contains((await service.ListAsync(new(), _world.As(Who.Owner), default)).Rows, r => !r.Read);
        await service.ReadAllAsync(_world.As(Who.Owner), default);
        Assert.DoesNotContain((await service.ListAsync(new(), _world.As(Who.Owner), default)).Rows, r => !r.Read);
    }

    [Fact]
    public async Task The_audit_log_tells_who_changed_what_from_where_before_and_after()
    {
        var notices = _world.Get<NoticeService>();
        var id = (
            await notices.SaveAsync(null, new("First", "Text.", null, null, _world.Clock.Now, null), _world.As(Who.Staff), default)
        ).Value;
        await notices.SaveAsync(id, new("Second", "Text.", null, null, _world.Clock.Now, null), _world.As(Who.Staff), default);
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
        var found = await service.FindAsync(row.Id, _world.As(Who.Admin), default);
        Assert.Contains("\"title\":\"First\"", found!.Before);
        Assert.Contains("\"title\":\"Second\"", found.After);
    }

    [Fact]
    public async Task Only_a_failed_job_goes_back_into_the_queue_and_the_log_says_who_sent_it()
    {
        var service = _world.Get<OperationsService>();
        var admin = _world.As(Who.Admin);
        var job = Assert.Single(
            (await service.JobsAsync(new ListQuery(Filters: new Dictionary<string, string> { ["state"] = "failed" }), admin, default)).Rows
        );
        Assert.True((await service.RetryAsync(job.Id, admin, default)).Ok);
        Assert.Equal("job.not_failed", (await service.RetryAsync(job.Id, admin, default)).Error!.Code);
        var state = await service.StateAsync(admin, default);
        Assert.Equal(1, state!.Jobs[JobState.Waiting]);
        Assert.True(state.DatabaseBytes > 0);
        Assert.Contains(state.Schema, s => s.FileName.StartsWith("0001_", StringComparison.Ordinal));
        Assert.Contains(
            (await _world.Get<AuditService>().ListAsync(new(), admin, default)).Rows,
            r => r is { Action: "job_retried", Table: "jobs" }
        );
    }
}
