using Microsoft.EntityFrameworkCore;
using Portal.Data.Audit;

namespace Portal.Data.Pqrs;

/// <summary>What the filters and forms of cases offer.</summary>
public sealed class PqrsChoices : IDisposable
{
    public PqrsChoices(PortalStore store, LiveFeed feed, TimeProvider time)
    {
        Categories = new(feed, time, ["pqrs_categories"], async ct =>
        {
            await using var db = await store.OpenAsync(CurrentUser.System, ct);
            return await db.PqrsCategories.AsNoTracking().OrderBy(c => c.Name).Select(c => new PqrsOption(c.Id, c.Name)).ToListAsync(ct);
        });
        Handlers = new(feed, time, ["users", "profile", "roles", "role_permissions", "permissions"], async ct =>
        {
            await using var db = await store.OpenAsync(CurrentUser.System, ct);
            var people = await PqrsService
                .Handlers(db)
                .Select(u => new
                {
                    u.Id,
                    Name = db.Profiles.Where(f => f.UserId == u.Id).Min(f => f.FullName) ?? u.UserName,
                })
                .ToListAsync(ct);
            return people.ConvertAll(p => new PqrsPerson(p.Id, p.Name ?? ""));
        });
    }

    internal RememberedList<IReadOnlyList<PqrsOption>> Categories { get; }

    /// <summary>In no order: that of names is the reader's language's.</summary>
    internal RememberedList<IReadOnlyList<PqrsPerson>> Handlers { get; }

    public void Dispose()
    {
        Categories.Dispose();
        Handlers.Dispose();
    }
}
