using Portal.Data.Facilities.Rules;

namespace Portal.Data.Facilities.Occupancy;

/// <summary>Puts a report together. It knows no database and no clock.</summary>
internal static class OccupancyCount
{
    private const int MostDays = 31, MostWeeks = 120;

    public static OccupancyReport Of(OccupancyFacts facts, DateOnly from, DateOnly to)
    {
        List<FacilityOccupancy> facilities = [.. facts.Facilities.Select(f => Of(f, facts, from, to))];
        var scale =
            to.DayNumber - from.DayNumber is var days && days < MostDays ? OccupancyScale.Day
            : days < MostWeeks ? OccupancyScale.Week
            : OccupancyScale.Month;
        return new OccupancyReport(from, to, scale, facilities, Sum(facilities), Steps(facts, from, to, scale));
    }

    private static FacilityOccupancy Of(Facility facility, OccupancyFacts facts, DateOnly from, DateOnly to)
    {
        var grid = new WeekGrid();
        foreach (var (opens, closes) in OpenTimes(facility, [.. facts.Closures[facility.Id]], from, to)) grid.Open(opens, closes);

        var (first, end, unused) = (from.ToDateTime(TimeOnly.MinValue), to.AddDays(1).ToDateTime(TimeOnly.MinValue), 0d);
        foreach (
            var (booking, clip) in facts
                .Whole.Select(b => (b, false))
                .Concat(facts.Edges.Select(b => (b, true)))
                .Where(b => b.Item1.FacilityId == facility.Id)
        )
        {
            var (start, until) = (booking.Start, booking.Start.AddMinutes(booking.Minutes));
            if (clip) (start, until) = (start > first ? start : first, until < end ? until : end);
            var weight = facility is { Shared: true, Capacity: > 0 and var places } ? (double)booking.People / places : booking.Count;
            if (booking.State == ReservationState.NoShow) unused += (until - start).TotalHours * weight;
            else grid.Book(start, until, weight);
        }

        var counts = facts.Counts.Where(c => c.FacilityId == facility.Id).ToList();
        var took = counts.Where(c => c.State is ReservationState.Confirmed or ReservationState.Completed).ToList();
        var money = facts.Money.Where(m => m.FacilityId == facility.Id).ToLookup(m => m.Deposit);
        var (_, waited, unserved) = facts.Waits.FirstOrDefault(w => w.FacilityId == facility.Id);
        return new FacilityOccupancy(
            facility.Id, facility.Name, facility.Shared, grid, unused, took.Sum(c => c.Count), took.Sum(c => c.People),
            Count(ReservationState.NoShow), Count(ReservationState.Cancelled), facts.Late.GetValueOrDefault(facility.Id),
            money[false].Sum(m => m.Charged), money[false].Sum(m => m.Paid), money[true].Sum(m => m.Charged), money[true].Sum(m => m.Paid),
            waited, unserved);

        int Count(ReservationState state) => counts.Where(c => c.State == state).Sum(c => c.Count);
    }

    /// <summary>When it was open: its hours, also those that go on over midnight, without what was closed; cut to the period.</summary>
    internal static IEnumerable<(DateTime From, DateTime To)> OpenTimes(
        Facility facility, IReadOnlyList<Closure> closures, DateOnly from, DateOnly to)
    {
        var (first, end) = (from.ToDateTime(TimeOnly.MinValue), to.AddDays(1).ToDateTime(TimeOnly.MinValue));
        var until = first;
        for (var day = from.AddDays(-1); day <= to; day = day.AddDays(1))
        {
            foreach (var opening in Opening.Of(facility, day))
            {
                // Hours that overlap are open once.
                var (start, close) = (opening.Opens > until ? opening.Opens : until, opening.Closes < end ? opening.Closes : end);
                if (start >= close) continue;
                until = close;
                foreach (var part in Without(start, close, closures)) yield return part;
            }
        }
    }

    private static IEnumerable<(DateTime From, DateTime To)> Without(DateTime start, DateTime end, IReadOnlyList<Closure> closures)
    {
        foreach (var closure in closures.Where(c => c.Start < end && c.End > start).OrderBy(c => c.Start))
        {
            if (closure.Start > start) yield return (start, closure.Start);
            if (closure.End > start) start = closure.End;
        }

        if (start < end) yield return (start, end);
    }

    private static FacilityOccupancy Sum(IReadOnlyList<FacilityOccupancy> all)
    {
        var grid = new WeekGrid();
        foreach (var one in all) grid.Add(one.Use);
        return new FacilityOccupancy(
            0, "", false, grid, all.Sum(f => f.NoShowHours), all.Sum(f => f.Bookings), all.Sum(f => f.People), all.Sum(f => f.NoShows),
            all.Sum(f => f.Cancelled), all.Sum(f => f.LateCancelled), all.Sum(f => f.Charged), all.Sum(f => f.Paid),
            all.Sum(f => f.Deposits), all.Sum(f => f.DepositsPaid), all.Sum(f => f.Waited), all.Sum(f => f.Unserved));
    }

    private static List<OccupancyStep> Steps(OccupancyFacts facts, DateOnly from, DateOnly to, OccupancyScale scale)
    {
        var (days, money) = (facts.Days.ToLookup(d => d.Day), facts.Money.Where(m => !m.Deposit).ToLookup(m => m.Day));
        var steps = new List<OccupancyStep>();
        for (var start = from; start <= to;)
        {
            var next = scale switch
            {
                OccupancyScale.Day => start.AddDays(1),
                OccupancyScale.Week => start.AddDays(8 - Opening.Weekday(start)),
                _ => new DateOnly(start.Year, start.Month, 1).AddMonths(1),
            };
            var last = next > to ? to : next.AddDays(-1);
            List<DateOnly> span = [.. Enumerable.Range(0, last.DayNumber - start.DayNumber + 1).Select(start.AddDays)];
            steps.Add(
                new OccupancyStep(
                    start, last, span.Sum(d => days[d].Sum(x => x.Bookings)), span.Sum(d => days[d].Sum(x => x.NoShows)),
                    span.Sum(d => money[d].Sum(m => m.Charged)), span.Sum(d => money[d].Sum(m => m.Paid)))
            );
            start = next;
        }

        return steps;
    }
}
