using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using Portal.Data.Building;
using Portal.Data.Expenses;
using Portal.Data.Identity;
using Portal.Data.Pqrs;

namespace Portal.Data.Maintenance;

/// <summary>Where a work order is on its way. Approval: what it may cost is to be decided before anybody begins.</summary>
[StoredByName]
public enum WorkOrderState { Open, Approval, Assigned, Working, Waiting, Done, Accepted, Cancelled }

[StoredByName]
public enum WorkOrderPriority { Low, Normal, High, Urgent }

/// <summary>Who decides what something may cost, by how much it is.</summary>
[StoredByName]
public enum ApprovalLevel { Staff, Administrator, Council }

/// <summary>What somebody did with a work order.</summary>
[StoredByName]
public enum WorkOrderStepKind { Made, Changed, Asked, Approved, Rejected, Assigned, Started, Waiting, Done, SentBack, Accepted, Cancelled }

/// <summary>
/// Something that is to be done to the building. Each verb refuses what the state does not allow, and changes nothing then. That it is late
/// is worked out and never stored: a stored one would have to be kept true every night, and would stand in the way of closing it.
/// </summary>
[Table("work_orders")]
public sealed class WorkOrder : Updated
{
    /// <summary>The series of their numbers.</summary>
    public const string Series = "OT";

    private WorkOrder()
    {
    }

    public long Id { get; private set; }

    /// <summary><c>OT-2026-000123</c>.</summary>
    [MaxLength(20)]
    public string Number { get; private set; } = "";

    [MaxLength(150)]
    public string Title { get; private set; } = "";

    [MaxLength(2000)]
    public string? Description { get; private set; }

    /// <summary>What equipment; null for what is no equipment's.</summary>
    public long? AssetId { get; private set; }
    public Asset? Asset { get; private set; }

    public int? TowerId { get; private set; }
    public Tower? Tower { get; private set; }

    [MaxLength(120)]
    public string? Place { get; private set; }

    public WorkOrderPriority Priority { get; private set; } = WorkOrderPriority.Normal;

    public WorkOrderState Status { get; private set; }

    /// <summary>It does not wait for its approval, which then follows by <see cref="RatifyBy"/>.</summary>
    public bool Emergency { get; private set; }

    /// <summary>The last day to approve what an emergency costs.</summary>
    public DateOnly? RatifyBy { get; private set; }

    /// <summary>Whom it was given to.</summary>
    public long? SupplierId { get; private set; }
    public Supplier? Supplier { get; private set; }

    /// <summary>Who of the house does it.</summary>
    public long? WorkerId { get; private set; }
    public User? Worker { get; private set; }

    public DateOnly? DueOn { get; private set; }

    /// <summary>Pesos that were approved; null where nothing was.</summary>
    [Column(TypeName = "decimal(12,2)")]
    public decimal? Amount { get; private set; }

    public DateOnly? ApprovedOn { get; private set; }

    public long? ApprovedBy { get; private set; }

    /// <summary>The council's minutes.</summary>
    [MaxLength(100)]
    public string? ApprovalAct { get; private set; }

    /// <summary>Pesos that wait for approval; null where nothing does.</summary>
    [Column(TypeName = "decimal(12,2)")]
    public decimal? AskedAmount { get; private set; }

    public ApprovalLevel? AskedLevel { get; private set; }

    public long? AskedBy { get; private set; }

    /// <summary>The quote that was approved.</summary>
    public long? QuoteId { get; private set; }

    /// <summary>The quote that waits for approval. Its supplier has the order once it is approved, and not before.</summary>
    public long? AskedQuoteId { get; private set; }

    public DateOnly? DoneOn { get; private set; }

    public long? MadeBy { get; private set; }

    public List<WorkOrderStep> Steps { get; private set; } = [];

    /// <summary>Something is still to be done.</summary>
    [NotMapped]
    public bool Active => Status is WorkOrderState.Open or WorkOrderState.Approval || UnderWay;

    /// <summary>Somebody has it.</summary>
    [NotMapped]
    public bool UnderWay => Status is WorkOrderState.Assigned or WorkOrderState.Working or WorkOrderState.Waiting;

    /// <param name="ratifyBy">Of an emergency.</param>
    internal static WorkOrder Make(WorkOrderInput input, DateOnly? ratifyBy, long? by)
    {
        var order = new WorkOrder { MadeBy = by };
        order.Write(input, ratifyBy);
        order.Note(WorkOrderStepKind.Made, by);
        return order;
    }

    /// <exception cref="InvalidOperationException">It has one.</exception>
    internal void GiveNumber(string number)
    {
        if (Number.Length > 0) throw new InvalidOperationException($"Work order {Id} is {Number} already.");
        Number = number;
    }

