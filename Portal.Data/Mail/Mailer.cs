using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Portal.Data.Mail;

/// <summary>Hands letters to the mail server of the configuration, each over a connection of its own.</summary>
/// <param name="options">Where and how.</param>
/// <param name="trusted">Certificates to trust instead of the machine's; null: the machine's.</param>
public sealed class Mailer(MailOptions options, X509Certificate2Collection? trusted = null)
{
    public MailOptions Options => options;

    /// <exception cref="MailException">It was not taken; <see cref="MailException.ForGood"/> says whether another try is of
    /// use.</exception>
    public async Task SendAsync(Letter letter, CancellationToken ct)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limited.CancelAfter(TimeSpan.FromSeconds(options.TimeoutSeconds));
        try
        {
            using var socket = new TcpClient();
            await socket.ConnectAsync(options.Host, options.PortInUse, limited.Token);
            await using var talk = await OpenAsync(socket, limited.Token);
            await talk.DeliverAsync(letter.From, letter.To, letter.ToMime(), limited.Token);
        }
        catch (OperationCanceledException exception) when (!ct.IsCancellationRequested)
        {
            throw new MailException($"The mail server did not answer within {options.TimeoutSeconds} s.", exception);
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            throw new MailException("The mail server cannot be reached, or the connection broke.", exception);
        }
        catch (AuthenticationException exception)
        {
            throw new MailException("The mail server's certificate is not trusted.", exception);
        }
    }

    private async Task<SmtpTalk> OpenAsync(TcpClient socket, CancellationToken ct)
    {
        Stream stream = socket.GetStream();
        if (options.Security == MailSecurity.Tls) stream = await ProtectAsync(stream, ct);
        var talk = new SmtpTalk(stream);
        await talk.GreetAsync(ct);
        if (options.Security == MailSecurity.StartTls)
        {
            await talk.StartTlsAsync(plain => ProtectAsync(plain, ct), ct);
        }

        if (options.User.Length > 0) await talk.SignInAsync(options.User, options.Password, ct);
        return talk;
    }

    private async Task<Stream> ProtectAsync(Stream plain, CancellationToken ct)
    {
        var tls = new SslStream(plain);
        var how = new SslClientAuthenticationOptions { TargetHost = options.Host };
        if (trusted is not null)
        {
            how.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            how.CertificateChainPolicy.CustomTrustStore.AddRange(trusted);
        }

        await tls.AuthenticateAsClientAsync(how, ct);
        return tls;
    }
}
