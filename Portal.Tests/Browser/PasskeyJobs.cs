using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using MySqlConnector;
using Portal.Data.Demo;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

/// <summary>
/// A passkey from the first press to the last, with the authenticator that Chromium brings for tests (CTAP2, within the device, resident
/// keys, the person verified). At <c>localhost</c>: for a number there are no passkeys.
/// </summary>
[Trait("Day", "any")]
[Collection(BrowserCollection.Name)]
public sealed class PasskeyJobs(PortalProcess portal)
{
    private const string Name = "con.llave";

    private string Address => portal.Address.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);

    [Fact]
    public async Task From_making_one_to_signing_in_without_typing_and_taking_it_away()
    {
        await CopyAsync();
        await using var home = await portal.SignInAsync(null, phone: true, at: Address);
        var page = home.Page;
        var errors = new List<string>();
        page.PageError += (_, error) => errors.Add(error);
        await using var device = await VirtualAuthenticator.AddAsync(page);

        // Made under Security; the proof is old, so that the dialog asks first.
        await page.GotoAsync("/sign-in");
        await page.Locator("input[autocomplete='username webauthn']").FillAsync(Name);
        await page.Locator("input[type=password]").FillAsync(DemoSeed.Password);
        await page.Locator("main button[type=submit]").First.ClickAsync();
        await page.ArriveAsync(url => !url.Contains("/sign-in", StringComparison.Ordinal));
        page = await home.OpenAsync("/account/security");
        var card = page.Locator("#passkeys");
        await OldAsync();
        await card.GetByRole(AriaRole.Button, new() { Name = "Agregar una llave" }).ClickAsync();
        var dialog = page.Locator(".mud-dialog");
        await Expect(dialog).ToContainTextAsync("Confirma que eres tú");
        await Expect(dialog.GetByRole(AriaRole.Button, new() { Name = "Usar una llave de acceso" })).ToHaveCountAsync(0);
        await dialog.Locator("input[type=password]").FillAsync(DemoSeed.Password);
        await page.Keyboard.PressAsync("Enter");
        await Expect(card.Locator(".codes li")).ToHaveCountAsync(10);
        Assert.Empty(await Axe.RunAsync(page));
        await card.GetByRole(AriaRole.Button, new() { Name = "Ya los guardé" }).ClickAsync();
        await Expect(card.Locator(".passkeys li")).ToHaveCountAsync(1);
        Assert.Equal(1, await device.CountAsync());
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"));
        Assert.Empty(await Axe.RunAsync(page));

        // The same device does not take a second one.
        await card.GetByRole(AriaRole.Button, new() { Name = "Agregar una llave" }).ClickAsync();
        await Expect(card.GetByRole(AriaRole.Alert)).ToContainTextAsync("ya tiene una llave de tu cuenta");

        await card.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Cambiar nombre") }).ClickAsync();
        await card.GetByLabel("Nombre de la llave").FillAsync("Mi teléfono");
        Assert.Empty(await Axe.RunAsync(page));
        await page.Keyboard.PressAsync("Enter");
        await Expect(card.Locator(".passkeys li")).ToContainTextAsync("Mi teléfono");

        // Out, and in again without a press: the browser offers it by itself, and Chromium's takes what is offered.
        await LeaveAsync(page);
        await page.ArriveAsync(url => !url.Contains("/sign-", StringComparison.Ordinal));

        // From here on a browser that offers nothing by itself. By the button; who closes the question hears it in words.
        await page.AddInitScriptAsync("PublicKeyCredential.isConditionalMediationAvailable = async () => false");
        await LeaveAsync(page);
        await page.GotoAsync("/sign-in");
        var use = page.GetByRole(AriaRole.Button, new() { Name = "Usar una llave de acceso" });
        await Expect(use).ToBeVisibleAsync();
        Assert.Empty(await Axe.RunAsync(page));
        await device.VerifyAsync(false);
        await use.ClickAsync();
        await Expect(page.Locator("[data-passkey-told]")).ToContainTextAsync("No se usó ninguna llave");
        await device.VerifyAsync(true);
        await use.ClickAsync();
        await page.ArriveAsync(url => !url.Contains("/sign-in", StringComparison.Ordinal));

        // After the password it is asked for as the second step.
        await LeaveAsync(page);
        await page.GotoAsync("/sign-in");
        await page.Locator("input[autocomplete='username webauthn']").FillAsync(Name);
        await page.Locator("input[type=password]").FillAsync(DemoSeed.Password);
        await page.Locator("main button[type=submit]").First.ClickAsync();
        await page.ArriveAsync(new Regex("/sign-in/code"));
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Usa tu llave de acceso");
        Assert.Empty(await Axe.RunAsync(page));
        await page.GetByRole(AriaRole.Button, new() { Name = "Usar una llave de acceso" }).ClickAsync();
        await page.ArriveAsync(url => !url.Contains("/sign-in", StringComparison.Ordinal));

        // A proof with it, on the page that leads back, and in the dialog before it is taken away.
        await OldAsync();
        await page.GotoAsync("/account/confirm?return=%2Faccount%2Fsecurity");
        Assert.Empty(await Axe.RunAsync(page));
        await page.GetByRole(AriaRole.Button, new() { Name = "Usar una llave de acceso" }).ClickAsync();
        await page.ArriveAsync(new Regex("/account/security"));
        page = await home.OpenAsync("/account/security");
        await OldAsync();
        await page.Locator("#passkeys").GetByRole(AriaRole.Button, new() { Name = "Quitar la llave Mi teléfono" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Quitar llave", Exact = true }).ClickAsync();
        dialog = page.Locator(".mud-dialog");
        await Expect(dialog).ToContainTextAsync("Confirma que eres tú");
        Assert.Empty(await Axe.RunAsync(page));
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Usar una llave de acceso" }).ClickAsync();
        await Expect(page.Locator("#passkeys .passkeys li")).ToHaveCountAsync(0);

        // What the device still has opens nothing any more.
        await LeaveAsync(page);
        await page.GotoAsync("/sign-in");
        await page.GetByRole(AriaRole.Button, new() { Name = "Usar una llave de acceso" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Esa llave no sirve aquí");
        Assert.Empty(errors);
    }

    [Fact]
    public async Task Where_a_browser_knows_no_passkeys_nothing_is_offered_and_nothing_breaks()
    {
        await using var old = await portal.SignInAsync(null, at: Address);
        var errors = new List<string>();
        old.Page.PageError += (_, error) => errors.Add(error);
        await old.Page.AddInitScriptAsync("delete window.PublicKeyCredential");
        await old.Page.GotoAsync("/sign-in", new() { WaitUntil = WaitUntilState.Load });
        await Expect(old.Page.Locator("form[data-passkey]")).ToHaveCountAsync(1);
        await Expect(old.Page.GetByRole(AriaRole.Button, new() { Name = "Usar una llave de acceso" })).ToBeHiddenAsync();
        await old.Page.Locator("input[type=password]").FillAsync("x");
        Assert.Empty(errors);
    }

    /// <summary>Lands at the door, where the browser may take what it has at once.</summary>
    private static async Task LeaveAsync(IPage page)
    {
        await page.GotoAsync("/sign-out");
        await page.RunAndWaitForResponseAsync(
            () => page.Locator("form[action='/sign-out'] button").First.ClickAsync(),
            response => response.Url.EndsWith("/sign-out", StringComparison.Ordinal) && response.Request.Method == "POST");
    }

    private Task OldAsync() => RunAsync(
        $"UPDATE sessions SET proved_at = '2020-01-01' WHERE user_id = (SELECT id FROM users WHERE username = '{Name}')");

    private Task CopyAsync() => RunAsync(
        $"""
        INSERT INTO users (username, normalized_username, password, user_status_id, role_id, security_stamp)
        SELECT '{Name}', UPPER('{Name}'), password, user_status_id, role_id, 'its own too' FROM users WHERE username = 'carolina.mejia';
        INSERT INTO profile (user_id, first_name, last_name) SELECT id, 'Con', 'Llave' FROM users WHERE username = '{Name}'
        """);

    private async Task RunAsync(string sql)
    {
        await using var connection = new MySqlConnection(portal.ConnectionString);
        await connection.OpenAsync();
        await using var command = new MySqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Chromium's own, over the protocol of its developer tools (WebAuthn domain).</summary>
    private sealed class VirtualAuthenticator(ICDPSession session, string id) : IAsyncDisposable
    {
        public static async Task<VirtualAuthenticator> AddAsync(IPage page)
        {
            var session = await page.Context.NewCDPSessionAsync(page);
            await session.SendAsync("WebAuthn.enable");
            var added = await session.SendAsync("WebAuthn.addVirtualAuthenticator", new Dictionary<string, object>
            {
                ["options"] = new
                {
                    protocol = "ctap2", transport = "internal", hasResidentKey = true, hasUserVerification = true, isUserVerified = true,
                    automaticPresenceSimulation = true,
                },
            });
            return new VirtualAuthenticator(session, added!.Value.GetProperty("authenticatorId").GetString()!);
        }

        /// <summary>Whether the finger is the right one.</summary>
        public Task VerifyAsync(bool isUserVerified) => session.SendAsync(
            "WebAuthn.setUserVerified", new Dictionary<string, object> { ["authenticatorId"] = id, ["isUserVerified"] = isUserVerified });

        public async Task<int> CountAsync()
        {
            JsonElement? found = await session.SendAsync(
                "WebAuthn.getCredentials", new Dictionary<string, object> { ["authenticatorId"] = id });
            return found!.Value.GetProperty("credentials").GetArrayLength();
        }

        public async ValueTask DisposeAsync() => await session.DetachAsync();
    }
}
