using System.Globalization;
using Portal.Data.Privacy;

namespace Portal.Data.Demo;

/// <summary>
/// Four requests about personal data: an inquiry that was answered, a letter that is late, a claim that waits for its person, and one in
/// progress.
/// </summary>
internal static class DemoPrivacy
{
    private sealed record Story(
        DemoPerson? Who, string? Name, string? Contact, DataRequestKind Kind, DataRequestChannel Channel, int DaysAgo, string Text,
        string? Asked = null, string? Answer = null);

    private static readonly string[] Policy =
    [
        "1. Responsable. Conjunto Residencial Mirador del Nogal, por medio de su administración.",
        "2. Qué datos. Nombre, documento y contacto de quienes son dueños o viven aquí; los de sus visitas, vehículos y mascotas; lo que "
            + "se cobra y se paga; reservas, PQRS y asambleas.",
        "3. Para qué. Para administrar la copropiedad (Ley 675 de 2001), cuidar la entrada y llevar las cuentas. No se venden ni se "
            + "entregan a nadie que la ley no permita.",
        "4. Cuánto tiempo. Las visitas, 180 días. Las cuentas, diez años. Lo demás, mientras haya un vínculo con el conjunto.",
        "5. Tus derechos. Conocer, actualizar, corregir y suprimir tus datos y revocar esta autorización, en Mi cuenta, Mis datos, o en "
            + "la oficina. Una consulta se responde en 10 días hábiles y un reclamo en 15 (Ley 1581 de 2012).",
    ];

    /// <summary>One version that everybody has allowed, each on the day of their account or later.</summary>
    private static async Task PolicyAsync(DemoPlan plan, CancellationToken ct)
    {
        var since = plan.Instant(plan.Today.AddDays(-200), 9, 0);
        await plan.Writer.Into("data_policies", "id", "version", "body", "published_at", "published_by", "created_at")
            .AddAndFlushAsync(ct, 1, 1, string.Join("\n\n", Policy), since, plan.Admin.UserId, since);
        await plan.Writer.ExecuteAsync(
            string.Create(
                CultureInfo.InvariantCulture,
                $"""
                INSERT INTO data_consents (user_id, policy_id, answer, created_at)
                SELECT u.id, 1, 'given', GREATEST(COALESCE(u.created_at, '{since:yyyy-MM-dd HH:mm:ss}'), '{since:yyyy-MM-dd HH:mm:ss}')
                FROM users AS u ORDER BY u.id
                """),
            ct);
    }

    public static async Task WriteAsync(DemoPlan plan, CancellationToken ct)
    {
        await PolicyAsync(plan, ct);
        Story[] stories =
        [
            new(plan.Apartment("B 1204").Owner, null, null, DataRequestKind.Inquiry, DataRequestChannel.Portal, 38,
                "Quiero saber quién puede ver la placa de mi carro y para qué la usan.",
                Answer: "La ven la administración y portería, para dejar entrar tu carro y asignar el parqueadero. Nadie más la recibe."),
            new(null, "Gloria Inés Páez Rubio", "gloria.paez@correo.example", DataRequestKind.Inquiry, DataRequestChannel.Letter, 24,
                "Viví en arriendo en la torre A hasta el año pasado. ¿Qué datos míos conservan todavía?"),
            new(plan.Apartment("A 302").Owner, null, null, DataRequestKind.Update, DataRequestChannel.Portal, 9,
                "Cambié de documento y el portal muestra el anterior.", Asked: "Envíanos el número nuevo y una foto del documento."),
            new(plan.Apartment("C 701").Owner, null, null, DataRequestKind.Correct, DataRequestChannel.Desk, 5,
                "Mi segundo apellido está mal escrito en los recibos."),
        ];

        var requests = plan.Writer.Into(
            "data_requests", "id", "number", "user_id", "person_name", "contact", "kind", "channel", "text", "state", "received_on",
            "counts_from", "due_on", "asked_on", "noted_on", "outcome", "answered_on", "created_at");
        var entries = plan.Writer.Into("data_request_entries", "request_id", "kind", "text", "by_id", "at");
        var numbers = new SortedDictionary<int, int>();
        foreach (var story in stories)
        {
            var (day, id) = (plan.Today.AddDays(-story.DaysAgo), plan.Writer.NextId("data_requests"));
            var number = numbers[day.Year] = numbers.GetValueOrDefault(day.Year) + 1;
            var asked = story.Asked is null ? (DateOnly?)null : day.AddDays(1);
            var answered = story.Answer is null ? (DateOnly?)null : day.AddDays(6);
            var noted = DataRequestTerms.IsClaim(story.Kind) && asked is null ? day : (DateOnly?)null;
            var state = answered is not null ? DataRequestState.Answered
                : asked is not null ? DataRequestState.Incomplete
                : DataRequestState.Open;
            await requests.AddAsync(
                ct, id, string.Create(CultureInfo.InvariantCulture, $"{DataRequestService.Series}-{day.Year}-{number:000000}"),
                story.Who?.UserId, story.Who?.Name ?? story.Name, story.Contact, story.Kind, story.Channel, story.Text, state, day, day,
                asked is null ? DataRequestTerms.Due(story.Kind, day) : null, asked, noted,
                answered is null ? null : DataRequestOutcome.Granted, answered, plan.Instant(day, 10, 15));
            var by = story.Channel == DataRequestChannel.Portal ? story.Who!.UserId : plan.Staff.UserId;
            await entries.AddAsync(ct, id, DataRequestStep.Filed, null, by, plan.Instant(day, 10, 15));
            if (DataRequestTerms.IsClaim(story.Kind))
                await entries.AddAsync(ct, id, DataRequestStep.Noted, null, null, plan.Instant(day, 10, 15));
            if (asked is { } on)
                await entries.AddAsync(ct, id, DataRequestStep.Asked, story.Asked, plan.Staff.UserId, plan.Instant(on, 9, 30));
            if (answered is { } at)
                await entries.AddAsync(ct, id, DataRequestStep.Answered, story.Answer, plan.Staff.UserId, plan.Instant(at, 11, 40));
        }

        await requests.FlushAsync(ct);
        await entries.FlushAsync(ct);
        var sequences = plan.Writer.Into("sequences", "name", "year", "last_number");
        foreach (var (year, last) in numbers) await sequences.AddAsync(ct, DataRequestService.Series, year, last);
        await sequences.FlushAsync(ct);
    }
}
