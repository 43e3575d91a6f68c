using System.Globalization;
using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Audit;
using Portal.Data.Gate;
using Portal.Data.Schema;

namespace Portal.Data.Operations;

/// <summary>
/// What the building calls itself and which numbers it lives by. Each property is one row of <c>settings</c>, by its name in snake case.
/// </summary>
public sealed record BuildingSettings : IEdit<BuildingSettings>
{
    /// <summary>What the form began with; no setting itself.</summary>
    public BuildingSettings? Read { get; init; }

    /// <summary>As on the screens: "Mirador del Nogal".</summary>
    public string Name { get; init; } = "Vallhalla";

    /// <summary>As on documents: "Conjunto Residencial Mirador del Nogal P. H.".</summary>
    public string LegalName { get; init; } = "";

    /// <summary>NIT.</summary>
    public string TaxId { get; init; } = "";

    public string Address { get; init; } = "";
    public string City { get; init; } = "";
    public string Phone { get; init; } = "";
    public string Email { get; init; } = "";

    /// <summary>The address people reach the portal at, as printed on documents: "portal.example.org".</summary>
    public string PublicAddress { get; init; } = "";

    /// <summary><c>letter</c> or <c>a4</c>.</summary>
    public string Paper { get; init; } = "letter";

    /// <summary>What the receipt says about the order in which a payment is applied.</summary>
    public string ApplicationRule { get; init; } = "";

    /// <summary>Minutes after which a visitor of each kind has overstayed; 0 never.</summary>
    public int OverstayGuestMinutes { get; init; } = 720;
    public int OverstayDeliveryMinutes { get; init; } = 45;
    public int OverstayDomesticMinutes { get; init; } = 720;
    public int OverstayContractorMinutes { get; init; } = 240;
    public int OverstayTaxiMinutes { get; init; } = 30;

    /// <summary>Business days to answer, by kind (Ley 1755 of 2015, art. 14).</summary>
    public int PqrsDaysPetition { get; init; } = 15;
    public int PqrsDaysInformation { get; init; } = 10;
    public int PqrsDaysConsultation { get; init; } = 30;

    /// <summary>How many cases one person may file in a day.</summary>
    public int PqrsPerDay { get; init; } = 10;

    /// <summary>Petitions without a name are taken, with the reason for it (Ley 1755 of 2015, art. 16; C-951 of 2014).</summary>
    public bool PqrsAnonymous { get; init; } = true;

    /// <summary>Days after which a visitor's record is deleted (Ley 1581 of 2012).</summary>
    public int VisitorRetentionDays { get; init; } = 180;

    /// <summary>Days since they were last used after which sessions are deleted; the longest lasts thirty.</summary>
    public int SessionRetentionDays { get; init; } = 90;

    /// <summary>Days after which jobs that are done are deleted.</summary>
    public int JobRetentionDays { get; init; } = 30;

    /// <summary>Days after which the audit log forgets the network addresses (Ley 1581 of 2012, art. 4: no longer than needed).</summary>
    public int AddressRetentionDays { get; init; } = 180;

    /// <summary>Days after they ran out for which codes for invitations and new passwords are kept.</summary>
    public int CodeRetentionDays { get; init; } = 30;

    /// <summary>Days for which bells that were read are kept.</summary>
    public int NotificationRetentionDays { get; init; } = 365;

    /// <summary>Between these the administrator chooses.</summary>
    public const int LeastSessionDays = 30, MostSessionDays = 365, LeastJobDays = 7, MostJobDays = 365, LeastAddressDays = 30,
        MostAddressDays = 365, LeastCodeDays = 1, MostCodeDays = 365, LeastNotificationDays = 30, MostNotificationDays = 1825;

    /// <summary>
    /// Apartments with overdue charges cannot book. Off to begin with, and shown with a warning: Ley 675 of 2001, art. 59, lets the
    /// assembly or the council restrict the use of common goods that
    /// are not essential as a sanction for breaches that are not about money; to do so for arrears is doubtful, and for the building's
    /// adviser to judge.
    /// </summary>
    public bool BlockDebtors { get; init; }

    /// <summary>Minutes for which a place is held that is not paid or not decided on.</summary>
    public int HoldMinutes { get; init; } = 15;

    /// <summary>Minutes that somebody of the waiting list has to accept a place.</summary>
    public int OfferMinutes { get; init; } = 60;

    /// <summary>The first day that counts for interest on what is late; null: the portal counts none.</summary>
    public DateOnly? InterestSince { get; init; }

