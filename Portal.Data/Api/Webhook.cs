using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data.Audit;
using Portal.Data.Identity;

namespace Portal.Data.Api;

/// <summary>Another program that is told when something happens.</summary>
[Table("webhooks")]
public sealed class Webhook : Stamped
{
    /// <summary>So many messages given up in a row, and it is switched off.</summary>
    public const int MostGivenUp = 3;

    /// <summary>Why the portal switched it off: nothing arrived for days; the receiver said that it is gone (410).</summary>
    public const string OffFailing = "failing", OffGone = "gone";

    private Webhook()
    {
    }

    public long Id { get; private set; }

    [MaxLength(100)]
    public string Name { get; private set; } = "";

    /// <summary>Who set it up: it is told of what they may see.</summary>
    public long UserId { get; private set; }
    public User? User { get; private set; }

    [MaxLength(500)]
    public string Address { get; private set; } = "";

    /// <summary>Of <see cref="WebhookEvents"/>, with commas between.</summary>
    [MaxLength(500)]
    public string Events { get; private set; } = "";

    /// <summary>Under Data Protection.</summary>
    [Secret, Column(TypeName = "text")]
    public string Secret { get; private set; } = "";

    public bool Active { get; private set; } = true;

    /// <summary>Null where a person switched it off, or it is on.</summary>
    [MaxLength(20)]
    public string? OffBecause { get; private set; }

    public int GivenUp { get; private set; }

    /// <summary>The receiver failed: nothing else is tried there before (UTC).</summary>
    [Column(TypeName = "timestamp")]
    public DateTime? RestsUntil { get; private set; }

    internal static Webhook Make(string name, long user, string address, IEnumerable<string> events, string secret) => new()
    {
        Name = name, UserId = user, Address = address, Events = string.Join(',', events), Secret = secret,
    };

    internal void Switch(bool on) => (Active, OffBecause, GivenUp, RestsUntil) = (on, null, 0, null);

    internal void SwitchOff(string because) => (Active, OffBecause, RestsUntil) = (false, because, null);

    /// <summary>The receiver took a message.</summary>
    internal void Arrived() => (GivenUp, RestsUntil) = (0, null);

    /// <summary>Never shorter than it rests already.</summary>
    internal void Rest(DateTime until) => RestsUntil = RestsUntil > until ? RestsUntil : until;

    internal void Wake() => RestsUntil = null;

    /// <returns>Whether it is enough.</returns>
    internal bool GaveUp() => ++GivenUp >= MostGivenUp;
}

[StoredByName]
public enum DeliveryState
{
    Waiting,
    Delivered,

    /// <summary>Tried for three days in vain.</summary>
    GivenUp,

    /// <summary>Not sent: it was switched off, or who set it up may no longer see it.</summary>
    Left,
}

/// <summary>One message to one receiver. Written past the audit log, in the transaction of what it tells.</summary>
[Table("webhook_deliveries"), NotAudited]
public sealed class WebhookDelivery
{
    public long Id { get; private set; }

    public long WebhookId { get; private set; }
    public Webhook? Webhook { get; private set; }

    /// <summary>The same at every attempt: receivers know by it what they had already.</summary>
    [Column(TypeName = "char(36)")]
    public string MessageId { get; private set; } = "";

    [MaxLength(50)]
    public string Event { get; private set; } = "";

    public long? RecordId { get; private set; }

    [Column(TypeName = "timestamp")]
    public DateTime HappenedAt { get; private set; }

    public DeliveryState State { get; private set; }

    public int Attempts { get; private set; }

    [Column(TypeName = "timestamp")]
    public DateTime? TriedAt { get; private set; }

    [Column(TypeName = "timestamp")]
    public DateTime? NextAt { get; private set; }

    /// <summary>Null where there was no answer.</summary>
    public int? StatusCode { get; private set; }

    public int? TookMs { get; private set; }

    /// <summary>One of <see cref="WebhookProblem"/>.</summary>
    [MaxLength(30)]
    public string? Problem { get; private set; }

    [MaxLength(WebhookClient.LongestAnswer)]
    public string? Answer { get; private set; }

    internal static WebhookDelivery Of(Webhook webhook, string @event, DateTime now) => new()
    {
        Webhook = webhook, MessageId = WebhookTrail.NewId(), Event = @event, HappenedAt = now, NextAt = now,
    };

    /// <param name="because">One of <see cref="WebhookProblem"/>.</param>
    internal void Leave(string because) => (State, NextAt, Problem) = (DeliveryState.Left, null, because);

    internal void Tried(WebhookAnswer answer, DateTime now)
    {
        (Attempts, TriedAt, StatusCode, TookMs, Problem, Answer) =
            (Attempts + 1, now, answer.Status, (int)Math.Min(answer.Took.TotalMilliseconds, int.MaxValue), answer.Problem, answer.Text);
        if (answer.Ok) (State, NextAt) = (DeliveryState.Delivered, null);
    }

    internal void TryAgain(DateTime at) =>
        (State, NextAt, Problem) = (DeliveryState.Waiting, at, State == DeliveryState.Left ? null : Problem);

    internal void GiveUp() => (State, NextAt) = (DeliveryState.GivenUp, null);
}

internal sealed class WebhooksTable : IEntityTypeConfiguration<Webhook>
{
    public void Configure(EntityTypeBuilder<Webhook> table) => table.HasIndex(w => w.UserId).HasDatabaseName("idx_webhooks_user");
}

internal sealed class WebhookDeliveriesTable : IEntityTypeConfiguration<WebhookDelivery>
{
    public void Configure(EntityTypeBuilder<WebhookDelivery> table)
    {
        table.HasIndex(d => new { d.MessageId, d.WebhookId }).IsUnique().HasDatabaseName("uq_webhook_deliveries_message");
        table.HasIndex(d => d.WebhookId).HasDatabaseName("idx_webhook_deliveries_webhook");
        table.HasIndex(d => d.HappenedAt).HasDatabaseName("idx_webhook_deliveries_happened_at");
    }
}
