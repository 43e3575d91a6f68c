using System.Globalization;
using Portal.Data;

namespace Portal.Hosting;

/// <summary>Runs as the real clock does, so much before or behind it.</summary>
public sealed class ShiftedTime(TimeSpan shift) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + shift;
}

/// <summary>
/// The one place where the portal's clock can be set, for a test start: <c>Clock:Start</c> is the moment it starts at, from which time goes
/// on as usual. Outside Development a portal with it does not start: its bookings and receipts would be dated wrongly for ever.
/// </summary>
public static class PortalTime
{
    /// <summary>
    /// A day (then 10:00), a day and hour on the building's wall (<c>2027-12-31T23:50</c>), or an instant (<c>2027-12-31T23:50Z</c>).
    /// </summary>
    public const string Setting = "Clock:Start";

    private static readonly string[] Days = ["yyyy-MM-dd"];
    private static readonly string[] Hours = ["yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss"];
    private static readonly string[] Instants = ["yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "O"];
    private static readonly TimeSpan Morning = TimeSpan.FromHours(10);

    /// <summary>Call before anything that falls back on the real clock.</summary>
    public static IServiceCollection AddPortalTime(
        this IServiceCollection services, IConfiguration configuration, IHostEnvironment environment)
    {
        if (Problem(configuration, environment) is null && Of(configuration) is { Length: > 0 } start)
            services.AddSingleton(StartingAt(start, configuration.BuildingZone()));
        return services;
    }

    /// <summary>Why the portal must not start with this configuration, and what to do; null where nothing is wrong.</summary>
    public static string? Problem(IConfiguration configuration, IHostEnvironment environment)
    {
        if (Of(configuration) is not { Length: > 0 } start) return null;
        if (!environment.IsDevelopment())
        {
            return $"{Setting} sets the clock for tests, and this is {environment.EnvironmentName}: "
                + "remove it (Clock__Start in the environment) and start again.";
        }

        return Instant(start, configuration.BuildingZone()) is null
            ? $"{Setting} is '{start}', which is no moment: write a day (2027-04-01), or a day and hour (2027-12-31T23:50)."
            : null;
    }

    /// <summary>A clock that shows this moment now and goes on from there.</summary>
    /// <exception cref="FormatException">It is none of what <see cref="Setting"/> may say.</exception>
    public static TimeProvider StartingAt(string start, TimeZoneInfo zone) =>
        Instant(start, zone) is { } instant
            ? new ShiftedTime(instant - TimeProvider.System.GetUtcNow())
            : throw new FormatException($"'{start}' is no moment such as 2027-04-01 or 2027-12-31T23:50.");

    private static string? Of(IConfiguration configuration) => configuration[Setting]?.Trim();

    private static DateTimeOffset? Instant(string start, TimeZoneInfo zone)
    {
        var (invariant, none) = (CultureInfo.InvariantCulture, DateTimeStyles.None);
        if (DateTime.TryParseExact(start, Days, invariant, none, out var day)) return Wall(day + Morning);
        if (DateTime.TryParseExact(start, Hours, invariant, none, out var hour)) return Wall(hour);
        return DateTimeOffset.TryParseExact(start, Instants, invariant, DateTimeStyles.AssumeUniversal, out var instant) ? instant : null;

        DateTimeOffset Wall(DateTime shown) => new(new BuildingClock(TimeProvider.System, zone).ToUtc(shown));
    }
}
