using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Portal.Data.Access;
using Portal.Data.Api;
using Portal.Data.Assemblies;
using Portal.Data.Audit;
using Portal.Data.Backups;
using Portal.Data.Bank;
using Portal.Data.Billing;
using Portal.Data.Building;
using Portal.Data.Collection;
using Portal.Data.Documents;
using Portal.Data.Expenses;
using Portal.Data.Facilities;
using Portal.Data.Fines;
using Portal.Data.FirstDay;
using Portal.Data.Gate;
using Portal.Data.Guards;
using Portal.Data.Home;
using Portal.Data.Identity;
using Portal.Data.Ledger;
using Portal.Data.Maintenance;
using Portal.Data.Notices;
using Portal.Data.Notifications;
using Portal.Data.OnlinePayments;
using Portal.Data.Operations;
using Portal.Data.Packages;
using Portal.Data.Parking;
using Portal.Data.Passes;
using Portal.Data.Payments;
using Portal.Data.People;
using Portal.Data.Pets;
using Portal.Data.Pqrs;
using Portal.Data.Schema;
using Portal.Data.Privacy;
using Portal.Data.Programmes;
using Portal.Data.Push;
using Portal.Data.Surveys;

namespace Portal.Data;

/// <summary>
/// The whole database, opened for somebody (<see cref="PortalStore"/>). Saving writes, in the same transaction, an audit row for every
/// row it inserts, updates or deletes, and tells the documented trigger who acts.
/// </summary>
public sealed class PortalDb(DbContextOptions<PortalDb> options) : DbContext(options)
{
    private static readonly BuildingClock NoBuilding = new(TimeProvider.System, TimeZoneInfo.Utc);

    /// <summary>Who acts.</summary>
    public CurrentUser Actor { get; internal set; } = CurrentUser.Nobody;

    /// <summary>For the time stamps.</summary>
    internal TimeProvider Clock { get; private set; } = TimeProvider.System;

    /// <summary>For the day on which the books write something down.</summary>
    internal BuildingClock Building { get; private set; } = NoBuilding;

    /// <summary>Called by <see cref="PortalStore"/> each time a context is opened.</summary>
    internal PortalDb For(CurrentUser user, TimeProvider time, BuildingClock building, string? asker = null)
    {
        (Actor, Clock, Building, Asker) = (user, time, building, asker);
        return this;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        LeaveNothing();
        base.Dispose();
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        LeaveNothing();
        return base.DisposeAsync();
    }

    /// <summary>
    /// Contexts are pooled, and nothing of one use may stay for the next: the next may be taken straight from the pool, as the reader of
    /// the live feed does, and not only from <see cref="PortalStore"/>. So it is done by who gives one back.
    /// </summary>
    private void LeaveNothing()
    {
        (Actor, Clock, Building, Operation, InTransaction, Asker) =
            (CurrentUser.Nobody, TimeProvider.System, NoBuilding, null, false, null);
        _alsoSave.Clear();
    }

    /// <summary>A transaction stands: a connection that is opened now would be another one, outside it.</summary>
    internal bool InTransaction { get; private set; }

    /// <summary>Begins the transaction of a write. Every one that begins does so here, see <see cref="InTransaction"/>.</summary>
    internal async Task<IDbContextTransaction> BeginAsync(CancellationToken ct)
    {
        // A repetition on the same context: its first transaction is gone.
        InTransaction = false;
        // The journal counts its entries by reading them, and must not hold the gaps between them for that.
        var transaction = await Database.BeginTransactionAsync(System.Data.IsolationLevel.ReadCommitted, ct);
        InTransaction = true;
        return transaction;
    }

    /// <summary>What this was opened for: the service and its method, for what is measured. Null: nobody said.</summary>
    internal string? Asker { get; private set; }

    /// <summary>
    /// Ties the audit rows of one write together, so that after a lost connection it can be known whether it was committed.
    /// </summary>
    internal string? Operation { get; set; }

    private readonly List<Func<FormattableString>> _alsoSave = [];

    /// <summary>A statement that goes to the server with the audit rows of the next save, in the same trip.</summary>
    /// <param name="statement">Made then, when the database has given new rows their ids. The objects learn theirs after the save;
    /// <see cref="IdOf"/> knows them already.</param>
    internal void AlsoSave(Func<FormattableString> statement) => _alsoSave.Add(statement);

