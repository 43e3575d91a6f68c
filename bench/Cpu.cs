using System.Globalization;

namespace Portal.Bench;

/// <summary>
/// Processor time of a process, user and system, as the kernel counts it: unlike a clock on the wall it hardly minds what else the machine
/// does.
/// </summary>
internal static class Cpu
{
    /// <summary>What the kernel counts in: a hundredth of a second.</summary>
    private const double MillisecondsPerTick = 10;

    public static double MillisecondsOf(int process)
    {
        var stat = File.ReadAllText($"/proc/{process}/stat");

        // The second field is the program's name in brackets, which may hold anything.
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture))
            * MillisecondsPerTick;
    }
}
