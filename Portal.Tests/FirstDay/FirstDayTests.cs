using System.Text;
using Microsoft.EntityFrameworkCore;
using Portal.Data.Billing;
using Portal.Data.FirstDay;
using Portal.Data.Ledger;
using Portal.Data.Operations;
using Portal.Data.Payments;
using Portal.Tests.Ledger;
using Portal.Tests.Server;

namespace Portal.Tests.FirstDay;

/// <summary>From a building without a single tower to its first bill.</summary>
public sealed class FirstDayTests(TestDatabase database) : LedgerTest(database)
{
    private static readonly DateOnly AsOf = new(2026, 10, 31), November = new(2026, 11, 1);

    private SetUpGuide Guide => World.Get<SetUpGuide>();

    [Fact]
    public async Task An_empty_building_is_led_to_its_first_bill()
    {
        Assert.Equal(Enum.GetValues<SetUpStep>(), await MissingAsync());

        await Ok(World.Get<SettingsService>().SaveAsync(
            new BuildingSettings
            {
                Name = "El Roble", LegalName = "Conjunto El Roble P. H.", TaxId = "900.482.617-3", Address = "Calle 1", SignatoryName = "Eva Sol",
                HowToPay = "Banco, cuenta 123", InterestSince = November,
            }, Admin, default));
        Assert.DoesNotContain(SetUpStep.Building, await MissingAsync());

        var generator = World.Get<BuildingGenerator>();
        var input = new GenerateInput("Torre 1-2", 2, 1);
        var preview = await generator.PreviewAsync(input, Admin, default);
        Assert.Equal((2, 4, 0, "Torre 2", "101", "201"), (preview.Value.Towers, preview.Value.Units, preview.Value.Known,
            preview.Value.Examples[1].Name, preview.Value.Examples[1].First, preview.Value.Examples[1].Last));
        Assert.Equal(4, (await generator.GenerateAsync(input, Admin, default)).Value);
        Assert.Equal(0, (await generator.GenerateAsync(input, Admin, default)).Value);
        Assert.DoesNotContain(SetUpStep.Units, await MissingAsync());

        // What was generated is filled by the list, and what was owed comes with it.
        await ImportAsync(
            """
            Torre;Apto;Coeficiente;Propietario;Cédula;1 a 30 días;Más de 90 días;Intereses
            Torre 1;101;14,25;Ana Ruiz;52000001;400.000;;3.824
            Torre 1;201;17,833333;Luis Díaz;52000002;;;
            Torre 2;101;33,916667;Eva Sol;52000003;;1.200.000;
            Torre 2;201;34;Marta Peña;52000004;;;
            """);
        Assert.Equal(
            [SetUpStep.Concepts, SetUpStep.Rates, SetUpStep.Accounts, SetUpStep.FirstRun], await MissingAsync());

        var concept = (await World.Get<ConceptService>().ListAsync(Admin, default)).First(c => c.Kind == ChargeKind.Fee);
        await Ok(World.Get<ConceptService>().SaveAsync(
            concept.Id,
            new ConceptInput
            {
                Kind = ChargeKind.Fee, Name = concept.Name, Basis = ConceptBasis.Coefficient, Amount = 2_500_000, DueDay = 30, BearsInterest = true,
                BlocksCertificate = true, Active = true,
            }, Admin, default));
        await Ok(World.Get<RateService>().SaveAsync(
            new RateInput(November, 16.66m, "R. 2", null), Admin, default));
        await PostAsync(AsOf, Of.Bank, Of.Result, 3_000_000);
        Assert.Equal([SetUpStep.FirstRun], await MissingAsync());

        var month = (await World.Get<BillingService>().PreviewAsync(November, [concept.Id], new(), Admin, default))!;
        Assert.Equal((2_500_000m, 4, 100m), (month.Total, month.Charges, month.Coefficients!.Value));
        var posted = await World.Get<BillingDesk>().PostAsync(new(November, [concept.Id], month.Total), Admin, default);
        Assert.True(posted.Ok, posted.Error?.Code);
        Assert.Empty(await MissingAsync());
        Assert.Equal(0, await Guide.MissingAsync(Admin, default));

        // Owed is what was owed before and the first month, and the books say so.
        var proof = await ProofAsync();
        Assert.True(proof.Agrees, string.Join(", ", proof.Faults));
        Assert.Equal((4_103_824m, 4_103_824m, 4), (proof.Owed, proof.Receivables, proof.Apartments));
        var first = await World.ReadAsync(db => db.Apartments.OrderBy(a => a.Id).Select(a => a.Id).FirstAsync());
        Assert.Equal(760_074m, (await World.Accounts.FindAsync(first, Admin, default))!.Owed);
        Assert.Equal(1, await World.ReadAsync(db => db.Jobs.CountAsync(j => j.Kind == BillJob.JobKind.Name)));

        // Interest of November counts on what was owed from the first of the month, and not on the days the list spoke of.
        World.On(new(2026, 11, 30));
        var interest = (await World.Get<InterestDesk>().PreviewAsync(November, new(), Admin, default))!;
        Assert.Null(interest.Missing);
        Assert.Equal([(400_000m, 30), (1_200_000m, 30)], interest.Rows.Rows.Select(r => (r.Balance, r.Days)));
        Assert.All(interest.Rows.Rows, r => Assert.Equal(November, r.From));
    }

