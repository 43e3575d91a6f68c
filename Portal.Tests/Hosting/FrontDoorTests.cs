using System.Collections.Concurrent;
using System.IO.Compression;
using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using Portal.Data;
using Portal.Data.Access;
using Portal.Hosting;
using Portal.Tests.Identity;
using Portal.Tests.Server;

namespace Portal.Tests.Hosting;

/// <summary>What every answer says, and what is not answered at all.</summary>
public sealed class FrontDoorTests(TestDatabase database) : DatabaseTest(database)
{
    private static readonly Uri Https = new("https://localhost");

    [Fact]
    public async Task Over_https_every_cookie_is_of_this_host_alone_and_no_other_is_taken()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        await world.AddAsync("admin", Roles.Admin);
        await using var host = new PortalHost(Database.ConnectionString);
        var visitor = host.NewVisitor();
        visitor.Client.BaseAddress = Https;
        var (page, entered) = (await visitor.GetAsync("/sign-in"), await visitor.SignInAsync("admin", IdentityWorld.Password));
        Assert.Equal(HttpStatusCode.Redirect, entered.Status);
        string[] lines = [.. Cookies(page), .. Cookies(entered), .. Cookies(await visitor.GetAsync("/theme?to=dark"))];
        Assert.All(lines, line =>
        {
            Assert.StartsWith("__Host-", line, StringComparison.Ordinal);
            Assert.Contains("; secure", line, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("; samesite=", line, StringComparison.OrdinalIgnoreCase);
        });
        var session = lines.Last(line => line.StartsWith("__Host-vallhalla.session=", StringComparison.Ordinal)).Split(';')[0];
        Assert.Contains(lines, line => line.StartsWith("__Host-vallhalla.device=", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.OK, (await visitor.GetAsync("/account/password")).Status);
        Assert.Equal(HttpStatusCode.OK, await WithAsync(session));
        Assert.Equal(HttpStatusCode.Redirect, await WithAsync(session[HostCookies.Host.Length..]));

        var left = await visitor.SubmitAsync(
            await visitor.GetAsync("/sign-out"), new Dictionary<string, string>(), "form[action='/sign-out']");
        Assert.Equal(["\"cache\""], left.Response.Headers.GetValues("Clear-Site-Data"));
        Assert.Contains(Cookies(left), line => line.StartsWith("__Host-vallhalla.session=;", StringComparison.Ordinal));

        async Task<HttpStatusCode> WithAsync(string cookie)
        {
            var stranger = host.NewVisitor();
            stranger.Client.BaseAddress = Https;
            var request = new HttpRequestMessage(HttpMethod.Get, "/account/password");
            request.Headers.Add("Cookie", cookie);
            return (await stranger.SendAsync(request)).Status;
        }

        static IEnumerable<string> Cookies(Seen seen) => seen.Response.Headers.TryGetValues("Set-Cookie", out var set) ? set : [];
    }

    [Theory]
    [InlineData("a=1; __Host-a=2; __Secure-b=3; c=4", "b=3; a=2")]
    [InlineData("old=1", "old=1")]
    [InlineData("old=1; __Secure-old=2", "old=2")]
    [InlineData("a=1", null)]
    public void Names_that_a_neighbour_could_have_set_are_left_out(string sent, string? taken) =>
        Assert.Equal(taken, (string?)HostCookies.Plain(new StringValues(sent), "old"));

    [Theory]
    [InlineData("x=1; path=/; httponly", "__Host-x=1; path=/; httponly; secure")]
    [InlineData("x=1; path=/gate; secure", "__Secure-x=1; path=/gate; secure")]
    [InlineData("x=1; path=/; domain=example.org", "__Secure-x=1; path=/; domain=example.org; secure")]
    [InlineData("__Host-x=1; path=/; secure", "__Host-x=1; path=/; secure")]
    public void A_cookie_is_called_by_where_it_holds(string line, string named) => Assert.Equal(named, HostCookies.Named(line));

    [Fact]
    public async Task Every_answer_has_the_headers_whoever_gives_it()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        await world.AddAsync("admin", Roles.Admin);
        await using var host = new PortalHost(Database.ConnectionString);
        using var client = host.CreateDefaultClient(Https);
        var foreign = Ask(HttpMethod.Post, "/_blazor/negotiate?negotiateVersion=1");
        foreign.Headers.Add("Origin", "https://evil.example");
        var large = Ask(HttpMethod.Post, "/sign-in");
        large.Content = new ByteArrayContent(new byte[RequestSizes.Form + 1]);
        foreach (
            var (request, status) in new (HttpRequestMessage, HttpStatusCode?)[]
            {
                (Ask(HttpMethod.Get, "/sign-in"), HttpStatusCode.OK),
                (Ask(HttpMethod.Get, "/"), HttpStatusCode.Redirect),
                (Ask(HttpMethod.Get, "/there/is/no/such/page"), null),
                (Ask(HttpMethod.Get, "/health/live"), HttpStatusCode.OK),
                (Ask(HttpMethod.Get, "/theme.js"), HttpStatusCode.OK),
                (Ask(HttpMethod.Get, "/gate/words.json"), HttpStatusCode.OK),
                (Ask(HttpMethod.Get, Portal.Components.Shared.IconSprite.Source), HttpStatusCode.OK),
                (foreign, HttpStatusCode.Forbidden),
                (large, HttpStatusCode.RequestEntityTooLarge),
            }
        )
        {
            request.Headers.TryAddWithoutValidation("Accept", "text/html");
            using var answer = await client.SendAsync(request);
            var about = $"{request.Method} {request.RequestUri} {answer.StatusCode}";
            Assert.True(status is null || status == answer.StatusCode, about);
            Assert.True(Has("Content-Security-Policy").Contains("frame-ancestors 'none'", StringComparison.Ordinal), about);
            Assert.True(Has("Content-Security-Policy").Contains("object-src 'none'", StringComparison.Ordinal), about);
            Assert.True(Has("X-Content-Type-Options") == "nosniff", about);
            Assert.True(Has("Referrer-Policy") == "same-origin", about);
            Assert.True(Has("Strict-Transport-Security") == "max-age=31536000; includeSubDomains", about);
            Assert.True(Has("Cache-Control").Length > 0, about);
            Assert.True(Has("Access-Control-Allow-Origin").Length == 0, about);

            string Has(string name) => answer.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : "";
        }

        static HttpRequestMessage Ask(HttpMethod method, string path) => new(method, path);
    }

