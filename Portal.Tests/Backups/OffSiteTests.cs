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
        // Verifying reads the copy there, also where the set lies here; restoring takes the one here, and says so.
        Assert.Equal((set.Name, false), await VerifiedAsync());
        var there = _server.Objects[$"nogal/{set.Name}/{SetFolder.EncryptedDump}"].Body;
        there[7] ^= 1;
        await Assert.ThrowsAsync<BackupException>(VerifiedAsync);
        there[7] ^= 1;
        var told = "";
        await desk.OpenAsync("s3:last", default, tell: said => told = said);
        Assert.Contains("already, whole", told, StringComparison.Ordinal);

        var none = await Assert.ThrowsAsync<BackupException>(() => desk.OpenAsync("s3:portal-20200101-083000", default));
        Assert.Contains($"The newest there: {set.Name}.", none.Message, StringComparison.Ordinal);

        // Without a bucket, or a folder to bring it to, a sentence says what is missing.
        var plain = new BackupDesk(new BackupOptions { Folder = Elsewhere }, () => "", TestDay.Time);
        Assert.Contains("S3__Bucket", (await Assert.ThrowsAsync<BackupException>(() => plain.OpenAsync("s3:last", default))).Message,
            StringComparison.Ordinal);

        async Task<(string, bool)> VerifiedAsync()
        {
            var (verified, read) = await desk.VerifyAsync("s3:last", null, default);
            return (verified.Name, read);
        }
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
    [InlineData("", "page", 200, AwayFault.Other)]
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
        Assert.DoesNotContain(ObjectServer.AccessKey, failed.ToString(), StringComparison.Ordinal);
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
            { ("portal-oldest", 71, open), ("portal-locked", 70, locked), ("portal-free", 69, open), ("portal-new", 0, open) })
        {
            _server.Now = () => now.AddDays(-days);
            await place.CopyAsync(await SetAsync(name, now.AddDays(-days)), default);
        }

        _server.OfALock = ("InvalidRequest", 400);
        var newest = await SetFolder.OpenAsync(Path.Combine(Sets, "portal-new"), default);

        // What is certainly locked is not asked for.
        _server.Fails = (method, _) => method == "DELETE" ? ("InternalError", 500) : null;
        await new ObjectPlace(_server.Options with { LockDays = 90 }).ClearAsync(newest.Manifest, clock, default);
        _server.Fails = (_, _) => null;
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
    public async Task Another_installation_and_a_clock_that_is_wrong_take_nothing_away()
    {
        var now = new DateTime(2026, 11, 30, 12, 0, 0, DateTimeKind.Utc);
        var place = new ObjectPlace(_server.Options);
        _server.Now = () => now;
        foreach (var (name, days, by) in new[]
            {
                ("portal-a-first", 71, "a"), ("portal-a-old", 70, "a"), ("portal-b-first", 72, "b"), ("portal-b-old", 70, "b"),
                ("portal-b-new", 1, "b"), ("portal-a-new", 0, "a"),
            })
            await place.CopyAsync(await SetAsync(name, now.AddDays(-days), by), default);
        var (a, b) = (await ManifestAsync("portal-a-new"), await ManifestAsync("portal-b-new"));

        Assert.Equal(AwayFault.Clock, (await RefusedAsync(() => place.ClearAsync(a, At(now.AddHours(2)), default))).Fault);
        Assert.Empty(_server.Removed);
        await place.ClearAsync(a, At(now), default);
        Assert.Equal(3, _server.Removed.Count);
        Assert.All(_server.Removed, key => Assert.StartsWith("nogal/portal-a-old/", key, StringComparison.Ordinal));

        // Whoever clears first is the owner: it takes away no sets of others, and they nothing at all.
        var said = await RefusedAsync(() => place.ClearAsync(b, At(now), default));
        Assert.Contains("another installation's", said.Message, StringComparison.Ordinal);
        await RefusedAsync(() => place.ClearLogsAsync("portal", "b", now, default));
        await place.ClearLogsAsync("portal", "a", now, default);
        Assert.Equal(3, _server.Removed.Count);

        async Task<BackupManifest> ManifestAsync(string name) => (await SetFolder.OpenAsync(Path.Combine(Sets, name), default)).Manifest;

        static BuildingClock At(DateTime utc) => new(new FakeTimeProvider(utc), TimeZoneInfo.Utc);

        static Task<AwayException> RefusedAsync(Func<Task> act) => Assert.ThrowsAsync<AwayException>(act);
    }

    [Fact]
    public async Task An_answer_that_stands_still_in_its_middle_is_not_waited_for()
    {
        var set = await SetAsync("portal-20261129-083000", TestDay.Time.GetUtcNow().UtcDateTime);
        await new ObjectPlace(_server.Options).CopyAsync(set, default);
        _server.Fails = (method, key) =>
            method == "GET" && key.EndsWith(SetFolder.EncryptedDump, StringComparison.Ordinal) ? ("stall", 0) : null;

        var failed = await Assert.ThrowsAsync<AwayException>(
            () => new ObjectPlace(_server.Options with { TimeoutSeconds = 1 }).FetchAsync("last", Elsewhere, false, default));

        Assert.Equal(AwayFault.Slow, failed.Fault);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Elsewhere));
    }

    [Theory]
    [InlineData("portal.20261130-083000-123", true)]
    [InlineData("portal.x.20261130-083000-123", false)]
    [InlineData("portal.20261130-083000-123.x", false)]
    [InlineData("portal2.20261130-083000-123", false)]
    public void A_stream_is_of_the_database_whose_whole_name_it_has(string name, bool own) =>
        Assert.Equal(own, LogStream.IsName(name, "portal"));

    [Theory]
    [InlineData("portal.000012", "portal.000012.gz.age", true)]
    [InlineData("portal.000012", "portal.000012.gz", false)]
    [InlineData("portal.000012", "../portal.000012.gz.age", false)]
    [InlineData("../portal.000012", "../portal.000012.gz.age", false)]
    public void A_log_of_the_bucket_is_encrypted_and_its_names_are_those_of_files(string name, string stored, bool sent) => Assert.Equal(
        sent,
        ObjectPlace.IsSent(
            new ArchivedLog(name, 1, "", default, default, new FileState(stored, 1, "")), $"{name}.json"));

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
        // What answers is no storage: the log is saved all the same, and goes there once it is, also where no other is closed.
        _server.Fails = (_, _) => ("page", 200);
        world.Archive();
        var set = await world.Desk.MakeAsync(null, default);
        await world.CloseLogAsync();
        await world.ArchivedAsync(set);
        await WaitAsync(() => world.Noted is { Away: AwayFault.Other, AwayTried: true });
        _server.Fails = (_, _) => null;
        await WaitAsync(() => _server.Objects.Keys.Any(k => k.EndsWith($"/{set.Manifest.BinaryLog!.File}.json", StringComparison.Ordinal)));
        await WaitAsync(() => world.Noted is { Away: null });
        await new ObjectPlace(_server.Options).CopyAsync(set, default);
        await world.ExecuteAsync("INSERT INTO towers VALUES (2, 'after the set')");
        var moment = await world.MomentAsync();
        await world.ExecuteAsync("INSERT INTO towers VALUES (3, 'too much')");
        await world.CloseLogAsync();
        await world.ArchivedAsync(set);
        var last = LogFile.Name(set.Manifest.BinaryLog!.File, LogFile.Number(set.Manifest.BinaryLog.File) + 1);
        await WaitAsync(() => Described(last));

        var empty = new BackupDesk(
            world.Options with { Folder = Elsewhere }, () => world.Server.BackupConnectionString, TestDay.Time);
        var back = await empty.OpenAsync($"s3:{set.Name}", default, logs: true);
        await empty.RestoreAsync(
            back, world.Server.RestoreConnectionString, "portal_copy", secret, default, new ReplayGoal(moment, null));
        Assert.Equal(["1 before the set!", "2 after the set!"], await world.RowsAsync("portal_copy"));

        // Old ones go, whatever sets a machine has, once a newer set lies there too: without one the last set needs all that follow it; the word with which the stream begins stays, and what is another database's.
        const string other = "nogal/logs/portal.x.20261130-083000-123/portal.000001.gz.age";
        _server.Objects[other] = new ObjectServer.Held([1], "tag", DateTime.UtcNow, null);
        var (place, later) = (new ObjectPlace(_server.Options), DateTime.UtcNow.AddDays(BackupKeeping.Days + 2));
        await place.ClearLogsAsync("portal", null, DateTime.UtcNow, default);
        Assert.True(Described(last));
        _server.Now = () => later;
        await place.ClearLogsAsync("portal", null, later, default);
        Assert.True(Described(last));
        await place.CopyAsync(await SetAsync("portal-20370101-083000", later.AddDays(-1)), default);
        await place.ClearLogsAsync("portal", null, later, default);
        Assert.Collection(
            _server.Objects.Keys.Where(k => k.StartsWith("nogal/logs/", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
            key => Assert.EndsWith("/first.json", key, StringComparison.Ordinal), key => Assert.Equal(other, key));

        bool Described(string log) => _server.Objects.Keys.Any(k => k.EndsWith($"/{log}.json", StringComparison.Ordinal));
    }

    private static async Task WaitAsync(Func<bool> until)
    {
        for (var waited = 0; !until(); waited++)
        {
            Assert.True(waited < 600, "It did not come within a minute.");
            await Task.Delay(100);
        }
    }

    /// <summary>A set of random bytes that says it is encrypted.</summary>
    private async Task<SetFolder> SetAsync(string name, DateTime at, string? installation = null)
    {
        var path = Directory.CreateDirectory(Path.Combine(Sets, name)).FullName;
        await File.WriteAllBytesAsync(
            Path.Combine(path, SetFolder.EncryptedDump), System.Security.Cryptography.RandomNumberGenerator.GetBytes(200_000));
        var dump = await FileState.OfAsync(Path.Combine(path, SetFolder.EncryptedDump), default);
        var manifest = new BackupManifest(
            BackupManifest.ThisFormat, "portal", "MariaDB", "10.11.6-MariaDB", 66, null, [], "", [], [dump], true, at, at, "test")
        {
            Installation = installation,
        };
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
        var options = await OptionsAsync(server);
        var (admin, clock) = (await _world.AdminAsync(), _world.Get<BuildingClock>());
        var work = Work(options);
        var service = new BackupsService(_world.Store, options, clock);
        server.Fails = (method, _) => method is "PUT" or "POST" ? ("QuotaExceeded", 403) : null;

        await work.RunAsync(BackupKind.Nightly, null, null, default);
        var state = (await service.StateAsync(admin, default))!;
        Assert.Equal((BackupOutcome.Good, OffSiteCopy.Failed, "Full"), (state.Last!.Outcome, state.Last.OffSite, state.AwayFault));
        Assert.Equal([BackupAlarm.Away], state.Alarms(clock.UtcNow));
        Assert.Contains("QuotaExceeded", state.Last.Message, StringComparison.Ordinal);
        Assert.Equal("s3://copies/nogal/ (127.0.0.1)", state.SecondPlace);

        var retry = new AwayRetry(options, () => Database.ConnectionString, _world.Store, clock, NullLogger<AwayRetry>.Instance);
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

        // What is noted of it stays until a copy went well.
        var archiver = new LogArchiver(
            null!, options, _world.Get<IDbContextFactory<PortalDb>>(), clock, _world.Get<IServiceProvider>(),
            NullLogger<LogArchiver>.Instance);
        var stands = new LogState(false, "portal.000002", 4, clock.UtcNow, clock.UtcNow, null, null);
        foreach (var (note, fault, said) in new[]
        {
            (stands with { Away = AwayFault.Key, Problem = new string('x', 600) }, "Key", 500),
            (stands with { AwayTried = false }, "Key", 500), (stands, (string?)null, 0),
        })
        {
            await archiver.NoteAsync(note, default);
            var noted = (await service.StateAsync(admin, default))!.Stream!;
            Assert.Equal((fault, said), (noted.AwayFault, noted.Message?.Length ?? 0));
        }
    }

    [Fact]
    public async Task Whatever_the_bucket_does_the_set_is_noted_and_one_that_is_damaged_keeps_no_other_here()
    {
        await using var server = await ObjectServer.StartAsync();
        var options = await OptionsAsync(server);
        var (admin, clock) = (await _world.AdminAsync(), _world.Get<BuildingClock>());
        var list = new ErasureList(options, NullLogger<ErasureList>.Instance);
        var work = Work(options, list);
        var service = new BackupsService(_world.Store, options, clock);
        var retry = new AwayRetry(options, () => Database.ConnectionString, _world.Store, clock, NullLogger<AwayRetry>.Instance, list);
        server.Now = () => clock.UtcNow;

        server.Fails = (_, _) => ("page", 200);
        var first = await work.RunAsync(BackupKind.Nightly, null, null, default);
        var state = (await service.StateAsync(admin, default))!;
        Assert.Equal((first.Name, OffSiteCopy.Failed, "Other"), (state.Last!.Name, state.Last.OffSite, state.AwayFault));

        // The portal ends while it sends.
        _world.On(PaymentWorld.Today.AddDays(1));
        using var stop = new CancellationTokenSource();
        server.Fails = (method, _) =>
        {
            if (method == "PUT") stop.Cancel();
            return method == "PUT" ? ("slow", 0) : null;
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => work.RunAsync(BackupKind.Nightly, null, null, stop.Token));
        state = (await service.StateAsync(admin, default))!;
        Assert.Equal((BackupOutcome.Good, OffSiteCopy.None), (state.Last!.Outcome, state.Last.OffSite));
        Assert.NotEqual(first.Name, state.Last.Name);

        // Its turn comes when nobody can be at it any more, and that of the one before though this one is damaged. One sends at a time.
        await File.AppendAllTextAsync(Path.Combine(state.Last.Path!, SetFolder.EncryptedDump), "x");
        _world.On(PaymentWorld.Today.AddDays(2));
        server.Fails = (_, _) => null;
        await list.AddAsync([new ErasedAccount("E-1", 7, "f", clock.UtcNow)], default);
        server.Objects.Clear();
        await using (var other = await BackupSession.OpenAsync(Database.ConnectionString, default))
        {
            Assert.True(await other.TryLockAsync("away", default));
            await retry.RunAsync(clock.Today, default);
            Assert.Empty(server.Objects);
        }

        await retry.RunAsync(clock.Today, default);
        state = (await service.StateAsync(admin, default))!;
        Assert.Equal((OffSiteCopy.Failed, first.Name), (state.Last!.OffSite, state.LastAway!.Name));
        Assert.Contains("is damaged", state.Last.Message, StringComparison.Ordinal);
        Assert.Contains($"nogal/{first.Name}/{BackupManifest.FileName}", server.Objects.Keys);

        // The list went too, and a restore reads it where it is lost here; a start erases nobody by what lies in a bucket.
        File.Delete(Path.Combine(options.Folder!, ErasureList.FileName));
        Assert.Equal(["E-1"], (await list.ReadAsync(null, whatCan: false, bucket: true, default)).Select(e => e.Reference));
        Assert.Empty(await list.ReadAsync(null, whatCan: true, bucket: false, default));
        server.Fails = (_, _) => ("page", 200);
        Assert.Empty(await list.ReadAsync(null, whatCan: false, bucket: true, default));

        // A place that was named later has none of it.
        var both = options with { OffSite = options.OffSite with { Folder = Path.Combine(_folder, "later") } };
        Assert.Null((await new BackupsService(_world.Store, both, clock).StateAsync(admin, default))!.LastAway);
    }

    private async Task<BackupOptions> OptionsAsync(ObjectServer server) => new()
    {
        Folder = Path.Combine(_folder, "sets"), Programs = await BackupWorld.ProgramsAsync(),
        Recipient = (await BackupWorld.KeyAsync(_folder)).Public, OffSite = new OffSiteOptions { S3 = server.Options },
    };

    private BackupWork Work(BackupOptions options, ErasureList? list = null) => new(
        new BackupDesk(options, () => Database.ConnectionString, _world.Get<TimeProvider>()), options, _world.Store,
        _world.Get<BuildingClock>(), NullLogger<BackupWork>.Instance, list);
}
