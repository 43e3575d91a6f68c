using Portal.Data.Facilities;

namespace Portal.Data.Demo;

/// <summary>A booking of the demo that costs something.</summary>
internal sealed record DemoBooking(
    long Id, string Number, DemoApartment Apartment, string Facility, DateTime Start, DateTime BookedAt, decimal Cost, bool Settled);

/// <summary>What can be booked, and a year of bookings.</summary>
internal static class DemoFacilities
{
    private sealed record Spec(
        long Id, string Name, string Type, int Capacity, bool Shared, decimal Rate, decimal Deposit, int Slot, int Min, int Max, int? Quota,
        int Opens, int Closes, bool Approval, string Description, string? Terms);

    private static readonly Spec[] All =
    [
        new(
            1, "Gimnasio", "Gimnasio", 20, true, 0, 0, 60, 60, 120, null, 5, 22, false,
            "Máquinas de cardio y peso libre, piso 2 de la torre A", null),
        new(
            2, "Salón social", "Salón social", 80, false, 60_000, 300_000, 60, 240, 480, 1, 9, 23, true,
            "Cocina, mesas y sillas para 80 personas", "Música hasta las 23:00. Se entrega barrido y sin basura."),
        new(
            3, "BBQ 1", "BBQ", 12, false, 25_000, 150_000, 240, 240, 240, 2, 8, 22, false, "Terraza de la torre B, parrilla a gas",
            "La parrilla se entrega limpia y fría. Visitantes registrados en portería."),
        new(
            4, "BBQ 2", "BBQ", 12, false, 25_000, 150_000, 240, 240, 240, 2, 8, 22, false, "Terraza de la torre C, parrilla a carbón",
            "La parrilla se entrega limpia y fría. Visitantes registrados en portería."),
        new(
            5, "Cancha múltiple", "Cancha", 14, false, 0, 0, 60, 60, 180, null, 6, 22, false, "Microfútbol y baloncesto, con iluminación",
            null),
        new(
            6, "Coworking", "Coworking", 12, true, 0, 0, 60, 60, 480, null, 7, 21, false,
            "Doce puestos con red cableada, piso 1 de la torre C", null),
    ];

    /// <summary>What of the price a late cancellation costs.</summary>
    private const int CancelPercent = 50;

    /// <summary>Minutes before the start until which cancelling is free.</summary>
    private static int CancelNotice(Spec facility) => facility.Rate > 0 ? 1440 : 60;

    public static async Task<IReadOnlyList<DemoBooking>> WriteAsync(DemoPlan plan, CancellationToken ct)
    {
        var writer = plan.Writer;
        var types = All.Select(f => f.Type).Distinct().ToList();
        var typeRows = writer.Into("reservation_types", "id", "name", "description");
        foreach (var type in types) await typeRows.AddAsync(ct, types.IndexOf(type) + 1, type, null);
        await typeRows.FlushAsync(ct);

        var rows = writer.Into(
            "facilities", "id", "name", "description", "capacity", "status", "hourly_rate", "reservation_type_id", "shared",
            "approval_required", "slot_minutes", "min_minutes", "max_minutes", "min_notice_minutes", "max_advance_days",
            "cancel_notice_minutes", "cancel_charge_percent", "deposit", "terms");
        var quotas = writer.Into("facility_quotas", "facility_id", "subject", "period", "most");
        var hours = writer.Into("facility_hours", "facility_id", "weekday", "opens_at", "closes_at");
        foreach (var f in All)
        {
            await rows.AddAsync(
                ct, f.Id, f.Name, f.Description, f.Capacity, FacilityState.Available, f.Rate, types.IndexOf(f.Type) + 1, f.Shared,
                f.Approval, f.Slot, f.Min, f.Max, f.Rate > 0 ? 120 : 0, 60, CancelNotice(f), CancelPercent, f.Deposit, f.Terms);
            if (f.Quota is { } most) await quotas.AddAsync(ct, f.Id, QuotaSubject.Apartment, QuotaPeriod.Month, most);
            for (var day = 1; day <= 7; day++) await hours.AddAsync(ct, f.Id, day, new TimeOnly(f.Opens, 0), new TimeOnly(f.Closes, 0));
        }

        await rows.FlushAsync(ct);
        await hours.FlushAsync(ct);
        await quotas.FlushAsync(ct);

        var book = new Book(plan, types);
        await StoryAsync(plan, book, ct);
        await TodayAsync(plan, book, ct);
        await HistoryAsync(plan, book, ct);
        await book.FlushAsync(ct);
        plan.Progress.Report($"{book.Count} bookings of {All.Length} facilities");
        return book.Paid;
    }

