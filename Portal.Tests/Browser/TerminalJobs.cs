using System.Diagnostics;
using Microsoft.Playwright;
using MySqlConnector;
using Portal.Tests.Server;
using Xunit;
using Xunit.Abstractions;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

/// <summary>A shift at the terminal while lines are cut, answers are lost, the portal is killed and the page is closed.</summary>
[Trait("Day", "any")]
[Collection(GateBrowserCollection.Name)]
public sealed class TerminalJobs(PortalProcess portal, ITestOutputHelper output)
{
    [Fact]
    public async Task A_shift_goes_on_while_all_fails_and_everything_arrives_once()
    {
        await using var line = new CutLine(portal.Address);
        await using var wilson = await portal.SignInAsync("wilson.cardenas", at: line.Address);
        var gate = await GatePage.EnrolAsync(portal, wilson);
        var mark = $"Corte{Environment.TickCount64 % 100_000}";

        // While the line is up, an answer is lost: the same act goes again and is one.
        line.LoseAnswer("POST /gate/events");
        await gate.LetInAsync("B1204", $"{mark} Uno", "70111201");
        await UntilAsync(async () => await gate.WaitingAsync() == 0, "the lost answer's act delivered");
        Assert.Equal(1, line.Lost);

        // Cut: everything goes on, also in a page that was loaded again and in one that was closed.
        line.Cut();
        await Expect(gate.Page.Locator("#net")).ToContainTextAsync("Sin conexión", new() { Timeout = 60_000 });
        await gate.LetInAsync("A502", $"{mark} Dos", "70111202");
        await gate.Page.ReloadAsync();
        await gate.ReadyAsync();
        await Expect(gate.Inside($"{mark} Dos")).ToContainTextAsync("sin enviar");
        await gate.LetInAsync("C803", $"{mark} Tres", "70111203");
        await gate.Inside($"{mark} Uno").GetByRole(AriaRole.Button).ClickAsync();
        await Expect(gate.Page.Locator("#toast")).ToContainTextAsync("salida");
        var again = await wilson.Page.Context.NewPageAsync();
        await gate.Page.CloseAsync();
        gate = new GatePage(again);
        await again.GotoAsync($"{line.Address}/gate/");
        await gate.ReadyAsync();
        await Expect(gate.Inside($"{mark} Tres")).ToBeVisibleAsync();
        await Expect(gate.Inside($"{mark} Uno")).ToHaveCountAsync(0);

        // Who is inside is found by their name and leaves by Enter.
        await gate.AskAsync($"{mark} dos");
        await gate.SeesAsync("inside");
        await gate.Page.Keyboard.PressAsync("Enter");
        await gate.SeesAsync("done");
        Assert.Equal(4, await gate.WaitingAsync());

        // Another portal takes over, and dies with the acts in its hands.
        await using (var second = await portal.StartAnotherAsync())
        {
            line.LoseAnswer("POST /gate/events");
            line.Mend(second.Address);
            await again.Keyboard.PressAsync("Escape");
            await UntilAsync(() => Task.FromResult(line.Lost == 2), "acts in the second portal's hands");
        }

        line.Mend(portal.Address);
        await UntilAsync(async () =>
        {
            await again.Keyboard.PressAsync("Escape");
            return await gate.WaitingAsync() == 0;
        }, "all delivered");
        await Expect(again.Locator("#net")).ToContainTextAsync("En línea");
        await gate.SeesAsync("back");
        await Expect(again.Locator("#answer")).ToContainTextAsync("Nada se perdió");
        await again.Keyboard.PressAsync("Enter");
        await gate.SeesAsync("idle");

        // Each act once, in the order of the keys; each visit as it was; the disk knows none of it any more.
        var rows = await RowsAsync(
            """
            SELECT CONCAT_WS(' ', v.name, v.state, v.offline) FROM visitors AS v WHERE v.name LIKE CONCAT(@mark, '%') ORDER BY v.id
            """, mark);
        Assert.Equal([$"{mark} Uno left 0", $"{mark} Dos left 1", $"{mark} Tres inside 1"], rows);
        var events = await RowsAsync(
            """
            SELECT CONCAT_WS(' ', e.seq, e.kind, e.outcome) FROM gate_events AS e INNER JOIN visitors AS v ON v.id = e.visitor_id
            WHERE v.name LIKE CONCAT(@mark, '%') ORDER BY e.seq
            """, mark);
        Assert.Equal(["1 enter applied", "2 enter applied", "3 enter applied", "4 exit applied", "5 exit applied"], events);
        var disk = await gate.DiskAsync();
        Assert.DoesNotContain("70111202", disk, StringComparison.Ordinal);
        Assert.DoesNotContain("Ruiz Salcedo", disk, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_are_never_lost_and_never_count_twice()
    {
        await using var wilson = await portal.SignInAsync("wilson.cardenas");
        // The device's clock is three hours slow. No act and no undo of one is the later for it.
        await wilson.Page.AddInitScriptAsync("const now = Date.now; Date.now = () => now() - 3 * 3600000;");
        var gate = await GatePage.EnrolAsync(portal, wilson);
        var page = gate.Page;
        var mark = $"Tecla{Environment.TickCount64 % 100_000}";
        var (lina, otto) = (await PassAsync($"{mark} Lina"), await PassAsync($"{mark} Otto"));
        await UntilAsync(async () => (await gate.DiskAsync()).Contains($"{mark} Otto", StringComparison.Ordinal), "the passes known here");

        // Case 1 of the gate's worked cases: a scan over an answer is a new question, and acts on nothing.
        await gate.AskAsync(lina);
        await gate.SeesAsync("expected");
        await Expect(page.Locator("#answer")).ToContainTextAsync("Lina");
        await page.Keyboard.TypeAsync(otto);
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#answer")).ToContainTextAsync("Otto");

        // Case 2: Enter twice in a moment is one entry.
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.PressAsync("Enter");
        await gate.SeesAsync("done");
        await gate.AskAsync(otto);
        await gate.SeesAsync("used");

        // What is typed right after Esc stands in the box.
        await page.Keyboard.PressAsync("Escape");
        await page.Keyboard.TypeAsync("lin");
        await Expect(gate.Box).ToHaveValueAsync("lin");
        await page.Keyboard.PressAsync("Escape");
        await gate.AskAsync(lina);
        await gate.SeesAsync("expected");
        await page.Keyboard.PressAsync("Enter");
        await gate.SeesAsync("done");

        await UntilAsync(async () => await gate.WaitingAsync() == 0, "all delivered");
        Assert.Equal(
            [$"{mark} Lina inside", $"{mark} Otto inside"],
            await RowsAsync("SELECT CONCAT_WS(' ', name, state) FROM visitors WHERE name LIKE CONCAT(@mark, '%') ORDER BY name", mark));

        // Case 3: the same number twice takes out one, and says that they have left. It was a mistake, and is taken back.
        var first = await gate.AtNumberAsync(1);
        var inside = await page.Locator("#count").InnerTextAsync();

        // Another page of theirs was read before that, and comes to life after it: it shows what happened between.
        var (tab, live) = (await wilson.Page.Context.NewPageAsync(), new TaskCompletionSource());
        await tab.RouteAsync("**/_framework/blazor.web*.js", async route =>
        {
            await live.Task;
            await route.ContinueAsync();
        });
        await tab.GotoAsync("/", new() { WaitUntil = WaitUntilState.Commit });
        var there = tab.Locator(".inside li", new() { HasText = first });
        await Expect(there).ToHaveCountAsync(1);
        await page.BringToFrontAsync();
        await page.Keyboard.PressAsync("Alt+1");
        await page.Keyboard.PressAsync("Alt+1");
        await Expect(page.Locator("#toast")).ToContainTextAsync($"{first} ya salió");
        await Expect(gate.Inside(first)).ToHaveCountAsync(0);
        await UntilAsync(async () => await gate.WaitingAsync() == 0, "the exit delivered");
        await Expect(there).ToHaveCountAsync(1);
        live.SetResult();
        await Expect(there).ToHaveCountAsync(0);
        await tab.CloseAsync();
        await page.Keyboard.PressAsync("Control+z");
        await Expect(page.Locator("#toast")).ToContainTextAsync(first);
        await Expect(gate.Inside(first)).ToHaveCountAsync(1);
        await UntilAsync(async () => await gate.WaitingAsync() == 0, "the undo delivered");
        await Expect(page.Locator("#count")).ToHaveTextAsync(inside);

        // Taken back within ten seconds, while their number is nobody else's, they stand where they stood: the list is drawn from this device
        // first and then from what the portal tells.
        first = await gate.AtNumberAsync(1);
        await page.Keyboard.PressAsync("Alt+1");
        await page.Keyboard.PressAsync("Control+z");
        await UntilAsync(async () => await gate.WaitingAsync() == 0, "both delivered");
        await Expect(gate.AtNumber(1)).ToHaveTextAsync(first);
    }

    /// <summary>Each face of it, on the two screens that stand at a gate: read by a machine for those who cannot see, pressed with gloves on.</summary>
    [Fact]
    public async Task Everybody_can_use_it_also_with_gloves()
    {
        await using var wilson = await portal.SignInAsync("wilson.cardenas");
        var gate = await GatePage.EnrolAsync(portal, wilson);
        var page = gate.Page;
        var expected = await PassAsync($"Guantes{Environment.TickCount64 % 100_000}");
        await UntilAsync(async () => (await gate.DiskAsync()).Contains("Guantes", StringComparison.Ordinal), "the pass known here");
        var inside = await gate.AtNumberAsync(1);
        List<string> wrong = [];
        foreach (var (width, height) in new[] { (1024, 768), (1280, 800) })
        {
            await page.SetViewportSizeAsync(width, height);
            foreach (var (face, show) in new (string, Func<Task>)[]
            {
                ("idle", () => Task.CompletedTask), ("expected", () => gate.AskAsync(expected)), ("inside", () => gate.AskAsync(inside)),
                ("which", () => gate.AskAsync("1204")), ("unknown", () => gate.AskAsync("999999")),
                ("new", () => page.Keyboard.PressAsync("F1")), ("parcel", () => page.Keyboard.PressAsync("F5")),
                ("parking", () => page.Keyboard.PressAsync("F6")), ("overstays", () => page.Keyboard.PressAsync("F7")),
                ("notes", () => page.Keyboard.PressAsync("F8")), ("handover", () => page.Keyboard.PressAsync("F9")),
                ("incident", () => page.Keyboard.PressAsync("Alt+i")),
            })
            {
                await page.Keyboard.PressAsync("Escape");
                await page.Keyboard.PressAsync("Escape");
                await show();
                await page.WaitForTimeoutAsync(150);
                foreach (var one in await Axe.RunAsync(page)) wrong.Add($"{face} {width}: {one}");
                foreach (var one in await page.EvaluateAsync<string[]>(Small)) wrong.Add($"{face} {width}: {one}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong.Distinct()));
    }

    /// <summary>What is pressed and smaller than 48 pixels one way or the other; a page that slides sideways.</summary>
    private const string Small = """
        () => {
          const small = [...document.querySelectorAll('button, a, input, select, textarea')].filter(one => one.checkVisibility() && !one.disabled)
            .map(one => [one, one.closest('label')?.getBoundingClientRect() ?? one.getBoundingClientRect()])
            .filter(([, box]) => box.width > 1 && (box.width < 47.5 || box.height < 47.5))
            .map(([one, box]) => `${Math.round(box.width)} x ${Math.round(box.height)}: ${one.outerHTML.slice(0, 120)}`);
          if (document.documentElement.scrollWidth > innerWidth) small.push(`wider than the screen: ${document.documentElement.scrollWidth}`);
          return small.slice(0, 5);
        }
        """;

    /// <summary>What it takes, printed and not asserted: a time says nothing of right and wrong on a machine that does other things too.</summary>
    [Fact]
    public async Task Two_hundred_acts_are_delivered_and_answers_come_at_once()
    {
        await using var line = new CutLine(portal.Address);
        await using var wilson = await portal.SignInAsync("wilson.cardenas", at: line.Address);
        var gate = await GatePage.EnrolAsync(portal, wilson);
        output.WriteLine($"key to answer, online: {await AnswersAsync(gate)}");
        line.Cut();
        output.WriteLine($"key to answer, line cut: {await AnswersAsync(gate)}");
        await gate.Page.EvaluateAsync(
            """
            async () => {
              const { app } = await import('/gate/state.js');
              for (let i = 0; i < 200; i++) await app.do.record('note', { text: `Prueba ${i}` }, { act: 'note', name: '', unit: '' }, null);
            }
            """);
        Assert.Equal(200, await gate.WaitingAsync());
        line.Mend(portal.Address);
        await gate.Page.Keyboard.PressAsync("Escape");
        var sending = Stopwatch.StartNew();
        await UntilAsync(async () => await gate.WaitingAsync() == 0, "two hundred delivered");
        output.WriteLine($"200 acts delivered in {sending.Elapsed.TotalSeconds:0.0} s");
        Assert.Equal(["200"], await RowsAsync("SELECT CAST(COUNT(*) AS CHAR) FROM gate_notes WHERE text LIKE CONCAT(@mark, '%')", "Prueba "));
        await RowsAsync("DELETE FROM gate_notes WHERE text LIKE CONCAT(@mark, '%')", "Prueba ");
    }

    /// <summary>Milliseconds from Enter to the answer's frame.</summary>
    private static Task<string> AnswersAsync(GatePage gate) => gate.Page.EvaluateAsync<string>(
        """
        async () => {
          const { app } = await import('/gate/state.js');
          const box = document.getElementById('box'), answer = document.getElementById('answer');
          const asked = [...app.inside.slice(0, 4).map(one => one.name), ...app.snapshot.units.slice(0, 4).map(one => one.unit), 'nadie así'];
          const times = [];
          for (let i = 0; i < 45; i++) {
            app.do.clear();
            box.value = asked[i % asked.length];
            box.focus();
            times.push(await new Promise(done => {
              const began = performance.now();
              const look = new MutationObserver(() => {
                if (!answer.querySelector('[data-kind]') || answer.querySelector('[data-kind=idle]')) return;
                look.disconnect();
                requestAnimationFrame(() => done(performance.now() - began));
              });
              look.observe(answer, { childList: true, subtree: true });
              box.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
            }));
          }
          times.sort((a, b) => a - b);
          return `p50 ${times[22].toFixed(1)} ms, p95 ${times[42].toFixed(1)} ms`;
        }
        """);

    /// <summary>A single pass to B 1204 that is good now; its code.</summary>
    private async Task<string> PassAsync(string name)
    {
        var code = Random.Shared.Next(1_000_000).ToString("000000", System.Globalization.CultureInfo.InvariantCulture);
        var now = TestDay.Clock.Now;
        await ExecuteAsync(
            """
            INSERT INTO passes (kind, host_id, apartment_id, title, starts_at, ends_at, code, token)
            SELECT 'single', a.owner_id, a.id, @name, @from, @until, @code, LOWER(HEX(RANDOM_BYTES(16)))
            FROM apartments AS a INNER JOIN towers AS t ON t.id = a.tower_id WHERE a.apartment_number = '1204' AND t.name LIKE '%B' LIMIT 1;
            INSERT INTO visitors (name, identification, host_id, visit_date, state, apartment_id, expected_from, expected_until, pass_code, pass_id)
            SELECT p.title, '', p.host_id, DATE(p.starts_at), 'announced', p.apartment_id, p.starts_at, p.ends_at, p.code, p.id
            FROM passes AS p WHERE p.id = LAST_INSERT_ID();
            """,
            ("@name", name), ("@code", code), ("@from", now.AddHours(-1)), ("@until", now.AddHours(5)));
        return code;
    }

    private async Task<IReadOnlyList<string>> RowsAsync(string sql, string mark)
    {
        await using var connection = new MySqlConnection(portal.ConnectionString);
        await connection.OpenAsync();
        await using var command = new MySqlCommand(sql, connection);
        command.Parameters.AddWithValue("@mark", mark);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync()) rows.Add(reader.GetString(0));
        return rows;
    }

    private async Task ExecuteAsync(string sql, params (string Name, object Value)[] values)
    {
        await using var connection = new MySqlConnection(portal.ConnectionString);
        await connection.OpenAsync();
        await using var command = new MySqlCommand(sql, connection);
        foreach (var (name, value) in values) command.Parameters.AddWithValue(name, value);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task UntilAsync(Func<Task<bool>> reached, string what)
    {
        for (var waited = Stopwatch.StartNew(); !await reached(); await Task.Delay(250))
            Assert.True(waited.Elapsed < TimeSpan.FromMinutes(2), $"Not within two minutes: {what}.");
    }
}
