using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Notifications;

namespace Portal.Data.Gate;

/// <summary>Who hears of what happens at the gate: the host, that somebody came to them; the office, that there is something to
/// settle.</summary>
internal static class GateNotices
{
    /// <summary>What a resident's bell says of it.</summary>
    public const string Entered = "visit.entered", EnteredRevoked = "visit.entered_revoked";

    /// <summary>What the office's bell says of it.</summary>
    public const string Conflict = "gate.conflict";

    public static async Task EntryAsync(PortalDb db, Visitor visit, IReadOnlyList<ConflictKind> conflicts, CancellationToken ct)
    {
        if (visit.HostId is not { } host || visit.Entered is not { } entered) return;
        var account = await db.Owners.Where(o => o.Id == host).Select(o => (long?)o.UserId).SingleOrDefaultAsync(ct);
        if (account is null) return;
        var unwanted = conflicts.Contains(ConflictKind.Revoked) || conflicts.Contains(ConflictKind.Blocked);
        var what = visit.People > 1 ? $"{visit.Name} (+{visit.People - 1})" : visit.Name;
        await new NotificationDraft(
            unwanted ? EnteredRevoked : Entered, RecipientType.Owner, unwanted ? "Entró alguien que no esperabas" : "Llegó tu visita", what,
            $"/visits/entries/{visit.Id}", [new(Text: what), new(Until: db.Building.ToUtc(entered))]).AddAsync(db, [account.Value], ct,
                $"visit:{visit.ClientKey}");
    }

    public static async Task OfficeAsync(PortalDb db, ConflictKind kind, Visitor? visit, CancellationToken ct)
    {
        var office = await db.UsersWith(Permissions.GateManage).Select(u => u.Id).ToListAsync(ct);
        var what = visit?.Name ?? "";
        await new NotificationDraft(
            Conflict, RecipientType.Admin, "Portería: algo por resolver", what, "/gate/conflicts", [new(Text: what)]).AddAsync(db, office,
                ct);
    }
}
