using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;

namespace Portal.Data.Bank;

/// <summary>
/// Takes statements in: shown first, then kept whole or not at all. A line that an earlier file brought is not brought again
/// (<see cref="FileLine.Ordinal"/>). Needs <see cref="Permissions.BankEdit"/> throughout.
/// </summary>
public sealed class BankImporter(PortalStore store, BuildingClock clock)
{
    /// <summary>Bytes of a file.</summary>
    public const int Largest = BankFile.Largest;

    /// <summary>Rows that stand in the page, of the file and of its lines.</summary>
    public const int Shown = 50;

    private const int Chunk = 500, LongestName = 200;

    /// <summary>What a file would bring.</summary>
    /// <param name="format">Null: as it was the last time, or guessed where that does not fit.</param>
    /// <returns>Refused: <c>not_found</c>, <c>bank.file.large</c>, <c>bank.file.kind</c> where it is neither text nor a workbook.</returns>
    public async Task<Result<BankPreview>> PreviewAsync(
        int accountId, byte[] content, BankFormat? format, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.BankEdit)) return Error.Forbidden;
        if (Check(content, format) is { } wrong) return wrong;
        await using var db = await store.OpenAsync(user, ct);
        if (!await db.LedgerAccounts.InBank().AnyAsync(a => a.Id == accountId, ct)) return Error.NotFound;
        var remembered = false;
        try
        {
            if (format is null)
            {
                var kept = (await db.BankProfiles.AsNoTracking().SingleOrDefaultAsync(p => p.AccountId == accountId, ct))?.Read();
                // As the last file, if this one is like it: at least as good as what would be guessed.
                remembered = kept is { IsSound: true } && Read(content, kept) is { Lines.Count: > 0 } read && read.Bad.Count <= read.Lines.Count;
                format = remembered ? kept : BankFile.Guess(content);
            }

            var sample = BankFile.Cells(content, format?.Separator ?? ';', format?.Encoding ?? BankFormat.Utf8);
            List<IReadOnlyList<string>> cells = [.. sample.Take(Shown).Select(r => r.Cells)];
            if (format is null) return new BankPreview(null, false, cells, [], 0, 0, 0, 0, 0, null, null, null, [], 0, null);
            var file = BankFile.Read(sample, format, clock.Today);
            var known = await KnownAsync(db, accountId, file.Lines, ct);
            var added = file.Lines.Where(l => !known.Contains(Key(l))).ToList();
            var closed = await BankAccounts.ClosedAsync(db, accountId, ct);
            DateOnly? first = file.Lines.Count == 0 ? null : file.Lines.Min(l => l.Day);
            DateOnly? last = file.Lines.Count == 0 ? null : file.Lines.Max(l => l.Day);
            return new BankPreview(
                format, remembered, cells,
                [.. file.Lines.Take(Shown).Select(l => new PreviewLine(l.Row, l.Day, l.Amount, l.Reference, l.Text, !known.Contains(Key(l))))],
                file.Lines.Count, added.Count, file.Lines.Count - added.Count, added.Where(l => l.Amount > 0).Sum(l => l.Amount),
                added.Where(l => l.Amount < 0).Sum(l => l.Amount), first, last, file.Closing, [.. file.Bad.Take(Shown)], file.Bad.Count,
                added.Where(l => closed.Contains(BuildingClock.MonthOf(l.Day))).Select(l => (DateOnly?)l.Day).Min());
        }
        catch (InvalidDataException)
        {
            return new Error("bank.file.kind");
        }
    }

    /// <summary>Keeps the lines that are not there yet, and how the file was read for the next time.</summary>
    /// <param name="leaveOut">Rows that are no lines are left out; without it one of them keeps everything out.</param>
    /// <returns>Refused: as <see cref="PreviewAsync"/>, <c>bank.rows.bad</c> with how many, <c>bank.rows.none</c>,
    /// <c>bank.import.closed</c> with the first new day of a month that is reconciled.</returns>
    public async Task<Result<Imported>> ImportAsync(
        int accountId, string fileName, byte[] content, BankFormat format, bool leaveOut, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.BankEdit)) return Error.Forbidden;
        if (Check(content, format) is { } wrong) return wrong;
        BankFileContent file;
        try
        {
            file = Read(content, format);
        }
        catch (InvalidDataException)
        {
            return new Error("bank.file.kind");
        }

        if (file.Bad.Count > 0 && !leaveOut) return new Error("bank.rows.bad", null, file.Bad.Count);
        if (file.Lines.Count == 0) return new Error("bank.rows.none");
        // In the order of the key, so that of two imports each waits for the other in one place.
        var lines = file.Lines.OrderBy(l => l.Day).ThenBy(l => l.Amount).ThenBy(l => l.Reference, StringComparer.Ordinal)
            .ThenBy(l => l.Text, StringComparer.Ordinal).ThenBy(l => l.Ordinal).ToList();
        return await store.WriteAsync<Imported>(
            user,
            async (db, token) =>
            {
                if (await BankAccounts.HoldAsync(db, accountId, token) is null) return Error.NotFound;
                var closed = await BankAccounts.ClosedAsync(db, accountId, token);
                if (closed.Count > 0)
                {
                    var known = await KnownAsync(db, accountId, lines, token);
                    if (lines.Find(l => closed.Contains(BuildingClock.MonthOf(l.Day)) && !known.Contains(Key(l))) is { } late)
                        return new Error("bank.import.closed", null, late.Day);
                }

                var made = new BankImport
                {
                    AccountId = accountId, FileName = NameOf(fileName), FirstDay = lines[0].Day, LastDay = lines[^1].Day,
                    LeftOut = file.Bad.Count, ClosingBalance = file.Closing, ImportedBy = user.AccountId,
                };
                db.BankImports.Add(made);
                var profile = await db.BankProfiles.SingleAsync(p => p.AccountId == accountId, token);
                profile.Format = BankProfile.Write(format);
                await db.SaveChangesAsync(token);
                foreach (var chunk in lines.Chunk(Chunk))
                {
                    await new SqlBatch().ThenInsert(
                        "INSERT INTO bank_lines (account_id, day, amount, reference, text, ordinal, import_id) VALUES ",
                        chunk.Select(l => new object?[] { accountId, l.Day, l.Amount, l.Reference, l.Text, l.Ordinal, made.Id }),
                        // The key decides what is new, whoever else imports meanwhile.
                        end: " ON DUPLICATE KEY UPDATE id = id").RunAsync(db, token);
                }

                made.Added = await db.BankLines.CountAsync(l => l.ImportId == made.Id, token);
                made.Known = lines.Count - made.Added;
                return new Imported(made.Id, made.Added, made.Known, made.LeftOut, made.FirstDay, made.LastDay);
            },
            ct
        );
    }

    private BankFileContent Read(byte[] content, BankFormat format) =>
        BankFile.Read(BankFile.Cells(content, format.Separator, format.Encoding), format, clock.Today);

    private static Error? Check(byte[] content, BankFormat? format) =>
        content.Length == 0 ? new Error("bank.file.kind")
        : content.Length > Largest ? new Error("bank.file.large", null, Largest / (1024 * 1024))
        : format is { IsSound: false } ? new Error("bank.format")
        : null;

    private static string NameOf(string name)
    {
        var plain = name.Trim();
        return plain.Length <= LongestName ? plain : plain[^LongestName..];
    }

    private static async Task<HashSet<(DateOnly, decimal, string, string, int)>> KnownAsync(
        PortalDb db, int accountId, IReadOnlyList<FileLine> lines, CancellationToken ct)
    {
        if (lines.Count == 0) return [];
        var (first, last) = (lines.Min(l => l.Day), lines.Max(l => l.Day));
        var known = await db.BankLines.AsNoTracking().Where(l => l.AccountId == accountId && l.Day >= first && l.Day <= last)
            .Select(l => new { l.Day, l.Amount, l.Reference, l.Text, l.Ordinal }).ToListAsync(ct);
        return [.. known.Select(l => (l.Day, l.Amount, l.Reference, l.Text, l.Ordinal))];
    }

    private static (DateOnly, decimal, string, string, int) Key(FileLine line) =>
        (line.Day, line.Amount, line.Reference, line.Text, line.Ordinal);
}
