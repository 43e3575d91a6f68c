using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Data.Notifications;

namespace Portal.Data.Facilities;

/// <summary>Tells a resident in his bell what the office did with his booking.</summary>
internal static class ReservationNotices
{
    public const string Approved = "reservation.approved";
    public const string Rejected = "reservation.rejected";
    public const string Cancelled = "reservation.cancelled";

    public static async Task TellAsync(PortalDb db, Reservation reservation, string facility, string type, CancellationToken ct)
    {
        var account = await db.Owners.Where(o => o.Id == reservation.OwnerId).Select(o => o.UserId).SingleAsync(ct);
        var when = reservation.StartDate.ToString("d MMM yyyy, HH:mm", CultureInfo.GetCultureInfo("es"));
        db.Notifications.Add(new Notification
        {
            RecipientId = account,
            RecipientType = RecipientType.Owner,
            Type = type,
            Title = type switch { Approved => "Reserva aprobada", Rejected => "Reserva no aprobada", _ => "Reserva cancelada" },
            Message = reservation.CancelReason is { } reason ? $"{facility}, {when}: {reason}" : $"{facility}, {when}",
            Link = "/reservations",
        });
    }
}
