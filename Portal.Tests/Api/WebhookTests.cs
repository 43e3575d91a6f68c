using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Api;
using Portal.Data.Building;
using Portal.Data.Database;
using Portal.Data.Identity;
using Portal.Data.Operations;
using Portal.Data.Payments;
using Portal.Data.Pqrs;
using Portal.Tests.Server;

namespace Portal.Tests.Api;

/// <summary>Who is told of what, signed, and what becomes of it when they do not listen.</summary>
public sealed class WebhookTests(TestDatabase database) : DatabaseTest(database)
{
    private Receiver _receiver = null!;
    private World _world = null!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _receiver = await Receiver.StartAsync();
        _world = await World.StartAsync(Database, new WebhookOptions(AllowLoopback: true));
    }

    public override async Task DisposeAsync()
    {
        await _world.DisposeAsync();
        await _receiver.DisposeAsync();
        await base.DisposeAsync();
    }

    /// <summary>The example of Standard Webhooks' own libraries.</summary>
    [Fact]
    public void A_signature_is_that_of_the_standard() => Assert.Equal(
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        WebhookSignature.Of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330,
            "{\"test\": 2432232314}"));

    [Fact]
    public async Task What_is_committed_is_told_signed_and_without_a_word_about_anybody()
    {
        var made = await _world.HookAsync(_receiver.Address, WebhookEvents.PaymentRecorded, WebhookEvents.PaymentConfirmed);
        var deaf = await _world.HookAsync(_receiver.Address + "/others", WebhookEvents.CaseFiled);
        var payment = (await _world.PayAsync(100_000)).Value;
        Assert.Equal(2, (await _world.DeliveriesAsync(made.Id)).Count);
        Assert.Empty(await _world.DeliveriesAsync(deaf.Id));
        await _world.WorkAsync();

        Assert.Equal(2, _receiver.Taken.Count);
        foreach (var message in _receiver.Taken)
        {
            var (id, at) = (message.Headers["webhook-id"], message.Headers["webhook-timestamp"]);
            Assert.Equal(new DateTimeOffset(_world.Clock.Utc).ToUnixTimeSeconds(), long.Parse(at, CultureInfo.InvariantCulture));

            // Reckoned anew, as a receiver does it.
            using var hmac = new HMACSHA256(Convert.FromBase64String(made.Secret["whsec_".Length..]));
            Assert.Equal("v1," + Convert.ToBase64String(hmac.ComputeHash(Encoding.UTF8.GetBytes($"{id}.{at}.{message.Body}"))),
                message.Headers["webhook-signature"]);
            var body = JsonDocument.Parse(message.Body).RootElement;
            Assert.Equal(["type", "timestamp", "data"], body.EnumerateObject().Select(p => p.Name));
            Assert.Equal(payment, body.GetProperty("data").GetProperty("id").GetInt64());
            Assert.Equal($"/api/v1/payments/{payment}", body.GetProperty("data").GetProperty("link").GetString());
            Assert.DoesNotContain("Andrea", message.Body, StringComparison.Ordinal);
        }

        Assert.All(await _world.DeliveriesAsync(made.Id), d =>
            Assert.Equal((DeliveryState.Delivered, 200, 1), (d.State, d.StatusCode, d.Attempts)));
    }

    [Fact]
    public async Task What_is_refused_or_given_up_leaves_no_message()
    {
        var made = await _world.HookAsync(_receiver.Address, WebhookEvents.PaymentRecorded);
        Assert.False((await _world.PayAsync(-1)).Ok);
        Assert.Empty(await _world.DeliveriesAsync(made.Id));
        var lost = await _world.Store.WriteAsync<long>(CurrentUser.System, async (db, token) =>
        {
            db.Payments.Add(Payment.Record(new PaymentInput(_world.Apartment, _world.Person, 5_000, 2, "R", new(2026, 11, 20), null, null),
                null));
            await db.SaveChangesAsync(token);
            Assert.Equal(1, await db.WebhookDeliveries.CountAsync(token));
            return Error.Stale;
        }, default);
        Assert.False(lost.Ok);
        Assert.Empty(await _world.DeliveriesAsync(made.Id));
        Assert.Equal(0, await _world.ReadAsync(db => db.Jobs.CountAsync(j => j.Kind == "webhook")));
    }

    [Fact]
    public async Task A_receiver_that_fails_is_tried_again_with_growing_pauses_under_the_same_number()
    {
        var made = await _world.HookAsync(_receiver.Address, WebhookEvents.PaymentRecorded);
        _receiver.Answer = 500;
        await _world.PayAsync(100_000);
        await _world.WorkAsync();
        var first = Assert.Single(await _world.DeliveriesAsync(made.Id));
        Assert.Equal((DeliveryState.Waiting, 500, 1, WebhookProblem.Status),
            (first.State, first.StatusCode, first.Attempts, first.Problem));
        Assert.Equal("not today", first.Answer);
        await _world.WorkAsync();
        Assert.Single(_receiver.Taken);

        // What comes meanwhile rests as long.
        await _world.PayAsync(50_000);
        await _world.WorkAsync();
        Assert.Single(_receiver.Taken);
        _world.Clock.Utc += WebhookJob.Pauses[0];
        await _world.WorkAsync();
        Assert.Equal(2, _receiver.Taken.Count(t => t.Headers["webhook-id"] == first.MessageId));
        _receiver.Answer = 204;
        _world.Clock.Utc += WebhookJob.Pauses[1];
        await _world.WorkAsync();
        Assert.Equal(3, _receiver.Taken.Count(t => t.Headers["webhook-id"] == first.MessageId));
        Assert.Single(_receiver.Taken.Select(t => t.Headers["webhook-timestamp"]).Distinct().Skip(2));
        Assert.All(await _world.DeliveriesAsync(made.Id), d => Assert.Equal(DeliveryState.Delivered, d.State));
        Assert.InRange(WebhookJob.Pauses.Aggregate(TimeSpan.Zero, (sum, p) => sum + p), TimeSpan.FromDays(2.9), TimeSpan.FromDays(3.1));
    }

    [Fact]
    public async Task After_three_days_it_is_given_up_and_after_three_of_those_switched_off_with_a_bell()
    {
        var made = await _world.HookAsync(_receiver.Address, WebhookEvents.PaymentRecorded);
        _receiver.Answer = 503;
        for (var i = 0; i < Webhook.MostGivenUp; i++) await _world.PayAsync(10_000 + i);
        var begun = _world.Clock.Utc;
        for (var i = 0; i < 200 && (await _world.FindAsync(made.Id)).Active; i++)
        {
            await _world.WorkAsync();
            if (await _world.NextAsync() is { } next && next > _world.Clock.Utc) _world.Clock.Utc = next;
        }

        var hook = await _world.FindAsync(made.Id);
        Assert.Equal((false, Webhook.OffFailing), (hook.Active, hook.OffBecause));
        Assert.True(_world.Clock.Utc - begun > TimeSpan.FromDays(2.9));
        Assert.All(await _world.DeliveriesAsync(made.Id), d =>
            Assert.Equal((DeliveryState.GivenUp, WebhookJob.Pauses.Count + 1), (d.State, d.Attempts)));
        Assert.Equal(1, await _world.ReadAsync(db =>
            db.Notifications.CountAsync(n => n.RecipientId == _world.Admin && n.Type == "urgent.webhook_off")));
        await _world.PayAsync(99_000);
        Assert.Equal(Webhook.MostGivenUp, (await _world.DeliveriesAsync(made.Id)).Count);

        // Mended and switched on, each can be sent again.
        _receiver.Answer = 200;
        var admin = await _world.AdminAsync();
        var lost = (await _world.DeliveriesAsync(made.Id))[0];
        Assert.Equal("webhook.off", (await _world.Get<WebhookService>().RedeliverAsync(lost.Id, admin, default)).Error!.Code);
        Assert.True((await _world.Get<WebhookService>().SwitchAsync(made.Id, true, admin, default)).Ok);
        Assert.True((await _world.Get<WebhookService>().RedeliverAsync(lost.Id, admin, default)).Ok);
        await _world.WorkAsync();
        Assert.Equal(DeliveryState.Delivered, (await _world.DeliveriesAsync(made.Id)).Single(d => d.Id == lost.Id).State);
    }

    [Fact]
    public async Task A_message_that_a_receiver_refuses_holds_up_no_other()
    {
        var made = await _world.HookAsync(_receiver.Address, WebhookEvents.PaymentRecorded);
        _receiver.Answer = 422;
        await _world.PayAsync(100_000);
        await _world.WorkAsync();
        _receiver.Answer = 204;
        await _world.PayAsync(50_000);
        await _world.WorkAsync();
        var states = (await _world.DeliveriesAsync(made.Id)).OrderBy(d => d.Id).Select(d => d.State);
        Assert.Equal([DeliveryState.Waiting, DeliveryState.Delivered], states);
    }

    [Fact]
    public async Task What_was_given_up_and_is_sent_once_more_in_vain_counts_for_nothing_and_a_message_has_one_chain()
    {
        var made = await _world.HookAsync(_receiver.Address, WebhookEvents.PaymentRecorded);
        _receiver.Answer = 500;
        await _world.PayAsync(100_000);
        await _world.WorkAsync();
        var id = Assert.Single(await _world.DeliveriesAsync(made.Id)).Id;
        var (service, admin) = (_world.Get<WebhookService>(), await _world.AdminAsync());

        // Asked for while it waits: the older job finds that a later one comes.
        Assert.True((await service.RedeliverAsync(id, admin, default)).Ok);
        await _world.WorkAsync();
        Assert.Equal(2, _receiver.Taken.Count);
        _world.Clock.Utc += WebhookJob.Pauses[0];
        await _world.WorkAsync();
        Assert.Equal(2, _receiver.Taken.Count);

        await using (var db = await _world.Store.OpenAsync(CurrentUser.System, default))
        {
            await db.Jobs.ExecuteDeleteAsync();
            await db.Database.ExecuteSqlAsync($"UPDATE webhook_deliveries SET state = 'given_up', attempts = {WebhookJob.Pauses.Count + 1}");
        }

        for (var asked = 0; asked < Webhook.MostGivenUp + 1; asked++)
        {
            Assert.True((await service.RedeliverAsync(id, admin, default)).Ok);
            await _world.WorkAsync();
            Assert.Equal(DeliveryState.GivenUp, Assert.Single(await _world.DeliveriesAsync(made.Id)).State);
        }

        Assert.True((await _world.FindAsync(made.Id)).Active);
    }

    [Fact]
    public async Task Gone_switches_it_off_at_once_and_a_redirect_leads_nowhere()
    {
        var gone = await _world.HookAsync(_receiver.Address, WebhookEvents.PaymentRecorded);
        _receiver.Answer = 410;
        await _world.PayAsync(100_000);
        await _world.WorkAsync();
        Assert.Equal((false, Webhook.OffGone), ((await _world.FindAsync(gone.Id)).Active, (await _world.FindAsync(gone.Id)).OffBecause));

        var moved = await _world.HookAsync(_receiver.Address, WebhookEvents.PaymentRecorded);
        _receiver.Answer = 307;
        var before = _receiver.Taken.Count;
        await _world.PayAsync(90_000);
        await _world.WorkAsync();
        Assert.Equal(WebhookProblem.Redirect, Assert.Single(await _world.DeliveriesAsync(moved.Id)).Problem);
        Assert.Equal(before + 1, _receiver.Taken.Count);
        Assert.DoesNotContain(_receiver.Taken, t => t.Path == "/elsewhere");
    }

    [Fact]
    public async Task A_receiver_that_hangs_or_talks_without_end_is_left()
    {
        using var hurried = new WebhookClient(new WebhookOptions(true) { Timeout = TimeSpan.FromMilliseconds(300) });
        _receiver.Answer = Receiver.Hangs;
        var answer = await hurried.SendAsync(_receiver.Address, WebhookSignature.NewSecret(), "msg_1", _world.Clock.Utc, "{}", default);
        Assert.Equal((null, WebhookProblem.Timeout), (answer.Status, answer.Problem));
        using var client = new WebhookClient(new WebhookOptions(true));
        _receiver.Answer = Receiver.Talks;
        answer = await client.SendAsync(_receiver.Address, WebhookSignature.NewSecret(), "msg_2", _world.Clock.Utc, "{}", default);
        Assert.Equal((200, WebhookClient.LongestAnswer), (answer.Status, answer.Text!.Length));
    }

    [Theory]
    [InlineData("http://example.com/in")]
    [InlineData("https://127.0.0.1/in")]
    [InlineData("https://localhost/in")]
    [InlineData("https://10.0.0.7/in")]
    [InlineData("https://[::1]/in")]
    [InlineData("https://[::ffff:10.0.0.7]/in")]
    [InlineData("https://169.254.169.254/latest/meta-data")]
    [InlineData("https://user:secret@example.com/in")]
    [InlineData("ftp://example.com/in")]
    [InlineData("https:///in")]
    public async Task No_message_goes_into_our_own_networks(string address)
    {
        using var strict = new WebhookClient(new WebhookOptions());
        Assert.False(strict.MayBe(address));
        Assert.Equal(WebhookProblem.Refused,
            (await strict.SendAsync(address, WebhookSignature.NewSecret(), "msg_1", _world.Clock.Utc, "{}", default)).Problem);
        await using var world = await World.StartAsync(Database, new WebhookOptions(), seed: false);
        var admin = await _world.AdminAsync();
        Assert.Equal("webhook.address",
            (await world.Get<WebhookService>().MakeAsync(new("X", address, [WebhookEvents.CaseFiled]), admin, default)).Error!.Code);
    }

    /// <summary>A name that leads to this machine: only where it is connected to is that found out.</summary>
    [Fact]
    public async Task A_name_that_leads_into_our_own_networks_is_refused_when_it_is_connected_to()
    {
        var own = Dns.GetHostName();
        if (!(await Dns.GetHostAddressesAsync(own)).Any(a => !PublicAddresses.Holds(a))) own = "ip6-localhost";
        using var strict = new WebhookClient(new WebhookOptions());
        var answer = await strict.SendAsync($"https://{own}:{new Uri(_receiver.Address).Port}/in", WebhookSignature.NewSecret(), "msg_1",
            _world.Clock.Utc, "{}", default);
        Assert.Equal((null, WebhookProblem.Refused), (answer.Status, answer.Problem));
        Assert.Empty(_receiver.Taken);
    }

    [Theory]
    [InlineData("8.8.8.8", true)]
    [InlineData("2606:4700::1111", true)]
    [InlineData("172.15.0.1", true)]
    [InlineData("172.16.0.1", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("192.168.1.1", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fd00::1", false)]
    [InlineData("::ffff:192.168.1.1", false)]
    [InlineData("64:ff9b::a00:1", false)]
    [InlineData("2002:a00:1::", false)]
    [InlineData("2001:db8::1", false)]
    public void An_address_is_the_internets_or_not(string address, bool open) => Assert.Equal(open,
        PublicAddresses.Holds(IPAddress.Parse(address)));

    [Fact]
    public async Task Who_may_no_longer_see_something_is_told_of_it_no_longer()
    {
        var made = await _world.HookAsync(_receiver.Address, WebhookEvents.PaymentRecorded);
        await _world.PayAsync(100_000);
        await using (var db = await _world.Store.OpenAsync(CurrentUser.System, default))
            await db.RolePermissions.Where(r => r.RoleId == Roles.Admin && r.Permission!.Name == Permissions.PaymentsView)
                .ExecuteDeleteAsync();
        await _world.PayAsync(50_000);
        Assert.Equal([WebhookEvents.PaymentRecorded], (await _world.FindAsync(made.Id)).Unseen);
        await _world.WorkAsync();
        Assert.All(
            await _world.DeliveriesAsync(made.Id),
            d => Assert.Equal((DeliveryState.Left, WebhookProblem.OwnerMayNot), (d.State, d.Problem)));
        Assert.Empty(_receiver.Taken);

        // Who looks after webhooks hears of it, however many messages it is, once a day.
        Assert.Equal(1, await BellsAsync());
        _world.Clock.Utc += TimeSpan.FromDays(1);
        await using (var db = await _world.Store.OpenAsync(CurrentUser.System, default))
            await db.Users.Where(u => u.Id == _world.Admin)
                .ExecuteUpdateAsync(set => set.SetProperty(u => u.UserStatusId, UserState.Inactive));
        await _world.Store.WriteAsync(CurrentUser.System, async (db, token) =>
        {
            db.AddAccount("diego", Roles.Admin, "Diego", "Paz");
            db.Payments.Add(Payment.Record(new PaymentInput(_world.Apartment, _world.Person, 5_000, 2, "R", new(2026, 11, 21), null, null),
                null));
            await db.SaveChangesAsync(token);
            return Result.Done;
        }, default);
        await _world.WorkAsync();
        Assert.Equal(2, await BellsAsync());
        Assert.Equal(WebhookProblem.OwnerGone,
            await _world.ReadAsync(db => db.WebhookDeliveries.OrderBy(d => d.Id).Select(d => d.Problem).LastAsync()));

        Task<int> BellsAsync() => _world.ReadAsync(db => db.Notifications.CountAsync(n => n.Type == "urgent.webhook_owner"));
    }

    [Fact]
    public async Task A_receiver_that_hangs_holds_up_no_other()
    {
        await using var deaf = await Receiver.StartAsync();
        deaf.Answer = Receiver.Hangs;
        var slow = await _world.HookAsync(deaf.Address, WebhookEvents.PaymentRecorded);
        var quick = await _world.HookAsync(_receiver.Address, WebhookEvents.PaymentRecorded);
        for (var i = 1; i <= 6; i++) await _world.PayAsync(1_000 * i);

        // As in a portal: all workers of the lane, and those of another portal beside them.
        using (var one = _world.Runner())
        using (var other = _world.Runner())
        {
            await _world.OnlyWebhooksAsync();
            await one.StartAsync(default);
            await other.StartAsync(default);
            for (var waited = 0; waited < 300 && _receiver.Taken.Count < 6; waited++) await Task.Delay(100);
            Assert.Equal(6, _receiver.Taken.Count);
            Assert.Single(deaf.Taken);
            await one.StopAsync(default);
            await other.StopAsync(default);
        }

        Assert.All(await _world.DeliveriesAsync(slow.Id), d => Assert.Equal(DeliveryState.Waiting, d.State));
        Assert.Equal(6, (await _world.DeliveriesAsync(quick.Id)).Select(d => d.MessageId).Distinct().Count());
    }

    [Fact]
    public async Task A_webhook_with_thousands_of_messages_is_taken_away_with_them()
    {
        var made = await _world.HookAsync(_receiver.Address, WebhookEvents.PaymentRecorded);
        await using (var db = await _world.Store.OpenAsync(CurrentUser.System, default))
        {
            for (var i = 0; i < 11; i++)
            {
                await db.Database.ExecuteSqlAsync(
                    $"""
                    INSERT INTO webhook_deliveries (webhook_id, message_id, event)
                    SELECT {made.Id}, UUID(), 'payment.recorded' FROM permissions AS a CROSS JOIN (SELECT 1 AS n UNION SELECT 2 UNION SELECT 3) AS b
                    """);
            }
        }

        Assert.True((await _world.DeliveriesAsync(made.Id)).Count > 50);
        Assert.True((await _world.Get<WebhookService>().RemoveAsync(made.Id, await _world.AdminAsync(), default)).Ok);
        Assert.Equal(0, await _world.ReadAsync(db => db.WebhookDeliveries.CountAsync()));
        Assert.Equal(0, await _world.ReadAsync(db => db.Webhooks.CountAsync()));
    }

    [Fact]
    public async Task A_test_is_sent_once_also_to_one_that_is_off()
    {
        var made = await _world.HookAsync(_receiver.Address, WebhookEvents.PaymentRecorded);
        var admin = await _world.AdminAsync();
        Assert.True((await _world.Get<WebhookService>().SwitchAsync(made.Id, false, admin, default)).Ok);
        Assert.True((await _world.Get<WebhookService>().PingAsync(made.Id, admin, default)).Ok);
        await _world.WorkAsync();
        Assert.Equal(WebhookEvents.Ping,
            JsonDocument.Parse(Assert.Single(_receiver.Taken).Body).RootElement.GetProperty("type").GetString());
        _receiver.Answer = 500;
        Assert.True((await _world.Get<WebhookService>().PingAsync(made.Id, admin, default)).Ok);
        await _world.WorkAsync();
        Assert.Equal([DeliveryState.GivenUp, DeliveryState.Delivered], (await _world.DeliveriesAsync(made.Id)).Select(d => d.State));
        Assert.True((await _world.Get<WebhookService>().RemoveAsync(made.Id, admin, default)).Ok);
        Assert.Empty(await _world.DeliveriesAsync(made.Id));
    }

    /// <summary>Another program, on a free port of loopback.</summary>
    private sealed class Receiver : IAsyncDisposable
    {
        public const int Hangs = -1, Talks = -2;

        private readonly WebApplication _app;
        private readonly CancellationTokenSource _end = new();

        private Receiver(WebApplication app) => _app = app;

        public string Address { get; private set; } = "";

        public int Answer { get; set; } = 200;

        public ConcurrentQueue<(string Path, IReadOnlyDictionary<string, string> Headers, string Body)> Taken { get; } = [];

        public static async Task<Receiver> StartAsync()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            var receiver = new Receiver(builder.Build());
            receiver._app.Run(receiver.TakeAsync);
            await receiver._app.StartAsync();
            receiver.Address = receiver._app.Urls.Single() + "/in";
            return receiver;
        }

        public async ValueTask DisposeAsync()
        {
            await _end.CancelAsync();
            await _app.DisposeAsync();
            _end.Dispose();
        }

        private async Task TakeAsync(HttpContext http)
        {
            using var reader = new StreamReader(http.Request.Body);
            Taken.Enqueue((
                http.Request.Path.Value!, http.Request.Headers.ToDictionary(h => h.Key, h =>
                    h.Value.ToString(), StringComparer.OrdinalIgnoreCase),
                await reader.ReadToEndAsync()));
            using var either = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, _end.Token);
            if (Answer == Hangs)
            {
                try
                {
                    await Task.Delay(Timeout.Infinite, either.Token);
                }
                catch (OperationCanceledException)
                {
                    // Whoever waited has gone.
                }

                return;
            }

            if (Answer == 307) http.Response.Headers.Location = "/elsewhere";
            http.Response.StatusCode = Answer == Talks ? 200 : Answer;
            if (Answer == Talks)
                for (var i = 0; i < 100 && !either.IsCancellationRequested; i++) await http.Response.WriteAsync(new string('x', 1000));
            else if (Answer != 204) await http.Response.WriteAsync("not today");
        }
    }

    /// <summary>The data layer with an administrator, an apartment and a clock.</summary>
    private sealed class World : IAsyncDisposable
    {
        private readonly ServiceProvider _services;
        private readonly AsyncServiceScope _scope;

        private World(TestDatabase database, WebhookOptions options)
        {
            _services = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(Clock)
                .AddSingleton<IConfiguration>(new ConfigurationBuilder().Build())
                .AddPortalData(o => o.UseDatabase(database.ConnectionString),
                    TimeZoneInfo.FindSystemTimeZoneById(BuildingClock.DefaultZone))
                .AddSingleton(options).BuildServiceProvider();
            _scope = _services.CreateAsyncScope();
        }

        public StoppedClock Clock { get; } = new(new DateTime(2026, 11, 20, 15, 24, 0, DateTimeKind.Utc));

        public PortalStore Store => Get<PortalStore>();

        public long Admin { get; private set; }

        public long Apartment { get; private set; }

        public long Person { get; private set; }

        public static async Task<World> StartAsync(TestDatabase database, WebhookOptions options, bool seed = true)
        {
            var world = new World(database, options);
            if (!seed) return world;
            await using var db = await world.Store.OpenAsync(CurrentUser.System, default);
            var admin = db.AddAccount("carolina", Roles.Admin, "Carolina", "Mejía");
            var owner = db.AddOwner(db.AddAccount("andrea", Roles.Owner, "Andrea", "Ruiz"));
            var apartment = db.AddUnit(new Tower { Name = "A", Floors = 4 }, "101", owner);
            await db.SaveChangesAsync();
            (world.Admin, world.Apartment, world.Person) = (admin.Id, apartment.Id, owner.Id);
            return world;
        }

        public T Get<T>() where T : notnull => _scope.ServiceProvider.GetRequiredService<T>();

        public async Task<CurrentUser> AdminAsync() => (await Get<CurrentUserSource>().LoadAsync(Admin, default))!.User;

        public async Task<MadeWebhook> HookAsync(string address, params string[] events)
        {
            var made = await Get<WebhookService>().MakeAsync(new("Contabilidad", address, events), await AdminAsync(), default);
            return made.Ok ? made.Value : throw new InvalidOperationException(made.Error!.Code);
        }

        public async Task<Result<long>> PayAsync(long amount) => await Get<PaymentDesk>().RecordAsync(
            new PaymentInput(Apartment, Person, amount, 2, "8841", new(2026, 11, 20), null, null), await AdminAsync(), default);

        public async Task<IReadOnlyList<DeliveryRow>> DeliveriesAsync(long hook) =>
            (await Get<WebhookService>().DeliveriesAsync(hook, new ListQuery(Size: 100), await AdminAsync(), default)).Rows;

        public async Task<WebhookRow> FindAsync(long hook) => (await Get<WebhookService>().FindAsync(hook, await AdminAsync(), default))!;

        public async Task<T> ReadAsync<T>(Func<PortalDb, Task<T>> read)
        {
            await using var db = await Store.OpenAsync(CurrentUser.System, default);
            return await read(db);
        }

        /// <summary>When the next message is due (UTC).</summary>
        public Task<DateTime?> NextAsync() => ReadAsync(db =>
            db.Jobs.Where(j => j.Kind == "webhook" && j.State == JobState.Waiting).MinAsync(j => (DateTime?)j.RunAt));

        public JobRunner Runner() => new(_services.GetRequiredService<IServiceScopeFactory>(), Store, Clock,
            NullLogger<JobRunner>.Instance);

        /// <summary>Mails and other things that have no handler here stand aside.</summary>
        public async Task OnlyWebhooksAsync()
        {
            await using var db = await Store.OpenAsync(CurrentUser.System, default);
            await db.Jobs.Where(j => j.Kind != "webhook").ExecuteDeleteAsync();
        }

        /// <summary>Everything that is due now.</summary>
        public async Task WorkAsync()
        {
            await OnlyWebhooksAsync();
            using var runner = Runner();
            for (var i = 0; i < 50 && await runner.RunNextAsync(default); i++)
            {
            }
        }

        public async ValueTask DisposeAsync()
        {
            await _scope.DisposeAsync();
            await _services.DisposeAsync();
        }
    }
}