    [Fact]
    public async Task No_page_is_kept_and_nothing_echoes()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        await world.AddAsync("admin", Roles.Admin);
        await using var host = new PortalHost(Database.ConnectionString);
        var visitor = host.NewVisitor();
        Assert.True((await visitor.GetAsync("/sign-in")).Response.Headers.CacheControl!.NoStore);
        await visitor.SignInAsync("admin", IdentityWorld.Password);
        foreach (var path in new[] { "/", "/people", "/account/password" })
            Assert.True((await visitor.GetAsync(path)).Response.Headers.CacheControl!.NoStore, path);

        // No listing of a folder, and no method that gives back what was sent.
        Assert.Equal(HttpStatusCode.NotFound, (await visitor.GetAsync("/fonts/")).Status);
        var trace = new HttpRequestMessage(HttpMethod.Trace, "/sign-in");
        trace.Headers.Add("X-Secret", "do not say it");
        var answer = await visitor.SendAsync(trace);
        Assert.False(answer.Response.IsSuccessStatusCode);
        Assert.DoesNotContain("do not say it", await answer.Response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_is_refused_a_page_stands_in_the_log()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        await world.AddAsync("admin", Roles.Admin);
        var owner = await world.AddAsync("andrea");
        using var log = new Lines();
        await using var host = new PortalHost(Database.ConnectionString, log: log);
        var visitor = host.NewVisitor();
        await visitor.SignInAsync("andrea", IdentityWorld.Password);
        Assert.Equal(HttpStatusCode.Forbidden, (await visitor.GetAsync("/audit")).Status);
        Assert.Contains($"Refused: account {owner} may not GET /audit", log.Said);
    }

    [Theory]
    [InlineData("Server=127.0.0.1;SslMode=None", true)]
    [InlineData("Server=localhost", true)]
    [InlineData("Server=::1;SslMode=Required", true)]
    [InlineData("Server=db.example.org;SslMode=VerifyFull", true)]
    [InlineData("Server=db.example.org;SslMode=Required", false)]
    [InlineData("Server=127.0.0.1,10.0.0.5", false)]
    public void A_database_elsewhere_has_to_prove_who_it_is(string connectionString, bool well)
    {
        var problem = DatabaseLine.Problem(connectionString);
        Assert.Equal(well, problem is null);
        if (!well) Assert.Contains("VerifyFull", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_workbook_of_too_many_parts_is_not_unpacked()
    {
        var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            for (var i = 0; i < 1_001; i++) zip.CreateEntry($"xl/{i}.xml");
        }

        Assert.Contains("too much", Assert.Throws<InvalidDataException>(
            () => SheetFile.Cells(file.ToArray(), ',', "utf-8", 10, 2)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_one_person_two_papers_are_made_at_once_and_others_do_not_wait_for_them()
    {
        await using var lanes = HeavyRequests.Lanes();
        var made = lanes.AttemptAcquire(1, HeavyRequests.AtOnce);
        Assert.True(made.IsAcquired);
        var waiting = Enumerable.Range(0, HeavyRequests.Waiting).Select(_ => lanes.AcquireAsync(1).AsTask()).ToList();
        Assert.False((await lanes.AcquireAsync(1)).IsAcquired);
        Assert.All(waiting, one => Assert.False(one.IsCompleted));
        Assert.True(lanes.AttemptAcquire(2).IsAcquired);
        made.Dispose();
        Assert.True((await waiting[0]).IsAcquired);
        Assert.True((await waiting[1]).IsAcquired);
        Assert.False(waiting[2].IsCompleted);
    }

    private sealed class Lines : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Said { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Said.Enqueue(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
