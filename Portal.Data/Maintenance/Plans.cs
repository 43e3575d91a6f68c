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

    /// <summary>What it goes by besides: whichever comes first, the day or so much of what the meter counts.</summary>
    public long? MeterId { get; set; }
    public AssetMeter? Meter { get; set; }

    /// <summary>So much of what the meter counts after it was done last.</summary>
    public int? MeterEvery { get; set; }

    /// <summary>What stood on the meter then, told by the counter that is there now: it may be below zero.</summary>
    [Column(TypeName = "decimal(14,2)")]
    public decimal? MeterFrom { get; set; }

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

/// <summary>Counts what a piece of equipment does: hours, starts, cubic metres.</summary>
[Table("asset_meters")]
public sealed class AssetMeter : Updated
{
    public long Id { get; set; }

    public long AssetId { get; set; }
    public Asset? Asset { get; set; }

    [MaxLength(60)]
    public string Name { get; set; } = "";

    [MaxLength(20)]
    public string Unit { get; set; } = "";
}

/// <summary>What stood on a meter on a day.</summary>
[Table("asset_readings")]
public sealed class AssetReading : Stamped
{
    public long Id { get; set; }

    public long MeterId { get; set; }
    public AssetMeter? Meter { get; set; }

    public DateOnly ReadOn { get; set; }

    [Column(TypeName = "decimal(14,2)")]
    public decimal Value { get; set; }

    /// <summary>Another counter begins with this one.</summary>
    public bool Replaced { get; set; }

    public long? ReadBy { get; set; }
}
