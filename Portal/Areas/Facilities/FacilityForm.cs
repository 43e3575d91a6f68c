using Portal.Data.Facilities;

namespace Portal.Areas.Facilities;

/// <summary>One stretch of opening hours while it is being typed.</summary>
public sealed class HoursForm
{
    public int Weekday { get; init; }
    public TimeOnly OpensAt { get; set; } = new(8, 0);
    public TimeOnly ClosesAt { get; set; } = new(22, 0);
}

/// <summary>The rules of a facility while they are being typed. Names are those of <see cref="FacilityInput"/>: refusals find their field by them.</summary>
public sealed class FacilityForm
{
    public string Name { get; set; } = "";
    public string? Description { get; set; }
    public string? Kind { get; set; }
    public FacilityState State { get; set; } = FacilityState.Available;
    public int? Capacity { get; set; }
    public bool Shared { get; set; }
    public bool ApprovalRequired { get; set; }
    public int SlotMinutes { get; set; } = 60;
    public int MinMinutes { get; set; } = 60;
    public int MaxMinutes { get; set; } = 240;
    public int BufferMinutes { get; set; }
    public int MinNoticeMinutes { get; set; }
    public int MaxAdvanceDays { get; set; } = 60;
    public decimal? HourlyRate { get; set; } = 0;
    public decimal? Deposit { get; set; } = 0;
    public int CancelNoticeMinutes { get; set; } = 1440;
    public int CancelChargePercent { get; set; } = 100;
    public int ChangeNoticeMinutes { get; set; }
    public int? OpenLimit { get; set; }
    public bool PayFirst { get; set; }
    public bool CheckIn { get; set; }
    public Dictionary<(QuotaSubject Subject, QuotaPeriod Period), int?> Quotas { get; } = [];
    public string? Terms { get; set; }
    public List<HoursForm> Hours { get; set; } = [.. Enumerable.Range(1, 7).Select(day => new HoursForm { Weekday = day })];

    public static FacilityForm Of(FacilityInput rules)
    {
        var form = From(rules);
        foreach (var quota in rules.Quotas) form.Quotas[(quota.Subject, quota.Period)] = quota.Most;
        return form;
    }

    private static FacilityForm From(FacilityInput rules) => new()
    {
        Name = rules.Name, Description = rules.Description, Kind = rules.Kind, State = rules.State, Capacity = rules.Capacity, Shared = rules.Shared, ApprovalRequired = rules.ApprovalRequired,
        SlotMinutes = rules.SlotMinutes, MinMinutes = rules.MinMinutes, MaxMinutes = rules.MaxMinutes, BufferMinutes = rules.BufferMinutes, MinNoticeMinutes = rules.MinNoticeMinutes,
        MaxAdvanceDays = rules.MaxAdvanceDays, HourlyRate = rules.HourlyRate, Deposit = rules.Deposit, CancelNoticeMinutes = rules.CancelNoticeMinutes, CancelChargePercent = rules.CancelChargePercent,
        ChangeNoticeMinutes = rules.ChangeNoticeMinutes, OpenLimit = rules.OpenLimit, PayFirst = rules.PayFirst, CheckIn = rules.CheckIn, Terms = rules.Terms,
        Hours = [.. rules.Hours.Select(h => new HoursForm { Weekday = h.Weekday, OpensAt = h.OpensAt, ClosesAt = h.ClosesAt })],
    };

    public FacilityInput ToInput() => new()
    {
        Name = Name, Description = Description, Kind = Kind, State = State, Capacity = Capacity, Shared = Shared, ApprovalRequired = ApprovalRequired, SlotMinutes = SlotMinutes, MinMinutes = MinMinutes,
        MaxMinutes = MaxMinutes, BufferMinutes = BufferMinutes, MinNoticeMinutes = MinNoticeMinutes, MaxAdvanceDays = MaxAdvanceDays, HourlyRate = HourlyRate ?? 0, Deposit = Deposit ?? 0,
        CancelNoticeMinutes = CancelNoticeMinutes, CancelChargePercent = CancelChargePercent, Terms = Terms,
        ChangeNoticeMinutes = ChangeNoticeMinutes, OpenLimit = OpenLimit, PayFirst = PayFirst, CheckIn = CheckIn,
        Quotas = [.. Quotas.Where(q => q.Value is not null).OrderBy(q => q.Key).Select(q => new QuotaInput(q.Key.Subject, q.Key.Period, q.Value!.Value))],
        Hours = [.. Hours.OrderBy(h => h.Weekday).ThenBy(h => h.OpensAt).Select(h => new HoursInput(h.Weekday, h.OpensAt, h.ClosesAt))],
    };
}
