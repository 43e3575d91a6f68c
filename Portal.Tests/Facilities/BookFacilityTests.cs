using System.Globalization;
using System.Security.Claims;
using Bunit;
using Bunit.TestDoubles;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Portal.Areas.Facilities;
using Portal.Data;
using Portal.Data.Database;
using Portal.Data.Facilities;
using Portal.Hosting.Identity;
using Portal.Tests.Components;
using Portal.Tests.Server;
using Xunit;
using static Portal.Tests.Facilities.FacilityWorld;

namespace Portal.Tests.Facilities;

/// <summary>The booking page over the real services: what it offers, what it refuses and why, and what a race looks like from it.</summary>
public sealed class BookFacilityTests : PartsContext, IClassFixture<TestDatabase>, IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly TestDatabase _database;
    private readonly FacilityWorld _world;
    private readonly BunitAuthorizationContext _authorization;

    public BookFacilityTests(TestDatabase database)
    {
        _database = database;
        _world = new FacilityWorld(database);
        Services.AddLogging();
        Services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        Services.AddPortalData(
            options => options.UseDatabase(database.ConnectionString),
            TimeZoneInfo.FindSystemTimeZoneById(BuildingClock.DefaultZone)
        );
        new FacilityEndpoints().Register(Services);
        Services.AddSingleton<IHttpContextAccessor, HttpContextAccessor>();
        Services.AddScoped<Me>();
        _authorization = AddAuthorization();
        SetRendererInfo(new RendererInfo("Server", true));
    }

    public override Task InitializeAsync() => _database.CleanAsync();

    async Task IAsyncLifetime.DisposeAsync()
    {
        await _world.DisposeAsync();
        await DisposeAsync();
    }

    [Fact]
    public async Task The_first_free_slot_is_chosen_and_the_button_names_the_sum()
    {
        var facility = await _world.FacilityAsync(change: f => f.Terms = "Se entrega limpio.");
        var page = Show(facility, await _world.OwnerAsync());

        Assert.StartsWith("12:00–16:00", page.Find(".slotb.on").TextContent.Trim(), StringComparison.Ordinal);
        var button = page.Find(".bk-foot :is(.mud-button-filled-primary, .btn-primary)");
        Assert.Equal("Aceptar reglas y reservar por $ 250.000", Plain(button.TextContent));

        await page.InvokeAsync(() => page.Find("#bk-terms").Change(true));
        page.WaitForAssertion(
            () => Assert.Equal("Reservar por $ 250.000", Plain(page.Find(".bk-foot :is(.mud-button-filled-primary, .btn-primary)").TextContent)),
            Patience
        );
        await page.InvokeAsync(() => page.Find(".bk-foot :is(.mud-button-filled-primary, .btn-primary)").Click());
        page.WaitForAssertion(() => Assert.Contains("R-2026-000001", page.Markup, StringComparison.Ordinal), Patience);
        Assert.Equal(1, await _world.ReadAsync(db => db.Reservations.CountAsync()));
    }

    [Fact]
    public async Task A_taken_slot_tells_why_and_offers_the_nearest_free_ones()
    {
        var facility = await _world.FacilityAsync();
        await _world.FacilityAsync("BBQ 1");
        await _world.BookAsync(facility, await _world.OwnerAsync(), At(28, 12));
        var page = Show(facility, await _world.OwnerAsync(), "2026-11-28", "12:00");

        Assert.Contains("Ese turno ya está ocupado", page.Find(".refuse").TextContent, StringComparison.Ordinal);
        Assert.Equal(3, page.FindAll(".near a").Count);
        Assert.Equal("Ver de 08:00 a 12:00", page.Find(".bk-foot :is(.mud-button-filled-primary, .btn-primary)").TextContent.Trim());
        Assert.DoesNotContain(
            "Persona", page.Markup.Replace("Personas", "", StringComparison.Ordinal).Replace("personas", "", StringComparison.Ordinal),
            StringComparison.Ordinal);

        await page.InvokeAsync(() => page.Find(".bk-foot :is(.mud-button-filled-primary, .btn-primary)").Click());
        Assert.Contains("day=2026-11-28&start=08%3A00", Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_used_up_month_shows_rule_count_and_remedy_as_the_button()
    {
        var facility = await _world.FacilityAsync(change: f =>
            f.Quotas = [
                new()
                {
                    Subject = QuotaSubject.Apartment,
                    Period = QuotaPeriod.Month,
                    Most = 2,
                },
            ]
        );
        var andrea = await _world.OwnerAsync();
        await _world.BookAsync(facility, andrea, At(21, 12));
        await _world.BookAsync(facility, andrea, At(22, 12));
        var page = Show(facility, andrea, "2026-11-28", "12:00");

        var refusal = page.Find(".refuse").TextContent;
        Assert.Contains("En noviembre ya no puedes reservar BBQ", refusal, StringComparison.Ordinal);
        Assert.Contains("2 de 2: sáb 21 y dom 22 de noviembre", refusal, StringComparison.Ordinal);
        Assert.Equal("Ver el martes 1 de diciembre", page.Find(".bk-foot :is(.mud-button-filled-primary, .btn-primary)").TextContent.Trim());
    }

    [Fact]
    public async Task Who_is_a_moment_late_hears_it_and_books_nothing()
    {
        var facility = await _world.FacilityAsync();
        var page = Show(facility, await _world.OwnerAsync(), "2026-11-28", "12:00");
        Assert.False(page.Find(".bk-foot :is(.mud-button-filled-primary, .btn-primary)").HasAttribute("disabled"));

        Assert.True((await _world.BookAsync(facility, await _world.OwnerAsync(), At(28, 12))).Ok);
        await page.InvokeAsync(() => page.Find(".bk-foot :is(.mud-button-filled-primary, .btn-primary)").Click());

        page.WaitForAssertion(
            () => Assert.Contains("Ese turno ya está ocupado", page.Find(".refuse").TextContent, StringComparison.Ordinal),
            Patience
        );
        Assert.Equal(1, await _world.ReadAsync(db => db.Reservations.CountAsync()));
    }

    [Fact]
    public async Task The_hour_that_is_chosen_never_changes_by_itself()
    {
        var facility = await _world.FacilityAsync();
        var page = Show(facility, await _world.OwnerAsync());
        Assert.StartsWith("12:00", page.Find(".slotb.on").TextContent.Trim(), StringComparison.Ordinal);
        Assert.True((await _world.BookAsync(facility, await _world.OwnerAsync(), At(20, 12))).Ok);

        // The page hears of it before anything is pressed.
        await page.InvokeAsync(() => page.FindComponent<Portal.Components.Shared.Live>().Instance.Changed.InvokeAsync());
        page.WaitForAssertion(
            () => Assert.Contains("Ese turno ya está ocupado", page.Find(".refuse").TextContent, StringComparison.Ordinal),
            Patience
        );
        Assert.StartsWith("12:00", page.Find(".slotb.on").TextContent.Trim(), StringComparison.Ordinal);
        Assert.NotEmpty(page.FindAll(".near a"));

        // The whole day is taken meanwhile: the page stays on it too.
        Assert.True((await _world.BookAsync(facility, await _world.OwnerAsync(), At(20, 16))).Ok);
        await page.InvokeAsync(() => page.FindComponent<Portal.Components.Shared.Live>().Instance.Changed.InvokeAsync());
        page.WaitForAssertion(
            () => Assert.DoesNotContain(page.FindAll(".slotb"), s => s.TextContent.Contains("Libre", StringComparison.Ordinal)), Patience);
        Assert.StartsWith("12:00", page.Find(".slotb.on").TextContent.Trim(), StringComparison.Ordinal);
        Assert.Equal(2, await _world.ReadAsync(db => db.Reservations.CountAsync()));
    }

    [Fact]
    public async Task What_is_booked_offers_its_papers_and_cancelling()
    {
        var facility = await _world.FacilityAsync();
        var page = Show(facility, await _world.OwnerAsync(), "2026-11-28", "12:00");
        await page.InvokeAsync(() => page.Find(".bk-foot :is(.mud-button-filled-primary, .btn-primary)").Click());
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll(".booked")), Patience);
        var id = await _world.ReadAsync(db => db.Reservations.Select(r => r.Id).SingleAsync());
        Assert.Equal(
            [$"/reservations/{id}/confirmation.pdf", $"/reservations/{id}.ics"],
            page.FindAll(".papers a").Select(a => a.GetAttribute("href")));

        await page.InvokeAsync(() => page.Find(".booked-cancel").Click());
        var dialog = page.FindComponent<CancelDialog>();
        await page.InvokeAsync(() => dialog.Instance.OnClosed.InvokeAsync(false));
        Assert.Null(dialog.Instance.Row);
    }

    [Fact]
    public async Task Who_has_used_their_share_is_not_told_that_it_is_free()
    {
        var facility = await _world.FacilityAsync(change: f =>
            f.Quotas = [new() { Subject = QuotaSubject.Apartment, Period = QuotaPeriod.Month, Most = 1 }]);
        var shared = await _world.FacilityAsync("Gimnasio", "Gimnasio");
        var (andrea, beatriz) = (await _world.OwnerAsync(), await _world.OwnerAsync());
        await _world.BookAsync(facility, andrea, At(28, 12));

        var hers = (await _world.Bookings.CardsAsync(andrea, default)).Value.ToDictionary(c => c.Id);
        Assert.Equal(new DateTime(2026, 12, 1, 8, 0, 0), hers[facility.Id].NextFree!.Start);
        Assert.Equal(At(20, 12), hers[shared.Id].NextFree!.Start);
        var others = (await _world.Bookings.CardsAsync(beatriz, default)).Value.ToDictionary(c => c.Id);
        Assert.Equal(At(20, 12), others[facility.Id].NextFree!.Start);

        // On the first of a month the rest of it is further than the list looks.
        _world.Time.Utc = new DateTime(2026, 11, 2, 15, 24, 0, DateTimeKind.Utc);
        var early = (await _world.Bookings.CardsAsync(andrea, default)).Value.ToDictionary(c => c.Id)[facility.Id];
        Assert.Null(early.NextFree);
        Assert.Equal(new DateOnly(2026, 12, 1), Assert.IsType<Data.Facilities.Rules.QuotaUsed>(early.Why).FreeFrom);
    }

    [Fact]
    public async Task The_list_says_why_nothing_is_for_the_person_who_looks()
    {
        var facility = await _world.FacilityAsync(change: f => f.OpenLimit = 1);
        var andrea = await _world.OwnerAsync();
        await _world.BookAsync(facility, andrea, At(28, 12));
        SignIn(andrea);

        var list = Render<Book>();

        list.WaitForAssertion(
            () => Assert.Contains("Ya tienes 1 reserva por delante", list.Find(".choice-free").TextContent, StringComparison.Ordinal), Patience);
    }

    [Fact]
    public async Task An_hour_made_up_in_the_address_is_refused_by_every_rule_it_breaks()
    {
        var facility = await _world.FacilityAsync();
        var page = Show(facility, await _world.OwnerAsync(), "2026-11-28", "07:30");
        Assert.Contains("A esa hora está cerrado", page.Find(".refuse").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_place_is_held_with_a_countdown_and_one_apartment_holds_one()
    {
        var facility = await _world.FacilityAsync();
        var andrea = await _world.OwnerAsync();
        var page = Show(facility, andrea, "2026-11-28", "12:00");
        await page.InvokeAsync(() => page.Find(".bk-hold button").Click());
        page.WaitForAssertion(() => Assert.Contains("Turno apartado", page.Find(".held").TextContent, StringComparison.Ordinal), Patience);
        Assert.Matches("^1[45]:[0-5][0-9]$", page.Find(".countdown").TextContent);
        Assert.Equal(ReservationState.Held, await _world.ReadAsync(db => db.Reservations.Select(r => r.StatusId).SingleAsync()));

        var other = Show(facility, andrea, "2026-11-29", "12:00");
        await other.InvokeAsync(() => other.Find(".bk-hold button").Click());
        other.WaitForAssertion(
            () => Assert.Contains("Ya tienes un turno apartado", other.Find(".refuse").TextContent, StringComparison.Ordinal),
            Patience
        );
        Assert.Equal("/reservations", other.Find(".refuse a").GetAttribute("href"));

        var kept = await _world.OwnAsync(await _world.ReadAsync(db => db.Reservations.Select(r => r.Id).SingleAsync()), andrea);
        var told = new TaskCompletionSource();
        var shown = Render<HeldBooking>(p => p.Add(h => h.Booking, kept).Add(h => h.OnChanged, () => told.SetResult()));
        await shown.InvokeAsync(() => shown.Find(".mud-button-filled-primary, .btn-primary").Click());
        await told.Task.WaitAsync(Patience);
        Assert.Equal(ReservationState.Confirmed, await _world.ReadAsync(db => db.Reservations.Select(r => r.StatusId).SingleAsync()));
    }

    [Fact]
    public async Task What_others_have_can_be_waited_for()
    {
        var facility = await _world.FacilityAsync();
        await _world.BookAsync(facility, await _world.OwnerAsync(), At(28, 12));
        var page = Show(facility, await _world.OwnerAsync(), "2026-11-28", "12:00");
        await page.InvokeAsync(() => page.Find(".bk-wait button").Click());
        page.WaitForAssertion(
            () => Assert.Contains("Eres el número 1 en la lista de espera.", page.Find(".bk-wait").TextContent, StringComparison.Ordinal),
            Patience
        );
        Assert.Equal(1, await _world.ReadAsync(db => db.ReservationWaits.CountAsync()));
    }

    [Fact]
    public async Task Too_many_people_are_brought_down_by_the_button()
    {
        var facility = await _world.FacilityAsync(change: f => f.Capacity = 2);
        var page = Show(facility, await _world.OwnerAsync(), "2026-11-28", "12:00");
        for (var more = 0; more < 2; more++) await page.InvokeAsync(() => page.FindAll(".stepper button")[^1].Click());
        page.WaitForAssertion(
            () => Assert.Contains("Caben 2 personas", page.Find(".refuse").TextContent, StringComparison.Ordinal),
            Patience
        );
        Assert.Empty(page.FindAll(".near"));
        page.WaitForAssertion(
            () => Assert.Equal(
                "Bajar a 2 personas", page.Find(".bk-foot :is(.mud-button-filled-primary, .btn-primary)").TextContent.Trim()),
            Patience);
        await page.InvokeAsync(() => page.Find(".bk-foot :is(.mud-button-filled-primary, .btn-primary)").Click());
        page.WaitForAssertion(() => Assert.Empty(page.FindAll(".refuse")), Patience);
    }

    [Fact]
    public async Task What_is_paid_first_is_kept_while_it_is_paid()
    {
        var facility = await _world.FacilityAsync(change: f => f.PayFirst = true);
        var page = Show(facility, await _world.OwnerAsync(), "2026-11-28", "12:00");
        Assert.Equal("Reservar y pagar $ 250.000", Plain(page.Find(".bk-foot :is(.mud-button-filled-primary, .btn-primary)").TextContent));
        Assert.Contains("Guardamos el turno 15 minutos mientras pagas", page.Find(".bk-foot").TextContent, StringComparison.Ordinal);
        Assert.Empty(page.FindAll(".bk-hold"));
        await page.InvokeAsync(() => page.Find(".bk-foot :is(.mud-button-filled-primary, .btn-primary)").Click());
        page.WaitForAssertion(() => Assert.Contains("Falta el pago", page.Find(".held").TextContent, StringComparison.Ordinal), Patience);
        Assert.Contains("amount=250000", page.Find(".held .mud-button-filled-primary").GetAttribute("href"), StringComparison.Ordinal);
    }

    private IRenderedComponent<BookFacility> Show(Facility facility, CurrentUser who, string? day = null, string? start = null)
    {
        SignIn(who);
        var nav = Services.GetRequiredService<NavigationManager>();
        nav.NavigateTo(
            nav.GetUriWithQueryParameters($"/book/{facility.Id}", new Dictionary<string, object?> { ["day"] = day, ["start"] = start })
        );
        var page = Render<BookFacility>(parameters => parameters.Add(p => p.FacilityId, facility.Id));
        page.WaitForState(() => page.FindAll(".bk-foot").Count > 0, Patience);
        return page;
    }

    private void SignIn(CurrentUser who)
    {
        _authorization.SetAuthorized(who.Name);
        _authorization.SetClaims(new Claim(ClaimTypes.NameIdentifier, who.Id.ToString(CultureInfo.InvariantCulture)));
    }

    // Money is written with a space that does not break.
    private static string Plain(string text) => text.Replace('\u00a0', ' ').Trim();
}
