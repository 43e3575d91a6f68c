using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Portal.Data.Backups;

/// <summary>A binary log that the server has closed, as it lies in the archive. Moments are UTC, by the server's clock.</summary>
/// <param name="Name">As the server calls it: <c>portal.000012</c>.</param>
/// <param name="Bytes">Of the log itself.</param>
/// <param name="Sha256">Of the log itself.</param>
/// <param name="Stored">The file: compressed, and encrypted where backups are.</param>
internal sealed record ArchivedLog(string Name, long Bytes, string Sha256, DateTime Begun, DateTime Last, FileState Stored)
{
    public long Number => LogFile.Number(Name);

    public bool Encrypted => Stored.Name.EndsWith(".age", StringComparison.Ordinal);
}

/// <summary>How far the stream had come when this was written.</summary>
/// <param name="ReachedAt">What was committed by then lies in the archive; UTC, by the server's clock.</param>
internal sealed record LogMark(string File, long Position, DateTime ReachedAt);

/// <summary>
/// The binary logs of one history of one server, beside the sets: each that is closed with what is known of it, and in a folder of its own
/// the one that is being written. Another server, or one that began to count anew, gets another stream.
/// </summary>
internal sealed partial class LogStream
{
    public const string Folder = "logs";

    internal const string Beginning = "first.json";

    private const string Open = ".open-", Mark = "reached.json";

    /// <summary>Descriptions that were read: a log that is closed does not change, and a month has thousands.</summary>
    private static readonly ConcurrentDictionary<string, (DateTime Written, ArchivedLog Log)> Known = new(StringComparer.Ordinal);

    private List<ArchivedLog>? _closed;
    private bool _still;

    private LogStream(string path) => Path = path;

    public string Path { get; }

    public string Name => System.IO.Path.GetFileName(Path);

    /// <summary>All streams of a database in a folder of sets, the oldest first.</summary>
    public static IReadOnlyList<LogStream> AllOf(string sets, string database)
    {
        var folder = System.IO.Path.Combine(sets, Folder);
        return !Directory.Exists(folder)
            ? []
            : [.. Directory.EnumerateDirectories(folder)
                .Where(p => IsName(System.IO.Path.GetFileName(p), database) && File.Exists(System.IO.Path.Combine(p, Beginning)))
                .Order(StringComparer.Ordinal).Select(p => new LogStream(p))];
    }

    /// <summary>Whether a stream of that name is of that database, and not of another whose name begins as its does.</summary>
    internal static bool IsName(string name, string database) =>
        name.StartsWith($"{database}.", StringComparison.Ordinal) && Begun().IsMatch(name.AsSpan(database.Length + 1));

    [GeneratedRegex(@"^[0-9]{8}-[0-9]{6}-[0-9]{3}\z")]
    private static partial Regex Begun();

    /// <summary>As <see cref="AllOf"/>, as they are at the first look: for who asks for many sets at once.</summary>
    public static IReadOnlyList<LogStream> Still(string sets, string database)
    {
        var all = AllOf(sets, database);
        foreach (var stream in all) stream._still = true;
        return all;
    }

    /// <param name="first">The log it begins with.</param>
    public static async Task<LogStream> BeginAsync(string sets, string database, string first, DateTime utcNow, CancellationToken ct)
    {
        var folder = SetFolder.MakePrivate(System.IO.Path.Combine(sets, Folder));
        var path = System.IO.Path.Combine(folder, $"{database}.{utcNow:yyyyMMdd-HHmmss-fff}");
        var stream = new LogStream(SetFolder.MakePrivate(path));
        try
        {
            await stream.WriteAsync(Beginning, first, ct);
        }
        catch
        {
            Directory.Delete(path, recursive: true);
            throw;
        }

        return stream;
    }

    /// <summary>The same stream in another place, with nothing in it yet.</summary>
    public async Task<LogStream> BeginCopyAsync(string sets, CancellationToken ct)
    {
        var folder = SetFolder.MakePrivate(System.IO.Path.Combine(sets, Folder));
        var copy = new LogStream(SetFolder.MakePrivate(System.IO.Path.Combine(folder, Name)));
        await copy.WriteAsync(Beginning, await FirstAsync(ct), ct);
        return copy;
    }

    public async Task<string> FirstAsync(CancellationToken ct) => await ReadAsync<string>(System.IO.Path.Combine(Path, Beginning), ct)
        ?? throw new BackupException($"{Path} is damaged: {Beginning} cannot be read.");

    /// <summary>The closed ones, in the order of their numbers. One whose description cannot be read is not there.</summary>
    public async Task<List<ArchivedLog>> ClosedAsync(CancellationToken ct)
    {
        if (_closed is not null) return _closed;
        List<ArchivedLog> logs = [];
        var files = new DirectoryInfo(Path).EnumerateFiles().ToDictionary(f => f.Name, StringComparer.Ordinal);
        foreach (var file in files.Values)
        {
            if (file.Extension != ".json" || file.Name is Mark or Beginning) continue;
            if (await DescriptionAsync(file, ct) is { } log && files.ContainsKey(log.Stored.Name)) logs.Add(log);
        }

        logs.Sort((a, b) => a.Number.CompareTo(b.Number));
        if (_still) _closed = logs;
        return logs;
    }

    private static async Task<ArchivedLog?> DescriptionAsync(FileInfo file, CancellationToken ct)
    {
        if (Known.TryGetValue(file.FullName, out var known) && known.Written == file.LastWriteTimeUtc) return known.Log;
        if (await ReadAsync<ArchivedLog>(file.FullName, ct) is not { Name: not null, Stored: not null } log) return null;
        Known[file.FullName] = (file.LastWriteTimeUtc, log);
        return log;
    }

