using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using System.Text.Json;
using Portal.Data.Ledger;
using Portal.Data.Payments;

namespace Portal.Data.Bank;

/// <summary>How the bank of an account writes its files, as somebody last imported one.</summary>
[Table("bank_profiles")]
public sealed class BankProfile : Updated
{
    [Key, DatabaseGenerated(DatabaseGeneratedOption.None)]
    public int AccountId { get; set; }
    public LedgerAccount? Account { get; set; }

    /// <summary>A <see cref="BankFormat"/>, as JSON.</summary>
    [Column(TypeName = "text")]
    public string Format { get; set; } = "";

    public BankFormat? Read()
    {
        try
        {
            return JsonSerializer.Deserialize<BankFormat>(Format);
        }
        catch (JsonException)
        {
            // Written by an older portal: the file is guessed anew.
            return null;
        }
    }

    public static string Write(BankFormat format) => JsonSerializer.Serialize(format);
}

/// <summary>A file of the bank that was imported.</summary>
[Table("bank_imports")]
public sealed class BankImport : Stamped
{
    public long Id { get; set; }

    public int AccountId { get; set; }
    public LedgerAccount? Account { get; set; }

    [MaxLength(200)]
    public string FileName { get; set; } = "";

    public DateOnly FirstDay { get; set; }

    public DateOnly LastDay { get; set; }

    /// <summary>Lines that were not there yet.</summary>
    public int Added { get; set; }

    /// <summary>Lines that an earlier file had brought.</summary>
    public int Known { get; set; }

    /// <summary>Rows that could not be read and that somebody chose to leave out.</summary>
    public int LeftOut { get; set; }

    /// <summary>Pesos after the last line, where the file says so.</summary>
    [Column(TypeName = "decimal(16,2)")]
    public decimal? ClosingBalance { get; set; }

    public long? ImportedBy { get; set; }
}

/// <summary>A line of the bank. It is never changed: what it is in the books stands in <see cref="BankMatch"/>.</summary>
[Table("bank_lines"), NotAudited]
public sealed class BankLine : Stamped
{
    public long Id { get; private set; }

    public int AccountId { get; private set; }
    public LedgerAccount? Account { get; private set; }

    public DateOnly Day { get; private set; }

    /// <summary>Pesos: above zero came in, below went out.</summary>
    [Column(TypeName = "decimal(16,2)")]
    public decimal Amount { get; private set; }

    /// <summary>Empty where the bank gives none.</summary>
    [MaxLength(60)]
    public string Reference { get; private set; } = "";

    [MaxLength(200)]
    public string Text { get; private set; } = "";

    /// <summary>From 1, among lines of the day that are the same to the letter.</summary>
    public int Ordinal { get; private set; }

    public long ImportId { get; private set; }
    public BankImport? Import { get; private set; }
}

/// <summary>What became of a line: linked to what the books had; a payment that was confirmed by it; booked against an account; left
/// unidentified.</summary>
[StoredByName]
public enum MatchKind { Linked, Payment, Booked, Unidentified }

/// <summary>A line, or a part of it, is this entry of the books.</summary>
[Table("bank_matches")]
public sealed class BankMatch : Stamped
{
    public long Id { get; private set; }

    public long LineId { get; init; }
    public BankLine? Line { get; init; }

    public int AccountId { get; init; }
    public LedgerAccount? Account { get; init; }

    public long EntryId { get; init; }
    public JournalEntry? Entry { get; init; }

    /// <summary>The payment that it confirmed; null for anything else.</summary>
    public long? PaymentId { get; init; }
    public Payment? Payment { get; init; }

    /// <summary>With the sign of the line; those of a line are together what it says.</summary>
    [Column(TypeName = "decimal(16,2)")]
    public decimal Amount { get; init; }

    public MatchKind How { get; init; }

    public long? MadeBy { get; init; }

    public long? UndoneBy { get; private set; }

    [Column(TypeName = "timestamp")]
    public DateTime? UndoneAt { get; private set; }

    /// <summary>Null where it was taken back, so that line and entry are free again.</summary>
    public bool? Live { get; private set; } = true;

    /// <param name="at">UTC.</param>
    public void TakeBack(long? by, DateTime at) => (Live, UndoneBy, UndoneAt) = (null, by, at);
}

