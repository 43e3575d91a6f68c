using Portal.Data.Operations;

namespace Portal.Areas.Operations;

/// <summary>The settings while they are being typed; names are those of <see cref="BuildingSettings"/>.</summary>
public sealed class SettingsForm
{
    public string Name { get; set; } = "";
    public string? LegalName { get; set; }
    public string? TaxId { get; set; }
    public string? Address { get; set; }
    public string? City { get; set; }
    public string? Phone { get; set; }
    public string? Email { get; set; }
    public string? PublicAddress { get; set; }
    public string Paper { get; set; } = "letter";
    public string? ApplicationRule { get; set; }
    public int OverstayGuestMinutes { get; set; }
    public int OverstayDeliveryMinutes { get; set; }
    public int OverstayDomesticMinutes { get; set; }
    public int OverstayContractorMinutes { get; set; }
    public int OverstayTaxiMinutes { get; set; }
    public int PqrsDaysPetition { get; set; }
    public int PqrsDaysInformation { get; set; }
    public int PqrsDaysConsultation { get; set; }
    public int PqrsPerDay { get; set; }
    public bool PqrsAnonymous { get; set; }
    public int VisitorRetentionDays { get; set; }
    public int ParkingStayHours { get; set; }
    public int ParkingNightsPerMonth { get; set; }
    public int ParkingCarsPerApartment { get; set; }
    public int ParkingSpacesPerApartment { get; set; }
    public int ParkingAlarmMinutes { get; set; }
    public int ParkingAlarmHours { get; set; }
    public int HoldMinutes { get; set; }
    public int OfferMinutes { get; set; }
    public bool BlockDebtors { get; set; }
    public DateOnly? InterestSince { get; set; }
    public int InterestGraceDays { get; set; }
    public int FineAnswerDays { get; set; }
    public decimal? ExpenseAloneLimit { get; set; }
    public decimal? MaintenanceStaffLimit { get; set; }
    public decimal? MaintenanceAdministratorLimit { get; set; }

    public int AuditMonths { get; set; }

    public int AuditYears { get; set; }

    public int DocumentYears { get; set; }
    public string InterestMethod { get; set; } = "daily";
    public string? SignatoryName { get; set; }
    public string? SignatoryRole { get; set; }
    public string? HowToPay { get; set; }
    public int ReminderDays { get; set; }
    public int NoticeDays { get; set; }
    public int SecondNoticeDays { get; set; }
    public int DemandDays { get; set; }
    public int PreLegalDays { get; set; }
    public int AgreementGraceDays { get; set; }

    /// <summary>Says what is kept now; the fields stay those of the form.</summary>
    public void Take(BuildingSettings s)
    {
        Name = s.Name;
        LegalName = s.LegalName;
        TaxId = s.TaxId;
        Address = s.Address;
        City = s.City;
        Phone = s.Phone;
        Email = s.Email;
        PublicAddress = s.PublicAddress;
        Paper = s.Paper;
        ApplicationRule = s.ApplicationRule;
        OverstayGuestMinutes = s.OverstayGuestMinutes;
        OverstayDeliveryMinutes = s.OverstayDeliveryMinutes;
        OverstayDomesticMinutes = s.OverstayDomesticMinutes;
        OverstayContractorMinutes = s.OverstayContractorMinutes;
        OverstayTaxiMinutes = s.OverstayTaxiMinutes;
        PqrsDaysPetition = s.PqrsDaysPetition;
        PqrsDaysInformation = s.PqrsDaysInformation;
        PqrsDaysConsultation = s.PqrsDaysConsultation;
        PqrsPerDay = s.PqrsPerDay;
        PqrsAnonymous = s.PqrsAnonymous;
        VisitorRetentionDays = s.VisitorRetentionDays;
        ParkingStayHours = s.ParkingStayHours;
        ParkingNightsPerMonth = s.ParkingNightsPerMonth;
        ParkingCarsPerApartment = s.ParkingCarsPerApartment;
        ParkingSpacesPerApartment = s.ParkingSpacesPerApartment;
        ParkingAlarmMinutes = s.ParkingAlarmMinutes;
        ParkingAlarmHours = s.ParkingAlarmHours;
        HoldMinutes = s.HoldMinutes;
        OfferMinutes = s.OfferMinutes;
        BlockDebtors = s.BlockDebtors;
        InterestSince = s.InterestSince;
        InterestGraceDays = s.InterestGraceDays;
        FineAnswerDays = s.FineAnswerDays;
        ExpenseAloneLimit = s.ExpenseAloneLimit;
        MaintenanceStaffLimit = s.MaintenanceStaffLimit;
        MaintenanceAdministratorLimit = s.MaintenanceAdministratorLimit;
        (AuditMonths, AuditYears, DocumentYears) = (s.AuditMonths, s.AuditYears, s.DocumentYears);
        InterestMethod = s.InterestMethod;
        SignatoryName = s.SignatoryName;
        SignatoryRole = s.SignatoryRole;
        HowToPay = s.HowToPay;
        ReminderDays = s.ReminderDays;
        NoticeDays = s.NoticeDays;
        SecondNoticeDays = s.SecondNoticeDays;
        DemandDays = s.DemandDays;
        PreLegalDays = s.PreLegalDays;
        AgreementGraceDays = s.AgreementGraceDays;
    }

