using System.Globalization;
using Portal.Data.Expenses;
using Portal.Documents.Drawing;
using Portal.Documents.Layout;

namespace Portal.Documents;

/// <summary>What an approved budget is printed from.</summary>
public sealed record BudgetModel(BuildingHeader Building, BudgetView Budget, DocumentStamp Stamp);

/// <summary>A version of a year's budget: income, costs and what is left, account by account, with the act that approved it.</summary>
public static class BudgetDocument
{
    /// <exception cref="PdfException">A library is missing or refused; the message names the fix.</exception>
    public static byte[] Render(BudgetModel model, CultureInfo culture)
    {
        var words = new Wording(culture);
        var version = model.Budget.Version;
        using var buffer = new MemoryStream();
        new PdfDocument(
            model.Building, "budget", words["budget.number", version.Year, version.Version],
            version.ApprovedOn is { } on ? words.Date(on) : words["budget.draft"], words["budget.title", version.Year], model.Stamp, null)
            .Write(buffer, words, flow => Compose(flow, model.Budget, words));
        return buffer.ToArray();
    }

    private static void Compose(Flow flow, BudgetView budget, Wording words)
    {
        var version = budget.Version;
        flow.Add(new Words(words["budget.title", version.Year], TextStyle.Title), before: 18);
        flow.Add(
            Facts.Of(
                (words["budget.income"], words.Money(version.Income)), (words["budget.costs"], words.Money(version.Costs)),
                (words["budget.approved"], version.ApprovedOn is { } on ? words.LongDate(on) : null), (words["budget.act"], version.Act)),
            before: 15);
        foreach (var (key, rows, total) in new[]
        {
            ("budget.income", budget.Rows.Where(r => r.Income && r.Year != 0).ToList(), version.Income),
            ("budget.costs", budget.Rows.Where(r => !r.Income && r.Year != 0).ToList(), version.Costs),
        })
        {
            if (rows.Count == 0) continue;
            flow.Add(Headings.Of(words[key]), before: 18, keep: 60);
            flow.Add(new Gap(4));
            var table = new Table(
                new TableColumn(words["budget.account"], ColumnWidth.Part()),
                new(words["budget.month"], ColumnWidth.ContentAtLeast(90), Side.Right),
                new(words["budget.year"], ColumnWidth.ContentAtLeast(100), Side.Right));
            foreach (var row in rows)
                table.Row(
                    Table.Cell($"{row.Code} {row.Name}"), Table.Figure(words.Money(decimal.Round(row.Year / 12))),
                    Table.Figure(words.Money(row.Year), TextStyle.CellStrong));
            table.Row(
                Table.Cell(words["budget.total"]), Table.Figure(words.Money(decimal.Round(total / 12))),
                Table.Figure(words.Money(total), TextStyle.CellStrong));
            table.AddTo(flow);
        }

        flow.Add(new Words(words["budget.left", words.Money(version.Income - version.Costs)], TextStyle.BodySoft), before: 15);
    }
}
