using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Building;
using Portal.Data.Identity;
using Portal.Data.Notifications;
using Portal.Data.Operations;

namespace Portal.Data.Facilities;

/// <summary>
/// Fills bell and mailbox with what became of a booking; where it asks for approval, the bells of who approves as well. Run twice, it tells
/// once.
/// </summary>
public sealed class ReservationNotifier(PortalStore store) : JobHandler<ReservationNotice>(ReservationNotices.JobKind)
{
    private static readonly CultureInfo Spanish = CultureInfo.GetCultureInfo("es");

    public override async Task RunAsync(ReservationNotice notice, CancellationToken ct)
    {
        var told = await store.WriteAsync(
            CurrentUser.System,
            async (db, token) =>
            {
                if (notice.Type == ReservationNotices.Reminder && !await StandsAsync(db, notice, token)) return Result.Done;
                var residents = db.Owners.Where(o => o.Id == notice.OwnerId).Select(o => o.UserId);
                await TellAsync(db, notice, residents, RecipientType.Owner, notice.Type, "/reservations", null, token);
                if (notice.Type != ReservationNotices.Asked) return Result.Done;

                var where = await db
                    .Reservations.Where(r => r.Id == notice.ReservationId)
                    .Select(r => UnitName.Of(r.Apartment))
                    .FirstOrDefaultAsync(token);
                await TellAsync(
                    db, notice, Approvers(db), RecipientType.User, ReservationNotices.ToApprove, "/reservations?state=pending", where ?? "",
                    token);
                return Result.Done;
            },
            ct
        );
        if (!told.Ok) throw new InvalidOperationException($"Nobody could be told of booking {notice.ReservationId}: {told.Error!.Code}.");
    }

    /// <summary>A reminder that comes late does not remind of what was moved or cancelled meanwhile.</summary>
    private static Task<bool> StandsAsync(PortalDb db, ReservationNotice notice, CancellationToken ct) =>
        db.Reservations.AnyAsync(
            r => r.Id == notice.ReservationId && r.StatusId == ReservationState.Confirmed && r.StartDate == notice.Start,
            ct
        );

    private static IQueryable<long> Approvers(PortalDb db) =>
        db.UsersWith(Permissions.ReservationsManage).Select(u => u.Id);

    private static async Task TellAsync(
        PortalDb db, ReservationNotice notice, IQueryable<long> people, RecipientType to, string type, string link, string? apartment,
        CancellationToken ct)
    {
        // Two portals may run one job when a lease runs out under the first: the second waits here and finds it told.
        var accounts = await people.Order().ToListAsync(ct);
        _ = await db.Users.Where(u => accounts.Contains(u.Id)).OrderBy(u => u.Id).Select(u => u.Id).ForUpdate().ToListAsync(ct);

        var number = notice.Number ?? $"{ReservationService.Series}-{notice.ReservationId}";
        var (title, when) = (Titles.GetValueOrDefault(type, "Reserva"), notice.Start.ToString("d MMM yyyy, HH:mm", Spanish));
        var message = string.Join(
            " · ",
            new[] { apartment, notice.Facility, when, number, notice.Reason }.Where(part => !string.IsNullOrEmpty(part))
        );
        List<NotificationPart> about = [new(Text: number), new(Text: notice.Facility), new(From: notice.Start, To: notice.End)];
        if (apartment is not null) about.Add(new(Text: apartment));
        else if (notice.Until is { } until) about.Add(new(Until: until));
        about.Add(new(Why: notice.Reason));
        await new NotificationDraft(type, to, title, message, link, about).AddAsync(db, accounts, ct, notice.Key.ToString());
    }

    private static readonly Dictionary<string, string> Titles = new()
    {
        [ReservationNotices.Confirmed] = "Reserva confirmada",
        [ReservationNotices.Asked] = "Solicitud de reserva recibida",
        [ReservationNotices.Held] = "Lugar apartado hasta que pagues",
        [ReservationNotices.Approved] = "Reserva aprobada",
        [ReservationNotices.Rejected] = "Reserva no aprobada",
        [ReservationNotices.Changed] = "Reserva cambiada",
        [ReservationNotices.Cancelled] = "Reserva cancelada",
        [ReservationNotices.Expired] = "Reserva vencida",
        [ReservationNotices.Offered] = "Hay un lugar para ti",
        [ReservationNotices.Missed] = "Pasó tu turno en la lista de espera",
        [ReservationNotices.WaitEnded] = "Saliste de la lista de espera",
        [ReservationNotices.Series] = "Reservas periódicas",
        [ReservationNotices.SeriesEnded] = "Reservas periódicas canceladas",
        [ReservationNotices.Reminder] = "Recuerda tu reserva",
        [ReservationNotices.NoShow] = "No registramos tu llegada",
        [ReservationNotices.ToApprove] = "Reserva por aprobar",
    };
}
