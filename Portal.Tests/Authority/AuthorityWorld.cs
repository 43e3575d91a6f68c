using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Building;
using Portal.Data.Database;
using Portal.Data.Identity;
using Portal.Data.Push;
using Portal.Data.People;
using Portal.Tests.Server;

namespace Portal.Tests.Authority;

/// <summary>
/// Who asks. What is asked for always belongs to <see cref="Owner"/> and their apartment: for <see cref="Neighbour"/>, who has the same
/// role, it is another's.
/// </summary>
public enum Who
{
    Admin,
    Staff,

    /// <summary>Owns apartment 101 and does not live there.</summary>
    Owner,

    /// <summary>Owns apartment 102 and has nothing to do with 101.</summary>
    Neighbour,

    /// <summary>Lives in apartment 101 and owns nothing.</summary>
    Tenant,

    /// <summary>The guard at the gate.</summary>
    Guard,

    /// <summary>Nobody signed in.</summary>
    Nobody,
}

/// <summary>
/// A building of two apartments and six people, with fixed ids, on a test's own database. An area adds what it needs in
/// <see cref="AreaMatrix.SeedAsync"/>.
/// </summary>
public sealed class AuthorityWorld : IAsyncDisposable
{
    public const string Password = "a password for all six";

    public const int Tower = 1;

    /// <summary>The owner's; the tenant lives in it.</summary>
    public const long Apartment = 101;

    /// <summary>The neighbour's.</summary>
    public const long OtherApartment = 102;

    private const string AccountStamp = "the same in every run";

    private static readonly string Hash = Bcrypt.Hash(Password, Bcrypt.LowestCost);

    private readonly TestDatabase _database;
    private readonly ServiceProvider _services;
    private readonly AsyncServiceScope _scope;
    private readonly Dictionary<Who, CurrentUser> _people = [];

    public AuthorityWorld(TestDatabase database)
    {
        _database = database;
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddSingleton(TestDay.Time);
        services.AddSingleton(new PushOptions { Contact = "mailto:office@nogal.example" });
        services.AddPortalData(
            options => options.UseDatabase(database.ConnectionString),
            TimeZoneInfo.FindSystemTimeZoneById(BuildingClock.DefaultZone)
        );
        services.Configure<AccountOptions>(options => options.BcryptCost = Bcrypt.LowestCost);
        _services = services.BuildServiceProvider();
        _scope = _services.CreateAsyncScope();
    }

    public PortalStore Store => Get<PortalStore>();

    public BuildingClock Clock => Get<BuildingClock>();

    /// <summary>A service of the data layer.</summary>
    public T Get<T>() where T : notnull => _scope.ServiceProvider.GetRequiredService<T>();

    /// <summary>The account's id.</summary>
    public static long Id(Who who) => who == Who.Nobody ? 0 : (long)who + 1;

    /// <summary>The row in <c>owners</c> of the owner, the neighbour or the tenant.</summary>
    public static long OwnerRow(Who who) => Id(who) + 20;

    public static string Username(Who who) => who.ToString().ToLowerInvariant();

    /// <summary>What a session of the account is bound to.</summary>
    public static string Stamp(Who who) => SessionStamp.Of(AccountStamp, Hash, Role(who));

    /// <summary>As the services know them.</summary>
    public CurrentUser As(Who who) => _people[who];

    internal async Task BeginAsync(AreaMatrix area)
    {
        await _database.CleanAsync();
        await _database.ExecuteAsync("UPDATE modules SET enabled = 1");
        await using (var db = await Store.OpenAsync(CurrentUser.System, default))
        {
            AddPeople(db);
            await db.SaveChangesAsync();
            await area.SeedAsync(db, this);
            await db.SaveChangesAsync();
        }

        var accounts = Get<CurrentUserSource>();
        accounts.Forget();
        foreach (var who in Enum.GetValues<Who>())
        {
            _people[who] = (who == Who.Nobody ? CurrentUser.Nobody : (await accounts.LoadAsync(Id(who), default))!.User) with
            {
                IpAddress = "192.0.2.1",
            };
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _scope.DisposeAsync();
        await _services.DisposeAsync();
    }

    private static int Role(Who who) => who switch
    {
        Who.Admin => Roles.Admin,
        Who.Staff => Roles.Staff,
        Who.Guard => Roles.Security,
        _ => Roles.Owner,
    };

    private static void AddPeople(PortalDb db)
    {
        var accounts = Enum.GetValues<Who>().Where(who => who != Who.Nobody).ToDictionary(who => who, who =>
        {
            var name = Username(who);
            return db.AddAccount(
                name, Role(who), who.ToString(), "Prueba", $"{name}@correo.example", Hash, AccountStamp, id: Id(who));
        });
        Owner Of(Who who) => db.AddOwner(accounts[who], who == Who.Tenant, OwnerRow(who));
        var tower = new Tower { Id = Tower, Name = "Torre A", Floors = 4 };
        var since = new DateOnly(2024, 1, 1);
        var mine = db.AddUnit(tower, "101", Of(Who.Owner), since, Apartment, tie: 1);
        var other = db.AddUnit(tower, "102", Of(Who.Neighbour), since, OtherApartment, tie: 2);
        mine.Floor = other.Floor = 1;
        db.AddTie(mine, Of(Who.Tenant), OccupancyKind.Tenant, since, id: 3);
    }
}
