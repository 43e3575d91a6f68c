using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;

namespace Portal.Data.Privacy;

/// <summary>The version that holds now, and what the person asking answered to it.</summary>
/// <param name="PublishedAt">UTC.</param>
/// <param name="Answer">Null: they were not asked yet.</param>
/// <param name="AnsweredAt">UTC.</param>
public sealed record DataPolicyView(
    long Id, int Version, string Body, DateTime PublishedAt, DataConsentAnswer? Answer, DateTime? AnsweredAt);

/// <param name="Version">Null: the draft.</param>
/// <param name="PublishedAt">UTC.</param>
/// <param name="Given">How many have allowed it, and not withdrawn.</param>
/// <param name="Withdrawn">How many have withdrawn.</param>
public sealed record DataPolicyVersion(long Id, int? Version, string Body, DateTime? PublishedAt, int Given, int Withdrawn);

/// <param name="At">UTC.</param>
public sealed record DataConsentRow(long Id, long AccountId, string Person, int Version, DataConsentAnswer Answer, DateTime? At);

/// <summary>
/// The text of the data policy, and who allowed what when (Ley 1581 of 2012, arts 9 and 12). Everybody who is signed in reads and answers;
/// the office (<see cref="Permissions.PrivacyHandle"/>) sees the answers; <see cref="Permissions.SettingsEdit"/> writes.
/// </summary>
public sealed class DataPolicyService(PortalStore store, DataRequestService requests, BuildingClock clock)
{
    /// <summary>In letters.</summary>
    public const int LongestBody = 100_000;

    /// <summary>Null for who is not signed in, and while there is none.</summary>
    public async Task<DataPolicyView?> CurrentAsync(CurrentUser user, CancellationToken ct)
    {
        if (user.AccountId is not { } account) return null;
        await using var db = await store.OpenAsync(user, ct);
        var policy = await db.DataPolicies.AsNoTracking().Where(p => p.Version != null).OrderByDescending(p => p.Version)
            .FirstOrDefaultAsync(ct);
        if (policy is null) return null;
        var last = await LastAsync(db, account, policy.Id, ct);
        return new DataPolicyView(policy.Id, policy.Version!.Value, policy.Body, policy.PublishedAt!.Value, last?.Answer, last?.CreatedAt);
    }

    /// <summary>
    /// A person allows the version that holds now, leaves it for later, or takes it back; that is a claim too, which the office decides
    /// within its days. The same answer again changes nothing.
    /// </summary>
    /// <param name="why">Of who takes it back, in their words; the claim's text.</param>
    /// <returns>Refusals: <c>forbidden</c>, <c>not_found</c>, <c>stale</c> (another version came out), <c>policy.not_given</c>.</returns>
    public async Task<Result> AnswerAsync(long policyId, DataConsentAnswer answer, string why, CurrentUser user, CancellationToken ct)
    {
        if (user.AccountId is not { } account) return Error.Forbidden;
        if (!Enum.IsDefined(answer)) return Error.NotFound;
        return await store.WriteAsync(user, async (db, token) =>
        {
            if (!await db.Users.LockAsync(account, token)) return Error.Forbidden;
            var current = await db.DataPolicies.Where(p => p.Version != null).OrderByDescending(p => p.Version).Select(p => (long?)p.Id)
                .FirstOrDefaultAsync(token);
            if (current is null) return Error.NotFound;
            if (current != policyId) return Error.Stale;
            var last = (await LastAsync(db, account, policyId, token))?.Answer;
            if (last == answer) return Result.Done;
            if (answer == DataConsentAnswer.Withdrawn && last != DataConsentAnswer.Given) return new Error("policy.not_given");

            // Who has allowed it takes it back, and does not leave it for later.
            if (answer == DataConsentAnswer.Later && last is not null) return Result.Done;
            db.DataConsents.Add(new DataConsent { UserId = account, PolicyId = policyId, Answer = answer, IpAddress = user.IpAddress });
            if (answer != DataConsentAnswer.Withdrawn) return Result.Done;

            // One claim is enough, however often somebody changes their mind while it is open.
            if (await db.DataRequests.AnyAsync(
                r => r.UserId == account && r.Kind == DataRequestKind.Withdraw
                    && (r.State == DataRequestState.Open || r.State == DataRequestState.Incomplete), token))
                return Result.Done;
            var filing = new DataRequestFiling(DataRequestKind.Withdraw, why);
            var errors = DataRequestService.Check(filing);
            if (errors.Count > 0) return errors;
            return await requests.AddAsync(
                db, filing,
                new DataRequest
                {
                    UserId = account, PersonName = await DataRequestService.NameAsync(db, account, token),
                    Channel = DataRequestChannel.Portal,
                },
                clock.Today, user, token);
        }, ct);
    }

