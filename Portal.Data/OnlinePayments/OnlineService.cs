using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Building;
using Portal.Data.Ledger;
using Portal.Data.Payments;

namespace Portal.Data.OnlinePayments;

/// <summary>A payment over the gateway, in a list.</summary>
/// <param name="At">By the building's clock: when it was begun.</param>
/// <param name="PaymentId">Of the payment that it became.</param>
public sealed record OnlineRow(
    long Id, string Code, DateTime At, string Tower, string Apartment, string? Payer, decimal Amount, decimal? Received, OnlineState State,
    ReviewReason? Reason, long? PaymentId, string? Receipt);

/// <summary>Something the gateway said of it.</summary>
public sealed record OnlineEventRow(EventKind Kind, decimal? Amount, EventOutcome Outcome, DateTime? HappenedAt, DateTime? ToldAt);

/// <param name="Row">As in the list.</param>
/// <param name="PayAddress">Where it is paid, while that is possible.</param>
/// <param name="ExpiresAt">By the building's clock.</param>
/// <param name="Events">For the office alone.</param>
public sealed record OnlineDetails(
    OnlineRow Row, long ApartmentId, string Provider, string? ProviderId, string? PayAddress, DateTime? ExpiresAt, DateTime? AskedAt,
    DateTime? FinishedAt, IReadOnlyList<OnlineEventRow> Events)
{
    public bool Open => Row.State is OnlineState.Started or OnlineState.Pending;
}

/// <summary>What lies at the gateway, and what waits for the office.</summary>
/// <param name="AtGateway">Pesos received and not paid out yet, by the books.</param>
/// <param name="LastSettled">The last day on which it paid out; null: never.</param>
public sealed record GatewayFigures(decimal AtGateway, int Review, int Open, DateOnly? LastSettled);

internal static class OnlineQueries
{
    /// <summary>The building's, or those of the apartments that the person owns.</summary>
    public static IQueryable<OnlinePayment> VisibleTo(this IQueryable<OnlinePayment> payments, CurrentUser user)
    {
        if (user.Can(Permissions.PaymentsView)) return payments;
        if (!user.Can(Permissions.PaymentsPayOwn)) return payments.Where(p => false);
        var apartments = user.OwnedApartmentIds;
        return payments.Where(p => apartments.Contains(p.ApartmentId));
    }
}

/// <summary>Payments over the gateway, to read: the building's, or those of the apartments that the person owns.</summary>
public sealed class OnlineService(PortalStore store, BuildingClock clock)
{
    /// <summary>The newest first. Filters: <c>state</c>, <c>apartment</c>. Search: apartment, or the gateway's number.</summary>
    public async Task<Page<OnlineRow>> ListAsync(ListQuery query, CurrentUser user, CancellationToken ct)
    {
        await using var db = await store.OpenAsync(user, ct);
        var found = db.OnlinePayments.AsNoTracking().VisibleTo(user);
        if (query.Filter<OnlineState>("state") is { } state) found = found.Where(p => p.State == state);
        if (query.FilterNumber("apartment") is { } apartment) found = found.Where(p => p.ApartmentId == apartment);
        if (query.Search.TrimToNull() is { } typed)
        {
            var units = (await UnitSearch.ReadAsync(db, typed, ct)).Beginning(db);
            found = found.Where(p => p.ProviderId == typed || p.Code == typed || units.Any(a => a.Id == p.ApartmentId));
        }

        var page = await Rows(db, found.OrderByDescending(p => p.Id)).PageAsync(query, ct);
        return page with { Rows = [.. page.Rows.Select(r => r with { At = clock.ToWall(r.At) })] };
    }

