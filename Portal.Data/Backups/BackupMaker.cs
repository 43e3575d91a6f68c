using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using MySqlConnector;
using Portal.Data.Schema;

namespace Portal.Data.Backups;

/// <summary>
/// Makes a set while people work. Under a global read lock, which lasts as long as the dumping program takes to begin, two see the same
/// moment: the program, and a session that reckons the hash of every table. What was dumped can so be compared with what there was.
/// </summary>
internal sealed partial class BackupMaker(BackupOptions options, TimeProvider time)
{
    private const int LockWait = 1205, AccessDenied = 1227;
    private const int Tries = 8;

    /// <summary>As long writers wait for a dumping program that does not begin.</summary>
    private static readonly TimeSpan LongestHold = TimeSpan.FromSeconds(15);

    /// <summary>
    /// As long nothing may come of the dump, or be taken by the disk: one that stands still is no backup, and keeps the next away.
    /// </summary>
    private static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(10);

    /// <param name="connectionString">The database that is saved, with an account that may read and lock everything.</param>
    /// <param name="folder">Where the set's folder is made.</param>
    /// <exception cref="BackupException">No set was made, and nothing is left of it.</exception>
    public async Task<SetFolder> MakeAsync(string connectionString, string folder, CancellationToken ct)
    {
        if (options.Problem() is { } problem) throw new BackupException(problem);
        var started = Now();
        await using var locking = await BackupSession.OpenAsync(connectionString, ct);
        await using var reading = await BackupSession.OpenAsync(connectionString, ct);
        if (!await locking.TryLockAsync("backup", ct))
            throw new BackupException($"A backup of {locking.Database} is being made already.");
        var server = ServerIdentity.Of(locking.ServerVersion);
        var programs = await DumpPrograms.FindAsync(server, options.Programs, ct);
        if (options.Encrypts) AgeProgram();
        var making = Prepare(folder);
        try
        {
            var work = SetFolder.MakePrivate(Path.Combine(making, ".work"));
            var login = DumpPrograms.WriteLogin(work, new MySqlConnectionStringBuilder(connectionString), server);
            var log = await locking.HasBinaryLogAsync(ct);
            await FreezeAsync(locking, ct);
            using var dump = DumpPrograms.Start(programs.Dump, programs.DumpOptions(login, locking.Database, log), output: true);
            using var killing = ct.Register(() => Kill(dump));
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
            Task reckoning = Task.CompletedTask;
            try
            {
                // What the server says of its place in the log is true while nobody writes.
                var position = log ? await PositionAsync(locking, server, ct) : null;
                await reading.ExecuteAsync("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ", ct);
                await reading.ExecuteAsync("START TRANSACTION WITH CONSISTENT SNAPSHOT", ct);
                var writing = WriteAsync(dump, Path.Combine(making, options.Encrypts ? SetFolder.EncryptedDump : SetFolder.Dump),
                    () => LetGoAsync(locking, ct), ct);
                var counting = ReckonAsync(reading, stop.Token);
                reckoning = counting;
                var file = await BothAsync(writing, counting, dump, ct);
                var (tables, objects, named, audit, erased) = await counting;
                Directory.Delete(work, recursive: true);
                var manifest = new BackupManifest(
                    BackupManifest.ThisFormat, locking.Database, server.Kind, server.Version, await locking.SchemaNumberAsync(ct),
                    file.Position is { } at ? at with { Gtid = position?.Gtid, At = position?.At } : position,
                    tables, objects, named, [file.File],
                    options.Encrypts, started, Now(), $"Portal {Version}, {programs.Version}")
                {
                    Audit = audit, Erased = erased, Installation = await locking.InstallationAsync(ct),
                };
                return await FinishAsync(making, folder, manifest, ct);
            }
            finally
            {
                // Whatever went wrong: nobody waits for it any longer, and nobody else uses these connections.
                Kill(dump);
                await UnlockAsync(locking);
                await stop.CancelAsync();
                await Task.WhenAny(reckoning, Task.Delay(TimeSpan.FromSeconds(10), CancellationToken.None));
            }
        }
        catch (MySqlException lost) when (!ct.IsCancellationRequested)
        {
            throw new BackupException($"The database server broke the backup off: {lost.Message}", lost);
        }
        catch (IOException full)
        {
            throw new BackupException($"The set could not be written to {folder}: {full.Message}", full);
        }
        finally
        {
            Remove(making);
        }
    }

