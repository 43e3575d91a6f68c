using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Portal.Areas.Notifications;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Notices;
using Portal.Data.Notifications;
using Portal.Data.Operations;
using Portal.Tests.Facilities;
using Portal.Tests.Server;

namespace Portal.Tests.Notifications;

/// <summary>Digests by choice, and mails that are turned off by a link.</summary>
public sealed partial class DigestTests(TestDatabase database) : DatabaseTest(database)
{
    private MailWorld? _world;

    private MailWorld World => _world ??= new MailWorld(Database);

    private BuildingClock Clock => World.Building.Get<BuildingClock>();

    private NotificationChoices Choices => World.Building.Get<NotificationChoices>();

    public override async Task DisposeAsync()
    {
        if (_world is not null) await _world.DisposeAsync();
    }

    [GeneratedRegex(@"https://portal\.nogal\.example(/unsubscribe\?t=[\w%-]+)")]
    private static partial Regex Off();

    [Fact]
    public async Task What_is_wanted_once_a_day_comes_together_at_its_hour_and_only_once()
    {
        var andrea = await BeginAsync();
        Assert.True((await Choices.RhythmAsync(NotificationKinds.Packages, MailRhythm.Daily, andrea, default)).Ok);
        Assert.True((await Choices.RhythmAsync(NotificationKinds.Reservations, MailRhythm.Daily, andrea, default)).Ok);
        Assert.True((await Choices.TimeAsync(18, DayOfWeek.Monday, andrea, default)).Ok);
        var morning = Clock.Today.AddDays(1).ToDateTime(new TimeOnly(9, 0));
        World.Building.Time.Utc = Clock.ToUtc(morning);
        await TellAsync(andrea, "package.received", "Servientrega");
        await TellAsync(andrea, "reservation.confirmed", "BBQ 2");
        await TellAsync(andrea, "payment.confirmed", "Recibo");
        await MakeAsync();
        await World.WorkAsync();
        // What comes at once came at once; the rest waits.
        Assert.Contains("Pago", Assert.Single(World.Server.Messages).Subject, StringComparison.Ordinal);

        World.Building.Time.Utc = Clock.ToUtc(morning.AddHours(9.1));
        await TellAsync(andrea, "package.received", "Después de las 18");
        await MakeAsync();
        await MakeAsync();
        await World.WorkAsync();
        var digest = World.Server.Messages.Single(m => m.Subject == "Tu resumen del día · Mirador del Nogal");
        Assert.Contains("Servientrega", digest.Plain, StringComparison.Ordinal);
        Assert.Contains("BBQ 2", digest.Plain, StringComparison.Ordinal);
        Assert.DoesNotContain("Después", digest.Plain, StringComparison.Ordinal);
        Assert.Equal("List-Unsubscribe=One-Click", digest.Header("List-Unsubscribe-Post"));

        // A day later the rest, even where the portal was away at the hour; what was read meanwhile is not said again.
        await TellAsync(andrea, "package.received", "Ya leído");
        await World.Building.Get<NotificationService>().ReadAsync(
            (await World.BellAsync(andrea)).Last().Id, andrea, default);
        World.Building.Time.Utc = Clock.ToUtc(morning.AddDays(2).AddHours(3));
        await MakeAsync();
        await World.WorkAsync();
        Assert.Equal(3, World.Server.Messages.Count);
        Assert.Contains("Después de las 18", World.Server.Messages[^1].Plain, StringComparison.Ordinal);
        Assert.DoesNotContain("Ya leído", World.Server.Messages[^1].Plain, StringComparison.Ordinal);
        await World.Server.StopAsync();
    }

    [Theory]
    [InlineData("2026-11-23T06:59", "2026-11-16")]
    [InlineData("2026-11-23T07:00", "2026-11-23")]
    [InlineData("2026-11-29T23:59", "2026-11-23")]
    public void The_weekly_one_is_due_from_its_hour_on_its_day_until_the_next(string now, string day) =>
        Assert.Equal(
            DateTime.Parse(day, System.Globalization.CultureInfo.InvariantCulture).AddHours(7),
            DigestTime.Slot(MailRhythm.Weekly, 7, DayOfWeek.Monday, DateTime.Parse(now, System.Globalization.CultureInfo.InvariantCulture)));

