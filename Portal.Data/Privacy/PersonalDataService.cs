using System.Data.Common;
using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Audit;
using Portal.Data.Identity;

namespace Portal.Data.Privacy;

/// <summary>Rows of one table that are about a person.</summary>
/// <param name="Table">As the database calls it; of the second part of one its own name.</param>
/// <param name="Columns">As the database calls them.</param>
/// <param name="Rows">
/// Text, numbers, truth, <see cref="DateOnly"/>, <see cref="TimeSpan"/>, and <see cref="DateTime"/>: of kind UTC an instant, else the
/// building's wall clock.
/// </param>
/// <param name="More">There are more than <see cref="PersonalDataService.MostRows"/>: those that follow are not here.</param>
public sealed record PersonalRows(
    PersonalArea Area, string Table, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<object?>> Rows, bool More);

/// <summary>A file that the person sent or received.</summary>
/// <param name="Source">The table it stands in, which parts the files of one name.</param>
public sealed record PersonalFile(string Source, long Id, string Name, byte[] Content);

/// <summary>All that is known about somebody.</summary>
/// <param name="Made">Wall clock.</param>
/// <param name="Files">One after the other, so that they are never all in memory.</param>
public sealed record PersonalData(
    long AccountId, string Name, DateTime Made, IReadOnlyList<PersonalRows> Tables, IAsyncEnumerable<PersonalFile> Files);

/// <summary>
/// All that is known about a person (Ley 1581 of 2012, art. 8a), out of the tables that <see cref="PersonalTables"/> names: their own for
/// everybody, another's with <see cref="Permissions.PrivacyExport"/>; after a fresh sign-in, and never without its line in the audit log.
/// </summary>
public sealed class PersonalDataService(PortalStore store, BuildingClock clock)
{
    /// <summary>Of one table; the export says where there are more.</summary>
    public const int MostRows = 50_000;

    /// <summary>Reads it all.</summary>
    /// <param name="accountId">Null: one's own.</param>
    /// <returns>Refusals: <c>forbidden</c>, <c>not_found</c>, <c>fresh.needed</c>.</returns>
    public async Task<Result<PersonalData>> ReadAsync(long? accountId, CurrentUser user, CancellationToken ct)
    {
        if ((accountId ?? user.AccountId) is not { } id || user.AccountId is null) return Error.Forbidden;
        if (id != user.AccountId && !user.Can(Permissions.PrivacyExport)) return Error.NotFound;

        // Where it cannot be written down that somebody has it, nobody gets it.
        var named = await store.WriteAsync<string>(user, async (db, token) =>
        {
            if (!await db.Users.AnyAsync(u => u.Id == id, token)) return Error.NotFound;
            if (await db.NotFreshAsync(user, token) is { } stale) return stale;
            await db.WriteEventAsync("personal_data_exported", "users", id, new { own = id == user.AccountId }, token);
            return await DataRequestService.NameAsync(db, id, token);
        }, ct);
        if (!named.Ok) return Result<PersonalData>.Refused(named);

        List<PersonalRows> tables = [];
        foreach (var table in PersonalTables.All) tables.Add(await ReadAsync(table, id, ct));
        return new PersonalData(id, named.Value, clock.Now, tables, FilesAsync(id, ct));
    }

    private Task<PersonalRows> ReadAsync(PersonalTable table, long id, CancellationToken ct) => store.BatchAsync(
        table.Sql(MostRows), new Dictionary<string, object?> { ["@u"] = id },
        async (reader, token) =>
        {
            List<IReadOnlyList<object?>> rows = [];
            while (await reader.ReadAsync(token)) rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => Value(reader, i))]);
            var more = rows.Count > MostRows;
            if (more) rows.RemoveAt(MostRows);
            return new PersonalRows(table.Area, table.As ?? table.Table, table.ColumnNames, rows, more);
        },
        ct);

    private static object? Value(DbDataReader reader, int column)
    {
        if (reader.IsDBNull(column)) return null;
        return (reader.GetValue(column), reader.GetDataTypeName(column).ToUpperInvariant()) switch
        {
            (DateTime day, "DATE") => DateOnly.FromDateTime(day),
            (DateTime at, "TIMESTAMP") => DateTime.SpecifyKind(at, DateTimeKind.Utc),
            (DateTime at, _) => DateTime.SpecifyKind(at, DateTimeKind.Unspecified),
            (byte[], _) => null,
            (IFormattable or bool or string, _) and var (plain, _) => plain,
            (var other, _) => Convert.ToString(other, CultureInfo.InvariantCulture),
        };
    }

    /// <summary>What they sent with payments, and what went to and fro in their cases.</summary>
    private async IAsyncEnumerable<PersonalFile> FilesAsync(long id, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var db = await store.OpenAsync(CurrentUser.System, ct);
        var owners = await db.Owners.Where(o => o.UserId == id).Select(o => o.Id).ToListAsync(ct);
        var proofs = await db.PaymentProofs.Where(p => owners.Contains(p.Payment!.OwnerId)).OrderBy(p => p.Id)
            .Select(p => p.Id).ToListAsync(ct);
        foreach (var proof in proofs)
        {
            yield return await db.PaymentProofs.AsNoTracking().Where(p => p.Id == proof)
                .Select(p => new PersonalFile("payment_proofs", p.Id, p.FileName, p.Content)).SingleAsync(ct);
        }

        var attached = await db.PqrsAttachments
            .Where(a => db.Pqrs.Any(q => q.Id == a.PqrsId && owners.Contains(q.OwnerId))
                && !db.PqrsTracking.Any(t => t.Id == a.TrackingId && t.Internal))
            .OrderBy(a => a.Id).Select(a => a.Id).ToListAsync(ct);
        foreach (var file in attached)
        {
            yield return await db.PqrsAttachments.AsNoTracking().Where(a => a.Id == file)
                .Select(a => new PersonalFile("pqrs_attachments", a.Id, a.FileName, a.Content)).SingleAsync(ct);
        }
    }
}
