using Portal.Data.Home;

namespace Portal.Tests.Authority;

/// <summary>The four dashboards, the counters of the rail, the search of the whole portal, and the portal's health.</summary>
public sealed class HomeMatrix : AreaMatrix
{
    public override IEnumerable<Entry> Entries =>
        [
            Method<HomeService>(nameof(HomeService.MoneyAsync), (s, user, _) => Of(s.MoneyAsync(user, default)), Office),
            Page("/money", Office),
            Page("/since", SignedIn),
            Method<AwayService>(nameof(AwayService.HereAsync), (s, user, _) => Of(s.HereAsync(user, default)), SignedIn),
            Method<AwayService>(nameof(AwayService.SinceAsync), (s, user, _) => Of(s.SinceAsync(AwayFrom.Week, user, default), away => away is not null), SignedIn),
            Method<HomeService>(nameof(HomeService.OfficeAsync), (s, user, _) => Of(s.OfficeAsync(user, default)), Office),
            Method<HomeService>(nameof(HomeService.GuardAsync), (s, user, _) => Of(s.GuardAsync(user, default)), [.. Office, Who.Guard]),
            // Another's apartment is answered with one's own: what counts is whose is shown.
            Method<HomeService>(
                nameof(HomeService.OwnerAsync),
                (s, user, _) =>
                    Of(
                        s.OwnerAsync(AuthorityWorld.Apartment, user, default),
                        home => home.Ok && home.Value.Unit?.Id == AuthorityWorld.Apartment
                    ),
                Who.Owner,
                Who.Tenant
            ),
            Method<HomeService>(
                nameof(HomeService.OwnerAsync),
                (s, user, _) =>
                    Of(
                        s.OwnerAsync(AuthorityWorld.Apartment, user, default),
                        home => home.Ok && home.Value.Units.Any(unit => unit.Id == AuthorityWorld.Apartment)
                    ),
                Who.Owner,
                Who.Tenant
            ),
            Method<HomeService>(
                nameof(HomeService.CountersAsync),
                (s, user, _) =>
                    Of(s.CountersAsync(user, default), counters => counters.Unit?.EndsWith("101", StringComparison.Ordinal) == true),
                Who.Owner,
                Who.Tenant
            ),
            Method<SearchService>(
                nameof(SearchService.FindAsync),
                (s, user, _) => Of(s.FindAsync("101", user, default), found => found.Any(f => f.Kind == FoundKind.Apartment)),
                [.. Office, Who.Guard]),
            Method<SearchService>(
                nameof(SearchService.FindAsync),
                (s, user, _) => Of(s.FindAsync("Owner Prueba", user, default), found => found.Any(f => f.Kind == FoundKind.Person)),
                [.. Office, Who.Guard]),
            Page("/", SignedIn),
            Endpoint(HttpMethod.Get, "/i", "/i", Everybody),
            Endpoint(HttpMethod.Get, "/health/live", "/health/live", Everybody),
            Endpoint(HttpMethod.Get, "/health/ready", "/health/ready", Everybody),
        ];
}
