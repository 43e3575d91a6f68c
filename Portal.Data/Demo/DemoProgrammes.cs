namespace Portal.Data.Demo;

/// <summary>
/// The demo's courses: English for children with six weeks of attendance and marks, swimming that begins soon, and whoever teaches them. Andrea
/// Ruiz has a daughter in it.
/// </summary>
internal static class DemoProgrammes
{
    /// <summary>The role made for whoever teaches.</summary>
    private const int Teachers = 10;

    private sealed record Child(string First, string Gender, int Years, int Grade, string? Note = null);

    private static readonly Child[] Children =
    [
        new("Sara", "female", 10, 5, "Alergia al maní: lleva su inyector en la maleta."), new("Tomás", "male", 10, 5), new("Valeria", "female", 11, 5),
        new("Juan José", "male", 10, 5), new("Mariana", "female", 11, 6), new("Samuel", "male", 10, 5), new("Emilia", "female", 9, 4),
        new("Martín", "male", 11, 5), new("Luciana", "female", 10, 5), new("Nicolás", "male", 10, 5), new("Antonia", "female", 11, 6),
        new("Jerónimo", "male", 9, 4),
    ];

    public static async Task WriteAsync(DemoPlan plan, CancellationToken ct)
    {
        var (today, writer) = (plan.Today, plan.Writer);
        await writer.ExecuteAsync("UPDATE modules SET enabled = 1 WHERE name = 'programmes'", ct);
        await writer.ExecuteAsync($"INSERT INTO roles (id, name, description) VALUES ({Teachers}, 'Profesor', 'Dicta cursos')", ct);
        await writer.ExecuteAsync(
            $"INSERT INTO role_permissions (role_id, permission_id) SELECT {Teachers}, p.id FROM permissions AS p WHERE p.name = 'programmes.teach_own'", ct);
        var teacher = await TeacherAsync(plan, "Sofía", "Leal Prieto", "sofia.leal", ct);
        var begins = new DateOnly(today.Year, today.Month, 1).AddMonths(-4);
        var ends = begins.AddMonths(11).AddDays(-1);
        var middle = begins.AddMonths(5);
        await writer.ExecuteAsync(
            $"INSERT INTO school_years (id, code, starts_on, ends_on) VALUES (1, '{begins.Year}-{begins.Year + 1}', '{begins:yyyy-MM-dd}', '{ends:yyyy-MM-dd}')", ct);
        await writer.ExecuteAsync(
            $"""
            INSERT INTO semesters (id, year_id, code, name, starts_on, ends_on) VALUES
                (1, 1, '{begins.Year}-A', 'Primer periodo', '{begins:yyyy-MM-dd}', '{middle.AddDays(-1):yyyy-MM-dd}'),
                (2, 1, '{begins.Year}-B', 'Segundo periodo', '{middle:yyyy-MM-dd}', '{ends:yyyy-MM-dd}')
            """,
            ct);
        await writer.ExecuteAsync("INSERT INTO subjects (id, name) VALUES (1, 'Conversación'), (2, 'Gramática'), (3, 'Lectura')", ct);
        await writer.ExecuteAsync(
            $"""
            INSERT INTO courses (id, year_id, name, kind, grade_level, section, minors, capacity, starts_on, ends_on, fee, description) VALUES
                (1, 1, 'Inglés', 'Idiomas', 5, 'A', 1, 15, '{begins:yyyy-MM-dd}', '{ends:yyyy-MM-dd}', 0, 'Martes y jueves por la tarde, en el salón de estudio.'),
                (2, 1, 'Natación', 'Deporte', NULL, '', 1, 12, '{today.AddDays(10):yyyy-MM-dd}', '{ends:yyyy-MM-dd}', 185000, 'Para niños desde los siete años.')
            """,
            ct);
        await writer.ExecuteAsync("INSERT INTO course_subjects (course_id, subject_id, weight) VALUES (1, 1, 2), (1, 2, 1), (1, 3, 1)", ct);
        await writer.ExecuteAsync(
            $"INSERT INTO course_teachers (course_id, user_id, slot, from_on) VALUES (1, {teacher}, 1, '{begins:yyyy-MM-dd}'), (2, {teacher}, 1, '{begins:yyyy-MM-dd}')", ct);
        var checkedOn = today.AddDays(-100);
        await writer.ExecuteAsync(
            $"INSERT INTO teacher_checks (user_id, checked_on, valid_until) VALUES ({teacher}, '{checkedOn:yyyy-MM-dd}', '{checkedOn.AddMonths(4):yyyy-MM-dd}')", ct);
        var enrolments = await PeopleAsync(plan, begins, ct);
        await HeldAsync(plan, teacher, enrolments, ct);
        plan.Progress.Report("programmes");
    }

    private static async Task<long> TeacherAsync(DemoPlan plan, string first, string last, string account, CancellationToken ct)
    {
        var id = plan.Writer.NextId("users");
        var users = plan.Writer.Into(
            "users", "id", "username", "normalized_username", "password", "user_status_id", "security_stamp", "concurrency_stamp", "created_at", "role_id");
        await users.AddAsync(
            ct, id, account, account.ToUpperInvariant(), plan.PasswordHash, Identity.UserState.Active, "demo-teacher", "demo-teacher",
            plan.Instant(plan.Today.AddDays(-200), 9, 0), Teachers);
        await users.FlushAsync(ct);
        var profiles = plan.Writer.Into("profile", "user_id", "first_name", "last_name", "email", "phone", "document_type_id", "document_number");
        await profiles.AddAsync(ct, id, first, last, $"{account}@correo.example", "3105550142", 1, "52990417");
        await profiles.FlushAsync(ct);
        return id;
    }

