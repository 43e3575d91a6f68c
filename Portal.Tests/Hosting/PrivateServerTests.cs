using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using MySqlConnector;
using Portal.Data.Schema;
using Portal.Hosting.DatabaseServer;
using Portal.Tests.Server;

namespace Portal.Tests.Hosting;

[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class PrivateServerTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("portal-own-server-").FullName;
    private string? _binary;

    public async Task InitializeAsync() => _binary = (await TestServer.GetAsync()).Binary.Path;

    public Task DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }

    [Fact]
    public async Task It_starts_from_nothing_durable_and_private_and_keeps_its_data()
    {
        await using (var server = await StartAsync())
        {
            await new Migrator(server.ConnectionString, NullLogger<Migrator>.Instance).ApplyAsync();
            await ExecuteAsync(server, "INSERT INTO towers (id, name) VALUES (1, 'Torre A')");
            Assert.Equal(
                "1 1 1 127.0.0.1 utf8mb4_unicode_ci",
                await ScalarAsync(
                    server,
                    "SELECT CONCAT_WS(' ', @@innodb_flush_log_at_trx_commit, @@sync_binlog, IF(@@log_bin, 1, 0), @@bind_address, @@collation_server)"
                )
            );
        }

        var clock = Stopwatch.StartNew();
        await using var again = await StartAsync();

        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(10), $"The second start took {clock.Elapsed}.");
        Assert.Equal("Torre A", await ScalarAsync(again, "SELECT name FROM towers WHERE id = 1"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(Data, "password")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Data));
    }

    [Fact]
    public async Task It_stops_with_the_portal()
    {
        var server = await StartAsync();
        var process = Process.GetProcessById(server.ProcessId);

        await server.DisposeAsync();

        Assert.True(process.HasExited);
    }

    [Fact]
    public async Task Killed_under_writes_it_comes_back_with_everything_committed()
    {
        await using var server = await StartAsync();
        await ExecuteAsync(server, "CREATE TABLE written (id INT PRIMARY KEY)");
        var committed = 0;
        using var enough = new CancellationTokenSource();
        var writing = Task.Run(async () =>
        {
            for (var id = 1; !enough.IsCancellationRequested; id++)
            {
                try
                {
                    await ExecuteAsync(server, $"INSERT INTO written VALUES ({id})");
                    committed++;
                }
                catch (MySqlException)
                {
                    await Task.Delay(20);
                }
            }
        });

        await UntilAsync(() => committed > 20);
        var first = server.ProcessId;
        Process.GetProcessById(first).Kill();
        var before = committed;
        await UntilAsync(() => committed > before + 20);
        await enough.CancelAsync();
        await writing;

        Assert.NotEqual(first, server.ProcessId);
        Assert.True(Convert.ToInt32(await ScalarAsync(server, "SELECT COUNT(*) FROM written")) >= committed);
    }

    [Fact]
    public async Task Two_portals_never_share_a_folder()
    {
        await using var first = await StartAsync();

        var refusal = await Assert.ThrowsAsync<PrivateServerException>(StartAsync);

        Assert.Contains(
            $"Another portal (process {Environment.ProcessId}) is using the data folder {Data}", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("1", await ScalarAsync(first, "SELECT 1"));
    }

    [Fact]
    public async Task A_server_left_by_a_killed_portal_is_stopped_and_its_data_taken_over()
    {
        await using (var server = await StartAsync())
        {
                await ExecuteAsync(server, "CREATE TABLE kept (id INT PRIMARY KEY)");
        }
        // As after kill -9 of the portal: its server runs, nobody holds the lock.
        using var orphan = Process.Start(
            new ProcessStartInfo(
                _binary!,
                [
                    .. await FirstOptionsAsync(),
                    $"--datadir={Data}/mysql",
                    $"--socket={Data}/server.sock",
                    $"--pid-file={Data}/server.pid",
                    "--skip-networking",
                    $"--log-error={Data}/orphan.log",
                    $"--tmpdir={Data}/tmp",
                    .. ServerBinary.AsRoot(),
                ]
            )
        )!;
        await UntilAsync(() => File.Exists(Path.Combine(Data, "server.pid")));

        await using var next = await StartAsync();

        Assert.True(orphan.HasExited);
        Assert.Equal("0", await ScalarAsync(next, "SELECT COUNT(*) FROM kept"));
    }

    [Fact]
    public async Task A_missing_program_is_one_clear_sentence()
    {
        var refusal = await Assert.ThrowsAsync<PrivateServerException>(() =>
            PrivateServer.StartAsync(
                new PrivateServerOptions { Folder = Data, Binary = "/nowhere/mysqld" }, NullLogger.Instance, CancellationToken.None)
        );

        Assert.Equal(
            "The database server /nowhere/mysqld does not exist: correct Database__Binary, or leave it empty to take the one of this machine.",
            refusal.Message
        );
        Assert.False(Directory.Exists(Data));
    }

    [Fact]
    public async Task A_folder_made_by_the_other_kind_of_server_says_so()
    {
        await (await StartAsync()).DisposeAsync();
        await File.WriteAllTextAsync(Path.Combine(Data, "made-by"), "Percona\n");

        var refusal = await Assert.ThrowsAsync<PrivateServerException>(StartAsync);

        Assert.Contains("was made by Percona", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deep_folder_is_no_obstacle()
    {
        var deep = Path.Combine(_folder, new string('d', 90), new string('e', 60));

        await using var server = await PrivateServer.StartAsync(
            new PrivateServerOptions
            {
                Folder = deep,
                Binary = _binary,
                BufferPoolMegabytes = 32,
            },
            NullLogger.Instance,
            CancellationToken.None
        );

        Assert.Equal("1", await ScalarAsync(server, "SELECT 1"));
    }

    private string Data => Path.Combine(_folder, "data");

    private Task<PrivateServer> StartAsync() =>
        PrivateServer.StartAsync(
            new PrivateServerOptions
            {
                Folder = Data,
                Binary = _binary,
                BufferPoolMegabytes = 32,
            },
            NullLogger.Instance,
            CancellationToken.None
        );

    private async Task<IEnumerable<string>> FirstOptionsAsync() => (await TestServer.GetAsync()).Binary.FirstOptions();

    private static async Task UntilAsync(Func<bool> reached)
    {
        for (var waited = Stopwatch.StartNew(); !reached(); await Task.Delay(20))
        {
            Assert.True(waited.Elapsed < TimeSpan.FromSeconds(60), "It did not happen within a minute.");
        }
    }

    private static async Task ExecuteAsync(PrivateServer server, string sql) => await ScalarAsync(server, sql);

    private static async Task<string?> ScalarAsync(PrivateServer server, string sql)
    {
        await using var connection = new MySqlConnection(
            new MySqlConnectionStringBuilder(server.ConnectionString) { Pooling = false }.ConnectionString
        );
        await connection.OpenAsync();
        await using var command = new MySqlCommand(sql, connection);
        return (await command.ExecuteScalarAsync())?.ToString();
    }
}
