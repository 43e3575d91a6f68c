using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using MySqlConnector;
using Portal.Data.Schema;
using Portal.Tests.Server;

namespace Portal.Tests.Faults;

/// <summary>
/// A database server of a test's own, of the run's kind, that the test freezes, kills, starts again, closes to changes and fills. The
/// account that the portal gets may do everything in its database and nothing to the server.
/// </summary>
internal sealed class FaultyServer : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("portal-faulty-").FullName;
    private readonly int _port = TestServer.FreePort();
    private readonly TestServer _kind;
    private readonly bool _small;
    private int _megabytes = 64;
    private Process? _guard;

    private FaultyServer(TestServer kind, bool small) => (_kind, _small) = (kind, small);

    public string ConnectionString => Text("portal") + ";Database=portal";

    private string Data => Path.Combine(_folder, "data");

    private string PidFile => Path.Combine(_folder, "pid");

    /// <summary>Makes one; it does not run yet.</summary>
    /// <param name="small">All its tables together have 64 MB.</param>
    public static async Task<FaultyServer> CreateAsync(bool small = false)
    {
        var server = new FaultyServer(await TestServer.GetAsync(), small);
        await server._kind.Binary.InitialiseAsync(server.Data, server._folder, server.First(), CancellationToken.None);
        await File.WriteAllTextAsync(Path.Combine(server._folder, "init.sql"),
            """
            CREATE USER IF NOT EXISTS root@'127.0.0.1';
            GRANT ALL PRIVILEGES ON *.* TO root@'127.0.0.1' WITH GRANT OPTION;
            CREATE USER IF NOT EXISTS portal@'127.0.0.1';
            GRANT ALL PRIVILEGES ON portal.* TO portal@'127.0.0.1';

            """);
        return server;
    }

    /// <summary>Started, with the portal's schema.</summary>
    public static async Task<FaultyServer> StartedAsync(bool small = false)
    {
        var server = await CreateAsync(small);
        await server.StartAsync();
        await server.ExecuteAsync("CREATE DATABASE portal CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci");
        await new Migrator(server.ConnectionString, NullLogger<Migrator>.Instance).ApplyAsync();
        return server;
    }

    public async Task StartAsync()
    {
        _guard = TestServer.Launch(
            _kind.Binary, [.. TestServer.Options(_kind.Binary, Data, _folder, _port), .. First()], _folder, keep: true);
        for (var waited = Stopwatch.StartNew(); ; await Task.Delay(100))
        {
            try
            {
                await ExecuteAsync("SELECT 1");
                return;
            }
            catch (MySqlException) when (waited.Elapsed < TimeSpan.FromMinutes(2) && !_guard.HasExited)
            {
                // Not yet.
            }
        }
    }

    public Task FreezeAsync() => SignalAsync("STOP");

    public Task ThawAsync() => SignalAsync("CONT");

    public async Task KillAsync()
    {
        await SignalAsync("KILL");
        await _guard!.WaitForExitAsync();
    }

    public Task SetReadOnlyAsync(bool readOnly) => ExecuteAsync($"SET GLOBAL read_only = {(readOnly ? 1 : 0)}");

    /// <summary>Writes until there is no room for another page: first much at a time, then little.</summary>
    public async Task FillAsync()
    {
        await ExecuteAsync("CREATE TABLE portal.ballast (id INT PRIMARY KEY AUTO_INCREMENT, much MEDIUMTEXT)");
        foreach (var length in new[] { 1_000_000, 60_000, 7_000 })
        {
            try
            {
                while (true) await ExecuteAsync($"INSERT INTO portal.ballast (much) VALUES (REPEAT('a', {length}))");
            }
            catch (MySqlException full) when (full.Number == 1114)
            {
                // No room for so much.
            }
        }
    }

    /// <summary>
    /// Starts it again with twice the room: so full that nothing can be deleted either, it could not be helped otherwise.
    /// </summary>
    public async Task MakeRoomAsync()
    {
        await KillAsync();
        _megabytes *= 2;
        await StartAsync();
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var connection = new MySqlConnection(Text("root") + ";Pooling=false;Connection Timeout=5");
        await connection.OpenAsync();
        await using var command = new MySqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<long> CountAsync(string sql)
    {
        await using var connection = new MySqlConnection(Text("root") + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new MySqlCommand(sql, connection);
        return Convert.ToInt64(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        if (_guard is { HasExited: false }) await KillAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private IEnumerable<string> First() =>
    [
        // It will be killed, and what it said was done must be there afterwards.
        "--innodb-flush-log-at-trx-commit=1", "--innodb-doublewrite=1",
        .. _small
            ? ["--innodb-file-per-table=0", $"--innodb-data-file-path=ibdata1:12M:autoextend:max:{_megabytes}M"]
            : Array.Empty<string>(),
    ];

    private string Text(string user) =>
        string.Create(CultureInfo.InvariantCulture, $"Server=127.0.0.1;Port={_port};User ID={user};Password=;Maximum Pool Size=30");

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", (await File.ReadAllTextAsync(PidFile)).Trim()]);
        await kill.WaitForExitAsync();
    }
}
