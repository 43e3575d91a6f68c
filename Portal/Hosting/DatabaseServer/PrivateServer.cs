using System.Diagnostics;
using System.Globalization;
using MySqlConnector;

namespace Portal.Hosting.DatabaseServer;

/// <summary>The portal's own database server: reachable on this machine only (the loopback address, and a socket in its folder for
/// the operator's tools), fully durable, started again when it dies, stopped with the portal. The folder is held exclusively
/// while this lives.</summary>
public sealed class PrivateServer : IAsyncDisposable
{
    private const string Database = "portal", Account = "portal", BackupAccount = "portal_backup", RestoreAccount = "portal_restore";
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(60), StartPatience = TimeSpan.FromMinutes(10);

    private readonly ServerFolder _folder;
    private readonly ServerBinary _binary;
    private readonly PrivateServerOptions _options;
    private readonly ILogger _logger;
    private readonly int _port;
    private readonly CancellationTokenSource _stopping = new();
    private Process _process;
    private Task _watch = Task.CompletedTask;

    private PrivateServer(ServerFolder folder, ServerBinary binary, PrivateServerOptions options, ILogger logger)
    {
        (_folder, _binary, _options, _logger) = (folder, binary, options, logger);
        _port = folder.FreePort();
        ConnectionString = Login(Account, _port, folder.Password());
        BackupConnectionString = Login(BackupAccount, _port, folder.Password());
        RestoreConnectionString = Login(RestoreAccount, _port, folder.Password());
        _process = Launch();
    }

    public string ConnectionString { get; }

    /// <summary>As an account that reads everything, may stop writers for a moment, and writes nothing.</summary>
    public string BackupConnectionString { get; }

    /// <summary>As an account that makes databases and replays the server's log into them; nobody serves with it.</summary>
    public string RestoreConnectionString { get; }

    /// <summary>The connection strings of the server that another portal runs on a folder; null where none does.</summary>
    /// <exception cref="PrivateServerException">It has not got so far, or the folder is somebody else's.</exception>
    public static (string Portal, string Backup, string Restore)? OfAnother(string folder) =>
        ServerFolder.OfAnother(folder) is var (port, password)
            ? (Login(Account, port, password), Login(BackupAccount, port, password), Login(RestoreAccount, port, password))
            : null;

