using Portal.Components.Shared;
using Portal.Data.Access;

namespace Portal.Components.Layout;

/// <summary>One area of the portal in the rail. Its word is <c>nav.{Key}</c> of SharedWords.</summary>
/// <param name="Group">Areas of one group stand together; a line parts the groups.</param>
/// <param name="AnyOf">One of these permissions opens it; none needed when empty.</param>
/// <param name="Unless">Who holds this permission sees another area instead (the gate instead of "my visits").</param>
/// <param name="In">The area whose room it is: it hangs under it, and is seen while one is inside. For who does not see that area it stands by
/// itself.</param>
/// <param name="Also">Other paths that belong to it, so that the rail shows where one is; <c>/account/#</c> with a number behind.</param>
public sealed record NavItem(string Key, string Href, Glyph Icon, int Group, string[] AnyOf, string? Unless = null, string[]? Also = null,
    string? In = null)
{
    public bool IsFor(ShellModel model) =>
        (AnyOf.Length == 0 || AnyOf.Any(permission => model.Permissions.Contains(permission)))
        && (Unless is null || !model.Permissions.Contains(Unless));

    /// <summary>Whether a path of the portal (<c>/payments/12</c>) lies inside this area.</summary>
    public bool Holds(string path) => Covers(Href, path) || (Also is not null && Also.Any(other => Covers(other, path)));

    private static bool Covers(string area, string path) => area.EndsWith('#')
        ? path.Length >= area.Length && path.StartsWith(area[..^1], StringComparison.OrdinalIgnoreCase) && char.IsAsciiDigit(path[area.Length - 1])
        : path.Equals(area, StringComparison.OrdinalIgnoreCase)
        || (area != "/" && path.StartsWith(area + "/", StringComparison.OrdinalIgnoreCase));
}

