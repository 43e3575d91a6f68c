using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Microsoft.Playwright;
using Portal.Data.Demo;
using Portal.Tests.Notifications;
using Portal.Tests.Server;
using Xunit;

namespace Portal.Tests.Browser;

/// <summary>
/// Classes of one of these collections share one portal and go one after the other: each test leaves what it changed, so it changes only
/// what is its own. The collections go beside each other. This one is for jobs of residents and the office.
/// </summary>
[CollectionDefinition(Name)]
public sealed class BrowserCollection : ICollectionFixture<PortalProcess>
{
    public const string Name = "browser";
}

/// <summary>Jobs of the gate and of who is expected there.</summary>
[CollectionDefinition(Name)]
public sealed class GateBrowserCollection : ICollectionFixture<PortalProcess>
{
    public const string Name = "browser, gate";
}

/// <summary>How pages look: nothing is changed there.</summary>
[CollectionDefinition(Name)]
public sealed class LooksBrowserCollection : ICollectionFixture<PortalProcess>
{
    public const string Name = "browser, looks";
}

/// <summary>
/// The built portal as a process of its own on a free port, over a database with the demo building in it, and a Chromium to use it with:
/// <c>await using var andrea = await portal.SignInAsync("andrea.ruiz")</c>.
/// </summary>
public sealed class PortalProcess : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly ConcurrentDictionary<string, string> _sessions = new();
    private readonly List<string> _output = [];
    private EmptyDatabase _database = null!;
    private Process? _portal;
    private StallWatch? _watch;
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public string Address { get; private set; } = "";

    /// <summary>For a test that looks at rows behind the portal's back.</summary>
    public string ConnectionString => _database.ConnectionString;

    /// <summary>Where its mail goes.</summary>
    internal MailServer Mail { get; } = new();

    public async Task InitializeAsync()
    {
        await Mail.StartAsync();
        _database = await EmptyDatabase.CreateAsync();
        Address = $"http://127.0.0.1:{TestServer.FreePort()}";
        _portal = Launch(Address);
        await WaitAsync(_portal, Address);
        _watch = new StallWatch(Address);
        _playwright = await Playwright.CreateAsync();
        Assertions.SetDefaultExpectTimeout(45_000);
        _browser = await _playwright.Chromium.LaunchAsync(
            new()
            {
                ExecutablePath = Environment.GetEnvironmentVariable("PORTAL_TEST_CHROMIUM") ?? "/usr/bin/chromium",
                Args = ["--no-sandbox"],
            }
        );
    }

    /// <summary>
    /// A browser of its own for a demo account, signed in. A person signs in by hand once in a run, afterwards with their cookies.
    /// </summary>
    /// <param name="user">The account's name; null for a stranger.</param>
    /// <param name="phone">390 × 844 instead of 1440 × 900.</param>
    /// <param name="language"><c>es-CO</c> or <c>en-US</c>, as the browser tells it.</param>
    /// <param name="at">The address of another portal over the same database.</param>
    public async Task<Session> SignInAsync(string? user, bool phone = false, string language = "es-CO", string? at = null)
    {
        var context = await _browser!.NewContextAsync(new()
        {
            BaseURL = at ?? Address,
            Locale = language,
            TimezoneId = TestDay.Zone.Id,
            ViewportSize = phone ? new() { Width = 390, Height = 844 } : new() { Width = 1440, Height = 900 },
            HasTouch = phone,
            StorageState = user is null ? null : _sessions.GetValueOrDefault(user),
        });
        context.SetDefaultTimeout(60_000);
        var page = await context.NewPageAsync();
        if (user is not null && !_sessions.ContainsKey(user))
        {
            await page.GotoAsync("/sign-in");
            await page.Locator("input[autocomplete=username]").FillAsync(user);
            await page.Locator("input[type=password]").FillAsync(DemoSeed.Password);
            await page.Locator("main button[type=submit], main button.mud-button-filled-primary").First.ClickAsync();
            await page.ArriveAsync(url => !url.Contains("/sign-in", StringComparison.Ordinal));
            _sessions[user] = await context.StorageStateAsync();
        }

        // The cookies of one sign-in serve for a whole run: what asks for a fresh one finds it so.
        if (user is not null) await _database.ExecuteAsync("UPDATE sessions SET proved_at = '2037-01-01' WHERE proved_at IS NOT NULL");

        return new Session(context, page);
    }

    /// <summary>Another portal over the same database.</summary>
    public async Task<SecondPortal> StartAnotherAsync()
    {
        var address = $"http://127.0.0.1:{TestServer.FreePort()}";
        var process = Launch(address);
        await WaitAsync(process, address);
        return new SecondPortal(process, address);
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null) await _browser.CloseAsync();
        _playwright?.Dispose();
        if (_watch is not null)
        {
            await _watch.DisposeAsync();
            foreach (var noted in _watch.Noted) Console.WriteLine($"Stalled: {noted}");
        }

        if (_portal is { HasExited: false })
        {
            _portal.Kill(entireProcessTree: true);
            await _portal.WaitForExitAsync();
        }

        _portal?.Dispose();
        await _database.DisposeAsync();
        await Mail.DisposeAsync();
    }

    private Process Launch(string address)
    {
        // Built beside the tests, in the same configuration: bin/Debug/net10.0.
        var built = Path.Combine(
            Repository.Root, "Portal", Path.GetRelativePath(Path.Combine(Repository.Root, "Portal.Tests"), AppContext.BaseDirectory));
        var start = new ProcessStartInfo("dotnet", [Path.Combine(built, "Portal.dll")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        start.Environment["ASPNETCORE_URLS"] = address;
        start.Environment["ConnectionStrings__Portal"] = _database.ConnectionString;
        TestDay.Tell(start.Environment);
        (start.Environment["Mail__Host"], start.Environment["Mail__Port"]) = ("127.0.0.1", $"{Mail.Port}");
        (start.Environment["Mail__Security"], start.Environment["Mail__From"]) = ("none", "portal@nogal.example");
        var portal = Process.Start(start)!;
        portal.OutputDataReceived += (_, line) => Note(line.Data);
        portal.ErrorDataReceived += (_, line) => Note(line.Data);
        portal.BeginOutputReadLine();
        portal.BeginErrorReadLine();
        return portal;
    }

    private async Task WaitAsync(Process portal, string address)
    {
        using var http = new HttpClient { BaseAddress = new Uri(address) };
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < Patience && !portal.HasExited; await Task.Delay(200))
        {
            try
            {
                if ((await http.GetAsync("/health/ready")).StatusCode == HttpStatusCode.OK) return;
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }
        }

        throw new InvalidOperationException("The portal did not start:\n" + string.Join('\n', Said()));
    }

    private void Note(string? line)
    {
        if (line is null) return;
        lock (_output) _output.Add(line);
    }

    private string[] Said()
    {
        lock (_output) return [.. _output.TakeLast(60)];
    }
}

