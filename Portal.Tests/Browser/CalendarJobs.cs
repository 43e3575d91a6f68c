using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using MySqlConnector;
using Portal.Data.Facilities;
using Portal.Tests.Server;
using Xunit;
using Xunit.Abstractions;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

/// <summary>A day of the office with the calendar, in a browser, on the demo building.</summary>
[Collection(BrowserCollection.Name)]
public sealed class CalendarJobs(PortalProcess portal, ITestOutputHelper output)
{
    private const int Hall = 2, Bbq = 3, Court = 5;

    private static readonly DateOnly Saturday = BrowserDays.Saturday;

    [Fact]
    public async Task The_office_books_by_drag_moves_with_the_price_shown_and_sees_it_in_the_month()
    {
        await using var office = await portal.SignInAsync("carolina.mejia");
        var page = await office.OpenAsync($"/reservations?day={Iso(Saturday)}&facility={Court}");
        await DragAsync(page, page.Locator("[data-free]"), 9, 11);
        await Expect(page).ToHaveURLAsync(new Regex($@"/book/{Court}\?day={Iso(Saturday)}&start=09%3A00&minutes=120"));
        await page.Locator("#bk-home").FillAsync("A 302");
        await page.Locator(".pick-list li", new() { HasText = "A 302" }).ClickAsync();
        if (await page.Locator("#bk-terms").CountAsync() > 0) await page.Locator("#bk-terms").CheckAsync();
        await page.Locator(".bk-foot :is(.mud-button-filled-primary, .btn-primary)").ClickAsync();
        await Expect(page.Locator(".booked")).ToBeVisibleAsync();

        // Two hours later on the same line: the dialog asks before anything is done.
        page = await office.OpenAsync($"/reservations?day={Iso(Saturday)}&facility={Court}");
        var bar = page.Locator(".bar", new() { HasText = "A 302" });
        await DragBarAsync(page, bar, page.Locator("[data-free]"), 13.5);
        var dialog = page.Locator(".mud-dialog");
        await Expect(dialog).ToContainTextAsync("Diferencia");
        await Expect(dialog.Locator(".slotb.on")).ToContainTextAsync("13:00–15:00");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Cambiar la reserva" }).ClickAsync();
        await Expect(page.Locator(".bar[title^='13:00–15:00']")).ToBeVisibleAsync();

        // What is taken is refused with its reason before it is done, and a free slot is one press away.
        await page.Locator(".bar", new() { HasText = "A 302" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Cambiar", Exact = true }).ClickAsync();
        await dialog.Locator("#change-facility").SelectOptionAsync(Bbq.ToString(CultureInfo.InvariantCulture));
        await Expect(dialog.Locator(".refuse").First).ToBeVisibleAsync();
        await dialog.Locator(".near button").First.ClickAsync();
        await Expect(dialog.Locator(".refuse")).ToHaveCountAsync(0);
        await Expect(dialog.Locator(".sums")).ToContainTextAsync("Cuesta");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Dejarla como está" }).ClickAsync();

        page = await office.OpenAsync($"/reservations?view=month&day={Iso(Saturday)}&facility={Court}");
        await page.Locator(".chip", new() { HasText = "13:00" }).First.ClickAsync();
        await Expect(page.Locator(".mud-dialog")).ToContainTextAsync("Se cambió una vez");
    }

    [Fact]
    public async Task The_office_books_what_repeats_and_chooses_about_each_conflict()
    {
        await using var office = await portal.SignInAsync("daniela.torres");
        var page = await office.OpenAsync($"/reservations/series/new?facility={Court}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Revisar las fechas" }).ClickAsync();
        await Expect(page.Locator(".summary")).ToBeVisibleAsync();

        // From tomorrow for three months, at six in the evening; that hour of one day is taken, whatever the demo has taken too.
        await BookAsync(Court, BrowserDays.Repeated.ToDateTime(new TimeOnly(18, 0)), 1, ReservationState.Confirmed, "R-S-1");
        await page.GetByPlaceholder("Torre y apartamento").FillAsync("B 1204");
        await page.Locator(".pick-list li", new() { HasText = "B 1204" }).ClickAsync();
        foreach (var day in new[] { "lunes", "martes", "miércoles", "jueves", "viernes" })
            await page.Locator(".daypick label", new() { HasText = day }).Locator("input").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Revisar las fechas" }).ClickAsync();
        await Expect(page.Locator(".plan li").First).ToBeVisibleAsync();
        var all = await page.Locator(".plan li").CountAsync();
        var conflicts = await page.Locator(".plan li.bad").CountAsync();
        Assert.InRange(conflicts, 1, all - 1);
        await Expect(page.Locator(".plan li.bad .why").First).Not.ToBeEmptyAsync();
        await page.Locator(".plan li.bad").First.Locator("input[type=radio]").Last.CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = $"Crear {all - conflicts + 1} reservas" }).ClickAsync();

