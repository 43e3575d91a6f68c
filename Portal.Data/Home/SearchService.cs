using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;

namespace Portal.Data.Home;

public enum FoundKind { Apartment, Person, Plate, Case }

/// <param name="Id">Of the apartment, account, parking space or case.</param>
public sealed record Found(FoundKind Kind, long Id, string Title, string? Detail);

/// <summary>
/// One search over what people look for by name: apartments, people, plates, case numbers. Each only as far as the person may see it.
/// </summary>
public sealed class SearchService(PortalStore store)
{
    private const int Most = 5;

    public async Task<IReadOnlyList<Found>> FindAsync(string text, CurrentUser user, CancellationToken ct)
    {
        text = text.Trim();
        if (text.Length < 2) return [];
        var found = new List<Found>();
        await using var db = await store.OpenAsync(user, ct);

        if (user.Can(Permissions.BuildingView))
        {
            var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var (tower, number) = words.Length > 1 ? (words[^2], words[^1]) : ("", words[0]);
            found.AddRange(
                await db
                    .Apartments.AsNoTracking()
                    .Where(a => a.ApartmentNumber.StartsWith(number) && (tower == "" || a.Tower!.Name.EndsWith(tower)))
                    .OrderBy(a => a.ApartmentNumber.Length)
                    .ThenBy(a => a.ApartmentNumber)
                    .ThenBy(a => a.Id)
                    .Take(Most)
                    .Select(a => new Found(
                        FoundKind.Apartment,
                        a.Id,
                        a.Tower!.Name + " " + a.ApartmentNumber,
                        db.Profiles.Where(p => a.Owner != null && p.UserId == a.Owner.UserId)
                            .Select(p => p.FirstName + " " + p.LastName)
                            .FirstOrDefault()
                    ))
                    .ToListAsync(ct)
            );
        }

        if (user.Can(Permissions.PeopleView) || user.Can(Permissions.PeopleContact))
        {
            // Who reads contact data only cannot find out a document by asking for it either.
            var documents = user.Can(Permissions.PeopleView);
            found.AddRange(await db.Profiles.AsNoTracking()
                .Where(p => (p.FirstName + " " + p.LastName).Contains(text) || (documents && p.DocumentNumber!.StartsWith(text)))
                .OrderBy(p => p.LastName).ThenBy(p => p.FirstName).ThenBy(p => p.Id).Take(Most)
                .Select(p => new Found(FoundKind.Person, p.UserId, p.FirstName + " " + p.LastName, p.Phone)).ToListAsync(ct));
        }

        if (user.Can(Permissions.ParkingView))
        {
            var plate = text.Replace(" ", "", StringComparison.Ordinal);
            found.AddRange(
                await db
                    .Parking.AsNoTracking()
                    .Where(p => p.LicensePlate != null && p.LicensePlate.Replace(" ", "").StartsWith(plate))
                    .OrderBy(p => p.LicensePlate)
                    .ThenBy(p => p.Id)
                    .Take(Most)
                    .Select(p => new Found(
                        FoundKind.Plate, p.Id, p.LicensePlate!,
                        p.Apartment == null ? p.SpaceNumber : p.Apartment.Tower!.Name + " " + p.Apartment.ApartmentNumber))
                    .ToListAsync(ct)
            );
        }

        var mine = user.OwnerIds;
        var all = user.Can(Permissions.PqrsView);
        if (all || user.Can(Permissions.PqrsFileOwn))
        {
            found.AddRange(await db.Pqrs.AsNoTracking()
                .Where(p => (all || mine.Contains(p.OwnerId)) && (p.Number!.Contains(text) || p.Title.Contains(text)))
                .OrderByDescending(p => p.Id).Take(Most)
                .Select(p => new Found(FoundKind.Case, p.Id, p.Number ?? "", p.Title)).ToListAsync(ct));
        }

        return found;
    }
}
