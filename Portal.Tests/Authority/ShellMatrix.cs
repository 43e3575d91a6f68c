using Portal.Data.Operations;

namespace Portal.Tests.Authority;

/// <summary>What surrounds the areas: preferences, the pages for what goes wrong, settings.</summary>
public sealed class ShellMatrix : AreaMatrix
{
    public override IEnumerable<Entry> Entries =>
        [
            Open<SettingsService>(nameof(SettingsService.GetAsync), "name and address of the building, shown before signing in"),
            Method<SettingsService>(
                nameof(SettingsService.SaveAsync),
                (s, user, _) => Of(s.SaveAsync(new BuildingSettings { Name = "Another" }, user, default)), Who.Admin),
            Endpoint(HttpMethod.Get, "/culture", "/culture?to=en&return=/sign-in", Everybody),
            Endpoint(HttpMethod.Get, "/theme", "/theme?to=dark&return=/sign-in", Everybody),
            Endpoint(HttpMethod.Get, "/theme/palette.css", "/theme/palette.css", Everybody),
            Page("/error", Everybody),
            Page("/forbidden", Everybody),
            Page("/not-found", Everybody),
            Page("/status/400", Everybody),
            Page("/status/403", Everybody),
            Page("/status/404", Everybody),
            Page("/status/{Code:int}", "/status/405", Everybody),
        ];
}
