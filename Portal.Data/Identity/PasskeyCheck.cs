using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Fido2NetLib;
using Fido2NetLib.Objects;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Portal.Data.Identity;

/// <summary>What a browser answered, taken apart as far as nobody has to be asked for it.</summary>
/// <param name="ChallengeHash">Of what it says it signed.</param>
internal sealed record PasskeyAnswer(AuthenticatorAssertionRawResponse Raw, byte[] Challenge, string ChallengeHash)
{
    /// <summary>No answer is longer: some identifiers, a signature, and a sentence of the browser's.</summary>
    public const int Longest = 8_000;

    /// <summary>Null where it is none.</summary>
    public static PasskeyAnswer? Of(string? json)
    {
        if (json is not { Length: > 0 and <= Longest }) return null;
        try
        {
            var raw = JsonSerializer.Deserialize<AuthenticatorAssertionRawResponse>(json);
            return raw is { RawId.Length: > 0, Response.ClientDataJson: { } said } && PasskeyCheck.ChallengeIn(said) is { } challenge
                ? new PasskeyAnswer(raw, challenge, PasskeyCheck.HashOf(challenge))
                : null;
        }
        catch (Exception none) when (none is JsonException or FormatException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }
}

/// <summary>
/// Asks for signatures of passkeys and looks at them: Fido2 does the work of WebAuthn level 3, sections 7.1 and 7.2; whose challenge and
/// whose passkey it is, and whether the count rose, is seen to here. User verification is always asked for: the device has looked at a
/// finger, a face or a PIN, so that a passkey alone is two factors.
/// </summary>
public sealed class PasskeyCheck(TimeProvider time, ILogger<PasskeyCheck> logger)
{
    /// <summary>How long a challenge may be answered.</summary>
    internal static readonly TimeSpan Lasts = TimeSpan.FromMinutes(5);

    /// <summary>ES256, which all have, and RS256, for older Windows.</summary>
    private static readonly IReadOnlyList<PubKeyCredParam> Algorithms =
        [new(COSE.Algorithm.ES256, PublicKeyCredentialType.PublicKey), new(COSE.Algorithm.RS256, PublicKeyCredentialType.PublicKey)];

    internal static readonly AuthenticatorSelection Selection = new()
    {
        ResidentKey = ResidentKeyRequirement.Required, UserVerification = UserVerificationRequirement.Required,
    };

    internal static string HashOf(byte[] challenge) => Convert.ToHexStringLower(SHA256.HashData(challenge));

    /// <summary>The challenge that a browser says it had signed; null where it says none.</summary>
    internal static byte[]? ChallengeIn(byte[] clientData)
    {
        using var said = JsonDocument.Parse(clientData);
        return said.RootElement.ValueKind == JsonValueKind.Object
            && said.RootElement.TryGetProperty("challenge", out var challenge) && challenge.ValueKind == JsonValueKind.String
                ? Base64Url.DecodeFromChars(challenge.GetString())
                : null;
    }

    /// <summary>The passkeys of an account that hold at a site.</summary>
    internal static async Task<List<PublicKeyCredentialDescriptor>> OfAsync(PortalDb db, long accountId, string rpId, CancellationToken ct)
    {
        var rows = await db.Passkeys.AsNoTracking().Where(p => p.UserId == accountId && p.RpId == rpId).OrderBy(p => p.Id)
            .Select(p => new { p.CredentialId, p.Transports }).ToListAsync(ct);
        return rows.ConvertAll(row => new PublicKeyCredentialDescriptor(
            PublicKeyCredentialType.PublicKey, row.CredentialId, Transports(row.Transports)));
    }

    internal CredentialCreateOptions NewOptions(
        PasskeySite site, Fido2User user, byte[] challenge, IReadOnlyList<PublicKeyCredentialDescriptor> has) =>
        CredentialCreateOptions.Create(
            Configuration(site), challenge, user, Selection, AttestationConveyancePreference.None, has, null, Algorithms);

    /// <summary>What the browser is to ask the device: JSON for <c>navigator.credentials.get</c>.</summary>
    /// <param name="has">Empty: any that the device has for this site.</param>
    internal async Task<string> AskAsync(
        PortalDb db, string purpose, PasskeySite site, long? accountId, long? sessionId, IReadOnlyList<PublicKeyCredentialDescriptor> has,
        CancellationToken ct)
    {
        var challenge = await KeepAsync(db, purpose, accountId, sessionId, null, ct);
        return Options(site, challenge, has).ToJson();
    }

