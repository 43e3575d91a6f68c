using System.Globalization;
using System.Net;
using System.Text;
using Portal.Data.Identity;
using Portal.Data.Notifications;
using Portal.Data.Operations;

namespace Portal.Areas.Notifications;

/// <summary>
/// A notification as a mail: the bell's words with a greeting, the building's name, and where to choose what comes by mail.
/// </summary>
/// <param name="links">Where a mail can be turned off; null leaves the links out.</param>
/// <param name="answers">Where the reader says whether a sign-in was theirs; null leads them where the bell does.</param>
public sealed class NotificationMail(NotificationText text, UnsubscribeLinks? links = null, NewSignInLinks? answers = null)
{
    public MailWords Write(NotificationRow notification, MailReader reader, BuildingSettings building)
    {
        var letter = new Letter(reader, building);
        var (title, message) = text.Of(notification, letter.Language);
        var answer = AnswerTo(notification, reader.Address);
        var (open, opens) = (letter.Link(answer ?? notification.Link), letter.Word(answer is null ? "mail.open" : "mail.answer"));
        letter.Plain.Append(title).Append('\n').Append(message).Append("\n\n");
        if (open is not null) letter.Plain.Append(opens).Append(": ").Append(open).Append("\n\n");
        letter.Body.Append($"<h1 style=\"font-size: 1.3em; margin: 0\">{Html(title)}</h1>\n<p>{Html(message)}</p>\n");
        if (open is not null) letter.Body.Append($"<p><a href=\"{Html(open)}\">{Html(opens)}</a></p>\n");
        return letter.End(
            title, links is null || reader.Kind is null or NotificationKinds.Urgent ? null : links.Make(reader.UserId, reader.Kind),
            reader.Kind == NotificationKinds.Urgent ? "mail.urgent" : "mail.choose");
    }

    /// <summary>
    /// Of a sign-in that may have been a stranger's, the address to answer at. Only the mail has it: the bell can be read by whoever came
    /// in, and so can a mailbox that they named since.
    /// </summary>
    private string? AnswerTo(NotificationRow notification, string? address) =>
        answers is not null && notification.Type == NewSignInService.Told
        && NewSignInService.AskedOf(NotificationPart.Read(notification.Data), address) is { } session
            ? answers.Make(session)
            : null;

    /// <summary>Several notifications as one mail, the oldest first.</summary>
    public MailWords WriteDigest(IReadOnlyList<NotificationRow> lines, MailRhythm rhythm, MailReader reader, BuildingSettings building)
    {
        var letter = new Letter(reader, building);
        var daily = rhythm == MailRhythm.Daily;
        var title = letter.Word(daily ? "digest.daily" : "digest.weekly");
        letter.Plain.Append(letter.Word("digest.lead", lines.Count)).Append("\n\n");
        letter.Body.Append($"<h1 style=\"font-size: 1.3em; margin: 0\">{Html(title)}</h1>\n<p>{Html(letter.Word("digest.lead", lines.Count))}</p>\n<ul>\n");
        foreach (var line in lines)
        {
            var ((about, message), open) = (text.Of(line, letter.Language), letter.Link(line.Link));
            letter.Plain.Append("* ").Append(about).Append("\n  ").Append(message.ReplaceLineEndings("\n  ")).Append('\n');
            if (open is not null) letter.Plain.Append("  ").Append(open).Append('\n');
            letter.Plain.Append('\n');
            var head = open is null ? Html(about) : $"<a href=\"{Html(open)}\">{Html(about)}</a>";
            letter.Body.Append($"<li style=\"margin-bottom: 0.7em\"><b>{head}</b><br>{Html(message)}</li>\n");
        }

        letter.Body.Append("</ul>\n");
        return letter.End(
            title, links?.Make(reader.UserId, daily ? NotificationChoices.Daily : NotificationChoices.Weekly), "mail.choose");
    }

    /// <summary>A mail in its two forms, with greeting and foot.</summary>
    private sealed class Letter
    {
        private readonly BuildingSettings _building;
        private readonly string? _portal;

        public Letter(MailReader reader, BuildingSettings building)
        {
            (_building, _portal) = (building, Portal(building.PublicAddress));
            Language = Formats.LanguageOf(CultureInfo.GetCultureInfo(reader.Language));
            var hello = string.IsNullOrWhiteSpace(reader.FirstName) ? Word("mail.hello.nobody") : Word("mail.hello", reader.FirstName.Trim());
            Plain.Append(hello).Append("\n\n");
            Body.Append($"<p>{Html(hello)}</p>\n");
        }

        public CultureInfo Language { get; }

        public StringBuilder Plain { get; } = new();

        public StringBuilder Body { get; } = new();

        public string Word(string key, params object[] values) => NotificationText.Word(key, Language, values);

        /// <summary>Only addresses of the portal itself: a link is data, and data must not send people elsewhere.</summary>
        public string? Link(string? local) => _portal is not null && local is ['/', not '/', ..] ? _portal + local : null;

        /// <param name="why">The word that says why they get it, and what can be done about that.</param>
        public MailWords End(string title, string? unsubscribe, string why)
        {
            var (choose, off) = (Link("/account#mail"), Link(unsubscribe));
            Plain.Append("-- \n").Append(_building.Name).Append('\n').Append(Word(why)).Append(choose is null ? "" : " " + choose).Append('\n');
            if (off is not null) Plain.Append(Word("mail.off")).Append(": ").Append(off).Append('\n');
            var html = new StringBuilder(
                $"<!DOCTYPE html>\n<html lang=\"{Language.Name}\"><head><meta charset=\"utf-8\"><title>{Html(title)}</title></head>\n")
                .Append("<body style=\"font-family: sans-serif; line-height: 1.5; max-width: 36em; margin: 0 auto; padding: 1.5em\">\n")
                .Append(Body)
                .Append($"<hr>\n<p style=\"font-size: 0.85em\">{Html(_building.Name)}<br>{Html(Word(why))}")
                .Append(choose is null ? "" : $" <a href=\"{Html(choose)}\">{Html(Word("mail.choose.link"))}</a>")
                .Append(off is null ? "" : $" · <a href=\"{Html(off)}\">{Html(Word("mail.off"))}</a>")
                .Append("</p>\n</body></html>\n");
            return new MailWords($"{title} · {_building.Name}", Plain.ToString(), html.ToString(), choose, off);
        }
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
