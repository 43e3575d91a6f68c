using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Portal.Data.OnlinePayments;

namespace Portal.Areas.OnlinePayments;

/// <summary>Speaks with the <see cref="SandboxGateway"/> over HTTP, as one would with a real one.</summary>
public sealed class SandboxProvider(SandboxOptions options, IHttpClientFactory clients) : IPaymentProvider
{
    public const string ProviderName = "sandbox";

    public string Name => ProviderName;

    public async Task<ProviderStart> StartAsync(ProviderOrder order, CancellationToken ct)
    {
        var begun = await SendAsync<ProviderStart>(HttpMethod.Post, "sandbox/api/orders", order, ct);
        return begun ?? throw new ProviderAwayException("The sandbox did not begin the payment.");
    }

    public Task<ProviderReport?> FetchAsync(string code, CancellationToken ct) =>
        SendAsync<ProviderReport>(HttpMethod.Get, $"sandbox/api/orders/{Uri.EscapeDataString(code)}", null, ct);

    public async Task<bool> RefundAsync(string code, CancellationToken ct) =>
        await SendAsync<ProviderReport>(HttpMethod.Post, $"sandbox/api/orders/{Uri.EscapeDataString(code)}/refund", null, ct) is not null;

    public bool TryRead(ReadOnlyMemory<byte> body, string? signature, out ProviderMessage? message)
    {
        message = null;
        if (!SandboxGateway.IsSigned(body.Span, signature, options.Secret)) return false;
        try
        {
            if (JsonSerializer.Deserialize<SandboxEvent>(body.Span, SandboxGateway.Json) is not { Id: { Length: > 0 and <= 80 } } told)
                return false;
            message = new ProviderMessage(told.Id, told.Report, told.Settlement);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <returns>Null where it knows nothing of it.</returns>
    private async Task<T?> SendAsync<T>(HttpMethod method, string path, object? content, CancellationToken ct) where T : class
    {
        try
        {
            using var client = clients.CreateClient(nameof(SandboxGateway));
            using var request = new HttpRequestMessage(method, new Uri(options.Home(), path));
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", options.Secret);
            if (content is not null) request.Content = JsonContent.Create(content, content.GetType(), options: SandboxGateway.Json);
            using var answer = await client.SendAsync(request, ct);
            if (answer.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Conflict) return null;
            if (!answer.IsSuccessStatusCode) throw new ProviderAwayException($"The sandbox answered {(int)answer.StatusCode}.");
            return await answer.Content.ReadFromJsonAsync<T>(SandboxGateway.Json, ct);
        }
        catch (Exception exception) when (
            exception is HttpRequestException or JsonException
            || (exception is TaskCanceledException && !ct.IsCancellationRequested))
        {
            throw new ProviderAwayException("The sandbox could not be reached.", exception);
        }
    }
}
