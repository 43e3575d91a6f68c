namespace Portal.Data.Surveys;

/// <param name="OpensAt">Wall clock; null: as soon as it is released.</param>
/// <param name="OpenedAt">UTC; null while it has not opened.</param>
/// <param name="ClosesAt">Wall clock; null: until somebody closes it.</param>
/// <param name="Convened">How many were asked; 0 before it opens.</param>
/// <param name="Responses">How many of them have answered.</param>
/// <param name="Sealed">Its answers cannot be read yet.</param>
/// <param name="Asked">Whether the person asking is among them, by themselves or by an apartment.</param>
/// <param name="Answered">Whether the person asking (or every apartment of theirs) has answered.</param>
public sealed record SurveyRow(
    long Id, string Title, string? Description, SurveyStage Stage, bool Anonymous, bool PerApartment, bool Weighted,
    SurveyAudience Audience, DateTime? OpensAt, DateTime? OpenedAt, DateTime? ClosesAt, bool ResultsShared, bool Archived, int Convened,
    int Responses, bool Asked, bool Answered, bool Sealed)
{
    /// <summary>Whether it takes answers now.</summary>
    public bool Open => Stage == SurveyStage.Open;
}

/// <param name="Several">More than one of the options may be chosen.</param>
/// <param name="Options">The choices of a <see cref="QuestionType.MultipleChoice"/>; else empty.</param>
public sealed record QuestionView(
    long Id, string Text, QuestionType Type, bool Several, IReadOnlyList<string> Options, bool Required);

/// <summary>One of those for whom the person may answer.</summary>
/// <param name="ApartmentId">Null where it is per person.</param>
/// <param name="Given">What they answered, where it may be changed; else null.</param>
public sealed record OwnParticipant(
    long Id, long? ApartmentId, string? Unit, bool Answered, IReadOnlyDictionary<long, GivenAnswer>? Given);

public sealed record SurveyView(SurveyRow Survey, IReadOnlyList<QuestionView> Questions, IReadOnlyList<OwnParticipant> Own);

/// <summary>An answer as a person gives it.</summary>
/// <param name="Choices">Numbers from 1: of the options, of a rating 1 to 5, of yes 1 and of no 2.</param>
/// <param name="Text">Of a free text.</param>
public sealed record GivenAnswer(IReadOnlyList<int> Choices, string? Text = null)
{
    public static GivenAnswer Of(params int[] choices) => new(choices);

    public static GivenAnswer Of(string text) => new([], text);
}

/// <summary>How often one answer was given.</summary>
/// <param name="Number">Of the option, the rating, or yes (1) and no (2); 0 of an old answer that is none of them.</param>
/// <param name="Text">The option's words; of a rating its number; of yes and no empty, for those are the screen's.</param>
/// <param name="Percent">Of those who answered the question, half up to 0.1; with several choices they do not add up to 100.</param>
/// <param name="Weight">The coefficients behind it; null where it is not weighted.</param>
/// <param name="WeightPercent">Of the coefficients that answered the question, half up to 0.01.</param>
public sealed record ChoiceCount(int Number, string Text, int Count, decimal Percent, decimal? Weight, decimal? WeightPercent);

/// <param name="Unit">Null where it is anonymous, and for who may not know.</param>
public sealed record TextAnswer(string Text, string? Unit, string? Name);

/// <param name="Respondents">How many answered this question.</param>
/// <param name="Weight">Their coefficients; null where it is not weighted.</param>
/// <param name="Average">Of ratings, half up to 0.01.</param>
/// <param name="Texts">Free texts: the latest, or shuffled where it is anonymous; the first of them where there are many.</param>
public sealed record QuestionResult(
    QuestionView Question, int Respondents, decimal? Weight, IReadOnlyList<ChoiceCount> Choices, decimal? Average,
    IReadOnlyList<TextAnswer> Texts);

/// <param name="Tower">Null for all.</param>
/// <param name="Percent">Half up to 0.1; 0 of nobody.</param>
public sealed record Turnout(string? Tower, int Convened, int Answered, decimal Percent);

/// <summary>Turnout by coefficient.</summary>
/// <param name="Convened">Of the audience as it opened.</param>
/// <param name="Answered">Of those who answered, as it was when they did.</param>
/// <param name="Percent">Half up to 0.01.</param>
public sealed record WeightTurnout(decimal Convened, decimal Answered, decimal Percent);

/// <summary>Why there is nothing to be seen yet of what was answered.</summary>
public enum Withheld
{
    Nothing,
    UntilClosed,
    TooFew,

    /// <summary>It is closed, and its sealed answers are not counted yet.</summary>
    Counting,
}

/// <summary>What came of a survey.</summary>
/// <param name="Questions">Empty where it is withheld.</param>
/// <param name="Days">On which days (of the building) they answered; empty where it is anonymous.</param>
public sealed record SurveyOutcome(
    SurveyRow Survey, Turnout Turnout, IReadOnlyList<Turnout> Towers, WeightTurnout? Weight, Withheld Withheld,
    IReadOnlyList<QuestionResult> Questions, IReadOnlyList<(DateOnly Day, int Count)> Days);

/// <summary>One filled-in survey as the export writes it; only of surveys that are not anonymous.</summary>
/// <param name="At">UTC.</param>
/// <param name="Weight">The coefficient it carries; null where it is not weighted.</param>
public sealed record ResponseRow(
    DateTime? At, string? Unit, string? Who, decimal? Weight, IReadOnlyDictionary<long, GivenAnswer> Answers);

public sealed record NewQuestion(string Text, QuestionType Type, bool Several, IReadOnlyList<string> Options, bool Required);

/// <summary>A survey as it is written.</summary>
/// <param name="TowerIds">Only these; none: all.</param>
/// <param name="OpensAt">Wall clock; null: when it is released.</param>
/// <param name="Revision">Of the draft that was read; 0 of a new one.</param>
public sealed record SurveyDraft(
    string Title, string? Description, bool Anonymous, bool PerApartment, bool Weighted, SurveyAudience Audience,
    IReadOnlyList<int> TowerIds, DateTime? OpensAt, DateTime? ClosesAt, IReadOnlyList<NewQuestion> Questions, int Revision = 0);

/// <summary>Whom a survey would convene if it opened now.</summary>
/// <param name="Coefficient">Of the apartments; 0 where it is per person.</param>
public sealed record SurveyReach(int Convened, decimal Coefficient);
