using Microsoft.Extensions.DependencyInjection;

namespace Portal.Data.Payments;

internal sealed class PaymentsArea : DataArea
{
    public override void Register(IServiceCollection services) => services
        .AddSingleton<PaymentChoices>()
        .AddScoped<PaymentService>()
        .AddScoped<PaymentDesk>()
        .AddScoped<RefundDesk>()
        .AddScoped<DepositDesk>()
        .AddScoped<ApartmentAccounts>()
        .AddScoped<IssuedPapers>();
}
