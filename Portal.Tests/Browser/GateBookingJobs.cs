using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using Portal.Data.Demo;
using Portal.Data.Facilities;
using Portal.Tests.Facilities;
using Portal.Tests.Server;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

/// <summary>A booking shown at the gate of the demo building, in a browser.</summary>
[Collection(GateBrowserCollection.Name)]
public sealed class GateBookingJobs(PortalProcess portal)
{
    [Fact]
    public async Task A_guard_scans_a_confirmation_checks_its_people_in_and_takes_it_back()
    {
        var number = await BookingNowAsync("7F3K-92QD");
        await using var wilson = await portal.SignInAsync("wilson.cardenas");
        var terminal = await GatePage.EnrolAsync(portal, wilson);
        var (gate, box) = (terminal.Page, terminal.Box);

        await box.FillAsync("https://portal.miradordelnogal.example/v?code=7F3K-92QD");
        await box.PressAsync("Enter");
        await Expect(gate.Locator(".v-word")).ToHaveTextAsync("Reserva válida");
        await Expect(box).ToHaveValueAsync(number);
        await Expect(gate.Locator(".verdict")).ToContainTextAsync("12");
        await Expect(gate.Locator(".verdict")).Not.ToContainTextAsync("$");
        await box.PressAsync("Enter");
        await Expect(gate.Locator(".v-word")).ToHaveTextAsync("Adelante");

        await box.FillAsync(number);
        await box.PressAsync("Enter");
        await Expect(gate.Locator(".v-word")).ToHaveTextAsync("Ya llegaron");
        await gate.Keyboard.PressAsync("F4");
        await Expect(gate.Locator(".v-word")).ToHaveTextAsync("Reserva válida");
    }

    /// <summary>Brings one booking of the demo to this moment: its hours depend on the day, and the test must run at any time.</summary>
    private async Task<string> BookingNowAsync(string code)
    {
        await using var world = new FacilityWorld(portal.ConnectionString);
        var now = TestDay.Clock.Now.AddMinutes(-30);
        var (later, last) = (now.AddDays(15), TestDay.Today.AddDays(DemoSeed.BookedDays + 1).ToDateTime(TimeOnly.MinValue));
        return await world.ReadAsync(async db =>
        {
            var booking = await db
                .Reservations.Where(r => r.StatusId == ReservationState.Confirmed && r.StartDate > later && r.StartDate < last)
                .OrderByDescending(r => r.Id)
                .Select(r => new { r.Id, r.Number })
                .FirstAsync();
            await db
                .Reservations.Where(r => r.Id == booking.Id)
                .ExecuteUpdateAsync(set =>
                    set.SetProperty(r => r.StartDate, now)
                        .SetProperty(r => r.EndDate, now.AddHours(4))
                        .SetProperty(r => r.People, 12)
                        .SetProperty(r => r.VerificationCode, code)
                );
            return booking.Number!;
        });
    }
}
