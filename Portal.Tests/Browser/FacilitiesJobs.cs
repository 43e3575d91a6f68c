using Microsoft.Playwright;
using Portal.Tests.Server;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

/// <summary>What people do with facilities, in a browser, on the demo building.</summary>
[Collection(BrowserCollection.Name)]
public sealed class FacilitiesJobs(PortalProcess portal)
{
    private static string Iso { get; } = TestDay.Iso(BrowserDays.Owners);

    [Fact]
    public async Task An_owner_books_on_a_phone_is_refused_the_taken_slot_and_cancels()
    {
        await using var andrea = await portal.SignInAsync("andrea.ruiz", phone: true);
        await using var office = await portal.SignInAsync("carolina.mejia");
        var calendar = await office.OpenAsync($"/reservations?day={Iso}&facility=5");
        await Expect(calendar.Locator(".bar", new() { HasText = "B 1204" })).ToHaveCountAsync(0);

        var page = await andrea.OpenAsync($"/book/5?day={Iso}");
        await page.Locator(".slotb", new() { HasText = "10:00–11:00" }).TouchAsync();
        await Expect(page.Locator(".slotb.on")).ToContainTextAsync("10:00–11:00");
        await page.Locator(".bk-foot :is(.mud-button-filled-primary, .btn-primary)").TouchAsync();
        await Expect(page.Locator(".booked")).ToContainTextAsync("Listo, quedó reservado");
        var number = (await page.Locator(".booked .number").TextContentAsync())!.Trim();
        Assert.Equal(390, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));

        // The office's calendar, open all the while, shows it by itself.
        await Expect(calendar.Locator(".bar", new() { HasText = "B 1204" })).ToBeVisibleAsync();

        page = await andrea.OpenAsync($"/book/5?day={Iso}");
        var taken = page.Locator(".slotb", new() { HasText = "10:00–11:00" });
        await Expect(taken).ToContainTextAsync("ocupado");
        await taken.TouchAsync();
        await Expect(page.Locator(".refuse")).ToContainTextAsync("Ese turno ya está ocupado");
        await Expect(page.Locator(".near a")).ToHaveCountAsync(3);
        await page.Locator(".bk-foot :is(.mud-button-filled-primary, .btn-primary)").TouchAsync();
        await Expect(page.Locator(".slotb.on")).ToContainTextAsync("09:00–10:00");
        await Expect(page.Locator(".refuse")).ToHaveCountAsync(0);

        page = await andrea.OpenAsync("/reservations");
        var mine = page.Locator(".mine li", new() { HasText = number });
        await mine.GetByRole(AriaRole.Button, new() { Name = "Cancelar" }).TouchAsync();
        var dialog = page.Locator(".mud-dialog");
        await Expect(dialog).ToContainTextAsync("No te cuesta nada");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Cancelar la reserva" }).TouchAsync();
        await Expect(calendar.Locator(".bar", new() { HasText = "B 1204" })).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task An_owner_whose_month_is_used_up_reads_rule_count_and_remedy_and_books_by_keyboard_alone()
    {
        await using var andrea = await portal.SignInAsync("andrea.ruiz", language: "en-US");
        var page = await andrea.OpenAsync("/book/4");
        var refused = page.Locator(".refuse");
        if (await page.Locator(".slotb:not(.gone)").CountAsync() > 0)
        {
            await page.Locator(".slotb:not(.gone)").First.FocusAsync();
            await page.Keyboard.PressAsync("Enter");
        }

        // In the last days of a month the first free day is in the next, which is not used up: then nothing is refused.
        await Expect(refused.Or(page.Locator("#bk-terms")).First).ToBeVisibleAsync();
        if (await refused.CountAsync() > 0)
        {
            await Expect(refused.First).ToContainTextAsync("2 bookings of BBQ per apartment and month");
            await page.Locator(".bk-foot :is(.mud-button-filled-primary, .btn-primary)").FocusAsync();
            await page.Keyboard.PressAsync("Enter");
            await Expect(refused).ToHaveCountAsync(0);
        }

        await page.Locator("#bk-terms").FocusAsync();
        await page.Keyboard.PressAsync("Space");
        await Expect(page.Locator(".bk-foot :is(.mud-button-filled-primary, .btn-primary)")).ToBeEnabledAsync();
        await page.Locator(".bk-foot :is(.mud-button-filled-primary, .btn-primary)").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".booked")).ToContainTextAsync("Done, it is booked");
    }

    [Fact]
    public async Task The_office_approves_a_booking_from_the_queue()
    {
        await using var andrea = await portal.SignInAsync("andrea.ruiz");
        var page = await andrea.OpenAsync($"/book/2?day={Iso}");
        await page.Locator("#bk-terms").CheckAsync();
        await page.Locator(".bk-foot :is(.mud-button-filled-primary, .btn-primary)").ClickAsync();
        await Expect(page.Locator(".booked")).ToContainTextAsync("Pedido enviado");
        var number = await page.Locator(".booked .number").TextContentAsync();

        await using var staff = await portal.SignInAsync("daniela.torres");
        var list = await staff.OpenAsync($"/reservations?q={number}");
        await list.Locator(".celllink", new() { HasText = number }).ClickAsync();
        await list.GetByRole(AriaRole.Button, new() { Name = "Aprobar", Exact = true }).ClickAsync();
        await Expect(list.Locator("tbody tr", new() { HasText = number })).ToContainTextAsync("Confirmada");
    }
}
