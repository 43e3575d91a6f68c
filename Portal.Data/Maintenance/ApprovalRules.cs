namespace Portal.Data.Maintenance;

/// <summary>Who decides what work may cost. The limits are the building's own.</summary>
internal static class ApprovalRules
{
    /// <summary>What the council decides needs so many quotes.</summary>
    public const int CouncilQuotes = 3;

    /// <summary>Business days in which what an emergency costs is approved.</summary>
    public const int RatifyDays = 3;

    /// <summary>Days before one in which what else was approved for the same supplier and equipment counts with it.</summary>
    public const int Together = 30;

    /// <param name="sum">Pesos, with what counts with it: one job in two orders is not two small jobs.</param>
    /// <param name="staff">Up to which the staff decide.</param>
    /// <param name="administrator">Up to which the administrator decides.</param>
    public static ApprovalLevel Level(decimal sum, int staff, int administrator) =>
        sum <= staff ? ApprovalLevel.Staff : sum <= administrator ? ApprovalLevel.Administrator : ApprovalLevel.Council;

    /// <summary>Bills may come to a twentieth more than was approved; above that it is asked again.</summary>
    public static bool Covers(decimal approved, decimal billed) => billed <= approved * 1.05m;
}
