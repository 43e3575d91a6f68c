using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Data.Notifications;
using Portal.Data.Operations;

namespace Portal.Data.Pets;

/// <summary>
/// Tells owners in good time that a vaccination ends: thirty days before, seven days before, and when it has ended. Each once, for each
/// day on which a vaccination ends: a new one is told of anew.
/// </summary>
public sealed class PetReminders(PortalStore store, BuildingClock clock) : JobHandler<DateOnly>(JobKind)
{
    public static readonly JobKind<DateOnly> JobKind = new("pet_reminders");

    /// <summary>What the bell says.</summary>
    public const string Ending = "pet.vaccination_ending", Ended = "pet.vaccination_ended";

    /// <summary>Days before the end on which somebody is told.</summary>
    public const int Early = 30, Late = 7;

    /// <summary>A vaccination that ended longer ago is nobody's surprise: an old census that is taken over tells nothing at once.</summary>
    private const int Past = 30;

    public override async Task RunAsync(DateOnly day, CancellationToken ct)
    {
        var told = await store.WriteAsync(CurrentUser.System, TellAsync, ct);
        if (!told.Ok) throw new InvalidOperationException($"The reminders of vaccinations were refused: {told.Error!.Code}.");
    }

    private async Task<Result> TellAsync(PortalDb db, CancellationToken ct)
    {
        var (today, first, last) = (clock.Today, clock.Today.AddDays(-Past), clock.Today.AddDays(Early));
        var pets = await db.Pets.AsNoTracking()
            .Where(p => p.VaccinationExpiresOn >= first && p.VaccinationExpiresOn <= last)
            .OrderBy(p => p.Id)
            .Select(p => new { p.Id, p.Name, On = p.VaccinationExpiresOn!.Value, p.Owner!.UserId })
            .ToListAsync(ct);
        List<(NotificationDraft Draft, long Account, string Key)> all = [];
        foreach (var pet in pets)
        {
            var left = pet.On.DayNumber - today.DayNumber;
            var stage = left < 0 ? "ended" : left <= Late ? "late" : "early";
            var what = pet.Name;
            all.Add((
                new NotificationDraft(
                    left < 0 ? Ended : Ending, RecipientType.Owner,
                    left < 0 ? "Se venció una vacuna de tu mascota" : "Se vence una vacuna de tu mascota", what, "/pets",
                    [new(Text: what), new(Day: pet.On)]),
                pet.UserId,
                string.Create(CultureInfo.InvariantCulture, $"pet:{pet.Id}:{pet.On:yyyyMMdd}:{stage}:{pet.UserId}")));
        }

        foreach (var chunk in all.Chunk(200)) await NotificationDraft.AddManyAsync(db, chunk, ct);
        return Result.Done;
    }
}
