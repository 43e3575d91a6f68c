using System.Globalization;
using System.IO.Compression;
using System.Text.RegularExpressions;

namespace Portal.Data.Backups;

/// <summary>Where a replay ends: before the first transaction of a moment on, or at a place in the log.</summary>
/// <param name="Before">UTC by the server's clock, to the second.</param>
/// <param name="At">Everything before it, and nothing after.</param>
public sealed record ReplayGoal(DateTime? Before, BinaryLogPosition? At)
{
    /// <summary>
    /// A moment as somebody types it: ISO 8601 with its zone, in UTC where none is said (<c>2026-11-30T14:05</c>,
    /// <c>2026-11-30T09:05:00-05:00</c>). Null where it is none.
    /// </summary>
    public static ReplayGoal? Parse(string? text) =>
        DateTimeOffset.TryParseExact(
            text?.Trim().Replace(' ', 'T'),
            ["yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"], CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal, out var moment)
            ? new ReplayGoal(moment.UtcDateTime.AddTicks(-(moment.Ticks % TimeSpan.TicksPerSecond)), null)
            : null;
}

/// <summary>What was replayed after a set was loaded.</summary>
/// <param name="Logs">How many files of the log.</param>
/// <param name="Transactions">Of the whole server: those of other databases were left out.</param>
/// <param name="Last">The place up to which it was.</param>
/// <param name="Changed">Tables that differ from the set since, and how: <c>payments (1,200 rows, 1,204 now)</c>.</param>
public sealed record Replayed(int Logs, long Transactions, string Last, IReadOnlyList<string> Changed);

/// <summary>The logs that lead from a set to a moment, laid out in the open.</summary>
internal sealed record ReplayPlan(IReadOnlyList<string> Files, long Start, long Transactions, string Last);

/// <summary>Brings what was loaded from a set to a later moment, by the server's binary log.</summary>
internal sealed partial class PointInTime(BackupOptions options)
{
    /// <summary>
    /// Finds the logs, brings them into the open, checks them, and finds in them where the replay ends. Nothing is changed yet.
    /// </summary>
    /// <param name="into">The name of the database that will be changed.</param>
    /// <param name="identity">The file with the secret, where logs are encrypted.</param>
    /// <param name="work">A private folder; it holds the logs until it is removed.</param>
    /// <exception cref="BackupException">
    /// The logs do not reach so far, one is missing or damaged, or holds what cannot be replayed.
    /// </exception>
    public async Task<ReplayPlan> PrepareAsync(
        SetFolder set, ReplayGoal goal, string into, string? identity, string work, CancellationToken ct)
    {
        if (set.Manifest.BinaryLog is not { } place)
        {
            throw new BackupException(
                $"The set {set.Name} notes no place in a binary log, for its server kept none: it can be restored as it is, without --to.");
        }

        var made = place.At ?? set.Manifest.StartedAt;
        if (goal.Before is { } moment && moment < made.AddSeconds(-1))
            throw new BackupException($"{Say(moment)} is before the set {set.Name}, which is of {Say(made)}: name an older set.");
        var sets = Path.GetDirectoryName(set.Path)!;
        var chain = await LogStream.ChainAsync(sets, set.Manifest, ct);
        if (chain.Stream is null)
        {
            throw new BackupException(
                $"The binary log {place.File}, in which the set {set.Name} was made, is not in {Path.Combine(sets, LogStream.Folder)}: "
                    + $"the set can be restored as it is, of {Say(made)}, without --to.");
        }

        if (goal.Before is { } wanted && wanted > (chain.Reaches ?? made)) throw NotSoFar(set, chain, chain.Reaches ?? made);
        return await LayOutAsync(set, goal, chain, place, into, identity ?? options.Identity, work, ct);
    }

    private static BackupException NotSoFar(SetFolder set, LogChain chain, DateTime reaches) => new(
        $"The logs of the set {set.Name} reach to {Say(reaches)}"
            + (chain.Missing is { } missing ? $", for {missing} is missing after it" : "") + ": name a moment until then.");

