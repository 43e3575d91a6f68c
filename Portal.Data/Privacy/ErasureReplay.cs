using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MySqlConnector;
using Portal.Data.Audit;
using Portal.Data.Backups;
using Portal.Data.Database;
using Portal.Data.Schema;

namespace Portal.Data.Privacy;

/// <summary>
/// Erases once more whoever an older backup has brought back: at the end of a restore where the set has this version's schema, and always
/// when a portal starts, before it serves. What the database has done already is left alone.
/// </summary>
public sealed class ErasureReplay(
    IServiceProvider services, ErasureList list, BuildingClock clock, ILogger<ErasureReplay> logger)
{
    // Asked for when it is needed: who only looks at a set has no database.
    private PortalStore Keeper => services.GetRequiredKeyedService<PortalStore>(PortalDataServices.Keeper);

    /// <summary>The line of the log.</summary>
    public const string Event = "person_erased_again";

    /// <summary>In the portal's own database, before it serves; and tells the list what only the database knows.</summary>
    /// <returns>How many were erased again.</returns>
    public async Task<int> AtStartAsync(CancellationToken ct)
    {
        var known = await list.ReadAsync(null, whatCan: true, bucket: false, ct);
        var again = await RunAsync(Keeper, known, ct);
        try
        {
            await KeepListAsync(ct);
        }
        catch (Exception unwritten) when (unwritten is BackupException or IOException or UnauthorizedAccessException)
        {
            logger.LogError(unwritten, "The list of erasures beside the backups cannot be written: after a restore it would not know of all");
        }

        if (again > 0) logger.LogWarning("{Count} people whom an older backup had brought back were erased again", again);
        return again;
    }

    /// <summary>Puts all that this database has erased into the list.</summary>
    /// <returns>False where there is no place for it.</returns>
    internal async Task<bool> KeepListAsync(CancellationToken ct)
    {
        await using var db = await Keeper.OpenAsync(CurrentUser.System, ct);
        var done = await db.Erasures.AsNoTracking().Where(e => e.State == ErasureState.Done).OrderBy(e => e.Id).ToListAsync(ct);
        return done.Count == 0 || await list.AddAsync([.. done.Select(e => e.ForList())], ct);
    }

    /// <summary>In a database that was restored just now.</summary>
    /// <param name="beside">The folder in which its set lies.</param>
    /// <returns>How many were erased again; null where the set is of an older version: the portal does it when it starts on it.</returns>
    internal async Task<int?> InRestoredAsync(string connectionString, string beside, CancellationToken ct)
    {
        var known = await list.ReadAsync(beside, whatCan: false, bucket: true, ct);
        if (known.Count == 0) return 0;
        await using (var connection = new MySqlConnection(connectionString))
        {
            await connection.OpenAsync(ct);
            if (await connection.SchemaNumberAsync(ct) != Migration.BuiltIn[^1].Number) return null;
        }

        await DatabaseServer.DetectAsync(connectionString, ct);
        return await RunAsync(PortalDataServices.StoreOn(services, options => options.UseDatabase(connectionString)), known, ct);
    }

    private async Task<int> RunAsync(PortalStore store, IReadOnlyList<ErasedAccount> known, CancellationToken ct)
    {
        var again = 0;
        foreach (var erased in known)
        {
            Result<bool> done;
            try
            {
                done = await store.WriteAsync<bool>(CurrentUser.System, (db, token) => AgainAsync(db, erased, token), ct);
            }
            catch (MySqlException refused)
            {
                throw new SchemaException(
                    $"The erasure of account {erased.Account} could not be done again after a restore: {refused.Message} Mend that row, then start.",
                    refused);
            }

            // The next start, or the loop around this one, asks again; nobody is served before.
            if (done.Error is { IsOutage: true }) throw new DatabaseAwayException();
            if (!done.Ok)
                throw new SchemaException($"The erasure of account {erased.Account} could not be done again after a restore: {done.Error!.Code}.");
            if (done.Value) again++;
        }

        return again;
    }

    private async Task<Result<bool>> AgainAsync(PortalDb db, ErasedAccount erased, CancellationToken ct)
    {
        var row = await db.Erasures.SingleOrDefaultAsync(e => e.Reference == erased.Reference, ct);
        if (row?.State == ErasureState.Done) return false;
        // Two portals that start at once do it one after the other.
        if (!await db.Users.LockAsync(erased.Account, ct)) return false;
        if (row is null && await db.Erasures.AnyAsync(e => e.Reference == erased.Reference, ct)) return false;
        var made = await db.Users.Where(u => u.Id == erased.Account).Select(u => u.CreatedAt).SingleAsync(ct);
        if (Erasure.FingerprintOf(erased.Reference, erased.Account, made) != erased.Fingerprint) return false;
        if (row is null) db.Erasures.Add(row = Erasure.Again(erased));
        var figures = await Eraser.RunAsync(db, erased.Account, ct);
        row.Finish(figures, clock.UtcNow);
        await db.WriteEventAsync(
            Event, "erasures", null, new { account = erased.Account, figures.Deleted, figures.Anonymised, figures.Redacted }, ct);
        return true;
    }
}
