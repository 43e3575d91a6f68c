using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Billing;
using Portal.Data.Building;

namespace Portal.Data.FirstDay;

/// <summary>
/// Takes in the lists a building has of its units, their people, vehicles and debts: shown first, then kept whole or not at all. What is
/// there already is known by what people call it (tower and number, document, plate, the debt's day), so the same file taken in again
/// changes nothing. Needs <see cref="Permissions.BuildingSetUp"/> throughout.
/// </summary>
public sealed class BuildingImporter(PortalStore store, BuildingClock clock, BuildingChoices choices)
{
    /// <summary>Bytes of a file.</summary>
    public const int Largest = 12 * 1024 * 1024;

    /// <summary>Rows that stand in the page: of the file, of what is wrong, of what changes.</summary>
    public const int Shown = 200;

    private const int MostRows = 50_000, LongestName = 200;

    /// <summary>What a file would do.</summary>
    /// <param name="format">Null: guessed from how its columns are called.</param>
    /// <returns>Refused: <c>import.large</c>, <c>import.kind</c> where it is neither text nor a workbook, <c>import.format</c>,
    /// <c>import.as_of</c>.</returns>
    public async Task<Result<ImportPreview>> PreviewAsync(
        byte[] content, ImportFormat? format, ImportOptions options, IProgress<ImportProgress>? progress, CurrentUser user,
        CancellationToken ct)
    {
        if (!user.Can(Permissions.BuildingSetUp)) return Error.Forbidden;
        if (Check(content, format, options) is { } wrong) return wrong;
        try
        {
            progress?.Report(new ImportProgress(ImportStage.Reading, 0, 0));
            format ??= ImportColumns.Guess(content, MostRows, Coefficients.Decimals + 2);
            var rows = Rows(content, format);
            List<IReadOnlyList<string>> sample = [.. rows.Take(Shown).Select(r => r.Cells)];
            if (format is null) return new ImportPreview(null, sample, null, [], 0, [], 0);
            await using var db = await store.OpenAsync(user, ct);
            var plan = Plan(await ImportKnown.ReadAsync(db, clock.Today, ct), rows, format, options, progress);
            var changes = plan.Changes().ToList();
            return new ImportPreview(
                format, sample, plan.Summary, [.. plan.Bad.Take(Shown)], plan.Bad.Count, [.. changes.Take(Shown)], changes.Count);
        }
        catch (InvalidDataException)
        {
            return new Error("import.kind");
        }
    }

    /// <summary>Keeps all of it in one transaction. Of two who do so at once the second finds what the first brought.</summary>
    /// <returns>Refused: as <see cref="PreviewAsync"/>, <c>import.bad</c> with how many rows are wrong, <c>import.coefficients</c> with
    /// their sum, <c>import.nothing</c>.</returns>
    public async Task<Result<ImportDone>> ImportAsync(
        string fileName, byte[] content, ImportFormat format, ImportOptions options, IProgress<ImportProgress>? progress, CurrentUser user,
        CancellationToken ct)
    {
        if (!user.Can(Permissions.BuildingSetUp)) return Error.Forbidden;
        if (Check(content, format, options) is { } wrong) return wrong;
        progress ??= new Unseen();
        List<(int Row, string[] Cells)> rows;
        try
        {
            rows = Rows(content, format);
        }
        catch (InvalidDataException)
        {
            return new Error("import.kind");
        }

        try
        {
            return await store.WriteAsync<ImportDone>(
                user,
                async (db, token) =>
                {
                    await HoldAsync(db, token);
                    var plan = Plan(await ImportKnown.ReadAsync(db, clock.Today, token), rows, format, options, progress);
                    if (plan.Bad.Count > 0) return new Error("import.bad", null, plan.Bad.Count);
                    if (!plan.Summary.CoefficientsAdd && !options.AcceptCoefficients)
                        return new Error("import.coefficients", null, $"{plan.Summary.CoefficientSum:0.######} %");
                    if (plan.Summary.Created + plan.Summary.Changed == 0) return new Error("import.nothing");
                    var import = new Import
                    {
                        FileName = NameOf(fileName), AsOf = options.AsOf, FileRows = plan.Summary.Rows, Created = plan.Summary.Created,
                        Changed = plan.Summary.Changed, Opening = plan.Summary.Opening, ImportedBy = user.AccountId,
                    };
                    await new ImportWriter(db, clock, plan, progress).WriteAsync(import, token);
                    await db.SaveChangesAsync(token);
                    await new BillingDesk(store, clock)
                        .UseCreditsAsync(db, [.. plan.Debts.Select(d => d.Unit.Id).Distinct()], token);
                    return new ImportDone(import.Id, plan.Summary);
                },
                ct
            );
        }
        finally
        {
            choices.Towers.Forget();
        }
    }

    /// <summary>What was taken in, the latest first. Empty for who may not.</summary>
    public async Task<Page<ImportedFile>> ListAsync(ListQuery query, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.BuildingSetUp)) return Page<ImportedFile>.Empty;
        await using var db = await store.OpenAsync(user, ct);
        return await db.Imports.AsNoTracking().OrderByDescending(i => i.Id)
            .Select(i => new ImportedFile(
                i.Id, i.FileName, i.AsOf, i.FileRows, i.Created, i.Changed, i.Opening,
                db.Profiles.Where(p => p.UserId == i.ImportedBy).OrderBy(p => p.Id).Select(p => p.FullName).FirstOrDefault(),
                clock.ToWall(i.CreatedAt!.Value)))
            .PageAsync(query, ct);
    }

    /// <summary>
    /// Two who make units at once wait for each other here, also in a building that has no row yet to be locked; then all accounts wait, as
    /// for a run.
    /// </summary>
    internal static async Task HoldAsync(PortalDb db, CancellationToken ct)
    {
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO sequences (name, year, last_number) VALUES ('FIRST', 0, 1) ON DUPLICATE KEY UPDATE last_number = last_number + 1
            """, ct);
        await BillingDesk.LockAllAsync(db, ct);
    }

    private static ImportPlan Plan(
        ImportKnown known, List<(int Row, string[] Cells)> rows, ImportFormat format, ImportOptions options,
        IProgress<ImportProgress>? progress)
    {
        var total = Math.Max(rows.Count - format.HeaderRows, 0);
        return new ImportPlanner(known, rows, format, options)
            .Plan(done => progress?.Report(new ImportProgress(ImportStage.Checking, done, total)));
    }

    private static List<(int Row, string[] Cells)> Rows(byte[] content, ImportFormat? format) => SheetFile.Cells(
        content, format?.Separator ?? ';', format?.Encoding ?? Bank.BankFormat.Utf8, MostRows, Coefficients.Decimals + 2);

    private Error? Check(byte[] content, ImportFormat? format, ImportOptions options) =>
        content.Length == 0 ? new Error("import.kind")
        : content.Length > Largest ? new Error("import.large", null, Largest / (1024 * 1024))
        : format is { IsSound: false } ? new Error("import.format")
        : options.AsOf > clock.Today || options.AsOf < clock.Today.AddYears(-2) ? new Error("import.as_of", nameof(options.AsOf))
        : options.Tower?.Trim().Length > 100 ? Error.TooLong(nameof(options.Tower), 100)
        : null;

    private static string NameOf(string name)
    {
        var plain = name.Trim();
        return plain.Length <= LongestName ? plain : plain[^LongestName..];
    }

    private sealed class Unseen : IProgress<ImportProgress>
    {
        public void Report(ImportProgress value)
        {
        }
    }
}
