using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Data.Notifications;
using Portal.Data.Operations;
using Portal.Data.Payments;

namespace Portal.Data.Collection;

/// <summary>
/// Each morning, for each apartment by itself and under its lock: looks whether its agreement is kept, and goes on to the stage that its
/// days late have reached. Begun anew it finds what is done: the key of the act and of the notification let nothing come twice.
/// </summary>
public sealed class CollectionJob(PortalStore store, BuildingClock clock) : JobHandler<DateOnly>(JobKind)
{
    public static readonly JobKind<DateOnly> JobKind = new("collection");

    /// <summary>When people are awake to read it.</summary>
    internal static readonly TimeOnly At = new(7, 0);

    public override async Task RunAsync(DateOnly day, CancellationToken ct)
    {
        BuildingSettings settings;
        List<long> apartments;
        await using (var db = await store.OpenAsync(CurrentUser.System, ct))
        {
            settings = await BuildingSettings.ReadAsync(db, ct);
            var (today, ahead) = (clock.Today, clock.Today.AddDays(settings.ReminderDays));
            apartments = await db.Charges.Where(c => c.Status == ChargeState.Open && c.DueOn <= ahead).Select(c => c.ApartmentId)
                .Union(db.CollectionFiles.Where(f => f.SpellOn != null).Select(f => f.ApartmentId))
                .Union(db.Agreements.Where(a => a.Live == true).Select(a => a.ApartmentId))
                .OrderBy(id => id).ToListAsync(ct);
        }

        foreach (var apartment in apartments)
        {
            var done = await store.WriteAsync(
                CurrentUser.System,
                async (db, token) =>
                {
                    if (!await ApartmentLedger.LockAsync(db, apartment, token)) return Result.Done;
                    await AgreementDesk.LookAtAsync(db, apartment, clock, token);
                    await StepAsync(db, apartment, settings, token);
                    return Result.Done;
                },
                ct);
            if (!done.Ok) throw new InvalidOperationException($"Collection of apartment {apartment} was refused: {done.Error!.Code}.");
        }
    }

    /// <summary>What stages come by themselves, and at how many days late.</summary>
    internal static IReadOnlyDictionary<CollectionStage, int> Thresholds(BuildingSettings settings) =>
        new (CollectionStage Stage, int Days)[]
        {
            (CollectionStage.Notice, settings.NoticeDays), (CollectionStage.SecondNotice, settings.SecondNoticeDays),
            (CollectionStage.Demand, settings.DemandDays), (CollectionStage.PreLegal, settings.PreLegalDays),
        }
        .Where(s => s.Days > 0).ToDictionary(s => s.Stage, s => s.Days);

    private async Task StepAsync(PortalDb db, long apartment, BuildingSettings settings, CancellationToken ct)
    {
        var today = clock.Today;
        var open = await FreeAsync(db, apartment, ct);
        var file = await db.CollectionFiles.SingleOrDefaultAsync(f => f.ApartmentId == apartment, ct);
        var late = open.FindAll(c => Overdue.IsPast(c.DueOn, today));
        if (late.Count == 0)
        {
            // What is agreed upon is still the same debt, should it break.
            if (!await db.Agreements.AnyAsync(a => a.ApartmentId == apartment && a.Live == true, ct)) file?.End();
        }
        else
        {
            if (file is null) db.CollectionFiles.Add(file = new CollectionFile(apartment));
            await BeginAsync(db, file, late.Min(c => c.DueOn), ct);
        }

        if (file?.IsDisputed(today) == true) return;
        if (settings.ReminderDays > 0)
        {
            foreach (var due in open.Where(c =>
                c.DueOn >= today && c.DueOn <= today.AddDays(settings.ReminderDays) && c.Kind != ChargeKind.Interest)
                .GroupBy(c => c.DueOn).OrderBy(g => g.Key))
            {
                if (!await db.CollectionActs.AnyAsync(
                    a => a.ApartmentId == apartment && a.SpellOn == due.Key && a.Stage == CollectionStage.Reminder, ct))
                    await ActAsync(db, apartment, due.Key, CollectionStage.Reminder, due.Key, due.Sum(c => c.Owed), null, null, clock, ct);
            }
        }

        if (late.Count == 0) return;
        var oldest = late.Min(c => c.DueOn);
        var days = today.DayNumber - oldest.DayNumber;
        var reached = Thresholds(settings).Where(s => days >= s.Value).Select(s => (CollectionStage?)s.Key).Max();
        if (reached is { } stage && file!.Reach(stage, today))
            await ActAsync(db, apartment, file.SpellOn!.Value, stage, oldest, late.Sum(c => c.Owed), null, null, clock, ct);
    }

