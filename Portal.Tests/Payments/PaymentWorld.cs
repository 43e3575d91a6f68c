using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Areas.Collection;
using Portal.Areas.Payments;
using Portal.Data;
using Portal.Hosting;
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
    private readonly StoppedClock _clock = new(new DateTime(2026, 11, 20, 15, 24, 0, DateTimeKind.Utc));
    private int _made;

    public PaymentWorld(TestDatabase database)
        : this(database.ConnectionString)
    {
    }

    public PaymentWorld(string connectionString)
    {
        _services = new ServiceCollection()
            .AddLogging()
            .AddWords()
            .AddScoped<PaymentPapers>()
            .AddScoped<CollectionPapers>()
            .AddSingleton<TimeProvider>(_clock)
            .AddPortalData(
                options => options.UseDatabase(connectionString),
                TimeZoneInfo.FindSystemTimeZoneById(BuildingClock.DefaultZone)
            )
            .BuildServiceProvider();
    }

    /// <summary>Puts the clock to 10:24 of another day.</summary>
    public void On(DateOnly day) => _clock.Utc = day.ToDateTime(new TimeOnly(15, 24), DateTimeKind.Utc);

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
        await using var db = await Store.OpenAsync(CurrentUser.System, default);
        var account = Account(db, role, first, last);
        await db.SaveChangesAsync();
        return await db.AsUserAsync(account);
    }

    public Task<CurrentUser> StaffAsync() => WorkerAsync(Roles.Staff);

    public Task<CurrentUser> AdminAsync() => WorkerAsync(Roles.Admin, "Carolina", "Mejía");

    /// <summary>An apartment with its owner, who signs in.</summary>
    public async Task<Home> HomeAsync(string first = "Andrea", string last = "Ruiz")
    {
        await using var db = await Store.OpenAsync(CurrentUser.System, default);
        var owner = db.AddOwner(Account(db, Roles.Owner, first, last));
        var tower = await db.Towers.FirstOrDefaultAsync() ?? new Tower { Name = "B" };
        var apartment = db.AddUnit(tower, $"{1200 + ++_made}", owner);
        await db.SaveChangesAsync();
        return new Home(apartment.Id, apartment.ApartmentNumber, owner.Id, await db.AsUserAsync(owner, apartment));
    }

    /// <summary>Somebody who rents the apartment and signs in.</summary>
    public async Task<CurrentUser> TenantAsync(Home home)
    {
        await using var db = await Store.OpenAsync(CurrentUser.System, default);
        var tenant = db.AddOwner(Account(db, Roles.Owner, "Tomás", "Arango"), tenant: true);
        db.AddTie(await db.Apartments.SingleAsync(a => a.Id == home.Id), tenant, OccupancyKind.Tenant, new(2025, 1, 1));
        await db.SaveChangesAsync();
        return (await db.AsUserAsync(tenant)) with { ApartmentIds = [home.Id] };
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

    public T Get<T>() where T : notnull => _services.CreateScope().ServiceProvider.GetRequiredService<T>();

    private User Account(PortalDb db, int role, string first, string last) => db.AddAccount($"{first}{++_made}", role, first, last);

    internal sealed record Home(long Id, string Number, long OwnerId, CurrentUser User);
}
