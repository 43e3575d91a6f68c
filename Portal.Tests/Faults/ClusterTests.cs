using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using MySqlConnector;
using Portal.Data.Payments;
using Portal.Data.Schema;
using Portal.Tests.Facilities;
using Portal.Tests.Payments;
using Portal.Tests.Server;
using Xunit.Abstractions;

namespace Portal.Tests.Faults;

/// <summary>
/// <c>build/cluster/cluster</c> as it is written: three MySQL servers in a group, two portals, HAProxy before both, each killed in turn under
/// bookings, payments and what the gate tells. Some minutes: <c>./test long</c>.
/// </summary>
[Trait("Length", "long")]
public sealed class ClusterTests(ITestOutputHelper output) : IAsyncLifetime
{
    private static readonly string Folder = Directory.CreateTempSubdirectory("portal-cluster-").FullName;
    private static readonly string Program = Path.Combine(Repository.Root, "build", "cluster", "cluster");

    private readonly int _port = FreePorts();
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly ConcurrentQueue<(TimeSpan At, string What)> _kept = [];

    public async Task InitializeAsync()
    {
        try
        {
            await RunAsync("up", portals: false);
            await using (var seed = await PortalProcess.StartAsync(Folder, Line("portal", "portal"), Accounts("portal"), "seed"))
                Assert.True(await seed.EndedAsync(minutes: 10) == 0, seed.Output);
            await RunAsync("up");
        }
        catch
        {
            // What does not begin is not disposed of either.
            await DisposeAsync();
            throw;
        }
    }

    public async Task DisposeAsync()
    {
        await RunAsync("down");
        Directory.Delete(Folder, recursive: true);
    }

    [Fact]
    public async Task Each_server_and_each_portal_is_killed_and_nothing_acknowledged_is_lost_or_done_twice()
    {
        foreach (var name in new[] { "portal_bookings", "portal_payments" }) await MigrateAsync(name);
        await using var bookings = new FacilityWorld(Line(name: "portal_bookings", account: "portal_migrate", secret: "migrate"));
        await using var payments = new PaymentWorld(Line(name: "portal_payments", account: "portal_migrate", secret: "migrate"));
        var storm = new BookingStorm(bookings);
        var money = new Money(payments, () => Keep("payment"));
        var gate = new Gate($"http://127.0.0.1:{_port + 20}", () => Keep("gate event"), await IdAsync("SELECT MIN(id) FROM apartments"),
            await IdAsync("SELECT id FROM users WHERE username = 'wilson.cardenas'"));
        using var over = new CancellationTokenSource();
        var counted = CountAsync(storm, over.Token);
        var all = false;
        var running = Task.WhenAll(
            storm.RunAsync(people: 60, turns: 70), money.RunAsync(homes: 12, rounds: 220, () => all), gate.RunAsync(devices: 3, batches: 110, () => all));

        var primary = await PrimaryAsync();
        string[] order = [$"{primary}", "north", $"{primary % 3 + 1}", "south", $"{(primary + 1) % 3 + 1}", "primary"];
        foreach (var what in order)
        {
            await AfterMoreAsync(150, running);
            var killed = what == "primary" ? $"{await PrimaryAsync()}" : what;
            var (at, was) = (_clock.Elapsed, killed == $"{await PrimaryAsync()}" ? " (it took the changes)" : "");
            await RunAsync("kill " + killed);
            await AfterMoreAsync(60, running);
            await RunAsync("up");
            output.WriteLine($"{killed}{was} killed; longest without anything saved: {Gap(at).TotalSeconds:0.0} s");
        }

        all = true;
        var finished = await Task.WhenAny(running, Task.Delay(TimeSpan.FromMinutes(20)));
        Assert.True(finished == running, "The work did not end.");
        await running;
        await over.CancelAsync();
        await counted;
        output.WriteLine($"Saved and acknowledged: {storm.Done} of bookings, {money.Done} payments, {gate.Done} of the gate, in {_clock.Elapsed.TotalSeconds:0} s");

        await storm.CheckAsync();
        await money.CheckAsync();
        await using var connection = new MySqlConnection(Line("portal", "portal"));
        await connection.OpenAsync();
        await gate.CheckAsync(connection);

        // The three have the same.
        Assert.Single((await Task.WhenAll(Enumerable.Range(1, 3).Select(ExecutedAsync))).Distinct());
    }

