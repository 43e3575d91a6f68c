using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;

namespace Portal.Data.Maintenance;

/// <summary>
/// The building's equipment: read with <see cref="Permissions.MaintenanceView"/>, changed with <see cref="Permissions.MaintenanceEdit"/>.
/// </summary>
public sealed class AssetService(PortalStore store, BuildingClock clock)
{
    /// <summary>
    /// By code. Filters: <c>kind</c>, <c>tower</c> (its id), <c>use</c>: retired; without it only what is in use. The search is for code,
    /// name, kind, place, maker, model and serial number. Sorts: code, name, kind, warranty.
    /// </summary>
    public async Task<Page<AssetRow>> ListAsync(ListQuery query, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.MaintenanceView)) return Page<AssetRow>.Empty;
        await using var db = await store.OpenAsync(user, ct);
        var page = await Rows(Sorted(db, query)).PageAsync(query, ct);
        return page with { Rows = await StandingAsync(db, page.Rows, ct) };
    }

    /// <summary>All that the list would show, for a file.</summary>
    public async IAsyncEnumerable<AssetRow> ExportAsync(ListQuery query, CurrentUser user, [EnumeratorCancellation] CancellationToken ct)
    {
        if (!user.Can(Permissions.MaintenanceView)) yield break;
        await using var db = await store.OpenAsync(user, ct);
        var rows = Exports.ReadAsync(
            await Sorted(db, query).Select(a => a.Id).ToListAsync(ct),
            async some => await StandingAsync(db, await Rows(db.Assets.AsNoTracking().Where(a => some.Contains(a.Id))).ToListAsync(ct), ct),
            row => row.Id);
        await foreach (var row in rows) yield return row;
    }

    /// <summary>The kinds that there are, for the filter and the form.</summary>
    public async Task<IReadOnlyList<string>> KindsAsync(CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.MaintenanceView)) return [];
        await using var db = await store.OpenAsync(user, ct);
        return await db.Assets.AsNoTracking().Select(a => a.Kind).Distinct().OrderBy(k => k).ToListAsync(ct);
    }

    /// <summary>The towers, for the filter and the form.</summary>
    public async Task<IReadOnlyList<MaintenanceOption>> TowersAsync(CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.MaintenanceView)) return [];
        await using var db = await store.OpenAsync(user, ct);
        return await db.Towers.AsNoTracking().OrderBy(t => t.Name).ThenBy(t => t.Id).Select(t => new MaintenanceOption(t.Id, t.Name))
            .ToListAsync(ct);
    }

    /// <summary>Suppliers in use whose name holds a text, to choose who maintains something.</summary>
    public async Task<IReadOnlyList<MaintenanceOption>> SuppliersAsync(string text, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.MaintenanceEdit) || text.Trim() is not { Length: > 0 } wanted) return [];
        await using var db = await store.OpenAsync(user, ct);
        return await db.Suppliers.AsNoTracking().Where(s => s.Active && s.Name.Contains(wanted)).OrderBy(s => s.Name).ThenBy(s => s.Id).Take(10)
            .Select(s => new MaintenanceOption(s.Id, s.Name)).ToListAsync(ct);
    }

    /// <returns>Null where there is none for this person.</returns>
    public async Task<AssetView?> FindAsync(long id, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.MaintenanceView)) return null;
        await using var db = await store.OpenAsync(user, ct);
        var found = await db.Assets.AsNoTracking().Where(a => a.Id == id)
            .Select(a => new { Asset = a, Tower = a.Tower!.Name, Supplier = a.Supplier!.Name }).SingleOrDefaultAsync(ct);
        if (found is null) return null;
        var duties = await db.InspectionDuties.AsNoTracking().Where(d => d.AssetId == id)
            .Select(d => new { d.Id, d.KindId, d.Kind!.Name, d.Kind.Months, d.Kind.NoticeDays, d.Kind.Source, d.EndedOn }).ToListAsync(ct);
        var done = (await db.Inspections.AsNoTracking().Where(i => i.Duty!.AssetId == id)
            .OrderByDescending(i => i.DoneOn).ThenByDescending(i => i.Id)
            .Select(i => new
            {
                i.DutyId,
                Line = new InspectionLine(
                    i.Id, i.DoneOn, i.Passed, i.ValidUntil, i.Issuer, i.CertificateNumber, i.Note, i.FileName, i.ContentType, i.Size, i.WithdrawnAt,
                    i.WithdrawnReason),
            })
            .ToListAsync(ct)).ToLookup(i => i.DutyId, i => i.Line);
        var views = duties.Select(d =>
        {
            var counts = done[d.Id].Where(i => i.WithdrawnAt is null).ToList();
            var until = counts.Max(i => i.ValidUntil);
            var state = InspectionStandings.Of(counts is [{ Passed: false }, ..], until, d.NoticeDays, clock.Today);
            return new DutyView(d.Id, d.KindId, d.Name, d.Months, d.Source, d.EndedOn, until, state, [.. done[d.Id]]);
        });
        return new AssetView(
            id, Of(found.Asset), found.Tower, found.Supplier, found.Asset.RetiredOn, found.Asset.RetiredReason,
            [.. views.OrderBy(d => d.EndedOn is not null).ThenBy(d => d.State).ThenBy(d => d.ValidUntil).ThenBy(d => d.Kind, StringComparer.CurrentCulture)]);
    }

    /// <summary>
    /// New equipment, or a change. Whatever two people changed in different fields holds both times (<see cref="Edits"/>).
    /// </summary>
    /// <returns>
    /// Its id. Refusals: <c>forbidden</c>, <c>not_found</c>, <c>required</c>, <c>too_long</c>, <c>asset.code</c>, <c>asset.code_taken</c>
    /// with what has it, <c>asset.warranty</c>, <c>edit.changed</c>.
    /// </returns>
    public async Task<Result<long>> SaveAsync(long? id, AssetInput input, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.MaintenanceEdit)) return Error.Forbidden;
        var saved = await store.WriteAsync<long>(
            user,
            async (db, token) =>
            {
                var asset = id is null ? new Asset() : await db.Assets.Where(a => a.Id == id).ForUpdate().SingleOrDefaultAsync(token);
                if (asset is null) return Error.NotFound;
                var merged = id is null ? input : Edits.Merge(input, Of(asset));
                if (!merged.Ok) return Result<long>.Refused(merged);
                var given = merged.Value;
                if (await CheckAsync(db, given, id ?? 0, token) is { Count: > 0 } errors) return errors;
                (asset.Code, asset.Name, asset.Kind) = (Code(given.Code)!, given.Name!.Trim(), given.Kind!.Trim());
                (asset.TowerId, asset.Place, asset.SupplierId) = (given.TowerId, given.Place.TrimToNull(), given.SupplierId);
                (asset.Maker, asset.Model, asset.SerialNumber) =
                    (given.Maker.TrimToNull(), given.Model.TrimToNull(), given.SerialNumber.TrimToNull());
                (asset.InstalledOn, asset.WarrantyUntil, asset.Notes) = (given.InstalledOn, given.WarrantyUntil, given.Notes.TrimToNull());
                if (id is null) db.Assets.Add(asset);
                await db.SaveChangesAsync(token);
                return asset.Id;
            },
            ct);
        return saved.Error?.Code == "duplicate.uq_assets_code" ? new Error("asset.code_taken", nameof(AssetInput.Code), Code(input.Code)) : saved;
    }

    /// <summary>It is not there any more: nothing of it is asked for or reminded, and its history stays.</summary>
    /// <returns>Refusals: <c>forbidden</c>, <c>not_found</c>, <c>required</c>, <c>too_long</c>, <c>asset.retired</c>.</returns>
    public async Task<Result> RetireAsync(long id, string? reason, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.MaintenanceEdit)) return Error.Forbidden;
        if (reason.TrimToNull() is not { } why) return Error.Required("Reason");
        if (why.Length > 200) return Error.TooLong("Reason", 200);
        return await store.WriteAsync(
            user,
            async (db, token) =>
            {
                if (await db.Assets.Where(a => a.Id == id).ForUpdate().SingleOrDefaultAsync(token) is not { } asset) return Error.NotFound;
                if (asset.RetiredOn is not null) return new Error("asset.retired");
                asset.Retire(clock.Today, why);
                return Result.Done;
            },
            ct);
    }

    /// <summary>It was retired by mistake, or is in use again.</summary>
    /// <returns>Refusals: <c>forbidden</c>, <c>not_found</c>.</returns>
    public async Task<Result> ReturnAsync(long id, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.MaintenanceEdit)) return Error.Forbidden;
        return await store.WriteAsync(
            user,
            async (db, token) =>
            {
                if (await db.Assets.Where(a => a.Id == id).ForUpdate().SingleOrDefaultAsync(token) is not { } asset) return Error.NotFound;
                asset.Return();
                return Result.Done;
            },
            ct);
    }

    private async Task<List<AssetRow>> StandingAsync(PortalDb db, IReadOnlyList<AssetRow> rows, CancellationToken ct)
    {
        var ids = rows.Select(r => r.Id).ToList();
        var worst = await db.StandingOf(db.Asked().AsNoTracking().Where(d => ids.Contains(d.AssetId)), clock.Today)
            .Select(s => new { s.Duty.AssetId, s.Rank }).ToListAsync(ct);
        var by = worst.GroupBy(w => w.AssetId).ToDictionary(g => g.Key, g => (InspectionState)g.Min(w => w.Rank));
        return [.. rows.Select(r => r with { Worst = by.TryGetValue(r.Id, out var state) ? state : null })];
    }

    private static IOrderedQueryable<Asset> Sorted(PortalDb db, ListQuery query)
    {
        var assets = db.Assets.AsNoTracking();
        foreach (var word in (query.Search ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(6))
        {
            assets = assets.Where(a => a.Code.Contains(word) || a.Name.Contains(word) || a.Kind.Contains(word) || a.Place!.Contains(word)
                || a.Maker!.Contains(word) || a.Model!.Contains(word) || a.SerialNumber!.Contains(word));
        }

        if (query.Filter("kind") is { } kind) assets = assets.Where(a => a.Kind == kind);
        if (query.FilterNumber("tower") is { } tower) assets = assets.Where(a => a.TowerId == tower);
        assets = query.Filter("use") == "retired" ? assets.Where(a => a.RetiredOn != null) : assets.Where(a => a.RetiredOn == null);
        var sorted = query.Sort switch
        {
            "name" => assets.By(a => a.Name, query.Descending),
            "kind" => assets.By(a => a.Kind, query.Descending),
            "warranty" => assets.By(a => a.WarrantyUntil, query.Descending),
            _ => assets.By(a => a.Code, query.Descending),
        };
        return sorted.ThenBy(a => a.Id);
    }

    private static IQueryable<AssetRow> Rows(IQueryable<Asset> assets) => assets.Select(a => new AssetRow(
        a.Id, a.Code, a.Name, a.Kind, a.Tower!.Name, a.Place, a.Supplier!.Name, a.WarrantyUntil, a.RetiredOn, null));

    private static AssetInput Of(Asset a) => new(
        a.Code, a.Name, a.Kind, a.TowerId, a.Place, a.Maker, a.Model, a.SerialNumber, a.SupplierId, a.InstalledOn, a.WarrantyUntil, a.Notes);

    /// <summary>As it is written on labels: in capitals.</summary>
    private static string? Code(string? typed) => typed.TrimToNull()?.ToUpperInvariant();

    /// <summary>Why nothing new is asked of a piece of equipment; null where it is in use.</summary>
    internal static async Task<Error?> WhyNotAsync(PortalDb db, long asset, string? field, CancellationToken ct) =>
        await db.Assets.Where(a => a.Id == asset).Select(a => new { a.RetiredOn }).SingleOrDefaultAsync(ct) is not { } found
            ? Error.NotFound with { Field = field }
            : found.RetiredOn is null ? null : new Error("asset.retired", field);

    private static async Task<List<Error>> CheckAsync(PortalDb db, AssetInput input, long id, CancellationToken ct)
    {
        var errors = new List<Error>();
        foreach (
            var (field, value, most, needed) in new[]
            {
                (nameof(input.Code), input.Code, 20, true), (nameof(input.Name), input.Name, 120, true), (nameof(input.Kind), input.Kind, 60, true),
                (nameof(input.Place), input.Place, 120, false), (nameof(input.Maker), input.Maker, 80, false),
                (nameof(input.Model), input.Model, 80, false), (nameof(input.SerialNumber), input.SerialNumber, 80, false),
                (nameof(input.Notes), input.Notes, 1000, false),
            }
        )
        {
            if (needed && value.TrimToNull() is null) errors.Add(Error.Required(field));
            else if (value?.Trim().Length > most) errors.Add(Error.TooLong(field, most));
        }

        if (Code(input.Code) is { } code)
        {
            if (!code.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '/')) errors.Add(new Error("asset.code", nameof(input.Code)));
            else if (await db.Assets.Where(a => a.Code == code && a.Id != id).Select(a => a.Name).FirstOrDefaultAsync(ct) is { } other)
                errors.Add(new Error("asset.code_taken", nameof(input.Code), other));
        }

        if (input is { InstalledOn: { } installed, WarrantyUntil: { } until } && until < installed)
            errors.Add(new Error("asset.warranty", nameof(input.WarrantyUntil)));
        if (input.TowerId is { } tower && !await db.Towers.AnyAsync(t => t.Id == tower, ct))
            errors.Add(Error.NotFound with { Field = nameof(input.TowerId) });
        if (input.SupplierId is { } supplier && !await db.Suppliers.AnyAsync(s => s.Id == supplier, ct))
            errors.Add(Error.NotFound with { Field = nameof(input.SupplierId) });
        return errors;
    }
}
