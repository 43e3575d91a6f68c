using Microsoft.Extensions.DependencyInjection;

namespace Portal.Data.Operations;

/// <summary>A job that comes back by itself. It carries the building's day on which it was put into the queue.</summary>
/// <param name="Kind">Names its handler.</param>
/// <param name="DueAt">When it is to run (UTC), of the building's day.</param>
/// <param name="Every">Null: once a day. Else so often, counted within the hour.</param>
public sealed record RecurringJob(JobKind<DateOnly> Kind, Func<BuildingClock, DateOnly, DateTime> DueAt, TimeSpan? Every = null)
{
    /// <summary>Of all that would add it, in all portals, one does.</summary>
    public string Key(BuildingClock clock) => Every is not { } every
        ? $"{Kind.Name}:{clock.Today:yyyy-MM-dd}"
        : $"{Kind.Name}:{clock.UtcNow:yyyy-MM-dd HH}:{clock.UtcNow.Minute / (int)every.TotalMinutes}";
}

/// <summary>How an area says what it does every day.</summary>
internal static class RecurringJobs
{
    /// <summary>Every day at once, as soon as a portal sees the day.</summary>
    public static IServiceCollection AddDailyJob<T>(this IServiceCollection services, JobKind<DateOnly> kind)
        where T : JobHandler<DateOnly> => services.AddRecurring<T>(new RecurringJob(kind, (clock, _) => clock.UtcNow));

    /// <summary>Every day at a time of the building's clock.</summary>
    public static IServiceCollection AddDailyJob<T>(this IServiceCollection services, JobKind<DateOnly> kind, TimeOnly at)
        where T : JobHandler<DateOnly> => services.AddRecurring<T>(new RecurringJob(kind, (clock, day) => clock.ToUtc(day.ToDateTime(at))));

    /// <summary>At the end of every day, or at a time of the night that follows it.</summary>
    public static IServiceCollection AddNightlyJob<T>(this IServiceCollection services, JobKind<DateOnly> kind, TimeOnly at = default)
        where T : JobHandler<DateOnly> => services.AddRecurring<T>(new RecurringJob(
            kind,
            (clock, day) => at == default ? clock.Beginning(day.AddDays(1)) : clock.ToUtc(day.AddDays(1).ToDateTime(at))));

    /// <summary>Several times an hour.</summary>
    public static IServiceCollection AddFrequentJob<T>(this IServiceCollection services, JobKind<DateOnly> kind, TimeSpan every)
        where T : JobHandler<DateOnly> => services.AddRecurring<T>(new RecurringJob(kind, (clock, _) => clock.UtcNow, every));

    private static IServiceCollection AddRecurring<T>(this IServiceCollection services, RecurringJob job) where T : JobHandler<DateOnly> =>
        services.AddSingleton(job).AddScoped<IJobHandler, T>();
}
