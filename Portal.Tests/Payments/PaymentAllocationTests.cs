using Portal.Data.Payments;
using Xunit;

namespace Portal.Tests.Payments;

public sealed class PaymentAllocationTests
{
    private static readonly OpenCharge[] Story =
    [
        Charge(1, ChargeKind.Fee, new(2026, 10, 1), 510_000),
        Charge(2, ChargeKind.Fee, new(2026, 11, 1), 510_000),
        Charge(3, ChargeKind.Booking, new(2026, 11, 12), 100_000),
        Charge(4, ChargeKind.Interest, new(2026, 10, 31), 5_386),
        Charge(5, ChargeKind.Interest, new(2026, 11, 20), 6_630),
    ];

    /// <summary>The receipt of the demo story: the sum, then charge:applied in order, then the credit.</summary>
    [Theory]
    [InlineData(1_100_000, "4:5386 5:6630 1:510000 2:510000 3:67984", 0)]
    [InlineData(1_132_016, "4:5386 5:6630 1:510000 2:510000 3:100000", 0)]
    [InlineData(1_200_000, "4:5386 5:6630 1:510000 2:510000 3:100000", 67_984)]
    [InlineData(5_000, "4:5000", 0)]
    [InlineData(5_386, "4:5386", 0)]
    [InlineData(12_017, "4:5386 5:6630 1:1", 0)]
    [InlineData(0, "", 0)]
    public void Interest_is_paid_first_then_the_oldest_charge(int amount, string lines, int credit)
    {
        var allocation = PaymentAllocation.Apply(amount, Story);

        Assert.Equal(lines, string.Join(' ', allocation.Lines.Select(l => $"{l.Charge.Id}:{l.Applied:0}")));
        Assert.Equal(credit, allocation.Credit);
        Assert.Equal(amount, allocation.Lines.Sum(l => l.Applied) + allocation.Credit);
        Assert.Equal(Story.Sum(c => c.Owed) - allocation.Lines.Sum(l => l.Applied), allocation.Open.Sum(c => c.Owed));
    }

    [Fact]
    public void A_charge_that_was_partly_paid_takes_only_what_it_still_owes()
    {
        var allocation = PaymentAllocation.Apply(500, [Charge(1, ChargeKind.Fee, new(2026, 10, 1), 1_000) with { Owed = 300 }]);

        var line = Assert.Single(allocation.Lines);
        Assert.Equal((300, 0, 200), (line.Applied, line.Left, allocation.Credit));
        Assert.Empty(allocation.Open);
    }

    [Fact]
    public void With_nothing_owed_everything_is_credit()
    {
        var allocation = PaymentAllocation.Apply(80_000, [Charge(1, ChargeKind.Fee, new(2026, 10, 1), 1_000) with { Owed = 0 }]);

        Assert.Empty(allocation.Lines);
        Assert.Equal(80_000, allocation.Credit);
    }

    [Fact]
    public void Of_charges_issued_on_one_day_the_one_that_falls_due_first_is_paid_first()
    {
        var day = new DateOnly(2026, 11, 1);
        var allocation = PaymentAllocation.Apply(
            10,
            [
                Charge(1, ChargeKind.Fee, day, 10) with
                {
                    DueOn = day.AddDays(29),
                },
                Charge(2, ChargeKind.Fine, day, 10) with
                {
                    DueOn = day.AddDays(5),
                },
            ]
        );

        Assert.Equal(2, Assert.Single(allocation.Lines).Charge.Id);
    }

    [Fact]
    public void An_amount_below_zero_is_a_fault() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => PaymentAllocation.Apply(-1, Story));

    [Fact]
    public void A_credit_that_is_still_there_is_used_before_a_new_payment()
    {
        var account = new ApartmentAccount(1, "B", "1204", new(2026, 11, 20), Story, Credit: 515_386, Waiting: 0);

        Assert.Equal(
            "1:6630 2:510000",
            string.Join(' ', account.Preview(516_630).Lines.Select(l => $"{(l.Charge.Id == 1 ? 1 : 2)}:{l.Applied:0}"))
        );
    }

    private static OpenCharge Charge(long id, ChargeKind kind, DateOnly issued, decimal amount) =>
        new(id, kind, $"{kind} {id}", null, null, null, issued, issued.AddDays(14), amount, amount);
}
