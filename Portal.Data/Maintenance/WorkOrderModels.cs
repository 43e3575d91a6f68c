using Portal.Data.Expenses;
using Portal.Data.Pqrs;

namespace Portal.Data.Maintenance;

/// <summary>What a form says of a work order.</summary>
public sealed record WorkOrderInput(
    string? Title, string? Description, long? AssetId, int? TowerId, string? Place, WorkOrderPriority Priority, DateOnly? DueOn, bool Emergency)
    : IEdit<WorkOrderInput>
{
    /// <inheritdoc/>
    public WorkOrderInput? Read { get; init; }
}

/// <param name="Amount">Pesos approved; null without, and for who does the work.</param>
/// <param name="Asked">Pesos that wait for approval; as <paramref name="Amount"/>.</param>
/// <param name="Late">Its day is past and it is not done.</param>
public sealed record WorkOrderRow(
    long Id, string Number, string Title, string? AssetCode, string? Asset, string? Tower, string? Place, WorkOrderPriority Priority,
    WorkOrderState State, bool Emergency, string? Supplier, string? Worker, DateOnly? DueOn, bool Late, decimal? Amount, decimal? Asked, DateOnly? DoneOn);

/// <summary>What waits for somebody.</summary>
public sealed record WorkOrderCounts(int Asked, int Late, int Active, int Done)
{
    public bool Any => Asked + Late + Active + Done > 0;
}

/// <summary>A work order with all that hangs on it.</summary>
/// <param name="SeesCosts">Who only does the work sees none.</param>
/// <param name="Billed">Pesos of its bills.</param>
/// <param name="AskedSupplier">Of the quote that waits for approval.</param>
/// <param name="Mine">It was given to this person.</param>
/// <param name="Plan">That asked for it.</param>
public sealed record WorkOrderView(
    long Id, string Number, WorkOrderState State, WorkOrderInput Input, string? Asset, string? Tower, DateOnly? RatifyBy, long? SupplierId,
    string? Supplier, long? WorkerId, string? Worker, DateOnly? DoneOn, bool Late, bool SeesCosts, decimal? Amount, DateOnly? ApprovedOn,
    string? ApprovalAct, decimal? AskedAmount, ApprovalLevel? AskedLevel, long? AskedQuote, string? AskedSupplier, bool Mine,
    decimal Billed, DateOnly? WarrantyUntil, MaintenanceOption? Plan,
    IReadOnlyList<WorkOrderCheckRow> Checks, IReadOnlyList<WorkOrderFileRow> Files, IReadOnlyList<WorkOrderQuoteRow> Quotes,
    IReadOnlyList<WorkOrderCaseRow> Cases, IReadOnlyList<WorkOrderBill> Bills, IReadOnlyList<WorkOrderStepRow> Steps);

public sealed record WorkOrderCheckRow(long Id, int Position, string Text, DateTime? DoneAt, string? DoneBy);

public sealed record WorkOrderFileRow(long Id, string Name, string ContentType, int Size);

public sealed record WorkOrderQuoteRow(
    long Id, long SupplierId, string Supplier, decimal Amount, string? Note, bool Asked, bool Approved, string? FileName, string? ContentType, int? Size);

public sealed record WorkOrderCaseRow(long Id, string? Number, string Title, PqrsState State);

public sealed record WorkOrderBill(
    long ExpenseId, string? Number, string Invoice, string Supplier, DateOnly InvoicedOn, decimal Amount, ExpenseState State);

/// <param name="At">UTC.</param>
public sealed record WorkOrderStepRow(long Id, WorkOrderStepKind Kind, string? Note, decimal? Amount, string? By, DateTime? At);

/// <summary>What a resident sees of the work on their case.</summary>
public sealed record WorkOrderOfCase(long Id, string Number, string? Title, WorkOrderState State, DateOnly? DueOn, DateOnly? DoneOn);

/// <param name="Papers">One at most.</param>
public sealed record WorkOrderQuoteInput(long? SupplierId, decimal? Amount, string? Note, IReadOnlyList<PqrsUpload> Papers);

public sealed record WorkOrderAssignment(long? SupplierId, long? WorkerId, DateOnly? DueOn) : IEdit<WorkOrderAssignment>
{
    /// <inheritdoc/>
    public WorkOrderAssignment? Read { get; init; }
}

/// <summary>What a form says of a plan.</summary>
/// <param name="MeterId">A meter of its equipment that it goes by besides.</param>
/// <param name="MeterEvery">So much of what it counts.</param>
/// <param name="MeterFrom">What stood on it when the work was done last.</param>
public sealed record PlanInput(
    string? Title, string? Description, string? Checklist, long? AssetId, long? SupplierId, DateOnly? StartsOn, int? Every, PlanUnit Unit,
    PlanCount CountedFrom, PlanShift Shift, int? LeadDays, bool Active, long? MeterId = null, int? MeterEvery = null, decimal? MeterFrom = null)
    : IEdit<PlanInput>
{
    /// <inheritdoc/>
    public PlanInput? Read { get; init; }
}

/// <param name="NextOn">The day that is shown; null where its order is open or the plan rests.</param>
/// <param name="OrderId">The order that is open.</param>
/// <param name="LastDone">When it was done last.</param>
public sealed record PlanRow(
    long Id, PlanInput Input, string? Asset, string? Supplier, DateOnly? NextOn, long? OrderId, string? Order, DateOnly? LastDone, int Skipped,
    string? MeterUnit);

/// <summary>A meter with what was read on it lately, the last first.</summary>
public sealed record MeterView(long Id, string Name, string Unit, IReadOnlyList<MeterReadingRow> Readings);

public sealed record MeterReadingRow(long Id, DateOnly ReadOn, decimal Value, bool Replaced, string? By);

public sealed record MeterInput(string? Name, string? Unit);

/// <param name="Replaced">Another counter begins with this value.</param>
public sealed record MeterReadingInput(DateOnly? ReadOn, decimal? Value, bool Replaced);
