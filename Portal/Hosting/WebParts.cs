using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Localization;
using Microsoft.Extensions.DependencyInjection.Extensions;
using MudBlazor;
using MudBlazor.Services;
using Portal.Components;
using Portal.Components.Layout;
using Portal.Components.Shared;
using Portal.Data;

namespace Portal.Hosting;

/// <summary>What the screens need: Razor components with the interactive server, the two languages and the shell's own services.</summary>
public static class WebParts
{
    private static readonly string[] Cultures = ["es", "en"];

    public static IServiceCollection AddWebParts(this IServiceCollection services)
    {
        // Pages are UTF-8: an accent is two bytes, written out it would be six.
        services.AddSingleton(HtmlEncoder.Create(
            UnicodeRanges.BasicLatin, UnicodeRanges.Latin1Supplement, UnicodeRanges.LatinExtendedA, UnicodeRanges.GeneralPunctuation));
        services.AddRazorComponents().AddInteractiveServerComponents()
            .AddHubOptions(hub => hub.MaximumReceiveMessageSize = RequestSizes.CircuitMessage)
            .RegisterPersistentService<LiveStart>(RenderMode.InteractiveServer);
        services.AddScoped<LiveStart>();
        services.AddSingleton<AddressLimiter>();
        services.AddCascadingAuthenticationState();
        services.AddWords();
        services.Configure<RequestLocalizationOptions>(options =>
        {
            options.SetDefaultCulture("es").AddSupportedCultures(Cultures).AddSupportedUICultures(Cultures);
            // The person's choice (cookie), else the browser's; an address never changes the language by itself.
            options.RequestCultureProviders = [new CookieRequestCultureProvider(), new AcceptLanguageHeaderRequestCultureProvider()];
        });
        services.AddMudServices(mud =>
        {
            mud.SnackbarConfiguration.PositionClass = Defaults.Classes.Position.BottomCenter;
            // Each act that waits has its undo in sight: three of them, and what came of two before.
            mud.SnackbarConfiguration.MaxDisplayedSnackbars = 5;
            mud.SnackbarConfiguration.NewestOnTop = false;
            mud.SnackbarConfiguration.ShowTransitionDuration = 150;
            mud.SnackbarConfiguration.HideTransitionDuration = 150;
        });
        services.AddTransient<MudLocalizer, MudBlazorWords>();
        services.AddSingleton<ThemeSheet>();
        services.AddScoped<ShellState>();
        services.AddScoped<Preferences>();
        services.AddScoped<Dialogs>();
        services.AddScoped<Toasts>();
        services.AddScoped<PostponedActs>();

        // Defaults that the composition replaces with the building's own data.
        services.TryAddScoped<ShellSource>(_ => (_, _) => Task.FromResult<ShellModel?>(null));
        services.TryAddScoped<ShellSearch>(_ => (_, _, _) => Task.FromResult<IReadOnlyList<SearchHit>>([]));
        services.TryAddScoped<SignInScene>(_ => _ => Task.FromResult(new SignInModel("Vallhalla", [], [], null)));
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => new BuildingClock(
            provider.GetRequiredService<TimeProvider>(), TimeZoneInfo.FindSystemTimeZoneById(BuildingClock.DefaultZone)));
        return services;
    }

    /// <summary>The workbench exists in Development only; elsewhere its addresses are as if there were none.</summary>
    public static void UseWorkbench(this WebApplication app)
    {
        if (app.Environment.IsDevelopment()) return;
        app.Use((http, next) =>
        {
            if (!http.Request.Path.StartsWithSegments("/_parts")) return next(http);
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
    }

    public static void MapWebParts(this WebApplication app)
    {
        // Work that no request or circuit started has no language of its own; without this it would print the keys of the words.
        CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.GetCultureInfo(Cultures[0]);
        app.MapPreferences();
        app.Services.GetRequiredService<ThemeSheet>().Map(app);
        app.MapStaticAssets().AllowAnonymous();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode();
    }
}
