using System.Data.Common;
using Portal.Data.Payments;

namespace Portal.Data.Home;

/// <summary>What an owner or tenant sees first, of one of their apartments.</summary>
/// <param name="Units">All their apartments.</param>
/// <param name="Money">What the apartment owes; null for a tenant, who does not see the owner's money.</param>
public sealed record OwnerHome(
    OwnerUnit? Unit,
    IReadOnlyList<OwnerUnit> Units,
    OwnerMoney? Money,
    NextBooking? Booking,
    ExpectedVisit? Visit,
    OwnCase? Case,
    WaitingPackage? Package,
    IReadOnlyList<HomeNotice> Notices);

public sealed record OwnerUnit(long Id, string Tower, string Number);

/// <param name="Pending">The sum of payments reported and not confirmed yet.</param>
public sealed record OwnerMoney(IReadOnlyList<OwedLine> Lines, decimal Pending)
{
    public decimal Total => Lines.Sum(l => l.Owed);
    public decimal Overdue => Lines.Where(l => l.IsOverdue).Sum(l => l.Owed);
}

public sealed record OwedLine(ChargeKind Kind, string Concept, DateOnly? Period, DateOnly DueOn, decimal Owed, bool IsOverdue);

public sealed record NextBooking(long Id, string Facility, DateTime Start, DateTime End, decimal Cost, bool Waiting);

public sealed record ExpectedVisit(long Id, string Name, int People, DateTime From, DateTime Until, string? Code);

public sealed record OwnCase(long Id, string Title, Pqrs.PqrsState State, DateOnly? DueOn, int? DaysGiven);

public sealed record WaitingPackage(long Id, int Count, string Carrier, string? Description, DateTime ReceivedAt);

public sealed record HomeNotice(long Id, string Title, string Body);

/// <summary>Four statements, one trip.</summary>
internal static class OwnerHomeQuery
{
    private static readonly string Sql = $$"""
        SELECT a.id, t.name, a.apartment_number FROM apartments AS a INNER JOIN towers AS t ON t.id = a.tower_id
            WHERE a.id IN ({units}) ORDER BY a.id = @unit DESC, t.name, a.apartment_number;

        SELECT c.kind, c.concept, c.period, c.due_on, c.owed, {{Overdue.Sql}}
            FROM charges AS c WHERE c.apartment_id = @unit AND c.status = 'open' AND @money = 1 ORDER BY c.due_on, c.id LIMIT 200;

        (SELECT 'booking' AS what, r.id, f.name AS title, r.start_date AS at, r.end_date AS until, COALESCE(r.total_cost, 0) AS amount, r.status_id AS state, NULL AS detail, NULL AS due_on, 0 AS number
            FROM reservations AS r INNER JOIN facilities AS f ON f.id = r.facility_id
            WHERE r.owner_id IN ({owners}) AND r.status_id IN ({{SqlStates.ComingBookings}}) AND r.end_date > @now
            ORDER BY r.start_date, r.id LIMIT 1)
        UNION ALL
        (SELECT 'visit', v.id, v.name, v.expected_from, v.expected_until, 0, 0, v.pass_code, NULL, v.people
            FROM visitors AS v WHERE v.host_id IN ({owners}) AND v.state = 'announced' AND v.expected_until > @now ORDER BY v.expected_from, v.id LIMIT 1)
        UNION ALL
        (SELECT 'case', q.id, q.title, NULL, NULL, 0, q.status_id, NULL, q.due_on, COALESCE(q.days_given, 0)
            FROM pqrs AS q WHERE q.owner_id IN ({owners}) AND q.status_id IN ({{SqlStates.ActiveCases}}) ORDER BY q.due_on, q.id LIMIT 1)
        UNION ALL
        (SELECT 'package', p.id, p.carrier, p.received_at, NULL, 0, 0, p.description, NULL, (SELECT COUNT(*) FROM packages AS o WHERE o.apartment_id = @unit AND o.status = 'waiting')
            FROM packages AS p WHERE p.apartment_id = @unit AND p.status = 'waiting' ORDER BY p.received_at, p.id LIMIT 1)
        UNION ALL
        (SELECT 'pending', 0, '', NULL, NULL, COALESCE(SUM(p.amount), 0), 0, NULL, NULL, 0
            FROM payments AS p WHERE p.apartment_id = @unit AND p.status_id IN ({{SqlStates.WaitingPayments}}) AND @money = 1);

        SELECT n.id, n.title, n.body FROM notices AS n
            WHERE n.publish_at <= @now AND (n.expires_at IS NULL OR n.expires_at > @now)
                AND (n.roles = '' OR FIND_IN_SET(@role, n.roles) > 0) AND NOT EXISTS (SELECT 1 FROM notices AS c WHERE c.corrects_id = n.id AND c.publish_at <= @now)
                AND ((n.towers = '' AND n.apartments = '' AND n.residents = 'all') OR EXISTS (
                    SELECT 1 FROM apartments AS a WHERE a.id IN ({units}) AND (n.towers = '' OR FIND_IN_SET(a.tower_id, n.towers) > 0)
                        AND (n.apartments = '' OR FIND_IN_SET(a.id, n.apartments) > 0)
                        AND (n.residents = 'all' OR (n.residents = 'owners') = (a.id IN ({owned})))))
            ORDER BY n.publish_at DESC, n.id DESC LIMIT 2;
        """;

