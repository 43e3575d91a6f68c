using Portal.Areas.OnlinePayments;
using System.Globalization;
using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using MudBlazor.Services;
using Portal.Components.Layout;
using Portal.Areas.Account;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Hosting;
using Xunit;

namespace Portal.Tests.Components;

/// <summary>
/// What the shared parts need to be drawn alone: the words in Spanish, a building's clock that stands still, a browser that answers.
/// </summary>
public abstract class PartsContext : BunitContext, IAsyncLifetime
{
    protected PartsContext(string culture = "es")
    {
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(culture);
        JSInterop.Mode = JSRuntimeMode.Loose;
        // A busy machine is late; what never comes still fails.
        DefaultWaitTimeout = TimeSpan.FromSeconds(10);
        Services.AddWords();
        Services.AddMudServices(mud => mud.SnackbarConfiguration.ShowTransitionDuration = mud.SnackbarConfiguration.HideTransitionDuration = 0);
        Services.AddSingleton<PayLink>();
        Services.AddScoped<Preferences>();
        Services.AddScoped<Dialogs>();
        Services.AddScoped<FreshPrompt>();
        Services.AddScoped<Toasts>();
        Services.AddScoped<PostponedActs>();
        Services.AddScoped<LiveStart>();
        Services.AddSingleton<TimeProvider>(new StandingClock());
        Services.TryAddSingleton(provider => new BuildingClock(
            provider.GetRequiredService<TimeProvider>(), TimeZoneInfo.FindSystemTimeZoneById(BuildingClock.DefaultZone)));
        AddBunitPersistentComponentState();
    }

    public virtual Task InitializeAsync() => Task.CompletedTask;

    // MudBlazor's services can only be let go asynchronously.
    async Task IAsyncLifetime.DisposeAsync() => await DisposeAsync();

    /// <summary>Friday 20 November 2026, 10:24 in the building.</summary>
    private sealed class StandingClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 11, 20, 15, 24, 0, TimeSpan.Zero);
    }
}
