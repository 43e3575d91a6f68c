using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Building;
using Portal.Data.Operations;

namespace Portal.Data.Gate;

/// <summary>Who is inside, and the log of visits. What is written of them comes from the terminals (<see cref="GateEvents"/>).</summary>
public sealed class GateService(PortalStore store, BuildingClock clock, SettingsService settings, VisitLooks looks)
{
    private const int MostInside = 300;

    /// <summary>Everybody inside, who is longest over the limit first. Needs <see cref="Permissions.GateView"/>.</summary>
    public async Task<IReadOnlyList<Home.InsideVisitor>> InsideAsync(CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.GateView)) return [];
        var limits = await settings.GetAsync(ct);
        await using var db = await store.OpenAsync(user, ct);
        var rows = await db
            .Visitors.AsNoTracking()
            .Where(v => v.State == VisitorState.Inside && v.EnterTime != null)
            .OrderBy(v => v.VisitDate)
            .ThenBy(v => v.EnterTime)
            .ThenBy(v => v.Id)
            .Take(MostInside)
            .Select(v => new
            {
                v.Id,
                v.Name,
                v.Kind,
                v.People,
                v.VisitDate,
                v.EnterTime,
                Tower = v.Apartment == null ? "" : v.Apartment.Tower!.Name,
                Unit = UnitName.Of(v.Apartment) ?? "",
            })
            .ToListAsync(ct);
        var now = clock.Now;
        return
        [
            .. rows.Select(v => new Home.InsideVisitor(
                    v.Id,
                    v.Name,
                    v.Kind,
                    v.Tower,
                    v.Unit,
                    v.People,
                    v.VisitDate.ToDateTime(v.EnterTime!.Value),
                    limits.Overstay(v.Kind)
                ))
                .OrderByDescending(v => v.Overstays(now))
                .ThenBy(v => v.Entered),
        ];
    }

    /// <summary>
    /// The log of visits: all for the gate and the office, whose look is noted (<see cref="VisitLooks"/>); a resident's own for them.
    /// </summary>
    public async Task<Page<VisitRow>> LogAsync(ListQuery query, CurrentUser user, CancellationToken ct)
    {
        if (user.Can(Permissions.GateView)
            && await looks.NoteAsync(
                LookKind.Log,
                new VisitLooks.Details(
                    query.Filter("from"), query.Filter("to"), query.Search.TrimToNull(),
                    string.Join(' ', new[] { query.Filter("state"), query.Filter("kind") }.OfType<string>()).TrimToNull(), null),
                user, ct) is { Ok: false } refused)
            throw new InvalidOperationException($"The log of visits is not shown, for the look could not be noted: {refused.Error!.Code}.");
        await using var db = await store.OpenAsync(user, ct);
        var visits = db.Visitors.AsNoTracking().VisibleTo(user);
        if (query.Filter<VisitorState>("state") is { } state) visits = visits.Where(v => v.State == state);
        if (query.Filter<VisitorKind>("kind") is { } kind) visits = visits.Where(v => v.Kind == kind);
        if (query.FilterDate("from") is { } from) visits = visits.Where(v => v.VisitDate >= from);
        if (query.FilterDate("to") is { } to) visits = visits.Where(v => v.VisitDate <= to);
        if (query.Search?.Trim() is { Length: > 0 } text) visits = await visits.SearchedAsync(db, text, ct);

        var ordered = (query.Sort, query.Descending) switch
        {
            ("name", false) => visits.OrderBy(v => v.Name).ThenBy(v => v.Id),
            ("name", true) => visits.OrderByDescending(v => v.Name).ThenByDescending(v => v.Id),
            ("date", false) => visits.OrderBy(v => v.VisitDate).ThenBy(v => v.EnterTime).ThenBy(v => v.Id),
            _ => visits.OrderByDescending(v => v.VisitDate).ThenByDescending(v => v.EnterTime).ThenByDescending(v => v.Id),
        };
        var cases = user.Can(Permissions.PqrsHandle);
        return await ordered
            .Select(v => new VisitRow(
                v.Id, v.Name, v.Identification, v.Kind, v.State,
                UnitName.Of(v.Apartment) ?? "",
                db.Profiles.Where(p => p.UserId == v.Host!.UserId).Select(p => p.FullName).FirstOrDefault() ?? "",
                v.People, v.LicensePlate, v.VisitDate, v.EnterTime, v.ExitDate, v.ExitTime, v.AutoClosed,
                cases ? v.Pqrs!.Number : null))
            .PageAsync(query, ct);
    }

    internal static Task<long?> HostAsync(PortalDb db, long apartment, CancellationToken ct) =>
        db.Apartments.Where(a => a.Id == apartment).Select(a => a.OwnerId).FirstOrDefaultAsync(ct);
}
