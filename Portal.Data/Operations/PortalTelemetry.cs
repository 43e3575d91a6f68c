using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Portal.Data.Operations;

/// <summary>
/// What the portal measures of itself, for whoever listens (OpenTelemetry, where it is switched on: docs/operations.md). Names of services,
/// kinds and results only: never a person, a value of a form, an address.
/// </summary>
public static class PortalTelemetry
{
    public const string Name = "Vallhalla.Portal";

    public static readonly ActivitySource Source = new(Name);

    private static readonly Meter Meter = new(Name);
    private static readonly ConcurrentDictionary<(string File, string Member), string> Names = new();

    private static readonly Counter<long> RetryCounter = Meter.CreateCounter<long>(
        "portal.write.retries", "{retry}", "Units of work that were begun again after a conflict or a lost connection.");

    private static readonly Counter<long> SignInCounter = Meter.CreateCounter<long>(
        "portal.sign_ins", "{attempt}", "Sign-ins by what came of them.");

    private static readonly Histogram<double> JobTimes = Meter.CreateHistogram<double>(
        "portal.jobs.run_time", "s", "How long jobs ran, by kind and by what came of them.");

    private static long _retries;

    /// <summary>Since the portal started.</summary>
    public static long Retries => Interlocked.Read(ref _retries);

    /// <param name="why"><c>conflict</c> or <c>connection</c>.</param>
    internal static void Retried(string why)
    {
        Interlocked.Increment(ref _retries);
        RetryCounter.Add(1, new KeyValuePair<string, object?>("reason", why));
    }

    /// <param name="result"><c>success</c>, <c>failure</c>, <c>second_step</c> (the password was right), <c>wait</c>, <c>other</c>.</param>
    public static void SignedIn(string result) => SignInCounter.Add(1, new KeyValuePair<string, object?>("result", result));

    /// <param name="outcome"><c>done</c>, <c>left</c> or <c>failed</c>.</param>
    internal static void Ran(string kind, string outcome, TimeSpan took) => JobTimes.Record(
        took.TotalSeconds, new KeyValuePair<string, object?>("kind", kind), new KeyValuePair<string, object?>("outcome", outcome));

    /// <summary><c>PaymentService.Confirm</c>: the file of a service is named as it is.</summary>
    internal static string Named(string file, string member) => Names.GetOrAdd((file, member), static key =>
    {
        var service = key.File[(key.File.LastIndexOfAny(['/', '\\']) + 1)..].Split('.')[0];
        var method = key.Member.EndsWith("Async", StringComparison.Ordinal) ? key.Member[..^5] : key.Member.TrimStart('.');
        return $"{service}.{method}";
    });
}
