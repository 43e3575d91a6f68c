using Microsoft.Extensions.DependencyInjection;
using Portal.Data.Access;
using Portal.Data.Audit;
using Portal.Data.Building;
using Portal.Data.Facilities;
using Portal.Data.Gate;
using Portal.Data.Guards;
using Portal.Data.Home;
using Portal.Data.Identity;
using Portal.Data.Notices;
using Portal.Data.Notifications;
using Portal.Data.Operations;
using Portal.Data.Packages;
using Portal.Data.Parking;
using Portal.Data.Payments;
using Portal.Data.People;
using Portal.Data.Pets;
using Portal.Data.Pqrs;
using Portal.Data.Surveys;

namespace Portal.Data;

/// <summary>The names by which <see cref="PortalDataServices"/> asks for its areas, until it takes all that there are.</summary>
internal static class AreaNames
{
    public static IServiceCollection AddAccessData(this IServiceCollection services) => services.Add(new AccessArea());
    public static IServiceCollection AddAuditData(this IServiceCollection services) => services.Add(new AuditArea());
    public static IServiceCollection AddBuildingData(this IServiceCollection services) => services.Add(new BuildingArea());
    public static IServiceCollection AddFacilitiesData(this IServiceCollection services) => services.Add(new FacilitiesArea());
    public static IServiceCollection AddGateData(this IServiceCollection services) =>
        services.Add(new GateArea(), new GuardsArea(), new PackagesArea());
    public static IServiceCollection AddHomeData(this IServiceCollection services) => services.Add(new HomeArea());
    public static IServiceCollection AddIdentityData(this IServiceCollection services) => services.Add(new IdentityArea());
    public static IServiceCollection AddNotificationsData(this IServiceCollection services) =>
        services.Add(new NotificationsArea(), new NoticesArea());
    public static IServiceCollection AddOperationsData(this IServiceCollection services) =>
        services.Add(new OperationsArea(), new RowLocks.Registration());
    public static IServiceCollection AddParkingData(this IServiceCollection services) => services.Add(new ParkingArea());
    public static IServiceCollection AddPaymentsData(this IServiceCollection services) => services.Add(new PaymentsArea());
    public static IServiceCollection AddPeopleData(this IServiceCollection services) => services.Add(new PeopleArea());
    public static IServiceCollection AddPetsData(this IServiceCollection services) => services.Add(new PetsArea());
    public static IServiceCollection AddPqrsData(this IServiceCollection services) => services.Add(new PqrsArea());
    public static IServiceCollection AddSurveysData(this IServiceCollection services) => services.Add(new SurveysArea());

    private static IServiceCollection Add(this IServiceCollection services, params DataArea[] areas)
    {
        foreach (var area in areas) area.Register(services);
        return services;
    }
}