/// <summary>The map of the portal: which areas there are, who sees them, and which four a role has under its thumb on a phone.</summary>
public static class Navigation
{
    public static readonly IReadOnlyList<NavItem> Items =
    [
        new("home", "/", Glyph.Home, 0, [], Also: ["/since"]),
        new("pqrs", "/pqrs", Glyph.Pqrs, 1, [Permissions.PqrsView, Permissions.PqrsHandle, Permissions.PqrsFileOwn]),
        new("money", "/money", Glyph.Payments, 1, [Permissions.PaymentsView]),
        new("billing", "/billing", Glyph.Receipt, 1, [Permissions.BillingView], Also: ["/fines"], In: "money"),
        new("payments", "/payments", Glyph.Payments, 1, [Permissions.PaymentsView, Permissions.PaymentsViewOwn], Also: ["/account/#"], In: "money"),
        new("collection", "/collection", Glyph.Clock, 1, [Permissions.CollectionView], In: "money"),
        new("bank", "/bank", Glyph.Merge, 1, [Permissions.BankView], In: "money"),
        new("expenses", "/expenses", Glyph.Note, 1, [Permissions.ExpensesView], In: "money"),
        new("budget", "/budget", Glyph.Percent, 1, [Permissions.ExpensesView], In: "money"),
        new("ledger", "/ledger", Glyph.Bank, 1, [Permissions.LedgerView], In: "money"),
        new(
            "facilities", "/facilities", Glyph.Calendar, 1, [Permissions.ReservationsView, Permissions.FacilitiesEdit],
            Also: ["/reservations", "/book"]),
        new(
            "reservations", "/reservations", Glyph.Calendar, 1, [Permissions.ReservationsBookOwn], Permissions.ReservationsView,
            ["/book", "/facilities"]),
        new("gate", "/gate", Glyph.Gate, 1, [Permissions.GateView, Permissions.GateLog]),
        new("guards", "/guards", Glyph.Shield, 1, [Permissions.GuardsView, Permissions.GuardsEdit], In: "gate"),
        new("blocks", "/gate/blocks", Glyph.Stop, 1, [Permissions.GateManage], In: "gate"),
        new("incidents", "/gate/incidents", Glyph.Alert, 1, [Permissions.GateIncidents], In: "gate"),
        new("handovers", "/gate/handovers", Glyph.Merge, 1, [Permissions.GateManage], In: "gate"),
        new("notes", "/gate/notes", Glyph.Note, 1, [Permissions.GateView], In: "gate"),
        new("visit-report", "/visits/report", Glyph.Chart, 1, [Permissions.GateReport], In: "gate"),
        new("visits", "/visits", Glyph.Qr, 1, [Permissions.GateAnnounceOwn], Permissions.GateView),
        new("packages", "/packages", Glyph.Package, 1, [Permissions.PackagesView, Permissions.PackagesLog, Permissions.PackagesViewOwn]),
        new("parking", "/parking", Glyph.Car, 1, [Permissions.ParkingView, Permissions.ParkingEdit]),
        new("vehicles", "/parking/vehicles", Glyph.Car, 1, [Permissions.ParkingView], In: "parking"),
        new("maintenance", "/maintenance", Glyph.Wrench, 2, [Permissions.MaintenanceView]),
        new("orders", "/maintenance/orders", Glyph.Wrench, 2, [Permissions.MaintenanceView, Permissions.MaintenanceWorkOwn], In: "maintenance"),
        new("assets", "/maintenance/assets", Glyph.Server, 2, [Permissions.MaintenanceView], In: "maintenance"),
        new("plans", "/maintenance/plans", Glyph.Calendar, 2, [Permissions.MaintenanceView], In: "maintenance"),
        new("programmes", "/programmes", Glyph.List, 2, [Permissions.ProgrammesManage, Permissions.ProgrammesTeachOwn]),
        new("participants", "/programmes/participants", Glyph.People, 2, [Permissions.ProgrammesManage], In: "programmes"),
        new("own-courses", "/programmes/mine", Glyph.List, 2, [Permissions.ProgrammesViewOwn], Permissions.ProgrammesManage),
        new("units", "/units", Glyph.Building, 2, [Permissions.BuildingView, Permissions.BuildingEdit], Also: ["/towers"]),
        new("people", "/people", Glyph.People, 2, [Permissions.PeopleView, Permissions.PeopleContact, Permissions.PeopleEdit]),
        new("privacy", "/privacy", Glyph.Lock, 2, [Permissions.PrivacyHandle], In: "people"),
        new("pets", "/pets", Glyph.Pets, 2, [Permissions.PetsView, Permissions.PetsEdit, Permissions.PetsViewOwn]),
        new("census", "/pets/census", Glyph.Chart, 2, [Permissions.PetsView], In: "pets"),
        new("surveys", "/surveys", Glyph.Chart, 2, [Permissions.SurveysView, Permissions.SurveysEdit, Permissions.SurveysAnswer]),
        new("notices", "/notices", Glyph.Notice, 2, [Permissions.NoticesView, Permissions.NoticesEdit]),
        new("documents", "/documents", Glyph.File, 2, [Permissions.DocumentsView, Permissions.DocumentsEdit], In: "notices"),
        new(
            "assemblies", "/assemblies", Glyph.Vote, 2,
            [Permissions.AssembliesView, Permissions.AssembliesManage, Permissions.AssembliesRegister, Permissions.AssembliesAttendOwn]),
        new("audit", "/audit", Glyph.History, 3, [Permissions.AuditView]),
        new("operations", "/operations", Glyph.Server, 3, [Permissions.OperationsView]),
        new("backups", "/operations/backups", Glyph.Save, 3, [Permissions.OperationsView], In: "operations"),
        new("api", "/api/keys", Glyph.Link, 3, [Permissions.ApiManage], Also: ["/api"]),
        new("setup", "/set-up", Glyph.CheckCircle, 3, [Permissions.BuildingSetUp]),
        new("settings", "/settings", Glyph.Settings, 3, [Permissions.SettingsEdit, Permissions.AccessManage], Also: ["/roles"]),
    ];

    private static readonly Dictionary<string, string[]> Thumb = new()
    {
        ["admin"] = ["pqrs", "payments", "facilities", "people"],
        ["staff"] = ["pqrs", "payments", "facilities", "people"],
        ["owner"] = ["payments", "reservations", "visits", "pqrs"],
        ["security"] = ["gate", "packages", "parking", "people"],
    };

    /// <summary>The rooms of an area, as far as they are the person's.</summary>
    public static IReadOnlyList<NavItem> RoomsOf(NavItem area, IReadOnlyList<NavItem> mine) =>
        [.. mine.Where(item => item.In == area.Key && mine.Contains(area))];

    /// <summary>The areas within the person's permissions, in the order of the rail.</summary>
    public static IReadOnlyList<NavItem> For(ShellModel model) => [.. Items.Where(item => item.IsFor(model))];

    /// <summary>Home and the four areas that the role uses most; what a role lacks is filled up from the rail.</summary>
    public static IReadOnlyList<NavItem> UnderThumb(ShellModel model)
    {
        var mine = For(model);
        var preferred = Thumb
            .GetValueOrDefault(model.Role, [])
            .Select(key => mine.FirstOrDefault(item => item.Key == key))
            .OfType<NavItem>();
        return [.. mine.Where(item => item.Key == "home").Concat(preferred).Concat(mine).Distinct().Take(5)];
    }
}
