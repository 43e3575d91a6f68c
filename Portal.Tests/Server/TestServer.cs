using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using MySqlConnector;
using Portal.Hosting.DatabaseServer;

namespace Portal.Tests.Server;

/// <summary>The one database server of a test run: MariaDB, or MySQL where <c>PORTAL_TEST_SERVER=mysql</c>. It trades durability
/// for speed, lives in a folder under the temporary one and ends with the run, also with a killed one.</summary>
public sealed class TestServer
{
    private static readonly Lazy<Task<TestServer>> Running = new(StartAsync);

    private readonly string _server;

    private TestServer(ServerBinary binary, int port)
    {
        Binary = binary;
        _server = string.Create(CultureInfo.InvariantCulture, $"Server=127.0.0.1;Port={port};User ID=root;Password=");
    }

    public ServerBinary Binary { get; }

    public static bool IsMySql { get; } = Environment.GetEnvironmentVariable("PORTAL_TEST_SERVER") == "mysql";

    public static Task<TestServer> GetAsync() => Running.Value;

    /// <summary>A fixed pool: a class that leaks connections fails, and the server has enough for all classes at once.</summary>
    public string ConnectionString(string database) => $"{_server};Database={database};Maximum Pool Size=30;Connection Timeout=60";

    public async Task ExecuteAsync(string sql)
    {
        await using var connection = new MySqlConnection(_server + ";Pooling=false;AllowUserVariables=true;Default Command Timeout=0");
        await connection.OpenAsync();
        await using var command = new MySqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<TestServer> StartAsync()
    {
        var binary = await ServerBinary.FindAsync(IsMySql ? MySqlProgram() : MariaDbProgram(), CancellationToken.None);
        var folder = Directory.CreateTempSubdirectory("portal-tests-").FullName;
        var data = Path.Combine(folder, "data");
        try
        {
            await binary.InitialiseAsync(data, folder, [], CancellationToken.None);
        }
        catch
        {
            Directory.Delete(folder, recursive: true);
            throw;
        }

        var port = FreePort();
        var server = new TestServer(binary, port);
        var log = Path.Combine(folder, "server.log");
        await File.WriteAllTextAsync(Path.Combine(folder, "init.sql"),
            "CREATE USER IF NOT EXISTS root@'127.0.0.1';\nGRANT ALL PRIVILEGES ON *.* TO root@'127.0.0.1' WITH GRANT OPTION;\n");
        var process = Launch(binary, Options(binary, data, folder, port), folder);
        await server.WaitAsync(process, log);
        return server;
    }

    internal static IEnumerable<string> Options(ServerBinary binary, string data, string folder, int port)
    {
        string[] common =
        [
            .. binary.FirstOptions(),
            $"--datadir={data}",
            "--bind-address=127.0.0.1",
            $"--port={port}",
            $"--socket={folder}/s",
            $"--pid-file={folder}/pid",
            $"--tmpdir={folder}",
            "--character-set-server=utf8mb4",
            "--collation-server=utf8mb4_unicode_ci",
            "--max-connections=600",
            "--innodb-flush-log-at-trx-commit=0",
            "--innodb-doublewrite=0",
            "--innodb-buffer-pool-size=192M",
            "--performance-schema=OFF",
            "--skip-log-bin",
            "--skip-name-resolve",
            $"--init-file={folder}/init.sql",
            .. ServerBinary.AsRoot(),
        ];
        return binary.IsMariaDb ? common : [.. common, "--mysqlx=0", "--information-schema-stats-expiry=0"];
    }

    /// <summary>A shell stands between: it ends the server and removes the folder once this process is gone, however it went.</summary>
    /// <param name="keep">The folder stays when only the server ends: it will be started again.</param>
    internal static Process Launch(ServerBinary binary, IEnumerable<string> options, string folder, bool keep = false)
    {
        const string Script = """
            owner=$1; folder=$2; keep=$3; shift 3; exec >"$folder/server.log" 2>&1; trap '' INT TERM HUP
            "$@" & server=$!
            while kill -0 "$owner" 2>/dev/null && kill -0 "$server" 2>/dev/null; do sleep 0.5; done
            kill -9 "$server" 2>/dev/null; wait
            if [ "$keep" = no ] || ! kill -0 "$owner" 2>/dev/null; then rm -rf "$folder"; fi
            """;
        return Process.Start(new ProcessStartInfo("/bin/sh",
            ["-c", Script, "sh", Environment.ProcessId.ToString(CultureInfo.InvariantCulture), folder, keep ? "yes" : "no",
                binary.Path, .. options]))!;
    }

    private async Task WaitAsync(Process process, string log)
    {
        for (var deadline = Stopwatch.StartNew(); deadline.Elapsed < TimeSpan.FromSeconds(90);)
        {
            try
            {
                await Data.Database.DatabaseServer.DetectAsync(_server, CancellationToken.None);
                return;
            }
            catch (MySqlException) when (!process.HasExited)
            {
                await Task.Delay(100);
            }
        }
        throw new InvalidOperationException(
            $"{Binary.Path} did not start: {(File.Exists(log) ? await File.ReadAllTextAsync(log) : "no log")}"
        );
    }

    private static string MariaDbProgram() => Environment.GetEnvironmentVariable("PORTAL_TEST_MARIADBD") ?? "/usr/sbin/mariadbd";

    private static string MySqlProgram()
    {
        var program =
            Environment.GetEnvironmentVariable("PORTAL_TEST_MYSQLD") ?? Path.Combine(Repository.Root, ".tools", "mysql97", "mysqld");
        return File.Exists(program)
            ? program
            : throw new InvalidOperationException($"No MySQL at {program}: run build/mysql97.sh, or name one in PORTAL_TEST_MYSQLD.");
    }

    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
