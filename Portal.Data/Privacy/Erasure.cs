using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data.Identity;

namespace Portal.Data.Privacy;

/// <summary><see cref="Waiting"/>: it was confirmed, and the portal is about to do it.</summary>
[StoredByName]
public enum ErasureState { Waiting, Done }

/// <summary>
/// That a person was erased (Ley 1581 of 2012, arts 8e and 15): which account, who asked for it and when; never a name.
/// </summary>
[Table("erasures")]
public sealed class Erasure : Updated
{
    private Erasure()
    {
    }

    public long Id { get; private set; }

    /// <summary>The same in the list beside the backups (<see cref="ErasureList"/>).</summary>
    [Column(TypeName = "char(36)")]
    public string Reference { get; private set; } = "";

    public long UserId { get; private set; }
    public User? User { get; private set; }

    /// <summary>The claim that asked for it.</summary>
    public long? RequestId { get; private set; }
    public DataRequest? Request { get; private set; }

    /// <summary>See <see cref="FingerprintOf"/>.</summary>
    [Column(TypeName = "char(64)")]
    public string Fingerprint { get; private set; } = "";

    public ErasureState State { get; private set; }

    /// <summary>Null: by an administrator who is in no database that was restored since.</summary>
    public long? AskedById { get; private set; }

    [Column(TypeName = "timestamp")]
    public DateTime AskedAt { get; private set; }

    [Column(TypeName = "timestamp")]
    public DateTime? DoneAt { get; private set; }

    /// <summary>Done again, because an older backup had brought the person back.</summary>
    public bool Replayed { get; private set; }

    /// <summary>Rows.</summary>
    public int Deleted { get; private set; }

    /// <summary>Rows.</summary>
    public int Anonymised { get; private set; }

    /// <summary>Lines of the audit log that lost their values or the name in them.</summary>
    public int Redacted { get; private set; }

    internal static Erasure Asked(User account, long? request, long? by, DateTime at)
    {
        var reference = Guid.NewGuid().ToString();
        return new Erasure
        {
            Reference = reference, UserId = account.Id, RequestId = request, AskedById = by, AskedAt = at,
            Fingerprint = FingerprintOf(reference, account.Id, account.CreatedAt),
        };
    }

    /// <summary>As the list beside the backups has it, for a database that knows nothing of it.</summary>
    internal static Erasure Again(ErasedAccount erased) => new()
    {
        Reference = erased.Reference, UserId = erased.Account, Fingerprint = erased.Fingerprint, AskedAt = erased.At, Replayed = true,
    };

    internal void Finish(ErasureFigures figures, DateTime at) =>
        (State, DoneAt, Deleted, Anonymised, Redacted) = (ErasureState.Done, at, figures.Deleted, figures.Anonymised, figures.Redacted);

    internal ErasedAccount ForList() => new(Reference, UserId, Fingerprint, DoneAt ?? AskedAt);

    /// <summary>
    /// Which account of which building it was, told without saying who: an account of the same number that was made at another moment is
    /// somebody else.
    /// </summary>
    /// <param name="made">UTC.</param>
    internal static string FingerprintOf(string reference, long account, DateTime? made) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"{reference}|{account}|{made:yyyy-MM-dd HH:mm:ss}"))));
}

/// <summary>What an erasure did.</summary>
/// <param name="Deleted">Rows.</param>
/// <param name="Anonymised">Rows.</param>
/// <param name="Redacted">Lines of the audit log.</param>
internal sealed record ErasureFigures(int Deleted, int Anonymised, int Redacted);

internal sealed class ErasuresTable : IEntityTypeConfiguration<Erasure>
{
    public void Configure(EntityTypeBuilder<Erasure> table)
    {
        table.HasIndex(e => e.Reference).IsUnique().HasDatabaseName("uq_erasures_reference");
        table.Property(e => e.AskedById).HasColumnName("asked_by");
        table.HasOne<User>().WithMany().HasForeignKey(e => e.AskedById);
    }
}
