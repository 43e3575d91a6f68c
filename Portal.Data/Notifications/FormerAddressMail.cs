using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Data.Mail;
using Portal.Data.Operations;

namespace Portal.Data.Notifications;

/// <summary>
/// Tells the address that an account had before that it has another now: whoever took the account over would change it first, and
/// everything else that is told goes to the new one. The address stands in the notification, which is the person's.
/// </summary>
public sealed class FormerAddressMail(PortalStore store, SettingsService settings, Mailer mailer, MailWriter writer)
    : JobHandler<long>(JobKind)
{
    public static readonly JobKind<long> JobKind = new("mail_former");

    /// <summary>The notification; its first part is the address of before.</summary>
    private const string Told = "urgent.email_changed";

    /// <summary>As long as any mail is tried (<see cref="MailJob"/>).</summary>
    public override int MostAttempts => 56;

    public override JobLane Lane => JobLane.Outside;

    /// <summary>In the write that changes the address: the bell, the mail to the new one, and one to the old one.</summary>
    internal static async Task TellAsync(PortalDb db, long account, string? former, string? now, CancellationToken ct)
    {
        if (former == now || string.IsNullOrEmpty(former)) return;
        var at = db.Clock.GetUtcNow().UtcDateTime;
        var key = FormattableString.Invariant($"email:{Guid.NewGuid():N}");
        await new NotificationDraft(
            Told, RecipientType.Owner, "Correo cambiado",
            $"Tu cuenta ya no escribe a {former}. Si no fuiste tú, avisa a la administración.",
            "/account", [new(Text: former), new(Text: now ?? "—")]).AddAsync(db, [account], ct, key);
        var line = await db.Notifications.Where(n => n.UniqueKey == $"{key}:{Told}:{account}").Select(n => n.Id).SingleAsync(ct);
        await JobQueue.AddAsync(db, JobKind, line, at, FormattableString.Invariant($"mail_former:{line}"), ct);
    }

    /// <param name="id">The id of the notification.</param>
    public override async Task RunAsync(long id, CancellationToken ct)
    {
        await using var db = await store.OpenAsync(CurrentUser.System, ct);
        if (await db.Notifications.AsNoTracking().SingleOrDefaultAsync(n => n.Id == id && n.Type == Told, ct) is not { } told) return;
        if (NotificationPart.Read(told.Data) is not [{ Text: { } address }, ..] || !Mailbox.CanBeReached(address)) return;
        if (!mailer.Options.On) throw new WorkLeftException(MailJob.Off);
        var person = await db.Profiles.AsNoTracking().Where(p => p.UserId == told.RecipientId).OrderBy(p => p.Id)
            .Select(p => new { p.FirstName, p.User!.Language }).FirstAsync(ct);
        var reader = new MailReader(
            person.FirstName, person.Language == "en" ? "en" : "es", told.RecipientId, NotificationKinds.Of(told.RecipientType, told.Type));
        var building = await settings.GetAsync(ct);
        // Who reads the old mailbox need not be who has the account: of the new address they see whose it may be, and no more.
        var row = NotificationRow.Of(told, db.Clock.GetUtcNow().UtcDateTime) with
        {
            Data = NotificationPart.Write([.. NotificationPart.Read(told.Data).Select((part, i) => i == 0 ? part : part with { Text = Masked(part.Text) })]),
        };
        var options = mailer.Options;
        var at = row.At.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture);
        try
        {
            await mailer.SendAsync(
                MailJob.Message(
                    options.FromName.Length > 0 ? options.FromName : building.Name, options.From, address, writer(row, reader, building),
                    reader.Language, $"former.{row.Id}.{at}@{options.From.Split('@')[1]}", row.At),
                ct);
        }
        catch (MailException refused) when (refused.ForGood)
        {
            throw new WorkLeftException(MailJob.Refused);
        }
    }

    /// <summary><c>a…@example.org</c></summary>
    internal static string? Masked(string? address) =>
        address?.IndexOf('@', StringComparison.Ordinal) is int at and > 0 ? $"{address[0]}…{address[at..]}" : address;
}
