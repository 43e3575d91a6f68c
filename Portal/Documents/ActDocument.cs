using System.Globalization;
using Portal.Data.Assemblies;
using Portal.Documents.Drawing;
using Portal.Documents.Layout;

namespace Portal.Documents;

/// <summary>What the act of an assembly, or its results alone, are printed from.</summary>
/// <param name="Number">Null while it is a draft.</param>
/// <param name="Published">The building's day.</param>
/// <param name="Whole">With attendees and the vote of each unit; else only what was decided.</param>
public sealed record ActModel(
    BuildingHeader Building, string? Number, DateOnly? Published, ActFacts Facts, bool Whole, DocumentStamp Stamp, Verification? Verification);

/// <summary>
/// The act of an assembly as Ley 675 of 2001, art. 47, wants it: kind, call, agenda, who attended in which capacity with unit and
/// coefficient, and the votes.
/// </summary>
public static class ActDocument
{
    /// <exception cref="PdfException">A library is missing or refused; the message names the fix.</exception>
    public static byte[] Render(ActModel act, CultureInfo culture)
    {
        var words = new Wording(culture);
        var facts = act.Facts;
        using var buffer = new MemoryStream();
        new PdfDocument(
            act.Building, act.Whole ? "act" : "results", act.Number ?? words["act.draft"],
            words.LongDate(act.Published ?? DateOnly.FromDateTime(facts.MeetsAt)), words["act.subject", facts.Title], act.Stamp,
            act.Verification).Write(buffer, words, flow =>
        {
            if (act.Number is null) flow.Ground = Watermark.Of(flow.Type, words["act.draft"].ToUpper(words.Culture));
            Compose(flow, act, words);
        });
        return buffer.ToArray();
    }

