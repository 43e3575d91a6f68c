using Microsoft.Extensions.DependencyInjection;
using Portal.Data.Operations;

namespace Portal.Data.Billing;

internal sealed class BillingArea : DataArea
{
    public override void Register(IServiceCollection services) => services
        .AddScoped<BillingService>()
        .AddScoped<BillingDesk>()
        .AddScoped<Bills>()
        .AddScoped<ChargeDesk>()
        .AddScoped<ConceptService>()
        .AddScoped<MeterService>()
        .AddScoped<InterestDesk>()
        .AddScoped<RateService>()
        .AddScoped<IJobHandler, BillJob>();
}