/// <summary>A portal beside the first, over the same database.</summary>
public sealed class SecondPortal(Process process, string address) : IAsyncDisposable
{
    public string Address => address;

    public async ValueTask DisposeAsync()
    {
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
    }
}

/// <summary>One person's browser.</summary>
public sealed class Session : IAsyncDisposable
{
    /// <summary>Blazor's own script sends to a circuit that has just gone: what it says of that is no fault of a page.</summary>
    private const string CutOff = "Cannot send data if the connection is not in the 'Connected' State";

    private readonly IBrowserContext context;
    private readonly IPage page;
    private readonly ConcurrentQueue<string> errors = [];

    public Session(IBrowserContext context, IPage page)
    {
        (this.context, this.page) = (context, page);
        context.WebError += (_, error) =>
        {
            if (!error.Error.Contains(CutOff, StringComparison.Ordinal)) errors.Enqueue($"{error.Page?.Url}: {error.Error}");
        };
    }

    public IPage Page => page;

    /// <summary>Opens a page and waits until it answers to clicks: before its circuit has drawn, a press would be lost.</summary>
    public async Task<IPage> OpenAsync(string path)
    {
        await page.GotoAsync(path);
        await page.Locator("[data-live]").WaitForAsync(new() { State = WaitForSelectorState.Attached });
        return page;
    }

    /// <summary>A script that failed on any page of it fails the test, also where everything else looked right.</summary>
    public async ValueTask DisposeAsync()
    {
        await context.DisposeAsync();
        Assert.True(errors.IsEmpty, $"A script failed in the browser: {string.Join(Environment.NewLine, errors)}");
    }
}
