using Portal.Documents;
using Xunit;
using static Portal.Tests.Documents.Samples;

namespace Portal.Tests.Documents;

public sealed class CaseDocumentTests
{
    private const string Note = "El 1304 aceptó visita";

    [Fact]
    public void The_report_tells_the_facts_the_deadline_and_the_history()
    {
        var text = Pdf.Text(PqrsReportDocument.Render(Report(), Es));

        foreach (
            var expected in (string[])
                [
                    "Informe de PQRS",
                    "PQRS-2026-000123",
                    "Filtración de agua en el techo del baño",
                    "En proceso",
                    "Andrea Ruiz, propietaria",
                    "Torre B 1204",
                    "Petición",
                    "Humedades",
                    "28 oct 2026, 19:42",
                    "Carolina Mejía",
                    "Quedan 2 días hábiles",
                    "Vence el martes 24 de noviembre de 2026",
                    "de 15",
                    "En pausa 2 d",
                    "Contados: 13",
                    "En pausa: 2",
                    "Festivos: 2",
                    "Por venir: 2",
                    "Pido que revisen la acometida",
                    "Adjuntos: techo-bano-1.jpg, techo-bano-2.jpg",
                    "Respuesta pública",
                    "El plomero visita el apartamento 1304",
                    "Compruebe que este informe es auténtico",
                    "7F3K-92QD",
                ]
        )
        {
            Assert.Contains(expected, text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Internal_notes_are_printed_only_for_staff()
    {
        var forPetitioner = Pdf.Text(PqrsReportDocument.Render(Report(forStaff: false), Es));
        var forStaff = Pdf.Text(PqrsReportDocument.Render(Report(forStaff: true), Es));

        Assert.DoesNotContain(Note, forPetitioner, StringComparison.Ordinal);
        Assert.DoesNotContain("Nota interna", forPetitioner, StringComparison.Ordinal);
        Assert.DoesNotContain("Contiene notas internas", forPetitioner, StringComparison.Ordinal);
        Assert.Contains(Note, forStaff, StringComparison.Ordinal);
        Assert.Contains("Contiene notas internas: no se entrega al solicitante.", forStaff, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_history_loses_no_line_over_its_pages()
    {
        var pages = Pdf.Pages(PqrsReportDocument.Render(Report(extraReplies: 30), Es));

        Assert.True(pages.Length > 4);
        var text = string.Concat(pages);
        for (var n = 1; n <= 30; n++)
        {
            Assert.Equal(12, text.Split($"Respuesta {n}: seguimos").Length - 1);
        }
    }

    [Theory]
    [InlineData(true, "Respondida a tiempo", "Vencía el")]
    [InlineData(false, "Respondida fuera de plazo", "Vencía el")]
    [InlineData(null, "Plazo vencido", "Vencía el")]
    public void The_clock_says_how_the_deadline_ended(bool? onTime, string verdict, string due)
    {
        var report = Report();

        var text = Pdf.Text(
            PqrsReportDocument.Render(report with { Clock = report.Clock! with { Used = 16, AnsweredOnTime = onTime, Days = [] } }, Es)
        );

        Assert.Contains(verdict, text, StringComparison.Ordinal);
        Assert.Contains(due, text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_request_of_many_pages_is_printed_whole()
    {
        var lines = Enumerable.Range(1, 200).Select(n => $"Renglón {n}.");

        var pages = Pdf.Pages(PqrsReportDocument.Render(Report() with { Case = Case with { Text = string.Join('\n', lines) } }, Es));

        Assert.All(Enumerable.Range(1, 200), n => Assert.Single(pages, page => page.Contains($"Renglón {n}.", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_filing_proof_is_one_page_with_number_moment_and_deadline()
    {
        var text = Assert.Single(Pdf.Pages(PqrsFilingProofDocument.Render(Proof(), Es)));

        foreach (
            var expected in (string[])
                [
                    "Constancia de radicación",
                    "PQRS-2026-000123",
                    "28 de octubre de 2026, 19:42",
                    "Radicada",
                    "martes 24 de noviembre de 2026",
                    "15 días hábiles",
                    "Pido que revisen la acometida",
                    "techo-bano-2.jpg",
                    "Compruebe que esta constancia es auténtica",
                ]
        )
        {
            Assert.Contains(expected, text, StringComparison.Ordinal);
        }

        Assert.Contains("Tuesday 24 November 2026", Pdf.Text(PqrsFilingProofDocument.Render(Proof(), En)), StringComparison.Ordinal);
    }
}
