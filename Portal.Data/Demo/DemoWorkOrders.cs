using Portal.Data.Maintenance;

namespace Portal.Data.Demo;

/// <summary>
/// The demo's work: a leak that a resident complained of and that is being mended, a gate whose price waits for the administrator, cables that
/// the council approved and that were billed, a tank that is late, an emergency of last month, something given up; and the plans.
/// </summary>
internal sealed class DemoWorkOrders(DemoPlan plan, IReadOnlyDictionary<string, long> assets)
{
    /// <summary>Of <see cref="DemoExpenses"/>: lifts and pumps, cleaning, works.</summary>
    private const long Andinas = 4, Cleaning = 2, Works = 8;

    private readonly SeedWriter.Table _orders = plan.Writer.Into(
        "work_orders", "id", "number", "title", "description", "asset_id", "place", "priority", "status", "emergency", "ratify_by", "supplier_id",
        "worker_id", "due_on", "amount", "approved_on", "approved_by", "approval_act", "asked_amount", "asked_level", "asked_by", "quote_id",
        "asked_quote_id", "done_on", "made_by", "created_at");
    private readonly SeedWriter.Table _steps = plan.Writer.Into(
        "work_order_steps", "order_id", "kind", "note", "amount", "made_by", "created_at");
    private readonly SeedWriter.Table _checks = plan.Writer.Into(
        "work_order_checks", "order_id", "position", "text", "done_at", "done_by", "created_at");
    private readonly SeedWriter.Table _quotes = plan.Writer.Into(
        "work_order_quotes", "id", "order_id", "supplier_id", "amount", "note", "made_by", "created_at");
    private readonly SeedWriter.Table _meters = plan.Writer.Into("asset_meters", "id", "asset_id", "name", "unit", "created_at");
    private readonly SeedWriter.Table _readings = plan.Writer.Into("asset_readings", "meter_id", "read_on", "value", "read_by", "created_at");
    private readonly SeedWriter.Table _plans = plan.Writer.Into(
        "maintenance_plans", "id", "title", "description", "checklist", "asset_id", "supplier_id", "starts_on", "every", "unit", "counted_from",
        "shift", "lead_days", "next_on", "active", "meter_id", "meter_every", "meter_from", "made_by", "created_at");
    private readonly SeedWriter.Table _occurrences = plan.Writer.Into(
        "plan_occurrences", "plan_id", "due_on", "order_id", "done_on", "created_at");

    private readonly SortedDictionary<int, int> _numbers = [];

    private sealed record Work(
        string Title, string? Asset, DateOnly Made, WorkOrderState State, string? Description = null, string? Place = null,
        WorkOrderPriority Priority = WorkOrderPriority.Normal, bool Emergency = false, long? Supplier = null, bool ByStaff = false,
        DateOnly? Due = null, decimal? Amount = null, DateOnly? Approved = null, string? Act = null, decimal? Asked = null, long? Quote = null,
        DateOnly? Done = null);

