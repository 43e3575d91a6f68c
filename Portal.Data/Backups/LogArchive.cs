using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using Microsoft.Extensions.Logging;
using MySqlConnector;
using Portal.Data.Schema;

namespace Portal.Data.Backups;

/// <summary>How the stream of binary logs stands.</summary>
/// <param name="Off">The server keeps no binary log: there is nothing to save between two sets.</param>
/// <param name="File">The log that is being written.</param>
/// <param name="ReachedAt">What was committed by then (UTC, the portal's clock) lies in the archive; null where nothing does.</param>
/// <param name="Since">The moment (UTC) of the oldest set from which every later one can be restored.</param>
/// <param name="Missing">The first log after the newest set that is not there.</param>
/// <param name="Away">Why closed logs are not elsewhere; null where they are, or need not be.</param>
/// <param name="Problem">Why nothing is saved, or not elsewhere: one sentence for who runs the machine.</param>
/// <param name="AwayTried">Whether a copy elsewhere was tried since it began; until then what was noted of it before holds.</param>
public sealed record LogState(
    bool Off, string? File, long Position, DateTime? ReachedAt, DateTime? Since, string? Missing, string? Problem,
    AwayFault? Away = null, bool AwayTried = true);

/// <summary>
/// Saves the server's binary log beside the sets while it is written: a program of the server's streams it, this looks every few seconds
/// how far it came, and packs and encrypts each log that is closed. One portal does it, which holds a lock of the server's for as long.
/// </summary>
public sealed class LogArchive(BackupOptions options, BackupLogin login, TimeProvider time, ILogger<LogArchive> logger)
{
    private const int Smallest = 1024;

