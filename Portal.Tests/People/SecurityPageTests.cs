using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Portal.Areas.People;
using Portal.Data;
using Portal.Data.Identity;
using Portal.Tests.Payments;
using Portal.Tests.Server;
using Roles = Portal.Data.Access.Roles;

namespace Portal.Tests.People;

/// <summary>The security of one's own account: alone with a password, set up, and when the codes run out.</summary>
public sealed class SecurityPageTests(TestDatabase database) : PageContext(database)
{
    private async Task<CurrentUser> EnterAsync()
    {
        var who = await World.WorkerAsync(Roles.Staff);
        var account = (await Services.GetRequiredService<CurrentUserSource>().LoadAsync(who.Id, default))!;
        var ticket = await Services.GetRequiredService<SessionService>()
            .BeginAsync(account, false, null, null, null, SignInMethods.Password, default);
        SignIn(who, ticket);
        SetRendererInfo(new RendererInfo("Server", true));
        return who with { SessionId = ticket.SessionId };
    }

    private string CodeOf(string secret) => TimeCodes.At(secret, Services.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime);

    [Fact]
    public async Task It_is_set_up_with_a_code_and_shows_ten_codes_this_once()
    {
        await EnterAsync();
        var page = Render<SecurityPage>();
        page.WaitForAssertion(() => Assert.Contains("Solo te protege una contraseña", page.Markup, StringComparison.Ordinal));

        page.FindAll("#two-step button").Single(b => b.TextContent.Contains("Activar dos pasos", StringComparison.Ordinal)).Click();
        page.WaitForElement(".set-up-secret");
        var secret = page.Find(".set-up-secret").TextContent.Replace(" ", "", StringComparison.Ordinal).Trim();
        Assert.NotNull(page.Find(".set-up-qr svg[role=img]"));
        Assert.Equal(32, secret.Length);

        page.Find("#two-step-form input").Change("000000");
        page.Find("#two-step-form").Submit();
        page.WaitForAssertion(() => Assert.Contains(
            "Ese código no es", page.Find("#two-step-form [role=alert]").TextContent, StringComparison.Ordinal));
        Assert.Equal("000000", page.Find("#two-step-form input").GetAttribute("value"));

        page.Find("#two-step-form input").Change(CodeOf(secret));
        page.Find("#two-step-form").Submit();
        page.WaitForAssertion(() => Assert.Equal(10, page.FindAll(".codes li").Count));
        var download = page.Find("a[download]");
        foreach (var code in page.FindAll(".codes li"))
            Assert.Contains(code.TextContent, Uri.UnescapeDataString(download.GetAttribute("href")!), StringComparison.Ordinal);

        page.FindAll("#two-step button").Single(b => b.TextContent.Contains("Ya los guardé", StringComparison.Ordinal)).Click();
        page.WaitForAssertion(() => Assert.Contains("10 de 10 sin usar", page.Markup, StringComparison.Ordinal));
        Assert.Empty(page.FindAll(".codes"));
        Assert.DoesNotContain("Solo te protege", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Three_codes_or_fewer_are_said_and_a_role_that_asks_for_it_takes_the_way_to_turn_it_off()
    {
        var who = await EnterAsync();
        var service = Services.GetRequiredService<TwoStepService>();
        var secret = (await service.BeginAsync(who, default)).Value.Secret;
        Assert.True((await service.ConfirmAsync(CodeOf(secret), who, default)).Ok);
        await Database.ExecuteAsync(
            """
            UPDATE recovery_codes SET used_at = created_at ORDER BY id LIMIT 7;
            UPDATE roles SET two_step_required = 1, two_step_since = '2026-11-01' WHERE id = 2
            """);
        Services.GetRequiredService<CurrentUserSource>().Forget();
        var page = Render<SecurityPage>();
        page.WaitForAssertion(() => Assert.Contains("Quedan 3 códigos de recuperación", page.Markup, StringComparison.Ordinal));
        Assert.Contains("se pueden cambiar, no apagar", page.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("Apagar dos pasos", page.Markup, StringComparison.Ordinal);
    }
}
