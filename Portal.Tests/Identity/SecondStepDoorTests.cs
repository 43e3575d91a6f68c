using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Portal.Data.Access;
using Portal.Data.Identity;
using Portal.Tests.Server;

namespace Portal.Tests.Identity;

/// <summary>The second step as a browser without JavaScript goes through it, and the page that asks who it is.</summary>
public sealed class SecondStepDoorTests(TestDatabase database) : DatabaseTest(database)
{
    private const string CodeField = "Input.Code";

    [Fact]
    public async Task The_code_comes_after_the_password_on_a_page_of_its_own_and_leads_to_where_one_was_going()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        await using var host = new PortalHost(Database.ConnectionString);
        var (_, codes) = await EnrolAsync(world, host, "carolina");
        var visitor = host.NewVisitor();
        Assert.Equal("/sign-in", (await visitor.GetAsync("/sign-in/code")).To);

        var half = await visitor.SignInAsync("carolina", IdentityWorld.Password, path: "/sign-in?return=%2Faccount");
        Assert.Equal("/sign-in/code?return=%2Faccount", half.To);
        Assert.Equal("/sign-in?return=%2Faccount", (await visitor.GetAsync("/account")).To);

        var page = await visitor.GetAsync(half.To!);
        Assert.Equal("Type your code", page.Document.QuerySelector("h1")!.TextContent);
        var wrong = await visitor.SubmitAsync(page, new Dictionary<string, string> { [CodeField] = "000000" });
        Assert.Equal(HttpStatusCode.OK, wrong.Status);
        Assert.Contains("does not work", wrong.Document.QuerySelector("[role=alert]")!.TextContent);
        Assert.DoesNotContain("000000", wrong.Document.DocumentElement.OuterHtml);

        var link = page.Document.QuerySelectorAll(".sign-alt a").First(a => a.TextContent == "Use a recovery code");
        var recovery = await visitor.GetAsync(link.GetAttribute("href")!);
        var entered = await visitor.SubmitAsync(recovery, new Dictionary<string, string> { [CodeField] = codes[0] });
        Assert.Equal("/account", entered.To);
        Assert.Equal(HttpStatusCode.OK, (await visitor.GetAsync("/account")).Status);
        Assert.Equal("/", (await visitor.GetAsync("/sign-in/code")).To);
    }

    [Fact]
    public async Task Without_its_token_or_with_a_forged_cookie_the_step_does_nothing_and_one_code_opens_one_browser()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        await using var host = new PortalHost(Database.ConnectionString);
        var (_, codes) = await EnrolAsync(world, host, "carolina");
        var (one, other) = (host.NewVisitor(), host.NewVisitor());
        var forged = host.NewVisitor();
        forged.Client.DefaultRequestHeaders.Add("Cookie", "vallhalla.step=forged");
        Assert.Equal("/sign-in", (await forged.GetAsync("/sign-in/code")).To);

        var first = await one.GetAsync((await one.SignInAsync("carolina", IdentityWorld.Password)).To!);
        var second = await other.GetAsync((await other.SignInAsync("carolina", IdentityWorld.Password)).To!);
        var bare = await one.SendAsync(new HttpRequestMessage(HttpMethod.Post, "/sign-in/code")
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string> { ["_handler"] = "second-step", [CodeField] = codes[1] }),
        });
        Assert.Equal(HttpStatusCode.BadRequest, bare.Status);

        var typed = new Dictionary<string, string> { [CodeField] = codes[1] };
        Assert.Equal("/", (await one.SubmitAsync(first, typed)).To);
        Assert.Equal(HttpStatusCode.OK, (await other.SubmitAsync(second, typed)).Status);
        Assert.Equal(HttpStatusCode.Redirect, (await other.GetAsync("/account")).Status);
    }

    [Fact]
    public async Task An_export_of_everybody_asks_who_it_is_and_comes_back()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        await world.AddAsync("carolina", Roles.Admin);
        await using var host = new PortalHost(Database.ConnectionString);
        var visitor = host.NewVisitor();
        await visitor.SignInAsync("carolina", IdentityWorld.Password);
        Assert.Equal(HttpStatusCode.OK, (await visitor.GetAsync("/people/export")).Status);

        await Database.ExecuteAsync("UPDATE sessions SET proved_at = proved_at - INTERVAL 6 MINUTE");
        var asked = await visitor.GetAsync("/people/export?format=csv");
        Assert.Equal("/account/confirm?return=%2Fpeople%2Fexport%3Fformat%3Dcsv", asked.To);
        var page = await visitor.GetAsync(asked.To!);
        Assert.Null(page.Document.QuerySelector($"[name='{CodeField}']"));
        var wrong = await visitor.SubmitAsync(page, new Dictionary<string, string> { ["Input.Password"] = "not this one" });
        Assert.Contains("does not match", wrong.Document.QuerySelector("[role=alert]")!.TextContent);
        var proved = await visitor.SubmitAsync(wrong, new Dictionary<string, string> { ["Input.Password"] = IdentityWorld.Password });
        Assert.Equal("/people/export?format=csv", proved.To);
        Assert.Equal(HttpStatusCode.OK, (await visitor.GetAsync(proved.To!)).Status);
    }

    [Fact]
    public async Task Whose_time_is_over_sees_nothing_but_the_page_that_sets_it_up()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        await world.AddAsync("oficina", Roles.Admin);
        await world.AddAsync("carla", Roles.Staff);
        await Database.ExecuteAsync(
            """
            UPDATE users SET created_at = created_at - INTERVAL 1 YEAR;
            UPDATE roles SET two_step_required = 1, two_step_since = UTC_TIMESTAMP() - INTERVAL 40 DAY WHERE id = 2
            """);
        await using var host = new PortalHost(Database.ConnectionString);
        var visitor = host.NewVisitor();
        Assert.Equal("/account/security", (await visitor.SignInAsync("carla", IdentityWorld.Password)).To);
        foreach (var path in new[] { "/", "/people", "/account", "/payments" })
            Assert.Equal("/account/security", (await visitor.GetAsync(path)).To);
        var page = await visitor.GetAsync("/account/security");
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains("Turn on two steps to go on", page.Text);

        // Not by pages alone.
        Assert.Equal(HttpStatusCode.Forbidden, (await visitor.Client.GetAsync("/people/export")).StatusCode);
    }

    /// <summary>With the keys of the portal, which a world of the data layer alone does not have.</summary>
    private static async Task<(string Secret, IReadOnlyList<string> Codes)> EnrolAsync(IdentityWorld world, PortalHost host, string username)
    {
        var user = await world.AsAsync(await world.AddAsync(username, Roles.Admin));
        await using var scope = host.Services.CreateAsyncScope();
        var service = scope.ServiceProvider.GetRequiredService<TwoStepService>();
        var secret = (await service.BeginAsync(user, default)).Value.Secret;
        var codes = (await service.ConfirmAsync(TimeCodes.At(secret, TestDay.Time.GetUtcNow().UtcDateTime), user, default)).Value.All;
        return (secret, codes);
    }
}