    /// <summary>What this form does not show stays as it is.</summary>
    public BuildingSettings Over(BuildingSettings s) =>
        s with
        {
            Name = Name.Trim(),
            LegalName = Text(LegalName),
            TaxId = Text(TaxId),
            Address = Text(Address),
            City = Text(City),
            Phone = Text(Phone),
            Email = Text(Email),
            PublicAddress = Text(PublicAddress),
            Paper = Paper,
            ApplicationRule = Text(ApplicationRule),
            OverstayGuestMinutes = OverstayGuestMinutes,
            OverstayDeliveryMinutes = OverstayDeliveryMinutes,
            OverstayDomesticMinutes = OverstayDomesticMinutes,
            OverstayContractorMinutes = OverstayContractorMinutes,
            OverstayTaxiMinutes = OverstayTaxiMinutes,
            PqrsDaysPetition = PqrsDaysPetition,
            PqrsDaysInformation = PqrsDaysInformation,
            PqrsDaysConsultation = PqrsDaysConsultation,
            PqrsPerDay = PqrsPerDay,
            PqrsAnonymous = PqrsAnonymous,
            VisitorRetentionDays = VisitorRetentionDays,
            ParkingStayHours = ParkingStayHours,
            ParkingNightsPerMonth = ParkingNightsPerMonth,
            ParkingCarsPerApartment = ParkingCarsPerApartment,
            ParkingSpacesPerApartment = ParkingSpacesPerApartment,
            ParkingAlarmMinutes = ParkingAlarmMinutes,
            ParkingAlarmHours = ParkingAlarmHours,
            HoldMinutes = HoldMinutes,
            OfferMinutes = OfferMinutes,
            BlockDebtors = BlockDebtors,
            InterestSince = InterestSince,
            InterestGraceDays = InterestGraceDays,
            FineAnswerDays = FineAnswerDays,
            AuditMonths = AuditMonths, AuditYears = AuditYears, DocumentYears = DocumentYears,
            ExpenseAloneLimit = (int)Math.Clamp(ExpenseAloneLimit ?? 0, 0, 2_000_000_000),
            MaintenanceStaffLimit = (int)Math.Clamp(MaintenanceStaffLimit ?? 0, 0, 2_000_000_000),
            MaintenanceAdministratorLimit = (int)Math.Clamp(MaintenanceAdministratorLimit ?? 0, 0, 2_000_000_000),
            InterestMethod = InterestMethod,
            SignatoryName = Text(SignatoryName),
            SignatoryRole = Text(SignatoryRole),
            HowToPay = Text(HowToPay),
            ReminderDays = ReminderDays,
            NoticeDays = NoticeDays,
            SecondNoticeDays = SecondNoticeDays,
            DemandDays = DemandDays,
            PreLegalDays = PreLegalDays,
            AgreementGraceDays = AgreementGraceDays,
        };

    private static string Text(string? text) => text?.Trim() ?? "";
}