    private static async Task TodayAsync(DemoPlan plan, Book book, CancellationToken ct)
    {
        foreach (
            var (facility, apartment, from, to, people, state) in new[]
            {
                (2, "C 803", 15, 20, 40, ReservationState.Confirmed),
                (3, "A 1101", 12, 16, 8, ReservationState.Confirmed),
                (4, "B 402", 17, 21, 10, ReservationState.Pending),
                (5, "A 302", 9, 12, 10, ReservationState.Confirmed),
                (5, "C 1105", 15, 18, 12, ReservationState.Confirmed),
                (1, "A 604", 6, 8, 4, ReservationState.Confirmed),
                (1, "B 305", 6, 8, 3, ReservationState.Confirmed),
                (1, "C 401", 8, 10, 2, ReservationState.Confirmed),
                (1, "B 702", 17, 19, 8, ReservationState.Confirmed),
                (1, "A 903", 17, 19, 6, ReservationState.Confirmed),
                (6, "B 1003", 8, 12, 3, ReservationState.Confirmed),
                (6, "A 201", 8, 12, 3, ReservationState.Confirmed),
                (6, "C 1002", 14, 18, 3, ReservationState.Confirmed),
            }
        )
        {
            // What waits for an answer has not begun.
            var day = state == ReservationState.Pending && plan.Now.Hour >= from ? plan.Today.AddDays(1) : plan.Today;
            await book.AddAsync(
                All[facility - 1], plan.Apartment(apartment), day.ToDateTime(new TimeOnly(from, 0)), day.ToDateTime(new TimeOnly(to, 0)),
                people, state, ct);
        }

        // The queue is never empty: a party on the Saturday after tomorrow waits for the office.
        var saturday = plan.Today.AddDays(2 + ((int)DayOfWeek.Saturday - (int)plan.Today.AddDays(2).DayOfWeek + 7) % 7);
        await book.AddAsync(
            All[1], plan.Apartment("A 903"), saturday.ToDateTime(new TimeOnly(16, 0)), saturday.ToDateTime(new TimeOnly(21, 0)), 50,
            ReservationState.Pending, ct);
    }

    private static async Task StoryAsync(DemoPlan plan, Book book, CancellationToken ct)
    {
        var andrea = plan.Apartment("B 1204");
        var sunday = plan.Today.AddDays(1 + (7 - (int)plan.Today.AddDays(1).DayOfWeek) % 7).ToDateTime(new TimeOnly(9, 0));
        await book.AddAsync(All[4], andrea, sunday, sunday.AddHours(1), 8, ReservationState.Confirmed, ct);

        // Both BBQ bookings of this month are used up: the screen that refuses a third tells so.
        foreach (var (day, facility) in new[] { (7, 3), (14, 2) })
        {
            var start = new DateOnly(plan.Today.Year, plan.Today.Month, day).ToDateTime(new TimeOnly(12, 0));
            var booked = start.AddDays(-12) < plan.Now.AddDays(-3) ? start.AddDays(-12) : plan.Now.AddDays(-3);
            await book.AddAsync(
                All[facility], andrea, start, start.AddHours(4), 9, ReservationState.Confirmed, ct, settled: day != 14, bookedAt: booked);
        }
    }

    private static async Task HistoryAsync(DemoPlan plan, Book book, CancellationToken ct)
    {
        var random = plan.Random;
        var told = plan.Apartment("B 1204").Owner?.OwnerId;
        for (var offset = -365; offset <= DemoSeed.BookedDays; offset++)
        {
            if (offset == 0) continue;
            var day = plan.Today.AddDays(offset);
            var weekend = day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday;
            foreach (var facility in All)
            {
                var wanted =
                    facility.Shared ? facility.Capacity + random.Next(6, 20)
                    : facility.Min >= 240 ? random.Next(weekend ? 3 : 1)
                    : random.Next(1, weekend ? 6 : 4);
                if (offset > 7) wanted /= 2;
                for (var i = 0; i < wanted; i++)
                {
                    var length = facility.Min + facility.Slot * random.Next((facility.Max - facility.Min) / facility.Slot + 1);
                    var slots = ((facility.Closes - facility.Opens) * 60 - length) / facility.Slot;
                    var start = day.ToDateTime(new TimeOnly(facility.Opens, 0)).AddMinutes(facility.Slot * random.Next(slots + 1));
                    var apartment = plan.Apartments[random.Next(plan.Apartments.Count)];
                    // What the story's resident has ahead of them is told: no chance booking uses up their month or takes their hour.
                    if (offset > 0 && apartment.Owner?.OwnerId == told) continue;
                    var state =
                        offset < 0
                            ? random.Next(14) == 0
                                ? ReservationState.Cancelled
                                : ReservationState.Completed
                            : ReservationState.Confirmed;
                    if (offset > 0 && facility.Approval && random.Next(3) == 0) state = ReservationState.Pending;
                    await book.AddAsync(
                        facility, apartment, start, start.AddMinutes(length),
                        facility.Shared ? random.Next(1, 3) : random.Next(2, facility.Capacity), state, ct);
                }
            }
        }
    }

