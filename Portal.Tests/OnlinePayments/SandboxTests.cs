using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Areas.OnlinePayments;
using Portal.Data;
using Portal.Data.OnlinePayments;
using Portal.Tests.Ledger;
using Portal.Tests.Payments;
using Portal.Tests.Server;

namespace Portal.Tests.OnlinePayments;

/// <summary>The sandbox is called over HTTP and calls back over HTTP: the whole way of a payment, as a resident makes it there.</summary>
public sealed class SandboxTests(TestDatabase database) : LedgerTest(database)
{
    private const string Secret = "of the test";

    private WebApplication _app = null!;
    private HttpClient _browser = null!;
    private Uri _home = null!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddHttpClient();
        builder.Services.AddSingleton<TimeProvider>(new StoppedClock(new(2026, 11, 20, 15, 24, 0, DateTimeKind.Utc)))
            .AddSingleton(new SandboxOptions(() => _home, () => new Uri(_home, "events"), Secret))
            .AddSingleton<SandboxGateway>().AddSingleton<SandboxProvider>();
        _app = builder.Build();
        OnlineEndpoints.MapSandbox(_app);
        _app.MapPost("/events", async (HttpContext http) =>
        {
            var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body);
            var answer = await Gate.ReceiveAsync(body.ToArray(), http.Request.Headers[SandboxGateway.SignatureHeader], default);
            return answer == EventAnswer.Taken ? Results.NoContent() : Results.StatusCode(503);
        });
        await _app.StartAsync();
        _home = new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/");
        _browser = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
    }

    public override async Task DisposeAsync()
    {
        _browser.Dispose();
        await _app.DisposeAsync();
        await base.DisposeAsync();
    }

    private SandboxProvider Provider => _app.Services.GetRequiredService<SandboxProvider>();

    private OnlineDesk Gate =>
        new(World.Store, World.Get<BuildingClock>(), World.Desk, [Provider], NullLogger<OnlineDesk>.Instance);

    [Theory]
    [InlineData(SandboxChoice.Approve, OnlineState.Approved, 1)]
    [InlineData(SandboxChoice.Twice, OnlineState.Approved, 1)]
    [InlineData(SandboxChoice.Disorder, OnlineState.Approved, 1)]
    [InlineData(SandboxChoice.Less, OnlineState.Review, 0)]
    [InlineData(SandboxChoice.Decline, OnlineState.Declined, 0)]
    [InlineData(SandboxChoice.Pending, OnlineState.Pending, 0)]
    public async Task What_is_chosen_on_its_page_comes_back_as_a_signed_event(SandboxChoice choice, OnlineState state, int receipts)
    {
        var (home, code) = await BegunAsync();
        var answer = await ChooseAsync(code, choice);
        Assert.Equal((HttpStatusCode.Redirect, $"/payments/online/{code}"), (answer.StatusCode, answer.Headers.Location!.PathAndQuery));
        await UntilAsync(code, state);
        Assert.Equal(receipts, await World.ReadAsync(db => db.Payments.CountAsync()));

        // What was chosen is over; a second press finds nothing to choose.
        if (state == OnlineState.Approved) await ChooseAsync(code, SandboxChoice.Decline);
        Assert.True((await Gate.RefreshAsync(code, home.User, default)).Ok);
        Assert.Equal(state, await StateAsync(code));
    }

    [Fact]
    public async Task What_is_never_told_is_found_by_asking_and_pending_money_arrives_later()
    {
        var (home, code) = await BegunAsync();
        await ChooseAsync(code, SandboxChoice.Pending);
        await UntilAsync(code, OnlineState.Pending);
        await ChooseAsync(code, SandboxChoice.Silent);
        Assert.Equal(OnlineState.Pending, await StateAsync(code));
        Assert.True((await Gate.RefreshAsync(code, home.User, default)).Ok);
        Assert.Equal(OnlineState.Approved, await StateAsync(code));
        Assert.Equal(1, await World.ReadAsync(db => db.Payments.CountAsync()));
    }

    [Fact]
    public async Task What_it_pays_out_and_gives_back_is_in_the_books()
    {
        var (_, code) = await BegunAsync();
        await ChooseAsync(code, SandboxChoice.Approve);
        await UntilAsync(code, OnlineState.Approved);
        var paid = _app.Services.GetRequiredService<SandboxGateway>().Settle(Today)!;
        Assert.Equal((300_000m, 8_650m), (paid.Amount, paid.Fee));
        await UntilAsync(async () => await World.ReadAsync(db => db.OnlineSettlements.AnyAsync()));
        Assert.Equal(291_350m, await BalanceAsync(Of.Bank));
        Assert.Null(_app.Services.GetRequiredService<SandboxGateway>().Settle(Today));

        var id = await World.ReadAsync(db => db.OnlinePayments.Select(p => p.Id).SingleAsync());
        Assert.True((await Gate.RefundAsync(id, Admin, default)).Ok);
        await UntilAsync(code, OnlineState.Refunded);
        // The gateway will keep it back from what it pays out next.
        Assert.Equal(-300_000m, await BalanceAsync(Of.Gateway));
        Assert.True((await ProofAsync()).Agrees);
    }

    [Fact]
    public async Task Who_does_not_know_the_secret_is_not_heard()
    {
        var (_, code) = await BegunAsync();
        var body = Encoding.UTF8.GetBytes("{\"id\":\"evt_1\",\"type\":\"payment\",\"report\":{\"code\":\"" + code + "\",\"state\":\"approved\",\"amount\":300000,\"currency\":\"COP\",\"at\":\"2026-11-20T15:00:00Z\"}}");
        var signed = SandboxGateway.Sign(body, Secret, DateTimeOffset.UtcNow);
        Assert.True(Provider.TryRead(body, signed, out var heard));
        Assert.Equal((code, OnlineState.Approved, 300_000m), (heard!.Report!.Code, heard.Report.State, heard.Report.Amount));
        foreach (var forged in new[]
        {
            SandboxGateway.Sign(body, "another", DateTimeOffset.UtcNow), "", "v1=", "t=1", "t=1,v1=" + new string('0', 64), signed.Replace("t=", "t=1"),
            signed + "0",
        })
            Assert.False(Provider.TryRead(body, forged, out _), forged);
        body[^3] ^= 1;
        Assert.False(Provider.TryRead(body, signed, out _));
        var nonsense = Encoding.UTF8.GetBytes("[1,2");
        Assert.False(Provider.TryRead(nonsense, SandboxGateway.Sign(nonsense, Secret, DateTimeOffset.UtcNow), out _));
        Assert.Equal(HttpStatusCode.Unauthorized, (await _browser.GetAsync(new Uri(_home, $"sandbox/api/orders/{code}"))).StatusCode);
    }

    [Fact]
    public async Task A_sandbox_that_is_gone_takes_nothing()
    {
        await _app.StopAsync();
        var home = await World.HomeAsync();
        await World.ChargeAsync(home, 300_000m);
        Assert.Equal("online.away", (await Gate.StartAsync(home.Id, 300_000m, "x", _home, home.User, default)).Error!.Code);
    }

    private async Task<(PaymentWorld.Home Home, string Code)> BegunAsync()
    {
        var home = await World.HomeAsync();
        await World.ChargeAsync(home, 300_000m);
        var begun = await Gate.StartAsync(home.Id, 300_000m, "Administración", _home, home.User, default);
        Assert.True(begun.Ok, begun.Error?.Code);
        Assert.StartsWith(new Uri(_home, "sandbox/pay/sbx_").ToString(), begun.Value.PayAddress, StringComparison.Ordinal);
        return (home, begun.Value.Code);
    }

    private async Task<HttpResponseMessage> ChooseAsync(string code, SandboxChoice choice)
    {
        var id = _app.Services.GetRequiredService<SandboxGateway>().ByCode(code)!.Id;
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("choice", choice.ToString())]);
        return await _browser.PostAsync(new Uri(_home, $"sandbox/choose/{id}"), form);
    }

    private Task<OnlineState> StateAsync(string code) =>
        World.ReadAsync(db => db.OnlinePayments.Where(p => p.Code == code).Select(p => p.State).SingleAsync());

    private Task UntilAsync(string code, OnlineState state) => UntilAsync(async () => await StateAsync(code) == state);

    /// <summary>Events come when they come.</summary>
    private static async Task UntilAsync(Func<Task<bool>> so)
    {
        for (var tries = 0; tries < 300; tries++)
        {
            if (await so()) return;
            await Task.Delay(100);
        }

        Assert.Fail("It did not come to be so in 30 seconds.");
    }
}
