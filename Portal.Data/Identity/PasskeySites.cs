using Microsoft.Extensions.Options;
using Portal.Data.Operations;

namespace Portal.Data.Identity;

/// <summary>Where passkeys hold.</summary>
/// <param name="RpId">The domain, without port: <c>portal.example.org</c>.</param>
/// <param name="Origin">What a browser must say it was at: <c>https://portal.example.org</c>.</param>
/// <param name="Name">As the device shows it.</param>
public sealed record PasskeySite(string RpId, string Origin, string Name);

/// <summary>
/// Passkeys belong to the building's public address (<see cref="BuildingSettings.PublicAddress"/>) and to nothing a request says. What a
/// request says only decides whether they are offered there: at another address of the portal no browser would give them.
/// </summary>
public sealed class PasskeySites(SettingsService settings, IOptions<AccountOptions> options)
{
    /// <param name="at">The address that the person has in their browser.</param>
    /// <returns>Null where there are none at that address.</returns>
    public async ValueTask<PasskeySite?> FindAsync(Uri at, CancellationToken ct)
    {
        var building = await settings.GetAsync(ct);
        if (Public(building.PublicAddress) is { } address && Same(address.IdnHost, at.IdnHost))
            return new PasskeySite(address.IdnHost, Origin(address), building.Name);
        return options.Value.PasskeysOnLocalhost && Same(at.IdnHost, "localhost")
            ? new PasskeySite("localhost", Origin(at), building.Name)
            : null;
    }

    /// <summary>The domains for which passkeys work now. Those for an address that the portal had before open nothing.</summary>
    internal async ValueTask<IReadOnlyList<string>> CurrentAsync(CancellationToken ct)
    {
        List<string> domains = [];
        if (Public((await settings.GetAsync(ct)).PublicAddress) is { } address) domains.Add(address.IdnHost);
        if (options.Value.PasskeysOnLocalhost) domains.Add("localhost");
        return domains;
    }

    /// <summary>Null where none is set, or it is one that no passkey can be for: a number, or something else than a site.</summary>
    private static Uri? Public(string told)
    {
        var text = told.Trim();
        if (text.Length == 0) return null;
        if (!text.Contains("://", StringComparison.Ordinal)) text = "https://" + text;
        return Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttps
            && address.HostNameType == UriHostNameType.Dns ? address : null;
    }

    /// <summary>As browsers write it: without the port where it is the usual one.</summary>
    private static string Origin(Uri address) =>
        $"{address.Scheme}://{address.IdnHost}{(address.IsDefaultPort ? "" : FormattableString.Invariant($":{address.Port}"))}";

    private static bool Same(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
