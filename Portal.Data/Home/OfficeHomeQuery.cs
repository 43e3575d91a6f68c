using System.Data.Common;
using Portal.Data.Building;
using Portal.Data.Gate;
using Portal.Data.Operations;
using Portal.Data.Pqrs;

namespace Portal.Data.Home;

/// <summary>Four statements, one trip: the office's dashboard. Only debt by its age comes apart (<see cref="ArrearsByAge"/>).</summary>
internal static class OfficeHomeQuery
{
    /// <summary>Weeks and half-weeks shown in the small lines.</summary>
    private const int Points = 7;

    private static readonly string Sql = $"""
        SELECT
            (SELECT COUNT(*) FROM towers),
            (SELECT COALESCE(SUM(apartments), 0) FROM tower_totals),
            (SELECT COUNT(*) FROM payments WHERE status_id IN ({SqlStates.WaitingPayments})),
            (SELECT COALESCE(SUM(amount), 0) FROM payments WHERE status_id IN ({SqlStates.WaitingPayments})),
            (SELECT COUNT(*) FROM pqrs WHERE status_id IN ({SqlStates.ActiveCases})),
            (SELECT COUNT(*) FROM pqrs WHERE status_id IN ({SqlStates.RunningCases}) AND due_on < @today),
            (SELECT f.value FROM daily_figures AS f
                WHERE f.name = 'fees_collected' AND f.day >= @lastMonth AND f.day <= @sameDay ORDER BY f.day DESC LIMIT 1),
            (SELECT COALESCE(SUM(CASE WHEN h.closes_at = '00:00:00' THEN 1440 ELSE TIME_TO_SEC(h.closes_at) / 60 END - TIME_TO_SEC(h.opens_at) / 60), 0)
                FROM facility_hours AS h INNER JOIN facilities AS f ON f.id = h.facility_id WHERE f.status = 'available');

        (SELECT 'case' AS what, q.id, q.number, q.title, {UnitName.Sql}, q.status_id, q.due_on, q.days_given, NULL AS at_day, NULL AS at_time, 0 AS amount
            FROM pqrs AS q LEFT JOIN apartments AS a ON a.id = q.apartment_id LEFT JOIN towers AS t ON t.id = a.tower_id
            WHERE q.status_id IN ({SqlStates.ActiveCases}) ORDER BY q.id DESC LIMIT 3)
        UNION ALL
        (SELECT 'due', q.id, q.number, q.title, {UnitName.Sql}, q.status_id, q.due_on, q.days_given, NULL, NULL, 0
            FROM pqrs AS q LEFT JOIN apartments AS a ON a.id = q.apartment_id LEFT JOIN towers AS t ON t.id = a.tower_id
            WHERE q.status_id IN ({SqlStates.RunningCases}) AND q.due_on IS NOT NULL ORDER BY q.due_on, q.id LIMIT 3)
        UNION ALL
        (SELECT 'payment', p.id, NULL, NULL, {UnitName.Sql}, 0, NULL, NULL, p.payment_date, p.payment_time, p.amount
            FROM payments AS p LEFT JOIN apartments AS a ON a.id = p.apartment_id LEFT JOIN towers AS t ON t.id = a.tower_id
            WHERE p.status_id IN ({SqlStates.WaitingPayments}) ORDER BY p.payment_date, p.payment_time, p.id LIMIT 1)
        UNION ALL
        (SELECT 'inside', v.id, v.kind, v.name, {UnitName.Sql}, 0, NULL, NULL, v.visit_date, v.enter_time, 0
            FROM visitors AS v LEFT JOIN apartments AS a ON a.id = v.apartment_id LEFT JOIN towers AS t ON t.id = a.tower_id
            WHERE v.state = 'inside' LIMIT 500);

        SELECT 'fee' AS what, m.period AS day, m.billed AS a, m.collected AS b FROM fee_months AS m WHERE m.period >= @firstMonth
        UNION ALL
        SELECT f.name, f.day, f.value, 0 FROM daily_figures AS f WHERE f.name IN ('arrears', 'open_pqrs') AND f.day >= @figuresFrom
        UNION ALL
        SELECT 'usage', DATE_SUB(DATE(r.start_date), INTERVAL WEEKDAY(r.start_date) DAY),
                SUM(TIMESTAMPDIFF(MINUTE, r.start_date, r.end_date) * CASE WHEN f.shared THEN r.people / GREATEST(f.capacity, 1) ELSE 1 END), 0
            FROM reservations AS r INNER JOIN facilities AS f ON f.id = r.facility_id
            WHERE r.start_date >= @weeksFrom AND r.start_date < @weeksTo AND r.status_id IN ({SqlStates.UsedBookings})
            GROUP BY DATE_SUB(DATE(r.start_date), INTERVAL WEEKDAY(r.start_date) DAY);

        SELECT f.id, f.name, f.shared, f.capacity, h.opens_at, h.closes_at, r.start_date, r.end_date, r.people, r.status_id, {UnitName.Sql}
            FROM facilities AS f
            INNER JOIN facility_hours AS h ON h.facility_id = f.id AND h.weekday = @weekday
            LEFT JOIN reservations AS r ON r.facility_id = f.id AND r.start_date >= @today AND r.start_date < @tomorrow
                AND r.status_id IN ({SqlStates.ShownBookings})
            LEFT JOIN apartments AS a ON a.id = r.apartment_id
            LEFT JOIN towers AS t ON t.id = a.tower_id
            WHERE f.status = 'available'
            ORDER BY f.id, r.start_date, r.id
            LIMIT 500;
        """;

