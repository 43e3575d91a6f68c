using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Building;
using Portal.Data.Facilities.Rules;
using Portal.Data.Operations;
using Portal.Data.People;

namespace Portal.Data.Facilities;

/// <summary>A facility one can choose to book.</summary>
/// <param name="NextFree">The first slot of the next days that the person who looks may book; null where there is none.</param>
/// <param name="Why">What stands against the person where there are free slots and none is for them: a used quota, arrears.</param>
public sealed record FacilityCard(
    long Id, string Name, string? Kind, string? Description, int? Capacity, bool Shared, FacilityState State, decimal HourlyRate,
    decimal Deposit, bool ApprovalRequired, FreeSlot? NextFree, Refusal? Why, string? Photo);

/// <summary>An apartment one may book for.</summary>
/// <param name="Resident">In whose name a booking of the office goes; null where nobody lives there.</param>
public sealed record BookingHome(long Id, string Name, string? Resident);

/// <summary>Somebody in whose name the office may book for an apartment.</summary>
public sealed record BookingResident(long OwnerId, string Name);

/// <summary>The facility of the booking page.</summary>
/// <param name="LongestBooking">Minutes, as with all lengths here.</param>
public sealed record BookableFacility(
    long Id, string Name, string? Kind, string? Description, int? Capacity, bool Shared, decimal HourlyRate, int SlotMinutes,
    int ShortestBooking, int LongestBooking, int CancelChargePercent, int MaxAdvanceDays, IReadOnlyList<QuotaInput> Quotas, string? Terms,
    bool PayFirst, bool CheckIn, string? Photo);

/// <summary>Some days of a facility, and the slots of one of them, <paramref name="Day"/>.</summary>
public sealed record FacilityDays(
    BookableFacility Facility, DateOnly Day, IReadOnlyList<DayOption> Days, IReadOnlyList<SlotOption> Slots);

/// <summary>What can be booked when, for the person who books. Everybody learns what is taken, nobody by whom.</summary>
public sealed class BookingService(PortalStore store, BuildingClock clock, SettingsService settings)
{
    /// <summary>How many days at once the strip may show.</summary>
    public const int MostDays = 42;

    private const int CardDays = 14;
    private const int NearestDays = 45;
    private const int MostHomes = 10;

    /// <summary>
    /// All facilities, with when each is next free for the person who looks: by every rule, also those about their apartments. Needs to be
    /// allowed to book.
    /// </summary>
    public async Task<Result<IReadOnlyList<FacilityCard>>> CardsAsync(CurrentUser user, CancellationToken ct)
    {
        if (!MayBook(user)) return Error.Forbidden;
        await using var db = await store.OpenAsync(user, ct);
        var byStaff = user.Can(Permissions.ReservationsManage);
        var facilities = await BookingData.Facilities(db).OrderBy(f => f.Name).ThenBy(f => f.Id).ToListAsync(ct);
        var (from, to) = (clock.Today, clock.Today.AddDays(CardDays));
        var data = await BookingData.LoadAsync(db, facilities, new(), from, to, clock, ct);
        var debtors = !byStaff && (await settings.GetAsync(ct)).BlockDebtors;
        List<BookingScope> scopes = byStaff
            ? []
            : [.. user.ApartmentIds.Select(id => new BookingScope(id, user.OwnerIds is [var self] ? self : null, Debtors: debtors))];
        var homes = await BookingData.PeopleAsync(db, facilities, scopes, from, to, clock, ct);
        var photos = await db
            .FacilityPhotos.AsNoTracking()
            .Select(p => new { p.FacilityId, p.Digest })
            .ToDictionaryAsync(p => p.FacilityId, p => p.Digest, ct);
        return facilities.ConvertAll(f =>
        {
            var places = data.Attempt(f, clock.Now, clock.Now, 1, clock, byStaff);
            List<BookingAttempt> attempts = homes.Count == 0
                ? [places]
                : [.. homes.Select(home => home[f.Id]).Select(home => places with { Used = home.Used, Arrears = home.Arrears })];
            var (free, why) = NextFree(attempts);
            return new FacilityCard(
                f.Id, f.Name, f.ReservationType?.Name, f.Description, f.Capacity, f.Shared, f.Status ?? FacilityState.Available,
                f.HourlyRate ?? 0, f.Deposit, f.ApprovalRequired, free, why, photos.GetValueOrDefault(f.Id));
        });
    }

