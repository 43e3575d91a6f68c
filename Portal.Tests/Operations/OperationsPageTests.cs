using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Portal.Data;
using Portal.Data.Backups;
using Portal.Data.Mail;
using Portal.Data.Operations;
using Portal.Tests.Payments;
using Portal.Tests.Server;
using DatabasePage = Portal.Areas.Operations.Database;
using JobsPage = Portal.Areas.Operations.Jobs;
using OperationsPage = Portal.Areas.Operations.Operations;

namespace Portal.Tests.Operations;

/// <summary>What would be lost or stands still comes first, in words, with what to do; and what was left is not called done.</summary>
public sealed class OperationsPageTests : PageContext
{
    public OperationsPageTests(TestDatabase database) : base(database) => Services.AddSingleton(new MailOptions());

    [Fact]
    public async Task What_needs_attention_comes_first_and_in_words()
    {
        await Database.ExecuteAsync("""
            INSERT INTO jobs (kind, payload, state, run_at, last_error) VALUES
                ('reservation_reminders', '1', 'failed', '2026-11-20 10:00:00', 'The table is on fire'),
                ('mail', '2', 'done', '2026-11-20 10:00:00', 'mail_off'), ('mail', '3', 'done', '2026-11-20 10:00:00', 'mail_off'),
                ('daily_figures', '4', 'waiting', '2026-11-20 10:00:00', NULL);
            INSERT INTO portals (name, version, seen_at) VALUES ('south', '1', UTC_TIMESTAMP() - INTERVAL 10 MINUTE);
            INSERT INTO portals (name, version, seen_at, circuits, connections, connections_most, disk_free, disk_total)
            VALUES ('north', '1', UTC_TIMESTAMP() + INTERVAL 1 HOUR, 41, 2, 100, 5, 100)
            """);
        var page = await OpenAsync<OperationsPage>();

        page.WaitForAssertion(() => Assert.Equal(
            [
                "No se hacen copias de seguridad.", "Al disco de north le queda el 5 %.", "El portal south no da señales.",
                "1 trabajo falló.", "1 trabajo espera hace más de cinco minutos.", "No sale correo: 2 avisos quedaron sin enviar.",
            ],
            page.FindAll(".attention li b").Select(b => b.TextContent)));
        Assert.All(page.FindAll(".attention li > span"), line => Assert.True(line.TextContent.Length > line.QuerySelector("b")!.TextContent.Length + 20));
        Assert.Contains(page.FindAll(".attention a"), a => a.GetAttribute("href") == "/operations/jobs?state=failed");
        Assert.NotNull(page.Find(".lose .bad [role=alert]"));
        Assert.Contains("Todo", page.Find(".lose .bad").TextContent, StringComparison.Ordinal);
        Assert.Contains("41 en línea", page.Find("[aria-labelledby=ops-nodes]").TextContent, StringComparison.Ordinal);
        Assert.Contains("No responde", page.Find("[aria-labelledby=ops-nodes]").TextContent, StringComparison.Ordinal);
        Assert.Contains("Todavía no hay ninguna copia", page.Find("[aria-labelledby=ops-sets]").TextContent, StringComparison.Ordinal);
        Assert.Contains("Nunca se ha probado", page.Find("[aria-labelledby=ops-drill]").TextContent, StringComparison.Ordinal);
        Assert.Contains("1 falla", page.Find("[aria-labelledby=ops-jobs]").TextContent, StringComparison.Ordinal);
        Assert.Empty(Keys(page.Markup));
    }

