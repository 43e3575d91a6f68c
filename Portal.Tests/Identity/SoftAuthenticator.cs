using System.Buffers.Binary;
using System.Buffers.Text;
using System.Formats.Cbor;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Portal.Tests.Identity;

/// <summary>What a browser and its device answer, for tests that change one thing of it.</summary>
internal sealed record Ceremony
{
    public string Origin { get; init; } = PasskeyWorld.Site.Origin;

    /// <summary>Null: as the portal asked.</summary>
    public string? RpId { get; init; }

    /// <summary>Null: the one that the portal asked with.</summary>
    public byte[]? Challenge { get; init; }

    /// <summary>Null: the one that belongs to the ceremony.</summary>
    public string? Type { get; init; }

    public bool Present { get; init; } = true;

    public bool Verified { get; init; } = true;

    /// <summary>Null: one more than before.</summary>
    public uint? Count { get; init; }

    /// <summary>Null: as it was given.</summary>
    public byte[]? UserHandle { get; init; }

    /// <summary>The browser shows the portal within a page of somebody else.</summary>
    public bool CrossOrigin { get; init; }
}

/// <summary>
/// An authenticator in software: one ES256 credential, CBOR and signatures as WebAuthn level 3 has them (6.1, 6.5, 7), without attestation.
/// </summary>
internal sealed class SoftAuthenticator
{
    private const byte UserPresent = 0x01;
    private const byte UserVerified = 0x04;
    private const byte BackupEligible = 0x08;
    private const byte BackedUp = 0x10;
    private const byte Attested = 0x40;

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly bool _synced;

    /// <param name="synced">It lies with a maker, and counts nothing.</param>
    public SoftAuthenticator(bool synced = false) => _synced = synced;

    public byte[] CredentialId { get; init; } = RandomNumberGenerator.GetBytes(32);

    public byte[] UserHandle { get; private set; } = [];

    public uint Count { get; private set; }

    /// <summary>The answer to <c>navigator.credentials.create</c>.</summary>
    public string Create(string options, Ceremony? how = null)
    {
        how ??= new Ceremony();
        var asked = JsonNode.Parse(options)!;
        UserHandle = Base64Url.DecodeFromChars(asked["user"]!["id"]!.GetValue<string>());
        var client = ClientData(how, "webauthn.create", asked["challenge"]!.GetValue<string>());
        var data = AuthenticatorData(how, how.RpId ?? asked["rp"]!["id"]!.GetValue<string>(), attested: true);
        var attestation = new CborWriter(CborConformanceMode.Ctap2Canonical);
        attestation.WriteStartMap(3);
        attestation.WriteTextString("fmt");
        attestation.WriteTextString("none");
        attestation.WriteTextString("attStmt");
        attestation.WriteStartMap(0);
        attestation.WriteEndMap();
        attestation.WriteTextString("authData");
        attestation.WriteByteString(data);
        attestation.WriteEndMap();
        return JsonSerializer.Serialize(new
        {
            id = Text(CredentialId), rawId = Text(CredentialId), type = "public-key", clientExtensionResults = new { },
            response = new
            {
                attestationObject = Text(attestation.Encode()), clientDataJSON = Text(client), transports = new[] { "internal", "hybrid" },
            },
        });
    }

    /// <summary>The answer to <c>navigator.credentials.get</c>.</summary>
    public string Sign(string options, Ceremony? how = null)
    {
        how ??= new Ceremony();
        var asked = JsonNode.Parse(options)!;
        var client = ClientData(how, "webauthn.get", asked["challenge"]!.GetValue<string>());
        if (!_synced) Count = how.Count ?? Count + 1;
        var data = AuthenticatorData(how, how.RpId ?? asked["rpId"]!.GetValue<string>(), attested: false);
        var signature = _key.SignData(
            [.. data, .. SHA256.HashData(client)], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        return JsonSerializer.Serialize(new
        {
            id = Text(CredentialId), rawId = Text(CredentialId), type = "public-key", clientExtensionResults = new { },
            response = new
            {
                authenticatorData = Text(data), clientDataJSON = Text(client), signature = Text(signature),
                userHandle = Text(how.UserHandle ?? UserHandle),
            },
        });
    }

    private byte[] AuthenticatorData(Ceremony how, string rpId, bool attested)
    {
        var flags = (byte)((how.Present ? UserPresent : 0) | (how.Verified ? UserVerified : 0) | (attested ? Attested : 0)
            | (_synced ? BackupEligible | BackedUp : 0));
        Span<byte> count = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(count, Count);
        List<byte> data = [.. SHA256.HashData(Encoding.UTF8.GetBytes(rpId)), flags, .. count];
        if (!attested) return [.. data];
        Span<byte> length = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)CredentialId.Length);
        data.AddRange(new byte[16]);
        data.AddRange(length);
        data.AddRange(CredentialId);
        data.AddRange(PublicKey());
        return [.. data];
    }

    /// <summary>COSE: EC2, ES256, P-256.</summary>
    private byte[] PublicKey()
    {
        var point = _key.ExportParameters(includePrivateParameters: false).Q;
        var cose = new CborWriter(CborConformanceMode.Ctap2Canonical);
        cose.WriteStartMap(5);
        cose.WriteInt32(1);
        cose.WriteInt32(2);
        cose.WriteInt32(3);
        cose.WriteInt32(-7);
        cose.WriteInt32(-1);
        cose.WriteInt32(1);
        cose.WriteInt32(-2);
        cose.WriteByteString(point.X!);
        cose.WriteInt32(-3);
        cose.WriteByteString(point.Y!);
        cose.WriteEndMap();
        return cose.Encode();
    }

    private static byte[] ClientData(Ceremony how, string type, string challenge) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        type = how.Type ?? type, challenge = how.Challenge is { } other ? Text(other) : challenge, origin = how.Origin,
        crossOrigin = how.CrossOrigin,
    });

    private static string Text(byte[] bytes) => Base64Url.EncodeToString(bytes);
}
