using Microsoft.Extensions.DependencyInjection;

namespace Portal.Data.Surveys;

internal sealed class SurveysArea : DataArea
{
    public override void Register(IServiceCollection services) => services
        .AddScoped<SurveyService>()
        .AddScoped<SurveyResults>();
}
