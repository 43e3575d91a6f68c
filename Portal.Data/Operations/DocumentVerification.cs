using Microsoft.EntityFrameworkCore;
using Portal.Data.Payments;
using Portal.Data.Pqrs;

namespace Portal.Data.Operations;

/// <summary>What anybody who holds a receipt may know of it.</summary>
public sealed record VerifiedReceipt(string Number, string Code, decimal Amount, DateOnly PaidOn, string? Tower, string? Apartment, DateTime? ConfirmedAt, PaymentState State, DateTime? EndedAt)
{
    public bool Valid => State == PaymentState.Paid;
}

/// <summary>What anybody who holds the papers of a case may know of it.</summary>
public sealed record VerifiedCase(string Number, string Code, DateTime? FiledAt, PqrsState State);

/// <summary>Tells anybody who holds a document whether it is genuine, by the code printed on it. It names no person.</summary>
public sealed class DocumentVerification(PortalStore store, BuildingClock clock)
{
    /// <param name="typed">The code as it was typed or scanned.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>Null where no receipt carries this code.</returns>
    public async Task<VerifiedReceipt?> FindReceiptAsync(string? typed, CancellationToken ct)
    {
        if (VerificationCode.Read(typed) is not { } code) return null;
        await using var db = await store.OpenAsync(CurrentUser.Nobody, ct);
        var found = await db.Payments.AsNoTracking().Where(p => p.VerificationCode == code && p.ReceiptNumber != null)
            .Select(p => new { p.ReceiptNumber, p.Amount, p.PaymentDate, Tower = p.Apartment!.Tower!.Name, p.Apartment.ApartmentNumber, p.ConfirmedAt, p.StatusId, p.CancelledAt }).SingleOrDefaultAsync(ct);
        return found is null ? null : new VerifiedReceipt(found.ReceiptNumber!, code, found.Amount, found.PaymentDate, found.Tower, found.ApartmentNumber, Wall(found.ConfirmedAt), found.StatusId, Wall(found.CancelledAt));
    }

    /// <inheritdoc cref="FindReceiptAsync"/>
    /// <returns>Null where no case carries this code.</returns>
    public async Task<VerifiedCase?> FindCaseAsync(string? typed, CancellationToken ct)
    {
        if (VerificationCode.Read(typed) is not { } code) return null;
        await using var db = await store.OpenAsync(CurrentUser.Nobody, ct);
        var found = await db.Pqrs.AsNoTracking().Where(c => c.VerificationCode == code && c.Number != null).Select(c => new { c.Number, c.CreatedAt, c.StatusId }).SingleOrDefaultAsync(ct);
        return found is null ? null : new VerifiedCase(found.Number!, code, Wall(found.CreatedAt), found.StatusId);
    }

    private DateTime? Wall(DateTime? utc) => utc is { } instant ? clock.ToWall(instant) : null;
}
