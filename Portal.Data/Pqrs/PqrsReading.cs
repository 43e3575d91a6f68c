using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;

namespace Portal.Data.Pqrs;

/// <summary>Puts one case together for a reader.</summary>
internal static class PqrsReading
{
    private const int MostRelated = 6;

    public static async Task<PqrsDetail?> DetailAsync(PortalDb db, long id, CurrentUser user, BuildingClock clock, CancellationToken ct)
    {
        var head = await db.Pqrs.AsNoTracking().VisibleTo(user).Where(p => p.Id == id)
            .Select(p => new
            {
                Case = p,
                Category = p.Category!.Name,
                PetitionerUserId = p.Owner!.UserId,
                p.Owner.IsTenant,
                Petitioner = db.Profiles.Where(f => f.UserId == p.Owner.UserId).Min(f => f.FullName)
                    ?? p.Owner.User!.UserName,
                Tower = p.Apartment!.Tower!.Name,
                p.Apartment.ApartmentNumber,
                Assignee = db.Profiles.Where(f => f.UserId == p.AssignedTo).Min(f => f.FullName)
                    ?? p.Assignee!.UserName,
            })
            .SingleOrDefaultAsync(ct);
        if (head is null) return null;

        var c = head.Case;
        var pauses = await db
            .PqrsPauses.AsNoTracking()
            .Where(p => p.PqrsId == id)
            .OrderBy(p => p.StartedOn)
            .ThenBy(p => p.Id)
            .ToListAsync(ct);
        var entries = await EntriesAsync(db, c, head.PetitionerUserId, pauses, user, clock, ct);
        var related = await RelatedAsync(db, c, user, clock, ct);
        var (into, merged) = user.Can(Permissions.PqrsView) ? await MergedAsync(db, c, clock, ct) : (null, []);
        return new PqrsDetail(
            c.Id, c.Number ?? PqrsService.NumberOf(c.Id), c.Title, c.StatusId, c.Kind, head.Category,
            user.Can(Permissions.PqrsView) ? c.Priority : null, c.Channel, new PqrsPerson(head.PetitionerUserId, head.Petitioner ?? ""),
            c.OwnerId, head.IsTenant == true, c.ApartmentId is { } at ? new PqrsPlace(at, head.Tower, head.ApartmentNumber) : null,
            c.AssignedTo is { } who ? new PqrsPerson(who, head.Assignee ?? "") : null, Wall(c.CreatedAt), Wall(c.ResolvedAt),
            Wall(c.ClosedAt), c.ReopenedCount, c.Rating, c.VerificationCode, c.DueOn, ClockOf(c, pauses), entries, related,
            user.Can(Permissions.PqrsHandle), user.OwnerIds.Contains(c.OwnerId), c.CategoryId, into, merged,
            c.StatusId == PqrsState.WaitingForPetitioner && pauses.LastOrDefault(p => p.EndedOn is null) is { } open
                ? PqrsTerms.AnswerBy(open.StartedOn.AddDays(-1))
                : null);

        DateTime? Wall(DateTime? utc) => utc is { } instant ? clock.ToWall(instant) : null;

        PqrsClock? ClockOf(PqrsCase row, List<PqrsPause> held) =>
            row is { DueOn: { } due, DaysGiven: { } given and > 0 }
                ? PqrsClock.Of(
                    due, given, HeldOf(held), clock.Today,
                    PqrsFlow.IsActive(row.StatusId) ? null : DateOnly.FromDateTime(Wall(row.ResolvedAt ?? row.ClosedAt) ?? clock.Now))
                : null;
    }

    public static IReadOnlyList<HeldDays> HeldOf(IEnumerable<PqrsPause> pauses) =>
        [.. pauses.Select(p => new HeldDays(p.StartedOn, p.EndedOn))];

