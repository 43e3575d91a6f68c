using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Facilities;
using Portal.Data.Notifications;
using Portal.Data.Operations;
using Portal.Data.People;
using Portal.Tests.Facilities;
using Portal.Tests.Server;

namespace Portal.Tests.Notifications;

/// <summary>From a booking to the mailbox, through the job queue and a real mail server.</summary>
public sealed partial class NotificationMailTests(TestDatabase database) : DatabaseTest(database)
{
    [GeneratedRegex(@"https://portal\.nogal\.example/unsubscribe\?t=[\w%-]+")]
    private static partial Regex Off();

    private MailWorld? _world;

    private MailWorld World => _world ??= new MailWorld(Database);

    public override async Task DisposeAsync()
    {
        if (_world is not null) await _world.DisposeAsync();
    }

    private async Task NameTheBuildingAsync()
    {
        var named = await World.Building.Settings.SaveAsync(
            new BuildingSettings { Name = "Mirador del Nogal", PublicAddress = "portal.nogal.example" }, CurrentUser.System, default);
        Assert.True(named.Ok);
    }

    [Fact]
    public async Task Two_people_are_told_of_their_bookings_each_in_their_language()
    {
        await World.Server.StartAsync();
        await NameTheBuildingAsync();
        var (andrea, john) = (
            await World.PersonAsync("Andrea", "andrea@example.org", null),
            await World.PersonAsync("John", "john@example.org", "en")
        );
        var (bbq, hall) = (
            await World.Building.FacilityAsync(),
            await World.Building.FacilityAsync("Salón social", null, f => f.ApprovalRequired = true)
        );
        Assert.True((await World.Building.BookAsync(bbq, andrea, FacilityWorld.At(28, 16))).Ok);
        Assert.True((await World.Building.BookAsync(hall, john, FacilityWorld.At(28, 8))).Ok);
        await World.WorkAsync();
        await World.Server.StopAsync();

        var (spanish, english) = (
            World.Server.Messages.Single(l => l.To == "andrea@example.org"),
            World.Server.Messages.Single(l => l.To == "john@example.org")
        );
        Assert.Equal(
            (MailWorld.Sender, "Reserva confirmada · Mirador del Nogal", "es"),
            (spanish.From, spanish.Subject, spanish.Header("Content-Language"))
        );
        Assert.Equal($"Mirador del Nogal <{MailWorld.Sender}>", spanish.Sender);
        Assert.Equal("""
            Hola, Andrea:

            Reserva confirmada
            BBQ 2, sábado 28 de noviembre, 16:00 a 20:00. Reserva R-2026-000001.

            Ver en el portal: https://portal.nogal.example/reservations

            -- 
            Mirador del Nogal
            Recibes este correo porque tienes una cuenta en el portal. En “Mis datos” eliges qué te llega por correo. https://portal.nogal.example/account#mail
            Dejar de recibir estos correos: (link)

            """, Off().Replace(spanish.Plain, "(link)"));
        Assert.Equal($"<{Off().Match(spanish.Plain).Value}>", spanish.Header("List-Unsubscribe"));
        Assert.Equal("List-Unsubscribe=One-Click", spanish.Header("List-Unsubscribe-Post"));
        Assert.Contains("<p>BBQ 2, s&#225;bado 28 de noviembre, 16:00 a 20:00. Reserva R-2026-000001.</p>", spanish.Html);
        Assert.Contains("<a href=\"https://portal.nogal.example/reservations\">Ver en el portal</a>", spanish.Html);
        Assert.Equal(("We have your booking request · Mirador del Nogal", "en"), (english.Subject, english.Header("Content-Language")));
        Assert.Contains(
            "Hello John,\n\nWe have your booking request\nSalón social, Saturday 28 November, 08:00 to 12:00. The office will look at your request and we will tell you. Booking R-2026-000002.\n",
            english.Plain
        );

        var line = Assert.Single(await World.BellAsync(andrea));
        Assert.Equal((ReservationNotices.Confirmed, "/reservations", World.Building.Time.Utc), (line.Type, line.Link, line.MailedAt));
        Assert.Equal("<notification." + line.Id, spanish.Header("Message-ID").Split(".2026")[0]);
    }

    [Fact]
    public async Task A_mail_server_that_is_down_for_a_day_gets_the_mail_once_when_it_is_up()
    {
        var andrea = await World.PersonAsync("Andrea", "andrea@example.org", "es");
        Assert.True((await World.Building.BookAsync(await World.Building.FacilityAsync(), andrea, FacilityWorld.At(28, 16))).Ok);
        for (var hour = 0; hour < 24; hour++)
        {
            await World.WorkAsync();
            World.Building.Time.Utc += TimeSpan.FromHours(1);
        }

        var job = Assert.Single(await World.MailJobsAsync());
        Assert.Equal((JobState.Waiting, 24), (job.State, job.Attempts));
        Assert.Contains("cannot be reached", job.LastError);
        Assert.Null(Assert.Single(await World.BellAsync(andrea)).MailedAt);

        await World.Server.StartAsync();
        await World.WorkAsync();
        await World.WorkAsync();
        await World.Server.StopAsync();
        Assert.Single(World.Server.Messages);
        Assert.Equal(JobState.Done, Assert.Single(await World.MailJobsAsync()).State);
    }

