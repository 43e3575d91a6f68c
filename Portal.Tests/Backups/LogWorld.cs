using Microsoft.Extensions.Logging.Abstractions;
using MySqlConnector;
using Portal.Data.Backups;
using Portal.Hosting.DatabaseServer;
using Portal.Tests.Server;

namespace Portal.Tests.Backups;

/// <summary>A private server with a binary log, a database <c>portal</c> in it, and a portal that saves its log.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
internal sealed class LogWorld : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Task _archiving = Task.CompletedTask;

    private LogWorld(string folder, PrivateServer server, BackupOptions options) => (Root, Server, Options) = (folder, server, options);

    public string Root { get; }

    public PrivateServer Server { get; }

    public BackupOptions Options { get; }

    public LogState? Noted { get; private set; }

    public BackupDesk Desk => new(Options, () => Server.BackupConnectionString, TestDay.Time);

    public static async Task<LogWorld> BeginAsync(string? recipient = null, OffSiteOptions? away = null)
    {
        var root = Directory.CreateTempSubdirectory("portal-logs-").FullName;
        var server = await PrivateServer.StartAsync(
            new PrivateServerOptions
            {
                Folder = Path.Combine(root, "data"), Binary = (await TestServer.GetAsync()).Binary.Path, BufferPoolMegabytes = 32,
            },
            NullLogger.Instance, default);
        var options = new BackupOptions
        {
            Folder = Path.Combine(root, "sets"), Programs = await BackupWorld.ProgramsAsync(), Recipient = recipient,
            OffSite = away ?? new OffSiteOptions(),
        };
        Directory.CreateDirectory(options.Folder);
        var world = new LogWorld(root, server, options);
        await world.ExecuteAsync(
            """
            CREATE TABLE towers (id BIGINT NOT NULL PRIMARY KEY, name VARCHAR(100) NULL) ENGINE=InnoDB;
            CREATE DATABASE portal_other;
            CREATE TABLE portal_other.towers (id BIGINT NOT NULL PRIMARY KEY, name VARCHAR(100) NULL) ENGINE=InnoDB
            """);
        // By itself: among others MySQL keeps the semicolon after it, and dumps a trigger that cannot be loaded.
        await world.ExecuteAsync(
            "CREATE TRIGGER tower_names BEFORE INSERT ON towers FOR EACH ROW SET NEW.name = CONCAT(NEW.name, '!')");
        await world.ExecuteAsync("INSERT INTO towers VALUES (1, 'before the set')");
        return world;
    }

    /// <summary>Saves the log until <see cref="StopAsync"/>.</summary>
    public void Archive() => _archiving = new LogArchive(
        Options, () => Server.BackupConnectionString, TestDay.Time, NullLogger<LogArchive>.Instance)
    {
        Tick = TimeSpan.FromMilliseconds(100), Noting = TimeSpan.FromMilliseconds(200), AwayAgain = TimeSpan.FromMilliseconds(500),
    }.RunAsync(
        (state, _) =>
        {
            Noted = state;
            return Task.CompletedTask;
        },
        _stop.Token);

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        try
        {
            await _archiving;
        }
        catch (OperationCanceledException)
        {
            // As it was asked to.
        }
    }

    public Task ExecuteAsync(string sql) => RunAsync(Server.ConnectionString, sql);

    /// <summary>Closes the log that is written.</summary>
    public Task CloseLogAsync() => RunAsync(Server.BackupConnectionString, "FLUSH BINARY LOGS");

    /// <summary>A moment: what was saved so far is before it, what is saved from now on is not.</summary>
    public async Task<DateTime> MomentAsync()
    {
        var begun = await NowAsync();
        for (;;)
        {
            var now = await NowAsync();
            if (now.Second != begun.Second) return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerSecond));
            await Task.Delay(20);
        }
    }

    /// <summary>Waits until all that was saved so far, in the second after it too, lies in the archive.</summary>
    public async Task ArchivedAsync(SetFolder set)
    {
        var until = (await MomentAsync()).AddSeconds(1);
        for (var waited = 0; waited < 600; waited++)
        {
            if (_archiving.IsCompleted) await _archiving;
            if ((await LogStream.ChainAsync(Options.Folder!, set.Manifest, default)).Mark?.ReachedAt > until) return;
            await Task.Delay(100);
        }

        throw new InvalidOperationException("The log was not saved within a minute.");
    }

    public async Task<List<string>> RowsAsync(string database, string sql = "SELECT CONCAT(id, ' ', name) FROM towers ORDER BY id")
    {
        await using var connection = await OpenAsync(
            new MySqlConnectionStringBuilder(Server.BackupConnectionString) { Database = database }.ConnectionString);
        await using var command = new MySqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        List<string> rows = [];
        while (await reader.ReadAsync()) rows.Add(reader.GetValue(0).ToString()!);
        return rows;
    }

    private async Task<DateTime> NowAsync()
    {
        await using var connection = await OpenAsync(Server.ConnectionString);
        await using var command = new MySqlCommand("SELECT UTC_TIMESTAMP(6)", connection);
        return DateTime.SpecifyKind((DateTime)(await command.ExecuteScalarAsync())!, DateTimeKind.Utc);
    }

    private static async Task RunAsync(string connectionString, string sql)
    {
        await using var connection = await OpenAsync(connectionString);
        await using var command = new MySqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<MySqlConnection> OpenAsync(string connectionString)
    {
        var connection = new MySqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        return connection;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
        await Server.DisposeAsync();
        Directory.Delete(Root, recursive: true);
    }
}
