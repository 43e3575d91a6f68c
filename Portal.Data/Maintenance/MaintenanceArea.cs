using Microsoft.Extensions.DependencyInjection;
using Portal.Data.Operations;

namespace Portal.Data.Maintenance;

internal sealed class MaintenanceArea : DataArea
{
    public override void Register(IServiceCollection services) => services
        .AddScoped<AssetService>()
        .AddScoped<InspectionService>()
        .AddScoped<InspectionDesk>()
        .AddScoped<WorkOrderService>()
        .AddScoped<WorkOrderDesk>()
        .AddScoped<PlanService>()
        .AddScoped<AssetMeterService>()
        .AddDailyJob<PlanWork>(PlanWork.JobKind, new TimeOnly(6, 0))
        .AddDailyJob<InspectionReminders>(InspectionReminders.JobKind, new TimeOnly(7, 0));
}
