using System.Security.Cryptography;
using System.Text;
using Portal.Data.Gate;
using Portal.Data.Passes;

namespace Portal.Data.Demo;

/// <summary>
/// Passes of all kinds for Andrea Ruiz, who came to her before, and a line on each list. Told by dice of its own, so that the rest of the
/// demo stays as it was.
/// </summary>
internal static class DemoPasses
{
    /// <summary>An address for a pass: anybody knows the demo's.</summary>
    public static string Token(long number) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"pass {number} of the demo")).AsSpan(0, 16));

    public static async Task WriteAsync(DemoPlan plan, DemoGate.Log log, CancellationToken ct)
    {
        var home = plan.Apartment("B 1204");
        if (home.Owner is not { } andrea) return;
        var made = plan.Instant(plan.Now.AddDays(-3));
        long Next() => plan.Writer.NextId("passes");
        async Task AddAsync(
            long id, PassKind kind, string? title, VisitorKind visitor, string? company, string? plate, int people, DateTime from,
            DateTime until, byte? weekdays = null, TimeOnly? first = null, TimeOnly? last = null, int? capacity = null, bool leave = false,
            string? code = null) =>
            await log.Passes.AddAsync(
                ct, id, kind, andrea.OwnerId, home.Id, title, visitor, company, plate, people, from, until, weekdays, first, last,
                kind != PassKind.Recurring, capacity, leave, code, Token(id), made);

        var (weekly, start) = (Next(), plan.Today.AddDays(-28));
        await AddAsync(
            weekly, PassKind.Recurring, "Nubia Torres", VisitorKind.Domestic, null, null, 1, start.ToDateTime(new TimeOnly(13, 0)),
            plan.Today.AddDays(60).ToDateTime(new TimeOnly(18, 0)), 0b0010101, new TimeOnly(13, 0), new TimeOnly(18, 0), code: "350612");
        for (var day = start; day < plan.Today; day = day.AddDays(1))
        {
            if (day.DayOfWeek is not (DayOfWeek.Monday or DayOfWeek.Wednesday or DayOfWeek.Friday)) continue;
            await log.AddAsync(
                home, "Nubia Torres", VisitorKind.Domestic, day.ToDateTime(new TimeOnly(13, 4)), day.ToDateTime(new TimeOnly(17, 52)), 1,
                null, null, ct, weekly, "52430117");
        }

        var (party, saturday) = (Next(), plan.Today.AddDays(7 + ((int)DayOfWeek.Saturday - (int)plan.Today.DayOfWeek + 7) % 7));
        await AddAsync(
            party, PassKind.Event, "Cumpleaños de Sofía", VisitorKind.Guest, null, null, 3, saturday.ToDateTime(new TimeOnly(15, 0)),
            saturday.ToDateTime(new TimeOnly(22, 0)), capacity: 60, code: "611730");
        var dice = new Random(20_261_129);
        foreach (var (index, guest) in new[] { ("Paola Tamayo", "FTB 620"), ("Samuel Rueda", (string?)null), ("Irene Montoya", null) }
            .Concat(Enumerable.Range(0, 31).Select(_ => (Names.Full(dice), (string?)null))).Index())
        {
            var code = $"{264_081 + (index * 1_733)}";
            await log.Guests.AddAsync(ct, party, guest.Item1, guest.Item2, code, Token(party * 1_000 + index), made);
        }

        var (car, hour) = (Next(), plan.Today.ToDateTime(new TimeOnly(plan.Now.Hour, 0)));
        await AddAsync(
            car, PassKind.Vehicle, "Julieta Ruiz", VisitorKind.Guest, null, "FRS 904", 1,
            plan.Today.AddDays(-2).ToDateTime(TimeOnly.MinValue), plan.Today.AddDays(28).ToDateTime(new TimeOnly(23, 59, 59)), code: "740028");
        await AddAsync(
            Next(), PassKind.Delivery, null, VisitorKind.Delivery, "Farmatodo", null, 1, hour, hour.AddHours(4), leave: true, code: "207945");

        foreach (var (name, back, plate, document) in new[]
        {
            ("Julieta Ruiz", 9, "FRS 904", "1018442907"), ("Julieta Ruiz", 16, "FRS 904", "1018442907"),
            ("Julieta Ruiz", 23, "FRS 904", "1018442907"), ("Julieta Ruiz", 37, "FRS 904", "1018442907"),
            ("Mónica Vélez", 30, (string?)null, "39778120"), ("Carlos Pardo", 119, null, "79412885"),
        })
        {
            var day = plan.Today.AddDays(-back);
            await log.AddAsync(
                home, name, VisitorKind.Guest, day.ToDateTime(new TimeOnly(19, 10)), day.ToDateTime(new TimeOnly(22, 25)), 1, plate, null,
                ct, null, document);
        }

        var blocks = plan.Writer.Into(
            "gate_blocks", "apartment_id", "effect", "name", "identification", "identification_key", "license_plate", "license_plate_key",
            "reason", "until_date", "made_by", "created_at");
        await blocks.AddAsync(
            ct, home.Id, BlockEffect.Block, "Carlos Pardo", "79.412.885", "79412885", null, null, "Asunto personal", null, andrea.UserId,
            plan.Instant(plan.Now.AddDays(-110)));
        await blocks.AddAsync(
            ct, null, BlockEffect.Watch, "Vendedor de planes", null, null, "WDL 771", "WDL771",
            "Timbró en varios apartamentos sin que lo esperaran", plan.Today.AddMonths(3), plan.Guard.UserId, plan.Instant(plan.Now.AddDays(-12)));
        await blocks.FlushAsync(ct);
    }
}
