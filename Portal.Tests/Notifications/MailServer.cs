using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MimeKit;
using SmtpServer;
using SmtpServer.Authentication;
using SmtpServer.Mail;
using SmtpServer.Protocol;
using SmtpServer.Storage;
using Portal.Tests.Server;

namespace Portal.Tests.Notifications;

/// <summary>A message as the mail server got it.</summary>
internal sealed record Received(string From, string To, string Content, bool Protected, string? User)
{
    private readonly MimeMessage _message = MimeMessage.Load(new MemoryStream(Encoding.ASCII.GetBytes(Content)));

    public string Subject => _message.Subject ?? "";

    public string Sender => _message.From.Mailboxes.Single() is var sender ? $"{sender.Name} <{sender.Address}>" : "";

    public string Plain => _message.TextBody!.ReplaceLineEndings("\n");

    public string Html => _message.HtmlBody!.ReplaceLineEndings("\n");

    /// <summary>A header of the message or of its body with its folded lines put together; empty where there is none.</summary>
    public string Header(string name) => _message.Headers[name] ?? _message.Body!.Headers[name] ?? "";
}

/// <summary>
/// A mail server on a free port of loopback that keeps what it is given. It can be stopped and started again on the same port. It refuses
/// for good whoever's address begins with "nobody", for now whoever's begins with "later", and messages to "picky" once it has read them.
/// </summary>
internal sealed class MailServer : IAsyncDisposable
{
    private readonly List<Received> _messages = [];
    private SmtpServer.SmtpServer? _server;
    private CancellationTokenSource? _ends;
    private Task _serving = Task.CompletedTask;

    public int Port { get; } = TestServer.FreePort();

    public IReadOnlyList<Received> Messages
    {
        get
        {
            lock (_messages) return [.. _messages];
        }
    }

    /// <param name="certificate">With its key; null: it offers no protection.</param>
    /// <param name="tls">Protected from the first byte; otherwise after STARTTLS.</param>
    /// <param name="account">Who has to sign in; null: nobody.</param>
    public async Task StartAsync(X509Certificate2? certificate = null, bool tls = false, (string User, string Password)? account = null)
    {
        var options = new SmtpServerOptionsBuilder()
            .ServerName("localhost")
            .Endpoint(endpoint =>
            {
                endpoint.Endpoint(new IPEndPoint(IPAddress.Loopback, Port)).IsSecure(tls).AuthenticationRequired(account is not null);
                if (certificate is not null) endpoint.Certificate(certificate);
            })
            .Build();
        var parts = new SmtpServer.ComponentModel.ServiceProvider();
        parts.Add((IMailboxFilterFactory)new DelegatingMailboxFilterFactory(_ => new Doorkeeper()));
        parts.Add((IMessageStoreFactory)new DelegatingMessageStoreFactory(_ => new Keeper(_messages)));
        parts.Add((IUserAuthenticatorFactory)new DelegatingUserAuthenticatorFactory(_ => new DelegatingUserAuthenticator(
            (user, password) => (user, password) == account
                ? true
                : throw new SmtpResponseException(new SmtpResponse(SmtpReplyCode.AuthenticationFailed, "5.7.8 Not with that password")))));
        (_server, _ends) = (new SmtpServer.SmtpServer(options, parts), new CancellationTokenSource());
        _serving = _server.StartAsync(_ends.Token);
        await ReadyAsync();
    }

    /// <summary>What the server said "taken" to has been kept.</summary>
    public async Task StopAsync()
    {
        if (_server is null) return;
        _server.Shutdown();
        await _ends!.CancelAsync();
        await _serving;
        _ends.Dispose();
        _server = null;
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private async Task ReadyAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            using var client = new TcpClient();
            try
            {
                await client.ConnectAsync(IPAddress.Loopback, Port, patience.Token);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(20, patience.Token);
            }
        }
    }

    private sealed class Doorkeeper : MailboxFilter
    {
        public override Task<bool> CanDeliverToAsync(ISessionContext context, IMailbox to, IMailbox from, CancellationToken ct)
        {
            if (to.User.StartsWith("nobody", StringComparison.Ordinal))
                throw new SmtpResponseException(new SmtpResponse(SmtpReplyCode.MailboxUnavailable, $"5.1.1 <{to.AsAddress()}> unknown"));
            if (to.User.StartsWith("later", StringComparison.Ordinal))
                throw new SmtpResponseException(new SmtpResponse(SmtpReplyCode.Aborted, $"4.3.0 <{to.AsAddress()}> later"));
            return Task.FromResult(true);
        }
    }

    private sealed class Keeper(List<Received> kept) : MessageStore
    {
        public override Task<SmtpResponse> SaveAsync(
            ISessionContext context, IMessageTransaction transaction, ReadOnlySequence<byte> buffer, CancellationToken ct)
        {
            if (transaction.To[0].User.StartsWith("picky", StringComparison.Ordinal))
                return Task.FromResult(new SmtpResponse(SmtpReplyCode.TransactionFailed, "5.7.1 Not that message"));
            var received = new Received(
                transaction.From.AsAddress(), transaction.To[0].AsAddress(), Encoding.ASCII.GetString(buffer), context.Pipe.IsSecure,
                context.Authentication.User);
            lock (kept) kept.Add(received);
            return Task.FromResult(SmtpResponse.Ok);
        }
    }
}