    /// <summary>How often it is looked at.</summary>
    internal TimeSpan Tick { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A stream that is behind and does not move for as long is begun anew.</summary>
    internal TimeSpan Stall { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How often it is noted how it stands.</summary>
    internal TimeSpan Noting { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>After so long a copy elsewhere that failed is tried again, also where no other log was closed.</summary>
    internal TimeSpan AwayAgain { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The log is closed so often, for only then it is encrypted and copied elsewhere.</summary>
    private TimeSpan Closing => options.OffSiteOn ? TimeSpan.FromMinutes(5) : TimeSpan.FromHours(1);

    /// <summary>Streams until it is told to stop, or cannot go on.</summary>
    /// <param name="note">Keeps how it stands.</param>
    /// <returns>False where another portal does it, or there is nothing to stream.</returns>
    /// <exception cref="BackupException">Why it cannot go on.</exception>
    public async Task<bool> RunAsync(Func<LogState, CancellationToken, Task> note, CancellationToken ct)
    {
        if (!options.On) return false;
        if (options.Problem() is { } problem) throw new BackupException(problem);
        await using var session = await BackupSession.OpenAsync(login(), ct);
        if (!await session.TryLockAsync("logs", ct)) return false;
        if (!await session.HasBinaryLogAsync(ct))
        {
            await note(new LogState(true, null, 0, null, null, null, null), ct);
            return false;
        }

        var format = (await session.QueryAsync("SHOW VARIABLES LIKE 'binlog_format'", r => r.GetString(1), ct)).FirstOrDefault();
        if (format is not (null or "ROW"))
        {
            throw new BackupException(
                $"The server writes its binary log as {format}: a restore would run the statements again instead of "
                    + "writing the same rows. Set binlog_format=ROW.");
        }

        var server = ServerIdentity.Of(session.ServerVersion);
        var programs = await DumpPrograms.FindAsync(server, options.Programs, ct);
        if (options.Encrypts) BackupMaker.AgeProgram();
        var run = new Run(this, session, server, note);
        try
        {
            await run.StreamAsync(programs, ct);
        }
        catch (IOException full)
        {
            throw new BackupException($"The binary log could not be saved in {options.Folder}: {full.Message}", full);
        }
        catch (UnauthorizedAccessException denied)
        {
            throw new BackupException($"The binary log could not be saved in {options.Folder}: {denied.Message}", denied);
        }

        return true;
    }

    /// <summary>One time that this portal streams.</summary>
    private sealed class Run(
        LogArchive archive, MySqlConnection session, ServerIdentity server, Func<LogState, CancellationToken, Task> note)
    {
        private readonly BackupOptions _options = archive.Options;
        private LogStream _stream = null!;
        private string _open = "";
        private List<string> _before = [];
        private DateTime? _reached;
        private readonly IReadOnlyList<ISecondPlace> _places = SecondPlaces.Of(archive.Options);
        private readonly string _database = session.Database;
        private CancellationToken _copies;
        private Task _copying = Task.CompletedTask;
        // What a forerunner closed and could not copy goes first.
        private bool _toCopy = true;
        private Stopwatch? _copied, _clearedAway;
        private string? _installation;
        private BackupException? _awayProblem;
        private bool _awayTried;

        public async Task StreamAsync(DumpPrograms programs, CancellationToken ct)
        {
            using var copies = new CancellationTokenSource();
            _copies = copies.Token;
            _installation = await session.InstallationAsync(ct);
            var first = await ChooseAsync(ct);
            _before = [.. _stream.OpenFolders()];
            _open = _stream.NewOpenFolder();
            var work = WorkFolder.Make("logs");
            Process? program = null;
            try
            {
                var file = DumpPrograms.WriteLogin(work, new MySqlConnectionStringBuilder(archive.Login()), server);
                program = DumpPrograms.Start(
                    programs.Log, programs.StreamOptions(file, _open, first, Random.Shared.Next(1_000_000_000, 2_000_000_000)));
                var errors = program.StandardError.ReadToEndAsync(CancellationToken.None);
                await WatchAsync(program, errors, ct);
            }
            finally
            {
                if (program is not null)
                {
                    BackupMaker.Kill(program);
                    program.Dispose();
                }

                await copies.CancelAsync();

                // A mount that hangs hears of no cancellation: it must not keep the log from being saved.
                await Task.WhenAny(_copying, Task.Delay(TimeSpan.FromSeconds(30), CancellationToken.None));
                Directory.Delete(work, recursive: true);

                // It never caught up, so the server still has all of it: one left for each try would fill the disk.
                if (_reached is null && Directory.Exists(_open)) Directory.Delete(_open, recursive: true);
            }
        }

        /// <summary>The log to begin with: the one after those that are closed, in the history that the server has.</summary>
        private async Task<string> ChooseAsync(CancellationToken ct)
        {
            var logs = await LogsAsync(ct);
            var (sets, database) = (_options.Folder!, session.Database);
            if (LogStream.AllOf(sets, database) is [.., var latest])
            {
                var closed = await latest.ClosedAsync(ct);
                var next = closed.Count > 0 ? LogFile.Name(closed[^1].Name, closed[^1].Number + 1) : await latest.FirstAsync(ct);
                var there = closed.Join(logs, c => c.Name, l => l.Name, (c, l) => l.Encrypted || c.Bytes == l.Bytes).ToList();
                var same = there.TrueForAll(fits => fits) && LogFile.Name(logs[0].Name, 1) == LogFile.Name(next, 1)
                    && LogFile.Number(logs[^1].Name) >= LogFile.Number(next);
                if (same)
                {
                    _stream = latest;
                    // What the server has purged before it was saved is a gap, which is told.
                    return logs.Find(l => l.Name == next).Name ?? logs[0].Name;
                }

                archive.Logger.LogWarning(
                    "The server's binary log is not the one that {Stream} holds: another stream begins. Until the next backup there is "
                        + "no restoring to a moment", latest.Name);
            }

            // From the newest set on, so that it serves at once.
            var newest = await NewestAsync(ct);
            var first = logs.Find(l => l.Name == newest?.Manifest.BinaryLog?.File).Name ?? logs[^1].Name;
            _stream = await LogStream.BeginAsync(sets, database, first, archive.Time.GetUtcNow().UtcDateTime, ct);
            return first;
        }

        private async Task WatchAsync(Process program, Task<string> errors, CancellationToken ct)
        {
            var moving = Stopwatch.StartNew();
            var closing = Stopwatch.StartNew();
            Stopwatch? noted = null, cleared = null;
            (string?, long) last = default;
            while (true)
            {
                // The clock first: what was committed by then is before the place that is asked for after it.
                var (now, here) = (await NowAsync(ct), archive.Time.GetUtcNow().UtcDateTime);
                var place = await BackupMaker.PositionAsync(session, server, ct);
                var names = Directory.EnumerateFiles(_open).Select(f => Path.GetFileName(f)!).OrderBy(LogFile.Number).ToList();
                foreach (var name in names.SkipLast(1)) await CloseAsync(name, ct);
                var writing = names.LastOrDefault();
                var length = writing is null ? 0 : new FileInfo(Path.Combine(_open, writing)).Length;
                var behind = writing is null || LogFile.Number(writing) < LogFile.Number(place.File)
                    || (writing == place.File && length < place.Position);
                if (!behind)
                {
                    _reached = here;
                    await _stream.NoteAsync(new LogMark(writing!, length, now), ct);
                    // What this portal's forerunner had begun to write is here now.
                    foreach (var left in _before) Directory.Delete(left, recursive: true);
                    _before = [];
                }

                if (program.HasExited)
                {
                    throw new BackupException(
                        $"The program that streams the binary log ended with code {program.ExitCode}: {SetFolder.FirstLine(await errors)}");
                }

                if (!behind || (writing, length) != last) moving.Restart();
                last = (writing, length);
                if (moving.Elapsed > archive.Stall)
                    throw new BackupException("The stream of the binary log stands still; it is begun anew.");
                if (closing.Elapsed > archive.Closing && length > Smallest)
                {
                    await session.ExecuteAsync("FLUSH BINARY LOGS", ct);
                    closing.Restart();
                }

                Away();
                if (cleared is null || cleared.Elapsed > TimeSpan.FromHours(1))
                {
                    await ClearAsync(ct);
                    cleared = Stopwatch.StartNew();
                }

                if (_reached is not null && (noted is null || noted.Elapsed > archive.Noting))
                {
                    var (since, missing) = await ChainsAsync(ct);
                    await note(
                        new LogState(
                            false, writing, length, _reached, since, missing, _awayProblem?.Message, AwayFaultNow,
                            _awayTried || _places.Count == 0), ct);
                    noted = Stopwatch.StartNew();
                }

                await Task.Delay(archive.Tick, ct);
            }
        }

        /// <summary>Packs a log that the server has closed, encrypts it where backups are; only then the plain one goes.</summary>
        private async Task CloseAsync(string name, CancellationToken ct)
        {
            var raw = Path.Combine(_open, name);
            var scan = await LogFile.ScanAsync(raw, 0, null, ct);
            var plain = await FileState.OfAsync(raw, ct);
            var packing = Path.Combine(_stream.Path, $".{name}.packing");
            var sealing = packing + ".age";
            File.Delete(packing);
            File.Delete(sealing);
            await using (var from = File.OpenRead(raw))
            await using (var to = new FileStream(packing, DumpPrograms.Private(FileMode.CreateNew)))
            {
                await using (var packed = new GZipStream(to, CompressionLevel.Fastest, leaveOpen: true)) await from.CopyToAsync(packed, ct);
                to.Flush(flushToDisk: true);
            }

            var stored = $"{name}.gz";
            if (_options.Encrypts)
            {
                using var age = DumpPrograms.Start(
                    BackupMaker.AgeProgram(), ["--recipient", _options.Recipient!, "--output", sealing, packing]);
                var errors = await age.StandardError.ReadToEndAsync(ct);
                await age.WaitForExitAsync(ct);
                if (age.ExitCode != 0) throw new BackupException($"The log {name} could not be encrypted: {SetFolder.FirstLine(errors)}");
                File.Delete(packing);
                (packing, stored) = (sealing, $"{name}.gz.age");
            }

            var path = Path.Combine(_stream.Path, stored);
            File.Move(packing, path, overwrite: true);
            var log = new ArchivedLog(name, plain.Bytes, plain.Sha256, scan.Begun, scan.Last, await FileState.OfAsync(path, ct));
            await _stream.NoteAsync(log, ct);
            File.Delete(raw);
            _toCopy = true;
        }

        /// <summary>
        /// Begins what is to be done elsewhere, unless that is under way. A bucket may take minutes, and a disk that is gone hold who looks
        /// at it: the stream waits for neither.
        /// </summary>
        private void Away()
        {
            if (_places.Count == 0 || !_copying.IsCompleted) return;
            var again = _awayProblem is not null && _copied?.Elapsed > archive.AwayAgain;
            var clear = _clearedAway is null || _clearedAway.Elapsed > TimeSpan.FromHours(1);
            if (!_toCopy && !again && !clear) return;
            _toCopy = false;
            _copied = Stopwatch.StartNew();
            if (clear) _clearedAway = Stopwatch.StartNew();
            var now = archive.Time.GetUtcNow().UtcDateTime;
            _copying = Task.Run(async () =>
            {
                await CopyAwayAsync(_copies);
                if (clear) await ClearAwayAsync(now, _copies);
            }, CancellationToken.None);
        }

        /// <summary>Every closed log that is not in the second place yet. Whatever fails there, the stream goes on.</summary>
        private async Task CopyAwayAsync(CancellationToken ct)
        {
            try
            {
                await SecondPlaces.EachAsync(_places, place => place.CopyLogsAsync(_stream, ct));
                _awayProblem = null;
            }
            catch (Exception failed) when (!ct.IsCancellationRequested)
            {
                if (_awayProblem?.Message != failed.Message)
                    archive.Logger.LogError(failed, "The binary log was saved, and its copy in the second place failed; it is tried again");
                _awayProblem = failed as BackupException ?? new AwayException(AwayFault.Other, $"{failed.GetType().Name}.", failed);
            }

            _awayTried = true;
        }

        private async Task ClearAwayAsync(DateTime now, CancellationToken ct)
        {
            try
            {
                await SecondPlaces.EachAsync(_places, place => place.ClearLogsAsync(_database, _installation, now, ct));
            }
            catch (Exception failed) when (!ct.IsCancellationRequested)
            {
                // What lies there longer than it should is no reason to save nothing.
                archive.Logger.LogWarning(failed, "Old logs could not be removed from the second place");
            }
        }

        /// <summary>Logs are kept as long as the sets of each night; those of a month's first set, kept for a year, need none.</summary>
        private async Task ClearAsync(CancellationToken ct)
        {
            var oldest = archive.Time.GetUtcNow().UtcDateTime.AddDays(-BackupKeeping.Days);
            var sets = (await OwnAsync(ct)).Where(s => s.Manifest.StartedAt > oldest).ToList();
            if (sets.Count == 0) return;
            var needed = sets.Min(s => s.Manifest.BinaryLog?.At ?? s.Manifest.StartedAt).AddHours(-1);
            foreach (var stream in LogStream.AllOf(_options.Folder!, session.Database))
            {
                foreach (var log in await stream.ClosedAsync(ct))
                {
                    if (log.Last < needed) stream.Remove(log);
                }

                if (stream.Path != _stream.Path && (await stream.ClosedAsync(ct)).Count == 0
                    && Directory.GetLastWriteTimeUtc(stream.Path) < oldest)
                    Directory.Delete(stream.Path, recursive: true);
            }
        }

        private AwayFault? AwayFaultNow =>
            _awayProblem is null ? null : (_awayProblem as AwayException)?.Fault ?? AwayFault.Other;

        private async Task<(DateTime? Since, string? Missing)> ChainsAsync(CancellationToken ct)
        {
            DateTime? since = null;
            string? missing = null;
            var newest = true;
            var streams = LogStream.Still(_options.Folder!, session.Database);
            foreach (var set in Enumerable.Reverse(await OwnAsync(ct)))
            {
                if (set.Manifest.BinaryLog is null) break;
                var chain = await LogStream.ChainAsync(_options.Folder!, set.Manifest, ct, streams);
                if (newest) missing = chain.Missing;
                if (chain.Missing is not null || chain.Stream is null) break;
                (since, newest) = (set.Manifest.StartedAt, false);
            }

            return (since, missing);
        }

        private async Task<List<SetFolder>> OwnAsync(CancellationToken ct) =>
        [
            .. (await SetFolder.AllAsync(_options.Folder!, ct))
                .Where(s => (s.Manifest.Database, s.Manifest.ServerKind) == (session.Database, server.Kind)),
        ];

        private async Task<SetFolder?> NewestAsync(CancellationToken ct) => (await OwnAsync(ct)).LastOrDefault();

        private async Task<List<(string Name, long Bytes, bool Encrypted)>> LogsAsync(CancellationToken ct)
        {
            try
            {
                return await session.QueryAsync(
                    "SHOW BINARY LOGS",
                    r => (r.GetString(0), Convert.ToInt64(r.GetValue(1), CultureInfo.InvariantCulture),
                        r.FieldCount > 2 && r.GetString(2) == "Yes"), ct);
            }
            catch (MySqlException denied) when (denied.Number == 1227)
            {
                throw new BackupException(
                    "The account may not read the binary log: grant it REPLICATION CLIENT and REPLICATION SLAVE on *.*.", denied);
            }
        }

        private async Task<DateTime> NowAsync(CancellationToken ct) => DateTime.SpecifyKind(
            Convert.ToDateTime(await session.ScalarAsync("SELECT UTC_TIMESTAMP(6)", ct), CultureInfo.InvariantCulture), DateTimeKind.Utc);
    }

    private BackupOptions Options => options;

    private BackupLogin Login => login;

    private TimeProvider Time => time;

    private ILogger Logger => logger;
}
