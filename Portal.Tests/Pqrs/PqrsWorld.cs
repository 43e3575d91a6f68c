using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Building;
using Portal.Data.Database;
using Portal.Data.Identity;
using Portal.Data.People;
using Portal.Data.Pqrs;
using Portal.Tests.Server;

namespace Portal.Tests.Pqrs;

/// <summary>A clock that stands where a test puts it.</summary>
public sealed class StandingClock(DateTimeOffset now) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = now;

    public override DateTimeOffset GetUtcNow() => Now;

    /// <summary>Noon in Bogotá on a day.</summary>
    public void Go(DateOnly day) => Now = new DateTimeOffset(day.ToDateTime(new TimeOnly(12, 0)), TimeSpan.FromHours(-5));
}

/// <summary>
/// The people of a small building, and the services on its database. It is Wednesday 28 October 2026 until a test says otherwise.
/// </summary>
public abstract class PqrsTest(TestDatabase database) : DatabaseTest(database)
{
    private ServiceProvider _services = null!;

    protected StandingClock Clock { get; } = new(default);

    protected PqrsService Cases => _services.GetRequiredService<PqrsService>();
    protected PqrsFilingService Filing => _services.GetRequiredService<PqrsFilingService>();
    protected PqrsPetitionerService Petitioner => _services.GetRequiredService<PqrsPetitionerService>();
    protected PqrsHandlingService Handling => _services.GetRequiredService<PqrsHandlingService>();
    protected PortalStore Store => _services.GetRequiredService<PortalStore>();

    protected T Service<T>() where T : notnull => _services.GetRequiredService<T>();

    protected CurrentUser Carolina { get; private set; } = null!;
    protected CurrentUser Diego { get; private set; } = null!;
    protected CurrentUser Andrea { get; private set; } = null!;
    protected CurrentUser Bruno { get; private set; } = null!;
    protected CurrentUser Guard { get; private set; } = null!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        Clock.Go(new DateOnly(2026, 10, 28));
        _services = new ServiceCollection()
            .AddLogging()
            .AddSingleton<TimeProvider>(Clock)
            .AddPortalData(
                options => options.UseDatabase(Database.ConnectionString),
                TimeZoneInfo.FindSystemTimeZoneById(BuildingClock.DefaultZone)
            )
            .BuildServiceProvider();
        await using var db = await Store.OpenAsync(CurrentUser.System, default);
        var tower = new Tower { Name = "Torre B", Floors = 14 };
        db.Towers.Add(tower);
        await db.SaveChangesAsync();
        Carolina = await PersonAsync(db, "carolina", "Carolina", "Mejía", Roles.Admin);
        Diego = await PersonAsync(db, "diego", "Diego", "Páez", Roles.Staff);
        Guard = await PersonAsync(db, "guarda", "Hernán", "Soto", Roles.Security);
        Andrea = await OwnerAsync(db, "andrea", "Andrea", "Ruiz", tower, "1204");
        Bruno = await OwnerAsync(db, "bruno", "Bruno", "Salas", tower, "1304");
    }

    public override async Task DisposeAsync()
    {
        await _services.DisposeAsync();
        await base.DisposeAsync();
    }

    protected static PqrsFiling Leak(CurrentUser by, string title = "Filtración de agua en el techo del baño", params PqrsUpload[] files) =>
        new(PqrsKind.Petition, 1, by.ApartmentIds[0], title, "Hay una mancha de humedad y empezó a gotear.", files);

    /// <summary>A case of Andrea's, just filed.</summary>
    protected async Task<long> FiledAsync(string title = "Filtración de agua en el techo del baño") =>
        (await Filing.FileAsync(Leak(Andrea, title), Andrea, default)).Value.Id;

    protected async Task<PqrsDetail> CaseAsync(long id, CurrentUser? reader = null) =>
        await Cases.FindAsync(id, reader ?? Carolina, default) ?? throw new InvalidOperationException($"Case {id} is out of reach.");

    protected async Task<Result> MoveAsync(long id, PqrsAct act, string? comment = "Porque sí.", CurrentUser? by = null) =>
        await Handling.MoveAsync(id, act, comment, (await CaseAsync(id)).Seen, by ?? Carolina, default);

    private static async Task<CurrentUser> PersonAsync(PortalDb db, string account, string first, string last, int role)
    {
        var user = db.AddAccount(account, role, first, last, $"{account}@example.org");
        await db.SaveChangesAsync();
        return await db.AsUserAsync(user);
    }

    private static async Task<CurrentUser> OwnerAsync(PortalDb db, string account, string first, string last, Tower tower, string number)
    {
        var owner = db.AddOwner(db.AddAccount(account, Roles.Owner, first, last, $"{account}@example.org"));
        var apartment = db.AddUnit(tower, number, owner);
        await db.SaveChangesAsync();
        return await db.AsUserAsync(owner, apartment);
    }
}
