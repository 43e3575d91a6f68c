using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Billing;
using Portal.Data.Building;
using Portal.Data.Operations;
using Portal.Data.Packages;

namespace Portal.Data.Home;

/// <summary>The first screen of each role, and the numbers beside the areas. Each is one trip to the database.</summary>
public sealed class HomeService(PortalStore store, BuildingClock clock, SettingsService settings, ArrearsByAge arrears)
{
    /// <summary>Needs <see cref="Permissions.PaymentsView"/> and <see cref="Permissions.PqrsView"/>.</summary>
    public async Task<Result<OfficeHome>> OfficeAsync(CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.PaymentsView) || !user.Can(Permissions.PqrsView)) return Error.Forbidden;
        return await OfficeHomeQuery.ReadAsync(store, clock, await settings.GetAsync(ct), arrears, ct);
    }

    /// <summary>The money of the month. Needs <see cref="Permissions.PaymentsView"/>; the books with <see cref="Permissions.LedgerView"/>.</summary>
    public async Task<Result<MoneyMonth>> MoneyAsync(CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.PaymentsView)) return Error.Forbidden;
        return await MoneyMonthQuery.ReadAsync(store, clock, arrears, user, ct);
    }

    /// <param name="apartment">Which of their apartments; another's, or null, is answered with their first.</param>
    /// <param name="user">Sees their own alone.</param>
    /// <param name="ct">Stops it.</param>
    public async Task<Result<OwnerHome>> OwnerAsync(long? apartment, CurrentUser user, CancellationToken ct) =>
        await WithInterestAsync(await OwnerHomeQuery.ReadAsync(store, clock, user, apartment, ct), user, ct);

    /// <summary>Where something is late, the interest of the days through today that is not written down yet: it is owed today.</summary>
    private async Task<OwnerHome> WithInterestAsync(OwnerHome home, CurrentUser user, CancellationToken ct)
    {
        if (home is not { Unit.Id: var unit, Money: { Overdue: > 0 } money }) return home;
        await using var db = await store.OpenAsync(user, ct);
        var accruing = await InterestLedger.AccruingAsync(db, unit, clock.Today, ct);
        return accruing.Count == 0 ? home : home with
        {
            Money = money with
            {
                Lines =
                [
                    .. money.Lines,
                    .. accruing.Select(c => new OwedLine(c.Kind, c.Concept, c.Period, c.DueOn, c.Owed, IsOverdue: true)),
                ],
            },
        };
    }

    /// <summary>Needs <see cref="Permissions.GateView"/>.</summary>
    public async Task<Result<GuardHome>> GuardAsync(CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.GateView)) return Error.Forbidden;
        return await GuardHomeQuery.ReadAsync(store, clock, await settings.GetAsync(ct), ct);
    }

    /// <summary>What waits in each area, as far as the person may see it, and their unread notifications.</summary>
    public async Task<Counters> CountersAsync(CurrentUser user, CancellationToken ct)
    {
        var today = clock.Today;
        var unit = user.ApartmentIds.Count > 0 ? user.ApartmentIds[0] : 0;
        await using var db = await store.OpenAsync(user, ct);
        var (seesPqrs, seesPayments, seesPackages, seesBackups) = (
            user.Can(Permissions.PqrsView), user.Can(Permissions.PaymentsView), user.Can(Permissions.PackagesView),
            user.Can(Permissions.OperationsView));
        return await db
                .Users.Where(u => u.Id == user.Id)
                .Select(u => new Counters(
                    db.Notifications.Count(n => n.RecipientId == u.Id && n.Read == false),
                    seesPqrs
                        ? db.Pqrs.Count(p =>
                            (p.StatusId == Pqrs.PqrsState.Open || p.StatusId == Pqrs.PqrsState.InProgress) && p.DueOn < today
                        )
                        : 0,
                    seesPayments ? db.Payments.Count(p => p.StatusId == Payments.PaymentState.Pending) : 0,
                    seesPackages ? db.Packages.Count(p => p.Status == PackageState.Waiting) : 0,
                    db.Apartments.Where(a => a.Id == unit).Select(a => UnitName.Of(a)).FirstOrDefault(),
                    seesBackups
                        ? db.BackupSets.Where(b => b.Outcome == Backups.BackupOutcome.Good).Max(b => (DateTime?)b.FinishedAt)
                        : null
                ))
                .FirstOrDefaultAsync(ct)
            ?? new Counters(0, 0, 0, 0, null, null);
    }
}

/// <param name="Unit">A resident's first apartment.</param>
/// <param name="LastBackup">When (UTC) the last good one was made; null for who does not see the machinery.</param>
public sealed record Counters(int Unread, int OverduePqrs, int PendingPayments, int WaitingPackages, string? Unit, DateTime? LastBackup);
