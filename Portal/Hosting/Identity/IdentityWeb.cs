using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Portal.Areas.Account;
using Portal.Components.Layout;
using Portal.Data.Building;
using Portal.Data.Identity;

namespace Portal.Hosting.Identity;

/// <summary>Sessions and permissions of the web portal. Every address asks for a sign-in unless it says otherwise.</summary>
public static class IdentityWeb
{
    public const string SignInPath = "/sign-in";
    public const string PasswordPath = "/account/password";
    public const string SetupPath = "/setup";
    public const string SecurityPath = "/account/security";

    /// <summary>The query's name for where to go after signing in; local addresses only.</summary>
    public const string Return = "return";

    /// <summary>Call after <c>AddWebParts</c>: the last registered state provider is the one circuits use.</summary>
    public static IServiceCollection AddPortalIdentity(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddHttpContextAccessor();
        KeyCertificate.Protect(services.AddDataProtection().SetApplicationName("Vallhalla"), configuration);
        services.AddOptions<KeyManagementOptions>().Configure<DataProtectionKeys>((options, keys) => options.XmlRepository = keys);
        services.AddSingleton<DataProtectionKeys>();

        services.AddAuthentication(IdentityConstants.ApplicationScheme).AddCookie(IdentityConstants.ApplicationScheme, options =>
        {
            options.Cookie.Name = "vallhalla.session";
            options.Cookie.HttpOnly = true;
            options.Cookie.SameSite = SameSiteMode.Lax;
            options.LoginPath = SignInPath;
            options.ReturnUrlParameter = Return;
            options.Events.OnValidatePrincipal = SessionCookies.ValidateAsync;
            options.Events.OnRedirectToAccessDenied = Forbid;
        });
        services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        services.AddSingleton<IAuthorizationPolicyProvider, PermissionPolicies>();
        services.AddSingleton<IAuthorizationHandler, PermissionHandler>();
        services.AddScoped<IClaimsTransformation, FreshClaims>();

        services.AddScoped<AuthenticationStateProvider, CircuitSession>();
        services.AddScoped<CircuitHandler, CircuitSessionWatch>();
        services.AddScoped<Me>();
        services.AddScoped<SessionCookies>();
        services.AddSingleton<KnownDevices>();
        services.AddSingleton<HalfSignIns>();
        services.AddScoped<FreshPrompt>();
        services.AddSingleton<SignInLimiter>();
        services.AddHostedService<SetupToken>();
        services.AddScoped<SignInScene>(provider => provider.GetRequiredService<PublicBuildingSource>().SceneAsync);
        return services;
    }

    /// <summary>Who it is, then whether they may. Before <c>UseAntiforgery</c>, which ties its tokens to the person.</summary>
    public static void UsePortalIdentity(this WebApplication app)
    {
        app.UseAuthentication();
        app.Use(WaitForDatabase);
        app.Use(SendToPasswordAsync);
        app.UseAuthorization();
    }

    /// <summary>Forms need their token; one that has none that holds is answered with a page that says what to do.</summary>
    public static void UsePortalAntiforgery(this WebApplication app)
    {
        app.UseAntiforgery();
        app.Use(
            (http, next) =>
            {
                var stale =
                    http.Features.Get<IAntiforgeryValidationFeature>() is { IsValid: false }
                    && http.Features.Get<IStatusCodeReExecuteFeature>() is null;
                if (!stale) return next(http);
                app.Logger.LogInformation("Refused: a form without its token for {Path}", http.Request.Path.ToUriComponent());

            // The page that answers is shown, not submitted: it must not try to read the refused form.
            http.Request.Method = HttpMethods.Get;
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            return Task.CompletedTask;
        });
    }

    public static void MapPortalIdentity(this WebApplication app) =>
        // Before the page of the same address, which asks who comes here by a link.
        app.MapPost("/sign-out", SignOutAsync).AllowAnonymous().WithOrder(-1);

    private static async Task<IResult> SignOutAsync(HttpContext http, IAntiforgery antiforgery, Me me, SessionService sessions)
    {
        if (!await antiforgery.IsRequestValidAsync(http)) return Results.LocalRedirect("/sign-out");
        var user = await me.GetAsync(http.RequestAborted);

        // Nobody knows them while the database is away; their ticket says whose session it is all the same.
        if (user.AccountId is null && http.User.Ticket() is { } ticket)
            user = user with { Id = ticket.AccountId, SessionId = ticket.SessionId, Name = http.User.Identity?.Name ?? "" };
        await sessions.LeaveAsync(user, CancellationToken.None);
        await SessionCookies.EndAsync(http);

        // Photos and scripts that the browser kept. Not its storage: on a device of the gate that holds what was not delivered yet.
        http.Response.Headers["Clear-Site-Data"] = "\"cache\"";
        return Results.LocalRedirect(SignInPath + "?after=left");
    }

    private static async Task<SignInModel> SceneAsync(this PublicBuildingSource source, CancellationToken ct)
    {
        var building = await source.GetAsync(ct);
        string[] lines = [building.LegalName, string.Join(", ", new[] { building.Address, building.City }.Where(part => part.Length > 0))];
        return new SignInModel(building.Name, [.. lines.Where(line => line.Length > 0)], [.. building.Towers.Select(Draw)], building.Phone);
    }

    /// <summary>Over the roof stands what tells the towers apart: B of "Torre B".</summary>
    private static FacadeTower Draw(PublicTower tower) =>
        new(tower.Name[(tower.Name.LastIndexOf(' ') + 1)..], tower.Floors, tower.PerFloor == 0 ? 4 : tower.PerFloor);

    /// <summary>A signed-in person who may not: 403 where they are, drawn by the status pages.</summary>
    private static Task Forbid(RedirectContext<CookieAuthenticationOptions> context)
    {
        // The address as it travels: in that form it cannot begin a line of the log.
        var http = context.HttpContext;
        http.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("Portal.Access").LogWarning(
            "Refused: account {Account} may not {Method} {Path}", http.User.AccountId(), http.Request.Method,
            http.Request.Path.ToUriComponent());
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    }

    /// <summary>
    /// Somebody whose account cannot be asked about, and was not known before, is not signed out for it: nothing works for the moment.
    /// </summary>
    private static Task WaitForDatabase(HttpContext http, RequestDelegate next)
    {
        if (http.User.AccountId() is null || FreshClaims.Knows(http.User)) return next(http);
        if (http.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is not null) return next(http);
        http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        http.Response.Headers.RetryAfter = "5";
        return Task.CompletedTask;
    }

    /// <summary>
    /// Whose password was set by somebody else chooses their own before anything else; then comes the second step, where it is due.
    /// </summary>
    private static Task SendToPasswordAsync(HttpContext http, RequestDelegate next)
    {
        var page =
            HttpMethods.IsGet(http.Request.Method)
            && http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal);
        var must = http.User.HasClaim(PortalClaims.MustChangePassword, "true");
        var enrol = http.User.HasClaim(PortalClaims.MustEnrol, "true");
        if (!page || !must && !enrol) return next(http);
        var path = http.Request.Path;
        if (path.StartsWithSegments("/sign-out") || path == PasswordPath || path == SecurityPath || path == FreshRequests.Path)
            return next(http);
        if (must && path.StartsWithSegments("/account")) return next(http);
        if (http.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is not null) return next(http);
        http.Response.Redirect(must ? PasswordPath : SecurityPath);
        return Task.CompletedTask;
    }
}
