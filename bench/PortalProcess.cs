using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using Portal.Data.Demo;

namespace Portal.Bench;

/// <summary>A web server as a process of its own, so that its processor time is its own: the built portal, or the bare pages.</summary>
internal sealed partial class PortalProcess : IDisposable
{
    private readonly Process _process;
    private readonly Uri _address;
    private readonly List<HttpClient> _clients = [];

    private PortalProcess(Process process, Uri address) => (_process, _address) = (process, address);

    public int Id => _process.Id;

    public static Task<PortalProcess> StartPortalAsync(TestBed bed) => StartAsync("Portal.dll", bed);

    public static Task<PortalProcess> StartRawAsync(TestBed bed) => StartAsync("Portal.Bench.dll", bed, RawPages.Verb);

    public HttpClient Client()
    {
        var client = new HttpClient(new SocketsHttpHandler { CookieContainer = new CookieContainer(), MaxConnectionsPerServer = 32 })
        {
            BaseAddress = _address,
        };
        _clients.Add(client);
        return client;
    }

    public async Task<HttpClient> SignInAsync(string userName)
    {
        var client = Client();
        var page = await client.GetStringAsync("/sign-in");
        using var answer = await client.PostAsync(
            "/sign-in",
            new FormUrlEncodedContent(
                new Dictionary<string, string>
                {
                    ["_handler"] = "sign-in",
                    ["__RequestVerificationToken"] = Token().Match(page).Groups[1].Value,
                    ["Input.Login"] = userName,
                    ["Input.Password"] = DemoSeed.Password,
                }
            )
        );
        return answer.RequestMessage!.RequestUri!.AbsolutePath == "/"
            ? client
            : throw new InvalidOperationException($"Signing in to the demo as {userName} failed.");
    }

    public void Dispose()
    {
        foreach (var client in _clients) client.Dispose();
        _process.Kill();
        _process.Dispose();
    }

    private static async Task<PortalProcess> StartAsync(string program, TestBed bed, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, program));
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        start.Environment["ConnectionStrings__Portal"] = bed.ConnectionString;
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        start.Environment["Logging__LogLevel__Default"] = "Warning";
        var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        var address = "";
        while (address.Length == 0 && await process.StandardOutput.ReadLineAsync() is { } line) address = Address().Match(line).Value;
        if (address.Length == 0)
            throw new InvalidOperationException($"{program} ended: {await process.StandardError.ReadToEndAsync()}");

        // Nobody reads its log from here on; unread, it would fill the pipe and stop it.
        _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
        _ = process.StandardError.BaseStream.CopyToAsync(Stream.Null);
        return new PortalProcess(process, new Uri(address));
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex Address();

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex Token();
}
