using System.Collections.Frozen;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Building;
using Portal.Data.Database;
using Portal.Data.Facilities;
using Portal.Data.Identity;
using Portal.Data.Operations;
using Portal.Data.Payments;
using Portal.Data.People;
using Portal.Tests.Server;
using Xunit;

namespace Portal.Tests.Facilities;

/// <summary>A building on Friday 20 November 2026 at 10:24, with the services that book in it.</summary>
internal sealed class FacilityWorld : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private int _people;

    public FacilityWorld(TestDatabase database, Action<IServiceCollection>? more = null)
        : this(database.ConnectionString, more)
    {
    }

    public FacilityWorld(string connectionString, Action<IServiceCollection>? more = null, string zone = BuildingClock.DefaultZone)
    {
        var services = new ServiceCollection();
        more?.Invoke(services);
        _services = services
            .AddLogging()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().Build())
            .AddSingleton<TimeProvider>(Time)
            .AddPortalData(
                options => options.UseDatabase(connectionString),
                TimeZoneInfo.FindSystemTimeZoneById(zone)
            )
            .BuildServiceProvider();
    }

    public StoppedClock Time { get; } = new(new DateTime(2026, 11, 20, 15, 24, 0, DateTimeKind.Utc));

    public PortalStore Store => _services.GetRequiredService<PortalStore>();
    public ReservationService Reservations => Get<ReservationService>();
    public BookingService Bookings => Get<BookingService>();
    public ReservationChanges Changes => Get<ReservationChanges>();
    public SeriesService Series => Get<SeriesService>();
    public WaitingList Waiting => Get<WaitingList>();
    public CheckInService CheckIns => Get<CheckInService>();
    public SettingsService Settings => Get<SettingsService>();
    public ReservationLists Lists => Get<ReservationLists>();
    public OwnReservations Own => Get<OwnReservations>();
    public FacilityService Facilities => Get<FacilityService>();
    public FacilityKinds Kinds => Get<FacilityKinds>();
    public FacilityPhotos Photos => Get<FacilityPhotos>();
    public BlackoutService Blackouts => Get<BlackoutService>();

    public static CurrentUser Staff { get; } =
        CurrentUser.Nobody with
        {
            Name = "Daniela Torres",
            RoleId = Roles.Staff,
            Permissions = new[]
            {
                Permissions.FacilitiesView,
                Permissions.FacilitiesEdit,
                Permissions.ReservationsView,
                Permissions.ReservationsManage,
                Permissions.ReservationsCheckIn,
            }.ToFrozenSet(),
        };

    public static CurrentUser Guard { get; } =
        CurrentUser.Nobody with
        {
            Name = "Edgar",
            RoleId = Roles.Security,
            Permissions = new[] { Permissions.FacilitiesView, Permissions.ReservationsView, Permissions.ReservationsCheckIn }.ToFrozenSet(),
        };

    /// <summary>A wall-clock time of November 2026.</summary>
    public static DateTime At(int day, int hour, int minute = 0, int month = 11) => new(2026, month, day, hour, minute, 0);

    public async Task<Facility> FacilityAsync(string name = "BBQ 2", string? kind = "BBQ", Action<Facility>? change = null)
    {
        await using var db = await Store.OpenAsync(CurrentUser.System, default);
        var facility = new Facility
        {
            Name = name,
            Capacity = 12,
            SlotMinutes = 240,
            MinMinutes = 240,
            MaxMinutes = 240,
            HourlyRate = 25_000,
            Deposit = 150_000,
            CancelNoticeMinutes = 1440,
            CancelChargePercent = 50,
            Hours =
            [
                .. Enumerable
                    .Range(1, 7)
                    .Select(day => new FacilityHours
                    {
                        Weekday = day,
                        OpensAt = new(8, 0),
                        ClosesAt = new(22, 0),
                    }),
            ],
        };
        if (kind is not null)
            facility.ReservationType =
                await db.ReservationTypes.FirstOrDefaultAsync(t => t.Name == kind) ?? new ReservationType { Name = kind };
        change?.Invoke(facility);
        db.Facilities.Add(facility);
        await db.SaveChangesAsync();
        return facility;
    }

    /// <summary>A person with an apartment of their own.</summary>
    public async Task<CurrentUser> OwnerAsync(string? apartment = null)
    {
        var number = Interlocked.Increment(ref _people);
        await using var db = await Store.OpenAsync(CurrentUser.System, default);
        var tower = await db.Towers.FirstOrDefaultAsync(t => t.Name == "B") ?? new Tower { Name = "B" };
        var owner = db.AddOwner(db.AddAccount($"owner{number}", Roles.Owner, "Persona", $"{number}"));
        var home = db.AddUnit(tower, apartment ?? $"{100 + number}", owner);
        await db.SaveChangesAsync();
        return (await db.AsUserAsync(owner, home)) with
        {
            Permissions = new[] { Permissions.FacilitiesView, Permissions.ReservationsBookOwn }.ToFrozenSet(),
        };
    }

    public Task<Result<Booked>> BookAsync(Facility facility, CurrentUser who, DateTime start, int hours = 4, int people = 2) =>
        Reservations.BookAsync(new BookingInput(facility.Id, start, start.AddHours(hours), people, true), who, default);

    /// <summary>The person's bookings, those to come and those of the past.</summary>
    public async Task<List<ReservationRow>> MineAsync(CurrentUser who) =>
        (await Own.ListAsync(50, who, default)) is { Ok: true } mine
            ? [.. mine.Value.ToCome.Concat(mine.Value.Past).Select(b => b.Row)]
            : [];

    public async Task<OwnBooking> OwnAsync(long id, CurrentUser who) => (await Own.FindAsync(id, who, default)).Value;

    /// <summary>A confirmed payment for the person's apartment.</summary>
    public async Task PayAsync(CurrentUser who, decimal amount)
    {
        var paid = await Get<PaymentDesk>()
            .RecordAsync(
                new PaymentInput(who.ApartmentIds[0], who.OwnerIds[0], amount, 1, null, new(2026, 11, 20), new(8, 0), null),
                CurrentUser.System, default);
        Assert.True(paid.Ok, paid.Error?.Code);
    }

    /// <summary>A payment that the person says they made.</summary>
    public async Task<long> ReportAsync(CurrentUser who, decimal amount)
    {
        var payer = who with { Permissions = who.Permissions.Append(Permissions.PaymentsReportOwn).ToFrozenSet() };
        var paid = await Get<PaymentDesk>()
            .ReportAsync(
                new PaymentInput(who.ApartmentIds[0], who.OwnerIds[0], amount, 2, "123456", new(2026, 11, 20), new(8, 0), null), payer,
                default);
        Assert.True(paid.Ok, paid.Error?.Code);
        return paid.Value;
    }

    public async Task ConfirmPaymentAsync(long id) =>
        Assert.True((await Get<PaymentDesk>().ConfirmAsync(id, CurrentUser.System, default)).Ok);

    public Task UpkeepAsync() => RunAsync(ReservationUpkeep.JobKind, Get<BuildingClock>().Today);

    /// <summary>Runs the work of one kind.</summary>
    public Task RunAsync<T>(JobKind<T> kind, T payload) =>
        Get<IEnumerable<IJobHandler>>().OfType<JobHandler<T>>().Single(h => h.Kind == kind.Name).RunAsync(payload, default);

    /// <summary>What residents are to be told, in its order.</summary>
    public async Task<List<ReservationNotice>> ToldAsync() =>
        [
            .. (
                await ReadAsync(db =>
                    db.Jobs.Where(j => j.Kind == ReservationNotices.JobKind.Name).OrderBy(j => j.Id).Select(j => j.Payload).ToListAsync()
                )
            ).Select(p => JsonSerializer.Deserialize<ReservationNotice>(p)!),
        ];

    /// <summary>Runs all that is due, the way a portal does.</summary>
    public async Task RunJobsAsync()
    {
        var runner = new JobRunner(Get<IServiceScopeFactory>(), Store, Time, NullLogger<JobRunner>.Instance);
        while (await runner.RunNextAsync(default))
        {
        }
    }

    /// <summary>Runs the due jobs of bookings, all but the telling.</summary>
    public async Task WorkAsync()
    {
        var runner = Get<IEnumerable<IJobHandler>>().ToDictionary(h => h.Kind);
        while (true)
        {
            var now = Time.Utc;
            var due = await ReadAsync(db =>
                db.Jobs.Where(j => j.State == JobState.Waiting && j.RunAt <= now && j.Kind != ReservationNotices.JobKind.Name)
                    .OrderBy(j => j.Id)
                    .ToListAsync()
            );
            if (due.Count == 0) return;
            foreach (var job in due)
            {
                await runner[job.Kind].RunAsync(job.Payload, default);
                await ReadAsync(db => db.Jobs.Where(j => j.Id == job.Id).ExecuteDeleteAsync());
            }
        }
    }

    public async Task<T> ReadAsync<T>(Func<PortalDb, Task<T>> read)
    {
        await using var db = await Store.OpenAsync(CurrentUser.System, default);
        return await read(db);
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    public T Get<T>() where T : notnull => _services.CreateScope().ServiceProvider.GetRequiredService<T>();
}

/// <summary>A test in such a building: each has one of its own.</summary>
public abstract class FacilityTest(TestDatabase database) : DatabaseTest(database)
{
    private protected FacilityWorld World { get; private set; } = null!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        World = new FacilityWorld(Database);
    }

    public override async Task DisposeAsync()
    {
        await World.DisposeAsync();
        await base.DisposeAsync();
    }
}
