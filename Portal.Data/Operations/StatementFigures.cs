using System.Collections.Concurrent;
using System.Data.Common;
using System.Diagnostics;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Portal.Data.Operations;

/// <summary>What one method of a service asked of the database.</summary>
/// <param name="What"><c>PaymentService.List</c>.</param>
/// <param name="P95">95 of 100 took no longer; of a scale with steps of 40 %.</param>
public sealed record StatementRow(string What, long Times, TimeSpan P95, TimeSpan Total);

/// <summary>
/// How long this portal waited for the database's answers, by what asked, over the last day: it needs no right on the server and says what
/// a statement is for, which the server cannot.
/// </summary>
public sealed class StatementFigures(TimeProvider time)
{
    private const int Hours = 24, Steps = 48;

    /// <summary>The end of the first step, in milliseconds; each further one is √2 longer.</summary>
    private const double First = 0.125;

    private readonly ConcurrentDictionary<long, ConcurrentDictionary<string, Slot>> _hours = new();

    /// <summary>From when on (UTC) it is counted, where that is less than a day ago.</summary>
    public DateTime Since { get; } = time.GetUtcNow().UtcDateTime;

    internal void Add(string what, TimeSpan took)
    {
        var hour = Hour;
        if (!_hours.TryGetValue(hour, out var slots))
        {
            slots = _hours.GetOrAdd(hour, _ => new());
            foreach (var old in _hours.Keys.Where(h => h <= hour - Hours)) _hours.TryRemove(old, out _);
        }

        slots.GetOrAdd(what, _ => new Slot()).Add(took);
    }

    /// <summary>What took the database most time first.</summary>
    public IReadOnlyList<StatementRow> Read()
    {
        var oldest = Hour - Hours;
        Dictionary<string, (long[] Steps, long Ticks)> all = new(StringComparer.Ordinal);
        foreach (var (_, slots) in _hours.Where(h => h.Key > oldest))
        {
            foreach (var (what, slot) in slots)
            {
                var sum = all.TryGetValue(what, out var known) ? known : (new long[Steps], 0);
                all[what] = (sum.Item1, sum.Item2 + slot.AddTo(sum.Item1));
            }
        }

        return
        [
            .. all.Select(one => new StatementRow(one.Key, one.Value.Steps.Sum(), Within(one.Value.Steps), TimeSpan.FromTicks(one.Value.Ticks)))
                .OrderByDescending(row => row.Total).ThenBy(row => row.What, StringComparer.Ordinal),
        ];
    }

    private long Hour => time.GetUtcNow().ToUnixTimeSeconds() / 3600;

    private static TimeSpan Within(long[] steps)
    {
        var (wanted, seen) = (Math.Ceiling(steps.Sum() * 0.95), 0L);
        for (var i = 0; i < steps.Length; i++)
        {
            seen += steps[i];
            if (seen >= wanted) return TimeSpan.FromMilliseconds(First * Math.Pow(2, i / 2.0));
        }

        return TimeSpan.Zero;
    }

    private sealed class Slot
    {
        private readonly long[] _steps = new long[Steps];
        private long _ticks;

        public void Add(TimeSpan took)
        {
            var step = took.TotalMilliseconds <= First ? 0 : (int)Math.Ceiling(2 * Math.Log2(took.TotalMilliseconds / First));
            Interlocked.Increment(ref _steps[Math.Min(step, Steps - 1)]);
            Interlocked.Add(ref _ticks, took.Ticks);
        }

        public long AddTo(long[] sum)
        {
            for (var i = 0; i < Steps; i++) sum[i] += Interlocked.Read(ref _steps[i]);
            return Interlocked.Read(ref _ticks);
        }
    }
}

/// <summary>Measures each statement of a context for what opened it.</summary>
internal sealed class StatementWatch(StatementFigures figures) : DbCommandInterceptor
{
    public override ValueTask<DbDataReader> ReaderExecutedAsync(
        DbCommand command, CommandExecutedEventData eventData, DbDataReader result, CancellationToken cancellationToken = default)
    {
        Note(eventData);
        return new(result);
    }

    public override ValueTask<int> NonQueryExecutedAsync(
        DbCommand command, CommandExecutedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        Note(eventData);
        return new(result);
    }

    public override ValueTask<object?> ScalarExecutedAsync(
        DbCommand command, CommandExecutedEventData eventData, object? result, CancellationToken cancellationToken = default)
    {
        Note(eventData);
        return new(result);
    }

    private void Note(CommandExecutedEventData executed)
    {
        if (executed.Context is not PortalDb { Asker: { } asker } db) return;
        figures.Add(asker, executed.Duration);

        // A write has an activity around all of it.
        if (db.InTransaction || !PortalTelemetry.Source.HasListeners()) return;
        using var activity = PortalTelemetry.Source.StartActivity(
            "read " + asker, ActivityKind.Internal, default(ActivityContext), startTime: executed.StartTime);
        activity?.SetEndTime(executed.StartTime.UtcDateTime + executed.Duration);
    }
}
