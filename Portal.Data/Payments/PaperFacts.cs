using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Data.Billing;
using Portal.Data.Operations;

namespace Portal.Data.Payments;

/// <summary>The building at the head of a paper, and what it says at its foot; see <see cref="BuildingSettings"/>.</summary>
public sealed record PaperHead(
    string Name, string LegalName, string TaxId, string Address, string City, string Phone, string Email, string PublicAddress,
    string Paper, string ApplicationRule)
{
    /// <summary>For what prints papers: the settings of that day, as far as papers show them.</summary>
    public BuildingSettings AsSettings() =>
        new()
        {
            Name = Name, LegalName = LegalName, TaxId = TaxId, Address = Address, City = City, Phone = Phone, Email = Email,
            PublicAddress = PublicAddress, Paper = Paper, ApplicationRule = ApplicationRule,
        };

    internal static async Task<PaperHead> ReadAsync(PortalDb db, CancellationToken ct)
    {
        var s = await BuildingSettings.ReadAsync(db, ct);
        return new(s.Name, s.LegalName, s.TaxId, s.Address, s.City, s.Phone, s.Email, s.PublicAddress, s.Paper, s.ApplicationRule);
    }
}

/// <summary>The apartment a paper is about; both null for a payment that names none.</summary>
public sealed record PaperUnit(string? Tower, string? Number)
{
    internal static async Task<PaperUnit> ReadAsync(PortalDb db, long? apartmentId, CancellationToken ct) =>
        await db.Apartments.AsNoTracking().Where(a => a.Id == apartmentId).Select(a => new PaperUnit(a.Tower!.Name, a.ApartmentNumber))
            .SingleOrDefaultAsync(ct) ?? new PaperUnit(null, null);
}

/// <summary>One charge on a paper.</summary>
/// <param name="Owed">Before; of a charge that owes again, what it owes now is not said here.</param>
/// <param name="Applied">What went to it, or was taken back from it.</param>
/// <param name="Receipt">The receipt of the payment the money is from.</param>
public sealed record PaperLine(string Concept, string? Detail, decimal Owed, decimal Applied, string? Receipt)
{
    internal static PaperLine Of(PaymentApplication application) =>
        new(
            application.Charge!.Concept, application.Charge.Detail ?? application.Charge.Number, application.Owed, application.Amount,
            application.Payment!.ReceiptNumber);

    /// <summary>What was taken off the charge with this payment, which who pays early reads on the receipt.</summary>
    /// <param name="off">By charge.</param>
    internal static PaperLine Of(PaymentApplication application, IReadOnlyDictionary<Charge, decimal> off) =>
        off.TryGetValue(application.Charge!, out var amount)
            ? Of(application) with
            {
                Detail = string.Create(
                    CultureInfo.GetCultureInfo("es-CO"), $"{Of(application).Detail} · {EarlyPayment.Reason.ToLowerInvariant()} $ {amount:N0}")
                    .TrimStart(' ', '·'),
            }
            : Of(application);
}

