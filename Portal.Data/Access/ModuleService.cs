using Microsoft.EntityFrameworkCore;
using Portal.Data.Audit;
using Portal.Data.Identity;

namespace Portal.Data.Access;

/// <summary>A part of the portal that a building may do without.</summary>
/// <param name="Name">As in <c>modules</c>; the names of its permissions begin with it.</param>
/// <param name="Refusals">Why it cannot be switched over now; empty where it can.</param>
public sealed record ModuleSwitch(string Name, bool On, IReadOnlyList<Error> Refusals);

/// <summary>What has to be so before a module is switched. An area registers its own.</summary>
public abstract class ModuleRule
{
    public abstract string Module { get; }

    /// <summary>Why it cannot be switched on.</summary>
    public virtual Task<IReadOnlyList<Error>> BeforeOnAsync(PortalDb db, CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<Error>>([]);

    /// <summary>Why it cannot be switched off: what people count on goes before their way to it does.</summary>
    public virtual Task<IReadOnlyList<Error>> BeforeOffAsync(PortalDb db, CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<Error>>([]);
}

/// <summary>
/// Switches modules on and off, with <see cref="Permissions.SettingsEdit"/>. Off, the permissions of a module count as given to nobody
/// (<see cref="CurrentUserSource"/>, <see cref="WhoMay"/>), its addresses answer as if they were not there, and its jobs do nothing; what
/// was written stays, and is there again when it is switched on.
/// </summary>
public sealed class ModuleService(PortalStore store, ModuleStates states, CurrentUserSource accounts, IEnumerable<ModuleRule> rules)
{
    /// <summary>Those that can be switched; every other is always on.</summary>
    public static readonly IReadOnlyList<string> Switchable = [Modules.Maintenance, Modules.Programmes];

    /// <summary>The same for SQL. Whatever else a row of the table says, nothing of what is always on goes.</summary>
    internal static string SwitchableList { get; } = string.Join(", ", Switchable.Select(name => $"'{name}'"));

    /// <summary>The modules that can be switched; none for who may not.</summary>
    public async Task<IReadOnlyList<ModuleSwitch>> ListAsync(CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.SettingsEdit)) return [];
        await using var db = await store.OpenAsync(user, ct);
        var off = await db.ModulesOff().Select(m => m.Name).ToListAsync(ct);
        List<ModuleSwitch> all = [];
        foreach (var name in Switchable)
        {
            var enabled = !off.Contains(name);
            all.Add(new ModuleSwitch(name, enabled, await RefusalsAsync(db, name, !enabled, ct)));
        }

        return all;
    }

    /// <summary>It holds at once, in every portal on the same database and for people who are signed in too.</summary>
    /// <returns>Refusals: <c>forbidden</c>, <c>not_found</c>, and what the rules of the module say.</returns>
    public async Task<Result> SwitchAsync(string name, bool on, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.SettingsEdit)) return Error.Forbidden;
        if (!Switchable.Contains(name)) return Error.NotFound;
        var result = await store.WriteAsync(
            user,
            async (db, token) =>
            {
                if (await db.Modules.Where(m => m.Name == name).OrderBy(m => m.Id).ForUpdate().FirstOrDefaultAsync(token) is not { } module)
                    return Error.NotFound;
                if (module.Enabled == on) return Result.Done;
                if (await RefusalsAsync(db, name, on, token) is { Count: > 0 } refusals) return refusals.ToList();
                module.Enabled = on;
                return Result.Done;
            },
            ct);
        states.Forget();
        accounts.Forget();
        return result;
    }

    private async Task<IReadOnlyList<Error>> RefusalsAsync(PortalDb db, string name, bool on, CancellationToken ct)
    {
        List<Error> refusals = [];
        foreach (var rule in rules.Where(r => r.Module == name))
            refusals.AddRange(await (on ? rule.BeforeOnAsync(db, ct) : rule.BeforeOffAsync(db, ct)));
        return refusals;
    }
}

/// <summary>The names in <c>modules</c> of what can be switched.</summary>
public static class Modules
{
    public const string Maintenance = "maintenance", Programmes = "programmes";
}

/// <summary>Which modules are off, remembered: every request of an address of theirs asks it.</summary>
public sealed class ModuleStates : IDisposable
{
    private readonly RememberedList<IReadOnlySet<string>> _off;

    public ModuleStates(PortalStore store, LiveFeed feed, TimeProvider time) => _off = new(feed, time, ["modules"], async ct =>
    {
        await using var db = await store.OpenAsync(CurrentUser.System, ct);
        return (await db.ModulesOff().Select(m => m.Name).ToListAsync(ct)).ToHashSet(StringComparer.Ordinal);
    });

    public async ValueTask<bool> IsOnAsync(string module, CancellationToken ct) => !(await _off.GetAsync(ct)).Contains(module);

    public void Dispose() => _off.Dispose();

    internal void Forget() => _off.Forget();
}
