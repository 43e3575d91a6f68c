using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Portal.Hosting.DatabaseServer;

/// <summary>The folder of a private server, held exclusively while this exists. Readable by its owner only.</summary>
internal sealed class ServerFolder : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    // The kernel's limit for a socket's path is 108 bytes with the closing zero.
    private const int LongestSocketPath = 100;

    private readonly FileStream _lock;

    private ServerFolder(string path, FileStream held) => (Root, _lock) = (path, held);

    public string Root { get; }

    public string Data => Path.Combine(Root, "mysql");

    public string BinaryLog => Path.Combine(Root, "binlog");

    /// <summary>
    /// Not the machine's: MariaDB, when it starts, removes other servers' temporary tables from the folder it shares with them.
    /// </summary>
    public string Temporary => Path.Combine(Root, "tmp");

    public string Log => Path.Combine(Root, "server.log");

    public string PidFile => Path.Combine(Root, "server.pid");

    public string InitFile => Path.Combine(Root, "init.sql");

    public string Socket
    {
        get
        {
            var inside = Path.Combine(Root, "server.sock");
            if (Encoding.UTF8.GetByteCount(inside) <= LongestSocketPath)
            {
                return inside;
            }
            var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Root)))[..16];
            return Path.Combine(Private(Path.Combine(Path.GetTempPath(), $"portal-{name}")), "server.sock");
        }
    }

    /// <exception cref="PrivateServerException">Another portal holds the folder.</exception>
    public static ServerFolder Open(string path)
    {
        var root = Path.GetFullPath(path);
        FileStream held;
        try
        {
            Private(root);
            held = new FileStream(Path.Combine(root, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException denied)
        {
            throw new PrivateServerException(
                $"The data folder {root} cannot be written by {Environment.UserName}: give it to that user, or name another in Database__Folder.",
                denied
            );
        }
        catch (IOException busy)
        {
            var owner = Path.Combine(root, "portal.pid");
            var process = File.Exists(owner) ? $" (process {File.ReadAllText(owner).Trim()})" : "";
            throw new PrivateServerException(
                $"Another portal{process} is using the data folder {root}. Stop it, give this one a folder of its own in Database__Folder, or let both use one server named in ConnectionStrings__Portal.",
                busy
            );
        }
        var folder = new ServerFolder(root, held);
        folder.WriteSecret("portal.pid", Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        Private(folder.BinaryLog);
        Private(folder.Temporary);
        return folder;
    }

    /// <summary>Where the server of a portal that runs on a folder is reached, by what that portal left there; null where none runs.</summary>
    public static (int Port, string Password)? OfAnother(string path)
    {
        var root = Path.GetFullPath(path);
        if (!File.Exists(Path.Combine(root, "lock"))) return null;
        try
        {
            using var free = new FileStream(Path.Combine(root, "lock"), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return null;
        }
        catch (UnauthorizedAccessException denied)
        {
            throw new PrivateServerException($"The data folder {root} is not {Environment.UserName}'s: run this as the user of the portal.", denied);
        }
        catch (IOException)
        {
            var (port, password) = (Path.Combine(root, "port"), Path.Combine(root, "password"));
            return File.Exists(port) && File.Exists(password) && int.TryParse(File.ReadAllText(port), CultureInfo.InvariantCulture, out var number)
                ? (number, File.ReadAllText(password).Trim())
                : throw new PrivateServerException($"The portal on {root} has not started its database server yet: try again in a moment.");
        }
    }

    /// <summary>Random, made once, kept where only the owner reads it.</summary>
    public string Password()
    {
        var file = Path.Combine(Root, "password");
        if (!File.Exists(file))
        {
            WriteSecret("password", RandomNumberGenerator.GetHexString(40, lowercase: true));
        }
        return File.ReadAllText(file).Trim();
    }

    /// <summary>The port of the last start where it is still free. Below the range from which the system takes ports for
    /// outgoing connections, so that none is taken while the server is being started again.</summary>
    public int FreePort()
    {
        var file = Path.Combine(Root, "port");
        int[] last =
            File.Exists(file) && int.TryParse(File.ReadAllText(file), CultureInfo.InvariantCulture, out var number) ? [number] : [];
        var port = last.Concat(Enumerable.Range(0, 100).Select(_ => RandomNumberGenerator.GetInt32(20_000, 32_000))).First(IsFree);
        WriteSecret("port", port.ToString(CultureInfo.InvariantCulture));
        return port;
    }

    public async Task InitialiseAsync(ServerBinary binary, CancellationToken ct)
    {
        if (!Directory.Exists(Data))
        {
            // Made beside and moved into place: a half-made folder is never taken for a whole one.
            var making = Data + ".new";
            if (Directory.Exists(making))
            {
                Directory.Delete(making, recursive: true);
            }
            await binary.InitialiseAsync(making, Temporary, [], ct);
            WriteSecret("made-by", binary.IsMariaDb ? "MariaDB" : "MySQL");
            Directory.Move(making, Data);
        }
        else if (File.Exists(Path.Combine(Root, "made-by"))
            && File.ReadAllText(Path.Combine(Root, "made-by")).Trim() is var maker && maker != (binary.IsMariaDb ? "MariaDB" : "MySQL"))
        {
            throw new PrivateServerException(
                $"The data in {Root} was made by {maker}, and {binary.Path} is {binary.Version}: the two do not read each other's files. Name a {maker} server in Database__Binary."
            );
        }
    }

    public void WriteSecret(string name, string text)
    {
        if (OperatingSystem.IsWindows())
        {
            throw NotOnWindows();
        }
        var file = Path.Combine(Root, name);
        var temporary = file + ".new";
        using (
            var stream = new FileStream(
                temporary,
                new FileStreamOptions
                {
                    Mode = FileMode.Create,
                    Access = FileAccess.Write,
                    UnixCreateMode = OwnerOnly,
                }
            )
        )
        {
            stream.Write(Encoding.UTF8.GetBytes(text + "\n"));
            stream.Flush(flushToDisk: true);
        }
        File.Move(temporary, file, overwrite: true);
    }

    public string LogTail()
    {
        if (!File.Exists(Log))
        {
            return "(no log)";
        }
        return string.Join('\n', File.ReadLines(Log).TakeLast(12));
    }

    public void Dispose() => _lock.Dispose();

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static string Private(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            throw NotOnWindows();
        }
        Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
        return folder;
    }

    private static PrivateServerException NotOnWindows() =>
        new("The portal's own database server runs on Linux and macOS. Name a server in ConnectionStrings__Portal.");
}
