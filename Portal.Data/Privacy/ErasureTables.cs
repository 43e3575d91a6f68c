namespace Portal.Data.Privacy;

/// <summary>What an erasure does with rows of a person.</summary>
public enum Treatment
{
    Delete,

    /// <summary>They stay, and say no longer whose they are.</summary>
    Anonymise,

    /// <summary>They stay as they are, because a law says so or because they never named anybody.</summary>
    Keep,
}

/// <summary>Why something stays. The words are <c>erase.why.*</c> of the screens.</summary>
public enum KeptFor
{
    /// <summary>Nothing stays.</summary>
    Nothing,

    /// <summary>Books and their papers, ten years (Ley 962 of 2005, art. 28).</summary>
    Books,

    /// <summary>Minutes of assemblies say who was there and for whom (Ley 675 of 2001, art. 47).</summary>
    Minutes,

    /// <summary>The proof of what was allowed, asked and answered (Ley 1581 of 2012, arts 9 and 17).</summary>
    Proof,

    /// <summary>What happened, without whom it happened to.</summary>
    Facts,

    /// <summary>The record of the gate, which goes by itself when its days are over.</summary>
    Gate,

    /// <summary>Only the number of an account of which nobody can say any more whose it was.</summary>
    Number,

    /// <summary>What they did for the building as its office.</summary>
    Work,
}

/// <summary>What is done with the rows of one table.</summary>
/// <param name="Of">Their condition: <c>x</c> is the table, <c>@u</c> the account.</param>
/// <param name="Set">Of <see cref="Treatment.Anonymise"/>: what is written into which columns.</param>
/// <param name="Keeps">Columns with text or of people that stay as they are, separated by semicolons.</param>
/// <param name="Key">The column by which a row is known.</param>
/// <param name="Logged">The audit log knows its rows, by numbers.</param>
internal sealed record ErasureStep(
    string Table, Treatment Treatment, string Of, string Set = "", string Keeps = "", KeptFor Why = KeptFor.Nothing, string Key = "id",
    bool Logged = true)
{
    public IReadOnlyList<string> SetColumns =>
        [.. Set.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(s => s.Split('=', 2)[0].Trim())];

    public IReadOnlyList<string> KeptColumns => Keeps.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}

/// <summary>
/// What becomes of each table of <see cref="PersonalTables"/> when a person is erased, in the order in which it is done: what others point
/// at comes after them, and the profile, by which they are found, last. A test reads the schema: a table with a person in it that is neither
/// here nor in <see cref="Others"/> fails it, and so does a column of text of whose fate nothing is said.
/// </summary>
internal static class ErasureTables
{
    /// <summary>What a person is called from then on; by the number of the account, so it is the same after every restore.</summary>
    public const string Pseudonym = "CONCAT('Persona suprimida ', @u)";

    private const string Owners = "(SELECT o.id FROM owners AS o WHERE o.user_id = @u)";

    private const string Visits = "(SELECT v.id FROM visitors AS v WHERE v.host_id IN " + Owners + ")";

    private const string Participants = "(SELECT r.id FROM participants AS r WHERE r.user_id = @u)";

    private const string Enrolments = "(SELECT e.id FROM enrolments AS e WHERE e.participant_id IN " + Participants + ")";

    private const string Cases = "(SELECT q.id FROM pqrs AS q WHERE q.owner_id IN " + Owners + ")";

    /// <summary>Null where others could be meant by it: a short name, half of one, or one that another person has too.</summary>
    private const string FullName =
        "(SELECT CONCAT(p.first_name, ' ', p.last_name) FROM profile AS p WHERE p.user_id = @u "
        + "AND CHAR_LENGTH(CONCAT(p.first_name, p.last_name)) > 6 AND p.first_name <> '' AND p.last_name <> '' "
        + "AND INSTR(p.first_name, '%') + INSTR(p.last_name, '%') + INSTR(p.first_name, '_') + INSTR(p.last_name, '_') = 0 "
        + "AND NOT EXISTS (SELECT 1 FROM profile AS n WHERE n.user_id <> @u "
        + "AND INSTR(CONCAT(n.first_name, ' ', n.last_name), CONCAT(p.first_name, ' ', p.last_name)) > 0))";

