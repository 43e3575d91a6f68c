using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;

namespace Portal.Data.Surveys;

/// <summary>
/// The keys that open the sealed answers of anonymous surveys: files outside the database, one for each survey, destroyed when it is counted.
/// Several portals on one database share the folder.
/// </summary>
/// <remarks>An anonymous survey that was open before there were keys gets one with its next answer.</remarks>
/// <param name="configuration"><c>Surveys:KeyFolder</c>; <c>.data/survey-keys</c> where nothing is said.</param>
public sealed class SurveyKeys(IConfiguration? configuration = null)
{
    private readonly string _folder = configuration?["Surveys:KeyFolder"] is { Length: > 0 } folder
        ? folder
        : Path.Combine(".data", "survey-keys");

    /// <summary>
    /// Sees to it that an anonymous survey's answers are sealed. Refuses with <c>survey.key</c> where the folder cannot be written to: rather
    /// no answer than one that lies open.
    /// </summary>
    internal Result Seal(Survey survey)
    {
        try
        {
            if (survey is { Anonymous: true, SealKey: null }) survey.Seal(New());
            return Result.Done;
        }
        catch (IOException)
        {
            return new Error("survey.key");
        }
    }

    /// <summary>Makes a pair and keeps the half that opens.</summary>
    /// <returns>The half that seals.</returns>
    /// <exception cref="IOException">The folder cannot be written to.</exception>
    private byte[] New()
    {
        using var pair = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        var half = pair.ExportSubjectPublicKeyInfo();
        try
        {
            Directory.CreateDirectory(_folder);
            var path = PathOf(half);
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using var file = new FileStream(path, options);
            file.Write(pair.ExportPkcs8PrivateKey());
            // An answer is acknowledged only when its key outlives a fallen machine.
            file.Flush(flushToDisk: true);
        }
        catch (UnauthorizedAccessException refused)
        {
            throw new IOException(refused.Message, refused);
        }

        return half;
    }

    /// <summary>The key for what is sealed with the half; null where it is not here.</summary>
    internal ECDiffieHellman? Find(byte[] half)
    {
        var path = PathOf(half);
        if (!File.Exists(path)) return null;
        var key = ECDiffieHellman.Create();
        key.ImportPkcs8PrivateKey(File.ReadAllBytes(path), out _);
        return key;
    }

    /// <summary>From now on nobody opens what is sealed with the half: what old copies of the database hold stays shut.</summary>
    internal void Destroy(byte[] half)
    {
        var path = PathOf(half);
        if (!File.Exists(path)) return;
        File.WriteAllBytes(path, RandomNumberGenerator.GetBytes((int)new FileInfo(path).Length));
        File.Delete(path);
    }

    private string PathOf(byte[] half) => Path.Combine(_folder, $"{Convert.ToHexStringLower(SHA256.HashData(half))[..32]}.key");
}
