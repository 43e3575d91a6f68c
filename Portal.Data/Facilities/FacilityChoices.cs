using Microsoft.EntityFrameworkCore;
using Portal.Data.Audit;

namespace Portal.Data.Facilities;

/// <summary>The facilities with their hours, as calendars and filters show them. Who books reads the tables.</summary>
public sealed class FacilityChoices : IDisposable
{
    public FacilityChoices(PortalStore store, LiveFeed feed, TimeProvider time) =>
        All = new(feed, time, ["facilities", "facility_hours"], async ct =>
        {
            await using var db = await store.OpenAsync(CurrentUser.System, ct);
            return await db.Facilities.AsNoTracking().Include(f => f.Hours).OrderBy(f => f.Name).ThenBy(f => f.Id).ToListAsync(ct);
        });

    /// <summary>By name. They are everybody's: nothing of them may be set.</summary>
    internal RememberedList<IReadOnlyList<Facility>> All { get; }

    public void Dispose() => All.Dispose();
}
