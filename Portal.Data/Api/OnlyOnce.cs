using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using MySqlConnector;

namespace Portal.Data.Api;

/// <summary>
/// Ties a write to the caller's <c>Idempotency-Key</c>: its row is written in the same transaction, so that of two that come together one
/// waits for the other, and whoever comes later is told what was made. A write that was refused leaves no row, and may be tried again.
/// </summary>
public sealed class OnlyOnce
{
    /// <summary>The refusals: it was done already (the value is the record's number, or null); the key was used for something else.</summary>
    public const string Repeated = "api.repeated", Reused = "api.key_reused";

    private readonly long _key;
    private readonly string _hash, _fingerprint;
    private readonly Func<object, long?> _record;
    private bool _done;

    /// <param name="caller">Each has keys of its own.</param>
    /// <param name="key">As the header has it.</param>
    /// <param name="asked">What is asked: method, address, body.</param>
    /// <param name="record">The number of what was made, of what the write gives.</param>
    public OnlyOnce(ApiCaller caller, string key, string asked, Func<object, long?> record)
    {
        _key = caller.KeyId;
        (_hash, _fingerprint, _record) = (Hash(key), Hash(asked), record);
    }

    /// <summary>A request writes once; what it writes afterwards is another write.</summary>
    internal bool Applies => !_done;

    /// <summary>In the transaction, before anything is done.</summary>
    /// <param name="operation">By which the audit log ties the rows of the write together: each attempt's own, so that one whose commit is
    /// unknown never takes another's for its own.</param>
    internal async Task<Error?> BeginAsync(PortalDb db, string operation, CancellationToken ct)
    {
        try
        {
            await db.Database.ExecuteSqlAsync(
                $"""
                INSERT INTO api_requests (api_key_id, key_hash, fingerprint, operation, created_at)
                VALUES ({_key}, {_hash}, {_fingerprint}, {operation}, {db.Clock.GetUtcNow().UtcDateTime})
                """,
                ct);
            return null;
        }
        catch (MySqlException taken) when (taken.ErrorCode == MySqlErrorCode.DuplicateKeyEntry)
        {
            var first = await db.ApiRequests.AsNoTracking().SingleAsync(r => r.ApiKeyId == _key && r.KeyHash == _hash, ct);
            return first.Fingerprint == _fingerprint ? new Error(Repeated, null, first.RecordId) : new Error(Reused);
        }
    }

    /// <summary>In the transaction, after everything is done.</summary>
    internal Task EndAsync(PortalDb db, object? made, CancellationToken ct)
    {
        var record = made is null ? null : _record(made);
        return db.Database.ExecuteSqlAsync(
            $"UPDATE api_requests SET record_id = {record} WHERE api_key_id = {_key} AND key_hash = {_hash}", ct);
    }

    internal void Committed() => _done = true;

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