    public static Task<OwnerHome> ReadAsync(PortalStore store, BuildingClock clock, CurrentUser user, long? asked, CancellationToken ct)
    {
        // Out of reach is as if it had not been asked for.
        var unit = asked is { } id && user.ApartmentIds.Contains(id) ? id : user.ApartmentIds.Count > 0 ? user.ApartmentIds[0] : 0;
        var parameters = new Dictionary<string, object?>
        {
            ["@unit"] = unit, ["@today"] = clock.Today.AsParameter(), ["@now"] = clock.Now, ["@role"] = user.RoleId,
            ["@money"] = user.OwnedApartmentIds.Contains(unit) && user.Can(Access.Permissions.PaymentsViewOwn) ? 1 : 0,
        };
        var sql = Sql.Replace("{units}", Ids(user.ApartmentIds), StringComparison.Ordinal)
            .Replace("{owned}", Ids(user.OwnedApartmentIds), StringComparison.Ordinal)
            .Replace("{owners}", Ids(user.OwnerIds), StringComparison.Ordinal);
        return store.BatchAsync(sql, parameters, (reader, token) => ReadAsync(reader, clock, (int)parameters["@money"]! == 1, token), ct);
    }

    /// <summary>Numbers the portal itself looked up for this person; never text from outside.</summary>
    private static string Ids(IReadOnlyList<long> ids) => ids.Count == 0 ? "0" : string.Join(',', ids);

    private static async Task<OwnerHome> ReadAsync(DbDataReader reader, BuildingClock clock, bool seesMoney, CancellationToken ct)
    {
        var units = new List<OwnerUnit>();
        while (await reader.ReadAsync(ct)) units.Add(new OwnerUnit(reader.GetInt64(0), reader.GetString(1), reader.GetString(2)));

        await reader.NextResultAsync(ct);
        var owed = new List<OwedLine>();
        while (await reader.ReadAsync(ct))
        {
            owed.Add(
                new OwedLine(
                    Enum.Parse<ChargeKind>(reader.GetString(0).Replace("_", "", StringComparison.Ordinal), ignoreCase: true),
                    reader.GetString(1), reader.IsDBNull(2) ? null : reader.Date(2), reader.Date(3), reader.GetDecimal(4), reader.Flag(5))
            );
        }

        await reader.NextResultAsync(ct);
        var home = new OwnerHome(units.FirstOrDefault(), units, null, null, null, null, null, []);
        var pending = 0m;
        while (await reader.ReadAsync(ct))
        {
            var id = reader.GetInt64(1);
            switch (reader.GetString(0))
            {
                case "booking":
                    home = home with
                    {
                        Booking = new NextBooking(
                            id, reader.GetString(2), reader.Time(3), reader.Time(4), reader.Money(5), reader.Number(6) == 2),
                    };
                    break;
                case "visit":
                    home = home with
                    {
                        Visit = new ExpectedVisit(
                            id, reader.GetString(2), reader.Number(9), reader.Time(3), reader.Time(4), reader.Text(7)),
                    };
                    break;
                case "case":
                    home = home with
                    {
                        Case = new OwnCase(
                            id, reader.GetString(2), (Pqrs.PqrsState)reader.Number(6), reader.IsDBNull(8) ? null : reader.Date(8),
                            reader.Number(9)),
                    };
                    break;
                case "package":
                    home = home with
                    {
                        Package = new WaitingPackage(
                            id, reader.Number(9), reader.GetString(2), reader.Text(7), clock.ToWall(reader.Time(3))),
                    };
                    break;
                default:
                    pending = reader.Money(5);
                    break;
            }
        }

        await reader.NextResultAsync(ct);
        var notices = new List<HomeNotice>();
        while (await reader.ReadAsync(ct)) notices.Add(new HomeNotice(reader.GetInt64(0), reader.GetString(1), reader.GetString(2)));
        return home with { Notices = notices, Money = seesMoney ? new OwnerMoney(owed, pending) : null };
    }
}
