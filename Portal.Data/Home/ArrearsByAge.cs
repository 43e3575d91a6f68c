using Portal.Data.Audit;
using Portal.Data.Payments;

namespace Portal.Data.Home;

/// <summary>
/// Debt by the age of each apartment's oldest overdue charge, as it stands today. Added up from the open charges of the whole building, so
/// it is remembered until a charge changes: a dashboard that is looked at a thousand times a day is not a thousand sums.
/// </summary>
public sealed class ArrearsByAge : IDisposable
{
    private const string Sql = $"""
        SELECT CASE WHEN d.oldest >= @age30 THEN 1 WHEN d.oldest >= @age60 THEN 2 WHEN d.oldest >= @age90 THEN 3 ELSE 4 END AS bucket, SUM(d.owed), COUNT(*)
            FROM (SELECT c.apartment_id, MIN(c.due_on) AS oldest, SUM(c.owed) AS owed
                FROM charges AS c WHERE {Overdue.Sql} GROUP BY c.apartment_id) AS d
            GROUP BY bucket;
        """;

    private static readonly (int From, int? To)[] Ranges = [(1, 30), (31, 60), (61, 90), (91, null)];

    private readonly PortalStore _store;
    private readonly BuildingClock _clock;
    private readonly RememberedList<Known> _known;

    public ArrearsByAge(PortalStore store, BuildingClock clock, LiveFeed feed, TimeProvider time)
    {
        (_store, _clock) = (store, clock);
        _known = new RememberedList<Known>(feed, time, ["charges"], ReadAsync);
    }

    /// <summary>All four ranges. The caller has checked who asks.</summary>
    internal async ValueTask<IReadOnlyList<AgeBucket>> GetAsync(CancellationToken ct)
    {
        var known = await _known.GetAsync(ct);
        if (known.Day == _clock.Today) return known.Ages;
        _known.Forget();
        return (await _known.GetAsync(ct)).Ages;
    }

    public void Dispose() => _known.Dispose();

    private Task<Known> ReadAsync(CancellationToken ct)
    {
        var today = _clock.Today;
        var parameters = new Dictionary<string, object?>
        {
            ["@today"] = today.AsParameter(),
            ["@age30"] = today.AddDays(-30).AsParameter(),
            ["@age60"] = today.AddDays(-60).AsParameter(),
            ["@age90"] = today.AddDays(-90).AsParameter(),
        };
        return _store.BatchAsync(Sql, parameters, async (reader, token) =>
        {
            var found = new Dictionary<int, (decimal Amount, int Apartments)>();
            while (await reader.ReadAsync(token)) found[reader.Number(0)] = (reader.Money(1), reader.Number(2));
            return new Known(
                today,
                [
                    .. Ranges.Select((range, i) => new AgeBucket(
                        range.From, range.To, found.GetValueOrDefault(i + 1).Amount, found.GetValueOrDefault(i + 1).Apartments)),
                ]);
        }, ct);
    }

    private sealed record Known(DateOnly Day, IReadOnlyList<AgeBucket> Ages);
}
