using Portal.Data.Bank;

namespace Portal.Data.FirstDay;

/// <summary>What a column of a file can be. A row may speak of a unit, its people, its vehicles and what it owes at once.</summary>
public enum ImportField
{
    Tower, Number, Floor, Area, Coefficient, Fee,
    Owner, OwnerDocumentKind, OwnerDocument, OwnerMail, OwnerPhone,
    Tenant, TenantDocument, TenantMail, TenantPhone,
    Plate, OtherPlate, VehicleKind, Space,
    Concept, Balance, DueOn, Reference, Interest, NotDue, Days30, Days60, Days90, Older,
}

/// <summary>Why a row cannot be taken in.</summary>
public enum ImportFault
{
    /// <summary>It names no unit.</summary>
    Number,

    /// <summary>No tower is named and there are several, or none.</summary>
    Tower,

    TooLong, Floor, FloorAbove, Area, Coefficient, Fee,

    /// <summary>An earlier row says something else of the same unit or person.</summary>
    Differs,

    Name, Document, DocumentKind, Mail,

    /// <summary>The address is another person's.</summary>
    MailTaken,

    /// <summary>The unit has another owner in the portal.</summary>
    OtherOwner,

    OtherTenant,

    Plate,

    /// <summary>The plate, or the space, is another unit's.</summary>
    PlateTaken, SpaceTaken,

    VehicleKind, Concept,

    /// <summary>Not whole pesos.</summary>
    Amount,

    /// <summary>Below zero: what a unit has to its credit is a payment.</summary>
    Credit,

    DueOn,

    /// <summary>The total is not the sum of its ages.</summary>
    Sum,

    /// <summary>The debt was taken in with another amount.</summary>
    OtherAmount,

    /// <summary>The same debt stands in two rows.</summary>
    Twice,

    /// <summary>The unit's debt of this concept was taken in by other dates or ages: it would double.</summary>
    Mixed,

    Reference,
}

/// <summary>How a file is written. A column is what stands at its place in <paramref name="Fields"/>; null: it is not read.</summary>
/// <param name="HeaderRows">Rows before the first of data.</param>
public sealed record ImportFormat(char Separator, string Encoding, int HeaderRows, IReadOnlyList<ImportField?> Fields)
{
    internal bool IsSound =>
        BankFormat.Separators.Contains(Separator) && BankFormat.Encodings.Contains(Encoding) && HeaderRows is >= 0 and <= 50
        && Fields.Count is > 0 and <= SheetFile.MostColumns && Fields.Contains(ImportField.Number)
        && Fields.Where(f => f is not null).GroupBy(f => f).All(g => g.Count() == 1 && Enum.IsDefined(g.Key!.Value));
}

/// <summary>What no column says.</summary>
/// <param name="AsOf">The last day that the balances speak of; not after today.</param>
/// <param name="Tower">Of rows that name none; null where each must.</param>
/// <param name="AcceptCoefficients">The coefficients are known not to add up to 100.</param>
public sealed record ImportOptions(DateOnly AsOf, string? Tower = null, bool AcceptCoefficients = false);

/// <param name="Line">From 1, as an editor or a spreadsheet counts them.</param>
/// <param name="Value">What stands there, shortened; or what stands in the portal.</param>
/// <param name="Other">The line that it is at odds with.</param>
public sealed record BadImportRow(int Line, ImportField Field, ImportFault Fault, string Value = "", int? Other = null);

/// <summary>How many of a kind are made, changed, or are as the file says already.</summary>
public sealed record ImportCount(int Created, int Changed, int Same);

/// <summary>What is changed of what there is.</summary>
public sealed record ImportChange(int Line, string What, ImportField Field, string? From, string To);

/// <summary>What a file would do, or did.</summary>
/// <param name="Rows">Of data.</param>
/// <param name="Opening">Pesos of the debts that are new.</param>
/// <param name="CoefficientSum">Of the whole building after it, percent.</param>
/// <param name="WithoutCoefficient">Units that have none after it.</param>
/// <param name="CoefficientsAdd">Whether the sum is 100 as far as rounding lets it be, or nothing was said of coefficients.</param>
/// <param name="Fractions">The file has coefficients as parts of 1: they were taken times 100.</param>
public sealed record ImportSummary(
    int Rows, ImportCount Towers, ImportCount Units, ImportCount People, ImportCount Vehicles, ImportCount Debts, decimal Opening,
    decimal CoefficientSum, int WithoutCoefficient, decimal Tolerance, bool CoefficientsAdd, bool Fractions)
{
    public int Created => Towers.Created + Units.Created + People.Created + Vehicles.Created + Debts.Created;

    public int Changed => Units.Changed + People.Changed + Vehicles.Changed;
}

/// <summary>What a file would do before anything is done.</summary>
/// <param name="Format">Null where no row names the columns.</param>
/// <param name="Sample">Its first rows as they stand.</param>
/// <param name="Summary">Null where it could not be planned.</param>
/// <param name="Bad">The first of them, by line.</param>
public sealed record ImportPreview(
    ImportFormat? Format, IReadOnlyList<IReadOnlyList<string>> Sample, ImportSummary? Summary, IReadOnlyList<BadImportRow> Bad,
    int BadCount, IReadOnlyList<ImportChange> Changes, int ChangeCount);

public sealed record ImportDone(long Id, ImportSummary Summary);

public enum ImportStage { Reading, Checking, Towers, People, Units, Vehicles, Debts, Finishing }

/// <param name="Total">0 where it is not known.</param>
public sealed record ImportProgress(ImportStage Stage, int Done, int Total);

/// <param name="By">Null where the account is gone.</param>
public sealed record ImportedFile(
    long Id, string FileName, DateOnly AsOf, int FileRows, int Created, int Changed, decimal Opening, string? By, DateTime At);
