using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Expenses;
using Portal.Data.Maintenance;
using Portal.Tests.Server;
using Pictures = Portal.Tests.Facilities.Pictures;

namespace Portal.Tests.Authority;

/// <summary>Equipment and its inspections; and the switches of the modules.</summary>
public sealed class MaintenanceMatrix : AreaMatrix
{
    internal const long Lift = 881, Gone = 882, Duty = 891, Other = 892, Done = 895;
    internal const int Lifts = 1, Doors = 2;

    private static readonly AssetInput Sound = new("ASC-01", "Lift", "Lift", null, null, null, null, null, null, null, null, null);

    public override Task SeedAsync(PortalDb db, AuthorityWorld world)
    {
        db.Suppliers.Add(new Supplier { Name = "Andinas", Active = true });
        db.Assets.Add(new Asset { Id = Lift, Code = "ASC-01", Name = "Lift", Kind = "Lift" });
        var gone = new Asset { Id = Gone, Code = "ASC-00", Name = "Old lift", Kind = "Lift" };
        gone.Retire(world.Clock.Today, "Replaced");
        db.Assets.Add(gone);
        db.InspectionDuties.Add(InspectionDuty.Of(Lift, Lifts).With(d => d.Id, Duty));
        db.InspectionDuties.Add(InspectionDuty.Of(Lift, Doors).With(d => d.Id, Other));
        db.Inspections.Add(
            Inspection.Of(Duty, world.Clock.Today.AddMonths(-1), world.Clock.Today.AddMonths(11), "Altura", "17", null, null)
                .With("certificate.png", "image/png", Pictures.Png).With(i => i.Id, Done));
        return Task.CompletedTask;
    }

    public override IEnumerable<Entry> Entries =>
        [
            Method<ModuleService>(nameof(ModuleService.ListAsync), (s, user, _) => Of(s.ListAsync(user, default)), Who.Admin),
            Method<ModuleService>(
                nameof(ModuleService.SwitchAsync), (s, user, _) => Of(s.SwitchAsync(Modules.Maintenance, true, user, default)), Who.Admin),
            Method<AssetService>(
                nameof(AssetService.ListAsync), (s, user, _) => Of(s.ListAsync(new(), user, default), page => page.Rows.Any(r => r.Id == Lift)), Office),
            Method<AssetService>(
                nameof(AssetService.ExportAsync), async (s, user, _) => await s.ExportAsync(new(), user, default).AnyAsync(r => r.Id == Lift), Office),
            Method<AssetService>(nameof(AssetService.KindsAsync), (s, user, _) => Of(s.KindsAsync(user, default)), Office),
            Method<AssetService>(nameof(AssetService.TowersAsync), (s, user, _) => Of(s.TowersAsync(user, default)), Office),
            Method<AssetService>(
                nameof(AssetService.SuppliersAsync), (s, user, _) => Of(s.SuppliersAsync("andi", user, default)), Office),
            Method<AssetService>(nameof(AssetService.FindAsync), (s, user, _) => Of(s.FindAsync(Lift, user, default)), Office),
            Method<AssetService>(nameof(AssetService.SaveAsync), (s, user, _) => Of(s.SaveAsync(Lift, Sound, user, default)), Office),
            Method<AssetService>(nameof(AssetService.RetireAsync), (s, user, _) => Of(s.RetireAsync(Lift, "Replaced", user, default)), Office),
            Method<AssetService>(nameof(AssetService.ReturnAsync), (s, user, _) => Of(s.ReturnAsync(Gone, user, default)), Office),
            Method<InspectionService>(
                nameof(InspectionService.ListAsync), (s, user, _) => Of(s.ListAsync(new(), user, default), page => page.Rows.Any(r => r.Id == Duty)),
                Office),
            Method<InspectionService>(
                nameof(InspectionService.ExportAsync), async (s, user, _) => await s.ExportAsync(new(), user, default).AnyAsync(r => r.Id == Duty),
                Office),
            Method<InspectionService>(nameof(InspectionService.CountAsync), (s, user, _) => Of(s.CountAsync(user, default), c => c.All > 0), Office),
            Method<InspectionService>(nameof(InspectionService.KindsAsync), (s, user, _) => Of(s.KindsAsync(user, default)), Office),
            Method<InspectionService>(nameof(InspectionService.PaperAsync), (s, user, _) => Of(s.PaperAsync(Done, user, default)), Office),
            Method<InspectionDesk>(nameof(InspectionDesk.AskAsync), (s, user, _) => Of(s.AskAsync(Lift, 3, user, default)), Office),
            Method<InspectionDesk>(nameof(InspectionDesk.EndAsync), (s, user, _) => Of(s.EndAsync(Duty, user, default)), Office),
            Method<InspectionDesk>(
                nameof(InspectionDesk.RecordAsync),
                (s, user, world) => Of(s.RecordAsync(Other, new(world.Clock.Today, true, null, "Altura", null, null, []), user, default)), Office),
            Method<InspectionDesk>(nameof(InspectionDesk.WithdrawAsync), (s, user, _) => Of(s.WithdrawAsync(Done, "Mistyped", user, default)), Office),
            Method<InspectionDesk>(
                nameof(InspectionDesk.SaveKindAsync),
                (s, user, _) => Of(s.SaveKindAsync(null, new($"Kind {Guid.NewGuid():N}", 12, 60, null, true), user, default)), Office),
            Page("/settings/modules", Who.Admin),
            Page("/maintenance", Office),
            Page("/maintenance/assets", Office),
            Page("/maintenance/assets/{Id:long}", $"/maintenance/assets/{Lift}", Office),
            Page("/maintenance/kinds", Office),
            Endpoint(HttpMethod.Get, "/maintenance/export", "/maintenance/export?format=csv", Office),
            Endpoint(HttpMethod.Get, "/maintenance/assets/export", "/maintenance/assets/export?format=csv", Office),
            Endpoint(HttpMethod.Get, "/maintenance/inspections/{id:long}/paper", $"/maintenance/inspections/{Done}/paper", Office),
        ];
}