    public async Task WriteAsync(CancellationToken ct)
    {
        var (today, staff, admin) = (plan.Today, plan.Staff.UserId, plan.Admin.UserId);

        // In the order in which they were made, which is that of their numbers.
        var washed = today.AddMonths(-3);
        var tank = await OrderAsync(
            new Work("Lavado de tanques", "TAN-01", washed.AddDays(-10), WorkOrderState.Accepted, Supplier: Cleaning, Due: washed, Done: washed), ct);
        await StepsAsync(tank, washed.AddDays(-10), ct, (0, WorkOrderStepKind.Made, null, null, null), (0, WorkOrderStepKind.Assigned, null, null, null),
            (10, WorkOrderStepKind.Done, "Se lavaron y desinfectaron los dos compartimentos.", null, staff),
            (11, WorkOrderStepKind.Accepted, null, null, staff));

        var cables = today.AddDays(-75);
        var lift = await OrderAsync(
            new Work(
                "Cambio de guayas del ascensor", "ASC-01", cables, WorkOrderState.Accepted, "Las guayas tienen hilos rotos según la última inspección.",
                Supplier: Andinas, Due: cables.AddDays(20), Amount: 9_800_000, Approved: cables.AddDays(6), Act: "Acta 12 del consejo",
                Quote: 1, Done: cables.AddDays(18)), ct);
        await QuoteAsync(1, lift, Andinas, 9_800_000, "Garantía de dos años", cables.AddDays(2), ct);
        await QuoteAsync(2, lift, Works, 11_250_000, null, cables.AddDays(3), ct);
        await QuoteAsync(3, lift, Cleaning, 12_400_000, "Con un subcontratista", cables.AddDays(4), ct);
        await StepsAsync(lift, cables, ct, (0, WorkOrderStepKind.Made, null, null, staff), (4, WorkOrderStepKind.Asked, null, 9_800_000, staff),
            (6, WorkOrderStepKind.Approved, "Acta 12 del consejo", 9_800_000, admin), (12, WorkOrderStepKind.Started, null, null, staff),
            (18, WorkOrderStepKind.Done, "Cinco guayas nuevas y ajuste del freno.", null, staff), (19, WorkOrderStepKind.Accepted, null, null, admin));
        await CheckAsync(lift, 1, "Prueba de carga", cables.AddDays(18), ct);
        await CheckAsync(lift, 2, "Freno de emergencia", cables.AddDays(18), ct);

        var burst = today.AddDays(-33);
        var pump = await OrderAsync(
            new Work(
                "Fuga en el cuarto de bombas", "BOM-01", burst, WorkOrderState.Accepted, Place: "Cuarto de bombas", Priority: WorkOrderPriority.Urgent,
                Emergency: true, Supplier: Andinas, Due: burst, Amount: 780_000, Approved: burst.AddDays(1), Quote: 4, Done: burst), ct);
        await QuoteAsync(4, pump, Andinas, 780_000, "Atención el mismo día", burst, ct);
        await StepsAsync(pump, burst, ct, (0, WorkOrderStepKind.Made, null, null, staff), (0, WorkOrderStepKind.Assigned, null, null, staff),
            (0, WorkOrderStepKind.Started, null, null, staff), (0, WorkOrderStepKind.Done, "Se cambió el sello y una unión.", null, staff),
            (0, WorkOrderStepKind.Asked, null, 780_000, staff), (1, WorkOrderStepKind.Approved, null, 780_000, admin),
            (1, WorkOrderStepKind.Accepted, null, null, staff));

        var painted = today.AddDays(-21);
        var paint = await OrderAsync(new Work("Pintar el salón comunal", null, painted, WorkOrderState.Cancelled, Place: "Salón comunal"), ct);
        await StepsAsync(paint, painted, ct, (0, WorkOrderStepKind.Made, null, null, staff),
            (9, WorkOrderStepKind.Cancelled, "Se hará con la remodelación del salón", null, admin));

        var high = await OrderAsync(
            new Work("Lavado del tanque alto", "TAN-02", today.AddDays(-12), WorkOrderState.Assigned, Supplier: Cleaning, Due: today.AddDays(-3)), ct);
        await StepsAsync(high, today.AddDays(-12), ct, (0, WorkOrderStepKind.Made, null, null, null), (0, WorkOrderStepKind.Assigned, null, null, null));
        foreach (var (line, index) in TankChecks.Select((line, index) => (line, index))) await CheckAsync(high, index + 1, line, null, ct, today.AddDays(-12));

        var leaked = today.AddDays(-6);
        var leak = await OrderAsync(
            new Work(
                "Filtración en el techo del baño del B 1204", null, leaked, WorkOrderState.Working, "Buscar de dónde viene antes de romper.",
                "Torre B, piso 13", WorkOrderPriority.High, Supplier: Works, ByStaff: true, Due: today.AddDays(2), Amount: 420_000, Approved: leaked.AddDays(1),
                Quote: 5), ct);
        await QuoteAsync(5, leak, Works, 420_000, null, leaked.AddDays(1), ct);
        await StepsAsync(leak, leaked, ct, (0, WorkOrderStepKind.Made, null, null, staff), (1, WorkOrderStepKind.Asked, null, 420_000, staff),
            (1, WorkOrderStepKind.Approved, null, 420_000, staff), (1, WorkOrderStepKind.Assigned, null, null, staff),
            (3, WorkOrderStepKind.Started, null, null, staff));
        await CheckAsync(leak, 1, "Prueba de color en el piso de arriba", leaked.AddDays(3), ct);
        await CheckAsync(leak, 2, "Impermeabilizar", null, ct, leaked);
        await CheckAsync(leak, 3, "Resanar y pintar", null, ct, leaked);

        var gate = await OrderAsync(
            new Work(
                "Bordes sensibles de la puerta vehicular", "PTA-01", today.AddDays(-2), WorkOrderState.Approval,
                "La inspección no se aprobó: los bordes no detienen la hoja.", Priority: WorkOrderPriority.High,
                Asked: 1_850_000, Quote: 6), ct);
        await QuoteAsync(6, gate, Andinas, 1_850_000, "Dos bordes y tarjeta de control", today.AddDays(-1), ct);
        await QuoteAsync(7, gate, Works, 2_300_000, null, today.AddDays(-1), ct);
        await StepsAsync(gate, today.AddDays(-2), ct, (0, WorkOrderStepKind.Made, null, null, staff), (1, WorkOrderStepKind.Asked, null, 1_850_000, staff));

        var lamps = await OrderAsync(
            new Work("Cambiar luces del parqueadero", null, today.AddDays(-1), WorkOrderState.Open, Place: "Sótano 1"), ct);
        await StepsAsync(lamps, today.AddDays(-1), ct, (0, WorkOrderStepKind.Made, null, null, staff));

        await PlanAsync("Lavado de tanques", string.Join('\n', TankChecks), "TAN-01", Cleaning, washed, 6, PlanUnit.Month, PlanCount.Completion,
            washed.AddMonths(6), tank, washed, washed, ct);
        await PlanAsync("Lavado del tanque alto", string.Join('\n', TankChecks), "TAN-02", Cleaning, today.AddDays(-3), 6, PlanUnit.Month,
            PlanCount.Completion, null, high, today.AddDays(-3), null, ct);
        var month = new DateOnly(today.Year, today.Month, 1).AddMonths(-1);
        await PlanAsync("Mantenimiento de ascensores", "Engrase de guías\nFreno y limitador\nPuertas y sensores\nIluminación de cabina", null, Andinas,
            month.AddMonths(-24).AddDays(30), 1, PlanUnit.Month, PlanCount.Start,
            PlanDates.After(month.AddMonths(-24).AddDays(30), 1, PlanUnit.Month, today.AddDays(10)), null, null, null, ct);
        await PlanAsync("Prueba de la planta eléctrica", "Arranque con carga\nNivel de combustible\nBatería", "PLE-01", null, today.AddDays(-360), 2,
            PlanUnit.Week, PlanCount.Start, PlanDates.After(today.AddDays(-360), 2, PlanUnit.Week, today.AddDays(4)), null, null, null, ct);

        await MeterAsync(ct);
        await _orders.FlushAsync(ct);
        await _steps.FlushAsync(ct);
        await _checks.FlushAsync(ct);
        await _quotes.FlushAsync(ct);
        await _meters.FlushAsync(ct);
        await _readings.FlushAsync(ct);
        await _plans.FlushAsync(ct);
        await _occurrences.FlushAsync(ct);
        await plan.Writer.ExecuteAsync(
            $"INSERT INTO work_order_cases (order_id, pqrs_id, created_at) SELECT {leak}, p.id, CURRENT_TIMESTAMP FROM pqrs AS p WHERE p.id = {DemoPqrs.Leak}",
            ct);
        var sequences = plan.Writer.Into("sequences", "name", "year", "last_number");
        foreach (var (year, number) in _numbers) await sequences.AddAsync(ct, WorkOrder.Series, year, number);
        await sequences.FlushAsync(ct);
    }

