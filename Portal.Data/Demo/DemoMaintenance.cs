namespace Portal.Data.Demo;

/// <summary>
/// The demo's equipment: lifts of which one's inspection ends soon and one's has ended, a gate that was not passed, a tank that nobody had
/// cleaned yet, and a pump that is gone.
/// </summary>
internal static class DemoMaintenance
{
    /// <summary>As migration 0071 numbers the kinds.</summary>
    private const int Lift = 1, Gate = 2, Tank = 3, Extinguisher = 4, Gas = 5;

    /// <summary>Of <see cref="DemoExpenses"/>: who maintains lifts and pumps.</summary>
    private const int Andinas = 4;

    private const string Certifier = "Certificadora Altura S. A. S.";

    private sealed record Piece(
        string Code, string Name, string Kind, int? Tower, string? Place, string? Maker, int? Supplier, int YearsOld, int? WarrantyDays = null,
        bool Retired = false);

    public static async Task WriteAsync(DemoPlan plan, CancellationToken ct)
    {
        await plan.Writer.ExecuteAsync("UPDATE modules SET enabled = 1 WHERE name = 'maintenance'", ct);
        var today = plan.Today;
        var towers = plan.Apartments.Select(a => (a.TowerId, a.Tower)).Distinct().OrderBy(t => t.TowerId).Take(3).ToList();
        var assets = plan.Writer.Into(
            "assets", "id", "code", "name", "kind", "tower_id", "place", "maker", "supplier_id", "installed_on", "warranty_until", "retired_on",
            "retired_reason", "created_at");
        var duties = plan.Writer.Into("inspection_duties", "id", "asset_id", "kind_id", "created_at");
        Dictionary<string, long> codes = [];
        var done = plan.Writer.Into(
            "inspections", "id", "duty_id", "done_on", "passed", "valid_until", "issuer", "certificate_number", "note", "recorded_by", "created_at");

        for (var i = 0; i < towers.Count; i++)
        {
            var lift = await AddAsync(new Piece(
                $"ASC-{i + 1:00}", $"Ascensor de la torre {towers[i].Tower}", "Ascensor", towers[i].TowerId, null, "Andina", Andinas, 9));
            var duty = await AskAsync(lift, Lift);
            DateOnly[] ends = [today.AddDays(165), today.AddDays(20), today.AddDays(-5)];
            foreach (var year in new[] { 2, 1 }) await PassAsync(duty, ends[i].AddYears(-year), 12, Certifier, $"ASC-{ends[i].Year - year}-{i + 1:000}");
        }

        var door = await AskAsync(
            await AddAsync(new Piece("PTA-01", "Puerta vehicular", "Puerta eléctrica", null, "Portería", "Motoriza", Andinas, 5)), Gate);
        await PassAsync(door, today.AddDays(-3).AddYears(-1), 12, Certifier, $"PTA-{today.Year - 1}-017");
        await FailAsync(door, today.AddDays(-3), Certifier, "Los bordes sensibles no detienen la hoja.");
        await PassAsync(
            await AskAsync(await AddAsync(new Piece("TAN-01", "Tanque bajo", "Tanque de agua", null, "Sótano", null, null, 11)), Tank),
            today.AddDays(-100), 6, "Aseo y Jardines La Sabana S. A. S.", null);
        await AskAsync(await AddAsync(new Piece("TAN-02", "Tanque alto", "Tanque de agua", towers[0].TowerId, "Cubierta", null, null, 11)), Tank);
        await PassAsync(
            await AskAsync(await AddAsync(new Piece("EXT-01", "Extintores de zonas comunes", "Extintores", null, "24 en pisos y sótano", null, null, 3)),
                Extinguisher),
            today.AddDays(-50), 12, "Extintores del Norte S. A. S.", "4471");
        await PassAsync(
            await AskAsync(await AddAsync(new Piece("GAS-01", "Red interna de gas", "Gas", null, "Zonas comunes", null, null, 11)), Gas),
            today.AddMonths(-38), 60, "Inspecciones Llama Azul S. A. S.", "LA-20931");
        await AddAsync(new Piece("PLE-01", "Planta eléctrica", "Planta eléctrica", null, "Sótano", "Voltia", null, 2, WarrantyDays: 90));
        await AddAsync(new Piece("BOM-01", "Bomba de presión", "Bomba", null, "Cuarto de bombas", "Hidra", Andinas, 1, WarrantyDays: 400));
        await AddAsync(new Piece("BOM-00", "Bomba de presión anterior", "Bomba", null, "Cuarto de bombas", "Hidra", Andinas, 12, Retired: true));
        await assets.FlushAsync(ct);
        await duties.FlushAsync(ct);
        await done.FlushAsync(ct);
        await new DemoWorkOrders(plan, codes).WriteAsync(ct);
        plan.Progress.Report("maintenance");

        async Task<long> AddAsync(Piece piece)
        {
            var (id, installed) = (plan.Writer.NextId("assets"), today.AddYears(-piece.YearsOld));
            codes[piece.Code] = id;
            await assets.AddAsync(
                ct, id, piece.Code, piece.Name, piece.Kind, piece.Tower, piece.Place, piece.Maker, piece.Supplier, installed,
                piece.WarrantyDays is { } days ? today.AddDays(days) : null, piece.Retired ? today.AddYears(-1) : null,
                piece.Retired ? "Se cambió: el motor ya no se conseguía" : null, plan.Instant(today.AddMonths(-14), 9, 0));
            return id;
        }

        async Task<long> AskAsync(long asset, int kind)
        {
            var id = plan.Writer.NextId("inspection_duties");
            await duties.AddAsync(ct, id, asset, kind, plan.Instant(today.AddMonths(-14), 9, 10));
            return id;
        }

        async Task PassAsync(long duty, DateOnly day, int months, string issuer, string? number) => await done.AddAsync(
            ct, plan.Writer.NextId("inspections"), duty, day, true, day.AddMonths(months), issuer, number, null, plan.Staff.UserId,
            plan.Instant(day, 16, 0));

        async Task FailAsync(long duty, DateOnly day, string issuer, string note) => await done.AddAsync(
            ct, plan.Writer.NextId("inspections"), duty, day, false, null, issuer, null, note, plan.Staff.UserId, plan.Instant(day, 16, 0));
    }
}