    /// <summary>The id that the database has given, or will have given when a statement of <see cref="AlsoSave"/> is made.</summary>
    internal long IdOf(Reservation reservation) => Entry(reservation).Property(r => r.Id).CurrentValue;

    public DbSet<User> Users => Set<User>();
    public DbSet<UserStatus> UserStatuses => Set<UserStatus>();
    public DbSet<SecondFactor> SecondFactors => Set<SecondFactor>();
    public DbSet<RecoveryCode> RecoveryCodes => Set<RecoveryCode>();
    public DbSet<Passkey> Passkeys => Set<Passkey>();
    public DbSet<PasskeyChallenge> PasskeyChallenges => Set<PasskeyChallenge>();
    public DbSet<UserSession> Sessions => Set<UserSession>();
    public DbSet<SignInFailure> SignInFailures => Set<SignInFailure>();
    public DbSet<AccountCode> AccountCodes => Set<AccountCode>();
    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();
    public DbSet<Role> Roles => Set<Role>();
    public DbSet<Permission> Permissions => Set<Permission>();
    public DbSet<RolePermission> RolePermissions => Set<RolePermission>();
    public DbSet<Module> Modules => Set<Module>();

    public DbSet<Profile> Profiles => Set<Profile>();
    public DbSet<DocumentType> DocumentTypes => Set<DocumentType>();
    public DbSet<Owner> Owners => Set<Owner>();
    public DbSet<Tenant> Tenants => Set<Tenant>();

    public DbSet<Tower> Towers => Set<Tower>();
    public DbSet<TowerTotal> TowerTotals => Set<TowerTotal>();
    public DbSet<Apartment> Apartments => Set<Apartment>();
    public DbSet<ApartmentStatus> ApartmentStatuses => Set<ApartmentStatus>();
    public DbSet<Occupancy> Occupancies => Set<Occupancy>();

    public DbSet<Payment> Payments => Set<Payment>();
    public DbSet<PaymentTotal> PaymentTotals => Set<PaymentTotal>();
    public DbSet<FeeMonth> FeeMonths => Set<FeeMonth>();
    public DbSet<PaymentStatus> PaymentStatuses => Set<PaymentStatus>();
    public DbSet<PaymentMethod> PaymentMethods => Set<PaymentMethod>();
    public DbSet<Charge> Charges => Set<Charge>();
    public DbSet<PaymentApplication> PaymentApplications => Set<PaymentApplication>();
    public DbSet<ApplicationNote> ApplicationNotes => Set<ApplicationNote>();
    public DbSet<Refund> Refunds => Set<Refund>();
    public DbSet<RefundPart> RefundParts => Set<RefundPart>();
    public DbSet<DepositReturn> DepositReturns => Set<DepositReturn>();
    public DbSet<ReplacedReceipt> ReplacedReceipts => Set<ReplacedReceipt>();
    public DbSet<IssuedPaper> IssuedPapers => Set<IssuedPaper>();
    public DbSet<Certificate> Certificates => Set<Certificate>();
    public DbSet<CollectionFile> CollectionFiles => Set<CollectionFile>();
    public DbSet<CollectionAct> CollectionActs => Set<CollectionAct>();
    public DbSet<Agreement> Agreements => Set<Agreement>();
    public DbSet<AgreementCharge> AgreementCharges => Set<AgreementCharge>();
    public DbSet<AgreementInstalment> AgreementInstalments => Set<AgreementInstalment>();

    public DbSet<Concept> Concepts => Set<Concept>();
    public DbSet<ConceptApartment> ConceptApartments => Set<ConceptApartment>();
    public DbSet<BillingRun> BillingRuns => Set<BillingRun>();
    public DbSet<ChargeAdjustment> ChargeAdjustments => Set<ChargeAdjustment>();
    public DbSet<MonthlyRate> InterestRates => Set<MonthlyRate>();
    public DbSet<CountedInterest> InterestSegments => Set<CountedInterest>();

