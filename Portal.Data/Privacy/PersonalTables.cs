namespace Portal.Data.Privacy;

/// <summary>The parts of an export, in its order.</summary>
public enum PersonalArea
{
    Profile, Apartments, Money, Bookings, Cases, Visits, Vehicles, Pets, Packages, Courses, Notices, Surveys, Assemblies, Account, Requests, Audit,
}

/// <summary>What of a table is told to the person it is about.</summary>
/// <param name="Of">The condition for its rows: <c>x</c> is the table, <c>@u</c> the account.</param>
/// <param name="Columns">
/// Separated by semicolons; <c>name = expression</c> where the value is not the column's own. What is not named here stays out: keys,
/// secrets, and what is about somebody else.
/// </param>
/// <param name="Order">Of its rows.</param>
/// <param name="As">What this part is called, where its table has two.</param>
internal sealed record PersonalTable(
    string Table, PersonalArea Area, string Of, string Columns, string Order = "x.id", string? As = null)
{
    /// <summary>Names of what an id stands for, by its column.</summary>
    private static readonly Dictionary<string, string> Names = new()
    {
        ["apartment_id"] =
            "(SELECT CONCAT(t.name, ' ', a.apartment_number) FROM apartments AS a INNER JOIN towers AS t ON t.id = a.tower_id WHERE "
            + "a.id = x.apartment_id)",
        ["facility_id"] = Named("facilities", "facility_id"),
        ["vehicle_type_id"] = Named("vehicle_types", "vehicle_type_id"),
        ["document_type_id"] = Named("document_types", "document_type_id", "code"),
        ["role_id"] = Named("roles", "role_id"),
        ["user_status_id"] = Named("user_status", "user_status_id"),
        ["payment_method_id"] = Named("payment_methods", "payment_method_id"),
        ["payment_id"] = Named("payments", "payment_id", "receipt_number"),
        ["charge_id"] = Named("charges", "charge_id", "number"),
        ["pqrs_id"] = Named("pqrs", "pqrs_id", "number"),
        ["survey_id"] = Named("surveys", "survey_id", "title"),
        ["question_id"] = Named("questions", "question_id", "question"),
        ["notice_id"] = Named("notices", "notice_id", "title"),
        ["assembly_id"] = Named("assemblies", "assembly_id", "title"),
        ["request_id"] = Named("data_requests", "request_id", "number"),
        ["subject_id"] = Named("subjects", "subject_id"),
        ["semester_id"] = Named("semesters", "semester_id"),
        ["course_id"] = Named("courses", "course_id"),
    };

    private static readonly Dictionary<string, string> States = new()
    {
        ["payments"] = "payment_status", ["reservations"] = "reservation_status", ["pqrs"] = "pqrs_status",
        ["pqrs_tracking"] = "pqrs_status", ["parking"] = "parking_status",
    };

    public IReadOnlyList<string> ColumnNames => [.. Columns.Split(';').Select(c => c.Split('=', 2)[0].Trim())];

    /// <summary>The SELECT with one row more than <paramref name="most"/>, by which it is known that there are more.</summary>
    public string Sql(int most)
    {
        var columns = Columns.Split(';').Select(column =>
        {
            var parts = column.Split('=', 2);
            var name = parts[0].Trim();
            return $"{(parts.Length == 2 ? parts[1].Trim() : Expression(name))} AS `{name}`";
        });
        return $"SELECT {string.Join(", ", columns)} FROM {Table} AS x WHERE {Of} ORDER BY {Order} LIMIT {most + 1}";
    }

    private string Expression(string column) =>
        column == "status_id" && States.TryGetValue(Table, out var states) ? Named(states, column)
        : Names.GetValueOrDefault(column, $"x.`{column}`");

    private static string Named(string table, string column, string name = "name") =>
        $"(SELECT n.`{name}` FROM {table} AS n WHERE n.id = x.{column})";
}