/// <summary>What a receipt says.</summary>
/// <param name="IssuedAt">Wall clock.</param>
/// <param name="PayerDocument">With its middle hidden: "C. C. 52.•••.318".</param>
/// <param name="PaidAt">Wall clock; midnight where the time of day is not known.</param>
/// <param name="Lines">In the order in which the money was applied; what they leave of the amount is credit.</param>
public sealed record ReceiptFacts(
    PaperHead Building, PaperUnit Unit, DateTime IssuedAt, string Payer, string? PayerDocument, decimal Amount, DateTime PaidAt,
    int? MethodId, string? Method, string? Reference, string? ConfirmedBy, IReadOnlyList<PaperLine> Lines)
{
    /// <summary>Applied by the day that each charge fell due; receipts of before went by the day of issue, and say so for ever.</summary>
    public bool ByDueDay { get; init; }

    /// <summary>The concept of the charge that the payer named; null where they named none.</summary>
    public string? Named { get; init; }

    /// <summary>The receipt in whose place it stands; null for the first of its payment.</summary>
    public string? Replaces { get; init; }

    /// <summary>With <see cref="Replaces"/>: the receipt that was voided, for which the payment was applied again.</summary>
    public string? BecauseOf { get; init; }

    /// <param name="payment">As it is being confirmed, or as it was confirmed before papers were kept.</param>
    /// <param name="lines">As they are to be printed.</param>
    internal static async Task<ReceiptFacts> ComposeAsync(
        PortalDb db, Payment payment, IReadOnlyList<PaperLine> lines, BuildingClock clock, CancellationToken ct)
    {
        var payer = await db
            .Owners.Where(o => o.Id == payment.OwnerId)
            .Select(o =>
                db.Profiles.Where(f => f.UserId == o.UserId)
                    .OrderBy(f => f.Id)
                    .Select(f => new { Name = f.FullName, Type = f.DocumentType!.Code, f.DocumentNumber })
                    .FirstOrDefault()
            )
            .SingleOrDefaultAsync(ct);
        var confirmer = await db
            .Profiles.Where(f => f.UserId == payment.ConfirmedBy)
            .OrderBy(f => f.Id)
            .Select(f => f.FullName)
            .FirstOrDefaultAsync(ct);
        var method = await db.PaymentMethods.Where(m => m.Id == payment.PaymentMethodId).Select(m => m.Name).SingleOrDefaultAsync(ct);
        var paidAt = payment.PaymentDate.ToDateTime(payment.PaymentTime ?? TimeOnly.MinValue);
        return new ReceiptFacts(
            await PaperHead.ReadAsync(db, ct), await PaperUnit.ReadAsync(db, payment.ApartmentId, ct),
            payment.ConfirmedAt is { } confirmed ? clock.ToWall(confirmed) : paidAt, payer?.Name ?? "",
            Masked(payer?.Type, payer?.DocumentNumber), payment.Amount, paidAt, payment.PaymentMethodId, method, payment.ReferenceNumber,
            confirmer, lines);
    }

    /// <summary>Enough for the payer to know it is theirs, too little for whoever finds the paper.</summary>
    private static string? Masked(string? type, string? number)
    {
        if (string.IsNullOrWhiteSpace(number)) return null;
        var digits = number.Count(char.IsDigit);
        var seen = 0;
        var hidden =
            digits < 6
                ? new string('•', number.Length)
                : string.Concat(number.Select(c => !char.IsDigit(c) || ++seen <= 2 || seen > digits - 3 ? c : '•'));
        return $"{type} {hidden}".Trim();
    }
}

/// <summary>What a note of application says.</summary>
/// <param name="IssuedAt">Wall clock.</param>
/// <param name="IssuedBy">Null for the portal itself.</param>
/// <param name="VoidedReceipt">For <see cref="NoteCause.Void"/>.</param>
/// <param name="Reason">Why it was voided.</param>
/// <param name="Reopened">Which charges owe again, and how much.</param>
/// <param name="Applied">What of earlier payments went to which charge.</param>
public sealed record NoteFacts(
    PaperHead Building, PaperUnit Unit, DateTime IssuedAt, string? IssuedBy, NoteCause Cause, string? VoidedReceipt, string? Reason,
    IReadOnlyList<PaperLine> Reopened, IReadOnlyList<PaperLine> Applied);

/// <summary>What of a refund came from which payment.</summary>
/// <param name="Receipt">Null of a payment from before there were receipts.</param>
public sealed record RefundSource(string? Receipt, DateOnly PaidOn, decimal Amount);

/// <summary>What a refund's paper says.</summary>
/// <param name="IssuedAt">Wall clock.</param>
/// <param name="Payee">Who owns the apartment; the money is theirs.</param>
/// <param name="MadeBy">Null for the portal itself.</param>
public sealed record RefundFacts(
    PaperHead Building, PaperUnit Unit, DateTime IssuedAt, string? Payee, decimal Amount, DateOnly PaidOn, int MethodId, string? Method,
    string? Reference, string Reason, string? MadeBy, IReadOnlyList<RefundSource> Sources)
{
    /// <param name="refund">With its parts and their payments; as it is being made, or as it was made before papers were kept.</param>
    internal static async Task<RefundFacts> ComposeAsync(PortalDb db, Refund refund, BuildingClock clock, CancellationToken ct) =>
        new(
            await PaperHead.ReadAsync(db, ct), await PaperUnit.ReadAsync(db, refund.ApartmentId, ct),
            refund.CreatedAt is { } at ? clock.ToWall(at) : clock.Now,
            await db.Apartments.Where(a => a.Id == refund.ApartmentId)
                .Select(a => db.Profiles.Where(f => f.UserId == a.Owner!.UserId).OrderBy(f => f.Id).Select(f => f.FullName).FirstOrDefault())
                .SingleAsync(ct),
            refund.Amount, refund.PaidOn, refund.PaymentMethodId,
            await db.PaymentMethods.Where(m => m.Id == refund.PaymentMethodId).Select(m => m.Name).SingleOrDefaultAsync(ct),
            refund.Reference, refund.Reason,
            await db.Profiles.Where(f => f.UserId == refund.MadeBy).OrderBy(f => f.Id).Select(f => f.FullName).FirstOrDefaultAsync(ct),
            [.. refund.Parts.Select(p => new RefundSource(p.Payment!.ReceiptNumber, p.Payment.PaymentDate, p.Amount))]);
}
