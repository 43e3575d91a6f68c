using Microsoft.JSInterop;

namespace Portal.Areas.Account;

/// <param name="Answer">JSON for the services; null where there is none.</param>
/// <param name="Why">Then: <c>cancelled</c> where the person closed the question or let it run out, <c>exists</c>, <c>failed</c>.</param>
public sealed record DeviceAnswer(string? Answer, string? Why);

/// <summary>The person's device, asked through the browser of an open page. Dispose it with what asks.</summary>
public sealed class PasskeyDevice : IAsyncDisposable
{
    private readonly IJSObjectReference _module;

    private PasskeyDevice(IJSObjectReference module, bool supported) => (_module, Supported) = (module, supported);

    /// <summary>The browser knows passkeys, at this address.</summary>
    public bool Supported { get; }

    /// <summary>Only in a circuit.</summary>
    public static async Task<PasskeyDevice> OpenAsync(IJSRuntime js)
    {
        var module = await js.InvokeAsync<IJSObjectReference>("import", "./passkeys.js");
        return new PasskeyDevice(module, await module.InvokeAsync<bool>("supported"));
    }

    // With a token of its own: without one a call is given up after a minute, and people look for their telephone.
    public ValueTask<DeviceAnswer> CreateAsync(string options) =>
        _module.InvokeAsync<DeviceAnswer>("create", CancellationToken.None, options);

    public ValueTask<DeviceAnswer> GetAsync(string options) => _module.InvokeAsync<DeviceAnswer>("get", CancellationToken.None, options);

    /// <summary>As the browser calls itself.</summary>
    public ValueTask<string> AgentAsync() => _module.InvokeAsync<string>("agent");

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _module.DisposeAsync();
        }
        catch (JSDisconnectedException)
        {
            // The page is gone, and its module with it.
        }
    }
}