    /// <summary>Days after the due day for which no interest is counted.</summary>
    public int InterestGraceDays { get; init; }

    /// <summary><c>daily</c> or <c>monthly30</c> (<see cref="Billing.InterestMethod"/>).</summary>
    public string InterestMethod { get; init; } = "daily";

    /// <summary>Calendar days that somebody has to answer when a fine is asked for (Ley 675 of 2001, art. 60: they are to be heard).</summary>
    public int FineAnswerDays { get; init; } = 10;

    /// <summary>Who signs certificates and agreements, and as what: "Representante legal". Nobody: none are issued.</summary>
    public string SignatoryName { get; init; } = "";
    public string SignatoryRole { get; init; } = "";

    /// <summary>How to pay, as printed on the bill: bank, account, what to write as reference.</summary>
    public string HowToPay { get; init; } = "";

    /// <summary>Days before a charge falls due on which its apartment is reminded; 0 never.</summary>
    public int ReminderDays { get; init; } = 3;

    /// <summary>Days late at which each stage of collection begins; 0 leaves the stage out.</summary>
    public int NoticeDays { get; init; } = 1;
    public int SecondNoticeDays { get; init; } = 30;
    public int DemandDays { get; init; } = 60;
    public int PreLegalDays { get; init; } = 90;

    /// <summary>Days that an instalment of an agreement may be late before the agreement is broken.</summary>
    public int AgreementGraceDays { get; init; } = 5;

    /// <summary>Pesos up to which one person may approve an expense that they made themselves; 0: never.</summary>
    public int ExpenseAloneLimit { get; init; } = 500_000;

    /// <summary>Pesos up to which the staff decide what work costs; above, the administrator.</summary>
    public int MaintenanceStaffLimit { get; init; } = 500_000;

    /// <summary>Pesos up to which the administrator decides what work costs; above, the council.</summary>
    public int MaintenanceAdministratorLimit { get; init; } = 5_000_000;

    /// <summary>Months after which a row of the audit log is moved to its archive.</summary>
    public int AuditMonths { get; init; } = 12;

    /// <summary>What <see cref="AuditYears"/> may be at the least.</summary>
    public const int LeastAuditYears = 7;

    /// <summary>Years for which the archive keeps it: never under seven, and the books' papers are kept ten (Ley 962 of 2005, art. 28).</summary>
    public int AuditYears { get; init; } = 10;

    /// <summary>
    /// Years for which documents are kept of which no law says how long: not accounts and budgets (ten, Ley 962 of 2005, art. 28) nor minutes.
    /// </summary>
    public int DocumentYears { get; init; } = 5;

    /// <summary>Hours that a visitor's car may stand inside; 0: as long as its visitor may stay.</summary>
    public int ParkingStayHours { get; init; } = 12;

    /// <summary>Nights in a month that visitors' cars of one apartment may stand inside; 0: as many as they like.</summary>
    public int ParkingNightsPerMonth { get; init; } = 4;

    /// <summary>Visitors' cars that one apartment may have inside at a time; 0: as many as they like.</summary>
    public int ParkingCarsPerApartment { get; init; } = 1;

    /// <summary>Spaces of its own that an apartment may have; rented ones are beside them. 0: as many as they like.</summary>
    public int ParkingSpacesPerApartment { get; init; } = 1;

    /// <summary>Minutes before its time is over at which a visitor's car is announced, and between one alarm and the next; 0: no alarms.</summary>
    public int ParkingAlarmMinutes { get; init; } = 30;

    /// <summary>Hours after its time for which the alarm is repeated.</summary>
    public int ParkingAlarmHours { get; init; } = 3;

    /// <summary>How long a visitor of a kind may stay; zero: as long as they like.</summary>
    public TimeSpan Overstay(VisitorKind kind) => TimeSpan.FromMinutes(kind switch
    {
        VisitorKind.Delivery => OverstayDeliveryMinutes,
        VisitorKind.Domestic => OverstayDomesticMinutes,
        VisitorKind.Contractor => OverstayContractorMinutes,
        VisitorKind.Taxi => OverstayTaxiMinutes,
        _ => OverstayGuestMinutes,
    });

