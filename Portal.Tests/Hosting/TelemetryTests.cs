using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Data;
using Portal.Data.Database;
using Portal.Data.Demo;
using Portal.Data.Operations;
using Portal.Hosting;
using Portal.Tests.Server;

namespace Portal.Tests.Hosting;

/// <summary>What is measured is told on a port of its own, and nothing of people goes along, nor into the log.</summary>
public sealed class TelemetryTests(TestDatabase database) : DatabaseTest(database)
{
    [Fact]
    public async Task Metrics_are_answered_on_their_own_loopback_port_and_nowhere_else()
    {
        await Database.ExecuteAsync("INSERT INTO jobs (kind, payload, run_at) VALUES ('table_sizes', '\"2026-11-20\"', '2020-01-01')");
        var port = FreePort();
        await using var portal = new PortalHost(Database.ConnectionString);
        await using var told = portal.WithWebHostBuilder(builder => builder.UseSetting("Telemetry:Prometheus", $"{port}"));
        using var client = told.CreateClient();
        using var outside = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };

        // The job has run, and the figures of the queue were read.
        var text = "";
        for (var i = 0; i < 300; i++)
        {
            text = await outside.GetStringAsync("/metrics");
            if (text.Contains("kind=\"table_sizes\",outcome=\"done\"", StringComparison.Ordinal) && text.Contains("portal_jobs_waiting", StringComparison.Ordinal)
                && text.Contains("portal_feed_lag", StringComparison.Ordinal)) break;
            await Task.Delay(200);
        }

        foreach (var name in new[]
            {
                "portal_circuits", "portal_feed_lag_seconds", "portal_jobs_waiting", "portal_jobs_failed", "portal_jobs_run_time_seconds_bucket",
                "portal_mail_waiting", "portal_alarms", "portal_connections_used",
            })
            Assert.Contains(name, text, StringComparison.Ordinal);
        Assert.Contains("kind=\"table_sizes\",outcome=\"done\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Password", text, StringComparison.OrdinalIgnoreCase);

