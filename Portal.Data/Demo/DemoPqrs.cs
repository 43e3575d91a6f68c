using System.Globalization;
using Portal.Data.Operations;
using Portal.Data.Pqrs;

namespace Portal.Data.Demo;

/// <summary>The cases of almost a year: most answered, fourteen open, two late; one told in full.</summary>
internal static class DemoPqrs
{
    /// <summary>How many cases there have been in the last three hundred days.</summary>
    private const int Cases = 128;

    /// <summary>The cases that other parts of the story speak of.</summary>
    private const int Late = 109;

    /// <summary>The case of the story that the mock-ups tell.</summary>
    internal const int Leak = 123;

    private static readonly CultureInfo Spanish = CultureInfo.GetCultureInfo("es-CO");

    private static readonly (string Title, string Text, int Category)[] Everyday =
    [
        ("Ruido en la madrugada", "Hay música a alto volumen después de la medianoche.", 2),
        ("Bombillo fundido en el pasillo", "El bombillo frente al ascensor está fundido.", 1),
        ("Copia del reglamento", "Solicito copia del reglamento de propiedad horizontal.", 4),
        ("Poner bicicletero en el sótano", "Propongo instalar un bicicletero junto al depósito.", 3),
        ("Puerta del parqueadero lenta", "La puerta tarda en abrir y se forman filas.", 1),
        ("Mascota sin correa", "Un perro anda sin correa en el jardín.", 2),
        ("Certificado de paz y salvo", "Necesito el paz y salvo para una notaría.", 4),
        ("Humedad en el clóset", "Apareció una mancha en la pared que da a la fachada.", 5),
        ("Cambio de placa autorizada", "Cambié de carro y necesito actualizar la placa.", 4),
        ("Ascensor 1 se detiene", "El ascensor se detiene entre pisos.", 6),
        ("Cámara del lobby sin imagen", "La cámara del lobby no se ve en portería.", 1),
        ("Reciclaje mezclado", "El cuarto de basuras mezcla los residuos.", 2),
        ("Horario del gimnasio los domingos", "¿Puede abrir desde las 7 los domingos?", 3),
        ("Gotera en el parqueadero", "Cae agua sobre el puesto de parqueo.", 5),
        ("Cobro de más en la administración", "La cuota llegó con un valor distinto al aprobado.", 7),
        ("Demora en la entrega de paquetes", "El paquete estuvo dos días sin aviso.", 2),
    ];

    public static async Task WriteAsync(DemoPlan plan, CancellationToken ct)
    {
        var categories = plan.Writer.Into("pqrs_categories", "id", "name");
        foreach (var (id, name) in new[] { (5, "Humedades"), (6, "Ascensores"), (7, "Cobros"), (8, "Convivencia") })
            await categories.AddAsync(ct, id, name);
        await categories.FlushAsync(ct);

        var file = new File(plan);
        await AnsweredAsync(plan, file, ct);
        await OpenAsync(plan, file, ct);
        await file.FlushAsync(ct);
        // What the portal itself writes with each entry: the last day then, and how it was rated.
        await plan.Writer.ExecuteAsync(
            """
            UPDATE pqrs_tracking AS t INNER JOIN pqrs AS c ON c.id = t.pqrs_id
            SET t.due_on = c.due_on, t.rating = CASE WHEN t.status_id = 4 THEN c.rating END
            """,
            ct);
        await DeskAsync(plan, ct);
        plan.Progress.Report($"{file.Count} PQRS");
    }

    /// <summary>How the office works on them: answers kept ready, and a list that both keep an eye on.</summary>
    private static async Task DeskAsync(DemoPlan plan, CancellationToken ct)
    {
        var answers = plan.Writer.Into("pqrs_canned_answers", "title", "text", "category_id");
        foreach (var (title, text, category) in new (string, string, int?)[]
        {
            ("Acuse de recibo", "Buenos días, {nombre}. Recibimos tu solicitud {numero}. La respondemos a más tardar el {vence}.", null),
            ("Horario de obras", "Las obras se hacen de lunes a viernes de 8:00 a 17:00 y los sábados de 8:00 a 13:00. Ya avisamos al apartamento.", 2),
            ("Paz y salvo", "{nombre}, el paz y salvo del {apartamento} se descarga en Pagos, Certificados. Si no te deja, dinos cuál fue el motivo.", 4),
            ("Visita del plomero", "El plomero visita el {apartamento} el … entre las … y las …. ¿Habrá alguien en casa?", 5),
        })
        {
            await answers.AddAsync(ct, title, text, category);
        }

        await answers.FlushAsync(ct);
        var kept = plan.Writer.Into("pqrs_filters", "user_id", "name", "address", "shared");
        await kept.AddAndFlushAsync(ct, plan.Admin.UserId, "Humedades", "category=5&state=active", true);
    }

