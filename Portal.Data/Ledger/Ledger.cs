using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using Portal.Data.Building;

namespace Portal.Data.Ledger;

/// <summary>What the portal needs an account for: found by it, whatever number the building gives the account.</summary>
[StoredByName]
public enum AccountPurpose
{
    Cash, Bank, FundBank, Fees, Interest, Fines, Suppliers, Credits, Deposits, Unidentified, Reserve, Result, Discounts, BankCosts,
    ReserveCosts, Gateway,
}

/// <summary>Frozen: only reversals are posted. Closed: nothing is; only at a balance of zero.</summary>
[StoredByName]
public enum AccountStatus { Active, Frozen, Closed }

/// <summary>An account of the books. Its class is the first digit of its code: 1 assets, 2 liabilities, 3 equity, 4 income, 5
/// costs.</summary>
[Table("ledger_accounts")]
public sealed class LedgerAccount : Updated
{
    public int Id { get; set; }

    [MaxLength(10)]
    public string Code { get; set; } = "";

    [MaxLength(100)]
    public string Name { get; set; } = "";

    public AccountPurpose? Purpose { get; set; }

    public AccountStatus Status { get; set; }

    /// <summary>What must stay in it when money is taken out; null: nothing need.</summary>
    [Column(TypeName = "decimal(16,2)")]
    public decimal? MinimumBalance { get; set; }

    /// <summary>The most that may leave it in one day; null: any sum.</summary>
    [Column(TypeName = "decimal(16,2)")]
    public decimal? DailyLimit { get; set; }
}

/// <summary>What happened that an entry of the journal tells of.</summary>
[StoredByName]
public enum JournalAct
{
    Opening, Charge, Run, Payment, Credit, Void, Adjustment, Cancellation, Unidentified, Refund, Expense, ExpensePayment, Transfer, Reserve,
    BankCost, Manual, Reversal, Settlement,
}

/// <summary>
/// One act in the journal, debit equal to credit. Never changed and never deleted: the database refuses both. What was wrong is reversed by
/// an entry of its own.
/// </summary>
[Table("journal_entries"), NotAudited]
public sealed class JournalEntry : Stamped
{
    public long Id { get; private set; }

    /// <summary>The day it counts for: that of the payment, of the issue; in a closed month the day it was written down.</summary>
    public DateOnly PostedOn { get; private set; }

    public JournalAct Act { get; private set; }

    /// <summary>The row that the act is about: a payment, a charge, a run, an apartment.</summary>
    public long SourceId { get; private set; }

    /// <summary>Counts what happens several times to one source, such as credit that is used in parts.</summary>
    public int Seq { get; private set; }

    [MaxLength(200)]
    public string Memo { get; private set; } = "";

    /// <summary>Its number where somebody posted it by hand: <c>TX-2026-000001</c>. Only such entries are reversed by hand.</summary>
    [MaxLength(20)]
    public string? Reference { get; private set; }

    public long? ReversesId { get; private set; }
    public JournalEntry? Reverses { get; private set; }

    public long? CreatedBy { get; private set; }

    public List<JournalLine> Lines { get; private set; } = [];
}

/// <summary>One side of an entry. Either debit or credit stands, above zero.</summary>
[Table("journal_lines"), NotAudited]
public sealed class JournalLine
{
    public long EntryId { get; private set; }
    public JournalEntry? Entry { get; private set; }

    public int Line { get; private set; }

    public int AccountId { get; private set; }
    public LedgerAccount? Account { get; private set; }

    /// <summary>Whose account it moves; null where it is the building's alone.</summary>
    public long? ApartmentId { get; private set; }
    public Apartment? Apartment { get; private set; }

    public DateOnly PostedOn { get; private set; }

    [Column(TypeName = "decimal(16,2)")]
    public decimal Debit { get; private set; }

    [Column(TypeName = "decimal(16,2)")]
    public decimal Credit { get; private set; }
}

/// <summary>One row: how far the books are closed, and what the last proof found.</summary>
[Table("ledger_state"), NotAudited]
public sealed class LedgerState
{
    public int Id { get; private set; }

    /// <summary>The last day of the last closed month; null while none is.</summary>
    public DateOnly? ClosedThrough { get; set; }

    [Column(TypeName = "timestamp")]
    public DateTime? ProvenAt { get; set; }

    public int ProofFailures { get; set; }
}

/// <summary>The sums of an account in a closed month.</summary>
[Table("ledger_months"), NotAudited]
public sealed class LedgerMonth
{
    public int AccountId { get; set; }
    public LedgerAccount? Account { get; set; }

    /// <summary>Its first day.</summary>
    public DateOnly Month { get; set; }

    [Column(TypeName = "decimal(18,2)")]
    public decimal Debit { get; set; }

    [Column(TypeName = "decimal(18,2)")]
    public decimal Credit { get; set; }
}
