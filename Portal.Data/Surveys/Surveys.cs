using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using System.Security.Cryptography;
using Portal.Data.Building;
using Portal.Data.Identity;

namespace Portal.Data.Surveys;

[StoredByName]
public enum QuestionType { Text, Rating, MultipleChoice, YesNo }

/// <summary>Whom a survey asks: everybody, who owns, or who lives there without owning.</summary>
[StoredByName]
public enum SurveyAudience { All, Owners, Tenants }

/// <summary>Where a survey stands: being written, waiting for its day, taking answers, or over.</summary>
public enum SurveyStage { Draft, Scheduled, Open, Closed }

/// <summary>
/// What is asked of whom. Its questions and its audience may change until it opens; whom it convenes is frozen then
/// (<see cref="SurveyParticipant"/>).
/// </summary>
[Table("surveys")]
public sealed class Survey : Updated
{
    public long Id { get; set; }

    [MaxLength(200)]
    public string Title { get; set; } = "";

    [Column(TypeName = "text")]
    public string? Description { get; set; }

    /// <summary>Released: it takes answers once it has opened. Of a draft false.</summary>
    public bool? Active { get; private set; } = false;

    /// <summary>True: the answers are kept without who gave them, and none can be changed.</summary>
    public bool Anonymous { get; set; }

    /// <summary>True: one answer per apartment; false: one per person.</summary>
    public bool PerApartment { get; set; }

    /// <summary>True: an answer weighs what its apartment's coefficient is. Never with <see cref="Anonymous"/>.</summary>
    public bool Weighted { get; set; }

    public SurveyAudience Audience { get; set; }

    /// <summary>Wall-clock time at which it opens by itself once it is released; null: at once.</summary>
    [Column(TypeName = "datetime")]
    public DateTime? OpensAt { get; set; }

    /// <summary>The instant (UTC) at which it opened and its audience was frozen.</summary>
    [Column(TypeName = "timestamp")]
    public DateTime? OpenedAt { get; private set; }

    /// <summary>Wall-clock time after which no answer is taken.</summary>
    [Column(TypeName = "datetime")]
    public DateTime? ClosesAt { get; set; }

    /// <summary>Those who were asked see what came of it.</summary>
    public bool ResultsShared { get; private set; }

    /// <summary>Out of the list, and still to be found.</summary>
    public bool Archived { get; private set; }

    /// <summary>Of an anonymous one that takes answers: what seals them (<see cref="SurveyKeys"/>); null once they are counted.</summary>
    [Secret, MaxLength(200)]
    public byte[]? SealKey { get; private set; }

    /// <summary>Counts how often the draft was written: who writes says which one they read.</summary>
    public int Revision { get; private set; }

    public List<Question> Questions { get; set; } = [];

    /// <summary>Only these towers; none: all.</summary>
    public List<SurveyTower> Towers { get; set; } = [];

    /// <summary>Where it stands at a moment of the building's clock.</summary>
    public SurveyStage Stage(DateTime now) => StageOf(OpenedAt is not null, Active == true, ClosesAt, now);

    internal static SurveyStage StageOf(bool opened, bool active, DateTime? closesAt, DateTime now) => (opened, active) switch
    {
        (false, false) => SurveyStage.Draft,
        (false, true) => SurveyStage.Scheduled,
        (true, true) when closesAt is null || closesAt > now => SurveyStage.Open,
        _ => SurveyStage.Closed,
    };

    /// <summary>Refuses with <c>survey.opened</c> what would change questions that somebody may have answered.</summary>
    public Result Rewrite()
    {
        if (OpenedAt is not null) return new Error("survey.opened");
        Revision++;
        return Result.Done;
    }

    /// <summary>A draft is released: it waits for its day. Refuses with <c>survey.released</c>, <c>survey.past</c>.</summary>
    public Result Release(DateTime now)
    {
        if (Stage(now) != SurveyStage.Draft) return new Error("survey.released");
        if (ClosesAt <= now) return new Error("survey.past", nameof(ClosesAt));
        Active = true;
        return Result.Done;
    }

    /// <summary>Whether a released one is to open now.</summary>
    public bool IsDue(DateTime now) => Stage(now) == SurveyStage.Scheduled && (OpensAt is null || OpensAt <= now);

    /// <summary>It takes answers from now on. Its audience is frozen in the same write.</summary>
    internal void Open(DateTime utcNow) => (Active, OpenedAt) = (true, utcNow);

    /// <summary>From now on its answers are sealed.</summary>
    internal void Seal(byte[] key) => SealKey = key;

    /// <summary>Its answers lie open, and nothing tells whose they are.</summary>
    internal void Counted() => SealKey = null;

    /// <summary>Ends it now; one that has not opened yet is a draft again. Refuses with <c>survey.closed</c>.</summary>
    public Result Close(DateTime now)
    {
        switch (Stage(now))
        {
            case SurveyStage.Scheduled:
                Active = false;
                return Result.Done;
            case SurveyStage.Open:
                (Active, ClosesAt) = (false, now);
                return Result.Done;
            default:
                return new Error("survey.closed");
        }
    }

    /// <summary>
    /// Takes answers again, without an end. An anonymous one never: between two looks at its results would be what one person answered.
    /// Refuses with <c>survey.not_closed</c>, <c>survey.anonymous_closed</c>.
    /// </summary>
    public Result Reopen(DateTime now)
    {
        if (Stage(now) != SurveyStage.Closed) return new Error("survey.not_closed");
        if (Anonymous) return new Error("survey.anonymous_closed");
        (Active, ClosesAt, Archived, ResultsShared) = (true, null, false, false);
        return Result.Done;
    }

