using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace Portal.Data.Mail;

/// <summary>
/// The client's side of SMTP (RFC 5321) as far as one letter to one person needs it. What the letter holds is ASCII already, so no
/// extension of the server is asked for
/// but protection and sign-in.
/// </summary>
internal sealed partial class SmtpTalk(Stream stream) : IAsyncDisposable
{
    private const int LongestLine = 4096;

    private readonly byte[] _buffer = new byte[LongestLine];
    private Stream _stream = stream;
    private int _from, _to;
    private List<string> _offers = [];

    public async Task GreetAsync(CancellationToken ct)
    {
        await ExpectAsync(220, "connecting", ct);
        await HelloAsync(ct);
    }

    /// <exception cref="MailException">The server does not offer it: nothing was said in the clear but our name.</exception>
    public async Task StartTlsAsync(Func<Stream, Task<Stream>> protect, CancellationToken ct)
    {
        if (!_offers.Contains("STARTTLS", StringComparer.OrdinalIgnoreCase))
            throw new MailException("The mail server offers no protection (STARTTLS).");
        await SayAsync("STARTTLS", ct);
        await ExpectAsync(220, "STARTTLS", ct);
        if (_from != _to)
            throw new MailException("The mail server, or somebody between, said more than was asked before the connection was protected.");
        _stream = await protect(_stream);
        await HelloAsync(ct);
    }

    public async Task SignInAsync(string user, string password, CancellationToken ct)
    {
        var ways =
            _offers.FirstOrDefault(o => o.StartsWith("AUTH ", StringComparison.OrdinalIgnoreCase))?.ToUpperInvariant().Split(' ') ?? [];
        if (ways.Contains("PLAIN"))
        {
            await SayAsync("AUTH PLAIN " + Base64($"\0{user}\0{password}"), ct);
        }
        else if (ways.Contains("LOGIN"))
        {
            await SayAsync("AUTH LOGIN", ct);
            await ExpectAsync(334, "AUTH", ct);
            await SayAsync(Base64(user), ct);
            await ExpectAsync(334, "AUTH", ct);
            await SayAsync(Base64(password), ct);
        }
        else
        {
            throw new MailException("The mail server offers no way to sign in that the portal knows (PLAIN, LOGIN).");
        }

        await ExpectAsync(235, "AUTH", ct);
    }

    /// <summary>From here on a refusal for good (5xx) is about this person or this letter.</summary>
    public async Task DeliverAsync(string from, string to, byte[] letter, CancellationToken ct)
    {
        await SayAsync($"MAIL FROM:<{from}>", ct);
        await ExpectAsync(250, "MAIL", ct);
        await SayAsync($"RCPT TO:<{to}>", ct);
        await ExpectAsync(250, "RCPT", ct, forGood: true);
        await SayAsync("DATA", ct);
        await ExpectAsync(354, "DATA", ct);
        await _stream.WriteAsync(Stuffed(letter), ct);
        await SayAsync(".", ct);
        await ExpectAsync(250, "the letter", ct, forGood: true);
        try
        {
            await SayAsync("QUIT", ct);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // The letter is taken; a server that is in a hurry to hang up, or a portal that stops, does not undo that.
        }
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private async Task HelloAsync(CancellationToken ct)
    {
        var name = Dns.GetHostName();
        await SayAsync("EHLO " + (HostName().IsMatch(name) ? name : "localhost"), ct);
        _offers = await ExpectAsync(250, "EHLO", ct);
    }

    private async Task SayAsync(string line, CancellationToken ct)
    {
        await _stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"), ct);
        await _stream.FlushAsync(ct);
    }

    /// <returns>The lines of the answer, without their code.</returns>
    private async Task<List<string>> ExpectAsync(int expected, string step, CancellationToken ct, bool forGood = false)
    {
        List<string> lines = [];
        while (true)
        {
            var line = await LineAsync(ct);
            if (line.Length < 3 || !int.TryParse(line.AsSpan(0, 3), out var code))
                throw new MailException($"The mail server answered {step} with something that is not SMTP.");
            lines.Add(line.Length > 4 ? line[4..] : "");
            if (line.Length > 3 && line[3] == '-' && lines.Count < 200) continue;
            if (code / 10 == expected / 10) return lines;
            throw new MailException(
                step, code, EnhancedCode().Match(lines[^1]) is { Success: true } detail ? detail.Value : null, forGood && code >= 500);
        }
    }

    private async Task<string> LineAsync(CancellationToken ct)
    {
        var line = new StringBuilder();
        while (true)
        {
            if (_from == _to)
            {
                (_from, _to) = (0, await _stream.ReadAsync(_buffer, ct));
                if (_to == 0) throw new IOException("The mail server hung up.");
            }

            var letter = (char)_buffer[_from++];
            if (letter == '\n') return line.ToString().TrimEnd('\r');
            if (line.Append(letter).Length > LongestLine) throw new MailException("The mail server does not come to the end of its line.");
        }
    }

    /// <summary>A line that begins with a dot gets another, so that none is taken for the letter's end.</summary>
    private static byte[] Stuffed(byte[] letter)
    {
        var stuffed = new List<byte>(letter.Length + 16);
        for (var i = 0; i < letter.Length; i++)
        {
            if (letter[i] == '.' && (i == 0 || letter[i - 1] == '\n')) stuffed.Add((byte)'.');
            stuffed.Add(letter[i]);
        }

        return [.. stuffed];
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    [GeneratedRegex(@"^[A-Za-z0-9.-]+$")]
    private static partial Regex HostName();

    [GeneratedRegex(@"^[245]\.\d{1,3}\.\d{1,3}(?= |$)")]
    private static partial Regex EnhancedCode();
}
