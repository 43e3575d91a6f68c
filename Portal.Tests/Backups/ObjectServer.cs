using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Portal.Data.Backups;

namespace Portal.Tests.Backups;

/// <summary>
/// A storage that speaks as much S3 as copies need, on loopback, in memory. It lets in only what is signed (SigV4) with the right secret
/// and carries what the signature says; and it fails as it is told.
/// </summary>
internal sealed class ObjectServer : IAsyncDisposable
{
    public const string AccessKey = "AKPORTALTEST", Secret = "wJalr+TheSecretOfTheTest/K7", Bucket = "copies";

    private readonly ConcurrentDictionary<string, SortedDictionary<int, byte[]>> _uploads = new(StringComparer.Ordinal);
    private WebApplication _web = null!;

    public sealed record Held(byte[] Body, string Tag, DateTime At, DateTime? LockedUntil);

    public ConcurrentDictionary<string, Held> Objects { get; } = new(StringComparer.Ordinal);

    /// <summary>The writes in their order, by name.</summary>
    public ConcurrentQueue<string> Written { get; } = new();

    public ConcurrentQueue<string> Removed { get; } = new();

    public int Unfinished => _uploads.Count;

    /// <summary>
    /// For a request's method and name: the code of a refusal with its status; or <c>cut</c>, <c>slow</c>, <c>stall</c> (in the middle of
    /// the answer), <c>page</c> (something for people instead); or null.
    /// </summary>
    public Func<string, string, (string Code, int Status)?> Fails { get; set; } = (_, _) => null;

    /// <summary>Tags of another kind, as a storage gives them that encrypts by itself.</summary>
    public bool OtherTags { get; set; }

    /// <summary>Its clock.</summary>
    public Func<DateTime> Now { get; set; } = () => DateTime.UtcNow;

    /// <summary>With what it refuses to remove what is under a lock.</summary>
    public (string Code, int Status) OfALock { get; set; } = ("AccessDenied", 403);

    /// <summary>Changes a byte of what it takes.</summary>
    public bool Spoils { get; set; }

    public string Address { get; private set; } = "";

    public ObjectOptions Options => new()
    {
        Endpoint = Address, Bucket = Bucket, Prefix = "nogal", AccessKey = AccessKey, SecretKey = Secret, TimeoutSeconds = 20,
        PartBytes = 64 << 10,
    };

