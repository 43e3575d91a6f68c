using System.Globalization;
using Portal.Data;
using Portal.Hosting;

namespace Portal.Tests.Server;

/// <summary>
/// The day on which the portals of this run live: today, or the one that <c>PORTAL_TEST_DAY</c> names as <see cref="PortalTime.Setting"/>
/// does (2027-04-01, 2027-12-31T23:50), in the zone of <c>PORTAL_TEST_ZONE</c>. Time goes on from there; <c>./test --day</c> sets it.
/// </summary>
public static class TestDay
{
    private static readonly string? Start =
        Environment.GetEnvironmentVariable("PORTAL_TEST_DAY") is { } day && !string.IsNullOrWhiteSpace(day) ? day.Trim() : null;

    public static TimeZoneInfo Zone { get; } = TimeZoneInfo.FindSystemTimeZoneById(
        Environment.GetEnvironmentVariable("PORTAL_TEST_ZONE") is { } zone && !string.IsNullOrWhiteSpace(zone)
            ? zone.Trim()
            : BuildingClock.DefaultZone);

    /// <summary>For a portal, or a world of a test, that has no time of its own.</summary>
    public static TimeProvider Time { get; } = Start is null ? TimeProvider.System : PortalTime.StartingAt(Start, Zone);

    public static BuildingClock Clock { get; } = new(Time, Zone);

    /// <summary>The building's day when the run began: a run that goes over midnight keeps the days it reckoned with.</summary>
    public static DateOnly Today { get; } = Clock.Today;

    /// <summary>So many days after <see cref="Today"/>, as an address says it.</summary>
    public static string Iso(int days) => Iso(Today.AddDays(days));

    public static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>Tells a portal of its own process what time it is here now.</summary>
    internal static void Tell(IDictionary<string, string?> environment)
    {
        environment["Building__TimeZone"] = Zone.Id;
        if (Start is not null) environment["Clock__Start"] = Time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture);
    }
}
