using Portal.Data.Gate;
using Portal.Data.Identity;
using Portal.Data.Packages;
using Portal.Data.Parking;
using Portal.Data.Passes;

namespace Portal.Data.Demo;

/// <summary>Visitors inside, expected and of the past half year; packages; parking.</summary>
internal static class DemoGate
{
    private static readonly string[] Carriers =
    [
        "Servientrega",
        "Coordinadora",
        "Inter Rapidísimo",
        "Deprisa",
        "Mercado Libre",
        "Amazon",
        "DHL",
    ];
    private static readonly string[] Things = ["caja pequeña", "caja mediana", "caja grande", "sobre", "bolsa"];

    public static async Task WriteAsync(DemoPlan plan, CancellationToken ct)
    {
        var log = new Log(plan);
        await HistoryAsync(plan, log, ct);
        await InsideAsync(plan, log, ct);
        await ExpectedAsync(plan, log, ct);
        await DemoPasses.WriteAsync(plan, log, ct);
        await log.FlushAsync(ct);
        await PackagesAsync(plan, ct);
        await ParkingAsync(plan, ct);
        await NotesAsync(plan, ct);
        await TerminalsAsync(plan, ct);
        plan.Progress.Report($"{log.Rows.Count} visits");
    }

    private static async Task InsideAsync(DemoPlan plan, Log log, CancellationToken ct)
    {
        foreach (
            var (name, apartment, kind, minutes, people, plate, company) in new (string, string, VisitorKind, int, int, string?, string?)[]
            {
                ("Técnico de gas", "C 502", VisitorKind.Contractor, 290, 1, "WLK 305", "Vanti"),
                ("Domicilio Rappi", "A 502", VisitorKind.Delivery, 38, 1, null, "Rappi"),
                ("Técnico de ETB", "B 702", VisitorKind.Contractor, 146, 1, null, "ETB"),
                ("Familia Echeverri", "B 402", VisitorKind.Guest, 185, 4, "JVN 228", null),
                ("Marta Solano", "A 1101", VisitorKind.Domestic, 168, 1, null, "enfermera"),
                ("Juan David Pérez", "C 401", VisitorKind.Guest, 93, 1, "FTR 219", null),
                ("Paula Andrea Niño", "A 903", VisitorKind.Guest, 41, 1, "GKR 550", null),
                ("Taxi SXR 556", "B 305", VisitorKind.Taxi, 6, 1, "SXR 556", null),
                ("Nelson Forero", "A 903", VisitorKind.Guest, 64, 2, "HSD 417", null),
            }
        )
        {
            var entered = plan.Now.AddMinutes(-minutes);
            await log.AddAsync(plan.Apartment(apartment), name, kind, entered, null, people, plate, company, ct);
        }
    }

    private static async Task ExpectedAsync(DemoPlan plan, Log log, CancellationToken ct)
    {
        var today = plan.Today.ToDateTime(TimeOnly.MinValue);
        // Whoever tries the terminal types this code: at any hour it is one that is expected now, and for a good while.
        var (from, until) = (today.AddHours(plan.Now.Hour), today.AddHours(24.5));
        if (until < plan.Now.AddHours(6)) until = from.AddHours(7);
        await log.AnnounceAsync(plan.Apartment("B 1204"), "Laura Gómez", VisitorKind.Guest, from, until, 2, "KJH 482", "482913", ct);
        await log.AnnounceAsync(
            plan.Apartment("A 604"), "Ricardo Tovar", VisitorKind.Guest, today.AddHours(12), today.AddHours(23), 3, null, "730155", ct);
        await log.AnnounceAsync(
            plan.Apartment("C 803"), "Banquetes El Samán", VisitorKind.Contractor, today.AddHours(13), today.AddHours(22), 4, "WLM 318",
            "216408", ct);
        await log.AnnounceAsync(
            plan.Apartment("B 1003"), "Teresa Pardo", VisitorKind.Guest, today.AddDays(1).AddHours(9), today.AddDays(1).AddHours(18), 1,
            null, "905372", ct);
        // One whose time has gone by, so that the terminal has something to say "expired" to.
        await log.AnnounceAsync(
            plan.Apartment("A 1101"), "Oficina de Correas", VisitorKind.Contractor, today.AddDays(-1).AddHours(14),
            today.AddDays(-1).AddHours(18), 1, null, "118844", ct);
    }

