using System.Globalization;
using Portal.Documents.Drawing;
using Portal.Documents.Layout;

namespace Portal.Documents;

/// <summary>What the letter of an extension is printed from.</summary>
/// <param name="Before">The last day until then; null where it is not known any more.</param>
/// <param name="Due">The last day since.</param>
/// <param name="Most">Business days in all that the law allows: twice the term.</param>
/// <param name="ToldAt">When the petitioner was told (wall clock).</param>
/// <param name="SeenBy">Who decided it.</param>
public sealed record PqrsExtensionModel(
    BuildingHeader Building, PqrsCase Case, DateOnly? Before, DateOnly Due, int Given, int Most, string Reason, DateTime ToldAt, string DecidedBy,
    Verification Verification, DocumentStamp Stamp);

/// <summary>
/// The letter that tells a petitioner why the answer takes longer and until when (Ley 1755 of 2015, art. 14, parágrafo), with the moment in
/// which they were told: it must lie before the old last day's end.
/// </summary>
public static class PqrsExtensionDocument
{
    /// <exception cref="PdfException">A library is missing or refused; the message names the fix.</exception>
    public static byte[] Render(PqrsExtensionModel letter, CultureInfo culture)
    {
        using var buffer = new MemoryStream();
        var words = new Wording(culture);
        new PdfDocument(
            letter.Building, "extension", letter.Case.Number, words.LongMoment(letter.ToldAt), words["extension.subject", letter.Case.Number],
            letter.Stamp, letter.Verification).Write(buffer, words, flow => Compose(flow, letter, words));
        return buffer.ToArray();
    }

    private static void Compose(Flow flow, PqrsExtensionModel letter, Wording words)
    {
        var filed = letter.Case;
        flow.Add(new Words(words["extension.title"], TextStyle.Title, mostLines: 2), before: 18);
        flow.Add(new Words(words["extension.dear", filed.Petitioner], TextStyle.Body), before: 12);
        flow.Add(
            new Words(Words.Marked(
                words["extension.text", filed.Number, filed.Title, words.LongDate(DateOnly.FromDateTime(filed.FiledAt))], TextStyle.Body,
                TextStyle.BodyStrong)),
            before: 8);
        flow.Add(
            new Box(
                new Stack(
                    3, new Words(words["extension.until"], TextStyle.Heading),
                    new Words(Formats.LongWeekdayDate(letter.Due, words.Culture), TextStyle.Sum),
                    new Words(
                        letter.Before is { } before
                            ? words["extension.before", Formats.LongWeekdayDate(before, words.Culture), letter.Given]
                            : words["extension.days", letter.Given],
                        TextStyle.BodySoft, mostLines: 3)),
                padding: 12, ground: Ink.AccentSoft),
            before: 14);
        flow.Add(Headings.Of(words["extension.reason"]), before: 16, keep: 40);
        flow.Add(new Words(letter.Reason, TextStyle.Body, mostLines: 60), before: 4);
        flow.Add(new Words(words["extension.law", letter.Most], TextStyle.BodySoft, mostLines: 6), before: 14);
        flow.Add(
            Facts.Of(
                (words["fact.petitioner"], PqrsParts.Petitioner(filed)), (words["fact.unit"], filed.Unit), (words["fact.kind"], filed.Kind),
                (words["extension.told"], words.LongMoment(letter.ToldAt)), (words["extension.by"], letter.DecidedBy)),
            before: 14);
    }
}
