using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Building;
using Portal.Data.Operations;
using Portal.Data.People;

namespace Portal.Data.Pqrs;

/// <summary>What narrows the cases, in the words of SQL: the same for the list, its tabs, its export and the dashboards.</summary>
public static class PqrsQueries
{
    /// <summary>The letters of a case's number.</summary>
    internal const string Series = "PQRS";

    /// <summary>All cases for those who may see them, their own for a petitioner, none for anybody else.</summary>
    public static IQueryable<PqrsCase> VisibleTo(this IQueryable<PqrsCase> cases, CurrentUser user)
    {
        if (user.Can(Permissions.PqrsView)) return cases;
        if (!user.Can(Permissions.PqrsFileOwn)) return cases.Where(p => false);
        var own = user.OwnerIds;
        return cases.Where(p => own.Contains(p.OwnerId));
    }

    /// <summary>Entries this reader may see: internal ones only with <see cref="Permissions.PqrsView"/>.</summary>
    public static IQueryable<PqrsTracking> VisibleTo(this IQueryable<PqrsTracking> entries, CurrentUser user) =>
        user.Can(Permissions.PqrsView) ? entries : entries.Where(t => !t.Internal);

    /// <summary>Somebody still has to answer.</summary>
    public static IQueryable<PqrsCase> Active(this IQueryable<PqrsCase> cases) =>
        cases.Where(p =>
            p.StatusId == PqrsState.Open || p.StatusId == PqrsState.InProgress || p.StatusId == PqrsState.WaitingForPetitioner
        );

    /// <summary>Its last day has passed and it is the administration's turn.</summary>
    public static IQueryable<PqrsCase> Overdue(this IQueryable<PqrsCase> cases, DateOnly today) =>
        cases.Where(p => (p.StatusId == PqrsState.Open || p.StatusId == PqrsState.InProgress) && p.DueOn < today);

    /// <summary>Narrows by what stands in a list's address.</summary>
    internal static IQueryable<PqrsCase> Filtered(
        this IQueryable<PqrsCase> cases, PortalDb db, ListQuery query, UnitSearch units, CurrentUser user, DateOnly today)
    {
        if (States(query.Filter("state")) is { Count: > 0 } states) cases = cases.Where(p => states.Contains(p.StatusId));
        cases = query.Filter("due") switch
        {
            "overdue" => cases.Overdue(today),
            "soon" => Soon(cases, today),
            _ => cases,
        };
        if (Many<PqrsKind>(query.Filter("kind")) is { Count: > 0 } kinds)
            cases = cases.Where(p => p.Kind != null && kinds.Contains(p.Kind.Value));
        if (Many<PqrsPriority>(query.Filter("priority")) is { Count: > 0 } priorities)
            cases = cases.Where(p => p.Priority != null && priorities.Contains(p.Priority.Value));
        if (Ids(query.Filter("category")) is { Count: > 0 } categories) cases = cases.Where(p => categories.Contains(p.CategoryId));
        cases = query.Filter("assignee") switch
        {
            null => cases,
            "none" => cases.Where(p => p.AssignedTo == null),
            "me" => cases.Where(p => p.AssignedTo == user.Id),
            var id => long.TryParse(id, out var assignee) ? cases.Where(p => p.AssignedTo == assignee) : cases,
        };
        cases = query.Filter("merged") switch
        {
            "no" => cases.Where(p => p.MergedIntoId == null),
            "yes" => cases.Where(p => p.MergedIntoId != null),
            _ => cases,
        };
        if (query.FilterNumber("apartment") is { } apartment) cases = cases.Where(p => p.ApartmentId == apartment);
        return string.IsNullOrWhiteSpace(query.Search) ? cases : cases.Matching(db, query.Search.Trim(), units, user, today.Year);
    }

    internal static IOrderedQueryable<PqrsCase> Sorted(this IQueryable<PqrsCase> cases, PortalDb db, ListQuery query)
    {
        var down = query.Descending;
        var sorted = query.Sort switch
        {
            "number" => down ? cases.OrderByDescending(p => p.Number) : cases.OrderBy(p => p.Number),
            "title" => down ? cases.OrderByDescending(p => p.Title) : cases.OrderBy(p => p.Title),
            "petitioner" => down
                ? cases.OrderByDescending(p => db.Profiles.Where(f => f.UserId == p.Owner!.UserId).Min(f => f.FullName))
                : cases.OrderBy(p => db.Profiles.Where(f => f.UserId == p.Owner!.UserId).Min(f => f.FullName)),
            "apartment" => down
                ? cases.OrderByDescending(p => p.Apartment!.TowerId).ThenByDescending(p => p.Apartment!.ApartmentNumber)
                : cases.OrderBy(p => p.Apartment!.TowerId).ThenBy(p => p.Apartment!.ApartmentNumber),
            "state" => down ? cases.OrderByDescending(p => p.StatusId) : cases.OrderBy(p => p.StatusId),
            "priority" => down ? cases.OrderByDescending(p => p.Priority) : cases.OrderBy(p => p.Priority),
            "filed" => down ? cases.OrderByDescending(p => p.CreatedAt) : cases.OrderBy(p => p.CreatedAt),
            "changed" => down ? cases.OrderByDescending(p => p.UpdatedAt) : cases.OrderBy(p => p.UpdatedAt),
            // What needs somebody first: open ones by their last day, then what is done.
            _ => cases
                .OrderBy(p => p.StatusId == PqrsState.Resolved || p.StatusId == PqrsState.Closed ? 1 : 0)
                .ThenBy(p =>
                    p.StatusId == PqrsState.Resolved || p.StatusId == PqrsState.Closed ? (DateOnly?)null : p.DueOn ?? DateOnly.MaxValue
                ),
        };
        return sorted.ThenByDescending(p => p.Id);
    }

    private static IQueryable<PqrsCase> Soon(IQueryable<PqrsCase> cases, DateOnly today)
    {
        // The last day that is at most so many business days away.
        var until = BusinessDays.Deadline(today, PqrsClock.WarningDays, []);
        return cases.Where(p =>
            (p.StatusId == PqrsState.Open || p.StatusId == PqrsState.InProgress) && p.DueOn >= today && p.DueOn <= until
        );
    }

    private static List<PqrsState> States(string? value) =>
        [
            .. (value ?? "").Split(',').Contains("active")
                ? [PqrsState.Open, PqrsState.InProgress, PqrsState.WaitingForPetitioner]
                : Array.Empty<PqrsState>(),
            .. Many<PqrsState>(value),
        ];

    private static List<T> Many<T>(string? value)
        where T : struct, Enum =>
        [
            .. (value ?? "")
                .Split(',')
                .Where(v => v.Length > 0 && !char.IsDigit(v[0]))
                .Select(v => Enum.TryParse<T>(v, ignoreCase: true, out var one) && Enum.IsDefined(one) ? one : (T?)null)
                .OfType<T>(),
        ];

    private static List<int> Ids(string? value) =>
        [.. (value ?? "").Split(',').Select(v => int.TryParse(v, out var id) ? id : (int?)null).OfType<int>()];
}