    private void Keep(string what) => _kept.Enqueue((_clock.Elapsed, what));

    /// <summary>The bookings count themselves.</summary>
    private async Task CountAsync(BookingStorm storm, CancellationToken ct)
    {
        for (var seen = 0; !ct.IsCancellationRequested; await Task.Delay(20, CancellationToken.None))
        {
            for (; seen < storm.Done; seen++) Keep("booking");
        }
    }

    private async Task AfterMoreAsync(int more, Task running)
    {
        var from = _kept.Count;
        while (_kept.Count < from + more && !running.IsCompleted) await Task.Delay(20);
        // It goes on until everything was killed: where it is over it failed.
        if (running.IsCompleted) await running;
    }

    private TimeSpan Gap(TimeSpan since)
    {
        var times = _kept.Select(one => one.At).Where(at => at >= since).Order().Prepend(since).ToList();
        return times.Zip(times.Skip(1), (a, b) => b - a).DefaultIfEmpty().Max();
    }

    private async Task MigrateAsync(string name)
    {
        await using (var connection = new MySqlConnection(Line("", "portal_migrate", "migrate")))
        {
            await connection.OpenAsync();
            await using var make = new MySqlCommand($"CREATE DATABASE {name} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci", connection);
            await make.ExecuteNonQueryAsync();
        }

        await new Migrator(Line(name, "portal_migrate", "migrate"), NullLogger<Migrator>.Instance).ApplyAsync();
    }