    /// <summary>Keeps the hash of a new challenge. Those that are over go with it.</summary>
    internal async Task<byte[]> KeepAsync(
        PortalDb db, string purpose, long? accountId, long? sessionId, byte[]? handle, CancellationToken ct)
    {
        var challenge = RandomNumberGenerator.GetBytes(32);
        var now = time.GetUtcNow().UtcDateTime;
        var (hash, until) = (HashOf(challenge), now + Lasts);
        await db.PasskeyChallenges.Where(c => c.ExpiresAt < now).ExecuteDeleteAsync(ct);

        // One statement that may be sent twice. Nothing was done yet that the log would keep.
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO passkey_challenges (challenge_hash, purpose, user_id, session_id, user_handle, expires_at)
            VALUES ({hash}, {purpose}, {accountId}, {sessionId}, {handle}, {until}) ON DUPLICATE KEY UPDATE id = id
            """,
            ct);
        return challenge;
    }

    /// <summary>
    /// Uses a challenge up, whatever comes of the answer. The caller's write must be kept also where it refuses.
    /// </summary>
    /// <returns>Null where there is none (any more), or it was for something or somebody else.</returns>
    internal async Task<PasskeyChallenge?> TakeAsync(
        PortalDb db, string hash, string purpose, long? accountId, long? sessionId, CancellationToken ct)
    {
        var found = await db.PasskeyChallenges.AsNoTracking().FirstOrDefaultAsync(c => c.ChallengeHash == hash, ct);
        if (found is null || await db.PasskeyChallenges.Where(c => c.Id == found.Id).ExecuteDeleteAsync(ct) != 1) return null;
        return found.Purpose == purpose && found.UserId == accountId && found.SessionId == sessionId
            && found.ExpiresAt > time.GetUtcNow().UtcDateTime ? found : null;
    }

    /// <summary>Whether a passkey signed what it was asked to. Its challenge was taken; the caller saves.</summary>
    internal async Task<PasskeyVerdict> VerifyAsync(Passkey key, PasskeyAnswer answer, PasskeySite site, CancellationToken ct)
    {
        if (key.RpId != site.RpId) return PasskeyVerdict.Wrong;
        try
        {
            var signed = await new Fido2(Configuration(site)).MakeAssertionAsync(
                new MakeAssertionParams
                {
                    AssertionResponse = answer.Raw,
                    OriginalOptions = Options(site, answer.Challenge, [new PublicKeyCredentialDescriptor(key.CredentialId)]),
                    StoredPublicKey = key.PublicKey,

                    // Looked at below, after the signature: a count of a stranger's says nothing.
                    StoredSignatureCounter = 0,
                    IsUserHandleOwnerOfCredentialIdCallback = (asked, _) =>
                        Task.FromResult(CryptographicOperations.FixedTimeEquals(asked.UserHandle, key.UserHandle)),
                },
                ct);
            var rose = key.Use(signed.SignCount, signed.IsBackedUp, time.GetUtcNow().UtcDateTime);
            return rose ? PasskeyVerdict.Right : PasskeyVerdict.Copied;
        }
        catch (Exception refused) when (refused is not OperationCanceledException)
        {
            logger.LogInformation(refused, "A passkey's answer was refused: {Reason}", refused.Message);
            return PasskeyVerdict.Wrong;
        }
    }

    /// <summary>Looks at a passkey that was made a moment ago. Null where it is not as it was asked for.</summary>
    internal async Task<RegisteredPublicKeyCredential?> VerifyNewAsync(
        AuthenticatorAttestationRawResponse answer, CredentialCreateOptions asked, PasskeySite site, CancellationToken ct)
    {
        try
        {
            return await new Fido2(Configuration(site)).MakeNewCredentialAsync(
                new MakeNewCredentialParams
                {
                    AttestationResponse = answer,
                    OriginalOptions = asked,

                    // The table's own key says so, in the write that keeps it.
                    IsCredentialIdUniqueToUserCallback = (_, _) => Task.FromResult(true),
                },
                ct);
        }
        catch (Exception refused) when (refused is not OperationCanceledException)
        {
            logger.LogInformation(refused, "A new passkey was refused: {Reason}", refused.Message);
            return null;
        }
    }

    private static AssertionOptions Options(PasskeySite site, byte[] challenge, IReadOnlyList<PublicKeyCredentialDescriptor> has) =>
        AssertionOptions.Create(Configuration(site), challenge, has, UserVerificationRequirement.Required, null);

    private static Fido2Configuration Configuration(PasskeySite site) => new()
    {
        RPID = site.RpId, RPName = site.Name, Origins = new HashSet<string> { site.Origin }, Timeout = (uint)Lasts.TotalMilliseconds,
    };

    private static AuthenticatorTransport[]? Transports(string? kept) =>
        kept is { Length: > 0 }
            ? [.. kept.Split(',').Where(t => Enum.TryParse<AuthenticatorTransport>(t, out _)).Select(Enum.Parse<AuthenticatorTransport>)]
            : null;
}

internal enum PasskeyVerdict
{
    Right,
    Wrong,

    /// <summary>Signed as it should be, with a count that went back.</summary>
    Copied,
}
