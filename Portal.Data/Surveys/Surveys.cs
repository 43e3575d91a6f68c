using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using Portal.Data.Building;
using Portal.Data.Identity;

namespace Portal.Data.Surveys;

[StoredByName]
public enum QuestionType { Text, Rating, MultipleChoice, YesNo }

[Table("surveys")]
public sealed class Survey : Updated
{
    public long Id { get; set; }

    [MaxLength(200)]
    public string Title { get; set; } = "";

    [Column(TypeName = "text")]
    public string? Description { get; set; }

    public bool? Active { get; set; } = true;

    /// <summary>True: the answers are kept without who gave them.</summary>
    public bool Anonymous { get; set; }

    /// <summary>True: one answer per apartment; false: one per person.</summary>
    public bool PerApartment { get; set; }

    /// <summary>Wall-clock time after which no answer is taken.</summary>
    [Column(TypeName = "datetime")]
    public DateTime? ClosesAt { get; set; }

    public List<Question> Questions { get; set; } = [];
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

    /// <summary>A JSON array of the choices.</summary>
    [Column(TypeName = "json")]
    public string? Options { get; set; }

    public bool? Required { get; set; } = false;

    public int? OrderIndex { get; set; } = 0;
}

/// <summary>
/// One filled-in survey. Who filled it in is known (so that nobody does twice) unless the survey is anonymous, where only a hash is.
/// </summary>
[Table("survey_responses")]
public sealed class SurveyResponse : Stamped
{
    public long Id { get; set; }

    public long SurveyId { get; set; }
    public Survey? Survey { get; set; }

    /// <summary>Unique per survey: <c>apartment:17</c>, <c>user:5</c>, or its hash in an anonymous survey.</summary>
    [MaxLength(80)]
    public string Respondent { get; set; } = "";

    public long? ApartmentId { get; set; }
    public Apartment? Apartment { get; set; }

    public long? UserId { get; set; }
    public User? User { get; set; }

    public List<SurveyAnswer> Answers { get; set; } = [];
}

[Table("survey_answers")]
public sealed class SurveyAnswer
{
    public long Id { get; set; }

    public long ResponseId { get; set; }
    public SurveyResponse? Response { get; set; }

    public long QuestionId { get; set; }
    public Question? Question { get; set; }

    [Column(TypeName = "text")]
    public string Answer { get; set; } = "";
}
