using Microsoft.Extensions.DependencyInjection;

namespace Portal.Data.Notifications;

internal static class NotificationsRegistration
{
    public static IServiceCollection AddNotificationsData(this IServiceCollection services) => services
        .AddScoped<NotificationService>()
        .AddScoped<NotificationChoices>()
        .AddScoped<NoticeService>();
}