    private static readonly string[] TankChecks = ["Vaciar y cepillar", "Desinfectar y enjuagar", "Muestra al laboratorio"];

    private async Task<long> OrderAsync(Work work, CancellationToken ct)
    {
        var id = plan.Writer.NextId("work_orders");
        var year = work.Made.Year;
        var number = _numbers[year] = _numbers.GetValueOrDefault(year) + 1;
        await _orders.AddAsync(
            ct, id, FormattableString.Invariant($"{WorkOrder.Series}-{year}-{number:000000}"), work.Title, work.Description,
            work.Asset is { } asset ? assets[asset] : null, work.Place, work.Priority, work.State, work.Emergency,
            work.Emergency ? Pqrs.BusinessDays.Deadline(work.Made, ApprovalRules.RatifyDays, []) : null, work.Supplier,
            work.ByStaff ? plan.Staff.UserId : null, work.Due, work.Amount, work.Approved,
            work.Approved is null ? null : work.Act is null && work.Amount <= 500_000 ? plan.Staff.UserId : plan.Admin.UserId, work.Act, work.Asked,
            work.Asked is null ? null : ApprovalLevel.Administrator, work.Amount is null && work.Asked is null ? null : plan.Staff.UserId,
            work.Asked is null ? work.Quote : null, work.Asked is null ? null : work.Quote, work.Done, plan.Staff.UserId, plan.Until(work.Made, 8, 30));
        return id;
    }

