using Microsoft.Playwright;
using MySqlConnector;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

/// <summary>What is typed is what is meant, however fast one types and however far the portal is.</summary>
[Trait("Day", "any")]
[Collection(BrowserCollection.Name)]
public sealed class TypingJobs(PortalProcess portal)
{
    private static readonly (string Typed, string Shown)[] Dates =
    [
        ("5/12/25", "5 dic 2025"), ("05-12-2025", "5 dic 2025"), ("5 dic 2025", "5 dic 2025"), ("051225", "5 dic 2025"),
    ];

    private static readonly (string Typed, string Reason)[] NoDates =
    [
        ("31/02/2026", "no existe"), ("1/1/2090", "futura"), ("pronto", "No se entiende"),
    ];

    private static readonly (string Typed, string Shown)[] Sums =
    [
        ("480000,00", "$ 480.000"), ("480.000,00", "$ 480.000"), ("480,000.00", "$ 480.000"), ("$ 480.000", "$ 480.000"), ("480 000", "$ 480.000"),
    ];

    private static readonly (string Typed, string Reason)[] NoSums = [("10,50", "sin centavos"), ("480.000,50", "sin centavos"), ("48o000", "solo con números")];

    [Fact]
    public async Task Dates_and_sums_are_read_or_refused_at_any_speed_and_nothing_else_is_saved()
    {
        await using var line = new SlowLine(portal.Address, TimeSpan.FromMilliseconds(300));
        await using var session = await portal.SignInAsync("carolina.mejia", at: line.Address);
        var page = await session.OpenAsync("/payments/new");
        var before = await PaymentsAsync();

        // All of it as fast as a program types and as fast as people do; a few of each as slowly as they search for the letters.
        foreach (var (milliseconds, most) in new[] { (0, 9), (50, 9), (150, 1), (400, 1) })
        {
            foreach (var (typed, shown) in Dates.Take(most)) await ShowsAsync(page, "#f-date", typed, shown, milliseconds);
            foreach (var (typed, shown) in Sums.Take(most)) await ShowsAsync(page, "#f-amount", typed, shown, milliseconds);
            foreach (var (typed, reason) in NoDates.Take(most)) await RefusesAsync(page, "#f-date", typed, reason, milliseconds);
            foreach (var (typed, reason) in NoSums.Take(most)) await RefusesAsync(page, "#f-amount", typed, reason, milliseconds);
        }

        // A date that is no date, an emptied one: the payment is not recorded, and nothing that was typed is lost.
        await TypeAsync(page, "#f-amount", "480000", 0);
        await TypeAsync(page, "#f-reference", "7001 33", 0);
        await RefusesAsync(page, "#f-date", "31/02/2026", "no existe", 0);
        await page.Locator("form .form-acts button").ClickAsync();
        await Expect(page.Locator(".summary")).ToContainTextAsync("no existe");
        await Expect(page.Locator(".summary")).ToBeFocusedAsync();
        await TypeAsync(page, "#f-date", "", 0);
        await page.Locator("form .form-acts button").ClickAsync();
        await Expect(page.Locator("#f-date-error")).ToContainTextAsync("obligatorio");
        await Expect(page.Locator("#f-amount")).ToHaveValueAsync("$ 480.000");
        await Expect(page.Locator("#f-reference")).ToHaveValueAsync("7001 33");
        await Expect(page.Locator("#f-date")).ToHaveValueAsync("");
        Assert.Equal(before, await PaymentsAsync());

        // The calendar says the same as typing.
        await page.Locator(".date-input .mud-input-adornment button").ClickAsync();
        await page.Locator(".date-pop .mud-day:not(.mud-hidden):not([disabled])").First.ClickAsync();
        await Expect(page.Locator("#f-date")).Not.ToHaveValueAsync("");
        await Expect(page.Locator("#f-date-error")).ToHaveCountAsync(0);
    }

    private static async Task ShowsAsync(IPage page, string field, string typed, string shown, int milliseconds)
    {
        await TypeAsync(page, field, typed, milliseconds);
        await Expect(page.Locator(field)).ToHaveValueAsync(shown);
        await Expect(page.Locator(field + "-error")).ToHaveCountAsync(0);
    }

    private static async Task RefusesAsync(IPage page, string field, string typed, string reason, int milliseconds)
    {
        await TypeAsync(page, field, typed, milliseconds);
        await Expect(page.Locator(field + "-error")).ToContainTextAsync(reason);
        await Expect(page.Locator(field)).ToHaveValueAsync(typed);
    }

    private static async Task TypeAsync(IPage page, string field, string text, int milliseconds)
    {
        await page.Locator(field).FocusAsync();
        await page.Keyboard.PressAsync("Control+A");
        await page.Keyboard.PressAsync("Delete");
        await page.Keyboard.TypeAsync(text, new() { Delay = milliseconds });
        await page.Keyboard.PressAsync("Tab");
    }

    private async Task<long> PaymentsAsync()
    {
        await using var connection = new MySqlConnection(portal.ConnectionString);
        await connection.OpenAsync();
        await using var command = new MySqlCommand("SELECT COUNT(*) FROM payments", connection);
        return Convert.ToInt64(await command.ExecuteScalarAsync(), System.Globalization.CultureInfo.InvariantCulture);
    }
}
