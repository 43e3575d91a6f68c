using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Portal.Data.Access;
using Portal.Data.Billing;
using Portal.Data.Facilities;
using Portal.Data.Gate;
using Portal.Data.Notices;
using Portal.Data.Payments;
using Portal.Data.Pqrs;

namespace Portal.Data.Api;

/// <summary>What other programs can be told of.</summary>
/// <param name="Name">As it travels.</param>
/// <param name="Link">Where its record is in the API, <c>{0}</c> its number; null: it is seen in a list.</param>
/// <param name="Needs">One of these is needed to be told of it.</param>
public sealed record WebhookEvent(string Name, string? Link, params string[] Needs)
{
    internal bool IsFor(CurrentUser user) => Needs.Any(user.Can);
}

public static class WebhookEvents
{
    /// <summary>Sent for trying out; about nothing.</summary>
    public const string Ping = "ping";

    public const string PaymentRecorded = "payment.recorded", PaymentConfirmed = "payment.confirmed", PaymentVoided = "payment.voided",
        PaymentRejected = "payment.rejected", CaseFiled = "case.filed", CaseMoved = "case.moved", CaseAnswered = "case.answered",
        CaseClosed = "case.closed", ReservationMade = "reservation.made", ReservationCancelled = "reservation.cancelled",
        VisitorIn = "visitor.in", VisitorOut = "visitor.out", NoticePublished = "notice.published", ChargesPosted = "charges.posted";

    public static readonly IReadOnlyList<WebhookEvent> All =
    [
        Of(PaymentRecorded, "payments/{0}", Permissions.PaymentsView), Of(PaymentConfirmed, "payments/{0}", Permissions.PaymentsView),
        Of(PaymentVoided, "payments/{0}", Permissions.PaymentsView), Of(PaymentRejected, "payments/{0}", Permissions.PaymentsView),
        Of(ChargesPosted, null, Permissions.BillingView),
        Of(CaseFiled, "cases/{0}", Permissions.PqrsView), Of(CaseMoved, "cases/{0}", Permissions.PqrsView),
        Of(CaseAnswered, "cases/{0}", Permissions.PqrsView), Of(CaseClosed, "cases/{0}", Permissions.PqrsView),
        Of(ReservationMade, "reservations/{0}", Permissions.ReservationsView),
        Of(ReservationCancelled, "reservations/{0}", Permissions.ReservationsView),
        Of(VisitorIn, null, Permissions.GateView), Of(VisitorOut, null, Permissions.GateView),
        Of(NoticePublished, "notices/{0}", Permissions.NoticesView),
    ];

    public static WebhookEvent? Find(string name) => All.FirstOrDefault(e => e.Name == name);

    private static WebhookEvent Of(string name, string? link, params string[] needs) => new(name, link, needs);
}

/// <summary>
/// What a save tells other programs: found at the one place that every change passes, beside the audit log's, and written in the same
/// transaction. No commit, no message; and none is lost, for its job stands beside it.
/// </summary>
internal sealed class WebhookTrail
{
    private readonly List<(EntityEntry Entry, string Event)> _told = [];

    private WebhookTrail()
    {
    }

    public static string NewId() => "msg_" + Guid.NewGuid().ToString("N");

    /// <summary>Before it is saved, while it is known what changed; null where nothing is told.</summary>
    public static WebhookTrail? Capture(PortalDb db)
    {
        WebhookTrail? trail = null;
        foreach (var entry in db.ChangeTracker.Entries())
        {
            if (entry.State is not (EntityState.Added or EntityState.Modified)) continue;
            foreach (var name in Of(entry)) (trail ??= new WebhookTrail())._told.Add((entry, name));
        }

        return trail;
    }

