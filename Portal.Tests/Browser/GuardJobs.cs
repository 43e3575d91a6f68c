using Microsoft.Playwright;
using MySqlConnector;
using Portal.Tests.Server;
using SkiaSharp;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

/// <summary>A guard's shift: what must be read, the hand-over by the PINs of both, an incident with a photo while the line is cut.</summary>
[Collection(GateBrowserCollection.Name)]
public sealed class GuardJobs(PortalProcess portal)
{
    private const string Pin = Data.Demo.DemoSeed.Pin;

    [Fact]
    public async Task A_shift_is_handed_over_by_both_PINs_once_the_notes_are_read()
    {
        // By PIN: the hand-over ends the session, which other jobs share where it is a password's.
        await using var terminal = await portal.SignInAsync(null);
        var gate = await GatePage.EnrolAsync(portal, terminal, "Blanca Nieves Suárez");
        var page = gate.Page;
        var hour = $"{TestDay.Clock.Now:yyyy-MM-dd HH:00:00}";
        await RowsAsync(
            $"""
            INSERT INTO guard_shifts (guard_id, guard_name, starts_at, ends_at)
            SELECT g.id, 'Blanca', '{hour}' - INTERVAL 1 HOUR, '{hour}' + INTERVAL 2 HOUR FROM guards AS g
            INNER JOIN profile AS p ON p.user_id = g.user_id WHERE p.last_name LIKE '%Suárez' AND p.first_name LIKE 'Blanca%'
            """);
        await page.Keyboard.PressAsync("F9");
        await Expect(page.Locator("#panel .ho-sum b").First).ToBeVisibleAsync();

        // The portal says which shift it is, and that is not what time it is: the device's clock goes on.
        await Expect(page.Locator("#panel .ho-sum b", new() { HasText = "—" })).ToHaveCountAsync(0);
        Assert.True(await page.EvaluateAsync<bool>(
            """
            () => import('/gate/state.js').then(({ app }) =>
              Number.isFinite(app.clock.now()) && typeof app.clock.contact === 'string' && Number.isFinite(app.clock.stamp().offset))
            """));
        await page.Keyboard.TypeAsync("111222");
        // A PIN is a slow hash, and on a busy machine one in a row of them.
        await Expect(page.Locator("[data-pin=out] b")).ToContainTextAsync("PIN errado, quedan 4", new() { Timeout = 60_000 });
        await page.Keyboard.TypeAsync(Pin);
        await Expect(page.Locator("[data-pin=out] b")).ToContainTextAsync("Firmó");

        // Norberto has not read what must be read: Enter does nothing but take them there.
        await page.Locator("[data-pin=in] select").SelectOptionAsync(new SelectOptionValue { Label = "Norberto Ibarra" });
        await page.Keyboard.TypeAsync(Pin);
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#panel .gbtn-main")).ToContainTextAsync("por leer");
        await page.Locator("[data-pin=in] input").FocusAsync();
        while (await page.Locator("#panel .p-todo").CountAsync() is > 0 and var left)
        {
            await page.Keyboard.PressAsync(" ");
            await Expect(page.Locator("#panel .p-todo")).ToHaveCountAsync(left - 1);
        }

        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#guard")).ToHaveTextAsync("Norberto Ibarra");
        await Expect(gate.Box).ToBeFocusedAsync();
        Assert.Equal(
            ["Blanca Nieves Suárez Norberto Ibarra 0"],
            await RowsAsync(
                """
                SELECT CONCAT_WS(' ', o.first_name, o.last_name, i.first_name, i.last_name, h.notes_skipped) FROM gate_handovers AS h
                INNER JOIN profile AS o ON o.user_id = h.outgoing_id INNER JOIN profile AS i ON i.user_id = h.incoming_id
                INNER JOIN gate_terminals AS t ON t.id = h.terminal_id WHERE t.name = 'Prueba' AND h.taken_at IS NOT NULL ORDER BY h.id
                """));
        Assert.Equal(
            ["1"],
            await RowsAsync(
                """
                SELECT CAST(COUNT(*) AS CHAR) FROM gate_note_readers AS r INNER JOIN profile AS p ON p.user_id = r.reader_id
                WHERE p.last_name = 'Ibarra'
                """));
    }