    private static async Task HistoryAsync(DemoPlan plan, Log log, CancellationToken ct)
    {
        var random = plan.Random;
        for (var back = 180; back >= 0; back--)
        {
            var day = plan.Today.AddDays(-back);
            for (var i = random.Next(16, 34); i > 0; i--)
            {
                var kind = random.Next(10) switch
                {
                    < 4 => VisitorKind.Guest,
                    < 7 => VisitorKind.Delivery,
                    7 => VisitorKind.Domestic,
                    8 => VisitorKind.Contractor,
                    _ => VisitorKind.Taxi,
                };
                var stay = kind switch
                {
                    VisitorKind.Delivery => random.Next(4, 25),
                    VisitorKind.Taxi => random.Next(2, 12),
                    VisitorKind.Contractor => random.Next(30, 200),
                    VisitorKind.Domestic => random.Next(300, 520),
                    _ => random.Next(30, 300),
                };
                var entered = day.ToDateTime(new TimeOnly(random.Next(6, kind == VisitorKind.Domestic ? 10 : 21), random.Next(60)));
                var left = entered.AddMinutes(stay);
                if (left > plan.Now) continue;
                var name = kind switch
                {
                    VisitorKind.Taxi => "Taxi",
                    VisitorKind.Delivery => "Domicilio",
                    _ => Names.Full(random),
                };
                await log.AddAsync(
                    plan.Apartments[random.Next(plan.Apartments.Count)], name, kind, entered, left,
                    kind == VisitorKind.Guest ? random.Next(1, 5) : 1, null, null, ct);
            }
        }
    }

    private static async Task PackagesAsync(DemoPlan plan, CancellationToken ct)
    {
        var random = plan.Random;
        var rows = plan.Writer.Into(
            "packages", "apartment_id", "carrier", "description", "status", "received_at", "received_by", "collected_at",
            "collected_by_name", "created_at", "pickup_code", "proof", "signature", "handed_by");
        var yesterday = plan.Instant(plan.Today.AddDays(-1), 16, 20);
        await rows.AddAsync(
            ct, plan.Apartment("B 1204").Id, "Servientrega", "caja mediana", PackageState.Waiting, yesterday, plan.Guard.UserId, null, null,
            yesterday, "204816", null, null, null);
        for (var i = 0; i < 420; i++)
        {
            var apartment = plan.Apartments[random.Next(plan.Apartments.Count)];
            if (apartment.Owner is null) continue;
            var waiting = i < 9;
            var received = plan.Instant(
                plan.Today.AddDays(waiting ? -random.Next(1, 4) : -random.Next(4, 90)), random.Next(8, 20), random.Next(60));
            await rows.AddAsync(
                ct, apartment.Id, Carriers[random.Next(Carriers.Length)], Things[random.Next(Things.Length)],
                waiting ? PackageState.Waiting : PackageState.Collected, received, plan.Guard.UserId,
                waiting ? null : received.AddHours(random.Next(1, 48)), waiting ? null : apartment.Owner.Name, received,
                waiting ? $"{(i + 1) * 104_729 % 1_000_000:000000}" : null, waiting ? null : (PickupProof)(i % 3),
                !waiting && i % 3 == (int)PickupProof.Signature ? Scrawl(i) : null, waiting ? null : plan.Guard.UserId);
        }

        await rows.FlushAsync(ct);
    }

    /// <summary>A signature of somebody in a hurry.</summary>
    private static string Scrawl(int n) => "M40 120" + string.Concat(Enumerable.Range(1, 24).Select(step =>
        $"L{40 + (step * 20)} {100 + (int)(Math.Sin((step + n) * 1.3) * (70 - (step * 2)))}"));