    /// <summary>What is wrong with it: <c>required</c>, <c>too_long</c>, <c>settings.range</c>, <c>gone</c>.</summary>
    internal List<Error> Check()
    {
        var errors = new List<Error>();
        if (string.IsNullOrWhiteSpace(Name)) errors.Add(Error.Required(nameof(Name)));
        foreach (
            var (field, value, most) in new[]
            {
                (nameof(Name), Name, 100),
                (nameof(LegalName), LegalName, 200),
                (nameof(TaxId), TaxId, 30),
                (nameof(Address), Address, 200),
                (nameof(City), City, 100),
                (nameof(Phone), Phone, 40),
                (nameof(Email), Email, 255),
                (nameof(PublicAddress), PublicAddress, 200),
                (nameof(ApplicationRule), ApplicationRule, 500),
                (nameof(SignatoryName), SignatoryName, 150),
                (nameof(SignatoryRole), SignatoryRole, 100),
                (nameof(HowToPay), HowToPay, 500),
            }
        )
        {
            if (value.Length > most) errors.Add(Error.TooLong(field, most));
        }

        foreach (
            var (field, value, least, most) in new[]
            {
                (nameof(OverstayGuestMinutes), OverstayGuestMinutes, 0, 10_080),
                (nameof(OverstayDeliveryMinutes), OverstayDeliveryMinutes, 0, 10_080),
                (nameof(OverstayDomesticMinutes), OverstayDomesticMinutes, 0, 10_080),
                (nameof(OverstayContractorMinutes), OverstayContractorMinutes, 0, 10_080),
                (nameof(OverstayTaxiMinutes), OverstayTaxiMinutes, 0, 10_080),
                (nameof(PqrsDaysPetition), PqrsDaysPetition, 1, 365),
                (nameof(PqrsDaysInformation), PqrsDaysInformation, 1, 365),
                (nameof(PqrsDaysConsultation), PqrsDaysConsultation, 1, 365),
                (nameof(PqrsPerDay), PqrsPerDay, 1, 1000),
                (nameof(VisitorRetentionDays), VisitorRetentionDays, 1, 3650),
                (nameof(SessionRetentionDays), SessionRetentionDays, LeastSessionDays, MostSessionDays),
                (nameof(JobRetentionDays), JobRetentionDays, LeastJobDays, MostJobDays),
                (nameof(AddressRetentionDays), AddressRetentionDays, LeastAddressDays, MostAddressDays),
                (nameof(CodeRetentionDays), CodeRetentionDays, LeastCodeDays, MostCodeDays),
                (nameof(NotificationRetentionDays), NotificationRetentionDays, LeastNotificationDays, MostNotificationDays),
                (nameof(HoldMinutes), HoldMinutes, 1, 1440),
                (nameof(OfferMinutes), OfferMinutes, 5, 10_080),
                (nameof(InterestGraceDays), InterestGraceDays, 0, 90),
                (nameof(FineAnswerDays), FineAnswerDays, 1, 60),
                (nameof(ReminderDays), ReminderDays, 0, 30),
                (nameof(NoticeDays), NoticeDays, 0, 365),
                (nameof(SecondNoticeDays), SecondNoticeDays, 0, 365),
                (nameof(DemandDays), DemandDays, 0, 365),
                (nameof(PreLegalDays), PreLegalDays, 0, 730),
                (nameof(AgreementGraceDays), AgreementGraceDays, 0, 60),
                (nameof(AuditMonths), AuditMonths, 3, 120),
                (nameof(AuditYears), AuditYears, LeastAuditYears, 50),
                (nameof(DocumentYears), DocumentYears, 2, 50),
                (nameof(ExpenseAloneLimit), ExpenseAloneLimit, 0, 2_000_000_000),
                (nameof(MaintenanceStaffLimit), MaintenanceStaffLimit, 0, 2_000_000_000),
                (nameof(MaintenanceAdministratorLimit), MaintenanceAdministratorLimit, MaintenanceStaffLimit, 2_000_000_000),
                (nameof(ParkingStayHours), ParkingStayHours, 0, 168),
                (nameof(ParkingNightsPerMonth), ParkingNightsPerMonth, 0, 31),
                (nameof(ParkingCarsPerApartment), ParkingCarsPerApartment, 0, 50),
                (nameof(ParkingSpacesPerApartment), ParkingSpacesPerApartment, 0, 50),
                (nameof(ParkingAlarmMinutes), ParkingAlarmMinutes, 0, 240),
                (nameof(ParkingAlarmHours), ParkingAlarmHours, 0, 24),
            }
        )
        {
            if (value < least || value > most) errors.Add(new Error("settings.range", field, least, most));
        }

        if (Paper is not ("letter" or "a4")) errors.Add(new Error("gone", nameof(Paper)));
        if (InterestMethod is not ("daily" or "monthly30")) errors.Add(new Error("gone", nameof(InterestMethod)));
        return errors;
    }

