using System.Diagnostics;

namespace Portal.Bench;

/// <summary>Runs two ways of doing one thing in turn and prints how many a second each does, and their ratio.</summary>
internal static class Measure
{
    private const int Rounds = 5;
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(1.5);

    /// <param name="what">The line's name.</param>
    /// <param name="goal">The least ratio aimed at, in percent.</param>
    /// <param name="portal">Ours, once.</param>
    /// <param name="raw">The counterpart, once.</param>
    /// <param name="workers">How many at once.</param>
    public static async Task CompareAsync(string what, int goal, Func<Task> portal, Func<Task> raw, int workers = 1)
    {
        // Warm: code compiled, pool filled, pages of the database in memory.
        await RateAsync(portal, workers);
        await RateAsync(raw, workers);
        var (ours, theirs, ratios) = (new List<double>(), new List<double>(), new List<double>());
        for (var i = 0; i < Rounds; i++)
        {
            ours.Add(await RateAsync(portal, workers));
            theirs.Add(await RateAsync(raw, workers));
            ratios.Add(ours[^1] / theirs[^1]);
        }

        Console.WriteLine($"{what,-44} {Median(ours),10:N0} {Median(theirs),10:N0} {Median(ratios),8:P0}   {goal} %");
    }

    private static async Task<double> RateAsync(Func<Task> once, int workers)
    {
        var clock = Stopwatch.StartNew();
        var counts = await Task.WhenAll(Enumerable.Range(0, workers).Select(_ => Task.Run(async () =>
        {
            var count = 0;
            while (clock.Elapsed < Round)
            {
                await once();
                count++;
            }

            return count;
        })));
        return counts.Sum() / clock.Elapsed.TotalSeconds;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
