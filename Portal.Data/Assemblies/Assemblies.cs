using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using System.Security.Cryptography;
using Portal.Data.Building;
using Portal.Data.Identity;
using Portal.Data.Operations;

namespace Portal.Data.Assemblies;

/// <summary>
/// Ordinary: the yearly one, within three months of the budget year; any other is extraordinary (Ley 675 of 2001, art. 39).
/// </summary>
[StoredByName]
public enum AssemblyKind { Ordinary, Extraordinary }

/// <summary>Where people meet: in one place, each from afar (art. 42), or both.</summary>
[StoredByName]
public enum AssemblyMode { InPerson, Remote, Mixed }

/// <summary>Who may call one (art. 39): owners only with a fifth of the coefficients.</summary>
[StoredByName]
public enum AssemblyCaller { Administrator, Council, Auditor, Owners }

/// <summary>
/// Draft, Convened, Open, Closed and Published is its way. Adjourned: nobody to decide, so that a second call follows (art. 41).
/// </summary>
[StoredByName]
public enum AssemblyState { Draft, Convened, Open, Closed, Published, Adjourned, Cancelled }

/// <summary>What a vote of an item weighs: its unit's coefficient, or one for each unit (C-522 of 2002).</summary>
[StoredByName]
public enum VoteBasis { Coefficient, Unit }

/// <summary>
/// Not voted; more than half of what is represented (art. 45); or 70 % of all coefficients (art. 46).
/// </summary>
[StoredByName]
public enum VoteThreshold { Informative, Majority, Qualified }

[StoredByName]
public enum BallotChoice { Yes, No, Abstain }

/// <summary>How somebody was registered: found in the list, by the code they carry, by the guard at the door, or from afar.</summary>
[StoredByName]
public enum ArrivalWay { List, Qr, Guard, Phone }

[StoredByName]
public enum ProxyEnding { Revoked, Replaced, OwnerCame }

/// <summary>An assembly of owners, from its draft to its act.</summary>
[Table("assemblies")]
public sealed class Assembly : Updated
{
    public const int LongestTitle = 200, LongestPlace = 300, LongestName = 200, LongestMinutes = 20_000;

    private Assembly()
    {
    }

    public long Id { get; private set; }

    /// <summary><c>AS-2026-000002</c>; without gaps within a year.</summary>
    [MaxLength(20)]
    public string Number { get; private set; } = "";

    public AssemblyKind Kind { get; private set; }

    public AssemblyMode Mode { get; private set; }

    [MaxLength(LongestTitle)]
    public string Title { get; private set; } = "";

    /// <summary>The room, or the address of the call where people meet from afar.</summary>
    [MaxLength(LongestPlace)]
    public string Place { get; private set; } = "";

    /// <summary>Wall-clock time.</summary>
    [Column(TypeName = "datetime")]
    public DateTime MeetsAt { get; private set; }

    public AssemblyCaller CalledBy { get; private set; }

    /// <summary>1, or 2 where the first had no quorum.</summary>
    public int CallNumber { get; private set; } = 1;

    /// <summary>Of a second call: the first.</summary>
    public long? FirstCallId { get; private set; }
    public Assembly? FirstCall { get; private set; }

    /// <summary>How many proxies the bylaws let one person hold; null: the law sets no limit.</summary>
    public int? MostProxies { get; private set; }

    public AssemblyState State { get; private set; }

    /// <summary>Counts what was written of the draft and of the minutes, so that two who write do not overwrite each other.</summary>
    public int Revision { get; private set; }

    [Column(TypeName = "timestamp")]
    public DateTime? ConvenedAt { get; private set; }

    /// <summary>When the call had reached every account that owns a unit (UTC).</summary>
    [Column(TypeName = "timestamp")]
    public DateTime? DeliveredAt { get; private set; }

    [Column(TypeName = "timestamp")]
    public DateTime? OpenedAt { get; private set; }

    [Column(TypeName = "timestamp")]
    public DateTime? ClosedAt { get; private set; }

    [Column(TypeName = "timestamp")]
    public DateTime? PublishedAt { get; private set; }

    /// <summary>What the coefficients of the frozen register add up to: 100, but for what rounding leaves.</summary>
    [Column(TypeName = "decimal(14,6)")]
    public decimal? Total { get; private set; }

    [MaxLength(LongestName)]
    public string? President { get; private set; }

