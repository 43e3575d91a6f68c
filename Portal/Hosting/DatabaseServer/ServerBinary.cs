using System.Diagnostics;

namespace Portal.Hosting.DatabaseServer;

/// <summary>The portal's own database server cannot run; the message is for the operator and names the fix.</summary>
public sealed class PrivateServerException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>A MySQL or MariaDB server program on this machine.</summary>
public sealed record ServerBinary(string Path, bool IsMariaDb, string Version)
{
    // A user's PATH rarely holds the folders a distribution puts servers in.
    private static readonly string[] UsualFolders =
    [
        "/usr/sbin",
        "/usr/local/sbin",
        "/usr/local/bin",
        "/usr/libexec",
        "/usr/bin",
        "/usr/local/mysql/bin",
        "/opt/homebrew/bin",
    ];

    /// <summary>The configured program, or else the first of <c>mysqld</c>, <c>mariadbd</c> found.</summary>
    public static async Task<ServerBinary> FindAsync(string? configured, CancellationToken ct)
    {
        var path = string.IsNullOrWhiteSpace(configured) ? Locate("mysqld") ?? Locate("mariadbd") : configured;
        if (path is null)
        {
            throw new PrivateServerException(
                "No database server was found on this machine: install one (apt-get install mariadb-server-core mariadb-client-core), or name your own in ConnectionStrings__Portal."
            );
        }
        if (!File.Exists(path))
        {
            throw new PrivateServerException(
                $"The database server {path} does not exist: correct Database__Binary, or leave it empty to take the one of this machine.");
        }
        var version = await RunAsync(path, ["--version"], ct);
        return new ServerBinary(path, version.Contains("MariaDB", StringComparison.OrdinalIgnoreCase), version.Trim());
    }

    /// <summary>Makes an empty data folder with a root account that has no password; whoever starts it first must set one.</summary>
    /// <param name="dataFolder">Must not exist yet.</param>
    /// <param name="temporaryFolder">Used by no other server: MariaDB, when it starts, removes the temporary tables it finds there.</param>
    /// <param name="more">Options of the server that decide how its files are made.</param>
    /// <param name="ct">Stops it, leaving a half-made folder.</param>
    public async Task InitialiseAsync(string dataFolder, string temporaryFolder, IEnumerable<string> more, CancellationToken ct)
    {
        if (IsMariaDb)
        {
            var installer =
                Locate("mariadb-install-db")
                ?? Locate("mysql_install_db")
                ?? throw new PrivateServerException(
                    $"{Path} is here, but mariadb-install-db is not: apt-get install mariadb-server-core mariadb-client-core."
                );
            await RunAsync(
                installer,
                [
                    "--no-defaults",
                    $"--datadir={dataFolder}",
                    "--auth-root-authentication-method=normal",
                    "--skip-test-db",
                    $"--tmpdir={temporaryFolder}",
                    .. AsRoot(),
                    .. more,
                ],
                ct
            );
        }
        else
        {
            await RunAsync(
                Path,
                [
                    .. FirstOptions(), "--initialize-insecure", $"--datadir={dataFolder}", $"--tmpdir={temporaryFolder}", .. AsRoot(),
                    .. more,
                ],
                ct);
        }
    }

    /// <summary>Keeps the machine's own server configuration out; must come first. A wrapper script decides that for itself.</summary>
    public IEnumerable<string> FirstOptions()
    {
        using var file = File.OpenRead(Path);
        return file.ReadByte() == '#' && file.ReadByte() == '!' ? [] : ["--no-defaults"];
    }

    /// <summary>The server refuses to run as root unless told that it is meant.</summary>
    public static IEnumerable<string> AsRoot() => Environment.UserName == "root" ? ["--user=root"] : [];

    private static string? Locate(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Concat(UsualFolders)
        .Select(folder => System.IO.Path.Combine(folder, program))
        .FirstOrDefault(File.Exists);

    private static async Task<string> RunAsync(string program, IEnumerable<string> arguments, CancellationToken ct)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true }
        )!;
        var output = process.StandardOutput.ReadToEndAsync(ct);
        var errors = process.StandardError.ReadToEndAsync(ct);
        await process.WaitForExitAsync(ct);
        return process.ExitCode == 0
            ? await output
            : throw new PrivateServerException($"{program} ended with code {process.ExitCode}: {(await errors + await output).Trim()}");
    }
}