    /// <summary>Puts a closed one away, or takes it back. Refuses with <c>survey.not_closed</c>.</summary>
    public Result Archive(bool away, DateTime now)
    {
        if (Stage(now) != SurveyStage.Closed) return new Error("survey.not_closed");
        Archived = away;
        return Result.Done;
    }

    /// <summary>Shows the results of a closed one to those who were asked, or to the office only. Refuses with <c>survey.not_closed</c>.</summary>
    public Result Share(bool shown, DateTime now)
    {
        if (Stage(now) != SurveyStage.Closed) return new Error("survey.not_closed");
        ResultsShared = shown;
        return Result.Done;
    }
}

[Table("survey_towers"), NotAudited]
public sealed class SurveyTower
{
    public long SurveyId { get; set; }
    public Survey? Survey { get; set; }

    public int TowerId { get; set; }
    public Tower? Tower { get; set; }
}

[Table("questions")]
public sealed class Question : Stamped
{
    public long Id { get; set; }

    public long SurveyId { get; set; }
    public Survey? Survey { get; set; }

    [Column("question", TypeName = "text")]
    public string Text { get; set; } = "";

    public QuestionType Type { get; set; }

    /// <summary>Of a <see cref="QuestionType.MultipleChoice"/>: more than one may be chosen.</summary>
    public bool Several { get; set; }

    /// <summary>A JSON array of the choices.</summary>
    [Column(TypeName = "json")]
    public string? Options { get; set; }

    public bool? Required { get; set; } = false;

    public int? OrderIndex { get; set; } = 0;
}

/// <summary>
/// Somebody who is asked, and whether they have answered; what they answered is elsewhere. All of a survey are written at once when it
/// opens, so the order of the rows tells nothing of the order of the answers.
/// </summary>
[Table("survey_participants")]
public sealed class SurveyParticipant
{
    public long Id { get; set; }

    public long SurveyId { get; set; }
    public Survey? Survey { get; set; }

    /// <summary>Unique per survey: <c>apartment:17</c> or <c>user:5</c>.</summary>
    [MaxLength(80)]
    public string Respondent { get; set; } = "";

    /// <summary>Which apartment is asked; of a person, one of theirs.</summary>
    public long? ApartmentId { get; set; }
    public Apartment? Apartment { get; set; }

    /// <summary>Who is asked; of an apartment, who answered for it, and nobody where it is anonymous.</summary>
    public long? UserId { get; set; }
    public User? User { get; set; }

    /// <summary>Of the apartment when it opened, in percent; 0 of a person.</summary>
    [Column(TypeName = "decimal(9,6)")]
    public decimal Coefficient { get; set; }

    /// <summary>The coefficient when they answered a weighted survey.</summary>
    [Column(TypeName = "decimal(9,6)")]
    public decimal? Weight { get; private set; }

    public bool Answered { get; private set; }

    /// <summary>UTC, of the last time; never of an anonymous survey.</summary>
    [Column(TypeName = "timestamp")]
    public DateTime? AnsweredAt { get; private set; }

    /// <summary>
    /// They answer, or answer anew. Refuses with <c>survey.answered</c> an anonymous answer that is there already, for nobody can find it, and
    /// one that somebody else of the apartment gave.
    /// </summary>
    /// <param name="survey">Open.</param>
    /// <param name="account">Who answers.</param>
    /// <param name="coefficient">Of their apartment now.</param>
    /// <param name="utcNow">Not kept of an anonymous answer.</param>
    public Result Answer(Survey survey, long? account, decimal? coefficient, DateTime utcNow)
    {
        if (survey.Anonymous)
        {
            if (Answered) return new Error("survey.answered");
            Answered = true;
            return Result.Done;
        }

        if (Answered && UserId != account) return new Error("survey.answered");
        (Answered, AnsweredAt, UserId) = (true, utcNow, account);
        if (survey.Weighted) Weight = coefficient ?? 0;
        return Result.Done;
    }
}

/// <summary>
/// What was answered to one question. Not audited: the log would tell when, and beside the log of the one who answered, who. In an
/// anonymous survey nothing here tells whose it is, nor which other answers came with it.
/// </summary>
[Table("survey_answers"), NotAudited]
public sealed class SurveyAnswer
{
    /// <summary>Random, so the table is kept in no order: the rows lie by their key.</summary>
    [Key, Column(TypeName = "char(32)")]
    public string Id { get; set; } = RandomNumberGenerator.GetHexString(32, lowercase: true);

    public long SurveyId { get; set; }
    public Survey? Survey { get; set; }

    public long QuestionId { get; set; }
    public Question? Question { get; set; }

    /// <summary>Null in an anonymous survey.</summary>
    public long? ParticipantId { get; set; }
    public SurveyParticipant? Participant { get; set; }

    /// <summary>The numbers of what was chosen, from 1, rising, with commas.</summary>
    [MaxLength(160)]
    public string? Choices { get; set; }

    [Column(TypeName = "text")]
    public string? Text { get; set; }
}

/// <summary>
/// What somebody answered to an anonymous survey while it takes answers: nobody reads it, the office neither. Two copies of the database tell
/// that somebody has answered, and nothing else.
/// </summary>
[Table("survey_sealed_answers"), NotAudited]
public sealed class SurveySealedAnswer
{
    /// <summary>Random: the rows lie in no order.</summary>
    [Key, Column(TypeName = "char(32)")]
    public string Id { get; set; } = RandomNumberGenerator.GetHexString(32, lowercase: true);

    public long SurveyId { get; set; }
    public Survey? Survey { get; set; }

    [Secret, Column(TypeName = "longblob")]
    public byte[] Content { get; set; } = [];
}
