using Microsoft.Playwright;
using MySqlConnector;
using Portal.Data.Demo;
using Portal.Data.Identity;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

/// <summary>The terminal of the gate in a browser, as a guard uses it: by keys.</summary>
public sealed class GatePage(IPage page)
{
    public IPage Page => page;

    public ILocator Box => page.Locator("#box");

    public ILocator Word => page.Locator(".v-word");

    /// <summary>Makes a browser a terminal by a code of the office, and waits until it knows the building.</summary>
    /// <param name="guard">Who signs in there by the demo's PIN; null: who is signed in already.</param>
    public static async Task<GatePage> EnrolAsync(PortalProcess portal, Session browser, string? guard = null)
    {
        var code = OneTimeCodes.New();
        await using (var connection = new MySqlConnection(portal.ConnectionString))
        {
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = "INSERT INTO gate_terminals (name, code_hash, code_expires_at) VALUES ('Prueba', @hash, '2037-12-31')";
            command.Parameters.AddWithValue("@hash", OneTimeCodes.HashOf(code));
            await command.ExecuteNonQueryAsync();
        }

        var gate = new GatePage(browser.Page);
        await gate.Page.GotoAsync("/gate/");
        await gate.Page.Locator("[name=code]").FillAsync(code);
        await gate.Page.Keyboard.PressAsync("Enter");
        if (guard is not null)
        {
            await gate.Page.Locator("[name=guard]").SelectOptionAsync(new SelectOptionValue { Label = guard });
            await gate.Page.Locator("[name=pin]").FillAsync(DemoSeed.Pin);
            await gate.Page.Keyboard.PressAsync("Enter");
        }

        await gate.ReadyAsync();
        return gate;
    }

    /// <summary>The box is there, the building is known, and the files are kept on the device.</summary>
    public async Task ReadyAsync()
    {
        await Expect(page.Locator("#inside .in").First).ToBeVisibleAsync(new() { Timeout = 60_000 });
        await page.EvaluateAsync("navigator.serviceWorker.ready.then(() => true)");
        await Expect(Box).ToBeFocusedAsync();
    }

    /// <summary>Types and presses Enter.</summary>
    public async Task AskAsync(string what)
    {
        await page.Keyboard.PressAsync("Escape");
        await Box.FillAsync(what);
        await page.Keyboard.PressAsync("Enter");
    }

    /// <summary>What kind of answer is on the screen.</summary>
    public Task SeesAsync(string kind) => Expect(page.Locator("#answer [data-kind]")).ToHaveAttributeAsync("data-kind", kind);

    /// <summary>Somebody who was not announced comes in: apartment, name, document.</summary>
    public async Task LetInAsync(string unit, string name, string document)
    {
        await page.Keyboard.PressAsync("F1");
        await Expect(page.Locator("[name=unit]")).ToBeFocusedAsync();
        foreach (var text in new[] { unit, name, document })
        {
            await page.Keyboard.TypeAsync(text);
            await page.Keyboard.PressAsync("Enter");
        }

        // By their name: the answer to the act before stands there until this one is written down.
        await SeesAsync("done");
        await Expect(page.Locator("#answer")).ToContainTextAsync(name);
    }

    public ILocator Inside(string name) => page.Locator("#inside .in:not(.gone)", new() { HasText = name });

    /// <summary>Who has this number.</summary>
    public Task<string> AtNumberAsync(int number) => AtNumber(number).InnerTextAsync();

    /// <summary>The name at a number of the list.</summary>
    public ILocator AtNumber(int number) =>
        page.Locator("#inside .in", new() { Has = page.Locator($".key:text-is('{number}')") }).Locator("strong");

    /// <summary>How many acts the device has still to deliver.</summary>
    public Task<int> WaitingAsync() => page.EvaluateAsync<int>(
        """
        () => new Promise(done => {
          const open = indexedDB.open('vallhalla-gate');
          open.onsuccess = () => {
            const count = open.result.transaction('events').objectStore('events').count();
            count.onsuccess = () => { open.result.close(); done(count.result); };
          };
        })
        """);

    /// <summary>All that the device's disk holds of the terminal, as one text.</summary>
    public Task<string> DiskAsync() => page.EvaluateAsync<string>(
        """
        () => new Promise(done => {
          const open = indexedDB.open('vallhalla-gate');
          open.onsuccess = async () => {
            const all = {};
            for (const name of open.result.objectStoreNames) {
              const one = open.result.transaction(name).objectStore(name).getAll();
              all[name] = await new Promise(read => { one.onsuccess = () => read(one.result); });
            }
            open.result.close();
            done(JSON.stringify(all));
          };
        })
        """);
}
