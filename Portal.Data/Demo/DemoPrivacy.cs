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

    public static async Task WriteAsync(DemoPlan plan, CancellationToken ct)
    {
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
