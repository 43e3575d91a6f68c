using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Data.Notifications;

namespace Portal.Data.Payments;

/// <summary>Tells the payer what the office did with the payment, unless they did it themselves.</summary>
internal static class PaymentNotices
{
    public static async Task TellAsync(PortalDb db, Payment payment, CurrentUser by, CancellationToken ct)
    {
        var account = await db.Owners.Where(o => o.Id == payment.OwnerId).Select(o => o.UserId).SingleAsync(ct);
        if (account == by.AccountId) return;
        var (type, title) = payment.StatusId switch
        {
            PaymentState.Paid => ("payment.confirmed", "Pago confirmado"),
            PaymentState.Rejected => ("payment.rejected", "Pago rechazado"),
            _ => ("payment.voided", "Pago anulado"),
        };
        // A payment that is being written down gets its id now, so that the line leads to it.
        if (payment.Id == 0) await db.SaveChangesAsync(ct);
        var amount = payment.Amount.ToString("$ #,0", CultureInfo.GetCultureInfo("es-CO"));
        var message = string.Join(" · ", new[] { payment.ReceiptNumber, amount, payment.CancelReason }.Where(part => part is not null));
        var draft = new NotificationDraft(type, RecipientType.Owner, title, message, $"/payments/{payment.Id}",
            [new(Text: payment.ReceiptNumber ?? ""), new(Money: payment.Amount), new(Why: payment.CancelReason)]);
        await draft.AddAsync(db, [account], ct);
    }
}