    /// <summary>The versions, the draft first, then the latest. Nothing without <see cref="Permissions.PrivacyHandle"/>.</summary>
    public async Task<IReadOnlyList<DataPolicyVersion>> VersionsAsync(CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.PrivacyHandle)) return [];
        await using var db = await store.OpenAsync(user, ct);
        var last = Last(db);
        return await db.DataPolicies.AsNoTracking().OrderBy(p => p.Version != null).ThenByDescending(p => p.Version)
            .Select(p => new DataPolicyVersion(
                p.Id, p.Version, p.Body, p.PublishedAt,
                last.Count(c => c.PolicyId == p.Id && c.Answer == DataConsentAnswer.Given),
                last.Count(c => c.PolicyId == p.Id && c.Answer == DataConsentAnswer.Withdrawn)))
            .ToListAsync(ct);
    }

    /// <summary>
    /// Who answered what when, all that was ever answered, the latest first: the proof. Nothing without
    /// <see cref="Permissions.PrivacyHandle"/>. Filters: <c>answer</c> (later, given, withdrawn).
    /// </summary>
    public async Task<Page<DataConsentRow>> ConsentsAsync(ListQuery query, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.PrivacyHandle)) return Page<DataConsentRow>.Empty;
        await using var db = await store.OpenAsync(user, ct);
        var found = db.DataConsents.AsNoTracking();
        if (query.Filter<DataConsentAnswer>("answer") is { } answer) found = found.Where(c => c.Answer == answer);
        if (query.Search?.Trim() is { Length: > 0 } text)
        {
            found = found.Where(c => db.Profiles.Any(p => p.UserId == c.UserId
                && (p.FirstName.Contains(text) || p.LastName.Contains(text) || p.DocumentNumber!.StartsWith(text))));
        }

        return await found.OrderByDescending(c => c.Id)
            .Select(c => new DataConsentRow(
                c.Id, c.UserId, db.Profiles.Where(p => p.UserId == c.UserId).Select(p => p.FullName).FirstOrDefault() ?? "",
                c.Policy!.Version!.Value, c.Answer, c.CreatedAt))
            .PageAsync(query, ct);
    }

    /// <summary>
    /// Keeps the draft of the next version; nobody is asked yet. Needs <see cref="Permissions.SettingsEdit"/>. Refusals: <c>forbidden</c>,
    /// <c>required</c>, <c>too_long</c>.
    /// </summary>
    public Task<Result> SaveAsync(string? body, CurrentUser user, CancellationToken ct) => WriteAsync(body, publish: false, user, ct);

    /// <summary>
    /// The text comes out as the next version: everybody is asked once when they come next. Needs <see cref="Permissions.SettingsEdit"/>.
    /// Refusals: <c>forbidden</c>, <c>required</c>, <c>too_long</c>.
    /// </summary>
    public Task<Result> PublishAsync(string? body, CurrentUser user, CancellationToken ct) => WriteAsync(body, publish: true, user, ct);

    private async Task<Result> WriteAsync(string? body, bool publish, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.SettingsEdit)) return Error.Forbidden;
        if (body.TrimToNull() is not { } text) return Error.Required("Body");
        if (text.Length > LongestBody) return Error.TooLong("Body", LongestBody);
        return await store.WriteAsync(user, async (db, token) =>
        {
            // Two who publish at once get two numbers, one after the other.
            var all = await db.DataPolicies.OrderBy(p => p.Id).ForUpdate().ToListAsync(token);
            var draft = all.Find(p => p.Version is null);
            if (draft is null) db.DataPolicies.Add(draft = new DataPolicy());
            var written = draft.Write(text);
            return written.Ok && publish ? draft.Publish((all.Max(p => p.Version) ?? 0) + 1, user.AccountId, clock.UtcNow) : written;
        }, ct);
    }

    /// <summary>The one that counts, of each person and version.</summary>
    private static IQueryable<DataConsent> Last(PortalDb db) => db.DataConsents.AsNoTracking()
        .Where(c => !db.DataConsents.Any(later => later.UserId == c.UserId && later.PolicyId == c.PolicyId && later.Id > c.Id));

    private static Task<DataConsent?> LastAsync(PortalDb db, long account, long policy, CancellationToken ct) =>
        db.DataConsents.AsNoTracking().Where(c => c.UserId == account && c.PolicyId == policy).OrderByDescending(c => c.Id).FirstOrDefaultAsync(ct);
}
