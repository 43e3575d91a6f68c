using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Data.Surveys;

internal sealed class SurveyTowersTable : IEntityTypeConfiguration<SurveyTower>
{
    public void Configure(EntityTypeBuilder<SurveyTower> table) => table.HasKey(t => new { t.SurveyId, t.TowerId });
}

internal sealed class SurveyParticipantsTable : IEntityTypeConfiguration<SurveyParticipant>
{
    public void Configure(EntityTypeBuilder<SurveyParticipant> table) =>
        table.HasIndex(p => new { p.SurveyId, p.Respondent }).IsUnique().HasDatabaseName("uq_survey_participants");
}

internal sealed class SurveysTable : IEntityTypeConfiguration<Survey>
{
    public void Configure(EntityTypeBuilder<Survey> table) => table.Property(s => s.SealKey).HasColumnType("varbinary(200)");
}

internal sealed class SurveySealedAnswersTable : IEntityTypeConfiguration<SurveySealedAnswer>
{
    public void Configure(EntityTypeBuilder<SurveySealedAnswer> table) => table.Property(a => a.Id).ValueGeneratedNever();
}

internal sealed class SurveyAnswersTable : IEntityTypeConfiguration<SurveyAnswer>
{
    public void Configure(EntityTypeBuilder<SurveyAnswer> table)
    {
        // What EF would make up itself is made in order of time.
        table.Property(a => a.Id).ValueGeneratedNever();
        table.HasIndex(a => new { a.QuestionId, a.ParticipantId }).IsUnique().HasDatabaseName("uq_survey_answers");
    }
}