    private static async Task AnsweredAsync(DemoPlan plan, File file, CancellationToken ct)
    {
        var random = plan.Random;
        var firstOpen = Cases - 19;
        var start = plan.Today.AddDays(-300);
        for (var number = 1; number <= Cases; number++)
        {
            if (number >= firstOpen && Told(number)) continue;
            var (title, text, category) = Everyday[random.Next(Everyday.Length)];
            var filed = start.AddDays(275 * number / Cases).ToDateTime(new TimeOnly(random.Next(7, 22), random.Next(60)));
            var apartment = Anybody(plan);
            var kind = category switch
            {
                2 => PqrsKind.Complaint,
                3 => PqrsKind.Suggestion,
                4 => PqrsKind.Information,
                7 => PqrsKind.Claim,
                _ => PqrsKind.Petition,
            };
            var answered = AtDesk(filed.AddDays(random.Next(1, random.Next(12) == 0 ? 26 : 12)).AddMinutes(random.Next(-200, 200)));
            var takenUp = AtDesk(filed.AddHours(random.Next(2, 20)));
            if (answered <= takenUp) answered = takenUp.AddMinutes(25);
            var id = await file.OpenAsync(
                number, title, text, category, kind, apartment, filed, PqrsState.Closed, (PqrsPriority)random.Next(3), null, answered,
                random.Next(3) == 0 ? null : random.Next(3, 6), ct);
            await file.SayAsync(
                id, PqrsState.InProgress, plan.Staff.UserId, takenUp, PqrsEntryKind.Status, "Lo estamos revisando.", false, ct);
            await file.SayAsync(
                id, PqrsState.Resolved, plan.Admin.UserId, answered, PqrsEntryKind.Reply, "Quedó atendido. Gracias por avisarnos.", false,
                ct);
            await file.SayAsync(id, PqrsState.Closed, plan.Admin.UserId, ClosedAt(answered), PqrsEntryKind.Status, null, false, ct);
        }
    }

    private static bool Told(int number) =>
        number is 128 or 127 or 126 or 125 or 124 or 123 or 122 or 121 or 120 or 118 or 117 or 116 or 114 or 109;

    private static DemoApartment Anybody(DemoPlan plan)
    {
        while (true)
        {
            var apartment = plan.Apartments[plan.Random.Next(plan.Apartments.Count)];
            if (apartment.Owner is not null) return apartment;
        }
    }