    public DbSet<MeterReading> MeterReadings => Set<MeterReading>();
    public DbSet<PaymentProof> PaymentProofs => Set<PaymentProof>();
    public DbSet<OnlinePayment> OnlinePayments => Set<OnlinePayment>();
    public DbSet<OnlineEvent> OnlineEvents => Set<OnlineEvent>();
    public DbSet<OnlineSettlement> OnlineSettlements => Set<OnlineSettlement>();
    public DbSet<Import> Imports => Set<Import>();

    public DbSet<Fine> Fines => Set<Fine>();
    public DbSet<FineStep> FineSteps => Set<FineStep>();

    public DbSet<LedgerAccount> LedgerAccounts => Set<LedgerAccount>();
    public DbSet<JournalEntry> JournalEntries => Set<JournalEntry>();
    public DbSet<JournalLine> JournalLines => Set<JournalLine>();
    public DbSet<LedgerState> LedgerState => Set<LedgerState>();
    public DbSet<LedgerMonth> LedgerMonths => Set<LedgerMonth>();

    public DbSet<BankProfile> BankProfiles => Set<BankProfile>();
    public DbSet<BankImport> BankImports => Set<BankImport>();
    public DbSet<BankLine> BankLines => Set<BankLine>();
    public DbSet<BankMatch> BankMatches => Set<BankMatch>();
    public DbSet<UnidentifiedDeposit> UnidentifiedDeposits => Set<UnidentifiedDeposit>();
    public DbSet<BankReconciliation> BankReconciliations => Set<BankReconciliation>();
    public DbSet<Supplier> Suppliers => Set<Supplier>();
    public DbSet<Expense> Expenses => Set<Expense>();
    public DbSet<ExpensePayment> ExpensePayments => Set<ExpensePayment>();
    public DbSet<ExpenseStep> ExpenseSteps => Set<ExpenseStep>();
    public DbSet<ExpenseFile> ExpenseFiles => Set<ExpenseFile>();
    public DbSet<Budget> Budgets => Set<Budget>();
    public DbSet<BudgetLine> BudgetLines => Set<BudgetLine>();

    public DbSet<Facility> Facilities => Set<Facility>();
    public DbSet<FacilityHours> FacilityHours => Set<FacilityHours>();
    public DbSet<FacilityBlackout> FacilityBlackouts => Set<FacilityBlackout>();
    public DbSet<Reservation> Reservations => Set<Reservation>();
    public DbSet<ReservationStatus> ReservationStatuses => Set<ReservationStatus>();
    public DbSet<ReservationType> ReservationTypes => Set<ReservationType>();
    public DbSet<FacilityQuota> FacilityQuotas => Set<FacilityQuota>();
    public DbSet<FacilityPhoto> FacilityPhotos => Set<FacilityPhoto>();
    public DbSet<ReservationSeries> ReservationSeries => Set<ReservationSeries>();
    public DbSet<ReservationWait> ReservationWaits => Set<ReservationWait>();
    public DbSet<CalendarFeed> CalendarFeeds => Set<CalendarFeed>();

    public DbSet<PqrsCase> Pqrs => Set<PqrsCase>();
    public DbSet<PqrsCategory> PqrsCategories => Set<PqrsCategory>();
    public DbSet<PqrsStatus> PqrsStatuses => Set<PqrsStatus>();
    public DbSet<PqrsTracking> PqrsTracking => Set<PqrsTracking>();
    public DbSet<PqrsPause> PqrsPauses => Set<PqrsPause>();
    public DbSet<PqrsAlarm> PqrsAlarms => Set<PqrsAlarm>();
    public DbSet<PqrsCannedAnswer> PqrsCannedAnswers => Set<PqrsCannedAnswer>();
    public DbSet<PqrsFilter> PqrsFilters => Set<PqrsFilter>();
    public DbSet<PqrsTurn> PqrsTurns => Set<PqrsTurn>();
    public DbSet<PqrsPresence> PqrsPresence => Set<PqrsPresence>();
    public DbSet<PqrsAttachment> PqrsAttachments => Set<PqrsAttachment>();