    private async Task<long> IdAsync(string sql)
    {
        await using var connection = new MySqlConnection(Line("portal", "portal"));
        await connection.OpenAsync();
        await using var command = new MySqlCommand(sql, connection);
        return Convert.ToInt64(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
    }

    private async Task<int> PrimaryAsync()
    {
        for (var number = 1; ; number = number % 3 + 1)
        {
            if (await AnsweredAsync(number, "SELECT @@global.super_read_only") == "0") return number;
            await Task.Delay(50);
        }
    }

    /// <summary>What a server has executed, once it has executed what the others have.</summary>
    private async Task<string?> ExecutedAsync(int number)
    {
        await AnsweredAsync(number, "SELECT WAIT_FOR_EXECUTED_GTID_SET(@@global.gtid_executed, 60)");
        string? all = null;
        for (var tries = 0; tries < 200; tries++, await Task.Delay(50))
        {
            var now = await AnsweredAsync(number, "SELECT @@global.gtid_executed");
            if (now == all) return now;
            all = now;
        }

        return all;
    }

    private async Task<string?> AnsweredAsync(int number, string sql)
    {
        try
        {
            var ask = await StartAsync(
                Path.Combine(Repository.Root, ".tools", "mysql97", "mysql"),
                ["--no-defaults", $"--socket={Folder}/{number}.sock", "--user=root", "--connect-timeout=2", "-BNe", sql], []);
            return ask.Code == 0 ? ask.Said.Trim() : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private string Line(string name, string account, string? secret = null) => new MySqlConnectionStringBuilder
    {
        Server = "127.0.0.1", Port = (uint)_port + 10, Database = name, UserID = account,
        Password = File.ReadAllText(Path.Combine(Folder, $"{secret ?? account}.secret")),
    }.ConnectionString;

    private Dictionary<string, string> Accounts(string name) => new()
    {
        ["ConnectionStrings__Keeper"] = Line(name, "portal_keeper", "keeper"),
        ["ConnectionStrings__Migrate"] = Line(name, "portal_migrate", "migrate"),
    };

    private async Task RunAsync(string verb, bool portals = true)
    {
        var done = await StartAsync(Program, verb.Split(' '), new()
        {
            ["CLUSTER_FOLDER"] = Folder,
            ["CLUSTER_PORT"] = _port.ToString(CultureInfo.InvariantCulture),
            ["CLUSTER_PORTALS"] = portals ? "yes" : "no",
            ["PORTAL_PROGRAM"] = "dotnet " + Path.Combine(AppContext.BaseDirectory, "Portal.dll"),
        });
        Assert.True(done.Code == 0, done.Said);
    }

    private static async Task<(int Code, string Said)> StartAsync(string program, IEnumerable<string> arguments, Dictionary<string, string> settings)
    {
        // To a file: what it starts goes on, and would hold a pipe open.
        var said = Path.Combine(Folder, $"{Guid.NewGuid():N}.said");
        var start = new ProcessStartInfo("/bin/sh", ["-c", "said=$1; shift; exec \"$@\" >\"$said\" 2>&1 </dev/null", "sh", said, program, .. arguments]);
        foreach (var (name, value) in settings) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync();
        var text = await File.ReadAllTextAsync(said);
        File.Delete(said);
        return (process.ExitCode, text);
    }

    /// <summary>The first of twenty-five in a row that nobody listens on.</summary>
    private static int FreePorts()
    {
        for (var first = 20_000 + Random.Shared.Next(8_000); ; first += 25)
        {
            var used = System.Net.NetworkInformation.IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Select(e => e.Port).ToHashSet();
            if (Enumerable.Range(first, 25).All(port => !used.Contains(port))) return first;
        }
    }

    /// <summary>Residents report payments, and two of the office confirm each at once.</summary>
    private sealed class Money(PaymentWorld world, Action kept)
    {
        private readonly ConcurrentDictionary<long, string> _receipts = new();
        private int _done;

        public int Done => _done;

        /// <param name="rounds">At least so many for each home, and until it is enough.</param>
        public async Task RunAsync(int homes, int rounds, Func<bool> enough)
        {
            var (one, other) = (await world.StaffAsync(), await world.AdminAsync());
            var all = new List<PaymentWorld.Home>();
            for (var i = 0; i < homes; i++) all.Add(await world.HomeAsync());
            foreach (var home in all) await world.ChargeAsync(home, 90_000);
            await Task.WhenAll(all.Select((home, i) => Task.Run(async () =>
            {
                for (var round = 0; round < rounds || !enough(); round++)
                {
                    var reported = await world.Desk.ReportAsync(PaymentWorld.Input(home, 1_000 + round, $"H{i} {round}"), home.User, default);
                    if (!reported.Ok) continue;
                    var id = reported.Value;
                    Saved();
                    var told = await Task.WhenAll(
                        Task.Run(() => world.Desk.ConfirmAsync(id, one, default)), Task.Run(() => world.Desk.ConfirmAsync(id, other, default)));
                    Assert.True(told.Count(t => t.Ok) < 2, $"Payment {id} was confirmed twice.");
                    if (told.FirstOrDefault(t => t.Ok) is not { } won) continue;
                    Saved();
                    _receipts[id] = won.Value.Receipt;
                }
            })));
        }

        public async Task CheckAsync()
        {
            var confirmed = await world.ReadAsync(db => db.Payments.AsNoTracking().Where(p => p.ReceiptNumber != null)
                .Select(p => new { p.Id, p.ReceiptNumber, p.ApartmentId, p.Amount }).ToListAsync());
            var byId = confirmed.ToDictionary(p => p.Id, p => p.ReceiptNumber);
            Assert.All(_receipts, one => Assert.Equal(one.Value, byId.GetValueOrDefault(one.Key)));
            Assert.Equal(
                Enumerable.Range(1, confirmed.Count).Select(n => $"RC-2026-{n:000000}"), confirmed.Select(p => p.ReceiptNumber).Order());
            foreach (var home in confirmed.GroupBy(p => p.ApartmentId))
            {
                var account = await world.ReadAsync(db => db.Charges.AsNoTracking().SingleAsync(c => c.ApartmentId == home.Key));
                Assert.Equal(Math.Min(90_000, home.Sum(p => p.Amount)), account.Paid);
                Assert.Equal(account.Paid, await world.ReadAsync(
                    db => db.PaymentApplications.Where(a => a.ChargeId == account.Id).SumAsync(a => a.Amount)));
            }
        }

        private void Saved()
        {
            Interlocked.Increment(ref _done);
            kept();
        }
    }

    /// <summary>Terminals tell of visitors, each batch twice at once and again until it is answered.</summary>
    private sealed class Gate(string address, Action kept, long apartment, long guard)
    {
        private readonly ConcurrentDictionary<string, bool> _told = new();

        public int Done => _told.Count;

        /// <param name="batches">At least so many of each device, and until it is enough.</param>
        public Task RunAsync(int devices, int batches, Func<bool> enough) => Task.WhenAll(Enumerable.Range(1, devices).Select(number => Task.Run(async () =>
        {
            using var client = new HttpClient { BaseAddress = new Uri(address), Timeout = TimeSpan.FromSeconds(60) };
            await AskAsync(client, HttpMethod.Post, "/gate/enrol", new { code = $"NOGAL-{number:00}" });
            await CsrfAsync(client);
            await AskAsync(client, HttpMethod.Post, "/gate/pin", new { guard, pin = "246810" });
            await CsrfAsync(client);
            var seq = 0;
            for (var batch = 0; batch < batches || !enough(); batch++)
            {
                var at = DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
                var events = Enumerable.Range(0, 4).Select(i => new
                {
                    key = Guid.NewGuid().ToString(), seq = ++seq, kind = "enter", at, offset = 0, contact = at, offline = false, guard, v = 1,
                    fields = new
                    {
                        unit = apartment, name = $"Visita {number} {batch} {i}", identification = $"9{number}{batch:0000}{i}", vk = "guest", people = 1,
                        authority = "host",
                    },
                }).ToList();
                var answers = await Task.WhenAll(
                    AskAsync(client, HttpMethod.Post, "/gate/events", new { events }), AskAsync(client, HttpMethod.Post, "/gate/events", new { events }));
                foreach (var result in answers[0].GetProperty("results").EnumerateArray())
                    Assert.True(result.GetProperty("outcome").GetString() == "applied", result.ToString());
                foreach (var one in events)
                {
                    _told[one.fields.identification] = true;
                    kept();
                }
            }
        })));

        public async Task CheckAsync(MySqlConnection connection)
        {
            await using var command = new MySqlCommand("SELECT identification, COUNT(*) FROM visitors WHERE name LIKE 'Visita % % %' GROUP BY identification", connection);
            await using var reader = await command.ExecuteReaderAsync();
            var stored = new Dictionary<string, long>();
            while (await reader.ReadAsync()) stored[reader.GetString(0)] = reader.GetInt64(1);
            Assert.All(stored, one => Assert.True(one.Value == 1, $"{one.Key} came in {one.Value} times."));
            Assert.Equal(_told.Keys.Order(), stored.Keys.Order());
        }

        private static async Task CsrfAsync(HttpClient client)
        {
            var state = await AskAsync(client, HttpMethod.Get, "/gate/state?have=&waiting=0", null);
            client.DefaultRequestHeaders.Remove("X-Gate");
            client.DefaultRequestHeaders.Add("X-Gate", state.GetProperty("csrf").GetString());
        }

        /// <summary>Until it is answered, as a terminal does: a portal that is gone, one that has no database.</summary>
        private static async Task<JsonElement> AskAsync(HttpClient client, HttpMethod method, string path, object? body)
        {
            for (var tries = 0; ; tries++, await Task.Delay(200))
            {
                try
                {
                    using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
                    using var response = await client.SendAsync(request);
                    if (response.StatusCode == HttpStatusCode.OK) return JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
                    if ((int)response.StatusCode < 500 || tries > 600)
                        Assert.Fail($"{path}: {response.StatusCode} {await response.Content.ReadAsStringAsync()}");
                }
                catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException && tries < 600)
                {
                    // Its portal is gone: the next attempt finds the other.
                }
            }
        }
    }
}
