using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portal.Data.Database;
using Portal.Data.Schema;

namespace Portal.Data.Operations;

/// <summary>How a portal is named among those that serve one database.</summary>
/// <param name="Name">At most 100 letters; two that carry one name share a row.</param>
/// <param name="Version">Of the program.</param>
/// <param name="StartedAt">UTC.</param>
public sealed record PortalName(string Name, string Version, DateTime StartedAt);

/// <summary>
/// Writes that this portal serves. Only who writes finds out that a database takes no changes or has no room left; and one that hangs is
/// not waited for.
/// </summary>
public sealed class PortalBeat(IDbContextFactory<PortalDb> contexts, DatabaseWatch watch, PortalName portal, PortalVitals vitals,
    Audit.LiveFeed feed)
{
    private const int Seconds = 2;

    /// <summary>The schema this portal was built for. One that is newer serves it too: it is widened first and narrowed later.</summary>
    private static readonly int Schema = Migration.BuiltIn[^1].Number;

    /// <summary>Writes the row, once.</summary>
    /// <returns>Null where all is well; otherwise what is wrong, in a word for the operator.</returns>
    public async Task<string?> TryAsync(CancellationToken ct)
    {
        if (watch.Now is { } outage) return outage.ToString();
        PoolQueue.NeverTurnAway();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(TimeSpan.FromSeconds(Seconds + 1));
        try
        {
            await using var db = await contexts.CreateDbContextAsync(ct);
            await db.Database.OpenConnectionAsync(limit.Token);

            // Without EF Core's retries: it must be quick.
            await using var command = db.Database.GetDbConnection().CreateCommand();
            command.CommandTimeout = Seconds;
            command.CommandText =
                """
                INSERT INTO portals (name, version, schema_number, started_at, seen_at, circuits, connections, connections_most, feed_lag_ms,
                    retries, disk_free, disk_total, certificate_until)
                VALUES (@name, @version, @schema, @started, UTC_TIMESTAMP(3), @circuits, @connections, @most, @lag, @retries, @free, @total,
                    @until)
                ON DUPLICATE KEY UPDATE version = @version, schema_number = @schema, started_at = @started, seen_at = UTC_TIMESTAMP(3), circuits = @circuits,
                    connections = @connections, connections_most = @most, feed_lag_ms = @lag, retries = @retries, disk_free = @free,
                    disk_total = @total, certificate_until = @until;
                SELECT COALESCE(MAX(number), 0), COALESCE(MAX(IF(number > @schema AND narrows, number, 0)), 0)
                FROM schema_version WHERE finished_at IS NOT NULL OR adopted = 1;
                """;
            var disk = vitals.Disk();
            var most = new MySqlConnector.MySqlConnectionStringBuilder(db.Database.GetConnectionString() ?? "").MaximumPoolSize;
            foreach (var (name, value) in new (string, object?)[]
                {
                    ("@name", portal.Name), ("@version", portal.Version), ("@schema", Schema), ("@started", portal.StartedAt),
                    ("@circuits", vitals.Circuits),

                    // Not the one that asks.
                    ("@connections", Math.Max(0, vitals.Connections - 1)), ("@most", (int)most),
                    ("@lag", feed.Lag is { } lag ? (long)lag.TotalMilliseconds : null), ("@retries", PortalTelemetry.Retries),
                    ("@free", disk?.Free), ("@total", disk?.Total), ("@until", vitals.CertificateUntil),
                })
            {
                var parameter = command.CreateParameter();
                (parameter.ParameterName, parameter.Value) = (name, value ?? DBNull.Value);
                command.Parameters.Add(parameter);
            }

            await using var reader = await command.ExecuteReaderAsync(limit.Token);
            await reader.ReadAsync(limit.Token);
            var (number, narrowed) = (Convert.ToInt32(reader.GetValue(0), CultureInfo.InvariantCulture),
                Convert.ToInt32(reader.GetValue(1), CultureInfo.InvariantCulture));
            return number < Schema ? $"Schema {number}, needed {Schema}"
                : narrowed > 0 ? $"Schema narrowed by migration {narrowed}, built for {Schema}" : null;
        }
        catch (Exception exception) when (Outages.Of(exception) is { } found)
        {
            return found.ToString();
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return $"The database had no answer within {Seconds + 1} seconds";
        }
    }
}

/// <summary>Beats also where nobody asks whether the portal is ready, so that every page of operations shows it with its figures.</summary>
public sealed class PortalPulse(
    PortalBeat beat, PortalName portal, PortalStore store, TimeProvider time, ILogger<PortalPulse> logger) : BackgroundService
{
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(15);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            // Who stops on purpose is not missed.
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(TimeSpan.FromSeconds(1));
            await using var db = await store.OpenAsync(CurrentUser.System, limit.Token);
            await db.Portals.Where(p => p.Name == portal.Name && p.StartedAt <= portal.StartedAt.AddSeconds(1)).ExecuteDeleteAsync(limit.Token);
        }
        catch (Exception)
        {
            // The database is away, or has gone before: a day later the row is not shown any more.
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await beat.TryAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                logger.LogWarning(exception, "The portal could not say that it serves; it is tried again");
            }

            await Task.Delay(Every, time, stoppingToken);
        }
    }
}
