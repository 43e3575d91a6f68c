using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Building;
using Portal.Data.Notifications;

namespace Portal.Data.Packages;

/// <summary>One package. Times are UTC.</summary>
public sealed record PackageRow(
    long Id, long ApartmentId, string Unit, string Carrier, string? Description, PackageState State, DateTime ReceivedAt,
    string? ReceivedBy, DateTime? EndedAt, string? CollectedBy);

/// <summary>What the gate notes of a package that arrives.</summary>
public sealed record NewPackage(long ApartmentId, string Carrier, string? Description);

/// <summary>Packages at the gate: received, handed over or sent back. A resident sees those to their apartments.</summary>
public sealed class PackageService(PortalStore store, BuildingClock clock)
{
    /// <summary>What a resident's bell says of it.</summary>
    public const string Received = "package.received";

    /// <summary>What waits first, then the latest. Filters: <c>state</c>, <c>from</c> and <c>to</c> (day of arrival).</summary>
    public async Task<Page<PackageRow>> ListAsync(ListQuery query, CurrentUser user, CancellationToken ct)
    {
        await using var db = await store.OpenAsync(user, ct);
        var packages = VisibleTo(db.Packages.AsNoTracking(), user);
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
                p.CollectedAt, p.CollectedByName))
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
            Status = PackageState.Waiting,
            ReceivedAt = at,
            ReceivedBy = by,
        };
        db.Packages.Add(row);
        await TellAsync(db, row, today, ct);
        await db.SaveChangesAsync(ct);
        return row.Id;
    }

    /// <param name="to">Who took it, as the guard read on their document.</param>
    public async Task<Result> HandOverAsync(long id, string to, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.PackagesLog)) return Error.Forbidden;
        return await store.WriteAsync(user, (db, token) => HandOverAsync(db, id, to, clock.UtcNow, token), ct);
    }

    /// <summary>As <see cref="HandOverAsync(long, string, CurrentUser, CancellationToken)"/>, within a write that decides who
    /// may.</summary>
    /// <param name="at">When it was handed over, in UTC.</param>
    internal static async Task<Result> HandOverAsync(PortalDb db, long id, string? to, DateTime at, CancellationToken ct)
    {
        if (string.IsNullOrWhiteSpace(to)) return Error.Required("To");
        if (to.Trim().Length > 200) return Error.TooLong("To", 200);
        return await EndAsync(db, id, PackageState.Collected, to.Trim(), at, ct);
    }

    /// <summary>Sends it back to its carrier.</summary>
    public async Task<Result> ReturnAsync(long id, CurrentUser user, CancellationToken ct) =>
        user.Can(Permissions.PackagesLog)
            ? await store.WriteAsync(user, (db, token) => EndAsync(db, id, PackageState.Returned, null, clock.UtcNow, token), ct)
            : Error.Forbidden;

    private static async Task<Result> EndAsync(PortalDb db, long id, PackageState end, string? to, DateTime at, CancellationToken ct)
    {
        // Locked: two guards hand over one package once, and the second hears to whom it went.
        if (await db.Packages.Where(p => p.Id == id).ForUpdate().SingleOrDefaultAsync(ct) is not { } package) return Error.NotFound;
        if (package.Status == PackageState.Collected) return new Error("package.collected", null, package.CollectedByName);
        if (package.Status == PackageState.Returned) return new Error("package.returned");
        (package.Status, package.CollectedAt, package.CollectedByName) = (end, at, to);
        return Result.Done;
    }

    private static async Task TellAsync(PortalDb db, Package package, DateOnly today, CancellationToken ct)
    {
        var residents = await db
            .Occupancies.Where(o =>
                o.ApartmentId == package.ApartmentId && o.StartedOn <= today && (o.EndedOn == null || o.EndedOn >= today)
            )
            .Select(o => o.Owner!.UserId)
            .Union(db.Apartments.Where(a => a.Id == package.ApartmentId && a.OwnerId != null).Select(a => a.Owner!.UserId))
            .ToListAsync(ct);
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
