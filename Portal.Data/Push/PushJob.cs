using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using Lib.Net.Http.WebPush;
using Lib.Net.Http.WebPush.Authentication;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Portal.Data.Notifications;
using Portal.Data.Operations;

namespace Portal.Data.Push;

/// <param name="Notification">The bell's line.</param>
/// <param name="Device">The row in <c>push_devices</c>.</param>
public sealed record PushWork(long Notification, long Device);

/// <summary>The bell's words in a language (<c>es</c>, <c>en</c>); the web side has them.</summary>
public delegate (string Title, string Message) PushWriter(NotificationRow notification, string language);

/// <summary>
/// Brings one line of a bell to one device. A server that is away is tried again while the message is of use; a device that its server no
/// longer knows is forgotten.
/// </summary>
public abstract class PushDelivery(
    JobKind<PushWork> kind, PortalStore store, PushKeys keys, PushOptions options, PushClient client, PushWriter writer, TimeProvider time,
    ILogger logger) : JobHandler<PushWork>(kind)
{
    /// <summary>Why a message was not sent: its time is over; its server refuses it; nothing is set up.</summary>
    public const string Late = "push_late", Refused = "push_refused", Off = "push_off";

    /// <summary>Of a text; the whole has to stay under the 4,096 bytes that a server takes (RFC 8030), also where each letter is two.</summary>
    private const int LongestText = 1_000;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public override async Task RunAsync(PushWork work, CancellationToken ct)
    {
        if (!options.On) throw new WorkLeftException(Off);
        await using var db = await store.OpenAsync(CurrentUser.System, ct);
        var line = await db.Notifications.AsNoTracking().SingleOrDefaultAsync(n => n.Id == work.Notification, ct);
        // Read meanwhile, on another screen: nobody has to be told.
        if (line is null or { Read: true }) return;
        var device = await PushService.Reachable(db).AsNoTracking().Include(d => d.User)
            .SingleOrDefaultAsync(d => d.Id == work.Device && d.UserId == line.RecipientId, ct);
        if (device is null || !options.MayGoTo(device.Endpoint)) return;
        var now = time.GetUtcNow().UtcDateTime;
        var (row, life) = (NotificationRow.Of(line, now), PushLife.Of(line.Type));
        if (now - row.At > life.Lasts) throw new WorkLeftException(Late);
        var unread = await db.Notifications.CountAsync(n => n.RecipientId == line.RecipientId && n.Read != true, ct);
        var lang = device.User!.Language == "en" ? "en" : "es";
        var (title, message) = writer(row, lang);
        var link = row.Link is ['/', not '/', ..] ? row.Link : "/notifications";
        var content = JsonSerializer.Serialize(new
        {
            id = row.Id, title = Cut(title, 200), body = Cut(message, LongestText), url = link, unread, prompt = life.Prompt,
            lang,
        }, Json);
        try
        {
            await client.SendAsync(device, content, life, await keys.GetAsync(ct), ct);
        }
        catch (PushServiceClientException refused) when (refused.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Gone)
        {
            // The person took it back in the browser, or the browser is gone.
            await ForgetAsync(device.Id, ct);
            return;
        }
        catch (PushServiceClientException refused) when ((int)refused.StatusCode is >= 300 and < 500 and not (408 or 429))
        {
            logger.LogWarning("The message {Id} was refused by its device's server with {Status}", row.Id, (int)refused.StatusCode);
            throw new WorkLeftException(Refused);
        }

        await db.PushDevices.Where(d => d.Id == device.Id).ExecuteUpdateAsync(set => set.SetProperty(d => d.DeliveredAt, now), ct);
    }

    private async Task ForgetAsync(long id, CancellationToken ct)
    {
        var forgotten = await store.WriteAsync(CurrentUser.System, async (db, token) =>
        {
            db.PushDevices.RemoveRange(await db.PushDevices.Where(d => d.Id == id).ToListAsync(token));
            return Result.Done;
        }, ct);
        if (!forgotten.Ok) throw new InvalidOperationException($"A device that is gone could not be forgotten: {forgotten.Error!.Code}.");
    }

    private static string Cut(string text, int most) => text.Length <= most ? text : string.Concat(text.AsSpan(0, most - 1).TrimEnd(), "…");
}

/// <summary>Sends what may take a little.</summary>
public sealed class PushJob(
    PortalStore store, PushKeys keys, PushOptions options, PushClient client, PushWriter writer, TimeProvider time, ILogger<PushJob> logger)
    : PushDelivery(JobKind, store, keys, options, client, writer, time, logger)
{
    public static readonly JobKind<PushWork> JobKind = new("push");

    public override JobLane Lane => JobLane.Outside;
}

/// <summary>Sends what somebody waits for; mails and a notice to all do not stand in its way.</summary>
public sealed class PromptPushJob(
    PortalStore store, PushKeys keys, PushOptions options, PushClient client, PushWriter writer, TimeProvider time,
    ILogger<PromptPushJob> logger)
    : PushDelivery(JobKind, store, keys, options, client, writer, time, logger)
{
    public static readonly JobKind<PushWork> JobKind = new("push_prompt");

    public override JobLane Lane => JobLane.Prompt;
}

/// <summary>Encrypts (RFC 8291), signs (RFC 8292) and hands over (RFC 8030).</summary>
public sealed class PushClient : IDisposable
{
    private readonly PushOptions _options;
    private readonly HttpClient _http;
    private readonly PushServiceClient _client;

    public PushClient(PushOptions options)
    {
        _options = options;
        // No redirects: they would lead to where no message may go.
        _http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(10),
        }) { Timeout = TimeSpan.FromSeconds(options.TimeoutSeconds) };
        // The job queue repeats.
        _client = new PushServiceClient(_http) { AutoRetryAfter = false };
    }

    /// <exception cref="PushServiceClientException">The server did not take it.</exception>
    /// <exception cref="HttpRequestException">It cannot be reached.</exception>
    public async Task SendAsync(PushDevice device, string content, PushLife life, PushKeyPair keys, CancellationToken ct)
    {
        var to = new PushSubscription { Endpoint = device.Endpoint };
        to.SetKey(PushEncryptionKeyName.P256DH, device.DeviceKey);
        to.SetKey(PushEncryptionKeyName.Auth, device.Secret);
        using var vapid = new VapidAuthentication(keys.Public, keys.Private) { Subject = _options.Contact };
        var message = new PushMessage(content)
        {
            TimeToLive = (int)life.Lasts.TotalSeconds, Urgency = life.Prompt ? PushMessageUrgency.High : PushMessageUrgency.Normal,
        };
        await _client.RequestPushMessageDeliveryAsync(to, message, vapid, VapidAuthenticationScheme.Vapid, ct);
    }

    public void Dispose() => _http.Dispose();
}
