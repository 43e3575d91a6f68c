using Microsoft.Extensions.DependencyInjection;
using Portal.Data.Operations;

namespace Portal.Data.Notifications;

internal sealed class NotificationsArea : DataArea
{
    public override void Register(IServiceCollection services) => services
        .AddScoped<NotificationService>()
        .AddScoped<NotificationChoices>()
        .AddFrequentJob<DigestMaking>(DigestMaking.JobKind, TimeSpan.FromMinutes(15));
}
