using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using System.Security.Cryptography;
using Portal.Data.Audit;
using Portal.Data.Pqrs;

namespace Portal.Data.Payments;

/// <summary>A file as somebody picked it to show that they paid.</summary>
public sealed record ProofUpload(string Name, byte[] Content);

/// <summary>What a payer sent to show that they paid: a photograph or a PDF, as it came.</summary>
[Table("payment_proofs")]
public sealed class PaymentProof : Stamped
{
    /// <summary>Of one payment.</summary>
    public const int Most = 3;

    /// <summary>For the file chooser.</summary>
    public const string Accept = ".jpg,.jpeg,.png,.webp,.heic,.pdf";

    public long Id { get; set; }

    public long PaymentId { get; set; }
    public Payment? Payment { get; set; }

    [MaxLength(200)]
    public string FileName { get; set; } = "";

    [MaxLength(100)]
    public string ContentType { get; set; } = "";

    /// <summary>In bytes.</summary>
    public int Size { get; set; }

    /// <summary>Of the content, in hexadecimal: the same photograph sent with another payment has the same.</summary>
    [Column(TypeName = "char(64)")]
    public string Sha256 { get; set; } = "";

    [Secret, Column(TypeName = "longblob")]
    public byte[] Content { get; set; } = [];

    public long? AddedBy { get; set; }

    internal PaymentProof Of(Payment payment)
    {
        Payment = payment;
        return this;
    }

    internal static string SumOf(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    /// <summary>The rows for what was picked, or every reason against it at once.</summary>
    internal static (List<PaymentProof> Rows, List<Error> Errors) Check(IReadOnlyList<ProofUpload> uploads, long? by)
    {
        var (rows, errors) = PqrsFiles.CheckPapers([.. uploads.Select(u => new PqrsUpload(u.Name, u.Content))], Most);
        return (
            rows.ConvertAll(r => new PaymentProof
            {
                FileName = r.FileName, ContentType = r.ContentType, Size = r.Size, Content = r.Content, Sha256 = SumOf(r.Content),
                AddedBy = by,
            }),
            errors);
    }
}

/// <summary>A proof in a list.</summary>
public sealed record ProofRow(long Id, string Name, string ContentType, int Size);

public sealed record ProofContent(string Name, string ContentType, byte[] Content);
