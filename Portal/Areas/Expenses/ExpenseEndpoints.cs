using System.Globalization;
using Microsoft.Extensions.Localization;
using Portal.Areas.Payments;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Expenses;
using Portal.Data.Operations;
using Portal.Documents;
using Portal.Documents.TableExport;
using Portal.Hosting.Identity;
using Portal.Resources;

namespace Portal.Areas.Expenses;

/// <summary>What of expenses and budget is a file: the invoices themselves, vouchers of payments, exports.</summary>
public sealed class ExpenseEndpoints : WebArea
{
    public override void Map(IEndpointRouteBuilder app)
    {
        var expenses = app.MapGroup("/expenses").RequireAuthorization(Permissions.ExpensesView);
        expenses.MapGet("/export", ExportAsync);
        expenses.MapGet("/files/{id:long}", FileAsync);
        expenses.MapGet("/payments/{id:long}/voucher.pdf", VoucherAsync);
        app.MapGet("/budget/export", BudgetAsync).RequireAuthorization(Permissions.ExpensesView);
    }

    private static async Task<IResult> FileAsync(long id, HttpContext http, Me me, ExpenseService expenses, CancellationToken ct)
    {
        if (await expenses.FileAsync(id, await me.GetAsync(ct), ct) is not { } file) return Results.NotFound();
        return PrivateFile.Uploaded(http, file.Name, file.ContentType, file.Content);
    }

    private static async Task<IResult> VoucherAsync(
        long id, HttpContext http, Me me, ExpenseService expenses, SettingsService settings, BuildingClock clock,
        IStringLocalizer<PaymentsWords> methods, CancellationToken ct)
    {
        if (await expenses.VoucherAsync(id, await me.GetAsync(ct), ct) is not { } v) return Results.NotFound();
        var building = await settings.GetAsync(ct);
        var model = new VoucherModel(
            BuildingPaper.Header(building), v.Number, v.PaidOn, v.Supplier, TaxNumber.Written(v.TaxId),
            v.BankAccount is null ? null : $"{v.Bank} · {v.BankAccount}", methods.Method(v.MethodId, v.Method), v.Reference, v.Amount,
            v.Invoice, v.InvoicedOn, v.Description, v.Total, v.PaidBefore,
            [.. v.Lines.Select(l => new VoucherLine(l.Code, l.Account, l.Debit, l.Credit))], v.MadeBy, v.ApprovedBy, v.PaidBy,
            v.VoidedAt is { } at ? new ReceiptVoid(at, v.VoidReason) : null, BuildingPaper.Stamp(building, clock));
        return PrivateFile.Pdf(http, VoucherDocument.Render(model, CultureInfo.CurrentUICulture), $"{v.Number}.pdf");
    }

    private static async Task<IResult> ExportAsync(
        string? format, HttpContext http, ExpenseService expenses, BuildingClock clock, Me me, IStringLocalizer<ExpensesWords> words,
        CancellationToken ct)
    {
        var rows = expenses.ExportAsync(ListAddress.Read(http.Request.Query, ""), await me.GetAsync(ct), ct);
        List<ExportColumn<ExpenseRow>> columns =
        [
            new(words["col.number"], ExportKind.Text, r => r.Number),
            new(words["col.supplier"], ExportKind.Text, r => r.Supplier),
            new(words["col.invoice"], ExportKind.Text, r => r.Invoice),
            new(words["col.invoiced"], ExportKind.Date, r => r.InvoicedOn),
            new(words["col.due"], ExportKind.Date, r => r.DueOn),
            new(words["col.account"], ExportKind.Text, r => r.Account),
            new(words["col.for"], ExportKind.Text, r => r.Description),
            new(words["col.state"], ExportKind.Text, r => words.Chip(r.State, r.Paid).Text),
            new(words["col.amount"], ExportKind.Money, r => r.Amount),
            new(words["col.left"], ExportKind.Money, r => r.Left),
            new(words["col.by"], ExportKind.Text, r => r.MadeBy),
        ];
        return Sheet(format, $"{words["export.file"]}-{clock.Today:yyyy-MM-dd}", words["title"], columns, rows, ct);
    }

    private static async Task<IResult> BudgetAsync(
        string? format, string? month, BudgetService budgets, BuildingClock clock, Me me, IStringLocalizer<ExpensesWords> words,
        CancellationToken ct)
    {
        var asked = AddressValue.Day(month) ?? clock.Today;
        if (await budgets.ExecutionAsync(asked, await me.GetAsync(ct), ct) is not { } x) return Results.NotFound();
        var name = Formats.MonthYear(x.Through);
        List<ExportColumn<ExecutionRow>> columns =
        [
            new(words["account"], ExportKind.Text, r => $"{r.Code} {r.Name}"),
            new(words["col.month.meant", name], ExportKind.Money, r => r.Month),
            new(words["col.month.done", name], ExportKind.Money, r => r.MonthDone),
            new(words["col.to_date.meant"], ExportKind.Money, r => r.ToDate),
            new(words["col.to_date.done"], ExportKind.Money, r => r.ToDateDone),
            new(words["col.difference"], ExportKind.Money, r => r.Difference),
            new(words["col.year"], ExportKind.Money, r => r.Year),
        ];
        return Sheet(
            format, $"{words["export.budget"]}-{x.Through:yyyy-MM}", words["budget"], columns, x.Rows.ToAsyncEnumerable(), ct);
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
