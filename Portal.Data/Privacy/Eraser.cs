using System.Globalization;
using Microsoft.EntityFrameworkCore;
using MySqlConnector;
using Portal.Data.Audit;

namespace Portal.Data.Privacy;

/// <summary>How many rows of a table an erasure meets.</summary>
internal sealed record ErasureCount(ErasureStep Step, int Rows);

/// <summary>Does what <see cref="ErasureTables"/> says, in the transaction that is open. Doing it once more changes nothing.</summary>
internal static class Eraser
{
    /// <summary>Ids in one statement.</summary>
    private const int Batch = 500;

    public static async Task<IReadOnlyList<ErasureCount>> CountAsync(PortalDb db, long account, CancellationToken ct)
    {
        List<ErasureCount> counts = [];
        foreach (var step in ErasureTables.All)
        {
            var sql = $"SELECT COUNT(*) AS Value FROM {step.Table} AS x WHERE {step.Of}";
            var rows = await db.Database.SqlQueryRaw<int>(sql, Account(account)).ToListAsync(ct);
            if (rows[0] > 0) counts.Add(new ErasureCount(step, rows[0]));
        }

        return counts;
    }

    /// <summary>
    /// Deletes and anonymises; what the audit log says of these rows, and of who did what as this person, loses values and name. Needs the
    /// keeper's store.
    /// </summary>
    public static async Task<ErasureFigures> RunAsync(PortalDb db, long account, CancellationToken ct)
    {
        var (deleted, anonymised, redacted) = (0, 0, 0);
        foreach (var step in ErasureTables.All.Where(s => s.Treatment != Treatment.Keep))
        {
            // By their ids: a table cannot be changed while it is asked which of its rows are meant, and the log knows rows by them.
            var sql = $"SELECT CAST(x.{step.Key} AS CHAR) AS Value FROM {step.Table} AS x WHERE {step.Of} ORDER BY x.{step.Key}";
            var keys = await db.Database.SqlQueryRaw<string>(sql, Account(account)).ToListAsync(ct);
            foreach (var some in keys.Chunk(Batch))
            {
                var list = string.Join(", ", some.Select(Literal));
                var set = step.Set.Replace(';', ',').TrimEnd(' ', ',');
                var change = step.Treatment == Treatment.Delete
                    ? $"DELETE FROM {step.Table} WHERE {step.Key} IN ({list})"
                    : $"UPDATE {step.Table} AS x SET {set} WHERE x.{step.Key} IN ({list})";
                await db.Database.ExecuteSqlRawAsync(change, [Account(account)], ct);
                if (!step.Logged) continue;
                redacted += await AuditRedaction.RunAsync(
                    db, step.Table, [.. some.Select(k => long.Parse(k, CultureInfo.InvariantCulture))], ct);
            }

            if (step.Treatment == Treatment.Delete) deleted += keys.Count;
            else anonymised += keys.Count;
        }

        return new ErasureFigures(deleted, anonymised, redacted + await AuditRedaction.ForgetActorAsync(db, account, ct));
    }

    private static MySqlParameter Account(long account) => new("@u", account);

    /// <summary>Keys come out of the database, and are numbers or the hexadecimal letters of a key.</summary>
    private static string Literal(string key) => key.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')
        ? $"'{key}'"
        : throw new InvalidOperationException("A key of a row has letters that no key has.");
}
