using System.Diagnostics;
using System.Net;
using Microsoft.Playwright;
using Portal.Tests.Notifications;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

/// <summary>What reaches a resident in the open bell and by mail, and how they choose, in a browser on the demo building.</summary>
[Trait("Day", "any")]
[Collection(BrowserCollection.Name)]
public sealed class NotificationJobs(PortalProcess portal)
{
    [Fact]
    public async Task A_resident_chooses_with_the_keyboard_and_what_arrives_stands_in_the_open_bell_and_comes_by_mail_or_not()
    {
        await using var andrea = await portal.SignInAsync("andrea.ruiz", phone: true);
        await using var wilson = await portal.SignInAsync("wilson.cardenas");
        var gate = await wilson.OpenAsync("/packages");

        await ChooseAsync(andrea, "Paquetes: solo en la campana", false);
        var phone = await andrea.OpenAsync("/notifications");
        await ReceiveAsync(gate, "Envíos Quietos");
        await phone.Locator(".list-new button").TouchAsync();
        await Expect(phone.Locator("tbody tr").First).ToContainTextAsync("Envíos Quietos. Recógelo en portería.");

        await ChooseAsync(andrea, "Paquetes: te llegará también por correo", true);
        await andrea.OpenAsync("/notifications");
        await ReceiveAsync(gate, "Envíos Sonoros");
        await phone.Locator(".list-new button").TouchAsync();
        await Expect(phone.Locator("tbody tr").First).ToContainTextAsync("Envíos Sonoros. Recógelo en portería.");
        var letter = await LetterAsync("Envíos Sonoros");
        Assert.Equal(("andrea.ruiz@correo.example", "Paquete en portería · Mirador del Nogal"), (letter.To, letter.Subject));
        Assert.DoesNotContain(portal.Mail.Messages, l => l.Plain.Contains("Envíos Quietos", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_link_in_a_mail_asks_first_a_mail_program_presses_once_and_neither_signs_in()
    {
        await using var andrea = await portal.SignInAsync("andrea.ruiz", phone: true);
        await using var wilson = await portal.SignInAsync("wilson.cardenas");
        await ReceiveAsync(await wilson.OpenAsync("/packages"), "Envíos por Cancelar");
        var letter = await LetterAsync("Envíos por Cancelar");
        Assert.Equal("List-Unsubscribe=One-Click", letter.Header("List-Unsubscribe-Post"));
        var account = await andrea.OpenAsync("/account");
        var link = new Uri(new Uri(account.Url), new Uri(letter.Header("List-Unsubscribe").Trim('<', '>')).PathAndQuery).ToString();
        using var stranger = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });

        // What only looks at links turns nothing off.
        Assert.Contains("¿Dejar de recibir por correo: Paquetes?", WebUtility.HtmlDecode(await stranger.GetStringAsync(link)), StringComparison.Ordinal);
        var box = account.GetByRole(AriaRole.Checkbox, new() { Name = "Paquetes" });
        await account.ReloadAsync();
        await Expect(box).ToBeCheckedAsync();
        var pressed = await stranger.PostAsync(link, new FormUrlEncodedContent([new("List-Unsubscribe", "One-Click")]));
        Assert.Equal(HttpStatusCode.OK, pressed.StatusCode);
        await account.ReloadAsync();
        await Expect(box).ToBeCheckedAsync(new() { Checked = false });
        Assert.Equal(HttpStatusCode.BadRequest, (await stranger.PostAsync(link[..^3] + "AAA", null)).StatusCode);

        // The page's own button, on a phone, and back again.
        await account.GotoAsync(link);
        Assert.Equal(390, await account.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        await account.GetByRole(AriaRole.Button, new() { Name = "Dejar de recibirlos" }).ClickAsync();
        await Expect(account.Locator("main")).ToContainTextAsync("ya no te llegará por correo: Paquetes");
        await ChooseAsync(andrea, "Paquetes: te llegará también por correo", true);
    }

    private static async Task ChooseAsync(Session who, string said, bool byMail)
    {
        var page = await who.OpenAsync("/account");
        var box = page.GetByRole(AriaRole.Checkbox, new() { Name = "Paquetes" });
        await box.FocusAsync();
        await page.Keyboard.PressAsync("Space");
        await Expect(page.GetByText(said)).ToBeVisibleAsync();
        await page.ReloadAsync();
        await Expect(box).ToBeCheckedAsync(new() { Checked = byMail });
    }

    private static async Task ReceiveAsync(IPage gate, string carrier)
    {
        await gate.GetByRole(AriaRole.Button, new() { Name = "Recibir paquete" }).ClickAsync();
        await gate.Locator("#f-apartmentid").FillAsync("b 1204");
        await gate.GetByRole(AriaRole.Option).Filter(new() { HasText = "Andrea Ruiz" }).ClickAsync();
        await gate.Locator("#f-carrier").FillAsync(carrier);
        await gate.GetByRole(AriaRole.Button, new() { Name = "Recibir y avisar" }).ClickAsync();
        await Expect(gate.Locator("tbody")).ToContainTextAsync(carrier);
    }

    private async Task<Received> LetterAsync(string about)
    {
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < TimeSpan.FromSeconds(20); await Task.Delay(100))
        {
            if (portal.Mail.Messages.FirstOrDefault(l => l.Plain.Contains(about, StringComparison.Ordinal)) is { } message) return message;
        }

        throw new TimeoutException($"No mail about {about} came.");
    }
}
