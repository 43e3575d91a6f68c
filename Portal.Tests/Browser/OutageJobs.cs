using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Portal.Data.Access;
using Portal.Tests.Facilities;
using Portal.Tests.Faults;
using Portal.Tests.Identity;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

/// <summary>Forms and pages that are open while the database server is closed to changes, filled, frozen and killed.</summary>
[Trait("Day", "any")]
[Collection(BrowserCollection.Name)]
public sealed partial class OutageJobs(PortalProcess browsers)
{
    private const string Title = "Gotera en el pasillo";

    // Longer than what a page of the table space holds besides: it needs room.
    private static readonly string Description = string.Concat(Enumerable.Repeat("Cae agua junto al ascensor. ", 350)).Trim();

    [Fact]
    public async Task A_form_keeps_every_letter_through_every_outage_and_is_saved_once_and_open_pages_return_by_themselves()
    {
        await using var server = await FaultyServer.StartedAsync(small: true);
        await using (var world = new FacilityWorld(server.ConnectionString)) await world.OwnerAsync();
        await using (var world = new IdentityWorld(server.ConnectionString)) await world.AddAsync("first", Roles.Admin);
        await server.ExecuteAsync(
            "UPDATE portal.users AS o JOIN portal.users AS f ON f.username = 'first' SET o.password = f.password WHERE o.username = 'owner1'");
        var folder = Directory.CreateTempSubdirectory("portal-outage-").FullName;
        await using var portal = await Faults.PortalProcess.StartAsync(
            folder, server.ConnectionString + ";Connection Timeout=3",
            new Dictionary<string, string> { ["Identity__BcryptCost"] = "5", ["Clock__Start"] = "" });
        await portal.ReadyAsync();
        await using var session = await browsers.SignInAsync(null, at: portal.Address);
        var page = session.Page;
        await page.GotoAsync("/sign-in");
        await page.Locator("input[autocomplete=username]").FillAsync("owner1");
        await page.Locator("input[type=password]").FillAsync(IdentityWorld.Password);
        await page.Locator("main button[type=submit]").First.ClickAsync();
        await page.ArriveAsync(url => !url.Contains("/sign-in", StringComparison.Ordinal));
        var list = await page.Context.NewPageAsync();
        await list.GotoAsync("/pqrs");
        await session.OpenAsync("/pqrs/new");
        await page.Locator("label.kind").First.ClickAsync();
        await page.Locator("main select").First.SelectOptionAsync(new SelectOptionValue { Index = 2 });
        await page.Locator("main input[maxlength='200']").FillAsync(Title);
        await page.Locator("main textarea").FillAsync(Description);

        await server.SetReadOnlyAsync(true);
        await RefusedAsync("mantenimiento");
        await server.SetReadOnlyAsync(false);
        await Expect(page.Locator(".outage p")).ToHaveCountAsync(0);

        await server.FillAsync();
        await RefusedAsync("no le queda espacio");
        await server.MakeRoomAsync();
        Assert.Equal(0, await CountAsync());

        await server.FreezeAsync();
        await RefusedAsync("no hay conexión");
        await Expect(list.Locator(".outage p")).ToContainTextAsync("sigue sola en cuanto vuelva");
        await server.ThawAsync();
        await Expect(page.Locator(".outage p")).ToHaveCountAsync(0);

        await server.KillAsync();
        await RefusedAsync("no hay conexión");

        // A page that had nothing to show yet: through a link in its circuit, and asked for anew.
        await list.Locator("a[href='/pqrs/new']").First.ClickAsync();
        await Expect(list.Locator("main .empty-bad")).ToContainTextAsync("No hay conexión con los datos del conjunto");
        var account = await page.Context.NewPageAsync();
        Assert.Equal(503, (await account.GotoAsync("/account"))!.Status);
        await server.StartAsync();
        await Expect(list.Locator("main form")).ToBeVisibleAsync();
        await Expect(account.Locator("h1")).ToHaveTextAsync("Mis datos");
        await Expect(page.Locator(".outage p")).ToHaveCountAsync(0);

        await page.Locator("main button[type=submit]").ClickAsync();
        await Expect(page).ToHaveURLAsync(CasePage());
        await Expect(page.Locator("main")).ToContainTextAsync(Title);
        Assert.Equal(1, await CountAsync());
        Assert.Equal(0, await portal.StopAsync());
        Directory.Delete(folder, recursive: true);

        async Task RefusedAsync(string why)
        {
            await page.Locator("main button[type=submit]").ClickAsync();
            await Expect(page.Locator("main .summary")).ToContainTextAsync(why, new() { Timeout = 60_000 });
            await Expect(page.Locator("main .summary")).ToContainTextAsync("Lo que escribiste sigue aquí");
            await Expect(page.Locator("main input[maxlength='200']")).ToHaveValueAsync(Title);
            await Expect(page.Locator("main textarea")).ToHaveValueAsync(Description);
            await Expect(page.Locator("#blazor-error-ui")).ToBeHiddenAsync();
        }

        Task<long> CountAsync() => server.CountAsync("SELECT COUNT(*) FROM portal.pqrs");
    }

    [GeneratedRegex("/pqrs/[0-9]+$")]
    private static partial Regex CasePage();
}