    [MaxLength(LongestName)]
    public string? Secretary { get; private set; }

    /// <summary>What was said, for the act.</summary>
    [Column(TypeName = "text")]
    public string? Minutes { get; private set; }

    /// <summary><c>ACT-2026-000002</c>.</summary>
    [MaxLength(20)]
    public string? ActNumber { get; private set; }

    [MaxLength(12)]
    public string? VerificationCode { get; private set; }

    /// <summary>Whoever has it sees the wall's page, which names nobody.</summary>
    [Column(TypeName = "char(32)"), Secret]
    public string ProjectorToken { get; private set; } = "";

    public List<AssemblyItem> Items { get; private set; } = [];

    internal static Assembly Draft(string number, AssemblyDraft draft)
    {
        var assembly = new Assembly { Number = number, ProjectorToken = NewToken() };
        assembly.Write(draft);
        return assembly;
    }

    /// <summary>The second call of one that had no quorum: the same agenda, and no call to send, for the first announced it.</summary>
    internal static Assembly SecondOf(Assembly first, string number, DateTime meetsAt, DateTime now)
    {
        var second = new Assembly
        {
            Number = number, ProjectorToken = NewToken(), Kind = first.Kind, Mode = first.Mode, Title = first.Title, Place = first.Place,
            CalledBy = first.CalledBy, MostProxies = first.MostProxies, MeetsAt = meetsAt, CallNumber = 2, FirstCallId = first.Id,
            State = AssemblyState.Convened, ConvenedAt = now,
        };
        foreach (var item in first.Items.OrderBy(i => i.Position)) second.Items.Add(item.Copy());
        return second;
    }

    /// <summary>Refused: <c>assembly.not_now</c> once it has been called.</summary>
    internal Result Write(AssemblyDraft draft)
    {
        if (State != AssemblyState.Draft) return NotNow;
        (Kind, Mode, CalledBy, Title, Place) = (draft.Kind, draft.Mode, draft.CalledBy, draft.Title.Trim(), draft.Place.Trim());
        (MeetsAt, MostProxies) = (draft.MeetsAt, draft.MostProxies);
        Revision++;
        return Result.Done;
    }

    internal Result Convene(DateTime utc)
    {
        if (State != AssemblyState.Draft) return NotNow;
        (State, ConvenedAt) = (AssemblyState.Convened, utc);
        return Result.Done;
    }

    internal void Delivered(DateTime utc) => DeliveredAt = utc;

    /// <param name="total">What the coefficients of its register add up to.</param>
    internal Result Open(decimal total, DateTime utc)
    {
        if (State != AssemblyState.Convened) return NotNow;
        (State, OpenedAt, Total) = (AssemblyState.Open, utc, total);
        return Result.Done;
    }

    internal Result Adjourn(DateTime utc)
    {
        if (State != AssemblyState.Open || CallNumber != 1) return NotNow;
        (State, ClosedAt) = (AssemblyState.Adjourned, utc);
        return Result.Done;
    }

    internal Result Cancel()
    {
        if (State is not (AssemblyState.Draft or AssemblyState.Convened)) return NotNow;
        State = AssemblyState.Cancelled;
        return Result.Done;
    }

    internal Result Close(DateTime utc)
    {
        if (State != AssemblyState.Open) return NotNow;
        (State, ClosedAt) = (AssemblyState.Closed, utc);
        return Result.Done;
    }

    /// <summary>Until the act is published what it will say can be written.</summary>
    /// <param name="revision">As it was read; refused as <c>stale</c> where somebody else wrote meanwhile.</param>
    internal Result Minute(string? president, string? secretary, string? minutes, int revision)
    {
        if (State is not (AssemblyState.Open or AssemblyState.Closed)) return NotNow;
        if (revision != Revision) return Error.Stale;
        Revision++;
        (President, Secretary, Minutes) = (president.TrimToNull(), secretary.TrimToNull(), minutes.TrimToNull());
        return Result.Done;
    }

    internal Result Publish(string number, DateTime utc)
    {
        if (State != AssemblyState.Closed) return NotNow;
        (State, PublishedAt, ActNumber, VerificationCode) = (AssemblyState.Published, utc, number, Operations.VerificationCode.New());
        return Result.Done;
    }

    /// <summary>It stands elsewhere by now; its words name the state.</summary>
    internal Error NotNow => new("assembly.not_now", null, State);

    private static string NewToken() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
}

