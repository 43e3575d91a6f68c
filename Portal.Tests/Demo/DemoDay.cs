using Portal.Data;
using Portal.Hosting;
using Portal.Tests.Server;

namespace Portal.Tests.Demo;

/// <summary>A day of <c>Portal.Tests/Demo/days.txt</c>.</summary>
/// <param name="Start">As <see cref="PortalTime.Setting"/> has it.</param>
/// <param name="Zone">An IANA name.</param>
internal sealed record DemoDay(string Start, string Zone)
{
    public static IReadOnlyList<DemoDay> All { get; } =
    [
        .. from line in File.ReadLines(Path.Combine(Repository.Root, "Portal.Tests", "Demo", "days.txt"))
           where line.Length > 0 && line[0] != '#'
           select line.Split(' ', StringSplitOptions.RemoveEmptyEntries) into words
           select new DemoDay(words[0], words.ElementAtOrDefault(1) ?? BuildingClock.DefaultZone),
    ];
}