    /// <summary>All of them, as they are within a write.</summary>
    internal static async Task<BuildingSettings> ReadAsync(PortalDb db, CancellationToken ct) => From(
        await db.Settings.AsNoTracking().ToDictionaryAsync(s => s.Name, s => s.Value, StringComparer.Ordinal, ct));

    /// <summary>Those whose names begin so; the others are as they are by themselves.</summary>
    internal static async Task<BuildingSettings> ReadAsync(PortalDb db, string prefix, CancellationToken ct) => From(
        await db.Settings.AsNoTracking().Where(s => s.Name.StartsWith(prefix))
            .ToDictionaryAsync(s => s.Name, s => s.Value, StringComparer.Ordinal, ct));

    internal static BuildingSettings From(IReadOnlyDictionary<string, string?> values)
    {
        var settings = new BuildingSettings();
        foreach (var property in Properties)
        {
            if (!values.TryGetValue(PortalModel.Snake(property.Name), out var text) || text is null) continue;
            if (property.PropertyType == typeof(string)) property.SetValue(settings, text);
            else if (property.PropertyType == typeof(bool)) property.SetValue(settings, bool.TryParse(text, out var yes) && yes);
            else if (property.PropertyType == typeof(DateOnly?))
                property.SetValue(settings, DateOnly.TryParseExact(text, Day, out var day) ? day : null);
            else if (int.TryParse(text, CultureInfo.InvariantCulture, out var number)) property.SetValue(settings, number);
        }

        return settings;
    }

    internal IEnumerable<(string Name, string Value)> Values() =>
        Properties.Select(p => (PortalModel.Snake(p.Name), p.GetValue(this) is DateOnly day
            ? day.ToString(Day, CultureInfo.InvariantCulture)
            : Convert.ToString(p.GetValue(this), CultureInfo.InvariantCulture) ?? ""));

    private const string Day = "yyyy-MM-dd";

    private static IEnumerable<PropertyInfo> Properties =>
        typeof(BuildingSettings).GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.CanWrite && p.Name != nameof(Read));
}

/// <summary>Reads and changes the building's settings. What was read is <see cref="Remembered{T}"/>.</summary>
public sealed class SettingsService : IDisposable
{
    private readonly PortalStore _store;
    private readonly Remembered<BuildingSettings> _settings;

    public SettingsService(PortalStore store, LiveFeed feed, TimeProvider time)
    {
        _store = store;
        _settings = new Remembered<BuildingSettings>(feed, time, ["settings"], ReadAsync);
    }

    /// <summary>What everybody may know: sign-in page and documents show it.</summary>
    public ValueTask<BuildingSettings> GetAsync(CancellationToken ct) => _settings.GetAsync(ct);

    /// <summary>
    /// Saves what differs; what was read (<see cref="BuildingSettings.Read"/>) tells apart what two people changed.
    /// Needs <see cref="Permissions.SettingsEdit"/>.
    /// </summary>
    public async Task<Result> SaveAsync(BuildingSettings settings, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.SettingsEdit)) return Error.Forbidden;
        if (settings.Check() is { Count: > 0 } errors) return errors;
        try
        {
            return await _store.WriteAsync(user, async (db, token) =>
            {
                var rows = await db.Settings.OrderBy(s => s.Name).ForUpdate().ToDictionaryAsync(s => s.Name, StringComparer.Ordinal, token);
                var now = BuildingSettings.From(rows.ToDictionary(row => row.Key, row => row.Value.Value, StringComparer.Ordinal));
                var merged = Edits.Merge(settings, now);
                if (!merged.Ok) return merged;
                foreach (var (name, value) in merged.Value.Values())
                {
                    if (!rows.TryGetValue(name, out var row)) db.Settings.Add(new Setting { Name = name, Value = value });
                    else row.Value = value;
                }

                return Result.Done;
            }, ct);
        }
        finally
        {
            // Also where it failed: a write whose answer was lost may have been kept.
            Forget();
        }
    }

    /// <summary>Makes the next who asks read them again.</summary>
    internal void Forget() => _settings.Forget();

    public void Dispose() => _settings.Dispose();

    private async Task<BuildingSettings> ReadAsync(CancellationToken ct)
    {
        await using var db = await _store.OpenAsync(CurrentUser.System, ct);
        return await BuildingSettings.ReadAsync(db, ct);
    }
}