/// <summary>An item of the agenda. What kind of decision it is stands beside it, and is printed in the act.</summary>
[Table("assembly_items")]
public sealed class AssemblyItem : Stamped
{
    public const int LongestTitle = 200, LongestText = 2_000, LongestArticle = 200;

    public long Id { get; private set; }

    public long AssemblyId { get; private set; }
    public Assembly? Assembly { get; private set; }

    /// <summary>From 1.</summary>
    public int Position { get; private set; }

    [MaxLength(LongestTitle)]
    public string Title { get; private set; } = "";

    [MaxLength(LongestText)]
    public string? Text { get; private set; }

    /// <summary>What it would cost, in whole pesos.</summary>
    [Column(TypeName = "decimal(14,2)")]
    public decimal? Amount { get; private set; }

    public VoteThreshold Threshold { get; private set; }

    public VoteBasis Basis { get; private set; }

    /// <summary>By which article it is so decided.</summary>
    [MaxLength(LongestArticle)]
    public string? Article { get; private set; }

    /// <summary>Of one that is not voted: when it was presented.</summary>
    [Column(TypeName = "timestamp")]
    public DateTime? DoneAt { get; private set; }

    internal static AssemblyItem Of(long assembly, int position, ItemDraft draft) => new()
    {
        AssemblyId = assembly, Position = position, Title = draft.Title.Trim(), Text = draft.Text.TrimToNull(), Amount = draft.Amount,
        Threshold = draft.Threshold, Basis = draft.Threshold == VoteThreshold.Qualified ? VoteBasis.Coefficient : draft.Basis,
        Article = draft.Article.TrimToNull(),
    };

    internal AssemblyItem Copy() => new()
    {
        Position = Position, Title = Title, Text = Text, Amount = Amount, Threshold = Threshold, Basis = Basis, Article = Article,
    };

    internal void Done(DateTime utc) => DoneAt ??= utc;
}

/// <summary>An account whom the call was told, and the code that lets them in at the door.</summary>
[Table("assembly_invitations"), NotAudited]
public sealed class AssemblyInvitation : Stamped
{
    public long Id { get; set; }

    public long AssemblyId { get; set; }
    public Assembly? Assembly { get; set; }

    public long UserId { get; set; }
    public User? User { get; set; }

    [MaxLength(12)]
    public string Code { get; set; } = "";
}

/// <summary>
/// A unit that owed common expenses when the assembly was called (Ley 675 of 2001, art. 39). No amount: the law asks for none.
/// </summary>
[Table("assembly_debtors")]
public sealed class AssemblyDebtor : Stamped
{
    public long Id { get; set; }

    public long AssemblyId { get; set; }
    public Assembly? Assembly { get; set; }

    public long ApartmentId { get; set; }
    public Apartment? Apartment { get; set; }

    [MaxLength(200)]
    public string? Owner { get; set; }
}

/// <summary>A unit of the register, frozen when the assembly opened.</summary>
[Table("assembly_units"), NotAudited]
public sealed class AssemblyUnit : Stamped
{
    public long Id { get; set; }

    public long AssemblyId { get; set; }
    public Assembly? Assembly { get; set; }

    public long ApartmentId { get; set; }
    public Apartment? Apartment { get; set; }

    /// <summary><c>B 1204</c>.</summary>
    [MaxLength(130)]
    public string Unit { get; set; } = "";

    /// <summary>The row in <c>owners</c> that answers for it; a number, for the register does not follow who buys later.</summary>
    public long? OwnerId { get; set; }

    [MaxLength(200)]
    public string? Owner { get; set; }

    /// <summary>In percent.</summary>
    [Column(TypeName = "decimal(9,6)")]
    public decimal Coefficient { get; set; }
}

/// <summary>A proxy: written, for one unit and one meeting. The owner's arrival ends it.</summary>
[Table("assembly_proxies")]
public sealed class AssemblyProxy : Stamped
{
    public const int LongestInstruction = 300, LongestDocument = 30;

    private AssemblyProxy()
    {
    }

    public long Id { get; private set; }

    public long AssemblyId { get; private set; }
    public Assembly? Assembly { get; private set; }

    public long ApartmentId { get; private set; }
    public Apartment? Apartment { get; private set; }

    /// <summary>Who gave it: the owner's name.</summary>
    [MaxLength(Assemblies.Assembly.LongestName)]
    public string Giver { get; private set; } = "";

