using System.Collections.Frozen;

namespace Portal.Data;

/// <summary>Who acts: what they may do and what is theirs. Every service method takes one, and every context is opened for one.</summary>
/// <param name="Id">The account; 0 for the system and for nobody.</param>
/// <param name="Name">As the audit log shows it.</param>
/// <param name="RoleId">One of <see cref="Access.Roles"/>, or a role added as data.</param>
/// <param name="Permissions">The names their role has at this moment.</param>
/// <param name="OwnerIds">Their rows in <c>owners</c>.</param>
/// <param name="ApartmentIds">The apartments they own or live in today.</param>
/// <param name="OwnedApartmentIds">The apartments they own today; a tenant owns none.</param>
/// <param name="IpAddress">Where the request came from; null for the system.</param>
public sealed record CurrentUser(
    long Id,
    string Name,
    int RoleId,
    IReadOnlySet<string> Permissions,
    IReadOnlyList<long> OwnerIds,
    IReadOnlyList<long> ApartmentIds,
    IReadOnlyList<long> OwnedApartmentIds,
    string? IpAddress = null)
{
    private bool IsSystem { get; init; }

    /// <summary>The row in <c>sessions</c> that they act in; null where it is not a signed-in person's.</summary>
    public long? SessionId { get; init; }

    /// <summary>Of a request of another program that may be repeated: what is written in its name is written once.</summary>
    public Api.OnlyOnce? Once { get; init; }

    /// <summary>Somebody who has not signed in: may do nothing.</summary>
    public static CurrentUser Nobody { get; } = new(0, "", 0, FrozenSet<string>.Empty, [], [], []);

    /// <summary>The portal itself, in jobs and when it sets itself up: may do everything, owns nothing.</summary>
    public static CurrentUser System { get; } = Nobody with { Name = "system", IsSystem = true };

    /// <summary>The account for columns such as <c>recorded_by</c>; null for the system.</summary>
    public long? AccountId => Id == 0 ? null : Id;

    /// <summary>
    /// What of them a PIN opens: the gate's own work. Six digits are no password, and the office sets them: they are nobody's way to
    /// an administrator's rights, nor to what is a resident's own.
    /// </summary>
    public CurrentUser AtTheGate() => this with
    {
        Permissions = Permissions.Intersect(Access.Permissions.OfTheGate).ToFrozenSet(StringComparer.Ordinal),
        OwnerIds = [], ApartmentIds = [], OwnedApartmentIds = [],
    };

    public bool Can(string permission) => IsSystem || Permissions.Contains(permission);
}
