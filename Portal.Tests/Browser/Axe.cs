using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace Portal.Tests.Browser;

/// <summary>
/// axe-core on an open page. It is put in once and asked for what is wrong only: a page is looked at four times, and thousands of nodes
/// that are right would be sent here each time.
/// </summary>
internal static class Axe
{
    private static readonly (int Width, int Height)[] Screens = [(390, 844), (1440, 900)];

    private static readonly string Script = new BundledAxeScriptProvider().GetScript();

    // A toast begins to fade whenever its time is over, also while it is looked at: until it is gone it stays as it was.
    private const string Opaque = """
        () => {
            const sheet = new CSSStyleSheet();
            sheet.replaceSync('.mud-snackbar { opacity: 1 !important; transition: none !important; animation: none !important; }');
            document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
        }
        """;

    /// <summary>What is wrong with the page as it stands, on a phone and at a desk, light and dark.</summary>
    public static async Task<List<string>> LookAsync(IPage page, string what)
    {
        List<string> found = [];
        foreach (var (width, height) in Screens)
        {
            await page.SetViewportSizeAsync(width, height);
            foreach (var theme in new[] { "light", "dark" })
            {
                await ShowAsync(page, theme);

                // Another theme is other colours and nothing else.
                var wrong = await RunAsync(page, theme == "dark" ? ["color-contrast"] : []);
                found.AddRange(wrong.Select(one => $"{what}, {theme}, {width} px: {one}"));
            }
        }

        await ShowAsync(page, "light");
        return found;
    }

    /// <param name="page">Looked at as it stands.</param>
    /// <param name="rules">Only these; without any, all.</param>
    public static async Task<string[]> RunAsync(IPage page, params string[] rules)
    {
        if (!await page.EvaluateAsync<bool>("() => 'axe' in window"))
        {
            await page.EvaluateAsync(Script);
            await page.EvaluateAsync(Opaque);
        }

        return await page.EvaluateAsync<string[]>(
            """
            async rules => {
                const run = { resultTypes: ['violations'], iframes: false };
                if (rules.length) run.runOnly = { type: 'rule', values: rules };
                const { violations } = await axe.run(document, run);
                const where = one => one.nodes.slice(0, 3).map(node => node.html.slice(0, 200)).join('; ');
                return violations.map(one => `${one.id} (${one.help}): ${where(one)}`);
            }
            """,
            rules);
    }

    // What slides or fades is looked at when it has arrived: half transparent it has no contrast. What was paused never arrives, and is not
    // waited for.
    private static Task ShowAsync(IPage page, string theme) =>
        page.EvaluateAsync(
            """
            async theme => {
                document.documentElement.dataset.theme = theme;
                const late = new Promise(done => setTimeout(done, 3000));
                await Promise.race([new Promise(requestAnimationFrame), late]);
                const ending = document.getAnimations().filter(a => a.effect?.getTiming().iterations !== Infinity);
                await Promise.race([Promise.all(ending.map(a => a.finished.catch(() => {}))), late]);
            }
            """,
            theme);
}
