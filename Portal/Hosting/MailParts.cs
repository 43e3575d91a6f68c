using Portal.Areas.Notifications;
using Portal.Data.Mail;
using Portal.Data.Notifications;
using Portal.Data.Operations;

namespace Portal.Hosting;

/// <summary>
/// The words of notifications, and the job that sends them by mail where a mail server is configured (section <c>Mail</c>).
/// </summary>
public static class MailParts
{
    public static IServiceCollection AddNotifications(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddDataProtection();
        services.AddSingleton<NotificationText>().AddSingleton<UnsubscribeLinks>().AddSingleton<NotificationMail>();
        services.AddSingleton(Read(configuration));
        services.AddSingleton<Mailer>(provider => new Mailer(provider.GetRequiredService<MailOptions>()));
        services.AddSingleton<MailWriter>(provider => provider.GetRequiredService<NotificationMail>().Write);
        services.AddSingleton<DigestWriter>(provider => provider.GetRequiredService<NotificationMail>().WriteDigest);
        services.AddScoped<IJobHandler, MailJob>().AddScoped<IJobHandler, DigestMail>();
        return services;
    }

    /// <exception cref="InvalidOperationException">The configuration cannot work; the message says what to mend. Better no start than mail
    /// that silently never comes.</exception>
    private static MailOptions Read(IConfiguration configuration)
    {
        var options = configuration.GetSection("Mail").Get<MailOptions>() ?? new MailOptions();
        return options.Problem() is { } problem ? throw new InvalidOperationException(problem) : options;
    }
}
