using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Portal.Tests.Server;

namespace Portal.Tests.Faults;

/// <summary>The portal as a person starts it: a process of its own, with its own database server unless told otherwise.</summary>
internal sealed class PortalProcess : IAsyncDisposable
{
    private static readonly HttpClient Http = new(new HttpClientHandler { AllowAutoRedirect = false })
    {
        Timeout = TimeSpan.FromSeconds(20),
    };
    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private PortalProcess(Process process, string address)
    {
        (_process, Address) = (process, address);
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public string Address { get; }

    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    public static Task<PortalProcess> StartAsync(string folder, string? connectionString = null, params string[] verbs) =>
        StartAsync(folder, connectionString, new Dictionary<string, string>(), verbs);

    /// <param name="settings">Of the configuration, by their names as environment variables: <c>Proxy__Known</c>.</param>
    public static async Task<PortalProcess> StartAsync(
        string folder, string? connectionString, IReadOnlyDictionary<string, string> settings, params string[] verbs)
    {
        var address = $"http://127.0.0.1:{TestServer.FreePort()}";
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Portal.dll"), .. verbs])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        start.Environment["ASPNETCORE_URLS"] = address;
        start.Environment["Database__Folder"] = folder;
        start.Environment["Database__Binary"] = (await TestServer.GetAsync()).Binary.Path;
        start.Environment["Database__BufferPoolMegabytes"] = "64";
        start.Environment["ConnectionStrings__Portal"] = connectionString ?? "";
        foreach (var (name, value) in settings) start.Environment[name] = value;
        return new PortalProcess(Process.Start(start)!, address);
    }

    /// <summary>Until it serves.</summary>
    public async Task ReadyAsync()
    {
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < TimeSpan.FromMinutes(2); await Task.Delay(200))
        {
            Assert.False(_process.HasExited, $"The portal ended: {Output}");
            try
            {
                using var response = await Http.GetAsync($"{Address}/health/ready");
                if (response.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
        }
        Assert.Fail($"The portal was not ready within two minutes: {Output}");
    }

    /// <summary>Somebody with a browser without JavaScript, on real HTTP.</summary>
    /// <param name="from">Their address: any of 127.0.0.0/8.</param>
    public Visitor NewVisitor(string from = "127.0.0.1", string language = "en")
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            Expect100ContinueTimeout = TimeSpan.FromSeconds(20),
            ConnectCallback = async (context, ct) =>
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
                await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, ct);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        return new Visitor(new HttpClient(handler) { BaseAddress = new Uri(Address), Timeout = TimeSpan.FromMinutes(2) }, language);
    }

    public async Task<int> EndedAsync(int minutes = 2)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(minutes));
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    /// <summary>As <c>kill -9</c> does: nothing of it runs any more, its database server does.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await EndedAsync();
    }

    /// <summary>As Ctrl-C or the system does at its end.</summary>
    public async Task<int> StopAsync()
    {
        await AskToStopAsync();
        return await EndedAsync();
    }

    /// <summary>As <see cref="StopAsync"/>, and does not wait for its end.</summary>
    public async Task AskToStopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    /// <summary>What <c>/health/ready</c> or <c>/health/live</c> says.</summary>
    public async Task<HttpStatusCode> HealthAsync(string which)
    {
        using var response = await Http.GetAsync($"{Address}/health/{which}");
        return response.StatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await StopAsync();
        }
        _process.Dispose();
    }

    private void Keep(string? line)
    {
        lock (_output)
        {
            _output.AppendLine(line);
        }
    }
}
