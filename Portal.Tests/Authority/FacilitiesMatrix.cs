using Portal.Data;
using Portal.Data.Facilities;
using Portal.Data.Facilities.Occupancy;
using Portal.Data.Payments;

namespace Portal.Tests.Authority;

/// <summary>Facilities and bookings. The booking asked for was made in the owner's name.</summary>
public sealed class FacilitiesMatrix : AreaMatrix
{
    private const long Hall = 601;
    private const long Mine = 611;
    private const long Waiting = 612;
    private const long Kept = 613;
    private const long Closure = 621;
    private const long Queued = 631;
    private const long Lessons = 641;

    private static readonly Who[] Bookers = [Who.Admin, Who.Staff, Who.Owner, Who.Neighbour, Who.Tenant];
    private static readonly Who[] Seers = [Who.Admin, Who.Staff, Who.Guard];

    public override Task SeedAsync(PortalDb db, AuthorityWorld world)
    {
        db.Facilities.Add(
            new Facility
            {
                Id = Hall,
                Name = "Salón",
                Capacity = 20,
                MaxAdvanceDays = 60,
                Hours =
                [
                    .. Enumerable
                        .Range(1, 7)
                        .Select(day => new FacilityHours
                        {
                            Weekday = day,
                            OpensAt = new(0, 0),
                            ClosesAt = new(0, 0),
                        }),
                ],
            }
        );
        foreach (
            var (id, hour, state) in new[]
            {
                (Mine, 10, ReservationState.Confirmed),
                (Waiting, 14, ReservationState.Pending),
                (Kept, 8, ReservationState.Held),
            }
        )
        {
            db.Reservations.Add(
                Reservation
                    .Book(
                        new Facility { Id = Hall }, AuthorityWorld.Apartment, AuthorityWorld.OwnerRow(Who.Owner),
                        new BookingInput(Hall, At(world, hour), At(world, hour + 1), 1), new BookingPrice(0, 0, null, 0),
                        $"R-2026-9{id:00000}", null)
                    .With(r => r.Id, id)
                    .With(r => r.StatusId, state)
                    .With(r => r.HoldUntil, state == ReservationState.Held ? world.Clock.UtcNow.AddHours(1) : null)
            );
        }

        db.Charges.Add(
            new Charge
            {
                ApartmentId = AuthorityWorld.Apartment,
                ReservationId = Mine,
                Kind = ChargeKind.Booking,
                Concept = "Reserva Salón",
                Amount = 50_000,
                DueOn = world.Clock.Today.AddDays(1),
                IssuedOn = world.Clock.Today,
            }
        );
        db.ReservationSeries.Add(
            new ReservationSeries
            {
                Id = Lessons,
                FacilityId = Hall,
                OwnerId = AuthorityWorld.OwnerRow(Who.Owner),
                ApartmentId = AuthorityWorld.Apartment,
                StartsOn = world.Clock.Today,
                EndsOn = world.Clock.Today.AddDays(30),
                Weekdays = "1",
                StartTime = new(12, 0),
                Minutes = 60,
            }
        );
        db.ReservationWaits.Add(
            new ReservationWait
            {
                Id = Queued,
                FacilityId = Hall,
                OwnerId = AuthorityWorld.OwnerRow(Who.Owner),
                ApartmentId = AuthorityWorld.Apartment,
                StartDate = At(world, 8),
                EndDate = At(world, 9),
            }
        );
        db.FacilityBlackouts.Add(
            new FacilityBlackout
            {
                Id = Closure,
                FacilityId = Hall,
                StartDate = At(world, 20),
                EndDate = At(world, 21),
                Reason = "Aseo",
            }
        );
        return Task.CompletedTask;
    }

