using System.Globalization;
using Microsoft.Extensions.Localization;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Notifications;
using Portal.Data.Payments;
using Portal.Documents.TableExport;
using Portal.Hosting.Identity;
using Portal.Resources;

namespace Portal.Areas.Payments;

/// <summary>
/// What of payments is a file: receipts, statements, exports. The services decide what is in reach; out of reach is not found.
/// </summary>
public sealed class PaymentEndpoints : WebArea
{
    private const string Any = Permissions.PaymentsView + "|" + Permissions.PaymentsViewOwn;

    public override void Register(IServiceCollection services) =>
        services.AddScoped<PaymentPapers>().AddScoped<MailPaperWriter>(provider => provider.GetRequiredService<PaymentPapers>().OfMailAsync);

    public override void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/payments/{id:long}/receipt.pdf", ReceiptAsync).RequireAuthorization(Any);
        app.MapGet("/payments/proofs/{id:long}", ProofAsync).RequireAuthorization(Any);
        app.MapGet("/payments/notes/{id:long}/note.pdf", NoteAsync).RequireAuthorization(Any);
        app.MapGet("/payments/refunds/{id:long}/refund.pdf", RefundAsync).RequireAuthorization(Any);
        app.MapGet("/account/{apartmentId:long}/bill.pdf", BillAsync).RequireAuthorization(Any);
        app.MapGet("/account/{apartmentId:long}/statement.pdf", StatementAsync).RequireAuthorization(Any);
        app.MapGet("/payments/export", ExportAsync).RequireAuthorization(Any);
    }

    private static async Task<IResult> ReceiptAsync(long id, HttpContext http, PaymentPapers papers, Me me, CancellationToken ct) =>
        Paper(http, await papers.ReceiptAsync(id, http.Request.Host.Value ?? "", await me.GetAsync(ct), ct));

    private static async Task<IResult> NoteAsync(long id, HttpContext http, PaymentPapers papers, Me me, CancellationToken ct) =>
        Paper(http, await papers.NoteAsync(id, http.Request.Host.Value ?? "", await me.GetAsync(ct), ct));

    private static async Task<IResult> RefundAsync(long id, HttpContext http, PaymentPapers papers, Me me, CancellationToken ct) =>
        Paper(http, await papers.RefundAsync(id, http.Request.Host.Value ?? "", await me.GetAsync(ct), ct));

    private static async Task<IResult> BillAsync(long apartmentId, HttpContext http, PaymentPapers papers, Me me, CancellationToken ct) =>
        Paper(http, await papers.BillAsync(apartmentId, await me.GetAsync(ct), ct));

    private static async Task<IResult> StatementAsync(
        long apartmentId, string? from, string? to, HttpContext http, PaymentPapers papers, Me me,
        CancellationToken ct) =>
        Paper(http, await papers.StatementAsync(apartmentId, AddressValue.Day(from), AddressValue.Day(to), await me.GetAsync(ct), ct));

    private static async Task<IResult> ProofAsync(long id, HttpContext http, PaymentService payments, Me me, CancellationToken ct)
    {
        return await payments.ProofAsync(id, await me.GetAsync(ct), ct) is { } proof
            ? PrivateFile.Uploaded(http, proof.Name, proof.ContentType, proof.Content)
            : Results.NotFound();
    }

    internal static IResult Paper(HttpContext http, (string Name, byte[] Pdf)? paper) =>
        paper is { } found ? PrivateFile.Pdf(http, found.Pdf, found.Name) : Results.NotFound();

    private static async Task<IResult> ExportAsync(
        string? format, HttpContext http, PaymentService payments, BuildingClock clock, Me me, IStringLocalizer<PaymentsWords> words,
        CancellationToken ct)
    {
        var culture = CultureInfo.CurrentUICulture;
        var rows = payments.ExportAsync(ListAddress.Read(http.Request.Query, "-date"), await me.GetAsync(ct), ct);
        var name = $"{words["export.file"]}-{clock.Today:yyyy-MM-dd}";
        var columns = Columns(words);
        return format == "xlsx"
            ? Results.Stream(
                output => XlsxExport.WriteAsync(words["title"], columns, rows, culture, output, ct), XlsxExport.ContentType, name + ".xlsx")
            : Results.Stream(output => CsvExport.WriteAsync(columns, rows, culture, output, ct), CsvExport.ContentType, name + ".csv");
    }

    private static List<ExportColumn<PaymentRow>> Columns(IStringLocalizer<PaymentsWords> words) =>
    [
        new(words["col.receipt"], ExportKind.Text, row => row.Receipt),
        new(words["col.date"], ExportKind.DateAndTime, row => row.At),
        new(words["col.apartment"], ExportKind.Text, row => PaymentWording.Unit(row.Tower, row.Apartment)),
        new(words["col.payer"], ExportKind.Text, row => row.Payer),
        new(words["fact.method"], ExportKind.Text, row => words.Method(row.MethodId, row.Method)),
        new(words["fact.reference"], ExportKind.Text, row => row.Reference),
        new(words["col.applied"], ExportKind.Text, row => words.AppliedTo(row)),
        new(words["col.state"], ExportKind.Text, row => words.Chip(row.State).Text),
        new(words["col.amount"], ExportKind.Money, row => row.Amount),
        new(words["col.by"], ExportKind.Text, row => row.RecordedBy),
        new(words["col.confirmed"], ExportKind.DateAndTime, row => row.ConfirmedAt),
        new(words["col.note"], ExportKind.Text, row => row.Note),
    ];
}
