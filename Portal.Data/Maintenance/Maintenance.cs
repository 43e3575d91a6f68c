using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using Portal.Data.Building;
using Portal.Data.Expenses;

namespace Portal.Data.Maintenance;

/// <summary>A piece of the building's equipment: a lift, a pump, a tank.</summary>
[Table("assets")]
public sealed class Asset : Updated
{
    public long Id { get; set; }

    /// <summary>What is written on it, as <c>ASC-01</c>; nobody else's.</summary>
    [MaxLength(20)]
    public string Code { get; set; } = "";

    [MaxLength(120)]
    public string Name { get; set; } = "";

    /// <summary>What it is, in the building's own word: lift, pump.</summary>
    [MaxLength(60)]
    public string Kind { get; set; } = "";

    public int? TowerId { get; set; }
    public Tower? Tower { get; set; }

    [MaxLength(120)]
    public string? Place { get; set; }

    [MaxLength(80)]
    public string? Maker { get; set; }

    [MaxLength(80)]
    public string? Model { get; set; }

    [MaxLength(80)]
    public string? SerialNumber { get; set; }

    /// <summary>Who maintains it.</summary>
    public long? SupplierId { get; set; }
    public Supplier? Supplier { get; set; }

    public DateOnly? InstalledOn { get; set; }

    public DateOnly? WarrantyUntil { get; set; }

    [MaxLength(1000)]
    public string? Notes { get; set; }

    /// <summary>Since when it is not there any more; its history stays.</summary>
    public DateOnly? RetiredOn { get; private set; }

    [MaxLength(200)]
    public string? RetiredReason { get; private set; }

    internal void Retire(DateOnly day, string reason) => (RetiredOn, RetiredReason) = (day, reason);

    internal void Return() => (RetiredOn, RetiredReason) = (null, null);
}

/// <summary>An inspection that a law, a policy or good sense asks for, again and again.</summary>
[Table("inspection_kinds")]
public sealed class InspectionKind : Updated
{
    public int Id { get; set; }

    [MaxLength(80)]
    public string Name { get; set; } = "";

    /// <summary>How long one is valid, from the day it was done, to the same day of the month.</summary>
    public int Months { get; set; }

    /// <summary>Days before its end on which the office is told for the first time.</summary>
    public int NoticeDays { get; set; }

    /// <summary>What asks for it.</summary>
    [MaxLength(300)]
    public string? Source { get; set; }

    /// <summary>Not active, no equipment is given it any more.</summary>
    public bool Active { get; set; } = true;
}

/// <summary>That a piece of equipment needs a kind of inspection.</summary>
[Table("inspection_duties")]
public sealed class InspectionDuty : Updated
{
    private InspectionDuty()
    {
    }

    public long Id { get; private set; }

    public long AssetId { get; private set; }
    public Asset? Asset { get; private set; }

    public int KindId { get; private set; }
    public InspectionKind? Kind { get; private set; }

    /// <summary>Since when it is not asked for any more; what was done stays.</summary>
    public DateOnly? EndedOn { get; private set; }

    internal static InspectionDuty Of(long asset, int kind) => new() { AssetId = asset, KindId = kind };

    internal void End(DateOnly day) => EndedOn ??= day;

    internal void Resume() => EndedOn = null;
}

/// <summary>An inspection that was done, passed or not.</summary>
[Table("inspections")]
public sealed class Inspection : Stamped
{
    private Inspection()
    {
    }

    public long Id { get; private set; }

    public long DutyId { get; private set; }
    public InspectionDuty? Duty { get; private set; }

    public DateOnly DoneOn { get; private set; }

    public bool Passed { get; private set; }

    /// <summary>The last day on which it is valid; null where it was not passed.</summary>
    public DateOnly? ValidUntil { get; private set; }

    /// <summary>Who inspected.</summary>
    [MaxLength(120)]
    public string Issuer { get; private set; } = "";

    [MaxLength(60)]
    public string? CertificateNumber { get; private set; }

    [MaxLength(500)]
    public string? Note { get; private set; }

    [MaxLength(200)]
    public string? FileName { get; private set; }

    [MaxLength(100)]
    public string? ContentType { get; private set; }

    /// <summary>In bytes.</summary>
    public int? Size { get; private set; }

    [Secret, Column(TypeName = "longblob")]
    public byte[]? Content { get; private set; }

    public long? RecordedBy { get; private set; }

    /// <summary>Written by mistake: counts for nothing, and stays.</summary>
    [Column(TypeName = "timestamp")]
    public DateTime? WithdrawnAt { get; private set; }

    [MaxLength(200)]
    public string? WithdrawnReason { get; private set; }

    internal static Inspection Of(
        long duty, DateOnly doneOn, DateOnly? validUntil, string issuer, string? number, string? note, long? by) => new()
        {
            DutyId = duty, DoneOn = doneOn, Passed = validUntil is not null, ValidUntil = validUntil, Issuer = issuer, CertificateNumber = number,
            Note = note, RecordedBy = by,
        };

    internal Inspection With(string name, string contentType, byte[] content)
    {
        (FileName, ContentType, Size, Content) = (name, contentType, content.Length, content);
        return this;
    }

    internal void Withdraw(DateTime at, string reason) => (WithdrawnAt, WithdrawnReason) = (at, reason);
}
