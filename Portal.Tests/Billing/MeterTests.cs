using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Data.Payments;
using Portal.Tests.Ledger;
using Portal.Tests.Payments;
using Portal.Tests.Server;

namespace Portal.Tests.Billing;

/// <summary>What meters count is charged at the tariff: the difference, to the peso, explained on the bill.</summary>
public sealed class MeterTests(TestDatabase database) : LedgerTest(database)
{
    private static readonly DateOnly October = new(2026, 10, 1), November = new(2026, 11, 1);

    private MeterService Meters => World.Get<MeterService>();
    private BillingService Billing => World.Get<BillingService>();
    private BillingDesk Runs => World.Get<BillingDesk>();

    [Fact]
    public async Task The_difference_at_the_tariff_is_charged_rounded_once_and_told_on_the_bill()
    {
        var (water, home, other) = await BuildingAsync();
        await SetAsync(water, home, October, 1_200m);
        await SetAsync(water, other, October, 88.5m);
        await SetAsync(water, home, November, 1_234.5m);

        // 34.5 × 3,512.35 = 121,176.075.
        var preview = (await Billing.PreviewAsync(November, [water], new(), Admin, default))!;
        Assert.Equal((121_176m, 1), (preview.Total, preview.Charges));
        Assert.Equal(1, preview.Notes[BillingNotes.NoReading]);
        var posted = await Runs.PostAsync(new RunInput(November, [water], 121_176m), Admin, default);
        Assert.True(posted.Ok, posted.Error?.Code);
        var charge = await World.ReadAsync(db => db.Charges.AsNoTracking().SingleAsync(c => c.ConceptId == water));
        Assert.Equal((home.Id, 121_176m, "1.234,5 − 1.200 = 34,5 m³ × 3.512,35"), (charge.ApartmentId, charge.Amount, charge.Detail));
        Assert.True((await ProofAsync()).Agrees);

        // What is charged stays as it was read, until it is undone.
        Assert.Equal("meter.posted", (await TryAsync(water, home, November, 1_235m)).Error!.Code);
        Assert.True((await Runs.UndoAsync(posted.Value.Runs[0], "x", Admin, default)).Ok);
        await SetAsync(water, home, November, 1_235m);
        Assert.Equal(122_932m, (await Billing.PreviewAsync(November, [water], new(), Admin, default))!.Total);
    }

    [Fact]
    public async Task The_first_reading_charges_nothing_and_who_has_no_meter_is_no_gap()
    {
        var (water, home, _) = await BuildingAsync();
        await SetAsync(water, home, November, 1_200m);
        var sheet = (await Meters.SheetAsync(water, November, new ListQuery(), Admin, default))!;
        Assert.Equal((1, 0, 0m, 0m), (sheet.Read, sheet.Missing, sheet.Used, sheet.Amount));
        Assert.Equal("billing.nothing", (await Runs.PostAsync(new RunInput(November, [water], 0), Admin, default)).Error!.Code);
        var october = (await Meters.SheetAsync(water, November.AddMonths(1), new ListQuery(), Admin, default))!;
        Assert.Equal((0, 1, 1_200m), (october.Read, october.Missing, october.Rows.Rows.Single(r => r.ApartmentId == home.Id).Previous));
    }

    [Fact]
    public async Task A_lower_reading_needs_its_reason_and_then_charges_what_the_new_meter_shows()
    {
        var (water, home, _) = await BuildingAsync();
        await SetAsync(water, home, October, 1_200m);
        var refused = await TryAsync(water, home, November, 12m);
        Assert.Equal(("meter.lower", "Reason"), (refused.Error!.Code, refused.Error.Field));
        await SetAsync(water, home, November, 12m, why: "Medidor nuevo");
        Assert.Equal(12m, (await RowAsync(water, home)).Used);
        await SetAsync(water, home, November, 12m, used: 20m, why: "Medidor nuevo; 8 del anterior");
        Assert.Equal(20m, (await RowAsync(water, home)).Used);
        Assert.Equal("meter.why", (await TryAsync(water, home, November, 1_300m, used: 5m)).Error!.Code);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("1.2345")]
    [InlineData("100000000000")]
    public async Task What_is_no_reading_is_refused(string reading)
    {
        var (water, home, _) = await BuildingAsync();
        var value = decimal.Parse(reading, System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal("meter.reading", (await TryAsync(water, home, November, value)).Error!.Code);
    }

    [Fact]
    public async Task A_month_with_a_later_one_stays_and_nothing_takes_a_reading_back()
    {
        var (water, home, _) = await BuildingAsync();
        await SetAsync(water, home, October, 1_200m);
        await SetAsync(water, home, November, 1_210m);
        Assert.Equal("meter.later", (await TryAsync(water, home, October, 1_100m)).Error!.Code);
        await SetAsync(water, home, November, null);
        await SetAsync(water, home, October, 1_100m);
        Assert.Equal((1_100m, null), (await RowAsync(water, home)) is var row ? (row.Previous, row.Reading) : default);
    }

    [Fact]
    public async Task Two_who_write_one_reading_at_once_leave_one()
    {
        var (water, home, _) = await BuildingAsync();
        await SetAsync(water, home, October, 1_200m);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(i => TryAsync(water, home, November, 1_210m + i)));
        Assert.Equal(1, await World.ReadAsync(db => db.MeterReadings.CountAsync(r => r.Period == November)));
        var row = await RowAsync(water, home);
        Assert.Equal(row.Reading - 1_200m, row.Used);
    }

    private async Task<(int Water, PaymentWorld.Home Home, PaymentWorld.Home Other)> BuildingAsync()
    {
        var (home, other) = (await World.HomeAsync(), await World.HomeAsync("Jorge", "Lara"));
        var input = new ConceptInput
        {
            Kind = ChargeKind.Other, Name = "Agua", Basis = ConceptBasis.Meter, Amount = 3_512.35m, Unit = "m³", DueDay = 15, Active = true,
        };
        var concepts = World.Get<ConceptService>();
        Assert.Equal(
            ["required", "billing.tariff"],
            (await concepts.AddAsync(input with { Amount = 0.001m, Unit = " " }, Admin, default)).Errors.Select(e => e.Code).OrderDescending());
        var water = await concepts.AddAsync(input, Admin, default);
        Assert.True(water.Ok, water.Error?.Code);
        return (water.Value, home, other);
    }

    private async Task SetAsync(int water, PaymentWorld.Home home, DateOnly month, decimal? reading, decimal? used = null, string? why = null)
    {
        var done = await TryAsync(water, home, month, reading, used, why);
        Assert.True(done.Ok, done.Error?.Code);
    }

    private Task<Result> TryAsync(
        int water, PaymentWorld.Home home, DateOnly month, decimal? reading, decimal? used = null, string? why = null) =>
        Meters.SetAsync(new MeterInput(water, home.Id, month, reading, used, why), Admin, default);

    private async Task<MeterRow> RowAsync(int water, PaymentWorld.Home home) =>
        (await Meters.SheetAsync(water, November, new ListQuery(), Admin, default))!.Rows.Rows.Single(r => r.ApartmentId == home.Id);
}
