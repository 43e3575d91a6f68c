using Portal.Data.Facilities;

namespace Portal.Areas.Facilities;

/// <summary>One stretch of opening hours while it is being typed.</summary>
public sealed class HoursForm
{
    public int Weekday { get; init; }
    public TimeOnly OpensAt { get; set; } = new(8, 0);
    public TimeOnly ClosesAt { get; set; } = new(22, 0);
}

/// <summary>
/// The rules of a facility while they are being typed. Names are those of <see cref="FacilityInput"/>: refusals find their field by them.
/// </summary>
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
    public int ChangeNoticeMinutes { get; set; } = 1440;
    public int? OpenLimit { get; set; }
    public bool PayFirst { get; set; }
    public bool CheckIn { get; set; }

    // Named after the fields of refusals ("Quotas.Person.Day"), which find them by name.
    public int? QuotasPersonDay { get; set; }
    public int? QuotasPersonWeek { get; set; }
    public int? QuotasPersonMonth { get; set; }
    public int? QuotasApartmentDay { get; set; }
    public int? QuotasApartmentWeek { get; set; }
    public int? QuotasApartmentMonth { get; set; }
    public string? Terms { get; set; }
    public List<HoursForm> Hours { get; set; } = [.. Enumerable.Range(1, 7).Select(day => new HoursForm { Weekday = day })];

    public static FacilityForm Of(FacilityInput rules)
    {
        var form = From(rules);
        int? Most(QuotaSubject subject, QuotaPeriod period) =>
            rules.Quotas.FirstOrDefault(q => q.Subject == subject && q.Period == period)?.Most;
        form.QuotasPersonDay = Most(QuotaSubject.Person, QuotaPeriod.Day);
        form.QuotasPersonWeek = Most(QuotaSubject.Person, QuotaPeriod.Week);
        form.QuotasPersonMonth = Most(QuotaSubject.Person, QuotaPeriod.Month);
        form.QuotasApartmentDay = Most(QuotaSubject.Apartment, QuotaPeriod.Day);
        form.QuotasApartmentWeek = Most(QuotaSubject.Apartment, QuotaPeriod.Week);
        form.QuotasApartmentMonth = Most(QuotaSubject.Apartment, QuotaPeriod.Month);
        return form;
    }

    private static FacilityForm From(FacilityInput rules) =>
        new()
        {
            Name = rules.Name,
            Description = rules.Description,
            Kind = rules.Kind,
            State = rules.State,
            Capacity = rules.Capacity,
            Shared = rules.Shared,
            ApprovalRequired = rules.ApprovalRequired,
            SlotMinutes = rules.SlotMinutes,
            MinMinutes = rules.MinMinutes,
            MaxMinutes = rules.MaxMinutes,
            BufferMinutes = rules.BufferMinutes,
            MinNoticeMinutes = rules.MinNoticeMinutes,
            MaxAdvanceDays = rules.MaxAdvanceDays,
            HourlyRate = rules.HourlyRate,
            Deposit = rules.Deposit,
            CancelNoticeMinutes = rules.CancelNoticeMinutes,
            CancelChargePercent = rules.CancelChargePercent,
            ChangeNoticeMinutes = rules.ChangeNoticeMinutes,
            OpenLimit = rules.OpenLimit,
            PayFirst = rules.PayFirst,
            CheckIn = rules.CheckIn,
            Terms = rules.Terms,
            Hours =
            [
                .. rules.Hours.Select(h => new HoursForm
                {
                    Weekday = h.Weekday,
                    OpensAt = h.OpensAt,
                    ClosesAt = h.ClosesAt,
                }),
            ],
        };

    public FacilityInput ToInput() =>
        new()
        {
            Name = Name,
            Description = Description,
            Kind = Kind,
            State = State,
            Capacity = Capacity,
            Shared = Shared,
            ApprovalRequired = ApprovalRequired,
            SlotMinutes = SlotMinutes,
            MinMinutes = MinMinutes,
            MaxMinutes = MaxMinutes,
            BufferMinutes = BufferMinutes,
            MinNoticeMinutes = MinNoticeMinutes,
            MaxAdvanceDays = MaxAdvanceDays,
            HourlyRate = HourlyRate ?? 0,
            Deposit = Deposit ?? 0,
            CancelNoticeMinutes = CancelNoticeMinutes,
            CancelChargePercent = CancelChargePercent,
            Terms = Terms,
            ChangeNoticeMinutes = ChangeNoticeMinutes,
            OpenLimit = OpenLimit,
            PayFirst = PayFirst,
            CheckIn = CheckIn,
            Quotas = [.. Quotas()],
            Hours = [.. Hours.OrderBy(h => h.Weekday).ThenBy(h => h.OpensAt).Select(h => new HoursInput(h.Weekday, h.OpensAt, h.ClosesAt))],
        };

    private IEnumerable<QuotaInput> Quotas()
    {
        (QuotaSubject Subject, QuotaPeriod Period, int? Most)[] cells =
        [
            (QuotaSubject.Person, QuotaPeriod.Day, QuotasPersonDay),
            (QuotaSubject.Person, QuotaPeriod.Week, QuotasPersonWeek),
            (QuotaSubject.Person, QuotaPeriod.Month, QuotasPersonMonth),
            (QuotaSubject.Apartment, QuotaPeriod.Day, QuotasApartmentDay),
            (QuotaSubject.Apartment, QuotaPeriod.Week, QuotasApartmentWeek),
            (QuotaSubject.Apartment, QuotaPeriod.Month, QuotasApartmentMonth),
        ];
        return cells.Where(c => c.Most is not null).Select(c => new QuotaInput(c.Subject, c.Period, c.Most ?? 0));
    }
}
