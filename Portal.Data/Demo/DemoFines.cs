using System.Globalization;

namespace Portal.Data.Demo;

/// <summary>Two fines on their way: one to be answered, one that can still be challenged.</summary>
internal static class DemoFines
{
    public static async Task WriteAsync(DemoPlan plan, CancellationToken ct)
    {
        var today = plan.Today;
        var told = today.AddDays(-10);
        Fine[] fines =
        [
            new(plan.Apartment("A 803"), today.AddDays(-25), "Art. 38: mascotas sin correa en zonas comunes",
                "El perro del apartamento recorrió sin correa el parque infantil; hay video de la cámara 4.", "notified", 250_000m,
                today.AddDays(-12), told.AddMonths(1),
                [
                    new("requested", today.AddDays(-25)),
                    new("heard", today.AddDays(-18), Words: "Se soltó un momento. No vuelve a pasar.", ByOwner: true),
                    new("decided", today.AddDays(-12), "Acta 31 del consejo", "Es la segunda vez este semestre.", Body: "council"),
                    new("notified", told, Words: "Carta entregada en mano"),
                ]),
            new(plan.Apartment("B 1204"), today.AddDays(-3), "Art. 42: ruido después de las 22:00",
                "Música a alto volumen hasta la 01:30, según dos vecinos y la minuta de portería.", "requested", null, null, null,
                [new("requested", today.AddDays(-3))]),
        ];
        var rows = plan.Writer.Into(
            "fines", "id", "number", "apartment_id", "owner_id", "rule", "facts", "happened_on", "answer_until", "state", "amount",
            "decided_on", "challenge_until", "created_at");
        var steps = plan.Writer.Into("fine_steps", "fine_id", "state", "made_on", "body", "act", "words", "made_by", "created_at");
        var numbers = new SortedDictionary<int, int>();
        for (var i = 0; i < fines.Length; i++)
        {
            var fine = fines[i];
            var year = fine.On.Year;
            numbers[year] = numbers.GetValueOrDefault(year) + 1;
            var number = string.Create(CultureInfo.InvariantCulture, $"MU-{year}-{numbers[year]:000000}");
            await rows.AddAsync(
                ct, i + 1, number, fine.Home.Id, fine.Home.Owner!.OwnerId, fine.Rule, fine.Facts, fine.On.AddDays(-1), fine.On.AddDays(10),
                fine.State, fine.Amount, fine.Decided, fine.Until, plan.Instant(fine.On, 9, 10));
            foreach (var step in fine.Steps)
                await steps.AddAsync(
                    ct, i + 1, step.State, step.On, step.Body, step.Act, step.Words,
                    step.ByOwner ? fine.Home.Owner!.UserId : plan.Admin.UserId, plan.Instant(step.On, 9, 10));
        }

        await rows.FlushAsync(ct);
        await steps.FlushAsync(ct);
        var sequences = plan.Writer.Into("sequences", "name", "year", "last_number");
        foreach (var (year, last) in numbers) await sequences.AddAsync(ct, "MU", year, last);
        await sequences.FlushAsync(ct);
    }

    private sealed record Fine(
        DemoApartment Home, DateOnly On, string Rule, string Facts, string State, decimal? Amount, DateOnly? Decided, DateOnly? Until,
        FineStep[] Steps);

    private sealed record FineStep(
        string State, DateOnly On, string? Act = null, string? Words = null, string? Body = null, bool ByOwner = false);
}
