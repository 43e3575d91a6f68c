using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using System.Security.Cryptography;
using Portal.Data.Audit;
using Portal.Data.Building;
using Portal.Data.People;

namespace Portal.Data.OnlinePayments;

/// <summary>
/// <c>Started</c>: the person was sent to the gateway. <c>Pending</c>: their bank has yet to say. <c>Review</c>: money came that is not as
/// it was asked for, and the office decides. The others are final.
/// </summary>
[StoredByName]
public enum OnlineState { Started, Pending, Approved, Declined, Expired, Review, Refunded }

/// <summary>Why the office has to look at it.</summary>
[StoredByName]
public enum ReviewReason { Amount, Currency, AfterDeclined }

/// <summary>What became of something that the gateway said.</summary>
[StoredByName]
public enum EventOutcome
{
    /// <summary>It changed the payment.</summary>
    Applied,

    /// <summary>It was known, or came after something that is final: nothing changed.</summary>
    Stale,

    /// <summary>It said something that a person has to look at.</summary>
    Review,

    /// <summary>It speaks of a payment that was not begun here.</summary>
    Unknown,
}

[StoredByName]
public enum EventKind { Created, Pending, Approved, Declined, Expired, Refunded, Settled }

/// <summary>
/// A payment over a gateway, from the moment in which somebody goes there. What it says of money is the gateway's word
/// (<see cref="Hear"/>); once approved it has a confirmed payment of its own, with its receipt.
/// </summary>
[Table("online_payments")]
public sealed class OnlinePayment : Updated
{
    public const string Currency = "COP";

    /// <summary>For how long somebody may begin to pay at the gateway.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);

    private OnlinePayment()
    {
    }

    public long Id { get; private set; }

    /// <summary>By which the gateway knows it and by which its page is reached; cannot be guessed.</summary>
    [MaxLength(32)]
    public string Code { get; private set; } = "";

    [MaxLength(20)]
    public string Provider { get; private set; } = "";

    /// <summary>The gateway's own; null while it has not answered.</summary>
    [MaxLength(50)]
    public string? ProviderId { get; private set; }

    [MaxLength(500)]
    public string? PayAddress { get; private set; }

    public long ApartmentId { get; private set; }
    public Apartment? Apartment { get; private set; }

    public long OwnerId { get; private set; }
    public Owner? Owner { get; private set; }

    public long? StartedBy { get; private set; }

    /// <summary>What was to be paid, in whole pesos.</summary>
    [Column(TypeName = "decimal(12,2)")]
    public decimal Amount { get; private set; }

    /// <summary>What the gateway says that it received; null while nothing came.</summary>
    [Column(TypeName = "decimal(12,2)")]
    public decimal? Received { get; private set; }

    public OnlineState State { get; private set; }
    public ReviewReason? Reason { get; private set; }

    [Column(TypeName = "timestamp")]
    public DateTime? ExpiresAt { get; private set; }

    /// <summary>When the gateway was last asked, UTC.</summary>
    [Column(TypeName = "timestamp")]
    public DateTime? AskedAt { get; private set; }

    /// <summary>When it came to its final state, UTC.</summary>
    [Column(TypeName = "timestamp")]
    public DateTime? FinishedAt { get; private set; }

    /// <summary>The gateway may yet say something of it.</summary>
    [NotMapped]
    public bool Open => State is OnlineState.Started or OnlineState.Pending;

    public static OnlinePayment Start(string provider, long apartment, long owner, decimal amount, long? by, DateTime now) => new()
    {
        Code = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)),
        Provider = provider, ApartmentId = apartment, OwnerId = owner, Amount = amount, StartedBy = by, ExpiresAt = now + Patience,
    };

    /// <summary>The gateway knows it.</summary>
    public void Known(ProviderStart there) => (ProviderId, PayAddress) = (there.Id, there.PayAddress);

    public void Asked(DateTime now) => AskedAt = now;

    /// <summary>What the gateway says of it. What is final stays; what is not as it was asked for waits for the office.</summary>
    /// <param name="now">UTC.</param>
    public EventOutcome Hear(ProviderReport report, DateTime now)
    {
        // An expiry is ours: who has paid by then has paid.
        var open = Open || State == OnlineState.Expired;
        switch (report.State)
        {
            case OnlineState.Pending when State == OnlineState.Started:
                State = OnlineState.Pending;
                return EventOutcome.Applied;
            case OnlineState.Approved when open && report.Currency == Currency && report.Amount == Amount:
                return End(OnlineState.Approved, report.Amount, now);
            case OnlineState.Approved when open:
                return LookAt(report.Currency == Currency ? ReviewReason.Amount : ReviewReason.Currency, report.Amount);
            case OnlineState.Approved when State == OnlineState.Declined:
                return LookAt(ReviewReason.AfterDeclined, report.Amount);
            case OnlineState.Declined when open:
                return End(OnlineState.Declined, null, now);
            case OnlineState.Expired when Open:
                return End(OnlineState.Expired, null, now);
            case OnlineState.Refunded when open || State is OnlineState.Approved or OnlineState.Review:
                return End(OnlineState.Refunded, Received ?? report.Amount, now);
            default:
                return EventOutcome.Stale;
        }
    }

    /// <summary>The gateway knows nothing of it and its time is over: nobody can pay it any more.</summary>
    public void GiveUp(DateTime now)
    {
        if (Open && ExpiresAt <= now) End(OnlineState.Expired, null, now);
    }

    /// <summary>The office takes what came as it came.</summary>
    public Result Accept(DateTime now)
    {
        if (State != OnlineState.Review) return new Error("online.not_review");
        if (Reason == ReviewReason.Currency) return new Error("online.currency");
        End(OnlineState.Approved, Received, now);
        return Result.Done;
    }

    private EventOutcome End(OnlineState state, decimal? received, DateTime now)
    {
        (State, Received, FinishedAt) = (state, received, now);
        return EventOutcome.Applied;
    }

    private EventOutcome LookAt(ReviewReason reason, decimal received)
    {
        (State, Reason, Received, FinishedAt) = (OnlineState.Review, reason, received, null);
        return EventOutcome.Review;
    }
}

/// <summary>Something the gateway said, once. Written in the transaction that does what it says.</summary>
[Table("online_events"), NotAudited]
public sealed class OnlineEvent : Stamped
{
    public long Id { get; set; }

    [MaxLength(20)]
    public string Provider { get; set; } = "";

    [MaxLength(80)]
    public string EventId { get; set; } = "";

    public long? OnlinePaymentId { get; set; }
    public OnlinePayment? OnlinePayment { get; set; }

    public EventKind Kind { get; set; }

    [Column(TypeName = "decimal(14,2)")]
    public decimal? Amount { get; set; }

    public EventOutcome Outcome { get; set; }

    /// <summary>UTC, by the gateway's clock.</summary>
    [Column(TypeName = "timestamp")]
    public DateTime? HappenedAt { get; set; }
}

/// <summary>What the gateway paid out, and what it kept for it: an entry of the books.</summary>
[Table("online_settlements")]
public sealed class OnlineSettlement : Stamped
{
    public long Id { get; set; }

    [MaxLength(20)]
    public string Provider { get; set; } = "";

    [MaxLength(50)]
    public string SettlementId { get; set; } = "";

    /// <summary>Of the payments in it.</summary>
    [Column(TypeName = "decimal(14,2)")]
    public decimal Amount { get; set; }

    [Column(TypeName = "decimal(14,2)")]
    public decimal Fee { get; set; }

    public DateOnly PaidOn { get; set; }
}
