using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Portal.Data.OnlinePayments;
using Portal.Hosting;

namespace Portal.Areas.OnlinePayments;

/// <summary>Where a gateway tells what happened; and the sandbox, where the portal has it.</summary>
public sealed class OnlineEndpoints : WebArea
{
    /// <summary>Of an event, in bytes.</summary>
    private const int LargestEvent = 32 * 1024;

    public override void Register(IServiceCollection services) => services.AddSingleton<PayLink>();

    public override void Map(IEndpointRouteBuilder app)
    {
        app.MapPost("/payments/online/events", EventAsync).AllowAnonymous().DisableAntiforgery();
        if (app.ServiceProvider.GetService<SandboxGateway>() is not null) MapSandbox(app);
    }

    /// <summary>What a real gateway would offer at its own address.</summary>
    public static void MapSandbox(IEndpointRouteBuilder app)
    {
        var api = app.MapGroup("/sandbox/api").AllowAnonymous().DisableAntiforgery();
        api.MapPost("/orders", (ProviderOrder order, HttpContext http, SandboxGateway gateway) =>
        {
            if (!Knows(http, gateway)) return Refused(StatusCodes.Status401Unauthorized);
            var begun = gateway.Begin(order);
            var page = new Uri(new Uri(order.ReturnTo), $"/sandbox/pay/{begun.Id}").ToString();
            return Results.Json(new ProviderStart(begun.Id, page), SandboxGateway.Json);
        });
        api.MapGet("/orders/{code}", (string code, HttpContext http, SandboxGateway gateway) =>
            !Knows(http, gateway) ? Refused(StatusCodes.Status401Unauthorized)
            : gateway.ByCode(code) is { } order ? Results.Json(SandboxGateway.Report(order), SandboxGateway.Json)
            : Refused(StatusCodes.Status404NotFound));
        api.MapPost("/orders/{code}/refund", (string code, HttpContext http, SandboxGateway gateway) =>
            !Knows(http, gateway) ? Refused(StatusCodes.Status401Unauthorized)
            : !gateway.Refund(code) ? Refused(StatusCodes.Status409Conflict)
            : Results.Json(SandboxGateway.Report(gateway.ByCode(code)!), SandboxGateway.Json));
        app.MapPost("/sandbox/choose/{id}", ChooseAsync).AllowAnonymous().DisableAntiforgery();
    }

    private static async Task<IResult> EventAsync(HttpContext http, OnlineDesk desk, CancellationToken ct)
    {
        var body = new MemoryStream();
        var piece = new byte[8 * 1024];
        for (int read; (read = await http.Request.Body.ReadAsync(piece, ct)) > 0;)
        {
            if (body.Length + read > LargestEvent) return Refused(StatusCodes.Status413PayloadTooLarge);
            body.Write(piece, 0, read);
        }

        return await desk.ReceiveAsync(body.ToArray(), http.Request.Headers[SandboxGateway.SignatureHeader], ct) switch
        {
            EventAnswer.Taken => Results.NoContent(),
            EventAnswer.NotSigned => Refused(StatusCodes.Status401Unauthorized),
            _ => Refused(StatusCodes.Status503ServiceUnavailable),
        };
    }

    /// <summary>The button that a person pressed on the sandbox's page; then back to the portal, as gateways send one.</summary>
    private static async Task<IResult> ChooseAsync(string id, HttpContext http, SandboxGateway gateway, CancellationToken ct)
    {
        var form = await http.Request.ReadFormAsync(ct);
        if (gateway.ById(id) is not { } order || !Enum.TryParse<SandboxChoice>(form["choice"], out var choice)) return Results.NotFound();
        gateway.Choose(id, choice);
        return Results.Redirect(order.ReturnTo);
    }

    /// <summary>With a body: what has none is answered with a page for people, and that wants a form's token.</summary>
    private static IResult Refused(int status) => Results.Json(new { status }, statusCode: status);

    private static bool Knows(HttpContext http, SandboxGateway gateway) => CryptographicOperations.FixedTimeEquals(
        Encoding.UTF8.GetBytes(http.Request.Headers.Authorization.ToString()), Encoding.UTF8.GetBytes("Bearer " + gateway.Secret));
}

/// <summary>Which gateway the building has: <c>OnlinePayments:Provider</c>.</summary>
public static class OnlineSetting
{
    public const string Setting = "OnlinePayments:Provider";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Why the portal must not start with this configuration; null where nothing is wrong.</summary>
    public static string? Problem(IConfiguration configuration, IHostEnvironment environment) =>
        configuration[Setting] switch
        {
            null or "" => null,
            SandboxProvider.ProviderName when environment.IsDevelopment() => null,
            SandboxProvider.ProviderName =>
                $"{Setting} is 'sandbox', where whoever likes says that they paid, and this is {environment.EnvironmentName}: remove it and start again.",
            var other => $"{Setting} is '{other}', and the portal knows only 'sandbox': remove it and start again.",
        };

    public static IServiceCollection AddOnlinePayments(this IServiceCollection services, IConfiguration configuration, IHostEnvironment environment)
    {
        services.AddHttpClient(nameof(SandboxGateway), client => client.Timeout = Patience);
        if (configuration[Setting] != SandboxProvider.ProviderName || Problem(configuration, environment) is not null) return services;
        return services
            .AddSingleton(provider => new SandboxOptions(
                () => Loopback(provider), () => new Uri(Loopback(provider), "payments/online/events"),
                Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)),
                string.IsNullOrWhiteSpace(configuration.GetConnectionString("Portal"))
                    ? Path.Combine(PortalDatabase.FolderFrom(configuration["Database:Folder"] ?? ".data"), "sandbox.json") : null))
            .AddSingleton<SandboxGateway>()
            .AddSingleton<IPaymentProvider, SandboxProvider>();
    }

    /// <summary>Where this portal listens, from this machine.</summary>
    private static Uri Loopback(IServiceProvider services)
    {
        var listens = services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault(a =>
            a.StartsWith("http://", StringComparison.Ordinal))
            ?? throw new InvalidOperationException("The sandbox needs the portal to listen on HTTP.");
        var port = listens[(listens.LastIndexOf(':') + 1)..].TrimEnd('/');
        return new Uri($"http://127.0.0.1:{port}/");
    }
}