    public static async Task<OfficeHome> ReadAsync(
        PortalStore store, BuildingClock clock, BuildingSettings settings, ArrearsByAge arrears, CancellationToken ct)
    {
        var ages = await arrears.GetAsync(ct);
        var today = clock.Today;
        var (month, monday) = (BuildingClock.MonthOf(today), BuildingClock.MondayOf(today));
        return await store.BatchAsync(Sql, Parameters(clock), async (reader, token) =>
        {
            var figures = await FiguresAsync(reader, token);
            await reader.NextResultAsync(token);
            var attention = await AttentionAsync(reader, clock.Now, settings, token);
            await reader.NextResultAsync(token);
            var series = await SeriesAsync(reader, token);
            await reader.NextResultAsync(token);
            var lanes = await LanesAsync(reader, token);
            return Build(figures, attention, series, ages, lanes, today, month, monday);
        }, ct);
    }

    private static Dictionary<string, object?> Parameters(BuildingClock clock)
    {
        var today = clock.Today;
        var (month, monday) = (BuildingClock.MonthOf(today), BuildingClock.MondayOf(today));
        var lastMonth = month.AddMonths(-1);
        return new Dictionary<string, object?>
            {
                ["@today"] = today.AsParameter(),
                ["@tomorrow"] = today.AddDays(1).AsParameter(),
                ["@lastMonth"] = lastMonth.AsParameter(),
                ["@firstMonth"] = month.AddMonths(-11).AsParameter(),
                ["@sameDay"] = lastMonth
                    .AddDays(Math.Min(today.Day, DateTime.DaysInMonth(lastMonth.Year, lastMonth.Month)) - 1)
                    .AsParameter(),
                ["@figuresFrom"] = today.AddDays(-7 * Points).AsParameter(),
                ["@weeksFrom"] = monday.AddDays(-7 * (Points - 1)).AsParameter(),
                ["@weeksTo"] = monday.AddDays(7).AsParameter(),
                ["@weekday"] = today.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)today.DayOfWeek,
            };
    }

    private static OfficeHome Build(
        Figures figures, Attention attention, List<(string What, DateOnly Day, decimal A, decimal B)> series,
        IReadOnlyList<AgeBucket> ages,
        List<FacilityDay> lanes, DateOnly today, DateOnly month, DateOnly monday)
    {
        var months = Enumerable.Range(-11, 12).Select(i => month.AddMonths(i)).Select(m =>
        {
            var row = series.Find(s => s.What == "fee" && s.Day == m);
            return new MonthCollected(m, row.A, row.B);
        }).ToList();
        var shareThen = months[^2].Billed == 0 ? null : figures.CollectedThen / months[^2].Billed;
        var total = ages.Sum(a => a.Amount);
        var arrears = Ends(series, DailyFigure.Arrears, today);
        var open = Ends(series, DailyFigure.OpenPqrs, today);
        var endOfLastMonth = series.Find(s => s.What == DailyFigure.Arrears && s.Day == month.AddDays(-1));
        var weekAgo = series.Find(s => s.What == DailyFigure.OpenPqrs && s.Day == today.AddDays(-7));
        var weeks = Enumerable
            .Range(1 - Points, Points)
            .Select(i =>
                figures.OpenMinutes == 0
                    ? 0
                    : Math.Min(1, series.Find(s => s.What == "usage" && s.Day == monday.AddDays(7 * i)).A / figures.OpenMinutes)
            )
            .ToList();
        return new OfficeHome(
            figures.Towers, figures.Apartments,
            new OverdueCases(figures.Overdue, attention.Due.Find(c => c.DueOn < today)),
            attention.Oldest is { } oldest
                ? new PendingPayments(figures.Pending, figures.PendingSum, oldest.Id, oldest.Unit, oldest.Since)
                : new PendingPayments(figures.Pending, figures.PendingSum, null, null, null),
            attention.Overstays,
            new Collection(months, shareThen),
            new Arrears(
                total, ages.Sum(a => a.Apartments), endOfLastMonth.What is null ? null : endOfLastMonth.A, [.. arrears, total], ages),
            new OpenCases(figures.Open, figures.Overdue, weekAgo.What is null ? null : (int)weekAgo.A, [.. open, figures.Open]),
            new Usage(weeks),
            [.. attention.Recent.Concat(attention.Due).DistinctBy(c => c.Id).Take(5).OrderByDescending(c => c.Id)],
            lanes);
    }

    /// <summary>The figure as it stood every seventh day before today, as far back as one was kept.</summary>
    private static IEnumerable<decimal> Ends(List<(string What, DateOnly Day, decimal A, decimal B)> series, string what, DateOnly today) =>
        Enumerable
            .Range(1, Points - 1)
            .Reverse()
            .Select(week => series.Find(s => s.What == what && s.Day == today.AddDays(-7 * week)))
            .Where(s => s.What is not null)
            .Select(s => s.A);

    private sealed record Figures(
        int Towers, int Apartments, int Pending, decimal PendingSum, int Open, int Overdue, decimal? CollectedThen, decimal OpenMinutes);

    private sealed record Attention(
        List<RecentCase> Recent, List<RecentCase> Due, (long Id, string? Unit, DateTime Since)? Oldest, Overstays Overstays);

    private static async Task<Figures> FiguresAsync(DbDataReader reader, CancellationToken ct)
    {
        await reader.ReadAsync(ct);
        return new Figures(
            reader.Number(0), reader.Number(1), reader.Number(2), reader.Money(3), reader.Number(4), reader.Number(5),
            reader.IsDBNull(6) ? null : reader.Money(6),
            reader.Money(7));
    }

    private static async Task<Attention> AttentionAsync(DbDataReader reader, DateTime now, BuildingSettings settings, CancellationToken ct)
    {
        var (recent, due, inside) = (new List<RecentCase>(), new List<RecentCase>(), new List<InsideVisitor>());
        (long, string?, DateTime)? oldest = null;
        while (await reader.ReadAsync(ct))
        {
            var what = reader.GetString(0);
            var unit = reader.IsDBNull(4) ? "" : reader.GetString(4);
            if (what == "payment")
            {
                oldest = (reader.GetInt64(1), unit, At(reader));
            }
            else if (what == "inside")
            {
                var kind = Enum.Parse<VisitorKind>(reader.GetString(2), ignoreCase: true);
                inside.Add(
                    new InsideVisitor(reader.GetInt64(1), reader.GetString(3), kind, "", unit, 1, At(reader), settings.Overstay(kind))
                );
            }
            else
            {
                (what == "case" ? recent : due).Add(
                    new RecentCase(
                        reader.GetInt64(1), reader.IsDBNull(2) ? "" : reader.GetString(2), reader.GetString(3), unit,
                        (PqrsState)reader.Number(5), reader.IsDBNull(6) ? null : reader.Date(6),
                        reader.IsDBNull(7) ? null : reader.Number(7))
                );
            }
        }

        var over = inside.Where(v => v.Overstays(now)).OrderByDescending(v => now - v.Entered - v.Limit).ToList();
        return new Attention(
            recent,
            due,
            oldest,
            over is [var worst, ..]
                ? new Overstays(over.Count, worst.Name, worst.Unit, now - worst.Entered, worst.Limit)
                : new Overstays(0, null, null, default, default)
        );
    }

    private static async Task<List<(string What, DateOnly Day, decimal A, decimal B)>> SeriesAsync(
        DbDataReader reader,
        CancellationToken ct
    )
    {
        var series = new List<(string, DateOnly, decimal, decimal)>();
        while (await reader.ReadAsync(ct)) series.Add((reader.GetString(0), reader.Date(1), reader.Money(2), reader.Money(3)));
        return series;
    }

    private static async Task<List<FacilityDay>> LanesAsync(DbDataReader reader, CancellationToken ct)
    {
        var lanes = new List<FacilityDay>();
        var slots = new List<BookedSlot>();
        while (await reader.ReadAsync(ct))
        {
            if (lanes.Count == 0 || lanes[^1].Id != reader.GetInt64(0))
            {
                slots = [];
                lanes.Add(
                    new FacilityDay(
                        reader.GetInt64(0), reader.GetString(1), reader.Flag(2), reader.IsDBNull(3) ? null : reader.Number(3),
                        TimeOnly.FromTimeSpan(reader.GetFieldValue<TimeSpan>(4)), TimeOnly.FromTimeSpan(reader.GetFieldValue<TimeSpan>(5)),
                        slots)
                );
            }

            if (reader.IsDBNull(6)) continue;
            var slot = new BookedSlot(
                reader.GetDateTime(6), reader.GetDateTime(7), lanes[^1].Shared || reader.IsDBNull(10) ? null : reader.GetString(10),
                reader.Number(8), reader.Number(9) == 2);
            // In a shared facility what overlaps is one block that counts people.
            if (lanes[^1].Shared && slots is [.., var last] && slot.Start < last.End)
            {
                slots[^1] = last with { End = last.End > slot.End ? last.End : slot.End, People = last.People + slot.People };
            }
            else
            {
                slots.Add(slot);
            }
        }

        return lanes;
    }

    private static DateTime At(DbDataReader reader) =>
        reader.Time(8) + (reader.IsDBNull(9) ? TimeSpan.Zero : reader.GetFieldValue<TimeSpan>(9));
}
