using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Building;
using Portal.Data.Parking;
using Portal.Data.People;

namespace Portal.Data.Passes;

/// <summary>Who is to be kept out or looked at twice.</summary>
/// <param name="ApartmentId">Null: of the whole building.</param>
/// <param name="Until">The last day; null: until it is lifted.</param>
public sealed record NewBlock(
    long? ApartmentId, BlockEffect Effect, string? Name, string? Identification, string? Plate, string Reason, DateOnly? Until);

/// <summary>A line of a list, for who may write it.</summary>
/// <param name="At">UTC.</param>
public sealed record BlockRow(
    long Id, long? ApartmentId, string? Unit, BlockEffect Effect, string? Name, string? Identification, string? Plate, string Reason,
    DateOnly? Until, string By, DateTime At, DateTime? LiftedAt, bool Over);

/// <summary>
/// The building's list, which the office keeps (<see cref="Permissions.GateManage"/>), and each apartment's own, which those who live there
/// or own it keep. Neither sees the other's.
/// </summary>
public sealed class GateBlockService(PortalStore store, BuildingClock clock)
{
    /// <summary>Those in force first, the latest first. The filter <c>state=over</c>: those that ended.</summary>
    /// <param name="apartment">Null: the building's list.</param>
    public async Task<Page<BlockRow>> ListAsync(long? apartment, ListQuery query, CurrentUser user, CancellationToken ct)
    {
        if (!MayKeep(apartment, user)) return Page<BlockRow>.Empty;
        var today = clock.Today;
        await using var db = await store.OpenAsync(user, ct);
        var blocks = db.GateBlocks.AsNoTracking().Where(b => b.ApartmentId == apartment);
        if (query.Search?.Trim() is { Length: > 0 } text)
        {
            var (document, plate) = ($"{DocumentNumbers.Key(text)}%", $"{Plates.Key(text)}%");
            blocks = plate.Length == 1
                ? blocks.Where(b => b.Name!.Contains(text))
                : blocks.Where(b => b.Name!.Contains(text) || EF.Functions.Like(b.IdentificationKey!, document)
                    || EF.Functions.Like(b.LicensePlateKey!, plate));
        }

        blocks = query.Filter("state") == "over"
            ? blocks.Where(b => b.LiftedAt != null || b.UntilDate < today)
            : blocks.Where(b => b.LiftedAt == null && (b.UntilDate == null || b.UntilDate >= today));
        var ordered = (query.Sort, query.Descending) switch
        {
            ("name", false) => blocks.OrderBy(b => b.Name).ThenBy(b => b.Id),
            ("name", true) => blocks.OrderByDescending(b => b.Name).ThenByDescending(b => b.Id),
            ("until", false) => blocks.OrderBy(b => b.UntilDate).ThenBy(b => b.Id),
            ("until", true) => blocks.OrderByDescending(b => b.UntilDate).ThenByDescending(b => b.Id),
            _ => blocks.OrderByDescending(b => b.Id),
        };
        var now = clock.UtcNow;
        return await ordered
            .Select(b => new BlockRow(
                b.Id, b.ApartmentId, UnitName.Of(b.Apartment), b.Effect, b.Name, b.Identification, b.LicensePlate, b.Reason, b.UntilDate,
                db.Profiles.Where(p => p.UserId == b.MadeBy).Select(p => p.FullName).FirstOrDefault() ?? "", b.CreatedAt ?? now, b.LiftedAt,
                b.LiftedAt != null || b.UntilDate < today))
            .PageAsync(query, ct);
    }

    /// <summary>Puts somebody on a list, by document or by plate.</summary>
    public async Task<Result<long>> AddAsync(NewBlock input, CurrentUser user, CancellationToken ct)
    {
        if (!MayKeep(input.ApartmentId, user)) return Error.Forbidden;
        var errors = Check(input);
        if (errors.Count > 0) return errors;
        return await store.WriteAsync<long>(
            user,
            async (db, token) =>
            {
                var made = GateBlock.Of(input, user.Id);
                var (today, document, plate) = (clock.Today, made.IdentificationKey, made.LicensePlateKey);
                if (await db.GateBlocks.AnyAsync(
                    b => b.ApartmentId == input.ApartmentId && b.Effect == input.Effect && b.LiftedAt == null
                        && (b.UntilDate == null || b.UntilDate >= today) && b.IdentificationKey == document && b.LicensePlateKey == plate,
                    token))
                    return new Error("block.there", nameof(NewBlock.Identification));
                db.GateBlocks.Add(made);
                await db.SaveChangesAsync(token);
                return made.Id;
            },
            ct);
    }

    /// <summary>They may come again.</summary>
    public async Task<Result> LiftAsync(long id, CurrentUser user, CancellationToken ct) =>
        await store.WriteAsync(
            user,
            async (db, token) =>
            {
                var block = await db.GateBlocks.Where(b => b.Id == id).ForUpdate().SingleOrDefaultAsync(token);
                return block is null || !MayKeep(block.ApartmentId, user) ? Error.NotFound : block.Lift(clock.UtcNow, user.AccountId);
            },
            ct);

    private static bool MayKeep(long? apartment, CurrentUser user) => apartment is { } own
        ? user.Can(Permissions.GateAnnounceOwn) && user.ApartmentIds.Contains(own)
        : user.Can(Permissions.GateManage);

    private List<Error> Check(NewBlock input)
    {
        var errors = new List<Error>();
        if (DocumentNumbers.Key(input.Identification).Length == 0 && Plates.Key(input.Plate).Length == 0)
            errors.Add(new Error("block.who", nameof(NewBlock.Identification)));
        if (input.Name?.Trim().Length > 200) errors.Add(Error.TooLong(nameof(NewBlock.Name), 200));
        if (input.Identification?.Trim().Length > 50) errors.Add(Error.TooLong(nameof(NewBlock.Identification), 50));
        if (input.Plate?.Trim().Length > Plates.Longest) errors.Add(Error.TooLong(nameof(NewBlock.Plate), Plates.Longest));
        if (string.IsNullOrWhiteSpace(input.Reason)) errors.Add(Error.Required(nameof(NewBlock.Reason)));
        else if (input.Reason.Trim().Length > 500) errors.Add(Error.TooLong(nameof(NewBlock.Reason), 500));
        if (input.Until < clock.Today) errors.Add(new Error("gate.past", nameof(NewBlock.Until)));
        return errors;
    }
}