/// <summary>
/// Which tables speak of people: what of each goes into the export of all that is known about somebody, or why nothing of it does. A test
/// holds every table of the database against it.
/// </summary>
internal static class PersonalTables
{
    /// <summary>In the name of the person as a resident.</summary>
    private const string Owners = "(SELECT o.id FROM owners AS o WHERE o.user_id = @u)";

    private const string OwnedApartments =
        "(SELECT a.id FROM apartments AS a INNER JOIN owners AS o ON o.id = a.owner_id WHERE o.user_id = @u)";

    /// <summary>
    /// Of an apartment that was theirs on a day: what was made with the owner before is not theirs, what was made with them stays theirs.
    /// Where nobody noted who owned it then, it is who owns it now.
    /// </summary>
    private static string OwnedOn(string day)
    {
        var then = $"c.kind = 'owner' AND c.apartment_id = x.apartment_id AND c.started_on <= {day} AND (c.ended_on IS NULL OR c.ended_on >= {day})";
        return $"(EXISTS (SELECT 1 FROM occupancies AS c WHERE c.owner_id IN {Owners} AND {then}) "
            + $"OR x.apartment_id IN {OwnedApartments} AND NOT EXISTS (SELECT 1 FROM occupancies AS c WHERE {then}))";
    }

    private const string Account = "x.user_id = @u", Resident = "x.owner_id IN " + Owners, Host = "x.host_id IN " + Owners;

    private const string OwnPayments = $"(SELECT p.id FROM payments AS p WHERE p.owner_id IN {Owners})";

    /// <summary>As a participant in courses; of a child, who represents it asks in its name, and the office answers.</summary>
    private const string OwnCourses = "(SELECT r.id FROM participants AS r WHERE r.user_id = @u)";

    private const string OwnEnrolments = "(SELECT e.id FROM enrolments AS e WHERE e.participant_id IN " + OwnCourses + ")";

    private const string OwnCases = $"(SELECT q.id FROM pqrs AS q WHERE q.owner_id IN {Owners})";

    /// <summary>Two last signs of somebody else's document: enough to know which visit it was.</summary>
    private const string Masked =
        "CASE WHEN CHAR_LENGTH(x.identification) > 4 THEN CONCAT('…', RIGHT(x.identification, 2)) ELSE '…' END";

    private const string Changed =
        "x.table_name = 'users' AND x.record_id = @u "
        + "OR x.table_name = 'profile' AND x.record_id IN (SELECT p.id FROM profile AS p WHERE p.user_id = @u)";

    private const string Changes = "created_at; action; table_name; old_value; new_value";

    private const string Acts = "created_at; action; table_name; record_id; ip_address";

