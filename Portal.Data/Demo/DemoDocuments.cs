using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Portal.Data.Documents;
using Portal.Data.Notices;

namespace Portal.Data.Demo;

/// <summary>What lies in the library of the demo; budgets and results of surveys come by themselves once the portal runs.</summary>
internal static class DemoDocuments
{
    private sealed record Paper(
        string Lands, string Title, DocumentKind Kind, int Months, string Roles, NoticeResidents Residents, string File, string?[] Notes);

    public static async Task WriteAsync(DemoPlan plan, CancellationToken ct)
    {
        var assembly = plan.Today.AddMonths(-8);
        Paper[] papers =
        [
            new("other", "Reglamento de propiedad horizontal", DocumentKind.Bylaws, 62, "", NoticeResidents.All, "reglamento.pdf",
                [null, "Corrige el artículo 12: mascotas en zonas comunes"]),
            new("other", "Manual de convivencia", DocumentKind.Bylaws, 20, "", NoticeResidents.All, "manual-de-convivencia.pdf",
                [null, "Nuevo horario del salón social", "Agrega el parqueo de bicicletas"]),
            new("minutes", $"Acta de la asamblea ordinaria {assembly.Year}", DocumentKind.Minutes, 8, "", NoticeResidents.Owners,
                $"acta-asamblea-{assembly.Year}.pdf", [null]),
            new("other", "Contrato de aseo y mantenimiento", DocumentKind.Contract, 11, "1,2", NoticeResidents.All, "contrato-aseo.pdf",
                [null, "Otrosí 1: ajuste anual"]),
            new("other", "Póliza de zonas comunes", DocumentKind.Contract, 5, "", NoticeResidents.Owners, "poliza.pdf", [null]),
            new("other", "Consignas del puesto de vigilancia", DocumentKind.Other, 3, "1,2,4", NoticeResidents.All, "consignas.pdf", [null]),
        ];
        foreach (var paper in papers) await WriteAsync(plan, paper, ct);
        await plan.Writer.ExecuteAsync(
            $"""
            INSERT INTO document_reads (version_id, user_id, read_at)
            SELECT v.id, o.user_id, '{plan.Instant(plan.Now):yyyy-MM-dd HH:mm:ss}' - INTERVAL (o.user_id * 37 + v.id * 61) % 40000 + 30 MINUTE
            FROM document_versions AS v
            INNER JOIN documents AS d ON d.id = v.document_id AND d.version = v.number AND d.roles = ''
            INNER JOIN owners AS o ON (o.user_id + v.id) % 9 = 0 AND (o.is_tenant IS NULL OR o.is_tenant = 0)
            INNER JOIN users AS u ON u.id = o.user_id AND u.user_status_id = 1
            ORDER BY v.id, o.user_id
            """,
            ct);
        plan.Progress.Report("documents");
    }

    private static async Task WriteAsync(DemoPlan plan, Paper paper, CancellationToken ct)
    {
        var day = plan.Today.AddMonths(-paper.Months);
        var id = plan.Writer.NextId("documents");
        string At(DateOnly on) => $"'{plan.Instant(on, 10, 15):yyyy-MM-dd HH:mm:ss}'";
        await plan.Writer.ExecuteAsync(
            $"""
            INSERT INTO documents (id, folder_id, title, title_key, kind, dated_on, roles, residents, version, added_by, created_at, updated_at)
            SELECT {id}, f.id, '{paper.Title}', '{Document.KeyOf(paper.Title)}', '{Name(paper.Kind)}', '{day:yyyy-MM-dd}', '{paper.Roles}',
                '{Name(paper.Residents)}', {paper.Notes.Length}, {plan.Admin.UserId}, {At(day)}, {At(day)}
            FROM document_folders AS f WHERE f.lands = '{paper.Lands}'
            """,
            ct);
        var versions = plan.Writer.Into(
            "document_versions", "id", "document_id", "number", "file_name", "content_type", "size", "sha256", "note", "added_by", "created_at");
        var parts = plan.Writer.Into("document_parts", "version_id", "number", "content");
        foreach (var (index, note) in paper.Notes.Index())
        {
            // The versions lie evenly between the first day and today.
            var on = day.AddDays((plan.Today.DayNumber - day.DayNumber) * index / paper.Notes.Length);
            var content = Pdf(paper.Title, $"Versión {index + 1} del {on.ToString("dd/MM/yyyy", CultureInfo.InvariantCulture)}", note ?? "");
            var version = plan.Writer.NextId("document_versions");
            await versions.AddAsync(
                ct, version, id, index + 1, paper.File, "application/pdf", content.Length, Convert.ToHexStringLower(SHA256.HashData(content)),
                note, plan.Admin.UserId, plan.Instant(on, 10, 15));
            await parts.AddAsync(ct, version, 0, content);
        }

        await versions.FlushAsync(ct);
        await parts.FlushAsync(ct);
    }

    private static string Name(Enum value) => Schema.PortalModel.Snake(value.ToString());

    /// <summary>A page with a few lines: enough to be opened.</summary>
    private static byte[] Pdf(params string[] lines)
    {
        var text = string.Concat(lines.Select((line, index) =>
            $"BT /F1 {(index == 0 ? 20 : 12)} Tf 72 {(index == 0 ? 700 : 680 - 20 * index)} Td ({Escaped(line)}) Tj ET\n"));
        var encoding = Encoding.Latin1;
        string[] objects =
        [
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
            $"<< /Length {encoding.GetByteCount(text)} >>\nstream\n{text}endstream",
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        ];
        var pdf = new StringBuilder("%PDF-1.4\n");
        var places = new List<int>();
        foreach (var (index, one) in objects.Index())
        {
            places.Add(pdf.Length);
            pdf.Append(CultureInfo.InvariantCulture, $"{index + 1} 0 obj\n{one}\nendobj\n");
        }

        var table = pdf.Length;
        pdf.Append(CultureInfo.InvariantCulture, $"xref\n0 {objects.Length + 1}\n0000000000 65535 f \n");
        foreach (var place in places) pdf.Append(CultureInfo.InvariantCulture, $"{place:0000000000} 00000 n \n");
        pdf.Append(CultureInfo.InvariantCulture, $"trailer\n<< /Size {objects.Length + 1} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n");
        return encoding.GetBytes(pdf.ToString());
    }

    private static string Escaped(string line) => line.Replace("\\", "\\\\").Replace("(", "\\(").Replace(")", "\\)");
}
