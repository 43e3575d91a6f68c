namespace Portal.Data.Access;

/// <summary>
/// What can be allowed, by name: <c>module.action</c>. The names stand in the <c>permissions</c> table, and which role has which is data in
/// <c>role_permissions</c>. A name ending in <c>_own</c> reaches only what belongs to the person.
/// </summary>
public static class Permissions
{
    public const string BuildingView = "building.view";
    public const string BuildingEdit = "building.edit";
    public const string BuildingSetUp = "building.set_up";

    public const string PeopleView = "people.view";
    public const string PeopleContact = "people.contact";
    public const string PeopleEdit = "people.edit";

    public const string AccessManage = "access.manage";

    public const string PaymentsView = "payments.view";
    public const string PaymentsViewOwn = "payments.view_own";
    public const string PaymentsRecord = "payments.record";
    public const string PaymentsConfirm = "payments.confirm";
    public const string PaymentsVoid = "payments.void";
    public const string PaymentsRefund = "payments.refund";
    public const string PaymentsReportOwn = "payments.report_own";
    public const string PaymentsPayOwn = "payments.pay_own";

    public const string BillingView = "billing.view";
    public const string BillingPost = "billing.post";
    public const string BillingAdjust = "billing.adjust";
    public const string BillingEdit = "billing.edit";

    public const string CollectionView = "collection.view";
    public const string CollectionEdit = "collection.edit";
    public const string CollectionCertify = "collection.certify";
    public const string ExpensesView = "expenses.view";
    public const string ExpensesEdit = "expenses.edit";
    public const string ExpensesApprove = "expenses.approve";
    public const string ExpensesPay = "expenses.pay";
    public const string BudgetEdit = "budget.edit";

    public const string LedgerView = "ledger.view";
    public const string LedgerPost = "ledger.post";
    public const string LedgerClose = "ledger.close";

    public const string FinesView = "fines.view";
    public const string FinesEdit = "fines.edit";
    public const string FinesViewOwn = "fines.view_own";

    public const string BankView = "bank.view";
    public const string BankEdit = "bank.edit";
    public const string BankReconcile = "bank.reconcile";

    public const string FacilitiesView = "facilities.view";
    public const string FacilitiesEdit = "facilities.edit";
    public const string ReservationsView = "reservations.view";
    public const string ReservationsManage = "reservations.manage";
    public const string ReservationsBookOwn = "reservations.book_own";
    public const string ReservationsCheckIn = "reservations.check_in";

    public const string PqrsView = "pqrs.view";
    public const string PqrsHandle = "pqrs.handle";
    public const string PqrsFileOwn = "pqrs.file_own";

    public const string GateView = "gate.view";
    public const string GateLog = "gate.log";
    public const string GateAnnounceOwn = "gate.announce_own";

    /// <summary>Reports of visits: how many, who was inside, who overstayed.</summary>
    public const string GateReport = "gate.report";

    /// <summary>The gate's terminals, the guards' PINs, blocklist, and conflicts.</summary>
    public const string GateManage = "gate.manage";

    /// <summary>Reads incidents, adds to them, closes them, makes a case of them. Guards write theirs at the terminal.</summary>
    public const string GateIncidents = "gate.incidents";
    public const string GuardsView = "guards.view";
    public const string GuardsEdit = "guards.edit";

    public const string PackagesView = "packages.view";
    public const string PackagesLog = "packages.log";
    public const string PackagesViewOwn = "packages.view_own";

    public const string ParkingView = "parking.view";
    public const string ParkingEdit = "parking.edit";

    public const string PetsView = "pets.view";
    public const string PetsEdit = "pets.edit";
    public const string PetsViewOwn = "pets.view_own";

    /// <summary>The building's equipment, its inspections and work orders; of a module that can be off (<see cref="ModuleService"/>).</summary>
    /// <summary>Courses, participants, years, enrolment, scholarships.</summary>
    public const string ProgrammesManage = "programmes.manage";

    /// <summary>Attendance and marks of the courses that they teach. Nobody's to begin with: a role of teachers is made for it.</summary>
    public const string ProgrammesTeachOwn = "programmes.teach_own";
    public const string ProgrammesViewOwn = "programmes.view_own";

    /// <summary>Sensitive, and nobody's to begin with; each reading is written down.</summary>
    public const string ProgrammesHealth = "programmes.health";

    /// <inheritdoc cref="ProgrammesHealth"/>
    public const string ProgrammesFamily = "programmes.family";

    public const string MaintenanceView = "maintenance.view";
    public const string MaintenanceEdit = "maintenance.edit";

    /// <summary>Decides what a work order may cost, above what the staff decide.</summary>
    public const string MaintenanceApprove = "maintenance.approve";

    /// <summary>Does the work orders that were given to them, and sees nothing of what they cost.</summary>
    public const string MaintenanceWorkOwn = "maintenance.work_own";

    public const string SurveysView = "surveys.view";
    public const string SurveysEdit = "surveys.edit";
    public const string SurveysAnswer = "surveys.answer";

    public const string NoticesView = "notices.view";
    public const string NoticesEdit = "notices.edit";

    public const string DocumentsView = "documents.view";
    public const string DocumentsEdit = "documents.edit";

    public const string AssembliesView = "assemblies.view";
    public const string AssembliesManage = "assemblies.manage";
    public const string AssembliesRegister = "assemblies.register";
    public const string AssembliesAttendOwn = "assemblies.attend_own";

    /// <summary>What people ask of their own data (Ley 1581 of 2012): reads it, files it for them, answers.</summary>
    public const string PrivacyHandle = "privacy.handle";

    /// <summary>Downloads all that is known about somebody else.</summary>
    public const string PrivacyExport = "privacy.export";

    /// <summary>Erases a person: what no law keeps is deleted, the rest loses their name.</summary>
    public const string PrivacyErase = "privacy.erase";

    /// <summary>Makes and revokes keys for other programs, and says what they are told of.</summary>
    public const string ApiManage = "api.manage";

    public const string AuditView = "audit.view";
    public const string OperationsView = "operations.view";
    public const string OperationsBackup = "operations.backup";
    public const string SettingsEdit = "settings.edit";

    /// <summary>
    /// What somebody does at the gate, and has to see for it: all that a PIN opens (<see cref="CurrentUser.AtTheGate"/>).
    /// </summary>
    internal static readonly IReadOnlySet<string> OfTheGate = new HashSet<string>(StringComparer.Ordinal)
    {
        GateView, GateLog, GateIncidents, GateReport, GuardsView, ReservationsView, ReservationsCheckIn, FacilitiesView, PackagesView,
        PackagesLog, ParkingView, PetsView, BuildingView, PeopleContact, NoticesView, DocumentsView, AssembliesRegister,
    };

    /// <summary>Every permission there is. A migration puts each into the table; a test compares the two.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        .. typeof(Permissions).GetFields().Where(f => f.IsLiteral).Select(f => (string)f.GetRawConstantValue()!),
    ];
}
