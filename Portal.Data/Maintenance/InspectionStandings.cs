using Microsoft.EntityFrameworkCore;

namespace Portal.Data.Maintenance;

/// <summary>A duty with how it stands. Worked out by the database, so that lists are ordered and filtered by it.</summary>
internal sealed class Standing
{
    public required InspectionDuty Duty { get; init; }

    public DateOnly? ValidUntil { get; init; }

    /// <summary>The last that was done was not passed.</summary>
    public bool LastFailed { get; init; }

    /// <summary>An <see cref="InspectionState"/>.</summary>
    public int Rank { get; init; }
}

internal static class InspectionStandings
{
    /// <summary>Those that are asked for: of equipment in use.</summary>
    public static IQueryable<InspectionDuty> Asked(this PortalDb db) =>
        db.InspectionDuties.Where(d => d.EndedOn == null && d.Asset!.RetiredOn == null);

    /// <summary>What was withdrawn counts for nothing. The longest validity holds, whatever was done after it and passed.</summary>
    public static IQueryable<Standing> StandingOf(this PortalDb db, IQueryable<InspectionDuty> duties, DateOnly today) => duties
        .Select(d => new Standing
        {
            Duty = d,
            ValidUntil = db.Inspections.Where(i => i.DutyId == d.Id && i.WithdrawnAt == null).Max(i => i.ValidUntil),
            LastFailed = db.Inspections.Where(i => i.DutyId == d.Id && i.WithdrawnAt == null)
                .OrderByDescending(i => i.DoneOn).ThenByDescending(i => i.Id).Select(i => !i.Passed).FirstOrDefault(),
        })
        .Select(s => new Standing
        {
            Duty = s.Duty,
            ValidUntil = s.ValidUntil,
            LastFailed = s.LastFailed,
            Rank = s.LastFailed ? (int)InspectionState.Failed
                : s.ValidUntil == null ? (int)InspectionState.Missing
                : s.ValidUntil < today ? (int)InspectionState.Expired
                : s.ValidUntil <= today.AddDays(s.Duty.Kind!.NoticeDays) ? (int)InspectionState.Soon
                : (int)InspectionState.Valid,
        });

    /// <summary>How it stands on a day, as <see cref="StandingOf"/> says it.</summary>
    public static InspectionState Of(bool lastFailed, DateOnly? validUntil, int noticeDays, DateOnly today) =>
        lastFailed ? InspectionState.Failed
        : validUntil is not { } end ? InspectionState.Missing
        : end < today ? InspectionState.Expired
        : end <= today.AddDays(noticeDays) ? InspectionState.Soon
        : InspectionState.Valid;
}