    /// <returns>
    /// Refused: <c>order.over</c>; of what a price was decided by or waits for, <c>order.asset_decided</c> and
    /// <c>order.emergency_asked</c>.
    /// </returns>
    internal Result Change(WorkOrderInput input, DateOnly? ratifyBy, long? by)
    {
        if (!Active) return Over;
        // Who decides depends on what else was approved for this equipment.
        if (input.AssetId != AssetId && (Amount is not null || AskedAmount is not null))
            return new Error("order.asset_decided", nameof(input.AssetId));
        if (Emergency && !input.Emergency && AskedAmount is not null) return new Error("order.emergency_asked", nameof(input.Emergency));
        var before = (Title, Description, AssetId, TowerId, Place, Priority, DueOn, Emergency);
        Write(input, ratifyBy);
        if (before == (Title, Description, AssetId, TowerId, Place, Priority, DueOn, Emergency)) return Result.Done;
        if (Emergency && Status == WorkOrderState.Approval) Status = Given;
        Note(WorkOrderStepKind.Changed, by);
        return Result.Done;
    }

    /// <summary>Gives it to a supplier, to somebody of the house, or to both.</summary>
    /// <returns>Refused: <c>order.over</c>, <c>order.waits</c> for its approval, <c>order.supplier_approved</c>: another's price.</returns>
    internal Result Assign(long? supplier, long? worker, DateOnly? due, long? by)
    {
        if (!Active) return Over;
        if (Status == WorkOrderState.Approval) return new Error("order.waits");
        if (Amount is not null && supplier != SupplierId) return new Error("order.supplier_approved", nameof(SupplierId));
        (SupplierId, WorkerId, DueOn) = (supplier, worker, due);
        if (Status == WorkOrderState.Open) Status = WorkOrderState.Assigned;
        Note(WorkOrderStepKind.Assigned, by);
        return Result.Done;
    }

    /// <summary>
    /// Asks what it may cost. Who has begun, or has an emergency, goes on meanwhile; within the staff's own limit it is approved with that.
    /// </summary>
    /// <remarks>Also of what is accepted already: a bill that comes later may be higher than what was approved.</remarks>
    /// <returns>Refused: <c>order.over</c>.</returns>
    internal Result Ask(WorkOrderQuote quote, ApprovalLevel level, DateOnly today, long? by)
    {
        if (Status == WorkOrderState.Cancelled) return Over;
        (AskedAmount, AskedLevel, AskedBy, AskedQuoteId) = (quote.Amount, level, by, quote.Id);
        Note(WorkOrderStepKind.Asked, by, amount: quote.Amount);
        if (level == ApprovalLevel.Staff) return Approve(quote.SupplierId, null, today, by);
        if (!Emergency && Status is WorkOrderState.Open or WorkOrderState.Assigned) Status = WorkOrderState.Approval;
        return Result.Done;
    }

    /// <param name="supplier">Of the quote that was asked for.</param>
    /// <returns>Refused: <c>order.not_asked</c>.</returns>
    internal Result Approve(long supplier, string? act, DateOnly today, long? by)
    {
        if (AskedAmount is not { } amount) return new Error("order.not_asked");
        (Amount, ApprovedOn, ApprovedBy, ApprovalAct, QuoteId, SupplierId) = (amount, today, by, act, AskedQuoteId, supplier);
        (AskedAmount, AskedLevel, AskedQuoteId) = (null, null, null);
        if (Status is WorkOrderState.Approval or WorkOrderState.Open) Status = WorkOrderState.Assigned;
        Note(WorkOrderStepKind.Approved, by, act, amount);
        return Result.Done;
    }

    /// <summary>What was approved before, if anything, holds on.</summary>
    /// <returns>Refused: <c>order.not_asked</c>.</returns>
    internal Result Reject(string reason, long? by)
    {
        if (AskedAmount is not { } amount) return new Error("order.not_asked");
        (AskedAmount, AskedLevel, AskedQuoteId) = (null, null, null);
        if (Status == WorkOrderState.Approval) Status = Given;
        Note(WorkOrderStepKind.Rejected, by, reason, amount);
        return Result.Done;
    }

    /// <returns>Refused: <c>order.not_begun</c> where nobody has it or it runs already.</returns>
    internal Result Start(long? by)
    {
        if (Status is not (WorkOrderState.Assigned or WorkOrderState.Waiting)) return new Error("order.not_begun");
        Status = WorkOrderState.Working;
        Note(WorkOrderStepKind.Started, by);
        return Result.Done;
    }

    /// <summary>It stands still: for a part, for an answer.</summary>
    internal Result Wait(string reason, long? by)
    {
        if (Status is not (WorkOrderState.Assigned or WorkOrderState.Working)) return new Error("order.not_begun");
        Status = WorkOrderState.Waiting;
        Note(WorkOrderStepKind.Waiting, by, reason);
        return Result.Done;
    }

    internal Result Finish(DateOnly day, string? note, long? by)
    {
        if (!UnderWay) return new Error("order.not_begun");
        (Status, DoneOn) = (WorkOrderState.Done, day);
        Note(WorkOrderStepKind.Done, by, note);
        return Result.Done;
    }

    /// <summary>It is not as it should be: the work goes on.</summary>
    internal Result SendBack(string reason, long? by)
    {
        if (Status != WorkOrderState.Done) return new Error("order.not_done");
        (Status, DoneOn) = (WorkOrderState.Working, null);
        Note(WorkOrderStepKind.SentBack, by, reason);
        return Result.Done;
    }

