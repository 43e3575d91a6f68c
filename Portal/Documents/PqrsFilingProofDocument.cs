using System.Globalization;
using Portal.Documents.Drawing;
using Portal.Documents.Layout;

namespace Portal.Documents;

/// <summary>The paper a petitioner takes home: number, moment, what was asked, and when the answer is due.</summary>
public static class PqrsFilingProofDocument
{
    /// <exception cref="PdfException">A library is missing or refused; the message names the fix.</exception>
    public static byte[] Render(PqrsFilingProofModel proof, CultureInfo culture)
    {
        using var buffer = new MemoryStream();
        Write(proof, culture, buffer);
        return buffer.ToArray();
    }

    /// <inheritdoc cref="Render"/>
    public static void Write(PqrsFilingProofModel proof, CultureInfo culture, Stream output)
    {
        var words = new Wording(culture);
        new PdfDocument(proof.Building, "proof", proof.Case.Number, words.LongMoment(proof.Case.FiledAt),
            words["proof.subject", proof.Case.Number, proof.Case.Title], proof.Stamp, proof.Verification)
            .Write(output, words, flow => Compose(flow, proof, words));
    }

    private static void Compose(Flow flow, PqrsFilingProofModel proof, Wording words)
    {
        var filed = proof.Case;
        flow.Add(new Columns(12, Upright.Bottom,
            (ColumnWidth.Part(), new Stack(1.5,
                new Words(words["proof.received"], TextStyle.BodySoft),
                new Words(filed.Title, TextStyle.Title, mostLines: 4))),
            (ColumnWidth.Content, new Chip(Icon.Done, words["proof.state"], Tone.Good))), before: 18);
        flow.Add(Facts.Of(
            (words["fact.petitioner"], PqrsParts.Petitioner(filed)), (words["fact.kind"], filed.Kind),
            (words["fact.unit"], filed.Unit), (words["fact.category"], filed.Category),
            (words["fact.filed"], words.Moment(filed.FiledAt)), (words["fact.channel"], filed.Channel)), before: 15);

        var due = Formats.LongWeekdayDate(proof.Due, words.Culture);
        flow.Add(new Box(
            new Stack(3,
                new Words(words["proof.answer.title"], TextStyle.Heading),
                new Words(Words.Marked(words["proof.answer", due, proof.Given], TextStyle.BodySoft, TextStyle.BodyStrong))),
            padding: 12, ground: Ink.AccentSoft), before: 18);

        PqrsParts.Request(flow, words["proof.text"], filed, words);
        flow.Add(new Words(words["proof.follow"], TextStyle.BodySoft), before: 14);
    }
}
