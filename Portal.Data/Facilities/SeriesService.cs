using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Building;
using Portal.Data.Facilities.Rules;
using Portal.Data.Operations;

namespace Portal.Data.Facilities;

/// <summary>
/// Bookings that repeat, made by the office on behalf of an apartment. All need <see cref="Permissions.ReservationsManage"/>.
/// </summary>
public sealed class SeriesService(PortalStore store, BuildingClock clock, SettingsService settings)
{
    /// <summary>Every occurrence with what stands against it. Each is asked as if those before it were booked already.</summary>
    public async Task<Result<SeriesPlan>> PlanAsync(SeriesInput input, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ReservationsManage)) return Error.Forbidden;
        if (input.Check(clock.Today) is { Count: > 0 } wrong) return wrong;
        await using var db = await store.OpenAsync(user, ct);
        var party = await BookingParty.FindAsync(db, input.ApartmentId, input.OwnerId, user, clock.Today, ct);
        if (!party.Ok) return Result<SeriesPlan>.Refused(party);
        if (await BookingData.Facilities(db).SingleOrDefaultAsync(f => f.Id == input.FacilityId, ct) is not { } facility)
            return Error.NotFound;
        var basis = await BasisAsync(db, facility, party.Value, input, ct);
        List<SeriesOccurrence> occurrences = [];
        var days = input.Days().ToList();
        foreach (var (day, index) in days.Select((d, i) => (d, i)))
        {
            var attempt = basis with { Start = day.ToDateTime(input.Start), End = day.ToDateTime(input.Start).AddMinutes(input.Minutes) };
            var refusals = BookingRules.Check(attempt);
            var until = index + 1 < days.Count ? days[index + 1].DayNumber - day.DayNumber - 1 : 6;
            occurrences.Add(
                new SeriesOccurrence(
                    attempt.Start, attempt.End, refusals,
                    refusals.Count == 0 ? null : Availability.Nearest(attempt, [], Math.Min(until, 6), 1).FirstOrDefault())
            );
            if (refusals.Count == 0) basis = With(basis, attempt.Start, attempt.End);
        }

        return new SeriesPlan(occurrences, BookingPrice.Of(facility, occurrences[0].Start, occurrences[0].End));
    }

    /// <summary>
    /// Makes all that can be made and what was chosen for the others, in one write. An occurrence that something stands against and nothing
    /// was chosen for refuses it whole
    /// (<c>series.conflict</c>): somebody was faster, and the plan is to be looked at again.
    /// </summary>
    public async Task<Result<SeriesMade>> MakeAsync(
        SeriesInput input, IReadOnlyList<SeriesChoice> choices, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ReservationsManage)) return Error.Forbidden;
        if (input.Check(clock.Today) is { Count: > 0 } wrong) return wrong;
        var rules = await settings.GetAsync(ct);
        return await store.WriteAsync<SeriesMade>(
            user,
            async (db, token) =>
            {
                var party = await BookingParty.FindAsync(db, input.ApartmentId, input.OwnerId, user, clock.Today, token);
                if (!party.Ok) return Result<SeriesMade>.Refused(party);
                if (!await BookingLocks.TakeAsync(db, party.Value.ApartmentId, party.Value.OwnerId, input.FacilityId, token))
                    return Error.NotFound;
                var facility = await BookingData.Facilities(db).SingleAsync(f => f.Id == input.FacilityId, token);
                var basis = await BasisAsync(db, facility, party.Value, input, token);
                List<(DateTime Start, DateTime End)> times = [];
                foreach (var day in input.Days())
                {
                    var start = day.ToDateTime(input.Start);
                    var attempt = basis with { Start = start, End = start.AddMinutes(input.Minutes) };
                    if (BookingRules.Check(attempt).Count > 0)
                    {
                        if (choices.FirstOrDefault(c => c.Start == start) is not { } choice)
                            return new Error("series.conflict", null, start);
                        if (choice.Instead is not { } instead) continue;
                        attempt = basis with { Start = instead, End = instead.AddMinutes(input.Minutes) };
                        if (BookingRules.Check(attempt).Count > 0) return new Error("series.conflict", null, instead);
                    }

                    times.Add((attempt.Start, attempt.End));
                    basis = With(basis, attempt.Start, attempt.End);
                }

                if (times.Count == 0) return new Error("series.nothing");
                var series = await WriteAsync(db, facility, party.Value, input, times, rules, user, token);
                return new SeriesMade(series, times.Count, input.Days().Count() - times.Count);
            },
            ct
        );
    }

    /// <summary>Series of which something is still ahead, of one facility or all.</summary>
    public async Task<IReadOnlyList<SeriesRow>> ListAsync(long? facilityId, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ReservationsManage)) return [];
        await using var db = await store.OpenAsync(user, ct);
        var today = clock.Today;
        return await RowsAsync(
            db, db.ReservationSeries.Where(s => s.EndsOn >= today && (facilityId == null || s.FacilityId == facilityId)), ct);
    }

    /// <summary>A series and its bookings.</summary>
    public async Task<Result<(SeriesRow Series, IReadOnlyList<ReservationRow> Bookings)>> GetAsync(
        long id, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ReservationsManage)) return Error.Forbidden;
        await using var db = await store.OpenAsync(user, ct);
        if ((await RowsAsync(db, db.ReservationSeries.Where(s => s.Id == id), ct)).FirstOrDefault() is not { } series)
            return Error.NotFound;
        var bookings = await db
            .Reservations.AsNoTracking()
            .Where(r => r.SeriesId == id)
            .OrderBy(r => r.StartDate)
            .ThenBy(r => r.Id)
            .Select(ReservationReach.Row(db))
            .ToListAsync(ct);
        return (series, bookings);
    }

    /// <summary>Cancels what of a series has not begun, from a day on, at no charge and with a reason its resident reads.</summary>
    /// <returns>How many were cancelled.</returns>
    public async Task<Result<int>> EndAsync(long id, DateOnly from, string reason, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ReservationsManage)) return Error.Forbidden;
        if (string.IsNullOrWhiteSpace(reason)) return Error.Required("reason");
        if (reason.Length > ReservationService.LongestText) return Error.TooLong("reason", ReservationService.LongestText);
        return await store.WriteAsync<int>(
            user,
            async (db, token) =>
            {
                if (await db.ReservationSeries.SingleOrDefaultAsync(s => s.Id == id, token) is not { } series) return Error.NotFound;
                await BookingLocks.ApartmentAsync(db, series.ApartmentId, token);
                var (first, now) = (from.ToDateTime(TimeOnly.MinValue), clock.Now);
                var ids = await db
                    .Reservations.Where(r => r.SeriesId == id && r.StartDate >= first && r.StartDate > now)
                    .OrderBy(r => r.Id)
                    .Select(r => r.Id)
                    .ToListAsync(token);
                var cancelled = new List<Reservation>();
                foreach (var one in ids)
                {
                    if (
                        await BookingLocks.LockedAsync(db, one, token) is not { } reservation
                        || !reservation.Cancel(user.AccountId, clock.UtcNow, reason).Ok
                    )
                        continue;
                    await ReservationEnd.SettleAsync(db, reservation, 0, null, clock, token);
                    cancelled.Add(reservation);
                }

                if (cancelled.MinBy(r => r.StartDate) is { } told)
                {
                    var facility = await db.Facilities.Where(f => f.Id == series.FacilityId).Select(f => f.Name).SingleAsync(token);
                    await ReservationNotices.TellAsync(db, told, facility, ReservationNotices.SeriesEnded, clock, token);
                }

                return cancelled.Count;
            },
            ct
        );
    }

    private async Task<long> WriteAsync(
        PortalDb db, Facility facility, BookingParty party, SeriesInput input, IReadOnlyList<(DateTime Start, DateTime End)> times,
        BuildingSettings rules, CurrentUser user, CancellationToken ct)
    {
        var series = new ReservationSeries
        {
            FacilityId = facility.Id,
            ApartmentId = party.ApartmentId,
            OwnerId = party.OwnerId,
            StartsOn = input.From,
            EndsOn = input.Until,
            EveryWeeks = input.EveryWeeks,
            Weekdays = string.Join(',', input.Weekdays.Distinct().Order()),
            StartTime = input.Start,
            Minutes = input.Minutes,
            People = input.People,
            MadeBy = user.AccountId,
            Notes = input.Notes.TrimToNull(),
        };
        db.ReservationSeries.Add(series);
        await db.SaveChangesAsync(ct);
        Reservation? first = null;
        foreach (var (start, end) in times)
        {
            var booking = new BookingInput(facility.Id, start, end, input.People, Notes: input.Notes);
            var reservation = await BookingWrite.NewAsync(
                db, facility, party.ApartmentId, party.OwnerId, booking, BookingPrice.Of(facility, start, end), clock, user, ct, series.Id);
            await BookingWrite.PlaceAsync(db, reservation, facility, byStaff: true, hold: false, rules, clock, ct, tell: false);
            first ??= reservation;
        }

        // One notice for all of them.
        await ReservationNotices.TellAsync(db, first!, facility.Name, ReservationNotices.Series, clock, ct);
        return series.Id;
    }

    private async Task<BookingAttempt> BasisAsync(
        PortalDb db, Facility facility, BookingParty party, SeriesInput input, CancellationToken ct)
    {
        var debtors = (await settings.GetAsync(ct)).BlockDebtors && !input.DespiteArrears;
        var data = await BookingData.LoadAsync(
            db, [facility], new BookingScope(party.ApartmentId, party.OwnerId, Debtors: debtors), input.From, input.Until.AddDays(7), clock,
            ct);
        return data.Attempt(
            facility, input.From.ToDateTime(input.Start), input.From.ToDateTime(input.Start).AddMinutes(input.Minutes), input.People, clock,
            byStaff: true);
    }

    private static BookingAttempt With(BookingAttempt basis, DateTime start, DateTime end) =>
        basis with { Taken = [.. basis.Taken, new Taken(start, end, basis.People)], Used = [.. basis.Used, new Used(start, true, true)] };

    private async Task<IReadOnlyList<SeriesRow>> RowsAsync(PortalDb db, IQueryable<ReservationSeries> series, CancellationToken ct)
    {
        var now = clock.Now;
        var rows = await series
            .AsNoTracking()
            .OrderBy(s => s.Facility!.Name)
            .ThenBy(s => s.StartsOn)
            .ThenBy(s => s.Id)
            .Select(s => new
            {
                Series = s,
                Facility = s.Facility!.Name,
                Apartment = UnitName.Of(s.Apartment!),
                Person = db.Profiles.Where(p => p.UserId == s.Owner!.UserId).Select(p => p.FullName).FirstOrDefault()
                    ?? s.Owner!.User!.UserName!,
                Ahead = db.Reservations.Count(r =>
                    r.SeriesId == s.Id
                    && r.StartDate > now
                    && (r.StatusId == ReservationState.Confirmed || r.StatusId == ReservationState.Pending)
                ),
            })
            .ToListAsync(ct);
        return rows.ConvertAll(r => new SeriesRow(
            r.Series.Id, r.Series.FacilityId, r.Facility, r.Apartment, r.Person, r.Series.StartsOn, r.Series.EndsOn,
            [.. r.Series.Weekdays.Split(',').Select(d => int.Parse(d, CultureInfo.InvariantCulture))], r.Series.EveryWeeks,
            r.Series.StartTime, r.Series.Minutes, r.Series.People, r.Series.Notes, r.Ahead));
    }
}
