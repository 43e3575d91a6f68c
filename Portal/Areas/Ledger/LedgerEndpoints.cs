using System.Globalization;
using Microsoft.Extensions.Localization;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Ledger;
using Portal.Documents.TableExport;
using Portal.Hosting.Identity;
using Portal.Resources;

namespace Portal.Areas.Ledger;

/// <summary>The books as files.</summary>
public sealed class LedgerEndpoints : WebArea
{
    public override void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/ledger/export", BalanceAsync).RequireAuthorization(Permissions.LedgerView);
        app.MapGet("/ledger/result/export", ResultAsync).RequireAuthorization(Permissions.LedgerView);
        app.MapGet("/ledger/accounts/{id:int}/export", MovementsAsync).RequireAuthorization(Permissions.LedgerView);
    }

    private static async Task<IResult> BalanceAsync(
        string? format, string? day, LedgerService books, BuildingClock clock, Me me, IStringLocalizer<LedgerWords> words,
        CancellationToken ct)
    {
        var asked = AddressValue.Day(day) ?? clock.Today;
        if (await books.BalanceAsync(asked, await me.GetAsync(ct), ct) is not { } balance) return Results.NotFound();
        List<ExportColumn<TrialRow>> columns =
        [
            new(words["account.code"], ExportKind.Text, row => row.Code),
            new(words["col.account"], ExportKind.Text, row => row.Name),
            new(words["account.status"], ExportKind.Text, row => words[$"status.{row.Status}"].Value),
            new(words["col.opening", Formats.ShortDate(balance.Month.AddDays(-1))], ExportKind.Money, row => row.Opening),
            new(words["col.debits", Formats.MonthYear(balance.Month)], ExportKind.Money, row => row.Debit),
            new(words["col.credits", Formats.MonthYear(balance.Month)], ExportKind.Money, row => row.Credit),
            new(words["col.debit", Formats.ShortDate(balance.Day)], ExportKind.Money, row => Math.Max(row.Closing, 0)),
            new(words["col.credit", Formats.ShortDate(balance.Day)], ExportKind.Money, row => Math.Max(-row.Closing, 0)),
        ];
        var name = $"{words["export.file"]}-{balance.Day:yyyy-MM-dd}";
        return Sheet(format, name, words["title"], columns, balance.Rows.ToAsyncEnumerable(), ct);
    }

    private static async Task<IResult> ResultAsync(
        string? format, string? year, LedgerService books, BuildingClock clock, Me me, IStringLocalizer<LedgerWords> words,
        CancellationToken ct)
    {
        var asked = int.TryParse(year, out var given) && given is >= 1900 and <= 2200 ? given : clock.Today.Year;
        if (await books.ResultAsync(asked, await me.GetAsync(ct), ct) is not { } result) return Results.NotFound();
        List<ExportColumn<ResultRow>> columns =
        [
            new(words["account.code"], ExportKind.Text, row => row.Code),
            new(words["col.account"], ExportKind.Text, row => row.Name),
            .. Enumerable.Range(0, 12).Select(m => new ExportColumn<ResultRow>(
                LedgerWording.ShortMonth(new DateOnly(asked, m + 1, 1)), ExportKind.Money, row => row.Months[m])),
            new(words["result.total"], ExportKind.Money, row => row.Total),
        ];
        // The last line is what is left: what a reader of the file would add up themselves.
        var net = new ResultRow(0, "", words["result.net"], [.. Enumerable.Range(0, 12).Select(result.Of)]);
        return Sheet(
            format, $"{words["result.export"]}-{asked}", words["result"], columns,
            result.Rows.Append(net).ToAsyncEnumerable(), ct);
    }

    private static async Task<IResult> MovementsAsync(
        int id, string? format, HttpContext http, LedgerService books, BuildingClock clock, Me me, IStringLocalizer<LedgerWords> words,
        CancellationToken ct)
    {
        var user = await me.GetAsync(ct);
        if (await books.AccountAsync(id, clock.Today, user, ct) is not { Account: var account }) return Results.NotFound();
        List<ExportColumn<MovementRow>> columns =
        [
            new(words["col.date"], ExportKind.Date, row => row.PostedOn),
            new(words["col.document"], ExportKind.Text, row => words.Document(row.Act, row.Memo, row.Reference)),
            new(words["col.act"], ExportKind.Text, row => words[$"act.{row.Act}"].Value),
            new(words["col.unit"], ExportKind.Text, row => row.Unit),
            new(words["debit"], ExportKind.Money, row => row.Amount > 0 ? row.Amount : null),
            new(words["credit"], ExportKind.Money, row => row.Amount < 0 ? -row.Amount : null),
            new(words["entry"], ExportKind.Number, row => row.EntryId),
        ];
        var rows = books.ExportAsync(id, ListAddress.Read(http.Request.Query, "-date"), user, ct);
        return Sheet(format, $"{account.Code}-{clock.Today:yyyy-MM-dd}", $"{account.Code} {account.Name}", columns, rows, ct);
    }

    private static IResult Sheet<TRow>(
        string? format, string name, string title, List<ExportColumn<TRow>> columns, IAsyncEnumerable<TRow> rows, CancellationToken ct)
    {
        var culture = CultureInfo.CurrentUICulture;
        return format == "xlsx"
            ? Results.Stream(
                output => XlsxExport.WriteAsync(title, columns, rows, culture, output, ct), XlsxExport.ContentType, name + ".xlsx")
            : Results.Stream(output => CsvExport.WriteAsync(columns, rows, culture, output, ct), CsvExport.ContentType, name + ".csv");
    }
}
