namespace Portal.Data.Assemblies;

/// <param name="Amount">What it would cost, in whole pesos.</param>
/// <param name="Basis">Of a qualified one always the coefficient: art. 46 counts coefficients.</param>
public sealed record ItemDraft(
    string Title, string? Text, VoteThreshold Threshold, VoteBasis Basis, string? Article, decimal? Amount);

/// <param name="MeetsAt">Wall-clock time.</param>
/// <param name="Revision">As it was read; 0 for a new one.</param>
public sealed record AssemblyDraft(
    AssemblyKind Kind, AssemblyMode Mode, AssemblyCaller CalledBy, string Title, string Place, DateTime MeetsAt, int? MostProxies,
    IReadOnlyList<ItemDraft> Items, int Revision = 0);

/// <summary>Something that the law says about an assembly as it is planned.</summary>
/// <param name="Code">Names its words.</param>
/// <param name="Article">The law.</param>
/// <param name="Verdict">Null: only said.</param>
public sealed record LawCheck(string Code, string Article, LawVerdict Verdict, params object?[] Values);

public enum LawVerdict { Kept, Warned, Broken }

public sealed record AssemblyRow(
    long Id, string Number, AssemblyKind Kind, AssemblyMode Mode, string Title, string Place, DateTime MeetsAt, int Call,
    AssemblyState State, int Items, DateTime? PublishedAt);

/// <summary>An item and the vote of it that stands.</summary>
/// <param name="Outcome">Once it is closed.</param>
/// <param name="Annulled">How many were annulled before.</param>
public sealed record ItemView(
    long Id, int Position, string Title, string? Text, decimal? Amount, VoteThreshold Threshold, VoteBasis Basis, string? Article,
    DateTime? DoneAt, VoteView? Vote, Outcome? Outcome, int Annulled)
{
    public bool Voted => Threshold != VoteThreshold.Informative;
}

/// <param name="OpenedAt">UTC, as all here.</param>
public sealed record VoteView(long Id, bool Running, DateTime OpenedAt, DateTime ClosesAt, DateTime? ClosedAt, decimal Quorum);

public sealed record DebtorView(string Unit, string? Owner);

/// <summary>An assembly as its reader may see it.</summary>
/// <param name="Debtors">For owners and the office; empty for anybody else.</param>
/// <param name="Told">Accounts that the call has reached.</param>
/// <param name="NotTold">Units whose owners have no account in use: they are called on paper.</param>
/// <param name="Checks">What the law says; empty for who does not call.</param>
/// <param name="SecondCallId">What followed it.</param>
public sealed record AssemblyView(
    AssemblyRow Row, AssemblyCaller CalledBy, int? MostProxies, int Revision, IReadOnlyList<ItemView> Items, DateTime? ConvenedAt,
    DateTime? OpenedAt, DateTime? ClosedAt, decimal? Total, string? President, string? Secretary, string? Minutes, string? ActNumber,
    IReadOnlyList<DebtorView> Debtors, int Told, IReadOnlyList<string> NotTold, IReadOnlyList<LawCheck> Checks, string? ProjectorToken,
    long? FirstCallId, long? SecondCallId)
{
    public DateOnly Day => DateOnly.FromDateTime(Row.MeetsAt);
}

/// <summary>One line of the register as the desk shows it.</summary>
/// <param name="At">UTC.</param>
/// <param name="Others">The other units they carry with it.</param>
/// <param name="Carrier">Groups the units of one person.</param>
public sealed record RegisterLine(
    long ApartmentId, string Unit, string Person, DateTime At, bool Here, bool ByProxy, string? Giver, ArrivalWay Way, decimal Coefficient,
    IReadOnlyList<string> Others, decimal Carried, int Votes, string Carrier);

/// <summary>A unit that is not represented.</summary>
public sealed record MissingUnit(long ApartmentId, string Unit, string? Owner, decimal Coefficient, string? Proxy);

/// <summary>What is being voted, as the desk sees it.</summary>
/// <param name="Waiting">Units that are there and have not voted.</param>
public sealed record RunningVote(ItemView Item, VoteView Vote, Outcome Outcome, IReadOnlyList<DeskUnit> Waiting);

/// <param name="Carrier">Groups the units of one person.</param>
public sealed record DeskUnit(
    long ApartmentId, string Unit, string Person, decimal Coefficient, bool ByProxy, string? Instruction, string Carrier);

