using Microsoft.Extensions.DependencyInjection;

namespace Portal.Data.Surveys;

internal static class SurveysRegistration
{
    public static IServiceCollection AddSurveysData(this IServiceCollection services) => services
        .AddScoped<SurveyService>()
        .AddScoped<SurveyResults>();
}
