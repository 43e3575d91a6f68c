using System.Net.Security;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace Portal.Data.Mail;

/// <summary>Hands messages to the mail server of the configuration, each over a connection of its own.</summary>
/// <param name="options">Where and how.</param>
/// <param name="trust">Judges the server's certificate; null: it has to be trusted by the machine.</param>
public sealed partial class Mailer(MailOptions options, RemoteCertificateValidationCallback? trust = null)
{
    public MailOptions Options => options;

    /// <param name="message">From one address to one person.</param>
    /// <param name="ct">Until the server has taken it.</param>
    /// <exception cref="MailException">It was not taken; <see cref="MailException.ForGood"/> says whether another try is of
    /// use.</exception>
    public async Task SendAsync(MimeMessage message, CancellationToken ct)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limited.CancelAfter(TimeSpan.FromSeconds(options.TimeoutSeconds));
        var step = "connecting";
        try
        {
            using var smtp = new SmtpClient();
            (smtp.CheckCertificateRevocation, smtp.ServerCertificateValidationCallback) = (false, trust);
            await smtp.ConnectAsync(options.Host, options.PortInUse, Protection, limited.Token);
            step = "AUTH";
            if (options.User.Length > 0) await smtp.AuthenticateAsync(options.User, options.Password, limited.Token);
            step = "DATA";
            await smtp.SendAsync(message, limited.Token);
            await HangUpAsync(smtp, limited.Token);
        }
        catch (Exception exception) when (Problem(exception, step, ct) is { } problem)
        {
            throw problem;
        }
    }

    private SecureSocketOptions Protection => options.Security switch
    {
        MailSecurity.None => SecureSocketOptions.None,
        MailSecurity.StartTls => SecureSocketOptions.StartTls,
        _ => SecureSocketOptions.SslOnConnect,
    };

    /// <summary>The message is taken; a server that is in a hurry to hang up, or a portal that stops, does not undo that.</summary>
    private static async Task HangUpAsync(SmtpClient smtp, CancellationToken ct)
    {
        try
        {
            await smtp.DisconnectAsync(quit: true, ct);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ProtocolException or CommandException)
        {
        }
    }

    /// <summary>
    /// What an exception of MailKit means to us; null for what is none of the mail server's doing. One that holds the server's own words
    /// is not kept as the cause.
    /// </summary>
    private MailException? Problem(Exception exception, string step, CancellationToken ct) => exception switch
    {
        OperationCanceledException when ct.IsCancellationRequested => null,
        OperationCanceledException or TimeoutException =>
            new($"The mail server did not answer within {options.TimeoutSeconds} s.", exception),
        SmtpCommandException command => Refusal(command, step),
        AuthenticationException { InnerException: SmtpCommandException command } => Refusal(command, step),
        AuthenticationException => new("The mail server did not let us sign in."),
        SslHandshakeException { ServerCertificate: not null } => new("The mail server's certificate is not trusted.", exception),
        SslHandshakeException => new("No protection (TLS) could be agreed on with the mail server.", exception),
        NotSupportedException when step == "connecting" => new("The mail server offers no protection (STARTTLS)."),
        NotSupportedException => new("The mail server offers no way to sign in that the portal knows."),
        ProtocolException => new($"The mail server hung up, or answered {step} with something that is not SMTP."),
        SocketException or IOException => new("The mail server cannot be reached, or the connection broke.", exception),
        _ => null,
    };

    /// <summary>Only a refusal for good (5xx) of the recipient or of the message itself is about this person or this message.</summary>
    private static MailException Refusal(SmtpCommandException refusal, string step)
    {
        var (about, ours) = refusal.ErrorCode switch
        {
            SmtpErrorCode.SenderNotAccepted => ("MAIL", true),
            SmtpErrorCode.RecipientNotAccepted => ("RCPT", false),
            SmtpErrorCode.MessageNotAccepted => ("the message", false),
            _ => (step, true),
        };
        var code = (int)refusal.StatusCode;
        var detail = EnhancedCode().Match(refusal.Message) is { Success: true } found ? found.Value : null;
        return new MailException(about, code, detail, !ours && code >= 500);
    }

    /// <summary>RFC 3463, at the beginning of the server's words.</summary>
    [GeneratedRegex(@"^[245]\.\d{1,3}\.\d{1,3}(?=\s|$)", RegexOptions.Multiline)]
    private static partial Regex EnhancedCode();
}
