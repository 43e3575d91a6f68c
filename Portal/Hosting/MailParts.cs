using System.Globalization;
using Portal.Areas.Notifications;
using Portal.Data.Mail;
using Portal.Data.Notifications;
using Portal.Data.Operations;
using Portal.Data.Push;

namespace Portal.Hosting;

/// <summary>
/// The words of notifications, and the jobs that send them: by mail where a mail server is configured (section <c>Mail</c>), and to
/// devices where there is somebody to write to about them (section <c>Push</c>).
/// </summary>
public static class MailParts
{
    public static IServiceCollection AddNotifications(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddDataProtection();
        services.AddSingleton<NotificationText>().AddSingleton<UnsubscribeLinks>().AddSingleton<NotificationMail>();
        var mail = Read(configuration);
        services.AddSingleton(mail);
        services.AddSingleton<Mailer>(provider => new Mailer(provider.GetRequiredService<MailOptions>()));
        services.AddSingleton<MailWriter>(provider => provider.GetRequiredService<NotificationMail>().Write);
        services.AddSingleton<DigestWriter>(provider => provider.GetRequiredService<NotificationMail>().WriteDigest);
        services.AddSingleton(ReadPush(configuration, mail)).AddSingleton<PushClient>();
        services.AddSingleton<PushWriter>(provider => (row, language) =>
            provider.GetRequiredService<NotificationText>().Of(row, Formats.LanguageOf(CultureInfo.GetCultureInfo(language))));
        services.AddScoped<IJobHandler, PushJob>().AddScoped<IJobHandler, PromptPushJob>();
        services.AddScoped<IJobHandler, MailJob>().AddScoped<IJobHandler, FormerAddressMail>().AddScoped<IJobHandler, DigestMail>();
        return services;
    }

    private static PushOptions ReadPush(IConfiguration configuration, MailOptions mail)
    {
        var options = configuration.GetSection("Push").Get<PushOptions>() ?? new PushOptions();
        if (!options.On && mail.From.Length > 0) options = options with { Contact = $"mailto:{mail.From}" };
        return options.Problem() is { } problem ? throw new InvalidOperationException(problem) : options;
    }

    /// <exception cref="InvalidOperationException">The configuration cannot work; the message says what to mend. Better no start than mail
    /// that silently never comes.</exception>
    private static MailOptions Read(IConfiguration configuration)
    {
        var options = configuration.GetSection("Mail").Get<MailOptions>() ?? new MailOptions();
        return options.Problem() is { } problem ? throw new InvalidOperationException(problem) : options;
    }
}
