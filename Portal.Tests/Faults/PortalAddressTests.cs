using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Identity;
using Portal.Tests.Identity;
using Portal.Tests.Server;

namespace Portal.Tests.Faults;

/// <summary>Whole portals on real HTTP: where requests come from, what they may bring, and sessions over two portals.</summary>
public sealed class PortalAddressTests(TestDatabase database) : DatabaseTest(database), IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("portal-addresses-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_copied_cookie_is_dead_in_every_portal_and_only_a_known_proxy_says_where_people_come_from()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var id = await world.AddAsync("admin", Roles.Admin);
        await using var proxied = await StartAsync(("Proxy__Known", "127.0.0.2, 10.0.0.0/8"));
        await using var open = await StartAsync();

        // Nobody is believed where nothing is configured, and a stranger never.
        await SignInAsync(open.NewVisitor("127.0.0.2"), "203.0.113.1");
        Assert.Equal("127.0.0.2", await LastAddressAsync(world, id));
        await SignInAsync(proxied.NewVisitor("127.0.0.3"), "203.0.113.2");
        Assert.Equal("127.0.0.3", await LastAddressAsync(world, id));
        var home = proxied.NewVisitor("127.0.0.2");
        await SignInAsync(home, "198.51.100.9, 203.0.113.3, 10.1.2.3");
        Assert.Equal("203.0.113.3", await LastAddressAsync(world, id));

        // What a stranger behind the proxy spends is theirs: others behind it do not wait.
        for (var i = 0; i < 4; i++) await SendAsync(proxied.NewVisitor("127.0.0.2"), "203.0.113.66", "wrong");
        await Database.ExecuteAsync(
            "UPDATE sign_in_failures SET wait_until = last_at + INTERVAL 10 MINUTE WHERE source = '203.0.113.66'");
        Assert.Equal(HttpStatusCode.TooManyRequests, (await SendAsync(proxied.NewVisitor("127.0.0.2"), "203.0.113.66")).Status);
        Assert.Equal(HttpStatusCode.Redirect, (await SendAsync(proxied.NewVisitor("127.0.0.2"), "203.0.113.67")).Status);

        // A cookie copied from the one is good in the other, until its owner leaves.
        var owner = open.NewVisitor();
        var cookie = (await owner.SignInAsync("admin", IdentityWorld.Password)).Response.Headers.GetValues("Set-Cookie")
            .Single(c => c.StartsWith("vallhalla.session=", StringComparison.Ordinal)).Split(';')[0];
        Assert.Equal(HttpStatusCode.OK, await WithAsync(proxied, cookie));
        await owner.SubmitAsync(await owner.GetAsync("/sign-out"), new Dictionary<string, string>(), "form[action='/sign-out']");
        Assert.Equal(HttpStatusCode.Redirect, await WithAsync(open, cookie));
        await CurrentUserTests.EventuallyAsync(async () => await WithAsync(proxied, cookie) == HttpStatusCode.Redirect);
    }

    [Fact]
    public async Task A_foreign_page_gets_no_socket_and_nobody_sends_megabytes()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        await world.AddAsync("admin", Roles.Admin);
        await using var portal = await StartAsync(("Proxy__Known", "127.0.0.2"));
        var own = portal.Address;
        foreach (
            var (from, origin, host, forwarded, refused) in new (string, string?, string?, string?, bool)[]
            {
                ("127.0.0.1", own, null, null, false),
                ("127.0.0.1", null, null, null, false),
                ("127.0.0.1", "https://evil.example", null, null, true),
                ("127.0.0.1", "null", null, null, true),
                ("127.0.0.1", "http://127.0.0.1:1", null, null, true),
                // A stranger's word for the host is not heard, a proxy's is.
                ("127.0.0.1", "https://evil.example", null, "evil.example", true),
                ("127.0.0.2", "https://portal.example.org", null, "portal.example.org", false),
                ("127.0.0.2", "https://evil.example", null, "portal.example.org", true),
                ("127.0.0.2", "http://portal.example.org", null, "portal.example.org", true),
                // A proxy that passes the host on, and ends TLS without saying so.
                ("127.0.0.1", "https://portal.example.org", "portal.example.org", null, false),
            }
        )
        {
            var request = new HttpRequestMessage(HttpMethod.Post, "/_blazor/negotiate?negotiateVersion=1");
            if (origin is not null) request.Headers.TryAddWithoutValidation("Origin", origin);
            if (host is not null) request.Headers.Host = host;
            if (forwarded is not null)
            {
                request.Headers.Add("X-Forwarded-Host", forwarded);
                request.Headers.Add("X-Forwarded-Proto", "https");
                request.Headers.Add("X-Forwarded-For", "203.0.113.5");
            }

            var status = (await portal.NewVisitor(from).SendAsync(request)).Status;
            Assert.True(status == HttpStatusCode.Forbidden == refused, $"{from} {origin} {host} {forwarded}: {status}");
        }

        Assert.StartsWith("HTTP/1.1 413", await PostAsync(portal, Length(2 * 1024 * 1024), ""), StringComparison.Ordinal);

        // Sent in pieces, without saying how much: read until it is too much, and no further.
        var pieces = string.Concat(Enumerable.Repeat($"10000\r\n{new string('a', 0x10000)}\r\n", 4));
        Assert.StartsWith("HTTP/1.1 4", await PostAsync(portal, "Transfer-Encoding: chunked", pieces), StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.BadRequest, (await portal.NewVisitor().GetAsync("/units/%00")).Status);

        var visitor = portal.NewVisitor();
        var page = await visitor.GetAsync("/sign-in");
        var long50 = new Dictionary<string, string> { ["Input.Login"] = new string('x', 15_000), ["Input.Password"] = "whatever" };
        var seen = await visitor.SubmitAsync(page, long50);
        Assert.Equal(HttpStatusCode.OK, seen.Status);
        Assert.Contains("255", seen.Text, StringComparison.Ordinal);
        Assert.Empty(await world.EventsAsync(null));

        static string Length(int bytes) => $"Content-Length: {bytes}";
    }

    private async Task<PortalProcess> StartAsync(params (string Name, string Value)[] settings)
    {
        var portal = await PortalProcess.StartAsync(
            _folder, Database.ConnectionString, settings.Append(("Identity__BcryptCost", "5")).ToDictionary(s => s.Item1, s => s.Item2));
        await portal.ReadyAsync();
        return portal;
    }

    private static async Task SignInAsync(Visitor visitor, string forwardedFor) =>
        Assert.Equal(HttpStatusCode.Redirect, (await SendAsync(visitor, forwardedFor)).Status);

    private static Task<Seen> SendAsync(Visitor visitor, string forwardedFor, string password = IdentityWorld.Password)
    {
        visitor.Client.DefaultRequestHeaders.Add("X-Forwarded-For", forwardedFor);
        return visitor.SignInAsync("admin", password);
    }

    private static async Task<string?> LastAddressAsync(IdentityWorld world, long id) =>
        (await world.EventsAsync(id)).Last(e => e.Action == "sign_in").IpAddress;

    private static async Task<HttpStatusCode> WithAsync(PortalProcess portal, string cookie)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/account/password");
        request.Headers.Add("Cookie", cookie);
        return (await portal.NewVisitor().SendAsync(request)).Status;
    }

    /// <summary>The first line of the answer to a form that is being sent, read before all of it was.</summary>
    private static async Task<string> PostAsync(PortalProcess portal, string header, string body)
    {
        var address = new Uri(portal.Address);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, address.Port);
        var stream = client.GetStream();
        var head =
            $"POST /sign-in HTTP/1.1\r\nHost: {address.Authority}\r\nContent-Type: application/x-www-form-urlencoded\r\n{header}\r\n\r\n";
        var reading = new StreamReader(stream).ReadLineAsync();
        try
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(head + body));
        }
        catch (IOException)
        {
            // It stopped listening: the answer was sent before.
        }

        return await reading.WaitAsync(TimeSpan.FromSeconds(30)) ?? "";
    }
}