    private static async Task OpenAsync(DemoPlan plan, File file, CancellationToken ct)
    {
        foreach (
            var (number, title, text, category, kind, apartment, left, state, priority) in new[]
            {
                (
                    Late, "Ascensor 2 de la torre A fuera de servicio",
                    "El ascensor 2 lleva tres días detenido y hay personas mayores en los pisos altos.", 6, PqrsKind.Petition, "A 502", -1,
                    PqrsState.InProgress, PqrsPriority.Urgent),
                (
                    114, "Fuga en el cuarto de bombas", "Se oye correr agua de noche en el cuarto de bombas.", 1, PqrsKind.Petition,
                    "B 101", -2, PqrsState.InProgress, PqrsPriority.High),
                (
                    116, "Puerta del shut dañada en el piso 7", "La puerta del shut no cierra y sale mal olor.", 1, PqrsKind.Petition,
                    "C 701", 4, PqrsState.InProgress, PqrsPriority.Medium),
                (
                    117, "Multa que no corresponde", "Me llegó una multa por un parqueo que no es mío.", 7, PqrsKind.Claim, "A 604", 5,
                    PqrsState.InProgress, PqrsPriority.Medium),
                (
                    118, "Luces del jardín encendidas de día", "Las luces del jardín quedan encendidas todo el día.", 3,
                    PqrsKind.Suggestion, "B 1003", 6, PqrsState.Open, PqrsPriority.Low),
                (
                    120, "Obra en horario no permitido", "En el 805 trabajan con taladro los domingos.", 2, PqrsKind.Complaint, "C 704", 8,
                    PqrsState.InProgress, PqrsPriority.Medium),
                (
                    121, "Goteras en el depósito 34", "El depósito 34 se moja cuando llueve.", 5, PqrsKind.Petition, "A 903", 9,
                    PqrsState.InProgress, PqrsPriority.High),
                (
                    122, "Citófono sin sonido", "El citófono del apartamento no timbra.", 1, PqrsKind.Petition, "B 902", 10,
                    PqrsState.InProgress, PqrsPriority.Medium),
                (
                    124, "Reubicar la caneca de la entrada", "La caneca estorba el paso de coches de bebé.", 3, PqrsKind.Suggestion,
                    "C 401", 11, PqrsState.Open, PqrsPriority.Low),
                (
                    125, "Daño en la talanquera", "La talanquera golpeó mi carro al salir.", 7, PqrsKind.Claim, "A 1101", 12,
                    PqrsState.InProgress, PqrsPriority.High),
                (
                    126, "Cobro duplicado del parqueadero de visitantes",
                    $"Pagué dos veces el parqueadero del {In(plan.Today.AddDays(-16), "d 'de' MMMM")}.", 7, PqrsKind.Claim, "B 305", 11,
                    PqrsState.WaitingForPetitioner, PqrsPriority.Medium),
                (
                    127, "Copia del acta de la asamblea de marzo", "Solicito copia del acta de la asamblea de marzo con sus anexos.", 4,
                    PqrsKind.Information, "A 604", 9, PqrsState.Open, PqrsPriority.Medium),
                (
                    128, "Ruido después de las 23:00 en el salón social", "El sábado hubo música hasta la 1:30.", 8, PqrsKind.Complaint,
                    "C 1002", 15, PqrsState.Open, PqrsPriority.Medium),
            }
        )
        {
            var filed = Filed(plan.Today, left, Given(kind), []).ToDateTime(new TimeOnly(7 + number % 11, number % 60));
            if (filed > plan.Now)
            {
                // Early in the morning "35 minutes ago" was yesterday, a day of the deadline more.
                filed = plan.Now.AddMinutes(-35) is var ago && ago.Date == plan.Now.Date ? ago : plan.Now.Date;
            }

            DateOnly? paused = state == PqrsState.WaitingForPetitioner ? DeskDay(plan.Today, 2) : null;
            var id = await file.OpenAsync(
                number, title, text, category, kind, plan.Apartment(apartment), filed, state, priority, paused, null, null, ct);
            if (state == PqrsState.Open) continue;
            await file.SayAsync(
                id, PqrsState.InProgress, plan.Staff.UserId, AtDesk(filed.AddHours(5)), PqrsEntryKind.Status,
                "Ya pedimos la visita del técnico.", false, ct);
            if (paused is { } day)
                await file.SayAsync(
                    id, state, plan.Staff.UserId, day.ToDateTime(new TimeOnly(10, 15)), PqrsEntryKind.Reply,
                    "¿Nos envías los dos comprobantes de pago, por favor?", false, ct);
        }

        await LeakAsync(plan, file, ct);
    }

    /// <summary>The days in which the leak waited for what its petitioner was asked.</summary>
    private static HeldDays Held(DateOnly today) => (DeskDay(today, 7), DeskDay(today, 7).AddDays(2));

    private static int Given(PqrsKind kind) => kind switch { PqrsKind.Information => 10, PqrsKind.Consultation => 30, _ => 15 };

    /// <summary>
    /// The day of filing of a case that has so many business days left, or is so many late: the story keeps its distances on every day of
    /// the week.
    /// </summary>
    private static DateOnly Filed(DateOnly today, int left, int given, IReadOnlyList<HeldDays> held)
    {
        if (left > 0) return left >= given ? today : BusinessDays.Start(BusinessDays.Deadline(today, left, []), given, held);
        return BusinessDays.Start(DeskDay(today, -left), given, held);
    }

    /// <summary>So many business days before today: nobody answers on a Sunday or on Holy Thursday.</summary>
    private static DateOnly DeskDay(DateOnly today, int before)
    {
        var day = today;
        for (; before > 0; before--)
        {
            do day = day.AddDays(-1);
            while (!BusinessDays.IsBusinessDay(day));
        }

        return day;
    }