    [Fact]
    public async Task Jobs_that_run_twice_tell_once()
    {
        await World.Server.StartAsync();
        var andrea = await World.PersonAsync("Andrea", "andrea@example.org", "es");
        Assert.True((await World.Building.BookAsync(await World.Building.FacilityAsync(), andrea, FacilityWorld.At(28, 16))).Ok);
        await World.WorkAsync();
        await Database.ExecuteAsync("UPDATE jobs SET state = 'waiting', finished_at = NULL");
        await World.WorkAsync();

        // And at the same moment, as two portals do after a lease ran out under the first.
        var payload = await World.Building.ReadAsync(db =>
            db.Jobs.Where(j => j.Kind == ReservationNotices.JobKind.Name).Select(j => j.Payload).SingleAsync()
        );
        var notice = System.Text.Json.JsonSerializer.Deserialize<ReservationNotice>(payload)!;
        await Task.WhenAll(
            Enumerable
                .Range(0, 6)
                .Select(_ =>
                    new ReservationNotifier(World.Building.Store).RunAsync(notice with { Type = ReservationNotices.Approved }, default)
                )
        );
        await World.WorkAsync();
        await World.Server.StopAsync();
        Assert.Equal([ReservationNotices.Confirmed, ReservationNotices.Approved], (await World.BellAsync(andrea)).Select(n => n.Type));
        Assert.Equal(2, World.Server.Messages.Count);
    }

    [Fact]
    public async Task An_answer_that_was_lost_sends_a_second_copy_under_the_same_name()
    {
        await World.Server.StartAsync();
        var andrea = await World.PersonAsync("Andrea", "andrea@example.org", "es");
        Assert.True((await World.Building.BookAsync(await World.Building.FacilityAsync(), andrea, FacilityWorld.At(28, 16))).Ok);
        await World.WorkAsync();
        World.Building.Time.Utc += TimeSpan.FromMinutes(10);
        await Database.ExecuteAsync("UPDATE notifications SET mailed_at = NULL; UPDATE jobs SET state = 'waiting' WHERE kind = 'mail'");
        await World.WorkAsync();
        await World.Server.StopAsync();
        Assert.Equal(2, World.Server.Messages.Count);
        Assert.Equal(World.Server.Messages[0].Content, World.Server.Messages[1].Content);
    }

    [Theory]
    [InlineData("nobody@example.org", "550 5.1.1")]
    [InlineData("picky@example.org", "554 5.7.1")]
    [InlineData("two words@example.org", "address")]
    public async Task What_is_refused_for_good_is_noted_and_left(string address, string code)
    {
        await World.Server.StartAsync();
        var andrea = await World.PersonAsync("Andrea", address, "es");
        Assert.True((await World.Building.BookAsync(await World.Building.FacilityAsync(), andrea, FacilityWorld.At(28, 16))).Ok);
        await World.WorkAsync();
        var job = Assert.Single(await World.MailJobsAsync());
        Assert.Equal((JobState.Done, 1), (job.State, job.Attempts));
        Assert.Null(Assert.Single(await World.BellAsync(andrea)).MailedAt);
        var noted = await World.Building.ReadAsync(db => db.AuditLog.SingleAsync(e => e.Action == "mail_refused"));
        Assert.Equal(("notifications", $$"""{"Code":"{{code}}"}"""), (noted.TableName, noted.NewValue));
    }

    [Fact]
    public async Task A_person_sees_that_their_address_was_refused_until_they_mend_it()
    {
        await World.Server.StartAsync();
        var andrea = await World.PersonAsync("Andrea", "nobody@example.org", "es");
        var choices = World.Building.Get<NotificationChoices>();
        Assert.False((await choices.MineAsync(andrea, default))!.Refused);
        Assert.True((await World.Building.BookAsync(await World.Building.FacilityAsync(), andrea, FacilityWorld.At(28, 16))).Ok);
        await World.WorkAsync();
        Assert.Equal(
            ("nobody@example.org", true),
            await choices.MineAsync(andrea, default) is { } refused ? (refused.Address, refused.Refused) : default
        );

        // The audit log's time is the server's.
        World.Building.Time.Utc = DateTime.UtcNow.AddHours(1);
        var saved = await World
            .Building.Get<PeopleService>()
            .SaveMineAsync(new OwnContactInput("andrea@example.org", null, null), andrea, default);
        Assert.True(saved.Ok, saved.Error?.Code);
        Assert.Equal(
            ("andrea@example.org", false),
            await choices.MineAsync(andrea, default) is { } mended ? (mended.Address, mended.Refused) : default
        );
    }

