using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Portal.Data.Backups;

/// <summary>A transaction of a binary log, or a statement that is one by itself.</summary>
/// <param name="Start">Where it begins in its file.</param>
/// <param name="End">Where the next begins.</param>
/// <param name="At">When it was committed, in UTC by the server's clock, to the second below.</param>
internal readonly record struct LogGroup(long Start, long End, DateTime At);

/// <summary>What a log holds as text and not as rows: a table that is made or changed, an account.</summary>
/// <param name="Database">The one that was in use.</param>
internal sealed record LogStatement(DateTime At, string Database, string Text);

/// <param name="Begun">When the server began this log.</param>
/// <param name="Last">The latest moment in it.</param>
/// <param name="End">The end of the last whole group that counted.</param>
/// <param name="Groups">How many counted.</param>
/// <param name="Stopped">A group came that was not to count any more.</param>
/// <param name="Statements">Those of the groups that counted.</param>
internal sealed record LogScan(
    DateTime Begun, DateTime Last, long End, long Groups, bool Stopped, IReadOnlyList<LogStatement> Statements);

/// <summary>
/// A file of a binary log, event by event: only as far as is needed to know where transactions begin and end and when they were
/// committed. What is in them is left to the server's own program.
/// </summary>
internal static class LogFile
{
    private const int Magic = 4, Header = 19, Checksum = 4;

    private const byte Query = 2, Stop = 3, Rotate = 4, Description = 15, Xid = 16, Heartbeat = 27, Gtid = 33, Anonymous = 34,
        PreviousGtids = 35, XaPrepare = 38, Payload = 40, TaggedGtid = 42, Checkpoint = 161, MariaGtid = 162, GtidList = 163,
        Encryption = 164, CompressedQuery = 165;

    /// <summary>The number behind the last point of a log's name; -1 where there is none.</summary>
    public static long Number(string name) =>
        long.TryParse(name[(name.LastIndexOf('.') + 1)..], CultureInfo.InvariantCulture, out var number) ? number : -1;

    /// <summary>The name of the log after or before one by so many.</summary>
    public static string Name(string like, long number)
    {
        var point = like.LastIndexOf('.');
        var digits = number.ToString(CultureInfo.InvariantCulture).PadLeft(like.Length - point - 1, '0');
        return $"{like[..(point + 1)]}{digits}";
    }

    /// <summary>
    /// Reads a log from <paramref name="from"/> on. One that is being written may end within an event or a transaction: what is not whole
    /// does not count.
    /// </summary>
    /// <param name="from">Where the first group that counts begins; 0: at the beginning.</param>
    /// <param name="stop">Whether a group no longer counts; with it the reading ends.</param>
    /// <exception cref="BackupException">It is no binary log, or damaged.</exception>
    public static async Task<LogScan> ScanAsync(string path, long from, Func<LogGroup, bool>? stop, CancellationToken ct)
    {
        await using var file = new FileStream(
            path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 256 * 1024, useAsync: true);
        var name = Path.GetFileName(path);
        var head = new byte[Header];
        if (await file.ReadAtLeastAsync(head.AsMemory(0, Magic), Magic, false, ct) < Magic || !IsMagic(head))
            throw new BackupException($"{name} is no binary log.");
        var (at, begun, last, end, groups, sums) = (0L + Magic, default(DateTime), default(DateTime), Math.Max(from, Magic), 0L, false);
        List<LogStatement> statements = [], pending = [];
        LogGroup? open = null;
        var whole = false;
        while (await file.ReadAtLeastAsync(head, Header, false, ct) == Header)
        {
            var (type, length) = (head[4], (long)BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(9)));
            var seconds = BinaryPrimitives.ReadUInt32LittleEndian(head);
            if (length < Header) throw new BackupException($"{name} is damaged: at {at} there is no event.");
            var body = Array.Empty<byte>();
            if (type is Query or Description)
            {
                body = new byte[length - Header];
                if (await file.ReadAtLeastAsync(body, body.Length, false, ct) < body.Length) break;
            }
            else
            {
                if (at + length > file.Length) break;
                file.Seek(at + length, SeekOrigin.Begin);
            }

            var moment = DateTime.UnixEpoch.AddSeconds(seconds);
            if (type == Description)
            {
                if (begun == default) begun = moment;
                sums = body.Length > Checksum + 1 && body[^(Checksum + 1)] == 1;
            }

            if (type is Gtid or Anonymous or TaggedGtid or MariaGtid or Stop or Rotate or Description or Heartbeat or PreviousGtids
                or GtidList or Checkpoint or Encryption)
            {
                if (!Close()) return new LogScan(begun, last, end, groups, true, statements);
                if (type is Gtid or Anonymous or TaggedGtid or MariaGtid && at >= from) open = new LogGroup(at, at + length, moment);
            }
            else if (open is { } group)
            {
                open = group with { End = at + length, At = moment > group.At ? moment : group.At };
                whole = type is Xid or XaPrepare or Payload or Query or CompressedQuery;
                if (type is Query && Statement(body, sums, moment) is { } said)
                {
                    var word = said.Text.TrimStart();
                    if (word is "BEGIN") whole = false;
                    else if (word is not ("COMMIT" or "ROLLBACK")) pending.Add(said);
                }
                else if (type == CompressedQuery)
                {
                    pending.Add(new LogStatement(moment, "", "(compressed)"));
                }
            }

            if (seconds > 0 && moment > last && type != Description) last = moment;
            at += length;
        }

        return Close()
            ? new LogScan(begun, last < begun ? begun : last, end, groups, false, statements)
            : new LogScan(begun, last, end, groups, true, statements);

        // False where the group that ends here is the first that does not count.
        bool Close()
        {
            if (open is not { } group) return true;
            var counts = whole;
            (open, whole) = (default(LogGroup?), false);
            if (counts && stop?.Invoke(group) == true)
            {
                pending.Clear();
                return false;
            }

            if (counts)
            {
                end = group.End;
                groups++;
                statements.AddRange(pending);
            }

            pending.Clear();
            return true;
        }
    }

    private static bool IsMagic(byte[] head) => head is [0xFE, (byte)'b', (byte)'i', (byte)'n', ..];

    private static LogStatement? Statement(byte[] body, bool sums, DateTime at)
    {
        // Thread 4, time 4, length of the database's name 1, error 2, length of the variables 2.
        if (body.Length < 13) return null;
        var (named, variables) = (body[8], BinaryPrimitives.ReadUInt16LittleEndian(body.AsSpan(11)));
        var text = 13 + variables + named + 1;
        var end = body.Length - (sums ? Checksum : 0);
        return text > end
            ? null
            : new LogStatement(
                at, Encoding.UTF8.GetString(body, 13 + variables, named), Encoding.UTF8.GetString(body, text, end - text));
    }
}
