using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Notifications;
using Portal.Data.Operations;

namespace Portal.Data.Maintenance;

/// <summary>
/// Tells the office in good time that an inspection ends: on the first day that its kind says (usually sixty days before), thirty and seven
/// days before, on the day, and then every week until it is renewed; the same every week of one that was not passed. Each once.
/// </summary>
public sealed class InspectionReminders(PortalStore store, BuildingClock clock, ModuleStates modules) : JobHandler<DateOnly>(JobKind)
{
    public static readonly JobKind<DateOnly> JobKind = new("inspection_reminders");

    /// <summary>What the bell says.</summary>
    public const string Ending = "inspection.ending", Ended = "inspection.ended", Failed = "inspection.failed";

    private const int Month = 30, Week = 7;

    public override async Task RunAsync(DateOnly day, CancellationToken ct)
    {
        if (!await modules.IsOnAsync(Modules.Maintenance, ct)) return;
        var told = await store.WriteAsync(CurrentUser.System, TellAsync, ct);
        if (!told.Ok) throw new InvalidOperationException($"The reminders of inspections were refused: {told.Error!.Code}.");
    }

    /// <summary>
    /// Which reminder is due: it is told once for each of these names. Null while it is too early.
    /// </summary>
    /// <param name="left">Days to the last valid one; negative once it is over.</param>
    internal static string? Stage(int left, int notice) =>
        left > notice ? null
        : left > Month ? "first"
        : left > Week ? "month"
        : left > 0 ? "week"
        : string.Create(CultureInfo.InvariantCulture, $"over{-left / Week}");

    private async Task<Result> TellAsync(PortalDb db, CancellationToken ct)
    {
        var today = clock.Today;
        var standings = await db.StandingOf(db.Asked().AsNoTracking(), today)
            .Where(s => s.Rank != (int)InspectionState.Valid && s.Rank != (int)InspectionState.Missing)
            .OrderBy(s => s.Duty.Id)
            .Select(s => new
            {
                s.Duty.Id, s.Duty.AssetId, s.Duty.Asset!.Code, s.Duty.Asset.Name, Kind = s.Duty.Kind!.Name, s.Duty.Kind.NoticeDays, s.ValidUntil,
                s.LastFailed,
                FailedOn = db.Inspections.Where(i => i.DutyId == s.Duty.Id && i.WithdrawnAt == null).Max(i => (DateOnly?)i.DoneOn),
            })
            .ToListAsync(ct);
        if (standings.Count == 0) return Result.Done;
        var office = await db.UsersWith(Permissions.MaintenanceEdit).OrderBy(u => u.Id).Select(u => u.Id).ToListAsync(ct);
        List<(NotificationDraft Draft, long Account, string Key)> all = [];
        foreach (var one in standings)
        {
            var on = (one.LastFailed ? one.FailedOn : one.ValidUntil)!.Value;
            var left = on.DayNumber - today.DayNumber;
            if (Stage(left, one.NoticeDays) is not { } stage) continue;
            var type = one.LastFailed ? Failed : left < 0 ? Ended : Ending;
            // The same step has the same key on the day and on those after it, whatever the bell calls it by then.
            var step = string.Create(CultureInfo.InvariantCulture, $"{(one.LastFailed ? Failed : "inspection.due")}:{one.Id}:{on:yyyyMMdd}:{stage}");
            var what = $"{one.Kind}: {one.Code}, {one.Name}";
            var draft = new NotificationDraft(
                type, RecipientType.Admin,
                type switch { Failed => "Una inspección no fue aprobada", Ended => "Se venció una inspección", _ => "Se vence una inspección" },
                what, $"/maintenance/assets/{one.AssetId}", [new(Text: what), new(Day: on)]);
            all.AddRange(office.Select(account => (draft, account, string.Create(CultureInfo.InvariantCulture, $"{step}:{account}"))));
        }

        foreach (var chunk in all.Chunk(200)) await NotificationDraft.AddManyAsync(db, chunk, ct);
        return Result.Done;
    }
}
