using System.Text.RegularExpressions;
using Microsoft.Playwright;
using MySqlConnector;
using Portal.Data.Demo;
using Portal.Data.Identity;
using Portal.Tests.Server;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

/// <summary>An administrator sets two steps up, loses nothing, and is asked again before what is dangerous.</summary>
[Trait("Day", "any")]
[Collection(BrowserCollection.Name)]
public sealed class TwoStepJobs(PortalProcess portal)
{
    private const string Name = "dos.pasos";

    [Fact]
    public async Task From_setting_it_up_on_the_phone_to_changing_a_role_with_a_code()
    {
        await CopyAsync();
        await using var phone = await portal.SignInAsync(null, phone: true);
        var page = phone.Page;
        await PasswordAsync(page);
        await page.ArriveAsync(url => !url.Contains("/sign-in", StringComparison.Ordinal));

        // Set up; the proof is made old first, so that the dialog asks and nothing is lost.
        page = await phone.OpenAsync("/account/security");
        await Expect(page.GetByText("Solo te protege una contraseña")).ToBeVisibleAsync();
        Assert.Empty(await Axe.RunAsync(page));
        await OldAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Activar dos pasos" }).ClickAsync();
        await ProveAsync(page, code: null);
        var secret = (await page.Locator(".set-up-secret").InnerTextAsync()).Replace(" ", "", StringComparison.Ordinal);
        await Expect(page.Locator(".set-up-qr svg")).ToBeVisibleAsync();
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"));
        Assert.Empty(await Axe.RunAsync(page));
        var form = page.Locator("#two-step-form");
        await form.Locator("input[autocomplete=one-time-code]").FillAsync("000000");
        await form.Locator("button[type=submit]").ClickAsync();
        await Expect(form.GetByRole(AriaRole.Alert)).ToContainTextAsync("Ese código no es");
        await form.Locator("input[autocomplete=one-time-code]").FillAsync(Code(secret));
        await form.Locator("button[type=submit]").ClickAsync();
        await Expect(page.Locator(".codes li")).ToHaveCountAsync(10);
        var codes = await page.Locator(".codes li").AllInnerTextsAsync();
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"));
        Assert.Empty(await Axe.RunAsync(page));
        await page.GetByRole(AriaRole.Button, new() { Name = "Ya los guardé" }).ClickAsync();
        await Expect(page.Locator("#two-step")).ToContainTextAsync("10 de 10 sin usar");
        Assert.Empty(await Axe.RunAsync(page));

        // In with a recovery code, by keyboard, in English at a desk.
        await using (var desk = await portal.SignInAsync(null, language: "en-US"))
        {
            await PasswordAsync(desk.Page);
            await desk.Page.ArriveAsync(new Regex("/sign-in/code"));
            Assert.Empty(await Axe.RunAsync(desk.Page));
            await desk.Page.GetByRole(AriaRole.Link, new() { Name = "Use a recovery code" }).ClickAsync();
            await desk.Page.ArriveAsync(new Regex("recovery=true"));
            await desk.Page.Locator("input.code, .code input").First.FillAsync(codes[0]);
            await desk.Page.Keyboard.PressAsync("Enter");
            await desk.Page.ArriveAsync(url => !url.Contains("/sign-in", StringComparison.Ordinal));
        }

        // In with a code, then a right of a role: the code in the dialog is the next one, for each opens once.
        await using var office = await portal.SignInAsync(null);
        await PasswordAsync(office.Page);
        await office.Page.ArriveAsync(new Regex("/sign-in/code"));
        var used = await NextCodeAsync(secret, "");
        await office.Page.Locator("input.code, .code input").First.FillAsync(used);
        await office.Page.Keyboard.PressAsync("Enter");
        await office.Page.ArriveAsync(url => !url.Contains("/sign-in", StringComparison.Ordinal));
        var roles = await office.OpenAsync("/roles");
        var right = roles.GetByLabel("Residente: Leer avisos", new() { Exact = true });
        var before = await right.IsCheckedAsync();
        await OldAsync();
        await right.ClickAsync();
        await ProveAsync(roles, codes[1]);
        await Expect(right).ToBeCheckedAsync(new() { Checked = !before });
        await right.ClickAsync();
        await Expect(right).ToBeCheckedAsync(new() { Checked = before });
        Assert.Empty(await Axe.RunAsync(roles));
    }

    private static async Task ProveAsync(IPage page, string? code)
    {
        var dialog = page.Locator(".mud-dialog");
        await Expect(dialog).ToContainTextAsync("Confirma que eres tú");
        Assert.Empty(await Axe.RunAsync(page));
        await dialog.Locator("input[type=password]").FillAsync(DemoSeed.Password);
        if (code is not null) await dialog.Locator("input[autocomplete=one-time-code]").FillAsync(code);
        await page.Keyboard.PressAsync("Enter");
        await Expect(dialog).ToHaveCountAsync(0);
    }

    private static async Task PasswordAsync(IPage page)
    {
        await page.GotoAsync("/sign-in");
        await page.Locator("input[autocomplete=username]").FillAsync(Name);
        await page.Locator("input[type=password]").FillAsync(DemoSeed.Password);
        await page.Locator("main button[type=submit]").First.ClickAsync();
    }

    private static string Code(string secret) => TimeCodes.At(secret, TestDay.Time.GetUtcNow().UtcDateTime);

    /// <summary>A code of an interval later than the one it was set up with.</summary>
    private static async Task<string> NextCodeAsync(string secret, string used)
    {
        await Task.Delay(TimeSpan.FromSeconds(31));
        return Code(secret) is var code && code != used ? code : await NextCodeAsync(secret, used);
    }

    private Task OldAsync() => RunAsync(
        $"""
        UPDATE sessions SET proved_at = '2020-01-01' WHERE user_id = (SELECT id FROM users WHERE username = '{Name}')
        """);

    private Task CopyAsync() => RunAsync(
        $"""
        INSERT INTO users (username, normalized_username, password, user_status_id, role_id, security_stamp)
        SELECT '{Name}', UPPER('{Name}'), password, user_status_id, role_id, 'one of its own' FROM users WHERE username = 'carolina.mejia';
        INSERT INTO profile (user_id, first_name, last_name) SELECT id, 'Dos', 'Pasos' FROM users WHERE username = '{Name}'
        """);

    private async Task RunAsync(string sql)
    {
        await using var connection = new MySqlConnection(portal.ConnectionString);
        await connection.OpenAsync();
        await using var command = new MySqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
