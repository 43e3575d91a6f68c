using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using MySqlConnector;

namespace Portal.Data.Backups;

/// <summary>
/// The client programs that fit a server: of its kind and its series (10.11, 9.7). A program of another kind or series is refused, for
/// what it leaves out it does not say.
/// </summary>
internal sealed partial class DumpPrograms
{
    private static readonly string[] UsualFolders = ["/usr/bin", "/usr/local/bin", "/usr/local/mysql/bin", "/opt/homebrew/bin"];

    private DumpPrograms(ServerIdentity server, string dump, string client, string version) =>
        (Server, Dump, Client, Version) = (server, dump, client, version);

    public ServerIdentity Server { get; }

    public string Dump { get; }

    public string Client { get; }

    /// <summary>What reads binary logs, of the package of the other two; it says only its own version.</summary>
    /// <exception cref="BackupException">It is not there.</exception>
    public string Log
    {
        get
        {
            string[] names = Server.MariaDb ? ["mariadb-binlog", "mysqlbinlog"] : ["mysqlbinlog"];
            return names.Select(name => Path.Combine(Path.GetDirectoryName(Dump)!, name)).FirstOrDefault(File.Exists)
                ?? throw new BackupException(
                    $"{names[0]} is not beside {Dump}: without it binary logs are neither saved nor read. "
                        + "Install the whole client package.");
        }
    }

    /// <summary>As the dumping program says it.</summary>
    public string Version { get; }

    /// <param name="folder">Where they lie; null: where programs usually do.</param>
    /// <exception cref="BackupException">None is there, or none that fits.</exception>
    public static async Task<DumpPrograms> FindAsync(ServerIdentity server, string? folder, CancellationToken ct)
    {
        string[] dumps = server.MariaDb ? ["mariadb-dump", "mysqldump"] : ["mysqldump"];
        string[] clients = server.MariaDb ? ["mariadb", "mysql"] : ["mysql"];
        var (dump, version) = await FitAsync(server, dumps, folder, ct);
        var (client, _) = await FitAsync(server, clients, folder, ct);
        return new DumpPrograms(server, dump, client, version);
    }

    /// <summary>A file of options that only its owner reads: a password has no place in a command line.</summary>
    /// <param name="folder">Made private by whoever made it.</param>
    public static string WriteLogin(string folder, MySqlConnectionStringBuilder login, ServerIdentity server)
    {
        var lines = new StringBuilder("[client]\n");
        if (login.Server.StartsWith('/')) lines.Append(CultureInfo.InvariantCulture, $"socket={Quoted(login.Server)}\nprotocol=socket\n");
        else
        {
            var host = login.Server.Split(',')[0].Trim();
            lines.Append(CultureInfo.InvariantCulture, $"host={Quoted(host)}\nport={login.Port}\nprotocol=tcp\n");
        }

        lines.Append(CultureInfo.InvariantCulture, $"user={Quoted(login.UserID)}\npassword={Quoted(login.Password)}\n");
        if (login.SslMode is MySqlSslMode.VerifyCA or MySqlSslMode.VerifyFull && login.SslCa is { Length: > 0 } authority)
            lines.Append(CultureInfo.InvariantCulture, $"ssl-ca={Quoted(authority)}\n");
        lines.Append((login.SslMode, server.MariaDb) switch
        {
            (MySqlSslMode.Disabled, true) => "skip-ssl\n",
            (MySqlSslMode.Disabled, false) => "ssl-mode=DISABLED\n",
            (MySqlSslMode.Required, true) => "ssl\n",
            (MySqlSslMode.Required, false) => "ssl-mode=REQUIRED\n",
            (MySqlSslMode.VerifyCA or MySqlSslMode.VerifyFull, true) => "ssl\nssl-verify-server-cert\n",
            (MySqlSslMode.VerifyCA, false) => "ssl-mode=VERIFY_CA\n",
            (MySqlSslMode.VerifyFull, false) => "ssl-mode=VERIFY_IDENTITY\n",
            _ => "",
        });
        if (!server.MariaDb) lines.Append("get-server-public-key\n");
        // Not for all: what reads the log does not know the option.
        lines.Append("[mysql]\ndefault-character-set=utf8mb4\n[mysqldump]\ndefault-character-set=utf8mb4\n");
        var file = Path.Combine(folder, "login.cnf");
        using var stream = new FileStream(file, Private(FileMode.CreateNew));
        stream.Write(Encoding.UTF8.GetBytes(lines.ToString()));
        return file;
    }

    public static FileStreamOptions Private(FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return options;
    }

    /// <summary>As the specification of backups has them. Where the server keeps no binary log there is no position to note.</summary>
    public IEnumerable<string> DumpOptions(string login, string database, bool binaryLog) =>
    [
        $"--defaults-file={login}", "--single-transaction", "--quick", "--routines", "--triggers", "--events", "--hex-blob", "--flush-logs",
        .. (Server.MariaDb, binaryLog) switch
        {
            (true, true) => (string[])["--master-data=2", "--gtid"],
            (true, false) => [],
            (false, true) => ["--source-data=2", "--set-gtid-purged=OFF", "--no-tablespaces", "--loose-skip-masking-policies"],
            (false, false) => ["--set-gtid-purged=OFF", "--no-tablespaces", "--loose-skip-masking-policies"],
        },
        database,
    ];

