using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Notifications;
using Portal.Data.Operations;

namespace Portal.Data.Privacy;

/// <summary>
/// What people ask of their own data. Everybody who is signed in files and follows their own;
/// <see cref="Permissions.PrivacyHandle"/> sees all.
/// </summary>
public sealed class DataRequestService(PortalStore store, BuildingClock clock)
{
    /// <summary>In letters.</summary>
    public const int LongestText = 5000;

    /// <summary>Of one person at a time, so that nobody drowns the others.</summary>
    public const int MostOpen = 5;

    /// <summary>Of <see cref="Numbering"/>: hábeas data.</summary>
    internal const string Series = "HD";

    /// <summary>A person's own, the latest first. Nothing for who is not signed in.</summary>
    public async Task<Page<DataRequestRow>> MineAsync(ListQuery query, CurrentUser user, CancellationToken ct)
    {
        if (user.AccountId is not { } id) return Page<DataRequestRow>.Empty;
        await using var db = await store.OpenAsync(user, ct);
        return await Rows(db.DataRequests.AsNoTracking().Where(r => r.UserId == id).OrderByDescending(r => r.Id)).PageAsync(query, ct);
    }

    /// <returns>Null where there is none, or it is another's and the reader is not the office.</returns>
    public async Task<DataRequestView?> FindAsync(long id, CurrentUser user, CancellationToken ct)
    {
        await using var db = await store.OpenAsync(user, ct);
        var found = await Visible(db, user).AsNoTracking().Include(r => r.Entries).SingleOrDefaultAsync(r => r.Id == id, ct);
        if (found is null) return null;
        var office = user.Can(Permissions.PrivacyHandle);
        var people = found.Entries.Select(e => e.ById).OfType<long>().Distinct().ToList();
        Dictionary<long, string> names = [];
        if (office)
        {
            var profiles = await db.Profiles.AsNoTracking().Where(p => people.Contains(p.UserId)).OrderBy(p => p.Id)
                .Select(p => new { p.UserId, p.FullName }).ToListAsync(ct);
            foreach (var profile in profiles) names.TryAdd(profile.UserId, profile.FullName);
        }

        var claim = DataRequestTerms.IsClaim(found.Kind);
        return new DataRequestView(
            Row(found), found.Channel, found.Contact, found.Text, found.CountsFrom, found.NotedOn,
            claim && found.DueOn is not null ? DataRequestTerms.NoteBy(found.CountsFrom) : null,
            claim && found.AskedOn is null && !found.IsOver ? DataRequestTerms.AskBy(found.ReceivedOn) : null,
            found is { IsOver: false, ExtendedOn: null, DueOn: { } due } && clock.Today <= due
                ? DataRequestTerms.Extended(found.Kind, due)
                : null,
            [
                .. found.Entries.OrderBy(e => e.At).ThenBy(e => e.Id).Select(e => new DataRequestEvent(
                    e.Id, e.Kind, e.Text, e.ById is { } by ? names.GetValueOrDefault(by) : null,
                    e.ById is not null && e.ById == found.UserId, clock.ToWall(e.At))),
            ],
            found.UserId is not null && found.UserId == user.AccountId);
    }

    /// <summary>Somebody asks something of their own data.</summary>
    /// <returns>
    /// Its id. Refusals: <c>forbidden</c>, <c>required</c>, <c>too_long</c>, <c>data_request.many</c> with how many are open.
    /// </returns>
    public async Task<Result<long>> FileAsync(DataRequestFiling filing, CurrentUser user, CancellationToken ct)
    {
        if (user.AccountId is not { } id) return Error.Forbidden;
        var errors = Check(filing);
        if (errors.Count > 0) return errors;
        return await store.WriteAsync<long>(user, async (db, token) =>
        {
            // Two tabs that file at once are counted one after the other.
            if (!await db.Users.LockAsync(id, token)) return Error.Forbidden;
            var open = await db.DataRequests.CountAsync(
                r => r.UserId == id && (r.State == DataRequestState.Open || r.State == DataRequestState.Incomplete), token);
            if (open >= MostOpen) return new Error("data_request.many", null, open);
            return await AddAsync(
                db, filing,
                new DataRequest { UserId = id, PersonName = await NameAsync(db, id, token), Channel = DataRequestChannel.Portal },
                clock.Today, user, token);
        }, ct);
    }

