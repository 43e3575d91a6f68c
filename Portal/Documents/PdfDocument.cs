using Portal.Documents.Drawing;
using Portal.Documents.Layout;

namespace Portal.Documents;

/// <summary>
/// The frame of every document: building and number at the head, a short head on the pages after the first, the page's
/// number at the foot, the file's properties.
/// </summary>
/// <param name="Building">At the head.</param>
/// <param name="Key">The first part of the keys of its words: <c>receipt</c> has <c>receipt.kind</c>, <c>receipt.verify.title</c> and so
/// on.</param>
/// <param name="Number">The document's own number, or what it is about where it has none.</param>
/// <param name="Date">Under the number.</param>
/// <param name="Subject">For the file's properties.</param>
/// <param name="Stamp">For the foot.</param>
/// <param name="Verification">The box at the end; null leaves it out.</param>
internal sealed record PdfDocument(
    BuildingHeader Building, string Key, string Number, string Date, string Subject, DocumentStamp Stamp, Verification? Verification)
{
    private const double LogoSize = 48;
    private const double CodeSize = 84;
    private const double SmallCodeSize = 66;

    /// <summary>Draws the document; <paramref name="compose"/> adds what is between head and verification.</summary>
    /// <exception cref="PdfException">A library is missing or refused; the message names the fix.</exception>
    public void Write(Stream output, Wording words, Action<Flow> compose) => PdfEngine.Guarded(() =>
    {
        using var type = Typesetter.Take(words.Culture.TwoLetterISOLanguageName);
        var flow = Lay(type, words, compose, tight: false);
        if (flow.Pages == 2 && Lay(type, words, compose, tight: true) is { Pages: 1 } onOnePage)
        {
            flow = onOnePage;
        }

            // The pictures belong to the typesetter, which outlives the file: Cairo reads them as late as Finish.
            using var file = new PdfFile(
                output, Stamp.Paper.Width, Stamp.Paper.Height,
                new($"{words[Key + ".kind"]} {Number}", Building.Name, Subject, Stamp.GeneratedAt));
            flow.Paint(file);
            file.Finish();
            return flow.Pages;
        });

    private Flow Lay(Typesetter type, Wording words, Action<Flow> compose, bool tight)
    {
        var flow = new Flow(type, Stamp.Paper, tight)
        {
            Continuation = () => ShortHead(words),
            Footer = (page, of) => Footer(words, page, of),
        };
        flow.Add(Head(type, words));
        compose(flow);
        if (Verification is not null)
        {
            flow.AddAtFoot(VerificationBox(words, Verification, tight), before: tight ? 9 : 18);
        }

        return flow;
    }

    private Stack Head(Typesetter type, Wording words)
    {
        var lines = new List<Block> { new Words(Building.Name, TextStyle.Name, mostLines: 2) };
        AddLine(Building.TaxId is null ? null : words["head.tax", Building.TaxId], Building.Address);
        AddLine(Building.Email, Building.Phone);
        var number = new Stack(0,
            new Words(words[Key + ".kind"], TextStyle.Small, Side.Right),
            new Words(Number, TextStyle.Number, Side.Right),
            new Words(Date, TextStyle.Small, Side.Right));
        var columns = new Columns(12, Upright.Middle,
            (ColumnWidth.Fixed(LogoSize), Logo(type)), (ColumnWidth.Part(), new Stack(0, [.. lines])), (ColumnWidth.Content, number));
        return new Stack(0, columns, new Gap(15), new Rule(Ink.Primary, 1.5));

        void AddLine(params string?[] parts)
        {
            var text = string.Join(" · ", parts.Where(part => !string.IsNullOrWhiteSpace(part)));
            if (text.Length > 0)
            {
                lines.Add(new Words(text, TextStyle.Small, mostLines: 2));
            }
        }
    }

    private Drawn Logo(Typesetter type)
    {
        if (Picture.From(Building.Logo) is { } picture)
        {
            type.Own(picture);
            return new(LogoSize, LogoSize, (canvas, x, y) => canvas.Picture(picture, x, y, LogoSize, LogoSize));
        }

        var initials = new Words(Initials(Building.Name), TextStyle.Number with { Spacing = 0 }, Side.Centre, 1);
        var height = initials.Fit(type, LogoSize);
        return new(LogoSize, LogoSize, (canvas, x, y) =>
        {
            canvas.FillRounded(x, y, LogoSize, LogoSize, 6, Ink.PrimarySoft);
            initials.Paint(canvas, x, y + (LogoSize - height) / 2);
        });
    }

    private Stack ShortHead(Wording words) => new(0,
        new Columns(12, Upright.Bottom,
            (ColumnWidth.Part(), new Words(Building.Name, TextStyle.SmallStrong, mostLines: 1)),
            (ColumnWidth.Content, new Words($"{words[Key + ".kind"]} {Number}", TextStyle.Small, Side.Right))),
        new Gap(6), new Rule(Ink.Primary, 1.125), new Gap(18));

    private Columns Footer(Wording words, int page, int of) =>
        new(
            12,
            Upright.Bottom,
            (
                ColumnWidth.Part(),
                new Words(
                    words[
                        "foot.generated",
                        words.LongDate(DateOnly.FromDateTime(Stamp.GeneratedAt)),
                        Formats.Time(TimeOnly.FromDateTime(Stamp.GeneratedAt)),
                        Stamp.City
                    ],
                    TextStyle.SmallMute
                )
            ),
            (ColumnWidth.Content, new Words(words["foot.page", Number, page, of], TextStyle.SmallMute, Side.Right))
        );

    private Box VerificationBox(Wording words, Verification verification, bool tight) =>
        new(
            new Columns(
                15,
                Upright.Middle,
                (ColumnWidth.Fixed(tight ? SmallCodeSize : CodeSize), new QrSquare(verification.Url, tight ? SmallCodeSize : CodeSize)),
                (
                    ColumnWidth.Part(),
                    new Stack(
                        3,
                        new Words(words[Key + ".verify.title"], TextStyle.Heading),
                        new Words(
                            Words.Marked(
                                words[Key + ".verify.text", verification.Address, verification.Code], TextStyle.BodySoft,
                                TextStyle.BodyStrong)
                        )
                    )
                )
            ),
            padding: tight ? 9 : 12,
            border: Ink.Line
        );

    /// <summary>
    /// The first letters of the last two words of the name that are names: "Conjunto Residencial Mirador del Nogal P. H." gives MN.
    /// </summary>
    private static string Initials(string name)
    {
        var letters = name.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Where(word => word.Length > 2 && char.IsUpper(word[0]))
            .Select(word => word[0])
            .TakeLast(2)
            .ToArray();
        return letters.Length > 0 ? new(letters)
            : name.Trim() is [var first, ..] ? char.ToUpperInvariant(first).ToString()
            : "·";
    }
}
