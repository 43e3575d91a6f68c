using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Building;
using Portal.Data.Gate;
using Portal.Data.Notifications;
using Portal.Data.Operations;

namespace Portal.Data.Parking;

/// <summary>
/// Visitors' cars whose time is nearly or quite over: the host is told once before and once at the end, the office at the end and again
/// each half hour for some hours. The terminal gives the same alarms by itself, also without a line.
/// </summary>
public sealed class ParkingAlarms(PortalStore store, BuildingClock clock) : JobHandler<DateOnly>(JobKind)
{
    public static readonly JobKind<DateOnly> JobKind = new("parking_alarms");

    /// <summary>What the bells say.</summary>
    public const string Ending = "visit.parking_ending", HostOver = "visit.parking_over", OfficeOver = "parking.over";

    public override async Task RunAsync(DateOnly day, CancellationToken ct)
    {
        var told = await store.WriteAsync(CurrentUser.System, TellAsync, ct);
        if (!told.Ok) throw new InvalidOperationException($"The alarms of parking were refused: {told.Error!.Code}.");
    }

    private async Task<Result> TellAsync(PortalDb db, CancellationToken ct)
    {
        var (settings, now) = (await BuildingSettings.ReadAsync(db, ct), clock.Now);
        var cars = await ParkingRules.Inside(db).AsNoTracking().OrderBy(v => v.Id)
            .Select(v => new
            {
                v.Id, v.Kind, v.LicensePlate, v.VisitDate, v.EnterTime, Space = v.Parking == null ? null : v.Parking.SpaceNumber,
                Unit = UnitName.Of(v.Apartment) ?? "", Host = v.Host == null ? (long?)null : v.Host.UserId,
                Own = db.Vehicles.Any(o => o.LicensePlateKey == v.LicensePlateKey),
            })
            .ToListAsync(ct);
        List<long>? office = null;
        foreach (var car in cars.Where(c => !c.Own))
        {
            var limit = ParkingRules.Limit(settings, car.Kind);
            var stayed = now - car.VisitDate.ToDateTime(car.EnterTime!.Value);
            var due = ParkingRules.Alarms(settings, limit).TakeWhile(alarm => alarm <= stayed).ToList();
            if (due.Count == 0) continue;
            var (last, what) = (due[^1], $"{car.LicensePlate} · {car.Unit}{(car.Space is null ? "" : $" · {car.Space}")}");
            var over = last >= limit;
            IReadOnlyList<NotificationPart> about =
                [new(Text: what), new(Until: clock.ToUtc(car.VisitDate.ToDateTime(car.EnterTime!.Value) + limit))];
            var key = $"parking:{car.Id}";
            if (car.Host is { } host)
            {
                await new NotificationDraft(
                    over ? HostOver : Ending, RecipientType.Owner,
                    over ? "El carro de tu visita se pasó del tiempo" : "El carro de tu visita debe salir pronto", what, $"/visits/entries/{car.Id}", about).AddAsync(db, [host], ct, key);
            }

            if (!over) continue;
            office ??= await db.UsersWith(Permissions.ParkingEdit).Select(u => u.Id).ToListAsync(ct);
            await new NotificationDraft(
                OfficeOver, RecipientType.Admin, "Carro de visitante excedido", what, "/parking?show=over", about)
                .AddAsync(db, office, ct, $"{key}:{(int)last.TotalMinutes}");
        }

        return Result.Done;
    }
}
