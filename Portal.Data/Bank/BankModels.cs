using Portal.Data.Ledger;

namespace Portal.Data.Bank;

/// <summary>An account of the books that lies in a bank.</summary>
/// <param name="Books">Pesos by the books today.</param>
/// <param name="FirstLine">The first day of which the bank's lines are known; null before the first file.</param>
/// <param name="LastLine">The last.</param>
/// <param name="Open">Lines that are not in the books.</param>
/// <param name="OpenSum">Pesos of them, those that went out below zero.</param>
/// <param name="Deposits">Deposits that nobody knows; <paramref name="Unidentified"/> pesos of them.</param>
/// <param name="Oldest">The day of the oldest of them.</param>
/// <param name="ReconciledThrough">The last month that was closed; null: none yet.</param>
/// <param name="Due">The month to reconcile next; null before the first file.</param>
public sealed record BankAccountRow(
    int Id, string Code, string Name, decimal Books, DateOnly? FirstLine, DateOnly? LastLine, int Open, decimal OpenSum, int Deposits,
    decimal Unidentified, DateOnly? Oldest, DateOnly? ReconciledThrough, DateOnly? Due);

/// <summary>A file that was imported.</summary>
/// <param name="At">Wall clock.</param>
public sealed record ImportRow(
    long Id, string FileName, DateOnly FirstDay, DateOnly LastDay, int Added, int Known, int LeftOut, decimal? Closing, string? By,
    DateTime? At);

/// <summary>A file before anything of it is kept.</summary>
/// <param name="Format">As it was guessed, remembered, or asked for; null where nothing in it looks like a statement.</param>
/// <param name="Sample">The first rows as they stand, for choosing columns.</param>
/// <param name="Lines">The first lines as they would be kept.</param>
/// <param name="Known">Lines that are there already.</param>
/// <param name="ClosedDay">A new line of a month that is reconciled: nothing is imported while it is closed.</param>
public sealed record BankPreview(
    BankFormat? Format, bool Remembered, IReadOnlyList<IReadOnlyList<string>> Sample, IReadOnlyList<PreviewLine> Lines, int Count, int New,
    int Known, decimal In, decimal Out, DateOnly? FirstDay, DateOnly? LastDay, decimal? Closing, IReadOnlyList<BadRow> Bad, int BadCount,
    DateOnly? ClosedDay);

/// <param name="IsNew">False: an earlier file brought it.</param>
public sealed record PreviewLine(int Row, DateOnly Day, decimal Amount, string Reference, string Text, bool IsNew);

/// <summary>What an import came to.</summary>
public sealed record Imported(long Id, int Added, int Known, int LeftOut, DateOnly FirstDay, DateOnly LastDay);

/// <summary>How much a proposal can be trusted.</summary>
public enum Certainty
{
    /// <summary>Nothing is proposed.</summary>
    None,

    /// <summary>Somebody must look.</summary>
    Ask,

    /// <summary>A cost of the bank by its text.</summary>
    Rule,

    /// <summary>It comes ticked.</summary>
    Sure,
}

/// <summary>Why something is proposed; its words are <c>why.&lt;name&gt;</c>.</summary>
public enum MatchReason
{
    None, Code, ReportedSame, ReportedAmount, ReportedTogether, ReceiptSame, ReceiptAmount, OnlyDebt, EntryOut, EntryIn, BankCost,
}

/// <summary>A part of what a line is: exactly one of the ids is set.</summary>
/// <param name="PaymentId">A payment that waits: it is confirmed with the bank's day.</param>
/// <param name="ApartmentId">A payment of this apartment is recorded and confirmed.</param>
/// <param name="EntryId">It is in the books already.</param>
/// <param name="AccountId">It is booked against this account.</param>
/// <param name="Amount">With the sign of the line; the parts are together what the line says.</param>
public sealed record MatchPart(
    decimal Amount, long? PaymentId = null, long? ApartmentId = null, long? EntryId = null, int? AccountId = null);

/// <summary>What somebody says that a line is.</summary>
public sealed record LineMatch(long LineId, IReadOnlyList<MatchPart> Parts);

/// <summary>What is proposed for a line.</summary>
/// <param name="Names">Who or what, as the row says it; one for each part.</param>
/// <param name="On">The day of what it is compared with.</param>
public sealed record Proposal(
    Certainty Certainty, MatchReason Reason, IReadOnlyList<MatchPart> Parts, IReadOnlyList<string> Names, DateOnly? On = null)
{
    public static Proposal Nothing { get; } = new(Certainty.None, MatchReason.None, [], []);

    /// <summary>Receipts that confirming it gives out.</summary>
    public int Receipts => Parts.Count(p => p.PaymentId is not null || p.ApartmentId is not null);
}

