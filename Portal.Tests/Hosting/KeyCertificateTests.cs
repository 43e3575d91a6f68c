using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Portal.Hosting.Identity;

namespace Portal.Tests.Hosting;

/// <summary>The certificate that protects the portal's keys.</summary>
public sealed class KeyCertificateTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("portal-keys-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Keys_lie_encrypted_and_are_read_after_a_renewal_by_who_has_the_one_before()
    {
        var (first, second) = (Make("first"), Make("second"));
        string kept;
        using (var services = Services(("Path", first), ("Password", "secret"))) kept = Protector(services).Protect("what is kept");
        var key = File.ReadAllText(Assert.Single(_folder.GetFiles("key-*.xml")).FullName);
        Assert.DoesNotContain("masterKey", key);
        Assert.Contains("EncryptedData", key);

        using var renewed = Services(
            ("Path", second), ("Password", "secret"), ("Earlier:0:Path", first), ("Earlier:0:Password", "secret"));
        Assert.Equal("what is kept", Protector(renewed).Unprotect(kept));
        using var bare = Services();
        Assert.Throws<CryptographicException>(() => Protector(bare).Unprotect(kept));
    }

    [Theory]
    [InlineData("missing.p12", "secret")]
    [InlineData("first.p12", "not the password")]
    public void A_certificate_that_cannot_be_opened_stops_the_start_and_says_which(string file, string password)
    {
        Make("first");
        var path = Path.Combine(_folder.FullName, file);
        var stopped = Assert.Throws<InvalidOperationException>(() => Services(("Path", path), ("Password", password)));
        Assert.Contains("DataProtection:Certificate:Path", stopped.Message);
        Assert.Contains(path, stopped.Message);
        Assert.DoesNotContain(password, stopped.Message);
    }

    private static IDataProtector Protector(IServiceProvider services) =>
        services.GetRequiredService<IDataProtectionProvider>().CreateProtector("test");

    private ServiceProvider Services(params (string Name, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(s => KeyValuePair.Create($"{KeyCertificate.Section}:{s.Name}", (string?)s.Value)))
            .Build();
        var services = new ServiceCollection();
        KeyCertificate.Protect(services.AddDataProtection().PersistKeysToFileSystem(_folder), configuration);
        return services.BuildServiceProvider();
    }

    private string Make(string name)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(2));
        var path = Path.Combine(_folder.FullName, name + ".p12");
        File.WriteAllBytes(path, certificate.Export(X509ContentType.Pfx, "secret"));
        return path;
    }
}