/// <summary>The desk of an open assembly.</summary>
/// <param name="Latest">What the register was told last, the newest first.</param>
/// <param name="LastStep">The last change of what is represented, and the half before and after it.</param>
public sealed record DeskView(
    AssemblyView Assembly, Quorum Quorum, int ByOwner, int ByProxy, int Holders, IReadOnlyList<RegisterLine> Latest,
    IReadOnlyList<RegisterLine> Here, IReadOnlyList<RegisterLine> Gone, IReadOnlyList<MissingUnit> Missing, RunningVote? Running,
    QuorumStep? LastStep);

/// <param name="Change">In percent; below 0 where somebody left.</param>
public sealed record QuorumStep(DateTime At, string Unit, decimal Change, decimal HalfBefore, decimal HalfAfter);

/// <summary>Somebody who may come in, and what they would carry.</summary>
/// <param name="Key">Names them to <see cref="AssemblyRegister.ArriveAsync"/>.</param>
public sealed record ArrivalCandidate(string Key, string Name, IReadOnlyList<CarriedUnit> Units, bool Here);

/// <param name="Here">It is represented already, by them or by others.</param>
public sealed record CarriedUnit(long ApartmentId, string Unit, decimal Coefficient, bool ByProxy, string? Giver, bool Here);

/// <param name="Holder">Their name.</param>
/// <param name="HolderDocument">By which the door knows them; where an account has it, the proxy is that account's.</param>
public sealed record ProxyInput(long ApartmentId, string Holder, string HolderDocument, string? Instruction);

public sealed record ProxyView(
    long Id, long ApartmentId, string Unit, string Giver, string Holder, string HolderDocument, string? Instruction, string Code,
    bool OnPaper, bool Live, ProxyEnding? Ending, DateTime GivenAt);

/// <summary>What somebody carries, as their phone shows it.</summary>
/// <param name="ByProxyOf">Who gave it; null: it is theirs.</param>
/// <param name="Choice">What it said already in the vote that runs.</param>
public sealed record PhoneUnit(
    long ApartmentId, string Unit, decimal Coefficient, string? ByProxyOf, string? Instruction, BallotChoice? Choice);

/// <summary>An assembly on the phone of who attends.</summary>
/// <param name="Own">Their own units, and who carries each now.</param>
/// <param name="Carried">What they carry now.</param>
/// <param name="Given">Proxies of their units that are live.</param>
/// <param name="Code">That lets them in at the door.</param>
/// <param name="MayJoin">They can register from afar, with something that they do not carry yet.</param>
public sealed record PhoneView(
    AssemblyView Assembly, Quorum? Quorum, IReadOnlyList<OwnUnit> Own, IReadOnlyList<PhoneUnit> Carried, IReadOnlyList<ProxyView> Given,
    string? Code, bool MayJoin, ItemView? Running, Outcome? LastOutcome, ItemView? Last, IReadOnlyList<ReceiptView> Receipts);

/// <param name="Here">Represented.</param>
/// <param name="By">By whom, where it is not they.</param>
public sealed record OwnUnit(long ApartmentId, string Unit, bool Here, string? By);

/// <summary>The receipt of one press of the button.</summary>
/// <param name="At">UTC.</param>
/// <param name="Copies">Who gave proxies and got a copy.</param>
public sealed record ReceiptView(
    long Id, string Number, string Code, long VoteId, int Position, string Item, DateTime At, DateTime ClosesAt, bool Running, string Voter,
    IReadOnlyList<ReceiptLine> Lines, IReadOnlyList<string> Copies);

public sealed record ReceiptLine(string Unit, string? ByProxyOf, BallotChoice Choice, decimal Coefficient);

/// <summary>What hangs on the wall: no names, and nothing of how a vote goes until it is closed.</summary>
/// <param name="Running">What is being voted.</param>
/// <param name="Last">What was closed last, while nothing is being voted.</param>
public sealed record WallView(
    string Building, AssemblyKind Kind, int Call, DateTime MeetsAt, AssemblyState State, Quorum Quorum, int Items, ItemView? Running,
    Tally Voted, Tally Represented, ItemView? Last, ItemView? Next, bool NextOpens, long Id);

/// <summary>One line of what a stranger counts a vote by.</summary>
public sealed record RecountLine(
    int Item, string Title, string Vote, long VoteId, VoteBasis Basis, VoteThreshold Threshold, string Unit, decimal Coefficient,
    bool Represented, string? Person, string? Giver, BallotChoice? Choice, DateTime? VotedAt, string? Receipt, string? Code, bool AtDesk);
