using Portal.Data.Access;
using Portal.Data.Operations;

namespace Portal.Data.Maintenance;

/// <summary>Who sees which work orders, and how they are searched, filtered and sorted.</summary>
internal static class WorkOrderQueries
{
    /// <summary>All of them for the office, their own for who does the work, none for anybody else.</summary>
    public static IQueryable<WorkOrder> VisibleTo(this IQueryable<WorkOrder> orders, CurrentUser user)
    {
        if (user.Can(Permissions.MaintenanceView)) return orders;
        if (!user.Can(Permissions.MaintenanceWorkOwn) || user.AccountId is not { } account) return orders.Where(o => false);
        return orders.Where(o => o.WorkerId == account);
    }

    /// <summary>Something is still to be done.</summary>
    public static IQueryable<WorkOrder> Active(this IQueryable<WorkOrder> orders) => orders.Where(o =>
        o.Status == WorkOrderState.Open || o.Status == WorkOrderState.Approval || o.Status == WorkOrderState.Assigned
        || o.Status == WorkOrderState.Working || o.Status == WorkOrderState.Waiting);

    /// <summary>Its day is past.</summary>
    public static IQueryable<WorkOrder> Late(this IQueryable<WorkOrder> orders, DateOnly today) => orders.Active().Where(o => o.DueOn < today);

    /// <summary>
    /// Filters by their names in the address: state (several with commas), priority, asset, tower, supplier (ids), worker (<c>me</c>), late
    /// (<c>yes</c>), asked (<c>yes</c>: waits for approval).
    /// </summary>
    public static IQueryable<WorkOrder> Matching(this IQueryable<WorkOrder> orders, ListQuery query, CurrentUser user, DateOnly today)
    {
        var states = (query.Filter("state") ?? "").Split(',')
            .Select(one =>
                Enum.TryParse<WorkOrderState>(one, ignoreCase: true, out var state) && Enum.IsDefined(state) ? state : (WorkOrderState?)null)
            .OfType<WorkOrderState>().ToList();
        if (states.Count > 0) orders = orders.Where(o => states.Contains(o.Status));
        if (query.Filter<WorkOrderPriority>("priority") is { } priority) orders = orders.Where(o => o.Priority == priority);
        if (query.FilterNumber("asset") is { } asset) orders = orders.Where(o => o.AssetId == asset);
        if (query.FilterNumber("tower") is { } tower) orders = orders.Where(o => o.TowerId == tower || o.Asset!.TowerId == tower);
        if (query.FilterNumber("supplier") is { } supplier) orders = orders.Where(o => o.SupplierId == supplier);
        if (query.Filter("worker") == "me") orders = orders.Where(o => o.WorkerId == user.AccountId);
        if (query.Filter("late") == "yes") orders = orders.Late(today);
        if (query.Filter("asked") == "yes") orders = orders.Where(o => o.AskedAmount != null);
        if (RunningNumber.Read(query.Search, WorkOrder.Series, today.Year) is { Count: > 0 } numbers)
            return orders.Where(o => numbers.Contains(o.Number));
        foreach (var word in (query.Search ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(6))
        {
            orders = orders.Where(o => o.Title.Contains(word) || o.Number.Contains(word) || o.Asset!.Code.Contains(word)
                || o.Asset.Name.Contains(word) || o.Place!.Contains(word) || o.Supplier!.Name.Contains(word));
        }

        return orders;
    }

    /// <summary>
    /// Sorts: number, title, asset, priority, due, state. Without one what is to be done comes before what is over: emergencies, then by
    /// their day, those without one last.
    /// </summary>
    public static IOrderedQueryable<WorkOrder> Sorted(this IQueryable<WorkOrder> orders, ListQuery query) => query.Sort switch
    {
        "number" => orders.By(o => o.Id, query.Descending),
        "title" => orders.By(o => o.Title, query.Descending).Then(o => o.Id, query.Descending),
        "asset" => orders.By(o => o.Asset!.Code, query.Descending).Then(o => o.Id, query.Descending),
        "priority" => orders.By(o => o.Priority, query.Descending).Then(o => o.Id, query.Descending),
        "due" => orders.By(o => o.DueOn, query.Descending).Then(o => o.Id, query.Descending),
        "state" => orders.By(o => o.Status, query.Descending).Then(o => o.Id, query.Descending),
        _ => orders
            .OrderBy(o => o.Status == WorkOrderState.Accepted || o.Status == WorkOrderState.Cancelled ? 1 : 0)
            .ThenByDescending(o => o.Emergency && o.Status != WorkOrderState.Accepted && o.Status != WorkOrderState.Cancelled)
            .ThenBy(o => o.Status == WorkOrderState.Accepted || o.Status == WorkOrderState.Cancelled || o.DueOn == null ? 1 : 0)
            .ThenBy(o => o.Status == WorkOrderState.Accepted || o.Status == WorkOrderState.Cancelled ? null : o.DueOn)
            .ThenByDescending(o => o.Id),
    };
}