    public static readonly IReadOnlyList<PersonalTable> All =
    [
        new(
            "profile", PersonalArea.Profile, Account,
            "first_name; last_name; document_type_id; document_number; birth_date; email; phone; address; created_at; updated_at"),
        new(
            "former_profiles", PersonalArea.Profile, Account,
            "first_name; last_name; document_type_id; document_number; birth_date; email; phone; address; created_at"),
        new("users", PersonalArea.Profile, "x.id = @u", "username; role_id; user_status_id; language; created_at; last_sign_in_at"),
        new("owners", PersonalArea.Profile, Account, "is_tenant; birth_date; created_at"),
        new(
            "tenants", PersonalArea.Profile,
            $"{Resident} OR x.document_number <> '' AND x.document_number IN (SELECT p.document_number FROM profile AS p WHERE p.user_id = @u)",
            "name; apartment_id; created_at"),
        new(
            "guards", PersonalArea.Profile, Account,
            "name; identification; phone; shift; arl_number; arl_expires_on; eps_number; eps_expires_on; created_at"),
        new(
            "guard_shifts", PersonalArea.Profile, "x.guard_id IN (SELECT g.id FROM guards AS g WHERE g.user_id = @u)",
            "starts_at; ends_at"),
        new("occupancies", PersonalArea.Apartments, Resident, "apartment_id; kind; started_on; ended_on; created_at"),
        new(
            "apartments", PersonalArea.Apartments, Resident,
            "number = (SELECT CONCAT(t.name, ' ', x.apartment_number) FROM towers AS t WHERE t.id = x.tower_id); floor; area; "
                + "coefficient; monthly_fee"),
        new(
            "charges", PersonalArea.Money, Resident,
            "number; apartment_id; concept; period; amount; paid; owed; issued_on; due_on; status"),
        new(
            "payments", PersonalArea.Money, Resident,
            "receipt_number; payment_date; payment_time; amount; apartment_id; payment_method_id; reference_number; description; "
                + "status_id; confirmed_at; cancelled_at; cancel_reason; refunded"),
        new("payment_applications", PersonalArea.Money, $"x.payment_id IN {OwnPayments}", "payment_id; charge_id; amount; reversed"),
        new("payment_proofs", PersonalArea.Money, $"x.payment_id IN {OwnPayments}", "payment_id; file_name; size; created_at"),
        new(
            "online_payments", PersonalArea.Money, Resident,
            "code; provider; amount; received; state; apartment_id; created_at; finished_at"),
        new("fines", PersonalArea.Money, Resident, "number; apartment_id; rule; facts; happened_on; state; amount; decided_on"),
        new(
            "fine_steps", PersonalArea.Money, $"x.fine_id IN (SELECT f.id FROM fines AS f WHERE f.owner_id IN {Owners})",
            "number = (SELECT f.number FROM fines AS f WHERE f.id = x.fine_id); state; made_on; words"),
        new(
            "agreements", PersonalArea.Money, OwnedOn("x.made_on"),
            "number; apartment_id; state; made_on; capital; interest; total; ended_on"),
        new(
            "certificates", PersonalArea.Money, OwnedOn("x.issued_on"),
            "number; apartment_id; kind; cut_off; total; issued_on"),
        new("refunds", PersonalArea.Money, OwnedOn("x.paid_on"), "number; apartment_id; amount; paid_on; reason"),
        new(
            "reservations", PersonalArea.Bookings, Resident,
            "number; facility_id; start_date; end_date; status_id; people; total_cost; deposit; notes; created_at; "
                + "checked_in_at; cancelled_at; cancel_reason"),
        new(
            "reservation_series", PersonalArea.Bookings, Resident,
            "facility_id; starts_on; ends_on; start_time; minutes; people; notes; created_at"),
        new("reservation_waits", PersonalArea.Bookings, Resident, "facility_id; start_date; end_date; people; state; created_at"),
        new(
            "pqrs", PersonalArea.Cases, Resident,
            "number; kind; title; description; status_id; channel; apartment_id; created_at; due_on; resolved_at; closed_at; rating"),
        new(
            "pqrs_tracking", PersonalArea.Cases, $"x.internal = 0 AND x.pqrs_id IN {OwnCases}",
            "pqrs_id; created_at; status_id; own = CASE WHEN x.user_id = @u THEN 1 ELSE 0 END; comments"),
        new(
            "pqrs_attachments", PersonalArea.Cases,
            $"x.pqrs_id IN {OwnCases} AND NOT EXISTS (SELECT 1 FROM pqrs_tracking AS k WHERE k.id = x.tracking_id AND k.internal "
                + "= 1)",
            "pqrs_id; file_name; size; created_at"),
        new("pqrs_filters", PersonalArea.Cases, Account, "name; created_at"),
        new(
            "visitors", PersonalArea.Visits, Host,
            $"name; identification = {Masked}; visit_date; enter_time; exit_date; exit_time; kind; state; purpose; company; "
                + "people; apartment_id"),
        new(
            "passes", PersonalArea.Visits, Host,
            "kind; title; company; people; starts_at; ends_at; apartment_id; created_at; revoked_at"),
        new(
            "pass_guests", PersonalArea.Visits, $"x.pass_id IN (SELECT p.id FROM passes AS p WHERE p.host_id IN {Owners})",
            "name; revoked_at"),
        new("gate_approvals", PersonalArea.Visits, "x.answered_by = @u", "name; asked_at; answer; answered_at"),
        new("gate_blocks", PersonalArea.Visits, "x.made_by = @u AND x.apartment_id IS NOT NULL", "name; effect; reason; until_date; created_at"),
        new("parking", PersonalArea.Vehicles, Account, "space_number; license_plate; vehicle_type_id; apartment_id"),
        new(
            "vehicles", PersonalArea.Vehicles,
            $"x.apartment_id IN (SELECT c.apartment_id FROM occupancies AS c WHERE c.owner_id IN {Owners} AND c.ended_on IS NULL)",
            "license_plate; vehicle_type_id; brand; colour; apartment_id"),
        new("pets", PersonalArea.Pets, Resident, "name; species; breed; vaccination_card; vaccination_expires_on; created_at"),
        new(
            "packages", PersonalArea.Packages,
            $"EXISTS (SELECT 1 FROM occupancies AS c WHERE c.owner_id IN {Owners} AND c.apartment_id = x.apartment_id AND "
                + "c.started_on <= DATE(x.received_at) AND (c.ended_on IS NULL OR c.ended_on >= DATE(x.received_at)))",
            "apartment_id; carrier; description; status; received_at; collected_at"),
        new(
            "participants", PersonalArea.Courses, Account,
            "first_name; last_name; gender; birth_date; grade_level; phone; emergency_contact; previous_school; transfer_reason; "
                + "registered_on; house_number; village; commune; district; province; birth_district"),
        new(
            "participant_health", PersonalArea.Courses, $"x.participant_id IN {OwnCourses}", "health; vaccinated; safety_note",
            "x.participant_id"),
        new(
            "family_profiles", PersonalArea.Courses, $"x.participant_id IN {OwnCourses}",
            "religion; church_name; needs_clothes; needs_materials; needs_transport; living_with; living_condition; own_house; months_here; "
                + "sisben_group; how_known; organization_help; can_help; help_amount; help_frequency",
            "x.participant_id"),
        new("guardians", PersonalArea.Courses, Account, "relation; first_name; last_name; phone; legal_authority; may_collect; created_at"),
        new(
            "guardian_circumstances", PersonalArea.Courses, "x.guardian_id IN (SELECT g.id FROM guardians AS g WHERE g.user_id = @u)",
            "occupation; income; children_count; birth_district; house_number; village; commune; district; province; church; believes",
            "x.guardian_id"),
        new(
            "participant_consents", PersonalArea.Courses, $"x.participant_id IN {OwnCourses}",
            "purpose; text; given_by; child_heard; given_on; withdrawn_on"),
        new("scholarships", PersonalArea.Courses, $"x.participant_id IN {OwnCourses}", "percent; amount; from_fund; starts_on; ends_on; act; revoked_on"),
        new("enrolments", PersonalArea.Courses, $"x.participant_id IN {OwnCourses}", "course_id; enrolled_on; dropped_on; drop_reason"),
        new("enrolment_periods", PersonalArea.Courses, $"x.enrolment_id IN {OwnEnrolments}", "from_on; until_on"),
        new(
            "semester_results", PersonalArea.Courses, $"x.enrolment_id IN {OwnEnrolments}", "semester_id; average; place; ranked; course_mean"),
        new(
            "attendance", PersonalArea.Courses, $"x.enrolment_id IN {OwnEnrolments}",
            "day = (SELECT s.held_on FROM course_sessions AS s WHERE s.id = x.session_id); status; reason"),
        new("marks", PersonalArea.Courses, $"x.enrolment_id IN {OwnEnrolments}", "subject_id; semester_id; graded_on; value; comment"),
        new("teacher_checks", PersonalArea.Courses, Account, "checked_on; valid_until; note"),
        new("course_teachers", PersonalArea.Courses, Account, "course_id; from_on; to_on"),
        new("notices", PersonalArea.Notices, "x.written_by = @u", "title; publish_at"),
        new("notice_recipients", PersonalArea.Notices, Account, "notice_id"),
        new("notice_reads", PersonalArea.Notices, Account, "notice_id; read_at"),
        new(
            "document_reads", PersonalArea.Notices, Account,
            "title = (SELECT d.title FROM document_versions AS v INNER JOIN documents AS d ON d.id = v.document_id WHERE v.id = "
                + "x.version_id); read_at"),
        new("notifications", PersonalArea.Notices, "x.recipient_id = @u", "title; message; created_at; mailed_at"),
        new("notification_choices", PersonalArea.Notices, Account, "kind; by_mail; by_push; rhythm"),
        new("digest_times", PersonalArea.Notices, Account, "hour; weekday", "x.user_id"),
        new("mail_digests", PersonalArea.Notices, Account, "rhythm; day; mailed_at"),
        new("survey_participants", PersonalArea.Surveys, Account, "survey_id; apartment_id; answered; answered_at"),
        new(
            "survey_answers", PersonalArea.Surveys,
            "x.participant_id IN (SELECT p.id FROM survey_participants AS p WHERE p.user_id = @u)",
            "survey_id; question_id; choices; text"),
        new("assembly_invitations", PersonalArea.Assemblies, Account, "assembly_id; created_at"),
        new("assembly_attendance", PersonalArea.Assemblies, Account, "assembly_id; apartment_id; arrives; way; created_at"),
        new(
            "assembly_proxies", PersonalArea.Assemblies, "x.holder_user_id = @u OR x.given_by = @u",
            "assembly_id; apartment_id; instruction; created_at; ended_at"),
        new("assembly_units", PersonalArea.Assemblies, Resident, "assembly_id; unit; coefficient"),
        new(
            "sessions", PersonalArea.Account, Account,
            "created_at; seen_at; ended_at; user_agent; ip_address; began_ip; methods; asked_at; asked_mail; answered_at"),
        new("second_factors", PersonalArea.Account, Account, "confirmed_at; last_used_at"),
        new("passkeys", PersonalArea.Account, Account, "name; rp_id; aaguid; backed_up; created_at; last_used_at"),
        new("recovery_codes", PersonalArea.Account, Account, "created_at; used_at"),
        new("account_codes", PersonalArea.Account, Account, "kind; created_at; expires_at; used_at"),
        new("sign_in_failures", PersonalArea.Account, Account, "failures; first_at; last_at"),
        new("push_devices", PersonalArea.Account, Account, "user_agent; created_at; delivered_at"),
        new(
            "api_keys", PersonalArea.Account, Account,
            "name; prefix; scopes; created_at; expires_at; used_at; used_from; suspended_at; revoked_at"),
        new("webhooks", PersonalArea.Account, Account, "name; address; events; active; created_at"),
        new("portal_visits", PersonalArea.Account, Account, "seen_at; since_at"),
        new("calendar_feeds", PersonalArea.Account, Account, "created_at; read_at"),
        new("gate_pins", PersonalArea.Account, Account, "updated_at", "x.user_id"),
        new("document_uploads", PersonalArea.Account, Account, "file_name; size; created_at"),
        new(
            "data_requests", PersonalArea.Requests, Account,
            "number; kind; text; channel; state; received_on; due_on; answered_on; outcome"),
        new(
            "data_request_entries", PersonalArea.Requests, "x.request_id IN (SELECT r.id FROM data_requests AS r WHERE r.user_id = @u)",
            "request_id; kind; text; at"),
        new(
            "data_consents", PersonalArea.Requests, Account,
            "version = (SELECT p.version FROM data_policies AS p WHERE p.id = x.policy_id); answer; created_at; ip_address"),
        // What was changed about them, with its values; then what they did, without: those may be of others.
        new("audit_log", PersonalArea.Audit, Changed, Changes, "x.id DESC"),
        new("audit_log", PersonalArea.Audit, Account, Acts, "x.id DESC", "audit_log_acts"),
        new("audit_log_archive", PersonalArea.Audit, Changed, Changes, "x.id DESC"),
        new("audit_log_archive", PersonalArea.Audit, Account, Acts, "x.id DESC", "audit_log_archive_acts"),
    ];