    private static async Task<List<PqrsEntry>> EntriesAsync(
        PortalDb db, PqrsCase c, long petitioner, List<PqrsPause> pauses, CurrentUser user, BuildingClock clock, CancellationToken ct)
    {
        var rows = await db
            .PqrsTracking.AsNoTracking()
            .Where(t => t.PqrsId == c.Id)
            .VisibleTo(user)
            .OrderBy(t => t.CreatedAt)
            .ThenBy(t => t.Id)
            .Select(t => new
            {
                Entry = t,
                Author = db.Profiles.Where(f => f.UserId == t.UserId).Min(f => f.FullName) ?? t.User!.UserName,
            })
            .ToListAsync(ct);
        var shown = rows.Select(r => r.Entry.Id).ToList();
        var files = (
            await db
                .PqrsAttachments.AsNoTracking()
                .Where(a => a.PqrsId == c.Id && (a.TrackingId == null || shown.Contains(a.TrackingId.Value)))
                .OrderBy(a => a.Id)
                .Select(a => new { a.TrackingId, File = new PqrsFileInfo(a.Id, a.FileName, a.ContentType, a.Size) })
                .ToListAsync(ct)
        ).ToLookup(a => a.TrackingId ?? (shown.Count > 0 ? shown[0] : 0), a => a.File);

        var entries = new List<PqrsEntry>(rows.Count);
        PqrsState? before = null;
        var resumed = 0;
        foreach (var row in rows)
        {
            var entry = row.Entry;
            int? held = null;
            if (before == PqrsState.WaitingForPetitioner && entry.StatusId != before && resumed < pauses.Count)
            {
                var pause = pauses[resumed++];
                held = pause.EndedOn is { } end ? BusinessDays.Between(pause.StartedOn.AddDays(-1), end.AddDays(-1)) : null;
            }

            var (due, text) = entry.Kind == PqrsEntryKind.Deadline ? PqrsDeadlineText.Read(entry.Comments) : (null, entry.Comments);
            if (entry.Kind == PqrsEntryKind.Filed) text = c.Description;
            // Which other case it was, and so whose, is the office's to know.
            if (entry.Kind is PqrsEntryKind.Merged or PqrsEntryKind.Unmerged && !user.Can(Permissions.PqrsView)) text = null;
            entries.Add(
                new PqrsEntry(
                    entry.Id, entry.Kind, entry.StatusId, before is null || before == entry.StatusId ? null : before, entry.Internal,
                    new PqrsPerson(entry.UserId, row.Author ?? ""), entry.UserId == petitioner || entry.Kind == PqrsEntryKind.Filed, text,
                    Wall(entry.CreatedAt), Wall(entry.SeenAt), held, due, [.. files[entry.Id]], entry.DueOn)
            );
            before = entry.StatusId;
        }

        return entries;

        DateTime? Wall(DateTime? utc) => utc is { } instant ? clock.ToWall(instant) : null;
    }

    private static async Task<(PqrsRelated? Into, List<PqrsMerged> Merged)> MergedAsync(
        PortalDb db, PqrsCase c, BuildingClock clock, CancellationToken ct)
    {
        var into = c.MergedIntoId is not { } other ? null
            : await db.Pqrs.AsNoTracking().Where(p => p.Id == other)
                .Select(p => new { p.Id, p.Number, p.Title, p.StatusId, p.CreatedAt }).SingleAsync(ct);
        var rows = await db.Pqrs.AsNoTracking().Where(p => p.MergedIntoId == c.Id).OrderBy(p => p.DueOn).ThenBy(p => p.Id)
            .Select(p => new
            {
                p.Id, p.Number, p.Title, p.StatusId, p.DueOn, p.ApartmentId, Tower = p.Apartment!.Tower!.Name, p.Apartment.ApartmentNumber,
                Petitioner = db.Profiles.Where(f => f.UserId == p.Owner!.UserId).Min(f => f.FullName) ?? p.Owner!.User!.UserName,
            })
            .ToListAsync(ct);
        return (
            into is null ? null
                : new PqrsRelated(
                    into.Id, into.Number ?? PqrsService.NumberOf(into.Id), into.Title, into.StatusId,
                    into.CreatedAt is { } at ? clock.ToWall(at) : null),
            rows.ConvertAll(p => new PqrsMerged(
                p.Id, p.Number ?? PqrsService.NumberOf(p.Id), p.Title, p.Petitioner ?? "",
                p.ApartmentId is { } place ? new PqrsPlace(place, p.Tower, p.ApartmentNumber) : null, p.StatusId, p.DueOn)));
    }

    /// <summary>Others of the same apartment; for a petitioner, of their own.</summary>
    private static async Task<List<PqrsRelated>> RelatedAsync(
        PortalDb db, PqrsCase c, CurrentUser user, BuildingClock clock, CancellationToken ct)
    {
        if (c.ApartmentId is not { } apartment) return [];
        var rows = await db
            .Pqrs.AsNoTracking()
            .VisibleTo(user)
            .Where(p => p.ApartmentId == apartment && p.Id != c.Id)
            .OrderByDescending(p => p.Id)
            .Take(MostRelated)
            .Select(p => new
            {
                p.Id,
                p.Number,
                p.Title,
                p.StatusId,
                p.CreatedAt,
            })
            .ToListAsync(ct);
        return
        [
            .. rows.Select(p => new PqrsRelated(
                p.Id, p.Number ?? PqrsService.NumberOf(p.Id), p.Title, p.StatusId, p.CreatedAt is { } at ? clock.ToWall(at) : null)),
        ];
    }
}

/// <summary>
/// An entry that moves the deadline holds the new last day before its reason: <c>2026-12-01 The part comes from abroad.</c>
/// </summary>
internal static class PqrsDeadlineText
{
    private const string Day = "yyyy-MM-dd";

    public static string Write(DateOnly due, string reason) =>
        $"{due.ToString(Day, System.Globalization.CultureInfo.InvariantCulture)} {reason}";

    public static (DateOnly? Due, string? Reason) Read(string? text) =>
        text is { Length: >= 10 } && DateOnly.TryParseExact(text[..10], Day, out var due) ? (due, text[10..].Trim()) : (null, text);
}
