using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Facilities;
using Portal.Data.Gate;
using Portal.Data.Parking;

namespace Portal.Data.Passes;

/// <summary>
/// Residents make passes for their apartments. What a host presses twice is made once: the same name, apartment and end, still open, is the
/// pass that is there.
/// </summary>
public sealed class PassService(PortalStore store, BuildingClock clock)
{
    private const int MostPeople = 99;

    /// <summary>One entry of one party within seven days. Also writes its announced visit, by which the gate has always known it.</summary>
    public Task<Result<PassMade>> InviteAsync(Announcement visit, CurrentUser user, CancellationToken ct)
    {
        var errors = Check(visit);
        return MakeAsync(
            user, visit.ApartmentId, errors,
            async (db, host, token) =>
            {
                if (await BlockAsync(db, visit.ApartmentId, visit.Identification, [visit.Plate], token) is { } blocked) return blocked;
                var name = visit.Name.Trim();
                var same = await db.Visitors
                    .Where(v => v.Host!.Id == host && v.ApartmentId == visit.ApartmentId && v.State == VisitorState.Announced
                        && v.Name == name && v.ExpectedUntil == visit.Until && v.PassId != null)
                    .OrderBy(v => v.Id)
                    .Select(v => new { v.Id, v.PassId, v.PassCode })
                    .FirstOrDefaultAsync(token);
                if (same is not null) return new PassMade(same.PassId!.Value, same.Id, same.PassCode, true);
                var code = await PassCodes.FreeAsync(db, clock.Now, token);
                var pass = Pass.Single(host, visit, code, PassCodes.Token());
                db.Passes.Add(pass);
                var row = Visitor.Announce(host, visit, code);
                row.With(pass);
                db.Visitors.Add(row);
                await db.SaveChangesAsync(token);
                return new PassMade(pass.Id, row.Id, code, false);
            },
            ct);
    }

    /// <summary>The same person on certain weekdays, for a year at most.</summary>
    public Task<Result<PassMade>> RecurAsync(NewRecurring input, CurrentUser user, CancellationToken ct)
    {
        var errors = new List<Error>();
        var today = clock.Today;
        CheckName(errors, input.Name, nameof(NewRecurring.Name));
        CheckDocument(errors, input.Identification);
        CheckPlate(errors, input.Plate, required: false);
        if ((input.Weekdays & PassRules.EveryDay) == 0) errors.Add(Error.Required(nameof(NewRecurring.Weekdays)));
        if (input.From == input.Until) errors.Add(new Error("pass.hours", nameof(NewRecurring.Until)));
        if (input.LastDay < input.FirstDay) errors.Add(new Error("pass.days", nameof(NewRecurring.LastDay)));
        else if (input.LastDay > PassRules.LastDay(input.FirstDay))
            errors.Add(new Error("pass.year", nameof(NewRecurring.LastDay), input.LastDay, PassRules.LastDay(input.FirstDay)));
        if (input.LastDay < today) errors.Add(new Error("gate.past", nameof(NewRecurring.LastDay)));
        CheckStart(errors, input.FirstDay.ToDateTime(input.From), nameof(NewRecurring.FirstDay));
        if (errors.Count == 0 && Planned(input) == 0) errors.Add(new Error("pass.no_visit", nameof(NewRecurring.Weekdays)));
        return MakeAsync(
            user, input.ApartmentId, errors,
            async (db, host, token) =>
            {
                if (await BlockAsync(db, input.ApartmentId, input.Identification, [input.Plate], token) is { } blocked) return blocked;
                var made = Pass.Recurring(
                    host, input with { Weekdays = (byte)(input.Weekdays & PassRules.EveryDay) },
                    await PassCodes.FreeAsync(db, clock.Now, token), PassCodes.Token());
                return await AddAsync(db, made, token);
            },
            ct);
    }

    /// <summary>How many visits a recurring pass would mean, counted from now. Reads nothing.</summary>
    public int Planned(NewRecurring input)
    {
        if (input.LastDay < input.FirstDay || input.LastDay > PassRules.LastDay(input.FirstDay) || input.From == input.Until) return 0;
        var pass = Pass.Recurring(0, input with { Weekdays = (byte)(input.Weekdays & PassRules.EveryDay) }, "", "");
        return PassRules.Visits(pass, clock.Now, PassRules.HolidaysBetween(pass.StartsAt, pass.EndsAt));
    }