    /// <summary>Ends the server that a portal which was killed left on a folder, and takes the folder away.</summary>
    /// <exception cref="PrivateServerException">Somebody uses it.</exception>
    public static async Task RemoveAsync(string folder, ILogger logger)
    {
        using (var held = ServerFolder.Open(folder)) await EndOrphanAsync(held, logger);
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>Process id of the server at this moment; it changes when the server is started again.</summary>
    public int ProcessId => _process.Id;

    /// <summary>Starts the server, making its folder on first use, and returns when it answers.</summary>
    /// <exception cref="PrivateServerException">No server program, a folder in use, or a server that ends; the message names the
    /// fix.</exception>
    public static async Task<PrivateServer> StartAsync(PrivateServerOptions options, ILogger logger, CancellationToken ct)
    {
        var binary = await ServerBinary.FindAsync(options.Binary, ct);
        var folder = ServerFolder.Open(options.Folder);
        PrivateServer? server = null;
        try
        {
            await EndOrphanAsync(folder, logger);
            await folder.InitialiseAsync(binary, ct);
            server = new PrivateServer(folder, binary, options, logger);
            await server.WaitUntilItAnswersAsync(ct);
            server._watch = server.WatchAsync();
            logger.LogInformation("Private database server ready: {Version}, data in {Folder}", binary.Version, folder.Root);
            return server;
        }
        catch
        {
            if (server is null)
            {
                folder.Dispose();
            }
            else
            {
                await server.DisposeAsync();
            }
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested)
        {
            return;
        }
        await _stopping.CancelAsync();
        await _watch;
        await ServerProcess.StopAsync(_process, StopPatience);
        _process.Dispose();
        _stopping.Dispose();
        _folder.Dispose();
    }

    private static async Task EndOrphanAsync(ServerFolder folder, ILogger logger)
    {
        using var orphan = ServerProcess.FindOrphan(folder);
        if (orphan is not null)
        {
            logger.LogWarning("A portal that was killed left its database server running (process {Process}); stopping it", orphan.Id);
            await ServerProcess.StopAsync(orphan, StopPatience);
        }
    }

    // Not through the socket: the driver's asynchronous calls fail on one.
    private static string Login(string account, int port, string password) => new MySqlConnectionStringBuilder
    {
        Server = "127.0.0.1",
        Port = (uint)port,
        UserID = account,
        Password = password,
        Database = Database,
        SslMode = MySqlSslMode.Disabled,
        AllowPublicKeyRetrieval = true,
        MaximumPoolSize = 50,
    }.ConnectionString;

    private Process Launch()
    {
        // Run by the server before it takes any connection, so that there is no moment without a password. The accounts are
        // not part of the data's history: whoever restores it has accounts of their own.
        var password = _folder.Password();
        string[] clean = _binary.IsMariaDb
            ? ["DELETE FROM mysql.global_priv WHERE User = '' OR User = 'root' AND Host <> 'localhost'", "FLUSH PRIVILEGES"]
            : [];
        string[] setUp =
        [
            $"CREATE DATABASE IF NOT EXISTS {Database} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci",
            "SET SESSION sql_log_bin = 0",
            .. clean,
            $"ALTER USER 'root'@'localhost' IDENTIFIED BY '{password}'",
            $"CREATE USER IF NOT EXISTS '{Account}'@'127.0.0.1'",
            $"ALTER USER '{Account}'@'127.0.0.1' IDENTIFIED BY '{password}'",
            $"GRANT ALL PRIVILEGES ON {Database}.* TO '{Account}'@'127.0.0.1'",
            // Where a set is restored beside what there is.
            $@"GRANT ALL PRIVILEGES ON `{Database}\_%`.* TO '{Account}'@'127.0.0.1'",
            $"CREATE USER IF NOT EXISTS '{BackupAccount}'@'127.0.0.1'",
            $"ALTER USER '{BackupAccount}'@'127.0.0.1' IDENTIFIED BY '{password}'",
            "GRANT SELECT, SHOW VIEW, TRIGGER, EVENT, LOCK TABLES, RELOAD, PROCESS, REPLICATION CLIENT, REPLICATION SLAVE ON *.* "
                + $"TO '{BackupAccount}'@'127.0.0.1'",
            $"CREATE USER IF NOT EXISTS '{RestoreAccount}'@'127.0.0.1'",
            $"ALTER USER '{RestoreAccount}'@'127.0.0.1' IDENTIFIED BY '{password}'",
            (_binary.IsMariaDb
                ? "GRANT BINLOG REPLAY, BINLOG ADMIN, SET USER"
                : "GRANT BINLOG_ADMIN, REPLICATION_APPLIER, SESSION_VARIABLES_ADMIN, SET_ANY_DEFINER, ALLOW_NONEXISTENT_DEFINER")
                + $" ON *.* TO '{RestoreAccount}'@'127.0.0.1'",
            .. (_options.ThrowAway ? (string[])["*"] : [$"`{Database}`", $@"`{Database}\_%`"]).Select(
                databases => $"GRANT ALL PRIVILEGES ON {databases}.* TO '{RestoreAccount}'@'127.0.0.1'"),
        ];
        _folder.WriteSecret(Path.GetFileName(_folder.InitFile), string.Join(";\n", setUp) + ";");
        return ServerProcess.Start(_binary, Options(), _folder.Log);
    }

    private IEnumerable<string> Options()
    {
        string[] common =
        [
            .. _binary.FirstOptions(),
            $"--datadir={_folder.Data}",
            $"--socket={_folder.Socket}",
            $"--pid-file={_folder.PidFile}",
            $"--init-file={_folder.InitFile}",
            $"--tmpdir={_folder.Temporary}",
            "--bind-address=127.0.0.1",
            string.Create(CultureInfo.InvariantCulture, $"--port={_port}"),
            "--skip-name-resolve",
            "--local-infile=0",
            "--max-connections=200",
            "--character-set-server=utf8mb4",
            "--collation-server=utf8mb4_unicode_ci",
            "--default-time-zone=+00:00",
            // A committed payment is on the disk, and so is its place in the binary log.
            .. _options.ThrowAway
                ? (string[])["--innodb-flush-log-at-trx-commit=0", "--innodb-doublewrite=0", "--skip-log-bin"]
                :
                [
                    "--innodb-flush-log-at-trx-commit=1", "--sync-binlog=1", "--server-id=1", "--binlog-format=ROW",
                    $"--log-bin={Path.Combine(_folder.BinaryLog, "portal")}",
                    string.Create(CultureInfo.InvariantCulture, $"--binlog-expire-logs-seconds={_options.BinaryLogDays * 86_400}"),
                ],
            // The documented trigger is made by an account without SUPER.
            "--log-bin-trust-function-creators=1",
            string.Create(CultureInfo.InvariantCulture, $"--innodb-buffer-pool-size={_options.BufferPoolMegabytes}M"),
            "--performance-schema=OFF", .. ServerBinary.AsRoot(),
        ];

        // Which indexes are read: MariaDB counts it at no cost worth naming, MySQL in the performance schema alone.
        return [.. common, _binary.IsMariaDb ? "--userstat=1" : "--mysqlx=0"];
    }

    private async Task WaitUntilItAnswersAsync(CancellationToken ct)
    {
        var settings = new MySqlConnectionStringBuilder(ConnectionString) { Pooling = false, Database = "" };
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < StartPatience;)
        {
            try
            {
                await using var connection = new MySqlConnection(settings.ConnectionString);
                await connection.OpenAsync(ct);
                return;
            }
            catch (MySqlException notYet)
            {
                _logger.LogDebug(notYet, "The database server does not answer yet");
            }
            if (_process.HasExited)
            {
                throw new PrivateServerException(
                    $"The database server {_binary.Path} ended with code {_process.ExitCode} while starting. The end of {_folder.Log} says why:\n{_folder.LogTail()}"
                );
            }
            await Task.Delay(50, ct);
        }
        throw new PrivateServerException(
            $"The database server has not answered for {StartPatience.TotalMinutes} minutes. The end of {_folder.Log}:\n{_folder.LogTail()}"
        );
    }

    /// <summary>Starts the server again whenever it ends unasked; quickly at first, more slowly when it keeps dying.</summary>
    private async Task WatchAsync()
    {
        var pause = TimeSpan.FromMilliseconds(100);
        while (!_stopping.IsCancellationRequested)
        {
            var since = Stopwatch.StartNew();
            try
            {
                await _process.WaitForExitAsync(_stopping.Token);
                pause =
                    since.Elapsed > TimeSpan.FromMinutes(1)
                        ? TimeSpan.FromMilliseconds(100)
                        : TimeSpan.FromSeconds(Math.Min(30, pause.TotalSeconds * 2));
                _logger.LogError(
                    "The database server ended unasked (code {Code}); starting it again. See {Log}", _process.ExitCode, _folder.Log);
                await Task.Delay(pause, _stopping.Token);
                _process.Dispose();
                _process = Launch();
                await WaitUntilItAnswersAsync(_stopping.Token);
                _logger.LogWarning("The database server answers again");
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (PrivateServerException failed)
            {
                _logger.LogCritical(failed, "The database server could not be started again; trying further");
            }
        }
    }
}
