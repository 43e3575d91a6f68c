using Portal.Data.Demo;
using Portal.Tests.Server;

namespace Portal.Tests.Browser;

/// <summary>
/// Which day belongs to which job. They share one building, so what one books or closes must stand in no other's way, whatever weekday the
/// run is on. All of it lies after the days that the demo fills and within the sixty that may be booked; from the 31st day on it is another
/// month than today's, in which the demo's resident has used up nothing.
/// </summary>
internal static class BrowserDays
{
    public static DateOnly Held { get; } = Free(1);
    public static DateOnly Waited { get; } = Free(2);
    public static DateOnly ByKeyboard { get; } = Free(3);
    public static DateOnly KeptForAWhile { get; } = Free(4);

    /// <summary>Seven days, so that one of them is a Monday.</summary>
    public static DateOnly Repeated { get; } = Next(DayOfWeek.Monday, Free(5));

    public static DateOnly Owners { get; } = TestDay.Today.AddDays(33);
    public static DateOnly Terms { get; } = TestDay.Today.AddDays(34);

    /// <summary>The office's week: it begins on a Saturday, 36 to 42 days from now.</summary>
    public static DateOnly Saturday { get; } = Next(DayOfWeek.Saturday, TestDay.Today.AddDays(36));

    public static DateOnly FromAnotherPortal { get; } = Saturday.AddDays(5);

    /// <summary>Is closed, with the Sunday.</summary>
    public static DateOnly Weekend { get; } = Saturday.AddDays(7);

    private static DateOnly Free(int days) => TestDay.Today.AddDays(DemoSeed.BookedDays + days);

    /// <summary>That day, or the first such weekday after it.</summary>
    public static DateOnly Next(DayOfWeek weekday, DateOnly from) => from.AddDays(((int)weekday - (int)from.DayOfWeek + 7) % 7);
}
