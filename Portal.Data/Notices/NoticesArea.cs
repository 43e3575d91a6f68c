using Microsoft.Extensions.DependencyInjection;
using Portal.Data.Operations;

namespace Portal.Data.Notices;

internal sealed class NoticesArea : DataArea
{
    public override void Register(IServiceCollection services) => services
        .AddScoped<NoticeService>()
        .AddScoped<NoticeDelivery>()
        .AddFrequentJob<NoticeDelivery>(NoticeDelivery.JobKind, TimeSpan.FromMinutes(5));
}
