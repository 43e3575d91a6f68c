using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Portal.Data;
using Portal.Data.Backups;
using Portal.Data.Privacy;
using Portal.Tests.Payments;
using Portal.Tests.Server;

namespace Portal.Tests.Backups;

/// <summary>A bucket as the second place: what counts there is whole, what fails is said with its reason.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class OffSiteTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("portal-away-").FullName;
    private ObjectServer _server = null!;

    private string Sets => Path.Combine(_folder, "sets");

    private string Elsewhere => Path.Combine(_folder, "elsewhere");

    public async Task InitializeAsync()
    {
        Directory.CreateDirectory(Sets);
        _server = await ObjectServer.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_set_goes_in_parts_its_manifest_last_and_comes_back_the_same()
    {
        var set = await SetAsync("portal-20261129-083000", TestDay.Time.GetUtcNow().UtcDateTime);
        var place = new ObjectPlace(_server.Options);
        await place.CopyAsync(set, default);

        Assert.Equal($"nogal/{set.Name}/{BackupManifest.FileName}", _server.Written.Last());
        Assert.Equal((3, 0), (_server.Objects.Count, _server.Unfinished));
        Assert.EndsWith("-4", _server.Objects[$"nogal/{set.Name}/{SetFolder.EncryptedDump}"].Tag, StringComparison.Ordinal);

        // The answer to the last request was lost: what is there is the same, and nothing is written again.
        await place.CopyAsync(set, default);
        Assert.Equal(3, _server.Written.Count);

        await place.AddErasedAsync([new ErasedAccount("E-1", 7, "f", TestDay.Time.GetUtcNow().UtcDateTime)], default);
        await place.AddErasedAsync([new ErasedAccount("E-2", 8, "g", TestDay.Time.GetUtcNow().UtcDateTime)], default);
        var desk = new BackupDesk(
            new BackupOptions { Folder = Elsewhere, OffSite = new OffSiteOptions { S3 = _server.Options } }, () => "", TestDay.Time);
        var back = await desk.OpenAsync("s3:last", default);
        Assert.Equal(Path.Combine(Elsewhere, set.Name), back.Path);
        Assert.Equal(
            await File.ReadAllBytesAsync(Path.Combine(set.Path, SetFolder.EncryptedDump)),
            await File.ReadAllBytesAsync(Path.Combine(back.Path, SetFolder.EncryptedDump)));
        Assert.Equal(2, (await File.ReadAllLinesAsync(Path.Combine(Elsewhere, ErasureList.FileName))).Length);
        var none = await Assert.ThrowsAsync<BackupException>(() => desk.OpenAsync("s3:portal-20200101-083000", default));
        Assert.Contains($"The newest there: {set.Name}.", none.Message, StringComparison.Ordinal);

        // Without a bucket, or a folder to bring it to, a sentence says what is missing.
        var plain = new BackupDesk(new BackupOptions { Folder = Elsewhere }, () => "", TestDay.Time);
        Assert.Contains("S3__Bucket", (await Assert.ThrowsAsync<BackupException>(() => plain.OpenAsync("s3:last", default))).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "InvalidAccessKeyId", 403, AwayFault.Key)]
    [InlineData("", "RequestTimeTooSkewed", 403, AwayFault.Clock)]
    [InlineData("", "AccessDenied", 403, AwayFault.Denied)]
    [InlineData("db.sql", "QuotaExceeded", 403, AwayFault.Full)]
    [InlineData("db.sql", "XMinioStorageFull", 507, AwayFault.Full)]
    [InlineData("db.sql", "cut", 0, AwayFault.Cut)]
    [InlineData("manifest.json", "cut", 0, AwayFault.Cut)]
    [InlineData("db.sql", "slow", 0, AwayFault.Slow)]
    [InlineData("SHA256SUMS", "SlowDown", 503, AwayFault.Slow)]
    public async Task What_fails_is_said_and_nothing_is_half_counted(string at, string code, int status, AwayFault fault)
    {
        var set = await SetAsync("portal-20261129-083000", TestDay.Time.GetUtcNow().UtcDateTime);
        var writes = 0;
        _server.Fails = (method, key) =>
            key.Contains(at, StringComparison.Ordinal) && (at == "" || (method == "PUT" && (at != "db.sql" || ++writes > 2)))
                ? (code, status) : null;
        var place = new ObjectPlace(_server.Options with { TimeoutSeconds = 1 });

        var failed = await Assert.ThrowsAsync<AwayException>(() => place.CopyAsync(set, default));

        Assert.Equal(fault, failed.Fault);
        Assert.DoesNotContain(ObjectServer.Secret, failed.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(ObjectServer.AccessKey, failed.Message, StringComparison.Ordinal);
        _server.Fails = (_, _) => null;
        Assert.Equal(0, _server.Unfinished);
        await Assert.ThrowsAsync<BackupException>(() => place.FetchAsync("last", Elsewhere, false, default));

        // It is sent again when it can be.
        await place.CopyAsync(set, default);
        Assert.Equal(set.Name, (await place.FetchAsync("last", Elsewhere, false, default)).Name);
    }

    [Fact]
    public async Task A_wrong_secret_a_bucket_that_is_not_there_and_a_port_where_nobody_listens_are_told_apart()
    {
        var set = await SetAsync("portal-20261129-083000", TestDay.Time.GetUtcNow().UtcDateTime);
        var file = Path.Combine(_folder, "secret");
        await File.WriteAllTextAsync(file, ObjectServer.Secret + "\n");
        await new ObjectPlace(_server.Options with { SecretKey = null, SecretKeyFile = file }).CopyAsync(set, default);

        Assert.Equal(AwayFault.Key, await FaultAsync(o => o with { SecretKey = "another" }));
        Assert.Equal(AwayFault.Key, await FaultAsync(o => o with { SecretKeyFile = file + "-gone" }));
        Assert.Equal(AwayFault.Bucket, await FaultAsync(o => o with { Bucket = "nowhere" }));
        Assert.Equal(AwayFault.Unreachable, await FaultAsync(o => o with { Endpoint = "http://127.0.0.1:9" }));

        async Task<AwayFault> FaultAsync(Func<ObjectOptions, ObjectOptions> with) => (await Assert.ThrowsAsync<AwayException>(
            () => new ObjectPlace(with(_server.Options)).CopyAsync(set, default))).Fault;
    }

    [Fact]
    public async Task What_lies_there_is_compared_and_read_back_where_the_storage_has_tags_of_its_own()
    {
        var set = await SetAsync("portal-20261129-083000", TestDay.Time.GetUtcNow().UtcDateTime);
        var place = new ObjectPlace(_server.Options);
        _server.Spoils = true;
        Assert.Equal(AwayFault.Differs, (await Assert.ThrowsAsync<AwayException>(() => place.CopyAsync(set, default))).Fault);
        _server.OtherTags = true;
        Assert.Equal(AwayFault.Differs, (await Assert.ThrowsAsync<AwayException>(() => place.CopyAsync(set, default))).Fault);
        _server.Spoils = false;
        await place.CopyAsync(set, default);
        Assert.Equal(set.Name, (await place.FetchAsync(set.Name, Elsewhere, false, default)).Name);

        // One that changed there since is not taken for a set.
        Directory.Delete(Elsewhere, recursive: true);
        _server.Objects[$"nogal/{set.Name}/{SetFolder.EncryptedDump}"].Body[5] ^= 1;
        await Assert.ThrowsAsync<BackupException>(() => place.FetchAsync(set.Name, Elsewhere, false, default));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Elsewhere));
    }

    [Fact]
    public async Task Old_sets_go_by_the_same_rules_and_one_under_a_lock_stays_without_an_error()
    {
        var now = new DateTime(2026, 11, 30, 12, 0, 0, DateTimeKind.Utc);
        var clock = new BuildingClock(new FakeTimeProvider(now), TimeZoneInfo.Utc);
        var open = new ObjectPlace(_server.Options);
        var locked = new ObjectPlace(_server.Options with { LockDays = 40 });
        foreach (var (name, days, place) in new[]
            { ("portal-oldest", 71, open), ("portal-free", 70, open), ("portal-locked", 69, locked), ("portal-new", 0, open) })
            await place.CopyAsync(await SetAsync(name, now.AddDays(-days)), default);
        var newest = await SetFolder.OpenAsync(Path.Combine(Sets, "portal-new"), default);

        await locked.ClearAsync(newest.Manifest, clock, default);

        Assert.Equal(
            ["portal-locked", "portal-new", "portal-oldest"],
            _server.Objects.Keys.Select(k => k.Split('/')[1]).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(3, _server.Objects.Keys.Count(k => k.Contains("portal-locked", StringComparison.Ordinal)));
        Assert.Equal($"nogal/portal-free/{BackupManifest.FileName}", _server.Removed.First());

        // While the newest there is in doubt nothing goes.
        await open.CopyAsync(await SetAsync("portal-free-too", now.AddDays(-68)), default);
        _server.Objects.TryRemove($"nogal/portal-new/{SetFolder.EncryptedDump}", out _);
        var doubt = await Assert.ThrowsAsync<AwayException>(() => open.ClearAsync(newest.Manifest, clock, default));
        Assert.Equal(AwayFault.Differs, doubt.Fault);
        Assert.Contains(_server.Objects.Keys, k => k.Contains("portal-free-too", StringComparison.Ordinal));
    }

    [Fact]
    public void A_place_that_cannot_work_is_said_and_nothing_of_its_key_is_ever_shown()
    {
        var options = new BackupOptions { Folder = "/sets", Recipient = "age1x", OffSite = new OffSiteOptions { S3 = _server.Options } };
        Assert.Null(options.Problem());
        Assert.DoesNotContain(ObjectServer.Secret, options.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(ObjectServer.AccessKey, options.ToString(), StringComparison.Ordinal);
        Assert.Equal("s3://copies/nogal/ (127.0.0.1)", new ObjectPlace(_server.Options).Name);
        Assert.Contains("nothing leaves this place", (options with { Recipient = null }).Problem(), StringComparison.Ordinal);
        Assert.Contains("Endpoint", With(o => o with { Endpoint = "ftp://x" }), StringComparison.Ordinal);
        Assert.Contains("SecretKeyFile", With(o => o with { SecretKey = null }), StringComparison.Ordinal);
        Assert.Contains("LockDays", With(o => o with { LockDays = -1 }), StringComparison.Ordinal);
        Assert.Empty(SecondPlaces.Of(options with { Recipient = null }));

        string? With(Func<ObjectOptions, ObjectOptions> with) =>
            (options with { OffSite = new OffSiteOptions { S3 = with(_server.Options) } }).Problem();
    }

    [Fact]
    public async Task Closed_logs_go_too_and_an_empty_machine_restores_to_a_moment_from_the_bucket_alone()
    {
        var (secret, recipient) = await BackupWorld.KeyAsync(_folder);
        await using var world = await LogWorld.BeginAsync(recipient, new OffSiteOptions { S3 = _server.Options });
        world.Archive();
        var set = await world.Desk.MakeAsync(null, default);
        await new ObjectPlace(_server.Options).CopyAsync(set, default);
        await world.ExecuteAsync("INSERT INTO towers VALUES (2, 'after the set')");
        var moment = await world.MomentAsync();
        await world.ExecuteAsync("INSERT INTO towers VALUES (3, 'too much')");
        await world.CloseLogAsync();
        await world.ArchivedAsync(set);
        for (var waited = 0; waited < 300 && !Described(); waited++) await Task.Delay(100);
        Assert.True(Described());

        var empty = new BackupDesk(
            world.Options with { Folder = Elsewhere }, () => world.Server.BackupConnectionString, TestDay.Time);
        var back = await empty.OpenAsync($"s3:{set.Name}", default, logs: true);
        await empty.RestoreAsync(
            back, world.Server.RestoreConnectionString, "portal_copy", secret, default, new ReplayGoal(moment, null));
        Assert.Equal(["1 before the set!", "2 after the set!"], await world.RowsAsync("portal_copy"));

        // Old ones go, and the word with which the stream begins stays.
        await new ObjectPlace(_server.Options).ClearLogsAsync("portal", DateTime.UtcNow.AddMinutes(1), default);
        Assert.EndsWith("/first.json", Assert.Single(_server.Objects.Keys, k => k.StartsWith("nogal/logs/", StringComparison.Ordinal)),
            StringComparison.Ordinal);

        bool Described() => _server.Objects.Keys.Any(
            k => k.EndsWith($"/{set.Manifest.BinaryLog!.File}.json", StringComparison.Ordinal));
    }

    /// <summary>A set of random bytes that says it is encrypted.</summary>
    private async Task<SetFolder> SetAsync(string name, DateTime at)
    {
        var path = Directory.CreateDirectory(Path.Combine(Sets, name)).FullName;
        await File.WriteAllBytesAsync(
            Path.Combine(path, SetFolder.EncryptedDump), System.Security.Cryptography.RandomNumberGenerator.GetBytes(200_000));
        var dump = await FileState.OfAsync(Path.Combine(path, SetFolder.EncryptedDump), default);
        var manifest = new BackupManifest(
            BackupManifest.ThisFormat, "portal", "MariaDB", "10.11.6-MariaDB", 66, null, [], "", [], [dump], true, at, at, "test");
        await File.WriteAllTextAsync(Path.Combine(path, BackupManifest.FileName), manifest.Write());
        var own = await FileState.OfAsync(Path.Combine(path, BackupManifest.FileName), default);
        await File.WriteAllTextAsync(Path.Combine(path, SetFolder.Sums), $"{SetFolder.Line(dump)}\n{SetFolder.Line(own)}\n");
        return await SetFolder.OpenAsync(path, default);
    }
}

/// <summary>What administrators see of a bucket that fails, and that it mends by itself.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class OffSiteNightTests(TestDatabase database) : DatabaseTest(database)
{
    private readonly string _folder = Directory.CreateTempSubdirectory("portal-away-").FullName;
    private readonly PaymentWorld _world = new(database);

    public override async Task DisposeAsync()
    {
        await _world.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_full_bucket_is_an_alarm_with_its_reason_and_the_copy_is_sent_again_by_itself()
    {
        await using var server = await ObjectServer.StartAsync();
        var (_, recipient) = await BackupWorld.KeyAsync(_folder);
        var options = new BackupOptions
        {
            Folder = Path.Combine(_folder, "sets"), Programs = await BackupWorld.ProgramsAsync(), Recipient = recipient,
            OffSite = new OffSiteOptions { S3 = server.Options },
        };
        var (admin, clock) = (await _world.AdminAsync(), _world.Get<BuildingClock>());
        var work = new BackupWork(
            new BackupDesk(options, () => Database.ConnectionString, _world.Get<TimeProvider>()), options, _world.Store, clock,
            NullLogger<BackupWork>.Instance);
        var service = new BackupsService(_world.Store, options, clock);
        server.Fails = (method, _) => method is "PUT" or "POST" ? ("QuotaExceeded", 403) : null;

        await work.RunAsync(BackupKind.Nightly, null, null, default);
        var state = (await service.StateAsync(admin, default))!;
        Assert.Equal((BackupOutcome.Good, OffSiteCopy.Failed, "Full"), (state.Last!.Outcome, state.Last.OffSite, state.AwayFault));
        Assert.Equal([BackupAlarm.Away], state.Alarms(clock.UtcNow));
        Assert.Contains("QuotaExceeded", state.Last.Message, StringComparison.Ordinal);
        Assert.Equal("s3://copies/nogal/ (127.0.0.1)", state.SecondPlace);

        var retry = new AwayRetry(options, _world.Store, clock, NullLogger<AwayRetry>.Instance);
        await retry.RunAsync(clock.Today, default);
        Assert.Equal("Full", (await service.StateAsync(admin, default))!.AwayFault);

        server.Fails = (_, _) => null;
        await retry.RunAsync(clock.Today, default);
        state = (await service.StateAsync(admin, default))!;
        Assert.Empty(state.Alarms(clock.UtcNow));
        Assert.Equal((OffSiteCopy.Same, null, state.Last!.Id), (state.Last.OffSite, state.Last.Message, state.LastAway!.Id));

        // Of the logs as well, while a set is good.
        var row = new StreamRow(false, "portal.000002", clock.UtcNow, clock.UtcNow, null, "s3://copies: ...", clock.UtcNow, "Key");
        Assert.Equal([BackupAlarm.Away], (state with { Stream = row }).Alarms(clock.UtcNow));
        Assert.Empty((state with { Stream = row, SecondPlace = null }).Alarms(clock.UtcNow));
    }
}
