using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Portal.Data.Operations;

namespace Portal.Data.Surveys;

internal sealed class SurveysArea : DataArea
{
    public override void Register(IServiceCollection services) => services
        .AddSingleton(provider => new SurveyKeys(provider.GetService<IConfiguration>()))
        .AddScoped<SurveyCount>()
        .AddScoped<SurveyService>()
        .AddScoped<SurveyDesk>()
        .AddScoped<SurveyResults>()
        .AddFrequentJob<SurveyOpening>(SurveyOpening.JobKind, TimeSpan.FromMinutes(5));
}
