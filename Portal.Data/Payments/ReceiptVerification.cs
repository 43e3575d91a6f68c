using Microsoft.EntityFrameworkCore;
using Portal.Data.Operations;

namespace Portal.Data.Payments;

/// <summary>Tells anybody who holds a receipt whether it is genuine. It names neither the payer nor what was paid for.</summary>
public sealed class ReceiptVerification(PortalStore store, BuildingClock clock)
{
    /// <param name="typed">The code as it was typed or scanned.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>Null where no receipt carries this code.</returns>
    public async Task<VerifiedReceipt?> FindAsync(string? typed, CancellationToken ct)
    {
        if (VerificationCode.Read(typed) is not { } code) return null;
        await using var db = await store.OpenAsync(CurrentUser.Nobody, ct);
        var found = await db.Payments.AsNoTracking().Where(p => p.VerificationCode == code && p.ReceiptNumber != null)
            .Select(p => new { p.ReceiptNumber, p.Amount, p.PaymentDate, Tower = p.Apartment!.Tower!.Name, p.Apartment.ApartmentNumber, p.ConfirmedAt, p.StatusId, p.CancelledAt }).SingleOrDefaultAsync(ct);
        return found is null ? null : new VerifiedReceipt(found.ReceiptNumber!, code, found.Amount, found.PaymentDate, found.Tower, found.ApartmentNumber, Wall(found.ConfirmedAt), found.StatusId, Wall(found.CancelledAt));
    }

    private DateTime? Wall(DateTime? utc) => utc is { } instant ? clock.ToWall(instant) : null;
}
