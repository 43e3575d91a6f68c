using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Data.Surveys;

internal sealed class SurveyResponsesTable : IEntityTypeConfiguration<SurveyResponse>
{
    public void Configure(EntityTypeBuilder<SurveyResponse> table)
    {
        table.HasMany(r => r.Answers).WithOne(a => a.Response).HasForeignKey(a => a.ResponseId);
        table.HasIndex(r => new { r.SurveyId, r.Respondent }).IsUnique().HasDatabaseName("uq_survey_responses_respondent");
    }
}
