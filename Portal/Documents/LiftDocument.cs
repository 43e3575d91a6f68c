using System.Globalization;
using Portal.Data.Notices;
using Portal.Documents.Drawing;
using Portal.Documents.Layout;

namespace Portal.Documents;

/// <summary>What the page for the lift is printed from.</summary>
/// <param name="Address">Where a notice is read in the portal, without https://.</param>
public sealed record LiftModel(BuildingHeader Building, NoticeRow Notice, string Address, DocumentStamp Stamp);

/// <summary>A notice on an A4 page that is read standing, from a step away: large letters, until when it holds, and where it is in the
/// portal.</summary>
public static class LiftDocument
{
    private const double CodeSize = 96;

    private static readonly TextStyle Title = TextStyle.Title with { Size = 34, Leading = 40 };
    private static readonly TextStyle Urgent = TextStyle.Title with { Size = 20, Leading = 26, Colour = Ink.Danger };

    /// <exception cref="PdfException">A library is missing or refused; the message names the fix.</exception>
    public static byte[] Render(LiftModel model, CultureInfo culture)
    {
        var words = new Wording(culture);
        var notice = model.Notice;
        using var buffer = new MemoryStream();
        new PdfDocument(
            model.Building, "lift", words.Date(DateOnly.FromDateTime(notice.PublishAt)),
            notice.Version > 1 ? words["lift.version", notice.Version] : "", notice.Title, model.Stamp with { Paper = PaperSize.A4 }, null)
            .Write(buffer, words, flow => Compose(flow, model, words));
        return buffer.ToArray();
    }

    private static void Compose(Flow flow, LiftModel model, Wording words)
    {
        var notice = model.Notice;
        if (notice.Urgent) flow.Add(new Words(words["lift.urgent"], Urgent), before: 28);
        flow.Add(new Words(notice.Title, Title, mostLines: 5), before: notice.Urgent ? 6 : 28);
        // The shorter the text, the larger it is: a page is filled, and not run over for a line or two.
        var (size, leading) = notice.Body.Length switch
        {
            <= 240 => (24.0, 34.0), <= 400 => (20.0, 28.0), <= 700 => (16.0, 22.5), <= 1250 => (13.0, 18.0), _ => (11.5, 16.0),
        };
        var body = TextStyle.Body with { Size = size, Leading = leading };
        foreach (var (index, paragraph) in notice.Body.ReplaceLineEndings("\n").Split('\n').Where(p => p.Trim().Length > 0).Index())
            flow.AddText(new Words(paragraph.Trim(), body), before: index == 0 ? 20 : 10);
        if (notice.ExpiresAt is { } until)
            flow.Add(new Words(words["lift.until", words.LongMoment(until)], TextStyle.Heading with { Size = 14, Leading = 19 }), before: 20);
        if (notice.Files.Count > 0)
            flow.Add(new Words(words["lift.files", notice.Files.Count], TextStyle.BodySoft with { Size = 12, Leading = 17 }), before: 12);
        flow.AddAtFoot(
            new Box(
                new Columns(
                    18, Upright.Middle,
                    (ColumnWidth.Fixed(CodeSize), new QrSquare($"https://{model.Address}", CodeSize)),
                    (ColumnWidth.Part(), new Stack(
                        4, new Words(words["lift.read"], TextStyle.Heading with { Size = 14, Leading = 19 }),
                        new Words(model.Address, TextStyle.Body with { Size = 12, Leading = 17 })))),
                padding: 14, border: Ink.Line),
            before: 18);
    }
}
