using Portal.Data;
using Portal.Data.Collection;
using Portal.Data.Home;
using Portal.Data.Payments;

namespace Portal.Tests.Authority;

/// <summary>Debt: the office sees everybody's, owners their own on their first screen, their tenants none.</summary>
public sealed class DebtorsMatrix : AreaMatrix
{
    public override Task SeedAsync(PortalDb db, AuthorityWorld world)
    {
        db.Charges.Add(
            new Charge
            {
                Id = 801,
                ApartmentId = AuthorityWorld.Apartment,
                OwnerId = AuthorityWorld.OwnerRow(Who.Owner),
                Kind = ChargeKind.Fee,
                Concept = "Fee",
                Amount = 100_000,
                IssuedOn = world.Clock.Today.AddDays(-60),
                DueOn = world.Clock.Today.AddDays(-40),
            }
        );
        return Task.CompletedTask;
    }

    public override IEnumerable<Entry> Entries =>
        [
            Method<DebtorService>(
                nameof(DebtorService.ListAsync),
                (s, user, _) =>
                    Of(s.ListAsync(new(), user, default), page => page.Rows.Any(r => r.ApartmentId == AuthorityWorld.Apartment)),
                Office
            ),
            Method<DebtorService>(
                nameof(DebtorService.TotalsAsync), (s, user, _) => Of(s.TotalsAsync(new(), user, default), all => all is { Owed: > 0 }),
                Office),
            Method<DebtorService>(
                nameof(DebtorService.ExportAsync),
                (s, user, _) => Of(AnyAsync(s.ExportAsync(new(), user, default))), Office),
            Page("/collection", Office),
            Endpoint(HttpMethod.Get, "/collection/export", "/collection/export?format=csv", Office),
            Method<HomeService>(
                nameof(HomeService.OwnerAsync),
                (s, user, _) => Of(s.OwnerAsync(AuthorityWorld.Apartment, user, default), home => home.Value.Money is { Total: > 0 }),
                Who.Owner),
        ];

    private static async Task<bool> AnyAsync(IAsyncEnumerable<DebtorRow> rows)
    {
        await foreach (var row in rows)
        {
            if (row.ApartmentId == AuthorityWorld.Apartment) return true;
        }

        return false;
    }
}