    [Fact]
    public async Task A_resident_gets_their_own_things_by_mail_until_they_choose_and_notices_and_work_only_when_they_do()
    {
        var andrea = await World.PersonAsync("Andrea", "andrea@example.org", "es");
        var both = andrea with { Permissions = FacilityWorld.Staff.Permissions };
        var choices = World.Building.Get<NotificationChoices>();
        Assert.Equal(
            [
                new KindChoice("reservation", true), new("payment", true), new("package", true), new("gate", true), new("visit", false),
                new("pet", true), new("course", true),
                new("pqrs", true), new("notice", false), new("privacy", true), new("work", false),
            ],
            (await choices.MineAsync(both, default))!.Kinds
        );
        foreach (var yes in new[] { false, true, false })
            Assert.True((await choices.ChooseAsync(NotificationKinds.Payments, yes, both, default)).Ok);
        Assert.True((await choices.ChooseAsync(NotificationKinds.Work, true, both, default)).Ok);
        Assert.Equal(
            [
                new KindChoice("reservation", true), new("payment", false), new("package", true), new("gate", true), new("visit", false),
                new("pet", true), new("course", true),
                new("pqrs", true), new("notice", false), new("privacy", true), new("work", true),
            ],
            (await choices.MineAsync(both, default))!.Kinds
        );
        Assert.Equal("not_found", (await choices.ChooseAsync("weather", true, both, default)).Error!.Code);
        Assert.Equal("not_found", (await choices.ChooseAsync(NotificationKinds.Work, true, andrea, default)).Error!.Code);
    }

    [Fact]
    public async Task What_is_refused_for_now_is_tried_again_and_says_no_address()
    {
        await World.Server.StartAsync();
        var andrea = await World.PersonAsync("Andrea", "later@example.org", "es");
        Assert.True((await World.Building.BookAsync(await World.Building.FacilityAsync(), andrea, FacilityWorld.At(28, 16))).Ok);
        await World.WorkAsync();
        var job = Assert.Single(await World.MailJobsAsync());
        Assert.Equal(JobState.Waiting, job.State);
        Assert.Contains("The mail server answered 451 (4.3.0) to RCPT.", job.LastError);
        Assert.DoesNotContain("example.org", job.LastError);
    }

    [Fact]
    public async Task Who_does_not_want_mail_has_it_in_the_bell_only()
    {
        await World.Server.StartAsync();
        var (off, none, late) = (
            await World.PersonAsync("Andrea", "andrea@example.org", "es"), await World.PersonAsync("Luis", null, "es"),
            await World.PersonAsync("Eva", "eva@example.org", "es"));
        var choices = World.Building.Get<NotificationChoices>();
        Assert.True((await choices.ChooseAsync(NotificationKinds.Reservations, false, off, default)).Ok);
        var bbq = await World.Building.FacilityAsync();
        foreach (var (person, hour) in new[] { (off, 8), (none, 12), (late, 16) })
            Assert.True((await World.Building.BookAsync(bbq, person, FacilityWorld.At(28, hour))).Ok);

        // They change their mind while the mail waits.
        await World.Server.StopAsync();
        await World.WorkAsync();
        Assert.True((await choices.ChooseAsync(NotificationKinds.Reservations, false, late, default)).Ok);
        await World.Server.StartAsync();
        World.Building.Time.Utc += TimeSpan.FromMinutes(1);
        await World.WorkAsync();
        await World.Server.StopAsync();
        Assert.Empty(World.Server.Messages);
        foreach (var person in new[] { off, none, late }) Assert.Single(await World.BellAsync(person));
        Assert.Equal(JobState.Done, Assert.Single(await World.MailJobsAsync()).State);
    }

    [Fact]
    public async Task Without_a_mail_server_in_the_configuration_the_bell_has_it_and_nothing_waits()
    {
        await using var world = new MailWorld(Database, mail: false);
        var andrea = await world.PersonAsync("Andrea", "andrea@example.org", "es");
        Assert.True((await world.Building.BookAsync(await world.Building.FacilityAsync(), andrea, FacilityWorld.At(28, 16))).Ok);
        await world.WorkAsync();
        Assert.Single(await world.BellAsync(andrea));
        Assert.DoesNotContain(await world.MailJobsAsync(), j => j.State != JobState.Done);
    }

