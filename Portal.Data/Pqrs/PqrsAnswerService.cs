using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;

namespace Portal.Data.Pqrs;

/// <summary>An answer kept ready.</summary>
/// <param name="Category">The name of the category for which it is offered first; null: all alike.</param>
public sealed record PqrsAnswer(long Id, string Title, string Text, int? CategoryId, string? Category);

/// <param name="Id">Null: a new one.</param>
public sealed record PqrsAnswerInput(long? Id, string? Title, string? Text, int? CategoryId);

/// <summary>Who gets the new cases of a category in turn, whose turn is next first.</summary>
public sealed record PqrsTurns(int CategoryId, string Category, IReadOnlyList<PqrsPerson> People);

/// <summary>
/// How the office works on cases: answers kept ready, and who gets new cases in turn. Needs <see cref="Permissions.PqrsHandle"/>.
/// </summary>
public sealed class PqrsAnswerService(PortalStore store)
{
    private const int LongestTitle = 100;

    /// <summary>All of them by title; those of a category first where one is given.</summary>
    public async Task<IReadOnlyList<PqrsAnswer>> ListAsync(int? category, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.PqrsHandle)) return [];
        await using var db = await store.OpenAsync(user, ct);
        return await db.PqrsCannedAnswers.AsNoTracking()
            .OrderBy(a => category != null && a.CategoryId == category ? 0 : 1).ThenBy(a => a.Title)
            .Select(a => new PqrsAnswer(a.Id, a.Title, a.Text, a.CategoryId, a.Category!.Name))
            .ToListAsync(ct);
    }

    /// <returns>Its id. Refused: <c>required</c>, <c>too_long</c>, <c>pqrs.answer.hole</c>, <c>pqrs.answer.taken</c>, not found.</returns>
    public async Task<Result<long>> SaveAsync(PqrsAnswerInput input, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.PqrsHandle)) return Error.Forbidden;
        var errors = new List<Error>();
        var title = PqrsWriting.Text(input.Title, nameof(input.Title), errors, most: LongestTitle);
        var text = PqrsWriting.Text(input.Text, nameof(input.Text), errors);
        if (PqrsHoles.Unknown(text) is { } hole)
            errors.Add(new Error("pqrs.answer.hole", nameof(input.Text), hole, PqrsHoles.Written));
        if (errors.Count > 0) return errors;
        return await store.WriteAsync<long>(
            user,
            async (db, token) =>
            {
                if (input.CategoryId is { } category && !await db.PqrsCategories.AnyAsync(c => c.Id == category, token))
                    return Error.NotFound with { Field = nameof(input.CategoryId) };
                if (await db.PqrsCannedAnswers.AnyAsync(a => a.Title == title && a.Id != (input.Id ?? 0), token))
                    return new Error("pqrs.answer.taken", nameof(input.Title), title);
                var row = input.Id is not { } id ? db.PqrsCannedAnswers.Add(new PqrsCannedAnswer()).Entity
                    : await db.PqrsCannedAnswers.AsTracking().SingleOrDefaultAsync(a => a.Id == id, token);
                if (row is null) return Error.NotFound;
                (row.Title, row.Text, row.CategoryId) = (title, text, input.CategoryId);
                await db.SaveChangesAsync(token);
                return row.Id;
            },
            ct);
    }

    public async Task<Result> DeleteAsync(long id, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.PqrsHandle)) return Error.Forbidden;
        return await store.WriteAsync(
            user,
            async (db, token) =>
            {
                if (await db.PqrsCannedAnswers.AsTracking().SingleOrDefaultAsync(a => a.Id == id, token) is not { } row)
                    return Error.NotFound;
                db.PqrsCannedAnswers.Remove(row);
                return Result.Done;
            },
            ct);
    }

    /// <summary>Every category, with who gets its new cases.</summary>
    public async Task<IReadOnlyList<PqrsTurns>> TurnsAsync(CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.PqrsHandle)) return [];
        await using var db = await store.OpenAsync(user, ct);
        var categories = await db.PqrsCategories.AsNoTracking().OrderBy(c => c.Name).Select(c => new { c.Id, c.Name }).ToListAsync(ct);
        var turns = (await db.PqrsTurns.AsNoTracking()
            .OrderBy(t => t.LastAt == null ? 0 : 1).ThenBy(t => t.LastAt).ThenBy(t => t.Id)
            .Select(t => new
            {
                t.CategoryId, t.UserId, Name = db.Profiles.Where(f => f.UserId == t.UserId).Min(f => f.FullName) ?? t.User!.UserName,
            })
            .ToListAsync(ct)).ToLookup(t => t.CategoryId);
        return [.. categories.Select(c => new PqrsTurns(c.Id, c.Name, [.. turns[c.Id].Select(t => new PqrsPerson(t.UserId, t.Name ?? ""))]))];
    }

    /// <summary>Sets who gets a category's new cases in turn; nobody: new cases have nobody at first. Who stays keeps their turn.</summary>
    public async Task<Result> SaveTurnsAsync(int category, IReadOnlyList<long> accounts, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.PqrsHandle)) return Error.Forbidden;
        return await store.WriteAsync(
            user,
            async (db, token) =>
            {
                if (!await db.PqrsCategories.AnyAsync(c => c.Id == category, token)) return Error.NotFound;
                var wanted = accounts.Distinct().ToList();
                var able = await PqrsService.Handlers(db).Where(u => wanted.Contains(u.Id)).Select(u => u.Id).ToListAsync(token);
                if (able.Count < wanted.Count) return new Error("pqrs.not_a_handler", "Account");
                var rows = await db.PqrsTurns.Where(t => t.CategoryId == category).OrderBy(t => t.Id).ForUpdate().ToListAsync(token);
                db.PqrsTurns.RemoveRange(rows.Where(r => !wanted.Contains(r.UserId)));
                db.PqrsTurns.AddRange(
                    wanted.Except(rows.Select(r => r.UserId)).Select(id => new PqrsTurn { CategoryId = category, UserId = id }));
                return Result.Done;
            },
            ct);
    }

    /// <summary>
    /// Whose turn it is, who has it taken with this: the one of the category who waited longest and may still handle cases; null where
    /// nobody takes turns. Of two cases filed at once each goes to another.
    /// </summary>
    internal static async Task<long?> NextAsync(PortalDb db, int category, DateTime now, CancellationToken ct)
    {
        var rows = await db.PqrsTurns.Where(t => t.CategoryId == category).OrderBy(t => t.Id).ForUpdate().ToListAsync(ct);
        if (rows.Count == 0) return null;
        var ids = rows.ConvertAll(r => r.UserId);
        var able = await PqrsService.Handlers(db).Where(u => ids.Contains(u.Id)).Select(u => u.Id).ToListAsync(ct);
        var next = rows.Where(r => able.Contains(r.UserId)).OrderBy(r => r.LastAt is null ? 0 : 1).ThenBy(r => r.LastAt).ThenBy(r => r.Id)
            .FirstOrDefault();
        if (next is null) return null;
        // Two turns within a clock's tick still come after one another.
        var last = rows.Max(r => r.LastAt);
        next.LastAt = last >= now ? last.Value.AddTicks(10) : now;
        return next.UserId;
    }
}
