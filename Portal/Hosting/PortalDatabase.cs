using System.Diagnostics;
using MySqlConnector;
using Portal.Data;
using Portal.Data.Database;
using Portal.Data.Schema;
using Portal.Hosting.DatabaseServer;

namespace Portal.Hosting;

/// <summary>
/// The database the portal works on: the server that <c>ConnectionStrings:Portal</c> names, or without it a private one of its own,
/// started on demand and stopped with the portal.
/// </summary>
public sealed class PortalDatabase(IConfiguration configuration) : IAsyncDisposable
{
    private static readonly TimeSpan SayAgain = TimeSpan.FromSeconds(30);

    private readonly string? _configured =
        configuration.GetConnectionString("Portal") is { } named && !string.IsNullOrWhiteSpace(named) ? named : null;
    private PrivateServer? _server;

    // Of a portal that serves meanwhile.
    private (string Portal, string Backup, string Restore)? _other;

    /// <exception cref="InvalidOperationException">Asked before <see cref="StartAsync"/>.</exception>
    public string ConnectionString =>
        _configured
        ?? _server?.ConnectionString
        ?? _other?.Portal
        ?? throw new InvalidOperationException("The database is not started; call StartAsync first.");

    /// <summary>The same database, as the account that may change its shape and gives the others their rights
    /// (<c>ConnectionStrings:Migrate</c>); null where one account does all.</summary>
    public string? MigratingConnectionString => Named("Migrate");

    /// <summary>The same database, as the account that retention and the seals of the audit log work with
    /// (<c>ConnectionStrings:Keeper</c>); null: the portal's own.</summary>
    public string? KeeperConnectionString => Named("Keeper");

    private string? Named(string name) =>
        _configured is not null && configuration.GetConnectionString(name) is { } named && !string.IsNullOrWhiteSpace(named) ? named : null;

    /// <summary>The same database, as the account that backups are made with: <c>Backup:ConnectionString</c> where it is set.</summary>
    public string BackupConnectionString => configuration["Backup:ConnectionString"] is { Length: > 0 } named
        ? new MySqlConnectionStringBuilder(named) { Database = new MySqlConnectionStringBuilder(ConnectionString).Database }.ConnectionString
        : _server?.BackupConnectionString ?? _other?.Backup ?? ConnectionString;

    /// <summary>
    /// The same server, as the account that replays its log into a new database: <c>Backup:RestoreConnectionString</c> where it is set.
    /// </summary>
    public string RestoreConnectionString => configuration["Backup:RestoreConnectionString"] is { Length: > 0 } named
        ? named
        : _server?.RestoreConnectionString ?? _other?.Restore ?? ConnectionString;

    /// <summary>Starts the private server, or waits until the one that is configured answers.</summary>
    /// <param name="patience">How long it is waited for at most; null: as long as it takes.</param>
    /// <param name="beside">Where a portal serves from its private server already, that server is used as it is.</param>
    /// <exception cref="PrivateServerException">The private server cannot be started; the message names the fix.</exception>
    /// <exception cref="SchemaException">The configured one did not answer in that time.</exception>
    public async Task StartAsync(TimeSpan? patience, ILogger logger, CancellationToken ct, bool beside = false)
    {
        if (_configured is not null)
        {
            await WaitAsync(_configured, patience, logger, ct);
            return;
        }

        var options = new PrivateServerOptions();
        configuration.GetSection("Database").Bind(options);
        options = options with { Folder = FolderFrom(options.Folder) };
        if (beside && PrivateServer.OfAnother(options.Folder) is { } other)
        {
            _other = other;
            await WaitAsync(other.Portal, patience, logger, ct);
            return;
        }

        _server = await PrivateServer.StartAsync(options, logger, ct);
    }

    /// <summary>Waits until the started one answers again.</summary>
    /// <inheritdoc cref="StartAsync"/>
    public Task AnswersAsync(TimeSpan? patience, ILogger logger, CancellationToken ct) => WaitAsync(ConnectionString, patience, logger, ct);

    /// <summary>The two are often started together, and the server takes longer. What it refuses is for whoever asks next.</summary>
    private static async Task WaitAsync(string connectionString, TimeSpan? patience, ILogger logger, CancellationToken ct)
    {
        var settings = new MySqlConnectionStringBuilder(connectionString);
        var waited = Stopwatch.StartNew();
        for (var told = TimeSpan.MinValue; ; await Task.Delay(TimeSpan.FromSeconds(1), ct))
        {
            try
            {
                await Data.Database.DatabaseServer.DetectAsync(connectionString, ct);
                return;
            }
            catch (MySqlException failure) when (Outages.Of(failure) is not null)
            {
                if (waited.Elapsed > patience)
                {
                    throw new SchemaException(
                        $"The database server {settings.Server}:{settings.Port} does not answer: {failure.Message} "
                            + "Check ConnectionStrings__Portal, and that the server runs.",
                        failure);
                }

                if (told != TimeSpan.MinValue && waited.Elapsed - told < SayAgain) continue;
                told = waited.Elapsed;
                logger.LogWarning(
                    "Waiting for the database server {Server}:{Port}, which does not answer yet ({Reason}); "
                        + "the portal starts as soon as it does",
                    settings.Server, settings.Port, failure.Message);
            }
            catch (MySqlException)
            {
                // It is there. A wrong password, say, is told by whoever opens the database.
                return;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
    }

    /// <summary>
    /// A relative folder lies in the checkout the program was built in, else beside the program: not wherever it was started from.
    /// </summary>
    internal static string FolderFrom(string folder)
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Vallhalla.Portal.sln"))) return Path.GetFullPath(folder, at.FullName);
        }

        return Path.GetFullPath(folder, AppContext.BaseDirectory);
    }
}

public static class BuildingZoneSetting
{
    /// <summary><c>Building:TimeZone</c>, an IANA name.</summary>
    /// <exception cref="TimeZoneNotFoundException">There is no such zone.</exception>
    public static TimeZoneInfo BuildingZone(this IConfiguration configuration) =>
        TimeZoneInfo.FindSystemTimeZoneById(configuration["Building:TimeZone"] ?? BuildingClock.DefaultZone);
}
