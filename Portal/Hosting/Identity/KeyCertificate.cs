using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.DataProtection;

namespace Portal.Hosting.Identity;

/// <summary>
/// The certificate that protects the portal's keys in the database, section <c>DataProtection:Certificate</c>: a copy of the database alone
/// then opens no second factor and makes no cookie. Without one they lie there as they are.
/// </summary>
public static class KeyCertificate
{
    public const string Section = "DataProtection:Certificate";

    /// <exception cref="InvalidOperationException">The file that is named is not there or cannot be opened with the password.</exception>
    public static void Protect(IDataProtectionBuilder builder, IConfiguration configuration)
    {
        var section = configuration.GetSection(Section);
        if (section["Path"] is not { Length: > 0 } path) return;
        builder.ProtectKeysWithCertificate(Load(path, section["Password"], $"{Section}:Path"));

        // After a renewal, what the one before protected has to be read still.
        var earlier = section.GetSection("Earlier").GetChildren()
            .Select(one => Load(one["Path"] ?? "", one["Password"], $"{one.Path}:Path")).ToArray();
        if (earlier.Length > 0) builder.UnprotectKeysWithAnyCertificate(earlier);
    }

    /// <summary>When (UTC) the first ends of the certificates that the configuration names: this one, and Kestrel's own for https
    /// (<c>Kestrel:Certificates:Default</c>). Null where there is none; a proxy's is known to the proxy alone.</summary>
    public static DateTime? FirstEnd(IConfiguration configuration)
    {
        List<DateTime> ends = [];
        foreach (var name in new[] { Section, "Kestrel:Certificates:Default" })
        {
            var section = configuration.GetSection(name);
            if (section["Path"] is not { Length: > 0 } path) continue;
            try
            {
                using var certificate = X509Certificate2.GetCertContentType(path) == X509ContentType.Pkcs12
                    ? X509CertificateLoader.LoadPkcs12FromFile(path, section["Password"])
                    : X509CertificateLoader.LoadCertificateFromFile(path);
                ends.Add(certificate.NotAfter.ToUniversalTime());
            }
            catch (Exception unread) when (unread is CryptographicException or IOException or UnauthorizedAccessException)
            {
                // Whoever works with it stops the start, and says so.
            }
        }

        return ends.Count == 0 ? null : ends.Min();
    }

    private static X509Certificate2 Load(string path, string? password, string setting)
    {
        try
        {
            var certificate = X509CertificateLoader.LoadPkcs12FromFile(path, password);
            if (!certificate.HasPrivateKey)
                throw new InvalidOperationException($"{setting} names {path}, which has no private key; export it with its key (PKCS#12).");
            return certificate;
        }
        catch (Exception wrong) when (wrong is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"{setting} names {path}, which cannot be opened: check the path and the password.", wrong);
        }
    }
}
