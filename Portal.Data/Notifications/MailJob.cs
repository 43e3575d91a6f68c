using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using MimeKit;
using MimeKit.Text;
using Portal.Data.Audit;
using Portal.Data.Mail;
using Portal.Data.Operations;

namespace Portal.Data.Notifications;

/// <summary>To whom a notification is written, and in which of the two languages.</summary>
/// <param name="Kind">Of <see cref="NotificationKinds"/>: what they can turn off; null where a mail has several.</param>
/// <param name="Address">Where the mail goes; null where that does not matter to what it says.</param>
public sealed record MailReader(string FirstName, string Language, long UserId = 0, string? Kind = null, string? Address = null);

/// <summary>What the mail of a notification says, the same in both forms, in its reader's language.</summary>
/// <param name="Choose">Where the reader chooses what goes by mail; null where the portal does not know its own address.</param>
/// <param name="Unsubscribe">Where one press turns this kind off, without signing in (RFC 8058); null where it cannot be turned off.</param>
public sealed record MailWords(string Subject, string Text, string Html, string? Choose, string? Unsubscribe = null);

/// <summary>A paper that goes with a mail.</summary>
public sealed record MailPaper(string Name, byte[] Pdf);

/// <summary>Makes the paper of a notification, in its reader's language; null for the many that have none.</summary>
public delegate Task<MailPaper?> MailPaperWriter(NotificationRow notification, MailReader reader, CancellationToken ct);

/// <summary>Makes the words; the web side has them.</summary>
public delegate MailWords MailWriter(NotificationRow notification, MailReader reader, BuildingSettings building);

