using System.Globalization;
using System.Net;
using System.Text;
using Portal.Data.Notifications;
using Portal.Data.Operations;

namespace Portal.Areas.Notifications;

/// <summary>
/// A notification as a mail: the bell's words with a greeting, the building's name, and where to choose what comes by mail.
/// </summary>
public sealed class NotificationMail(NotificationText text)
{
    public MailWords Write(NotificationRow notification, MailReader reader, BuildingSettings building)
    {
        var language = Formats.LanguageOf(CultureInfo.GetCultureInfo(reader.Language));
        string Word(string key, params object[] values) => NotificationText.Word(key, language, values);
        var (title, message) = text.Of(notification, language);
        var hello = string.IsNullOrWhiteSpace(reader.FirstName) ? Word("mail.hello.nobody") : Word("mail.hello", reader.FirstName.Trim());
        var portal = Portal(building.PublicAddress);
        // Only addresses of the portal itself: a link is data, and data must not send people elsewhere.
        var open = portal is not null && notification.Link is ['/', not '/', ..] ? portal + notification.Link : null;
        var choose = portal is null ? null : portal + "/account#mail";

        var plain = new StringBuilder().Append(hello).Append("\n\n").Append(title).Append('\n').Append(message).Append("\n\n");
        if (open is not null) plain.Append(Word("mail.open")).Append(": ").Append(open).Append("\n\n");
        plain
            .Append("-- \n")
            .Append(building.Name)
            .Append('\n')
            .Append(Word("mail.choose"))
            .Append(choose is null ? "" : " " + choose)
            .Append('\n');

        var html = new StringBuilder(
            $"<!DOCTYPE html>\n<html lang=\"{language.Name}\"><head><meta charset=\"utf-8\"><title>{Html(title)}</title></head>\n"
        )
            .Append("<body style=\"font-family: sans-serif; line-height: 1.5; max-width: 36em; margin: 0 auto; padding: 1.5em\">\n")
            .Append($"<p>{Html(hello)}</p>\n<h1 style=\"font-size: 1.3em; margin: 0\">{Html(title)}</h1>\n<p>{Html(message)}</p>\n");
        if (open is not null) html.Append($"<p><a href=\"{Html(open)}\">{Html(Word("mail.open"))}</a></p>\n");
        html.Append($"<hr>\n<p style=\"font-size: 0.85em\">{Html(building.Name)}<br>{Html(Word("mail.choose"))}")
            .Append(choose is null ? "" : $" <a href=\"{Html(choose)}\">{Html(Word("mail.choose.link"))}</a>")
            .Append("</p>\n</body></html>\n");
        return new MailWords($"{title} · {building.Name}", plain.ToString(), html.ToString(), choose);
    }

    private static string Html(string words) => WebUtility.HtmlEncode(words);

    /// <summary>
    /// Where people reach the portal, as the settings say it ("portal.example.org" is meant securely); null where they do not.
    /// </summary>
    private static string? Portal(string address)
    {
        var full = address.Contains("://", StringComparison.Ordinal) ? address : "https://" + address;
        return Uri.TryCreate(full.Trim(), UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http" && uri.Host.Length > 0
            ? uri.AbsoluteUri.TrimEnd('/')
            : null;
    }
}
