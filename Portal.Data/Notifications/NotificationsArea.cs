using Microsoft.Extensions.DependencyInjection;

namespace Portal.Data.Notifications;

internal sealed class NotificationsArea : DataArea
{
    public override void Register(IServiceCollection services) => services
        .AddScoped<NotificationService>()
        .AddScoped<NotificationChoices>();
}
