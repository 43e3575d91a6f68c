namespace Portal.Data.Surveys;

/// <param name="ClosesAt">Wall clock; null: until somebody closes it.</param>
/// <param name="Open">Whether it takes answers now.</param>
/// <param name="Answered">Whether the person asking (or every apartment of theirs) has answered.</param>
public sealed record SurveyRow(
    long Id, string Title, string? Description, bool Open, bool Anonymous, bool PerApartment, DateTime? ClosesAt, int Responses,
    bool Answered);

/// <param name="Options">The choices of a <see cref="QuestionType.MultipleChoice"/>; else empty.</param>
public sealed record QuestionView(long Id, string Text, QuestionType Type, IReadOnlyList<string> Options, bool Required);

/// <param name="Apartments">Those for which the person may still answer; empty where it is per person.</param>
public sealed record SurveyView(SurveyRow Survey, IReadOnlyList<QuestionView> Questions, IReadOnlyList<(long Id, string Unit)> Apartments);

/// <summary>How often one answer was given.</summary>
public sealed record AnswerCount(string Answer, int Count);

/// <param name="Counts">By choice, rating or yes and no, those never given included; of free texts nothing.</param>
/// <param name="Average">Of ratings.</param>
/// <param name="Texts">The latest free texts.</param>
public sealed record QuestionResult(QuestionView Question, IReadOnlyList<AnswerCount> Counts, decimal? Average, IReadOnlyList<string> Texts)
{
    public int Total => Question.Type == QuestionType.Text ? Texts.Count : Counts.Sum(c => c.Count);
}

/// <summary>
/// One filled-in survey as the export writes it. <paramref name="Who"/> is null where it is anonymous; <paramref name="At"/> is UTC.
/// </summary>
public sealed record ResponseRow(DateTime? At, string? Who, IReadOnlyDictionary<long, string> Answers);

public sealed record NewQuestion(string Text, QuestionType Type, IReadOnlyList<string> Options, bool Required);

public sealed record NewSurvey(
    string Title, string? Description, bool Anonymous, bool PerApartment, DateTime? ClosesAt, IReadOnlyList<NewQuestion> Questions);
