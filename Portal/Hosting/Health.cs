using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Portal.Data;
using Portal.Data.Database;

namespace Portal.Hosting;

/// <summary>
/// <c>/health/live</c>: the process answers. <c>/health/ready</c>: the database answers too, and takes changes. Both say one word and
/// nothing of the inside.
/// </summary>
public static class Health
{
    public static IServiceCollection AddPortalHealth(this IServiceCollection services)
    {
        services.AddHealthChecks().AddCheck<DatabaseCheck>("database", timeout: TimeSpan.FromSeconds(3));
        return services;
    }

    public static void MapPortalHealth(this WebApplication app)
    {
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false }).AllowAnonymous();
        app.MapHealthChecks("/health/ready").AllowAnonymous();
    }

    private sealed class DatabaseCheck(IDbContextFactory<PortalDb> contexts, DatabaseWatch watch) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            // Only who writes finds out that a disk is full.
            if (watch.Now is { } outage) return HealthCheckResult.Unhealthy(outage.ToString());
            try
            {
                await using var db = await contexts.CreateDbContextAsync(cancellationToken);
                await db.Database.OpenConnectionAsync(cancellationToken);

                // Changes nothing and is refused all the same where nothing may be changed. Without EF Core's retries: it must be quick.
                await using var command = db.Database.GetDbConnection().CreateCommand();
                command.CommandText = "UPDATE settings SET name = name WHERE FALSE";
                await command.ExecuteNonQueryAsync(cancellationToken);
                return HealthCheckResult.Healthy();
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                return HealthCheckResult.Unhealthy(exception: exception);
            }
        }
    }
}
