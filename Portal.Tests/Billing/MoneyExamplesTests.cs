using CsCheck;
using Portal.Data.Billing;
using Portal.Data.Payments;

namespace Portal.Tests.Billing;

/// <summary>Worked examples of the building's money, to the peso, and what holds for any figures.</summary>
public sealed class MoneyExamplesTests
{
    private static readonly InterestRate October = new(new(2025, 10, 1), 16.24m), November = new(new(2025, 11, 1), 16.66m),
        December = new(new(2025, 12, 1), 16.68m);

    private static readonly decimal[] Coefficients = [14.25m, 14.25m, 17.833333m, 17.833333m, 17.916667m, 17.916667m];

    [Theory]
    [InlineData(2_500_000, "356250 356250 445833 445833 447917 447917")]
    [InlineData(2_500_001, "356250 356250 445834 445833 447917 447917")]
    public void A_budget_is_split_by_coefficient(int total, string parts) =>
        Assert.Equal(parts, string.Join(' ', Pesos.Split(total, Coefficients).Select(p => $"{p:0}")));

    [Fact]
    public void Instalments_and_parts_of_a_month()
    {
        Assert.Equal([166_667, 166_667, 166_667, 166_667, 166_666, 166_666], Pesos.Instalments(1_000_000, 6));
        Assert.Equal(307_800, Pesos.Prorate(486_000, new(2025, 11, 12), new(2025, 11, 30)));
        Assert.Equal(486_000, Pesos.Prorate(486_000, new(2025, 2, 1), new(2025, 2, 28)));
        Assert.Throws<ArgumentException>(() => Pesos.Prorate(1, new(2025, 11, 12), new(2025, 12, 1)));
    }

    [Fact]
    public void The_rate_of_a_day_is_that_of_the_law()
    {
        Assert.Equal([24.36m, 24.99m, 25.02m], new[] { October, November, December }.Select(r => r.Cap));
        Assert.Equal([0.0005974672m, 0.0006113198m, 0.0006119777m], new[] { October, November, December }.Select(r => r.OfDay()));

        // The assembly may charge less and never more.
        Assert.Equal([18m, 24.99m], new[] { 18m, 40m }.Select(assembly => (November with { Assembly = assembly }).Yearly));
        Assert.Equal(0.018762m, Math.Round(November.OfDay(InterestMethod.Monthly30) * 30, 6));
    }

    [Fact]
    public void Interest_counts_each_day_once_on_the_principal_alone_and_is_rounded_at_each_cut()
    {
        var due = new DateOnly(2025, 10, 15);
        var first = Cut(due, null, new(2025, 11, 20), 400_000);
        Assert.Equal([(16, 3_823.79m, 3_824m), (20, 4_890.56m, 4_891m)], first.Select(s => (s.Days, Math.Round(s.Exact, 2), s.Charged)));

        // 150,000 on 20 November go to the interest first; the rest of it to the principal.
        var left = 400_000 - (150_000 - first.Sum(s => s.Charged));
        Assert.Equal(258_715, left);
        var then = Cut(due, new(2025, 11, 20), new(2025, 12, 31), left);
        Assert.Equal([(10, 1_582m), (31, 4_908m)], then.Select(s => (s.Days, s.Charged)));
        Assert.Equal(265_205, left + then.Sum(s => s.Charged));
    }

    [Fact]
    public void Nothing_is_charged_in_time_within_grace_or_twice()
    {
        var due = new DateOnly(2025, 10, 15);
        Assert.Empty(Cut(due, null, due, 400_000));
        Assert.Empty(Cut(due, null, new(2025, 10, 20), 400_000, grace: 5));
        Assert.Equal(new DateOnly(2025, 10, 21), Cut(due, null, new(2025, 10, 31), 400_000, grace: 5)[0].From);
        Assert.Empty(Cut(due, new(2025, 10, 31), new(2025, 10, 31), 400_000));
        Assert.Empty(Cut(due, null, new(2025, 10, 31), 0));
    }

