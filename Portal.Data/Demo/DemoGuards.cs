using Portal.Data.Gate;
using Portal.Data.Guards;

namespace Portal.Data.Demo;

/// <summary>Guards' weeks: the roster, hand-overs of the last days, incidents.</summary>
internal static class DemoGuards
{
    private const long Gate = 1;

    private static readonly (Shift Shift, int From)[] Hours = [(Shift.Morning, 6), (Shift.Afternoon, 14), (Shift.Night, 22)];

    public static async Task WriteAsync(DemoPlan plan, CancellationToken ct)
    {
        await RosterAsync(plan, ct);
        await HandoversAsync(plan, ct);
        await IncidentsAsync(plan, ct);
    }

    /// <summary>
    /// Two guards a shift by turns, three weeks back and one ahead. Next week has one night that nobody has yet.
    /// </summary>
    private static async Task RosterAsync(DemoPlan plan, CancellationToken ct)
    {
        var shifts = plan.Writer.Into("guard_shifts", "guard_id", "guard_name", "starts_at", "ends_at", "created_at");
        var monday = BuildingClock.MondayOf(plan.Today);
        var made = plan.Instant(plan.Now.AddDays(-28));
        for (var day = monday.AddDays(-21); day < monday.AddDays(14); day = day.AddDays(1))
        {
            foreach (var (shift, from) in Hours)
            {
                if (day == monday.AddDays(12) && shift == Shift.Night) continue;
                var (id, person, _) = OnDuty(plan, day, shift);
                var start = day.ToDateTime(new TimeOnly(from, 0));
                await shifts.AddAsync(ct, id, person.Name, start, start.AddHours(8), made);
            }
        }

        await shifts.FlushAsync(ct);
    }

    private static (long Id, DemoPerson Person, Shift Shift) OnDuty(DemoPlan plan, DateOnly day, Shift shift)
    {
        var mine = plan.Roster.Where(r => r.Shift == shift).ToList();
        return mine[day.DayNumber % mine.Count];
    }

    private static async Task HandoversAsync(DemoPlan plan, CancellationToken ct)
    {
        var rows = plan.Writer.Into(
            "gate_handovers", "client_key", "terminal_id", "outgoing_id", "signed_at", "incoming_id", "taken_at", "inside", "parcels",
            "incidents", "conflicts", "waiting", "notes_read", "notes_skipped", "note", "created_at");
        var random = new Random(76);
        var before = Hours[^1].Shift;
        for (var day = plan.Today.AddDays(-12); day <= plan.Today; day = day.AddDays(1))
        {
            foreach (var (shift, from) in Hours)
            {
                var taken = day.ToDateTime(new TimeOnly(from, 0)).AddMinutes(random.Next(-4, 6));
                var goes = OnDuty(plan, before == Shift.Night ? day.AddDays(-1) : day, before).Person;
                var comes = OnDuty(plan, day, shift).Person;
                before = shift;
                var (inside, parcels, skipped) = (random.Next(2, 9), random.Next(6, 14), random.Next(14) == 0);
                var unread = random.Next(2);
                if (taken > plan.Now) continue;
                await rows.AddAsync(
                    ct, Key(random), Gate, goes.UserId, taken.AddMinutes(-2), comes.UserId, taken, inside, parcels, 1, 0, 0,
                    skipped ? 0 : unread, skipped, skipped ? "Había una mudanza en la puerta." : null, plan.Instant(taken.AddMinutes(-2)));
            }
        }

        await rows.FlushAsync(ct);
    }

    private static async Task IncidentsAsync(DemoPlan plan, CancellationToken ct)
    {
        var told = new (int DaysAgo, int Hour, IncidentKind Kind, string Place, string Text, string? People, string? Unit, string? Closed)[]
        {
            (41, 2, IncidentKind.Noise, "Salón comunal", "Música después de la una. Se pidió bajar el volumen y lo bajaron.", null, "B 402",
                "Se habló con los propietarios; no se repitió."),
            (19, 15, IncidentKind.Vehicle, "Parqueadero de visitantes V-07",
                "Un carro rayó la puerta de otro al salir. El conductor dejó sus datos en portería.", "Conductor del taxi SXR 556", "A 903",
                "Se entregaron los datos al propietario; lo arregló la aseguradora."),
            (6, 21, IncidentKind.Water, "Torre C, piso 5, pasillo", "Agua por debajo de la puerta del ducto. Se cerró el registro del piso.", null,
                "C 502", null),
            (1, 23, IncidentKind.Intrusion, "Puerta vehicular 2",
                "Dos personas entraron a pie detrás de un carro. Salieron cuando se les llamó. La puerta no cierra sola.",
                "Dos hombres jóvenes, uno con casco", null, null),
        };
        var rows = plan.Writer.Into(
            "gate_incidents", "id", "number", "client_key", "kind", "happened_at", "reported_at", "place", "text", "people", "apartment_id",
            "terminal_id", "reported_by", "closed_at", "created_at");
        var entries = plan.Writer.Into("gate_incident_entries", "incident_id", "kind", "text", "by_id", "at", "created_at");
        var random = new Random(77);
        var numbers = new SortedDictionary<int, int>();
        foreach (var (ago, hour, kind, place, text, people, unit, closed) in told)
        {
            var happened = plan.Today.AddDays(-ago).ToDateTime(new TimeOnly(hour, 12));
            var (id, reported) = (plan.Writer.NextId("gate_incidents"), happened.AddMinutes(9));
            var number = numbers[happened.Year] = numbers.GetValueOrDefault(happened.Year) + 1;
            var shift = hour is >= 6 and < 14 ? Shift.Morning : hour is >= 14 and < 22 ? Shift.Afternoon : Shift.Night;
            var guard = OnDuty(plan, DateOnly.FromDateTime(hour < 6 ? happened.AddDays(-1) : happened), shift).Person;
            await rows.AddAsync(
                ct, id, $"{GateIncident.Series}-{happened.Year}-{number:000000}", Key(random), kind, happened, reported, place, text, people,
                unit is null ? null : plan.Apartment(unit).Id, Gate, guard.UserId, closed is null ? null : plan.Instant(reported.AddDays(2)),
                plan.Instant(reported));
            if (closed is not null)
            {
                await entries.AddAsync(
                    ct, id, IncidentEntryKind.Closed, closed, plan.Staff.UserId, reported.AddDays(2), plan.Instant(reported.AddDays(2)));
            }
            else if (kind == IncidentKind.Water)
            {
                await entries.AddAsync(
                    ct, id, IncidentEntryKind.Added, "Vino el plomero: es la bajante. Falta cambiar un tramo.", plan.Staff.UserId,
                    reported.AddDays(1), plan.Instant(reported.AddDays(1)));
            }
        }

        await rows.FlushAsync(ct);
        await entries.FlushAsync(ct);
        var sequences = plan.Writer.Into("sequences", "name", "year", "last_number");
        foreach (var (year, last) in numbers) await sequences.AddAsync(ct, GateIncident.Series, year, last);
        await sequences.FlushAsync(ct);
        // The plumber's visit is part of the water's incident: it stays as long as that is open.
        await plan.Writer.ExecuteAsync(
            """
            INSERT INTO gate_incident_visits (incident_id, visitor_id)
            SELECT 3, MAX(id) FROM visitors WHERE name = 'Técnico de gas' HAVING MAX(id) IS NOT NULL ORDER BY 1
            """,
            ct);
    }

    private static string Key(Random random)
    {
        var bytes = new byte[16];
        random.NextBytes(bytes);
        return new Guid(bytes).ToString();
    }
}
