using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Portal.Data;
using Portal.Data.Database;
using Portal.Data.Demo;
using Portal.Data.Facilities;
using Portal.Data.Facilities.Rules;
using Portal.Data.Gate;
using Portal.Data.Home;
using Portal.Data.Identity;
using Portal.Data.Payments;
using Portal.Data.Pqrs;
using Portal.Hosting;
using Portal.Tests.Server;

namespace Portal.Tests.Demo;

/// <summary>
/// The demo is made on the days on which calendars are difficult, and what the README tells one to try there can be done.
/// </summary>
public sealed class DemoDaysTests(TestDatabase database) : DatabaseTest(database)
{
    private const long Hall = 2, Bbq = 4, Court = 5;

    private ServiceProvider _services = null!;
    private AsyncServiceScope _scope;

    public static TheoryData<string, string> Days
    {
        get
        {
            var days = new TheoryData<string, string>();
            foreach (var day in DemoDay.All) days.Add(day.Start, day.Zone);
            return days;
        }
    }

    private BuildingClock Clock => Get<BuildingClock>();

    [Theory]
    [MemberData(nameof(Days))]
    public async Task The_demo_of_any_day_keeps_its_books_and_what_the_README_promises(string start, string zone)
    {
        Start(start, zone);
        var hash = new Lazy<string>("$2a$04$" + new string('x', 53));
        Assert.True(await Get<DemoSeed>().RunAsync(DemoSeed.StandardSize, hash, new Progress<string>(), default));
        await using var db = await Get<PortalStore>().OpenAsync(CurrentUser.System, default);

        await DemoPromises.BooksAsync(db);
        await DemoPromises.NothingIsFromTheFutureAsync(db, Clock);
        await DemoPromises.NumbersAreWithoutGapsAsync(db);
        await DemoPromises.FiguresAsync(db, Get<HomeService>(), Clock);
        await CasesKeepTheirDistanceAsync(db);
        await TheGuardAsync();
        await TheStaffAsync(db);
        await TheOwnerAsync(db);
        await DemoPromises.NumbersAreWithoutGapsAsync(db);
    }

    public override async Task DisposeAsync()
    {
        await _scope.DisposeAsync();
        await _services.DisposeAsync();
        await base.DisposeAsync();
    }

