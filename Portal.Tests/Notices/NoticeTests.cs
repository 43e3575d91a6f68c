using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Identity;
using Portal.Data.Notices;
using Portal.Data.Notifications;
using Portal.Data.People;
using Portal.Tests.Authority;
using Portal.Tests.Server;

namespace Portal.Tests.Notices;

/// <summary>Notices and whom they reach, in the building of two apartments.</summary>
public sealed class NoticeTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private readonly AuthorityWorld _world = new(database);

    private NoticeService Service => _world.Get<NoticeService>();

    private CurrentUser Staff => _world.As(Who.Staff);

    public Task InitializeAsync() => _world.BeginAsync(new CommunityMatrix());

    public Task DisposeAsync() => _world.DisposeAsync().AsTask();

    [Fact]
    public async Task A_notice_reaches_its_tower_in_its_time_and_counts_who_of_them_read_it()
    {
        var now = _world.Clock.Now;
        var owner = _world.As(Who.Owner);
        var up = await WriteAsync(Input("Up") with { Towers = $"{AuthorityWorld.Tower}", ExpiresAt = now.AddHours(1) });
        var later = await WriteAsync(Input("Later") with { PublishAt = now.AddHours(1) });
        var over = await WriteAsync(Input("Over") with { PublishAt = now.AddHours(-2), ExpiresAt = now.AddHours(-1) });
        await DeliverAsync();

        var seen = (await Service.ListAsync(new(), owner, default)).Rows.Select(r => r.Id).ToList();
        Assert.Contains(up, seen);
        Assert.DoesNotContain(later, seen);
        Assert.DoesNotContain(over, seen);
        // The guard has no apartment: a notice to a tower is not for them.
        Assert.DoesNotContain((await Service.ListAsync(new(), _world.As(Who.Guard), default)).Rows, r => r.Id == up);

        await Service.ReadAsync([up, later], owner, default);
        await Service.ReadAsync([up], owner, default);
        // The office reads it too, and is not of those whom it is for.
        await Service.ReadAsync([up], Staff, default);
        var rows = (await Service.ListAsync(new(), Staff, default)).Rows;
        Assert.Equal((3, 1), rows.Single(r => r.Id == up) is var row ? (row.Reached, row.Readers) : default);
        Assert.Equal((0, 0, false), rows.Single(r => r.Id == later) is var then ? (then.Reached, then.Readers, then.Delivered) : default);
        Assert.Equal(0, rows.Single(r => r.Id == over).Reached);
        var readers = await Service.ReadersAsync(up, Staff, default);
        Assert.Equal([("Neighbour Prueba", false), ("Tenant Prueba", false), ("Owner Prueba", true)], readers.Select(r => (r.Name, r.At is not null)).OrderBy(r => r.Item2).ThenBy(r => r.Name));
    }

    [Theory]
    [InlineData("", "", NoticeResidents.All, 6)]
    [InlineData("", "3", NoticeResidents.All, 3)]
    [InlineData("", "2,4", NoticeResidents.All, 2)]
    [InlineData("Torre A 101", "", NoticeResidents.All, 2)]
    [InlineData("Torre A 101", "", NoticeResidents.Owners, 1)]
    [InlineData("", "", NoticeResidents.Owners, 2)]
    [InlineData("", "", NoticeResidents.Tenants, 1)]
    [InlineData("Torre A 101", "4", NoticeResidents.All, 0)]
    public async Task What_is_counted_before_is_whom_it_reaches_and_who_sees_it(string units, string roles, NoticeResidents residents, int people)
    {
        var input = Input("To some") with { Units = units, Roles = roles, Residents = residents };
        var reach = (await Service.ReachAsync(input, Staff, default))!.Value;
        Assert.Equal((people, 0), (reach.Reached, reach.Missed));
        var id = await WriteAsync(input);
        await DeliverAsync();
        await using var db = await _world.Store.OpenAsync(CurrentUser.System, default);
        var told = await db.Notifications.Where(n => n.UniqueKey!.StartsWith($"notice:{id}:")).Select(n => n.RecipientId).ToListAsync();
        Assert.Equal(people, told.Count);
        foreach (var who in new[] { Who.Owner, Who.Neighbour, Who.Tenant, Who.Guard })
        {
            var sees = (await Service.ListAsync(new(), _world.As(who), default)).Rows.Any(r => r.Id == id);
            Assert.Equal(told.Contains(AuthorityWorld.Id(who)), sees);
        }
    }

    [Fact]
    public async Task Whom_it_will_not_reach_is_named_with_the_reason()
    {
        await using (var db = await _world.Store.OpenAsync(CurrentUser.System, default))
        {
            await db.Users.Where(u => u.Id == AuthorityWorld.Id(Who.Neighbour))
                .ExecuteUpdateAsync(u => u.SetProperty(x => x.UserStatusId, UserState.Suspended));
            db.Tenants.Add(new Tenant { Name = "Ofelia Rincón", OwnerId = AuthorityWorld.OwnerRow(Who.Owner), ApartmentId = AuthorityWorld.Apartment });
            await db.SaveChangesAsync();
        }

        var reach = (await Service.ReachAsync(Input("T") with { Towers = $"{AuthorityWorld.Tower}", Urgent = true }, Staff, default))!.Value;
        Assert.Equal([new TowerReach("Torre A", 2, 2, 2)], reach.Towers);
        Assert.Equal(
            [("Torre A 101", "Ofelia Rincón", "none"), ("Torre A 102", "Neighbour Prueba", "Suspended")],
            reach.Missing.Select(m => (m.Unit, m.Name, m.Why)));
        Assert.Equal("notice.unit", (await Service.ReachAsync(Input("T") with { Units = "Torre A 101, Z 9" }, Staff, default))!.Error!.Code);
    }

    [Fact]
    public async Task It_reaches_everybody_once_however_many_they_are_and_however_often_it_is_tried()
    {
        await using (var db = await _world.Store.OpenAsync(CurrentUser.System, default))
        {
            await db.Database.ExecuteSqlRawAsync(
                """
                INSERT INTO users (id, username, password, role_id, user_status_id)
                WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 430)
                SELECT 5000 + i, CONCAT('many', i), '-', 3, 1 FROM n
                """);
        }

        var id = await WriteAsync(Input("To all"));
        await Task.WhenAll(DeliverAsync(id), DeliverAsync(id));
        await DeliverAsync(id);
        await using var look = await _world.Store.OpenAsync(CurrentUser.System, default);
        Assert.Equal(436, await look.NoticeRecipients.CountAsync(r => r.NoticeId == id));
        Assert.Equal(436, await look.Notifications.CountAsync(n => n.UniqueKey!.StartsWith($"notice:{id}:")));
        Assert.NotNull((await look.Notices.SingleAsync(n => n.Id == id)).DeliveredAt);
    }

    [Fact]
    public async Task An_urgent_one_goes_by_mail_to_all_and_another_to_who_asked_for_it()
    {
        Assert.True((await _world.Get<NotificationChoices>().ChooseAsync(NotificationKinds.Notices, true, _world.As(Who.Tenant), default)).Ok);
        var (calm, urgent) = (await WriteAsync(Input("Calm") with { Roles = "3" }), await WriteAsync(Input("Now") with { Roles = "3", Urgent = true }));
        await DeliverAsync();
        Assert.Equal([AuthorityWorld.Id(Who.Tenant)], await MailedAsync(calm));
        Assert.Equal(
            new[] { Who.Owner, Who.Neighbour, Who.Tenant }.Select(AuthorityWorld.Id).Order(), (await MailedAsync(urgent)).Order());
    }

    [Fact]
    public async Task What_has_reached_people_is_corrected_by_a_new_version_that_reaches_them_anew()
    {
        var id = await WriteAsync(Input("Water") with { Roles = "3" });
        Assert.Equal(id, (await Service.SaveAsync(id, Input("Water at 8") with { Roles = "3" }, Staff, default)).Value);
        await DeliverAsync();
        var edit = (await Service.EditAsync(id, Staff, default))!;
        Assert.Equal((true, "Water at 8"), (edit.Delivered, edit.Input.Title));
        var second = (await Service.SaveAsync(id, edit.Input with { Title = "Water at 9", Read = edit.Input }, Staff, default)).Value;
        Assert.NotEqual(id, second);
        Assert.Equal("stale", (await Service.SaveAsync(id, edit.Input with { Title = "Water at 10" }, Staff, default)).Error!.Code);
        Assert.Null(await Service.EditAsync(id, Staff, default));
        await DeliverAsync();

        var board = (await Service.ListAsync(new(), _world.As(Who.Owner), default)).Rows;
        Assert.DoesNotContain(board, n => n.Id == id);
        Assert.Equal(("Water at 9", 2, 3, false), board.Single(n => n.Id == second) is var n ? (n.Title, n.Version, n.Reached, n.Seen) : default);
        Assert.Equal("notice.not_up", (await Service.RemindAsync(id, Staff, default)).Error!.Code);
    }

    [Fact]
    public async Task Who_has_not_read_it_is_reminded_once_a_day()
    {
        var id = await WriteAsync(Input("Water") with { Roles = "3" });
        await DeliverAsync();
        await Service.ReadAsync([id], _world.As(Who.Owner), default);
        Assert.Equal(2, (await Service.RemindAsync(id, Staff, default)).Value);
        Assert.Equal("notice.reminded", (await Service.RemindAsync(id, Staff, default)).Error!.Code);
        await using var db = await _world.Store.OpenAsync(CurrentUser.System, default);
        Assert.Equal(
            new[] { Who.Neighbour, Who.Tenant }.Select(AuthorityWorld.Id),
            await db.Notifications.Where(n => n.Type == NoticeDelivery.Reminder).OrderBy(n => n.RecipientId).Select(n => n.RecipientId).ToListAsync());
    }

    [Fact]
    public async Task A_notice_that_ends_before_it_begins_is_refused()
    {
        var now = _world.Clock.Now;
        var refused = await Service.SaveAsync(null, Input("") with { PublishAt = now, ExpiresAt = now }, Staff, default);
        Assert.Equal(["required", "notice.ends_early"], refused.Errors.Select(e => e.Code));
    }

    private NoticeInput Input(string title) =>
        new(title, "Text.", "", "", "", NoticeResidents.All, false, _world.Clock.Now.AddHours(-1), null);

    private async Task<long> WriteAsync(NoticeInput input) => (await Service.SaveAsync(null, input, Staff, default)).Value;

    private Task DeliverAsync() => _world.Get<NoticeDelivery>().RunAsync(_world.Clock.Today, default);

    private Task DeliverAsync(long id) => _world.Get<NoticeDelivery>().DeliverAsync(id, default);

    private async Task<List<long>> MailedAsync(long notice)
    {
        await using var db = await _world.Store.OpenAsync(CurrentUser.System, default);
        var lines = await db.Notifications.Where(n => n.UniqueKey!.StartsWith($"notice:{notice}:")).ToListAsync();
        var mails = await db.Jobs.Where(j => j.Kind == "mail").Select(j => j.Payload).ToListAsync();
        return [.. lines.Where(l => mails.Contains($"{l.Id}")).Select(l => l.RecipientId)];
    }
}
