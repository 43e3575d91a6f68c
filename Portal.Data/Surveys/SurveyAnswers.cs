using System.Globalization;

namespace Portal.Data.Surveys;

/// <summary>What an answer may be: free text, a rating from 1 to 5, one or more of the choices, yes or no.</summary>
internal static class SurveyAnswers
{
    public const int BestRating = 5;
    public const int LongestText = 2000;

    /// <summary>As <c>survey_answers.choices</c> holds them.</summary>
    public static string? Write(IEnumerable<int> choices) =>
        string.Join(',', choices.Distinct().Order().Select(n => n.ToString(CultureInfo.InvariantCulture))) is { Length: > 0 } text
            ? text
            : null;

    /// <inheritdoc cref="Write"/>
    public static IReadOnlyList<int> Read(string? choices) =>
        string.IsNullOrEmpty(choices) ? [] : [.. choices.Split(',').Select(n => int.Parse(n, CultureInfo.InvariantCulture))];

    /// <summary>What was answered to a question; null for nothing.</summary>
    public static GivenAnswer? Given(IReadOnlyDictionary<long, GivenAnswer> answers, QuestionView question)
    {
        if (!answers.TryGetValue(question.Id, out var answer)) return null;
        if (question.Type == QuestionType.Text)
            return string.IsNullOrWhiteSpace(answer.Text) ? null : GivenAnswer.Of(answer.Text.Trim());
        return answer.Choices.Count == 0 ? null : new GivenAnswer([.. answer.Choices.Distinct().Order()]);
    }

    /// <summary>All that is missing or wrong, by the question's number.</summary>
    public static List<Error> Check(IReadOnlyList<QuestionView> questions, IReadOnlyDictionary<long, GivenAnswer> answers)
    {
        var errors = new List<Error>();
        foreach (var (index, question) in questions.Index())
        {
            var answer = Given(answers, question);
            if (answer is null)
            {
                if (question.Required) errors.Add(new Error("survey.required", null, index + 1));
            }
            else if (!Fits(question, answer))
            {
                errors.Add(new Error("survey.invalid", null, index + 1));
            }
        }

        return errors;
    }

    /// <summary>The answers that can be counted, by number, in the order of the chart: ratings begin with the best. Free text has none.</summary>
    public static IReadOnlyList<(int Number, string Text)> Possible(QuestionView question) => question.Type switch
    {
        QuestionType.Rating =>
            [.. Enumerable.Range(1, BestRating).Reverse().Select(n => (n, n.ToString(CultureInfo.InvariantCulture)))],
        QuestionType.MultipleChoice => [.. question.Options.Select((text, index) => (index + 1, text))],
        QuestionType.YesNo => [(1, ""), (2, "")],
        _ => [],
    };

    private static bool Fits(QuestionView question, GivenAnswer answer) => question.Type == QuestionType.Text
        ? answer.Text!.Length <= LongestText
        : (question.Several || answer.Choices.Count == 1)
            && answer.Choices.All(n => Possible(question).Any(possible => possible.Number == n));
}