    /// <summary>What cannot be removed now is after a day; why no set was made must not be lost for it.</summary>
    private static void Remove(string making)
    {
        try
        {
            if (Directory.Exists(making)) Directory.Delete(making, recursive: true);
        }
        catch (Exception held) when (held is IOException or UnauthorizedAccessException)
        {
            // See Prepare.
        }
    }

    /// <summary>Lets everybody write again, and waits for the end of the dump without being taken for dead.</summary>
    private static async Task LetGoAsync(MySqlConnection locking, CancellationToken ct)
    {
        await locking.ExecuteAsync("UNLOCK TABLES", ct);
        await locking.ExecuteAsync("SET SESSION wait_timeout = 86400", ct);
    }

    internal static async Task UnlockAsync(MySqlConnection locking)
    {
        try
        {
            await locking.ExecuteAsync("UNLOCK TABLES", CancellationToken.None);
        }
        catch (Exception gone) when (gone is MySqlException or InvalidOperationException)
        {
            // With its connection goes its lock.
        }
    }

    internal static string Version => typeof(BackupMaker).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?
        .InformationalVersion.Split('+')[0] ?? "0";

    /// <summary>A folder beside the sets; what a killed portal left behind a day ago is cleared away.</summary>
    private string Prepare(string folder)
    {
        try
        {
            if (!Directory.Exists(folder)) SetFolder.MakePrivate(folder);
            foreach (var left in Directory.EnumerateDirectories(folder, SetFolder.Making + "*"))
            {
                if (Directory.GetLastWriteTimeUtc(left) < DateTime.UtcNow.AddDays(-1)) Directory.Delete(left, recursive: true);
            }

            return SetFolder.MakePrivate(Path.Combine(folder, $"{SetFolder.Making}{Guid.NewGuid():N}"));
        }
        catch (Exception denied) when (denied is IOException or UnauthorizedAccessException)
        {
            throw new BackupException($"The folder {folder} cannot be written by {Environment.UserName}: {denied.Message}", denied);
        }
    }

    /// <summary>
    /// Holds up all writers until UNLOCK TABLES. A statement that runs for long is not waited for behind: everybody else would wait too.
    /// </summary>
    internal static async Task FreezeAsync(MySqlConnection connection, CancellationToken ct)
    {
        // Everybody who writes waits behind one who waits for this lock. A portal whose machine is gone must not hold it for hours.
        await connection.ExecuteAsync("SET SESSION lock_wait_timeout = 1", ct);
        await connection.ExecuteAsync("SET SESSION wait_timeout = 30", ct);
        for (var tried = 1; ; tried++)
        {
            try
            {
                await connection.ExecuteAsync("FLUSH TABLES WITH READ LOCK", ct);
                return;
            }
            catch (MySqlException busy) when (busy.Number == LockWait)
            {
                if (tried == Tries)
                {
                    throw new BackupException(
                        "A statement that has run for long keeps the backup from beginning: SHOW PROCESSLIST names it.", busy);
                }

                await Task.Delay(TimeSpan.FromSeconds(3), ct);
            }
            catch (MySqlException denied) when (denied.Number == AccessDenied)
            {
                throw new BackupException(
                    "The account may not make backups: grant it SELECT, SHOW VIEW, TRIGGER, EVENT, LOCK TABLES, RELOAD, PROCESS, "
                        + "REPLICATION CLIENT and REPLICATION SLAVE on *.*, or name one that has them in Backup__ConnectionString.",
                    denied);
            }
        }
    }

    internal static async Task<BinaryLogPosition> PositionAsync(MySqlConnection connection, ServerIdentity server, CancellationToken ct)
    {
        var statement = server.MariaDb || server.Number < new Version(8, 2) ? "SHOW MASTER STATUS" : "SHOW BINARY LOG STATUS";
        var (file, at) = (await connection.QueryAsync(
            statement, r => (r.GetString(0), Convert.ToInt64(r.GetValue(1), CultureInfo.InvariantCulture)), ct)).FirstOrDefault();
        var gtid = (string?)await connection.ScalarAsync(
            server.MariaDb ? "SELECT @@GLOBAL.gtid_binlog_pos" : "SELECT @@GLOBAL.gtid_executed", ct);
        var now = DateTime.SpecifyKind(Convert.ToDateTime(
            await connection.ScalarAsync("SELECT UTC_TIMESTAMP(6)", ct), CultureInfo.InvariantCulture), DateTimeKind.Utc);
        return new BinaryLogPosition(file, at, string.IsNullOrEmpty(gtid) ? null : gtid.Replace("\n", "", StringComparison.Ordinal), now);
    }

