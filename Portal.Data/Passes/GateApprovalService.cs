using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Building;
using Portal.Data.Gate;
using Portal.Data.Identity;
using Portal.Data.Notifications;
using Portal.Data.Parking;

namespace Portal.Data.Passes;

/// <summary>Who stands at the gate, as the terminal asks.</summary>
/// <param name="Key">A UUID of the terminal's own making.</param>
public sealed record NewApproval(
    string Key, long ApartmentId, string Name, VisitorKind Kind, int People = 1, string? Company = null, string? Plate = null);

/// <summary>An approval as the terminal sees it. Times are UTC.</summary>
/// <param name="By">The first name of who answered.</param>
/// <param name="Until">Until when an answer counts.</param>
/// <param name="Rule">What the apartment wants where nobody answers.</param>
public sealed record ApprovalState(
    string Key, ApprovalAnswer Answer, string? By, DateTime Asked, DateTime? At, DateTime Until, GateRule Rule,
    IReadOnlyList<LateAnswer> Late);

/// <summary>An approval as the apartment sees it. Times are UTC but <paramref name="Entered"/> (wall clock).</summary>
/// <param name="Told">Who of the apartment was told, by first name.</param>
/// <param name="Before">How often somebody of this name came to the apartment.</param>
public sealed record ApprovalView(
    long Id, string Unit, string Name, VisitorKind Kind, int People, string? Company, string? Plate, DateTime Asked, ApprovalAnswer Answer,
    string? By, long? ById, DateTime? At, GateRule Rule, IReadOnlyList<LateAnswer> Late, IReadOnlyList<string> Told, int Before,
    DateTime? Entered);

/// <summary>One that waits, for the strip of a resident's home.</summary>
public sealed record WaitingApproval(long Id, string Name, string Unit, DateTime Asked);

/// <summary>
/// The gate asks an apartment whether somebody may come in: all who live there or own it are told, the first answer within 110 seconds
/// counts, later ones are noted.
/// </summary>
public sealed class GateApprovalService(PortalStore store, BuildingClock clock)
{
    /// <summary>What a resident's bell says of it.</summary>
    public const string Asks = "gate.asks";

    private const int MostAdults = 20;

