using System.Security.Claims;
using Portal.Components.Shared;

namespace Portal.Components.Layout;

/// <summary>A number beside an area of the rail; <paramref name="Bad"/> paints it red (something is late).</summary>
public sealed record NavCount(int Count, bool Bad = false);

/// <summary>What the shell shows of the building and of the signed-in person; nothing here grants anything.</summary>
/// <param name="Role">The role's name in the database: admin, staff, owner, security.</param>
/// <param name="RoleTitle">The role as the person reads it: Administradora.</param>
/// <param name="Permissions">Names of the permissions held; decide which areas the rail shows.</param>
/// <param name="Counters">By <see cref="NavItem.Key"/>: what waits in that area.</param>
/// <param name="LastBackup">The building's wall clock; null where the role does not see it or there is none.</param>
/// <param name="Unit">The apartment the person is looking at (owners), shown on the phone instead of the product's name.</param>
public sealed record ShellModel(
    string BuildingName,
    string PersonName,
    string Role,
    string RoleTitle,
    string[] Permissions,
    Dictionary<string, NavCount> Counters,
    int Unread,
    DateTime? LastBackup = null,
    string? Unit = null)
{
    /// <summary>First letters of the first two words of the name.</summary>
    public string Initials => Shared.Initials.Of(PersonName);
}

/// <summary>Loads the model for somebody; null when nobody is signed in.</summary>
public delegate Task<ShellModel?> ShellSource(ClaimsPrincipal user, CancellationToken ct);

/// <summary>One line of the search of the whole portal.</summary>
public sealed record SearchHit(string Group, Glyph Icon, string Title, string? Detail, string Href);

/// <summary>
/// Searches people, apartments, plates and PQRS numbers within the person's reach; pages are added by the palette itself.
/// </summary>
public delegate Task<IReadOnlyList<SearchHit>> ShellSearch(string text, ClaimsPrincipal user, CancellationToken ct);

/// <summary>
/// The shell's data in one circuit. Whoever learns of a change (a new notification, a confirmed payment) calls
/// <see cref="RefreshAsync"/>; the rail and the bell redraw themselves.
/// </summary>
public sealed class ShellState(ShellSource source, ILogger<ShellState> log)
{
    private ClaimsPrincipal? owner;

    public ShellModel? Model { get; private set; }

    public event Action? Changed;

    public async Task<ShellModel?> LoadAsync(ClaimsPrincipal user, CancellationToken ct)
    {
        owner = user;
        Model = await source(user, ct);
        return Model;
    }

    /// <summary>Takes what the prerendering already loaded.</summary>
    public void Restore(ClaimsPrincipal user, ShellModel model)
    {
        owner = user;
        Model = model;
    }

    /// <summary>Loads again and tells the shell. A failure keeps what is shown: old counters are better than a broken page.</summary>
    public async Task RefreshAsync(CancellationToken ct)
    {
        if (owner is null)
        {
            return;
        }

        try
        {
            Model = await source(owner, ct);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            log.LogWarning(exception, "The shell keeps its old counters: loading them again failed");
            return;
        }

        Changed?.Invoke();
    }
}
