using System.Globalization;
using Portal.Documents.Drawing;
using Portal.Documents.Layout;

namespace Portal.Documents;

/// <summary>Everything about one case: facts, the legal clock with its calendar, what was asked, and what happened since.</summary>
public static class PqrsReportDocument
{
    /// <exception cref="PdfException">A library is missing or refused; the message names the fix.</exception>
    public static byte[] Render(PqrsReportModel report, CultureInfo culture)
    {
        using var buffer = new MemoryStream();
        Write(report, culture, buffer);
        return buffer.ToArray();
    }

    /// <inheritdoc cref="Render"/>
    public static void Write(PqrsReportModel report, CultureInfo culture, Stream output)
    {
        var words = new Wording(culture);
        new PdfDocument(report.Building, "report", report.Case.Number, words.LongMoment(report.Stamp.GeneratedAt),
            words["report.subject", report.Case.Number, report.Case.Title], report.Stamp, report.Verification)
            .Write(output, words, flow => Compose(flow, report, words));
    }

    private static void Compose(Flow flow, PqrsReportModel report, Wording words)
    {
        // Notes are left out here and not only by the caller: a petitioner must never read one.
        var entries = report.Timeline.Where(entry => report.ForStaff || entry.Kind != PqrsEntryKind.Note).ToArray();
        var filed = report.Case;

        flow.Add(new Columns(12, Upright.Middle,
            (ColumnWidth.Part(), new Words(filed.Title, TextStyle.Title, mostLines: 4)),
            (ColumnWidth.Content, StateChip(report.State, report.StateTone))), before: 18);
        if (entries.Any(entry => entry.Kind == PqrsEntryKind.Note))
        {
            flow.Add(new Chip(Icon.Lock, words["report.notes.shown"], Tone.Neutral), before: 6);
        }

        flow.Add(Facts.Of(
            (words["fact.petitioner"], PqrsParts.Petitioner(filed)), (words["fact.kind"], filed.Kind),
            (words["fact.unit"], filed.Unit), (words["fact.category"], filed.Category),
            (words["fact.filed"], words.Moment(filed.FiledAt)), (words["fact.channel"], filed.Channel),
            (words["fact.assigned"], report.InCharge), (words["fact.priority"], report.Priority),
            (words["fact.resolved"], report.ResolvedAt is { } resolved ? words.Moment(resolved) : null),
            (words["fact.closed"], report.ClosedAt is { } closed ? words.Moment(closed) : null),
            (words["fact.reopened"], report.Reopened > 0 ? Formats.Number(report.Reopened, 0, words.Culture) : null),
            (words["fact.rating"], report.Rating is { } rating ? words["fact.rating.value", rating] : null)), before: 14);
        if (report.Clock is { } clock)
        {
            flow.Add(Headings.Of(words["report.clock"]), before: 18, keep: 70);
            flow.Add(ClockFace.Of(clock, words), before: 8);
        }

        PqrsParts.Request(flow, words["report.request"], filed, words);
        flow.Add(Headings.Of(words["report.timeline"], entries.Length == 0 ? words["report.timeline.none"] : null), before: 20, keep: 44);
        foreach (var entry in entries)
        {
            Timeline.Add(flow, entry, words);
        }
    }

    private static Chip StateChip(string state, DocumentTone tone) => tone switch
    {
        DocumentTone.Good => new(Icon.Done, state, Tone.Good),
        DocumentTone.Warning => new(Icon.Progress, state, Tone.Warning),
        DocumentTone.Bad => new(Icon.Late, state, Tone.Bad),
        DocumentTone.Info => new(Icon.New, state, Tone.Info),
        _ => new(Icon.Waiting, state, Tone.Neutral),
    };
}