    /// <summary>Somebody else has to do with the apartment of the row now.</summary>
    private const string OthersLive =
        "EXISTS (SELECT 1 FROM occupancies AS c WHERE c.apartment_id = x.apartment_id AND c.ended_on IS NULL AND c.owner_id NOT IN "
        + Owners + ")";

    /// <summary>The visit is part of a case or an incident that is not over.</summary>
    private const string Held =
        "(EXISTS (SELECT 1 FROM pqrs AS q WHERE q.id = x.pqrs_id AND q.resolved_at IS NULL AND q.closed_at IS NULL) "
        + "OR EXISTS (SELECT 1 FROM gate_incident_visits AS i INNER JOIN gate_incidents AS g ON g.id = i.incident_id "
        + "WHERE i.visitor_id = x.id AND g.closed_at IS NULL))";

    /// <summary>The rows that the export gives, of all parts of the table.</summary>
    private static string Exported(string table) =>
        string.Join(" OR ", PersonalTables.All.Where(t => t.Table == table).Select(t => $"({t.Of})"));

    private static ErasureStep Delete(string table, string? of = null, string key = "id") =>
        new(table, Treatment.Delete, of ?? Exported(table), Key: key);

    private static ErasureStep Anonymise(
        string table, string set, KeptFor why, string keeps = "", string? of = null, string key = "id", bool logged = true) =>
        new(table, Treatment.Anonymise, of ?? Exported(table), set, keeps, why, key, logged);

    private static ErasureStep Keep(string table, KeptFor why, string keeps = "", string? of = null) =>
        new(table, Treatment.Keep, of ?? Exported(table), "", keeps, why);