    /// <summary>
    /// Asks an apartment. Asked again with the same key it is the same question. Needs <see cref="Permissions.GateLog"/>.
    /// </summary>
    public async Task<Result<ApprovalState>> AskAsync(NewApproval input, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.GateLog)) return Error.Forbidden;
        var errors = Check(input);
        if (errors.Count > 0) return errors;
        var key = Guid.Parse(input.Key).ToString();
        var asked = await store.WriteAsync(
            user,
            async (db, token) =>
            {
                // One after the other for an apartment: what a terminal sends twice finds the first.
                if (!await db.Apartments.LockAsync(input.ApartmentId, token))
                    return Error.NotFound with { Field = nameof(NewApproval.ApartmentId) };
                if (await db.GateApprovals.AnyAsync(a => a.ClientKey == key, token)) return Result.Done;
                var approval = GateApproval.Ask(input with { Key = key }, user.Id, clock.UtcNow);
                db.GateApprovals.Add(approval);
                await db.SaveChangesAsync(token);
                await new NotificationDraft(
                    Asks, RecipientType.Owner, "Alguien en portería", approval.Name, $"/approve/{approval.Id}",
                    [new NotificationPart(Text: approval.Name)]).AddAsync(db, await AdultsAsync(db, input.ApartmentId, token), token);
                return Result.Done;
            },
            ct);
        if (!asked.Ok) return Result<ApprovalState>.Refused(asked);
        return await StateAsync(key, user, ct) is { } state ? state : Error.NotFound;
    }

    /// <summary>How a question of the gate stands; null where there is none. Needs <see cref="Permissions.GateLog"/>.</summary>
    public async Task<ApprovalState?> StateAsync(string key, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.GateLog) || !Guid.TryParse(key, out var id)) return null;
        var wanted = id.ToString();
        await using var db = await store.OpenAsync(user, ct);
        return (await StatesAsync(db, db.GateApprovals.Where(a => a.ClientKey == wanted), ct)).FirstOrDefault();
    }

    /// <summary>Those asked since a moment (UTC), the latest first, for the terminal's heartbeat. The caller has judged who asks.</summary>
    internal Task<List<ApprovalState>> SinceAsync(PortalDb db, DateTime since, CancellationToken ct) =>
        StatesAsync(db, db.GateApprovals.Where(a => a.AskedAt >= since), ct);

    /// <summary>Somebody of the apartment answers. Late or not is in what comes back: <see cref="ApprovalView.By"/>.</summary>
    /// <param name="answer">Yes, no, or leave it at the gate.</param>
    public async Task<Result<ApprovalView>> AnswerAsync(long id, ApprovalAnswer answer, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.GateAnnounceOwn)) return Error.Forbidden;
        if (answer is not (ApprovalAnswer.Yes or ApprovalAnswer.No or ApprovalAnswer.Leave)) return new Error("approval.answer");
        var mine = user.ApartmentIds;
        var answered = await store.WriteAsync(
            user,
            async (db, token) =>
            {
                var approval = await db.GateApprovals.Where(a => a.Id == id && mine.Contains(a.ApartmentId)).ForUpdate()
                    .SingleOrDefaultAsync(token);
                if (approval is null) return Error.NotFound;
                approval.Reply(answer, user.Id, FirstName(user.Name), clock.UtcNow);
                return Result.Done;
            },
            ct);
        if (!answered.Ok) return Result<ApprovalView>.Refused(answered);
        return await FindAsync(id, user, ct) is { } view ? view : Error.NotFound;
    }

    /// <summary>A question to one of the person's apartments; null where it is not theirs.</summary>
    public async Task<ApprovalView?> FindAsync(long id, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.GateAnnounceOwn)) return null;
        var mine = user.ApartmentIds;
        await using var db = await store.OpenAsync(user, ct);
        var found = await db.GateApprovals.AsNoTracking()
            .Where(a => a.Id == id && mine.Contains(a.ApartmentId))
            .Select(a => new
            {
                Approval = a,
                Unit = UnitName.Of(a.Apartment!),
                Rule = a.Apartment!.GateRule,
                By = db.Profiles.Where(p => p.UserId == a.AnsweredBy).Select(p => p.FullName).FirstOrDefault(),
                Before = db.Visitors.Count(v => v.ApartmentId == a.ApartmentId && v.Name == a.Name && v.Id != a.VisitorId
                    && (v.State == VisitorState.Inside || v.State == VisitorState.Left)),
                Entered = db.Visitors.Where(v => v.Id == a.VisitorId && v.EnterTime != null)
                    .Select(v => (DateTime?)v.VisitDate.ToDateTime(v.EnterTime!.Value)).FirstOrDefault(),
            })
            .SingleOrDefaultAsync(ct);
        if (found is null) return null;
        var a = found.Approval;
        var adults = await AdultsAsync(db, a.ApartmentId, ct);
        var told = await db.Profiles.Where(p => adults.Contains(p.UserId)).OrderBy(p => p.FullName).Select(p => p.FullName).ToListAsync(ct);
        return new ApprovalView(
            a.Id, found.Unit, a.Name, a.VisitorKind, a.People, a.Company, a.LicensePlate, a.AskedAt, a.AnswerAt(clock.UtcNow),
            found.By is null ? null : FirstName(found.By), a.AnsweredBy, a.AnsweredAt, found.Rule, GateApproval.LateAnswers(a.Late),
            [.. told.Select(FirstName)], found.Before, found.Entered);
    }

    /// <summary>What the gate asks the person's apartments now.</summary>
    public async Task<IReadOnlyList<WaitingApproval>> WaitingAsync(CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.GateAnnounceOwn) || user.ApartmentIds.Count == 0) return [];
        var (mine, since) = (user.ApartmentIds, clock.UtcNow - GateApproval.Lives);
        await using var db = await store.OpenAsync(user, ct);
        return await db.GateApprovals.AsNoTracking()
            .Where(a => mine.Contains(a.ApartmentId) && a.AskedAt > since && a.Answer == ApprovalAnswer.Waiting)
            .OrderBy(a => a.AskedAt)
            .ThenBy(a => a.Id)
            .Take(5)
            .Select(a => new WaitingApproval(a.Id, a.Name, UnitName.Of(a.Apartment!), a.AskedAt))
            .ToListAsync(ct);
    }

    private async Task<List<ApprovalState>> StatesAsync(PortalDb db, IQueryable<GateApproval> approvals, CancellationToken ct)
    {
        var now = clock.UtcNow;
        var rows = await approvals.AsNoTracking()
            .OrderByDescending(a => a.AskedAt)
            .ThenByDescending(a => a.Id)
            .Take(50)
            .Select(a => new
            {
                Approval = a,
                Rule = a.Apartment!.GateRule,
                By = db.Profiles.Where(p => p.UserId == a.AnsweredBy).Select(p => p.FullName).FirstOrDefault(),
            })
            .ToListAsync(ct);
        return rows.ConvertAll(r => new ApprovalState(
            r.Approval.ClientKey, r.Approval.AnswerAt(now), r.By is null ? null : FirstName(r.By), r.Approval.AskedAt,
            r.Approval.AnsweredAt, r.Approval.AskedAt + GateApproval.Lives, r.Rule, GateApproval.LateAnswers(r.Approval.Late)));
    }

    /// <summary>The accounts in use of all who own an apartment or live there today.</summary>
    private async Task<List<long>> AdultsAsync(PortalDb db, long apartment, CancellationToken ct)
    {
        var today = clock.Today;
        return await db.Occupancies
            .Where(o => o.ApartmentId == apartment && o.StartedOn <= today && (o.EndedOn == null || o.EndedOn >= today))
            .Select(o => o.Owner!.UserId)
            .Union(db.Apartments.Where(a => a.Id == apartment && a.OwnerId != null).Select(a => a.Owner!.UserId))
            .Where(id => db.Users.Any(u => u.Id == id && u.UserStatusId == UserState.Active))
            .OrderBy(id => id)
            .Take(MostAdults)
            .ToListAsync(ct);
    }

    private static string FirstName(string name) => name.Split(' ', 2)[0];

    private static List<Error> Check(NewApproval input)
    {
        var errors = new List<Error>();
        if (!Guid.TryParse(input.Key, out _)) errors.Add(Error.Required(nameof(NewApproval.Key)));
        if (string.IsNullOrWhiteSpace(input.Name)) errors.Add(Error.Required(nameof(NewApproval.Name)));
        else if (input.Name.Trim().Length > 200) errors.Add(Error.TooLong(nameof(NewApproval.Name), 200));
        if (input.Company?.Trim().Length > 100) errors.Add(Error.TooLong(nameof(NewApproval.Company), 100));
        if (input.Plate?.Trim().Length > Plates.Longest) errors.Add(Error.TooLong(nameof(NewApproval.Plate), Plates.Longest));
        if (input.People is < 1 or > 99) errors.Add(new Error("gate.people", nameof(NewApproval.People)));
        if (!Enum.IsDefined(input.Kind)) errors.Add(Error.Required(nameof(NewApproval.Kind)));
        return errors;
    }
}
