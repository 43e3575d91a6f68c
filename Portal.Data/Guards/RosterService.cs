using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;

namespace Portal.Data.Guards;

/// <summary>One shift of a week. Times are the building's wall clock.</summary>
/// <param name="GuardId">Null for who no longer works here.</param>
/// <param name="Own">The reader's.</param>
/// <param name="Warnings">Only for who keeps the roster.</param>
public sealed record RosterShift(
    long Id, long? GuardId, string Guard, DateTime From, DateTime Until, long? TerminalId, string? Terminal, bool Own,
    IReadOnlyList<RosterWarning> Warnings)
{
    public Span Span => new(From, Until);
}

/// <summary>A guard who may be put on the roster, with their hours of the week.</summary>
/// <param name="Arl">Until when; empty, as is <paramref name="Eps"/>, where it is not for the reader.</param>
public sealed record RosterGuard(long Id, string Name, TimeSpan Hours, bool Own, DateOnly? Arl, DateOnly? Eps);

/// <summary>A gate at which somebody may stand.</summary>
public sealed record RosterPost(long Id, string Name);

/// <summary>A week from its Monday on.</summary>
/// <param name="Gaps">Where nobody is on duty; of a week without any shift the whole of it.</param>
/// <param name="Guards">Who keeps the roster sees all; a guard themselves, where they are a guard.</param>
/// <param name="Posts">The gates; only for who keeps the roster.</param>
public sealed record RosterWeek(
    DateOnly Monday, IReadOnlyList<RosterShift> Shifts, IReadOnlyList<Span> Gaps, IReadOnlyList<RosterGuard> Guards,
    IReadOnlyList<RosterPost> Posts, bool Edits);

/// <param name="Until">Not after <paramref name="From"/>: on the next day.</param>
public sealed record ShiftInput(long? GuardId, DateOnly? Day, TimeOnly? From, TimeOnly? Until, long? TerminalId) : IEdit<ShiftInput>
{
    /// <inheritdoc/>
    public ShiftInput? Read { get; init; }
}

/// <param name="Skipped">Shifts of the week before that somebody's others were in the way of, or whose guard has left.</param>
public sealed record CopiedWeek(int Copied, int Skipped);

/// <summary>Who is at the gate and when.</summary>
public sealed class RosterService(PortalStore store, BuildingClock clock)
{
    private const int FirstYear = 2000, LastYear = 2100;

