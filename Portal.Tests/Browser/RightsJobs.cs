using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

/// <summary>A right that is taken away takes its buttons from pages that are open.</summary>
[Trait("Day", "any")]
[Collection(BrowserCollection.Name)]
public sealed class RightsJobs(PortalProcess portal)
{
    [Fact]
    public async Task A_right_taken_away_takes_its_button_and_says_so()
    {
        await using var staff = await portal.SignInAsync("daniela.torres");
        await using var admin = await portal.SignInAsync("carolina.mejia");
        var page = await staff.OpenAsync("/notices");
        var button = page.Locator("[data-key=N]");
        await Expect(button).ToBeVisibleAsync();
        var roles = await admin.OpenAsync("/roles");
        var right = roles.GetByLabel("Oficina: Publicar avisos", new() { Exact = true });
        try
        {
            await right.ClickAsync();
            await Expect(page.Locator(".mud-snackbar")).ToContainTextAsync("Tus permisos cambiaron");
            await Expect(button).ToHaveCountAsync(0);
        }
        finally
        {
            if (!await right.IsCheckedAsync()) await right.ClickAsync();
            await Expect(right).ToBeCheckedAsync();
        }
    }
}