    public static async Task<ObjectServer> StartAsync()
    {
        var server = new ObjectServer();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0));
        server._web = builder.Build();
        server._web.Run(server.AnswerAsync);
        await server._web.StartAsync();
        server.Address = server._web.Urls.First();
        return server;
    }

    public ValueTask DisposeAsync() => _web.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        using var taken = new MemoryStream();
        await http.Request.Body.CopyToAsync(taken);
        var body = taken.ToArray();
        http.Response.Headers.Date = Now().ToString("R", CultureInfo.InvariantCulture);
        var path = Uri.UnescapeDataString(http.Request.Path.Value!.TrimStart('/'));
        var (bucket, key) = path.Split('/', 2) is [var first, var rest] ? (first, rest) : (path, "");
        if (Refused(http, body) is { } code) await SayAsync(http, code, 403);
        else if (bucket != Bucket) await SayAsync(http, "NoSuchBucket", 404);
        else if (Fails(http.Request.Method, key) is { } fails) await FailAsync(http, key, fails.Code, fails.Status);
        else await DoAsync(http, key, body);
    }

    private async Task FailAsync(HttpContext http, string key, string code, int status)
    {
        switch (code)
        {
            case "cut":
                http.Abort();
                break;
            case "stall":
                http.Response.ContentLength = Objects[key].Body.Length;
                await http.Response.Body.WriteAsync(Objects[key].Body.AsMemory(0, Objects[key].Body.Length / 2));
                await http.Response.Body.FlushAsync();
                await WaitAsync(http);
                http.Abort();
                break;
            case "slow":
                await WaitAsync(http);
                break;
            case "page":
                http.Response.ContentType = "text/html";
                await http.Response.WriteAsync($"<html><body>Sign in as {AccessKey}<br></body></html>");
                break;
            default:
                await SayAsync(http, code, status);
                break;
        }
    }

    private static async Task WaitAsync(HttpContext http) =>
        await Task.Delay(TimeSpan.FromSeconds(30), http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private async Task DoAsync(HttpContext http, string key, byte[] body)
    {
        var query = http.Request.Query;
        switch (http.Request.Method)
        {
            case "GET" when query.ContainsKey("list-type"):
                await ListAsync(http, query["prefix"].ToString(), query["continuation-token"].ToString());
                break;
            case "GET" when query.ContainsKey("versions"):
                await XmlAsync(http, new XElement(
                    "ListVersionsResult", new XElement("IsTruncated", false),
                    Objects.Where(o => o.Key.StartsWith(query["prefix"].ToString(), StringComparison.Ordinal)).Select(o => new XElement(
                        "Version", new XElement("Key", o.Key), new XElement("VersionId", "v1"), new XElement("IsLatest", true)))));
                break;
            case "POST" when query.ContainsKey("uploads"):
                var begun = Guid.NewGuid().ToString("N");
                _uploads[begun] = [];
                await XmlAsync(http, new XElement("InitiateMultipartUploadResult", new XElement("UploadId", begun)));
                break;
            case "PUT" when query.ContainsKey("partNumber"):
                _uploads[query["uploadId"].ToString()][int.Parse(query["partNumber"].ToString(), CultureInfo.InvariantCulture)] = body;
                http.Response.Headers.ETag = $"\"{Md5(body)}\"";
                break;
            case "POST":
                _uploads.TryRemove(query["uploadId"].ToString(), out var parts);
                var tag = $"{Md5([.. parts!.Values.SelectMany(p => Convert.FromHexString(Md5(p)))])}-{parts.Count}";
                Keep(http, key, [.. parts.Values.SelectMany(p => p)], tag);
                await XmlAsync(http, new XElement("CompleteMultipartUploadResult", new XElement("ETag", tag)));
                break;
            case "PUT":
                Keep(http, key, body, Md5(body));
                http.Response.Headers.ETag = $"\"{Objects[key].Tag}\"";
                break;
            case "DELETE" when query.ContainsKey("uploadId"):
                _uploads.TryRemove(query["uploadId"].ToString(), out _);
                http.Response.StatusCode = 204;
                break;
            case "DELETE":
                if (Objects.TryGetValue(key, out var held) && held.LockedUntil > Now())
                {
                    await SayAsync(http, OfALock.Code, OfALock.Status);
                    break;
                }

                Objects.TryRemove(key, out _);
                Removed.Enqueue(key);
                http.Response.StatusCode = 204;
                break;
            case "GET" or "HEAD":
                if (!Objects.TryGetValue(key, out var found))
                {
                    await SayAsync(http, "NoSuchKey", 404);
                    break;
                }

                http.Response.Headers.ETag = $"\"{found.Tag}\"";
                http.Response.Headers.LastModified = found.At.ToString("R", CultureInfo.InvariantCulture);
                http.Response.ContentLength = found.Body.Length;
                if (http.Request.Method == "GET") await http.Response.Body.WriteAsync(found.Body);
                break;
        }
    }

    private void Keep(HttpContext http, string key, byte[] body, string tag)
    {
        if (Spoils) body[^1] ^= 1;
        var until = http.Request.Headers["x-amz-object-lock-retain-until-date"].ToString();
        Objects[key] = new Held(
            body, OtherTags ? Guid.NewGuid().ToString("N") : Spoils ? Md5(body) : tag, Now(),
            until.Length == 0 ? null : DateTime.Parse(until, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal));
        Written.Enqueue(key);
    }

    /// <summary>Three at a time: whoever lists has to turn the page.</summary>
    private Task ListAsync(HttpContext http, string prefix, string after)
    {
        var all = Objects.Where(o => o.Key.StartsWith(prefix, StringComparison.Ordinal)).OrderBy(o => o.Key, StringComparer.Ordinal)
            .Where(o => string.CompareOrdinal(o.Key, after) > 0).ToList();
        var page = all.Take(3).ToList();
        return XmlAsync(http, new XElement(
            "ListBucketResult", new XElement("IsTruncated", all.Count > 3),
            all.Count > 3 ? new XElement("NextContinuationToken", page[^1].Key) : null,
            page.Select(o => new XElement(
                "Contents", new XElement("Key", o.Key), new XElement("Size", o.Value.Body.Length),
                new XElement("LastModified", o.Value.At.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture)),
                new XElement("ETag", o.Value.Tag)))));
    }

    /// <summary>What is wrong with the signature, or with what it signs.</summary>
    private static string? Refused(HttpContext http, byte[] body)
    {
        var said = http.Request.Headers.Authorization.ToString();
        if (!said.StartsWith("AWS4-HMAC-SHA256 ", StringComparison.Ordinal)) return "AccessDenied";
        var parts = said[17..].Split(',', StringSplitOptions.TrimEntries).ToDictionary(p => p.Split('=')[0], p => p.Split('=', 2)[1]);
        var scope = parts["Credential"].Split('/', 2);
        if (scope[0] != AccessKey) return "InvalidAccessKeyId";
        var hash = http.Request.Headers["x-amz-content-sha256"].ToString();
        if (hash != Convert.ToHexStringLower(SHA256.HashData(body))) return "XAmzContentSHA256Mismatch";
        if (http.Request.Headers.ContentMD5.ToString() is { Length: > 0 } md5
            && md5 != Convert.ToBase64String(Convert.FromHexString(Md5(body))))
            return "BadDigest";
        var target = http.Features.Get<IHttpRequestFeature>()!.RawTarget.Split('?', 2);
        var query = target.Length < 2
            ? ""
            : string.Join('&', target[1].Split('&').Select(q => q.Contains('=') ? q : q + "=").Order(StringComparer.Ordinal));
        var headers = parts["SignedHeaders"].Split(';')
            .Select(h => $"{h}:{(h == "host" ? http.Request.Host.Value : string.Join(',', http.Request.Headers[h].ToArray()))!.Trim()}\n");
        var request = $"{http.Request.Method}\n{target[0]}\n{query}\n{string.Concat(headers)}\n{parts["SignedHeaders"]}\n{hash}";
        var toSign = $"AWS4-HMAC-SHA256\n{http.Request.Headers["x-amz-date"]}\n{scope[1]}\n"
            + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(request)));
        var key = scope[1].Split('/').Aggregate(
            Encoding.UTF8.GetBytes("AWS4" + Secret), (k, word) => HMACSHA256.HashData(k, Encoding.UTF8.GetBytes(word)));
        return Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(toSign))) == parts["Signature"]
            ? null
            : "SignatureDoesNotMatch";
    }

    private static Task SayAsync(HttpContext http, string code, int status)
    {
        http.Response.StatusCode = status;
        return http.Request.Method == "HEAD"
            ? Task.CompletedTask
            : XmlAsync(http, new XElement("Error", new XElement("Code", code), new XElement("Message", $"{AccessKey} may not.")));
    }

    private static Task XmlAsync(HttpContext http, XElement xml)
    {
        http.Response.ContentType = "application/xml";
        return http.Response.WriteAsync(xml.ToString());
    }

#pragma warning disable CA5351 // It is how S3 says that bytes are the same.
    private static string Md5(byte[] bytes) => Convert.ToHexStringLower(MD5.HashData(bytes));
#pragma warning restore CA5351
}
