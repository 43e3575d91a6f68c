using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Data.Notifications;

namespace Portal.Data.Payments;

/// <summary>Tells the payer in his bell what the office did with his payment, unless he did it himself.</summary>
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
        var amount = payment.Amount.ToString("$ #,0", CultureInfo.GetCultureInfo("es-CO"));
        db.Notifications.Add(new Notification
        {
            RecipientId = account,
            RecipientType = RecipientType.Owner,
            Type = type,
            Title = title,
            Message = string.Join(" · ", new[] { payment.ReceiptNumber, amount, payment.CancelReason }.Where(part => part is not null)),
            // A payment that is being written down has no id yet; the list shows it first.
            Link = payment.Id == 0 ? "/payments" : $"/payments/{payment.Id}",
        });
    }
}
