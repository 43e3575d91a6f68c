using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;

namespace Portal.Data.Pqrs;

/// <summary>How much one person has to do.</summary>
/// <param name="Person">Null: nobody has these.</param>
/// <param name="Soon">Last day within three business days.</param>
/// <param name="Resolved">Resolved by them in the last thirty days: of cases that are theirs.</param>
/// <param name="MeanDays">Business days that these took.</param>
public sealed record PqrsLoad(
    PqrsPerson? Person, int Active, int Overdue, int Soon, int Waiting, int Unanswered, int Resolved, decimal? MeanDays);

/// <summary>A period's report with what its screen and papers show beside it.</summary>
/// <param name="Months">The months up to that of the last day, each as of its own end.</param>
public sealed record PqrsPeriodReport(PqrsPeriod Period, IReadOnlyList<PqrsMonth> Months);

/// <summary>Reports on cases. Everything needs <see cref="Permissions.PqrsView"/>.</summary>
public sealed class PqrsReportService(PortalStore store, BuildingClock clock)
{
    private const int Months = 6;
    private const int LoadDays = 30;
    private const int Piece = 1000;

    /// <summary>Longer ones are shortened to it: a report is of at most so many days.</summary>
    private const int LongestPeriod = 366 * 2;

    /// <summary>The report of some days as of the end of the last of them, or of today where that is later; null without the right.</summary>
    /// <param name="from">Null: the first of <paramref name="to"/>'s month.</param>
    /// <param name="to">Null: the last day of last month, or of the month of <paramref name="from"/>.</param>
    public async Task<PqrsPeriodReport?> PeriodAsync(DateOnly? from, DateOnly? to, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.PqrsView)) return null;
        var today = clock.Today;
        var last = to ?? (from is { } begun ? BuildingClock.MonthOf(begun).AddMonths(1).AddDays(-1) : BuildingClock.MonthOf(today).AddDays(-1));
        if (last > today) last = today;
        var first = from ?? BuildingClock.MonthOf(last);
        if (first > last) first = last;
        if (last.DayNumber - first.DayNumber > LongestPeriod) first = last.AddDays(-LongestPeriod);

        var chart = BuildingClock.MonthOf(last).AddMonths(1 - Months);
        var lives = await LivesAsync(first < chart ? first : chart, last, user, ct);
        var months = new List<PqrsMonth>(Months);
        for (var month = chart; month <= last; month = month.AddMonths(1))
        {
            var end = month.AddMonths(1).AddDays(-1);
            var all = PqrsPeriod.Of(lives, month, end < last ? end : last).All;
            months.Add(new PqrsMonth(month, all.Received, all.Resolved, all.Closing));
        }

        return new PqrsPeriodReport(PqrsPeriod.Of(lives, first, last), months);
    }

    /// <summary>Who has how much to do, the most loaded first; last what nobody has.</summary>
    public async Task<IReadOnlyList<PqrsLoad>> LoadAsync(CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.PqrsView)) return [];
        await using var db = await store.OpenAsync(user, ct);
        var today = clock.Today;
        var soon = BusinessDays.Deadline(today, PqrsClock.WarningDays, []);
        var rows = await db.Pqrs.AsNoTracking().Active()
            .GroupBy(p => p.AssignedTo)
            .Select(g => new
            {
                Who = g.Key,
                Active = g.Count(),
                Overdue = g.Sum(p => p.StatusId != PqrsState.WaitingForPetitioner && p.DueOn < today ? 1 : 0),
                Soon = g.Sum(p => p.StatusId != PqrsState.WaitingForPetitioner && p.DueOn >= today && p.DueOn <= soon ? 1 : 0),
                Waiting = g.Sum(p => p.StatusId == PqrsState.WaitingForPetitioner ? 1 : 0),
                New = g.Sum(p => p.StatusId == PqrsState.Open ? 1 : 0),
            })
            .ToListAsync(ct);
        var since = clock.Beginning(today.AddDays(-LoadDays));
        var done = await db.Pqrs.AsNoTracking()
            .Where(p => p.StatusId == PqrsState.Resolved || p.StatusId == PqrsState.Closed)
            .Where(p => p.ResolvedAt >= since && p.AssignedTo != null)
            .Select(p => new { p.Id, p.AssignedTo, p.CreatedAt, p.ResolvedAt, p.DueOn, p.DaysGiven })
            .ToListAsync(ct);
        var ids = done.ConvertAll(d => d.Id);
        var pauses = (await db.PqrsPauses.AsNoTracking().Where(p => ids.Contains(p.PqrsId)).OrderBy(p => p.Id).ToListAsync(ct))
            .ToLookup(p => p.PqrsId);
        var people = await PqrsService.Handlers(db)
            .Select(u => new { u.Id, Name = db.Profiles.Where(f => f.UserId == u.Id).Min(f => f.FullName) ?? u.UserName })
            .ToListAsync(ct);
        var known = people.Select(p => (long?)p.Id).ToHashSet();
        var missing = rows.Select(r => r.Who).Where(id => id is not null && !known.Contains(id)).ToList();
        people.AddRange(
            await db.Users.Where(u => missing.Contains(u.Id))
                .Select(u => new { u.Id, Name = db.Profiles.Where(f => f.UserId == u.Id).Min(f => f.FullName) ?? u.UserName })
                .ToListAsync(ct));

        return
        [
            .. people.Select(p => Of(new PqrsPerson(p.Id, p.Name ?? "")))
                .OrderByDescending(l => l.Active).ThenBy(l => l.Person!.Name, StringComparer.CurrentCultureIgnoreCase),
            .. rows.Any(r => r.Who is null) ? new[] { Of(null) } : [],
        ];

        PqrsLoad Of(PqrsPerson? person)
        {
            var row = rows.Find(r => r.Who == person?.Id);
            var theirs = person is null ? [] : done.FindAll(d => d.AssignedTo == person.Id);
            var days = theirs.Where(d => d is { DueOn: not null, DaysGiven: > 0 }).Select(d =>
            {
                var held = PqrsReading.HeldOf(pauses[d.Id]);
                var start = BusinessDays.Start(d.DueOn!.Value, d.DaysGiven!.Value, held);
                return BusinessDays.Between(start, DateOnly.FromDateTime(clock.ToWall(d.ResolvedAt!.Value)), held);
            }).ToList();
            return new PqrsLoad(
                person, row?.Active ?? 0, row?.Overdue ?? 0, row?.Soon ?? 0, row?.Waiting ?? 0, row?.New ?? 0, theirs.Count,
                days.Count == 0 ? null : (decimal)days.Sum() / days.Count);
        }
    }

    /// <summary>The histories of all cases that were open, filed or resolved between two days, both with.</summary>
    private async Task<List<PqrsLife>> LivesAsync(DateOnly from, DateOnly to, CurrentUser user, CancellationToken ct)
    {
        await using var db = await store.OpenAsync(user, ct);
        var (begin, end) = (clock.Beginning(from), clock.Beginning(to.AddDays(1)));
        var cases = db.Pqrs.AsNoTracking().VisibleTo(user).Where(p => p.CreatedAt == null || p.CreatedAt < end)
            .Where(p =>
                (p.StatusId != PqrsState.Resolved && p.StatusId != PqrsState.Closed)
                || (p.ResolvedAt ?? p.ClosedAt) >= begin
                || p.Tracking.Any(t => t.CreatedAt >= begin));
        var heads = await cases.OrderBy(p => p.Id)
            .Select(p => new
            {
                p.Id, p.Number, p.Title, p.Kind, p.CreatedAt, p.DueOn, p.ApartmentId, p.StatusId, p.Rating,
                Done = p.ResolvedAt ?? p.ClosedAt, Category = p.Category!.Name, Tower = p.Apartment!.Tower!.Name, p.Apartment.ApartmentNumber,
            })
            .ToListAsync(ct);
        var told = new List<(long Case, DateTime? At, PqrsStep Step)>();
        var held = new List<PqrsPause>();
        // By their keys, some at a time: a subquery would be asked anew for every entry there is.
        foreach (var ids in heads.Select(p => p.Id).Chunk(Piece))
        {
            told.AddRange((await db.PqrsTracking.AsNoTracking().Where(t => ids.Contains(t.PqrsId))
                .OrderBy(t => t.PqrsId).ThenBy(t => t.CreatedAt).ThenBy(t => t.Id)
                .Select(t => new { t.PqrsId, t.CreatedAt, t.StatusId, t.DueOn, t.Rating })
                .ToListAsync(ct)).Select(t => (t.PqrsId, t.CreatedAt, new PqrsStep(default, t.StatusId, t.DueOn, t.Rating))));
            held.AddRange(await db.PqrsPauses.AsNoTracking().Where(h => ids.Contains(h.PqrsId))
                .OrderBy(h => h.StartedOn).ThenBy(h => h.Id).ToListAsync(ct));
        }

        var (steps, pauses) = (told.ToLookup(t => t.Case), held.ToLookup(h => h.PqrsId));
        return heads.ConvertAll(p =>
        {
            var filed = p.CreatedAt is { } at ? Day(at) : DateOnly.MinValue;
            List<PqrsStep> life =
                [.. steps[p.Id].Select(t => t.Step with { On = t.At is { } on ? Day(on) : filed })];
            // A case of an adopted database may have no history of its end.
            if (life.LastOrDefault()?.State is var last && last != p.StatusId && !PqrsFlow.IsActive(p.StatusId))
                life.Add(new PqrsStep(p.Done is { } done ? Day(done) : filed, p.StatusId, p.DueOn, p.Rating));
            return new PqrsLife(
                p.Id, p.Number ?? PqrsService.NumberOf(p.Id), p.Title,
                p.ApartmentId is { } place ? new PqrsPlace(place, p.Tower, p.ApartmentNumber) : null, p.Kind, p.Category, filed,
                p.DueOn, life, PqrsReading.HeldOf(pauses[p.Id]));
        });

        DateOnly Day(DateTime utc) => DateOnly.FromDateTime(clock.ToWall(utc));
    }
}
