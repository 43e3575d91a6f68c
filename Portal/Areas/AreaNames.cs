using Portal.Areas.Building;
using Portal.Areas.Facilities;
using Portal.Areas.Payments;
using Portal.Areas.Pets;
using Portal.Areas.Pqrs;
using Portal.Areas.Surveys;

namespace Portal.Hosting;

/// <summary>The names by which the composition asks for its areas, until it takes all that there are.</summary>
internal static class AreaNames
{
    public static void AddPaymentPages(this IServiceCollection services) => new PaymentEndpoints().Register(services);
    public static void AddFacilityPages(this IServiceCollection services) => new FacilityEndpoints().Register(services);
    public static void AddPqrsPapers(this IServiceCollection services) => new PqrsEndpoints().Register(services);

    public static void MapPayments(this IEndpointRouteBuilder app) => new PaymentEndpoints().Map(app);
    public static void MapFacilities(this IEndpointRouteBuilder app) => new FacilityEndpoints().Map(app);
    public static void MapPqrs(this IEndpointRouteBuilder app) => new PqrsEndpoints().Map(app);
    public static void MapRegistry(this IEndpointRouteBuilder app) => new BuildingEndpoints().Map(app);
    public static void MapPets(this IEndpointRouteBuilder app) => new PetEndpoints().Map(app);
    public static void MapSurveys(this IEndpointRouteBuilder app) => new SurveyEndpoints().Map(app);
}