    [Fact]
    public void A_month_without_a_rate_is_named_and_nothing_is_charged_for_it()
    {
        var segments = InterestDays.Cut(new(2025, 11, 15), 0, null, new(2026, 1, 31), 1_000, Rate, out var missing);
        Assert.Equal((2, new DateOnly(2026, 1, 1)), (segments.Count, missing));
    }

    /// <summary>900,000 on 20 November.</summary>
    [Theory]
    [InlineData(null, "1:3824 2:400000 3:210000 6:286176")]
    [InlineData(6L, "6:400000 1:3824 2:400000 3:96176")]
    [InlineData(2L, "1:3824 2:400000 3:210000 6:286176")]
    public void Money_goes_to_what_is_due_or_to_what_the_payer_named(long? named, string lines)
    {
        OpenCharge[] owed =
        [
            Charge(1, ChargeKind.Interest, 3_824, new(2025, 10, 31), new(2025, 10, 31)) with { BaseId = 2 },
            Charge(2, ChargeKind.Fee, 400_000, new(2025, 10, 1), new(2025, 10, 15)),
            Charge(3, ChargeKind.ExtraFee, 210_000, new(2025, 10, 1), new(2025, 10, 31)),
            Charge(4, ChargeKind.ExtraFee, 210_000, new(2025, 10, 1), new(2025, 11, 30)),
            Charge(5, ChargeKind.ExtraFee, 210_000, new(2025, 10, 1), new(2025, 12, 31)),
            Charge(6, ChargeKind.Fee, 400_000, new(2025, 11, 1), new(2025, 11, 15)),
        ];
        var allocation = PaymentAllocation.Apply(900_000, owed, named);
        Assert.Equal(lines, string.Join(' ', allocation.Lines.Select(l => $"{l.Charge.Id}:{l.Applied:0}")));
        Assert.Equal(0, allocation.Credit);
    }

    [Fact]
    public void No_peso_is_lost_and_nobody_pays_a_peso_more_than_their_share() =>
        Gen.Select(Gen.Int[0, 100_000_000], Gen.Decimal[0.000001m, 40m].Array[1, 60]).Sample((total, weights) =>
        {
            var (parts, all) = (Pesos.Split(total, weights), weights.Sum());
            return parts.Sum() == total && parts.Zip(weights).All(p => Math.Abs(p.First - total * p.Second / all) < 1);
        });

    [Fact]
    public void However_the_days_are_cut_each_counts_once() =>
        Gen.Select(Gen.Int[0, 200], Gen.Int[1, 200], Gen.Int[0, 10]).Sample((one, more, grace) =>
        {
            var due = new DateOnly(2025, 10, 1);
            InterestRate Rates(DateOnly month) => October with { Month = month };
            var whole = InterestDays.Cut(due, grace, null, due.AddDays(one + more), 1_000, Rates, out _);
            var parts = InterestDays.Cut(due, grace, null, due.AddDays(one), 1_000, Rates, out _);
            DateOnly? counted = parts.Count == 0 ? null : parts[^1].To;
            return whole.Sum(s => s.Days) == Math.Max(0, one + more - grace)
                && whole.Sum(s => s.Exact)
                    == parts.Concat(InterestDays.Cut(due, grace, counted, due.AddDays(one + more), 1_000, Rates, out _)).Sum(s => s.Exact);
        });

    private static InterestRate? Rate(DateOnly month) => (month.Year, month.Month) switch
    {
        (2025, 10) => October, (2025, 11) => November, (2025, 12) => December, _ => null,
    };

    private static IReadOnlyList<InterestSegment> Cut(DateOnly due, DateOnly? counted, DateOnly to, decimal balance, int grace = 0)
    {
        var segments = InterestDays.Cut(due, grace, counted, to, balance, Rate, out var missing);
        Assert.Null(missing);
        return segments;
    }

    private static OpenCharge Charge(long id, ChargeKind kind, decimal amount, DateOnly issued, DateOnly due) =>
        new(id, kind, "", null, null, null, issued, due, amount, amount);
}
