using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Building;
using Portal.Data.FirstDay;
using Portal.Data.Identity;
using Portal.Data.Payments;
using Portal.Documents.TableExport;
using Portal.Tests.Ledger;
using Portal.Tests.Server;
using Xunit.Abstractions;

namespace Portal.Tests.FirstDay;

/// <summary>Lists as people keep them are taken in whole or not at all, and never twice.</summary>
public sealed class ImportTests(TestDatabase database, ITestOutputHelper output) : LedgerTest(database)
{
    private static readonly DateOnly AsOf = new(2026, 10, 31);

    /// <summary>As an administrator keeps it: one row per unit, words for nothing, several plates, two owners, a tenant.</summary>
    private const string Whole =
        """
        Conjunto El Roble - listado general;;;;;;;;;;;;;
        Torre;Apto;Piso;Área;Coeficiente;Propietario;Cédula;Correo;Celular;Arrendatario;Placas;1 a 30 días;31 a 60 días;Intereses
        Torre 1;101;1;64,50;24,123457;Ana María Restrepo Gómez;52.123.456;ana@example.com;310 123 4567;No tiene;KLM204;400.000;;3.824
        Torre 1;102;1;72,8;25,876543;Luis Ñungo;79.123.456;luis@example.com;3107654321 / 6011234567;Marta Peña Ríos;ABC12D, KJH482;;;
        Torre 2;101;1;64,5;24,123457;Ana María Restrepo Gómez;52123456;;;-;N/A;486.000;486.000;
        Torre 2;102;1;72,8;25,876543;INVERSIONES DEL ROBLE SAS;NIT 900.482.617-3;;;;;;;
        Torre 2;102;;;;Pedro Díaz;80.111.222;;;;;;;
        """;

    private BuildingImporter Importer => World.Get<BuildingImporter>();

    [Fact]
    public async Task One_row_per_unit_brings_everything_of_it_and_the_books_agree()
    {
        var preview = await PreviewAsync(Bytes(Whole));
        Assert.Equal(("", 0), (string.Join('\n', preview.Bad), preview.BadCount));
        Assert.Equal(
            (2, 4, 5, 3, 4, 1_375_824m, 100m, true),
            (preview.Summary!.Towers.Created, preview.Summary.Units.Created, preview.Summary.People.Created, preview.Summary.Vehicles.Created,
                preview.Summary.Debts.Created, preview.Summary.Opening, preview.Summary.CoefficientSum, preview.Summary.CoefficientsAdd));
        Assert.False(await World.ReadAsync(db => db.Apartments.AnyAsync()));

        Assert.Equal(preview.Summary, (await ImportAsync(Bytes(Whole))).Summary);
        await World.ReadAsync(async db =>
        {
            var units = await db.Apartments.Include(a => a.Tower).OrderBy(a => a.Tower!.Name).ThenBy(a => a.ApartmentNumber).ToListAsync();
            Assert.Equal(["Torre 1 101", "Torre 1 102", "Torre 2 101", "Torre 2 102"], units.Select(u => UnitName.Of(u)));
            Assert.Equal((1, 64.5m, 24.123457m, OccupancyState.Occupied), (units[0].Floor, units[0].Area, units[0].Coefficient, units[0].StatusId));
            Assert.Equal(units[0].OwnerId, units[2].OwnerId);
            var ana = await db.Profiles.Include(p => p.User).SingleAsync(p => p.DocumentNumberKey == "52123456");
            Assert.Equal(
                ("Ana María", "Restrepo Gómez", "ana@example.com", "310 123 4567", "ana.restrepo", UserState.Pending),
                (ana.FirstName, ana.LastName, ana.Email, ana.Phone, ana.User!.UserName, ana.User.UserStatusId));
            Assert.Equal("3107654321", await db.Profiles.Where(p => p.LastName == "Ñungo").Select(p => p.Phone).SingleAsync());
            Assert.Equal(
                (5, 1), (await db.Occupancies.CountAsync(o => o.Kind == OccupancyKind.Owner), await db.Occupancies.CountAsync(o => o.Kind == OccupancyKind.Tenant)));
            Assert.Equal(
                [("ABC 12D", 2), ("KJH 482", 1), ("KLM 204", 1)],
                (await db.Parking.OrderBy(s => s.LicensePlate).ToListAsync()).Select(s => (s.LicensePlate!, s.VehicleTypeId!.Value)));
            var debts = await db.Charges.OrderBy(c => c.ApartmentId).ThenBy(c => c.DueOn).ToListAsync();
            Assert.All(debts, d => Assert.Equal((ChargeState.Open, d.ImportId), (d.Status, debts[0].ImportId)));
            // The youngest day of each age, and interest goes on from the day after.
            Assert.Equal(
                [(400_000m, new DateOnly(2026, 10, 30), AsOf.AddDays(1)), (486_000m, new(2026, 9, 30), AsOf.AddDays(1)), (486_000m, new(2026, 10, 30), AsOf.AddDays(1))],
                debts.Where(d => d.Kind == ChargeKind.Fee).Select(d => (d.Amount, d.DueOn, d.InterestFrom!.Value)));
            Assert.Equal((3_824m, AsOf, null), debts.Where(d => d.Kind == ChargeKind.Interest).Select(d => (d.Amount, d.DueOn, d.InterestFrom)).Single());
            return 0;
        });
        var proof = await ProofAsync();
        Assert.True(proof.Agrees, string.Join(", ", proof.Faults));
        Assert.Equal((1_375_824m, 1_375_824m, 1), (proof.Owed, proof.Receivables, proof.Entries));
        Assert.Equal(
            (1_372_000m, 3_824m, -1_375_824m, 0m),
            (await BalanceAsync(Of.Fees, AsOf), await BalanceAsync(Of.Interest, AsOf), await BalanceAsync(Of.Result, AsOf), await BalanceAsync(Of.FeeIncome)));
    }

