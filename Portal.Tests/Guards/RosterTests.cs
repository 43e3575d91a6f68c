using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Guards;
using Portal.Tests.Authority;
using Portal.Tests.Server;

namespace Portal.Tests.Guards;

/// <summary>Who is at the gate and when, and where nobody is.</summary>
public sealed class RosterTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    // A Monday.
    private static readonly DateOnly Monday = new(2026, 12, 7);

    private readonly AuthorityWorld _world = new(database);

    private RosterService Service => _world.Get<RosterService>();

    private CurrentUser Staff => _world.As(Who.Staff);

    public Task InitializeAsync() => _world.BeginAsync(new CensusMatrix());

    public Task DisposeAsync() => _world.DisposeAsync().AsTask();

    private static DateTime At(int day, int hour) => Monday.AddDays(day).ToDateTime(TimeOnly.MinValue).AddHours(hour);

    private static ShiftInput Input(long guard, int day, int from, int until) =>
        new(guard, Monday.AddDays(day), new TimeOnly(from, 0), new TimeOnly(until, 0), null);

    private async Task<long> GuardAsync(string name, long? user = null, DateOnly? arl = null)
    {
        var id = 0L;
        Assert.True((await _world.Get<PortalStore>().WriteAsync(CurrentUser.System, async (db, ct) =>
        {
            var guard = new Guard { Name = name, Identification = $"77{name}", UserId = user, ArlExpiresOn = arl };
            db.Guards.Add(guard);
            await db.SaveChangesAsync(ct);
            id = guard.Id;
            return Result.Done;
        }, default)).Ok);
        return id;
    }

    private async Task<long> PutAsync(long guard, int day, int from, int until)
    {
        var saved = await Service.SaveAsync(null, Input(guard, day, from, until), Staff, default);
        Assert.True(saved.Ok, saved.Error?.Code);
        return saved.Value;
    }

    [Fact]
    public void Gaps_are_what_no_shift_covers_whatever_overlaps_or_reaches_beyond()
    {
        Span[] shifts = [new(At(-1, 22), At(0, 6)), new(At(0, 5), At(0, 14)), new(At(0, 8), At(0, 10)), new(At(0, 20), At(1, 2))];
        Assert.Equal([new Span(At(0, 14), At(0, 20))], Roster.Gaps(shifts, At(0, 0), At(1, 0)));
        Assert.Equal([new Span(At(0, 14), At(0, 20)), new Span(At(1, 2), At(2, 0))], Roster.Gaps(shifts, At(0, 0), At(2, 0)));
        Assert.Equal([new Span(At(3, 0), At(4, 0))], Roster.Gaps([], At(3, 0), At(4, 0)));
        Assert.Equal([new Span(At(1, 2), At(2, 0))], Roster.OfDay(Roster.Gaps(shifts, At(0, 0), At(2, 0)), Monday.AddDays(1)));
    }

    [Fact]
    public void More_than_twelve_hours_a_day_or_sixty_a_week_and_insurances_that_are_over_are_warned_of()
    {
        var shift = new Span(At(4, 6), At(4, 18));
        Assert.Empty(Roster.Warnings(shift, [], null, Monday.AddDays(4)));
        Assert.Equal([RosterWarning.ArlExpired], Roster.Warnings(shift, [], Monday.AddDays(3), null));
        Assert.Equal([RosterWarning.EpsExpired], Roster.Warnings(shift, [], null, Monday.AddDays(3)));
        Assert.Equal([RosterWarning.LongDay], Roster.Warnings(shift, [new Span(At(4, 20), At(4, 21))], null, null));
        var four = Enumerable.Range(0, 4).Select(day => new Span(At(day, 6), At(day, 18))).ToList();
        Assert.Empty(Roster.Warnings(shift, four, null, null));
        Assert.Equal([RosterWarning.LongWeek], Roster.Warnings(shift, [.. four, new Span(At(6, 6), At(6, 7))], null, null));

        // A shift that begins on the Sunday before is of the week before.
        Assert.Empty(Roster.Warnings(shift, [.. four, new Span(At(-1, 22), At(0, 6))], null, null));
    }

    [Fact]
    public async Task A_shift_may_end_on_the_next_day_and_a_guard_has_one_at_a_time()
    {
        var (ana, berta) = (await GuardAsync("Ana"), await GuardAsync("Berta"));
        await PutAsync(ana, 0, 22, 6);
        var week = (await Service.WeekAsync(Monday.AddDays(3), Staff, default))!;
        Assert.Equal((Monday, At(0, 22), At(1, 6)), (week.Monday, week.Shifts.Single(s => s.GuardId == ana).From, week.Shifts.Single(s => s.GuardId == ana).Until));
        Assert.Equal(TimeSpan.FromHours(8), week.Guards.Single(g => g.Id == ana).Hours);
        Assert.Equal([new Span(At(0, 0), At(0, 22)), new Span(At(1, 6), At(7, 0))], week.Gaps);

        var refused = await Service.SaveAsync(null, Input(ana, 1, 5, 13), Staff, default);
        Assert.Equal(("roster.overlap", At(0, 22)), (refused.Error!.Code, refused.Error.Values[1]));
        // Where one ends the other may begin; two guards may stand at the gate together.
        await PutAsync(ana, 1, 6, 14);
        await PutAsync(berta, 0, 22, 6);
        Assert.Equal("roster.same", (await Service.SaveAsync(null, Input(berta, 3, 6, 6), Staff, default)).Error!.Code);
        Assert.Equal("not_found", (await Service.SaveAsync(null, Input(999_999, 3, 6, 7), Staff, default)).Error!.Code);
        Assert.Equal(3, (await Service.SaveAsync(null, new(null, null, null, null, null), Staff, default)).Errors.Count(e => e.Code == "required") - 1);
    }

    [Fact]
    public async Task Of_two_who_put_one_guard_on_the_roster_at_once_one_is_refused()
    {
        var ana = await GuardAsync("Ana");
        var saved = await Task.WhenAll(
            Enumerable.Range(0, 6).Select(i => Task.Run(() => Service.SaveAsync(null, Input(ana, 2, 6 + i, 14 + i), Staff, default))));
        Assert.Single(saved, s => s.Ok);
        Assert.All(saved.Where(s => !s.Ok), s => Assert.Equal("roster.overlap", s.Error!.Code));
    }

    [Fact]
    public async Task A_week_is_copied_once_and_what_is_in_the_way_is_left_out()
    {
        var (ana, berta) = (await GuardAsync("Ana"), await GuardAsync("Berta"));
        await PutAsync(ana, 0, 22, 6);
        await PutAsync(berta, 1, 6, 14);
        await PutAsync(ana, 7, 20, 23);
        Assert.Equal(new CopiedWeek(1, 1), (await Service.CopyAsync(Monday.AddDays(9), Staff, default)).Value);
        Assert.Equal(new CopiedWeek(0, 2), (await Service.CopyAsync(Monday.AddDays(7), Staff, default)).Value);
        var next = (await Service.WeekAsync(Monday.AddDays(7), Staff, default))!;
        Assert.Equal([(ana, At(7, 20)), (berta, At(8, 6))], next.Shifts.Select(s => (s.GuardId!.Value, s.From)));
        Assert.Equal("roster.nothing", (await Service.CopyAsync(Monday.AddDays(60), Staff, default)).Error!.Code);
    }

    [Fact]
    public async Task Guards_see_the_names_and_times_of_all_and_nobodys_papers_or_hours()
    {
        var mine = await GuardAsync("Yo", AuthorityWorld.Id(Who.Guard), Monday.AddDays(-9));
        var other = await GuardAsync("Otra", null, Monday.AddDays(-9));
        await PutAsync(mine, 0, 6, 14);
        await PutAsync(other, 0, 14, 22);
        var seen = (await Service.WeekAsync(Monday, _world.As(Who.Guard), default))!;
        Assert.Equal([("Yo", true), ("Otra", false)], seen.Shifts.Select(s => (s.Guard, s.Own)));
        Assert.All(seen.Shifts, s => Assert.Empty(s.Warnings));
        Assert.Equal(("Yo", null, null), (Assert.Single(seen.Guards).Name, seen.Guards[0].Arl, seen.Guards[0].Eps));
        Assert.Empty(seen.Posts);
        Assert.False(seen.Edits);
        var kept = (await Service.WeekAsync(Monday, Staff, default))!;
        Assert.All(kept.Shifts, s => Assert.Equal([RosterWarning.ArlExpired], s.Warnings));
        Assert.Null(await Service.WeekAsync(Monday, _world.As(Who.Owner), default));
    }

    [Fact]
    public async Task Who_leaves_takes_their_coming_shifts_along_and_the_others_keep_the_name()
    {
        var ana = await GuardAsync("Ana");
        var (past, coming) = (_world.Clock.Today.AddDays(-9), _world.Clock.Today.AddDays(2));
        foreach (var day in new[] { past, coming })
            Assert.True((await Service.SaveAsync(null, new(ana, day, new(6, 0), new(14, 0), null), Staff, default)).Ok);
        Assert.True((await _world.Get<GuardService>().DeleteAsync(ana, Staff, default)).Ok);
        var before = Assert.Single((await Service.WeekAsync(past, Staff, default))!.Shifts, s => s.Guard == "Ana");
        Assert.Null(before.GuardId);
        Assert.DoesNotContain((await Service.WeekAsync(coming, Staff, default))!.Shifts, s => s.Guard == "Ana");
    }

    [Fact]
    public async Task Of_two_edits_of_one_shift_both_hold_where_they_changed_different_fields()
    {
        var (ana, berta) = (await GuardAsync("Ana"), await GuardAsync("Berta"));
        var id = await PutAsync(ana, 2, 6, 14);
        var read = Input(ana, 2, 6, 14);
        Assert.True((await Service.SaveAsync(id, read with { GuardId = berta, Read = read }, Staff, default)).Ok);
        Assert.True((await Service.SaveAsync(id, read with { Until = new(13, 0), Read = read }, Staff, default)).Ok);
        var shift = (await Service.WeekAsync(Monday, Staff, default))!.Shifts.Single(s => s.Id == id);
        Assert.Equal((berta, At(2, 13)), (shift.GuardId, shift.Until));
        await using var db = await _world.Get<PortalStore>().OpenAsync(CurrentUser.System, default);
        Assert.Equal(3, await db.AuditLog.CountAsync(e => e.TableName == "guard_shifts" && e.RecordId == id));
        Assert.True((await Service.DeleteAsync(id, Staff, default)).Ok);
        Assert.Equal("not_found", (await Service.DeleteAsync(id, Staff, default)).Error!.Code);
    }
}