    /// <param name="from">The first day of the strip.</param>
    /// <param name="day">The day whose slots are given.</param>
    /// <param name="minutes">The length wanted; null: the shortest.</param>
    public async Task<Result<FacilityDays>> DaysAsync(
        long facilityId, DateOnly from, int days, DateOnly day, int? minutes, CurrentUser user, CancellationToken ct)
    {
        if (!MayBook(user)) return Error.Forbidden;
        days = Math.Clamp(days, 1, MostDays);
        var (first, last) = (day < from ? day : from, day >= from.AddDays(days) ? day : from.AddDays(days - 1));
        if (last.DayNumber - first.DayNumber > MostDays * 2) return Error.NotFound;
        return await OpenAsync(facilityId, first, last, minutes, user, (basis, length) => (from, days, day), ct);
    }

    /// <summary>The first of the coming days with something free, or today, amid a strip that begins three days before it.</summary>
    /// <param name="days">How many the strip has.</param>
    /// <param name="ahead">How many are looked at.</param>
    /// <param name="minutes">The length wanted; null: the shortest.</param>
    public async Task<Result<FacilityDays>> NextDaysAsync(
        long facilityId, int days, int ahead, int? minutes, CurrentUser user, CancellationToken ct)
    {
        if (!MayBook(user)) return Error.Forbidden;
        var today = clock.Today;
        (days, ahead) = (Math.Clamp(days, 1, MostDays), Math.Clamp(ahead, 1, MostDays));
        return await OpenAsync(
            facilityId, today, today.AddDays(ahead + days), minutes, user,
            (basis, length) =>
            {
                var day = Availability.Days(basis, today, ahead, length).FirstOrDefault(d => !d.Full)?.Date ?? today;
                return (day.AddDays(-3) < today ? today : day.AddDays(-3), days, day);
            },
            ct);
    }

    private async Task<Result<FacilityDays>> OpenAsync(
        long facilityId, DateOnly first, DateOnly last, int? minutes, CurrentUser user,
        Func<BookingAttempt, int, (DateOnly From, int Days, DateOnly Day)> choose, CancellationToken ct)
    {
        await using var db = await store.OpenAsync(user, ct);
        var apartment = user.ApartmentIds is [var only] ? only : null as long?;
        if (await BookingData.OpenAsync(db, facilityId, new(apartment), first, last, clock, ct) is not var (facility, photo, data))
            return Error.NotFound;
        var basis = data.Attempt(facility, clock.Now, clock.Now, 1, clock, user.Can(Permissions.ReservationsManage));
        var length = Math.Clamp(minutes ?? facility.MinMinutes, facility.MinMinutes, facility.MaxMinutes);
        var (from, days, day) = choose(basis, length);
        return new FacilityDays(
            new BookableFacility(
                facility.Id,
                facility.Name,
                facility.ReservationType?.Name,
                facility.Description,
                facility.Capacity,
                facility.Shared,
                facility.HourlyRate ?? 0,
                facility.SlotMinutes,
                facility.MinMinutes,
                facility.MaxMinutes,
                facility.CancelChargePercent,
                facility.MaxAdvanceDays,
                [.. facility.Quotas.OrderBy(q => q.Subject).ThenBy(q => q.Period).Select(q => new QuotaInput(q.Subject, q.Period, q.Most))],
                facility.Terms,
                facility.PayFirst,
                facility.CheckIn,
                photo
            ),
            day,
            Availability.Days(basis, from, days, length),
            Availability.Day(basis, day, length));
    }

    /// <summary>What the rules say to a booking, everything at once, what it costs, and what would do instead.</summary>
    public async Task<Result<BookingQuote>> QuoteAsync(BookingInput input, CurrentUser user, CancellationToken ct)
    {
        if (!MayBook(user)) return Error.Forbidden;
        await using var db = await store.OpenAsync(user, ct);
        var scope = await ScopeAsync(db, input, user, ct);
        if (!scope.Ok) return Result<BookingQuote>.Refused(scope);
        var day = DateOnly.FromDateTime(input.Start);
        return await BookingData.OpenAsync(db, input.FacilityId, scope.Value, day, day, clock, ct) is var (facility, _, data)
            ? (await QuoteAsync(db, facility, data, scope.Value, input, user.Can(Permissions.ReservationsManage), ct)).Quote
            : Error.NotFound;
    }