    [Fact]
    public async Task The_same_file_again_changes_nothing_and_doubles_nothing()
    {
        await ImportAsync(Bytes(Whole));
        var before = await CountsAsync();
        World.On(new(2026, 11, 25));
        var preview = await PreviewAsync(Bytes(Whole));
        Assert.Equal((0, 0, 0), (preview.BadCount, preview.Summary!.Created, preview.Summary.Changed));
        Assert.Equal((4, 5, 3, 4), (preview.Summary.Units.Same, preview.Summary.People.Same, preview.Summary.Vehicles.Same, preview.Summary.Debts.Same));
        Assert.Equal("import.nothing", (await TryAsync(Bytes(Whole))).Error!.Code);
        Assert.Equal(before, await CountsAsync());
    }

    [Fact]
    public async Task What_differs_is_changed_and_said_and_what_people_keep_of_themselves_stays()
    {
        await ImportAsync(Bytes("Torre;Apto;Coeficiente;Propietario;Cédula\nA;101;40;Ana Ruiz;52123456\nA;102;60;;\n"));
        await Database.ExecuteAsync("UPDATE profile SET phone = '300' WHERE document_number = '52123456'");
        var file = Bytes("Torre;Apto;Coeficiente;Propietario;Cédula;Correo;Celular\nA;101;45,5;Ana Ruiz;52123456;ana@example.com;999\nA;102;54,5;;;;\n");
        var preview = await PreviewAsync(file);
        Assert.Equal(
            ["A 101 Coefficient 40 45,5", "A 102 Coefficient 60 54,5", "Ana Ruiz OwnerMail  ana@example.com"],
            preview.Changes.Select(c => $"{c.What} {c.Field} {c.From} {c.To}".Replace('.', ',').Replace("example,com", "example.com", StringComparison.Ordinal)));
        Assert.Equal((2, 1), ((await ImportAsync(file)).Summary.Units.Changed, preview.Summary!.People.Changed));
        Assert.Equal(
            [45.5m, 54.5m], await World.ReadAsync(db => db.Apartments.OrderBy(a => a.ApartmentNumber).Select(a => a.Coefficient!.Value).ToListAsync()));
        var ana = await World.ReadAsync(db => db.Profiles.SingleAsync(p => p.DocumentNumber == "52123456"));
        Assert.Equal(("300", "ana@example.com"), (ana.Phone, ana.Email));
        Assert.Equal(2, await World.ReadAsync(db => db.AuditLog.CountAsync(a => a.TableName == "apartments" && a.Action == "update")));
    }