    internal static async Task<Reckoned> ReckonAsync(MySqlConnection reading, CancellationToken ct)
    {
        // The threads of this process are the people's: the server does the work, this only waits.
        await Task.Yield();
        var tables = await TableHashes.OfAsync(reading, ct);
        var (objects, named) = await TableHashes.ObjectsAsync(reading, ct);
        // A backup is also made before the migration that brings the seals.
        var seals = tables.Any(t => t.Name == "audit_seals")
            ? await reading.QueryAsync(
                "SELECT day, head FROM audit_seals ORDER BY day DESC LIMIT 1", r => new AuditHead(DateOnly.FromDateTime(r.GetDateTime(0)), r.GetString(1)), ct)
            : [];
        var erased = tables.Any(t => t.Name == "erasures")
            ? await reading.QueryAsync(
                "SELECT reference, user_id, fingerprint, done_at FROM erasures WHERE state = 'done' ORDER BY id",
                r => new Privacy.ErasedAccount(
                    r.GetString(0), r.GetInt64(1), r.GetString(2), DateTime.SpecifyKind(r.GetDateTime(3), DateTimeKind.Utc)),
                ct)
            : [];
        return new Reckoned(tables, objects, named, seals.Count > 0 ? seals[0] : null, erased);
    }

    /// <summary>Waits for both; where one fails, the other is not waited for.</summary>
    private static async Task<T> BothAsync<T>(Task<T> writing, Task counting, Process dump, CancellationToken ct)
    {
        if (await Task.WhenAny(writing, counting) == counting && !counting.IsCompletedSuccessfully)
        {
            Kill(dump);
            await Task.WhenAny(writing, Task.Delay(TimeSpan.FromSeconds(10), ct));
            await counting;
        }

        var written = await writing;
        await counting;
        return written;
    }

    /// <summary>
    /// The dump, compressed and where it is wanted encrypted, into a file, with its end looked at and the SHA-256 of what lies on the disk.
    /// </summary>
    /// <param name="begun">Called once the program sees its moment.</param>
    private async Task<(FileState File, BinaryLogPosition? Position)> WriteAsync(
        Process dump, string path, Func<Task> begun, CancellationToken ct)
    {
        var errors = dump.StandardError.ReadToEndAsync(ct);
        using var age = options.Encrypts ? StartAge(path) : null;
        using var killing = ct.Register(() => { if (age is not null) Kill(age); });
        var ageErrors = age?.StandardError.ReadToEndAsync(ct);
        var watch = new DumpWatch();
        // Writers wait until the program sees its moment: one that hangs is ended.
        using var hanging = new Timer(_ => { if (!watch.Begun) Kill(dump); }, null, LongestHold, Timeout.InfiniteTimeSpan);
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var broken = false;
        try
        {
            await using (var file = age?.StandardInput.BaseStream ?? new FileStream(path, DumpPrograms.Private(FileMode.CreateNew)))
            {
                await using (var packed = new GZipStream(file, CompressionLevel.Fastest, leaveOpen: true))
                {
                    var buffer = new byte[128 * 1024];
                    var free = false;
                    silence.CancelAfter(LongestSilence);
                    for (int read; (read = await dump.StandardOutput.BaseStream.ReadAsync(buffer, silence.Token)) > 0;)
                    {
                        silence.CancelAfter(LongestSilence);
                        watch.See(buffer.AsSpan(0, read));
                        if (!free && (free = watch.Begun)) await begun();
                        await packed.WriteAsync(buffer.AsMemory(0, read), silence.Token);
                    }

                    if (!free) await begun();
                }

                if (file is FileStream disk) disk.Flush(flushToDisk: true);
            }
        }
        catch (IOException) when (age is not null)
        {
            // It says itself why, below. The dump would wait for ever for somebody to read on.
            broken = true;
            Kill(dump);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new BackupException($"The dump stood still for {LongestSilence.TotalMinutes:0} minutes, and was given up.");
        }
        finally
        {
            if (age is not null && (broken || silence.IsCancellationRequested)) Kill(age);
        }

        if (broken) throw new BackupException($"The set could not be encrypted: {SetFolder.FirstLine(await ageErrors!)}");
        await dump.WaitForExitAsync(ct);
        if (dump.ExitCode != 0)
            throw new BackupException($"The dump ended with code {dump.ExitCode}: {SetFolder.FirstLine(await errors)}");
        if (!watch.Ended) throw new BackupException("The dump ended before its end, though its program reports success.");
        if (age is not null)
        {
            await age.WaitForExitAsync(ct);
            if (age.ExitCode != 0) throw new BackupException($"The set could not be encrypted: {SetFolder.FirstLine(await ageErrors!)}");
            await using var disk = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
            disk.Flush(flushToDisk: true);
        }

        return (await FileState.OfAsync(path, ct), watch.Position);
    }

