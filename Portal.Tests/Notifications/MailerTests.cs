using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MimeKit;
using Portal.Data.Mail;
using Portal.Data.Notifications;

namespace Portal.Tests.Notifications;

/// <summary>The conversation with a mail server, protected or not, and what a message looks like on the wire.</summary>
public sealed class MailerTests : IAsyncLifetime
{
    private readonly MailServer _server = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _server.DisposeAsync();

    private MailOptions Options =>
        new()
        {
            Host = "127.0.0.1",
            Port = _server.Port,
            Security = MailSecurity.None,
            From = "portal@nogal.example",
            TimeoutSeconds = 10,
        };

    private static MimeMessage Message(
        string to = "andrea@example.org", string subject = "Hola", string text = "Hola", string name = "Nogal") =>
        MailJob.Message(
            name, "portal@nogal.example", to, new MailWords(subject, text, "<p>Hola</p>", null), "es",
            "notification.1.20261120152400@nogal.example", new DateTime(2026, 11, 20, 15, 24, 0, DateTimeKind.Utc));

    /// <summary>A certificate for this address, with its key, that nobody vouches for.</summary>
    private static X509Certificate2 Certificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    [Theory]
    [InlineData(MailSecurity.StartTls)]
    [InlineData(MailSecurity.Tls)]
    public async Task It_signs_in_over_a_protected_connection_and_nowhere_else(MailSecurity security)
    {
        using var certificate = Certificate();
        await _server.StartAsync(certificate, security == MailSecurity.Tls, ("portal", "s3cret ñ"));
        var options = Options with { Security = security, User = "portal", Password = "s3cret ñ" };
        bool Trusted(object? _, X509Certificate? shown, X509Chain? chain, SslPolicyErrors errors) =>
            shown!.GetCertHashString() == certificate.GetCertHashString();
        await new Mailer(options, Trusted).SendAsync(Message(), default);

        // A certificate that nobody vouches for: not a word of the message, nor the password.
        var untrusted = await Assert.ThrowsAsync<MailException>(() => new Mailer(options).SendAsync(Message(), default));
        Assert.Equal("The mail server's certificate is not trusted.", untrusted.Message);
        var wrong = await Assert.ThrowsAsync<MailException>(() =>
            new Mailer(options with { Password = "wrong" }, Trusted).SendAsync(Message(), default)
        );
        Assert.Equal(("535 5.7.8", false), (wrong.Code, wrong.ForGood));
        await _server.StopAsync();
        var message = Assert.Single(_server.Messages);
        Assert.True(message.Protected);
        Assert.Equal("portal", message.User);
    }

    [Fact]
    public async Task A_server_that_offers_no_protection_gets_nothing_where_it_is_asked_for()
    {
        await _server.StartAsync();
        var refused = await Assert.ThrowsAsync<MailException>(() =>
            new Mailer(Options with { Security = MailSecurity.StartTls }).SendAsync(Message(), default)
        );
        Assert.Equal(("The mail server offers no protection (STARTTLS).", false), (refused.Message, refused.ForGood));
        await _server.StopAsync();
        Assert.Empty(_server.Messages);
    }

    [Theory]
    [InlineData("nobody@example.org", "550 5.1.1", true)]
    [InlineData("picky@example.org", "554 5.7.1", true)]
    [InlineData("later@example.org", "451 4.3.0", false)]
    public async Task A_refusal_names_the_code_and_no_address(string to, string code, bool forGood)
    {
        await _server.StartAsync();
        var refused = await Assert.ThrowsAsync<MailException>(() => new Mailer(Options).SendAsync(Message(to), default));
        Assert.Equal((code, forGood), (refused.Code, refused.ForGood));
        Assert.DoesNotContain("example.org", refused.ToString());
    }

    [Fact]
    public async Task A_server_that_says_nothing_is_left_after_the_time_given()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var options = Options with { Port = ((IPEndPoint)silent.LocalEndpoint).Port, TimeoutSeconds = 1 };
        var late = await Assert.ThrowsAsync<MailException>(() => new Mailer(options).SendAsync(Message(), default));
        Assert.Equal("The mail server did not answer within 1 s.", late.Message);
    }

    [Fact]
    public async Task What_people_write_comes_through_whole_and_becomes_no_header()
    {
        await _server.StartAsync();
        var text = ".\r\n.empieza con punto\r\n" + new string('á', 3000) + "\r\n.\r\nfin 🙂";
        var subject = "Reserva\r\nBcc: otro@example.org\r\n\r\n" + string.Concat(Enumerable.Repeat("Salón 🙂 ", 20)) + "fin";
        await new Mailer(Options).SendAsync(Message(subject: subject, text: text, name: "Nogal\r\nX: y \"P. H.\""), default);
        await _server.StopAsync();
        var message = Assert.Single(_server.Messages);
        Assert.Equal(text.ReplaceLineEndings("\n"), message.Plain);
        Assert.Equal(subject.Replace('\r', ' ').Replace('\n', ' '), message.Subject);
        Assert.Equal("Nogal  X: y \"P. H.\" <portal@nogal.example>", message.Sender);
        Assert.Equal(
            ("", "", "<notification.1.20261120152400@nogal.example>"),
            (message.Header("Bcc"), message.Header("X"), message.Header("Message-ID"))
        );
        Assert.All(message.Content.Split("\r\n"), line => Assert.True(line.Length <= 78, line));
        Assert.DoesNotContain('\n', message.Content.Replace("\r\n", "", StringComparison.Ordinal));
        Assert.True(Ascii.IsValid(message.Content));
    }

    [Theory]
    [InlineData("andrea@example.org", true)]
    [InlineData("a.b+c@sub.example.org", true)]
    [InlineData("andrea@example.org\r\nRCPT TO:<x@example.org>", false)]
    [InlineData("<andrea@example.org>", false)]
    [InlineData("Andrea <andrea@example.org>", false)]
    [InlineData("andréa@example.org", false)]
    [InlineData("a@b@example.org", false)]
    [InlineData("andrea", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void An_address_is_one_plain_mailbox(string? address, bool reached) => Assert.Equal(reached, Mailbox.CanBeReached(address));

    [Fact]
    public void A_configuration_that_cannot_work_says_what_to_mend_and_shows_no_password()
    {
        Assert.Null(new MailOptions().Problem());
        Assert.Null(Options.Problem());
        Assert.Contains("Mail:From", (Options with { From = "" }).Problem());
        Assert.Contains("in the clear", (Options with { User = "portal" }).Problem());
        Assert.Contains("Mail:Port", (Options with { Port = 70000 }).Problem());
        Assert.DoesNotContain("s3cret", $"{Options with { Password = "s3cret" }}");
        Assert.Equal(
            [25, 587, 465],
            new[] { MailSecurity.None, MailSecurity.StartTls, MailSecurity.Tls }.Select(s =>
                (Options with { Port = 0, Security = s }).PortInUse
            )
        );
    }
}
