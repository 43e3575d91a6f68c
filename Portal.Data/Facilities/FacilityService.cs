using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;

namespace Portal.Data.Facilities;

/// <summary>Facilities, the rules they are booked by, and their closures.</summary>
public sealed class FacilityService(PortalStore store, BuildingClock clock, FacilityChoices choices)
{
    /// <summary>
    /// Filters: <c>state</c>. Sorts: <c>name</c>, <c>kind</c>, <c>capacity</c>, <c>rate</c>, <c>upcoming</c>. Needs
    /// <see cref="Permissions.FacilitiesView"/>.
    /// </summary>
    public async Task<Page<FacilityRow>> ListAsync(ListQuery query, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.FacilitiesView)) return Page<FacilityRow>.Empty;
        await using var db = await store.OpenAsync(user, ct);
        var rows = db.Facilities.AsNoTracking();
        if (query.Filter<FacilityState>("state") is { } state) rows = rows.Where(f => f.Status == state);
        if (query.Search?.Trim() is { Length: > 0 } text)
            rows = rows.Where(f => f.Name.Contains(text) || f.Description!.Contains(text) || f.ReservationType!.Name.Contains(text));
        var now = clock.Now;
        var ordered = (query.Sort, query.Descending) switch
        {
            ("name", true) => rows.OrderByDescending(f => f.Name).ThenBy(f => f.Id),
            ("kind", false) => rows.OrderBy(f => f.ReservationType!.Name).ThenBy(f => f.Name).ThenBy(f => f.Id),
            ("kind", true) => rows.OrderByDescending(f => f.ReservationType!.Name).ThenBy(f => f.Name).ThenBy(f => f.Id),
            ("capacity", false) => rows.OrderBy(f => f.Capacity).ThenBy(f => f.Id),
            ("capacity", true) => rows.OrderByDescending(f => f.Capacity).ThenBy(f => f.Id),
            ("rate", false) => rows.OrderBy(f => f.HourlyRate).ThenBy(f => f.Id),
            ("rate", true) => rows.OrderByDescending(f => f.HourlyRate).ThenBy(f => f.Id),
            ("upcoming", false) => rows.OrderBy(f =>
                    db.Reservations.Count(r => r.FacilityId == f.Id && r.EndDate > now && BookingData.Counting.Contains(r.StatusId))
                )
                .ThenBy(f => f.Id),
            ("upcoming", true) => rows.OrderByDescending(f =>
                    db.Reservations.Count(r => r.FacilityId == f.Id && r.EndDate > now && BookingData.Counting.Contains(r.StatusId))
                )
                .ThenBy(f => f.Id),
            _ => rows.OrderBy(f => f.Name).ThenBy(f => f.Id),
        };
        var page = await ordered
            .Select(f => new FacilityRow(
                f.Id, f.Name, f.ReservationType!.Name, f.Status ?? FacilityState.Available, f.Capacity, f.Shared, f.HourlyRate ?? 0,
                f.Deposit, f.ApprovalRequired,
                db.Reservations.Count(r => r.FacilityId == f.Id && r.EndDate > now && BookingData.Counting.Contains(r.StatusId)),
                f.Quotas.OrderBy(q => q.Subject).ThenBy(q => q.Period).Select(q => new QuotaInput(q.Subject, q.Period, q.Most)).ToList()))
            .PageAsync(query, ct);
        var ids = page.Rows.Select(r => r.Id).ToList();
        var photos = await db
            .FacilityPhotos.AsNoTracking()
            .Where(p => ids.Contains(p.FacilityId))
            .Select(p => new { p.FacilityId, p.Digest })
            .ToDictionaryAsync(p => p.FacilityId, p => p.Digest, ct);
        var closures = (
            await db
                .FacilityBlackouts.AsNoTracking()
                .Where(b => ids.Contains(b.FacilityId) && b.EndDate > now)
                .OrderBy(b => b.StartDate)
                .ThenBy(b => b.Id)
                .Select(b => new { b.FacilityId, Row = new BlackoutRow(b.Id, b.StartDate, b.EndDate, b.Reason) })
                .ToListAsync(ct)
        ).ToLookup(b => b.FacilityId, b => b.Row);
        return page with
        {
            Rows =
            [
                .. page.Rows.Select(r => r with { Photo = photos.GetValueOrDefault(r.Id), NextClosure = closures[r.Id].FirstOrDefault() }),
            ],
        };
    }

    /// <summary>Names for a choice. Needs <see cref="Permissions.FacilitiesView"/>.</summary>
    public async Task<IReadOnlyList<(long Id, string Name)>> NamesAsync(CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.FacilitiesView)) return [];
        return [.. (await choices.All.GetAsync(ct)).Select(f => (f.Id, f.Name))];
    }

    /// <summary>Needs <see cref="Permissions.FacilitiesEdit"/>: the rules of a facility are the office's.</summary>
    public async Task<Result<FacilityDetail>> GetAsync(long id, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.FacilitiesEdit)) return Error.Forbidden;
        await using var db = await store.OpenAsync(user, ct);
        if (await BookingData.Facilities(db).SingleOrDefaultAsync(f => f.Id == id, ct) is not { } facility) return Error.NotFound;
        var now = clock.Now;
        var blackouts = await db
            .FacilityBlackouts.AsNoTracking()
            .Where(b => b.FacilityId == id && b.EndDate > now)
            .OrderBy(b => b.StartDate)
            .ThenBy(b => b.Id)
            .Select(b => new BlackoutRow(b.Id, b.StartDate, b.EndDate, b.Reason))
            .ToListAsync(ct);
        var photo = await db.FacilityPhotos.Where(p => p.FacilityId == id).Select(p => p.Digest).SingleOrDefaultAsync(ct);
        return new FacilityDetail(id, Rules(facility), blackouts, photo);
    }

    /// <summary>
    /// Creates (<paramref name="id"/> null) or changes a facility. Bookings already made keep what was fixed with them. Refused as
    /// <see cref="Error.Stale"/> where somebody else changed it
    /// after the form was filled (<see cref="FacilityInput.Version"/>). Needs <see cref="Permissions.FacilitiesEdit"/>.
    /// </summary>
    public async Task<Result<long>> SaveAsync(long? id, FacilityInput input, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.FacilitiesEdit)) return Error.Forbidden;
        if (input.Check() is { Count: > 0 } wrong) return wrong;
        var saved = await store.WriteAsync<long>(
            user,
            async (db, token) =>
            {
                var facility = new Facility();
                if (id is { } existing)
                {
                    if (!await BookingLocks.FacilityAsync(db, existing, token)) return Error.NotFound;
                    facility = await db
                        .Facilities.Include(f => f.Hours)
                        .Include(f => f.Quotas)
                        .Include(f => f.ReservationType)
                        .SingleAsync(f => f.Id == existing, token);
                    if (input.Version is { } read && read != Rules(facility).Fingerprint()) return Error.Stale;
                }
                else
                {
                    db.Facilities.Add(facility);
                }

                var name = input.Name.Trim();
                var others = await db.Facilities.Where(f => f.Id != facility.Id).Select(f => f.Name).ToListAsync(token);
                if (others.Exists(other => Spelling.SameName(other, name)))
                    return new Error("facility.name_taken", nameof(input.Name), name);
                await FillAsync(db, facility, input, token);
                await db.SaveChangesAsync(token);
                return facility.Id;
            },
            ct
        );
        choices.All.Forget();
        return saved;
    }

    /// <summary>
    /// Deletes a facility that nobody ever booked. One with bookings stays, because they are part of the accounts: it is withdrawn instead
    /// (<see cref="FacilityState.Unavailable"/>). Refused
    /// then: <c>facility.has_bookings</c>. Needs <see cref="Permissions.FacilitiesEdit"/>.
    /// </summary>
    public async Task<Result> DeleteAsync(long id, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.FacilitiesEdit)) return Error.Forbidden;
        var deleted = await store.WriteAsync(
            user,
            async (db, token) =>
            {
                if (!await BookingLocks.FacilityAsync(db, id, token)) return Error.NotFound;
                var facility = await db.Facilities.Include(f => f.Hours).Include(f => f.Quotas).SingleAsync(f => f.Id == id, token);
                var used =
                    await db.Reservations.AnyAsync(r => r.FacilityId == id, token)
                    || await db.ReservationWaits.AnyAsync(w => w.FacilityId == id, token)
                    || await db.ReservationSeries.AnyAsync(s => s.FacilityId == id, token);
                if (used) return new Error("facility.has_bookings", null, facility.Name);
                db.RemoveRange(await db.FacilityPhotos.Where(p => p.FacilityId == id).ToListAsync(token));
                db.RemoveRange(await db.FacilityBlackouts.Where(b => b.FacilityId == id).ToListAsync(token));
                db.RemoveRange(facility.Hours);
                db.RemoveRange(facility.Quotas);
                db.Remove(facility);
                return Result.Done;
            },
            ct
        );
        choices.All.Forget();
        return deleted;
    }

    private static void Fill(Facility facility, FacilityInput input)
    {
        facility.Name = input.Name.Trim();
        facility.Description = input.Description.TrimToNull();
        facility.Status = input.State;
        facility.Capacity = input.Capacity;
        facility.Shared = input.Shared;
        facility.ApprovalRequired = input.ApprovalRequired;
        (facility.SlotMinutes, facility.MinMinutes, facility.MaxMinutes, facility.BufferMinutes) = (
            input.SlotMinutes, input.MinMinutes, input.MaxMinutes, input.BufferMinutes);
        (facility.MinNoticeMinutes, facility.MaxAdvanceDays) = (input.MinNoticeMinutes, input.MaxAdvanceDays);
        (facility.HourlyRate, facility.Deposit) = (input.HourlyRate, input.Deposit);
        (facility.CancelNoticeMinutes, facility.CancelChargePercent) = (input.CancelNoticeMinutes, input.CancelChargePercent);
        (facility.ChangeNoticeMinutes, facility.OpenLimit, facility.PayFirst, facility.CheckIn) = (
            input.ChangeNoticeMinutes, input.OpenLimit, input.PayFirst, input.CheckIn);
        facility.Terms = input.Terms.TrimToNull();
    }

    private static async Task FillAsync(PortalDb db, Facility facility, FacilityInput input, CancellationToken ct)
    {
        Fill(facility, input);
        var kind = input.Kind.TrimToNull();
        facility.ReservationType = kind is null
            ? null
            : (await db.ReservationTypes.OrderBy(t => t.Id).ToListAsync(ct)).Find(t => Spelling.SameName(t.Name, kind))
                ?? new ReservationType { Name = kind };
        if (kind is null) facility.ReservationTypeId = null;

        foreach (var gone in facility.Quotas.Where(q => !input.Quotas.Any(i => i.Subject == q.Subject && i.Period == q.Period)).ToList())
        {
            facility.Quotas.Remove(gone);
            db.FacilityQuotas.Remove(gone);
        }

        foreach (var quota in input.Quotas)
        {
            if (facility.Quotas.FirstOrDefault(q => q.Subject == quota.Subject && q.Period == quota.Period) is { } same)
                same.Most = quota.Most;
            else
                facility.Quotas.Add(
                    new FacilityQuota
                    {
                        Subject = quota.Subject,
                        Period = quota.Period,
                        Most = quota.Most,
                    }
                );
        }

        foreach (var gone in facility.Hours.Where(h => !input.Hours.Contains(Hours(h))).ToList())
        {
            facility.Hours.Remove(gone);
            db.FacilityHours.Remove(gone);
        }

        // What changed its end only must not meet the unique key of the row it replaces: removals are saved first.
        await db.SaveChangesAsync(ct);
        var kept = facility.Hours.Select(Hours).ToHashSet();
        facility.Hours.AddRange(
            input
                .Hours.Where(h => !kept.Contains(h))
                .Select(h => new FacilityHours
                {
                    Weekday = h.Weekday,
                    OpensAt = h.OpensAt,
                    ClosesAt = h.ClosesAt,
                })
        );
    }

    /// <summary>A facility with rules that are not saved, to try them out.</summary>
    internal static Facility Unsaved(long id, FacilityInput input)
    {
        var facility = new Facility { Id = id };
        Fill(facility, input);
        facility.Hours =
        [
            .. input.Hours.Select(h => new FacilityHours
            {
                Weekday = h.Weekday,
                OpensAt = h.OpensAt,
                ClosesAt = h.ClosesAt,
            }),
        ];
        facility.Quotas =
        [
            .. input.Quotas.Select(q => new FacilityQuota
            {
                Subject = q.Subject,
                Period = q.Period,
                Most = q.Most,
            }),
        ];
        return facility;
    }

    private static FacilityInput Rules(Facility f) =>
        new()
        {
            Name = f.Name,
            Description = f.Description,
            Kind = f.ReservationType?.Name,
            State = f.Status ?? FacilityState.Available,
            Capacity = f.Capacity,
            Shared = f.Shared,
            ApprovalRequired = f.ApprovalRequired,
            SlotMinutes = f.SlotMinutes,
            MinMinutes = f.MinMinutes,
            MaxMinutes = f.MaxMinutes,
            BufferMinutes = f.BufferMinutes,
            MinNoticeMinutes = f.MinNoticeMinutes,
            MaxAdvanceDays = f.MaxAdvanceDays,
            HourlyRate = f.HourlyRate ?? 0,
            Deposit = f.Deposit,
            CancelNoticeMinutes = f.CancelNoticeMinutes,
            CancelChargePercent = f.CancelChargePercent,
            Terms = f.Terms,
            ChangeNoticeMinutes = f.ChangeNoticeMinutes,
            OpenLimit = f.OpenLimit,
            PayFirst = f.PayFirst,
            CheckIn = f.CheckIn,
            Quotas = [.. f.Quotas.OrderBy(q => q.Subject).ThenBy(q => q.Period).Select(q => new QuotaInput(q.Subject, q.Period, q.Most))],
            Hours = [.. f.Hours.OrderBy(h => h.Weekday).ThenBy(h => h.OpensAt).Select(Hours)],
        };

    private static HoursInput Hours(FacilityHours hours) => new(hours.Weekday, hours.OpensAt, hours.ClosesAt);
}