    /// <summary>The public holidays that fall on its days.</summary>
    public IReadOnlyList<DateOnly> HolidaysOf(NewRecurring input)
    {
        if (input.LastDay < input.FirstDay || input.LastDay > PassRules.LastDay(input.FirstDay)) return [];
        var pass = Pass.Recurring(0, input, "", "");
        return PassRules.HolidaysOnItsDays(pass, clock.Now, PassRules.HolidaysBetween(pass.StartsAt, pass.EndsAt));
    }

    /// <summary>Many people to one thing: each name its own code, and one code for those who come without a name.</summary>
    public Task<Result<PassMade>> CelebrateAsync(NewEvent input, CurrentUser user, CancellationToken ct)
    {
        var errors = new List<Error>();
        CheckName(errors, input.Title, nameof(NewEvent.Title));
        CheckWindow(errors, input.From, input.Until, TimeSpan.FromDays(PassRules.LongestEventDays), "pass.event_long");
        CheckGuests(errors, input.Guests);
        if (input.Guests.Count + input.Unnamed < 1) errors.Add(Error.Required(nameof(NewEvent.Guests)));
        if (input.Unnamed < 0 || input.Guests.Count + (long)input.Unnamed > PassRules.MostGuests)
            errors.Add(new Error("pass.guests", nameof(NewEvent.Guests), PassRules.MostGuests, input.Guests.Count + (long)input.Unnamed));
        return MakeAsync(
            user, input.ApartmentId, errors,
            async (db, host, token) =>
            {
                if (await BlockAsync(db, input.ApartmentId, null, [.. input.Guests.Select(g => g.Plate)], token) is { } blocked)
                    return blocked;
                var capacity = input.Guests.Count + input.Unnamed;
                if (input.ReservationId is { } booked)
                {
                    var (begins, ends) = (input.From.Date, input.From.Date.AddDays(1));
                    if (await Bookings(db, user).Where(r => r.Id == booked && r.StartDate < ends && r.EndDate > begins).Select(Place)
                        .SingleOrDefaultAsync(token) is not { } place)
                        return new Error("pass.booking", nameof(NewEvent.ReservationId), input.From);
                    capacity = place.Capacity;
                }

                var codes = await PassCodes.FreeAsync(db, input.Guests.Count + 1, clock.Now, token);
                var made = Pass.Event(host, input, capacity, input.Unnamed > 0 ? codes[^1] : null, PassCodes.Token());
                foreach (var (index, guest) in input.Guests.Index()) made.Invite(guest, codes[index], PassCodes.Token());
                return await AddAsync(db, made, token);
            },
            ct);
    }

