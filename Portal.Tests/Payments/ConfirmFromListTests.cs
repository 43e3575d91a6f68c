using System.Security.Claims;
using Bunit;
using Bunit.TestDoubles;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Logging.Abstractions;
using MudBlazor;
using Portal.Areas.Payments;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Database;
using Portal.Data.Payments;
using Portal.Hosting.Identity;
using Portal.Resources;
using Portal.Tests.Components;
using Portal.Tests.Server;
using Xunit;

namespace Portal.Tests.Payments;

/// <summary>A payment is confirmed from the list: a few seconds to take it back, once, and whoever leaves has meant it.</summary>
public sealed class ConfirmFromListTests : PartsContext, IClassFixture<TestDatabase>, IAsyncLifetime
{
    private readonly TestDatabase _database;
    private readonly PaymentWorld _world;
    private TimeSpan _wait = TimeSpan.FromMilliseconds(300);
    private CurrentUser _laura = CurrentUser.Nobody;
    private IRenderedComponent<MudSnackbarProvider> _toasts = null!;
    private PaymentWorld.Home _home = null!;
    private long _id;

    public ConfirmFromListTests(TestDatabase database)
    {
        (_database, _world) = (database, new PaymentWorld(database));
        Services.AddPortalData(
            options => options.UseDatabase(database.ConnectionString), TimeZoneInfo.FindSystemTimeZoneById(BuildingClock.DefaultZone));
        Services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        Services.AddHttpContextAccessor();
        Services.AddScoped<Me>();
        Services.AddScoped(provider => new PostponedActs(
            provider.GetRequiredService<Toasts>(), provider.GetRequiredService<IStringLocalizer<SharedWords>>(),
            NullLogger<PostponedActs>.Instance)
        {
            Wait = _wait,
        });
    }

    public override async Task InitializeAsync()
    {
        await _database.CleanAsync();
        _home = await _world.HomeAsync();
        await _world.ChargeAsync(_home, 480_000);
        _id = await _world.ReportedAsync(_home, 480_000, "PSE 1");
        _laura = await _world.WorkerAsync(Roles.Staff, "Laura", "Prieto");
        var person = this.AddAuthorization();
        person.SetAuthorized("laura");
        person.SetClaims(new Claim(ClaimTypes.NameIdentifier, $"{_laura.Id}"));
    }

    public new async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await _world.DisposeAsync();
    }

    [Fact]
    public async Task A_payment_waits_with_an_undo_that_names_it_and_a_double_press_confirms_once()
    {
        var list = Open();
        Assert.Equal($"Confirmar el pago de {Name}", Button(list).GetAttribute("aria-label"));

        await list.InvokeAsync(() => Button(list).Click());
        await list.InvokeAsync(() => Button(list).Click());
        Assert.Equal("true", Button(list).GetAttribute("aria-disabled"));
        var toast = Assert.Single(_toasts.FindAll(".mud-snackbar"));
        Assert.Contains($"Se confirma el pago de {Name}", toast.TextContent, StringComparison.Ordinal);
        Assert.Null(await ReceiptAsync());

        list.WaitForAssertion(() => Assert.Contains("RC-2026-000001", list.Find("tbody tr").TextContent, StringComparison.Ordinal));
        _toasts.WaitForAssertion(() =>
            Assert.Contains("confirmado: recibo RC-2026-000001", Assert.Single(_toasts.FindAll(".mud-snackbar")).TextContent));
        Assert.Equal("RC-2026-000001", await ReceiptAsync());
    }

    [Fact]
    public async Task What_was_taken_back_is_not_done()
    {
        _wait = TimeSpan.FromSeconds(2);
        var list = Open();
        await list.InvokeAsync(() => Button(list).Click());

        await _toasts.InvokeAsync(() => _toasts.Find(".mud-snackbar button").Click());

        list.WaitForAssertion(() => Assert.Null(Button(list).GetAttribute("aria-disabled")));
        await Task.Delay(_wait + TimeSpan.FromMilliseconds(300));
        Assert.Null(await ReceiptAsync());
        Assert.Equal(PaymentState.Pending, await _world.ReadAsync(db => db.Payments.Select(p => p.StatusId).SingleAsync()));
        Assert.False(Services.GetRequiredService<PostponedActs>().Waits($"payment.confirm.{_id}"));
    }

    [Fact]
    public async Task Whoever_closes_the_portal_meant_it()
    {
        _wait = TimeSpan.FromMinutes(5);
        var list = Open();
        await list.InvokeAsync(() => Button(list).Click());
        Assert.Null(await ReceiptAsync());

        // As the end of a circuit does.
        await Services.GetRequiredService<PostponedActs>().DisposeAsync();
        Assert.Equal("RC-2026-000001", await ReceiptAsync());
    }

    [Fact]
    public async Task Another_who_confirmed_it_in_the_meantime_is_named()
    {
        var list = Open();
        await list.InvokeAsync(() => Button(list).Click());
        Assert.True((await _world.Desk.ConfirmAsync(_id, await _world.AdminAsync(), default)).Ok);

        _toasts.WaitForAssertion(() => Assert.Contains("Carolina Mejía", _toasts.Markup, StringComparison.Ordinal));
        Assert.Contains($"No se confirmó el pago de {Name}", _toasts.Markup, StringComparison.Ordinal);
        list.WaitForAssertion(() => Assert.Contains("RC-2026-000001", list.Find("tbody tr").TextContent, StringComparison.Ordinal));
    }

    private string Name => $"Andrea Ruiz, B {_home.Number}, $ 480.000";

    private IRenderedComponent<PaymentList> Open()
    {
        SetRendererInfo(new RendererInfo("Server", isInteractive: true));
        Services.GetRequiredService<NavigationManager>().NavigateTo("/payments");
        _toasts = Render<MudSnackbarProvider>();
        var list = Render<PaymentList>(parameters => parameters.Add(p => p.User, _laura));
        list.WaitForElement("tbody .btn-cell");
        return list;
    }

    private static AngleSharp.Dom.IElement Button(IRenderedComponent<PaymentList> list) => list.Find("tbody .btn-cell");

    private Task<string?> ReceiptAsync() => _world.ReadAsync(db => db.Payments.Select(p => p.ReceiptNumber).SingleAsync());
}
