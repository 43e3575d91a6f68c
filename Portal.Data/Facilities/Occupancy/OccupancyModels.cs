using System.Text.Json.Serialization;

namespace Portal.Data.Facilities.Occupancy;

/// <summary>How long an hour of the week was open and booked in a period, in hours.</summary>
public readonly record struct HourUse(double Open, double Booked)
{
    /// <summary>From 0 to 1; null where it was never open.</summary>
    public double? Share => Open > 0 ? Math.Min(1, Booked / Open) : null;
}

/// <summary>
/// Hours open and booked by weekday and hour of the day. By the clock on the wall: every day has 24 hours, also that on which clocks are
/// changed.
/// </summary>
public sealed class WeekGrid
{
    private const int Cells = 7 * 24;

    [JsonInclude, JsonPropertyName("open")]
    private double[] OpenHours { get; set; } = new double[Cells];

    [JsonInclude, JsonPropertyName("booked")]
    private double[] BookedHours { get; set; } = new double[Cells];

    /// <param name="weekday">1 Monday to 7 Sunday.</param>
    /// <param name="hour">0 to 23.</param>
    public HourUse this[int weekday, int hour] => new(OpenHours[Cell(weekday, hour)], BookedHours[Cell(weekday, hour)]);

    [JsonIgnore]
    public HourUse Total => new(OpenHours.Sum(), BookedHours.Sum());

    /// <summary>The hours of the day in which anything was open or booked; none where nothing was.</summary>
    [JsonIgnore]
    public IReadOnlyList<int> Hours
    {
        get
        {
            var used = Enumerable
                .Range(0, 24)
                .Where(hour => Enumerable.Range(1, 7).Any(day => this[day, hour] is { Open: > 0 } or { Booked: > 0 }))
                .ToList();
            return used.Count == 0 ? [] : [.. Enumerable.Range(used[0], used[^1] - used[0] + 1)];
        }
    }

    public HourUse Weekday(int weekday) => Sum(Enumerable.Range(0, 24).Select(hour => this[weekday, hour]));

    public HourUse Hour(int hour) => Sum(Enumerable.Range(1, 7).Select(day => this[day, hour]));

    internal void Open(DateTime from, DateTime to) => Spread(OpenHours, from, to, 1);

    internal void Book(DateTime from, DateTime to, double weight) => Spread(BookedHours, from, to, weight);

    internal void Add(WeekGrid other)
    {
        for (var cell = 0; cell < Cells; cell++)
            (OpenHours[cell], BookedHours[cell]) = (OpenHours[cell] + other.OpenHours[cell], BookedHours[cell] + other.BookedHours[cell]);
    }

    private static void Spread(double[] into, DateTime from, DateTime to, double weight)
    {
        while (from < to)
        {
            var next = from.Date.AddHours(from.Hour + 1);
            var until = next < to ? next : to;
            into[Cell(from.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)from.DayOfWeek, from.Hour)] += (until - from).TotalHours * weight;
            from = until;
        }
    }

    private static int Cell(int weekday, int hour) => ((weekday - 1) * 24) + hour;

    private static HourUse Sum(IEnumerable<HourUse> uses) =>
        uses.Aggregate(new HourUse(0, 0), (sum, use) => new HourUse(sum.Open + use.Open, sum.Booked + use.Booked));
}

/// <summary>
/// What became of a facility in a period. A booking belongs to the period it begins in; its hours to the days they fall on. Amounts in
/// pesos.
/// </summary>
/// <param name="Shared">Several book it at once: its hours are counted by places, so that 5 of 10 places for two hours are one
/// hour.</param>
/// <param name="Use">Hours open (without closures) and booked by who came, or is still to come.</param>
/// <param name="NoShowHours">Hours that were booked and not used; they are not in <paramref name="Use"/>.</param>
/// <param name="Bookings">Those that took place or stand.</param>
/// <param name="People">Of these bookings.</param>
/// <param name="LateCancelled">Of the cancelled ones: by the resident, after it was free of charge.</param>
/// <param name="Charged">Prices and cancellation charges, without deposits.</param>
/// <param name="Waited">Times somebody waited for a place that was taken.</param>
/// <param name="Unserved">Of these, never offered one.</param>
public sealed record FacilityOccupancy(
    long Id, string Name, bool Shared, WeekGrid Use, double NoShowHours, int Bookings, int People, int NoShows, int Cancelled,
    int LateCancelled, decimal Charged, decimal Paid, decimal Deposits, decimal DepositsPaid, int Waited, int Unserved)
{
    /// <summary>From 0 to 1; null where it was never open.</summary>
    public double? Share => Use.Total.Share;

    /// <summary>Of the bookings that were to be used, those nobody came to; from 0 to 1.</summary>
    public double NoShowRate => NoShows == 0 ? 0 : (double)NoShows / (Bookings + NoShows);
}

/// <summary>A part of the period: a day, a week or a month.</summary>
/// <param name="To">Its last day.</param>
public sealed record OccupancyStep(DateOnly From, DateOnly To, int Bookings, int NoShows, decimal Charged, decimal Paid);

/// <summary>How long the parts of a report are.</summary>
public enum OccupancyScale { Day, Week, Month }

/// <param name="To">The last day.</param>
/// <param name="Facilities">Each that exists today, also those nobody booked.</param>
/// <param name="Total">All of them together.</param>
public sealed record OccupancyReport(
    DateOnly From, DateOnly To, OccupancyScale Scale, IReadOnlyList<FacilityOccupancy> Facilities, FacilityOccupancy Total,
    IReadOnlyList<OccupancyStep> Steps);