    internal static string AgeProgram() => DumpPrograms.Locate("age")
        ?? throw new BackupException("Backup:Recipient is set, and age is not on this machine: apt-get install age.");

    private Process StartAge(string path) =>
        DumpPrograms.Start(AgeProgram(), ["--recipient", options.Recipient!, "--output", path], input: true);

    private static async Task<SetFolder> FinishAsync(string making, string folder, BackupManifest manifest, CancellationToken ct)
    {
        await WriteTextAsync(Path.Combine(making, BackupManifest.FileName), manifest.Write(), ct);
        var own = await FileState.OfAsync(Path.Combine(making, BackupManifest.FileName), ct);
        await WriteTextAsync(
            Path.Combine(making, SetFolder.Sums), string.Join("", manifest.Files.Append(own).Select(f => SetFolder.Line(f) + "\n")), ct);
        var name = $"{SetFolder.Prefix}{manifest.StartedAt:yyyyMMdd-HHmmss}";
        var target = Path.Combine(folder, name);
        for (var more = 2; Directory.Exists(target); more++) target = Path.Combine(folder, $"{name}-{more}");
        Directory.Move(making, target);
        return await SetFolder.OpenAsync(target, ct);
    }

    internal static async Task WriteTextAsync(string path, string text, CancellationToken ct)
    {
        await using var file = new FileStream(path, DumpPrograms.Private(FileMode.CreateNew));
        await file.WriteAsync(Encoding.UTF8.GetBytes(text), ct);
        file.Flush(flushToDisk: true);
    }

    internal static void Kill(Process process)
    {
        try
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended meanwhile.
        }
    }

    private DateTime Now() => time.GetUtcNow().UtcDateTime is var now ? now.AddTicks(-(now.Ticks % TimeSpan.TicksPerSecond)) : default;

    /// <summary>What goes by of a dump: its first lines, with the place in the log, and its last.</summary>
    private sealed partial class DumpWatch
    {
        private const int Head = 64 * 1024, Tail = 512;

        private readonly StringBuilder _head = new();
        private string _tail = "";

        /// <summary>A table has come: the program's transaction began before.</summary>
        public bool Begun { get; private set; }

        public bool Ended => _tail.TrimEnd().Split('\n')[^1].StartsWith(DumpLines.End, StringComparison.Ordinal);

        public BinaryLogPosition? Position { get; private set; }

        public void See(ReadOnlySpan<byte> piece)
        {
            if (!Begun)
            {
                _head.Append(Encoding.Latin1.GetString(piece[..Math.Min(piece.Length, Head)]));
                var head = _head.ToString();
                Begun = head.Contains("-- Table structure for table", StringComparison.Ordinal) || head.Length > Head;
                if (Begun && Place().Match(head) is { Success: true } found)
                {
                    Position = new BinaryLogPosition(
                        found.Groups[1].Value, long.Parse(found.Groups[2].Value, CultureInfo.InvariantCulture), null);
                }
            }

            _tail += Encoding.Latin1.GetString(piece[Math.Max(0, piece.Length - Tail)..]);
            if (_tail.Length > Tail) _tail = _tail[^Tail..];
        }

        [GeneratedRegex(@"(?:MASTER|SOURCE)_LOG_FILE='([^']+)', (?:MASTER|SOURCE)_LOG_POS=(\d+)")]
        private static partial Regex Place();
    }
}

/// <summary>What a set says of the moment it shows.</summary>
internal sealed record Reckoned(
    IReadOnlyList<TableState> Tables, string Objects, IReadOnlyList<string> Named, AuditHead? Audit,
    IReadOnlyList<Privacy.ErasedAccount> Erased);