    [Fact]
    public async Task A_set_that_was_restored_and_one_that_was_read_back_are_told_apart_and_figures_stand_beside_their_goals()
    {
        Services.AddSingleton(new BackupOptions { Folder = "/backups", Recipient = "age1x", OffSite = new OffSiteOptions { Folder = "/away" } });
        var now = Services.GetRequiredService<BuildingClock>().UtcNow;
        await Database.ExecuteAsync($$"""
            SET @now = '{{now:yyyy-MM-dd HH:mm:ss}}';
            INSERT INTO backup_sets (kind, name, folder, started_at, finished_at, outcome, bytes, table_count, record_count, encrypted, off_site)
            VALUES ('nightly', 'portal-2', '/backups', @now - INTERVAL 2 HOUR, @now - INTERVAL 2 HOUR, 'good', 432013312, 2, 30, 1, 'same'),
                ('nightly', 'portal-1', '/backups', @now - INTERVAL 26 HOUR, @now - INTERVAL 26 HOUR, 'good', 430964736, 2, 29, 1, 'failed');
            INSERT INTO backup_streams (id, no_log, reached_at, since_at, seen_at)
            VALUES (1, 0, @now - INTERVAL 4 SECOND, @now - INTERVAL 26 HOUR, @now);
            INSERT INTO backup_drills (started_at, finished_at, outcome, set_name, table_count, record_count, tables)
            VALUES (@now - INTERVAL 5 DAY - INTERVAL 432 SECOND, @now - INTERVAL 5 DAY, 'good', 'portal-1', 2, 30,
                '[{"Name":"users","Rows":10,"Wrong":null},{"Name":"visitors","Rows":20,"Wrong":null,"Hash":"9c4e1f07"}]')
            """);
        var page = await OpenAsync<OperationsPage>();

        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll("[aria-labelledby=ops-sets] tbody tr").Count));
        var sets = page.FindAll("[aria-labelledby=ops-sets] tbody tr");
        Assert.Contains("Íntegra", sets[0].TextContent, StringComparison.Ordinal);
        Assert.Contains("igual", sets[0].TextContent, StringComparison.Ordinal);
        Assert.Contains("Restaurada", sets[1].TextContent, StringComparison.Ordinal);
        Assert.Contains("falló", sets[1].TextContent, StringComparison.Ordinal);
        var strip = page.FindAll(".lose > div");
        Assert.Contains("Meta 10 s", strip[0].TextContent, StringComparison.Ordinal);
        Assert.Contains("En meta", strip[0].TextContent, StringComparison.Ordinal);
        Assert.Contains("7 min 12 s", strip[2].TextContent, StringComparison.Ordinal);
        Assert.Contains("hace 5 días", strip[3].TextContent, StringComparison.Ordinal);
        var tables = page.FindAll("[aria-labelledby=ops-drill] tbody tr");
        Assert.Contains("9c4e 1f07", tables[0].TextContent, StringComparison.Ordinal);
        Assert.Contains("2 de 2 tablas iguales · 30 filas", page.Find("[aria-labelledby=ops-drill] .fx").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_that_was_left_is_not_called_done()
    {
        await Database.ExecuteAsync("""
            INSERT INTO jobs (kind, payload, state, run_at, last_error) VALUES
                ('reservation_reminders', '1', 'failed', '2026-11-20 10:00:00', 'The table is on fire'),
                ('mail', '2', 'done', '2026-11-20 10:00:00', 'mail_off'), ('mail', '3', 'done', '2026-11-20 10:00:00', 'mail_off')
            """);
        var page = await OpenAsync<JobsPage>();

        page.WaitForAssertion(() => Assert.Equal(3, page.FindAll("tbody tr").Count));
        Assert.Contains("Recordatorios de reservas", page.FindAll("tbody tr")[0].TextContent, StringComparison.Ordinal);
        Assert.Contains("The table is on fire", page.FindAll("tbody tr")[0].TextContent, StringComparison.Ordinal);
        Assert.All(
            page.FindAll("tbody tr").Where(row => row.TextContent.Contains("Correo", StringComparison.Ordinal)),
            row => Assert.Contains("Sin hacer", row.TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_database_is_looked_at_closely_and_what_the_server_does_not_say_is_said_in_words()
    {
        var page = await OpenAsync<DatabasePage>();

        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll("[aria-labelledby=db-tables] tbody tr")));
        Assert.Contains(page.FindAll("[aria-labelledby=db-tables] tbody tr"), row => row.TextContent.StartsWith("audit_log", StringComparison.Ordinal));
        Assert.Contains(page.FindAll("[aria-labelledby=db-measured] tbody tr"), row => row.TextContent.Contains("Service.", StringComparison.Ordinal));
        var sql = page.Find("[aria-labelledby=db-sql]").TextContent;
        Assert.True(page.FindAll("[aria-labelledby=db-sql] table").Count > 0 || sql.Contains("performance_schema", StringComparison.Ordinal), sql);
        Assert.Empty(Keys(page.Markup));
    }

    private async Task<IRenderedComponent<T>> OpenAsync<T>() where T : IComponent
    {
        SignIn(await World.AdminAsync());
        SetRendererInfo(new RendererInfo("Server", true));
        return Render<T>();
    }

    /// <summary>Words that are not there show as their keys.</summary>
    private static IReadOnlyList<string> Keys(string markup) =>
    [
        .. System.Text.RegularExpressions.Regex.Matches(markup, @"(?<=[>""])(?:alarm|col|load|node|nodes|server|chip|loss|drill|slow|growth|checks?|changed|lacking|kind|table)\.[a-zA-Z_.]+(?=[<""])")
            .Select(match => match.Value).Distinct(),
    ];
}