    /// <summary>The spaces of a tower are a level; the third has no plan yet.</summary>
    private static async Task ParkingAsync(DemoPlan plan, CancellationToken ct)
    {
        const int Width = 18, Visitors = 24;
        var random = plan.Random;
        var towers = plan.Apartments.Select(a => a.TowerId).Distinct().Order().ToList();
        var levels = plan.Writer.Into("parking_levels", "id", "name", "position");
        for (var i = 0; i < towers.Count; i++) await levels.AddAsync(ct, i + 1, $"Sótano {i + 1}", i + 1);
        await levels.FlushAsync(ct);
        var rows = plan.Writer.Into(
            "parking", "space_number", "status_id", "vehicle_type_id", "user_id", "license_plate", "apartment_id", "use_kind", "level_id",
            "plan_row", "plan_column", "step_free", "leased", "intruder_plate", "intruder_at");
        var places = new int[towers.Count];
        for (var i = 0; i < plan.Apartments.Count; i++)
        {
            var apartment = plan.Apartments[i];
            var used = apartment.Owner is not null && random.Next(8) != 0;
            var motorcycle = random.Next(6) == 0;
            var level = towers.IndexOf(apartment.TowerId);
            var place = places[level]++;
            var invaded = used && place == 13 && level == 0;
            await rows.AddAsync(
                ct,
                $"{apartment.Tower}-{i + 1:000}",
                used ? ParkingState.Occupied : place % 29 == 3 ? ParkingState.Maintenance : ParkingState.Available,
                used
                    ? motorcycle
                        ? 2
                        : 1
                    : null,
                used ? apartment.Owner!.UserId : null,
                used ? Plate(random, motorcycle) : null,
                used || place % 3 != 0 ? apartment.Id : null,
                ParkingUse.Resident,
                level + 1,
                level == 2 ? null : (place / Width) + 1,
                level == 2 ? null : (place % Width) + 1,
                place is 0 or 18,
                used && place is 17 or 45,
                invaded ? "RDV 118" : null,
                invaded ? plan.Instant(plan.Now.AddHours(-2)) : null
            );
        }

        var first = ((places[0] + Width - 1) / Width) + 1;
        for (var i = 1; i <= Visitors; i++)
        {
            // Plates of before are drawn all the same: what comes after them in the demo stays what it was.
            if (i <= 5) Plate(random, false);
            await rows.AddAsync(
                ct,
                $"V-{i:00}",
                i == Visitors ? ParkingState.Maintenance : ParkingState.Available,
                null,
                null,
                null,
                null,
                ParkingUse.Visitor,
                1,
                first + ((i - 1) / Width),
                ((i - 1) % Width) + 1,
                i == 1,
                false,
                null,
                null
            );
        }

        await rows.FlushAsync(ct);
        // Where the cars of those who are inside stand, and whose the residents' cars are.
        var spaces = new[] { ("WLK 305", "V-02"), ("JVN 228", "V-01"), ("FTR 219", "V-07"), ("GKR 550", "V-05"), ("HSD 417", "V-08") };
        foreach (var (plate, space) in spaces)
        {
            await plan.Writer.ExecuteAsync(
                $"""
                UPDATE visitors SET parking_id = (SELECT p.id FROM parking AS p WHERE p.space_number = '{space}'), updated_at = updated_at
                WHERE state = 'inside' AND license_plate = '{plate}'
                """,
                ct);
        }

        await plan.Writer.ExecuteAsync(
            """
            INSERT INTO vehicles (apartment_id, license_plate, vehicle_type_id, brand, colour)
            SELECT p.apartment_id, p.license_plate, p.vehicle_type_id,
                ELT(1 + MOD(p.id, 6), 'Renault', 'Chevrolet', 'Mazda', 'Kia', 'Toyota', 'Nissan'),
                ELT(1 + MOD(p.id, 5), 'gris', 'blanco', 'negro', 'rojo', 'azul')
            FROM parking AS p
            INNER JOIN (
                SELECT MIN(o.id) AS id FROM parking AS o
                WHERE o.license_plate_key IS NOT NULL AND o.apartment_id IS NOT NULL GROUP BY o.license_plate_key
            ) AS one ON one.id = p.id
            ORDER BY p.id
            """,
            ct);
    }

    private static async Task NotesAsync(DemoPlan plan, CancellationToken ct)
    {
        var notes = plan.Writer.Into("gate_notes", "id", "text", "written_by", "created_at");
        await notes.AddAsync(
            ct, plan.Writer.NextId("gate_notes"), "El citófono de la torre B piso 9 no timbra; llamar al celular. El técnico viene mañana a las 8.", plan.Guard.UserId,
            plan.Instant(plan.Now.AddHours(-9)));
        await notes.FlushAsync(ct);
        // Read by some: whoever comes on duty next and has not reads it first. The one whom the README signs in wrote it.
        var must = plan.Writer.Into("gate_notes", "id", "text", "written_by", "created_at", "must_read", "valid_until", "read_by", "read_at");
        var readers = plan.Writer.Into("gate_note_readers", "note_id", "reader_id", "read_at");
        var door = plan.Writer.NextId("gate_notes");
        var written = plan.Instant(plan.Now.AddHours(-20));
        await must.AddAsync(
            ct, door, "La puerta vehicular 2 no cierra sola: ciérrala a mano hasta que venga el técnico.", plan.Guard.UserId, written, true,
            plan.Now.AddDays(4), plan.Guards[1].UserId, written.AddHours(3));
        foreach (var (guard, hours) in new[] { (plan.Guards[1], 3), (plan.Guards[2], 11) })
            await readers.AddAsync(ct, door, guard.UserId, written.AddHours(hours));
        await must.FlushAsync(ct);
        await readers.FlushAsync(ct);
    }

