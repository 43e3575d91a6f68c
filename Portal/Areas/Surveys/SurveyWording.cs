using Microsoft.Extensions.Localization;
using Portal.Data.Surveys;
using Portal.Resources;

namespace Portal.Areas.Surveys;

/// <summary>What answers are called on the screens, in the files and in the report.</summary>
internal static class SurveyWording
{
    /// <summary>Those that can be chosen, by number; of a rating and a free text none.</summary>
    public static IEnumerable<(int Number, string Text)> Options(QuestionView question, IStringLocalizer<SurveyWords> words) =>
        question.Type switch
        {
            QuestionType.YesNo => [(1, words["yes"].Value), (2, words["no"].Value)],
            QuestionType.MultipleChoice => question.Options.Select((text, index) => (index + 1, text)),
            _ => [],
        };

    /// <inheritdoc cref="Name(QuestionType, int, string, string, string)"/>
    public static string Name(QuestionResult result, ChoiceCount choice, IStringLocalizer<SurveyWords> words) =>
        Name(result.Question.Type, choice.Number, choice.Text, words["yes"], words["no"]);

    /// <summary>An option as it is called: yes and no are the language's, all others as they were written.</summary>
    public static string Name(QuestionType type, int number, string text, string yes, string no) =>
        type == QuestionType.YesNo && number is 1 or 2 ? (number == 1 ? yes : no) : text;

    /// <summary>One person's answer in one line: several choices with a bar between.</summary>
    public static string? Of(QuestionView question, GivenAnswer? answer, IStringLocalizer<SurveyWords> words)
    {
        if (answer is null) return null;
        if (answer.Choices.Count == 0) return answer.Text;
        if (question.Type == QuestionType.Rating) return string.Join(" | ", answer.Choices);
        var options = Options(question, words).ToDictionary(o => o.Number, o => o.Text);
        return string.Join(" | ", answer.Choices.Select(n => options.GetValueOrDefault(n, "")));
    }
}
