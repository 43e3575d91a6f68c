using System.Globalization;
using Portal.Data.Surveys;

namespace Portal.Data.Demo;

/// <summary>
/// Five surveys: one that takes answers, an anonymous one that does, one closed and weighed by coefficient, one closed and anonymous, and a
/// draft. B 1204 has answered neither of the open ones.
/// </summary>
internal static class DemoSurveys
{
    private const int Gym = 1, Guards = 2, First = 3, Music = 4, Pets = 5;

    private static readonly string[] Comments =
    [
        "Las dos caminadoras llevan meses dañadas. Arreglen eso antes de comprar nada nuevo.",
        "Falta sombra: a las 11 los juegos queman. Una lona bastaría.",
        "Se oye todo en los primeros pisos. Primero aislar el ruido.",
        "Que abra a las 5:00. A las 6:00 ya salí para el trabajo.",
        "Cargadores para carros eléctricos en el sótano 2.",
        "La cancha necesita luces que no encandilen a la torre C.",
        "Más canecas para separar, sobre todo los domingos.",
    ];

    private sealed class Sheets(DemoPlan plan)
    {
        // A stream of its own: what surveys ask does not change the rest of the demo.
        public Random Random { get; } = new(2578);

        public SeedWriter.Table Participants { get; } = plan.Writer.Into(
            "survey_participants", "id", "survey_id", "respondent", "apartment_id", "user_id", "answered", "answered_at");

        private readonly SeedWriter.Table _answers = plan.Writer.Into(
            "survey_answers", "id", "survey_id", "question_id", "participant_id", "choices", "text");

        public Task AnswerAsync(int survey, int question, long? participant, string? choices, string? text, CancellationToken ct)
        {
            var key = new byte[16];
            Random.NextBytes(key);
            return _answers.AddAsync(ct, Convert.ToHexStringLower(key), survey, question, participant, choices, text).AsTask();
        }

        /// <summary>One of them, the first twice as often as the second, and so on.</summary>
        public int Pick(int among)
        {
            for (var n = 1; n < among; n++)
            {
                if (Random.Next(100) < 40) return n;
            }

            return among;
        }

        public Task FlushAsync(CancellationToken ct) => _answers.FlushAsync(ct);
    }

    public static async Task WriteAsync(DemoPlan plan, CancellationToken ct)
    {
        await AskAsync(plan, ct);
        var sheets = new Sheets(plan);
        foreach (var apartment in plan.Apartments) await ApartmentAsync(plan, sheets, apartment, ct);
        var people = plan.Apartments.Where(a => a.Owner is not null).GroupBy(a => a.Owner!.UserId).OrderBy(g => g.Key);
        foreach (var person in people) await PersonAsync(plan, sheets, person.Key, person.First(), ct);
        await sheets.Participants.FlushAsync(ct);
        await sheets.FlushAsync(ct);
        await plan.Writer.ExecuteAsync(
            """
            UPDATE survey_participants AS p
            INNER JOIN surveys AS s ON s.id = p.survey_id AND s.per_apartment
            INNER JOIN apartments AS a ON a.id = p.apartment_id
            SET p.coefficient = COALESCE(a.coefficient, 0), p.weight = IF(s.weighted AND p.answered, COALESCE(a.coefficient, 0), NULL)
            """,
            ct);
    }