    /// <summary>The account of who holds it; null where they have none.</summary>
    public long? HolderUserId { get; private set; }
    public User? HolderUser { get; private set; }

    [MaxLength(Assemblies.Assembly.LongestName)]
    public string Holder { get; private set; } = "";

    /// <summary>By which the door knows them.</summary>
    [MaxLength(LongestDocument)]
    public string HolderDocument { get; private set; } = "";

    /// <summary>"Vote No on item 4": between the two, the portal only shows it.</summary>
    [MaxLength(LongestInstruction)]
    public string? Instruction { get; private set; }

    [MaxLength(12)]
    public string Code { get; private set; } = "";

    /// <summary>The office has the signed paper; else the owner gave it signed in to the portal.</summary>
    public bool OnPaper { get; private set; }

    public long? GivenBy { get; private set; }

    /// <summary>True, or null once it has ended.</summary>
    public bool? Live { get; private set; }

    public ProxyEnding? Ending { get; private set; }

    [Column(TypeName = "timestamp")]
    public DateTime? EndedAt { get; private set; }

    internal static AssemblyProxy Give(long assembly, ProxyInput input, string giver, long? holder, bool onPaper, long? by) => new()
    {
        AssemblyId = assembly, ApartmentId = input.ApartmentId, Giver = giver, HolderUserId = holder, Holder = input.Holder.Trim(),
        HolderDocument = input.HolderDocument.Trim(), Instruction = input.Instruction.TrimToNull(), Code = VerificationCode.New(),
        OnPaper = onPaper, GivenBy = by, Live = true,
    };

    internal void End(ProxyEnding ending, DateTime utc) => (Live, Ending, EndedAt) = (null, ending, utc);
}

/// <summary>A unit came to be represented, or ceased to be. Only added to.</summary>
[Table("assembly_attendance")]
public sealed class AssemblyAttendance : Stamped
{
    public long Id { get; set; }

    public long AssemblyId { get; set; }
    public Assembly? Assembly { get; set; }

    public long ApartmentId { get; set; }
    public Apartment? Apartment { get; set; }

    /// <summary>False: it ceased to be.</summary>
    public bool Arrives { get; set; }

    /// <summary>The account of who carries it; null where they have none.</summary>
    public long? UserId { get; set; }
    public User? User { get; set; }

    [MaxLength(Assemblies.Assembly.LongestName)]
    public string Person { get; set; } = "";

    /// <summary>Null: the owner is there.</summary>
    public long? ProxyId { get; set; }
    public AssemblyProxy? Proxy { get; set; }

    public ArrivalWay Way { get; set; }

    public long? RecordedBy { get; set; }
}

/// <summary>A vote on an item. Once closed it stays; what was wrong is annulled, and another vote opened.</summary>
[Table("assembly_votes")]
public sealed class AssemblyVote
{
    public const int LongestReason = 500;

    private AssemblyVote()
    {
    }

    public long Id { get; private set; }

    public long AssemblyId { get; private set; }
    public Assembly? Assembly { get; private set; }

    public long ItemId { get; private set; }
    public AssemblyItem? Item { get; private set; }

    /// <summary>True, or null once it is annulled.</summary>
    public bool? Standing { get; private set; }

    /// <summary>True while it takes ballots, else null.</summary>
    public bool? Running { get; private set; }

    [Column(TypeName = "timestamp")]
    public DateTime OpenedAt { get; private set; }

    /// <summary>From then on no ballot is taken, unless it is given more time.</summary>
    [Column(TypeName = "timestamp")]
    public DateTime ClosesAt { get; private set; }

    [Column(TypeName = "timestamp")]
    public DateTime? ClosedAt { get; private set; }

    /// <summary>The last row of the attendance when it closed: what came after does not count.</summary>
    public long? ClosedAfter { get; private set; }

    /// <summary>What was represented when it opened, by coefficient.</summary>
    [Column(TypeName = "decimal(14,6)")]
    public decimal Quorum { get; private set; }

    [Column(TypeName = "decimal(14,6)")]
    public decimal? Yes { get; private set; }

    [Column(TypeName = "decimal(14,6)")]
    public decimal? No { get; private set; }

    [Column(TypeName = "decimal(14,6)")]
    public decimal? Abstained { get; private set; }

    [Column(TypeName = "decimal(14,6)")]
    public decimal? Represented { get; private set; }

    public int? YesUnits { get; private set; }

