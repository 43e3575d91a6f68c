using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Audit;
using Portal.Data.Database;
using Portal.Data.Identity;
using Portal.Data.People;
using Portal.Tests.Server;

namespace Portal.Tests.Identity;

/// <summary>The data layer on a test's database, with a clock that the test moves, and accounts made as it needs them.</summary>
public sealed class IdentityWorld : IAsyncDisposable
{
    public const string Password = "correct horse battery";

    private readonly ServiceProvider _services;
    private readonly AsyncServiceScope _scope;

    public IdentityWorld(string connectionString, Action<AccountOptions>? configure = null)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddSingleton<TimeProvider>(Clock);
        services.AddPortalData(
            options => options.UseDatabase(connectionString),
            TimeZoneInfo.FindSystemTimeZoneById(BuildingClock.DefaultZone)
        );
        services.AddPortalDataBackground();
        services.Configure<AccountOptions>(options =>
        {
            options.BcryptCost = 5;
            configure?.Invoke(options);
        });
        _services = services.BuildServiceProvider(new ServiceProviderOptions { ValidateScopes = true, ValidateOnBuild = true });
        _scope = _services.CreateAsyncScope();
    }

    public MovableClock Clock { get; } = new();

    public PortalStore Store => Get<PortalStore>();

    public CurrentUserSource Accounts => Get<CurrentUserSource>();

    public T Get<T>() where T : notnull => _scope.ServiceProvider.GetRequiredService<T>();

    /// <summary>An account as the portal makes them, with its profile; e-mail is the name at correo.example.</summary>
    public async Task<long> AddAsync(string username, int role = Roles.Owner, UserState state = UserState.Active, string? hash = null)
    {
        await using var db = await Store.OpenAsync(CurrentUser.System, default);
        var user = db.AddAccount(
            username, role, username, "Prueba", $"{username}@correo.example",
            hash ?? await Get<PasswordWork>().HashAsync(Password, default), SessionStamp.New(), state);
        await db.SaveChangesAsync();
        return user.Id;
    }

    public async Task<CurrentUser> AsAsync(long accountId) =>
        (await Accounts.LoadAsync(accountId, default))!.User with
        {
            IpAddress = "192.0.2.7",
        };

    public Task<Result<long>> SignInAsync(string login, string password = Password, AttemptOrigin? origin = null) =>
        Get<SignInService>().SignInAsync(new Credentials(login, password, origin ?? "192.0.2.7"), default);

    /// <summary>Somebody signed in on one device, as the cookie knows them.</summary>
    public async Task<SessionTicket> BeginAsync(long accountId, string? userAgent = null, bool remember = false) =>
        await Get<SessionService>().BeginAsync(
            (await Accounts.LoadAsync(accountId, default))!, remember, "192.0.2.7", userAgent, before: null, SignInMethods.Password, default);

    public async Task<SessionState> CheckAsync(SessionTicket ticket) => await Get<SessionSource>().CheckAsync(ticket, default);

    public async Task<User> ReadAsync(long accountId)
    {
        await using var db = await Store.OpenAsync(CurrentUser.System, default);
        return await db.Users.AsNoTracking().SingleAsync(u => u.Id == accountId);
    }

    /// <summary>The events of the audit log about one account, oldest first; changes of rows are left out.</summary>
    public async Task<List<AuditEntry>> EventsAsync(long? accountId)
    {
        await using var db = await Store.OpenAsync(CurrentUser.System, default);
        return await db
            .AuditLog.AsNoTracking()
            .Where(e => e.TableName == "users" && e.RecordId == accountId && e.Action != "insert" && e.Action != "update")
            .OrderBy(e => e.Id)
            .ToListAsync();
    }

    /// <summary>Starts what a portal does in the background: here, the live feed's reader.</summary>
    public async Task StartFeedAsync()
    {
        foreach (var service in _services.GetServices<IHostedService>().OfType<LiveFeedReader>()) await service.StartAsync(default);
        while (Get<LiveFeed>().Epoch == 0) await Task.Delay(20);
    }

    /// <summary>Until the feed has told all that was written so far.</summary>
    public async Task FeedReadAsync()
    {
        var mark = $"mark {Guid.NewGuid():N}";
        var read = new TaskCompletionSource();
        using var listening = Get<LiveFeed>().Listen([mark], _ =>
        {
            read.TrySetResult();
            return Task.CompletedTask;
        });
        await using var db = await Store.OpenAsync(CurrentUser.System, default);
        await db.Database.ExecuteSqlAsync($"INSERT INTO audit_log (table_name, action) VALUES ({mark}, 'mark')");
        await read.Task.WaitAsync(TimeSpan.FromMinutes(1));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var service in _services.GetServices<IHostedService>().OfType<LiveFeedReader>()) await service.StopAsync(default);
        await _scope.DisposeAsync();
        await _services.DisposeAsync();
    }
}

/// <summary>The time of the run, moved forward by what a test says.</summary>
public sealed class MovableClock : TimeProvider
{
    private long _ahead;

    public void Advance(TimeSpan by) => Interlocked.Add(ref _ahead, by.Ticks);

    public override DateTimeOffset GetUtcNow() => TestDay.Time.GetUtcNow() + new TimeSpan(Interlocked.Read(ref _ahead));

    public override long GetTimestamp() =>
        System.GetTimestamp() + (long)(Interlocked.Read(ref _ahead) * ((double)TimestampFrequency / TimeSpan.TicksPerSecond));
}
