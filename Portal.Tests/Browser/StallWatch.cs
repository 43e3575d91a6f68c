using System.Diagnostics;
using System.Globalization;

namespace Portal.Tests.Browser;

/// <summary>
/// Notes when a portal answered late, and when the tests themselves stood still: of a test that failed only on a busy machine this tells
/// whether the machine was it.
/// </summary>
internal sealed class StallWatch : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>What is longer is noted.</summary>
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _end = new();
    private readonly HttpClient _http;
    private readonly List<string> _noted = [];
    private readonly Task _watching;

    /// <param name="address">The portal's address.</param>
    public StallWatch(string address)
    {
        _http = new HttpClient { BaseAddress = new Uri(address), Timeout = TimeSpan.FromMinutes(2) };
        _watching = WatchAsync();
    }

    /// <summary>What was noted, a line each; to be asked once it is disposed.</summary>
    public IReadOnlyList<string> Noted => _noted;

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _watching;
        _http.Dispose();
        _end.Dispose();
    }

    private async Task WatchAsync()
    {
        try
        {
            while (true)
            {
                var since = Stopwatch.StartNew();
                await Task.Delay(Pause, _end.Token);
                Note(since.Elapsed - Pause, "the tests stood still");
                since.Restart();
                using (await _http.GetAsync("/health/live", _end.Token)) Note(since.Elapsed, "the portal answered late");
            }
        }
        catch (OperationCanceledException)
        {
            // The run is over, or the portal answered nothing for two minutes, which its tests say themselves.
        }
        catch (HttpRequestException)
        {
            // It is gone.
        }
    }

    private void Note(TimeSpan took, string what)
    {
        if (took > Long) _noted.Add(string.Create(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:HH:mm:ss} {what}: {took.TotalSeconds:0} s"));
    }
}
