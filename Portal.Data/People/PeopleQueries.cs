using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Building;
using Portal.Data.Identity;

namespace Portal.Data.People;

/// <summary>
/// An account with what is kept of its person. An adopted account may have no profile, or more than one: the first counts.
/// </summary>
internal sealed class PersonAndAccount
{
    public required User User { get; init; }
    public required Profile? Profile { get; init; }
}

/// <summary>How people are found, filtered and sorted.</summary>
internal static class PeopleQueries
{
    public static IQueryable<PersonAndAccount> People(this PortalDb db) =>
        from user in db.Users.AsNoTracking()
        join profile in db.Profiles on user.Id equals profile.UserId into profiles
        from profile in profiles.DefaultIfEmpty()
        where profile == null || !db.Profiles.Any(other => other.UserId == user.Id && other.Id < profile.Id)
        select new PersonAndAccount { User = user, Profile = profile };

    /// <summary>
    /// Filters by their names in the address: role (ids), state, kind (owner, tenant, none: what ties them to an apartment today). Who
    /// reads contact data only cannot ask by document, username or state either.
    /// </summary>
    public static IQueryable<PersonAndAccount> Matching(
        this IQueryable<PersonAndAccount> people, PortalDb db, ListQuery query, UnitSearch units, bool whole, DateOnly today)
    {
        var roles = Split(query.Filter("role")).Select(one => int.TryParse(one, out var id) ? id : 0).Where(id => id > 0).ToList();
        if (roles.Count > 0) people = people.Where(p => roles.Contains(p.User.RoleId));
        var states = whole
            ? Split(query.Filter("state"))
                .Select(one => Enum.TryParse<UserState>(one, ignoreCase: true, out var state) ? state : 0)
                .Where(state => Enum.IsDefined(state))
                .ToList()
            : [];
        if (states.Count > 0) people = people.Where(p => states.Contains(p.User.UserStatusId));
        if (query.Filter("kind") is { } kind)
        {
            Expression<Func<PersonAndAccount, bool>>? tied = kind switch
            {
                "none" => p =>
                    !db.Occupancies.Any(o =>
                        o.Owner!.UserId == p.User.Id && o.StartedOn <= today && (o.EndedOn == null || o.EndedOn >= today)
                    ),
                _ when Enum.TryParse<OccupancyKind>(kind, ignoreCase: true, out var one) && Enum.IsDefined(one) => p =>
                    db.Occupancies.Any(o =>
                        o.Owner!.UserId == p.User.Id && o.Kind == one && o.StartedOn <= today && (o.EndedOn == null || o.EndedOn >= today)
                    ),
                _ => null,
            };
            if (tied is not null) people = people.Where(tied);
        }

        if (units.Named.Count == 0) return Searched(people, db, query.Search, whole, today);
        var named = units.Beginning(db).Select(a => a.Id);
        return people.Where(p =>
            db.Occupancies.Any(o =>
                o.Owner!.UserId == p.User.Id
                && o.StartedOn <= today
                && (o.EndedOn == null || o.EndedOn >= today)
                && named.Contains(o.ApartmentId)
            )
        );
    }

    /// <summary>
    /// Every word is found in the name, the address, the phone, the document or an apartment of today: "ruiz", "B 1204", "310 555".
    /// </summary>
    private static IQueryable<PersonAndAccount> Searched(
        IQueryable<PersonAndAccount> people, PortalDb db, string? search, bool whole, DateOnly today)
    {
        foreach (
            var word in (search ?? "")
                .Split([' ', ',', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Take(6)
        )
        {
            var document = DocumentNumbers.Key(word) is { Length: > 0 } key ? $"{key}%" : "";
            people = people.Where(p =>
                p.Profile!.FirstName.Contains(word)
                || p.Profile.LastName.Contains(word)
                || ((whole || p.User.RoleId != Roles.Security) && (p.Profile.Email!.Contains(word) || p.Profile.Phone!.Contains(word)))
                || (whole && (EF.Functions.Like(p.Profile.DocumentNumberKey!, document) || p.User.UserName!.StartsWith(word)))
                || db.Occupancies.Any(o => o.Owner!.UserId == p.User.Id && o.StartedOn <= today && (o.EndedOn == null || o.EndedOn >= today)
                    && (o.Apartment!.ApartmentNumber.StartsWith(word) || o.Apartment.Tower!.Name == word)));
        }

        return people;
    }

    /// <summary>Sorts: name, role, state, seen. The id makes the order unique.</summary>
    public static IOrderedQueryable<PersonAndAccount> Sorted(this IQueryable<PersonAndAccount> people, ListQuery query, bool whole)
    {
        var down = query.Descending;
        var sorted = query.Sort switch
        {
            "role" => people.By(p => p.User.RoleId, down).Then(p => p.Profile!.FirstName, down),
            "email" => people.By(p => p.Profile!.Email, down),
            "state" when whole => people.By(p => p.User.UserStatusId, down).Then(p => p.Profile!.FirstName, down),
            "seen" when whole => people.By(p => p.User.LastSignInAt, down),
            "name" => people.By(p => p.Profile!.FirstName, down),
            _ => people.By(p => p.Profile!.FirstName, down = false),
        };
        return sorted.Then(p => p.Profile!.LastName, down).Then(p => p.User.Id, down);
    }

    /// <summary>The ties of some people to apartments, those of the past too.</summary>
    public static async Task<ILookup<long, PersonTie>> TiesAsync(PortalDb db, IReadOnlyCollection<long> accounts, CancellationToken ct)
    {
        var rows = await db
            .Occupancies.AsNoTracking()
            .Where(o => accounts.Contains(o.Owner!.UserId))
            .Select(o => new
            {
                o.Owner!.UserId,
                o.Id,
                o.ApartmentId,
                Tower = o.Apartment!.Tower!.Name,
                o.Apartment.ApartmentNumber,
                o.Kind,
                o.StartedOn,
                o.EndedOn,
                o.OwnerId,
            })
            .ToListAsync(ct);
        return rows.OrderBy(o => o.Kind)
            .ThenBy(o => o.Tower, StringComparer.Ordinal)
            .ThenBy(o => o.ApartmentNumber.Length)
            .ThenBy(o => o.ApartmentNumber, StringComparer.Ordinal)
            .ThenByDescending(o => o.StartedOn)
            .ToLookup(
                o => o.UserId,
                o => new PersonTie(o.Id, o.ApartmentId, o.Tower, o.ApartmentNumber, o.Kind, o.StartedOn, o.EndedOn, o.OwnerId)
            );
    }

    private static string[] Split(string? text) => (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries);
}