    private static async Task<List<long>> PeopleAsync(DemoPlan plan, DateOnly begins, CancellationToken ct)
    {
        var homes = plan.Apartments.Where(a => a.Owner is { Last.Length: > 0 }).ToList();
        // Andrea's first; then others, spread over the building.
        var andrea = homes.FindIndex(a => a.Owner!.First == "Andrea");
        List<DemoApartment> chosen = [.. andrea < 0 ? [] : new[] { homes[andrea] }, .. homes.Where((_, i) => i != andrea && i % Math.Max(1, homes.Count / 14) == 0)];
        var people = plan.Writer.Into(
            "participants", "id", "apartment_id", "first_name", "last_name", "gender", "birth_date", "grade_level", "registered_on", "created_at");
        var guardians = plan.Writer.Into("guardians", "participant_id", "user_id", "relation", "first_name", "last_name", "phone", "legal_authority", "may_collect");
        var consents = plan.Writer.Into("participant_consents", "participant_id", "purpose", "text", "given_by", "child_heard", "given_on");
        var health = plan.Writer.Into("participant_health", "participant_id", "safety_note");
        var enrolments = plan.Writer.Into("enrolments", "id", "course_id", "participant_id", "enrolled_on");
        var periods = plan.Writer.Into("enrolment_periods", "enrolment_id", "from_on");
        List<long> ids = [];
        for (var i = 0; i < Children.Length && i < chosen.Count; i++)
        {
            var (child, home) = (Children[i], chosen[i]);
            var owner = home.Owner!;
            var (person, enrolment) = (plan.Writer.NextId("participants"), plan.Writer.NextId("enrolments"));
            var surname = owner.Last.Split(' ')[0];
            var born = plan.Today.AddYears(-child.Years).AddDays(-20 * (i + 1));
            await people.AddAsync(
                ct, person, home.Id, child.First, surname, child.Gender, born, child.Grade, begins, plan.Instant(begins, 9, 0));
            await guardians.AddAsync(
                ct, person, owner.UserId, i % 3 == 1 ? "Padre" : "Madre", owner.First, owner.Last, $"31055501{i:00}", true, true);
            await consents.AddAsync(ct, person, "programme", "Autorizo que participe en los cursos.", owner.Name, true, begins);
            if (child.Note is { } note)
            {
                await consents.AddAsync(ct, person, "health", "Autorizo que se guarden datos de su salud para cuidarla en los cursos.", owner.Name, true, begins);
                await health.AddAsync(ct, person, note);
            }

            await enrolments.AddAsync(ct, enrolment, 1, person, begins);
            await periods.AddAsync(ct, enrolment, begins);
            ids.Add(enrolment);
        }

        foreach (var table in new[] { people, guardians, consents, health, enrolments, periods }) await table.FlushAsync(ct);
        return ids;
    }

    private static async Task HeldAsync(DemoPlan plan, long teacher, List<long> enrolments, CancellationToken ct)
    {
        var today = plan.Today;
        var sessions = plan.Writer.Into("course_sessions", "id", "course_id", "held_on", "session", "starts_at", "ends_at", "version", "taken_at", "taken_by");
        var said = plan.Writer.Into("attendance", "session_id", "enrolment_id", "status", "reason", "recorded_by");
        var marks = plan.Writer.Into("marks", "enrolment_id", "subject_id", "semester_id", "graded_on", "value", "comment", "user_id");
        var held = 0;
        for (var day = today.AddDays(-42); day <= today.AddDays(28); day = day.AddDays(1))
        {
            // Of today there is always one: its register is still to be taken.
            if (day != today && day.DayOfWeek is not (DayOfWeek.Tuesday or DayOfWeek.Thursday)) continue;
            var (id, over) = (plan.Writer.NextId("course_sessions"), day < today);
            await sessions.AddAsync(
                ct, id, 1, day, "pm", new TimeOnly(16, 0), new TimeOnly(17, 30), over ? 1 : 0, over ? plan.Instant(day, 16, 10) : null, over ? teacher : null);
            if (!over) continue;
            for (var i = 0; i < enrolments.Count; i++)
            {
                var status = (((held * 7) + (i * 5)) % 23) switch { 0 => "absent", 3 => "late", 11 => "excused", _ => "present" };
                await said.AddAsync(ct, id, enrolments[i], status, status == "excused" ? "Cita médica" : null, teacher);
            }

            held++;
        }

        for (var i = 0; i < enrolments.Count; i++)
        {
            for (var subject = 1; subject <= 3; subject++)
            {
                for (var at = 0; at < 2; at++)
                {
                    // One lacks reading, so that they have no place.
                    if (i == 7 && subject == 3) continue;
                    var value = 6m + (((i * i) + (i * subject) + (at * 3)) % 9) * 0.5m;
                    await marks.AddAsync(
                        ct, enrolments[i], subject, 1, today.AddDays(-30 + (at * 20)), value, at == 1 && i % 4 == 0 ? "Va muy bien: participa y pregunta." : null,
                        teacher);
                }
            }
        }

        foreach (var table in new[] { sessions, said, marks }) await table.FlushAsync(ct);
    }
}