    public override IEnumerable<Entry> Entries =>
        [
            Method<BookingService>(nameof(BookingService.CardsAsync), (s, user, _) => Of(s.CardsAsync(user, default)), Bookers),
            Method<BookingService>(
                nameof(BookingService.NextDaysAsync),
                (s, user, _) => Of(s.NextDaysAsync(Hall, 7, 14, null, user, default)), Bookers),
            Method<BookingService>(
                nameof(BookingService.DaysAsync),
                (s, user, world) => Of(s.DaysAsync(Hall, world.Clock.Today, 7, world.Clock.Today, null, user, default)), Bookers),
            Method<BookingService>(
                nameof(BookingService.QuoteAsync), (s, user, world) => Of(s.QuoteAsync(Wish(world), user, default)), Who.Admin, Who.Staff,
                Who.Owner, Who.Tenant),
            Method<BookingService>(
                nameof(BookingService.HomesAsync),
                async (s, user, _) => (await s.HomesAsync(user, default)).Any(h => h.Id == AuthorityWorld.Apartment), Who.Owner,
                Who.Tenant),
            Method<BookingService>(
                nameof(BookingService.FindHomesAsync), async (s, user, _) => (await s.FindHomesAsync("101", user, default)).Count > 0,
                Office),
            Method<BookingService>(
                nameof(BookingService.ResidentsAsync),
                async (s, user, _) => (await s.ResidentsAsync(AuthorityWorld.Apartment, user, default)).Count > 0, Office),
            Method<OwnReservations>(
                nameof(OwnReservations.ListAsync),
                async (s, user, _) =>
                    await s.ListAsync(5, user, default) is { Ok: true } mine && mine.Value.ToCome.Any(b => b.Row.Id == Mine),
                Who.Owner
            ),
            Method<OwnReservations>(
                nameof(OwnReservations.FindAsync), (s, user, _) => Of(s.FindAsync(Mine, user, default)), Who.Admin, Who.Staff, Who.Owner),
            Method<ReservationService>(
                nameof(ReservationService.BookAsync), (s, user, world) => Of(s.BookAsync(Wish(world), user, default)), Who.Admin, Who.Staff,
                Who.Owner, Who.Tenant),
            Method<ReservationService>(
                nameof(ReservationService.CancelAsync), (s, user, _) => Of(s.CancelAsync(Mine, "Lluvia", 0, user, default)), Who.Admin,
                Who.Staff, Who.Owner),
            Method<ReservationService>(
                nameof(ReservationService.ApproveAsync), (s, user, _) => Of(s.ApproveAsync(Waiting, user, default)), Office),
            Method<ReservationService>(
                nameof(ReservationService.RejectAsync), (s, user, _) => Of(s.RejectAsync(Waiting, "Asamblea", user, default)), Office),
            Method<ReservationService>(
                nameof(ReservationService.ConfirmAsync), (s, user, _) => Of(s.ConfirmAsync(Kept, true, user, default)), Who.Admin,
                Who.Staff, Who.Owner),
            Method<ReservationChanges>(
                nameof(ReservationChanges.OptionsAsync),
                (s, user, world) => Of(s.OptionsAsync(Mine, Hall, world.Clock.Today.AddDays(1), 60, user, default)), Who.Admin, Who.Staff,
                Who.Owner),
            Method<ReservationChanges>(
                nameof(ReservationChanges.QuoteAsync), (s, user, world) => Of(s.QuoteAsync(Mine, Moved(world), user, default)), Who.Admin,
                Who.Staff, Who.Owner),
            Method<ReservationChanges>(
                nameof(ReservationChanges.MoveAsync), (s, user, world) => Of(s.MoveAsync(Mine, Moved(world), 0, user, default)), Who.Admin,
                Who.Staff, Who.Owner),
            Method<WaitingList>(
                nameof(WaitingList.JoinAsync),
                (s, user, world) => Of(s.JoinAsync(Wish(world) with { Start = At(world, 10), End = At(world, 11) }, user, default)),
                Who.Admin, Who.Staff, Who.Owner, Who.Tenant),
            Method<WaitingList>(
                nameof(WaitingList.LeaveAsync), (s, user, _) => Of(s.LeaveAsync(Queued, user, default)), Who.Admin, Who.Staff, Who.Owner),
            Method<WaitingList>(
                nameof(WaitingList.ReturnAsync), (s, user, _) => Of(s.ReturnAsync(Queued, user, default)), Who.Admin, Who.Staff, Who.Owner),
            Method<WaitingList>(
                nameof(WaitingList.MineAsync), async (s, user, _) => (await s.MineAsync(user, default)).Any(w => w.Id == Queued),
                Who.Owner),
            Method<WaitingList>(
                nameof(WaitingList.RemoveAsync), (s, user, _) => Of(s.RemoveAsync(Queued, "Se mudó", user, default)), Office),
            Method<WaitingList>(
                nameof(WaitingList.AllAsync), async (s, user, _) => (await s.AllAsync(null, user, default)).Any(w => w.Id == Queued),
                Office),
            Method<SeriesService>(
                nameof(SeriesService.PlanAsync), (s, user, world) => Of(s.PlanAsync(Course(world), user, default)), Office),
            Method<SeriesService>(
                nameof(SeriesService.MakeAsync), (s, user, world) => Of(s.MakeAsync(Course(world), [], user, default)), Office),
            Method<SeriesService>(
                nameof(SeriesService.ListAsync), async (s, user, _) => (await s.ListAsync(null, user, default)).Any(r => r.Id == Lessons),
                Office),
            Method<SeriesService>(nameof(SeriesService.GetAsync), (s, user, _) => Of(s.GetAsync(Lessons, user, default)), Office),
            Method<SeriesService>(
                nameof(SeriesService.EndAsync), (s, user, world) => Of(s.EndAsync(Lessons, world.Clock.Today, "Fin", user, default)),
                Office),
            Open<WaitingList>(nameof(WaitingList.RunAsync), "the job that serves the list, run by the portal itself"),
            Method<CheckInService>(
                nameof(CheckInService.FindAsync), (s, user, _) => Of(s.FindAsync($"R-2026-9{Mine:00000}", user, default)), Seers),
            Method<CheckInService>(nameof(CheckInService.CheckInAsync), (s, user, _) => Of(s.CheckInAsync(Mine, user, default)), Seers),
            Method<CheckInService>(nameof(CheckInService.UndoAsync), (s, user, _) => Of(s.UndoAsync(Mine, user, default)), Seers),
            Method<CheckInService>(nameof(CheckInService.NoShowAsync), (s, user, _) => Of(s.NoShowAsync(Mine, user, default)), Office),
            Method<ConfirmationService>(
                nameof(ConfirmationService.FindAsync), (s, user, _) => Of(s.FindAsync(Mine, user, default)), Who.Admin, Who.Staff,
                Who.Owner),
            Method<OccupancyService>(
                nameof(OccupancyService.ReportAsync),
                (s, user, world) => Of(s.ReportAsync(world.Clock.Today, world.Clock.Today.AddDays(6), null, user, default)), Office),
            Method<CalendarFeedService>(
                nameof(CalendarFeedService.MineAsync), (s, user, _) => Of(s.MineAsync(user, default)), Who.Admin, Who.Owner, Who.Neighbour,
                Who.Tenant),
            Method<CalendarFeedService>(
                nameof(CalendarFeedService.ReplaceAsync), (s, user, _) => Of(s.ReplaceAsync(user, default)), Who.Admin, Who.Owner,
                Who.Neighbour, Who.Tenant),
            Method<CalendarFeedService>(
                nameof(CalendarFeedService.RevokeAsync), (s, user, _) => Of(s.RevokeAsync(user, default)), Who.Admin, Who.Owner,
                Who.Neighbour, Who.Tenant),
            Method<CalendarFeedService>(
                nameof(CalendarFeedService.FindAsync), (s, user, _) => Of(s.FindAsync(Mine, user, default)), Who.Admin, Who.Staff,
                Who.Owner),
            Open<CalendarFeedService>(nameof(CalendarFeedService.ReadAsync), "whoever has the secret address; it holds 192 random bits"),
            Method<BookingService>(
                nameof(BookingService.TryAsync),
                (s, user, world) => Of(s.TryAsync(Hall, new FacilityInput { Name = "Salón" }, Wish(world), user, default)), Office),
            Method<ReservationLists>(
                nameof(ReservationLists.ListAsync),
                async (s, user, _) => (await s.ListAsync(new(), user, default)).Rows.Any(r => r.Id == Mine), [.. Seers, Who.Owner]),
            Method<ReservationLists>(
                nameof(ReservationLists.ExportAsync), async (s, user, _) => await AnyAsync(s.ExportAsync(new(), user, default)),
                [.. Office, Who.Owner]),
            Method<ReservationLists>(
                nameof(ReservationLists.CountsAsync),
                async (s, user, _) => await s.CountsAsync(user, default) is { Pending: > 0, Waiting: > 0 }, Office),
            Method<ReservationLists>(
                nameof(ReservationLists.MonthAsync),
                (s, user, world) => Of(s.MonthAsync(world.Clock.Today.Year, world.Clock.Today.Month, null, user, default)), Seers),
            Method<ReservationLists>(
                nameof(ReservationLists.StoryAsync), (s, user, _) => Of(s.StoryAsync(Mine, user, default)), [.. Seers, Who.Owner]),
            Method<ReservationLists>(
                nameof(ReservationLists.PaymentsAsync), async (s, user, _) => (await s.PaymentsAsync(Mine, user, default)).Count > 0,
                Who.Admin, Who.Staff, Who.Owner),
            Method<ReservationLists>(
                nameof(ReservationLists.QueueAsync),
                async (s, user, _) => (await s.QueueAsync(user, default)).Any(q => q.Row.Id == Waiting), Office),
            Method<ReservationLists>(
                nameof(ReservationLists.CalendarAsync), (s, user, world) => Of(s.CalendarAsync(world.Clock.Today, 7, null, user, default)),
                Seers),
            Method<FacilityService>(
                nameof(FacilityService.ListAsync), async (s, user, _) => (await s.ListAsync(new(), user, default)).Rows.Count > 0,
                SignedIn),
            Method<FacilityService>(
                nameof(FacilityService.NamesAsync), async (s, user, _) => (await s.NamesAsync(user, default)).Count > 0, SignedIn),
            Method<FacilityService>(nameof(FacilityService.GetAsync), (s, user, _) => Of(s.GetAsync(Hall, user, default)), Office),
            Method<FacilityService>(
                nameof(FacilityService.SaveAsync),
                (s, user, _) => Of(s.SaveAsync(null, new FacilityInput { Name = "Cancha" }, user, default)), Office),
            Method<BlackoutService>(
                nameof(BlackoutService.MetAsync), (s, user, world) => Of(s.MetAsync([Hall], At(world, 0), At(world, 23), user, default)),
                Office),
            Method<BlackoutService>(
                nameof(BlackoutService.AddAsync),
                (s, user, world) => Of(s.AddAsync(Hall, new BlackoutInput(At(world, 9), At(world, 12), "Pintura", true), user, default)),
                Office
            ),
            Method<BlackoutService>(nameof(BlackoutService.RemoveAsync), (s, user, _) => Of(s.RemoveAsync(Closure, user, default)), Office),
            Page("/book", Bookers),
            Page("/book/{FacilityId:long}", $"/book/{Hall}", Bookers),
            Page("/reservations", SignedIn),
            Page("/reservations/series", Office),
            Page("/reservations/series/new", Office),
            Page("/reservations/series/{Id:long}", $"/reservations/series/{Lessons}", Office),
            Page("/reservations/report", Office),
            Endpoint(HttpMethod.Get, "/reservations/report/export", "/reservations/report/export?format=csv", Office),
            Endpoint(HttpMethod.Get, "/reservations/report.pdf", "/reservations/report.pdf", Office),
            Page("/facilities", SignedIn),
            Page("/facilities/new", Office),
            Page("/facilities/{Id:long}", $"/facilities/{Hall}", Office),
            Endpoint(HttpMethod.Get, "/reservations/export", "/reservations/export", Office),
            Endpoint(HttpMethod.Get, "/reservations/{id:long}.ics", $"/reservations/{Mine}.ics", Who.Admin, Who.Staff, Who.Owner),
            Endpoint(HttpMethod.Get, "/calendar/{secret}.ics", "/calendar/nobodys.ics"),
            Endpoint(
                HttpMethod.Get, "/reservations/{id:long}/confirmation.pdf", $"/reservations/{Mine}/confirmation.pdf", Who.Admin, Who.Staff,
                Who.Owner),
        ];

    /// <summary>Tomorrow, so that nothing has begun.</summary>
    private static DateTime At(AuthorityWorld world, int hour) => world.Clock.Today.AddDays(1).ToDateTime(new TimeOnly(hour, 0));

    private static BookingInput Wish(AuthorityWorld world) => new(Hall, At(world, 17), At(world, 18), 2, true, AuthorityWorld.Apartment);

    private static SeriesInput Course(AuthorityWorld world) =>
        new(Hall, world.Clock.Today.AddDays(7), world.Clock.Today.AddDays(7), [1, 2, 3, 4, 5, 6, 7], 1, new(12, 0), 60, 2)
        {
            ApartmentId = AuthorityWorld.Apartment,
        };

    private static ChangeInput Moved(AuthorityWorld world) => new(Hall, At(world, 18), At(world, 19), 2);

    private static async Task<bool> AnyAsync(IAsyncEnumerable<ReservationRow> rows)
    {
        await foreach (var row in rows)
        {
            if (row.Id == Mine) return true;
        }

        return false;
    }
}