    internal sealed record OpenDebt(long Id, ChargeKind Kind, DateOnly DueOn, decimal Owed);

    /// <summary>What is owed and not in a live agreement, nor interest on what is.</summary>
    internal static async Task<List<OpenDebt>> FreeAsync(PortalDb db, long apartment, CancellationToken ct) =>
        await db.Charges.AsNoTracking()
            .Where(c => c.ApartmentId == apartment && c.Status == ChargeState.Open && c.Owed > 0
                && !db.AgreementCharges.Any(a => a.Live == true && (a.ChargeId == c.Id || a.ChargeId == c.BaseChargeId)))
            .OrderBy(c => c.DueOn).ThenBy(c => c.Id)
            .Select(c => new OpenDebt(c.Id, c.Kind, c.DueOn, c.Owed)).ToListAsync(ct);

    internal static async Task BeginAsync(PortalDb db, CollectionFile file, DateOnly oldest, CancellationToken ct)
    {
        if (file.SpellOn is not null) return;
        var seen = await db.CollectionActs
            .Where(a => a.ApartmentId == file.ApartmentId && a.SpellOn == oldest && a.Stage != CollectionStage.Reminder)
            .Select(a => a.Stage).ToListAsync(ct);
        file.Begin(oldest, seen.Count == 0 ? null : seen.Max());
    }

    /// <summary>Writes a stage down and tells whoever answers for the apartment, in one write.</summary>
    /// <param name="oldest">The due day it speaks of.</param>
    internal static async Task ActAsync(
        PortalDb db, long apartment, DateOnly spell, CollectionStage stage, DateOnly oldest, decimal owed, string? note, long? by,
        BuildingClock clock, CancellationToken ct)
    {
        db.CollectionActs.Add(new CollectionAct
        {
            ApartmentId = apartment, SpellOn = spell, Stage = stage, DoneOn = clock.Today, DaysLate = clock.Today.DayNumber - oldest.DayNumber,
            Owed = owed, Note = note, DoneBy = by,
        });
        await db.SaveChangesAsync(ct);
        if (await db.Apartments.Where(a => a.Id == apartment).Select(a => (long?)a.Owner!.UserId).SingleOrDefaultAsync(ct)
            is not { } account) return;
        var (type, title) = stage switch
        {
            CollectionStage.Reminder => ("payment.reminder", "Recordatorio de pago"),
            CollectionStage.Notice => ("payment.late", "Aviso de mora"),
            CollectionStage.SecondNotice => ("payment.late_again", "Segundo aviso de mora"),
            CollectionStage.Demand => ("payment.demand", "Carta de cobro"),
            CollectionStage.PreLegal => ("payment.pre_legal", "Cobro prejurídico"),
            _ => ("payment.lawyer", "Cobro por abogado"),
        };
        var text = string.Create(CultureInfo.GetCultureInfo("es-CO"), $"$ {owed:N0}, {oldest:d 'de' MMMM 'de' yyyy}");
        await new NotificationDraft(
            type, RecipientType.Owner, title, text, $"/account/{apartment}", [new(Money: owed), new(Day: oldest)])
            .AddAsync(db, [account], ct, $"collection:{apartment}:{spell:yyyy-MM-dd}");
    }
}
