using Microsoft.Extensions.DependencyInjection;

namespace Portal.Data.Payments;

internal static class PaymentsRegistration
{
    public static IServiceCollection AddPaymentsData(this IServiceCollection services) => services
        .AddScoped<PaymentService>()
        .AddScoped<PaymentDesk>()
        .AddScoped<ApartmentAccounts>()
        .AddScoped<IssuedPapers>()
        .AddScoped<DebtorService>();
}
