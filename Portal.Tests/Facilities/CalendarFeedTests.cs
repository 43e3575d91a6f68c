using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Facilities;
using Portal.Data.Identity;
using Portal.Tests.Server;
using Xunit;
using static Portal.Tests.Facilities.FacilityWorld;

namespace Portal.Tests.Facilities;

public sealed class CalendarFeedTests(TestDatabase database) : FacilityTest(database)
{
    private CalendarFeedService Feeds => World.Get<CalendarFeedService>();

    /// <summary>A person whose account may book, as the database knows it: the feed asks the database and not the world.</summary>
    private async Task<CurrentUser> PersonAsync() => await World.OwnerAsync();

    [Fact]
    public async Task A_new_address_takes_the_place_of_the_old_one_and_only_its_hash_is_kept()
    {
        var andrea = await PersonAsync();
        Assert.Null((await Feeds.MineAsync(andrea, default)).Value);
        var first = (await Feeds.ReplaceAsync(andrea, default)).Value;
        var second = (await Feeds.ReplaceAsync(andrea, default)).Value;

        Assert.Matches("^[A-Za-z0-9_-]{32}$", first);
        Assert.NotEqual(first, second);
        Assert.Null(await Feeds.ReadAsync(first, default));
        Assert.NotNull(await Feeds.ReadAsync(second, default));
        Assert.NotNull((await Feeds.MineAsync(andrea, default)).Value);
        var kept = Assert.Single(await World.ReadAsync(db => db.CalendarFeeds.ToListAsync()));
        Assert.Matches("^[0-9a-f]{64}$", kept.SecretHash);
        var log = await World.ReadAsync(db =>
            db.AuditLog.Where(e => e.TableName == "calendar_feeds").Select(e => (e.OldValue ?? "") + (e.NewValue ?? "")).ToListAsync()
        );
        Assert.NotEmpty(log);
        Assert.DoesNotContain(
            log,
            text => text.Contains(kept.SecretHash, StringComparison.Ordinal) || text.Contains(second, StringComparison.Ordinal)
        );

        Assert.True((await Feeds.RevokeAsync(andrea, default)).Ok);
        Assert.Null(await Feeds.ReadAsync(second, default));
        Assert.Null((await Feeds.MineAsync(andrea, default)).Value);
        Assert.True((await Feeds.RevokeAsync(andrea, default)).Ok);
    }

    [Fact]
    public async Task An_address_tells_the_persons_own_bookings_and_nobody_elses()
    {
        var facility = await World.FacilityAsync(change: f => (f.HourlyRate, f.Deposit, f.CancelNoticeMinutes) = (null, 0, 0));
        var (andrea, other) = (await PersonAsync(), await PersonAsync());
        var mine = (await World.BookAsync(facility, andrea, At(28, 12), people: 3)).Value;
        await World.BookAsync(facility, other, At(28, 16));
        var secret = (await Feeds.ReplaceAsync(andrea, default)).Value;

        var booking = Assert.Single((await Feeds.ReadAsync(secret, default))!.Bookings);
        Assert.Equal(
            (mine.Id, mine.Number, "BBQ 2", At(28, 12), At(28, 16), ReservationState.Confirmed, 3, 0),
            (booking.Id, booking.Number, booking.Facility, booking.Start, booking.End, booking.State, booking.People, booking.Changes)
        );

        Assert.True(
            (await World.Changes.MoveAsync(mine.Id, new ChangeInput(facility.Id, At(29, 12), At(29, 16), 3), 0, andrea, default)).Ok
        );
        Assert.Equal(
            (At(29, 12), 1),
            Assert.Single((await Feeds.ReadAsync(secret, default))!.Bookings) is var moved ? (moved.Start, moved.Changes) : default
        );

        Assert.True((await World.Reservations.CancelAsync(mine.Id, null, 0, andrea, default)).Ok);
        Assert.Equal(ReservationState.Cancelled, Assert.Single((await Feeds.ReadAsync(secret, default))!.Bookings).State);
        World.Time.Utc = World.Time.Utc.AddDays(CalendarFeedService.CancelledDays + 1);
        Assert.Empty((await Feeds.ReadAsync(secret, default))!.Bookings);
    }

    [Fact]
    public async Task What_is_long_over_leaves_the_calendar()
    {
        var facility = await World.FacilityAsync();
        var andrea = await PersonAsync();
        await World.BookAsync(facility, andrea, At(28, 12));
        var secret = (await Feeds.ReplaceAsync(andrea, default)).Value;

        World.Time.Utc = At(28, 12).AddHours(5).AddDays(CalendarFeedService.PastDays).AddMinutes(-1);
        Assert.Single((await Feeds.ReadAsync(secret, default))!.Bookings);
        World.Time.Utc = World.Time.Utc.AddMinutes(2);
        Assert.Empty((await Feeds.ReadAsync(secret, default))!.Bookings);
    }

    [Fact]
    public async Task The_address_of_an_account_that_is_not_active_is_nobodys()
    {
        var andrea = await PersonAsync();
        var secret = (await Feeds.ReplaceAsync(andrea, default)).Value;
        Assert.NotNull(await Feeds.ReadAsync(secret, default));

        foreach (var state in Enum.GetValues<UserState>().Where(s => s != UserState.Active))
        {
            await World.ReadAsync(db =>
                db.Users.Where(u => u.Id == andrea.Id).ExecuteUpdateAsync(set => set.SetProperty(u => u.UserStatusId, state))
            );
            World.Get<CurrentUserSource>().Forget();
            Assert.Null(await Feeds.ReadAsync(secret, default));
        }
    }

    [Fact]
    public async Task When_it_was_last_read_is_kept_by_the_hour_and_stays_out_of_the_audit_log()
    {
        var andrea = await PersonAsync();
        var secret = (await Feeds.ReplaceAsync(andrea, default)).Value;
        var logged = await World.ReadAsync(db => db.AuditLog.CountAsync());
        var first = World.Time.Utc;
        await Feeds.ReadAsync(secret, default);
        World.Time.Utc = first.AddMinutes(30);
        await Feeds.ReadAsync(secret, default);
        Assert.Equal(first, (await Feeds.MineAsync(andrea, default)).Value!.Read);
        World.Time.Utc = first.AddMinutes(61);
        await Feeds.ReadAsync(secret, default);
        Assert.Equal(first.AddMinutes(61), (await Feeds.MineAsync(andrea, default)).Value!.Read);
        Assert.Equal(logged, await World.ReadAsync(db => db.AuditLog.CountAsync()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("00000000000000000000000000000000")]
    [InlineData("%' OR '1'='1")]
    [InlineData("ññññññññññññññññññññññññññññññññ")]
    public async Task What_is_nobodys_address_is_not_found(string secret) => Assert.Null(await Feeds.ReadAsync(secret, default));
}