    [Fact]
    public async Task In_the_morning_everybody_is_reminded_of_the_next_day_once_and_not_of_what_was_cancelled()
    {
        await World.Server.StartAsync();
        var (andrea, luis, eva) = (
            await World.PersonAsync("Andrea", "andrea@example.org", "es"), await World.PersonAsync("Luis", "luis@example.org", "en"),
            await World.PersonAsync("Eva", "eva@example.org", "es"));
        var bbq = await World.Building.FacilityAsync();
        Assert.True((await World.Building.BookAsync(bbq, andrea, FacilityWorld.At(25, 16))).Ok);
        var cancelled = await World.Building.BookAsync(bbq, luis, FacilityWorld.At(25, 8));
        Assert.True((await World.Building.BookAsync(bbq, eva, FacilityWorld.At(26, 8))).Ok);
        await World.WorkAsync();

        // 24 November, 8:59 in the building, then 9:00.
        World.Building.Time.Utc = new DateTime(2026, 11, 24, 13, 59, 0, DateTimeKind.Utc);
        var daily = new DailyWork(
            World.Building.Store, World.Building.Get<IEnumerable<RecurringJob>>(), World.Building.Get<BuildingClock>(), World.Building.Time,
            Microsoft.Extensions.Logging.Abstractions.NullLogger<DailyWork>.Instance);
        await daily.ScheduleAsync(default);
        await World.WorkAsync();
        Assert.DoesNotContain(await World.BellAsync(andrea), n => n.Type == ReservationNotices.Reminder);
        Assert.True((await World.Building.Reservations.CancelAsync(cancelled.Value.Id, "x", 1_000_000, luis, default)).Ok);
        World.Building.Time.Utc += TimeSpan.FromMinutes(1);
        await daily.ScheduleAsync(default);
        await World.WorkAsync();
        World.Building.Time.Utc += TimeSpan.FromHours(3);
        await daily.ScheduleAsync(default);
        await World.WorkAsync();

        await World.Server.StopAsync();
        var reminder = Assert.Single(World.Server.Messages, l => l.Subject.StartsWith("Recuerda", StringComparison.Ordinal));
        Assert.Equal("andrea@example.org", reminder.To);
        Assert.Contains("Recuerda tu reserva\nBBQ 2, miércoles 25 de noviembre, 16:00 a 20:00. Reserva R-2026-000001.\n", reminder.Plain);
        Assert.Single(await World.BellAsync(andrea), n => n.Type == ReservationNotices.Reminder);
        Assert.DoesNotContain(await World.BellAsync(luis), n => n.Type == ReservationNotices.Reminder);
        Assert.DoesNotContain(await World.BellAsync(eva), n => n.Type == ReservationNotices.Reminder);
    }

    [Fact]
    public async Task The_office_hears_of_what_it_has_to_approve_and_by_mail_only_if_it_asks()
    {
        await World.Server.StartAsync();
        var (andrea, office) = (
            await World.PersonAsync("Andrea", "andrea@example.org", "es", "402"),
            await World.PersonAsync("Daniela", "daniela@example.org", "en")
        );
        await Database.ExecuteAsync($"UPDATE users SET role_id = {Portal.Data.Access.Roles.Staff} WHERE id = {office.Id}");
        var staff = office with { OwnerIds = [], Permissions = FacilityWorld.Staff.Permissions };
        var hall = await World.Building.FacilityAsync("Salón social", null, f => f.ApprovalRequired = true);
        Assert.True((await World.Building.BookAsync(hall, andrea, FacilityWorld.At(28, 8))).Ok);
        await World.WorkAsync();
        var line = Assert.Single(await World.BellAsync(office));
        Assert.Equal((ReservationNotices.ToApprove, "/reservations?state=pending", (DateTime?)null), (line.Type, line.Link, line.MailedAt));

        Assert.True((await World.Building.Get<NotificationChoices>().ChooseAsync(NotificationKinds.Work, true, staff, default)).Ok);
        Assert.True((await World.Building.BookAsync(hall, andrea, FacilityWorld.At(29, 8))).Ok);
        await World.WorkAsync();
        await World.Server.StopAsync();
        var message = Assert.Single(World.Server.Messages, l => l.To == "daniela@example.org");
        Assert.Contains(
            "Booking to approve\nB 402: Salón social, Sunday 29 November, 08:00 to 12:00. Booking R-2026-000002.\n",
            message.Plain
        );
    }

    [Fact]
    public async Task A_confirmed_payment_goes_by_the_same_path()
    {
        await World.Server.StartAsync();
        var john = await World.PersonAsync("John", "john@example.org", "en");
        await World.Building.PayAsync(john, 40_000);
        await World.WorkAsync();
        await World.Server.StopAsync();
        Assert.Contains(
            "Payment confirmed\nWe received your payment of $40,000. Receipt RC-2026-000001.\n",
            Assert.Single(World.Server.Messages).Plain
        );
        Assert.Matches("^/payments/[1-9]", Assert.Single(await World.BellAsync(john)).Link);
    }
}
