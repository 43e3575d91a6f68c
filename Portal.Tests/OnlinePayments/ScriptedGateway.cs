using System.Text.Json;
using Portal.Data.OnlinePayments;

namespace Portal.Tests.OnlinePayments;

/// <summary>A gateway that says what the test tells it to, signed with the word "signed".</summary>
internal sealed class ScriptedGateway : IPaymentProvider
{
    public const string Signature = "signed";

    public string Name => "scripted";

    /// <summary>It answers nothing.</summary>
    public bool Away { get; set; }

    /// <summary>What it knows when it is asked.</summary>
    public Dictionary<string, ProviderReport> Knows { get; } = [];

    public List<ProviderOrder> Begun { get; } = [];

    public List<string> Refunds { get; } = [];

    public Task<ProviderStart> StartAsync(ProviderOrder order, CancellationToken ct)
    {
        if (Away) throw new ProviderAwayException("away");
        Begun.Add(order);
        return Task.FromResult(new ProviderStart($"g{Begun.Count}", $"https://gateway.example/pay/{Begun.Count}"));
    }

    public Task<ProviderReport?> FetchAsync(string code, CancellationToken ct) =>
        Away ? throw new ProviderAwayException("away") : Task.FromResult(Knows.GetValueOrDefault(code));

    public Task<bool> RefundAsync(string code, CancellationToken ct)
    {
        if (Away) throw new ProviderAwayException("away");
        Refunds.Add(code);
        return Task.FromResult(Knows.ContainsKey(code));
    }

    public bool TryRead(ReadOnlyMemory<byte> body, string? signature, out ProviderMessage? message)
    {
        message = signature == Signature ? JsonSerializer.Deserialize<ProviderMessage>(body.Span) : null;
        return message is not null;
    }
}
