using Microsoft.Extensions.DependencyInjection;
using Portal.Data.Operations;

namespace Portal.Data.Programmes;

internal sealed class ProgrammesArea : DataArea
{
    public override void Register(IServiceCollection services) => services
        .AddScoped<ParticipantService>()
        .AddScoped<FamilyService>()
        .AddScoped<YearService>()
        .AddScoped<CourseService>()
        .AddScoped<EnrolmentDesk>()
        .AddScoped<SessionDesk>()
        .AddScoped<MarkDesk>()
        .AddScoped<ProgrammeReports>()
        .AddDailyJob<ProgrammeUpkeep>(ProgrammeUpkeep.JobKind, new TimeOnly(6, 30));
}
