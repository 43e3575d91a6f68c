using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Data;
using Portal.Data.Operations;
using Portal.Tests.Server;

namespace Portal.Tests.Authority;

/// <summary>
/// The matrix of who may do what: every service method, page and endpoint × every kind of person, on what is their own and what is
/// another's. Something new without an entry fails here and says what to add.
/// </summary>
public sealed class AuthorityTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly (AreaMatrix Area, Entry Entry, int Number)[] Lines =
    [
        .. AreaMatrix.All.SelectMany(area => area.Entries.Select((entry, number) => (area, entry, number))),
    ];

    public static TheoryData<string, string, int> Methods() => Rows<MethodEntry>();

    public static TheoryData<string> WebAreas() =>
        [.. AreaMatrix.All.Where(area => area.Entries.OfType<WebEntry>().Any()).Select(area => area.GetType().Name)];

    [Fact]
    public void Every_service_method_has_its_line() =>
        Complete(
            Surface.Methods, Lines.Where(l => l.Entry is MethodEntry or OpenEntry).Select(l => l.Entry.Key),
            "Method<TheService>(nameof(TheService.TheMethod), (s, user, world) => Of(s.TheMethod(..., user, default)), allowed...)");

    [Fact]
    public async Task Every_page_and_endpoint_has_its_line()
    {
        await using var host = new PortalHost(database.ConnectionString);
        Complete(
            Surface.Pages.Union(Surface.Endpoints(host.Services)).ToHashSet(),
            Lines.Where(l => l.Entry is WebEntry).Select(l => l.Entry.Key),
            "Page(\"/route\", allowed...) or Endpoint(HttpMethod.Get, \"/pattern\", \"/path\", allowed...)");
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task A_method_lets_through_whom_it_should_and_nobody_else(string area, string key, int number)
    {
        var line = Lines.Single(l => l.Area.GetType().Name == area && l.Number == number);
        var entry = (MethodEntry)line.Entry;
        await using var world = new AuthorityWorld(database);
        await world.BeginAsync(line.Area);
        var wrong = new List<string>();

        // The refused first: they must leave everything as it is, so one world serves them all.
        foreach (var who in Enum.GetValues<Who>().Except(entry.Allowed))
        {
            var before = await LogAsync(world);
            if (Verdict.LetThrough(await entry.Call(world, who))) wrong.Add($"{who} got through {key} and should not");
            if (await LogAsync(world) is var after && after != before)
            {
                wrong.Add($"{who} changed something with {key}");
                await world.BeginAsync(line.Area);
            }
        }

        foreach (var who in entry.Allowed)
        {
            var before = await LogAsync(world);
            if (!Verdict.LetThrough(await entry.Call(world, who))) wrong.Add($"{who} was refused by {key} and should not be");
            if (await LogAsync(world) != before) await world.BeginAsync(line.Area);
        }

        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong));
    }

    [Theory]
    [MemberData(nameof(WebAreas))]
    public async Task The_pages_and_endpoints_of_an_area_let_through_whom_they_should_and_nobody_else(string name)
    {
        var area = AreaMatrix.All.Single(a => a.GetType().Name == name);
        await using var world = new AuthorityWorld(database);
        await world.BeginAsync(area);
        // What a night's job writes meanwhile would be taken for what a page did.
        await using var host = new PortalHost(database.ConnectionString, services: Quiet);
        var wrong = new List<string>();
        foreach (var who in Enum.GetValues<Who>())
        {
            foreach (var entry in area.Entries.OfType<WebEntry>())
            {
                // A visitor of its own each time: one address may end the session of the next.
                var visitor = host.NewVisitor();
                if (who != Who.Nobody) await visitor.SignInAsync(AuthorityWorld.Username(who), AuthorityWorld.Password);
                var before = await LogAsync(world);
                var expected = entry.Allowed.Contains(who);
                if (Verdict.LetThrough((await visitor.SendAsync(entry.Request())).Response) != expected)
                {
                    wrong.Add(
                        expected
                            ? $"{who} was refused at {entry.Key} and should not be"
                            : $"{who} got through to {entry.Key} and should not"
                    );
                }

                if (await LogAsync(world) != before)
                {
                    if (!expected) wrong.Add($"{who} changed something at {entry.Key}");
                    await world.BeginAsync(area);
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong));
    }

    private static void Quiet(IServiceCollection services) =>
        services.Remove(services.Single(s => s.ImplementationType == typeof(DailyWork)));

    private static void Complete(IReadOnlySet<string> there, IEnumerable<string> listed, string example)
    {
        var known = listed.ToHashSet();
        var missing = there.Except(known).Order(StringComparer.Ordinal).ToList();
        var gone = known.Except(there).Order(StringComparer.Ordinal).ToList();
        Assert.True(missing.Count == 0, $"""
            The authority matrix says nothing about these. Add a line for each to the matrix of its area in Portal.Tests/Authority
            ({example}):
            {string.Join(Environment.NewLine, missing)}
            """);
        Assert.True(gone.Count == 0, "The authority matrix has lines for what is no longer there: " + string.Join(", ", gone));
    }

    private static TheoryData<string, string, int> Rows<T>() where T : Entry
    {
        var rows = new TheoryData<string, string, int>();
        foreach (var (area, entry, number) in Lines)
        {
            if (entry is T) rows.Add(area.GetType().Name, entry.Key, number);
        }

        return rows;
    }

    /// <summary>Every change to data leaves a line in the log: its last number says whether there was one.</summary>
    private static async Task<long> LogAsync(AuthorityWorld world)
    {
        await using var db = await world.Store.OpenAsync(CurrentUser.System, default);
        return await db.AuditLog.MaxAsync(e => (long?)e.Id) ?? 0;
    }
}
