using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

/// <summary>A resident on a phone invites people, and what their guests see.</summary>
[Collection(GateBrowserCollection.Name)]
public sealed partial class PassJobs(PortalProcess portal)
{
    [Fact]
    public async Task A_resident_invites_twenty_people_to_a_party_in_a_few_taps_and_a_guest_opens_their_page()
    {
        await using var andrea = await portal.SignInAsync("andrea.ruiz", phone: true);
        var phone = await andrea.OpenAsync("/visits?kind=event");
        await phone.Locator("#f-title").FillAsync("Grado de Julián");
        await phone.Locator("#f-guests").FillAsync(string.Join('\n', Enumerable.Range(1, 19).Select(n => $"{n}. Invitada Número {n}")) + ", Tomás Gil KLM 204");
        await Expect(phone.Locator("#event button[type=submit]")).ToContainTextAsync("Invitar a 20 personas");
        await phone.Locator("#event button[type=submit]").ClickAsync();
        await Expect(phone.Locator(".undo")).ToContainTextAsync("20 invitados tienen su código");
        await Expect(phone.Locator(".who li .acts")).ToHaveCountAsync(20);
        await Expect(phone.Locator(".who li").Last).ToContainTextAsync("KLM 204");
        var page = await phone.Locator(".who li").Last.Locator("a[href^='/p/']").GetAttributeAsync("href");

        await using var guest = await portal.SignInAsync(null, phone: true);
        var seen = guest.Page;
        await seen.GotoAsync(page!);
        await Expect(seen.Locator(".pp-card .qr")).ToBeVisibleAsync();
        Assert.Matches(Code(), await seen.Locator(".code").InnerTextAsync());
        await Expect(seen.Locator(".pp-law")).ToContainTextAsync("Ley 1581 de 2012");
        await Expect(seen.Locator("main")).Not.ToContainTextAsync("Tomás");
        await Expect(seen.Locator("main")).Not.ToContainTextAsync("1204");

        // Taken off the list, their page says the same as one that never was.
        await phone.Locator(".who li").Last.Locator("button.ic").ClickAsync();
        await phone.GetByRole(AriaRole.Button, new() { Name = "Quitar de la lista", Exact = true }).ClickAsync();
        await Expect(phone.Locator(".who li.gone")).ToHaveCountAsync(1);
        await seen.ReloadAsync();
        await Expect(seen.Locator(".pp-end")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task The_portal_is_an_app_for_a_phone_and_says_so_where_it_does_not_answer()
    {
        await using var andrea = await portal.SignInAsync("andrea.ruiz", phone: true);
        await andrea.OpenAsync("/");
        var other = await portal.StartAnotherAsync();
        var stopped = false;
        try
        {
            await using var away = await portal.SignInAsync("andrea.ruiz", phone: true, at: other.Address);
            var phone = await away.OpenAsync("/");
            var manifest = await phone.Locator("link[rel=manifest]").GetAttributeAsync("href");
            var answer = await phone.Context.APIRequest.GetAsync(other.Address + manifest);
            Assert.StartsWith("application/manifest+json", answer.Headers["content-type"], StringComparison.Ordinal);
            foreach (var icon in (await answer.JsonAsync())!.Value.GetProperty("icons").EnumerateArray())
                Assert.True((await phone.Context.APIRequest.GetAsync(other.Address + icon.GetProperty("src").GetString())).Ok);

            // The installed app registers it; a browser's tab does not.
            Assert.False(await phone.EvaluateAsync<bool>("async () => !!(await navigator.serviceWorker.getRegistration('/'))"));
            await phone.EvaluateAsync("async () => { await navigator.serviceWorker.register('/sw.js'); await navigator.serviceWorker.ready; }");
            await phone.GotoAsync("/visits");
            await Expect(phone.Locator(".when").First).ToBeVisibleAsync();
            await PushedAsync(phone, other.Address);
            await other.DisposeAsync();
            stopped = true;
            await phone.GotoAsync("/visits");
            await Expect(phone.Locator("h1").First).ToHaveTextAsync("Sin conexión");
            // Nothing of anybody is kept on the device.
            Assert.Equal(
                "/offline.html",
                await phone.EvaluateAsync<string>(
                    "async () => { const all = []; for (const name of await caches.keys()) for (const one of await (await caches.open(name)).keys()) all.push(new URL(one.url).pathname); return all.join(); }"));
        }
        finally
        {
            if (!stopped) await other.DisposeAsync();
        }
    }

    /// <summary>What a maker's server brings is shown by the worker, with an address of the portal only.</summary>
    private static async Task PushedAsync(IPage phone, string address)
    {
        await phone.Context.GrantPermissionsAsync(["notifications"], new() { Origin = address });
        var devtools = await phone.Context.NewCDPSessionAsync(phone);
        var registered = new TaskCompletionSource<string>();
        devtools.Event("ServiceWorker.workerRegistrationUpdated").OnEvent += (_, told) =>
        {
            foreach (var one in told!.Value.GetProperty("registrations").EnumerateArray())
                registered.TrySetResult(one.GetProperty("registrationId").GetString()!);
        };
        await devtools.SendAsync("ServiceWorker.enable");
        var id = await registered.Task.WaitAsync(TimeSpan.FromSeconds(30));
        foreach (var (number, url) in new[] { (7, "/visits"), (8, "//elsewhere.example/") })
        {
            var data = $$"""{"id":{{number}},"title":"Alguien en portería","body":"Lina pregunta por ti.","url":"{{url}}","unread":2,"prompt":true,"lang":"es"}""";
            await devtools.SendAsync("ServiceWorker.deliverPushMessage", new() { ["origin"] = address, ["registrationId"] = id, ["data"] = data });
        }

        const string Shown = """
            async () => {
              const registration = await navigator.serviceWorker.ready;
              for (let i = 0; i < 100 && (await registration.getNotifications()).length < 2; i++) await new Promise(done => setTimeout(done, 100));
              return (await registration.getNotifications()).map(n => `${n.tag} ${n.title} ${n.body} ${n.data.url} ${n.requireInteraction}`).sort().join('|');
            }
            """;
        Assert.Equal(
            "n7 Alguien en portería Lina pregunta por ti. /visits true|n8 Alguien en portería Lina pregunta por ti. /notifications true",
            await phone.EvaluateAsync<string>(Shown));
    }

    [GeneratedRegex(@"^\d{3} \d{3}$")]
    private static partial Regex Code();
}
