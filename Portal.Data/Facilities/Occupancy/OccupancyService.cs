using Portal.Data.Access;

namespace Portal.Data.Facilities.Occupancy;

/// <summary>How the facilities are used, for the office.</summary>
public sealed class OccupancyService(PortalStore store, BuildingClock clock)
{
    /// <summary>The longest period: three years.</summary>
    public const int MostDays = 1096;

    /// <summary>
    /// The use of one facility or all over some days. Opening hours are today's: what they were before is not kept. Needs
    /// <see cref="Permissions.ReservationsManage"/>.
    /// </summary>
    /// <param name="from">The first day.</param>
    /// <param name="to">The last day; may lie ahead, then what is booked is counted.</param>
    /// <param name="facilityId">One facility; null for all.</param>
    /// <param name="user">Who asks.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<Result<OccupancyReport>> ReportAsync(
        DateOnly from, DateOnly to, long? facilityId, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ReservationsManage)) return Error.Forbidden;
        if (to < from) return new Error("occupancy.backwards", "to");
        if (to.DayNumber - from.DayNumber >= MostDays) return new Error("occupancy.long", "to", MostDays / 365);
        var facts = await OccupancyQuery.ReadAsync(store, from, to, facilityId, clock, ct);
        return facilityId is not null && facts.Facilities.Count == 0 ? Error.NotFound : OccupancyCount.Of(facts, from, to);
    }
}
