using System.Globalization;
using Portal.Areas.Surveys;
using Portal.Data.Surveys;
using Portal.Documents.Drawing;
using Portal.Documents.Layout;

namespace Portal.Documents;

/// <summary>What the report on a survey is printed from.</summary>
/// <param name="Opened">The building's day on which it opened.</param>
public sealed record SurveyModel(BuildingHeader Building, SurveyOutcome Outcome, DateOnly Opened, DocumentStamp Stamp);

/// <summary>What came of a survey: turnout, each question with its figures, and the texts.</summary>
public static class SurveyDocument
{
    /// <exception cref="PdfException">A library is missing or refused; the message names the fix.</exception>
    public static byte[] Render(SurveyModel model, CultureInfo culture)
    {
        var words = new Wording(culture);
        var survey = model.Outcome.Survey;
        var about = survey.Title.Length <= 60 ? survey.Title : survey.Title[..59] + "…";
        using var buffer = new MemoryStream();
        new PdfDocument(
            model.Building, "survey", Formats.ShortDate(model.Opened, words.Culture), words[$"survey.stage.{survey.Stage}"],
            words["survey.subject", about], model.Stamp, null).Write(buffer, words, flow => Compose(flow, model, words));
        return buffer.ToArray();
    }

    private static void Compose(Flow flow, SurveyModel model, Wording words)
    {
        var (outcome, survey) = (model.Outcome, model.Outcome.Survey);
        flow.Add(new Words(survey.Title, TextStyle.Title, mostLines: 4), before: 18);
        if (survey.Description is { } description) flow.Add(new Words(description, TextStyle.BodySoft, mostLines: 20), before: 4);
        var turnout = outcome.Turnout;
        flow.Add(
            Facts.Of(
                (words["survey.turnout"], Share(turnout.Percent, 1)),
                (words["survey.answered"], words["survey.of", Number(turnout.Answered), Number(turnout.Convened)]),
                (words["survey.weight"], outcome.Weight is { } w
                    ? $"{Share(w.Percent, 2)} ({words["survey.of", Number(w.Answered, 4), Number(w.Convened, 4)]})"
                    : null),
                (words["survey.opened"], Formats.LongDate(model.Opened, words.Culture)),
                (words["survey.closes"], survey.ClosesAt is { } at ? words.LongDate(DateOnly.FromDateTime(at)) : null),
                (words["survey.how"], words[survey.Anonymous ? "survey.anonymous" : "survey.named"])),
            before: 15);
        if (outcome.Towers.Count > 1)
        {
            var towers = new Table(
                new TableColumn(words["survey.tower"], ColumnWidth.Part()),
                new(words["survey.answered"], ColumnWidth.ContentAtLeast(90), Side.Right),
                new(words["survey.turnout"], ColumnWidth.ContentAtLeast(70), Side.Right));
            foreach (var tower in outcome.Towers)
                towers.Row(
                    Table.Cell(tower.Tower!), Table.Figure(words["survey.of", Number(tower.Answered), Number(tower.Convened)]),
                    Table.Figure(Share(tower.Percent, 1)));
            flow.Add(new Gap(8));
            towers.AddTo(flow);
        }

        foreach (var (index, question) in outcome.Questions.Index())
        {
            var note = question.Average is { } average
                ? words["survey.average", Number(average, 2), Number(question.Respondents)]
                : words["survey.respondents", Number(question.Respondents)];
            flow.Add(Headings.Of($"{index + 1}. {question.Question.Text}", note), before: 18, keep: 80);
            flow.Add(new Gap(4));
            if (question.Question.Type == QuestionType.Text) Texts(flow, question, words);
            else Counts(question).AddTo(flow);
        }

        flow.Add(new Words(words["survey.rounding"], TextStyle.Small), before: 15);

        Table Counts(QuestionResult question)
        {
            var weighted = question.Weight is not null;
            var table = new Table(
            [
                new TableColumn(words["survey.option"], ColumnWidth.Part()),
                .. weighted
                    ? new[]
                    {
                        new TableColumn(words["survey.coefficient"], ColumnWidth.ContentAtLeast(70), Side.Right),
                        new("%", ColumnWidth.ContentAtLeast(50), Side.Right),
                    }
                    : [],
                new(words["survey.answers"], ColumnWidth.ContentAtLeast(60), Side.Right),
                new("%", ColumnWidth.ContentAtLeast(50), Side.Right),
            ]);
            foreach (var choice in question.Choices)
            {
                table.Row(
                [
                    Table.Cell(SurveyWording.Name(question.Question.Type, choice.Number, choice.Text, words["survey.yes"], words["survey.no"])),
                    .. weighted
                        ? new Block[] { Table.Figure(Number(choice.Weight ?? 0, 4)), Table.Figure(Share(choice.WeightPercent ?? 0, 2)) }
                        : [],
                    Table.Figure(Number(choice.Count)),
                    Table.Figure(Share(choice.Percent, 1), TextStyle.CellStrong),
                ]);
            }

            return table;
        }

        string Number(decimal number, int decimals = 0) => Formats.Number(number, decimals, words.Culture);

        string Share(decimal percent, int decimals) => Formats.Percent(percent, decimals, words.Culture);
    }

    private static void Texts(Flow flow, QuestionResult question, Wording words)
    {
        foreach (var text in question.Texts)
        {
            var who = string.Join(" · ", new[] { text.Unit, text.Name }.OfType<string>());
            flow.Add(
                who.Length == 0
                    ? new Words(text.Text, TextStyle.Body, mostLines: 30)
                    : new Stack(0, new Words(who, TextStyle.SmallStrong), new Words(text.Text, TextStyle.Body, mostLines: 30)),
                before: 6);
        }

        if (question.Respondents > question.Texts.Count)
            flow.Add(new Words(words["survey.more", question.Respondents - question.Texts.Count], TextStyle.Small), before: 6);
    }
}
