using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Playwright;
using MySqlConnector;
using Portal.Data.Demo;
using Portal.Tests.Server;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

/// <summary>An administrator makes a key, uses it and revokes it; sets up a webhook and sees its test arrive; reads the document.</summary>
[Collection(BrowserCollection.Name)]
public sealed class ApiJobs(PortalProcess portal)
{
    [Fact]
    public async Task A_key_is_made_shown_once_used_and_revoked()
    {
        await using var session = await portal.SignInAsync("carolina.mejia");
        var page = await session.OpenAsync("/api/keys");
        await OldAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Nueva llave" }).ClickAsync();
        var dialog = page.Locator(".mud-dialog");
        await dialog.GetByLabel("Nombre").FillAsync("Prueba de navegador");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Crear la llave" }).ClickAsync();
        await Expect(dialog).ToContainTextAsync("Elige al menos un alcance");
        Assert.Empty(await Axe.RunAsync(page));
        await dialog.GetByLabel("Ver torres y apartamentos").CheckAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Crear la llave" }).ClickAsync();

        // Asked again who it is, and nothing that was chosen is lost.
        var proof = page.Locator(".mud-dialog", new() { HasText = "Confirma que eres tú" });
        await proof.Locator("input[type=password]").FillAsync(DemoSeed.Password);
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".secret")).ToBeVisibleAsync();
        var secret = (await page.Locator(".secret").InnerTextAsync()).Trim();
        Assert.Matches("^vhp_[A-Za-z0-9_-]{43}$", secret);
        Assert.Empty(await Axe.RunAsync(page));
        await dialog.GetByText("Cerrar", new() { Exact = true }).ClickAsync();
        await Expect(page.Locator(".mud-dialog")).ToHaveCountAsync(0);
        Assert.DoesNotContain(secret, await page.ContentAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await AskAsync(secret, "towers"));
        Assert.Equal(HttpStatusCode.Forbidden, await AskAsync(secret, "payments"));

        await page.ReloadAsync();
        await page.Locator("[data-live]").WaitForAsync(new() { State = WaitForSelectorState.Attached });
        var row = page.GetByRole(AriaRole.Row, new() { NameRegex = new Regex("Prueba de navegador") });
        await Expect(row).ToContainTextAsync("127.0.0.1");
        await row.GetByRole(AriaRole.Button).Last.ClickAsync();
        await page.GetByText("Revocar", new() { Exact = true }).First.ClickAsync();
        await page.Locator(".mud-dialog").GetByRole(AriaRole.Button, new() { Name = "Revocar", Exact = true }).ClickAsync();
        await Expect(row).ToContainTextAsync("revocada");
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(secret, "towers"));
    }

    [Fact]
    public async Task A_webhook_is_set_up_and_its_test_arrives_on_a_phone()
    {
        var arrived = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var receiver = builder.Build();
        receiver.Run(async http =>
        {
            arrived.TrySetResult(http.Request.Headers["webhook-signature"].ToString());
            await http.Response.WriteAsync("gracias");
        });
        await receiver.StartAsync();

        await using var session = await portal.SignInAsync("carolina.mejia", phone: true);
        var page = await session.OpenAsync("/api/webhooks");
        await FreshAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Nuevo webhook" }).ClickAsync();
        var dialog = page.Locator(".mud-dialog");
        await dialog.GetByLabel("Nombre").FillAsync("Receptor de prueba");
        await dialog.GetByLabel("Dirección").FillAsync("http://example.com/in");
        await dialog.GetByLabel("Pago confirmado").CheckAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Crear el webhook" }).ClickAsync();
        await Expect(dialog).ToContainTextAsync("Tiene que ser una dirección https");
        await dialog.GetByLabel("Dirección").FillAsync(receiver.Urls.Single() + "/in");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Crear el webhook" }).ClickAsync();
        await Expect(page.Locator(".secret")).ToContainTextAsync("whsec_");
        Assert.Empty(await Axe.RunAsync(page));
        await dialog.GetByText("Cerrar", new() { Exact = true }).ClickAsync();
        await page.ArriveAsync(new Regex("/api/webhooks/\\d+$"));
        await page.GetByRole(AriaRole.Button, new() { Name = "Enviar prueba" }).ClickAsync();
        Assert.StartsWith("v1,", await arrived.Task.WaitAsync(TimeSpan.FromSeconds(30)), StringComparison.Ordinal);

        // The page hears of it by itself.
        await Expect(page.Locator("section.list")).ToContainTextAsync("entregado");
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"));
        Assert.Empty(await Axe.RunAsync(page));
    }

    /// <summary>Scalar lives under the portal's own policy: nothing is refused to it, and it asks nobody else for anything.</summary>
    [Fact]
    public async Task The_document_is_shown_under_the_portals_policy()
    {
        await using var session = await portal.SignInAsync("carolina.mejia");
        List<string> wrong = [];
        session.Page.Console += (_, said) =>
        {
            if (said.Text.Contains("Content Security Policy", StringComparison.Ordinal)) wrong.Add(said.Text);
        };
        session.Page.PageError += (_, error) => wrong.Add(error);
        session.Page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(portal.Address, StringComparison.Ordinal) && request.Url.StartsWith("http", StringComparison.Ordinal)) wrong.Add(request.Url);
        };
        await session.Page.GotoAsync("/api/docs");
        await Expect(session.Page.GetByText("The towers, by name").First).ToBeAttachedAsync(new() { Timeout = 30_000 });
        await Expect(session.Page.GetByRole(AriaRole.Heading, new() { Name = "Vallhalla Portal" }).First).ToBeVisibleAsync();
        Assert.Empty(wrong);
    }

    private async Task<HttpStatusCode> AskAsync(string secret, string what)
    {
        using var client = new HttpClient { BaseAddress = new Uri(portal.Address) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        return (await client.GetAsync("/api/v1/" + what)).StatusCode;
    }

    private Task OldAsync() => ProvedAsync("'2020-01-01'");

    private Task FreshAsync() => ProvedAsync($"'{TestDay.Time.GetUtcNow():yyyy-MM-dd HH:mm:ss}'");

    private async Task ProvedAsync(string at)
    {
        await using var connection = new MySqlConnection(portal.ConnectionString);
        await connection.OpenAsync();
        await using var command = new MySqlCommand(
            $"UPDATE sessions SET proved_at = {at} WHERE user_id = (SELECT id FROM users WHERE username = 'carolina.mejia')", connection);
        await command.ExecuteNonQueryAsync();
    }
}
