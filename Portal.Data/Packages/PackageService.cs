using System.Globalization;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Building;
using Portal.Data.Notifications;

namespace Portal.Data.Packages;

/// <summary>One package. Times are UTC.</summary>
public sealed record PackageRow(
    long Id, long ApartmentId, string Unit, string Carrier, string? Description, PackageState State, DateTime ReceivedAt,
    string? ReceivedBy, DateTime? EndedAt, string? CollectedBy)
{
    /// <summary>What whoever fetches it shows at the gate; only for who owns the apartment or lives in it, while it waits.</summary>
    public string? Code { get; init; }

    /// <summary>By what it was seen that it went to the right person; null: it did not, or before this was asked.</summary>
    public PickupProof? Proof { get; init; }

    /// <summary>Who gave it away.</summary>
    public string? HandedBy { get; init; }
}

/// <summary>Who takes a package, and what shows that they may.</summary>
/// <param name="To">Their name; may be left out with a code that is right.</param>
/// <param name="Code">As they showed it.</param>
/// <param name="Signature">The strokes (<see cref="Signatures"/>).</param>
public sealed record Pickup(string? To, string? Code = null, string? Signature = null);

/// <summary>What the gate notes of a package that arrives.</summary>
public sealed record NewPackage(long ApartmentId, string Carrier, string? Description);

/// <summary>Packages at the gate: received, handed over or sent back. A resident sees those to their apartments.</summary>
public sealed class PackageService(PortalStore store, BuildingClock clock)
{
    /// <summary>What a resident's bell says of it.</summary>
    public const string Received = "package.received", Gone = "package.gone";

    /// <summary>What waits first, then the latest. Filters: <c>state</c>, <c>from</c> and <c>to</c> (day of arrival).</summary>
    public async Task<Page<PackageRow>> ListAsync(ListQuery query, CurrentUser user, CancellationToken ct)
    {
        await using var db = await store.OpenAsync(user, ct);
        var packages = VisibleTo(db.Packages.AsNoTracking(), user);
        var mine = user.Can(Permissions.PackagesViewOwn) ? user.ApartmentIds : [];
        if (query.Search?.Trim() is { Length: > 0 } text)
        {
            var units = (await UnitSearch.ReadAsync(db, text, ct)).Beginning(db).Select(a => a.Id);
            packages = packages.Where(p => p.Carrier.Contains(text) || p.Description!.Contains(text) || p.CollectedByName!.Contains(text)
                || units.Contains(p.ApartmentId));
        }

        if (query.Filter<PackageState>("state") is { } state) packages = packages.Where(p => p.Status == state);
        if (query.FilterDate("from") is { } from)
        {
            var since = clock.Beginning(from);
            packages = packages.Where(p => p.ReceivedAt >= since);
        }

        if (query.FilterDate("to") is { } to)
        {
            var until = clock.Beginning(to.AddDays(1));
            packages = packages.Where(p => p.ReceivedAt < until);
        }

        var ordered = (query.Sort, query.Descending) switch
        {
            ("received", false) => packages.OrderBy(p => p.ReceivedAt).ThenBy(p => p.Id),
            ("received", true) => packages.OrderByDescending(p => p.ReceivedAt).ThenByDescending(p => p.Id),
            ("unit", false) => packages
                .OrderBy(p => p.Apartment!.Tower!.Name)
                .ThenBy(p => p.Apartment!.ApartmentNumber)
                .ThenByDescending(p => p.Id),
            ("unit", true) => packages
                .OrderByDescending(p => p.Apartment!.Tower!.Name)
                .ThenByDescending(p => p.Apartment!.ApartmentNumber)
                .ThenByDescending(p => p.Id),
            ("carrier", false) => packages.OrderBy(p => p.Carrier).ThenByDescending(p => p.Id),
            ("carrier", true) => packages.OrderByDescending(p => p.Carrier).ThenByDescending(p => p.Id),
            _ => packages.OrderBy(p => p.Status != PackageState.Waiting).ThenByDescending(p => p.ReceivedAt).ThenByDescending(p => p.Id),
        };
        return await ordered
            .Select(p => new PackageRow(
                p.Id, p.ApartmentId, UnitName.Of(p.Apartment!), p.Carrier, p.Description, p.Status,
                p.ReceivedAt, db.Profiles.Where(o => o.UserId == p.ReceivedBy).Select(o => o.FullName).FirstOrDefault(),
                p.CollectedAt, p.CollectedByName)
            {
                Code = mine.Contains(p.ApartmentId) ? p.PickupCode : null,
                Proof = p.Proof,
                HandedBy = db.Profiles.Where(o => o.UserId == p.HandedBy).Select(o => o.FullName).FirstOrDefault(),
            })
            .PageAsync(query, ct);
    }

