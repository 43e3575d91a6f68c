namespace Portal.Data.Facilities;

/// <summary>Opening hours of one weekday (1 Monday to 7 Sunday); midnight as the end is the end of the day.</summary>
public sealed record HoursInput(int Weekday, TimeOnly OpensAt, TimeOnly ClosesAt);

/// <summary>A facility as the form holds it: every rule it is booked by. Lengths in minutes.</summary>
public sealed record FacilityInput
{
    public string Name { get; init; } = "";
    public string? Description { get; init; }

    /// <summary>The kind by its name; a new name makes a new kind; empty: a kind of its own.</summary>
    public string? Kind { get; init; }

    public FacilityState State { get; init; } = FacilityState.Available;
    public int? Capacity { get; init; }
    public bool Shared { get; init; }
    public bool ApprovalRequired { get; init; }
    public int SlotMinutes { get; init; } = 60;
    public int MinMinutes { get; init; } = 60;
    public int MaxMinutes { get; init; } = 240;
    public int BufferMinutes { get; init; }
    public int MinNoticeMinutes { get; init; }
    public int MaxAdvanceDays { get; init; } = 60;
    public decimal HourlyRate { get; init; }
    public decimal Deposit { get; init; }
    public int CancelNoticeMinutes { get; init; }
    public int CancelChargePercent { get; init; } = 100;
    public int? QuotaCount { get; init; }
    public QuotaPeriod? QuotaPeriod { get; init; }
    public string? Terms { get; init; }
    public IReadOnlyList<HoursInput> Hours { get; init; } = [];

    /// <summary>Everything that is wrong with it by itself.</summary>
    public List<Error> Check()
    {
        List<Error> wrong = [];
        void Between(string field, decimal value, decimal least, decimal most)
        {
            if (value < least || value > most) wrong.Add(new Error("between", field, least, most));
        }

        if (string.IsNullOrWhiteSpace(Name)) wrong.Add(Error.Required(nameof(Name)));
        if (Name.Length > 100) wrong.Add(Error.TooLong(nameof(Name), 100));
        if (Kind?.Length > 50) wrong.Add(Error.TooLong(nameof(Kind), 50));
        if (Description?.Length > 2000) wrong.Add(Error.TooLong(nameof(Description), 2000));
        if (Terms?.Length > 8000) wrong.Add(Error.TooLong(nameof(Terms), 8000));
        if (Capacity is { } capacity) Between(nameof(Capacity), capacity, 1, 10_000);
        else if (Shared) wrong.Add(Error.Required(nameof(Capacity)));
        Between(nameof(SlotMinutes), SlotMinutes, 5, 1440);
        Between(nameof(MinMinutes), MinMinutes, 5, 1440);
        Between(nameof(MaxMinutes), MaxMinutes, 5, 1440);
        if (MaxMinutes < MinMinutes) wrong.Add(new Error("facility.max_below_min", nameof(MaxMinutes)));
        if (SlotMinutes > 0 && MinMinutes % SlotMinutes != 0) wrong.Add(new Error("facility.not_whole_slots", nameof(MinMinutes), SlotMinutes));
        if (SlotMinutes > 0 && MaxMinutes % SlotMinutes != 0) wrong.Add(new Error("facility.not_whole_slots", nameof(MaxMinutes), SlotMinutes));
        Between(nameof(BufferMinutes), BufferMinutes, 0, 720);
        Between(nameof(MinNoticeMinutes), MinNoticeMinutes, 0, 60 * 24 * 60);
        Between(nameof(MaxAdvanceDays), MaxAdvanceDays, 0, 730);
        Between(nameof(CancelNoticeMinutes), CancelNoticeMinutes, 0, 60 * 24 * 60);
        Between(nameof(CancelChargePercent), CancelChargePercent, 0, 100);
        Between(nameof(HourlyRate), HourlyRate, 0, 100_000_000);
        Between(nameof(Deposit), Deposit, 0, 1_000_000_000);
        if (QuotaCount is { } quota) Between(nameof(QuotaCount), quota, 1, 1000);
        if (QuotaCount is null != QuotaPeriod is null) wrong.Add(Error.Required(QuotaCount is null ? nameof(QuotaCount) : nameof(QuotaPeriod)));
        CheckHours(wrong);
        return wrong;
    }

    private void CheckHours(List<Error> wrong)
    {
        foreach (var day in Hours.GroupBy(h => h.Weekday))
        {
            var field = $"{nameof(Hours)}.{day.Key}";
            var last = -1;
            foreach (var hours in day.OrderBy(h => h.OpensAt))
            {
                var (opens, closes) = (Minutes(hours.OpensAt), hours.ClosesAt == TimeOnly.MinValue ? 1440 : Minutes(hours.ClosesAt));
                if (day.Key is < 1 or > 7 || closes <= opens) wrong.Add(new Error("facility.closes_before_opening", field));
                else if (opens < last) wrong.Add(new Error("facility.hours_overlap", field));
                last = Math.Max(last, closes);
            }
        }
    }

    private static int Minutes(TimeOnly time) => (int)time.ToTimeSpan().TotalMinutes;
}

/// <summary>A facility in the list.</summary>
/// <param name="Upcoming">Bookings from now on.</param>
public sealed record FacilityRow(
    long Id, string Name, string? Kind, FacilityState State, int? Capacity, bool Shared, decimal HourlyRate, decimal Deposit, bool ApprovalRequired, int? QuotaCount, QuotaPeriod? QuotaPeriod, int Upcoming);

/// <summary>A facility with its rules and the closures that are not over.</summary>
public sealed record FacilityDetail(long Id, FacilityInput Rules, IReadOnlyList<BlackoutRow> Blackouts);

public sealed record BlackoutRow(long Id, DateTime Start, DateTime End, string Reason);

/// <param name="CancelBookings">Cancel the bookings in it, at no charge and with the reason; otherwise they stay.</param>
public sealed record BlackoutInput(DateTime Start, DateTime End, string Reason, bool CancelBookings);
