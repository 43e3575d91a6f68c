using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;

namespace Portal.Data.Billing;

/// <summary>The rates of interest by month, each with the resolution that certifies it.</summary>
public sealed class RateService(PortalStore store, BuildingClock clock)
{
    /// <summary>Above it a figure is a slip: no certified rate of the country has come near it.</summary>
    public const decimal LargestRate = 100;

    /// <summary>The latest first. Needs <see cref="Permissions.BillingView"/>; empty without it.</summary>
    public async Task<Page<RateRow>> ListAsync(ListQuery query, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.BillingView)) return Page<RateRow>.Empty;
        await using var db = await store.OpenAsync(user, ct);
        var terms = await InterestTerms.ReadAsync(db, ct);
        var page = await db.InterestRates.AsNoTracking().OrderByDescending(r => r.Month).PageAsync(query, ct);
        var first = page.Rows.Count == 0 ? default : page.Rows.Min(r => r.Month);
        var used = await db.InterestSegments.AsNoTracking().Where(s => s.Live == true && s.FromOn >= first)
            .Select(s => new { s.FromOn.Year, s.FromOn.Month }).Distinct().ToListAsync(ct);
        return new Page<RateRow>(
            [
                .. page.Rows.Select(r => Row(
                    r, terms?.Method ?? InterestMethod.Daily, used.Exists(u => u.Year == r.Month.Year && u.Month == r.Month.Month))),
            ],
            page.Total);
    }

    /// <summary>
    /// Writes a month's rate down, or mends it while no interest was counted with it. Needs <see cref="Permissions.BillingEdit"/>.
    /// </summary>
    /// <returns>Refused: <c>interest.used</c> where interest stands that was counted with it.</returns>
    public Task<Result<int>> SaveAsync(RateInput input, CurrentUser user, CancellationToken ct) =>
        store.WriteAsync<int>(
            user,
            async (db, token) =>
            {
                if (!user.Can(Permissions.BillingEdit)) return Error.Forbidden;
                if (Check(input) is { Count: > 0 } errors) return errors;
                var month = BuildingClock.MonthOf(input.Month!.Value);
                var row = await db.InterestRates.Where(r => r.Month == month).ForUpdate().SingleOrDefaultAsync(token);
                var next = month.AddMonths(1);
                if (row is not null && await db.InterestSegments
                    .AnyAsync(s => s.Live == true && s.FromOn >= month && s.FromOn < next, token))
                    return new Error("interest.used", nameof(input.Month), month);
                if (row is null) db.InterestRates.Add(row = new MonthlyRate { Month = month });
                (row.Certified, row.Resolution, row.Assembly) = (input.Certified!.Value, input.Resolution!.Trim(), input.Assembly);
                await db.SaveChangesAsync(token);
                return row.Id;
            },
            ct
        );

    internal static RateRow Row(MonthlyRate rate, InterestMethod method, bool used) => new(
        rate.Id, rate.Month, rate.Certified, rate.Resolution, rate.Assembly, rate.Rate.Cap, rate.Rate.Yearly, rate.Rate.OfDay(method),
        used);

    private List<Error> Check(RateInput input)
    {
        var errors = new List<Error>();
        if (input.Month is not { } month) errors.Add(Error.Required(nameof(input.Month)));
        else if (month > clock.Today.AddMonths(2) || month.Year < 2000) errors.Add(new Error("interest.month_range", nameof(input.Month)));
        if (input.Certified is not { } certified) errors.Add(Error.Required(nameof(input.Certified)));
        else if (certified is <= 0 or > LargestRate) errors.Add(new Error("settings.range", nameof(input.Certified), 1, (int)LargestRate));
        if (input.Assembly is <= 0 or > LargestRate) errors.Add(new Error("settings.range", nameof(input.Assembly), 1, (int)LargestRate));
        if (string.IsNullOrWhiteSpace(input.Resolution)) errors.Add(Error.Required(nameof(input.Resolution)));
        else if (input.Resolution.Trim().Length > 100) errors.Add(Error.TooLong(nameof(input.Resolution), 100));
        return errors;
    }
}
