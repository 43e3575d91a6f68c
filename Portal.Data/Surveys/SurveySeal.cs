using System.Security.Cryptography;
using System.Text;

namespace Portal.Data.Surveys;

/// <summary>
/// Seals an answer for one key: who seals cannot open it again. Elliptic curve P-256, one key pair for each seal, SHA-256, AES-GCM. All of a
/// survey have one length, so neither a long text nor many choices shows.
/// </summary>
internal static class SurveySeal
{
    private const int TagBytes = 16;
    private const int ChoiceBytes = 200;

    /// <summary>In bytes: two thousand letters of at most three, and what is around them.</summary>
    private const int TextBytes = (SurveyAnswers.LongestText * 3) + 40;

    public static byte[] Seal(byte[] publicKey, IReadOnlyList<QuestionView> questions, IReadOnlyDictionary<long, GivenAnswer> answers)
    {
        var plain = Pack(questions, answers);
        using var theirs = ECDiffieHellman.Create();
        theirs.ImportSubjectPublicKeyInfo(publicKey, out _);
        using var mine = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        var head = mine.PublicKey.ExportSubjectPublicKeyInfo();
        var sealed_ = new byte[1 + head.Length + TagBytes + plain.Length];
        sealed_[0] = (byte)head.Length;
        head.CopyTo(sealed_, 1);
        using var aes = new AesGcm(mine.DeriveKeyFromHash(theirs.PublicKey, HashAlgorithmName.SHA256), TagBytes);
        // The key is used once, so its nonce may be nothing.
        aes.Encrypt(
            new byte[AesGcm.NonceByteSizes.MaxSize], plain, sealed_.AsSpan(1 + head.Length + TagBytes), sealed_.AsSpan(1 + head.Length, TagBytes));
        return sealed_;
    }

    /// <returns>What was answered, by question.</returns>
    /// <exception cref="CryptographicException">It is sealed for another key, or was changed.</exception>
    public static IReadOnlyList<(long Question, string? Choices, string? Text)> Open(ECDiffieHellman key, byte[] content)
    {
        var head = content.AsSpan(1, content[0]);
        using var theirs = ECDiffieHellman.Create();
        theirs.ImportSubjectPublicKeyInfo(head, out _);
        var plain = new byte[content.Length - 1 - head.Length - TagBytes];
        using var aes = new AesGcm(key.DeriveKeyFromHash(theirs.PublicKey, HashAlgorithmName.SHA256), TagBytes);
        aes.Decrypt(
            new byte[AesGcm.NonceByteSizes.MaxSize], content.AsSpan(1 + head.Length + TagBytes), content.AsSpan(1 + head.Length, TagBytes), plain);
        return Unpack(plain);
    }

    private static byte[] Pack(IReadOnlyList<QuestionView> questions, IReadOnlyDictionary<long, GivenAnswer> answers)
    {
        var room = new byte[16 + questions.Sum(q => q.Type == QuestionType.Text ? TextBytes : ChoiceBytes)];
        using var stream = new MemoryStream(room);
        using var writer = new BinaryWriter(stream, Encoding.UTF8);
        var given = questions.Select(q => (q.Id, Answer: SurveyAnswers.Given(answers, q))).Where(g => g.Answer is not null).ToList();
        writer.Write(given.Count);
        foreach (var (id, answer) in given)
        {
            writer.Write(id);
            writer.Write(SurveyAnswers.Write(answer!.Choices) ?? "");
            writer.Write(answer.Text ?? "");
        }

        writer.Flush();
        return room;
    }

    private static List<(long, string?, string?)> Unpack(byte[] plain)
    {
        using var reader = new BinaryReader(new MemoryStream(plain), Encoding.UTF8);
        var answers = new List<(long, string?, string?)>();
        for (var left = reader.ReadInt32(); left > 0; left--)
            answers.Add((reader.ReadInt64(), Told(reader.ReadString()), Told(reader.ReadString())));
        return answers;

        static string? Told(string text) => text.Length == 0 ? null : text;
    }
}
