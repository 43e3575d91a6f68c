using System.Globalization;
using System.Runtime.InteropServices;

namespace Portal.Hosting;

/// <summary>A portal behind a balancer stops in two steps: first it says that nobody is to be sent here any more, then it ends.</summary>
public sealed class Drain
{
    private volatile bool _begun;

    /// <summary>It is about to stop, and still serves who is here.</summary>
    public bool Begun => _begun;

    /// <summary>As long as the balancer takes to notice. <c>Stop:DrainSeconds</c>; nothing: it ends at once.</summary>
    public static TimeSpan Lasts(IConfiguration configuration) =>
        TimeSpan.FromSeconds(double.Parse(configuration["Stop:DrainSeconds"] ?? "0", CultureInfo.InvariantCulture));

    public void Begin() => _begun = true;
}

/// <summary>
/// Ends the program on SIGTERM, Ctrl-C or SIGQUIT, after <see cref="Drain.Lasts"/>; asked a second time, at once. In the place of the
/// console's own lifetime, which lets go of every open page before anybody could be sent elsewhere.
/// </summary>
internal sealed class DrainingLifetime(
    Drain drain, IConfiguration configuration, IHostApplicationLifetime lifetime, ILogger<DrainingLifetime> logger) : IHostLifetime, IDisposable
{
    private readonly List<PosixSignalRegistration> _signals = [];

    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        foreach (var signal in new[] { PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGQUIT })
            _signals.Add(PosixSignalRegistration.Create(signal, Stop));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        foreach (var signal in _signals) signal.Dispose();
    }

    private void Stop(PosixSignalContext context)
    {
        context.Cancel = true;
        if (drain.Begun)
        {
            lifetime.StopApplication();
            return;
        }

        var lasts = Drain.Lasts(configuration);
        drain.Begin();
        logger.LogInformation("Asked to stop: not ready any more, and ends in {Seconds} s", lasts.TotalSeconds);
        _ = EndAsync(lasts);
    }

    private async Task EndAsync(TimeSpan after)
    {
        await Task.Delay(after);
        lifetime.StopApplication();
    }
}
