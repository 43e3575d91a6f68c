using System.Globalization;
using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.AspNetCore.Components.Forms;
using Portal.Areas.Notices;
using Portal.Data;
using Portal.Data.Notices;
using Portal.Documents;
using Portal.Documents.Layout;
using Portal.Tests.Authority;
using Portal.Tests.Documents;
using Portal.Tests.Payments;
using Portal.Tests.Server;

namespace Portal.Tests.Notices;

/// <summary>The page on which a notice is written, what its readers see, and the page for the lift.</summary>
public sealed class NoticePageTests(TestDatabase database) : PageContext(database)
{
    [Fact]
    public async Task A_notice_is_written_with_a_file_and_its_reader_finds_both()
    {
        await using var world = new AuthorityWorld(Database);
        await world.BeginAsync(new CommunityMatrix());
        SetRendererInfo(new Microsoft.AspNetCore.Components.RendererInfo("Server", true));
        SignIn(world.As(Who.Staff));
        var page = Render<NoticePage>();
        page.WaitForElement(".nt-two");
        await page.InvokeAsync(() => page.Find("#notice").Submit());
        page.WaitForAssertion(() => Assert.Contains("Escribe un título", page.Find(".summary").TextContent, StringComparison.Ordinal));
        await page.InvokeAsync(() => page.Find("#f-title").Change("Lavado de tanques"));
        await page.InvokeAsync(() => page.Find("#f-body").Change("El martes."));
        page.FindComponent<InputFile>().UploadFiles(InputFileContent.CreateFromBinary("<svg/>"u8.ToArray(), "cronograma.pdf"));
        // What is not taken is refused when it is picked, by name.
        page.WaitForAssertion(
            () => Assert.Contains("cronograma.pdf no es una foto", page.Find(".picked [role=alert]").TextContent, StringComparison.Ordinal));
        Assert.Empty(page.FindAll(".picked .file"));
        Assert.Equal("Lavado de tanques", page.Find("#f-title").GetAttribute("value"));

        page.FindComponent<InputFile>().UploadFiles(InputFileContent.CreateFromBinary("%PDF-1.4\n"u8.ToArray(), "cronograma.pdf"));
        page.WaitForAssertion(() => Assert.Single(page.FindAll(".picked .file")));
        await page.InvokeAsync(() => page.Find("#notice").Submit());
        page.WaitForAssertion(() => Assert.EndsWith("/notices", Services.GetRequiredService<Microsoft.AspNetCore.Components.NavigationManager>().Uri, StringComparison.Ordinal));

        SignIn(world.As(Who.Owner));
        var board = Render<NoticeBoard>();
        board.WaitForElement(".files a");
        Assert.Contains("cronograma.pdf", board.Find(".files a").TextContent, StringComparison.Ordinal);
        Assert.StartsWith("/notices/files/", board.Find(".files a").GetAttribute("href")!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(40)]
    [InlineData(1200)]
    public void The_page_for_the_lift_is_one_A4_with_title_text_and_where_to_read_it(int words)
    {
        var notice = new NoticeRow(
            7, "Corte de agua, mañana", string.Join(' ', Enumerable.Repeat("agua", words / 5)), NoticeAudience.Everybody, true,
            new DateTime(2026, 11, 20, 8, 0, 0), new DateTime(2026, 11, 21, 11, 0, 0), "Ana", 1, true, false, null, 1, 0, false);
        var model = new LiftModel(
            Samples.Building, notice, "portal.example.org/notices", new DocumentStamp(new DateTime(2026, 11, 20, 9, 0, 0), "Bogotá", PaperSize.Letter));
        var pdf = LiftDocument.Render(model, CultureInfo.GetCultureInfo("es-CO"));
        var text = Assert.Single(Pdf.Pages(pdf));
        Assert.Contains("Corte de agua, mañana", text, StringComparison.Ordinal);
        Assert.Contains("portal.example.org/notices", text, StringComparison.Ordinal);
        Assert.Contains("A4", Pdf.Info(pdf), StringComparison.Ordinal);
    }
}