    public static readonly IReadOnlyList<ErasureStep> All =
    [
        Delete("push_devices"),
        Delete("passkey_challenges", "x.user_id = @u"),
        Delete("passkeys"),
        Delete("api_keys"),
        Delete("webhooks"),
        Delete("sessions"),
        Delete("second_factors"),
        Delete("recovery_codes"),
        Delete("account_codes"),
        Delete("sign_in_failures"),
        Delete("portal_visits"),
        Delete("calendar_feeds"),
        Delete("gate_pins", key: "user_id"),
        Delete("document_uploads"),
        // Theirs, and the bells of others that call them by name.
        Delete(
            "notifications",
            $"x.recipient_id = @u OR x.title LIKE CONCAT('%', {FullName}, '%') OR x.message LIKE CONCAT('%', {FullName}, '%') "
                + $"OR x.data LIKE CONCAT('%', {FullName}, '%')"),
        Delete("notification_choices"),
        Delete("digest_times"),
        Delete("mail_digests"),
        Delete("notice_recipients"),
        Delete("notice_reads"),
        Delete("document_reads"),
        Delete("pqrs_filters"),
        Delete("pqrs_presence", "x.user_id = @u"),
        Delete("pqrs_turns", "x.user_id = @u"),
        Anonymise(
            "gate_events", "body = NULL", KeptFor.Gate, "event_key; kind; body_hash; reason; guard_id", $"x.visitor_id IN {Visits}",
            "event_key", logged: false),
        Anonymise("gate_conflicts", "words = NULL; note = NULL", KeptFor.Gate, "event_key; visitor_id", $"x.visitor_id IN {Visits}"),
        Delete("gate_approvals"),
        // What keeps somebody out protects who lives there still.
        Delete("gate_blocks", $"({Exported("gate_blocks")}) AND NOT {OthersLive}"),
        Delete("pass_guests"),
        Delete("passes"),
        Delete("visitors", $"x.host_id IN {Owners} AND x.state = 'announced' AND NOT {Held}"),
        Anonymise(
            "visitors",
            "name = 'Visita suprimida'; identification = ''; purpose = NULL; license_plate = NULL; company = NULL; pass_code = NULL",
            KeptFor.Gate, "client_key; host_id; people",
            $"x.host_id IN {Owners} AND x.state <> 'announced' AND x.state <> 'inside' AND NOT {Held}"),
        Anonymise("parking", "user_id = NULL; license_plate = NULL", KeptFor.Facts, "space_number; intruder_plate"),
        // They are the apartment's: where nobody else lives, those of who lived there.
        Delete(
            "vehicles",
            $"x.apartment_id IN (SELECT t.apartment_id FROM occupancies AS t WHERE t.owner_id IN {Owners}) AND NOT {OthersLive}"),
        Delete("pet_photos", $"x.pet_id IN (SELECT p.id FROM pets AS p WHERE p.owner_id IN {Owners})"),
        Delete("pets"),
        Anonymise(
            "packages", "collected_by_name = NULL; signature = NULL", KeptFor.Facts, "carrier; description; pickup_code",
            $"x.collected_by_name = {FullName} AND ({Exported("packages")})"),
        Delete("participant_health", key: "participant_id"),
        Delete("family_profiles", key: "participant_id"),
        // Theirs as a guardian, and those who answered for them.
        Delete(
            "guardian_circumstances",
            $"x.guardian_id IN (SELECT g.id FROM guardians AS g WHERE g.user_id = @u OR g.participant_id IN {Participants})", "guardian_id"),
        Delete("guardians", $"x.user_id = @u OR x.participant_id IN {Participants}"),
        Anonymise(
            "participant_consents", $"text = ''; given_by = {Pseudonym}", KeptFor.Proof, "",
            $"({Exported("participant_consents")}) OR x.given_by = {FullName}"),
        Keep("enrolment_periods", KeptFor.Facts),
        Keep("semester_results", KeptFor.Facts),
        Anonymise("attendance", "reason = NULL", KeptFor.Facts),
        Anonymise("marks", "comment = NULL", KeptFor.Facts, "user_id"),
        Anonymise("mark_changes", "comment_before = NULL", KeptFor.Facts, "user_id", $"x.enrolment_id IN {Enrolments}", logged: false),
        Anonymise("enrolments", "drop_reason = NULL", KeptFor.Facts),
        Keep("scholarships", KeptFor.Books, "act"),
        Anonymise("teacher_checks", "note = NULL", KeptFor.Proof, "user_id"),
        Keep("course_teachers", KeptFor.Work, "user_id"),
        // Whose they are the other tables find by the account, so it goes last.
        Anonymise(
            "participants",
            "first_name = 'Persona'; last_name = CONCAT('suprimida ', x.id); phone = NULL; emergency_contact = NULL; previous_school = NULL; "
                + "transfer_reason = NULL; house_number = NULL; village = NULL; commune = NULL; district = NULL; province = NULL; "
                + "birth_district = NULL; apartment_id = NULL; birth_date = MAKEDATE(YEAR(x.birth_date), 1); active = 0; anonymised_on = CURRENT_DATE; user_id = NULL",
            KeptFor.Facts),
        Anonymise("reservations", "notes = NULL; cancel_reason = NULL", KeptFor.Books, "number; verification_code; owner_id; people"),
        Anonymise("reservation_series", "notes = NULL", KeptFor.Facts, "weekdays; owner_id; people"),
        Delete("reservation_waits"),
        Delete("pqrs_attachments", $"x.pqrs_id IN {Cases}"),
        Anonymise("pqrs_tracking", "comments = NULL", KeptFor.Facts, "user_id", $"x.pqrs_id IN {Cases}"),
        Anonymise(
            "pqrs", "title = 'Caso de persona suprimida'; description = ''; access_hash = NULL", KeptFor.Facts,
            "number; verification_code; owner_id; assigned_to"),
        Anonymise("survey_answers", "text = NULL", KeptFor.Facts, "id; choices", logged: false),
        Anonymise(
            "survey_participants",
            "user_id = NULL; respondent = CASE WHEN x.apartment_id IS NULL THEN CONCAT('erased-', x.id) ELSE x.respondent END",
            KeptFor.Facts),
        Anonymise("payment_proofs", "file_name = CONCAT('comprobante-', x.id)", KeptFor.Books, "content_type; sha256; content"),
        // The person of a fine is who did it where it was not the owner.
        Anonymise("fines", $"person = {Pseudonym}", KeptFor.Books, "number; rule; facts; owner_id", $"x.person = {FullName}"),
        Keep("fines", KeptFor.Books),
        Keep("fine_steps", KeptFor.Books),
        Keep("charges", KeptFor.Books, "owner_id"),
        Keep("payments", KeptFor.Books, "owner_id"),
        Keep("payment_applications", KeptFor.Books),
        Keep("online_payments", KeptFor.Books, "pay_address; owner_id"),
        Keep("agreements", KeptFor.Books),
        Keep("certificates", KeptFor.Books),
        Keep("refunds", KeptFor.Books),
        Keep("assembly_invitations", KeptFor.Minutes, "user_id"),
        Keep("assembly_attendance", KeptFor.Minutes, "user_id; person"),
        Keep("assembly_proxies", KeptFor.Minutes, "holder_user_id; giver; holder; holder_document"),
        Keep("assembly_units", KeptFor.Minutes, "owner_id; owner"),
        Keep("occupancies", KeptFor.Number, "owner_id"),
        Keep("apartments", KeptFor.Number, "owner_id"),
        Keep("notices", KeptFor.Work),
        Anonymise("guard_shifts", $"guard_name = {Pseudonym}", KeptFor.Gate, "guard_id"),
        Anonymise(
            "guards",
            $"name = {Pseudonym}; identification = CONCAT('S-', x.id); phone = NULL; arl_number = NULL; eps_number = NULL; "
                + "arl_expires_on = NULL; eps_expires_on = NULL",
            KeptFor.Gate, "user_id"),
        Anonymise(
            "data_request_entries", "text = NULL", KeptFor.Proof, "by_id",
            // What earlier ones were answered may be all that was known of them.
            $"({Exported("data_request_entries")}) AND NOT (x.kind = 'answered' "
                + "AND x.request_id IN (SELECT e.request_id FROM erasures AS e WHERE e.user_id = @u AND e.request_id IS NOT NULL))"),
        Anonymise("data_requests", $"person_name = {Pseudonym}; contact = NULL; text = ''", KeptFor.Proof, "number; user_id"),
        Anonymise("data_consents", "ip_address = NULL", KeptFor.Proof, "user_id"),
        // Their owner is who declared them: that one's erasure is not theirs.
        Delete("tenants", "x.document_number <> '' AND x.document_number IN (SELECT p.document_number FROM profile AS p WHERE p.user_id = @u)"),
        Delete("former_profiles"),
        Anonymise("owners", "birth_date = NULL", KeptFor.Number, "user_id"),
        Anonymise(
            "users",
            "username = CONCAT('suprimida-', x.id); normalized_username = CONCAT('SUPRIMIDA-', x.id); password = '!'; user_status_id = 2; "
                + "security_stamp = UUID(); concurrency_stamp = UUID(); language = NULL; must_change_password = 0; access_failed_count = 0; "
                + "lockout_end = NULL; last_sign_in_at = NULL",
            KeptFor.Number),
        Anonymise(
            "profile",
            "first_name = 'Persona'; last_name = CONCAT('suprimida ', x.user_id); email = NULL; phone = NULL; address = NULL; "
                + "document_type_id = NULL; document_number = NULL; birth_date = NULL; photo_url = NULL",
            KeptFor.Number, "user_id"),
    ];

    private const string Many = "Names several people; who asks for it is answered by hand, after somebody has read it.",
        Papers = "Books and their papers (Ley 962 of 2005, art. 28).";

    /// <summary>Tables with people in them of which no rows are one person's, or that are treated in another way.</summary>
    public static readonly IReadOnlyDictionary<string, string> Others = new Dictionary<string, string>
    {
        ["audit_log"] = "Loses its values and names by AuditRedaction, so that the seals hold.",
        ["audit_log_archive"] = "As audit_log.",
        ["assembly_debtors"] = "Minutes (Ley 675 of 2001, art. 47).",
        ["assembly_receipts"] = "Minutes, and nobody may learn how somebody voted.",
        ["bank_lines"] = Papers,
        ["erasures"] = "Says that it was done, without a name.",
        ["gate_incidents"] = Many,
        ["gate_incident_entries"] = Many,
        ["gate_incident_visits"] = Many,
        ["data_protection_keys"] = "The portal's keys.",
        ["issued_papers"] = Papers,
        ["register_saves"] = "That a register was saved, by numbers: gone a month later.",
        ["suppliers"] = Papers,
        ["work_orders"] = "The building's work. Who does it is an account, which loses its own name.",
    };
}
