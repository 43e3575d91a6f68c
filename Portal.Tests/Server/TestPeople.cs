using System.Collections.Frozen;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Building;
using Portal.Data.Identity;
using Portal.Data.People;

namespace Portal.Tests.Server;

/// <summary>
/// The people of every test's building: accounts with their profile, owners, tenants, and the apartments they are tied to, as the portal
/// makes them. Each adds rows to the context; the caller saves.
/// </summary>
internal static class TestPeople
{
    /// <summary>The day from which ties hold where a test does not care.</summary>
    private static readonly DateOnly LongAgo = new(2020, 1, 1);

    /// <param name="hash">Of the password; nobody signs in with the one that stands here.</param>
    public static User AddAccount(
        this PortalDb db, string username, int role, string first, string last, string? email = null, string hash = "-",
        string? stamp = null, UserState state = UserState.Active, long id = 0)
    {
        var user = new User
        {
            Id = id,
            UserName = username,
            NormalizedUserName = username.ToUpperInvariant(),
            PasswordHash = hash,
            SecurityStamp = stamp,
            RoleId = role,
            UserStatusId = state,
        };
        db.Users.Add(user);
        db.Profiles.Add(
            new Profile
            {
                Id = id,
                User = user,
                FirstName = first,
                LastName = last,
                Email = email,
            }
        );
        return user;
    }

    /// <summary>Who owns or rents; where and since when say <see cref="AddUnit"/> and <see cref="AddTie"/>.</summary>
    public static Owner AddOwner(this PortalDb db, User user, bool tenant = false, long id = 0)
    {
        var owner = new Owner { Id = id, User = user, IsTenant = tenant };
        db.Owners.Add(owner);
        return owner;
    }

    /// <summary>An apartment and the tie of its owner.</summary>
    public static Apartment AddUnit(
        this PortalDb db, Tower tower, string number, Owner owner, DateOnly? since = null, long id = 0, long tie = 0)
    {
        var unit = new Apartment
        {
            Id = id,
            ApartmentNumber = number,
            Tower = tower,
            StatusId = OccupancyState.Occupied,
            Owner = owner,
        };
        db.Apartments.Add(unit);
        db.AddTie(unit, owner, OccupancyKind.Owner, since, tie);
        return unit;
    }

    public static Occupancy AddTie(
        this PortalDb db, Apartment unit, Owner owner, OccupancyKind kind, DateOnly? since = null, long id = 0)
    {
        var tie = new Occupancy
        {
            Id = id,
            Apartment = unit,
            Owner = owner,
            Kind = kind,
            StartedOn = since ?? LongAgo,
        };
        db.Occupancies.Add(tie);
        return tie;
    }

    /// <summary>A saved account as the services know it: with what the migrations grant its role, and without an apartment.</summary>
    public static async Task<CurrentUser> AsUserAsync(this PortalDb db, User user)
    {
        var name = await db.Profiles.Where(p => p.UserId == user.Id).Select(p => p.FullName).SingleAsync();
        var granted = await db.RolePermissions.Where(r => r.RoleId == user.RoleId).Select(r => r.Permission!.Name).ToListAsync();
        return CurrentUser.Nobody with { Id = user.Id, Name = name, RoleId = user.RoleId, Permissions = granted.ToFrozenSet() };
    }

    /// <summary>A saved owner of saved apartments.</summary>
    public static async Task<CurrentUser> AsUserAsync(this PortalDb db, Owner owner, params Apartment[] owned)
    {
        long[] units = [.. owned.Select(a => a.Id)];
        return (await db.AsUserAsync(owner.User!)) with { OwnerIds = [owner.Id], ApartmentIds = units, OwnedApartmentIds = units };
    }
}