    /// <summary>Copies a server's log as it is written, from one file of it on, into files of the same names; it does not end.</summary>
    /// <param name="id">By which the server knows who reads: of two with the same it ends one.</param>
    public IEnumerable<string> StreamOptions(string login, string folder, string first, int id) =>
    [
        $"--defaults-file={login}", "--read-from-remote-server", "--raw", "--stop-never",
        $"--{(Server.MariaDb ? "stop-never-slave-server-id" : "connection-server-id")}={id}", $"--result-file={folder}/", first,
    ];

    /// <summary>
    /// Says logs as statements for one database, under another name where that is wanted, and none for the log of the server that they
    /// are loaded into. Of MySQL without the numbers of its transactions: a server that has seen them would leave them out.
    /// </summary>
    public IEnumerable<string> ReplayOptions(long start, string from, string into, IEnumerable<string> files) =>
    [
        "--no-defaults", "--disable-log-bin", $"--start-position={start}",
        .. Server.MariaDb ? (string[])["--skip-annotate-row-events"] : ["--skip-gtids"],
        .. from == into ? (string[])[] : [$"--rewrite-db={from}->{into}"],
        // MariaDB means the name in the log, MySQL the one after it was rewritten.
        $"--database={(Server.MariaDb ? from : into)}",
        .. files,
    ];

    public static Process Start(string program, IEnumerable<string> arguments, bool input = false, bool output = false)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(program, arguments)
            {
                RedirectStandardInput = input, RedirectStandardOutput = output, RedirectStandardError = true,
            })!;
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            throw new BackupException($"The program {program} cannot be started: {missing.Message}.", missing);
        }
    }

    /// <summary>The program of the machine, by its name; null where there is none.</summary>
    public static string? Locate(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Concat(UsualFolders)
        .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    private static async Task<(string Path, string Version)> FitAsync(
        ServerIdentity server, string[] names, string? folder, CancellationToken ct)
    {
        (string Path, string Version)? other = null;
        foreach (var name in names)
        {
            var path = string.IsNullOrWhiteSpace(folder) ? Locate(name) : Path.Combine(folder, name);
            if (path is null || !File.Exists(path)) continue;
            var version = await VersionAsync(path, ct);
            if (ServerIdentity.OfProgram(version) is { } program && program.MariaDb == server.MariaDb && program.Series == server.Series)
                return (path, version);
            other ??= (path, version);
        }

        throw new BackupException(other is var (wrong, says)
            ? $"{wrong} is \"{says}\", and the server is {server}: a program of another kind or series may leave things out. "
                + "Name the folder of the right one in Backup__Programs."
            : $"{names[0]} is not on this machine: install it "
                + $"({(server.MariaDb ? "apt-get install mariadb-client" : "the client package of MySQL")}), "
                + "or name its folder in Backup__Programs.");
    }

    private static async Task<string> VersionAsync(string program, CancellationToken ct)
    {
        using var process = Start(program, ["--version"], output: true);
        var errors = process.StandardError.ReadToEndAsync(ct);
        var text = await process.StandardOutput.ReadToEndAsync(ct);
        await errors;
        await process.WaitForExitAsync(ct);
        return $"{Path.GetFileName(program)} {AfterItsName().Match(text).Value.Trim()}";
    }

    private static string Quoted(string? value) =>
        "\"" + (value ?? "").Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"";

    [GeneratedRegex(@"\b(Ver|from)\b.*")]
    private static partial Regex AfterItsName();
}

/// <summary>Which server it is.</summary>
/// <param name="Version">As it says itself: <c>10.11.19-MariaDB-0+deb12u1</c>.</param>
internal sealed partial record ServerIdentity(bool MariaDb, string Version)
{
    public string Kind => MariaDb ? "MariaDB" : "MySQL";

    /// <summary>Within which a dump of one is read by the other without loss: <c>10.11</c>.</summary>
    public string Series => string.Join('.', Version.Split('.').Take(2));

    public Version Number => System.Version.TryParse(Series, out var number) ? number : new Version(0, 0);

    public override string ToString() => $"{Kind} {Version}";

    /// <param name="version">As the server says it when it is greeted; MariaDB puts 5.5.5- before, for old clients.</param>
    public static ServerIdentity Of(string version) => new(
        version.Contains("MariaDB", StringComparison.OrdinalIgnoreCase),
        version.StartsWith("5.5.5-", StringComparison.Ordinal) ? version[6..] : version);

    /// <summary>The server that a program belongs to, of what it says of its version; null where that is not understood.</summary>
    public static ServerIdentity? OfProgram(string says)
    {
        // Older programs have a number of their own before that of their server.
        foreach (var form in new[] { Distribution(), From(), Own() })
        {
            if (form.Match(says) is { Success: true } found)
            {
                return new ServerIdentity(
                    says.Contains("MariaDB", StringComparison.OrdinalIgnoreCase), $"{found.Groups[1].Value}.{found.Groups[2].Value}");
            }
        }

        return null;
    }

    [GeneratedRegex(@"Distrib (\d+)\.(\d+)")]
    private static partial Regex Distribution();

    [GeneratedRegex(@"from (\d+)\.(\d+)")]
    private static partial Regex From();

    [GeneratedRegex(@"Ver (\d+)\.(\d+)")]
    private static partial Regex Own();
}
