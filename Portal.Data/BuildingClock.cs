namespace Portal.Data;

/// <summary>
/// The building's time. DATE, TIME and DATETIME columns hold its wall clock; TIMESTAMP columns hold instants in UTC.
/// The one place where the two meet.
/// </summary>
public sealed class BuildingClock(TimeProvider time, TimeZoneInfo zone)
{
    /// <summary>Where nothing else is set: UTC-5, no daylight saving time.</summary>
    public const string DefaultZone = "America/Bogota";

    public TimeZoneInfo Zone { get; } = zone;

    /// <summary>This instant, in UTC.</summary>
    public DateTime UtcNow => time.GetUtcNow().UtcDateTime;

    /// <summary>What the clock on the building's wall shows, to the second.</summary>
    public DateTime Now
    {
        get
        {
            var now = TimeZoneInfo.ConvertTimeFromUtc(UtcNow, Zone);
            return new DateTime(now.Ticks - now.Ticks % TimeSpan.TicksPerSecond, DateTimeKind.Unspecified);
        }
    }

    public DateOnly Today => DateOnly.FromDateTime(Now);

    /// <summary>An instant as the building's wall clock shows it.</summary>
    public DateTime ToWall(DateTime utc) =>
        DateTime.SpecifyKind(TimeZoneInfo.ConvertTimeFromUtc(DateTime.SpecifyKind(utc, DateTimeKind.Utc), Zone), DateTimeKind.Unspecified);

    /// <summary>
    /// The instant at which the wall clock shows this; of an hour that comes twice, the first. What the clocks jump over is the instant at
    /// which they jump: there are zones in which a day
    /// begins at one o'clock, and its work must still be done.
    /// </summary>
    public DateTime ToUtc(DateTime wall)
    {
        wall = DateTime.SpecifyKind(wall, DateTimeKind.Unspecified);
        if (Zone.IsAmbiguousTime(wall)) return DateTime.SpecifyKind(wall - Zone.GetAmbiguousTimeOffsets(wall).Max(), DateTimeKind.Utc);

        // All clocks of the world jump from a whole quarter of an hour to another.
        while (Zone.IsInvalidTime(wall)) wall = wall.AddMinutes(15 - wall.Minute % 15).AddSeconds(-wall.Second);
        return TimeZoneInfo.ConvertTimeToUtc(wall, Zone);
    }

    /// <summary>The day on which the week of a day begins.</summary>
    public static DateOnly MondayOf(DateOnly day) => day.AddDays(-(((int)day.DayOfWeek + 6) % 7));

    /// <summary>The first day of the month of a day.</summary>
    public static DateOnly MonthOf(DateOnly day) => new(day.Year, day.Month, 1);

    /// <summary>The first instant of a day: midnight, or when clocks go forward over midnight, that moment.</summary>
    public DateTime Beginning(DateOnly day) => ToUtc(day.ToDateTime(TimeOnly.MinValue));
}
