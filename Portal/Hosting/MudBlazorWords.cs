using Microsoft.Extensions.Localization;
using MudBlazor;
using Portal.Resources;

namespace Portal.Hosting;

/// <summary>MudBlazor's own words ("Close", "Next month") in the person's language; those of parts that the portal does not use stay its
/// own.</summary>
public sealed class MudBlazorWords(IStringLocalizer<MudWords> words) : MudLocalizer
{
    public override LocalizedString this[string key] => words[key];

    public override LocalizedString this[string key, params object[] arguments] => words[key, arguments];
}