    public DbSet<Visitor> Visitors => Set<Visitor>();
    public DbSet<Guard> Guards => Set<Guard>();
    public DbSet<GuardShift> GuardShifts => Set<GuardShift>();
    public DbSet<GateNote> GateNotes => Set<GateNote>();
    public DbSet<GateNoteReader> GateNoteReaders => Set<GateNoteReader>();
    public DbSet<GateHandover> GateHandovers => Set<GateHandover>();
    public DbSet<GateIncident> GateIncidents => Set<GateIncident>();
    public DbSet<GateIncidentEntry> GateIncidentEntries => Set<GateIncidentEntry>();
    public DbSet<GateIncidentVisit> GateIncidentVisits => Set<GateIncidentVisit>();
    public DbSet<GateIncidentPhoto> GateIncidentPhotos => Set<GateIncidentPhoto>();
    public DbSet<GateTerminal> GateTerminals => Set<GateTerminal>();
    public DbSet<GatePin> GatePins => Set<GatePin>();
    public DbSet<GateEvent> GateEvents => Set<GateEvent>();
    public DbSet<GateConflict> GateConflicts => Set<GateConflict>();
    public DbSet<Pass> Passes => Set<Pass>();
    public DbSet<PassGuest> PassGuests => Set<PassGuest>();
    public DbSet<GateBlock> GateBlocks => Set<GateBlock>();
    public DbSet<GateApproval> GateApprovals => Set<GateApproval>();
    public DbSet<Package> Packages => Set<Package>();

    public DbSet<ParkingSpace> Parking => Set<ParkingSpace>();
    public DbSet<ParkingLevel> ParkingLevels => Set<ParkingLevel>();
    public DbSet<Vehicle> Vehicles => Set<Vehicle>();
    public DbSet<PetPhoto> PetPhotos => Set<PetPhoto>();
    public DbSet<ParkingStatus> ParkingStatuses => Set<ParkingStatus>();
    public DbSet<VehicleType> VehicleTypes => Set<VehicleType>();
    public DbSet<Pet> Pets => Set<Pet>();

    public DbSet<Asset> Assets => Set<Asset>();

    public DbSet<InspectionKind> InspectionKinds => Set<InspectionKind>();

    public DbSet<InspectionDuty> InspectionDuties => Set<InspectionDuty>();

    public DbSet<Inspection> Inspections => Set<Inspection>();
    public DbSet<WorkOrder> WorkOrders => Set<WorkOrder>();
    public DbSet<WorkOrderStep> WorkOrderSteps => Set<WorkOrderStep>();
    public DbSet<WorkOrderCheck> WorkOrderChecks => Set<WorkOrderCheck>();
    public DbSet<WorkOrderFile> WorkOrderFiles => Set<WorkOrderFile>();
    public DbSet<WorkOrderQuote> WorkOrderQuotes => Set<WorkOrderQuote>();
    public DbSet<WorkOrderCase> WorkOrderCases => Set<WorkOrderCase>();
    public DbSet<WorkOrderExpense> WorkOrderExpenses => Set<WorkOrderExpense>();
    public DbSet<Participant> Participants => Set<Participant>();
    public DbSet<ParticipantHealth> ParticipantHealth => Set<ParticipantHealth>();
    public DbSet<FamilyProfile> FamilyProfiles => Set<FamilyProfile>();
    public DbSet<Guardian> Guardians => Set<Guardian>();
    public DbSet<GuardianCircumstances> GuardianCircumstances => Set<GuardianCircumstances>();
    public DbSet<ParticipantConsent> ParticipantConsents => Set<ParticipantConsent>();
    public DbSet<TeacherCheck> TeacherChecks => Set<TeacherCheck>();
    public DbSet<SchoolYear> SchoolYears => Set<SchoolYear>();
    public DbSet<Semester> Semesters => Set<Semester>();
    public DbSet<Subject> Subjects => Set<Subject>();
    public DbSet<Course> Courses => Set<Course>();
    public DbSet<CourseSubject> CourseSubjects => Set<CourseSubject>();
    public DbSet<CourseTeacher> CourseTeachers => Set<CourseTeacher>();
    public DbSet<Scholarship> Scholarships => Set<Scholarship>();
    public DbSet<Programmes.Enrolment> Enrolments => Set<Programmes.Enrolment>();
    public DbSet<EnrolmentPeriod> EnrolmentPeriods => Set<EnrolmentPeriod>();
    public DbSet<CourseSession> CourseSessions => Set<CourseSession>();
    public DbSet<Attendance> Attendance => Set<Attendance>();
    public DbSet<RegisterSave> RegisterSaves => Set<RegisterSave>();
    public DbSet<Mark> Marks => Set<Mark>();
    public DbSet<MarkChange> MarkChanges => Set<MarkChange>();
    public DbSet<SemesterResult> SemesterResults => Set<SemesterResult>();
    public DbSet<ProgrammeAccounts> ProgrammeAccounts => Set<ProgrammeAccounts>();
    public DbSet<MaintenancePlan> MaintenancePlans => Set<MaintenancePlan>();
    public DbSet<PlanOccurrence> PlanOccurrences => Set<PlanOccurrence>();
    public DbSet<AssetMeter> AssetMeters => Set<AssetMeter>();
    public DbSet<AssetReading> AssetReadings => Set<AssetReading>();