    /// <summary>The file of a log that is not closed yet: where there are several, after a portal took it over, the longest.</summary>
    public string? OpenFile(string name) => Directory.EnumerateDirectories(Path, Open + "*")
        .Select(folder => System.IO.Path.Combine(folder, name)).Where(File.Exists).OrderByDescending(f => new FileInfo(f).Length)
        .FirstOrDefault();

    public Task<LogMark?> MarkAsync(CancellationToken ct) => ReadAsync<LogMark>(System.IO.Path.Combine(Path, Mark), ct);

    public Task NoteAsync(LogMark mark, CancellationToken ct) => WriteAsync(Mark, mark, ct);

    public Task NoteAsync(ArchivedLog log, CancellationToken ct) => WriteAsync($"{log.Name}.json", log, ct);

    /// <summary>A folder for the program that streams.</summary>
    public string NewOpenFolder() => SetFolder.MakePrivate(System.IO.Path.Combine(Path, $"{Open}{Guid.NewGuid():N}"));

    public IEnumerable<string> OpenFolders() => Directory.EnumerateDirectories(Path, Open + "*");

    public void Remove(ArchivedLog log)
    {
        var description = System.IO.Path.Combine(Path, $"{log.Name}.json");
        File.Delete(description);
        Known.TryRemove(System.IO.Path.GetFullPath(description), out _);
        File.Delete(System.IO.Path.Combine(Path, log.Stored.Name));
    }

    /// <summary>
    /// The logs of a set from the one in which it was made, without a gap, and the first that is missing after them; null where all are
    /// there as far as the stream has come.
    /// </summary>
    /// <param name="still">The streams, where they were looked at for another set just now.</param>
    public static async Task<LogChain> ChainAsync(
        string sets, BackupManifest set, CancellationToken ct, IReadOnlyList<LogStream>? still = null)
    {
        var chain = await LookAsync(still ?? AllOf(sets, set.Database), set, ct);
        if (chain.Missing is null) return chain;
        // A log that was being closed meanwhile lay nowhere for whoever looked first here and then there.
        await Task.Delay(TimeSpan.FromSeconds(1), ct);
        return await LookAsync(AllOf(sets, set.Database), set, ct);
    }

    private static async Task<LogChain> LookAsync(IReadOnlyList<LogStream> streams, BackupManifest set, CancellationToken ct)
    {
        if (set.BinaryLog is not { } place)
            throw new BackupException("The set notes no place in a binary log: its server kept none.");
        foreach (var stream in streams.Reverse())
        {
            var closed = (await stream.ClosedAsync(ct)).ToDictionary(l => l.Number);
            var number = LogFile.Number(place.File);
            var mark = await stream.MarkAsync(ct);
            if (!await stream.IsOfAsync(place, set, closed.GetValueOrDefault(number), ct)) continue;
            List<ArchivedLog> logs = [];
            for (; closed.TryGetValue(number, out var log); number++) logs.Add(log);
            var next = LogFile.Name(place.File, number);
            var open = stream.OpenFile(next);
            // The stream has come further than the log that is not there.
            var missing = open is null
                && (closed.Keys.Any(n => n > number) || (mark is not null && LogFile.Number(mark.File) >= number));
            return new LogChain(stream, logs, open, missing ? next : null, mark);
        }

        return new LogChain(null, [], null, place.File, null);
    }

    /// <summary>Servers that were made anew have logs of the same names: it was begun when the set was.</summary>
    private async Task<bool> IsOfAsync(BinaryLogPosition place, BackupManifest set, ArchivedLog? closed, CancellationToken ct)
    {
        DateTime begun;
        if (closed is not null)
        {
            if (closed.Name != place.File) return false;
            begun = closed.Begun;
        }
        else
        {
            if (OpenFile(place.File) is not { } open) return false;
            begun = (await LogFile.ScanAsync(open, 0, _ => true, ct)).Begun;
        }

        var made = place.At ?? set.StartedAt;
        return begun > made.AddMinutes(-30) && begun < made.AddMinutes(5);
    }

    private async Task WriteAsync<T>(string name, T value, CancellationToken ct)
    {
        var making = System.IO.Path.Combine(Path, $".{name}.new");
        File.Delete(making);
        await BackupMaker.WriteTextAsync(making, JsonSerializer.Serialize(value), ct);
        File.Move(making, System.IO.Path.Combine(Path, name), overwrite: true);
    }

    private static async Task<T?> ReadAsync<T>(string file, CancellationToken ct)
        where T : class
    {
        try
        {
            return File.Exists(file) ? JsonSerializer.Deserialize<T>(await File.ReadAllTextAsync(file, ct)) : null;
        }
        catch (Exception damaged) when (damaged is JsonException or FileNotFoundException)
        {
            return null;
        }
    }
}

/// <param name="Stream">Null where no stream has the log in which the set was made.</param>
/// <param name="Closed">From that one on, without a gap.</param>
/// <param name="Open">The file of the one after them.</param>
/// <param name="Missing">The first that is not there and should be.</param>
internal sealed record LogChain(LogStream? Stream, IReadOnlyList<ArchivedLog> Closed, string? Open, string? Missing, LogMark? Mark)
{
    /// <summary>Until when (UTC, by the server's clock) it holds everything.</summary>
    public DateTime? Reaches => Stream is null ? null
        : Missing is null && Mark is not null ? Mark.ReachedAt
        : Closed.Count > 0 ? Closed[^1].Last
        : null;
}
