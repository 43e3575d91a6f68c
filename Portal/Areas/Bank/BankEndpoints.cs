using System.Globalization;
using Microsoft.Extensions.Localization;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Bank;
using Portal.Documents.TableExport;
using Portal.Hosting.Identity;
using Portal.Resources;

namespace Portal.Areas.Bank;

/// <summary>The paper of a reconciliation: the equation, what is on its way, and what is not in the books.</summary>
public sealed class BankEndpoints : WebArea
{
    public override void Map(IEndpointRouteBuilder app) =>
        app.MapGet("/bank/{account:int}/reconcile/export", PaperAsync).RequireAuthorization(Permissions.BankView);

    private static async Task<IResult> PaperAsync(
        int account, string? month, string? format, BankService bank, Me me, IStringLocalizer<BankWords> words, CancellationToken ct)
    {
        if (await bank.PaperAsync(account, BankWording.Month(month), await me.GetAsync(ct), ct) is not { } paper) return Results.NotFound();
        var standing = paper.Standing;
        List<PaperRow> rows =
        [
            new(words["paper.bank"], standing.Day, paper.Account, standing.Bank),
            .. standing.Transit.Select(t => new PaperRow(words[t.Later ? "paper.later" : "paper.transit"], t.Day, t.Memo, -t.Amount)),
            .. paper.Open.Select(l => new PaperRow(words["paper.open"], l.Day, $"{l.Text} {l.Reference}".Trim(), -l.Amount)),
            new(words["paper.books"], standing.Day, paper.Account, -standing.Books),
            new(words["paper.left"], standing.Day, words["paper.left.text"], standing.Difference - paper.Open.Sum(l => l.Amount)),
        ];
        if (paper.Closed is { } closed)
            rows.Add(new PaperRow(words["paper.closed"], DateOnly.FromDateTime(closed.At ?? default), closed.By ?? "", null));
        List<ExportColumn<PaperRow>> columns =
        [
            new(words["paper.what"], ExportKind.Text, row => row.What),
            new(words["col.date"], ExportKind.Date, row => row.Day),
            new(words["col.text"], ExportKind.Text, row => row.Text),
            new(words["col.amount"], ExportKind.Money, row => row.Amount),
        ];
        var culture = CultureInfo.CurrentUICulture;
        var name = string.Create(CultureInfo.InvariantCulture, $"{words["paper.file"].Value}-{paper.Account.Split(' ')[0]}-{standing.Month:yyyy-MM}");
        var title = $"{words["paper.title"]} {Formats.MonthYear(standing.Month)}";
        return format == "xlsx"
            ? Results.Stream(
                output => XlsxExport.WriteAsync(title, columns, rows.ToAsyncEnumerable(), culture, output, ct), XlsxExport.ContentType, name + ".xlsx")
            : Results.Stream(
                output => CsvExport.WriteAsync(columns, rows.ToAsyncEnumerable(), culture, output, ct), CsvExport.ContentType, name + ".csv");
    }

    private sealed record PaperRow(string What, DateOnly Day, string Text, decimal? Amount);
}