    /// <summary>
    /// What was missing in a claim: its person sends it, or the office writes down what they brought. Its days begin. Refuses with
    /// <c>not_found</c>, <c>required</c>, <c>too_long</c>, <c>data_request.complete</c>.
    /// </summary>
    public Task<Result> CompleteAsync(long id, string? text, CurrentUser user, CancellationToken ct) => ActAsync(
        id, text, user, DataRequestStep.Completed, (request, _) => request.Complete(clock.Today),
        (db, request, said, token) => TellOfficeAsync(db, request, "privacy.completed", user, token), ct);

    /// <summary>
    /// The claims that are being decided about a person's data: the note that the law wants beside it. For who sees people
    /// (<see cref="Permissions.PeopleView"/>), for the office, and of oneself.
    /// </summary>
    public async Task<IReadOnlyList<DataNote>> NotesAsync(long accountId, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.PeopleView) && !user.Can(Permissions.PrivacyHandle) && user.AccountId != accountId) return [];
        await using var db = await store.OpenAsync(user, ct);
        return await db.DataRequests.AsNoTracking()
            .Where(r => r.UserId == accountId && r.State == DataRequestState.Open && r.NotedOn != null)
            .OrderBy(r => r.Id).Select(r => new DataNote(r.Id, r.Number, r.Kind, r.NotedOn!.Value)).ToListAsync(ct);
    }

    internal static IQueryable<DataRequest> Visible(PortalDb db, CurrentUser user) =>
        user.Can(Permissions.PrivacyHandle) ? db.DataRequests
        : user.AccountId is { } own ? db.DataRequests.Where(r => r.UserId == own)
        : db.DataRequests.Where(r => false);

    internal static IQueryable<DataRequestRow> Rows(IQueryable<DataRequest> requests) => requests.Select(r => new DataRequestRow(
        r.Id, r.Number, r.PersonName, r.UserId, r.Kind, r.State, r.ReceivedOn, r.DueOn, r.AskedOn, r.ExtendedOn != null, r.AnsweredOn,
        r.Outcome));

    private static DataRequestRow Row(DataRequest r) => new(
        r.Id, r.Number, r.PersonName, r.UserId, r.Kind, r.State, r.ReceivedOn, r.DueOn, r.AskedOn, r.ExtendedOn is not null, r.AnsweredOn,
        r.Outcome);

    internal static List<Error> Check(DataRequestFiling filing)
    {
        List<Error> errors = [];
        if (filing.Kind is not { } kind || !Enum.IsDefined(kind)) errors.Add(Error.Required(nameof(filing.Kind)));
        errors.AddRange(Said(filing.Text));
        return errors;
    }

    internal static List<Error> Said(string? text) => text.TrimToNull() switch
    {
        null => [Error.Required(nameof(DataRequestFiling.Text))],
        { Length: > LongestText } => [Error.TooLong(nameof(DataRequestFiling.Text), LongestText)],
        _ => [],
    };

    internal static async Task<string> NameAsync(PortalDb db, long account, CancellationToken ct) =>
        await db.Profiles.Where(p => p.UserId == account).Select(p => p.FullName).FirstOrDefaultAsync(ct)
        ?? await db.Users.Where(u => u.Id == account).Select(u => u.UserName).SingleAsync(ct) ?? "";

    internal async Task<Result<long>> AddAsync(
        PortalDb db, DataRequestFiling filing, DataRequest request, DateOnly received, CurrentUser user, CancellationToken ct)
    {
        (request.Kind, request.Text) = (filing.Kind!.Value, filing.Text!.Trim());
        request.Receive(received, clock.Today);
        request.Number = await Numbering.NextAsync(db, Series, clock.Today.Year, ct);
        request.Entries.Add(Entry(DataRequestStep.Filed, null, user));
        if (request.NotedOn is not null) request.Entries.Add(Entry(DataRequestStep.Noted, null, CurrentUser.System));
        db.DataRequests.Add(request);
        await db.SaveChangesAsync(ct);
        await TellOfficeAsync(db, request, "privacy.filed", user, ct);
        return request.Id;
    }

    internal DataRequestEntry Entry(DataRequestStep kind, string? text, CurrentUser user) =>
        new() { Kind = kind, Text = text, ById = user.AccountId, At = clock.UtcNow };

    /// <summary>Answers it within a write that does what it asks for, and tells its person.</summary>
    internal async Task<Result> AnswerInAsync(
        PortalDb db, DataRequest request, DataRequestOutcome outcome, string text, CurrentUser user, CancellationToken ct)
    {
        var done = request.Answer(outcome, clock.Today);
        if (!done.Ok) return done;
        var entry = Entry(DataRequestStep.Answered, text, user);
        entry.RequestId = request.Id;
        db.DataRequestEntries.Add(entry);
        await db.SaveChangesAsync(ct);
        await DataRequestDesk.TellAsync(db, request, "privacy.answered", null, null, ct);
        return Result.Done;
    }

    /// <summary>One act on a request that the person may see, with its line in the history.</summary>
    /// <param name="then">What follows once it is saved; its third is what was said.</param>
    internal async Task<Result> ActAsync(
        long id, string? text, CurrentUser user, DataRequestStep step, Func<DataRequest, string, Result> act,
        Func<PortalDb, DataRequest, string, CancellationToken, Task> then, CancellationToken ct, bool needsText = true)
    {
        var errors = needsText || !string.IsNullOrWhiteSpace(text) ? Said(text) : [];
        return await store.WriteAsync(user, async (db, token) =>
        {
            var request = await Visible(db, user).Where(r => r.Id == id).ForUpdate().SingleOrDefaultAsync(token);
            if (request is null) return Error.NotFound;
            if (errors.Count > 0) return errors;
            var said = text.TrimToNull() ?? "";
            var noted = request.NotedOn;
            var done = act(request, said);
            if (!done.Ok) return done;
            var entry = Entry(step, said.Length == 0 ? null : said, user);
            entry.RequestId = id;
            db.DataRequestEntries.Add(entry);
            if (noted is null && request.NotedOn is not null && step != DataRequestStep.Noted)
            {
                var note = Entry(DataRequestStep.Noted, null, CurrentUser.System);
                note.RequestId = id;
                db.DataRequestEntries.Add(note);
            }

            await db.SaveChangesAsync(token);
            await then(db, request, said, token);
            return Result.Done;
        }, ct);
    }

    /// <summary>All who answer such requests hear of it, but the one who did it.</summary>
    private static async Task TellOfficeAsync(PortalDb db, DataRequest request, string type, CurrentUser user, CancellationToken ct)
    {
        var office = await db.UsersWith(Permissions.PrivacyHandle).Where(u => u.Id != user.Id).Select(u => u.Id).ToListAsync(ct);
        await Draft(request, type, RecipientType.User, $"/privacy/{request.Id}", request.DueOn).AddAsync(db, office, ct);
    }

    internal static NotificationDraft Draft(
        DataRequest request, string type, RecipientType to, string link, DateOnly? day, string? why = null) => new(
        type, to, request.Number, request.PersonName, link,
        [
            new(Text: request.Number), new(Text: request.PersonName), .. day is null ? Array.Empty<NotificationPart>() : [new(Day: day)],
            .. why is null ? Array.Empty<NotificationPart>() : [new(Why: why)],
        ]);
}
