using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Portal.Data;
using Portal.Data.Mail;
using Portal.Tests.Payments;
using Portal.Tests.Server;
using OperationsPage = Portal.Areas.Operations.Operations;

namespace Portal.Tests.Operations;

/// <summary>What would be lost or stands still comes first, in words, and what was left is not called done.</summary>
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
                ('daily_figures', '4', 'waiting', '2026-11-20 10:00:00', NULL)
            """);
        var admin = await World.AdminAsync();
        SignIn(admin);
        SetRendererInfo(new RendererInfo("Server", true));

        var page = Render<OperationsPage>();

        page.WaitForAssertion(() => Assert.Equal(4, page.FindAll(".attention li").Count));
        Assert.Equal(
            ["No se hacen copias de seguridad.", "1 trabajo falló.", "1 trabajo espera hace más de cinco minutos.", "No sale correo."],
            page.FindAll(".attention li b").Select(b => b.TextContent));
        Assert.Contains("2 avisos quedaron sin enviar", page.FindAll(".attention li")[3].TextContent, StringComparison.Ordinal);
        page.WaitForAssertion(() => Assert.Equal(4, page.FindAll("tbody tr").Count));
        Assert.Contains("Recordatorios de reservas", page.FindAll("tbody tr")[0].TextContent, StringComparison.Ordinal);
        Assert.Contains("The table is on fire", page.FindAll("tbody tr")[0].TextContent, StringComparison.Ordinal);
        Assert.All(
            page.FindAll("tbody tr").Where(row => row.TextContent.Contains("Correo", StringComparison.Ordinal)),
            row => Assert.Contains("Sin hacer", row.TextContent, StringComparison.Ordinal));
    }
}