    [Fact]
    public async Task A_building_without_interest_and_without_debts_is_whole_too()
    {
        await Database.ExecuteAsync("UPDATE concepts SET bears_interest = 0");
        Assert.DoesNotContain(SetUpStep.Rates, await MissingAsync());
        await Database.ExecuteAsync("UPDATE concepts SET bears_interest = 1 WHERE id = 1");
        Assert.Contains(SetUpStep.Rates, await MissingAsync());
    }

    [Fact]
    public async Task Towers_that_each_add_up_to_a_hundred_are_whole()
    {
        await ImportAsync("Torre;Apto;Coeficiente\nA;101;40\nA;102;60\nB;101;30\nB;102;70\n");
        Assert.DoesNotContain(SetUpStep.Coefficients, await MissingAsync());
        await Database.ExecuteAsync("UPDATE apartments SET coefficient = 59 WHERE coefficient = 60");
        Assert.Contains(SetUpStep.Coefficients, await MissingAsync());
    }

    [Theory]
    [InlineData("", 5, 4, NumberPattern.FloorAndTwo, "required")]
    [InlineData("A, a", 5, 4, NumberPattern.FloorAndTwo, "generate.towers")]
    [InlineData("A", 0, 4, NumberPattern.FloorAndTwo, "settings.range")]
    [InlineData("A-Z", 200, 50, NumberPattern.FloorAndTwo, "settings.range")]
    [InlineData("A-Z", 100, 50, NumberPattern.FloorAndTwo, "generate.many")]
    [InlineData("A", 11, 11, NumberPattern.FloorAndOne, "generate.numbers")]
    public async Task What_makes_no_building_is_refused(string towers, int floors, int per, NumberPattern pattern, string code) =>
        Assert.Equal(code, (await World.Get<BuildingGenerator>().PreviewAsync(
            new(towers, floors, per, floors == 200 ? 2 : 1, pattern), Admin, default)).Error!.Code);

    private async Task<IEnumerable<SetUpStep>> MissingAsync() =>
        [.. (await Guide.StepsAsync(Admin, default)).Where(s => !s.Done).Select(s => s.Step)];

    private async Task ImportAsync(string text)
    {
        var (content, importer) = (Encoding.UTF8.GetBytes(text), World.Get<BuildingImporter>());
        var preview = await importer.PreviewAsync(content, null, new(AsOf), null, Admin, default);
        Assert.Empty(preview.Value.Bad);
        var done = await importer.ImportAsync("x.csv", content, preview.Value.Format!, new(AsOf), null, Admin, default);
        Assert.True(done.Ok, done.Error?.Code);
    }

    private static async Task Ok<T>(Task<T> act) where T : Data.Result
    {
        var done = await act;
        Assert.True(done.Ok, done.Error?.Code);
    }
}