    [Fact]
    public async Task Each_bad_row_is_said_by_line_and_reason_and_keeps_everything_out()
    {
        var file = Bytes(
            """
            Torre;Apto;Piso;Coeficiente;Propietario;Cédula;Correo;Placa;Saldo;Vence
            A;101;1;50;Ana Ruiz;52123456;ana@example.com;KLM204;486.000;15/10/2026
            A;;1;1;Luis Díaz;;;;;
            A;102;alto;0;Prince;12;nadie;X;12,5;31/31/2026
            A;103;1;120;Eva Ruiz;52123456;;KLM 204;-5;
            A;101;2;49;;;;;486.000;15/10/2026
            ;104;;;;;;;;
            B;105;;;Eva Sol;4444444;ana@example.com;;1.000;31/31/2026
            """);
        var preview = await PreviewAsync(file);
        Assert.Equal(
            [
                "3 Number Number", "4 Floor Floor", "4 Coefficient Coefficient", "4 OwnerDocument Document", "4 OwnerMail Mail", "4 Owner Name",
                "4 Plate Plate", "4 Balance Amount", "5 Coefficient Coefficient", "5 Owner Differs 2", "5 Plate PlateTaken 2", "5 Balance Credit",
                "6 Floor Differs 2", "6 Coefficient Differs 2", "6 Balance Twice 2", "8 OwnerMail MailTaken 2", "8 DueOn DueOn",
            ],
            preview.Bad.Select(b => $"{b.Line} {b.Field} {b.Fault} {b.Other}".TrimEnd()));
        Assert.Equal("import.bad", (await TryAsync(file)).Error!.Code);
        Assert.Equal(0, (await CountsAsync()).Units);
        Assert.Equal(0, await World.ReadAsync(db => db.Imports.CountAsync()));
    }

    [Fact]
    public async Task A_write_that_fails_on_its_last_table_leaves_nothing()
    {
        await Database.ExecuteAsync("""
            CREATE TRIGGER charges_refused BEFORE INSERT ON charges FOR EACH ROW
            SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'refused by a test'
            """);
        try
        {
            await Assert.ThrowsAnyAsync<Exception>(() => TryAsync(Bytes(Whole)));
        }
        finally
        {
            await Database.ExecuteAsync("DROP TRIGGER charges_refused");
        }

        Assert.Equal(new Counts(0, 0, 0, 0, 0), await CountsAsync());
        Assert.Equal(0, await World.ReadAsync(db => db.Towers.CountAsync()));
        await ImportAsync(Bytes(Whole));
    }

    [Fact]
    public async Task Windows_letters_and_a_workbook_are_read_alike()
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        await ImportAsync(Encoding.GetEncoding(1252).GetBytes(Whole));
        Assert.True(await World.ReadAsync(db => db.Profiles.AnyAsync(p => p.LastName == "Ñungo")));

