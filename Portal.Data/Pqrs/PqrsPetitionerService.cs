using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Operations;

namespace Portal.Data.Pqrs;

/// <summary>What a petitioner does in their own case.</summary>
public sealed class PqrsPetitionerService(PortalStore store, SettingsService settings, BuildingClock clock)
{
    /// <summary>They write. Where the case waited for that, the deadline runs again.</summary>
    public async Task<Result> WriteAsync(long id, string? text, IReadOnlyList<PqrsUpload> uploads, CurrentUser user, CancellationToken ct)
    {
        var (files, errors) = PqrsFiles.Check(uploads);
        var words = PqrsWriting.Text(text, "Text", errors, required: uploads.Count == 0);
        if (errors.Count > 0) return errors;
        return await store.WriteAsync(user, async (db, token) =>
        {
            if (await OwnAsync(db, id, user, token) is not { } c) return Error.NotFound;
            if (c.Hear(clock.Today) is { Ok: false } refused) return refused;
            var entry = PqrsWriting.Tell(db, c, user, PqrsEntryKind.Message, words.Length == 0 ? null : words);
            PqrsWriting.Touch(db, c);
            await PqrsWriting.NotifyHandlersAsync(db, c, user, "pqrs.message", token);
            await PqrsWriting.AttachAsync(db, c, entry, PqrsWriting.Fresh(files), token);
            return Result.Done;
        }, ct);
    }

    /// <summary>The resolution did not resolve it: the case goes on, with its whole time again.</summary>
    public async Task<Result> ReopenAsync(long id, string? why, CurrentUser user, CancellationToken ct)
    {
        var errors = new List<Error>();
        var words = PqrsWriting.Text(why, "Text", errors);
        if (errors.Count > 0) return errors;
        var rules = await settings.GetAsync(ct);
        return await store.WriteAsync(user, async (db, token) =>
        {
            if (await OwnAsync(db, id, user, token) is not { } c) return Error.NotFound;
            if (c.Reopen(PqrsDays.For(c.Kind, rules), clock.Today) is { Ok: false } refused) return refused;
            PqrsWriting.Tell(db, c, user, PqrsEntryKind.Message, words);
            await PqrsWriting.NotifyHandlersAsync(db, c, user, "pqrs.reopened", token);
            return Result.Done;
        }, ct);
    }

    /// <summary>1 to 5, once it is resolved; may be changed until it is opened again.</summary>
    public async Task<Result> RateAsync(long id, int rating, CurrentUser user, CancellationToken ct)
    {
        if (rating is < 1 or > 5) return new Error("pqrs.rating", "Rating");
        return await store.WriteAsync(
            user,
            async (db, token) =>
            {
                if (await OwnAsync(db, id, user, token) is not { } c) return Error.NotFound;
                var before = c.Rating;
                if (c.Rate(rating) is { Ok: false } refused) return refused;
                if (before != rating)
                {
                    PqrsWriting.Tell(db, c, user, PqrsEntryKind.Rated, rating.ToString(CultureInfo.InvariantCulture)).Rating = rating;
                }

                return Result.Done;
            },
            ct);
    }

    /// <summary>They have the replies before their eyes; staff see since when.</summary>
    public async Task<Result> SeenAsync(long id, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.PqrsFileOwn)) return Error.Forbidden;
        return await store.WriteAsync(
            user,
            async (db, token) =>
            {
                var own = user.OwnerIds;
                if (!await db.Pqrs.AnyAsync(p => p.Id == id && own.Contains(p.OwnerId), token)) return Error.NotFound;
                var unseen = await db
                    .PqrsTracking.AsTracking()
                    .Where(t =>
                        t.PqrsId == id && own.Contains(t.Pqrs!.OwnerId) && !t.Internal && t.Kind == PqrsEntryKind.Reply && t.SeenAt == null
                    )
                    .ToListAsync(token);
                foreach (var entry in unseen) entry.SeenAt = clock.UtcNow;
                return Result.Done;
            },
            ct
        );
    }

    private static async Task<PqrsCase?> OwnAsync(PortalDb db, long id, CurrentUser user, CancellationToken ct) =>
        user.Can(Permissions.PqrsFileOwn) && await PqrsWriting.LockAsync(db, id, user, ct) is { } c && user.OwnerIds.Contains(c.OwnerId)
            ? c
            : null;
}
