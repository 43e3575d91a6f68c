using Portal.Data.Notifications;

namespace Portal.Data.Demo;

/// <summary>Pets, notices and what waits in a few bells; surveys are in <see cref="DemoSurveys"/>.</summary>
internal static class DemoCommunity
{
    private static readonly string[] Dogs =
    [
        "Labrador",
        "Criollo",
        "Beagle",
        "Schnauzer",
        "Golden retriever",
        "Pug",
        "Border collie",
        "French poodle",
    ];
    private static readonly string[] PetNames =
    [
        "Luna",
        "Simón",
        "Lola",
        "Max",
        "Coco",
        "Nala",
        "Toby",
        "Mía",
        "Bruno",
        "Canela",
        "Rocky",
        "Kira",
        "Milo",
        "Frida",
        "Thor",
        "Pelusa",
    ];

    public static async Task WriteAsync(DemoPlan plan, CancellationToken ct)
    {
        await PetsAsync(plan, ct);
        await DemoSurveys.WriteAsync(plan, ct);
        await NoticesAsync(plan, ct);
        plan.Progress.Report("pets, surveys and notices");
    }

    private static async Task PetsAsync(DemoPlan plan, CancellationToken ct)
    {
        var random = plan.Random;
        var pets = plan.Writer.Into("pets", "name", "species", "breed", "owner_id", "vaccination_card", "photos", "vaccination_expires_on");
        foreach (var apartment in plan.Apartments.Where(a => a.Owner is not null))
        {
            if (random.Next(4) != 0) continue;
            var dog = random.Next(3) != 0;
            await pets.AddAsync(
                ct, PetNames[random.Next(PetNames.Length)], dog ? "Perro" : "Gato", dog ? Dogs[random.Next(Dogs.Length)] : null,
                apartment.Owner!.OwnerId, $"VAC-{random.Next(10_000, 99_999)}", "[]", plan.Today.AddDays(random.Next(-20, 360)));
        }

        await pets.FlushAsync(ct);
    }

    private static async Task NoticesAsync(DemoPlan plan, CancellationToken ct)
    {
        var notices = plan.Writer.Into(
            "notices", "id", "title", "body", "towers", "publish_at", "expires_at", "written_by", "urgent", "delivered_at");
        var tomorrow = plan.Today.AddDays(1);
        // The towers of the story, of what towers there are.
        var (second, third) = ($"{Math.Min(2, plan.Apartments[^1].TowerId)}", $"{Math.Min(3, plan.Apartments[^1].TowerId)}");
        await notices.AddAsync(
            ct, 1, "Corte de agua, mañana", "Torre B, de 8:00 a 11:00 por lavado de tanques.", second, plan.Now.AddHours(-5),
            tomorrow.ToDateTime(new TimeOnly(11, 0)), plan.Admin.UserId, true, plan.Instant(plan.Now.AddHours(-5)));
        var (title, body) = plan.Today is { Month: 11 } or { Month: 12, Day: <= 24 }
            ? ("Novena de aguinaldos", "Desde el 16 de diciembre a las 19:00 en el salón social. Cada torre organiza tres noches.")
            : ("Separar en la fuente", "Bolsa blanca para lo aprovechable, verde para lo orgánico, negra para lo demás.");
        await notices.AddAsync(
            ct, 2, title, body, "", plan.Now.AddDays(-3), plan.Today.AddDays(30).ToDateTime(TimeOnly.MinValue), plan.Admin.UserId, false,
            plan.Instant(plan.Now.AddDays(-3)));
        await notices.AddAsync(
            ct, 3, "Mantenimiento del ascensor 1, torre C", "Estará detenido el martes de 9:00 a 13:00.", third, plan.Now.AddDays(-9),
            plan.Now.AddDays(-6), plan.Staff.UserId, false, plan.Instant(plan.Now.AddDays(-9)));
        await notices.FlushAsync(ct);
        // They reached whom they are for, and three of five have read them.
        await plan.Writer.ExecuteAsync(
            """
            INSERT INTO notice_recipients (notice_id, user_id)
            SELECT DISTINCT n.id, o.user_id
            FROM notices AS n
            INNER JOIN apartments AS a ON n.towers = '' OR FIND_IN_SET(a.tower_id, n.towers) > 0
            INNER JOIN owners AS o ON o.id = a.owner_id
            INNER JOIN users AS u ON u.id = o.user_id AND u.user_status_id = 1
            ORDER BY n.id, o.user_id;
            INSERT INTO notice_reads (notice_id, user_id, read_at)
            SELECT r.notice_id, r.user_id, n.delivered_at + INTERVAL 1 + r.user_id % 200 MINUTE
            FROM notice_recipients AS r INNER JOIN notices AS n ON n.id = r.notice_id
            WHERE (r.user_id + r.notice_id) % 5 < 3
            ORDER BY r.notice_id, r.user_id
            """,
            ct);

        var bell = plan.Writer.Into(
            "notifications", "recipient_id", "recipient_type", "title", "message", "type", "read", "link", "created_at", "data");
        var overdue = plan.OverdueCase;
        foreach (
            var (headline, message, type, link, minutes, about) in new (string, string, string, string, int, NotificationPart[]?)[]
            {
                ("PQRS vencida", $"{overdue} superó su plazo", "pqrs.overdue", "/pqrs?due=overdue", 140, [new(Text: overdue)]),
                (
                    "Pago reportado", "Torre B 1204 reportó un pago de $ 1.100.000", "payment.reported", "/payments?state=pending", 32,
                    [new(Text: "B 1204"), new(Money: 1_100_000)]),
                ("Reserva por aprobar", "BBQ 2, B 402", "reservation.pending", "/reservations?state=pending", 260, null),
                ("PQRS nueva", "Ruido después de las 23:00 en el salón social", "pqrs.filed", "/pqrs", 35, null),
            }
        )
        {
            await bell.AddAsync(
                ct, plan.Admin.UserId, RecipientType.Admin, headline, message, type, false, link, plan.Instant(plan.Now.AddMinutes(-minutes)),
                about is null ? null : NotificationPart.Write(about));
        }

        await bell.AddAsync(
            ct, plan.Apartment("B 1204").Owner!.UserId, RecipientType.Owner, "Paquete en portería", "Servientrega, caja mediana",
            "package.received", false, "/packages", plan.Instant(plan.Today.AddDays(-1), 16, 20),
            NotificationPart.Write([new(Text: "Servientrega, caja mediana")]));
        await bell.FlushAsync(ct);
    }
}
