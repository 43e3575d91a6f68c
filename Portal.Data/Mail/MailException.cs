namespace Portal.Data.Mail;

/// <summary>
/// A mail was not taken. The message names the step and the server's code, never an address, a password or the server's own words (which
/// repeat them).
/// </summary>
public sealed class MailException : Exception
{
    public MailException(string problem, Exception? cause = null)
        : base(problem, cause)
    {
    }

    internal MailException(string step, int code, string? detail, bool forGood)
        : base($"The mail server answered {code}{(detail is null ? "" : $" ({detail})")} to {step}.") =>
        (Code, ForGood) = (detail is null ? $"{code}" : $"{code} {detail}", forGood);

    /// <summary>What the server answered, such as <c>550 5.1.1</c>; null where it did not.</summary>
    public string? Code { get; }

    /// <summary>The server refused this recipient or this message: it will be refused again.</summary>
    public bool ForGood { get; }
}
