using System.Net;
using System.Net.Sockets;

namespace Portal.Tests.Browser;

/// <summary>A line to a portal on which everything arrives late, in its order, in both directions.</summary>
public sealed class SlowLine : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Uri _portal;
    private readonly TimeSpan _delay;
    private readonly Task _accepting;

    /// <param name="portal">The portal's address.</param>
    /// <param name="roundTrip">How much later an answer arrives.</param>
    public SlowLine(string portal, TimeSpan roundTrip)
    {
        (_portal, _delay) = (new Uri(portal), roundTrip / 2);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Address => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _accepting;
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = JoinAsync(await _listener.AcceptTcpClientAsync(_end.Token));
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The line is taken down.
        }
    }

    private async Task JoinAsync(TcpClient browser)
    {
        using var portal = new TcpClient();
        using (browser)
        {
            try
            {
                browser.NoDelay = portal.NoDelay = true;
                await portal.ConnectAsync(_portal.Host, _portal.Port, _end.Token);
                await Task.WhenAny(CarryAsync(browser.GetStream(), portal.GetStream()), CarryAsync(portal.GetStream(), browser.GetStream()));
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException or IOException)
            {
                // One of the two hung up.
            }
        }
    }

    // What is read leaves after its delay, and nothing overtakes: each piece waits for the one before it.
    private async Task CarryAsync(NetworkStream from, NetworkStream to)
    {
        var before = Task.CompletedTask;
        var buffer = new byte[64 * 1024];
        while (await from.ReadAsync(buffer, _end.Token) is > 0 and var read)
        {
            before = SendAsync(before, Task.Delay(_delay, _end.Token), to, buffer.AsSpan(0, read).ToArray());
        }

        await before;
    }

    private async Task SendAsync(Task before, Task delay, NetworkStream to, byte[] piece)
    {
        await before;
        await delay;
        await to.WriteAsync(piece, _end.Token);
    }
}
