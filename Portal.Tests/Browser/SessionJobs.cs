using Microsoft.Playwright;
using MySqlConnector;
using Portal.Data.Demo;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

/// <summary>Somebody looks at where they are signed in, and makes another place leave, in a browser on the demo building.</summary>
[Trait("Day", "any")]
[Collection(BrowserCollection.Name)]
public sealed class SessionJobs(PortalProcess portal)
{
    [Fact]
    public async Task A_person_ends_a_session_elsewhere_from_the_phone_and_the_office_ends_the_rest_from_the_persons_page()
    {
        var id = await CopyAsync("andrea.ruiz", "sesion.prueba");
        await using var phone = await SignInAsync(phone: true);
        await using var desk = await SignInAsync(phone: false);
        var open = await desk.OpenAsync("/notifications");

        var mine = await phone.OpenAsync("/account");
        await Expect(mine.Locator("#sessions li")).ToHaveCountAsync(2);
        await Expect(mine.Locator("#sessions li:has-text('Este equipo')")).ToHaveCountAsync(1);
        await Expect(mine.Locator("#sessions li").First).ToContainTextAsync("127.0.0.1");
        Assert.True(await mine.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"));
        Assert.Empty(await Axe.RunAsync(mine));
        await mine.Locator("#sessions button").ClickAsync();
        await Expect(mine.Locator("#sessions li")).ToHaveCountAsync(1);

        // The page that was open there leaves by itself, and its cookie opens nothing more.
        await Expect(open).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/sign-in"));
        await open.GotoAsync("/account");
        await Expect(open).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/sign-in"));

        await using var admin = await portal.SignInAsync("carolina.mejia", language: "en-US");
        var person = await admin.OpenAsync($"/people/{id}");
        await Expect(person.Locator("#sessions li")).ToHaveCountAsync(1);
        await person.Locator("#sessions button").ClickAsync();
        await Expect(person.Locator("#sessions")).ToContainTextAsync("There are no open sessions.");
        await Expect(mine).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/sign-in"));
    }

    /// <summary>An account of the test's own: ending its sessions must not touch those that other tests share.</summary>
    private async Task<long> CopyAsync(string from, string to)
    {
        await using var connection = new MySqlConnection(portal.ConnectionString);
        await connection.OpenAsync();
        await using var copy = new MySqlCommand(
            $"""
            INSERT INTO users (username, normalized_username, password, user_status_id, role_id, security_stamp)
            SELECT '{to}', UPPER('{to}'), password, user_status_id, role_id, 'one of its own' FROM users WHERE username = '{from}';
            INSERT INTO profile (user_id, first_name, last_name) SELECT id, 'Sesión', 'Prueba' FROM users WHERE username = '{to}'
            """,
            connection
        );
        await copy.ExecuteNonQueryAsync();
        await using var command = new MySqlCommand($"SELECT id FROM users WHERE username = '{to}'", connection);
        return Convert.ToInt64(await command.ExecuteScalarAsync(), System.Globalization.CultureInfo.InvariantCulture);
    }

    private async Task<Session> SignInAsync(bool phone)
    {
        var session = await portal.SignInAsync(null, phone);
        await session.Page.GotoAsync("/sign-in");
        await session.Page.Locator("input[autocomplete=username]").FillAsync("sesion.prueba");
        await session.Page.Locator("input[type=password]").FillAsync(DemoSeed.Password);
        await session.Page.Locator("main button[type=submit]").First.ClickAsync();
        await session.Page.ArriveAsync(url => !url.Contains("/sign-in", StringComparison.Ordinal));
        return session;
    }
}
