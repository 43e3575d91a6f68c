namespace Portal.Data.Facilities;

/// <summary>What a booking costs, in whole units of the building's currency: what is shown is what is charged.</summary>
/// <param name="Hours">Without the deposit: the time at the hourly rate.</param>
/// <param name="Deposit">Given back after use.</param>
/// <param name="CancelFreeUntil">Until when cancelling is free; null where it always is.</param>
/// <param name="CancelCharge">What it costs after that.</param>
public sealed record BookingPrice(decimal Hours, decimal Deposit, DateTime? CancelFreeUntil, decimal CancelCharge)
{
    public decimal Total => Hours + Deposit;

    public static BookingPrice Of(Facility facility, DateTime start, DateTime end)
    {
        var hours = Whole((facility.HourlyRate ?? 0) * (decimal)(end - start).TotalMinutes / 60);
        var charge = Whole(hours * facility.CancelChargePercent / 100);
        return new(hours, Whole(facility.Deposit), charge > 0 ? start.AddMinutes(-facility.CancelNoticeMinutes) : null, charge);
    }

    private static decimal Whole(decimal amount) => Math.Round(amount, 0, MidpointRounding.AwayFromZero);
}
