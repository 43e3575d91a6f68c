using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Building;
using Portal.Data.Pictures;
using Portal.Data.Pqrs;

namespace Portal.Data.Gate;

/// <summary>
/// Incidents of the gate for the office: what terminals told, in order of their numbers, with what was added. Nothing of it is changed.
/// </summary>
public sealed class IncidentService(PortalStore store, PictureDrawing drawing, PqrsFilingService filing, BuildingClock clock)
{
    /// <summary>In bytes: what a terminal sends of a photo.</summary>
    public const int LargestPhoto = 1024 * 1024;

    private const int MostOffered = 20;

    /// <summary>
    /// The latest first. Needs <see cref="Permissions.GateIncidents"/>. Filters: <c>state</c> (open, closed), <c>kind</c>, <c>from</c>,
    /// <c>to</c> (days on which it happened).
    /// </summary>
    public async Task<Page<IncidentRow>> ListAsync(ListQuery query, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.GateIncidents)) return Page<IncidentRow>.Empty;
        await using var db = await store.OpenAsync(user, ct);
        var incidents = db.GateIncidents.AsNoTracking();
        if (query.Filter<IncidentKind>("kind") is { } kind) incidents = incidents.Where(i => i.Kind == kind);
        incidents = query.Filter("state") switch
        {
            "open" => incidents.Where(i => i.ClosedAt == null),
            "closed" => incidents.Where(i => i.ClosedAt != null),
            _ => incidents,
        };
        if (query.FilterDate("from") is { } first)
        {
            var from = first.ToDateTime(TimeOnly.MinValue);
            incidents = incidents.Where(i => i.HappenedAt >= from);
        }

        if (query.FilterDate("to") is { } last)
        {
            var until = last.AddDays(1).ToDateTime(TimeOnly.MinValue);
            incidents = incidents.Where(i => i.HappenedAt < until);
        }

        if (query.Search?.Trim() is { Length: > 0 } text)
        {
            incidents = incidents.Where(i =>
                i.Number.Contains(text) || i.Place.Contains(text) || i.Text.Contains(text) || i.People!.Contains(text));
        }

        var ordered = (query.Sort, query.Descending) switch
        {
            ("happened", false) => incidents.OrderBy(i => i.HappenedAt).ThenBy(i => i.Id),
            ("happened", true) => incidents.OrderByDescending(i => i.HappenedAt).ThenByDescending(i => i.Id),
            ("number", false) => incidents.OrderBy(i => i.Number),
            _ => incidents.OrderByDescending(i => i.Number),
        };
        return await ordered
            .Select(i => new IncidentRow(
                i.Id, i.Number, i.Kind, i.HappenedAt, i.Place, UnitName.Of(i.Apartment),
                db.Profiles.Where(p => p.UserId == i.ReportedBy).Select(p => p.FullName).FirstOrDefault() ?? "",
                db.GateIncidentPhotos.Count(p => p.IncidentId == i.Id), i.Photos, i.ClosedAt == null, i.Pqrs!.Number))
            .PageAsync(query, ct);
    }

    /// <summary>Needs <see cref="Permissions.GateIncidents"/>; null without, and where there is none.</summary>
    public async Task<IncidentDetail?> FindAsync(long id, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.GateIncidents)) return null;
        await using var db = await store.OpenAsync(user, ct);
        var found = await db.GateIncidents.AsNoTracking().Where(i => i.Id == id)
            .Select(i => new
            {
                Incident = i, Unit = UnitName.Of(i.Apartment), Terminal = i.Terminal!.Name, Case = i.Pqrs!.Number,
                Guard = db.Profiles.Where(p => p.UserId == i.ReportedBy).Select(p => p.FullName).FirstOrDefault(),
                Petitioner = i.Apartment!.OwnerId,
                PetitionerName = db.Owners.Where(o => o.Id == i.Apartment!.OwnerId)
                    .Select(o => db.Profiles.Where(p => p.UserId == o.UserId).Select(p => p.FullName).FirstOrDefault()).FirstOrDefault(),
            })
            .SingleOrDefaultAsync(ct);
        if (found is null) return null;
        var photos = await db.GateIncidentPhotos.AsNoTracking().Where(p => p.IncidentId == id).OrderBy(p => p.Id).Select(p => p.Id)
            .ToListAsync(ct);
        var entries = await db.GateIncidentEntries.AsNoTracking().Where(e => e.IncidentId == id).OrderBy(e => e.At).ThenBy(e => e.Id)
            .Select(e => new IncidentEntry(
                e.Id, e.Kind, e.Text, db.Profiles.Where(p => p.UserId == e.ById).Select(p => p.FullName).FirstOrDefault(), e.At))
            .ToListAsync(ct);
        var visits = (await db.GateIncidentVisits.AsNoTracking().Where(v => v.IncidentId == id).OrderBy(v => v.VisitorId)
            .Select(v => new { Visit = v.Visitor!, Unit = UnitName.Of(v.Visitor!.Apartment) }).ToListAsync(ct))
            .ConvertAll(v => new IncidentVisit(v.Visit.Id, v.Visit.Name, v.Unit, v.Visit.State, v.Visit.Entered, v.Visit.WentOut));
        var it = found.Incident;
        return new IncidentDetail(
            it.Id, it.Number, it.Kind, it.HappenedAt, it.ReportedAt, it.Place, it.Text, it.People, it.ApartmentId, found.Unit, found.Terminal,
            found.Guard ?? "", it.Offline, it.TimeDoubt, it.Photos, it.ClosedAt is { } at ? clock.ToWall(at) : null, it.PqrsId, found.Case,
            found.Petitioner, found.PetitionerName, photos, entries, visits);
    }

    /// <summary>How many are open. Nothing without <see cref="Permissions.GateIncidents"/>.</summary>
    public async Task<int> OpenAsync(CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.GateIncidents)) return 0;
        await using var db = await store.OpenAsync(user, ct);
        return await db.GateIncidents.CountAsync(i => i.ClosedAt == null, ct);
    }

    /// <summary>The incidents of which a case was made. Needs <see cref="Permissions.GateIncidents"/>.</summary>
    public async Task<IReadOnlyList<IncidentRef>> OfCaseAsync(long pqrs, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.GateIncidents)) return [];
        await using var db = await store.OpenAsync(user, ct);
        return await db.GateIncidents.AsNoTracking().Where(i => i.PqrsId == pqrs).OrderBy(i => i.Id)
            .Select(i => new IncidentRef(i.Id, i.Number)).ToListAsync(ct);
    }

    /// <summary>Needs <see cref="Permissions.GateIncidents"/>; null without, and where there is none.</summary>
    /// <param name="small">As a page shows it.</param>
    public async Task<IncidentPicture?> PhotoAsync(long id, bool small, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.GateIncidents)) return null;
        await using var db = await store.OpenAsync(user, ct);
        return await db.GateIncidentPhotos.AsNoTracking().Where(p => p.Id == id)
            .Select(p => new IncidentPicture(
                p.Incident!.Number, small ? "image/webp" : p.ContentType, small ? p.Small : p.Content))
            .SingleOrDefaultAsync(ct);
    }

    /// <summary>
    /// A photo that a terminal has of an incident; sent again it is there already. Needs <see cref="Permissions.GateLog"/>, at a terminal
    /// that is enrolled.
    /// </summary>
    /// <param name="incident">The event by which the incident was told.</param>
    /// <param name="key">Made by the terminal for the photo.</param>
    /// <returns>
    /// Refusals: <c>forbidden</c>, <c>not_found</c> (the event has not arrived yet), <c>incident.photos</c> (it has five),
    /// <c>incident.photo</c> (larger than 1 MB, or no photo).
    /// </returns>
    public async Task<Result> KeepPhotoAsync(string? incident, string? key, byte[] content, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.GateLog)) return Error.Forbidden;
        if (!Guid.TryParse(incident, out var told) || !Guid.TryParse(key, out var photo)) return Error.NotFound;
        var (of, known) = (told.ToString(), photo.ToString());
        await using (var db = await store.OpenAsync(user, ct))
        {
            if (await db.GateIncidentPhotos.AnyAsync(p => p.ClientKey == known, ct)) return Result.Done;
            if (!await db.GateIncidents.AnyAsync(i => i.ClientKey == of, ct)) return Error.NotFound;
        }

        if (content.Length is 0 or > LargestPhoto) return new Error("incident.photo");
        var drawn = await drawing.DrawAsync(content, ct);
        if (!drawn.Ok) return new Error("incident.photo");
        return await store.WriteAsync(
            user,
            async (db, token) =>
            {
                // Photos of one incident are counted one after the other.
                var row = await db.GateIncidents.Where(i => i.ClientKey == of).ForUpdate().SingleOrDefaultAsync(token);
                if (row is null) return Error.NotFound;
                if (await db.GateIncidentPhotos.AnyAsync(p => p.ClientKey == known, token)) return Result.Done;
                if (await db.GateIncidentPhotos.CountAsync(p => p.IncidentId == row.Id, token) >= IncidentDesk.MostPhotos)
                    return new Error("incident.photos", null, IncidentDesk.MostPhotos);
                db.GateIncidentPhotos.Add(
                    new GateIncidentPhoto
                    {
                        IncidentId = row.Id, ClientKey = known, ContentType = drawn.Value.ContentType, Size = drawn.Value.Content.Length,
                        Content = drawn.Value.Content, Small = drawn.Value.Small, TakenBy = row.ReportedBy,
                    });
                return Result.Done;
            },
            ct
        );
    }

    /// <summary>More to say of it. Needs <see cref="Permissions.GateIncidents"/>.</summary>
    public Task<Result> AddAsync(long id, string? text, CurrentUser user, CancellationToken ct) =>
        ActAsync(id, IncidentEntryKind.Added, text, required: true, user, _ => Result.Done, ct);

    /// <summary>
    /// There is nothing more to do. Needs <see cref="Permissions.GateIncidents"/>. Its visits go when their time is over.
    /// </summary>
    /// <param name="text">What came of it.</param>
    public Task<Result> CloseAsync(long id, string? text, CurrentUser user, CancellationToken ct) =>
        ActAsync(id, IncidentEntryKind.Closed, text, required: true, user, incident => incident.Close(clock.UtcNow), ct);

    /// <summary>Needs <see cref="Permissions.GateIncidents"/>.</summary>
    public Task<Result> ReopenAsync(long id, string? text, CurrentUser user, CancellationToken ct) =>
        ActAsync(id, IncidentEntryKind.Reopened, text, required: false, user, incident => incident.Reopen(), ct);

    /// <summary>
    /// Visits of the days around it whose name, plate or document is like what was typed. Needs <see cref="Permissions.GateIncidents"/> and
    /// <see cref="Permissions.GateView"/>.
    /// </summary>
    public async Task<IReadOnlyList<IncidentVisit>> OfferAsync(long id, string? search, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.GateIncidents) || !user.Can(Permissions.GateView) || search?.Trim() is not { Length: > 1 } text) return [];
        await using var db = await store.OpenAsync(user, ct);
        if (await db.GateIncidents.Where(i => i.Id == id).Select(i => (DateTime?)i.HappenedAt).SingleOrDefaultAsync(ct) is not { } at) return [];
        var day = DateOnly.FromDateTime(at);
        var (from, until) = (day.AddDays(-2), day.AddDays(1));
        return
        [
            .. (await db.Visitors.AsNoTracking()
                .Where(v => v.VisitDate >= from && v.VisitDate <= until && v.EnterTime != null
                    && (v.Name.Contains(text) || v.LicensePlate!.Contains(text) || v.Identification.StartsWith(text))
                    && !db.GateIncidentVisits.Any(k => k.IncidentId == id && k.VisitorId == v.Id))
                .OrderByDescending(v => v.VisitDate).ThenByDescending(v => v.EnterTime).ThenBy(v => v.Id).Take(MostOffered)
                .Select(v => new { Visit = v, Unit = UnitName.Of(v.Apartment) }).ToListAsync(ct))
            .Select(v => new IncidentVisit(v.Visit.Id, v.Visit.Name, v.Unit, v.Visit.State, v.Visit.Entered, v.Visit.WentOut)),
        ];
    }

    /// <summary>Names a visit as part of it: its record stays as long as the incident is open. Needs <see cref="Permissions.GateIncidents"/>
    /// and <see cref="Permissions.GateView"/>.</summary>
    public async Task<Result> NameVisitAsync(long id, long visit, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.GateIncidents) || !user.Can(Permissions.GateView)) return Error.Forbidden;
        return await store.WriteAsync(
            user,
            async (db, token) =>
            {
                if (!await db.GateIncidents.LockAsync(id, token)) return Error.NotFound;
                if (await db.Visitors.SingleOrDefaultAsync(v => v.Id == visit, token) is not { } found) return Error.NotFound;
                if (await db.GateIncidentVisits.AnyAsync(v => v.IncidentId == id && v.VisitorId == visit, token)) return Result.Done;
                db.GateIncidentVisits.Add(new GateIncidentVisit { IncidentId = id, VisitorId = visit });
                // Without the name: this line stays when the visit's record goes.
                db.GateIncidentEntries.Add(Entry(id, IncidentEntryKind.Visit, null, user));
                return Result.Done;
            },
            ct
        );
    }

    /// <summary>
    /// Makes a case of it, with its photos, each linked to the other. Needs <see cref="Permissions.GateIncidents"/> and
    /// <see cref="Permissions.PqrsHandle"/>.
    /// </summary>
    /// <returns>
    /// Refusals: <c>forbidden</c>, <c>not_found</c>, <c>incident.filed</c>, <c>required</c> with <c>OwnerId</c> where nobody answers for an
    /// apartment and none was named, and what <see cref="PqrsFilingService.FileForAsync(PqrsDeskFiling, CurrentUser, CancellationToken)"/>
    /// refuses.
    /// </returns>
    public async Task<Result<PqrsFiled>> FileAsync(long id, IncidentFiling how, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.GateIncidents) || !user.Can(Permissions.PqrsHandle)) return Error.Forbidden;
        return await store.WriteAsync<PqrsFiled>(
            user,
            async (db, token) =>
            {
                var incident = await db.GateIncidents.Where(i => i.Id == id).ForUpdate().SingleOrDefaultAsync(token);
                if (incident is null) return Error.NotFound;
                if (incident.PqrsId is not null) return new Error("incident.filed");
                var home = incident.ApartmentId is { } unit
                    ? await db.Apartments.Where(a => a.Id == unit).Select(a => a.OwnerId).SingleOrDefaultAsync(token)
                    : null;
                var owner = how.OwnerId ?? home;
                if (owner is null) return Error.Required(nameof(IncidentFiling.OwnerId));
                var photos = await db.GateIncidentPhotos.AsNoTracking().Where(p => p.IncidentId == id).OrderBy(p => p.Id)
                    .Select(p => new { p.Id, p.Content }).ToListAsync(token);
                var filed = await filing.FileForAsync(
                    db,
                    new PqrsDeskFiling(
                        owner, PqrsChannel.Desk, PqrsPriority.Medium,
                        new PqrsFiling(
                            how.Kind, how.CategoryId, owner == home ? incident.ApartmentId : null, how.Title, how.Description,
                            [.. photos.Select((p, n) => new PqrsUpload($"{incident.Number}-{n + 1}", p.Content))])),
                    user, token);
                if (!filed.Ok) return filed;
                var linked = incident.FileAs(filed.Value.Id);
                if (!linked.Ok) return Result<PqrsFiled>.Refused(linked);
                db.GateIncidentEntries.Add(Entry(id, IncidentEntryKind.Filed, filed.Value.Number, user));
                return filed;
            },
            ct
        );
    }

    private async Task<Result> ActAsync(
        long id, IncidentEntryKind kind, string? text, bool required, CurrentUser user, Func<GateIncident, Result> act, CancellationToken ct)
    {
        if (!user.Can(Permissions.GateIncidents)) return Error.Forbidden;
        var said = text.TrimToNull();
        if (required && said is null) return Error.Required("Text");
        if (said?.Length > IncidentDesk.LongestText) return Error.TooLong("Text", IncidentDesk.LongestText);
        return await store.WriteAsync(
            user,
            async (db, token) =>
            {
                if (await db.GateIncidents.Where(i => i.Id == id).ForUpdate().SingleOrDefaultAsync(token) is not { } incident)
                    return Error.NotFound;
                if (act(incident) is { Ok: false } refused) return refused;
                db.GateIncidentEntries.Add(Entry(id, kind, said, user));
                return Result.Done;
            },
            ct
        );
    }

    private GateIncidentEntry Entry(long id, IncidentEntryKind kind, string? text, CurrentUser user) =>
        new() { IncidentId = id, Kind = kind, Text = text, ById = user.AccountId, At = clock.Now };
}