    /// <summary>More names for an event that is not over.</summary>
    /// <returns>How many were added; who is invited already is left out.</returns>
    public async Task<Result<int>> AddGuestsAsync(long id, IReadOnlyList<GuestLine> guests, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.GateAnnounceOwn)) return Error.Forbidden;
        var errors = new List<Error>();
        CheckGuests(errors, guests);
        if (guests.Count == 0) errors.Add(Error.Required(nameof(NewEvent.Guests)));
        if (errors.Count > 0) return errors;
        var (mine, now) = (user.OwnerIds, clock.Now);
        return await store.WriteAsync<int>(
            user,
            async (db, token) =>
            {
                var pass = await db.Passes.Where(p => p.Id == id && p.Kind == PassKind.Event && mine.Contains(p.HostId)).ForUpdate()
                    .SingleOrDefaultAsync(token);
                if (pass is null) return Error.NotFound;
                if (pass.RevokedAt is { } since) return new Error("pass.revoked", null, since);
                if (pass.EndsAt < now) return new Error("pass.over", null, pass.EndsAt);
                if (await BlockAsync(db, pass.ApartmentId ?? 0, null, [.. guests.Select(g => g.Plate)], token) is { } blocked)
                    return blocked;
                var there = await db.PassGuests.Where(g => g.PassId == id && g.RevokedAt == null).Select(g => g.Name).ToListAsync(token);
                var fresh = guests.Where(g => !there.Any(name => Spelling.SameName(name, g.Name))).ToList();
                var all = there.Count + fresh.Count + (pass.Code is null ? 0 : pass.People);
                if (all > PassRules.MostGuests) return new Error("pass.guests", nameof(NewEvent.Guests), PassRules.MostGuests, all);
                if (fresh.Count == 0) return 0;
                var codes = await PassCodes.FreeAsync(db, fresh.Count, now, token);
                foreach (var (index, guest) in fresh.Index()) pass.Invite(guest, codes[index], PassCodes.Token());
                pass.MakeRoom(all);
                await db.SaveChangesAsync(token);
                return fresh.Count;
            },
            ct);
    }

    /// <summary>A plate that may come in within a year, one stay at a time.</summary>
    public Task<Result<PassMade>> VehicleAsync(NewVehicle input, CurrentUser user, CancellationToken ct)
    {
        var errors = new List<Error>();
        CheckPlate(errors, input.Plate, required: true);
        if (input.Name?.Trim().Length > GuestList.LongestName) errors.Add(Error.TooLong(nameof(NewVehicle.Name), GuestList.LongestName));
        var last = PassRules.LastDay(DateOnly.FromDateTime(input.From)).ToDateTime(TimeOnly.FromDateTime(input.From)).AddDays(1);
        CheckWindow(errors, input.From, input.Until, last - input.From, "pass.vehicle_long");
        return MakeAsync(
            user, input.ApartmentId, errors,
            async (db, host, token) =>
            {
                if (await BlockAsync(db, input.ApartmentId, null, [input.Plate], token) is { } blocked) return blocked;
                return await AddAsync(
                    db, Pass.Vehicle(host, input, await PassCodes.FreeAsync(db, clock.Now, token), PassCodes.Token()), token);
            },
            ct);
    }

    /// <summary>Whoever a company sends, once, within four hours.</summary>
    public Task<Result<PassMade>> DeliveryAsync(NewDelivery input, CurrentUser user, CancellationToken ct)
    {
        var errors = new List<Error>();
        if (string.IsNullOrWhiteSpace(input.Company)) errors.Add(Error.Required(nameof(NewDelivery.Company)));
        else if (input.Company.Trim().Length > 100) errors.Add(Error.TooLong(nameof(NewDelivery.Company), 100));
        CheckWindow(errors, input.From, input.Until, TimeSpan.FromHours(PassRules.LongestDeliveryHours), "pass.delivery_long");
        return MakeAsync(
            user, input.ApartmentId, errors,
            async (db, host, token) =>
                await AddAsync(
                    db, Pass.Delivery(host, input, await PassCodes.FreeAsync(db, clock.Now, token), PassCodes.Token()), token),
            ct);
    }

    /// <summary>Places that the person has booked and that are not over, the next first: an event may have their capacity.</summary>
    public async Task<IReadOnlyList<PassBooking>> BookingsAsync(CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.GateAnnounceOwn)) return [];
        await using var db = await store.OpenAsync(user, ct);
        var (now, last) = (clock.Now, clock.Now.AddDays(PassRules.FurthestDays));
        return await Bookings(db, user).Where(r => r.EndDate > now && r.StartDate < last).OrderBy(r => r.StartDate).ThenBy(r => r.Id)
            .Take(5).Select(Place).ToListAsync(ct);
    }

    private static readonly Expression<Func<Reservation, PassBooking>> Place = r =>
        new PassBooking(r.Id, r.Facility!.Name, r.StartDate, r.EndDate, r.Facility.Capacity ?? r.People);

    private static IQueryable<Reservation> Bookings(PortalDb db, CurrentUser user)
    {
        var mine = user.OwnerIds;
        return db.Reservations.AsNoTracking().Where(r => mine.Contains(r.OwnerId)
            && (r.StatusId == ReservationState.Confirmed || r.StatusId == ReservationState.Pending || r.StatusId == ReservationState.Held));
    }

    /// <summary>A host's passes are made one after the other, so that two presses of one hand see each other.</summary>
    private async Task<Result<PassMade>> MakeAsync(
        CurrentUser user, long apartment, List<Error> errors, Func<PortalDb, long, CancellationToken, Task<Result<PassMade>>> make,
        CancellationToken ct)
    {
        if (!user.Can(Permissions.GateAnnounceOwn) || user.OwnerIds is not [var host, ..]) return Error.Forbidden;
        if (apartment == 0) errors.Add(Error.Required(nameof(Announcement.ApartmentId)));
        else if (!user.ApartmentIds.Contains(apartment)) errors.Add(Error.NotFound with { Field = nameof(Announcement.ApartmentId) });
        if (errors.Count > 0) return errors;
        return await store.WriteAsync<PassMade>(
            user,
            async (db, token) => await db.Owners.LockAsync(host, token) ? await make(db, host, token) : Error.Forbidden,
            ct);
    }

    private async Task<Result<PassMade>> AddAsync(PortalDb db, Pass made, CancellationToken ct)
    {
        var now = clock.Now;
        var same = await db.Passes.AsNoTracking()
            .Where(p => p.HostId == made.HostId && p.ApartmentId == made.ApartmentId && p.Kind == made.Kind && p.Title == made.Title
                && p.Company == made.Company && p.LicensePlate == made.LicensePlate && p.EndsAt == made.EndsAt && p.RevokedAt == null
                && p.EndsAt >= now && p.Weekdays == made.Weekdays && p.FromTime == made.FromTime
                && (p.Kind != PassKind.Delivery || !db.Visitors.Any(v => v.PassId == p.Id && v.EnterTime != null)))
            .OrderBy(p => p.Id)
            .Select(p => new { p.Id, p.Code })
            .FirstOrDefaultAsync(ct);
        if (same is not null) return new PassMade(same.Id, null, same.Code, true);
        db.Passes.Add(made);
        await db.SaveChangesAsync(ct);
        return new PassMade(made.Id, null, made.Code, false);
    }

    /// <summary>Who stands on the apartment's own list gets no pass; the building's list is the gate's, and is not told to hosts.</summary>
    private async Task<Error?> BlockAsync(
        PortalDb db, long apartment, string? document, IReadOnlyList<string?> plates, CancellationToken ct) =>
        await GateBlocks.OwnAsync(db, apartment, document, plates, clock.Today, ct) is { } block
            ? new Error(
                "pass.blocked", null, block.Name ?? block.LicensePlate ?? block.Identification ?? "",
                DateOnly.FromDateTime(clock.ToWall(block.CreatedAt ?? clock.UtcNow)))
            : null;

    private List<Error> Check(Announcement visit)
    {
        var errors = new List<Error>();
        CheckName(errors, visit.Name, nameof(Announcement.Name));
        CheckDocument(errors, visit.Identification);
        CheckPlate(errors, visit.Plate, required: false);
        if (visit.Company?.Trim().Length > 100) errors.Add(Error.TooLong(nameof(Announcement.Company), 100));
        if (visit.People is < 1 or > MostPeople) errors.Add(new Error("gate.people", nameof(Announcement.People)));
        CheckWindow(errors, visit.From, visit.Until, TimeSpan.FromDays(PassRules.LongestSingleDays), "gate.window_long");
        return errors;
    }

    private static void CheckName(List<Error> errors, string? name, string field)
    {
        if (string.IsNullOrWhiteSpace(name)) errors.Add(Error.Required(field));
        else if (name.Trim().Length > GuestList.LongestName) errors.Add(Error.TooLong(field, GuestList.LongestName));
    }

    private static void CheckDocument(List<Error> errors, string? document)
    {
        if (document?.Trim().Length > 50) errors.Add(Error.TooLong(nameof(Announcement.Identification), 50));
    }

    private static void CheckPlate(List<Error> errors, string? plate, bool required)
    {
        if (plate?.Trim().Length > Plates.Longest) errors.Add(Error.TooLong(nameof(Announcement.Plate), Plates.Longest));
        else if (required && string.IsNullOrWhiteSpace(plate)) errors.Add(Error.Required(nameof(Announcement.Plate)));
        else if (required && Plates.Key(plate).Length < 4) errors.Add(new Error("pass.plate", nameof(Announcement.Plate), plate));
    }

    private static void CheckGuests(List<Error> errors, IReadOnlyList<GuestLine> guests)
    {
        if (guests.Any(g => string.IsNullOrWhiteSpace(g.Name))) errors.Add(Error.Required(nameof(NewEvent.Guests)));
        if (guests.Any(g => g.Name.Trim().Length > GuestList.LongestName || g.Plate?.Length > Plates.Longest))
            errors.Add(Error.TooLong(nameof(NewEvent.Guests), GuestList.LongestName));
        if (guests.Count > PassRules.MostGuests)
            errors.Add(new Error("pass.guests", nameof(NewEvent.Guests), PassRules.MostGuests, guests.Count));
    }

    private void CheckWindow(List<Error> errors, DateTime from, DateTime until, TimeSpan longest, string code)
    {
        if (until <= from) errors.Add(new Error("gate.window", nameof(Announcement.Until)));
        else if (until - from > longest)
        {
            errors.Add(longest < TimeSpan.FromDays(1)
                ? new Error(code, nameof(Announcement.Until), (int)longest.TotalHours, (int)Math.Ceiling((until - from).TotalHours))
                : new Error(code, nameof(Announcement.Until), longest.Days, (int)Math.Ceiling((until - from).TotalDays)));
        }

        if (until <= clock.Now) errors.Add(new Error("gate.past", nameof(Announcement.Until)));
        CheckStart(errors, from, nameof(Announcement.From));
    }

    private void CheckStart(List<Error> errors, DateTime from, string field)
    {
        if (from - clock.Now > TimeSpan.FromDays(PassRules.FurthestDays)) errors.Add(new Error("gate.far", field, PassRules.FurthestDays));
    }
}
