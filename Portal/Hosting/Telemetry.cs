using System.Text.RegularExpressions;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net;
using Microsoft.Extensions.Logging.Console;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Portal.Data;
using Portal.Data.Audit;
using Portal.Data.Backups;
using Portal.Data.Mail;
using Portal.Data.Operations;

namespace Portal.Hosting;

/// <summary>
/// OpenTelemetry, off unless <c>Telemetry:Otlp</c> (the address of a collector) or <c>Telemetry:Prometheus</c> (a port on the loopback
/// address) is set; and how the log is written. Nothing of people goes along: docs/decisions/089.
/// </summary>
public static partial class Telemetry
{
    private static readonly string[] Sources = [PortalTelemetry.Name, "MySqlConnector", "Microsoft.AspNetCore.Components"];

    private static readonly string[] Meters =
    [
        PortalTelemetry.Name, "MySqlConnector", "Microsoft.AspNetCore.Components", "Microsoft.AspNetCore.Components.Lifecycle",
        "Microsoft.AspNetCore.Components.Server.Circuits",
    ];

    /// <summary>What cannot work, in a sentence for the operator; null where all is well.</summary>
    public static string? Problem(IConfiguration configuration) =>
        Collector(configuration) is { } otlp && !(Uri.TryCreate(otlp, UriKind.Absolute, out var to) && to.Scheme is "http" or "https")
            ? $"Telemetry:Otlp is '{otlp}': give the address of a collector, such as http://127.0.0.1:4317."
            : configuration["Telemetry:Prometheus"] is { Length: > 0 } text && Port(configuration) is null
                ? $"Telemetry:Prometheus is '{text}': give a port, such as 9464. It is opened on the loopback address only."
                : null;

    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        AddLog(builder);
        var (otlp, port) = (Collector(builder.Configuration), Port(builder.Configuration));
        if (Problem(builder.Configuration) is not null || (otlp is null && port is null)) return;
        var name = builder.Configuration["Portal:Name"] is { Length: > 0 } given ? given : Environment.MachineName;
        var telemetry = builder.Services.AddOpenTelemetry().ConfigureResource(resource => resource.AddService(
            "vallhalla-portal", serviceVersion: Health.Version, serviceInstanceId: name));
        telemetry.WithMetrics(metrics =>
        {
            metrics.AddAspNetCoreInstrumentation().AddRuntimeInstrumentation().AddMeter(Meters);

            // The driver calls a pool by its connection string.
            metrics.AddView(instrument => instrument.Meter.Name == "MySqlConnector" ? new MetricStreamConfiguration { TagKeys = ["state"] } : null);
            if (port is not null) metrics.AddPrometheusExporter();
            if (otlp is not null) metrics.AddOtlpExporter(options => options.Endpoint = new Uri(otlp));
        });
        if (otlp is not null)
        {
            telemetry.WithTracing(traces => traces.AddAspNetCoreInstrumentation().AddSource(Sources).AddProcessor(new NothingOfPeople())
                .AddOtlpExporter(options => options.Endpoint = new Uri(otlp)));
        }

