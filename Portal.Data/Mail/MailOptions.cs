using System.Net.Mail;

namespace Portal.Data.Mail;

/// <summary>How the connection to the mail server is protected.</summary>
public enum MailSecurity
{
    /// <summary>Not at all: a relay on the same machine or network.</summary>
    None,

    /// <summary>
    /// It begins in the clear and is protected before anything is said (port 587). A server that does not offer it gets nothing.
    /// </summary>
    StartTls,

    /// <summary>Protected from the first byte (port 465).</summary>
    Tls,
}

/// <summary>The configuration section <c>Mail</c>. Without a host no mail is sent.</summary>
public sealed record MailOptions
{
    public string Host { get; init; } = "";

    /// <summary>0: the usual one, 25, 587 or 465.</summary>
    public int Port { get; init; }

    public MailSecurity Security { get; init; } = MailSecurity.StartTls;

    public string User { get; init; } = "";
    public string Password { get; init; } = "";

    /// <summary>The address that the mails come from.</summary>
    public string From { get; init; } = "";

    /// <summary>The name that they come from; empty: the building's.</summary>
    public string FromName { get; init; } = "";

    /// <summary>How long one mail may take before it is tried again later.</summary>
    public int TimeoutSeconds { get; init; } = 60;

    public bool On => Host.Length > 0;

    internal int PortInUse => Port != 0 ? Port : Security switch { MailSecurity.None => 25, MailSecurity.StartTls => 587, _ => 465 };

    /// <summary>What is wrong with it, in a sentence for who installs the portal; null where nothing is.</summary>
    public string? Problem() => !On ? null
        : !Mailbox.CanBeReached(From) ? "Mail:From has to be the address that mails are sent from."
        : Port is < 0 or > 65535 ? "Mail:Port is not a port."
        : TimeoutSeconds is < 1 or > 600 ? "Mail:TimeoutSeconds has to be between 1 and 600."
        : User.Length > 0 && Security == MailSecurity.None
            ? "Mail:User needs Mail:Security starttls or tls: a password is not sent in the clear."
        : null;

    /// <summary>Never the password, wherever this is written.</summary>
    public override string ToString() => On ? $"{Host}:{PortInUse} ({Security})" : "off";
}

/// <summary>An address as the mail server is told it.</summary>
public static class Mailbox
{
    /// <summary>Whether an address can be put into a command: one mailbox in ASCII, no spaces, no line ends, no quoting.</summary>
    public static bool CanBeReached(string? address) =>
        address is { Length: > 2 and <= 254 }
        && address.All(c => c is > ' ' and < '\x7f' and not ('<' or '>' or '(' or ')' or ',' or ';' or ':' or '"' or '\\' or '[' or ']'))
        && MailAddress.TryCreate(address, out var parsed)
        && parsed.Address == address;
}