    public DbSet<Survey> Surveys => Set<Survey>();
    public DbSet<Question> Questions => Set<Question>();
    public DbSet<SurveyTower> SurveyTowers => Set<SurveyTower>();
    public DbSet<SurveyParticipant> SurveyParticipants => Set<SurveyParticipant>();
    public DbSet<SurveySealedAnswer> SurveySealedAnswers => Set<SurveySealedAnswer>();
    public DbSet<SurveyAnswer> SurveyAnswers => Set<SurveyAnswer>();

    public DbSet<Assembly> Assemblies => Set<Assembly>();
    public DbSet<AssemblyItem> AssemblyItems => Set<AssemblyItem>();
    public DbSet<AssemblyInvitation> AssemblyInvitations => Set<AssemblyInvitation>();
    public DbSet<AssemblyDebtor> AssemblyDebtors => Set<AssemblyDebtor>();
    public DbSet<AssemblyUnit> AssemblyUnits => Set<AssemblyUnit>();
    public DbSet<AssemblyProxy> AssemblyProxies => Set<AssemblyProxy>();
    public DbSet<AssemblyAttendance> AssemblyAttendance => Set<AssemblyAttendance>();
    public DbSet<AssemblyVote> AssemblyVotes => Set<AssemblyVote>();
    public DbSet<AssemblyReceipt> AssemblyReceipts => Set<AssemblyReceipt>();
    public DbSet<AssemblyBallot> AssemblyBallots => Set<AssemblyBallot>();

    public DbSet<Notification> Notifications => Set<Notification>();
    public DbSet<NotificationChoice> NotificationChoices => Set<NotificationChoice>();
    public DbSet<DigestTime> DigestTimes => Set<DigestTime>();
    public DbSet<MailDigest> MailDigests => Set<MailDigest>();
    public DbSet<PortalVisit> PortalVisits => Set<PortalVisit>();
    public DbSet<Notice> Notices => Set<Notice>();
    public DbSet<NoticeRecipient> NoticeRecipients => Set<NoticeRecipient>();
    public DbSet<NoticeFile> NoticeFiles => Set<NoticeFile>();
    public DbSet<NoticeRead> NoticeReads => Set<NoticeRead>();

    public DbSet<DocumentFolder> DocumentFolders => Set<DocumentFolder>();
    public DbSet<Document> Documents => Set<Document>();
    public DbSet<DocumentVersion> DocumentVersions => Set<DocumentVersion>();
    public DbSet<DocumentUpload> DocumentUploads => Set<DocumentUpload>();
    public DbSet<DocumentPart> DocumentParts => Set<DocumentPart>();
    public DbSet<DocumentRead> DocumentReads => Set<DocumentRead>();
    public DbSet<AuditEntry> AuditLog => Set<AuditEntry>();
    public DbSet<AuditSeal> AuditSeals => Set<AuditSeal>();
    public DbSet<AuditRedaction> AuditRedactions => Set<AuditRedaction>();
    public DbSet<AuditCheck> AuditChecks => Set<AuditCheck>();
    public DbSet<Setting> Settings => Set<Setting>();
    public DbSet<Sequence> Sequences => Set<Sequence>();
    public DbSet<DailyFigure> DailyFigures => Set<DailyFigure>();
    public DbSet<Job> Jobs => Set<Job>();

