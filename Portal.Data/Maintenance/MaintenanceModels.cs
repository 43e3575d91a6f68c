using Portal.Data.Pqrs;

namespace Portal.Data.Maintenance;

/// <param name="Tower">Null where it belongs to none.</param>
/// <param name="Supplier">Who maintains it.</param>
/// <param name="Worst">Of the inspections it needs, the one that matters most; null where it needs none.</param>
public sealed record AssetRow(
    long Id, string Code, string Name, string Kind, string? Tower, string? Place, string? Supplier, DateOnly? WarrantyUntil, DateOnly? RetiredOn,
    InspectionState? Worst);

/// <summary>All that is known of a piece of equipment.</summary>
/// <param name="Duties">What it needs, the most urgent first; what is no longer asked for last.</param>
public sealed record AssetView(
    long Id, AssetInput Input, string? Tower, string? Supplier, DateOnly? RetiredOn, string? RetiredReason, IReadOnlyList<DutyView> Duties);

public sealed record AssetInput(
    string? Code, string? Name, string? Kind, int? TowerId, string? Place, string? Maker, string? Model, string? SerialNumber, long? SupplierId,
    DateOnly? InstalledOn, DateOnly? WarrantyUntil, string? Notes)
    : IEdit<AssetInput>
{
    /// <inheritdoc/>
    public AssetInput? Read { get; init; }
}

/// <summary>Somebody or something to choose.</summary>
public sealed record MaintenanceOption(long Id, string Name);

/// <summary>How an inspection that is needed stands, the worst first.</summary>
public enum InspectionState
{
    /// <summary>The last one was not passed.</summary>
    Failed,

    /// <summary>The last that was passed is over.</summary>
    Expired,

    /// <summary>None was ever passed.</summary>
    Missing,

    /// <summary>Ends within the days on which the office is told.</summary>
    Soon,

    Valid,
}

/// <summary>An inspection that a piece of equipment needs.</summary>
/// <param name="Id">Of the duty.</param>
/// <param name="ValidUntil">The last day of the last that was passed; null where none was.</param>
public sealed record InspectionRow(
    long Id, long AssetId, string AssetCode, string Asset, string? Tower, int KindId, string Kind, string? Source, DateOnly? ValidUntil,
    InspectionState State, string? Issuer);

/// <summary>How many there are of each state, of equipment that is in use.</summary>
public sealed record InspectionCounts(int Failed, int Expired, int Missing, int Soon, int Valid)
{
    public int All => Failed + Expired + Missing + Soon + Valid;
}

/// <param name="Done">The last first.</param>
public sealed record DutyView(
    long Id, int KindId, string Kind, int Months, string? Source, DateOnly? EndedOn, DateOnly? ValidUntil, InspectionState State,
    IReadOnlyList<InspectionLine> Done);

/// <param name="FileName">Of its paper; null where there is none.</param>
public sealed record InspectionLine(
    long Id, DateOnly DoneOn, bool Passed, DateOnly? ValidUntil, string Issuer, string? CertificateNumber, string? Note, string? FileName,
    string? ContentType, int? Size, DateTime? WithdrawnAt, string? WithdrawnReason);

/// <param name="ValidUntil">Null: as long as its kind is valid, from the day it was done. Not looked at where it was not passed.</param>
/// <param name="Papers">One at most: a PDF or a photograph.</param>
public sealed record InspectionInput(
    DateOnly? DoneOn, bool Passed, DateOnly? ValidUntil, string? Issuer, string? CertificateNumber, string? Note,
    IReadOnlyList<PqrsUpload> Papers);

/// <summary>A paper or photograph to be opened.</summary>
public sealed record MaintenanceFile(string Name, string ContentType, byte[] Content);

/// <param name="Needed">How many pieces of equipment need it.</param>
public sealed record InspectionKindRow(int Id, string Name, int Months, int NoticeDays, string? Source, bool Active, int Needed);

public sealed record InspectionKindInput(string? Name, int? Months, int? NoticeDays, string? Source, bool Active) : IEdit<InspectionKindInput>
{
    /// <inheritdoc/>
    public InspectionKindInput? Read { get; init; }
}
