using System.Globalization;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Portal.Data.Access;
using Portal.Data.Identity;
using Portal.Tests.Server;

namespace Portal.Tests.Identity;

/// <summary>Signing in and out as a browser without JavaScript does it.</summary>
public sealed class DoorTests(TestDatabase database) : DatabaseTest(database)
{
    private const string NewPassword = "otra clave bien larga";

    [Fact]
    public async Task Without_a_session_every_page_leads_to_the_door_and_back_again()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        await world.AddAsync("andrea", Roles.Admin);
        await using var host = new PortalHost(Database.ConnectionString);
        var visitor = host.NewVisitor();
        foreach (var path in new[] { "/", "/payments?state=pending", "/no-such-page", "/account/password" })
        {
            var seen = await visitor.GetAsync(path);
            Assert.Equal(HttpStatusCode.Redirect, seen.Status);
            Assert.Equal("/sign-in?return=" + Uri.EscapeDataString(path), seen.To);
        }

        var entered = await visitor.SignInAsync("andrea", IdentityWorld.Password, path: "/sign-in?return=%2Fpayments%3Fstate%3Dpending");
        Assert.Equal((HttpStatusCode.Redirect, "/payments?state=pending"), (entered.Status, entered.To));
        Assert.NotEqual(HttpStatusCode.Redirect, (await visitor.GetAsync("/account/password")).Status);
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example")]
    [InlineData("/\\evil.example")]
    public async Task The_way_back_never_leaves_the_portal(string target)
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        await world.AddAsync("andrea", Roles.Admin);
        await using var host = new PortalHost(Database.ConnectionString);
        var seen = await host.NewVisitor()
            .SignInAsync("andrea", IdentityWorld.Password, path: "/sign-in?return=" + Uri.EscapeDataString(target));
        Assert.Equal("/", seen.To);
    }

    [Fact]
    public async Task Every_refusal_looks_the_same_and_no_password_comes_back()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        await world.AddAsync("admin", Roles.Admin);
        await world.AddAsync("suspended", state: UserState.Suspended);
        await using var host = new PortalHost(Database.ConnectionString);
        var texts = new HashSet<string>();
        foreach (
            var (login, password) in new[]
            {
                ("admin", "wrong one"),
                ("suspended", IdentityWorld.Password),
                ("nobody", "whatever it is"),
            }
        )
        {
            var seen = await host.NewVisitor().SignInAsync(login, password);
            Assert.Equal(HttpStatusCode.OK, seen.Status);
            Assert.DoesNotContain(password, seen.Document.DocumentElement.OuterHtml);
            Assert.Equal(login, seen.Document.QuerySelector("[name='Input.Login']")!.GetAttribute("value"));
            texts.Add(seen.Document.QuerySelector("[role=alert]")!.TextContent);
        }

        Assert.Contains("do not match", Assert.Single(texts));
    }

    [Fact]
    public async Task Both_languages_are_spoken_at_the_door()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        await world.AddAsync("admin", Roles.Admin);
        await using var host = new PortalHost(Database.ConnectionString);
        Assert.Equal(
            "Ingresa a tu conjunto",
            (await host.NewVisitor("es-CO").GetAsync("/sign-in")).Document.QuerySelector("h1")!.TextContent
        );
        Assert.Equal(
            "Sign in to your building",
            (await host.NewVisitor("en-GB").GetAsync("/sign-in")).Document.QuerySelector("h1")!.TextContent
        );
        Assert.Contains("no coinciden", (await host.NewVisitor("es").SignInAsync("admin", "wrong one")).Text);
    }

    [Fact]
    public async Task A_form_without_its_token_does_nothing()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        await world.AddAsync("admin", Roles.Admin);
        await using var host = new PortalHost(Database.ConnectionString);
        var visitor = host.NewVisitor();
        var seen = await visitor.SendAsync(
            new HttpRequestMessage(HttpMethod.Post, "/sign-in")
            {
                Content = new FormUrlEncodedContent(
                    new Dictionary<string, string>
                    {
                        ["_handler"] = "sign-in",
                        ["Input.Login"] = "admin",
                        ["Input.Password"] = IdentityWorld.Password,
                    }
                ),
            }
        );
        Assert.Equal(HttpStatusCode.BadRequest, seen.Status);
        Assert.Contains("open for too long", seen.Text);
        Assert.Equal("/sign-in", seen.Document.QuerySelector("main a.mud-button-filled-primary")!.GetAttribute("href"));

        await visitor.SignInAsync("admin", IdentityWorld.Password);
        var left = await visitor.SendAsync(
            new HttpRequestMessage(HttpMethod.Post, "/sign-out") { Content = new FormUrlEncodedContent([]) }
        );
        Assert.Equal("/sign-out", left.To);
        Assert.Equal(HttpStatusCode.OK, (await visitor.GetAsync("/account/password")).Status);
    }

    [Fact]
    public async Task Leaving_asks_when_it_comes_from_a_link_and_ends_the_session_when_confirmed()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var id = await world.AddAsync("admin", Roles.Admin);
        await using var host = new PortalHost(Database.ConnectionString);
        var visitor = host.NewVisitor();
        await visitor.SignInAsync("admin", IdentityWorld.Password);
        var asked = await visitor.GetAsync("/sign-out");
        Assert.Contains("admin Prueba", asked.Text);
        var left = await visitor.SubmitAsync(asked, new Dictionary<string, string>(), "form[action='/sign-out']");
        Assert.StartsWith("/sign-in", left.To);
        Assert.Equal(HttpStatusCode.Redirect, (await visitor.GetAsync("/account/password")).Status);
        Assert.Equal("sign_out", (await world.EventsAsync(id))[^1].Action);
    }

    [Fact]
    public async Task Remembering_keeps_the_cookie_thirty_days_and_not_remembering_only_until_the_browser_closes()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        await world.AddAsync("admin", Roles.Admin);
        await world.AddAsync("andrea");
        await using var host = new PortalHost(Database.ConnectionString);
        var cookie = Cookie(await host.NewVisitor().SignInAsync("andrea", IdentityWorld.Password, remember: true));
        var days = (
            DateTimeOffset.Parse(cookie.Split("expires=")[1].Split(';')[0], System.Globalization.CultureInfo.InvariantCulture)
            - TestDay.Time.GetUtcNow()
        ).TotalDays;
        Assert.InRange(days, 29.9, 30.1);
        Assert.Contains("httponly", cookie);
        Assert.Contains("samesite=lax", cookie);
        Assert.DoesNotContain("expires=", Cookie(await host.NewVisitor().SignInAsync("andrea", IdentityWorld.Password)));
    }

    [Fact]
    public async Task A_network_that_failed_too_often_is_slowed_down_and_not_shut_out()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        await world.AddAsync("admin", Roles.Admin);
        await using var host = new PortalHost(Database.ConnectionString, o => (o.FailuresAtOnce, o.FailuresPerMinute) = (3, 1));
        for (var i = 0; i < 3; i++) Assert.Equal(HttpStatusCode.OK, (await host.NewVisitor().SignInAsync($"nobody{i}", "wrong")).Status);

        // One after the other, with a pause; whoever comes when too many wait already is told to come back.
        var crowd = await Task.WhenAll(Enumerable.Range(0, 14).Select(_ => host.NewVisitor().SignInAsync("admin", IdentityWorld.Password)));
        var refused = crowd.Where(seen => seen.Status == HttpStatusCode.TooManyRequests).ToList();
        Assert.InRange(refused.Count, 1, 5);
        Assert.All(crowd.Except(refused), seen => Assert.Equal(HttpStatusCode.Redirect, seen.Status));
        Assert.Equal("20", refused[0].Response.Headers.RetryAfter!.ToString());
        Assert.Contains("Too many attempts", refused[0].Text);
        Assert.Equal("admin", refused[0].Document.QuerySelector("[name='Input.Login']")!.GetAttribute("value"));
    }

    [Theory]
    [InlineData("en", "Please wait before the next attempt")]
    [InlineData("es", "Hay que esperar antes de otro intento")]
    public async Task Who_must_wait_is_told_until_when_in_their_language_and_a_known_browser_gets_in(string language, string title)
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        await world.AddAsync("admin", Roles.Admin);
        await world.AddAsync("andrea");
        await using var host = new PortalHost(Database.ConnectionString);
        var home = host.NewVisitor(language);
        await home.SignInAsync("admin", IdentityWorld.Password);
        await LeaveAsync(home);
        foreach (var login in new[] { "admin", "andrea", "nobody" }) await host.NewVisitor().SignInAsync(login, "wrong");
        await Database.ExecuteAsync("UPDATE sign_in_failures SET wait_until = last_at + INTERVAL 10 MINUTE WHERE source <> '*'");

        foreach (var login in new[] { "admin", "nobody" })
        {
            var seen = await host.NewVisitor(language).SignInAsync(login, IdentityWorld.Password);
            Assert.Equal(HttpStatusCode.TooManyRequests, seen.Status);
            Assert.InRange(int.Parse(seen.Response.Headers.RetryAfter!.ToString(), CultureInfo.InvariantCulture), 400, 600);
            Assert.Contains(title, seen.Text, StringComparison.Ordinal);
            Assert.Matches(@"\b\d\d:\d\d:\d\d\b.*\b\d+ minut", seen.Text);
        }

        // Its own account only: that somebody lives here opens no shorter way to a neighbour's.
        Assert.Equal(HttpStatusCode.TooManyRequests, (await home.SignInAsync("andrea", IdentityWorld.Password)).Status);
        Assert.Equal(HttpStatusCode.Redirect, (await home.SignInAsync("admin", IdentityWorld.Password)).Status);
    }

    [Fact]
    public async Task The_device_cookie_is_signed_lasts_long_and_opens_nothing()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        await world.AddAsync("admin", Roles.Admin);
        await using var host = new PortalHost(Database.ConnectionString);
        var seen = await host.NewVisitor().SignInAsync("admin", IdentityWorld.Password);
        var cookie = seen.Response.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("vallhalla.device=", StringComparison.Ordinal));
        Assert.Contains("max-age=34560000", cookie);
        Assert.Contains("httponly", cookie);
        foreach (var sent in new[] { cookie.Split(';')[0], "vallhalla.device=forged" })
        {
            var request = new HttpRequestMessage(HttpMethod.Get, "/account/password");
            request.Headers.Add("Cookie", sent);
            Assert.Equal(HttpStatusCode.Redirect, (await host.NewVisitor().SendAsync(request)).Status);
        }
    }

    [Fact]
    public async Task A_copied_cookie_is_dead_once_its_owner_left_here_and_in_another_portal()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        await world.AddAsync("admin", Roles.Admin);
        await using var here = new PortalHost(Database.ConnectionString);
        await using var there = new PortalHost(Database.ConnectionString);
        var owner = here.NewVisitor();
        var copied = Cookie(await owner.SignInAsync("admin", IdentityWorld.Password)).Split(';')[0];
        Assert.Equal(HttpStatusCode.OK, await WithAsync(here, copied));
        Assert.Equal(HttpStatusCode.OK, await WithAsync(there, copied));
        await LeaveAsync(owner);
        Assert.Equal(HttpStatusCode.Redirect, await WithAsync(here, copied));
        await CurrentUserTests.EventuallyAsync(async () => await WithAsync(there, copied) == HttpStatusCode.Redirect);

        static async Task<HttpStatusCode> WithAsync(PortalHost host, string cookie)
        {
            var request = new HttpRequestMessage(HttpMethod.Get, "/account/password");
            request.Headers.Add("Cookie", cookie);
            return (await host.NewVisitor().SendAsync(request)).Status;
        }
    }

    [Fact]
    public async Task Nobody_is_signed_out_because_the_database_is_away()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        await world.AddAsync("admin", Roles.Admin);
        await using var host = new PortalHost(
            Database.ConnectionString, o => (o.KnownFor, o.TrustedFor) = (TimeSpan.Zero, TimeSpan.Zero));
        var visitor = host.NewVisitor();
        await visitor.SignInAsync("admin", IdentityWorld.Password);
        await Database.ExecuteAsync("RENAME TABLE sessions TO sessions_away, users TO users_away");
        Seen away;
        try
        {
            away = await visitor.GetAsync("/account/password");
        }
        finally
        {
            await Database.ExecuteAsync("RENAME TABLE sessions_away TO sessions, users_away TO users");
        }

        Assert.Equal(HttpStatusCode.ServiceUnavailable, away.Status);
        Assert.Equal("5", away.Response.Headers.RetryAfter!.ToString());
        Assert.False(away.Response.Headers.Contains("Set-Cookie"));
        await CurrentUserTests.EventuallyAsync(async () => (await visitor.GetAsync("/account/password")).Status == HttpStatusCode.OK);
    }

    [Fact]
    public async Task Signing_in_rightly_again_and_again_is_not_slowed_down()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        await world.AddAsync("admin", Roles.Admin);
        await using var host = new PortalHost(Database.ConnectionString, o => o.FailuresAtOnce = 1);
        for (var i = 0; i < 10; i++)
            Assert.Equal(HttpStatusCode.Redirect, (await host.NewVisitor().SignInAsync("admin", IdentityWorld.Password)).Status);
    }

    [Theory]
    [InlineData("UPDATE users SET user_status_id = 3 WHERE username = 'carla'")]
    [InlineData("UPDATE users SET role_id = 4 WHERE username = 'carla'")]
    [InlineData("UPDATE users SET security_stamp = 'another' WHERE username = 'carla'")]
    [InlineData("DELETE FROM users WHERE username = 'carla'")]
    public async Task A_session_ends_when_the_account_changes(string sql)
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        await world.AddAsync("carla", Roles.Staff);
        await world.AddAsync("admin", Roles.Admin);
        await using var host = new PortalHost(Database.ConnectionString, o => o.KnownFor = TimeSpan.FromMilliseconds(50));
        var visitor = host.NewVisitor();
        await visitor.SignInAsync("carla", IdentityWorld.Password);
        Assert.Equal(HttpStatusCode.OK, (await visitor.GetAsync("/account/password")).Status);
        await Database.ExecuteAsync(sql);
        await CurrentUserTests.EventuallyAsync(async () => (await visitor.GetAsync("/account/password")).Status == HttpStatusCode.Redirect);
    }

    [Fact]
    public async Task A_change_of_password_keeps_this_session_and_ends_the_other_one()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        await world.AddAsync("admin", Roles.Admin);
        await using var host = new PortalHost(Database.ConnectionString);
        var (here, elsewhere) = (host.NewVisitor(), host.NewVisitor());
        await here.SignInAsync("admin", IdentityWorld.Password);
        await elsewhere.SignInAsync("admin", IdentityWorld.Password);
        var page = await here.GetAsync("/account/password");
        var refused = await here.SubmitAsync(page, Passwords("wrong", NewPassword), "form:has([name='Input.Current'])");
        Assert.Contains("not your current password", refused.Text);
        Assert.DoesNotContain(NewPassword, refused.Document.DocumentElement.OuterHtml);
        var changed = await here.SubmitAsync(refused, Passwords(IdentityWorld.Password, NewPassword), "form:has([name='Input.Current'])");
        Assert.Equal("/account/password?done=true", changed.To);
        Assert.Contains("has changed", (await here.GetAsync(changed.To!)).Text);
        Assert.Equal(HttpStatusCode.Redirect, (await elsewhere.GetAsync("/account/password")).Status);
    }

    [Fact]
    public async Task A_code_opens_the_portal_with_the_new_password()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var admin = await world.AsAsync(await world.AddAsync("admin", Roles.Admin));
        var issued = (
            await world.Get<AccountService>().CreateAsync(new NewAccount("andrea", "Andrea", "Ruiz", null), admin, default)
        ).Value;
        await using var host = new PortalHost(Database.ConnectionString);
        var visitor = host.NewVisitor();
        var page = await visitor.GetAsync("/account/activate");
        var fields = new Dictionary<string, string>
        {
            ["Input.Login"] = "andrea",
            ["Input.Code"] = "AAAA-AAAA-AAAA",
            ["Input.New"] = NewPassword,
            ["Input.Again"] = NewPassword,
        };
        page = await visitor.SubmitAsync(page, fields);
        Assert.Contains("do not match", page.Text);
        fields["Input.Code"] = issued.Code;
        Assert.Equal("/", (await visitor.SubmitAsync(page, fields)).To);
        Assert.Equal(HttpStatusCode.OK, (await visitor.GetAsync("/account/password")).Status);
    }

    [Fact]
    public async Task An_empty_portal_asks_for_its_first_administrator_and_for_the_token_of_the_log()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        await using var host = new PortalHost(Database.ConnectionString);
        var visitor = host.NewVisitor();
        Assert.Equal("/setup", (await visitor.GetAsync("/sign-in")).To);
        var fields = new Dictionary<string, string>
        {
            ["Input.Token"] = "wrong",
            ["Input.FirstName"] = "Ana",
            ["Input.LastName"] = "Gil",
            ["Input.Username"] = "ana",
            ["Input.New"] = NewPassword,
            ["Input.Again"] = NewPassword,
        };
        var page = await visitor.SubmitAsync(await visitor.GetAsync("/setup"), fields);
        Assert.Contains("token is not", page.Text);
        fields["Input.Token"] = host.Services.GetRequiredService<SetupService>().Token!;
        Assert.Equal("/", (await visitor.SubmitAsync(page, fields)).To);
        Assert.Null((await host.NewVisitor().GetAsync("/setup")).Document.QuerySelector("form[method=post]"));
        Assert.True((await world.SignInAsync("ana", NewPassword)).Ok);
    }

    [Fact]
    public async Task Who_must_choose_a_password_is_led_there_first()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        await world.AddAsync("admin", Roles.Admin);
        await Database.ExecuteAsync("UPDATE users SET must_change_password = 1");
        await using var host = new PortalHost(Database.ConnectionString);
        var visitor = host.NewVisitor();
        Assert.Equal("/account/password", (await visitor.SignInAsync("admin", IdentityWorld.Password)).To);
        Assert.Equal("/account/password", (await visitor.GetAsync("/payments")).To);
        Assert.Contains("choose a password", (await visitor.GetAsync("/account/password")).Text);
    }

    [Fact]
    public async Task The_keys_of_the_cookies_are_in_the_database_so_that_sessions_outlive_a_restart()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        await world.AddAsync("admin", Roles.Admin);
        string session;
        await using (var host = new PortalHost(Database.ConnectionString))
        {
            session = Cookie(await host.NewVisitor().SignInAsync("admin", IdentityWorld.Password)).Split(';')[0];
        }

        await using var again = new PortalHost(Database.ConnectionString);
        var request = new HttpRequestMessage(HttpMethod.Get, "/account/password");
        request.Headers.Add("Cookie", session);
        Assert.Equal(HttpStatusCode.OK, (await again.NewVisitor().SendAsync(request)).Status);
    }

    private static async Task LeaveAsync(Visitor visitor) =>
        await visitor.SubmitAsync(await visitor.GetAsync("/sign-out"), new Dictionary<string, string>(), "form[action='/sign-out']");

    private static string Cookie(Seen seen) =>
        seen.Response.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("vallhalla.session=", StringComparison.Ordinal));

    private static Dictionary<string, string> Passwords(string current, string chosen) =>
        new() { ["Input.Current"] = current, ["Input.New"] = chosen, ["Input.Again"] = chosen };
}