        // The house's own workbook: numbers as numbers, days as days.
        List<ExportColumn<(string Unit, decimal Share, decimal Owed, DateOnly Due)>> columns =
        [
            new("Torre", ExportKind.Text, _ => "Torre 3"), new("Apartamento", ExportKind.Text, r => r.Unit),
            new("Coeficiente", ExportKind.Number, r => r.Share), new("Saldo", ExportKind.Money, r => r.Owed),
            new("Vencimiento", ExportKind.Date, r => r.Due),
        ];
        using var stream = new MemoryStream();
        await XlsxExport.WriteAsync(
            "Lista", columns, new[] { ("301", 0.403226m, 486_000m, new DateOnly(2026, 9, 15)), ("302", 0.333333m, 1_250_000m, new DateOnly(2026, 8, 31)) }
                .ToAsyncEnumerable(), CultureInfo.GetCultureInfo("es-CO"), stream);
        var done = await ImportAsync(stream.ToArray(), accept: true);
        Assert.Equal((1, 2, 1_736_000m), (done.Summary.Towers.Created, done.Summary.Units.Created, done.Summary.Opening));
        Assert.Equal(
            [0.403226m, 0.333333m],
            await World.ReadAsync(db => db.Apartments.Where(a => a.Tower!.Name == "Torre 3").OrderBy(a => a.ApartmentNumber)
                .Select(a => a.Coefficient!.Value).ToListAsync()));
        Assert.Equal(
            [new DateOnly(2026, 9, 15), new(2026, 8, 31)],
            await World.ReadAsync(db => db.Charges.Where(c => c.Apartment!.Tower!.Name == "Torre 3").OrderBy(c => c.ApartmentId).Select(c => c.DueOn).ToListAsync()));
        Assert.True((await ProofAsync()).Agrees);
    }

    [Fact]
    public async Task Coefficients_that_do_not_add_up_need_a_yes_and_parts_of_one_are_percent()
    {
        var file = Bytes("Torre;Apto;Coeficiente\nA;101;40\nA;102;55\n");
        Assert.False((await PreviewAsync(file)).Summary!.CoefficientsAdd);
        var refused = (await TryAsync(file)).Error!;
        Assert.Equal(("import.coefficients", "95 %"), (refused.Code, refused.Values[0]));
        Assert.Equal(2, (await ImportAsync(file, accept: true)).Summary.Units.Created);

        var parts = (await PreviewAsync(Bytes("Torre;Apto;Coeficiente\nA;101;0,4\nA;102;0,6\n"))).Summary!;
        Assert.Equal((true, 100m), (parts.Fractions, parts.CoefficientSum));
    }

    [Fact]
    public async Task A_debt_is_never_taken_in_by_another_way_or_another_amount()
    {
        await ImportAsync(Bytes("Torre;Apto;Saldo;Vence\nA;101;486.000;15/10/2026\n"));
        Assert.Equal(ImportFault.OtherAmount, (await OnlyBadAsync("Torre;Apto;Saldo;Vence\nA;101;500.000;15/10/2026\n")).Fault);
        Assert.Equal(ImportFault.Mixed, (await OnlyBadAsync("Torre;Apto;Saldo\nA;101;486.000\n")).Fault);
        Assert.Equal(ImportFault.Mixed, (await OnlyBadAsync("Torre;Apto;1 a 30 días\nA;101;486.000\n")).Fault);
        Assert.Equal(ImportFault.Sum, (await OnlyBadAsync("Torre;Apto;Total;1 a 30 días;31 a 60 días\nA;102;900;500;300\n")).Fault);
        // Another day and another concept are other debts.
        var more = await ImportAsync(Bytes(
            "Torre;Apto;Concepto;Saldo;Vence\nA;101;Administración;486.000;15/09/2026\nA;101;Multa;50.000;15/10/2026\n"));
        Assert.Equal((2, 536_000m), (more.Summary.Debts.Created, more.Summary.Opening));
        Assert.True((await ProofAsync()).Agrees);
    }

    [Fact]
    public async Task An_apartment_that_was_sold_does_not_go_back_to_who_sold_it()
    {
        await ImportAsync(Bytes("Torre;Apto;Propietario;Cédula\nA;101;Ana Ruiz;52123456\n"));
        var unit = await World.ReadAsync(db => db.Apartments.Select(a => a.Id).SingleAsync());
        var eva = await World.HomeAsync("Eva", "Sol");
        await Database.ExecuteAsync($"""
            UPDATE occupancies SET ended_on = started_on WHERE apartment_id = {unit};
            INSERT INTO occupancies (apartment_id, owner_id, kind, started_on) VALUES ({unit}, {eva.OwnerId}, 'owner', '2026-11-01');
            UPDATE apartments SET owner_id = {eva.OwnerId} WHERE id = {unit}
            """);
        var bad = await OnlyBadAsync("Torre;Apto;Propietario;Cédula\nA;101;Ana Ruiz;52123456\n");
        Assert.Equal((ImportFault.OtherOwner, "Eva Sol"), (bad.Fault, bad.Value));
    }

    [Fact]
    public async Task Two_people_who_import_one_file_at_once_bring_everything_once()
    {
        var both = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => TryAsync(Bytes(Whole)))));
        Assert.Equal(1, both.Count(r => r.Ok));
        Assert.All(both.Where(r => !r.Ok), r => Assert.Equal("import.nothing", r.Error!.Code));
        Assert.Equal(new Counts(4, 5, 6, 3, 4), await CountsAsync());
        Assert.True((await ProofAsync()).Agrees);
    }

    [Fact]
    public async Task A_waiver_of_what_was_owed_before_is_no_loss_of_this_year()
    {
        await ImportAsync(Bytes("Torre;Apto;Saldo\nA;101;486.000\n"));
        var debt = await World.ReadAsync(db => db.Charges.SingleAsync());
        var waived = await World.Get<Portal.Data.Billing.ChargeDesk>().AdjustAsync(
            new(debt.Id, Portal.Data.Billing.AdjustmentKind.Waiver, 86_000, "Acuerdo", "Acta 12"), Admin, default);
        Assert.True(waived.Ok, waived.Error?.Code);
        Assert.Equal((400_000m, -400_000m, 0m), (await BalanceAsync(Of.Fees), await BalanceAsync(Of.Result), await BalanceAsync(Of.FeeIncome)));
        Assert.True((await ProofAsync()).Agrees);
    }

    /// <summary>Measured, not judged: a slow machine is no defect.</summary>
    [Fact]
    public async Task Twenty_thousand_rows_with_all_that_a_row_can_hold()
    {
        var text = new StringBuilder("Torre;Apto;Piso;Área;Coeficiente;Propietario;Cédula;Correo;Celular;Placa;1 a 30 días\n");
        for (var i = 0; i < 20_000; i++)
        {
            var (tower, floor, place) = (i / 250 + 1, i % 250 / 10 + 1, i % 10 + 1);
            text.Append(CultureInfo.InvariantCulture,
                $"Torre {tower};{floor}{place:00};{floor};64,5;0,005;Ana {(char)('a' + i % 26)}{i} Ruiz;{10_000_000 + i};a{i}@example.com;31{i:00000000};{(char)('A' + i / 1000 % 26)}{(char)('A' + i / 100000)}A{i % 1000:000};486.000\n");
        }

        var (content, stages) = (Bytes(text.ToString()), new Stages());
        var watch = Stopwatch.StartNew();
        var preview = await PreviewAsync(content);
        output.WriteLine($"dry run of 20,000 rows: {watch.Elapsed.TotalSeconds:0.0} s");
        Assert.Equal((20_000, 0), (preview.Summary!.Rows, preview.BadCount));
        watch.Restart();
        var done = await Importer.ImportAsync("grande.csv", content, preview.Format!, new(AsOf), stages, Admin, default);
        output.WriteLine($"import of 20,000 rows: {watch.Elapsed.TotalSeconds:0.0} s\n{string.Join('\n', stages.Seen.Select(s => $"{s.Key} {s.Value:0.0} s"))}");
        Assert.True(done.Ok, done.Error?.Code);
        Assert.Equal(new Counts(20_000, 20_000, 20_000, 20_000, 20_000), await CountsAsync());
        Assert.Contains(ImportStage.Debts, stages.Seen.Keys);
        Assert.True((await ProofAsync()).Agrees);
        watch.Restart();
        Assert.Equal("import.nothing", (await TryAsync(content)).Error!.Code);
        output.WriteLine($"again: {watch.Elapsed.TotalSeconds:0.0} s");
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private async Task<ImportPreview> PreviewAsync(byte[] content)
    {
        var preview = await Importer.PreviewAsync(content, null, new(AsOf), null, Admin, default);
        Assert.True(preview.Ok, preview.Error?.Code);
        Assert.NotNull(preview.Value.Format);
        return preview.Value;
    }

    private async Task<Result<ImportDone>> TryAsync(byte[] content, bool accept = false) => await Importer.ImportAsync(
        "listado.csv", content, (await PreviewAsync(content)).Format!, new(AsOf, null, accept), null, Admin, default);

    private async Task<ImportDone> ImportAsync(byte[] content, bool accept = false)
    {
        var done = await TryAsync(content, accept);
        Assert.True(done.Ok, $"{done.Error?.Code} {string.Join('\n', (await PreviewAsync(content)).Bad)}");
        return done.Value;
    }

    private async Task<BadImportRow> OnlyBadAsync(string text) => Assert.Single((await PreviewAsync(Bytes(text))).Bad);

    private Task<Counts> CountsAsync() => World.ReadAsync(async db => new Counts(
        await db.Apartments.CountAsync(), await db.Owners.CountAsync(), await db.Occupancies.CountAsync(), await db.Parking.CountAsync(),
        await db.Charges.CountAsync()));

    private sealed record Counts(int Units, int People, int Ties, int Spaces, int Debts);

    private sealed class Stages : IProgress<ImportProgress>
    {
        private readonly Stopwatch _watch = Stopwatch.StartNew();

        /// <summary>When each was last heard of.</summary>
        public Dictionary<ImportStage, double> Seen { get; } = [];

        public void Report(ImportProgress value) => Seen[value.Stage] = _watch.Elapsed.TotalSeconds;
    }
}