    /// <summary>Keeps to the rules itself: no overlap, no capacity exceeded, no quota exceeded.</summary>
    private sealed class Book(DemoPlan plan, List<string> types)
    {
        private readonly SeedWriter.Table _rows = plan.Writer.Into(
            "reservations", "id", "owner_id", "facility_id", "start_date", "end_date", "status_id", "total_cost", "number", "apartment_id",
            "reservation_type_id", "people", "deposit", "cancel_free_until", "cancel_charge", "booked_by", "cancelled_at", "cancelled_by",
            "created_at");
        private readonly Dictionary<(long Facility, DateOnly Day), List<(DateTime Start, DateTime End, int People)>> _taken = [];
        private readonly Dictionary<(string Type, long Apartment, int Month), int> _used = [];
        private readonly Dictionary<int, int> _numbers = [];

        public List<DemoBooking> Paid { get; } = [];
        public int Count => _rows.Count;

        public async Task AddAsync(
            Spec facility, DemoApartment apartment, DateTime start, DateTime end, int people, ReservationState state, CancellationToken ct,
            bool settled = true, DateTime? bookedAt = null)
        {
            if (apartment.Owner is not { } owner) return;
            var day = DateOnly.FromDateTime(start);
            if (state != ReservationState.Cancelled && !Take(facility, apartment, start, end, people, day)) return;

            // What was to be today and is over by now has been completed.
            if (state == ReservationState.Confirmed && end <= plan.Now) state = ReservationState.Completed;
            var id = plan.Writer.NextId("reservations");
            var cost = facility.Rate * (decimal)(end - start).TotalHours;
            var booked = start.AddDays(-plan.Random.Next(1, 15)).AddMinutes(plan.Random.Next(-400, 200));
            // Not by chance: the hour at which the demo is made must not change what follows.
            if (booked > plan.Now) booked = plan.Now.AddHours(-2 - id % 88);
            booked = bookedAt ?? booked;
            var year = booked.Year;
            var number = _numbers[year] = _numbers.GetValueOrDefault(year) + 1;
            var cancelled = state == ReservationState.Cancelled;
            await _rows.AddAsync(
                ct, id, owner.OwnerId, facility.Id, start, end, state, cost, $"R-{year}-{number:000000}", apartment.Id,
                types.IndexOf(facility.Type) + 1, people, facility.Deposit, cost > 0 ? start.AddMinutes(-CancelNotice(facility)) : null,
                cost * CancelPercent / 100, owner.UserId, cancelled ? plan.Instant(booked.AddHours(1)) : null,
                cancelled ? owner.UserId : null, plan.Instant(booked));
            if (cost > 0 && !cancelled)
                Paid.Add(
                    new DemoBooking(
                        id, $"R-{year}-{number:000000}", apartment, facility.Name, start, booked, cost,
                        settled && state != ReservationState.Pending && start < plan.Now.AddDays(2))
                );
        }

        public async Task FlushAsync(CancellationToken ct)
        {
            await _rows.FlushAsync(ct);
            var sequences = plan.Writer.Into("sequences", "name", "year", "last_number");
            foreach (var (year, last) in _numbers) await sequences.AddAsync(ct, "R", year, last);
            await sequences.FlushAsync(ct);
        }

        private bool Take(Spec facility, DemoApartment apartment, DateTime start, DateTime end, int people, DateOnly day)
        {
            if (!_taken.TryGetValue((facility.Id, day), out var taken)) _taken[(facility.Id, day)] = taken = [];
            var overlapping = taken.Where(t => t.Start < end && start < t.End).ToList();
            if (facility.Shared ? overlapping.Sum(t => t.People) + people > facility.Capacity : overlapping.Count > 0) return false;
            var quota = (facility.Type, apartment.Id, day.Year * 12 + day.Month);
            if (facility.Quota is { } most && _used.GetValueOrDefault(quota) >= most) return false;
            _used[quota] = _used.GetValueOrDefault(quota) + 1;
            taken.Add((start, end, people));
            return true;
        }
    }
}
