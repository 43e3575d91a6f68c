using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Data;
using Portal.Data.Backups;
using Portal.Data.Notifications;
using Portal.Data.Operations;
using Portal.Tests.Payments;
using Portal.Tests.Server;

namespace Portal.Tests.Backups;

/// <summary>What is made by itself, what is kept of it, and who hears when it fails.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class BackupNightTests(TestDatabase database) : DatabaseTest(database)
{
    private readonly string _folder = Directory.CreateTempSubdirectory("portal-night-").FullName;
    private readonly PaymentWorld _world = new(database);

    private string Sets => Path.Combine(_folder, "sets");

    private string AwayFolder => Path.Combine(_folder, "away");

    private BuildingClock Clock => _world.Get<BuildingClock>();

    public override async Task DisposeAsync()
    {
        await _world.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Thirty_days_are_kept_and_a_year_the_first_of_each_month()
    {
        var today = new DateOnly(2027, 3, 15);
        var nights = Enumerable.Range(0, 408).Select(back => today.AddDays(-back).ToDateTime(new TimeOnly(3, 30))).ToList();

        var kept = nights.Except(BackupKeeping.Spent(nights, n => n, today)).Order().ToList();

        Assert.Equal(41, kept.Count);
        Assert.Equal(Enumerable.Range(4, 11).Select(m => new DateTime(2026, 1, 1, 3, 30, 0).AddMonths(m - 1)), kept.Take(11));
        Assert.Equal(new DateTime(2027, 2, 14, 3, 30, 0), kept[11]);
        Assert.Equal(30, kept.Skip(11).Count());
    }

    [Fact]
    public void The_last_set_is_kept_however_old_and_the_first_of_a_month_need_not_be_of_its_first_day()
    {
        var today = new DateOnly(2028, 2, 29);
        Assert.Empty(BackupKeeping.Spent([new DateTime(2020, 1, 1)], n => n, today));
        DateTime[] nights = [new(2027, 10, 7), new(2027, 10, 9), new(2027, 2, 28), new(2027, 3, 1), new(2028, 1, 31), new(2028, 1, 30)];
        Assert.Equal([new(2027, 2, 28), new(2027, 10, 9)], BackupKeeping.Spent(nights, n => n, today));
    }

    [Fact]
    public async Task A_night_makes_a_set_notes_it_and_takes_away_what_is_no_longer_kept()
    {
        var admin = await _world.AdminAsync();
        var options = await OptionsAsync();
        await new NightlyBackup(Work(options), options).RunAsync(Clock.Today, default);
        var made = Assert.Single(await SetFolder.AllAsync(Sets, default));
        var older = await AgeAsync(made, "portal-older", days: 70);
        var oldest = await AgeAsync(made, "portal-oldest", days: 71);

        var service = new BackupsService(_world.Store, options, Clock);
        await new AskedBackup(Work(options), options).RunAsync(new AskedFor(admin.Id), default);

        Assert.True(Directory.Exists(oldest.Path));
        Assert.False(Directory.Exists(older.Path));
        var rows = (await service.ListAsync(new ListQuery(), admin, default)).Rows;
        Assert.Equal([BackupKind.Asked, BackupKind.Nightly], rows.OrderByDescending(r => r.Id).Select(r => r.Kind));
        Assert.All(rows, r => Assert.True(r is { Outcome: BackupOutcome.Good, Bytes: > 0, Tables: > 50, OffSite: OffSiteCopy.None }));
        var state = (await service.StateAsync(admin, default))!;
        Assert.Equal(2, state.Kept.Sets);
        Assert.Empty(state.Alarms(Clock.UtcNow));
        await using var db = await _world.Store.OpenAsync(CurrentUser.System, default);
        Assert.Equal(2, await db.AuditLog.CountAsync(e => e.TableName == "backup_sets" && e.Action == "insert"));

        // While the last is in doubt nothing goes.
        await AgeAsync(made, "portal-old-too", days: 70);
        var last = (await SetFolder.AllAsync(Sets, default))[^1];
        await File.AppendAllTextAsync(Path.Combine(last.Path, SetFolder.Dump), "x");
        await Assert.ThrowsAsync<BackupException>(() => BackupKeeping.ClearAsync(Sets, last.Manifest, Clock, default));
        Assert.True(Directory.Exists(Path.Combine(Sets, "portal-old-too")));
    }

    [Fact]
    public async Task One_that_fails_is_noted_with_its_reason_and_takes_nothing_away()
    {
        var admin = await _world.AdminAsync();
        var options = await OptionsAsync() with { Programs = "/nowhere" };

        await Assert.ThrowsAsync<BackupException>(() => Work(options).RunAsync(BackupKind.Nightly, null, null, default));

        var state = (await new BackupsService(_world.Store, options, Clock).StateAsync(admin, default))!;
        Assert.Contains("is not on this machine", state.Failed!.Message, StringComparison.Ordinal);
        Assert.Null(state.Last);
        var service = new BackupsService(_world.Store, options, Clock);
        Assert.Equal(1, (await service.ListAsync(new ListQuery(Search: "not on this"), admin, default)).Total);
        Assert.Equal(0, (await service.ListAsync(new ListQuery(Search: "portal-2020"), admin, default)).Total);
        Assert.Null(state.Loss(Clock.UtcNow));
    }

    [Fact]
    public async Task Elsewhere_only_what_is_encrypted_and_only_what_was_read_back()
    {
        var admin = await _world.AdminAsync();
        var secret = Path.Combine(_folder, "secret");
        using (var made = Process.Start(new ProcessStartInfo("age-keygen", ["-o", secret]) { RedirectStandardError = true })!)
            await made.WaitForExitAsync();
        var recipient = (await File.ReadAllLinesAsync(secret)).First(l => l.StartsWith("# public key: ", StringComparison.Ordinal))[14..];
        var options = await OptionsAsync() with { Recipient = recipient, OffSite = new OffSiteOptions { Folder = AwayFolder } };
        var service = new BackupsService(_world.Store, options, Clock);

        Directory.CreateDirectory(AwayFolder);
        var set = await Work(options).RunAsync(BackupKind.Nightly, null, null, default);

        var copy = await SetFolder.OpenAsync(Path.Combine(AwayFolder, set.Name), default);
        await copy.VerifyFilesAsync(default);
        Assert.Equal(OffSiteCopy.Same, (await service.StateAsync(admin, default))!.Last!.OffSite);

        // The other disk is not there: the set is good all the same, and the alarm says the rest.
        Directory.Move(AwayFolder, AwayFolder + "-unplugged");
        await Work(options).RunAsync(BackupKind.Nightly, null, null, default);
        var state = (await service.StateAsync(admin, default))!;
        Assert.Equal((BackupOutcome.Good, OffSiteCopy.Failed), (state.Last!.Outcome, state.Last.OffSite));
        Assert.Contains("is its disk mounted?", state.Last.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(AwayFolder));
        Assert.Equal([BackupAlarm.Away], state.Alarms(Clock.UtcNow));
        Assert.Equal(set.Name, state.LastAway!.Name);
    }

    [Fact]
    public void Old_small_and_missing_are_alarms()
    {
        var now = new DateTime(2026, 11, 29, 12, 0, 0, DateTimeKind.Utc);
        var state = new BackupState("/sets", null, false, null, null, null, null, now.AddHours(-26), (0, 0), false);
        Assert.Empty(state.Alarms(now));
        Assert.Equal([BackupAlarm.Old], state.Alarms(now.AddSeconds(1)));
        Assert.Equal([BackupAlarm.NotSetUp], (state with { Folder = null }).Alarms(now));

        state = state with { Last = Row(now.AddHours(-1), 50), Before = Row(now.AddHours(-25), 100) };
        Assert.Empty(state.Alarms(now));
        state = state with { Last = state.Last! with { Bytes = 49 } };
        Assert.Equal([BackupAlarm.Small], state.Alarms(now));
        Assert.Equal([BackupAlarm.Old, BackupAlarm.Small], state.Alarms(now.AddHours(25.1)));
    }

    [Fact]
    public void A_stream_five_minutes_behind_a_gap_and_a_drill_that_failed_or_is_eight_days_old_are_alarms()
    {
        var now = new DateTime(2026, 11, 29, 12, 0, 0, DateTimeKind.Utc);
        var drill = new DrillRow(
            1, now.AddDays(-8), now.AddDays(-8), BackupOutcome.Good, "portal-1", false, true, now.AddDays(-8), 90, 0, 1000, null);
        var stream = new StreamRow(false, "portal.000012", now.AddMinutes(-5), now.AddDays(-3), null, null, now);
        var state = new BackupState(
            "/sets", null, false, Row(now.AddHours(-9), 50), null, null, null, now.AddDays(-40), (1, 50), false, stream, drill, drill);
        Assert.Empty(state.Alarms(now));
        Assert.Equal(TimeSpan.FromMinutes(5), state.Loss(now));

        Assert.Equal([BackupAlarm.Behind, BackupAlarm.DrillOld], state.Alarms(now.AddSeconds(1)));
        Assert.Equal([BackupAlarm.Gap], (state with { Stream = stream with { Missing = "portal.000011" } }).Alarms(now));
        Assert.Equal(TimeSpan.FromHours(9), (state with { Stream = stream with { Missing = "portal.000011" } }).Loss(now));
        Assert.Equal(
            [BackupAlarm.DrillFailed],
            (state with { Drill = drill with { Outcome = BackupOutcome.Failed, FinishedAt = now.AddDays(-1) } }).Alarms(now));
        Assert.Equal([BackupAlarm.DrillOld], (state with { Drill = null, GoodDrill = null }).Alarms(now));

        // Where the server keeps no log, or nobody has streamed yet, nothing is said of it.
        Assert.Empty((state with { Stream = stream with { NoLog = true, ReachedAt = null } }).Alarms(now));
        Assert.Empty((state with { Stream = null }).Alarms(now));
        Assert.Equal(TimeSpan.FromHours(9), (state with { Stream = null }).Loss(now));
    }

    [Fact]
    public async Task A_drill_that_fails_is_told_once_and_the_next_anew()
    {
        var admin = await _world.AdminAsync();
        var options = await OptionsAsync();
        for (var night = 1; night <= 2; night++)
        {
            var at = Clock.UtcNow.AddMinutes(night);
            await _world.Store.WriteAsync(
                CurrentUser.System,
                (db, _) =>
                {
                    db.Add(BackupDrill.NotDone("portal-1", "towers has other content.", at, at));
                    return Task.FromResult(Result.Done);
                },
                default);
            for (var watched = 0; watched < 2; watched++)
                await new BackupWatch(_world.Store, options, Clock).RunAsync(Clock.Today, default);
            await using var db = await _world.Store.OpenAsync(CurrentUser.System, default);
            Assert.Equal(
                night, await db.Notifications.CountAsync(n => n.Type == BackupWatch.DrillFailed && n.RecipientId == admin.Id));
        }
    }

    [Fact]
    public async Task What_is_wrong_is_told_once_in_the_bell_and_by_mail_to_who_makes_backups()
    {
        var admin = await _world.AdminAsync();
        await _world.StaffAsync();
        await using (var db = await _world.Store.OpenAsync(CurrentUser.System, default))
            await db.Profiles.ExecuteUpdateAsync(set => set.SetProperty(p => p.Email, p => "p" + p.Id + "@example.org"));
        var options = await OptionsAsync();
        await RunAsync();
        Assert.Empty(await ToldAsync());

        _world.On(PaymentWorld.Today.AddDays(2));
        await RunAsync();
        await RunAsync();
        Assert.Equal([(BackupWatch.Old, admin.Id)], await ToldAsync());
        await using (var db = await _world.Store.OpenAsync(CurrentUser.System, default))
            Assert.Equal(1, await db.Jobs.CountAsync(j => j.Kind == MailJob.JobKind.Name));

        // After a good one it begins anew.
        await Work(options).RunAsync(BackupKind.Nightly, null, null, default);
        await RunAsync();
        Assert.Single(await ToldAsync());
        _world.On(PaymentWorld.Today.AddDays(4));
        await RunAsync();
        await RunAsync();
        Assert.Equal([(BackupWatch.Old, admin.Id), (BackupWatch.Old, admin.Id)], await ToldAsync());

        Task RunAsync() => new BackupWatch(_world.Store, options, Clock).RunAsync(Clock.Today, default);

        async Task<List<(string, long)>> ToldAsync()
        {
            await using var db = await _world.Store.OpenAsync(CurrentUser.System, default);
            return [.. (await db.Notifications.OrderBy(n => n.Id).Select(n => new { n.Type, n.RecipientId }).ToListAsync())
                .Select(n => (n.Type!, n.RecipientId))];
        }
    }

    [Fact]
    public async Task The_button_asks_once_and_says_why_not()
    {
        var (admin, staff) = (await _world.AdminAsync(), await _world.StaffAsync());
        var off = new BackupsService(_world.Store, new BackupOptions(), Clock);
        Assert.Equal("backup.not_set_up", (await off.AskAsync(admin, default)).Error!.Code);
        await Assert.ThrowsAsync<WorkLeftException>(() => new NightlyBackup(Work(new()), new()).RunAsync(Clock.Today, default));

        var service = new BackupsService(_world.Store, await OptionsAsync(), Clock);
        Assert.Equal(Error.Forbidden, (await service.AskAsync(staff, default)).Error);
        Assert.True((await service.AskAsync(admin, default)).Ok);
        Assert.Equal("backup.under_way", (await service.AskAsync(admin, default)).Error!.Code);
        Assert.True((await service.StateAsync(admin, default))!.Working);
        await using var db = await _world.Store.OpenAsync(CurrentUser.System, default);
        Assert.Equal(admin.Id, (await db.AuditLog.SingleAsync(e => e.Action == "backup_asked")).UserId);
    }

    private async Task<BackupOptions> OptionsAsync() => new() { Folder = Sets, Programs = await BackupWorld.ProgramsAsync() };

    private BackupWork Work(BackupOptions options) => new(
        new BackupDesk(options, () => Database.ConnectionString, _world.Get<TimeProvider>()), options, _world.Store, Clock,
        NullLogger<BackupWork>.Instance);

    private async Task<SetFolder> AgeAsync(SetFolder set, string name, int days)
    {
        var path = Directory.CreateDirectory(Path.Combine(Sets, name)).FullName;
        foreach (var file in Directory.GetFiles(set.Path)) File.Copy(file, Path.Combine(path, Path.GetFileName(file)));
        var old = await SetFolder.OpenAsync(path, default);
        await BackupWorld.RewriteAsync(
            old, m => m with { StartedAt = m.StartedAt.AddDays(-days), FinishedAt = m.FinishedAt.AddDays(-days) });
        return old;
    }

    private static BackupRow Row(DateTime at, long bytes) => new(
        1, BackupKind.Nightly, "portal-1", "/sets", at, at, BackupOutcome.Good, bytes, 1, 1, false, OffSiteCopy.None, null, null);
}
