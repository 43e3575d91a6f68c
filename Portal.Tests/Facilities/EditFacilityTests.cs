using System.Globalization;
using System.Security.Claims;
using AngleSharp.Dom;
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
using Portal.Data.Identity;
using Portal.Data.People;
using Portal.Hosting.Identity;
using Portal.Tests.Components;
using Portal.Tests.Server;
using Xunit;
using static Portal.Tests.Facilities.FacilityWorld;

namespace Portal.Tests.Facilities;

/// <summary>
/// The screen of a facility over the real services: what is typed, what is refused and where, what somebody else did meanwhile, and the
/// try-out.
/// </summary>
public sealed class EditFacilityTests : PartsContext, IClassFixture<TestDatabase>, IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly TestDatabase _database;
    private readonly FacilityWorld _world;
    private readonly BunitAuthorizationContext _authorization;

    public EditFacilityTests(TestDatabase database)
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

    public override async Task InitializeAsync()
    {
        await _database.CleanAsync();
        var id = await _world.ReadAsync(async db =>
        {
            var user = db.AddAccount("daniela", Data.Access.Roles.Staff, "Daniela", "Torres");
            await db.SaveChangesAsync();
            return user.Id;
        });
        _authorization.SetAuthorized("daniela");
        _authorization.SetClaims(new Claim(ClaimTypes.NameIdentifier, id.ToString(CultureInfo.InvariantCulture)));
    }

    async Task IAsyncLifetime.DisposeAsync()
    {
        await _world.DisposeAsync();
        await DisposeAsync();
    }

    [Fact]
    public async Task Rules_are_typed_as_people_think_them_and_saved_as_minutes()
    {
        var page = Show(null);
        await TypeAsync(page, "#f-name", "Terraza", "onchange");
        await TypeAsync(page, "#f-maxminutes", "6");
        await TypeAsync(page, "#f-minnoticeminutes", "2");
        await page.InvokeAsync(() => UnitOf(page, "#f-minnoticeminutes").Change("1440"));
        await TypeAsync(page, "#f-slotminutes", "1,5");
        await TypeAsync(page, "#f-minminutes", "1.5");
        await TypeAsync(page, "#f-quotaspersonweek", "1");
        await TypeAsync(page, "#f-quotasapartmentmonth", "2");
        await TypeAsync(page, "#f-openlimit", "3");
        Assert.Contains("Se reserva por turnos de 1 h 30 min, entre 1 h 30 min y 6 horas.", Summary(page));
        Assert.Contains("Se reserva hasta 60 días antes y con al menos 2 días de anticipación.", Summary(page));
        Assert.Contains("Cada persona puede tener 1 a la semana.", Summary(page));

        await page.InvokeAsync(() => page.Find("form").Submit());
        var facility = await SavedAsync();
        page.WaitForAssertion(
            () =>
                Assert.EndsWith(
                    "/facilities/" + facility.Id, Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal),
            Patience
        );
        Assert.Equal(
            (90, 90, 360, 2880, 3),
            (facility.SlotMinutes, facility.MinMinutes, facility.MaxMinutes, facility.MinNoticeMinutes, facility.OpenLimit)
        );
        Assert.Equal(
            [(QuotaSubject.Person, QuotaPeriod.Week, 1), (QuotaSubject.Apartment, QuotaPeriod.Month, 2)],
            facility.Quotas.OrderBy(q => q.Subject).Select(q => (q.Subject, q.Period, q.Most))
        );
        Assert.Equal(7, facility.Hours.Count);
    }

    [Fact]
    public async Task What_is_refused_is_told_at_its_field_and_nothing_typed_is_lost()
    {
        var page = Show(null);
        await TypeAsync(page, "#f-name", "Terraza", "onchange");
        await TypeAsync(page, "#f-quotaspersonday", "0");
        await TypeAsync(page, "#f-cancelnoticeminutes", "90");
        await page.InvokeAsync(() => UnitOf(page, "#f-cancelnoticeminutes").Change("1440"));
        await TypeAsync(page, "#f-changenoticeminutes", "-");
        await page.InvokeAsync(() => page.Find("form").Submit());
        Assert.Contains("Escribe un número.", FieldOf(page, "#f-changenoticeminutes"), StringComparison.Ordinal);

        await TypeAsync(page, "#f-changenoticeminutes", "0");
        await page.InvokeAsync(() => page.Find("form").Submit());
        page.WaitForAssertion(
            () => Assert.Contains("Debe estar entre 1 y 1.000", FieldOf(page, "#f-quotaspersonday"), StringComparison.Ordinal),
            Patience
        );
        Assert.Contains("Debe estar entre 0 minutos y 60 días", FieldOf(page, "#f-cancelnoticeminutes"), StringComparison.Ordinal);
        Assert.Equal("Terraza", page.Find("#f-name").GetAttribute("value"));
        Assert.Equal("90", page.Find("#f-cancelnoticeminutes").GetAttribute("value"));
        Assert.Equal(0, await _world.ReadAsync(db => db.Facilities.CountAsync()));
    }

    [Fact]
    public async Task Hours_are_copied_and_those_over_midnight_are_put_in_words()
    {
        var page = Show(null);
        await page.InvokeAsync(() => page.Find("[aria-label='Sábado: Cierra']").Change("02:00"));
        Assert.Equal("hasta las 02:00 del domingo", page.Find(".night").TextContent);
        await page.InvokeAsync(() => page.Find("[aria-label='Domingo: Abre']").Change("01:00"));
        Assert.Contains("Estas horas se cruzan", page.Find(".weekday-bad").TextContent, StringComparison.Ordinal);
        await page.InvokeAsync(() => page.Find("[aria-label='Domingo: Abre']").Change("09:00"));
        Assert.Empty(page.FindAll(".weekday-bad"));

        await page.InvokeAsync(() => page.FindAll(".weekday")[5].QuerySelectorAll(".pop-list button")[0].Click());
        Assert.Equal(7, page.FindAll(".night").Count);
        Assert.Contains("Abre todos los días de 08:00 a 02:00 del día siguiente.", Summary(page));
    }

    [Fact]
    public async Task Somebody_elses_change_is_told_and_overwritten_only_by_choice()
    {
        var id = (await _world.FacilityAsync()).Id;
        var page = Show(id);
        await TypeAsync(page, "#f-capacity", "20");
        var rules = (await _world.Facilities.GetAsync(id, Staff, default)).Value.Rules;
        Assert.True((await _world.Facilities.SaveAsync(id, rules with { Deposit = 1 }, Staff, default)).Ok);

        await page.InvokeAsync(() => page.Find("form").Submit());
        page.WaitForAssertion(
            () => Assert.Contains("Alguien más guardó cambios", page.Find(".stale").TextContent, StringComparison.Ordinal),
            Patience
        );
        Assert.Equal("20", page.Find("#f-capacity").GetAttribute("value"));
        var saved = await SavedAsync();
        Assert.Equal((12, 1m), (saved.Capacity, saved.Deposit));

        await page.InvokeAsync(() => page.FindAll(".stale button")[1].Click());
        await page.InvokeAsync(() => page.Find("form").Submit());
        Assert.Equal(150_000m, (await SavedAsync(f => f.Capacity == 20)).Deposit);
    }

    [Fact]
    public async Task What_was_saved_by_somebody_else_can_be_taken_instead()
    {
        var id = (await _world.FacilityAsync()).Id;
        var page = Show(id);
        await TypeAsync(page, "#f-capacity", "20");
        var rules = (await _world.Facilities.GetAsync(id, Staff, default)).Value.Rules;
        await _world.Facilities.SaveAsync(id, rules with { Capacity = 30 }, Staff, default);
        await page.InvokeAsync(() => page.Find("form").Submit());
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll(".stale")), Patience);
        await page.InvokeAsync(() => page.FindAll(".stale button")[0].Click());
        page.WaitForAssertion(() => Assert.Equal("30", page.Find("#f-capacity").GetAttribute("value")), Patience);
        Assert.Empty(page.FindAll(".stale"));
    }

    [Fact]
    public async Task The_try_out_answers_what_is_typed_and_not_what_is_saved()
    {
        var facility = await _world.FacilityAsync(change: f => (f.MinMinutes, f.SlotMinutes) = (60, 60));
        var page = Show(facility.Id);
        page.WaitForAssertion(
            () => Assert.Contains("Sí, cualquiera puede", page.Find(".verdict").TextContent, StringComparison.Ordinal),
            Patience
        );
        Assert.Equal(21, page.FindAll(".try-rules li").Count);
        Assert.Contains("no aplica", page.Find("[data-rule=quota]").TextContent, StringComparison.Ordinal);

        await TypeAsync(page, "#f-maxminutes", "2");
        page.WaitForAssertion(
            () => Assert.Contains("lo impide 1 regla", page.Find(".verdict").TextContent, StringComparison.Ordinal),
            Patience
        );
        await TypeAsync(page, "#f-capacity", "1");
        page.WaitForAssertion(
            () => Assert.Contains("lo impiden 2 reglas", page.Find(".verdict").TextContent, StringComparison.Ordinal),
            Patience
        );
        Assert.Equal(["long", "people"], page.FindAll(".rule-bad").Select(li => li.GetAttribute("data-rule")));
        Assert.Contains("Pide 2 horas o menos", page.Find("[data-rule=long]").TextContent, StringComparison.Ordinal);

        await TypeAsync(page, "#f-minminutes", "3");
        page.WaitForAssertion(
            () =>
                Assert.Contains(
                    "El máximo no puede ser menor que el mínimo", page.Find(".try-answer").TextContent, StringComparison.Ordinal),
            Patience
        );
        Assert.Equal(240, (await SavedAsync()).MaxMinutes);
    }

    private IRenderedComponent<EditFacility> Show(long? id)
    {
        Services.GetRequiredService<NavigationManager>().NavigateTo(id is null ? "/facilities/new" : $"/facilities/{id}");
        var page = Render<EditFacility>(parameters => parameters.Add(p => p.Id, id));
        page.WaitForState(() => page.FindAll("#f-name").Count > 0, Patience);
        return page;
    }

    /// <summary>The one facility there is, as soon as it is saved as it should be.</summary>
    private async Task<Facility> SavedAsync(Func<Facility, bool>? done = null)
    {
        for (var tries = 0; ; tries++)
        {
            var facility = await _world.ReadAsync(db =>
                db.Facilities.Include(f => f.Quotas).Include(f => f.Hours).AsNoTracking().SingleOrDefaultAsync()
            );
            if (facility is not null && (done is null || done(facility))) return facility;
            Assert.True(tries < 200, "It was not saved.");
            await Task.Delay(100);
        }
    }

    private static Task TypeAsync(IRenderedComponent<EditFacility> page, string field, string text, string on = "oninput") =>
        page.InvokeAsync(() => on == "oninput" ? page.Find(field).InputAsync(text) : page.Find(field).ChangeAsync(text));

    private static IElement UnitOf(IRenderedComponent<EditFacility> page, string field) =>
        page.Find(field).Closest(".duration")!.QuerySelector("select")!;

    private static string FieldOf(IRenderedComponent<EditFacility> page, string field) => page.Find(field).Closest(".field")!.TextContent;

    private static List<string> Summary(IRenderedComponent<EditFacility> page) =>
        [.. page.FindAll(".sum li").Select(li => li.TextContent.Replace('\u00a0', ' '))];
}