    /// <summary>Apartments to receive for. Needs <see cref="Permissions.PackagesLog"/>.</summary>
    public async Task<IReadOnlyList<UnitOption>> UnitsAsync(string text, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.PackagesLog)) return [];
        await using var db = await store.OpenAsync(user, ct);
        return await ApartmentSearch.FindAsync(db, text, ct);
    }

    /// <summary>Takes a package in and tells everybody who owns or lives in the apartment.</summary>
    /// <returns>Its id.</returns>
    public async Task<Result<long>> ReceiveAsync(NewPackage package, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.PackagesLog)) return Error.Forbidden;
        return await store.WriteAsync<long>(
            user, (db, token) => ReceiveAsync(db, package, clock.UtcNow, user.AccountId, clock.Today, token), ct);
    }

    /// <summary>As <see cref="ReceiveAsync(NewPackage, CurrentUser, CancellationToken)"/>, within a write that decides who may.</summary>
    /// <param name="at">When it came, in UTC.</param>
    internal static async Task<Result<long>> ReceiveAsync(
        PortalDb db, NewPackage package, DateTime at, long? by, DateOnly today, CancellationToken ct)
    {
        var errors = new List<Error>();
        if (package.ApartmentId == 0) errors.Add(Error.Required(nameof(NewPackage.ApartmentId)));
        if (string.IsNullOrWhiteSpace(package.Carrier)) errors.Add(Error.Required(nameof(NewPackage.Carrier)));
        else if (package.Carrier.Trim().Length > 100) errors.Add(Error.TooLong(nameof(NewPackage.Carrier), 100));
        if (package.Description?.Trim().Length > 200) errors.Add(Error.TooLong(nameof(NewPackage.Description), 200));
        if (errors.Count > 0) return errors;
        if (!await db.Apartments.AnyAsync(a => a.Id == package.ApartmentId, ct))
            return Error.NotFound with { Field = nameof(NewPackage.ApartmentId) };
        var row = new Package
        {
            ApartmentId = package.ApartmentId,
            Carrier = package.Carrier.Trim(),
            Description = package.Description.TrimToNull(),
            ReceivedAt = at,
            ReceivedBy = by,
        };
        row.Await(await FreeCodeAsync(db, ct));
        db.Packages.Add(row);
        await TellAsync(db, row, today, ct);
        await db.SaveChangesAsync(ct);
        return row.Id;
    }

    /// <summary>
    /// Gives a package away, to who shows its code, signs, or shows a document with the name that is noted. Needs
    /// <see cref="Permissions.PackagesLog"/>.
    /// </summary>
    /// <returns>
    /// Refusals: <c>package.code</c> for a code that is another's, <c>package.signature</c> for what is none, <c>required</c> for a name that
    /// is missing, <c>package.collected</c>, <c>package.returned</c>.
    /// </returns>
    public async Task<Result> HandOverAsync(long id, Pickup pickup, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.PackagesLog)) return Error.Forbidden;
        if (pickup.Signature.TrimToNull() is { } drawn && Signatures.Read(drawn) is null) return new Error("package.signature", "Signature");
        return await store.WriteAsync(
            user,
            async (db, token) =>
            {
                // Who sits at the desk may ask again; what a terminal tells has happened.
                var code = pickup.Code.TrimToNull();
                if (code is not null
                    && !await db.Packages.AnyAsync(p => p.Id == id && (p.PickupCode == code || p.Status != PackageState.Waiting), token))
                    return new Error("package.code", "Code");
                return await HandOverAsync(
                    db, id, pickup, signed => signed ? PickupProof.Signature : PickupProof.Document, user.AccountId, clock.UtcNow, token);
            },
            ct);
    }

    /// <summary>As a terminal tells it: it has gone, whatever was shown. Within a write that decides who may.</summary>
    /// <param name="at">When it was handed over, in UTC.</param>
    internal static Task<Result> HandOverAsync(PortalDb db, long id, Pickup pickup, long? by, DateTime at, CancellationToken ct) =>
        HandOverAsync(db, id, pickup, signed => signed ? PickupProof.Signature : PickupProof.None, by, at, ct);

    private static async Task<Result> HandOverAsync(
        PortalDb db, long id, Pickup pickup, Func<bool, PickupProof> without, long? by, DateTime at, CancellationToken ct)
    {
        if (pickup.To?.Trim().Length > 200) return Error.TooLong("To", 200);
        // Locked: two guards hand over one package once, and the second hears to whom it went.
        if (await db.Packages.Where(p => p.Id == id).ForUpdate().SingleOrDefaultAsync(ct) is not { } package) return Error.NotFound;
        var (to, signature, code) = (pickup.To.TrimToNull(), Signatures.Read(pickup.Signature), pickup.Code.TrimToNull());
        var shown = code is not null && package.PickupCode == code;
        if (to is null && !shown && package.Status == PackageState.Waiting) return Error.Required("To");
        var proof = shown ? PickupProof.Code : without(signature is not null);
        var done = package.End(PackageState.Collected, to, proof, signature, by, at);
        if (!done.Ok) return done;
        if (!shown) await TellGoneAsync(db, package, ct);
        return Result.Done;
    }

    /// <summary>Sends it back to its carrier.</summary>
    public async Task<Result> ReturnAsync(long id, CurrentUser user, CancellationToken ct) =>
        user.Can(Permissions.PackagesLog)
            ? await store.WriteAsync(
                user,
                async (db, token) =>
                    await db.Packages.Where(p => p.Id == id).ForUpdate().SingleOrDefaultAsync(token) is { } package
                        ? package.End(PackageState.Returned, null, null, null, user.AccountId, clock.UtcNow)
                        : Error.NotFound,
                ct)
            : Error.Forbidden;

    /// <summary>The signature of who took it, for the gate, the office, and who owns the apartment or lives in it; null: there is none.</summary>
    public async Task<string?> SignatureAsync(long id, CurrentUser user, CancellationToken ct)
    {
        await using var db = await store.OpenAsync(user, ct);
        return await VisibleTo(db.Packages.AsNoTracking(), user).Where(p => p.Id == id).Select(p => p.Signature).SingleOrDefaultAsync(ct);
    }

    /// <summary>Six digits that no other package has which waits.</summary>
    private static async Task<string> FreeCodeAsync(PortalDb db, CancellationToken ct)
    {
        while (true)
        {
            var code = RandomNumberGenerator.GetInt32(1_000_000).ToString("000000", CultureInfo.InvariantCulture);
            if (!await db.Packages.AnyAsync(p => p.PickupCode == code, ct)) return code;
        }
    }

    /// <summary>It went to somebody who did not show the code: whoever expected it hears to whom.</summary>
    private static async Task TellGoneAsync(PortalDb db, Package package, CancellationToken ct)
    {
        var what = package.CollectedByName is { } to ? $"{package.Carrier}, {to}" : package.Carrier;
        var today = db.Building.Today;
        await new NotificationDraft(Gone, RecipientType.Owner, "Se entregó un paquete", what, "/packages?state=collected", [new(Text: what)])
            .AddAsync(db, await ResidentsAsync(db, package.ApartmentId, today, ct), ct, $"package:{package.Id}");
    }

    private static Task<List<long>> ResidentsAsync(PortalDb db, long apartment, DateOnly today, CancellationToken ct) => db
        .Occupancies.Where(o => o.ApartmentId == apartment && o.StartedOn <= today && (o.EndedOn == null || o.EndedOn >= today))
        .Select(o => o.Owner!.UserId)
        .Union(db.Apartments.Where(a => a.Id == apartment && a.OwnerId != null).Select(a => a.Owner!.UserId))
        .ToListAsync(ct);

    private static async Task TellAsync(PortalDb db, Package package, DateOnly today, CancellationToken ct)
    {
        var residents = await ResidentsAsync(db, package.ApartmentId, today, ct);
        var what = package.Description is { } description ? $"{package.Carrier}, {description}" : package.Carrier;
        await new NotificationDraft(Received, RecipientType.Owner, "Paquete en portería", what, "/packages", [new(Text: what)]).AddAsync(
            db, residents, ct);
    }

    private static IQueryable<Package> VisibleTo(IQueryable<Package> packages, CurrentUser user)
    {
        if (user.Can(Permissions.PackagesView)) return packages;
        var mine = user.ApartmentIds;
        return user.Can(Permissions.PackagesViewOwn) ? packages.Where(p => mine.Contains(p.ApartmentId)) : packages.Where(p => false);
    }
}