    [Fact]
    public async Task A_kind_that_is_turned_off_before_the_digest_goes_is_not_in_it_and_urgent_never_waits()
    {
        var andrea = await BeginAsync();
        await Choices.RhythmAsync(NotificationKinds.Notices, MailRhythm.Weekly, andrea, default);
        await Choices.RhythmAsync(NotificationKinds.Packages, MailRhythm.Daily, andrea, default);
        await TellAsync(andrea, NoticeDelivery.Urgent, "Sin agua");
        await TellAsync(andrea, "package.received", "Servientrega");
        World.Building.Time.Utc = World.Building.Time.Utc.AddDays(1);
        await MakeAsync();
        await Choices.UnsubscribeAsync(NotificationKinds.Packages, andrea, default);
        await World.WorkAsync();
        var urgent = Assert.Single(World.Server.Messages);
        Assert.Contains("no se puede desactivar", urgent.Plain, StringComparison.Ordinal);
        Assert.DoesNotContain("/unsubscribe", urgent.Plain, StringComparison.Ordinal);
        await World.Server.StopAsync();
    }

    [Fact]
    public async Task The_link_of_a_mail_turns_its_kind_off_for_its_person_and_no_other_link_does()
    {
        var andrea = await BeginAsync();
        await TellAsync(andrea, "package.received", "Servientrega");
        await World.WorkAsync();
        await World.Server.StopAsync();
        var path = Off().Match(Assert.Single(World.Server.Messages).Plain).Groups[1].Value;
        var links = World.Building.Get<UnsubscribeLinks>();
        var token = Uri.UnescapeDataString(path.Split("t=")[1]);
        Assert.Equal((andrea.Id, NotificationKinds.Packages), links.Read(token));
        Assert.Null(links.Read(token[..^2] + "AA"));
        Assert.Null(links.Read("1 package"));
        Assert.Null(links.Read(null));

        Assert.True((await Choices.UnsubscribeAsync(NotificationKinds.Packages, andrea, default)).Ok);
        Assert.False((await Choices.MineAsync(andrea, default))!.Kinds.Single(k => k.Kind == NotificationKinds.Packages).ByMail);
        Assert.Equal("mail.urgent", (await Choices.UnsubscribeAsync(NotificationKinds.Urgent, andrea, default)).Error!.Code);
        Assert.Equal("not_found", (await Choices.UnsubscribeAsync("weather", andrea, default)).Error!.Code);
    }

    [Fact]
    public async Task The_link_of_a_digest_turns_off_all_that_comes_in_it()
    {
        var andrea = await BeginAsync();
        await Choices.RhythmAsync(NotificationKinds.Packages, MailRhythm.Daily, andrea, default);
        await Choices.RhythmAsync(NotificationKinds.Pqrs, MailRhythm.Weekly, andrea, default);
        await Choices.UnsubscribeAsync(NotificationChoices.Daily, andrea, default);
        var kinds = (await Choices.MineAsync(andrea, default))!.Kinds;
        Assert.False(kinds.Single(k => k.Kind == NotificationKinds.Packages).ByMail);
        Assert.Equal((true, MailRhythm.Weekly), kinds.Single(k => k.Kind == NotificationKinds.Pqrs) is var k ? (k.ByMail, k.Rhythm) : default);
        await World.Server.StopAsync();
    }

    private async Task<CurrentUser> BeginAsync()
    {
        await World.Server.StartAsync();
        await World.Building.Settings.SaveAsync(
            new BuildingSettings { Name = "Mirador del Nogal", PublicAddress = "portal.nogal.example" }, CurrentUser.System, default);
        return await World.PersonAsync("Andrea", "andrea@example.org", "es");
    }

    private Task TellAsync(CurrentUser person, string type, string about) => World.Building.Store.WriteAsync(
        CurrentUser.System,
        async (db, ct) =>
        {
            await new NotificationDraft(type, RecipientType.Owner, about, about, "/", [new(Text: about)]).AddAsync(db, [person.Id], ct);
            return Result.Done;
        },
        default);

    private Task MakeAsync() => new DigestMaking(World.Building.Store, Clock).RunAsync(Clock.Today, default);
}
