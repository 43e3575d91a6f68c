using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Bench;
using Portal.Hosting.DatabaseServer;

// One run on a database server of its own, as durable as in production, with the demo building in it. Each line measures the portal and
// its raw counterpart in turn, on the same data, and prints their ratio: absolute times of a shared machine say little.
//   --apartments 20000    on a large building
//   --only page           one part: provider, booking, calendar, page, pqrs, programmes
//   --folder /tmp/bench   keeps the data there, and begins with what an earlier run left
if (args is [RawPages.Verb, ..])
{
    await RawPages.ServeAsync(Environment.GetEnvironmentVariable("ConnectionStrings__Portal")!);
    return;
}

string? Option(string name) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;
var apartments = Option("--apartments") is { } number
    ? int.Parse(number, CultureInfo.InvariantCulture)
    : Portal.Data.Demo.DemoSeed.StandardSize;
var (only, kept) = (Option("--only"), Option("--folder"));
var folder = kept ?? Directory.CreateTempSubdirectory("portal-bench-").FullName;
try
{
    await using var server = await PrivateServer.StartAsync(
        new PrivateServerOptions { Folder = folder }, NullLogger.Instance, CancellationToken.None);
    await using var bed = await TestBed.PrepareAsync(server.ConnectionString, apartments, server.ProcessId);
    Console.WriteLine($"{apartments} apartments, {Environment.ProcessorCount} processors; rounds in turn, medians");
    Console.WriteLine($"{"what",-44} {"portal/s",10} {"raw/s",10} {"ratio",8}   goal");

    foreach (
        var (name, part) in new (string, Func<TestBed, Task>)[]
        {
            ("provider", ProviderBench.RunAsync),
            ("booking", BookingBench.RunAsync),
            ("calendar", CalendarBench.RunAsync),
            ("page", PageBench.RunAsync),
            ("pqrs", PqrsBench.RunAsync),
            ("programmes", ProgrammeBench.RunAsync),
        }
    )
    {
        if (only is null || only == name) await part(bed);
    }
}
finally
{
    if (kept is null) Directory.Delete(folder, recursive: true);
}