        await Expect(page).ToHaveURLAsync(new Regex(@"/reservations/series/\d+$"));
        await Expect(page.Locator(".rows a")).ToHaveCountAsync(all - conflicts + 1);
        await page.GetByRole(AriaRole.Button, new() { Name = "Terminar la serie" }).ClickAsync();
        await page.Locator("#series-reason").FillAsync("El curso no se abrió");
        await page.Locator(".mud-dialog .mud-button-filled-error").ClickAsync();
        await Expect(page.GetByText("Cancelada").First).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_slot_is_chosen_with_the_keyboard_alone()
    {
        var day = Saturday.AddDays(2);
        await using var office = await portal.SignInAsync("daniela.torres", language: "en-US");
        var page = await office.OpenAsync($"/reservations?view=week&day={Iso(day)}&facility={Court}");
        await page.Locator(".free").First.FocusAsync();
        await Expect(page.Locator(".keys")).ToBeVisibleAsync();
        foreach (var key in new[] { "Home", "ArrowRight", "ArrowRight", "Shift+ArrowRight" }) await page.Keyboard.PressAsync(key);
        await Expect(page.Locator(".pick:visible")).ToHaveTextAsync("08:00–10:00");
        await Expect(page.Locator("[data-said]")).ToContainTextAsync("08:00–10:00");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page).ToHaveURLAsync(new Regex($@"/book/{Court}\?day={Iso(day)}&start=08%3A00&minutes=120"));
    }

    [Fact]
    public async Task A_weekend_is_closed_over_a_booking_that_is_shown_and_cancelled_and_nothing_is_free_then()
    {
        var weekend = BrowserDays.Weekend;
        await using var andrea = await portal.SignInAsync("andrea.ruiz");
        var page = await andrea.OpenAsync($"/book/{Court}?day={Iso(weekend)}&start=10:00");
        await page.Locator(".bk-foot :is(.mud-button-filled-primary, .btn-primary)").ClickAsync();
        await Expect(page.Locator(".booked")).ToBeVisibleAsync();

        await using var office = await portal.SignInAsync("carolina.mejia");
        var calendar = await office.OpenAsync($"/reservations?day={Iso(weekend)}&facility={Court}");
        await calendar.GetByRole(AriaRole.Button, new() { Name = "Cerrar zonas" }).ClickAsync();
        var dialog = calendar.Locator(".mud-dialog");
        var sunday = weekend.AddDays(1).ToString("d MMM yyyy", Formats.LanguageOf(CultureInfo.GetCultureInfo("es")));
        do
        {
            // While the dialog still looks for what it meets, it draws the day it had over what is typed.
            await dialog.Locator("#shut-to").FillAsync(sunday);
            await dialog.Locator("#shut-to").PressAsync("Tab");
            await Task.Delay(500);
        }
        while (await dialog.Locator("#shut-to").InputValueAsync() != sunday);

        await Expect(dialog.Locator(".met li")).ToContainTextAsync("B 1204");
        await dialog.Locator(".met input").CheckAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Cerrar y cancelar 1" }).ClickAsync();

        // Without a reason nothing is closed.
        await Expect(dialog.Locator(".mud-alert")).ToContainTextAsync("Motivo");
        await dialog.Locator("#shut-reason").FillAsync("Pintura de la cancha");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Cerrar y cancelar 1" }).ClickAsync();
        await Expect(calendar.Locator(".closed")).ToContainTextAsync("Pintura de la cancha");
        await Expect(calendar.Locator(".bar", new() { HasText = "B 1204" })).ToHaveCountAsync(0);
        Assert.Equal("[]", await calendar.Locator("[data-free]").GetAttributeAsync("data-free"));

        var month = await office.OpenAsync($"/reservations?view=month&day={Iso(weekend)}");
        await Expect(month.Locator("td button[title*='Pintura de la cancha']")).ToHaveCountAsync(2);
    }

    [Fact]
    public async Task The_office_approves_one_and_refuses_another_with_its_reason_without_leaving_the_queue()
    {
        // Two to be approved, farther off than any of the demo's: what it leaves to be approved is its own affair.
        foreach (var day in new[] { 20, 21 })
            await BookAsync(Hall, Saturday.AddDays(day).ToDateTime(new TimeOnly(10, 0)), 4, ReservationState.Pending, $"R-Q-{day}");

        await using var staff = await portal.SignInAsync("daniela.torres");
        var page = await staff.OpenAsync("/reservations?view=queue");
        var waiting = page.Locator(".queue > li");
        var before = await waiting.CountAsync();
        var (approved, refused) = (
            await waiting.Nth(before - 2).GetAttributeAsync("aria-label"),
            await waiting.Last.GetAttributeAsync("aria-label")
        );
        await waiting.Nth(before - 2).GetByRole(AriaRole.Button, new() { Name = "Aprobar", Exact = true }).ClickAsync();
        // What was decided keeps its place, quiet, and nothing moves up under the pointer.
        await Expect(page.Locator($".queue > li.gone[inert][aria-label='{approved}']")).ToHaveCountAsync(1);
        await Expect(waiting).ToHaveCountAsync(before);

        var last = page.Locator($".queue > li[aria-label='{refused}']");
        await last.GetByRole(AriaRole.Button, new() { Name = "No aprobar", Exact = true }).ClickAsync();
        var refuse = last.GetByRole(AriaRole.Button, new() { Name = "No aprobar y avisar" });
        await Expect(refuse).ToBeDisabledAsync();
        await last.GetByRole(AriaRole.Button, new() { Name = "Falta información sobre el evento." }).ClickAsync();
        await refuse.ClickAsync();
        await Expect(page.Locator(".queue > li.gone")).ToHaveCountAsync(before == 2 ? 0 : 2);
        if (before > 2) await page.GetByRole(AriaRole.Button, new() { Name = "Actualizar" }).ClickAsync();
        await Expect(waiting).ToHaveCountAsync(before - 2);
    }

    [Fact]
    public async Task An_open_calendar_shows_a_booking_made_in_another_portal()
    {
        var day = BrowserDays.FromAnotherPortal;
        await using var other = await portal.StartAnotherAsync();
        await using var office = await portal.SignInAsync("carolina.mejia");
        var calendar = await office.OpenAsync($"/reservations?day={Iso(day)}&facility={Court}");
        await Expect(calendar.Locator(".bar", new() { HasText = "B 1204" })).ToHaveCountAsync(0);

        await using var andrea = await portal.SignInAsync("andrea.ruiz", at: other.Address);
        var page = await andrea.OpenAsync($"/book/{Court}?day={Iso(day)}&start=10:00");
        var since = Stopwatch.StartNew();
        await page.Locator(".bk-foot :is(.mud-button-filled-primary, .btn-primary)").ClickAsync();
        await calendar.Locator(".bar", new() { HasText = "B 1204" }).WaitForAsync();
        output.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"Shown {since.ElapsedMilliseconds} ms after it was pressed in the other portal.")
        );
    }

    /// <summary>A booking that nobody made: for the first apartment, behind the portal's back.</summary>
    private Task BookAsync(int facility, DateTime start, int hours, ReservationState state, string number) =>
        ExecuteAsync(
            $"""
            INSERT INTO reservations (owner_id, facility_id, start_date, end_date, status_id, apartment_id, people, number)
            SELECT owner_id, {facility}, '{start:yyyy-MM-dd HH:mm:ss}', '{start.AddHours(hours):yyyy-MM-dd HH:mm:ss}', {(int)state}, id, 10, '{number}'
            FROM apartments WHERE owner_id IS NOT NULL ORDER BY id LIMIT 1
            """);

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new MySqlConnection(portal.ConnectionString);
        await connection.OpenAsync();
        await using var command = new MySqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Draws from one hour to another on a line.</summary>
    private static async Task DragAsync(IPage page, ILocator line, double from, double to)
    {
        var (at, y) = await ScaleAsync(page, line);
        await page.Mouse.MoveAsync(at(from + .1), y);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(at((from + to) / 2), y);
        await page.Mouse.MoveAsync(at(to - .1), y);
        await page.Mouse.UpAsync();
    }

    /// <summary>Takes a booking by half an hour after its beginning and drops it there.</summary>
    private static async Task DragBarAsync(IPage page, ILocator bar, ILocator line, double to)
    {
        var (at, y) = await ScaleAsync(page, line);
        var box = (await bar.BoundingBoxAsync())!;
        var grip = box.X + at(.5f) - at(0);
        await page.Mouse.MoveAsync(grip, y);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(grip + 20, y);
        await page.Mouse.MoveAsync(at(to), y);
        await page.Mouse.UpAsync();
    }

    private static async Task<(Func<double, float> At, float Y)> ScaleAsync(IPage page, ILocator line)
    {
        var box = (await line.BoundingBoxAsync())!;
        var (from, to) = (await NumberAsync("data-from"), await NumberAsync("data-to"));
        return (hour => (float)(box.X + (((hour * 60) - from) / (to - from) * box.Width)), box.Y + (box.Height / 2));

        async Task<double> NumberAsync(string name) =>
            double.Parse((await page.Locator(".board").GetAttributeAsync(name))!, CultureInfo.InvariantCulture);
    }

    private static string Iso(DateOnly day) => TestDay.Iso(day);
}
