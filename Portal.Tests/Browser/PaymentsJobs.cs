using System.Globalization;
using Microsoft.Playwright;
using MySqlConnector;
using Portal.Tests.Documents;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

/// <summary>What people do with payments, in a browser, on the demo building.</summary>
[Collection(BrowserCollection.Name)]
public sealed class PaymentsJobs(PortalProcess portal)
{
    [Fact]
    public async Task The_office_records_a_payment_and_downloads_its_receipt()
    {
        await using var session = await portal.SignInAsync("carolina.mejia");
        var page = await session.OpenAsync("/payments/new");

        // Everything forgotten: said at the fields, nothing saved.
        await page.Locator("form .form-acts button").ClickAsync();
        await Expect(page.Locator(".summary")).ToContainTextAsync("Elige el apartamento.");
        await Expect(page.Locator(".summary li")).ToHaveCountAsync(3);

        await page.Locator(".pick input").FillAsync("c 803");
        await page.Locator(".pick-list [role=option]", new() { HasText = "C 803" }).ClickAsync();
        await Expect(page.Locator(".pick-chosen")).ToContainTextAsync("C 803");
        await Expect(page.Locator("#f-payerid")).ToContainTextAsync("Camilo Ospina");
        await page.Locator("#f-amount").PressSequentiallyAsync("612000");
        // All of it goes to what is owed, or what is left over stands as credit: that depends on the day of the month.
        var left = 612_000 - await OwedAsync("C", "803");
        await Expect(page.Locator(".applied").First).ToContainTextAsync(left > 0 ? Money(left) : "612.000");
        await page.Locator("#f-methodid").SelectOptionAsync("2");
        await page.Locator("#f-reference").FillAsync(new string('9', 55));
        await page.Locator("form .form-acts button").ClickAsync();
        await Expect(page.Locator("#f-reference-error")).ToContainTextAsync("50");

        // A refusal loses nothing that was typed.
        await Expect(page.Locator("#f-amount")).ToHaveValueAsync("$ 612.000");
        await page.Locator("#f-reference").FillAsync("7001 22");
        await page.Locator("form .form-acts button").ClickAsync();
        await Expect(page.GetByText("Pago registrado").First).ToBeVisibleAsync();

        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByText("Descargar recibo").ClickAsync());
        Assert.Matches(@"^RC-\d{4}-\d{6}\.pdf$", download.SuggestedFilename);
        var text = Pdf.Text(await File.ReadAllBytesAsync((await download.PathAsync())!));
        Assert.Contains("$ 612.000", text, StringComparison.Ordinal);
        Assert.Contains("Camilo Ospina", text, StringComparison.Ordinal);
        Assert.Contains("7001 22", text, StringComparison.Ordinal);

