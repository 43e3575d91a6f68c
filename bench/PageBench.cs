using System.Diagnostics;
using System.Globalization;
using Portal.Data.Demo;

namespace Portal.Bench;

/// <summary>
/// What each page of the table costs: processor time of the portal and of the database for one request, signed in, eight at once, beside
/// a bare server that sends the smallest statements that show the same (<see cref="RawPages"/>).
/// </summary>
internal static class PageBench
{
    private const int Workers = 8;
    private const int Rounds = 3;
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(3);

    /// <param name="Person">Index into <see cref="DemoSeed.Accounts"/>.</param>
    /// <param name="Goal">Database, milliseconds.</param>
    private sealed record PageLine(string Role, string Path, int Person, double Goal, double PortalGoal);

    private static readonly PageLine[] Pages =
    [
        new("admin", "/", 0, 10, 6),
        new("admin", "/payments", 0, 2.5, 5),
        new("admin", "/pqrs", 0, 2.5, 5),
        new("admin", "/units", 0, 2.5, 5),
        new("admin", "/reservations", 0, 2.5, 5),
        new("owner", "/", 2, 2, 4),
        new("owner", "/book/5", 2, 3, 5),
        new("owner", "/payments", 2, 4, 4),
    ];

    public static async Task RunAsync(TestBed bed)
    {
        using var raw = await PortalProcess.StartRawAsync(bed);
        using var portal = await PortalProcess.StartPortalAsync(bed);
        var people = new Dictionary<int, HttpClient>();
        people[0] = await portal.SignInAsync(DemoSeed.Accounts[0].UserName);
        people[2] = await portal.SignInAsync((await RawPages.OwnerAsync(bed.ConnectionString)).Name);
        var stranger = raw.Client();

        Console.WriteLine();
        Console.WriteLine("CPU in ms for each request: of the portal, of the database for it; of a bare server, of the database for that");
        Console.WriteLine(
            $"{"page",-22} {"portal",8} {"database",9} {"bare",7} {"database",9}   {"pages/s",7}   {"goals",9}  {"kB",5}");
        foreach (var page in Pages)
        {
            var client = people[page.Person];
            var rawPath = $"/{page.Role}{(page.Path == "/" ? "" : page.Path)}";
            var size = await GetAsync(client, page.Path);
            await GetAsync(stranger, rawPath);
            await CostAsync(() => GetAsync(client, page.Path), portal.Id, bed.ServerProcess);
            await CostAsync(() => GetAsync(stranger, rawPath), raw.Id, bed.ServerProcess);
            var (ours, theirs) = (new List<Cost>(), new List<Cost>());
            for (var i = 0; i < Rounds; i++)
            {
                ours.Add(await CostAsync(() => GetAsync(client, page.Path), portal.Id, bed.ServerProcess));
                theirs.Add(await CostAsync(() => GetAsync(stranger, rawPath), raw.Id, bed.ServerProcess));
            }

            var (o, t) = (Cost.Of(ours), Cost.Of(theirs));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{page.Role + " " + page.Path,-22} {o.Web,8:N1} {o.Database,9:N2} {t.Web,7:N1} {t.Database,9:N2}   {o.Rate,7:N0}   {$"{page.PortalGoal} / {page.Goal}",9}  {size / 1000,5:N0}"
            ));
        }
    }

    /// <param name="Web">CPU of the web process for a request, milliseconds.</param>
    /// <param name="Database">CPU of the database for a request, milliseconds.</param>
    /// <param name="Rate">Requests a second.</param>
    private sealed record Cost(int Requests, double Web, double Database, double Rate)
    {
        public static Cost Of(List<Cost> rounds)
        {
            var requests = rounds.Sum(r => r.Requests);
            return new Cost(
                requests, rounds.Sum(r => r.Web * r.Requests) / requests, rounds.Sum(r => r.Database * r.Requests) / requests,
                rounds.Average(r => r.Rate));
        }
    }

    private static async Task<Cost> CostAsync(Func<Task> once, int web, int database)
    {
        var (webBefore, databaseBefore) = (Cpu.MillisecondsOf(web), Cpu.MillisecondsOf(database));
        var clock = Stopwatch.StartNew();
        var counts = await Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => Task.Run(async () =>
        {
            var count = 0;
            while (clock.Elapsed < Round)
            {
                await once();
                count++;
            }

            return count;
        })));
        var requests = counts.Sum();
        return new Cost(
            requests, (Cpu.MillisecondsOf(web) - webBefore) / requests, (Cpu.MillisecondsOf(database) - databaseBefore) / requests,
            requests / clock.Elapsed.TotalSeconds);
    }

    private static async Task<int> GetAsync(HttpClient client, string path)
    {
        using var response = await client.GetAsync(path);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadAsByteArrayAsync()).Length;
    }
}