    private static async Task<ReplayPlan> LayOutAsync(
        SetFolder set, ReplayGoal goal, LogChain chain, BinaryLogPosition place, string into, string? identity, string work,
        CancellationToken ct)
    {
        List<string> files = [];
        var (groups, last) = (0L, place);
        bool Past(string name, LogGroup group) => goal.Before is { } before
            ? group.At >= before
            : LogFile.Number(name) > LogFile.Number(goal.At!.File) || (name == goal.At.File && group.Start >= goal.At.Position);
        var all = chain.Closed.Select(l => (l.Name, Closed: (ArchivedLog?)l)).ToList();
        if (chain.Open is { } open) all.Add((Path.GetFileName(open), null));
        foreach (var (name, closed) in all)
        {
            if (goal.At is { } end && LogFile.Number(name) > LogFile.Number(end.File)) break;
            var raw = Path.Combine(work, name);
            if (closed is not null) await UnpackAsync(chain.Stream!, closed, identity, raw, work, ct);
            else await CopyAsync(chain.Open!, raw, ct);
            var scan = await LogFile.ScanAsync(raw, name == place.File ? place.Position : 0, g => Past(name, g), ct);
            foreach (var statement in scan.Statements) Refuse(statement, set.Manifest.Database, into);
            groups += scan.Groups;
            if (scan.Groups > 0 || closed is not null) files.Add(raw);
            else File.Delete(raw);
            if (scan.Groups > 0) last = new BinaryLogPosition(name, scan.End, null);
            if (!scan.Stopped && closed is not null) continue;
            // What comes after it, perhaps not whole, is not to be read at all.
            if (File.Exists(raw)) Cut(raw, scan.Groups > 0 || name == place.File ? scan.End : null, files);
            return new ReplayPlan(files, place.Position, groups, $"{last.File}:{last.Position}");
        }

        if (goal.At is { } until && !all.Exists(l => l.Name == until.File))
            throw NotSoFar(set, chain, chain.Reaches ?? place.At ?? set.Manifest.StartedAt);
        return new ReplayPlan(files, place.Position, groups, $"{last.File}:{last.Position}");
    }

    private static void Cut(string raw, long? end, List<string> files)
    {
        if (end is not { } length)
        {
            files.Remove(raw);
            File.Delete(raw);
            return;
        }

        using var file = new FileStream(raw, FileMode.Open, FileAccess.Write);
        file.SetLength(length);
    }

    private static async Task UnpackAsync(
        LogStream stream, ArchivedLog log, string? identity, string raw, string work, CancellationToken ct)
    {
        var stored = Path.Combine(stream.Path, log.Stored.Name);
        if (await FileState.OfAsync(stored, ct) != log.Stored)
            throw new BackupException($"The binary log {log.Name} is damaged: {log.Stored.Name} is not as it was written.");
        var packed = stored;
        if (log.Encrypted)
        {
            if (string.IsNullOrWhiteSpace(identity))
                throw new BackupException($"The binary log {log.Name} is encrypted: name the file with its secret, --identity FILE.");
            packed = Path.Combine(work, $"{log.Name}.gz");
            await SetFolder.DecryptAsync(stored, packed, identity, $"The binary log {log.Name}", ct);
        }

        try
        {
            await using var from = File.OpenRead(packed);
            await using var open = new GZipStream(from, CompressionMode.Decompress);
            await using var to = new FileStream(raw, DumpPrograms.Private(FileMode.CreateNew));
            await open.CopyToAsync(to, ct);
        }
        catch (InvalidDataException damaged)
        {
            throw new BackupException($"The binary log {log.Name} is damaged: it cannot be unpacked.", damaged);
        }

        if (packed != stored) File.Delete(packed);
        if ((await FileState.OfAsync(raw, ct)).Sha256 != log.Sha256)
            throw new BackupException($"The binary log {log.Name} is damaged: it has other content than the server's.");
    }

