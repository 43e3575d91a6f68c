using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using System.Text.Json;
using Portal.Data.Building;
using Portal.Data.Operations;

namespace Portal.Data.Payments;

/// <summary>Why money moved after its receipt was issued: a payment was voided, or credit met a charge.</summary>
[StoredByName]
public enum NoteCause { Void, Credit }

/// <summary>
/// A numbered paper, <c>NA-2026-000031</c>: which charges owe again, and what of earlier payments went to which charge since. Receipts say
/// what was done with a payment on its day and are never changed; whatever happens to the money later stands on a note of its own day.
/// </summary>
[Table("application_notes")]
public sealed class ApplicationNote : Stamped
{
    /// <summary>The series of their numbers.</summary>
    public const string Series = "NA";

    public long Id { get; private set; }

    [MaxLength(20)]
    public string Number { get; private set; } = "";

    [MaxLength(12)]
    public string VerificationCode { get; private set; } = "";

    public long ApartmentId { get; private set; }
    public Apartment? Apartment { get; private set; }

    public NoteCause Cause { get; private set; }

    /// <summary>For <see cref="NoteCause.Void"/>.</summary>
    public long? VoidedPaymentId { get; private set; }
    public Payment? VoidedPayment { get; private set; }

    public DateOnly IssuedOn { get; private set; }

    /// <summary>Null for the portal itself, such as a booking that credit paid.</summary>
    public long? IssuedBy { get; private set; }

    /// <summary>What it applied.</summary>
    public List<PaymentApplication> Applications { get; private set; } = [];

    /// <summary>
    /// Writes the note of what just happened on an apartment's account; to be called under its lock, when everything but numbers is done,
    /// and saved by the caller.
    /// </summary>
    /// <param name="voided">The payment that was voided; null where credit met a charge.</param>
    /// <param name="reopened">Its applications that were taken back, with their charges.</param>
    /// <param name="applied">What of earlier payments was applied, with payments and charges.</param>
    /// <returns>Null, and nothing is written, where nothing moved.</returns>
    internal static async Task<ApplicationNote?> IssueAsync(
        PortalDb db, long apartmentId, Payment? voided, IReadOnlyList<PaymentApplication> reopened,
        IReadOnlyList<PaymentApplication> applied, BuildingClock clock, CancellationToken ct)
    {
        if (reopened.Count == 0 && applied.Count == 0) return null;
        var facts = new NoteFacts(
            await PaperHead.ReadAsync(db, ct), await PaperUnit.ReadAsync(db, apartmentId, ct), clock.Now,
            db.Actor.AccountId is null ? null : db.Actor.Name, voided is null ? NoteCause.Credit : NoteCause.Void, voided?.ReceiptNumber,
            voided?.CancelReason, [.. reopened.Select(PaperLine.Of)], [.. applied.Select(PaperLine.Of)]);
        var note = new ApplicationNote
        {
            Number = await Numbering.NextAsync(db, Series, clock.Today.Year, ct),
            VerificationCode = Operations.VerificationCode.New(),
            ApartmentId = apartmentId,
            Cause = facts.Cause,
            VoidedPayment = voided,
            IssuedOn = clock.Today,
            IssuedBy = db.Actor.AccountId,
        };
        foreach (var application in applied) application.Note = note;
        db.ApplicationNotes.Add(note);
        db.IssuedPapers.Add(IssuedPaper.Of(note.Number, facts));
        return note;
    }
}

/// <summary>
/// What is printed on a numbered paper, as it was when the paper was issued: who prints it in ten years, when the building has another name
/// and the payer another document, gets the same paper. Written once, with the number.
/// </summary>
[Table("issued_papers"), NotAudited]
public sealed class IssuedPaper : Stamped
{
    public long Id { get; private set; }

    [MaxLength(20)]
    public string Number { get; private set; } = "";

    /// <summary>JSON of <see cref="ReceiptFacts"/> or <see cref="NoteFacts"/>.</summary>
    [Column(TypeName = "longtext")]
    public string Facts { get; private set; } = "";

    internal static IssuedPaper Of<T>(string number, T facts) => new() { Number = number, Facts = JsonSerializer.Serialize(facts) };

    internal static T Read<T>(string facts) =>
        JsonSerializer.Deserialize<T>(facts) ?? throw new InvalidOperationException("A paper without facts was issued; see issued_papers.");
}
