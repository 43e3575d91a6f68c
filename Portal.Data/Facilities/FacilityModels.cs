using System.Security.Cryptography;
using System.Text.Json;

namespace Portal.Data.Facilities;

/// <summary>
/// Opening hours that begin on one weekday (1 Monday to 7 Sunday); an end not later than the beginning is on the day after.
/// </summary>
public sealed record HoursInput(int Weekday, TimeOnly OpensAt, TimeOnly ClosesAt);

/// <summary>So many bookings of the kind in each period, for each person or each apartment.</summary>
public sealed record QuotaInput(QuotaSubject Subject, QuotaPeriod Period, int Most);

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
    public int ChangeNoticeMinutes { get; init; }
    public int? OpenLimit { get; init; }
    public bool PayFirst { get; init; }
    public bool CheckIn { get; init; }
    public IReadOnlyList<QuotaInput> Quotas { get; init; } = [];
    public string? Terms { get; init; }
    public IReadOnlyList<HoursInput> Hours { get; init; } = [];

    /// <summary>The <see cref="Fingerprint"/> of the rules that the form was filled with; null: whatever is there is changed.</summary>
    public string? Version { get; init; }

    /// <summary>
    /// The same for the same rules, whatever their version: tells whether anything was changed, here or by somebody else.
    /// </summary>
    public string Fingerprint() =>
        Convert.ToHexStringLower(
            SHA256.HashData(
                JsonSerializer.SerializeToUtf8Bytes(this with { Version = null, HourlyRate = Plain(HourlyRate), Deposit = Plain(Deposit) })
            )
        );

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
        if (SlotMinutes > 0 && MinMinutes % SlotMinutes != 0)
            wrong.Add(new Error("facility.not_whole_slots", nameof(MinMinutes), SlotMinutes));
        if (SlotMinutes > 0 && MaxMinutes % SlotMinutes != 0)
            wrong.Add(new Error("facility.not_whole_slots", nameof(MaxMinutes), SlotMinutes));
        Between(nameof(BufferMinutes), BufferMinutes, 0, 720);
        Between(nameof(MinNoticeMinutes), MinNoticeMinutes, 0, 60 * 24 * 60);
        Between(nameof(MaxAdvanceDays), MaxAdvanceDays, 0, 730);
        Between(nameof(CancelNoticeMinutes), CancelNoticeMinutes, 0, 60 * 24 * 60);
        Between(nameof(CancelChargePercent), CancelChargePercent, 0, 100);
        Between(nameof(HourlyRate), HourlyRate, 0, 100_000_000);
        Between(nameof(Deposit), Deposit, 0, 1_000_000_000);
        Between(nameof(ChangeNoticeMinutes), ChangeNoticeMinutes, 0, 60 * 24 * 60);
        if (OpenLimit is { } open) Between(nameof(OpenLimit), open, 1, 1000);
        foreach (var quota in Quotas) Between($"{nameof(Quotas)}.{quota.Subject}.{quota.Period}", quota.Most, 1, 1000);
        if (PayFirst && ApprovalRequired) wrong.Add(new Error("facility.pay_first_approval", nameof(PayFirst)));
        CheckHours(wrong);
        return wrong;
    }

    private void CheckHours(List<Error> wrong)
    {
        foreach (var day in Hours.GroupBy(h => h.Weekday))
        {
            var field = $"{nameof(Hours)}.{day.Key}";
            if (day.Key is < 1 or > 7) wrong.Add(new Error("between", field, 1, 7));
            var last = Hours
                .Where(h => h.Weekday == (day.Key == 1 ? 7 : day.Key - 1))
                .Select(h => Closes(h) - 1440)
                .DefaultIfEmpty(-1)
                .Max();
            foreach (var hours in day.OrderBy(h => h.OpensAt))
            {
                if (Minutes(hours.OpensAt) < last) wrong.Add(new Error("facility.hours_overlap", field));
                last = Math.Max(last, Closes(hours));
            }
        }
    }

    /// <summary>Without the zeros behind the point that a database adds.</summary>
    private static decimal Plain(decimal amount) => amount / 1.0000000000000000000000000000m;

    private static int Closes(HoursInput hours) => Minutes(hours.ClosesAt) + (hours.ClosesAt <= hours.OpensAt ? 1440 : 0);

    private static int Minutes(TimeOnly time) => (int)time.ToTimeSpan().TotalMinutes;
}

/// <summary>A facility in the list.</summary>
/// <param name="Upcoming">Bookings from now on.</param>
public sealed record FacilityRow(
    long Id, string Name, string? Kind, FacilityState State, int? Capacity, bool Shared, decimal HourlyRate, decimal Deposit,
    bool ApprovalRequired, int Upcoming, IReadOnlyList<QuotaInput> Quotas)
{
    /// <summary>The digest of its photo; null where it has none.</summary>
    public string? Photo { get; init; }

    /// <summary>The closure that is on, or the next.</summary>
    public BlackoutRow? NextClosure { get; init; }
}

/// <summary>A facility with its rules and the closures that are not over.</summary>
/// <param name="Photo">The digest of its photo; null where it has none.</param>
public sealed record FacilityDetail(long Id, FacilityInput Rules, IReadOnlyList<BlackoutRow> Blackouts, string? Photo);

public sealed record BlackoutRow(long Id, DateTime Start, DateTime End, string Reason);

/// <param name="CancelBookings">Cancel the bookings in it, at no charge and with the reason; otherwise they stay.</param>
public sealed record BlackoutInput(DateTime Start, DateTime End, string Reason, bool CancelBookings)
{
    /// <summary>Other facilities that are closed with it.</summary>
    public IReadOnlyList<long> Also { get; init; } = [];

    /// <summary>Bookings that stay although the others are cancelled.</summary>
    public IReadOnlyList<long> Kept { get; init; } = [];

    /// <summary>
    /// The bookings the person has seen: where there is one more to be cancelled, nothing is done. Null: whatever there is.
    /// </summary>
    public IReadOnlyList<long>? Seen { get; init; }
}

/// <summary>A booking that a closure would meet.</summary>
/// <param name="Paid">What has been paid of it: to the apartment's credit if it is cancelled.</param>
public sealed record MetBooking(ReservationRow Row, decimal Paid);
