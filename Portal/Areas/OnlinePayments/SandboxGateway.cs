using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Portal.Data.OnlinePayments;

namespace Portal.Areas.OnlinePayments;

/// <summary>What a person makes of a payment on the page of the sandbox: what can happen at a real gateway, well and badly.</summary>
public enum SandboxChoice
{
    Approve, Decline, Pending,

    /// <summary>Less arrives than was asked for.</summary>
    Less,

    /// <summary>It is approved and told twice.</summary>
    Twice,

    /// <summary>It is approved and told a minute later.</summary>
    Late,

    /// <summary>It is approved and never told: only who asks finds out.</summary>
    Silent,

    /// <summary>It is approved, and that it waits is told afterwards.</summary>
    Disorder,
}

/// <summary>A payment as the sandbox knows it.</summary>
public sealed record SandboxOrder(
    string Id, string Code, decimal Amount, string Title, string ReturnTo, DateTime ExpiresAt, OnlineState State, decimal Received,
    string? Transaction, DateTime At, bool Settled);

/// <param name="Home">Where the sandbox is reached, ending in a stroke; asked when it is needed, for a server knows it when it listens.</param>
/// <param name="Events">Where it tells what happens.</param>
/// <param name="Secret">Signs what it tells, and is asked for by what it is told.</param>
/// <param name="File">Keeps what it knows over a restart; null: nowhere.</param>
public sealed record SandboxOptions(Func<Uri> Home, Func<Uri> Events, string Secret, string? File = null);

/// <summary>
/// A gateway for trying out: no money moves. It is a server of its own as a real one is, called over HTTP, and calls back over HTTP with
/// signed events that it repeats until they are taken.
/// </summary>
public sealed class SandboxGateway(SandboxOptions options, IHttpClientFactory clients, TimeProvider time, ILogger<SandboxGateway> logger)
{
    public const string SignatureHeader = "X-Signature";

    /// <summary>Of what is paid out: 2.65 % and 700 pesos a payment, as gateways of the country ask, taxes left out.</summary>
    private const decimal FeeShare = 0.0265m, FeeEach = 700m;

    private static readonly TimeSpan[] Pauses =
        [TimeSpan.Zero, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(10)];

    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    private readonly ConcurrentDictionary<string, SandboxOrder> _orders = Read(options.File);
    private readonly Lock _file = new();
    private int _events;

    public string Secret => options.Secret;

    public Uri Home => options.Home();

