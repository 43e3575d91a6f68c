using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Portal.Data.Api;

/// <summary>How the sending of webhooks is set up.</summary>
/// <param name="AllowLoopback">Only in development: this machine, also without TLS.</param>
public sealed record WebhookOptions(bool AllowLoopback = false)
{
    /// <summary>As long a receiver may take for all of its answer.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);
}

/// <summary>Why there was no answer, or why nothing was sent. The words are <c>sent.problem.*</c> of the screens.</summary>
public static class WebhookProblem
{
    /// <summary>Nothing was sent: it is off; who set it up is gone or may have none; they may not see what it tells of.</summary>
    public const string Off = "switched_off", OwnerGone = "owner_gone", OwnerMayNot = "owner_may_not";

    public const string Refused = "address_refused", NotFound = "name_unknown", Unreachable = "unreachable", Timeout = "timeout",
        Certificate = "certificate", Redirect = "redirect", Status = "status", Secret = "secret_lost";
}

/// <summary>What a receiver said.</summary>
/// <param name="Text">The beginning of its answer, at most <see cref="WebhookClient.LongestAnswer"/> characters.</param>
public sealed record WebhookAnswer(int? Status, string? Problem, string? Text, TimeSpan Took)
{
    public bool Ok => Problem is null;
}

/// <summary>The signature of a message, as Standard Webhooks (1.0.0) has it.</summary>
public static class WebhookSignature
{
    public const string SecretBegins = "whsec_";

    public static string NewSecret() => SecretBegins + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    /// <returns><c>v1,</c> and the HMAC-SHA256 of <c>id.timestamp.body</c> in base64.</returns>
    public static string Of(string secret, string id, long timestamp, string body)
    {
        var key = Convert.FromBase64String(secret[SecretBegins.Length..]);
        var signed = string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp}.{body}");
        return "v1," + Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(signed)));
    }
}

/// <summary>Which addresses a message may go to: those of the internet, none of our own networks.</summary>
public static class PublicAddresses
{
    // IANA's registries of special-purpose addresses (RFC 6890 and those after it): what is not globally reachable, and what hides another.
    private static readonly IPNetwork[] Special =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
            "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
        }.Select(IPNetwork.Parse),
    ];

    private static readonly IPNetwork Global = IPNetwork.Parse("2000::/3");

    public static bool Holds(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        if (plain.AddressFamily == AddressFamily.InterNetworkV6 && !Global.Contains(plain)) return false;
        return !Special.Any(network => network.Contains(plain));
    }
}

/// <summary>
/// Brings messages to receivers. The address is looked up when it is connected to, and refused there where it is one of our own networks:
/// a name that changes its mind meanwhile leads nowhere else. No redirects, no cookies, no proxy; ten seconds for all of it.
/// </summary>
public sealed class WebhookClient : IDisposable
{
    /// <summary>Of an answer, what is kept and read at all.</summary>
    public const int LongestAnswer = 4096;

    private readonly WebhookOptions _options;
    private readonly HttpClient _http;

    public WebhookClient(WebhookOptions options)
    {
        _options = options;
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false, UseCookies = false, UseProxy = false, Credentials = null, MaxResponseHeadersLength = 16,
            AutomaticDecompression = DecompressionMethods.None, PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            ConnectCallback = ConnectAsync,
        };
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Whether an address may be typed at all; where it leads is looked at when a message goes there.</summary>
    public bool MayBe(string? address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.UserInfo.Length == 0 && uri.Fragment.Length == 0 && uri.Host.Length > 0
        && (uri.Scheme == Uri.UriSchemeHttps || (_options.AllowLoopback && uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback))
        && (_options.AllowLoopback || !IPAddress.TryParse(uri.DnsSafeHost, out var literal) || PublicAddresses.Holds(literal))
        && (_options.AllowLoopback || !uri.IsLoopback);

    public async Task<WebhookAnswer> SendAsync(string address, string secret, string id, DateTime at, string body, CancellationToken ct)
    {
        if (!MayBe(address)) return new WebhookAnswer(null, WebhookProblem.Refused, null, TimeSpan.Zero);
        var timestamp = new DateTimeOffset(at, TimeSpan.Zero).ToUnixTimeSeconds();
        using var request = new HttpRequestMessage(HttpMethod.Post, address)
        {
            Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json")),
        };
        request.Headers.TryAddWithoutValidation("webhook-id", id);
        request.Headers.TryAddWithoutValidation("webhook-timestamp", timestamp.ToString(CultureInfo.InvariantCulture));
        request.Headers.TryAddWithoutValidation("webhook-signature", WebhookSignature.Of(secret, id, timestamp, body));
        request.Headers.TryAddWithoutValidation("User-Agent", "Vallhalla-Webhooks/1");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(_options.Timeout);
        var began = Stopwatch.GetTimestamp();
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            var text = await BeginningAsync(response, limit.Token);
            var status = (int)response.StatusCode;
            var problem = status is >= 200 and < 300 ? null : status is >= 300 and < 400 ? WebhookProblem.Redirect : WebhookProblem.Status;
            return new WebhookAnswer(status, problem, text, Stopwatch.GetElapsedTime(began));
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new WebhookAnswer(null, WebhookProblem.Timeout, null, Stopwatch.GetElapsedTime(began));
        }
        catch (Exception failed) when (failed is HttpRequestException or IOException or SocketException)
        {
            return new WebhookAnswer(null, Why(failed), null, Stopwatch.GetElapsedTime(began));
        }
    }

    public void Dispose() => _http.Dispose();

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken ct)
    {
        var to = context.DnsEndPoint;
        var found = IPAddress.TryParse(to.Host, out var literal) ? [literal] : await Dns.GetHostAddressesAsync(to.Host, ct);

        // One that is not allowed among them is reason enough: whoever named it so means no good.
        if (found.Length == 0 || !Array.TrueForAll(found, a =>
            PublicAddresses.Holds(a) || (_options.AllowLoopback && IPAddress.IsLoopback(a))))
            throw new AddressRefusedException();
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(found, to.Port, ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task<string?> BeginningAsync(HttpResponseMessage response, CancellationToken ct)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(ct);
        var buffer = ArrayPool<byte>.Shared.Rent(LongestAnswer);
        try
        {
            var read = await stream.ReadAtLeastAsync(buffer.AsMemory(0, LongestAnswer), LongestAnswer, throwOnEndOfStream: false, ct);
            var text = Encoding.UTF8.GetString(buffer, 0, read);

            // What no page can show is not kept.
            return text.Length == 0 ? null : string.Concat(text.Select(c => char.IsControl(c) && c is not ('\n' or '\t') ? ' ' : c));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static string Why(Exception failed)
    {
        for (var one = failed; one is not null; one = one.InnerException)
        {
            if (one is AddressRefusedException) return WebhookProblem.Refused;
            if (one is System.Security.Authentication.AuthenticationException) return WebhookProblem.Certificate;
            if (one is SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain })
                return WebhookProblem.NotFound;
        }

        return WebhookProblem.Unreachable;
    }

    private sealed class AddressRefusedException() : IOException("The address leads into a network that no message may go to.");
}