    /// <summary>Now that the database has given the ids. Reads <c>webhooks</c> without a lock: nobody waits for who sets one up.</summary>
    public void Write(SqlBatch batch, PortalDb db)
    {
        var now = db.Clock.GetUtcNow().UtcDateTime;
        foreach (var (entry, name) in _told)
        {
            var (message, record) = (NewId(), Convert.ToInt64(
                entry.CurrentValues[entry.Metadata.FindPrimaryKey()!.Properties[0]], System.Globalization.CultureInfo.InvariantCulture));
            batch.Then(
                $"""
                INSERT INTO webhook_deliveries (webhook_id, message_id, event, record_id, happened_at, next_at)
                SELECT w.id, {message}, {name}, {record}, {now}, {now} FROM webhooks AS w WHERE w.active = 1 AND FIND_IN_SET({name}, w.events) > 0
                """);
            batch.Then(
                $"""
                INSERT INTO jobs (kind, payload, run_at, unique_key, serial_key)
                SELECT {WebhookJob.JobKind.Name}, CAST(d.id AS CHAR), {now}, CONCAT('webhook:', d.id, ':0'), CONCAT('webhook:', d.webhook_id)
                FROM webhook_deliveries AS d WHERE d.message_id = {message}
                """);
        }
    }

    private static IEnumerable<string> Of(EntityEntry entry) => entry.Entity switch
    {
        Payment payment => OfPayment(entry, payment),
        PqrsCase filed => OfCase(entry, filed),
        Reservation booking => OfReservation(entry, booking),
        Visitor visit => OfVisit(entry, visit),
        Notice notice => Came(entry, nameof(Notice.DeliveredAt)) && notice.DeliveredAt is not null ? [WebhookEvents.NoticePublished] : [],
        BillingRun => entry.State == EntityState.Added ? [WebhookEvents.ChargesPosted] : [],
        _ => [],
    };

    private static IEnumerable<string> OfPayment(EntityEntry entry, Payment payment)
    {
        if (entry.State == EntityState.Added) yield return WebhookEvents.PaymentRecorded;
        if (!Came(entry, nameof(Payment.StatusId))) yield break;
        if (payment.StatusId == PaymentState.Paid) yield return WebhookEvents.PaymentConfirmed;
        if (payment.StatusId == PaymentState.Cancelled) yield return WebhookEvents.PaymentVoided;
        if (payment.StatusId == PaymentState.Rejected) yield return WebhookEvents.PaymentRejected;
    }

    private static IEnumerable<string> OfCase(EntityEntry entry, PqrsCase filed)
    {
        if (entry.State == EntityState.Added) yield return WebhookEvents.CaseFiled;
        else if (Came(entry, nameof(PqrsCase.StatusId)))
        {
            yield return filed.StatusId switch
            {
                PqrsState.Resolved => WebhookEvents.CaseAnswered,
                PqrsState.Closed => WebhookEvents.CaseClosed,
                _ => WebhookEvents.CaseMoved,
            };
        }
    }

    private static IEnumerable<string> OfReservation(EntityEntry entry, Reservation booking)
    {
        // What is only held for some minutes is made when it stands.
        var stands = booking.StatusId is ReservationState.Confirmed or ReservationState.Pending;
        var stood = entry.State == EntityState.Modified
            && entry.OriginalValues[nameof(Reservation.StatusId)] is ReservationState.Confirmed or ReservationState.Pending;
        if (stands && !stood && Came(entry, nameof(Reservation.StatusId))) yield return WebhookEvents.ReservationMade;
        if (booking.StatusId == ReservationState.Cancelled && Came(entry, nameof(Reservation.StatusId)))
            yield return WebhookEvents.ReservationCancelled;
    }

    private static IEnumerable<string> OfVisit(EntityEntry entry, Visitor visit)
    {
        if (!Came(entry, nameof(Visitor.State))) yield break;
        if (visit.State == VisitorState.Inside) yield return WebhookEvents.VisitorIn;
        if (visit.State == VisitorState.Left) yield return WebhookEvents.VisitorOut;
    }

    private static bool Came(EntityEntry entry, string property) =>
        entry.State == EntityState.Added || entry.Property(property).IsModified;
}