        builder.Services.AddHostedService<TelemetryGauges>();
        if (port is { } listening)
        {
            builder.Services.AddHostedService(provider =>
                new MetricsListener(provider.GetRequiredService<MeterProvider>(), listening));
        }
    }

    private static void AddLog(WebApplicationBuilder builder)
    {
        var json = builder.Configuration.GetValue<bool?>("Logging:Json") ?? builder.Environment.IsProduction();
        if (!json || builder.Configuration["Logging:Console:FormatterName"] is { Length: > 0 }) return;
        builder.Logging.AddConsoleFormatter<PortalLogFormatter, ConsoleFormatterOptions>();
        builder.Services.Configure<ConsoleLoggerOptions>(options => options.FormatterName = PortalLogFormatter.FormatterName);
    }

    private static string? Collector(IConfiguration configuration) => configuration["Telemetry:Otlp"] is { Length: > 0 } text ? text : null;

    private static int? Port(IConfiguration configuration) =>
        int.TryParse(configuration["Telemetry:Prometheus"], NumberStyles.None, CultureInfo.InvariantCulture, out var port)
        && port is > 0 and <= 65_535
            ? port
            : null;

    /// <summary>
    /// Takes out of what is sent whatever may name or lead to a person: addresses of browsers, the path that was asked for (some are keys),
    /// the server's messages, which quote rows.
    /// </summary>
    public sealed partial class NothingOfPeople : BaseProcessor<Activity>
    {
        private static readonly string[] Never =
        [
            "url.full", "url.query", "url.path", "client.address", "client.port", "network.peer.address", "network.peer.port",
            "user_agent.original", "http.url", "http.target", "http.user_agent", "http.client_ip", "net.peer.ip", "net.sock.peer.addr",
            "db.user", "db.connection_string", "enduser.id", "exception.message", "exception.stacktrace",
        ];

        private static readonly string[] Statements = ["db.statement", "db.query.text"];

        [GeneratedRegex(@"'(?:[^'\\]|\\.|'')*'")]
        private static partial Regex Quoted();

        public override void OnEnd(Activity data)
        {
            foreach (var tag in Never) data.SetTag(tag, null);

            // A list is written into its statement: numbers of documents, names.
            foreach (var tag in Statements)
            {
                if (data.GetTagItem(tag) is string statement) data.SetTag(tag, Quoted().Replace(statement, "'…'"));
            }

            if (data.GetTagItem("http.route") is string route) data.SetTag("url.path", route);
            if (data.StatusDescription is not null) data.SetStatus(data.Status);

            // An event cannot be taken out of an activity; the one around it says that it failed.
            if (data.Events.Any(one => one.Name == "exception")) data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        }
    }

    /// <summary>The metrics, on a port of their own of this machine: nothing else is answered there, and they nowhere else.</summary>
    internal sealed class MetricsListener(MeterProvider meters, int port) : IHostedService
    {
        private WebApplication? _app;

        public async Task StartAsync(CancellationToken cancellationToken)
        {
            // Empty: none of the portal's own addresses and settings.
            var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
            builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
            _app = builder.Build();
            _app.UseOpenTelemetryPrometheusScrapingEndpoint(meters, null, "/metrics", null, null);
            await _app.StartAsync(cancellationToken);
        }

        public async Task StopAsync(CancellationToken cancellationToken)
        {
            if (_app is not null) await _app.DisposeAsync();
        }
    }

    /// <summary>What is known of the queue and the backups, read twice a minute, and what the portal knows of itself.</summary>
    internal sealed class TelemetryGauges : BackgroundService
    {
        private static readonly TimeSpan Every = TimeSpan.FromSeconds(30);

        private readonly IServiceScopeFactory _scopes;
        private readonly BuildingClock _clock;
        private readonly MailOptions _mail;
        private readonly ILogger<TelemetryGauges> _logger;
        private readonly Meter _meter = new(PortalTelemetry.Name);
        private volatile MonitorState? _state;
        private volatile BackupState? _backups;

        public TelemetryGauges(
            IServiceScopeFactory scopes, BuildingClock clock, MailOptions mail, PortalVitals vitals, LiveFeed feed,
            ILogger<TelemetryGauges> logger)
        {
            (_scopes, _clock, _mail, _logger) = (scopes, clock, mail, logger);
            _meter.CreateObservableGauge("portal.circuits", () => vitals.Circuits, "{page}", "Open pages.");
            _meter.CreateObservableGauge(
                "portal.feed.lag", () => One(feed.Lag?.TotalSeconds), "s", "Since the live feed last read the audit log to its end.");
            _meter.CreateObservableGauge("portal.connections.used", () => vitals.Connections, "{connection}", "To the database, held now.");
            _meter.CreateObservableGauge("portal.disk.free", () => One(vitals.Disk()?.Free), "By", "Of the fullest disk.");
            _meter.CreateObservableGauge("portal.jobs.waiting", () => ByKind(job => job.Waiting), "{job}", "By kind.");
            _meter.CreateObservableGauge("portal.jobs.failed", () => ByKind(job => job.Failed), "{job}", "Given up, by kind.");
            _meter.CreateObservableGauge("portal.mail.waiting", () => One(_state?.MailWaiting), "{mail}", "Mails not sent yet.");
            _meter.CreateObservableGauge(
                "portal.backup.age", () => Age(_backups?.Last?.FinishedAt), "s", "Of the last good backup.");
            _meter.CreateObservableGauge(
                "portal.drill.age", () => Age(_backups?.GoodDrill?.FinishedAt), "s", "Of the last good drill of the backups.");
            _meter.CreateObservableGauge("portal.alarms", Alarms, "{alarm}", "On the page of operations now, by kind.");
        }

        public override void Dispose()
        {
            _meter.Dispose();
            base.Dispose();
        }

        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                try
                {
                    await using var scope = _scopes.CreateAsyncScope();
                    _state = await scope.ServiceProvider.GetRequiredService<MonitorService>().ReadAsync(CurrentUser.System, stoppingToken);
                    _backups = await scope.ServiceProvider.GetRequiredService<BackupsService>().StateAsync(CurrentUser.System, stoppingToken);
                }
                catch (Exception exception) when (exception is not OperationCanceledException)
                {
                    // Old figures would say that all is as it was.
                    (_state, _backups) = (null, null);
                    if (Portal.Data.Database.Outages.Of(exception) is null)
                        _logger.LogWarning(exception, "The figures for telemetry could not be read; it is tried again");
                }

                await Task.Delay(Every, stoppingToken);
            }
        }

        private IEnumerable<Measurement<int>> ByKind(Func<JobKindRow, int> count) =>
            (_state?.Jobs ?? []).Select(job => new Measurement<int>(count(job), new KeyValuePair<string, object?>("kind", job.Kind)));

        private IEnumerable<Measurement<double>> Age(DateTime? at) =>
            One<double>(at is { } utc ? Math.Max(0, (_clock.UtcNow - utc).TotalSeconds) : null);

        private IEnumerable<Measurement<int>> Alarms()
        {
            var kinds = (_state?.Alarms(_clock.UtcNow, _mail.On).Select(alarm => alarm.Kind.ToString()) ?? [])
                .Concat(_backups?.Alarms(_clock.UtcNow).Select(alarm => "Backup" + alarm) ?? []);
            return kinds.GroupBy(kind => kind)
                .Select(group => new Measurement<int>(group.Count(), new KeyValuePair<string, object?>("alarm", group.Key)));
        }

        private static IEnumerable<Measurement<T>> One<T>(T? value) where T : struct => value is { } known ? [new Measurement<T>(known)] : [];
    }
}
