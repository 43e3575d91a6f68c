using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Data;
using Portal.Data.Notifications;
using Portal.Data.Operations;
using Portal.Data.Push;
using Portal.Hosting;
using Portal.Tests.Facilities;
using Portal.Tests.Server;

namespace Portal.Tests.Push;

/// <summary>From something that happens to a browser that reads it, through the job queue and a server that speaks Web Push.</summary>
public sealed class PushTests(TestDatabase database) : DatabaseTest(database)
{
    private const string Contact = "mailto:office@nogal.example";

    private readonly List<IDisposable> _browsers = [];
    private PushServer _server = null!;
    private FacilityWorld? _world;

    private FacilityWorld World => _world ??= new FacilityWorld(Database, services => services.AddNotifications(
        new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Push:Contact"] = Contact, ["Push:Servers:0"] = _server.Origin, ["Push:TimeoutSeconds"] = "5",
        }).Build()));

    private PushService Pushes => World.Get<PushService>();

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _server = await PushServer.StartAsync();
    }

    public override async Task DisposeAsync()
    {
        foreach (var browser in _browsers) browser.Dispose();
        await _server.DisposeAsync();
        if (_world is not null) await _world.DisposeAsync();
        await base.DisposeAsync();
    }

    /// <summary>RFC 8291, appendix A: the reader of these tests is right, so what it can read is encrypted as the standard says.</summary>
    [Fact]
    public void The_reader_of_these_tests_reads_the_message_of_the_standard()
    {
        var (point, hidden) = (
            Base64Url.DecodeFromChars("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"),
            Base64Url.DecodeFromChars("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"));
        using var browser = new Browser(
            ECDiffieHellman.Create(new ECParameters
            {
                Curve = ECCurve.NamedCurves.nistP256, D = hidden, Q = new ECPoint { X = point[1..33], Y = point[33..] },
            }),
            Base64Url.DecodeFromChars("BTBZMqHH6r4Tts7J_aSIgg"));
        Assert.Equal("When I grow up, I want to be a watermelon", browser.Read(Base64Url.DecodeFromChars(
            "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6"
            + "cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN")));
    }

    [Fact]
    public async Task A_booking_reaches_each_device_of_its_person_in_their_language_and_nobody_elses()
    {
        var (andrea, otto) = (await PersonAsync("en"), await PersonAsync(null));
        var (phone, desk, others) = (await OnAsync(andrea), await OnAsync(andrea), await OnAsync(otto));
        Assert.True((await World.BookAsync(await World.FacilityAsync(), andrea, FacilityWorld.At(28, 16))).Ok);
        await WorkAsync();

        Assert.Equal(2, _server.Messages.Count);
        foreach (var browser in new[] { phone, desk })
        {
            var message = Assert.Single(_server.Messages, m => browser.Endpoint.EndsWith(m.Path, StringComparison.Ordinal));
            var said = JsonDocument.Parse(browser.Read(message.Body)).RootElement;
            Assert.Equal("Booking confirmed", said.GetProperty("title").GetString());
            Assert.StartsWith("BBQ 2, Saturday", said.GetProperty("body").GetString(), StringComparison.Ordinal);
            Assert.Equal(("/reservations", 1, "en"), (
                said.GetProperty("url").GetString(), said.GetProperty("unread").GetInt32(), said.GetProperty("lang").GetString()));
            Assert.Equal(("86400", "aes128gcm"), (message.Headers["TTL"], message.Headers["Content-Encoding"]));
            Assert.DoesNotContain("Urgency", message.Headers.Keys);
            var claims = PushServer.Claims(message);
            // The library leaves out the port, which those of makers do not have.
            Assert.Equal(("http://127.0.0.1", Contact), (claims.GetProperty("aud").GetString(), claims.GetProperty("sub").GetString()));
            var ends = DateTimeOffset.FromUnixTimeSeconds(claims.GetProperty("exp").GetInt64());
            Assert.InRange(ends, DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddHours(24));
        }

        Assert.DoesNotContain(_server.Messages, m => others.Endpoint.EndsWith(m.Path, StringComparison.Ordinal));
        Assert.All((await Pushes.MineAsync(andrea, default))!.Devices, d => Assert.NotNull(d.DeliveredAt));
    }

    [Fact]
    public async Task What_somebody_does_not_want_or_has_read_does_not_come()
    {
        var andrea = await PersonAsync();
        await OnAsync(andrea);
        var bbq = await World.FacilityAsync();
        Assert.True((await Pushes.ChooseAsync(NotificationKinds.Reservations, false, andrea, default)).Ok);
        Assert.False(Assert.Single((await Pushes.MineAsync(andrea, default))!.Kinds, k => k.Kind == NotificationKinds.Reservations).Wanted);
        Assert.True((await World.BookAsync(bbq, andrea, FacilityWorld.At(28, 16))).Ok);
        await WorkAsync();
        Assert.Empty(_server.Messages);

        // By mail it comes as before: the choice is of the devices alone.
        Assert.True(await World.ReadAsync(db => NotificationDraft.Wanting(db, NotificationKinds.Reservations).Select(_ => true)
            .DefaultIfEmpty().AnyAsync()));
        Assert.True(Assert.Single(await World.ReadAsync(db => db.NotificationChoices.AsNoTracking().ToListAsync())).ByMail);

        Assert.True((await Pushes.ChooseAsync(NotificationKinds.Reservations, true, andrea, default)).Ok);
        Assert.True((await Pushes.TryAsync(andrea, default)).Ok);
        Assert.True((await World.Get<NotificationService>().ReadAllAsync(andrea, default)).Ok);
        await WorkAsync();
        Assert.Empty(_server.Messages);
        Assert.True((await World.BookAsync(bbq, andrea, FacilityWorld.At(28, 8))).Ok);
        await WorkAsync();
        Assert.Single(_server.Messages);
    }

    [Theory]
    [InlineData(404)]
    [InlineData(410)]
    public async Task A_device_that_its_server_no_longer_knows_is_forgotten(int status)
    {
        var andrea = await PersonAsync();
        var (gone, there) = (await OnAsync(andrea), await OnAsync(andrea));
        _server.Answers[new Uri(gone.Endpoint).AbsolutePath] = status;
        Assert.True((await Pushes.TryAsync(andrea, default)).Ok);
        await WorkAsync();
        Assert.Equal(there.Address.Hash, Assert.Single((await Pushes.MineAsync(andrea, default))!.Devices).Hash);
        Assert.EndsWith(Assert.Single(_server.Messages).Path, there.Endpoint, StringComparison.Ordinal);
        Assert.All(await JobsAsync(), j => Assert.Equal(JobState.Done, j.State));
    }

    [Fact]
    public async Task A_server_that_is_away_is_tried_again_and_one_that_refuses_or_leads_elsewhere_is_not()
    {
        var andrea = await PersonAsync();
        var away = await OnAsync(andrea);
        var path = new Uri(away.Endpoint).AbsolutePath;
        _server.Answers[path] = 503;
        Assert.True((await Pushes.TryAsync(andrea, default)).Ok);
        await WorkAsync();
        var failed = Assert.Single(await JobsAsync());
        Assert.Equal((JobState.Waiting, 1), (failed.State, failed.Attempts));
        _server.Answers.Clear();
        World.Time.Utc = World.Time.Utc.AddSeconds(20);
        await WorkAsync();
        Assert.Equal(JobState.Done, Assert.Single(await JobsAsync()).State);
        Assert.Single(_server.Messages);

        foreach (var status in new[] { 400, 403, 413, 307 })
        {
            _server.Answers[path] = status;
            Assert.True((await Pushes.TryAsync(andrea, default)).Ok);
            await WorkAsync();
            var job = (await JobsAsync())[^1];
            Assert.Equal((JobState.Done, PushDelivery.Refused, 1), (job.State, job.LastError, job.Attempts));
        }

        Assert.Single(_server.Messages);
        Assert.Single((await Pushes.MineAsync(andrea, default))!.Devices);
    }

    [Fact]
    public async Task What_is_too_late_to_be_of_use_is_left()
    {
        var andrea = await PersonAsync();
        var browser = await OnAsync(andrea);
        Assert.True((await Pushes.TryAsync(andrea, default)).Ok);
        World.Time.Utc = World.Time.Utc.AddSeconds(56);
        await WorkAsync();
        Assert.Empty(_server.Messages);
        Assert.Equal(PushDelivery.Late, Assert.Single(await JobsAsync()).LastError);

        Assert.True((await Pushes.TryAsync(andrea, default)).Ok);
        await WorkAsync();
        var message = Assert.Single(_server.Messages);
        Assert.Equal(("55", "high"), (message.Headers["TTL"], message.Headers["Urgency"].ToLowerInvariant()));
        Assert.True(JsonDocument.Parse(browser.Read(message.Body)).RootElement.GetProperty("prompt").GetBoolean());
    }

    [Fact]
    public async Task Messages_end_with_the_session_and_with_the_account()
    {
        var andrea = await PersonAsync();
        var session = await SessionAsync(andrea);
        await OnAsync(andrea with { SessionId = session });
        Assert.Single((await Pushes.MineAsync(andrea, default))!.Devices);
        await World.ReadAsync(db => db.Sessions.Where(s => s.Id == session)
            .ExecuteUpdateAsync(set => set.SetProperty(s => s.EndedAt, World.Time.Utc)));
        Assert.Empty((await Pushes.MineAsync(andrea, default))!.Devices);
        Assert.Equal("push.none", (await Pushes.TryAsync(andrea, default)).Error!.Code);
        Assert.True((await World.BookAsync(await World.FacilityAsync(), andrea, FacilityWorld.At(28, 16))).Ok);
        await WorkAsync();
        Assert.Empty(_server.Messages);
    }

    [Fact]
    public async Task A_browser_belongs_to_who_turned_it_on_last_and_renews_itself_only_for_them()
    {
        var (andrea, otto) = (await PersonAsync(), await PersonAsync());
        using var browser = new Browser(_server.Origin);
        using var later = new Browser(_server.Origin);
        foreach (var person in new[] { andrea, otto }) Assert.True((await Pushes.AddAsync(browser.Address, "x", person, default)).Ok);
        Assert.Empty((await Pushes.MineAsync(andrea, default))!.Devices);
        Assert.Equal(Error.NotFound.Code, (await Pushes.RenewAsync(browser.Endpoint, later.Address, andrea, default)).Error!.Code);
        Assert.True((await Pushes.RenewAsync(browser.Endpoint, later.Address, otto, default)).Ok);
        Assert.Equal(later.Address.Hash, Assert.Single((await Pushes.MineAsync(otto, default))!.Devices).Hash);
        Assert.Equal(Error.NotFound.Code, (await Pushes.RenewAsync(browser.Endpoint, null, otto, default)).Error!.Code);
    }

    [Fact]
    public async Task One_has_ten_devices_at_most_the_oldest_goes()
    {
        var andrea = await PersonAsync();
        var first = await OnAsync(andrea);
        for (var i = 0; i < PushService.MostDevices; i++) await OnAsync(andrea);
        var devices = (await Pushes.MineAsync(andrea, default))!.Devices;
        Assert.Equal(PushService.MostDevices, devices.Count);
        Assert.DoesNotContain(devices, d => d.Hash == first.Address.Hash);
    }

    [Theory]
    [InlineData("https://fcm.googleapis.com/fcm/send/x", true)]
    [InlineData("https://updates.push.services.mozilla.com/wpush/v2/x", true)]
    [InlineData("https://web.push.apple.com/x", true)]
    [InlineData("https://wns2-bl2p.notify.windows.com/w/?token=x", true)]
    [InlineData("http://fcm.googleapis.com/fcm/send/x", false)]
    [InlineData("https://fcm.googleapis.com:8443/x", false)]
    [InlineData("https://fcm.googleapis.com.example.org/x", false)]
    [InlineData("https://evilpush.apple.com/x", false)]
    [InlineData("https://me@fcm.googleapis.com/x", false)]
    [InlineData("https://127.0.0.1/x", false)]
    [InlineData("http://169.254.169.254/latest", false)]
    [InlineData("file:///etc/passwd", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Messages_go_to_the_makers_of_browsers_and_nowhere_else(string? endpoint, bool may) =>
        Assert.Equal(may, new PushOptions { Contact = Contact }.MayGoTo(endpoint));

    [Fact]
    public async Task What_is_no_address_of_a_browser_is_refused()
    {
        var andrea = await PersonAsync();
        using var browser = new Browser(_server.Origin);
        var good = browser.Address;
        PushAddress[] bad =
        [
            good with { Endpoint = "http://127.0.0.1:1/x" }, good with { Endpoint = null }, good with { Key = null }, good with { Key = "AAAA" },
            good with { Key = Base64Url.EncodeToString([4, .. new byte[63], 1]) }, good with { Secret = "AAAA" }, good with { Secret = "?" },
        ];
        foreach (var address in bad) Assert.Equal("push.address", (await Pushes.AddAsync(address, null, andrea, default)).Error!.Code);
        Assert.Empty((await Pushes.MineAsync(andrea, default))!.Devices);
    }

    [Fact]
    public async Task The_keys_are_made_once_and_where_they_are_lost_devices_are_turned_on_anew()
    {
        var andrea = await PersonAsync();
        await OnAsync(andrea);
        var key = (await Pushes.MineAsync(andrea, default))!.Key;
        Assert.Equal(65, Base64Url.DecodeFromChars(key).Length);
        using (var again = new PushKeys(World.Store, World.Get<Microsoft.AspNetCore.DataProtection.IDataProtectionProvider>(), NullLogger<PushKeys>.Instance))
            Assert.Equal(key, (await again.GetAsync(default)).Public);
        Assert.DoesNotContain("BEGIN", await World.ReadAsync(db => db.PushKeys.Select(k => k.PrivateKey).SingleAsync()), StringComparison.Ordinal);

        using var lost = new PushKeys(
            World.Store, new Microsoft.AspNetCore.DataProtection.EphemeralDataProtectionProvider(), NullLogger<PushKeys>.Instance);
        Assert.NotEqual(key, (await lost.GetAsync(default)).Public);
        Assert.Equal(0, await World.ReadAsync(db => db.PushDevices.CountAsync()));
    }

    [Fact]
    public async Task A_long_text_is_cut_and_stays_within_what_a_server_takes()
    {
        var andrea = await PersonAsync();
        var browser = await OnAsync(andrea);
        var line = await World.ReadAsync(async db =>
        {
            var one = new Notification { RecipientId = andrea.Id, Title = new string('ñ', 200), Message = string.Concat(Enumerable.Repeat("\"ñ", 4000)) };
            db.Add(one);
            await db.SaveChangesAsync();
            return one;
        });
        await World.ReadAsync(async db =>
        {
            var device = await db.PushDevices.Select(d => d.Id).SingleAsync();
            return await db.Database.ExecuteSqlAsync(PushQueue.Insert(PushJob.JobKind, line.Id, device, World.Time.Utc));
        });
        await WorkAsync();
        Assert.EndsWith("…", JsonDocument.Parse(browser.Read(Assert.Single(_server.Messages).Body)).RootElement.GetProperty("body").GetString());
    }

    private async Task<CurrentUser> PersonAsync(string? language = null)
    {
        var person = await World.OwnerAsync();
        await World.ReadAsync(db => db.Users.Where(u => u.Id == person.Id).ExecuteUpdateAsync(set => set.SetProperty(u => u.Language, language)));
        return person;
    }

    private async Task<Browser> OnAsync(CurrentUser person)
    {
        var browser = new Browser(_server.Origin);
        _browsers.Add(browser);
        Assert.Empty((await Pushes.AddAsync(browser.Address, "Mozilla/5.0 (Linux; Android 15) Chrome/140.0", person, default)).Errors);
        return browser;
    }

    private Task<long> SessionAsync(CurrentUser person) => World.ReadAsync(async db =>
    {
        var session = new Portal.Data.Identity.UserSession
        {
            UserId = person.Id, TokenHash = new string('a', 64), Stamp = "s", CreatedAt = World.Time.Utc, SeenAt = World.Time.Utc,
        };
        db.Add(session);
        await db.SaveChangesAsync();
        return session.Id;
    });

    private Task WorkAsync() => World.RunJobsAsync();

    private Task<List<Job>> JobsAsync() => World.ReadAsync(db =>
        db.Jobs.AsNoTracking().Where(j => j.Kind == "push" || j.Kind == "push_prompt").OrderBy(j => j.Id).ToListAsync());
}