    private async Task StepsAsync(
        long order, DateOnly from, CancellationToken ct, params (int Days, WorkOrderStepKind Kind, string? Note, decimal? Amount, long? By)[] steps)
    {
        for (var i = 0; i < steps.Length; i++)
        {
            var (days, kind, note, amount, by) = steps[i];
            await _steps.AddAsync(ct, order, kind, note, amount, by, plan.Until(from.AddDays(days), 8 + i, 35));
        }
    }

    private ValueTask CheckAsync(long order, int position, string text, DateOnly? done, CancellationToken ct, DateOnly? made = null) => _checks.AddAsync(
        ct, order, position, text, done is { } day ? plan.Until(day, 15, 0) : null, done is null ? null : plan.Staff.UserId,
        plan.Until(made ?? done!.Value, 8, 40));

    private async Task QuoteAsync(long id, long order, long supplier, decimal amount, string? note, DateOnly day, CancellationToken ct)
    {
        plan.Writer.StartAfter("work_order_quotes", id);
        await _quotes.AddAsync(ct, id, order, supplier, amount, note, plan.Staff.UserId, plan.Until(day, 11, 20));
    }

    private async Task PlanAsync(
        string title, string checks, string? asset, long? supplier, DateOnly starts, int every, PlanUnit unit, PlanCount count, DateOnly? next,
        long? order, DateOnly? due, DateOnly? done, CancellationToken ct)
    {
        var id = plan.Writer.NextId("maintenance_plans");
        await _plans.AddAsync(
            ct, id, title, null, checks, asset is null ? null : assets[asset], supplier, starts, every, unit, count, PlanShift.None, 7, next, true,
            null, null, null, plan.Staff.UserId, plan.Instant(plan.Today.AddMonths(-13), 10, 0));
        if (due is { } day) await _occurrences.AddAsync(ct, id, day, order, done, plan.Until(day.AddDays(-9), 6, 0));
    }

    /// <summary>The generator's hours, and the oil that is changed by them: 250 after it was changed at 1,000.</summary>
    private async Task MeterAsync(CancellationToken ct)
    {
        var (today, meter) = (plan.Today, plan.Writer.NextId("asset_meters"));
        await _meters.AddAsync(ct, meter, assets["PLE-01"], "Horas de uso", "h", plan.Instant(today.AddMonths(-13), 10, 0));
        foreach (var (days, value) in new[] { (150, 968m), (60, 1_040m), (30, 1_101.5m), (2, 1_170.5m) })
            await _readings.AddAsync(ct, meter, today.AddDays(-days), value, plan.Staff.UserId, plan.Until(today.AddDays(-days), 9, 15));
        var reaches = MeterForecast.Reaches(
            [new(today.AddDays(-60), 1_040), new(today.AddDays(-30), 1_101.5m), new(today.AddDays(-2), 1_170.5m)], 1_250);
        await _plans.AddAsync(
            ct, plan.Writer.NextId("maintenance_plans"), "Cambio de aceite de la planta", null, "Aceite y filtro\nCorreas\nArranque de prueba",
            assets["PLE-01"], null, today.AddDays(-110), 12, PlanUnit.Month, PlanCount.Completion, PlanShift.None, 7, reaches, true, meter, 250, 1_000m,
            plan.Staff.UserId, plan.Instant(today.AddMonths(-13), 10, 0));
    }
}
