using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Portal.Data.Push;

/// <summary>The two halves as browsers and the library want them: base64url without padding.</summary>
public sealed record PushKeyPair(string Public, string Private);

/// <summary>
/// The keys with which the portal signs what it sends (VAPID, RFC 8292). They are made once and kept in the database, the private one under
/// Data Protection, so that several portals have the same. Where they can no longer be read, new ones are made and every device has to be
/// turned on again: the old ones can no longer be reached by anybody.
/// </summary>
public sealed class PushKeys(PortalStore store, IDataProtectionProvider protection, ILogger<PushKeys> logger) : IDisposable
{
    private readonly IDataProtector _protector = protection.CreateProtector("Vallhalla.Push");
    private readonly SemaphoreSlim _one = new(1);
    private PushKeyPair? _pair;

    public async Task<PushKeyPair> GetAsync(CancellationToken ct)
    {
        if (_pair is { } known) return known;
        await _one.WaitAsync(ct);
        try
        {
            return _pair ??= await ReadAsync(ct) ?? await MakeAsync(ct);
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task<PushKeyPair?> ReadAsync(CancellationToken ct)
    {
        await using var db = await store.OpenAsync(CurrentUser.System, ct);
        var row = await db.PushKeys.AsNoTracking().SingleOrDefaultAsync(ct);
        if (row is null) return null;
        try
        {
            return new PushKeyPair(row.PublicKey, _protector.Unprotect(row.PrivateKey));
        }
        catch (CryptographicException lost)
        {
            logger.LogWarning(lost, "The keys for pushes can no longer be read; new ones are made, and devices have to be turned on again");
            await db.PushDevices.ExecuteDeleteAsync(ct);
            await db.PushKeys.ExecuteDeleteAsync(ct);
            return null;
        }
    }

    /// <summary>Of two portals that start together one makes them, and the other reads what it made.</summary>
    private async Task<PushKeyPair> MakeAsync(CancellationToken ct)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var halves = key.ExportParameters(includePrivateParameters: true);
        var (shown, hidden) = (
            Base64Url.EncodeToString([4, .. halves.Q.X!, .. halves.Q.Y!]), _protector.Protect(Base64Url.EncodeToString(halves.D!)));
        await using var db = await store.OpenAsync(CurrentUser.System, ct);
        await db.Database.ExecuteSqlAsync(
            $"INSERT INTO push_keys (id, public_key, private_key) VALUES ({PushKeyRow.Only}, {shown}, {hidden}) ON DUPLICATE KEY UPDATE id = id",
            ct);
        return await ReadAsync(ct) ?? throw new InvalidOperationException("The keys for pushes were made and cannot be read.");
    }
}