    /// <summary>
    /// The week of a day. Needs <see cref="Permissions.GuardsView"/>: everybody there sees the names and times of all; insurances, hours and
    /// warnings only who has <see cref="Permissions.GuardsEdit"/>.
    /// </summary>
    /// <returns>Null without the permission.</returns>
    public async Task<RosterWeek?> WeekAsync(DateOnly day, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.GuardsView)) return null;
        var edits = user.Can(Permissions.GuardsEdit);
        var monday = BuildingClock.MondayOf(day);
        var (from, until) = (monday.ToDateTime(TimeOnly.MinValue), monday.AddDays(7).ToDateTime(TimeOnly.MinValue));
        await using var db = await store.OpenAsync(user, ct);
        var shifts = await db.GuardShifts.AsNoTracking()
            .Where(s => s.EndsAt > from && s.StartsAt < until)
            .OrderBy(s => s.StartsAt).ThenBy(s => s.GuardName).ThenBy(s => s.Id)
            .Select(s => new RosterShift(
                s.Id, s.GuardId, s.Guard == null ? s.GuardName : s.Guard.Name, s.StartsAt, s.EndsAt, s.TerminalId,
                s.Terminal == null ? null : s.Terminal.Name, s.Guard != null && s.Guard.UserId == user.AccountId, Array.Empty<RosterWarning>()))
            .ToListAsync(ct);
        var guards = await db.Guards.AsNoTracking()
            .Where(g => edits || g.UserId == user.AccountId)
            .OrderBy(g => g.Name).ThenBy(g => g.Id)
            .Select(g => new RosterGuard(
                g.Id, g.Name, TimeSpan.Zero, g.UserId == user.AccountId, edits ? g.ArlExpiresOn : null, edits ? g.EpsExpiresOn : null))
            .ToListAsync(ct);
        var posts = !edits ? [] : await db.GateTerminals.AsNoTracking().Where(t => t.RevokedAt == null)
            .OrderBy(t => t.Name).ThenBy(t => t.Id).Select(t => new RosterPost(t.Id, t.Name)).ToListAsync(ct);
        // One that began on the Sunday before covers this Monday and counts for the week before.
        var ofWeek = shifts.Where(s => s.From >= from && s.GuardId is not null).ToLookup(s => s.GuardId!.Value);
        var byId = guards.ToDictionary(g => g.Id);
        return new RosterWeek(
            monday,
            [.. shifts.Select(s => edits && s.GuardId is { } id && byId.TryGetValue(id, out var guard) ? s with { Warnings = Of(s, guard) } : s)],
            Roster.Gaps(shifts.Select(s => s.Span), from, until),
            [.. guards.Select(g => g with { Hours = TimeSpan.FromTicks(ofWeek[g.Id].Sum(s => s.Span.Length.Ticks)) })],
            posts, edits);

        IReadOnlyList<RosterWarning> Of(RosterShift shift, RosterGuard guard) =>
            Roster.Warnings(shift.Span, ofWeek[guard.Id].Where(s => s.Id != shift.Id).Select(s => s.Span), guard.Arl, guard.Eps);
    }

    /// <summary>Puts a guard on the roster, or changes a shift. Needs <see cref="Permissions.GuardsEdit"/>.</summary>
    /// <returns>
    /// The id. Refusals: <c>forbidden</c>, <c>not_found</c>, <c>required</c>, <c>roster.day</c> (the years 2000 to 2100),
    /// <c>roster.same</c> (it ends as it begins), <c>roster.overlap</c> (the guard's other shift, from when until when).
    /// </returns>
    public async Task<Result<long>> SaveAsync(long? id, ShiftInput input, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.GuardsEdit)) return Error.Forbidden;
        var errors = Check(input);
        if (errors.Count > 0) return errors;
        return await store.WriteAsync<long>(
            user,
            async (db, token) =>
            {
                var shift = id is null ? null : await db.GuardShifts.Where(s => s.Id == id).ForUpdate().SingleOrDefaultAsync(token);
                if (id is not null && shift is null) return Error.NotFound;
                var merged = shift is null ? input : Edits.Merge(input, Now(shift));
                if (!merged.Ok) return Result<long>.Refused(merged);
                var (from, until) = Times(merged.Value);
                // Two who put one guard on the roster at once are decided one after the other.
                var guard = await db.Guards.Where(g => g.Id == merged.Value.GuardId).ForUpdate().SingleOrDefaultAsync(token);
                if (guard is null) return Error.NotFound with { Field = nameof(ShiftInput.GuardId) };
                if (merged.Value.TerminalId is { } post && !await db.GateTerminals.AnyAsync(t => t.Id == post, token))
                    return Error.NotFound with { Field = nameof(ShiftInput.TerminalId) };
                var own = shift?.Id ?? 0;
                var other = await db.GuardShifts.AsNoTracking()
                    .Where(s => s.GuardId == guard.Id && s.Id != own && s.StartsAt < until && s.EndsAt > from)
                    .OrderBy(s => s.StartsAt).FirstOrDefaultAsync(token);
                if (other is not null)
                    return new Error("roster.overlap", nameof(ShiftInput.GuardId), guard.Name, other.StartsAt, other.EndsAt);
                if (shift is null) db.GuardShifts.Add(shift = GuardShift.Of(guard, from, until, merged.Value.TerminalId));
                else shift.Move(guard, from, until, merged.Value.TerminalId);
                await db.SaveChangesAsync(token);
                return shift.Id;
            },
            ct
        );
    }

    /// <summary>Takes a shift away. Needs <see cref="Permissions.GuardsEdit"/>.</summary>
    public async Task<Result> DeleteAsync(long id, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.GuardsEdit)) return Error.Forbidden;
        return await store.WriteAsync(
            user,
            async (db, token) =>
            {
                if (await db.GuardShifts.SingleOrDefaultAsync(s => s.Id == id, token) is not { } shift) return Error.NotFound;
                db.GuardShifts.Remove(shift);
                return Result.Done;
            },
            ct
        );
    }

    /// <summary>
    /// Writes the shifts of the week before into a week, seven days later. What is there already stays; a shift that it is in the way of is
    /// left out. Needs <see cref="Permissions.GuardsEdit"/>.
    /// </summary>
    /// <param name="day">A day of the week that is written.</param>
    /// <returns>Refusals: <c>forbidden</c>, <c>roster.nothing</c> where the week before has no shift.</returns>
    public async Task<Result<CopiedWeek>> CopyAsync(DateOnly day, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.GuardsEdit)) return Error.Forbidden;
        if (day.Year is < FirstYear or > LastYear) return new Error("roster.day", nameof(ShiftInput.Day), FirstYear, LastYear);
        var monday = BuildingClock.MondayOf(day).ToDateTime(TimeOnly.MinValue);
        return await store.WriteAsync<CopiedWeek>(
            user,
            async (db, token) =>
            {
                var guards = (await db.Guards.OrderBy(g => g.Id).ForUpdate().ToListAsync(token)).ToDictionary(g => g.Id);
                var (before, after) = (monday.AddDays(-7), monday.AddDays(8));
                var shifts = await db.GuardShifts.AsNoTracking().Where(s => s.EndsAt > before && s.StartsAt < after)
                    .OrderBy(s => s.StartsAt).ThenBy(s => s.Id).ToListAsync(token);
                var copied = shifts.Where(s => s.StartsAt >= before && s.StartsAt < monday).ToList();
                if (copied.Count == 0) return new Error("roster.nothing");
                var taken = shifts.Where(s => s.EndsAt > monday && s.GuardId is not null)
                    .Select(s => (Guard: s.GuardId!.Value, From: s.StartsAt, Until: s.EndsAt)).ToList();
                var done = 0;
                foreach (var shift in copied)
                {
                    var (from, until) = (shift.StartsAt.AddDays(7), shift.EndsAt.AddDays(7));
                    if (shift.GuardId is not { } id || !guards.TryGetValue(id, out var guard)
                        || taken.Exists(t => t.Guard == id && t.From < until && t.Until > from))
                        continue;
                    db.GuardShifts.Add(GuardShift.Of(guard, from, until, shift.TerminalId));
                    taken.Add((id, from, until));
                    done++;
                }

                return new CopiedWeek(done, copied.Count - done);
            },
            ct
        );
    }

    /// <summary>Who is on duty now, and who comes next; of several gates those of this one first.</summary>
    internal async Task<(RosterShift? Now, RosterShift? Next)> AroundAsync(PortalDb db, long guard, long terminal, CancellationToken ct)
    {
        var now = clock.Now;
        var (from, until) = (now.AddHours(-3), now.AddHours(4));
        var shifts = await db.GuardShifts.AsNoTracking()
            .Where(s => s.EndsAt > from && s.StartsAt < until && s.Guard != null && (s.TerminalId == null || s.TerminalId == terminal))
            .OrderBy(s => s.StartsAt).ThenBy(s => s.Id)
            .Select(s => new { s.Id, s.Guard!.UserId, s.Guard.Name, s.StartsAt, s.EndsAt, s.TerminalId })
            .Take(50).ToListAsync(ct);
        var own = shifts.Where(s => s.UserId == guard && s.StartsAt <= now.AddHours(1)).MaxBy(s => s.StartsAt);
        var at = own?.EndsAt ?? now;
        var next = shifts.Where(s => s.UserId != guard && s.UserId != null && s.EndsAt > now && (own == null || s.StartsAt >= own.EndsAt.AddHours(-1)))
            .OrderBy(s => (s.StartsAt - at).Duration()).ThenBy(s => s.TerminalId != terminal).FirstOrDefault();
        return (
            own is null ? null : new RosterShift(own.Id, own.UserId, own.Name, own.StartsAt, own.EndsAt, own.TerminalId, null, true, []),
            next is null ? null : new RosterShift(next.Id, next.UserId, next.Name, next.StartsAt, next.EndsAt, next.TerminalId, null, false, []));
    }

    private static List<Error> Check(ShiftInput input)
    {
        var errors = new List<Error>();
        if (input.GuardId is null) errors.Add(Error.Required(nameof(ShiftInput.GuardId)));
        if (input.Day is null) errors.Add(Error.Required(nameof(ShiftInput.Day)));
        else if (input.Day.Value.Year is < FirstYear or > LastYear)
            errors.Add(new Error("roster.day", nameof(ShiftInput.Day), FirstYear, LastYear));
        if (input.From is null) errors.Add(Error.Required(nameof(ShiftInput.From)));
        if (input.Until is null) errors.Add(Error.Required(nameof(ShiftInput.Until)));
        if (input.From is { } from && input.Until == from) errors.Add(new Error("roster.same", nameof(ShiftInput.Until)));
        return errors;
    }

    /// <summary>From when until when it lasts; null while something is missing.</summary>
    public static Span? SpanOf(ShiftInput input) =>
        input is { Day: { Year: >= FirstYear and <= LastYear }, From: { } from, Until: { } until } && from != until && Times(input) is var (start, end)
            ? new Span(start, end)
            : null;

    private static (DateTime From, DateTime Until) Times(ShiftInput input)
    {
        var (from, until) = (input.Day!.Value.ToDateTime(input.From!.Value), input.Day.Value.ToDateTime(input.Until!.Value));
        return (from, until > from ? until : until.AddDays(1));
    }

    private static ShiftInput Now(GuardShift shift) =>
        new(
            shift.GuardId, DateOnly.FromDateTime(shift.StartsAt), TimeOnly.FromDateTime(shift.StartsAt), TimeOnly.FromDateTime(shift.EndsAt),
            shift.TerminalId);
}
