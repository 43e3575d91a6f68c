using Portal.Data.Access;

namespace Portal.Data.Api;

/// <summary>
/// What a key may be given: the permissions that operations of the API ask for, and those that decide how much they show. A key with none
/// that an operation needs is refused there.
/// </summary>
public static class ApiScopes
{
    public static readonly IReadOnlyList<string> All =
    [
        Permissions.BuildingView,
        Permissions.PaymentsView, Permissions.PaymentsViewOwn, Permissions.PaymentsRecord, Permissions.PaymentsConfirm,
        Permissions.PqrsView, Permissions.PqrsHandle, Permissions.PqrsFileOwn,
        Permissions.FacilitiesView, Permissions.ReservationsView, Permissions.ReservationsManage, Permissions.ReservationsBookOwn,
        Permissions.GateView, Permissions.GateAnnounceOwn,
        Permissions.NoticesView,
    ];

    /// <summary>Those that a person can give: nobody gives away more than they have.</summary>
    public static IReadOnlyList<string> Of(CurrentUser user) => [.. All.Where(user.Can)];

    /// <summary>The person as a key of theirs acts: without what is not named, and without what is their own where no scope is about that.</summary>
    internal static CurrentUser Narrow(CurrentUser user, string scopes, ApiCaller caller)
    {
        var named = scopes.Split(',', StringSplitOptions.RemoveEmptyEntries).Intersect(All).Where(user.Can).ToHashSet(StringComparer.Ordinal);
        var own = named.Any(name => name.EndsWith("_own", StringComparison.Ordinal));
        return user with
        {
            Permissions = named,
            OwnerIds = own ? user.OwnerIds : [],
            ApartmentIds = own ? user.ApartmentIds : [],
            OwnedApartmentIds = own ? user.OwnedApartmentIds : [],
            Name = $"{user.Name} ({caller.Prefix}…)",

            // There is no session, and what asks for a fresh sign-in refuses whoever has none.
            SessionId = 0,
        };
    }
}
