using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Portal.Areas.Backups;
using Portal.Data;
using Portal.Data.Backups;
using Portal.Tests.Payments;
using Portal.Tests.Server;

namespace Portal.Tests.Backups;

/// <summary>What would be lost now stands first; nothing says that all is well where nobody knows.</summary>
public sealed class BackupsPageTests(TestDatabase database) : PageContext(database)
{
    [Fact]
    public async Task Where_nobody_said_where_it_says_so_and_offers_no_button()
    {
        var page = await OpenAsync(null);

        page.WaitForAssertion(() => Assert.Equal("No se hacen copias de seguridad.", Assert.Single(page.FindAll(".alarms b")).TextContent));
        Assert.Equal("Todo", page.Find(".strip .bad .big").TextContent);
        Assert.DoesNotContain("Copiar ahora", page.Markup, StringComparison.Ordinal);
        page.WaitForAssertion(() => Assert.Contains("Backup__Folder", page.Find(".empty").TextContent, StringComparison.Ordinal));
        Assert.Empty(page.FindAll("#restore"));
    }

    [Fact]
    public async Task Before_the_first_night_everything_would_be_lost_and_the_button_asks_for_one()
    {
        var page = await OpenAsync("/sets");

        page.WaitForAssertion(() => Assert.Equal("Todo", page.Find(".strip .bad .big").TextContent));
        Assert.Empty(page.FindAll(".alarms"));
        page.FindAll("button").Single(b => b.TextContent.Contains("Copiar ahora", StringComparison.Ordinal)).Click();
        page.WaitForAssertion(() => Assert.Contains("Copiando…", page.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_good_set_says_how_much_would_be_lost_and_the_command_that_restores_it()
    {
        await SetAsync(hours: 3, bytes: 5_000_000);
        var page = await OpenAsync("/sets");

        page.WaitForAssertion(() => Assert.StartsWith("3 h", page.FindAll(".strip .big")[0].TextContent, StringComparison.Ordinal));
        Assert.Empty(page.FindAll(".strip > .bad"));
        Assert.Equal(
            ["./run verify /sets/portal-3", "./run restore /sets/portal-3 --into portal"],
            page.FindAll("#restore pre").Select(p => p.TextContent));
        page.WaitForAssertion(
            () => Assert.Contains("Íntegra", Assert.Single(page.FindAll("tbody tr")).TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_old_a_small_and_a_failed_one_stand_above_all_with_their_reasons()
    {
        await SetAsync(hours: 60, bytes: 5_000_000);
        await SetAsync(hours: 30, bytes: 2_000_000);
        await Database.ExecuteAsync(
            "INSERT INTO backup_sets (kind, started_at, finished_at, outcome, message) "
            + $"VALUES ('nightly', '{At(2)}', '{At(2)}', 'failed', 'The disk is full.')");
        var page = await OpenAsync("/sets");

        page.WaitForAssertion(() => Assert.Equal(3, page.FindAll(".alarms li").Count));
        Assert.Contains("26 horas", page.FindAll(".alarms li")[0].TextContent, StringComparison.Ordinal);
        Assert.Contains("menos de la mitad", page.FindAll(".alarms li")[1].TextContent, StringComparison.Ordinal);
        Assert.Contains("The disk is full.", page.FindAll(".alarms li")[2].TextContent, StringComparison.Ordinal);
        Assert.NotEmpty(page.FindAll(".strip .bad"));
    }

    [Fact]
    public async Task The_drill_and_the_moments_stand_on_a_card_of_their_own()
    {
        await SetAsync(hours: 3, bytes: 5_000_000);
        await Database.ExecuteAsync(
            "INSERT INTO backup_streams (id, log_file, reached_at, since_at, seen_at) "
            + $"VALUES (1, 'portal.000012', '{At(0)}', '{At(48)}', '{At(0)}')");
        await Database.ExecuteAsync(
            "INSERT INTO backup_drills (started_at, finished_at, outcome, set_name, with_logs, reached_at, table_count, differing, "
            + "record_count, tables, message) "
            + $"VALUES ('{At(2)}', '{At(1.9)}', 'failed', 'portal-3', 1, '{At(2)}', 2, 1, 1000, "
            + "'[{\"Name\":\"areas\",\"Rows\":7,\"Wrong\":null},{\"Name\":\"towers\",\"Rows\":4,\"Wrong\":\"has other content\"}]', "
            + "'towers has other content.')");
        var page = await OpenAsync("/sets");

        page.WaitForAssertion(() => Assert.Contains("1 tabla difiere", page.Find("#drill").TextContent, StringComparison.Ordinal));
        Assert.StartsWith("Desde el", page.FindAll("#drill .big")[0].TextContent.Trim(), StringComparison.Ordinal);
        Assert.Equal(["towers", "areas"], page.FindAll("#drill tbody tr td:first-child").Select(cell => cell.TextContent));
        Assert.Contains("Falló el último simulacro", Assert.Single(page.FindAll(".alarms li")).TextContent, StringComparison.Ordinal);
        Assert.Contains("--to 2026-11-20T15:24:00Z --into portal_copy", page.Find("#restore").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Before_the_first_drill_it_says_when_it_comes()
    {
        var page = await OpenAsync("/sets");

        page.WaitForAssertion(() => Assert.Contains("./run drill", page.Find("#drill").TextContent, StringComparison.Ordinal));
        Assert.Contains("Solo copias", page.Find("#drill").TextContent, StringComparison.Ordinal);
    }

    private async Task<IRenderedComponent<BackupsPage>> OpenAsync(string? folder)
    {
        Services.AddSingleton(new BackupOptions { Folder = folder });
        SignIn(await World.AdminAsync());
        SetRendererInfo(new RendererInfo("Server", true));
        return Render<BackupsPage>();
    }

    private string At(double hours) => new DateTime(2026, 11, 20, 15, 24, 0).AddHours(-hours).ToString("yyyy-MM-dd HH:mm:ss");

    private Task SetAsync(double hours, long bytes) => Database.ExecuteAsync(
        "INSERT INTO backup_sets (kind, name, folder, started_at, finished_at, outcome, bytes, table_count, record_count) "
        + $"VALUES ('nightly', 'portal-{hours}', '/sets', '{At(hours)}', '{At(hours)}', 'good', {bytes}, 90, 1000)");
}
