using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Building;
using Portal.Data.Maintenance;
using Portal.Data.Operations;
using Portal.Data.Parking;
using Portal.Data.Payments;
using Portal.Data.People;
using Portal.Data.Pqrs;

namespace Portal.Data.Home;

public enum FoundKind { Apartment, Person, Plate, Case, Receipt, Asset, WorkOrder }

/// <param name="Id">Of the apartment, account, parking space, case, payment, piece of equipment or work order.</param>
public sealed record Found(FoundKind Kind, long Id, string Title, string? Detail);

/// <summary>
/// One search over what people look for by name: apartments, people, plates, numbers of cases, receipts and work orders, equipment; capitals, accents and dots make
/// no difference. Each only as far as the person may see it.
/// </summary>
public sealed class SearchService(PortalStore store, BuildingClock clock)
{
    private const int Most = 5;

    /// <summary>From so many letters and digits on, a document or a plate is looked for by its beginning.</summary>
    private const int ShortestKey = 3;

    public async Task<IReadOnlyList<Found>> FindAsync(string text, CurrentUser user, CancellationToken ct)
    {
        text = text.Trim();
        if (text.Length is < 2 or > ListQuery.LongestSearch) return [];
        await using var db = await store.OpenAsync(user, ct);
        return
        [
            .. await UnitsAsync(db, text, user, ct),
            .. await PeopleAsync(db, text, user, ct),
            .. await PlatesAsync(db, text, user, ct),
            .. await CasesAsync(db, text, user, ct),
            .. await ReceiptsAsync(db, text, user, ct),
            .. await AssetsAsync(db, text, user, ct),
            .. await WorkOrdersAsync(db, text, user, ct),
        ];
    }

    private static async Task<List<Found>> UnitsAsync(PortalDb db, string text, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.BuildingView)) return [];
        var units = await UnitSearch.ReadAsync(db, text, ct);
        return await units.Beginning(db)
            .OrderBy(a => a.ApartmentNumber.Length)
            .ThenBy(a => a.ApartmentNumber)
            .ThenBy(a => a.Id)
            .Take(Most)
            .Select(a => new Found(
                FoundKind.Apartment,
                a.Id,
                UnitName.Of(a),
                db.Profiles.Where(p => a.Owner != null && p.UserId == a.Owner.UserId)
                    .Select(p => p.FullName)
                    .FirstOrDefault()
            ))
            .ToListAsync(ct);
    }

    private static async Task<List<Found>> PeopleAsync(PortalDb db, string text, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.PeopleView) && !user.Can(Permissions.PeopleContact)) return [];
        var whole = user.Can(Permissions.PeopleView);
        var found = await People(db.Named(text)).ToListAsync(ct);
        // Who reads contact data only cannot find out a document by asking for it either.
        var key = DocumentNumbers.Key(text);
        if (!whole || key.Length < ShortestKey || found.Count == Most) return found;
        var (keys, beginning) = (DocumentNumbers.Keys(text), $"{key}%");
        var documents = db.Profiles.AsNoTracking()
            .Where(p => keys.Contains(p.DocumentNumberKey!) || EF.Functions.Like(p.DocumentNumberKey!, beginning));
        return [.. found.Concat(await People(documents).ToListAsync(ct)).DistinctBy(person => person.Id).Take(Most)];

        // The guards' numbers are not for their colleagues.
        IQueryable<Found> People(IQueryable<Profile> profiles) =>
            profiles.OrderBy(p => p.LastName).ThenBy(p => p.FirstName).ThenBy(p => p.Id).Take(Most)
                .Select(p => new Found(FoundKind.Person, p.UserId, p.FullName, whole || p.User!.RoleId != Roles.Security ? p.Phone : null));
    }

    private static async Task<List<Found>> PlatesAsync(PortalDb db, string text, CurrentUser user, CancellationToken ct)
    {
        var key = Plates.Key(text);
        if (!user.Can(Permissions.ParkingView) || key.Length < ShortestKey) return [];
        var beginning = $"{key}%";
        return await db
            .Parking.AsNoTracking()
            .Where(p => EF.Functions.Like(p.LicensePlateKey!, beginning))
            .OrderBy(p => p.LicensePlateKey)
            .ThenBy(p => p.Id)
            .Take(Most)
            .Select(p => new Found(FoundKind.Plate, p.Id, p.LicensePlate!, UnitName.Of(p.Apartment) ?? p.SpaceNumber))
            .ToListAsync(ct);
    }

    private async Task<List<Found>> CasesAsync(PortalDb db, string text, CurrentUser user, CancellationToken ct)
    {
        var numbers = RunningNumber.Read(text, PqrsQueries.Series, clock.Today.Year, bare: true);
        var cases = db.Pqrs.AsNoTracking().VisibleTo(user);
        cases = numbers.Count > 0 ? cases.Where(p => numbers.Contains(p.Number!)) : cases.Where(p => p.Title.Contains(text));
        return await cases.OrderByDescending(p => p.Id).Take(Most)
            .Select(p => new Found(FoundKind.Case, p.Id, p.Number ?? "", p.Title)).ToListAsync(ct);
    }

    private async Task<List<Found>> ReceiptsAsync(PortalDb db, string text, CurrentUser user, CancellationToken ct)
    {
        var numbers = RunningNumber.Read(text, PaymentDesk.Series, clock.Today.Year, bare: true);
        if (numbers.Count == 0) return [];
        return await db.Payments.AsNoTracking().VisibleTo(user)
            .Where(p => numbers.Contains(p.ReceiptNumber!))
            .OrderByDescending(p => p.Id)
            .Take(Most)
            .Select(p => new Found(FoundKind.Receipt, p.Id, p.ReceiptNumber!, UnitName.Of(p.Apartment)))
            .ToListAsync(ct);
    }

    private static async Task<List<Found>> AssetsAsync(PortalDb db, string text, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.MaintenanceView)) return [];
        return await db.Assets.AsNoTracking().Where(a => a.RetiredOn == null && (a.Code.StartsWith(text) || a.Name.Contains(text)))
            .OrderBy(a => a.Code).ThenBy(a => a.Id).Take(Most).Select(a => new Found(FoundKind.Asset, a.Id, a.Code, a.Name)).ToListAsync(ct);
    }

    private async Task<List<Found>> WorkOrdersAsync(PortalDb db, string text, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.MaintenanceView) && !user.Can(Permissions.MaintenanceWorkOwn)) return [];
        var numbers = RunningNumber.Read(text, WorkOrder.Series, clock.Today.Year);
        var orders = db.WorkOrders.AsNoTracking().VisibleTo(user);
        orders = numbers.Count > 0 ? orders.Where(o => numbers.Contains(o.Number)) : orders.Active().Where(o => o.Title.Contains(text));
        return await orders.OrderByDescending(o => o.Id).Take(Most)
            .Select(o => new Found(FoundKind.WorkOrder, o.Id, o.Number, o.Title)).ToListAsync(ct);
    }
}
