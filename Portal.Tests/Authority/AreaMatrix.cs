using Portal.Data;

namespace Portal.Tests.Authority;

/// <summary>
/// Who may do what in one area: every service method, page and endpoint of it, each against what belongs to <see cref="Who.Owner"/>. Found
/// by reflection: a
/// class that derives from this is part of the matrix.
/// </summary>
public abstract class AreaMatrix
{
    /// <summary>One of each, in the order of their names.</summary>
    public static IReadOnlyList<AreaMatrix> All { get; } = [.. OneOfEach.Of<AreaMatrix>()];

    /// <summary>Everybody who is signed in.</summary>
    protected static readonly Who[] SignedIn = [Who.Admin, Who.Staff, Who.Owner, Who.Neighbour, Who.Tenant, Who.Guard];

    protected static readonly Who[] Everybody = [.. SignedIn, Who.Nobody];

    protected static readonly Who[] Office = [Who.Admin, Who.Staff];

    /// <summary>All with the role of an owner: the tenant too.</summary>
    protected static readonly Who[] Residents = [Who.Owner, Who.Neighbour, Who.Tenant];

    /// <summary>
    /// Rows the entries speak of, with ids of the area's own choosing, beside those of <see cref="AuthorityWorld"/>. Saved afterwards.
    /// </summary>
    public virtual Task SeedAsync(PortalDb db, AuthorityWorld world) => Task.CompletedTask;

    public abstract IEnumerable<Entry> Entries { get; }

    /// <summary>A method of a service, called as each person. Who is not named must be refused and leave no trace.</summary>
    /// <param name="method"><c>nameof</c>; where it is overloaded, with its parameters' types: <c>"CreateAsync(NewAccount, CurrentUser,
    /// CancellationToken)"</c>.</param>
    /// <param name="call">What it gives, judged by <see cref="Verdict"/>. For lists say whether the owner's row is in it.</param>
    protected static Entry Method<TService>(
        string method, Func<TService, CurrentUser, AuthorityWorld, Task<object?>> call, params Who[] allowed)
        where TService : notnull =>
        new MethodEntry(typeof(TService), method, (world, who) => call(world.Get<TService>(), world.As(who), world), allowed);

    /// <summary>A method that takes no person, or is only called inside another that is judged; the reason is read by people.</summary>
    protected static Entry Open<TService>(string method, string why) => new OpenEntry(typeof(TService), method, why);

    /// <summary>A page, asked for over HTTP as each person.</summary>
    /// <param name="route">As it stands after <c>@page</c>.</param>
    /// <param name="path">The address asked for, of something of the owner's.</param>
    protected static Entry Page(string route, string path, params Who[] allowed) =>
        new WebEntry("PAGE " + route, () => new HttpRequestMessage(HttpMethod.Get, path), allowed);

    /// <summary>A page without parameters.</summary>
    protected static Entry Page(string route, params Who[] allowed) => Page(route, route, allowed);

    /// <summary>An endpoint, asked for over HTTP as each person.</summary>
    /// <param name="pattern">As it is mapped.</param>
    protected static Entry Endpoint(HttpMethod method, string pattern, string path, params Who[] allowed) =>
        new WebEntry($"{method} {pattern}", () => new HttpRequestMessage(method, path), allowed);

    protected static Entry Endpoint(HttpMethod method, string pattern, string path, HttpContent content, params Who[] allowed) =>
        new WebEntry($"{method} {pattern}", () => new HttpRequestMessage(method, path) { Content = content }, allowed);

    /// <summary>
    /// For calls whose result is not an object: <c>Of(service.ListAsync(...), page => page.Rows.Any(r => r.Id == Mine))</c>.
    /// </summary>
    protected static async Task<object?> Of<T>(Task<T> call, Func<T, bool>? seen = null) =>
        await call is var result && seen is null ? result : seen!(result);
}

/// <param name="Key">What the matrix finds by reflection under this name.</param>
public abstract record Entry(string Key);

public sealed record MethodEntry(Type Service, string Method, Func<AuthorityWorld, Who, Task<object?>> Call, Who[] Allowed)
    : Entry($"{Service.Name}.{Method}");

public sealed record OpenEntry(Type Service, string Method, string Why) : Entry($"{Service.Name}.{Method}");

public sealed record WebEntry(string Address, Func<HttpRequestMessage> Request, Who[] Allowed) : Entry(Address);
