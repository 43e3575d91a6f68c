using System.Globalization;

namespace Portal.Data.Surveys;

/// <summary>What an answer may be: free text, a rating from 1 to 5, one of the choices, <c>yes</c> or <c>no</c>.</summary>
internal static class SurveyAnswers
{
    public const int BestRating = 5;
    public const int LongestText = 2000;

    /// <summary>What was answered to a question; null for nothing.</summary>
    public static string? Given(IReadOnlyDictionary<long, string> answers, QuestionView question) =>
        answers.TryGetValue(question.Id, out var answer) && !string.IsNullOrWhiteSpace(answer) ? answer.Trim() : null;

    /// <summary>All that is missing or wrong, by the question's number.</summary>
    public static List<Error> Check(IReadOnlyList<QuestionView> questions, IReadOnlyDictionary<long, string> answers)
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

    /// <summary>The answers that can be counted, in the order of the chart; free text has none.</summary>
    public static IReadOnlyList<string> Possible(QuestionView question) => question.Type switch
    {
        QuestionType.Rating => [.. Enumerable.Range(1, BestRating).Select(n => n.ToString(CultureInfo.InvariantCulture))],
        QuestionType.MultipleChoice => question.Options,
        QuestionType.YesNo => ["yes", "no"],
        _ => [],
    };

    private static bool Fits(QuestionView question, string answer) =>
        question.Type == QuestionType.Text ? answer.Length <= LongestText : Possible(question).Contains(answer);
}
