using Microsoft.Extensions.DependencyInjection;

namespace Portal.Data.Bank;

internal sealed class BankArea : DataArea
{
    public override void Register(IServiceCollection services) => services
        .AddScoped<BankService>()
        .AddScoped<BankImporter>()
        .AddScoped<BankDesk>()
        .AddScoped<BankReconciler>();
}
