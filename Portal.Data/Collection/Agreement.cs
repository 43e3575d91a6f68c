using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using Portal.Data.Building;
using Portal.Data.Payments;

namespace Portal.Data.Collection;

[StoredByName]
public enum AgreementState { Active, Fulfilled, Broken, Undone }

/// <summary>
/// What was agreed about a debt: by when how much of it is paid. The charges stay the charges, and payments go to them as always; the
/// agreement only says which days are in time. One at a time for an apartment.
/// </summary>
[Table("agreements")]
public sealed class Agreement : Updated
{
    /// <summary>The series of their numbers.</summary>
    public const string Series = "AP";

    public long Id { get; private set; }

    /// <summary><c>AP-2026-000003</c>; without gaps within a year.</summary>
    [MaxLength(20)]
    public string Number { get; private set; } = "";

    [MaxLength(12)]
    public string VerificationCode { get; private set; } = "";

    public long ApartmentId { get; init; }
    public Apartment? Apartment { get; init; }

    public AgreementState State { get; private set; }

    /// <summary>Null where it has ended.</summary>
    public bool? Live { get; private set; } = true;

    public DateOnly MadeOn { get; init; }

    [Column(TypeName = "decimal(12,2)")]
    public decimal Capital { get; init; }

    [Column(TypeName = "decimal(12,2)")]
    public decimal Interest { get; init; }

    /// <summary>Of the interest; falls when the agreement breaks.</summary>
    [Column(TypeName = "decimal(12,2)")]
    public decimal Waived { get; init; }

    /// <summary>The minutes that decided the waiver.</summary>
    [MaxLength(100)]
    public string? Act { get; init; }

    [Column(TypeName = "decimal(12,2)")]
    public decimal Total { get; init; }

    /// <summary>Its charges bear no interest while it is kept; else they do, as always.</summary>
    public bool InterestStands { get; init; }

    /// <summary>So many days an instalment may be late before it breaks; as the setting was when it was made.</summary>
    public int GraceDays { get; init; }

    public long? MadeBy { get; init; }

    public DateOnly? EndedOn { get; private set; }
    public long? EndedBy { get; private set; }

    public List<AgreementCharge> Charges { get; private set; } = [];
    public List<AgreementInstalment> Instalments { get; private set; } = [];

    /// <summary>What was to be paid of it by a day, its days of grace given.</summary>
    public decimal DueBy(DateOnly today) =>
        Instalments.Where(i => today.DayNumber - i.DueOn.DayNumber > GraceDays).Sum(i => i.Amount);

    internal void Sign(string number) => (Number, VerificationCode) = (number, Operations.VerificationCode.New());

    internal void End(AgreementState state, DateOnly on, long? by)
    {
        if (Live is null) throw new InvalidOperationException($"Agreement {Number} has ended as {State}: it cannot end again.");
        (State, Live, EndedOn, EndedBy) = (state, null, on, by);
        foreach (var charge in Charges) charge.Free();
    }
}

/// <summary>A charge that an agreement is about, and what it owed when it was made.</summary>
[Table("agreement_charges")]
public sealed class AgreementCharge : Stamped
{
    public long Id { get; private set; }

    public long AgreementId { get; private set; }
    public Agreement? Agreement { get; init; }

    public long ChargeId { get; init; }
    public Charge? Charge { get; init; }

    /// <summary>After the waiver.</summary>
    [Column(TypeName = "decimal(12,2)")]
    public decimal Owed { get; init; }

    /// <summary>What was paid of it before: what is paid since counts for the agreement.</summary>
    [Column(TypeName = "decimal(12,2)")]
    public decimal PaidBefore { get; init; }

    /// <summary>As the charge had it, to be put back where the agreement is undone.</summary>
    public DateOnly? InterestFrom { get; init; }

    /// <summary>Null where the agreement has ended: the key lets a charge be in one at a time.</summary>
    public bool? Live { get; private set; } = true;

    internal void Free() => Live = null;
}

/// <summary>A day of an agreement and what is to be paid by it.</summary>
[Table("agreement_instalments")]
public sealed class AgreementInstalment : Stamped
{
    public long Id { get; private set; }

    public long AgreementId { get; private set; }
    public Agreement? Agreement { get; init; }

    /// <summary>From 1.</summary>
    public int Line { get; init; }

    public DateOnly DueOn { get; init; }

    [Column(TypeName = "decimal(12,2)")]
    public decimal Amount { get; init; }
}
