using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Data;
using Portal.Data.Documents;
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

    [Fact]
    public async Task Its_files_are_for_its_audience_and_a_correction_keeps_those_that_were_not_taken_away()
    {
        var owner = _world.As(Who.Owner);
        var input = Input("Works") with
        {
            Residents = NoticeResidents.Owners, Files = new NoticeFileChange([new("plano.pdf", Pdf), new("foto.exe", Png)], []),
        };
        var id = await WriteAsync(input);
        var files = (await Service.FindAsync(id, owner, default))!.Files;
        Assert.Equal(["plano.pdf", "foto.exe.png"], files.Select(f => f.Name));
        Assert.Equal(Pdf, (await Service.FileAsync(files[0].Id, owner, default))!.Content);
        Assert.Null(await Service.FileAsync(files[0].Id, _world.As(Who.Tenant), default));
        Assert.Null(await Service.FileAsync(files[0].Id, _world.As(Who.Guard), default));

        await DeliverAsync();
        var edit = (await Service.EditAsync(id, Staff, default))!;
        Assert.Equal(2, edit.Files.Count);
        var changed = edit.Input with { Title = "Works in May", Read = edit.Input, Files = new NoticeFileChange([new("nuevo.pdf", Pdf)], [files[1].Id]) };
        var second = (await Service.SaveAsync(id, changed, Staff, default)).Value;
        Assert.Equal(["plano.pdf", "nuevo.pdf"], (await Service.FindAsync(second, Staff, default))!.Files.Select(f => f.Name));
        Assert.Equal(2, (await Service.FindAsync(id, Staff, default))!.Files.Count);
    }

    [Fact]
    public async Task A_file_that_is_not_taken_or_one_too_many_is_refused_by_its_name()
    {
        var wrong = Input("Works") with { Files = new NoticeFileChange([new("plano.pdf", "<svg/>"u8.ToArray())], []) };
        Assert.Equal(("pqrs.files.kind", "plano.pdf"), (await Service.SaveAsync(null, wrong, Staff, default)).Error is { } e ? (e.Code, e.Values[0]) : default);
        var most = Input("Works") with { Files = new NoticeFileChange([.. Enumerable.Range(1, 5).Select(n => new Portal.Data.Pqrs.PqrsUpload($"{n}.pdf", Pdf))], []) };
        var id = (await Service.SaveAsync(null, most, Staff, default)).Value;
        var more = Input("Works") with { Files = new NoticeFileChange([new("6.pdf", Pdf)], []) };
        Assert.Equal("pqrs.files.many", (await Service.SaveAsync(id, more, Staff, default)).Error!.Code);
    }

    [Fact]
    public async Task Files_of_a_notice_that_arrived_land_in_the_library_for_its_audience()
    {
        var id = await WriteAsync(Input("Works") with { Residents = NoticeResidents.Owners, Files = new NoticeFileChange([new("plano.pdf", Pdf)], []) });
        var some = await WriteAsync(Input("One") with { Units = "Torre A 101", Files = new NoticeFileChange([new("carta.pdf", Pdf)], []) });
        await DeliverAsync();
        await IntakeAsync();
        await IntakeAsync();
        var documents = _world.Get<DocumentService>();
        var filed = Assert.Single((await documents.ListAsync(new("works"), _world.As(Who.Owner), default)).Rows);
        Assert.Equal(("Works: plano", Portal.Data.Documents.DocumentKind.Notice, "Avisos", 1), (filed.Title, filed.Kind, filed.Folder, filed.Version));
        Assert.Empty((await documents.ListAsync(new("works"), _world.As(Who.Tenant), default)).Rows);
        Assert.Empty((await documents.ListAsync(new("carta"), Staff, default)).Rows);

        // It was meant for all: the correction is another version, for those whom the correction is for.
        var edit = (await Service.EditAsync(id, Staff, default))!;
        await Service.SaveAsync(id, edit.Input with { Residents = NoticeResidents.All, Read = edit.Input }, Staff, default);
        await DeliverAsync();
        await IntakeAsync();
        Assert.Equal(2, Assert.Single((await documents.ListAsync(new("works"), _world.As(Who.Tenant), default)).Rows).Version);
        Assert.NotEqual(id, some);
    }

    private static readonly byte[] Pdf = "%PDF-1.4\n1 0 obj"u8.ToArray();

    private static readonly byte[] Png = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 1, 2];

    private Task IntakeAsync() =>
        new DocumentIntake(_world.Store, _world.Clock, [], NullLogger<DocumentIntake>.Instance).RunAsync(_world.Clock.Today, default);

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
