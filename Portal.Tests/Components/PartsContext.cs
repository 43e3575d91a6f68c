using System.Globalization;
using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Components.Layout;
using Portal.Components.Shared;
using Portal.Data;

namespace Portal.Tests.Components;

/// <summary>
/// What the shared parts need to be drawn alone: the words in Spanish, a building's clock that stands still, a browser that answers.
/// </summary>
public abstract class PartsContext : BunitContext
{
    protected PartsContext(string culture = "es")
    {
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(culture);
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddLocalization();
        Services.AddScoped<Preferences>();
        Services.AddScoped<Dialogs>();
        Services.AddScoped<Toasts>();
        Services.AddSingleton<TimeProvider>(new StandingClock());
        Services.TryAddSingleton(provider => new BuildingClock(
            provider.GetRequiredService<TimeProvider>(), TimeZoneInfo.FindSystemTimeZoneById(BuildingClock.DefaultZone)));
        AddBunitPersistentComponentState();
    }

    /// <summary>Friday 20 November 2026, 10:24 in the building.</summary>
    private sealed class StandingClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 11, 20, 15, 24, 0, TimeSpan.Zero);
    }
}