/// <summary>Money that arrived and that is nobody's yet. The books hold it in 2815 until payments of apartments take it.</summary>
[Table("unidentified_deposits")]
public sealed class UnidentifiedDeposit : Stamped
{
    public long Id { get; private set; }

    public long LineId { get; init; }
    public BankLine? Line { get; init; }

    /// <summary>The account it lies in.</summary>
    public int AccountId { get; init; }
    public LedgerAccount? Account { get; init; }

    /// <summary>Whole pesos, above zero.</summary>
    [Column(TypeName = "decimal(12,2)")]
    public decimal Amount { get; init; }

    public DateOnly ReceivedOn { get; init; }

    [MaxLength(200)]
    public string Memo { get; init; } = "";

    public long? MadeBy { get; init; }

    public long? UndoneBy { get; private set; }

    [Column(TypeName = "timestamp")]
    public DateTime? UndoneAt { get; private set; }

    /// <summary>Null where it was taken back: the line is something else.</summary>
    public bool? Live { get; private set; } = true;

    /// <param name="at">UTC.</param>
    public void TakeBack(long? by, DateTime at) => (Live, UndoneBy, UndoneAt) = (null, by, at);
}

/// <summary>A month in which an account of the books was compared with its bank.</summary>
[Table("bank_reconciliations")]
public sealed class BankReconciliation : Updated
{
    public long Id { get; private set; }

    public int AccountId { get; private set; }
    public LedgerAccount? Account { get; private set; }

    /// <summary>Its first day.</summary>
    public DateOnly Month { get; private set; }

    /// <summary>Pesos in the bank at its end, as the bank says.</summary>
    [Column(TypeName = "decimal(16,2)")]
    public decimal BankBalance { get; private set; }

    /// <summary>Pesos that are on their way (<see cref="BankStanding.InTransit"/>), as of the close.</summary>
    [Column(TypeName = "decimal(16,2)")]
    public decimal? InTransit { get; private set; }

    [Column(TypeName = "decimal(16,2)")]
    public decimal? BookBalance { get; private set; }

    /// <summary>What was on its way, as JSON: the paper of the close shows it whatever comes later.</summary>
    [Column(TypeName = "mediumtext")]
    public string? Items { get; private set; }

    public long? ClosedBy { get; private set; }

    [Column(TypeName = "timestamp")]
    public DateTime? ClosedAt { get; private set; }

    public long? ReopenedBy { get; private set; }

    [Column(TypeName = "timestamp")]
    public DateTime? ReopenedAt { get; private set; }

    [MaxLength(500)]
    public string? ReopenReason { get; private set; }

    /// <summary>Null where it was opened again: another row stands for the month.</summary>
    public bool? Live { get; private set; } = true;

    public static BankReconciliation Begin(int account, DateOnly month, decimal balance) =>
        new() { AccountId = account, Month = BuildingClock.MonthOf(month), BankBalance = balance };

    public Result SetBalance(decimal balance)
    {
        if (ClosedAt is not null) return new Error("bank.closed", null, Month);
        BankBalance = balance;
        return Result.Done;
    }

    /// <param name="standing">As it is now, under the lock of the row.</param>
    /// <param name="at">UTC.</param>
    /// <returns>Refused: <c>bank.closed</c> already, <c>bank.difference</c> with how much bank and books differ.</returns>
    public Result Close(BankStanding standing, long? by, DateTime at)
    {
        if (ClosedAt is not null) return new Error("bank.closed", null, Month);
        if (standing.Difference != 0) return new Error("bank.difference", null, standing.Difference);
        (InTransit, BookBalance, ClosedBy, ClosedAt) = (standing.InTransit, standing.Books, by, at);
        Items = JsonSerializer.Serialize(standing.Transit);
        return Result.Done;
    }

    /// <summary>Keeps the row as it was closed, and begins another.</summary>
    /// <param name="at">UTC.</param>
    public BankReconciliation Reopen(string reason, long? by, DateTime at)
    {
        if (ClosedAt is null) throw new InvalidOperationException($"Reconciliation {Id} is not closed.");
        (Live, ReopenReason, ReopenedBy, ReopenedAt) = (null, reason.Trim(), by, at);
        return Begin(AccountId, Month, BankBalance);
    }

    public IReadOnlyList<TransitItem> Transit() => Items is null ? [] : JsonSerializer.Deserialize<List<TransitItem>>(Items) ?? [];
}
