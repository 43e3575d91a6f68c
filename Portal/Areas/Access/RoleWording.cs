using Microsoft.Extensions.Localization;
using Portal.Resources;

namespace Portal.Areas.Access;

/// <summary>Roles, modules and permissions in words. What an adopted database or an administrator added goes by its own name.</summary>
public static class RoleWording
{
    public static string Role(this IStringLocalizer<AccessWords> words, string name) => words.Or("role." + name.ToLowerInvariant(), name);

    public static string Module(this IStringLocalizer<AccessWords> words, string name) => words.Or("module." + name, name);

    public static string Permission(this IStringLocalizer<AccessWords> words, string name, string? description) =>
        words.Or("permission." + name, description ?? name);

    private static string Or(this IStringLocalizer<AccessWords> words, string key, string otherwise) =>
        words[key] is { ResourceNotFound: false } found ? found.Value : otherwise;
}