    /// <summary>When the office does what would come to it at this moment: then, or the next morning on which it is open.</summary>
    private static DateTime AtDesk(DateTime at)
    {
        var day = DateOnly.FromDateTime(at);
        if (at.Hour >= 17) day = day.AddDays(1);
        while (!BusinessDays.IsBusinessDay(day)) day = day.AddDays(1);
        return day == DateOnly.FromDateTime(at) && at.Hour >= 8 ? at : day.ToDateTime(new TimeOnly(8, at.Minute));
    }

    /// <summary>What nobody objects to for three days is closed.</summary>
    private static DateTime ClosedAt(DateTime answered) => AtDesk(answered.AddDays(3));

    private static string In(DateOnly day, string format) => day.ToString(format, Spanish);

    /// <summary>The case of the mock-ups: a leak under 1304.</summary>
    private static async Task LeakAsync(DemoPlan plan, File file, CancellationToken ct)
    {
        var andrea = plan.Apartment("B 1204");
        var owner = andrea.Owner!;
        var held = Held(plan.Today);
        var (asked, replied) = (held.From, held.Until!.Value);
        var day = Filed(plan.Today, 2, 15, [held]);
        var visit = DeskDay(plan.Today, 1);
        static DateTime At(DateOnly day, int hour, int minute) => day.ToDateTime(new TimeOnly(hour, minute));
        var id = await file.OpenAsync(
            Leak, "Filtración de agua en el techo del baño",
            "Hay una mancha de humedad en el techo del baño principal y empezó a gotear. Creo que viene del apartamento de arriba.", 5,
            PqrsKind.Petition, andrea, day.ToDateTime(new TimeOnly(19, 42)), PqrsState.InProgress, PqrsPriority.High, null, null, null, ct);
        await file.PauseAsync(id, asked, replied, ct);
        await file.SayAsync(
            id, PqrsState.Open, plan.Admin.UserId, AtDesk(At(day, 19, 20)), PqrsEntryKind.Assigned, plan.Admin.Name, false, ct);
        await file.SayAsync(
            id, PqrsState.InProgress, plan.Admin.UserId, AtDesk(At(day, 19, 31)), PqrsEntryKind.Status,
            "La revisamos con el plomero esta semana.", false, ct);
        await file.SayAsync(
            id, PqrsState.InProgress, plan.Admin.UserId, At(DeskDay(plan.Today, 9), 11, 5), PqrsEntryKind.Note,
            $"Plomería Sabana tiene cupo desde el {In(DeskDay(plan.Today, 2), "d 'de' MMMM")}.", true, ct);
        await file.SayAsync(
            id, PqrsState.WaitingForPetitioner, plan.Admin.UserId, At(asked, 9, 12), PqrsEntryKind.Reply,
            "Andrea, ¿nos puedes enviar fotos de la mancha y decirnos si gotea todo el día o solo cuando usan la ducha?", false, ct);
        await file.SayAsync(
            id,
            PqrsState.InProgress,
            owner.UserId,
            At(replied, 18, 7),
            PqrsEntryKind.Message,
            "Adjunto las fotos que me pidieron. La mancha creció desde el lunes y ya gotea sobre el lavamanos cuando usan la ducha de arriba.",
            false,
            ct
        );
        await file.SayAsync(
            id,
            PqrsState.InProgress,
            plan.Admin.UserId,
            At(DeskDay(plan.Today, 2), 9, 15),
            PqrsEntryKind.Note,
            "El 1304 aceptó visita a las 8:00. Si es la acometida, la paga el conjunto; si es el desagüe de la ducha, responde el 1304.",
            true,
            ct
        );
        await file.SayAsync(
            id,
            PqrsState.InProgress,
            plan.Admin.UserId,
            At(DeskDay(plan.Today, 2), 9, 31),
            PqrsEntryKind.Reply,
            $"Buenos días, Andrea. El plomero visita el apartamento 1304 el {In(visit, "dddd d 'de' MMMM")} a las 8:00. "
                + "Ese mismo día te contamos qué encontró y cuándo se repara tu techo.",
            false,
            ct
        );
        await file.SayAsync(
            id, PqrsState.InProgress, plan.Staff.UserId, At(visit, 8, 40), PqrsEntryKind.Note,
            "Plomería Sabana visitó el 1304: desagüe de la ducha.", true, ct);
    }