    private static async Task CopyAsync(string open, string raw, CancellationToken ct)
    {
        await using var from = new FileStream(open, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        await using var to = new FileStream(raw, DumpPrograms.Private(FileMode.CreateNew));
        await from.CopyToAsync(to, ct);
    }

    /// <summary>
    /// Rows go to the database they are meant for, whatever it is called now. A statement goes where it says: one that names the old
    /// database would change that one, in the middle of its work.
    /// </summary>
    private static void Refuse(LogStatement statement, string from, string into)
    {
        var text = Comments().Replace(statement.Text, " ").TrimStart();
        if (Harmless().IsMatch(text)) return;
        var (own, names) = (statement.Database == from, Names(text, from));

        // Given in no database: the reading program leaves it out, and it changes no row.
        if (!own && Accounts().IsMatch(text)) return;
        var why = !own && names ? "is about this database and was given in another"
            : !own ? null
            : Rows().IsMatch(text) ? "is noted as a statement and not as the rows it changed"
            : Server().IsMatch(text) ? "is about accounts or whole databases"
            : names && from != into ? $"names its database, {from}, and would change that one"
            : statement.Text == "(compressed)" ? "is compressed (log_bin_compress), so that it cannot be looked at"
            : null;
        if (why is null) return;
        // Of what is about accounts no more than its first words: a password may follow.
        var shown = Server().IsMatch(text) ? string.Join(' ', text.Split(' ', 3).Take(2)) + " …" : text.Length > 60 ? text[..60] + "…" : text;
        throw new BackupException(
            $"At {Say(statement.At)} the log has what cannot be replayed under the name {into}: \"{shown.ReplaceLineEndings(" ")}\" {why}. "
                + $"Name a moment until {Say(statement.At)}.");
    }

    [GeneratedRegex(@"^\s*(GRANT|REVOKE|SET\s+PASSWORD|(CREATE|ALTER|DROP|RENAME)\s+(USER|ROLE))\b", RegexOptions.IgnoreCase)]
    private static partial Regex Accounts();

    private static bool Names(string text, string database) => Regex.IsMatch(
        text, $@"(?<![\w$])`?{Regex.Escape(database)}`?\s*\.", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    /// <summary>Replays what was laid out into the database that holds the set.</summary>
    /// <exception cref="BackupException">One of the two programs failed.</exception>
    public static async Task ReplayAsync(
        ReplayPlan plan, DumpPrograms programs, string login, string from, string into, CancellationToken ct)
    {
        if (plan.Transactions == 0) return;
        using var reader = DumpPrograms.Start(programs.Log, programs.ReplayOptions(plan.Start, from, into, plan.Files), output: true);
        using var client = DumpPrograms.Start(
            programs.Client, [$"--defaults-file={login}", "--binary-mode", "--max-allowed-packet=1G", into], input: true);
        using var killing = ct.Register(() =>
        {
            BackupMaker.Kill(reader);
            BackupMaker.Kill(client);
        });
        var (readerSays, clientSays) = (reader.StandardError.ReadToEndAsync(ct), client.StandardError.ReadToEndAsync(ct));
        try
        {
            await using var to = client.StandardInput.BaseStream;
            await DumpLines.CopyForAsync(reader.StandardOutput.BaseStream, to, into, ct);
        }
        catch (IOException) when (!ct.IsCancellationRequested)
        {
            // The client ended before its input: it says itself why, below. The other would wait for ever.
            BackupMaker.Kill(reader);
        }

        await client.WaitForExitAsync(ct);
        await reader.WaitForExitAsync(ct);
        if (client.ExitCode != 0)
            throw new BackupException($"The log could not be replayed (code {client.ExitCode}): {Reason(await clientSays)}");
        if (reader.ExitCode != 0)
            throw new BackupException($"The log could not be read (code {reader.ExitCode}): {Reason(await readerSays)}");
    }

    /// <summary>The client shows the statement before it says what is wrong.</summary>
    private static string Reason(string said) =>
        said.Split('\n').LastOrDefault(l => l.StartsWith("ERROR", StringComparison.Ordinal))?.Trim() ?? SetFolder.FirstLine(said);

    internal static string Say(DateTime utc) => utc.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) + " UTC";

    [GeneratedRegex(@"/\*(?!M?!).*?\*/|^\s*--[^\n]*\n|/\*M?!\d*|\*/", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Comments();

    [GeneratedRegex(
        @"^\s*(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|XA\s|START\s+TRANSACTION|CREATE\s+(DATABASE|SCHEMA)\s+IF\s+NOT\s+EXISTS"
            + @"|DROP\s+TEMPORARY|ANALYZE|OPTIMIZE)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Harmless();

    [GeneratedRegex(@"^\s*(INSERT|UPDATE|DELETE|REPLACE|LOAD|CALL|DO\s)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Rows();

    [GeneratedRegex(
        @"^\s*(GRANT|REVOKE|SET\s|FLUSH|RENAME\s+USER|INSTALL|UNINSTALL"
            + @"|(CREATE|ALTER|DROP)\s+(OR\s+REPLACE\s+)?(DATABASE|SCHEMA|USER|ROLE|SERVER|TABLESPACE|RESOURCE))",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Server();
}