        // Not among the portal's pages, and none of these there.
        var inside = await client.GetAsync("/metrics");
        Assert.DoesNotContain("portal_circuits", await inside.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await outside.GetAsync("/sign-in")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await outside.GetAsync("/health/live")).StatusCode);
    }

    [Fact]
    public void What_cannot_work_is_said_and_without_a_setting_there_is_nothing()
    {
        static IConfiguration With(string name, string value) =>
            new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { [name] = value }).Build();
        Assert.Contains("Telemetry:Prometheus", Telemetry.Problem(With("Telemetry:Prometheus", "0.0.0.0:9464")), StringComparison.Ordinal);
        Assert.Contains("Telemetry:Otlp", Telemetry.Problem(With("Telemetry:Otlp", "collector")), StringComparison.Ordinal);
        Assert.Null(Telemetry.Problem(With("Telemetry:Prometheus", "9464")));
        Assert.Null(Telemetry.Problem(With("Telemetry:Otlp", "http://127.0.0.1:4317")));
        Assert.Null(Telemetry.Problem(With("x", "y")));
    }

    [Fact]
    public void A_trace_leaves_addresses_paths_and_quoted_rows_behind()
    {
        using var source = new ActivitySource(Guid.NewGuid().ToString());
        using var listener = new ActivityListener
        {
            ShouldListenTo = one => one == source, Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        using var request = source.StartActivity("GET")!;
        request.SetTag("url.path", "/p/secret-key").SetTag("http.route", "/p/{key}").SetTag("client.address", "203.0.113.7")
            .SetTag("user_agent.original", "x").SetTag("db.connection_string", "Server=x");
        request.SetStatus(ActivityStatusCode.Error, "Duplicate entry 'andrea@x.co' for key 'uq'");
        using var processor = new Telemetry.NothingOfPeople();
        processor.OnEnd(request);
        Assert.Equal(["http.route", "url.path"], request.TagObjects.Select(t => t.Key).Order(StringComparer.Ordinal));
        Assert.Equal("/p/{key}", request.GetTagItem("url.path"));
        Assert.Equal((ActivityStatusCode.Error, null), (request.Status, request.StatusDescription));
        Assert.True(request.Recorded);

        using var sql = source.StartActivity("Execute")!;
        sql.AddEvent(new ActivityEvent("exception"));
        processor.OnEnd(sql);
        Assert.False(sql.Recorded);
    }

    [Fact]
    public async Task The_servers_statements_are_traced_without_the_values_and_named_by_their_service()
    {
        var seen = new ConcurrentBag<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = one => one.Name is "MySqlConnector" or PortalTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = seen.Add,
        };
        ActivitySource.AddActivityListener(listener);
        await using var services = Services(NullLoggerProvider.Instance);
        var store = services.GetRequiredService<PortalStore>();
        var secret = $"secreto-{Guid.NewGuid():N}";
        await using (var db = await store.OpenAsync(CurrentUser.System, default))
            await db.Settings.Where(s => s.Value == secret).ToListAsync();
        Assert.True((await store.WriteAsync(
            CurrentUser.System,
            async (db, token) =>
            {
                await db.Database.ExecuteSqlAsync($"UPDATE settings SET value = {secret} WHERE name = {secret}", token);
                return Result.Done;
            },
            default)).Ok);

        Assert.Contains(seen, one => one.DisplayName.StartsWith("read TelemetryTests.The_servers", StringComparison.Ordinal));
        Assert.Contains(seen, one => one.DisplayName.StartsWith("write TelemetryTests.The_servers", StringComparison.Ordinal));
        var statements = seen.Where(one => one.Source.Name == "MySqlConnector").SelectMany(one => one.TagObjects).Select(tag => $"{tag.Value}").ToList();
        Assert.Contains(statements, text => text.Contains("UPDATE settings", StringComparison.Ordinal));
        Assert.All(seen.SelectMany(one => one.TagObjects), tag => Assert.DoesNotContain(secret, $"{tag.Value}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_jobs_log_names_nobody()
    {
        var log = new CapturedLog();
        await using var services = Services(log);
        var store = services.GetRequiredService<PortalStore>();
        Assert.True(await new DemoSeed(store, services.GetRequiredService<BuildingClock>()).RunAsync(
            DemoSeed.StandardSize, new Lazy<string>("$2a$04$" + new string('x', 53)), new Progress<string>(), default));
        string name, mail, document;
        await using (var db = await store.OpenAsync(CurrentUser.System, default))
        {
            var id = await db.Users.Where(u => u.UserName == "andrea.ruiz").Select(u => u.Id).SingleAsync();
            mail = (await db.Profiles.Where(p => p.UserId == id).Select(p => p.Email).SingleAsync())!;
            document = (await db.Profiles.Where(p => p.UserId == id).Select(p => p.DocumentNumber).SingleAsync())!;
            name = "Andrea Ruiz";
            await db.Database.ExecuteSqlAsync($"UPDATE jobs SET run_at = '2020-01-01' WHERE state = 'waiting'");
            await db.Database.ExecuteSqlAsync($"INSERT INTO jobs (kind, payload, run_at) VALUES ('clumsy', '1', '2019-01-01')");
        }

        await services.GetRequiredService<DailyWork>().ScheduleAsync(default);
        var runner = services.GetRequiredService<JobRunner>();
        for (var i = 0; i < 60 && await runner.RunNextAsync(default); i++)
        {
            // One after the other.
        }

        Assert.Contains(
            log.Lines,
            line => line.Contains("clumsy", StringComparison.Ordinal) && line.Contains("Duplicate entry '…'", StringComparison.Ordinal));
        Assert.All(log.Lines, line =>
        {
            foreach (var secret in new[] { name, mail, document }) Assert.DoesNotContain(secret, line, StringComparison.OrdinalIgnoreCase);
        });
        await using var after = await store.OpenAsync(CurrentUser.System, default);
        Assert.DoesNotContain("andrea.ruiz", (await after.Jobs.SingleAsync(j => j.Kind == "clumsy")).LastError, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void A_line_is_one_json_object_with_its_trace_and_without_what_a_row_holds()
    {
        using var activity = new Activity("x").Start();
        using var written = new StringWriter();
        new PortalLogFormatter().Write(
            new LogEntry<IReadOnlyList<KeyValuePair<string, object?>>>(
                LogLevel.Error, "Portal.X", new EventId(3), [new("Path", "/a\n{\"level\":\"fake\"}"), new("{OriginalFormat}", "x {Path}")],
                new InvalidOperationException("Duplicate entry 'andrea.ruiz@x.co' for key 'uq_users_email'"), (state, _) => $"x {state[0].Value}"),
            null, written);
        var line = written.ToString().TrimEnd('\n');
        Assert.DoesNotContain('\n', line);
        using var json = System.Text.Json.JsonDocument.Parse(line);
        Assert.Equal(activity.TraceId.ToHexString(), json.RootElement.GetProperty("trace").GetString());
        Assert.Equal("Error", json.RootElement.GetProperty("level").GetString());
        Assert.DoesNotContain("andrea.ruiz", line, StringComparison.Ordinal);
        Assert.Contains("uq_users_email", line, StringComparison.Ordinal);
        Assert.Equal("Incorrect date value: '…' for column 'x'", SafeText.Of("Incorrect date value: 'O'Hara 5' for column 'x'"));
    }

    private ServiceProvider Services(ILoggerProvider log) => new ServiceCollection()
        .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(log))
        .AddPortalData(
            options => options.UseDatabase(Database.ConnectionString), TimeZoneInfo.FindSystemTimeZoneById(BuildingClock.DefaultZone))
        .AddSingleton<DailyWork>().AddSingleton<JobRunner>().AddScoped<IJobHandler, Clumsy>()
        .BuildServiceProvider();

    private static int FreePort()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }

    /// <summary>It breaks a rule of the database that quotes the row.</summary>
    private sealed class Clumsy(PortalStore store) : JobHandler<int>(new JobKind<int>("clumsy"))
    {
        public override async Task RunAsync(int payload, CancellationToken ct)
        {
            await using var db = await store.OpenAsync(CurrentUser.System, ct);
            await db.Database.ExecuteSqlRawAsync(
                "UPDATE users SET username = 'andrea.ruiz' WHERE username = 'carolina.mejia'", ct);
        }
    }

    private sealed class CapturedLog : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            // What every formatter does with what was read as it stands; the raw exception is what a provider of another maker would write.
            if (eventId.Name != "Microsoft.EntityFrameworkCore.Database.Command.CommandError") Lines.Enqueue($"{formatter(state, exception)} {exception}");
        }

        public void Dispose()
        {
        }
    }
}