    /// <returns>Null where there is none with this code in reach.</returns>
    public async Task<OnlineDetails?> FindAsync(string code, CurrentUser user, CancellationToken ct)
    {
        await using var db = await store.OpenAsync(user, ct);
        var one = db.OnlinePayments.AsNoTracking().VisibleTo(user).Where(p => p.Code == code);
        if (await one.SingleOrDefaultAsync(ct) is not { } payment) return null;
        var row = await Rows(db, one).SingleAsync(ct);
        var events = user.Can(Permissions.PaymentsView)
            ? await db.OnlineEvents.AsNoTracking().Where(e => e.OnlinePaymentId == payment.Id).OrderBy(e => e.Id)
                .Select(e => new OnlineEventRow(e.Kind, e.Amount, e.Outcome, e.HappenedAt, e.CreatedAt)).ToListAsync(ct)
            : [];
        return new OnlineDetails(
            row with { At = clock.ToWall(row.At) }, payment.ApartmentId, payment.Provider, payment.ProviderId,
            payment.State == OnlineState.Started && payment.ExpiresAt > clock.UtcNow ? payment.PayAddress : null, Wall(payment.ExpiresAt),
            Wall(payment.AskedAt), Wall(payment.FinishedAt),
            [.. events.Select(e => e with { HappenedAt = Wall(e.HappenedAt), ToldAt = Wall(e.ToldAt) })]);
    }

    /// <summary>Those of apartments that the person owns that are still open, or wait for the office; the newest first.</summary>
    public async Task<IReadOnlyList<OnlineRow>> OpenOwnAsync(CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.PaymentsPayOwn)) return [];
        await using var db = await store.OpenAsync(user, ct);
        var (apartments, now) = (user.OwnedApartmentIds, clock.UtcNow);
        var open = db.OnlinePayments.AsNoTracking().Where(p => apartments.Contains(p.ApartmentId)
            && (p.State == OnlineState.Pending || p.State == OnlineState.Review
                || (p.State == OnlineState.Started && p.PayAddress != null && p.ExpiresAt > now)));
        var rows = await Rows(db, open.OrderByDescending(p => p.Id).Take(10)).ToListAsync(ct);
        return [.. rows.Select(r => r with { At = clock.ToWall(r.At) })];
    }

    /// <summary>Needs <see cref="Permissions.PaymentsView"/>; null without it.</summary>
    public async Task<GatewayFigures?> FiguresAsync(CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.PaymentsView)) return null;
        await using var db = await store.OpenAsync(user, ct);
        var states = await db.OnlinePayments
            .Where(p => p.State == OnlineState.Review || p.State == OnlineState.Pending || p.State == OnlineState.Started)
            .GroupBy(p => p.State == OnlineState.Review).Select(g => new { Review = g.Key, Number = g.Count() }).ToListAsync(ct);
        var gateway = await db.LedgerAccounts.Where(a => a.Purpose == AccountPurpose.Gateway).Select(a => (long)a.Id).SingleAsync(ct);
        var sums = await Balances.ReadAsync(db, [gateway], clock.Today, ct);
        return new GatewayFigures(
            sums.GetValueOrDefault((int)gateway).Closing, states.Where(s => s.Review).Sum(s => s.Number),
            states.Where(s => !s.Review).Sum(s => s.Number), await db.OnlineSettlements.MaxAsync(s => (DateOnly?)s.PaidOn, ct));
    }

    private static IQueryable<OnlineRow> Rows(PortalDb db, IQueryable<OnlinePayment> payments) => payments.Select(p => new OnlineRow(
        p.Id, p.Code, p.CreatedAt!.Value, p.Apartment!.Tower!.Name, p.Apartment.ApartmentNumber,
        db.Profiles.Where(f => f.UserId == p.Owner!.UserId).OrderBy(f => f.Id).Select(f => f.FullName).FirstOrDefault(), p.Amount, p.Received,
        p.State, p.Reason, db.Payments.Where(x => x.OnlinePaymentId == p.Id).Select(x => (long?)x.Id).FirstOrDefault(),
        db.Payments.Where(x => x.OnlinePaymentId == p.Id).Select(x => x.ReceiptNumber).FirstOrDefault()));

    private DateTime? Wall(DateTime? utc) => utc is { } at ? clock.ToWall(at) : null;
}