    /// <summary>Begins a payment, or gives the one that has this code already.</summary>
    public SandboxOrder Begin(ProviderOrder order)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var found = _orders.GetOrAdd(order.Code, code => new SandboxOrder(
            "sbx_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)), code, order.Amount, order.Title, order.ReturnTo,
            order.ExpiresAt, OnlineState.Started, 0, null, now, false));
        Keep();
        return found;
    }

    public SandboxOrder? ByCode(string code) => _orders.TryGetValue(code, out var order) ? Aged(order) : null;

    public SandboxOrder? ById(string id) => _orders.Values.FirstOrDefault(o => o.Id == id) is { } order ? Aged(order) : null;

    /// <summary>What the person on its page chose.</summary>
    /// <returns>False where it is over.</returns>
    public bool Choose(string id, SandboxChoice choice)
    {
        if (ById(id) is not { State: OnlineState.Started or OnlineState.Pending } order) return false;
        var now = time.GetUtcNow().UtcDateTime;
        var transaction = order.Transaction ?? RandomNumberGenerator.GetInt32(10_000_000, 100_000_000).ToString(CultureInfo.InvariantCulture);
        var changed = choice switch
        {
            SandboxChoice.Decline => order with { State = OnlineState.Declined },
            SandboxChoice.Pending => order with { State = OnlineState.Pending, Transaction = transaction },
            SandboxChoice.Less => order with
            {
                State = OnlineState.Approved, Transaction = transaction, Received = Math.Max(1, order.Amount - 1_000),
            },
            _ => order with { State = OnlineState.Approved, Transaction = transaction, Received = order.Amount },
        } with { At = now };
        if (!_orders.TryUpdate(order.Code, changed, order)) return false;
        Keep();
        var told = Event(changed);
        switch (choice)
        {
            case SandboxChoice.Silent:
                break;
            case SandboxChoice.Twice:
                Tell(told, TimeSpan.Zero);
                Tell(told, TimeSpan.Zero);
                break;
            case SandboxChoice.Late:
                Tell(told, TimeSpan.FromMinutes(1));
                break;
            case SandboxChoice.Disorder:
                Tell(told, TimeSpan.Zero);
                Tell(Event(changed with { State = OnlineState.Pending }), TimeSpan.FromSeconds(2));
                break;
            default:
                Tell(told, TimeSpan.Zero);
                break;
        }

        return true;
    }

    /// <summary>Gives an approved payment back.</summary>
    public bool Refund(string code)
    {
        if (ByCode(code) is not { State: OnlineState.Approved } order) return false;
        var changed = order with { State = OnlineState.Refunded, At = time.GetUtcNow().UtcDateTime };
        if (!_orders.TryUpdate(code, changed, order)) return false;
        Keep();
        Tell(Event(changed), TimeSpan.Zero);
        return true;
    }

    /// <summary>Pays out what was approved and not paid out yet, less its fee.</summary>
    /// <returns>Null where there is nothing.</returns>
    /// <param name="on">By the building's clock.</param>
    public ProviderSettlement? Settle(DateOnly on)
    {
        var paid = _orders.Values.Where(o => o is { State: OnlineState.Approved, Settled: false })
            .Where(o => _orders.TryUpdate(o.Code, o with { Settled = true }, o)).ToList();
        if (paid.Count == 0) return null;
        Keep();
        var amount = paid.Sum(o => o.Received);
        var settlement = new ProviderSettlement(
            "set_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6)), amount,
            paid.Sum(o => Math.Min(o.Received, decimal.Round(o.Received * FeeShare, MidpointRounding.AwayFromZero) + FeeEach)), on);
        Tell(new SandboxEvent(NextEvent(), "settled", null, settlement), TimeSpan.Zero);
        return settlement;
    }

    /// <summary>The report of an order, as an answer and inside an event.</summary>
    public static ProviderReport Report(SandboxOrder order) => new(
        order.Code, order.State, order.Received > 0 ? order.Received : order.Amount, OnlinePayment.Currency, order.Transaction, order.At);

    /// <summary>The header of a body: when it was signed, and what that and the body come to with the secret.</summary>
    public static string Sign(ReadOnlySpan<byte> body, string secret, DateTimeOffset at)
    {
        var seconds = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return $"t={seconds},v1={Convert.ToHexStringLower(Mac(body, secret, seconds))}";
    }

    /// <summary>Whether a header is of this body and of who knows the secret.</summary>
    public static bool IsSigned(ReadOnlySpan<byte> body, string? header, string secret)
    {
        if (header is not { Length: > 0 and < 200 }) return false;
        var parts = header.Split(',').Select(p => p.Split('=', 2)).Where(p => p.Length == 2).ToLookup(p => p[0].Trim(), p => p[1].Trim());
        if (parts["t"].FirstOrDefault() is not { } at || parts["v1"].FirstOrDefault() is not { } given) return false;
        var expected = Encoding.ASCII.GetBytes(Convert.ToHexStringLower(Mac(body, secret, at)));
        return CryptographicOperations.FixedTimeEquals(expected, Encoding.ASCII.GetBytes(given));
    }

    private static byte[] Mac(ReadOnlySpan<byte> body, string secret, string at)
    {
        var prefix = Encoding.ASCII.GetBytes(at + ".");
        return HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), (byte[])[.. prefix, .. body]);
    }

    private SandboxEvent Event(SandboxOrder order) => new(NextEvent(), "payment", Report(order), null);

    private string NextEvent() => $"evt_{time.GetUtcNow().ToUnixTimeMilliseconds()}_{Interlocked.Increment(ref _events)}";

    /// <summary>Who has not begun in time can pay no more.</summary>
    private SandboxOrder Aged(SandboxOrder order)
    {
        if (order.State != OnlineState.Started || order.ExpiresAt > time.GetUtcNow().UtcDateTime) return order;
        var expired = order with { State = OnlineState.Expired, At = order.ExpiresAt };
        return _orders.TryUpdate(order.Code, expired, order) ? expired : _orders[order.Code];
    }

    private void Tell(SandboxEvent told, TimeSpan after) => _ = Task.Run(async () =>
    {
        if (after > TimeSpan.Zero) await Task.Delay(after, time);
        var body = JsonSerializer.SerializeToUtf8Bytes(told, Json);
        foreach (var pause in Pauses)
        {
            if (pause > TimeSpan.Zero) await Task.Delay(pause, time);
            try
            {
                using var client = clients.CreateClient(nameof(SandboxGateway));
                using var request = new HttpRequestMessage(HttpMethod.Post, options.Events())
                {
                    Content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } },
                };
                request.Headers.Add(SignatureHeader, Sign(body, options.Secret, time.GetUtcNow()));
                using var answer = await client.SendAsync(request);
                if (answer.IsSuccessStatusCode) return;
            }
            catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
            {
                logger.LogWarning("The sandbox could not tell {Event}: {Problem}", told.Id, exception.Message);
            }
        }
    });

    private void Keep()
    {
        if (options.File is null) return;
        lock (_file)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(options.File)!);
            File.WriteAllText(options.File + ".new", JsonSerializer.Serialize(_orders.Values, Json));
            File.Move(options.File + ".new", options.File, overwrite: true);
        }
    }

    private static ConcurrentDictionary<string, SandboxOrder> Read(string? file)
    {
        if (file is null || !File.Exists(file)) return new(StringComparer.Ordinal);
        try
        {
            var kept = JsonSerializer.Deserialize<List<SandboxOrder>>(File.ReadAllText(file), Json) ?? [];
            return new(kept.Select(o => KeyValuePair.Create(o.Code, o)), StringComparer.Ordinal);
        }
        catch (JsonException)
        {
            // It is for trying out: what cannot be read is forgotten.
            return new(StringComparer.Ordinal);
        }
    }
}

/// <summary>What the sandbox tells.</summary>
public sealed record SandboxEvent(string Id, string Type, ProviderReport? Report, ProviderSettlement? Settlement);