/// <summary>A line that is not in the books, with what it may be.</summary>
public sealed record OpenLine(long Id, DateOnly Day, decimal Amount, string Reference, string Text, Proposal Proposal);

/// <summary>What is in the books and not in the bank yet, or in the bank before it is in the books.</summary>
/// <param name="Amount">By how much the bank has more than the books because of it.</param>
/// <param name="Later">A line of the bank whose entry counts for a later month.</param>
public sealed record TransitItem(DateOnly Day, string Memo, decimal Amount, long? EntryId, bool Later);

/// <summary>Bank, what is on its way, and books at the end of a month.</summary>
/// <param name="Bank">Pesos as the bank says; null until somebody or a file says it.</param>
/// <param name="InTransit">By how much the bank has more because of what is on its way.</param>
/// <param name="OpenSum">Pesos of the lines that are not in the books; they make the difference.</param>
public sealed record BankStanding(
    DateOnly Month, DateOnly Day, decimal? Bank, decimal InTransit, decimal Books, int Lines, int Open, decimal OpenSum,
    IReadOnlyList<TransitItem> Transit)
{
    public decimal Difference => (Bank ?? 0) - InTransit - Books;

    public int Done => Lines - Open;
}

/// <summary>All that one needs to reconcile a month.</summary>
/// <param name="Lines">Those that are not in the books, the oldest first, at most <see cref="BankService.MostOpen"/>.</param>
/// <param name="FromFile">What the last file said was in the bank at its end, and on which day.</param>
/// <param name="Closed">Who closed it and when (wall clock); null while it is open.</param>
/// <param name="Before">Closes of it that were opened again, the latest first.</param>
public sealed record BankWork(
    BankAccountRow Account, BankStanding Standing, IReadOnlyList<OpenLine> Lines, IReadOnlyList<UnidentifiedRow> Deposits, int DepositCount,
    FileBalance? FromFile, BankClose? Closed, IReadOnlyList<BankClose> Before);

/// <summary>A reconciliation as its paper says it: of a closed one as it was closed.</summary>
/// <param name="Open">Lines that are not in the books; none of a closed one.</param>
public sealed record BankPaper(string Account, BankStanding Standing, IReadOnlyList<OpenLine> Open, BankClose? Closed);

/// <summary>What a file said was left after its last line.</summary>
public sealed record FileBalance(decimal Balance, DateOnly Day);

/// <param name="At">Wall clock.</param>
/// <param name="ReopenedAt">Wall clock.</param>
public sealed record BankClose(
    DateOnly Month, decimal Bank, decimal InTransit, decimal Books, string? By, DateTime? At, string? ReopenedBy, DateTime? ReopenedAt,
    string? Reason);

/// <summary>A deposit that nobody knows.</summary>
/// <param name="Left">Pesos of it that no payment took.</param>
/// <param name="Days">How long it has waited.</param>
/// <param name="SameDebt">Apartments that owe exactly what is left.</param>
public sealed record UnidentifiedRow(
    long Id, int AccountId, string Account, DateOnly Day, string Memo, decimal Amount, decimal Left, int Days, int SameDebt);

/// <summary>A line of the bank with what it is in the books.</summary>
/// <param name="How">Null while it is not in the books.</param>
/// <param name="Is">What it is: receipts, numbers, memos.</param>
/// <param name="By">Who said so, and <paramref name="At"/> when (wall clock).</param>
/// <param name="PaymentId">The first payment, to be linked to; else <paramref name="EntryId"/>.</param>
public sealed record BankLineRow(
    long Id, DateOnly Day, string Text, string Reference, decimal Amount, MatchKind? How, string? Is, string? By, DateTime? At,
    long? PaymentId, long? EntryId);

/// <summary>An entry of the books that a line may be.</summary>
public sealed record EntryChoice(long Id, DateOnly Day, JournalAct Act, string Memo, string? Reference, decimal Amount);

/// <summary>A reported payment that a line may be.</summary>
public sealed record WaitingChoice(long Id, long ApartmentId, string Unit, string Payer, decimal Amount, string? Reference, DateOnly Day);

/// <summary>What somebody who looks for it by hand can choose from.</summary>
public sealed record LineChoices(IReadOnlyList<WaitingChoice> Payments, IReadOnlyList<EntryChoice> Entries, IReadOnlyList<AccountChoice> Accounts);

public sealed record AccountChoice(int Id, string Code, string Name, AccountPurpose? Purpose);

/// <summary>What confirming lines came to.</summary>
/// <param name="Receipts">Numbers that were given out.</param>
/// <param name="Refused">Lines that were not confirmed, with why.</param>
public sealed record Confirmed(int Lines, decimal Sum, IReadOnlyList<string> Receipts, IReadOnlyList<RefusedLine> Refused);

public sealed record RefusedLine(long LineId, Error Error);
