using System.Text.Json;
using Microsoft.EntityFrameworkCore;

namespace Portal.Data.Audit;

/// <summary>What happened without a row changing: somebody signed in, was refused, downloaded something.</summary>
public static class AuditEvents
{
    /// <summary>Writes one event in the transaction that is open, as done by whom the context was opened for.</summary>
    /// <param name="action">Lowercase with underscores, such as <c>sign_in_failed</c>; at most 50 letters.</param>
    /// <param name="table">What it is about, with <paramref name="recordId"/>.</param>
    /// <param name="details">Written as JSON; never a password, a code or a hash.</param>
    public static Task WriteEventAsync(this PortalDb db, string action, string table, long? recordId, object? details, CancellationToken ct)
    {
        var json = details is null ? null : JsonSerializer.Serialize(details, AuditTrail.Json);
        var name = db.Actor.Name.Length == 0 ? null : db.Actor.Name;
        var severity = Schema.PortalModel.Snake(Severities.OfEvent(action).ToString());
        return db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO audit_log (table_name, record_id, action, new_value, user_id, actor_name, ip_address, operation, severity)
            VALUES ({table}, {recordId}, {action}, {json}, {db.Actor.AccountId}, {name}, {db.Actor.IpAddress}, {db.Operation}, {severity})
            """,
            ct);
    }
}