        // Whoever holds the paper can check it, without an account.
        var code = await TextAsync(
            $"SELECT verification_code FROM payments WHERE receipt_number = '{Path.GetFileNameWithoutExtension(download.SuggestedFilename)}'"
        );
        await using var stranger = await portal.SignInAsync(null, phone: true);
        await stranger.Page.GotoAsync("/v");
        await stranger.Page.Locator("input[name=code]").FillAsync(code.ToLowerInvariant());
        await stranger.Page.GetByRole(AriaRole.Button, new() { Name = "Verificar" }).ClickAsync();
        await Expect(stranger.Page.GetByText("Recibo auténtico y vigente")).ToBeVisibleAsync();
        await Expect(stranger.Page.Locator("main")).Not.ToContainTextAsync("Ospina");
    }

    [Fact]
    public async Task Staff_confirms_a_pending_payment_and_a_list_open_elsewhere_shows_it()
    {
        await using var staff = await portal.SignInAsync("daniela.torres");
        await using var admin = await portal.SignInAsync("carolina.mejia");
        var list = await staff.OpenAsync("/payments?q=0093+118");
        var other = await admin.OpenAsync("/payments?q=0093+118");
        var there = other.Locator("tbody tr", new() { HasText = "A 302" });
        await Expect(there).ToContainTextAsync("Pendiente");

        await list.Locator("tbody tr", new() { HasText = "A 302" })
            .GetByRole(AriaRole.Button, new() { NameRegex = new("^Confirmar el pago de .+, A 302, \\$") })
            .ClickAsync();
        await Expect(list.Locator(".mud-snackbar")).ToContainTextAsync("Se confirma el pago de");
        await Expect(there).ToContainTextAsync("Pendiente");

        var row = list.Locator("tbody tr", new() { HasText = "A 302" });
        await Expect(row).ToContainTextAsync("Confirmado");
        await Expect(row).ToContainTextAsync("RC-");
        await Expect(there).ToContainTextAsync("Confirmado");

        // Voiding money is not for staff.
        await row.Locator(".rowdots").ClickAsync();
        var menu = list.GetByRole(AriaRole.Menu);
        await Expect(menu).ToContainTextAsync("Recibo en PDF");
        await Expect(menu).Not.ToContainTextAsync("Anular");

        // By keys: the first line has the focus, arrows go round, Esc gives it back to the dots.
        await Expect(menu.GetByRole(AriaRole.Menuitem).First).ToBeFocusedAsync();
        await list.Keyboard.PressAsync("ArrowUp");
        await Expect(menu.GetByRole(AriaRole.Menuitem).Last).ToBeFocusedAsync();
        await list.Keyboard.PressAsync("Escape");
        await Expect(menu).ToBeHiddenAsync();
        await Expect(row.Locator(".rowdots")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task An_owner_sees_what_they_owe_and_paid_and_nothing_of_others()
    {
        await using var andrea = await portal.SignInAsync("andrea.ruiz", phone: true);
        var page = await andrea.OpenAsync("/payments");

        await Expect(page.Locator(".owes")).ToContainTextAsync("Debes hoy");
        await Expect(page.Locator(".owes")).ToContainTextAsync(Money(await OwedAsync("B", "1204")));
        await Expect(page.Locator("tbody tr").First).ToContainTextAsync("Pendiente");
        Assert.Equal(390, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));

        var foreign = await TextAsync(
            "SELECT MAX(p.id) FROM payments AS p JOIN apartments AS a ON a.id = p.apartment_id WHERE a.apartment_number <> '1204' AND p.receipt_number IS NOT NULL"
        );
        var apartment = await TextAsync("SELECT MIN(id) FROM apartments WHERE apartment_number = '302'");
        foreach (var path in new[] { $"/payments/{foreign}", $"/payments/{foreign}/receipt.pdf", $"/account/{apartment}/statement.pdf" })
        {
            Assert.Equal(404, (await page.GotoAsync(path))!.Status);
        }

        Assert.Equal(403, (await page.GotoAsync("/payments/new"))!.Status);
    }

    [Fact]
    public async Task An_owner_reports_a_payment_that_waits_for_the_office()
    {
        await using var andrea = await portal.SignInAsync("andrea.ruiz", phone: true, language: "en-US");
        var page = await andrea.OpenAsync("/payments/report");
        await page.Locator("#f-amount").FillAsync("32.016");
        await page.Locator("#f-methodid").SelectOptionAsync("6");
        await page.Locator("form .form-acts button").ClickAsync();
        await Expect(page.Locator("#f-reference-error")).ToContainTextAsync("Type the reference");

        await page.Locator("#f-reference").FillAsync("8850 0001");
        await page.Locator("form .form-acts button").ClickAsync();

        await Expect(page.GetByText("Payment reported").First).ToBeVisibleAsync();
        Assert.Equal("2", await TextAsync("SELECT status_id FROM payments WHERE reference_number = '8850 0001' AND amount = 32016"));
    }

    [Fact]
    public async Task An_owner_pays_over_the_gateway_on_a_phone_and_holds_the_receipt()
    {
        await using var andrea = await portal.SignInAsync("andrea.ruiz", phone: true);
        var page = await andrea.OpenAsync("/payments/pay");
        await page.GetByText("Otro valor").ClickAsync();
        await page.Locator("#f-amount").FillAsync("32.017");
        await page.GetByRole(AriaRole.Button, new() { Name = "Ir a pagar" }).ClickAsync();
        await page.ArriveAsync(url => url.Contains("/sandbox/pay/", StringComparison.Ordinal));
        await Expect(page.Locator("main")).ToContainTextAsync("$ 32.017");

        // The bank thinks about it: nobody is asked to pay twice.
        await page.GetByRole(AriaRole.Button, new() { Name = "Dejar pendiente en el banco" }).ClickAsync();
        await page.ArriveAsync(url => url.Contains("/payments/online/", StringComparison.Ordinal));
        await Expect(page.Locator(".told")).ToContainTextAsync("Esperando al banco");
        var status = page.Url;
        await andrea.OpenAsync("/payments");
        await Expect(page.Locator("main")).ToContainTextAsync("Tu banco aún no confirma $ 32.017");

        // It says yes while the page is open, without anybody asking.
        var gateway = await TextAsync("SELECT provider_id FROM online_payments WHERE amount = 32017");
        await andrea.OpenAsync(new Uri(status).AbsolutePath);
        await using var bank = await portal.SignInAsync(null);
        await bank.Page.GotoAsync($"/sandbox/pay/{gateway}");
        await bank.Page.GetByRole(AriaRole.Button, new() { Name = "Aprobar y avisar dos veces" }).ClickAsync();
        await Expect(page.Locator(".told")).ToContainTextAsync("Pagado");
        await page.GetByRole(AriaRole.Link, new() { NameRegex = new("Ver recibo RC-") }).ClickAsync();
        await Expect(page.Locator("main")).ToContainTextAsync("$ 32.017");
        Assert.Equal("1", await TextAsync("SELECT COUNT(*) FROM payments WHERE amount = 32017 AND status_id = 1"));
    }

    private static string Money(decimal amount) => Formats.Money(amount, CultureInfo.GetCultureInfo("es"));

    private async Task<decimal> OwedAsync(string tower, string number) =>
        decimal.Parse(
            await TextAsync(
                $"""
                SELECT COALESCE(SUM(c.amount - c.paid), 0) FROM charges AS c
                JOIN apartments AS a ON a.id = c.apartment_id JOIN towers AS t ON t.id = a.tower_id
                WHERE t.name = '{tower}' AND a.apartment_number = '{number}' AND c.status = 'open'
                """),
            CultureInfo.InvariantCulture);

    private async Task<string> TextAsync(string sql)
    {
        await using var connection = new MySqlConnection(portal.ConnectionString);
        await connection.OpenAsync();
        await using var command = new MySqlCommand(sql, connection);
        return Convert.ToString(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture) ?? "";
    }
}
