using Microsoft.Extensions.DependencyInjection;
using Portal.Data.Operations;

namespace Portal.Data.Collection;

internal sealed class CollectionArea : DataArea
{
    public override void Register(IServiceCollection services) => services
        .AddScoped<CertificateDesk>()
        .AddScoped<AgreementDesk>()
        .AddScoped<CollectionDesk>()
        .AddScoped<DebtorService>()
        .AddDailyJob<CollectionJob>(CollectionJob.JobKind, CollectionJob.At);
}
