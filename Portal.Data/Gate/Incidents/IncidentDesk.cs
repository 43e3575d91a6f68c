using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Notifications;
using Portal.Data.Operations;

namespace Portal.Data.Gate;

/// <summary>What a terminal tells of incidents, within the transaction of its event.</summary>
internal static class IncidentDesk
{
    /// <summary>Photos of one incident.</summary>
    public const int MostPhotos = 5;

    public const int LongestText = 5000, LongestPlace = 200, LongestPeople = 500;

    private const int MostVisits = 20;

    /// <summary>What happened longer ago is written of as it is told.</summary>
    private static readonly TimeSpan Back = TimeSpan.FromDays(7);

    /// <summary>
    /// A new incident, with its number. What cannot be is set right rather than refused, except that it must say where and what; offices
    /// hear of it.
    /// </summary>
    public static async Task<Result> ReportAsync(PortalDb db, GateAct act, GateMoment moment, CancellationToken ct)
    {
        if (act.Word("place", LongestPlace) is not { } place || act.Word("text", LongestText) is not { } text) return Error.Required("Text");
        var apartment = act.Id("unit") is { } unit && await db.Apartments.AnyAsync(a => a.Id == unit, ct) ? unit : (long?)null;
        var photos = (int)Math.Clamp(act.Id("photos") ?? 0, 0, MostPhotos);
        var told = new IncidentReport(
            act.Chosen<IncidentKind>("type") ?? IncidentKind.Other, Happened(act, moment.At), moment.At, place, text,
            act.Word("people", LongestPeople), apartment, photos);
        var visits = await VisitsAsync(db, act, ct);
        // Last, so that others wait briefly for the series; a refused event gives its number back.
        var number = await Numbering.NextAsync(db, GateIncident.Series, moment.At.Year, ct);
        var incident = GateIncident.Of(number, act.Key, told, moment.Terminal, moment.Guard, act.Offline, moment.Doubt);
        db.GateIncidents.Add(incident);
        await db.SaveChangesAsync(ct);
        db.GateIncidentVisits.AddRange(visits.Select(v => new GateIncidentVisit { IncidentId = incident.Id, VisitorId = v }));
        var office = await db.UsersWith(Permissions.GateIncidents).Select(u => u.Id).ToListAsync(ct);
        await new NotificationDraft(
            "gate.incident", RecipientType.User, number, place, $"/gate/incidents/{incident.Id}", [new(Text: number), new(Text: place)])
            .AddAsync(db, office, ct, $"incident:{act.Key}");
        return Result.Done;
    }

    /// <summary>More to say of one that is open or closed, named by its id or by the event by which it was told.</summary>
    public static async Task<Result> AddAsync(PortalDb db, GateAct act, GateMoment moment, CancellationToken ct)
    {
        if (act.Word("text", LongestText) is not { } text) return Error.Required("Text");
        var (id, key) = (act.Id("incident"), Guid.TryParse(act.Word("of", 36), out var of) ? of.ToString() : null);
        var incident = await db.GateIncidents.Where(i => i.Id == id || i.ClientKey == key).OrderBy(i => i.Id).FirstOrDefaultAsync(ct);
        if (incident is null) return Error.NotFound;
        db.GateIncidentEntries.Add(
            new GateIncidentEntry
            {
                IncidentId = incident.Id, Kind = IncidentEntryKind.Added, Text = text, ById = moment.Guard, At = moment.At,
            });
        return Result.Done;
    }

    private static DateTime Happened(GateAct act, DateTime told) =>
        act.Wall("happened") is { } at && at <= told && told - at <= Back ? at : told;

    /// <summary>The visits that were chosen: by their row, or by the event of their entry where the terminal knew no more.</summary>
    private static async Task<List<long>> VisitsAsync(PortalDb db, GateAct act, CancellationToken ct)
    {
        var rows = act.Ids("visits", MostVisits);
        var keys = act.Keys("entries", MostVisits);
        var told = keys.Count == 0 ? []
            : await db.GateEvents.Where(e => keys.Contains(e.EventKey) && e.VisitorId != null).Select(e => e.VisitorId!.Value).ToListAsync(ct);
        List<long> named = [.. rows.Concat(told).Distinct()];
        return named.Count == 0 ? [] : await db.Visitors.Where(v => named.Contains(v.Id)).OrderBy(v => v.Id).Select(v => v.Id).ToListAsync(ct);
    }
}
