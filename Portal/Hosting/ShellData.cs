using Microsoft.Extensions.Localization;
using Portal.Components.Layout;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Home;
using Portal.Data.Operations;
using Portal.Hosting.Identity;
using Portal.Resources;

namespace Portal.Hosting;

/// <summary>What the shell shows of the person and the building, and its search.</summary>
public static class ShellData
{
    public static IServiceCollection AddShellData(this IServiceCollection services)
    {
        services.AddScoped<ShellSource>(provider => (_, ct) => LoadAsync(provider, ct));
        services.AddScoped<ShellSearch>(provider => (text, _, ct) => SearchAsync(provider, text, ct));
        return services;
    }

    private static async Task<ShellModel?> LoadAsync(IServiceProvider provider, CancellationToken ct)
    {
        var user = await provider.GetRequiredService<Me>().GetAsync(ct);
        if (user.Id == 0) return null;
        var words = provider.GetRequiredService<IStringLocalizer<HomeWords>>();
        var settings = await provider.GetRequiredService<SettingsService>().GetAsync(ct);
        var counters = await provider.GetRequiredService<HomeService>().CountersAsync(user, ct);
        var role = RoleOf(user);
        return new ShellModel(
            settings.Name, user.Name, role, words[$"role.{role}"], [.. user.Permissions],
            new Dictionary<string, NavCount>
            {
                ["pqrs"] = new(counters.OverduePqrs, Bad: true),
                ["payments"] = new(counters.PendingPayments),
                ["packages"] = new(counters.WaitingPackages),
            }
                .Where(c => c.Value.Count > 0)
                .ToDictionary(),
            counters.Unread,
            LastBackup: counters.LastBackup is { } backup ? provider.GetRequiredService<BuildingClock>().ToWall(backup) : null,
            Unit: counters.Unit is null ? null : words["unit", counters.Unit].Value);
    }

    /// <summary>A role added as data is shown as the one whose work is nearest: the office's, or a resident's.</summary>
    private static string RoleOf(CurrentUser user) => user.RoleId switch
    {
        Roles.Admin => "admin",
        Roles.Staff => "staff",
        Roles.Owner => "owner",
        Roles.Security => "security",
        _ => user.Can(Permissions.PqrsView) ? "staff" : "owner",
    };

    private static async Task<IReadOnlyList<SearchHit>> SearchAsync(IServiceProvider provider, string text, CancellationToken ct)
    {
        var user = await provider.GetRequiredService<Me>().GetAsync(ct);
        var words = provider.GetRequiredService<IStringLocalizer<HomeWords>>();
        var found = await provider.GetRequiredService<SearchService>().FindAsync(text, user, ct);
        return
        [
            .. found.Select(f =>
                f.Kind switch
                {
                    FoundKind.Apartment => new SearchHit(
                        words["search.apartments"], Glyph.Building, words["unit", f.Title], f.Detail, $"/units/{f.Id}"),
                    FoundKind.Person => new SearchHit(words["search.people"], Glyph.People, f.Title, f.Detail, $"/people/{f.Id}"),
                    FoundKind.Plate => new SearchHit(
                        words["search.plates"], Glyph.Car, f.Title, f.Detail, $"/parking?q={Uri.EscapeDataString(f.Title)}"),
                    FoundKind.Asset => new SearchHit(words["search.assets"], Glyph.Server, f.Title, f.Detail, $"/maintenance/assets/{f.Id}"),
                    FoundKind.WorkOrder => new SearchHit(
                        words["search.orders"], Glyph.Wrench, f.Title, f.Detail, $"/maintenance/orders/{f.Id}"),
                    FoundKind.Receipt => new SearchHit(
                        words["search.receipts"], Glyph.Receipt, f.Title, f.Detail, $"/payments/{f.Id}"),
                    _ => new SearchHit(words["search.cases"], Glyph.Pqrs, f.Title, f.Detail, $"/pqrs/{f.Id}"),
                }
            ),
        ];
    }
}
