using System.Data.Common;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Portal.Data;
using Portal.Data.Demo;
using Portal.Data.Identity;
using Portal.Tests.Server;

namespace Portal.Tests.Authority;

/// <summary>
/// A page renders between any two of its awaits. On a fast server the second answer is often there before the first rendering; here each
/// query takes its time, so that what renders half-loaded state is found.
/// </summary>
public sealed partial class SlowDatabaseTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly Dictionary<string, AreaMatrix> Areas = AreaMatrix.All
        .Where(area => area.Entries.OfType<WebEntry>().Any())
        .ToDictionary(area => area.GetType().Name);

    public static TheoryData<string> WebAreas() => [.. Areas.Keys.Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(WebAreas))]
    public async Task Every_page_of_an_area_opens_for_all_whom_it_lets_through(string name)
    {
        var area = Areas[name];
        await using var world = new AuthorityWorld(database);
        await world.BeginAsync(area);
        await using var host = new PortalHost(
            database.ConnectionString,
            services: services => services.ConfigureDbContext<PortalDb>(options => options.AddInterceptors(new Slow())));
        var pages = area.Entries.OfType<WebEntry>().Where(entry => entry.Key.StartsWith("PAGE ", StringComparison.Ordinal)).ToList();
        var wrong = new List<string>();
        foreach (var who in pages.SelectMany(page => page.Allowed).Distinct())
        {
            var visitor = host.NewVisitor();
            if (who != Who.Nobody) await visitor.SignInAsync(AuthorityWorld.Username(who), AuthorityWorld.Password);
            foreach (var page in pages.Where(page => page.Allowed.Contains(who)))
            {
                var answer = await visitor.SendAsync(page.Request());
                if ((int)answer.Status >= 500) wrong.Add($"{page.Key} answered {(int)answer.Status} to {who}: {answer.Text.Trim()}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong));
    }

    /// <summary>With all that a building holds: from each dashboard along every link, two pages of each kind.</summary>
    [Fact]
    public async Task Every_page_that_a_link_leads_to_opens_in_a_building_full_of_people()
    {
        await database.CleanAsync();
        var errors = new LoggedErrors();
        await using var host = new PortalHost(
            database.ConnectionString, log: errors,
            services: services => services.ConfigureDbContext<PortalDb>(options => options.AddInterceptors(new Slow())));
        var hash = host.Services.GetRequiredService<PasswordWork>().HashPassword(new User(), DemoSeed.Password);
        await new DemoSeed(host.Services.GetRequiredService<PortalStore>(), host.Services.GetRequiredService<BuildingClock>())
            .RunAsync(DemoSeed.StandardSize, new Lazy<string>(hash), new Progress<string>(), default);
        var wrong = new List<string>();
        foreach (var (role, account) in DemoSeed.Accounts)
        {
            var visitor = host.NewVisitor();
            await visitor.SignInAsync(account, DemoSeed.Password);
            var opened = await CrawlAsync(visitor, role, errors, wrong);
            Assert.True(opened > 12, $"Only {opened} pages were found for {role}.");
        }

        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong));
    }

    private static async Task<int> CrawlAsync(
        Server.Visitor visitor, string role, LoggedErrors errors, List<string> wrong)
    {
        const int OfEachKind = 2;
        var kinds = new Dictionary<string, int>();
        var waiting = new Queue<string>(["/"]);
        var opened = 0;
        while (waiting.TryDequeue(out var path))
        {
            // What could not be shown on a page that is there is logged, and the page answers 200.
            errors.Said.Clear();
            var answer = await visitor.GetAsync(path);
            opened++;
            if ((int)answer.Status >= 500 || !errors.Said.IsEmpty)
                wrong.Add($"{path} answered {(int)answer.Status} to {role}: {string.Join(" | ", errors.Said)}");
            foreach (var link in answer.Document.QuerySelectorAll("a[href^='/']").Select(a => a.GetAttribute("href")!.Split('#')[0]))
            {
                if (link.StartsWith("/sign-out", StringComparison.Ordinal)) continue;
                // Addresses of one kind differ in their numbers and in what follows the question mark.
                var kind = Number().Replace(link.Split('?')[0], "_");
                if (kinds.TryGetValue(kind, out var seen) && seen >= OfEachKind) continue;
                kinds[kind] = seen + 1;
                waiting.Enqueue(link);
            }
        }

        return opened;
    }

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Number();

    private sealed class Slow : DbConnectionInterceptor
    {
        public override async ValueTask<InterceptionResult> ConnectionOpeningAsync(
            DbConnection connection, ConnectionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
        {
            await Task.Delay(15, CancellationToken.None);
            return result;
        }
    }
}
