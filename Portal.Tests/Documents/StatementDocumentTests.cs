using Portal.Documents;
using Xunit;
using static Portal.Tests.Documents.Samples;

namespace Portal.Tests.Documents;

public sealed class StatementDocumentTests
{
    [Fact]
    public void The_balance_runs_with_every_movement_and_ends_in_what_is_owed()
    {
        var statement = Statement();
        var text = Pdf.Text(StatementDocument.Render(statement, Es));

        Assert.Equal(32_016m, statement.Closing);
        Assert.Contains("Saldo al 20 de noviembre de 2026", text, StringComparison.Ordinal);
        Assert.Contains("Treinta y dos mil dieciséis pesos colombianos", text, StringComparison.Ordinal);
        Assert.Contains("Saldo vencido", text, StringComparison.Ordinal);
        Assert.Matches(@"31 oct 2026\s+Intereses de mora, octubre\s+\$ 5\.386\s+\$ 515\.386", text);
        Assert.Matches(@"20 nov 2026\s+Pago, PSE\s+\$ 1\.100\.000\s+\$ 32\.016", text);
        Assert.Matches(@"Total y saldo\s+\$ 1\.132\.016\s+\$ 1\.100\.000\s+\$ 32\.016", text);
    }

    [Fact]
    public void The_head_of_the_movements_is_repeated_on_every_page_that_has_some()
    {
        var pages = Pdf.Pages(StatementDocument.Render(Statement(90), Es));

        var withMovements = pages.Where(page => page.Contains("Parqueadero de visitantes", StringComparison.Ordinal)).ToArray();
        Assert.True(withMovements.Length > 2);
        Assert.All(withMovements, page => Assert.Matches(@"Fecha\s+Concepto\s+Cobro\s+Pago\s+Saldo", page));
        Assert.All(
            pages.Select((page, i) => (page, i)),
            page => Assert.Contains($"página {page.i + 1} de {pages.Length}", page.page, StringComparison.Ordinal)
        );
    }

    [Fact]
    public void An_account_without_movements_says_so()
    {
        var text = Assert.Single(Pdf.Pages(StatementDocument.Render(Statement() with { Lines = [], Due = [] }, En)));

        Assert.Contains("There were no charges or payments in this period.", text, StringComparison.Ordinal);
        Assert.Contains("Up to date", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_balance_below_zero_is_credit()
    {
        var text = Pdf.Text(StatementDocument.Render(Statement() with { Opening = -50_000m, Due = [] }, Es));

        Assert.Contains("Saldo a favor", text, StringComparison.Ordinal);
        Assert.Contains("-$ 17.984", text, StringComparison.Ordinal);
    }
}
