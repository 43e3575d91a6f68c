using System.Buffers.Binary;
using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Portal.Data.Push;

namespace Portal.Tests.Push;

/// <summary>A browser: its keys, and what it makes of a message (RFC 8291).</summary>
internal sealed class Browser : IDisposable
{
    private readonly ECDiffieHellman _key;
    private readonly byte[] _secret;

    public Browser(string server)
        : this(ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256), RandomNumberGenerator.GetBytes(16)) =>
        Endpoint = $"{server}/to/{Guid.NewGuid():N}";

    public Browser(ECDiffieHellman key, byte[] secret)
    {
        (_key, _secret) = (key, secret);
        var point = key.ExportParameters(false).Q;
        Public = [4, .. point.X!, .. point.Y!];
    }

    public string Endpoint { get; } = "";

    public byte[] Public { get; }

    public PushAddress Address => new(Endpoint, Base64Url.EncodeToString(Public), Base64Url.EncodeToString(_secret));

    public string Read(byte[] body)
    {
        var (salt, size, idLength) = (body[..16], BinaryPrimitives.ReadUInt32BigEndian(body.AsSpan(16, 4)), body[20]);
        Assert.Equal(65, idLength);
        Assert.InRange(body.Length, 86, 4096);
        var (sender, record) = (body[21..86], body[86..]);
        Assert.True(record.Length <= size, "One record.");
        using var other = ECDiffieHellman.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = sender[1..33], Y = sender[33..] },
        });
        var shared = _key.DeriveRawSecretAgreement(other.PublicKey);
        var input = HKDF.DeriveKey(HashAlgorithmName.SHA256, shared, 32, _secret, [.. "WebPush: info\0"u8, .. Public, .. sender]);
        var key = HKDF.DeriveKey(HashAlgorithmName.SHA256, input, 16, salt, "Content-Encoding: aes128gcm\0"u8.ToArray());
        var nonce = HKDF.DeriveKey(HashAlgorithmName.SHA256, input, 12, salt, "Content-Encoding: nonce\0"u8.ToArray());
        using var gcm = new AesGcm(key, 16);
        var plain = new byte[record.Length - 16];
        gcm.Decrypt(nonce, record.AsSpan(0, plain.Length), record.AsSpan(plain.Length), plain);
        var end = Array.FindLastIndex(plain, b => b != 0);
        Assert.Equal(2, plain[end]);
        return Encoding.UTF8.GetString(plain, 0, end);
    }

    public void Dispose() => _key.Dispose();
}

/// <param name="Path">Of the device.</param>
internal sealed record Pushed(string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body);

/// <summary>The server of a browser's maker, on a free port of loopback.</summary>
internal sealed class PushServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private PushServer(WebApplication app) => _app = app;

    public string Origin { get; private set; } = "";

    public ConcurrentQueue<Pushed> Messages { get; } = [];

    /// <summary>What it answers to a device, by its path; 201 where nothing is said.</summary>
    public ConcurrentDictionary<string, int> Answers { get; } = [];

    public static async Task<PushServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = new PushServer(builder.Build());
        server._app.MapPost("/to/{device}", (Delegate)server.TakeAsync);
        await server._app.StartAsync();
        server.Origin = server._app.Urls.Single();
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task<IResult> TakeAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        var path = http.Request.Path.Value!;
        if (Answers.TryGetValue(path, out var status))
        {
            if (status is 301 or 307) http.Response.Headers.Location = "/to/elsewhere";
            return Results.StatusCode(status);
        }

        Messages.Enqueue(new Pushed(
            path, http.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase), body.ToArray()));
        return Results.StatusCode(StatusCodes.Status201Created);
    }

    /// <summary>Whether a message is signed as RFC 8292 wants it, and what the signature says.</summary>
    public static JsonElement Claims(Pushed message)
    {
        var said = message.Headers["Authorization"];
        Assert.StartsWith("vapid t=", said, StringComparison.Ordinal);
        var parts = said["vapid ".Length..].Split(',', StringSplitOptions.TrimEntries).ToDictionary(p => p[..1], p => p[2..]);
        var (token, point) = (parts["t"].Split('.'), Base64Url.DecodeFromChars(parts["k"]));
        using var key = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = point[1..33], Y = point[33..] },
        });
        Assert.True(key.VerifyData(
            Encoding.ASCII.GetBytes($"{token[0]}.{token[1]}"), Base64Url.DecodeFromChars(token[2]), HashAlgorithmName.SHA256));
        Assert.Equal("ES256", JsonDocument.Parse(Base64Url.DecodeFromChars(token[0])).RootElement.GetProperty("alg").GetString());
        return JsonDocument.Parse(Base64Url.DecodeFromChars(token[1])).RootElement;
    }
}