    private const string Things = "Its names are of things, not of people.", Company = "A company's or the building's own, no person's.",
        Gate = "What the gate wrote of others; what it wrote of the person's visits is in visitors.";

    /// <summary>Reasons of <see cref="LeftOut"/> that say that no person is in the table: an erasure finds nothing there either.</summary>
    public static readonly IReadOnlyList<string> Impersonal = [Things, Company];

    /// <summary>Tables that have something of people in them and of which nothing is exported, with the reason.</summary>
    public static readonly IReadOnlyDictionary<string, string> LeftOut = new Dictionary<string, string>
    {
        ["apartment_status"] = Things,
        ["api_requests"] = "That a program asked for something, by a number of its own: gone a week later.",
        ["passkey_challenges"] = "A question to an authenticator, for five minutes.",
        ["assembly_debtors"] = "The list of an assembly at one moment; the charges themselves are exported.",
        ["assembly_receipts"] = "Receipts of votes: in the voter's own hands only, so that nobody can be made to prove how they voted.",
        ["assets"] = Things,
        ["backup_drills"] = Things,
        ["backup_sets"] = Things,
        ["bank_imports"] = Things,
        ["concepts"] = Things,
        ["daily_figures"] = Things,
        ["data_protection_keys"] = "The portal's keys.",
        ["document_folders"] = Things,
        ["document_types"] = Things,
        ["document_versions"] = Things,
        ["documents"] = Things,
        ["erasures"] = "That a person was erased: afterwards nobody can ask for it in their name.",
        ["expense_files"] = Company,
        ["facilities"] = Things,
        ["gate_conflicts"] = Gate,
        ["gate_incident_visits"] = Gate,
        ["gate_incidents"] =
            "An incident names several people; who asks for what it says of them files an inquiry, and the office answers.",
        ["gate_terminals"] = Things,
        ["imports"] = Things,
        ["inspection_duties"] = Things,
        ["inspection_kinds"] = Things,
        ["inspections"] = Company,
        ["integrity_checks"] = Things,
        ["jobs"] = Things,
        ["ledger_accounts"] = Company,
        ["modules"] = Things,
        ["notice_files"] = Things,
        ["parking_levels"] = Things,
        ["parking_status"] = Things,
        ["payment_methods"] = Things,
        ["payment_status"] = Things,
        ["permissions"] = Things,
        ["portals"] = Things,
        ["pqrs_categories"] = Things,
        ["pqrs_presence"] = "Who has a case open this minute: gone a day later.",
        ["pqrs_status"] = Things,
        ["pqrs_turns"] = "Whose turn it is to get a case: no more than a counter.",
        ["reservation_status"] = Things,
        ["reservation_types"] = Things,
        ["roles"] = Things,
        ["schema_version"] = Things,
        ["sequences"] = Things,
        ["settings"] = Company,
        ["suppliers"] = "Companies that the building pays; no account.",
        ["table_sizes"] = Things,
        ["towers"] = Things,
        ["user_status"] = Things,
        ["vehicle_types"] = Things,
        ["webhook_deliveries"] = "That a program was told that something happened, by numbers.",
        ["maintenance_plans"] = Company,
        ["asset_meters"] = Things,
        ["asset_readings"] = Things,
        ["plan_occurrences"] = Things,
        ["work_order_cases"] = Things,
        ["work_order_checks"] = Things,
        ["work_order_expenses"] = Company,
        ["work_order_files"] = Company,
        ["work_order_quotes"] = Company,
        ["work_order_steps"] = Things,
        ["course_sessions"] = Things,
        ["course_subjects"] = Things,
        ["courses"] = Things,
        ["mark_changes"] = "What a mark was before; the mark itself is exported.",
        ["programme_accounts"] = Things,
        ["register_saves"] = "That a register was saved, by numbers: gone a month later.",
        ["school_years"] = Things,
        ["semesters"] = Things,
        ["subjects"] = Things,
        ["work_orders"] = "The building's work. Who does it is an account, whose name is exported as its own.",
    };
}
