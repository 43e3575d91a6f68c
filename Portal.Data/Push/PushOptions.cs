namespace Portal.Data.Push;

/// <summary>The configuration section <c>Push</c>.</summary>
public sealed record PushOptions
{
    /// <summary>The servers of the makers of browsers. A message goes nowhere else: where it goes to is said by a browser.</summary>
    private static readonly string[] Makers =
        ["fcm.googleapis.com", "android.googleapis.com", ".push.services.mozilla.com", ".push.apple.com", ".notify.windows.com"];

    /// <summary>
    /// Whom the server of a browser's maker can write to when messages make trouble (RFC 8292): <c>mailto:</c> or <c>https:</c>. Where
    /// nothing is said, the address that mails come from; without either there are no pushes.
    /// </summary>
    public string Contact { get; init; } = "";

    /// <summary>Further servers, as <c>https://push.example.org</c>: a browser of one's own making, or a test's.</summary>
    public IReadOnlyList<string> Servers { get; init; } = [];

    /// <summary>How long a server may take to answer.</summary>
    public int TimeoutSeconds { get; init; } = 20;

    public bool On => Contact.Length > 0;

    /// <summary>Whether messages may be sent to an address that a browser gave.</summary>
    public bool MayGoTo(string? endpoint)
    {
        if (endpoint is not { Length: > 0 and <= 1000 } || endpoint.Any(c => c is <= ' ' or > '~')) return false;
        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out var address) || address.UserInfo.Length > 0) return false;
        if (Servers.Contains(address.GetLeftPart(UriPartial.Authority), StringComparer.OrdinalIgnoreCase)) return true;
        return address is { Scheme: "https", IsDefaultPort: true }
            && Makers.Any(maker => maker[0] == '.'
                ? address.IdnHost.EndsWith(maker, StringComparison.OrdinalIgnoreCase)
                : address.IdnHost.Equals(maker, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>What is wrong with it, in a sentence for who installs the portal; null where nothing is.</summary>
    public string? Problem() =>
        On && !(Uri.TryCreate(Contact, UriKind.Absolute, out var contact) && contact.Scheme is "mailto" or "https")
            ? "Push:Contact has to be an address as mailto:office@example.org or https://example.org."
        : TimeoutSeconds is < 1 or > 120 ? "Push:TimeoutSeconds has to be between 1 and 120."
        : null;
}
