using System.Collections.Frozen;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Areas.Payments;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Building;
using Portal.Data.Database;
using Portal.Data.Identity;
using Portal.Data.Operations;
using Portal.Data.Payments;
using Portal.Data.People;
using Portal.Tests.Server;

namespace Portal.Tests.Payments;

/// <summary>A building whose clock stands at Friday 20 November 2026, 10:24, with the services that take its money.</summary>
internal sealed class PaymentWorld : IAsyncDisposable
{
    public static readonly DateOnly Today = new(2026, 11, 20);

    private readonly ServiceProvider _services;
    private int _made;

    public PaymentWorld(TestDatabase database)
    {
        _services = new ServiceCollection()
            .AddLogging()
            .AddLocalization()
            .AddScoped<PaymentPapers>()
            .AddSingleton<TimeProvider>(new Stopped())
            .AddPortalData(
                options => options.UseDatabase(database.ConnectionString),
                TimeZoneInfo.FindSystemTimeZoneById(BuildingClock.DefaultZone)
            )
            .BuildServiceProvider();
    }

    public PortalStore Store => _services.GetRequiredService<PortalStore>();
    public PaymentService Payments => Get<PaymentService>();
    public PaymentDesk Desk => Get<PaymentDesk>();
    public ApartmentAccounts Accounts => Get<ApartmentAccounts>();
    /// <summary>Prints, for a reader of Spanish.</summary>
    public PaymentPapers Papers()
    {
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("es-CO");
        return Get<PaymentPapers>();
    }

    public DocumentVerification Verification => Get<DocumentVerification>();

    /// <summary>What the role may do, as the migrations grant it.</summary>
    public async Task<CurrentUser> WorkerAsync(int role, string first = "Daniela", string last = "Torres")
    {
        var account = await AccountAsync(role, first, last);
        return CurrentUser.Nobody with { Id = account, Name = $"{first} {last}", RoleId = role, Permissions = await GrantedAsync(role) };
    }

    public Task<CurrentUser> StaffAsync() => WorkerAsync(Roles.Staff);

    public Task<CurrentUser> AdminAsync() => WorkerAsync(Roles.Admin, "Carolina", "Mejía");

    /// <summary>An apartment with its owner, who signs in.</summary>
    public async Task<Home> HomeAsync(string first = "Andrea", string last = "Ruiz")
    {
        var account = await AccountAsync(Roles.Owner, first, last);
        await using var db = await Store.OpenAsync(CurrentUser.System, default);
        var owner = new Owner { UserId = account };
        var tower = await db.Towers.FirstOrDefaultAsync() ?? new Tower { Name = "B" };
        var apartment = new Apartment
        {
            ApartmentNumber = $"{1200 + ++_made}",
            Tower = tower,
            Owner = owner,
            StatusId = OccupancyState.Occupied,
        };
        db.Apartments.Add(apartment);
        db.Occupancies.Add(new Occupancy { Apartment = apartment, Owner = owner, Kind = OccupancyKind.Owner, StartedOn = new(2020, 1, 1) });
        await db.SaveChangesAsync();
        var user = CurrentUser.Nobody with
        {
            Id = account, Name = $"{first} {last}", RoleId = Roles.Owner, Permissions = await GrantedAsync(Roles.Owner),
            OwnerIds = [owner.Id], ApartmentIds = [apartment.Id], OwnedApartmentIds = [apartment.Id],
        };
        return new Home(apartment.Id, apartment.ApartmentNumber, owner.Id, user);
    }

    /// <summary>Somebody who rents the apartment and signs in.</summary>
    public async Task<CurrentUser> TenantAsync(Home home)
    {
        var account = await AccountAsync(Roles.Owner, "Tomás", "Arango");
        await using var db = await Store.OpenAsync(CurrentUser.System, default);
        var tenant = new Owner { UserId = account, IsTenant = true };
        db.Occupancies.Add(
            new Occupancy
            {
                ApartmentId = home.Id,
                Owner = tenant,
                Kind = OccupancyKind.Tenant,
                StartedOn = new(2025, 1, 1),
            }
        );
        await db.SaveChangesAsync();
        return CurrentUser.Nobody with
        {
            Id = account,
            Name = "Tomás Arango",
            RoleId = Roles.Owner,
            Permissions = await GrantedAsync(Roles.Owner),
            OwnerIds = [tenant.Id],
            ApartmentIds = [home.Id],
        };
    }

    public async Task<long> ChargeAsync(
        Home home, decimal amount, ChargeKind kind = ChargeKind.Fee, DateOnly? issued = null, DateOnly? due = null)
    {
        await using var db = await Store.OpenAsync(CurrentUser.System, default);
        var charge = new Charge
        {
            ApartmentId = home.Id,
            OwnerId = home.OwnerId,
            Kind = kind,
            Concept = $"{kind} {++_made}",
            Amount = amount,
            IssuedOn = issued ?? new(2026, 11, 1),
            DueOn = due ?? new(2026, 11, 30),
            Status = ChargeState.Open,
        };
        db.Charges.Add(charge);
        await db.SaveChangesAsync();
        return charge.Id;
    }

    /// <summary>Reported by the owner and waiting.</summary>
    public async Task<long> ReportedAsync(Home home, decimal amount, string? reference = null) =>
        (await Desk.ReportAsync(Input(home, amount, reference ?? $"R {++_made}"), home.User, default)).Value;

    /// <summary>Reported and confirmed.</summary>
    public async Task<ConfirmedPayment> PaidAsync(Home home, decimal amount)
    {
        var id = await ReportedAsync(home, amount);
        return (await Desk.ConfirmAsync(id, CurrentUser.System, default)).Value;
    }

    public static PaymentInput Input(Home home, decimal amount, string? reference = "8841 2207") =>
        new(home.Id, home.OwnerId, amount, 2, reference, Today, new TimeOnly(9, 52), null);

    public async Task<T> ReadAsync<T>(Func<PortalDb, Task<T>> read)
    {
        await using var db = await Store.OpenAsync(CurrentUser.System, default);
        return await read(db);
    }

    public Task<Charge> FindChargeAsync(long id) => ReadAsync(db => db.Charges.AsNoTracking().SingleAsync(c => c.Id == id));

    public async ValueTask DisposeAsync() => await _services.DisposeAsync();

    private T Get<T>() where T : notnull => _services.CreateScope().ServiceProvider.GetRequiredService<T>();

    private async Task<long> AccountAsync(int role, string first, string last)
    {
        await using var db = await Store.OpenAsync(CurrentUser.System, default);
        var name = $"{first}{++_made}";
        var user = new User
        {
            UserName = name,
            NormalizedUserName = name.ToUpperInvariant(),
            PasswordHash = "-",
            RoleId = role,
            UserStatusId = UserState.Active,
        };
        db.Profiles.Add(
            new Profile
            {
                User = user,
                FirstName = first,
                LastName = last,
            }
        );
        await db.SaveChangesAsync();
        return user.Id;
    }

    private async Task<IReadOnlySet<string>> GrantedAsync(int role) =>
        (
            await ReadAsync(db => db.RolePermissions.Where(r => r.RoleId == role).Select(r => r.Permission!.Name).ToListAsync())
        ).ToFrozenSet();

    internal sealed record Home(long Id, string Number, long OwnerId, CurrentUser User);

    private sealed class Stopped : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 11, 20, 15, 24, 0, TimeSpan.Zero);
    }
}
