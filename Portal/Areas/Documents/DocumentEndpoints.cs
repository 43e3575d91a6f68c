using Portal.Data.Access;
using Portal.Data.Documents;
using Portal.Hosting.Identity;

namespace Portal.Areas.Documents;

/// <summary>The files of the library: how they come, piece by piece, and how they are read.</summary>
public sealed class DocumentEndpoints : WebArea
{
    /// <summary>Pieces of files are larger than a form.</summary>
    public const string Uploads = "/documents/uploads";

    public override void Register(IServiceCollection services) => services
        .AddScoped<ShelfPapers>()
        .AddScoped<ShelfPaperMaker>(provider => provider.GetRequiredService<ShelfPapers>().MakeAsync);

    public override void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/documents/versions/{id:long}", OpenAsync).RequireAuthorization(Permissions.DocumentsView + "|" + Permissions.DocumentsEdit);
        // A browser asks before it sends a PUT for another site, and is told no: nobody else's page sends a piece in a person's name.
        // The service says who may: the script wants an answer and no page.
        app.MapPut(Uploads + "/{id:long}/{number:int}", PieceAsync).RequireAuthorization();
    }

    private static async Task<IResult> OpenAsync(long id, HttpContext http, DocumentService documents, Me me, CancellationToken ct)
    {
        if (await documents.OpenAsync(id, await me.GetAsync(ct), ct) is not { } file) return Results.NotFound();
        PrivateFile.Stored(http, file.Name, file.ContentType);
        http.Response.ContentLength = file.Size;
        http.Response.ContentType = file.ContentType;
        await file.CopyAsync(http.Response.Body, ct);
        return Results.Empty;
    }

    private static async Task<IResult> PieceAsync(long id, int number, HttpContext http, DocumentUploads uploads, Me me, CancellationToken ct)
    {
        using var piece = new MemoryStream();
        await http.Request.Body.CopyToAsync(piece, ct);
        var taken = await uploads.PieceAsync(id, number, piece.ToArray(), await me.GetAsync(ct), ct);
        if (taken.Ok) return Results.Ok(new { number });
        var status = taken.Error!.IsOutage ? 503 : taken.Error.Code is "not_found" or "forbidden" ? 404 : 400;
        return Results.Json(new { taken.Error.Code }, statusCode: status);
    }
}
