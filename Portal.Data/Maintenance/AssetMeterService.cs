using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;

namespace Portal.Data.Maintenance;

/// <summary>
/// Meters of the equipment: read with <see cref="Permissions.MaintenanceView"/>, written with <see cref="Permissions.MaintenanceEdit"/>.
/// What is read on one moves the next day of the plans that go by it.
/// </summary>
public sealed class AssetMeterService(PortalStore store, BuildingClock clock)
{
    /// <summary>Readings that are shown; all of them count.</summary>
    public const int Shown = 6;

    /// <summary>The highest that a counter shows.</summary>
    public const decimal Most = 999_999_999_999.99m;

    /// <summary>Those of a piece of equipment, by their names.</summary>
    public async Task<IReadOnlyList<MeterView>> ListAsync(long assetId, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.MaintenanceView)) return [];
        await using var db = await store.OpenAsync(user, ct);
        var meters = await db.AssetMeters.AsNoTracking().Where(m => m.AssetId == assetId).OrderBy(m => m.Name).ThenBy(m => m.Id)
            .Select(m => new { m.Id, m.Name, m.Unit }).ToListAsync(ct);
        List<MeterView> views = [];
        foreach (var meter in meters)
        {
            views.Add(new MeterView(
                meter.Id, meter.Name, meter.Unit,
                await db.AssetReadings.AsNoTracking().Where(r => r.MeterId == meter.Id).OrderByDescending(r => r.ReadOn).Take(Shown)
                    .Select(r => new MeterReadingRow(
                        r.Id, r.ReadOn, r.Value, r.Replaced,
                        db.Profiles.Where(p => p.UserId == r.ReadBy).OrderBy(p => p.Id).Select(p => p.FullName).FirstOrDefault()))
                    .ToListAsync(ct)));
        }

        return views;
    }

    /// <summary>A new meter of a piece of equipment.</summary>
    /// <returns>Its id. Refusals: <c>required</c>, <c>too_long</c>, <c>not_found</c>, <c>asset.retired</c>,
    /// <c>meter.name_taken</c>.</returns>
    public async Task<Result<long>> AddAsync(long assetId, MeterInput input, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.MaintenanceEdit)) return Error.Forbidden;
        List<Error> errors = [];
        if (input.Name.TrimToNull() is not { } name) errors.Add(Error.Required(nameof(input.Name)));
        else if (name.Length > 60) errors.Add(Error.TooLong(nameof(input.Name), 60));
        if (input.Unit.TrimToNull() is not { } unit) errors.Add(Error.Required(nameof(input.Unit)));
        else if (unit.Length > 20) errors.Add(Error.TooLong(nameof(input.Unit), 20));
        if (errors.Count > 0) return errors;
        var made = await store.WriteAsync<long>(
            user,
            async (db, token) =>
            {
                if (await AssetService.WhyNotAsync(db, assetId, null, token) is { } not) return not;
                var meter = new AssetMeter { AssetId = assetId, Name = input.Name!.Trim(), Unit = input.Unit!.Trim() };
                db.AssetMeters.Add(meter);
                await db.SaveChangesAsync(token);
                return meter.Id;
            },
            ct);
        return made.Error?.Code == "duplicate.uq_asset_meters_asset_name" ? new Error("meter.name_taken", nameof(MeterInput.Name)) : made;
    }

    /// <summary>
    /// Writes down what stands on a meter; of a day that has one already it is the other value. What is lower than before, or higher than
    /// after, is refused unless another counter begins with it.
    /// </summary>
    /// <returns>
    /// Refusals: <c>forbidden</c>, <c>not_found</c>, <c>required</c>, <c>meter.future</c>, <c>meter.old</c>, <c>meter.value</c>,
    /// <c>meter.lower</c> with the value and day before, <c>meter.higher</c> with those after, <c>meter.replaced_before</c> where another
    /// counter would begin before the last reading.
    /// </returns>
    public async Task<Result> ReadAsync(long meterId, MeterReadingInput input, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.MaintenanceEdit)) return Error.Forbidden;
        List<Error> errors = [];
        if (input.ReadOn is not { } day) errors.Add(Error.Required(nameof(input.ReadOn)));
        else if (day > clock.Today) errors.Add(new Error("meter.future", nameof(input.ReadOn)));
        else if (day < clock.Today.AddYears(-5)) errors.Add(new Error("meter.old", nameof(input.ReadOn)));
        if (input.Value is not { } value) errors.Add(Error.Required(nameof(input.Value)));
        else if (value is < 0 or > Most || value != decimal.Round(value, 2)) errors.Add(new Error("meter.value", nameof(input.Value)));
        if (errors.Count > 0) return errors;
        return await store.WriteAsync(
            user,
            async (db, token) =>
            {
                if (await db.AssetMeters.Where(m => m.Id == meterId).ForUpdate().SingleOrDefaultAsync(token) is null) return Error.NotFound;
                var (on, now) = (input.ReadOn!.Value, input.Value!.Value);
                var readings = await db.AssetReadings.Where(r => r.MeterId == meterId).OrderBy(r => r.ReadOn).ToListAsync(token);
                var there = readings.Find(r => r.ReadOn == on);
                var before = readings.LastOrDefault(r => r.ReadOn < on);
                var after = readings.Find(r => r.ReadOn > on);
                if (!input.Replaced && before is not null && now < before.Value)
                    return new Error("meter.lower", nameof(input.Value), before.Value, before.ReadOn);
                if (after is { Replaced: false } && now > after.Value) return new Error("meter.higher", nameof(input.Value), after.Value, after.ReadOn);
                // Only the counter that is there now is replaced: what was done by it is told by the new one from here on.
                if ((input.Replaced || there is { Replaced: true }) && after is not null)
                    return new Error("meter.replaced_before", nameof(input.Replaced), after.ReadOn);
                var shift = Shift(there, before) - (input.Replaced && before is not null ? before.Value - now : 0);
                if (there is null) db.AssetReadings.Add(there = new AssetReading { MeterId = meterId, ReadOn = on });
                (there.Value, there.Replaced, there.ReadBy) = (now, input.Replaced && before is not null, user.AccountId);
                var plans = await db.MaintenancePlans.Where(p => p.MeterId == meterId).OrderBy(p => p.Id).ForUpdate().ToListAsync(token);
                foreach (var plan in plans) plan.MeterFrom += shift;
                await db.SaveChangesAsync(token);
                foreach (var plan in plans.Where(p => p.NextOn is not null)) plan.NextOn = await PlanService.NextAsync(db, plan, clock.Today, token);
                return Result.Done;
            },
            ct);
    }

    /// <summary>What a reading that is written over had moved the plans by, to be taken back.</summary>
    private static decimal Shift(AssetReading? there, AssetReading? before) =>
        there is { Replaced: true } && before is not null ? before.Value - there.Value : 0;
}