    private static async Task AskAsync(DemoPlan plan, CancellationToken ct)
    {
        var surveys = plan.Writer.Into(
            "surveys", "id", "title", "description", "active", "anonymous", "per_apartment", "weighted", "opens_at", "opened_at", "closes_at");
        DateTime At(int days, int hour) => plan.Today.AddDays(days).ToDateTime(new TimeOnly(hour, 0));
        DateTime Opened(int days) => plan.Instant(plan.Today.AddDays(days), 8, 0);
        await surveys.AddAsync(
            ct, Gym, "Horario del gimnasio", "¿A qué hora debería abrir y cerrar?", true, false, true, false, null, Opened(-9), At(12, 18));
        await surveys.AddAsync(
            ct, Guards, "Satisfacción con la vigilancia", "Encuesta anual sobre la empresa de vigilancia", false, true, false, false, null,
            Opened(-80), At(-60, 18));
        await surveys.AddAsync(
            ct, First, $"¿Qué mejoramos primero en {plan.Today.Year + 1}?", "Para preparar el presupuesto. No reemplaza a la asamblea.", false,
            false, true, true, null, Opened(-18), At(-2, 18));
        await surveys.AddAsync(
            ct, Music, "Música en el salón social", "Hoy el reglamento dice 23:00.", true, true, true, false, null, Opened(-3), At(7, 18));
        await surveys.AddAsync(
            ct, Pets, "Mascotas en los ascensores", null, false, false, true, false, At(5, 7), null, At(19, 18));
        await surveys.FlushAsync(ct);

        var questions = plan.Writer.Into("questions", "id", "survey_id", "question", "type", "several", "options", "required", "order_index");
        var (choice, yesNo, rating, text) = (QuestionType.MultipleChoice, QuestionType.YesNo, QuestionType.Rating, QuestionType.Text);
        foreach (
            var (id, survey, words, type, several, options, required) in new (int, int, string, QuestionType, bool, string?, bool)[]
            {
                (1, Gym, "¿A qué hora debería abrir?", choice, false, """["5:00","6:00","7:00"]""", true),
                (2, Gym, "¿Debe haber entrenador los sábados?", yesNo, false, null, true),
                (3, Gym, "¿Algo más?", text, false, null, false),
                (4, Guards, "¿Cómo calificas la atención en portería?", rating, false, null, true),
                (5, Guards, "¿Te sientes seguro en el conjunto?", yesNo, false, null, true),
                (6, First, "¿Qué zona mejoramos primero?", choice, false,
                    """["Gimnasio","Salón social","Parque infantil","Cancha múltiple","Otra"]""", true),
                (7, First, "¿Cuándo la usaría?", choice, true,
                    """["Lunes a viernes, 5 a 8","Lunes a viernes, 18 a 22","Sábado","Domingo y festivos"]""", true),
                (8, First, "¿Cómo está hoy?", rating, false, null, true),
                (9, First, "¿Algo más?", text, false, null, false),
                (10, Music, "¿Cuántas veces al año usas el salón?", choice, false, """["Ninguna","Una o dos","Tres o más"]""", true),
                (11, Music, "¿Hasta qué hora permitirías música los fines de semana?", choice, false,
                    """["Hasta las 22:00","Hasta las 23:00, como hoy","Hasta la 1:00, con depósito doble","No permitiría música"]""", true),
                (12, Music, "¿Te ha molestado el ruido este año?", yesNo, false, null, true),
                (13, Music, "¿Algo más?", text, false, null, false),
                (14, Pets, "¿Deben las mascotas usar un solo ascensor?", yesNo, false, null, true),
                (15, Pets, "¿Cuál?", choice, false, """["El 1","El 2","El de carga"]""", false),
            }
        )
        {
            await questions.AddAsync(ct, id, survey, words, type, several, options, required, id);
        }

        await questions.FlushAsync(ct);
    }

    private static async Task ApartmentAsync(DemoPlan plan, Sheets sheets, DemoApartment apartment, CancellationToken ct)
    {
        var (random, user) = (sheets.Random, apartment.Owner?.UserId);
        var story = plan.Apartment("B 1204").Id == apartment.Id;
        async Task<long> AskedAsync(int survey, bool answered, int first, int last)
        {
            var id = plan.Writer.NextId("survey_participants");
            var at = plan.Instant(plan.Today.AddDays(-random.Next(last, first + 1)), random.Next(9, 17), 0);
            var named = survey != Music && answered;
            await sheets.Participants.AddAsync(
                ct, id, survey, $"apartment:{apartment.Id}", apartment.Id, named ? user : null, answered, named ? at : null);
            return id;
        }

        var gym = user is not null && !story && random.Next(3) == 0;
        var one = await AskedAsync(Gym, gym, 8, 1);
        if (gym)
        {
            await sheets.AnswerAsync(Gym, 1, one, Number(sheets.Pick(3)), null, ct);
            await sheets.AnswerAsync(Gym, 2, one, random.Next(4) == 0 ? "2" : "1", null, ct);
        }

        var first = user is not null && (story || random.Next(100) < 66);
        var two = await AskedAsync(First, first, 17, 3);
        if (first)
        {
            await sheets.AnswerAsync(First, 6, two, Number(sheets.Pick(5)), null, ct);
            var times = Enumerable.Range(1, 4).Where(_ => random.Next(100) < 47).DefaultIfEmpty(2).Select(Number);
            await sheets.AnswerAsync(First, 7, two, string.Join(',', times), null, ct);
            await sheets.AnswerAsync(First, 8, two, Number(Math.Min(5, 6 - sheets.Pick(5))), null, ct);
            if (random.Next(4) == 0) await sheets.AnswerAsync(First, 9, two, null, Comments[random.Next(Comments.Length)], ct);
        }

        var music = user is not null && !story && random.Next(4) == 0;
        await AskedAsync(Music, music, 2, 1);
        if (music)
        {
            await sheets.AnswerAsync(Music, 10, null, Number(sheets.Pick(3)), null, ct);
            await sheets.AnswerAsync(Music, 11, null, Number(1 + (sheets.Pick(4) + 1) % 4), null, ct);
            await sheets.AnswerAsync(Music, 12, null, random.Next(3) == 0 ? "1" : "2", null, ct);
        }
    }

    private static async Task PersonAsync(DemoPlan plan, Sheets sheets, long user, DemoApartment apartment, CancellationToken ct)
    {
        var answered = sheets.Random.Next(100) < 45;
        await sheets.Participants.AddAsync(
            ct, plan.Writer.NextId("survey_participants"), Guards, $"user:{user}", apartment.Id, user, answered, null);
        if (!answered) return;
        await sheets.AnswerAsync(Guards, 4, null, Number(Math.Min(5, 6 - sheets.Pick(4))), null, ct);
        await sheets.AnswerAsync(Guards, 5, null, sheets.Random.Next(6) == 0 ? "2" : "1", null, ct);
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