    /// <param name="priced">Somebody quoted for it: then an emergency's price is approved before.</param>
    internal Result Accept(bool priced, long? by)
    {
        if (Status != WorkOrderState.Done) return new Error("order.not_done");
        if (Emergency && priced && Amount is null && AskedAmount is null) return new Error("order.emergency_price");
        if (AskedAmount is not null) return new Error("order.asked", null, AskedAmount);
        Status = WorkOrderState.Accepted;
        Note(WorkOrderStepKind.Accepted, by);
        return Result.Done;
    }

    internal Result Cancel(string reason, long? by)
    {
        if (!Active) return Over;
        (Status, AskedAmount, AskedLevel, AskedQuoteId) = (WorkOrderState.Cancelled, null, null, null);
        Note(WorkOrderStepKind.Cancelled, by, reason);
        return Result.Done;
    }

    private static Error Over => new("order.over");

    private WorkOrderState Given => SupplierId is null && WorkerId is null ? WorkOrderState.Open : WorkOrderState.Assigned;

    private void Write(WorkOrderInput input, DateOnly? ratifyBy)
    {
        (Title, Description) = (input.Title!.Trim(), input.Description.TrimToNull());
        (AssetId, TowerId, Place) = (input.AssetId, input.TowerId, input.Place.TrimToNull());
        (Priority, DueOn, Emergency) = (input.Priority, input.DueOn, input.Emergency);

        // Once it began to run it goes on: taken off and put on again it would begin anew.
        if (input.Emergency) RatifyBy ??= ratifyBy;
    }

    private void Note(WorkOrderStepKind kind, long? by, string? note = null, decimal? amount = null) =>
        Steps.Add(new WorkOrderStep { Kind = kind, Note = note, Amount = amount, MadeBy = by });
}

/// <summary>One line of a work order's history.</summary>
[Table("work_order_steps"), NotAudited]
public sealed class WorkOrderStep : Stamped
{
    public long Id { get; set; }

    public long OrderId { get; set; }
    public WorkOrder? Order { get; set; }

    public WorkOrderStepKind Kind { get; set; }

    /// <summary>Why, or what was found.</summary>
    [MaxLength(500)]
    public string? Note { get; set; }

    [Column(TypeName = "decimal(12,2)")]
    public decimal? Amount { get; set; }

    public long? MadeBy { get; set; }
}

/// <summary>One thing that has to be ticked off before the work is done.</summary>
[Table("work_order_checks")]
public sealed class WorkOrderCheck : Stamped
{
    public long Id { get; set; }

    public long OrderId { get; set; }
    public WorkOrder? Order { get; set; }

    /// <summary>From 1.</summary>
    public int Position { get; set; }

    [MaxLength(200)]
    public string Text { get; set; } = "";

    [Column(TypeName = "timestamp")]
    public DateTime? DoneAt { get; set; }

    public long? DoneBy { get; set; }
}

/// <summary>A photograph or a paper of a work order.</summary>
[Table("work_order_files")]
public sealed class WorkOrderFile : Stamped
{
    public long Id { get; set; }

    public long OrderId { get; set; }
    public WorkOrder? Order { get; set; }

    [MaxLength(200)]
    public string FileName { get; set; } = "";

    [MaxLength(100)]
    public string ContentType { get; set; } = "";

    /// <summary>In bytes.</summary>
    public int Size { get; set; }

    [Secret, Column(TypeName = "longblob")]
    public byte[] Content { get; set; } = [];

    public long? AddedBy { get; set; }
}

/// <summary>What a supplier would do it for.</summary>
[Table("work_order_quotes")]
public sealed class WorkOrderQuote : Stamped
{
    public long Id { get; set; }

    public long OrderId { get; set; }
    public WorkOrder? Order { get; set; }

    public long SupplierId { get; set; }
    public Supplier? Supplier { get; set; }

    /// <summary>Whole pesos, taxes included.</summary>
    [Column(TypeName = "decimal(12,2)")]
    public decimal Amount { get; set; }

    [MaxLength(300)]
    public string? Note { get; set; }

    [MaxLength(200)]
    public string? FileName { get; set; }

    [MaxLength(100)]
    public string? ContentType { get; set; }

    /// <summary>In bytes.</summary>
    public int? Size { get; set; }

    [Secret, Column(TypeName = "longblob")]
    public byte[]? Content { get; set; }

    public long? MadeBy { get; set; }
}

/// <summary>That a case asked for it.</summary>
[Table("work_order_cases")]
public sealed class WorkOrderCase : Stamped
{
    public long Id { get; set; }

    public long OrderId { get; set; }
    public WorkOrder? Order { get; set; }

    public long PqrsId { get; set; }
    public PqrsCase? Pqrs { get; set; }
}

/// <summary>That an expense is a bill of it.</summary>
[Table("work_order_expenses")]
public sealed class WorkOrderExpense : Stamped
{
    public long Id { get; set; }

    public long OrderId { get; set; }
    public WorkOrder? Order { get; set; }

    public long ExpenseId { get; set; }
    public Expense? Expense { get; set; }
}
