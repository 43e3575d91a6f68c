using System.Globalization;
using Microsoft.Extensions.Localization;
using Portal.Areas.Payments;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Collection;
using Portal.Documents.TableExport;
using Portal.Hosting.Identity;
using Portal.Resources;

namespace Portal.Areas.Collection;

/// <summary>What of collection is a file. The services decide what is in reach; out of reach is not found.</summary>
public sealed class CollectionEndpoints : WebArea
{
    private const string Any = Permissions.PaymentsView + "|" + Permissions.PaymentsViewOwn;

    public override void Register(IServiceCollection services) => services.AddScoped<CollectionPapers>();

    public override void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/collection/certificates/{id:long}/certificate.pdf", CertificateAsync).RequireAuthorization(Any);
        app.MapGet("/collection/agreements/{id:long}/agreement.pdf", AgreementAsync).RequireAuthorization(Any);
        app.MapGet("/collection/export", ExportAsync).RequireAuthorization(Permissions.CollectionView);
    }

    private static async Task<IResult> CertificateAsync(long id, HttpContext http, CollectionPapers papers, Me me, CancellationToken ct) =>
        PaymentEndpoints.Paper(http, await papers.CertificateAsync(id, http.Request.Host.Value ?? "", await me.GetAsync(ct), ct));

    private static async Task<IResult> AgreementAsync(long id, HttpContext http, CollectionPapers papers, Me me, CancellationToken ct) =>
        PaymentEndpoints.Paper(http, await papers.AgreementAsync(id, http.Request.Host.Value ?? "", await me.GetAsync(ct), ct));

    private static async Task<IResult> ExportAsync(
        string? format, HttpContext http, DebtorService debtors, BuildingClock clock, Me me, IStringLocalizer<DebtorWords> words,
        IStringLocalizer<CollectionWords> stages, CancellationToken ct)
    {
        var culture = CultureInfo.CurrentUICulture;
        var rows = debtors.ExportAsync(ListAddress.Read(http.Request.Query, "-owed"), await me.GetAsync(ct), ct);
        var name = string.Create(CultureInfo.InvariantCulture, $"{words["export.file"].Value}-{clock.Today:yyyy-MM-dd}");
        List<ExportColumn<DebtorRow>> columns =
        [
            new(words["col.unit"], ExportKind.Text, row => row.Unit),
            new(words["col.owner"], ExportKind.Text, row => row.Owner),
            new(words["col.phone"], ExportKind.Text, row => row.Phone),
            new(words["col.stage"], ExportKind.Text, row => StageChips.Of(row.Stage, row.Agreed, row.Disputed, stages)?.Text),
            new(words["col.charges"], ExportKind.Number, row => row.Charges),
            new(words["col.oldest"], ExportKind.Date, row => row.Oldest),
            new(words["col.days"], ExportKind.Number, row => row.Days),
            new(words["age.0"], ExportKind.Money, row => row.NotYetDue),
            new(words["age.1"], ExportKind.Money, row => row.Ages.To30),
            new(words["age.31"], ExportKind.Money, row => row.Ages.To60),
            new(words["age.61"], ExportKind.Money, row => row.Ages.To90),
            new(words["age.180"], ExportKind.Money, row => row.Ages.To180),
            new(words["age.360"], ExportKind.Money, row => row.Ages.To360),
            new(words["age.361"], ExportKind.Money, row => row.Ages.Older),
            new(words["col.owed"], ExportKind.Money, row => row.Owed),
        ];
        return format == "xlsx"
            ? Results.Stream(
                output => XlsxExport.WriteAsync(words["title"], columns, rows, culture, output, ct), XlsxExport.ContentType, name + ".xlsx")
            : Results.Stream(output => CsvExport.WriteAsync(columns, rows, culture, output, ct), CsvExport.ContentType, name + ".csv");
    }
}