    private sealed class File(DemoPlan plan)
    {
        private readonly List<(DateOnly Filed, DateOnly? Resolved)> _lives = [];
        private readonly SeedWriter.Table _cases = plan.Writer.Into(
            "pqrs", "id", "title", "description", "category_id", "owner_id", "status_id", "priority", "number", "kind", "channel",
            "apartment_id", "assigned_to", "days_given", "due_on", "resolved_at", "closed_at", "rating", "verification_code", "created_at",
            "updated_at");
        private readonly SeedWriter.Table _entries = plan.Writer.Into(
            "pqrs_tracking", "pqrs_id", "status_id", "user_id", "comments", "kind", "internal", "created_at");
        private readonly SeedWriter.Table _pauses = plan.Writer.Into("pqrs_pauses", "pqrs_id", "started_on", "ended_on");

        private readonly SortedDictionary<long, (int Year, Func<string, object?[]> Row)> _waiting = [];
        private readonly Dictionary<int, int> _numbers = [];

        public int Count => _cases.Count;

        public async Task<long> OpenAsync(
            int number, string title, string text, int category, PqrsKind kind, DemoApartment apartment, DateTime filed, PqrsState state,
            PqrsPriority priority, DateOnly? pausedSince, DateTime? resolved, int? rating, CancellationToken ct)
        {
            // The story speaks of them by number; an id in the same order keeps "the latest" true.
            long id = number;
            var owner = apartment.Owner!;
            var given = Given(kind);
            var day = DateOnly.FromDateTime(filed);
            // The leak was held for two days, which count on its deadline.
            var due = BusinessDays.Deadline(day, given, number == Leak ? [Held(plan.Today)] : []);
            _waiting.Add(id, (day.Year, registered =>
            [
                id,
                title,
                text,
                category,
                owner.OwnerId,
                state,
                priority,
                registered,
                kind,
                number % 9 == 0 ? PqrsChannel.Desk : PqrsChannel.Web,
                apartment.Id,
                state == PqrsState.Open ? null
                    : number % 2 == 0 ? plan.Staff.UserId
                    : plan.Admin.UserId,
                given,
                due,
                resolved is null ? null : plan.Instant(resolved.Value),
                resolved is null ? null : plan.Instant(ClosedAt(resolved.Value)),
                rating,
                $"P{number:000}-{(char)('A' + number % 26)}{(char)('A' + number % 7)}{day.Year % 100}",
                plan.Instant(filed),
                plan.Instant(resolved ?? filed),
            ]));
            _lives.Add((day, resolved is null ? null : DateOnly.FromDateTime(resolved.Value)));
            await SayAsync(id, PqrsState.Open, owner.UserId, filed, PqrsEntryKind.Filed, null, false, ct);
            if (pausedSince is { } since) await PauseAsync(id, since, null, ct);
            return id;
        }

        public ValueTask SayAsync(
            long id,
            PqrsState state,
            long user,
            DateTime at,
            PqrsEntryKind kind,
            string? text,
            bool inside,
            CancellationToken ct
        ) => _entries.AddAsync(ct, id, state, user, text, kind, inside, plan.Instant(at > plan.Now ? plan.Now : at));

        public ValueTask PauseAsync(long id, DateOnly from, DateOnly? until, CancellationToken ct) => _pauses.AddAsync(ct, id, from, until);

        public async Task FlushAsync(CancellationToken ct)
        {
            // A case has its number from the year in which it was filed, in the order of filing.
            foreach (var (id, (year, row)) in _waiting)
            {
                _numbers[year] = _numbers.GetValueOrDefault(year) + 1;
                var number = $"PQRS-{year}-{_numbers[year]:000000}";
                if (id == Late) plan.OverdueCase = number;
                await _cases.AddAsync(ct, row(number));
            }

            await _cases.FlushAsync(ct);
            await _entries.FlushAsync(ct);
            await _pauses.FlushAsync(ct);
            var figures = plan.Writer.Into("daily_figures", "day", "name", "value");
            for (var day = plan.Today.AddDays(-180); day < plan.Today; day = day.AddDays(1))
            {
                await figures.AddAsync(
                    ct, day, DailyFigure.OpenPqrs, _lives.Count(l => l.Filed <= day && (l.Resolved is null || l.Resolved > day)));
            }

            await figures.FlushAsync(ct);
            var sequences = plan.Writer.Into("sequences", "name", "year", "last_number");
            foreach (var (year, last) in _numbers) await sequences.AddAsync(ct, "PQRS", year, last);
            await sequences.FlushAsync(ct);
        }
    }
}