    private static void Compose(Flow flow, ActModel act, Wording words)
    {
        var facts = act.Facts;
        flow.Add(new Words(facts.Title, TextStyle.Title, mostLines: 3), before: 18);
        flow.Add(
            Facts.Of(
                (words["act.kind_of"], words[$"act.kind.{facts.Kind}.{(facts.Call > 1 ? 2 : 1)}"]),
                (words["act.assembly"], facts.Number),
                (words["act.called"], words["act.called.by", words.LongDate(facts.ConvenedOn), words[$"act.caller.{facts.CalledBy}"]]),
                (words["act.mode"], words[$"act.mode.{facts.Mode}"]),
                (words["act.place"], facts.Place),
                (words["act.met"], words.LongMoment(facts.MeetsAt)),
                (words["act.opened"], words.Moment(facts.OpenedAt)),
                (words["act.closed"], facts.ClosedAt is { } closed ? words.Moment(closed) : null),
                (words["act.president"], facts.President),
                (words["act.secretary"], facts.Secretary),
                (words["act.register"], words["act.register.of", facts.Units, Share(facts.Total)])),
            before: 15);
        foreach (var item in facts.Items) Item(flow, item, act, words);
        if (act.Whole && facts.Minutes is { } minutes)
        {
            flow.Add(Headings.Of(words["act.minutes"]), before: 18, keep: 60);
            foreach (var paragraph in minutes.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
                flow.AddText(new Words(paragraph, TextStyle.Body), before: 6);
        }

        if (act.Whole) Attendees(flow, facts, words);
        flow.AddText(new Words(words["act.law"], TextStyle.Small), before: 15);
        flow.Add(
            Signature.Of(
                new Signer(facts.President ?? "", words["act.president"], null), new Signer(facts.Secretary ?? "", words["act.secretary"], null)),
            before: 26);

        string Share(decimal coefficient) => Formats.Number(coefficient, 4, words.Culture);
    }

    private static void Item(Flow flow, ActItem item, ActModel act, Wording words)
    {
        var how = item.Threshold == VoteThreshold.Informative
            ? words["act.informative"]
            : string.Join(" · ", new[]
            {
                item.Amount is { } amount ? words.Money(amount) : null, words[$"act.basis.{item.Basis}"], words[$"act.threshold.{item.Threshold}"],
                item.Article,
            }.OfType<string>());
        flow.Add(Headings.Of($"{item.Position}. {item.Title}", how), before: 18, keep: 70);
        if (item.Text is { } text) flow.Add(new Words(text, TextStyle.BodySoft, mostLines: 30), before: 3);
        foreach (var annulled in item.Annulled)
            flow.Add(new Words(words["act.annulled", words.Moment(annulled.At), annulled.Why], TextStyle.BodySoft, mostLines: 8), before: 3);
        if (item.Outcome is not { } outcome)
        {
            flow.Add(new Words(words[item.Presented ? "act.presented" : "act.untouched"], TextStyle.Body), before: 3);
            return;
        }

        var needs = item.Basis == VoteBasis.Unit ? Formats.Number(outcome.Needed, 1, words.Culture) : Share(outcome.Needed);
        flow.Add(
            new Words(
                words[
                    outcome.Passed ? "act.passed" : "act.failed", Weight(outcome.Yes), needs, Formats.Percent(outcome.Percent, 2, words.Culture),
                    words[item.Threshold == VoteThreshold.Qualified ? "act.of.all" : "act.of.there"]],
                TextStyle.BodyStrong, mostLines: 4),
            before: 4);
        flow.Add(new Gap(4));
        var table = new Table(
            new TableColumn(words["act.choice"], ColumnWidth.Part()), new(words["act.units"], ColumnWidth.ContentAtLeast(60), Side.Right),
            new(words["act.coefficient"], ColumnWidth.ContentAtLeast(80), Side.Right));
        foreach (var (key, tally) in new[]
        {
            ("yes", outcome.Yes), ("no", outcome.No), ("abstain", outcome.Abstained), ("silent", outcome.Silent),
        })
        {
            table.Row(
                Table.Cell(words[$"act.choice.{key}"]), Table.Figure(Formats.Number(tally.Units, 0, words.Culture)),
                Table.Figure(Share(tally.Coefficient)));
        }

        table.Total =
        [
            Table.Cell(words["act.represented"], TextStyle.CellStrong),
            Table.Figure(Formats.Number(outcome.Represented.Units, 0, words.Culture), TextStyle.CellStrong),
            Table.Figure(Share(outcome.Represented.Coefficient), TextStyle.CellStrong),
        ];
        table.AddTo(flow);
        if (!act.Whole) return;
        foreach (var (key, choice) in new[]
        {
            ("yes", (BallotChoice?)BallotChoice.Yes), ("no", BallotChoice.No), ("abstain", BallotChoice.Abstain), ("silent", null),
        })
        {
            var units = item.Ballots.Where(b => b.Choice == choice).Select(b => b.Unit).ToList();
            if (units.Count > 0)
            {
                flow.AddText(
                    new Words(
                        Words.Marked($"**{words[$"act.choice.{key}"]}:** {string.Join(", ", units)}", TextStyle.Small, TextStyle.SmallStrong)),
                    before: 4);
            }
        }

        string Share(decimal coefficient) => Formats.Number(coefficient, 4, words.Culture);

        string Weight(Tally tally) => item.Basis == VoteBasis.Unit ? Formats.Number(tally.Units, 0, words.Culture) : Share(tally.Coefficient);
    }

    private static void Attendees(Flow flow, ActFacts facts, Wording words)
    {
        flow.Add(Headings.Of(words["act.attendees"], words["act.attendees.note"]), before: 18, keep: 80);
        flow.Add(new Gap(4));
        var table = new Table(
            new TableColumn(words["act.unit"], ColumnWidth.ContentAtLeast(70)), new(words["act.who"], ColumnWidth.Part()),
            new(words["act.coefficient"], ColumnWidth.ContentAtLeast(70), Side.Right),
            new(words["act.from"], ColumnWidth.ContentAtLeast(40), Side.Right), new(words["act.until"], ColumnWidth.ContentAtLeast(40), Side.Right));
        foreach (var one in facts.Attendees)
        {
            table.Row(
                Table.Cell(one.Unit), Table.Described(one.Person, one.Giver is { } giver ? words["act.proxy", giver] : words["act.owner"]),
                Table.Figure(Formats.Number(one.Coefficient, 4, words.Culture)),
                Table.Figure(Formats.Time(TimeOnly.FromDateTime(one.ArrivedAt))),
                Table.Figure(one.LeftAt is { } left ? Formats.Time(TimeOnly.FromDateTime(left)) : ""));
        }

        table.AddTo(flow);
    }
}

/// <summary>What the receipt of a vote is printed from.</summary>
/// <param name="At">The building's wall clock.</param>
public sealed record BallotModel(BuildingHeader Building, ReceiptView Receipt, DateTime At, DocumentStamp Stamp, Verification Verification);

/// <summary>The receipt of what somebody cast: each unit, what it said, and its coefficient.</summary>
public static class BallotDocument
{
    /// <exception cref="PdfException">A library is missing or refused; the message names the fix.</exception>
    public static byte[] Render(BallotModel ballot, CultureInfo culture)
    {
        var words = new Wording(culture);
        var receipt = ballot.Receipt;
        using var buffer = new MemoryStream();
        new PdfDocument(
            ballot.Building, "ballot", receipt.Number, words.LongMoment(ballot.At), words["ballot.subject", receipt.Item], ballot.Stamp,
            ballot.Verification).Write(buffer, words, flow =>
        {
            flow.Add(new Words(receipt.Item, TextStyle.Title, mostLines: 3), before: 18);
            flow.Add(
                Facts.Of(
                    (words["ballot.voter"], receipt.Voter), (words["ballot.item"], Formats.Number(receipt.Position, 0, words.Culture)),
                    (words["ballot.at"], words.LongMoment(ballot.At)), (words["ballot.code"], receipt.Code)),
                before: 15);
            flow.Add(new Gap(8));
            var table = new Table(
                new TableColumn(words["act.unit"], ColumnWidth.Part()), new(words["act.choice"], ColumnWidth.ContentAtLeast(80)),
                new(words["act.coefficient"], ColumnWidth.ContentAtLeast(80), Side.Right));
            foreach (var line in receipt.Lines)
            {
                table.Row(
                    Table.Described(line.Unit, line.ByProxyOf is { } giver ? words["act.proxy", giver] : words["act.owner"]),
                    Table.Cell(words[$"act.choice.{line.Choice.ToString().ToLowerInvariant()}"], TextStyle.CellStrong),
                    Table.Figure(Formats.Number(line.Coefficient, 4, words.Culture)));
            }

            table.AddTo(flow);
        });
        return buffer.ToArray();
    }
}