    /// <summary>
    /// What each rule would say to a resident, under rules that need not be saved yet. Needs <see cref="Permissions.FacilitiesEdit"/>.
    /// </summary>
    /// <param name="facilityId">The facility whose bookings stand in the way; null for one that is not made yet.</param>
    /// <param name="rules">The rules as they stand in the form.</param>
    public async Task<Result<TryOut>> TryAsync(
        long? facilityId, FacilityInput rules, BookingInput input, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.FacilitiesEdit)) return Error.Forbidden;
        if (rules.Check() is { Count: > 0 } wrong) return wrong;
        if (input.End <= input.Start || input.End > input.Start.AddDays(2))
            return new Error("between", nameof(input.End), input.Start, input.Start.AddDays(2));
        await using var db = await store.OpenAsync(user, ct);
        var facility = FacilityService.Unsaved(facilityId ?? 0, rules);
        var kind = rules.Kind?.Trim();
        var kinds = await db.ReservationTypes.AsNoTracking().OrderBy(t => t.Id).Select(t => new { t.Id, t.Name }).ToListAsync(ct);
        facility.ReservationTypeId = kinds.Find(t => Spelling.SameName(t.Name, kind))?.Id;
        var scope = await ScopeAsync(db, input, CurrentUser.System, ct);
        if (!scope.Ok) return Result<TryOut>.Refused(scope);
        var day = DateOnly.FromDateTime(input.Start);
        var data = await BookingData.LoadAsync(db, [facility], scope.Value, day, day, clock, ct);
        var (quote, attempt) = await QuoteAsync(db, facility, data, scope.Value, input with { TermsAccepted = true }, false, ct);
        return new TryOut(
            BookingRules.Verdicts(attempt with { Debtors = scope.Value.Debtors, ToHold = false }), quote.Price, quote.Nearest);
    }

    private async Task<(BookingQuote Quote, BookingAttempt Attempt)> QuoteAsync(
        PortalDb db, Facility facility, BookingData data, BookingScope scope, BookingInput input, bool byStaff, CancellationToken ct)
    {
        var attempt = data.Attempt(
            facility, input.Start, input.End, Math.Max(input.People, 1), clock, byStaff, input.TermsAccepted) with
        {
            ToHold = input.Hold,
        };
        if (byStaff && input.DespiteArrears) attempt = attempt with { Arrears = null };
        var refusals = BookingRules.Check(attempt);
        IReadOnlyList<FreeSlot> nearest = refusals.Any(r => r is not TermsNotAccepted)
            ? await NearestAsync(db, attempt, facility, scope, byStaff, ct)
            : [];
        List<QuotaStand> quotas =
        [
            .. facility
                .Quotas.OrderBy(q => q.Subject)
                .ThenBy(q => q.Period)
                .Select(q => new QuotaStand(q.Subject, q.Period, q.Most, QuotaUsed.Counted(attempt, q).Count())),
        ];
        var price = BookingPrice.Of(facility, input.Start, input.End);
        return (
            new BookingQuote(
                price, refusals, nearest, quotas, facility.ApprovalRequired && !byStaff, facility.PayFirst && price.Total > 0 && !byStaff,
                CanWait(refusals)),
            attempt
        );
    }

    /// <summary>Only others stand in the way: to wait makes sense.</summary>
    internal static bool CanWait(IReadOnlyList<Refusal> refusals) =>
        refusals.Any(r => r is SlotTaken or NotEnoughRoom or OthersWait)
        && refusals.All(r => r is SlotTaken or NotEnoughRoom or OthersWait or TermsNotAccepted or HoldsAnother);

    private async Task<Result<BookingScope>> ScopeAsync(PortalDb db, BookingInput input, CurrentUser user, CancellationToken ct)
    {
        var debtors = (await settings.GetAsync(ct)).BlockDebtors;

        // The office may look before it has chosen for whom.
        if (input.ApartmentId is null && user.Can(Permissions.ReservationsManage)) return new BookingScope();
        var party = await BookingParty.FindAsync(db, input.ApartmentId, input.OwnerId, user, clock.Today, ct);
        return party.Ok
            ? new BookingScope(party.Value.ApartmentId, party.Value.OwnerId, Debtors: debtors, ToHold: input.Hold)
            : Result<BookingScope>.Refused(party);
    }

    /// <summary>The person's own apartments.</summary>
    public async Task<IReadOnlyList<BookingHome>> HomesAsync(CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ReservationsBookOwn) || user.ApartmentIds.Count == 0) return [];
        await using var db = await store.OpenAsync(user, ct);
        var ids = user.ApartmentIds;
        return await Homes(db, db.Apartments.Where(a => ids.Contains(a.Id))).ToListAsync(ct);
    }

    /// <summary>
    /// The first apartments that match, for the office to book on behalf of: "B 1204" or a resident's name. Needs
    /// <see cref="Permissions.ReservationsManage"/>.
    /// </summary>
    public async Task<IReadOnlyList<BookingHome>> FindHomesAsync(string text, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ReservationsManage) || text.Length > ListQuery.LongestSearch) return [];
        await using var db = await store.OpenAsync(user, ct);
        text = text.Trim();
        var (today, id) = (clock.Today, long.TryParse(text.TrimStart('#'), out var number) && text.StartsWith('#') ? number : 0);
        if (id > 0) return await Homes(db, db.Apartments.Where(a => a.Id == id)).ToListAsync(ct);
        var units = await UnitSearch.ReadAsync(db, text, ct);
        var homes = await Homes(db, units.Beginning(db)).Take(MostHomes).ToListAsync(ct);
        if (homes.Count == MostHomes || await db.AccountsNamedAsync(text, MostHomes, ct) is not { Count: > 0 } people) return homes;
        var theirs = db.Occupancies
            .Where(o => people.Contains(o.Owner!.UserId) && o.StartedOn <= today && (o.EndedOn == null || o.EndedOn >= today))
            .Select(o => o.ApartmentId);
        var named = await Homes(db, db.Apartments.Where(a => theirs.Contains(a.Id))).Take(MostHomes).ToListAsync(ct);
        return [.. homes.Concat(named).DistinctBy(home => home.Id).Take(MostHomes)];
    }

    /// <summary>
    /// Who lives in an apartment or owns it today, the tenant first: the one the office books for without a name. Needs
    /// <see cref="Permissions.ReservationsManage"/>.
    /// </summary>
    public async Task<IReadOnlyList<BookingResident>> ResidentsAsync(long apartmentId, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ReservationsManage)) return [];
        await using var db = await store.OpenAsync(user, ct);
        var today = clock.Today;
        var people = await db
            .Occupancies.AsNoTracking()
            .Where(o => o.ApartmentId == apartmentId && o.StartedOn <= today && (o.EndedOn == null || o.EndedOn >= today))
            .OrderBy(o => o.Id)
            .Select(o => new
            {
                o.OwnerId,
                o.Kind,
                Name = db.Profiles.Where(p => p.UserId == o.Owner!.UserId).Select(p => p.FullName).FirstOrDefault()
                    ?? o.Owner!.User!.UserName!,
            })
            .ToListAsync(ct);
        return
        [
            .. people
                .OrderBy(p => p.Kind == OccupancyKind.Tenant ? 0 : 1)
                .DistinctBy(p => p.OwnerId)
                .Select(p => new BookingResident(p.OwnerId, p.Name)),
        ];
    }

    private static IQueryable<BookingHome> Homes(PortalDb db, IQueryable<Building.Apartment> apartments) =>
        apartments
            .AsNoTracking()
            .OrderBy(a => a.Tower!.Name)
            .ThenBy(a => a.ApartmentNumber)
            .ThenBy(a => a.Id)
            .Select(a => new BookingHome(
                a.Id, UnitName.Of(a),
                db.Profiles.Where(p => p.UserId == a.Owner!.UserId).Select(p => p.FullName).FirstOrDefault()));

    private async Task<IReadOnlyList<FreeSlot>> NearestAsync(
        PortalDb db, BookingAttempt wanted, Facility facility, BookingScope scope, bool byStaff, CancellationToken ct)
    {
        var kind = facility.ReservationTypeId;
        var alike = kind is null
            ? []
            : await BookingData
                .Facilities(db)
                .Where(f => f.ReservationTypeId == kind && f.Id != facility.Id)
                .OrderBy(f => f.Name)
                .ThenBy(f => f.Id)
                .ToListAsync(ct);

        // A wish for the past is answered from today on.
        var from = wanted.Day < clock.Today ? clock.Today : wanted.Day;
        var data = await BookingData.LoadAsync(db, [facility, .. alike], scope, from, from.AddDays(NearestDays), clock, ct);
        BookingAttempt At(Facility f) =>
            data.Attempt(
                f, from.ToDateTime(TimeOnly.FromDateTime(wanted.Start)),
                from.ToDateTime(TimeOnly.FromDateTime(wanted.Start)) + (wanted.End - wanted.Start), wanted.People, clock, byStaff);
        return Availability.Nearest(At(facility), alike.Select(At), NearestDays);
    }

    /// <summary>The first slot that the rules allow to one of the person's apartments, or what keeps the first free one from
    /// them.</summary>
    private (FreeSlot? Slot, Refusal? Why) NextFree(List<BookingAttempt> attempts)
    {
        var (places, why) = (attempts[0], (Refusal?)null);
        for (var offset = 0; offset <= CardDays; offset++)
        {
            foreach (var slot in Availability.Day(places, clock.Today.AddDays(offset), places.Facility.MinMinutes).Where(s => s.Free))
            {
                foreach (var attempt in attempts)
                {
                    var refusal = BookingRules.Check(attempt with { Start = slot.Start, End = slot.End }).FirstOrDefault();
                    if (refusal is null) return (new FreeSlot(places.Facility.Id, places.Facility.Name, slot.Start, slot.End), null);
                    why ??= refusal;
                }
            }
        }

        return (null, why);
    }

    private static bool MayBook(CurrentUser user) => user.Can(Permissions.ReservationsBookOwn) || user.Can(Permissions.ReservationsManage);
}