    public int? NoUnits { get; private set; }

    public int? AbstainedUnits { get; private set; }

    public int? RepresentedUnits { get; private set; }

    public bool? Passed { get; private set; }

    [Column(TypeName = "timestamp")]
    public DateTime? AnnulledAt { get; private set; }

    [MaxLength(LongestReason)]
    public string? AnnulledWhy { get; private set; }

    public long? AnnulledBy { get; private set; }

    internal static AssemblyVote Open(AssemblyItem item, decimal quorum, TimeSpan time, DateTime utc) => new()
    {
        AssemblyId = item.AssemblyId, ItemId = item.Id, Standing = true, Running = true, OpenedAt = utc, ClosesAt = utc + time,
        Quorum = quorum,
    };

    /// <summary>From now, or from when it would have closed.</summary>
    internal Result Extend(TimeSpan by, DateTime utc)
    {
        if (Running is null) return new Error("assembly.vote_closed");
        ClosesAt = (ClosesAt > utc ? ClosesAt : utc) + by;
        return Result.Done;
    }

    internal Result Close(Outcome outcome, long after, DateTime utc)
    {
        if (Running is null) return new Error("assembly.vote_closed");
        (Running, ClosedAt, ClosedAfter, Passed) = (null, utc, after, outcome.Passed);
        (Yes, No, Abstained, Represented) =
            (outcome.Yes.Coefficient, outcome.No.Coefficient, outcome.Abstained.Coefficient, outcome.Represented.Coefficient);
        (YesUnits, NoUnits, AbstainedUnits, RepresentedUnits) =
            (outcome.Yes.Units, outcome.No.Units, outcome.Abstained.Units, outcome.Represented.Units);
        return Result.Done;
    }

    /// <param name="after">The last row of the attendance: of one that is annulled before it closed it says who was there.</param>
    internal Result Annul(string why, long? by, long after, DateTime utc)
    {
        if (Standing is null) return new Error("assembly.vote_annulled");
        ClosedAfter ??= after;
        (Standing, Running, AnnulledAt, AnnulledWhy, AnnulledBy) = (null, null, utc, why, by);
        ClosedAt ??= utc;
        return Result.Done;
    }

    /// <summary>What it came to; null while it is open, or where it was annulled before it closed.</summary>
    /// <param name="item">Its own.</param>
    /// <param name="total">Of the register.</param>
    public Outcome? OutcomeOf(AssemblyItem item, decimal total) => Represented is not { } represented ? null : new Outcome(
        item.Basis, item.Threshold, new Tally(Yes!.Value, YesUnits!.Value), new Tally(No!.Value, NoUnits!.Value),
        new Tally(Abstained!.Value, AbstainedUnits!.Value),
        new Tally(represented - Yes.Value - No.Value - Abstained.Value,
            RepresentedUnits!.Value - YesUnits.Value - NoUnits.Value - AbstainedUnits.Value),
        total);
}

/// <summary>One press of the button: the ballots of all units that somebody carries.</summary>
[Table("assembly_receipts")]
public sealed class AssemblyReceipt : Stamped
{
    public long Id { get; set; }

    public long VoteId { get; set; }
    public AssemblyVote? Vote { get; set; }

    /// <summary>Made by the phone: sent twice, it gives the same receipt.</summary>
    [Column(TypeName = "char(36)")]
    public string Submission { get; set; } = "";

    [MaxLength(12)]
    public string Code { get; set; } = "";

    [MaxLength(Assemblies.Assembly.LongestName)]
    public string Voter { get; set; } = "";

    /// <summary>The office cast it for somebody without a phone.</summary>
    public bool AtDesk { get; set; }

    public long? CastBy { get; set; }
}

/// <summary>What a unit said in a vote. Only added to, and once.</summary>
[Table("assembly_ballots")]
public sealed class AssemblyBallot : Stamped
{
    public long Id { get; set; }

    public long VoteId { get; set; }
    public AssemblyVote? Vote { get; set; }

    public long ApartmentId { get; set; }
    public Apartment? Apartment { get; set; }

    public BallotChoice Choice { get; set; }

    public long ReceiptId { get; set; }
    public AssemblyReceipt? Receipt { get; set; }

    /// <summary>By which row of the attendance the voter carried the unit.</summary>
    public long AttendanceId { get; set; }
    public AssemblyAttendance? Attendance { get; set; }
}
