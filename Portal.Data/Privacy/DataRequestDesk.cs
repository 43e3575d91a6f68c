using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Notifications;
using Portal.Data.People;

namespace Portal.Data.Privacy;

/// <summary>
/// The office's work on what people ask of their data. Everything needs <see cref="Permissions.PrivacyHandle"/>; whoever asked and has an
/// account hears of each step in the bell and by mail.
/// </summary>
public sealed class DataRequestDesk(PortalStore store, DataRequestService requests, BuildingClock clock)
{
    private const int MostOffered = 12, LongestName = 200, LongestContact = 255;

    /// <summary>A request may have lain so many days before it is written down.</summary>
    private const int OldestReceived = 60;

    /// <summary>
    /// What is to be answered first, the most overdue at its head; then what waits for its person; then what is over, the latest first.
    /// Filters: <c>state</c> (open, overdue, incomplete, answered, abandoned), <c>kind</c>.
    /// </summary>
    public async Task<Page<DataRequestRow>> ListAsync(ListQuery query, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.PrivacyHandle)) return Page<DataRequestRow>.Empty;
        await using var db = await store.OpenAsync(user, ct);
        var found = db.DataRequests.AsNoTracking();
        var today = clock.Today;
        if (query.Filter("state") == "overdue") found = found.Where(r => r.State == DataRequestState.Open && r.DueOn < today);
        else if (query.Filter<DataRequestState>("state") is { } state) found = found.Where(r => r.State == state);
        if (query.Filter<DataRequestKind>("kind") is { } kind) found = found.Where(r => r.Kind == kind);
        if (query.Search?.Trim() is { Length: > 0 } text) found = found.Where(r => r.Number.Contains(text) || r.PersonName.Contains(text));
        var ordered = (query.Sort, query.Descending) switch
        {
            ("received", false) => found.OrderBy(r => r.ReceivedOn).ThenBy(r => r.Id),
            ("received", true) => found.OrderByDescending(r => r.ReceivedOn).ThenByDescending(r => r.Id),
            ("number", false) => found.OrderBy(r => r.Id),
            ("number", true) => found.OrderByDescending(r => r.Id),
            _ => found.OrderBy(r => r.State == DataRequestState.Open ? 0 : r.State == DataRequestState.Incomplete ? 1 : 2)
                .ThenBy(r => r.State == DataRequestState.Open ? r.DueOn : null).ThenByDescending(r => r.Id),
        };
        return await DataRequestService.Rows(ordered).PageAsync(query, ct);
    }

    /// <summary>People with an account whose name or document matches.</summary>
    public async Task<IReadOnlyList<DataPerson>> PeopleAsync(string? search, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.PrivacyHandle) || search?.Trim() is not { Length: > 1 } text) return [];
        await using var db = await store.OpenAsync(user, ct);
        var accounts = await db.AccountsNamedAsync(text, MostOffered, ct);
        var documents = DocumentNumbers.Keys(text);
        return await db.Profiles.AsNoTracking()
            .Where(p => accounts.Contains(p.UserId) || documents.Contains(p.DocumentNumberKey!))
            .OrderBy(p => p.FirstName).ThenBy(p => p.LastName).ThenBy(p => p.Id).Take(MostOffered)
            .Select(p => new DataPerson(p.UserId, p.FullName, p.DocumentNumber)).ToListAsync(ct);
    }

    /// <summary>The office writes down what somebody asked at the desk, by letter, mail or telephone.</summary>
    /// <returns>
    /// Its id. Refusals: <c>forbidden</c>, <c>required</c>, <c>too_long</c>, <c>not_found</c> of the account,
    /// <c>data_request.received</c> (a day to come, or too long ago).
    /// </returns>
    public async Task<Result<long>> FileForAsync(DataRequestDeskFiling desk, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.PrivacyHandle)) return Error.Forbidden;
        var errors = DataRequestService.Check(desk.Request);
        if (desk.Channel == DataRequestChannel.Portal || !Enum.IsDefined(desk.Channel)) errors.Add(Error.Required(nameof(desk.Channel)));
        var (name, contact) = (desk.Name.TrimToNull(), desk.Contact.TrimToNull());
        if (desk.AccountId is null)
        {
            if (name is null) errors.Add(Error.Required(nameof(desk.Name)));
            if (contact is null) errors.Add(Error.Required(nameof(desk.Contact)));
            if (name?.Length > LongestName) errors.Add(Error.TooLong(nameof(desk.Name), LongestName));
            if (contact?.Length > LongestContact) errors.Add(Error.TooLong(nameof(desk.Contact), LongestContact));
        }

        var received = desk.ReceivedOn ?? clock.Today;
        if (received > clock.Today || received < clock.Today.AddDays(-OldestReceived))
            errors.Add(new Error("data_request.received", nameof(desk.ReceivedOn), OldestReceived));
        if (errors.Count > 0) return errors;
        return await store.WriteAsync<long>(user, async (db, token) =>
        {
            var request = new DataRequest { UserId = desk.AccountId, Channel = desk.Channel };
            if (desk.AccountId is { } account)
            {
                if (!await db.Users.LockAsync(account, token)) return Error.NotFound with { Field = nameof(desk.AccountId) };
                request.PersonName = await DataRequestService.NameAsync(db, account, token);
            }
            else
            {
                (request.PersonName, request.Contact) = (name!, contact);
            }

            var added = await requests.AddAsync(db, desk.Request, request, received, user, token);
            if (added.Ok) await TellAsync(db, request, "privacy.filed_for_you", request.DueOn, null, token);
            return added;
        }, ct);
    }

    /// <summary>Asks the person for what is missing. Refusals: <c>forbidden</c>, <c>not_found</c>, and those of
    /// <see cref="DataRequest.Ask"/>.</summary>
    /// <param name="text">What is missing.</param>
    public Task<Result> AskAsync(long id, string? text, CurrentUser user, CancellationToken ct) => ActAsync(
        id, text, user, DataRequestStep.Asked, (request, _) => request.Ask(clock.Today),
        (db, request, said, token) => TellAsync(
            db, request, "privacy.asked", DataRequestTerms.AbandonedAfter(request.AskedOn!.Value), said, token), ct);

    /// <summary>Takes more time. Refusals: <c>forbidden</c>, <c>not_found</c>, and those of <see cref="DataRequest.Extend"/>.</summary>
    /// <param name="text">Why; the person is told.</param>
    public Task<Result> ExtendAsync(long id, string? text, CurrentUser user, CancellationToken ct) => ActAsync(
        id, text, user, DataRequestStep.Extended, (request, _) => request.Extend(clock.Today),
        (db, request, said, token) => TellAsync(db, request, "privacy.extended", request.DueOn, said, token), ct);

    /// <summary>
    /// The note stands beside the data of somebody without an account. Refusals: <c>forbidden</c>, <c>not_found</c>, and those of
    /// <see cref="DataRequest.Note"/>.
    /// </summary>
    public Task<Result> NoteAsync(long id, CurrentUser user, CancellationToken ct) => ActAsync(
        id, null, user, DataRequestStep.Noted, (request, _) => request.Note(clock.Today), (_, _, _, _) => Task.CompletedTask, ct,
        needsText: false);

    /// <summary>
    /// Answers it. Refusals: <c>forbidden</c>, <c>not_found</c>, <c>required</c>, <c>too_long</c>, <c>data_request.over</c>.
    /// </summary>
    /// <param name="outcome">What came of it; of an inquiry that it was answered in whole, in part or not at all.</param>
    /// <param name="text">The answer, as the person reads it.</param>
    public async Task<Result> AnswerAsync(long id, DataRequestOutcome? outcome, string? text, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.PrivacyHandle)) return Error.Forbidden;
        if (outcome is not { } what || !Enum.IsDefined(what))
            return (List<Error>)[Error.Required("Outcome"), .. DataRequestService.Said(text)];
        return await ActAsync(
            id, text, user, DataRequestStep.Answered, (request, _) => request.Answer(what, clock.Today),
            (db, request, _, token) => TellAsync(db, request, "privacy.answered", null, null, token), ct);
    }

    private async Task<Result> ActAsync(
        long id, string? text, CurrentUser user, DataRequestStep step, Func<DataRequest, string, Result> act,
        Func<PortalDb, DataRequest, string, CancellationToken, Task> then, CancellationToken ct, bool needsText = true) =>
        user.Can(Permissions.PrivacyHandle)
            ? await requests.ActAsync(id, text, user, step, act, then, ct, needsText)
            : Error.Forbidden;

    /// <summary>To the person whose data it is.</summary>
    internal static async Task TellAsync(PortalDb db, DataRequest request, string type, DateOnly? day, string? why, CancellationToken ct)
    {
        if (request.UserId is not { } account) return;
        await DataRequestService.Draft(request, type, RecipientType.Owner, $"/account/privacy/{request.Id}", day, why)
            .AddAsync(db, [account], ct);
    }
}