    private void Start(string start, string zone)
    {
        var place = TimeZoneInfo.FindSystemTimeZoneById(zone);
        _services = new ServiceCollection()
            .AddLogging()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().Build())
            .AddSingleton(PortalTime.StartingAt(start, place))
            .AddSingleton<DemoSeed>()
            .AddPortalData(options => options.UseDatabase(Database.ConnectionString), place)
            .BuildServiceProvider();
        _scope = _services.CreateAsyncScope();
    }

    private T Get<T>() where T : notnull => _scope.ServiceProvider.GetRequiredService<T>();

    /// <summary>Two are late, the leak has two business days left, and nobody answered on a Sunday or a holiday.</summary>
    private async Task CasesKeepTheirDistanceAsync(PortalDb db)
    {
        var left = await db
            .Pqrs.Where(p => p.StatusId == PqrsState.Open || p.StatusId == PqrsState.InProgress)
            .Select(p => new { p.Title, p.DueOn })
            .ToDictionaryAsync(p => p.Title, p => BusinessDays.Between(Clock.Today, p.DueOn!.Value));
        Assert.Equal(2, left["Filtración de agua en el techo del baño"]);
        Assert.Equal(4, left["Puerta del shut dañada en el piso 7"]);
        Assert.Equal(12, left["Daño en la talanquera"]);
        Assert.Equal(15, left["Ruido después de las 23:00 en el salón social"]);

        var entries = await db.PqrsTracking.AsNoTracking().Include(t => t.Pqrs).ToListAsync();
        Assert.All(entries, e => Assert.True(e.CreatedAt >= e.Pqrs!.CreatedAt, $"{e.Kind} of {e.Pqrs.Title} is older than the case"));
        foreach (var entry in entries.Where(e => e.Kind is not (PqrsEntryKind.Filed or PqrsEntryKind.Message)))
        {
            var day = DateOnly.FromDateTime(Clock.ToWall(entry.CreatedAt!.Value));
            Assert.True(BusinessDays.IsBusinessDay(day), $"{entry.Kind} of {entry.Pqrs!.Title} is of {day:dddd d MMMM yyyy}");
        }
    }

    /// <summary>Type 482 913, press Enter twice.</summary>
    private async Task TheGuardAsync()
    {
        var wilson = await AccountAsync("wilson.cardenas");
        var verdict = await Get<GateLookup>().AskAsync("482 913", wilson, default);
        Assert.Equal((VerdictKind.Expected, "B 1204"), (verdict.Kind, verdict.Unit));
        Assert.True(verdict.Until - Clock.Now > TimeSpan.FromHours(5));
        var terminal = (await Get<TerminalService>().EnrolAsync("NOGAL-01", CurrentUser.Nobody, default)).Value.Terminal.Id;
        var entry = JsonSerializer.SerializeToElement(new
        {
            key = Guid.NewGuid(), seq = 1, kind = "enter", at = Clock.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            offset = 0, offline = false, guard = wilson.Id, v = 1, fields = new { visit = verdict.VisitId, name = verdict.Visitor, vk = "guest", people = 2 },
        });
        var taken = await Get<GateEvents>().TakeAsync(terminal, [entry], wilson, default);
        Assert.Equal(EventOutcome.Applied, taken.Value[0].Outcome);
        Assert.Equal(10, (await Get<GateService>().InsideAsync(wilson, default)).Count);
        Assert.Equal(VerdictKind.Expired, (await Get<GateLookup>().AskAsync("118844", wilson, default)).Kind);
    }

    /// <summary>A payment to confirm; a queue to approve.</summary>
    private async Task TheStaffAsync(PortalDb db)
    {
        var daniela = await AccountAsync("daniela.torres");
        var reported = await db.Payments.SingleAsync(p => p.ReferenceNumber == "0093 118");
        var confirmed = await Get<PaymentDesk>().ConfirmAsync(reported.Id, daniela, default);
        Assert.StartsWith($"RC-{Clock.Today.Year}-", confirmed.Value.Receipt, StringComparison.Ordinal);
        Assert.True(await db.Reservations.AnyAsync(r => r.StatusId == ReservationState.Pending && r.FacilityId == Hall));
        Assert.True(await db.Reservations.AnyAsync(r => r.StatusId == ReservationState.Pending && r.Apartment!.ApartmentNumber == "402"));
    }

    /// <summary>Book, be refused and see why, hold, file a PQRS, announce a visitor; and see what is one's own.</summary>
    private async Task TheOwnerAsync(PortalDb db)
    {
        var andrea = await AccountAsync("andrea.ruiz");
        var home = (await Get<HomeService>().OwnerAsync(null, andrea, default)).Value;
        Assert.True(home.Money!.Overdue > 0);
        Assert.Equal(1_100_000m, home.Money.Pending);
        Assert.NotNull(home.Package);
        Assert.True(home.Booking!.Start > Clock.Now);
        var paid = db.Payments.Where(p => andrea.OwnerIds.Contains(p.OwnerId));
        var last = await paid.OrderByDescending(p => p.PaymentDate).ThenByDescending(p => p.PaymentTime).FirstAsync();
        Assert.Equal(PaymentState.Pending, last.StatusId);

        var free = (await Get<BookingService>().CardsAsync(andrea, default)).Value.ToDictionary(c => c.Id);
        Assert.All(free, card => Assert.True(card.Value.NextFree is not null || card.Value.Why is QuotaUsed));
        var booked = await BookAsync(andrea, Court, free[Court].NextFree!.Start, 1);
        Assert.True(booked.Ok, booked.Error?.Code);
        Assert.StartsWith($"R-{Clock.Today.Year}-", booked.Value.Number, StringComparison.Ordinal);

        var endOfMonth = new DateOnly(Clock.Today.Year, Clock.Today.Month, 1).AddMonths(1).AddDays(-1);
        if (endOfMonth > Clock.Today)
        {
            var start = endOfMonth.ToDateTime(new TimeOnly(8, 0));
            var third = new BookingInput(Bbq, start, start.AddHours(4), 6, true, andrea.ApartmentIds[0]);
            var quote = (await Get<BookingService>().QuoteAsync(third, andrea, default)).Value;
            Assert.Contains(quote.Refusals, r => r is QuotaUsed { Quota: 2, Period: QuotaPeriod.Month });
        }

        // After the days that the demo fills, everything is free for the jobs in the browser.
        var later = Clock.Today.AddDays(DemoSeed.BookedDays + 1).ToDateTime(TimeOnly.MinValue);
        Assert.False(await db.Reservations.AnyAsync(r => r.StartDate >= later && !andrea.OwnerIds.Contains(r.OwnerId)));
        var party = await BookAsync(andrea, Hall, Clock.Today.AddDays(33).ToDateTime(new TimeOnly(12, 0)), 4);
        Assert.Equal(ReservationState.Pending, party.Value.State);
        var held = await BookAsync(andrea, Court, later.AddHours(11), 1, hold: true);
        Assert.Equal(ReservationState.Held, held.Value.State);

        var filed = await Get<PqrsFilingService>().FileAsync(
            new PqrsFiling(PqrsKind.Claim, 7, andrea.ApartmentIds[0], "Cobro repetido", "Aparece dos veces.", []), andrea, default);
        Assert.StartsWith($"PQRS-{Clock.Today.Year}-", filed.Value.Number, StringComparison.Ordinal);
        var visit = await Get<VisitService>().AnnounceAsync(
            new Announcement(VisitorKind.Guest, andrea.ApartmentIds[0], "Tomás", null, 1, null, null, Clock.Now, Clock.Now.AddHours(4)),
            andrea, default);
        Assert.True(visit.Ok, visit.Error?.Code);
    }

    private Task<Result<Booked>> BookAsync(CurrentUser user, long facility, DateTime start, int hours, bool hold = false) =>
        Get<ReservationService>().BookAsync(
            new BookingInput(facility, start, start.AddHours(hours), 6, true, user.ApartmentIds[0]) { Hold = hold }, user, default);

    private async Task<CurrentUser> AccountAsync(string name)
    {
        await using var db = await Get<PortalStore>().OpenAsync(CurrentUser.System, default);
        var id = await db.Users.Where(u => u.UserName == name).Select(u => u.Id).SingleAsync();
        return (await Get<CurrentUserSource>().LoadAsync(id, default))!.User;
    }
}
