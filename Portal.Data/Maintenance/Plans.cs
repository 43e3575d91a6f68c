using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using Portal.Data.Expenses;

namespace Portal.Data.Maintenance;

[StoredByName]
public enum PlanUnit { Day, Week, Month, Year }

/// <summary>What the days of a plan are counted from: its first one, so that a late one moves none; or the day the last was done.</summary>
[StoredByName]
public enum PlanCount { Start, Completion }

/// <summary>Which day is shown where the one that was counted is none of business.</summary>
[StoredByName]
public enum PlanShift { None, Before, After }

/// <summary>Work that comes again and again. Of one plan one order at most is open.</summary>
[Table("maintenance_plans")]
public sealed class MaintenancePlan : Updated
{
    public long Id { get; set; }

    [MaxLength(150)]
    public string Title { get; set; } = "";

    [MaxLength(2000)]
    public string? Description { get; set; }

    /// <summary>A line of each order's checklist on each line.</summary>
    [MaxLength(6100)]
    public string? Checklist { get; set; }

    public long? AssetId { get; set; }
    public Asset? Asset { get; set; }

    public long? SupplierId { get; set; }
    public Supplier? Supplier { get; set; }

    public DateOnly StartsOn { get; set; }

    public int Every { get; set; }

    public PlanUnit Unit { get; set; }

    public PlanCount CountedFrom { get; set; }

    public PlanShift Shift { get; set; }

    /// <summary>So many days before, its order is made.</summary>
    public int LeadDays { get; set; }

    /// <summary>The next day, as counted; null while its order is open.</summary>
    public DateOnly? NextOn { get; set; }

    public bool Active { get; set; } = true;

    public long? MadeBy { get; set; }
}

/// <summary>A day on which a plan asked for something.</summary>
[Table("plan_occurrences")]
public sealed class PlanOccurrence : Stamped
{
    public long Id { get; set; }

    public long PlanId { get; set; }
    public MaintenancePlan? Plan { get; set; }

    public DateOnly DueOn { get; set; }

    /// <summary>Null where it was skipped: the one before it was done later than this day.</summary>
    public long? OrderId { get; set; }
    public WorkOrder? Order { get; set; }

    public DateOnly? DoneOn { get; set; }
}
