using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Portal.Data.Building;

namespace Portal.Data.Audit;

/// <summary>What an id in a change refers to.</summary>
public enum AuditRef { Person, Owner, Apartment, Tower, Role, Permission, Facility, Payment, Case, Booking, Charge }

/// <summary>What the ids in the audit log are called: a person by name, an apartment by tower and number.</summary>
public static class AuditNames
{
    /// <summary>What a column refers to; null where its value says itself what it is.</summary>
    public static AuditRef? Of(string table, string column) => column switch
    {
        "id" => OfTable(table),
        "owner_id" or "host_id" => AuditRef.Owner,
        "apartment_id" => AuditRef.Apartment,
        "tower_id" => AuditRef.Tower,
        "role_id" => AuditRef.Role,
        "permission_id" => AuditRef.Permission,
        "facility_id" => AuditRef.Facility,
        "payment_id" or "voided_payment_id" => AuditRef.Payment,
        "pqrs_id" => AuditRef.Case,
        "reservation_id" => AuditRef.Booking,
        "charge_id" or "named_charge_id" or "base_charge_id" => AuditRef.Charge,
        "user_id" or "assigned_to" or "recipient_id" => AuditRef.Person,
        _ when column.EndsWith("_by", StringComparison.Ordinal) => AuditRef.Person,
        _ => null,
    };

    /// <summary>What the rows of a table are.</summary>
    public static AuditRef? OfTable(string table) => table switch
    {
        "users" => AuditRef.Person,
        "owners" => AuditRef.Owner,
        "apartments" => AuditRef.Apartment,
        "towers" => AuditRef.Tower,
        "roles" => AuditRef.Role,
        "permissions" => AuditRef.Permission,
        "facilities" => AuditRef.Facility,
        "payments" => AuditRef.Payment,
        "pqrs" => AuditRef.Case,
        "reservations" => AuditRef.Booking,
        "charges" => AuditRef.Charge,
        _ => null,
    };

    internal static async Task<IReadOnlyDictionary<(AuditRef To, long Id), string>> ReadAsync(
        PortalDb db, IReadOnlyList<AuditDetail> rows, CancellationToken ct)
    {
        var asked = new HashSet<(AuditRef To, long Id)>();
        foreach (var row in rows)
        {
            if (OfTable(row.Row.Table) is { } itself && row.Row.RecordId is { } id) asked.Add((itself, id));
            foreach (var json in new[] { row.Before, row.After }) Gather(row.Row.Table, json, asked);
        }

        var names = new Dictionary<(AuditRef To, long Id), string>();
        foreach (var group in asked.GroupBy(a => a.To, a => a.Id))
        {
            foreach (var (id, name) in await NamesAsync(db, group.Key, [.. group], ct))
            {
                if (!string.IsNullOrWhiteSpace(name)) names[(group.Key, id)] = name;
            }
        }

        return names;
    }

    private static void Gather(string table, string? json, HashSet<(AuditRef To, long Id)> asked)
    {
        if (string.IsNullOrEmpty(json)) return;
        try
        {
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind != JsonValueKind.Object) return;
            foreach (var value in document.RootElement.EnumerateObject())
            {
                if (Of(table, value.Name) is { } to && value.Value.ValueKind == JsonValueKind.Number && value.Value.TryGetInt64(out var id))
                    asked.Add((to, id));
            }
        }
        catch (JsonException)
        {
            // An adopted log may hold anything: it is shown as it stands.
        }
    }

    private static async Task<List<(long Id, string? Name)>> NamesAsync(
        PortalDb db, AuditRef to, List<long> ids, CancellationToken ct)
    {
        var named = to switch
        {
            AuditRef.Person => db.Profiles.Where(p => ids.Contains(p.UserId)).Select(p => new Named(p.UserId, p.FullName)),
            AuditRef.Owner => db.Owners.Where(o => ids.Contains(o.Id))
                .Select(o => new Named(o.Id, db.Profiles.Where(p => p.UserId == o.UserId).Select(p => p.FullName).FirstOrDefault())),
            AuditRef.Apartment => db.Apartments.Where(a => ids.Contains(a.Id)).Select(a => new Named(a.Id, UnitName.Of(a))),
            AuditRef.Tower => db.Towers.Where(t => ids.Contains(t.Id)).Select(t => new Named(t.Id, t.Name)),
            AuditRef.Role => db.Roles.Where(r => ids.Contains(r.Id)).Select(r => new Named(r.Id, r.Name)),
            AuditRef.Permission => db.Permissions.Where(p => ids.Contains(p.Id)).Select(p => new Named(p.Id, p.Name)),
            AuditRef.Facility => db.Facilities.Where(f => ids.Contains(f.Id)).Select(f => new Named(f.Id, f.Name)),
            AuditRef.Payment => db.Payments.Where(p => ids.Contains(p.Id)).Select(p => new Named(p.Id, p.ReceiptNumber)),
            AuditRef.Case => db.Pqrs.Where(p => ids.Contains(p.Id)).Select(p => new Named(p.Id, p.Number)),
            AuditRef.Charge => db.Charges.Where(c => ids.Contains(c.Id)).Select(c => new Named(c.Id, c.Concept)),
            _ => db.Reservations.Where(r => ids.Contains(r.Id)).Select(r => new Named(r.Id, r.Number)),
        };
        return (await named.ToListAsync(ct)).ConvertAll(n => (n.Id, n.Name));
    }

    private sealed record Named(long Id, string? Name);
}
