using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Portal.Tests.Browser;

/// <summary>
/// A line to a portal that can be cut, put on another portal, and made to lose answers: what was asked arrives, and its answer does not.
/// </summary>
public sealed class CutLine : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly HashSet<TcpClient> _open = [];
    private readonly Task _accepting;
    private Uri _portal;
    private bool _down;
    private string? _losing;

    public CutLine(string portal)
    {
        _portal = new Uri(portal);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Address => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>How many answers were lost.</summary>
    public int Lost { get; private set; }

    /// <summary>Nothing goes through any more, and what was going breaks off.</summary>
    public void Cut()
    {
        lock (_open)
        {
            _down = true;
            foreach (var browser in _open) browser.Close();
            _open.Clear();
        }
    }

    /// <summary>The line is whole again, to this portal.</summary>
    public void Mend(string portal)
    {
        lock (_open) (_portal, _down) = (new Uri(portal), false);
    }

    /// <summary>The answer to the next request that begins so is lost.</summary>
    public void LoseAnswer(string request) => Volatile.Write(ref _losing, request);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        Cut();
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
        using (browser)
        {
            Uri portal;
            lock (_open)
            {
                if (_down) return;
                _open.Add(browser);
                portal = _portal;
            }

            try
            {
                using var server = new TcpClient();
                browser.NoDelay = server.NoDelay = true;
                await server.ConnectAsync(portal.Host, portal.Port, _end.Token);
                var carried = new Carried();
                await Task.WhenAny(
                    AskAsync(browser.GetStream(), server.GetStream(), carried), AnswerAsync(server.GetStream(), browser.GetStream(), carried));
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException or IOException or ObjectDisposedException)
            {
                // One of the two hung up, or the line was cut.
            }
            finally
            {
                lock (_open) _open.Remove(browser);
            }
        }
    }

    private async Task AskAsync(NetworkStream from, NetworkStream to, Carried carried)
    {
        var buffer = new byte[64 * 1024];
        while (await from.ReadAsync(buffer, _end.Token) is > 0 and var read)
        {
            if (Volatile.Read(ref _losing) is { } losing
                && Encoding.ASCII.GetString(buffer, 0, Math.Min(read, 200)).StartsWith(losing, StringComparison.Ordinal))
            {
                Volatile.Write(ref _losing, null);
                carried.Lose = true;
            }

            await to.WriteAsync(buffer.AsMemory(0, read), _end.Token);
        }
    }

    private async Task AnswerAsync(NetworkStream from, NetworkStream to, Carried carried)
    {
        var buffer = new byte[64 * 1024];
        while (await from.ReadAsync(buffer, _end.Token) is > 0 and var read)
        {
            if (carried.Lose)
            {
                Lost++;
                return;
            }

            await to.WriteAsync(buffer.AsMemory(0, read), _end.Token);
        }
    }

    private sealed class Carried
    {
        public volatile bool Lose;
    }
}
