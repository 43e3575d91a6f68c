using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Portal.Data.Operations;

namespace Portal.Hosting;

/// <summary>
/// <c>/health/live</c>: the process answers, and asks nothing. <c>/health/ready</c>: people may be sent here: the database takes changes
/// and has the shape this portal needs, this machine has room on its disk, and the portal is not about to stop. Both say one word and
/// nothing of the inside; the log says why.
/// </summary>
public static class Health
{
    public static IServiceCollection AddPortalHealth(this IServiceCollection services, IConfiguration configuration)
    {
        var name = configuration["Portal:Name"] is { Length: > 0 } given ? given : Environment.MachineName;
        services.AddSingleton(new PortalName(name.Length > 100 ? name[..100] : name, Version, DateTime.UtcNow));
        services.AddSingleton(new PortalVitals
        {
            Folders = Folders(configuration), CertificateUntil = Identity.KeyCertificate.FirstEnd(configuration),
        });
        services.AddSingleton<CircuitHandler, CountedCircuits>();
        services.AddHostedService<PortalPulse>();
        services.AddSingleton<PortalBeat>().AddSingleton<Drain>().AddSingleton<ReadyCheck>();
        services.AddHealthChecks().AddCheck<ReadyCheck>("ready", timeout: TimeSpan.FromSeconds(4));

        // Where nobody sends people elsewhere meanwhile, waiting would only make the break longer.
        if (Drain.Lasts(configuration) > TimeSpan.Zero) services.Replace(ServiceDescriptor.Singleton<IHostLifetime, DrainingLifetime>());
        return services;
    }

    public static void MapPortalHealth(this WebApplication app)
    {
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false }).AllowAnonymous();
        app.MapHealthChecks("/health/ready").AllowAnonymous();
    }

    internal static string Version => typeof(Health).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?
        .InformationalVersion.Split('+')[0] ?? "0";

    private static string[] Folders(IConfiguration configuration) =>
        [AppContext.BaseDirectory, PortalDatabase.FolderFrom(configuration["Database:Folder"] ?? ".data")];

    /// <summary>Counts the pages that are open here.</summary>
    private sealed class CountedCircuits(PortalVitals vitals) : CircuitHandler
    {
        public override Task OnCircuitOpenedAsync(Circuit circuit, CancellationToken cancellationToken)
        {
            vitals.CircuitOpened();
            return Task.CompletedTask;
        }

        public override Task OnCircuitClosedAsync(Circuit circuit, CancellationToken cancellationToken)
        {
            vitals.CircuitClosed();
            return Task.CompletedTask;
        }
    }

    /// <summary>However many ask, the database is asked once a second.</summary>
    private sealed class ReadyCheck(PortalBeat beat, Drain drain, IConfiguration configuration, ILogger<ReadyCheck> logger)
        : IHealthCheck, IDisposable
    {
        private static readonly TimeSpan Good = TimeSpan.FromSeconds(1);

        private readonly SemaphoreSlim _one = new(1, 1);
        private readonly long _leastFree = long.Parse(configuration["Health:LeastFreeMegabytes"] ?? "1024", CultureInfo.InvariantCulture);
        private readonly string[] _folders = Folders(configuration);
        private long _asked = long.MinValue;
        private string? _problem;

        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            if (drain.Begun) return HealthCheckResult.Unhealthy("stopping");
            await _one.WaitAsync(cancellationToken);
            try
            {
                if (_asked == long.MinValue || Environment.TickCount64 - _asked >= Good.TotalMilliseconds)
                {
                    var before = _problem;
                    _problem = FullDisk() ?? await beat.TryAsync(cancellationToken);
                    _asked = Environment.TickCount64;
                    if (_problem != before) Tell();
                }

                return _problem is null ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy(_problem);
            }
            finally
            {
                _one.Release();
            }
        }

        public void Dispose() => _one.Dispose();

        private void Tell()
        {
            if (_problem is null) logger.LogInformation("Ready again");
            else logger.LogWarning("Not ready: {Problem}", _problem);
        }

        private string? FullDisk()
        {
            if (_leastFree <= 0) return null;
            foreach (var folder in _folders.Where(Directory.Exists))
            {
                var free = new DriveInfo(folder).AvailableFreeSpace / 1024 / 1024;
                if (free < _leastFree) return $"{free} MB are free at {folder}, at least {_leastFree} are needed";
            }

            return null;
        }
    }
}