    public DbSet<ServingPortal> Portals => Set<ServingPortal>();
    public DbSet<TableSize> TableSizes => Set<TableSize>();
    public DbSet<IntegrityResult> IntegrityResults => Set<IntegrityResult>();
    public DbSet<BackupSet> BackupSets => Set<BackupSet>();
    public DbSet<BackupDrill> BackupDrills => Set<BackupDrill>();
    public DbSet<BackupStream> BackupStreams => Set<BackupStream>();
    public DbSet<DataRequest> DataRequests => Set<DataRequest>();
    public DbSet<DataRequestEntry> DataRequestEntries => Set<DataRequestEntry>();
    public DbSet<DataPolicy> DataPolicies => Set<DataPolicy>();
    public DbSet<DataConsent> DataConsents => Set<DataConsent>();
    public DbSet<RetentionRun> RetentionRuns => Set<RetentionRun>();
    public DbSet<Erasure> Erasures => Set<Erasure>();
    public DbSet<PushDevice> PushDevices => Set<PushDevice>();
    public DbSet<PushKeyRow> PushKeys => Set<PushKeyRow>();
    public DbSet<ApiKey> ApiKeys => Set<ApiKey>();
    public DbSet<ApiRequest> ApiRequests => Set<ApiRequest>();
    public DbSet<Webhook> Webhooks => Set<Webhook>();
    public DbSet<WebhookDelivery> WebhookDeliveries => Set<WebhookDelivery>();

    protected override void ConfigureConventions(ModelConfigurationBuilder configuration) =>
        configuration.Properties<DateOnly>().HaveColumnType("date");

    protected override void OnModelCreating(ModelBuilder model) => PortalModel.Build(model);

    /// <summary>
    /// Saves with its audit rows, in the transaction that is open or in one of its own that is retried when the server asks for it.
    /// </summary>
    public override async Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken ct = default)
    {
        int saved;
        if (Database.CurrentTransaction is not null)
        {
            saved = await SaveWithAuditAsync(ct);
        }
        else
        {
            saved = await Database.CreateExecutionStrategy().ExecuteAsync(async token =>
            {
                await using var transaction = await BeginAsync(token);
                try
                {
                    var count = await SaveWithAuditAsync(token);
                    await transaction.CommitAsync(token);
                    return count;
                }
                finally
                {
                    InTransaction = false;
                }
            }, ct);
        }

        if (acceptAllChangesOnSuccess) ChangeTracker.AcceptAllChanges();
        return saved;
    }

    /// <summary>Not offered: a server's thread is not held while the database works.</summary>
    public override int SaveChanges(bool acceptAllChangesOnSuccess) =>
        throw new NotSupportedException("Use SaveChangesAsync.");

    /// <summary>The trail has just looked for changes, and its time stamps are known as such: the save need not look once more.</summary>
    private async Task<int> SaveDetectedAsync(CancellationToken ct)
    {
        var looks = ChangeTracker.AutoDetectChangesEnabled;
        ChangeTracker.AutoDetectChangesEnabled = false;
        try
        {
            return await base.SaveChangesAsync(acceptAllChangesOnSuccess: false, ct);
        }
        finally
        {
            ChangeTracker.AutoDetectChangesEnabled = looks;
        }
    }

    private async Task<int> SaveWithAuditAsync(CancellationToken ct)
    {
        // Pending changes are not accepted before the audit rows stand: a retry of the whole finds them still pending.
        var trail = AuditTrail.Capture(this);
        if (trail.TouchesAccounts)
        {
            await Database.ExecuteSqlAsync($"SET @`current_user_id` = {Actor.AccountId}", ct);
        }

        var told = WebhookTrail.Capture(this);
        var journal = await JournalTrail.CaptureAsync(this, ct);
        var saved = await SaveDetectedAsync(ct);
        var batch = new SqlBatch();
        trail.Write(batch, this);
        journal?.Write(batch, this);
        told?.Write(batch, this);
        foreach (var statement in _alsoSave) batch.Then(statement());
        await batch.RunAsync(this, ct);
        _alsoSave.Clear();
        return saved;
    }
}