    [Fact]
    public async Task What_must_be_read_stands_before_the_box_and_is_put_off_once()
    {
        await using var wilson = await portal.SignInAsync("wilson.cardenas");
        var gate = await GatePage.EnrolAsync(portal, wilson);
        var page = gate.Page;
        var text = $"Obligatoria {Environment.TickCount64 % 100_000}";
        await RowsAsync(
            $"""
            INSERT INTO gate_notes (text, written_by, must_read, valid_until)
            SELECT '{text}', MIN(user_id), TRUE, '2037-12-31' FROM profile WHERE first_name = 'Carolina' AND last_name = 'Mejía'
            """);
        try
        {
            // Written past the portal: loaded again, the page asks for what is new.
            await Expect(page.Locator("#panel [data-note]")).ToContainTextAsync(text, new() { Timeout = 90_000 });
            await page.Keyboard.PressAsync("Escape");
            await Expect(page.Locator("#panel")).ToBeVisibleAsync();
            await page.Keyboard.PressAsync("F10");
            await Expect(page.Locator("#panel")).ToBeHiddenAsync();
            await gate.LetInAsync("B1204", $"{text} visita", "70111299");
            await Expect(page.Locator("#panel [data-note]")).ToContainTextAsync(text);
            await page.Keyboard.PressAsync("F10");
            await Expect(page.Locator("#panel")).ToBeVisibleAsync();
            await page.Keyboard.PressAsync(" ");
            await Expect(page.Locator("#panel")).ToBeHiddenAsync();
        }
        finally
        {
            // Deleted past the portal as well: without a line of the log it would go on telling it for a minute, to other jobs too.
            await RowsAsync(
                $"DELETE FROM gate_notes WHERE text = '{text}'; INSERT INTO audit_log (table_name, action) VALUES ('gate_notes', 'delete')");
        }
    }

    [Fact]
    public async Task An_incident_with_its_photo_is_kept_while_the_line_is_cut_and_arrives_with_its_number()
    {
        await using var line = new CutLine(portal.Address);
        await using var wilson = await portal.SignInAsync("wilson.cardenas", at: line.Address);
        var gate = await GatePage.EnrolAsync(portal, wilson);
        var page = gate.Page;
        var mark = $"Sótano {Environment.TickCount64 % 100_000}";
        line.Cut();
        await Expect(page.Locator("#net")).ToContainTextAsync("Sin conexión", new() { Timeout = 60_000 });
        await page.Keyboard.PressAsync("Alt+i");
        await page.Keyboard.TypeAsync(mark);
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.TypeAsync("Un espejo roto");
        await page.Locator("input[name=photos]").SetInputFilesAsync(
            new FilePayload { Name = "espejo.jpg", MimeType = "image/jpeg", Buffer = Picture() });
        await Expect(page.Locator(".in-photo")).ToHaveCountAsync(1);
        await page.Keyboard.PressAsync("Control+Enter");
        await Expect(page.Locator("#toast")).ToContainTextAsync("Incidente guardado");
        Assert.Equal(1, await gate.WaitingAsync());
        await page.ReloadAsync();
        await gate.ReadyAsync();
        line.Mend(portal.Address);
        for (var i = 0; i < 120 && (await KeptAsync(mark)).Count == 0; i++)
        {
            await page.Keyboard.PressAsync("Escape");
            await Task.Delay(500);
        }

        Assert.Matches("^I-[0-9]{4}-[0-9]{6} 1 1 image/jpeg$", Assert.Single(await KeptAsync(mark)));
    }

    private Task<List<string>> KeptAsync(string mark) => RowsAsync(
        $"""
        SELECT CONCAT_WS(' ', i.number, i.offline, i.photos, p.content_type) FROM gate_incidents AS i
        INNER JOIN gate_incident_photos AS p ON p.incident_id = i.id WHERE i.place = '{mark}' ORDER BY i.id
        """);

    private static byte[] Picture()
    {
        using var bitmap = new SKBitmap(2400, 1800);
        using var image = SKImage.FromBitmap(bitmap);
        return image.Encode(SKEncodedImageFormat.Jpeg, 90).ToArray();
    }

    private async Task<List<string>> RowsAsync(string sql)
    {
        await using var connection = new MySqlConnection(portal.ConnectionString);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        List<string> rows = [];
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) rows.Add(reader.GetString(0));
        return rows;
    }
}