/// <summary>
/// Sends one notification by mail, once. A server that does not answer is tried again for two days; what it refuses for good (the person,
/// the letter) is noted in the audit
/// log and left. Between the server's "taken" and our note of it a portal may die: then it is sent again, under the same Message-ID.
/// </summary>
public sealed class MailJob(
    PortalStore store, SettingsService settings, Mailer mailer, MailWriter writer, IEnumerable<MailPaperWriter> papers,
    ILogger<MailJob> logger)
    : JobHandler<long>(JobKind)
{
    public static readonly JobKind<long> JobKind = new("mail");

    /// <summary>The audit log's word for a mail that was refused for good.</summary>
    public const string Refused = "mail_refused";

    /// <summary>Why a mail was not sent where none is set up.</summary>
    public const string Off = "mail_off";

    /// <summary>The pauses grow to an hour: two days.</summary>
    public override int MostAttempts => 56;

    public override JobLane Lane => JobLane.Outside;

    /// <param name="id">The id of the notification.</param>
    public override async Task RunAsync(long id, CancellationToken ct)
    {
        if (await FindAsync(id, ct) is not ({ } notification, { } reader, { } address)) return;
        if (!mailer.Options.On) throw new WorkLeftException(Off);
        if (!Mailbox.CanBeReached(address))
        {
            await RefusedAsync(id, "address", ct);
            return;
        }

        try
        {
            MailPaper? paper = null;
            foreach (var write in papers) paper ??= await write(notification, reader, ct);
            await mailer.SendAsync(Write(notification, reader, address, await settings.GetAsync(ct), paper), ct);
        }
        catch (MailException refused) when (refused.ForGood)
        {
            await RefusedAsync(id, refused.Code!, ct);
            return;
        }

        // It is sent: a portal that stops takes the time to note it.
        Must(
            await store.WriteAsync(
                CurrentUser.System,
                async (db, token) =>
                {
                    if (await db.Notifications.SingleOrDefaultAsync(n => n.Id == id, token) is { } sent)
                        sent.MailedAt = db.Clock.GetUtcNow().UtcDateTime;
                    return Result.Done;
                },
                CancellationToken.None
            )
        );
    }

    /// <summary>Nothing where it was sent already, was deleted, or the person does not want it (any more) or has no address.</summary>
    private async Task<(NotificationRow?, MailReader?, string?)> FindAsync(long id, CancellationToken ct)
    {
        await using var db = await store.OpenAsync(CurrentUser.System, ct);
        if (await db.Notifications.AsNoTracking().SingleOrDefaultAsync(n => n.Id == id && n.MailedAt == null, ct) is not { } found)
            return default;
        var wanting = NotificationDraft.Wanting(db, NotificationKinds.Of(found.RecipientType, found.Type));
        if (!await wanting.AnyAsync(u => u == found.RecipientId, ct))
            return default;
        var person = await db
            .Profiles.AsNoTracking()
            .Where(p => p.UserId == found.RecipientId && p.Email != null && p.Email != "")
            .OrderBy(p => p.Id)
            .Select(p => new
            {
                p.FirstName,
                p.Email,
                p.User!.Language,
            })
            .FirstAsync(ct);
        return (
            NotificationRow.Of(found, db.Clock.GetUtcNow().UtcDateTime),
            new MailReader(
                person.FirstName, person.Language == "en" ? "en" : "es", found.RecipientId, NotificationKinds.Of(found.RecipientType, found.Type),
                person.Email),
            person.Email);
    }

    private MimeMessage Write(
        NotificationRow notification, MailReader reader, string address, BuildingSettings building, MailPaper? paper)
    {
        var (options, at) = (mailer.Options, notification.At.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture));
        return Message(
            options.FromName.Length > 0 ? options.FromName : building.Name, options.From, address, writer(notification, reader, building),
            reader.Language, $"notification.{notification.Id}.{at}@{options.From.Split('@')[1]}", notification.At, paper);
    }

    /// <summary>
    /// One mail in two forms that say the same. The same arguments give the same bytes, so that a second copy is one: the bodies are base64
    /// and the boundary is made from the name.
    /// </summary>
    /// <param name="id">The Message-ID without its brackets.</param>
    /// <param name="at">UTC.</param>
    internal static MimeMessage Message(
        string fromName, string from, string to, MailWords words, string language, string id, DateTime at, MailPaper? paper = null)
    {
        var message = new MimeMessage
        {
            Date = new DateTimeOffset(at, TimeSpan.Zero),
            MessageId = id,
            Subject = OneLine(words.Subject),
        };
        message.From.Add(new MailboxAddress(OneLine(fromName), from));
        message.To.Add(new MailboxAddress(null, to));
        message.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
        if (words.Unsubscribe is { } off)
        {
            message.Headers.Add(HeaderId.ListUnsubscribe, $"<{off}>");
            message.Headers.Add("List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
        }
        else if (words.Choose is { } choose)
        {
            message.Headers.Add(HeaderId.ListUnsubscribe, $"<{choose}>");
        }

        message.Body = new MultipartAlternative(Body(TextFormat.Plain, words.Text), Body(TextFormat.Html, words.Html))
        {
            Boundary = "=_" + id.Split('@')[0],
            Headers = { { HeaderId.ContentLanguage, language } },
        };
        if (paper is not null)
        {
            message.Body = new Multipart("mixed")
            {
                message.Body,
                new MimePart("application", "pdf")
                {
                    Content = new MimeContent(new MemoryStream(paper.Pdf)), FileName = OneLine(paper.Name),
                    ContentTransferEncoding = ContentEncoding.Base64, ContentDisposition = new ContentDisposition(ContentDisposition.Attachment)
                    {
                        FileName = OneLine(paper.Name),
                    },
                },
            };
            ((Multipart)message.Body).Boundary = "=_paper." + id.Split('@')[0];
        }

        return message;
    }

    private static TextPart Body(TextFormat format, string text) =>
        new(format) { Text = text.ReplaceLineEndings("\r\n"), ContentTransferEncoding = ContentEncoding.Base64 };

    /// <summary>A line end counts as a space: nothing that people write becomes a header.</summary>
    private static string OneLine(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));

    private async Task RefusedAsync(long id, string code, CancellationToken ct)
    {
        logger.LogWarning("The mail of notification {Id} is refused for good ({Code}); it stays in the bell", id, code);
        Must(await store.WriteAsync(CurrentUser.System, async (db, token) =>
        {
            await db.WriteEventAsync(Refused, "notifications", id, new { Code = code }, token);
            return Result.Done;
        }, ct));
    }

    private static void Must(Result result)
    {
        if (!result.Ok) throw new InvalidOperationException($"What became of a mail could not be noted: {result.Error!.Code}.");
    }
}