    /// <summary>
    /// Terminals that wait for their devices, with codes that whoever tries the demo can read: <c>NOGAL-01</c> to <c>NOGAL-09</c>, once
    /// each;
    /// and for all guards the PIN <see cref="DemoSeed.Pin"/>.
    /// </summary>
    private static async Task TerminalsAsync(DemoPlan plan, CancellationToken ct)
    {
        var terminals = plan.Writer.Into("gate_terminals", "id", "name", "code_hash", "code_expires_at", "created_at");
        for (var i = 1; i <= 9; i++)
        {
            await terminals.AddAsync(
                ct, plan.Writer.NextId("gate_terminals"), i switch { 1 => "Portería principal", 2 => "Portería vehicular", _ => $"Terminal {i}" },
                    OneTimeCodes.HashOf($"NOGAL-0{i}"),
                plan.Instant(plan.Now.AddYears(1)), plan.Instant(plan.Now.AddHours(-20)));
        }

        var pins = plan.Writer.Into("gate_pins", "user_id", "pin_hash");
        var hash = Bcrypt.Hash(DemoSeed.Pin, Bcrypt.CostOf(plan.PasswordHash) ?? Bcrypt.LowestCost);
        foreach (var guard in plan.Guards.OrderBy(g => g.UserId)) await pins.AddAsync(ct, guard.UserId, hash);
        await terminals.FlushAsync(ct);
        await pins.FlushAsync(ct);
    }

    private static string Plate(Random random, bool motorcycle) =>
        $"{Letter(random)}{Letter(random)}{Letter(random)} {random.Next(10, 99)}"
        + (motorcycle ? $"{Letter(random)}" : $"{random.Next(10)}");

    private static char Letter(Random random) => (char)('A' + random.Next(26));

    internal sealed class Log(DemoPlan plan)
    {
        // Asked for first: visits point at them.
        public SeedWriter.Table Passes { get; } =
            plan.Writer.Into(
                "passes", "id", "kind", "host_id", "apartment_id", "title", "visitor_kind", "company", "license_plate", "people", "starts_at",
                "ends_at", "weekdays", "from_time", "until_time", "holidays", "capacity", "leave_at_gate", "code", "token", "created_at");

        public SeedWriter.Table Guests { get; } =
            plan.Writer.Into("pass_guests", "pass_id", "name", "license_plate", "code", "token", "created_at");

        public SeedWriter.Table Rows { get; } =
            plan.Writer.Into(
                "visitors", "name", "identification", "host_id", "visit_date", "enter_time", "exit_time", "exit_date", "purpose", "kind",
                "state", "apartment_id", "people", "license_plate", "company", "expected_from", "expected_until", "pass_code", "entered_by",
                "exited_by", "created_at", "pass_id");

        public async Task AddAsync(
            DemoApartment apartment, string name, VisitorKind kind, DateTime entered, DateTime? left, int people, string? plate,
            string? company, CancellationToken ct, long? pass = null, string? identification = null)
        {
            if (apartment.Owner is not { } host) return;
            var document = identification
                ?? (kind is VisitorKind.Taxi or VisitorKind.Delivery ? "" : $"{plan.Random.Next(20_000_000, 99_999_999)}");
            await Rows.AddAsync(
                ct, name, document, host.OwnerId, DateOnly.FromDateTime(entered), TimeOnly.FromDateTime(entered),
                left is null ? null : TimeOnly.FromDateTime(left.Value), left is null ? null : DateOnly.FromDateTime(left.Value), null,
                kind, left is null ? VisitorState.Inside : VisitorState.Left, apartment.Id, people, plate, company, null, null, null,
                plan.Guard.UserId, left is null ? null : plan.Guard.UserId, plan.Instant(entered), pass);
        }

        public async Task AnnounceAsync(
            DemoApartment apartment, string name, VisitorKind kind, DateTime from, DateTime until, int people, string? plate, string code,
            CancellationToken ct)
        {
            if (apartment.Owner is not { } host) return;
            var pass = plan.Writer.NextId("passes");
            var made = plan.Instant(plan.Now.AddHours(-20));
            await Passes.AddAsync(
                ct, pass, PassKind.Single, host.OwnerId, apartment.Id, name, kind, null, plate, people, from, until, null, null, null, true,
                null, false, code, DemoPasses.Token(pass), made);
            await Rows.AddAsync(
                ct, name, "", host.OwnerId, DateOnly.FromDateTime(from), null, null, null, null, kind, VisitorState.Announced, apartment.Id,
                people, plate, null, from, until, code, null, null, made, pass);
        }

        public async Task FlushAsync(CancellationToken ct)
        {
            foreach (var table in new[] { Passes, Guests, Rows }) await table.FlushAsync(ct);
        }
    }
}
