using System.Diagnostics;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Portal.Data.Bank;
using Portal.Tests.Server;

namespace Portal.Tests.Bank;

/// <summary>A statement is kept whole or not at all, and no line of the bank comes twice.</summary>
public sealed class BankImportTests(TestDatabase database) : BankTest(database)
{
    [Fact]
    public async Task Files_that_overlap_add_what_is_new_and_true_twins_stay()
    {
        var first = await ImportAsync((3, "PSE", "1", 5_000), (4, "PSE", "", 7_000), (4, "PSE", "", 7_000));
        Assert.Equal((3, 0), (first.Added, first.Known));

        var again = await ImportAsync((4, "PSE", "", 7_000), (4, "PSE", "", 7_000), (4, "PSE", "", 7_000), (5, "pse", "1", 5_000));
        Assert.Equal((2, 2), (again.Added, again.Known));
        Assert.Equal((0, 4), Counted(await ImportAsync((4, "PSE", "", 7_000), (4, "PSE", "", 7_000), (3, "PSE", "1", 5_000), (5, "pse", "1", 5_000))));
        Assert.Equal(5, await World.ReadAsync(db => db.BankLines.CountAsync()));
    }

    [Fact]
    public async Task Two_people_who_import_one_file_at_once_bring_each_line_once()
    {
        var lines = Enumerable.Range(1, 200).Select(i => (i % 19 + 1, $"PSE {i % 7}", $"{i % 50}", 1_000m + i % 3)).ToArray();
        var both = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => ImportAsync(lines))));
        Assert.Equal(200, both.Sum(i => i.Added));
        Assert.All(both, i => Assert.Equal(200, i.Added + i.Known));
        Assert.Equal(200, await World.ReadAsync(db => db.BankLines.CountAsync()));
    }

    [Fact]
    public async Task A_bad_row_keeps_everything_out_until_somebody_leaves_it_out()
    {
        var content = Encoding.UTF8.GetBytes("Fecha;Descripción;Referencia;Valor\n03/11/2026;PSE;1;5.000\n;Total;;5.000\n");
        var preview = (await Importer.PreviewAsync(Account, content, Format, Admin, default)).Value;
        Assert.Equal((1, 1, 3), (preview.New, preview.BadCount, preview.Bad[0].Row));

        var refused = await Importer.ImportAsync(Account, "x.csv", content, Format, leaveOut: false, Admin, default);
        Assert.Equal("bank.rows.bad", refused.Error!.Code);
        Assert.False(await World.ReadAsync(db => db.BankLines.AnyAsync()));
        var done = await Importer.ImportAsync(Account, "x.csv", content, Format, leaveOut: true, Admin, default);
        Assert.Equal((1, 1), (done.Value.Added, done.Value.LeftOut));
    }

    [Fact]
    public async Task The_next_file_is_read_as_the_last_one_was()
    {
        var content = Encoding.UTF8.GetBytes("03/04/2026;PSE;1;5.000\n05/06/2026;PSE;1;5.000\n");
        var format = Format with { HeaderRows = 0, DateFormat = "MM/dd/yyyy" };
        Assert.True((await Importer.ImportAsync(Account, "x.csv", content, format, false, Admin, default)).Ok);
        var preview = (await Importer.PreviewAsync(Account, content, null, Admin, default)).Value;
        Assert.True(preview.Remembered);
        Assert.Equal((format, 2, 0), (preview.Format, preview.Known, preview.New));
    }

    [Fact]
    public async Task Ten_thousand_lines_are_kept_in_seconds()
    {
        var lines = Enumerable.Range(1, 10_000).Select(i => (i % 19 + 1, "PAGO PSE", $"{i}", 1_000m + i)).ToArray();
        var watch = Stopwatch.StartNew();
        Assert.Equal(10_000, (await ImportAsync(lines)).Added);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), $"{watch.Elapsed}");
    }

    [Fact]
    public async Task What_is_no_bank_or_no_statement_is_refused()
    {
        Assert.Equal("not_found", (await Importer.ImportAsync(24, "x.csv", File((3, "PSE", "", 5)), Format, false, Admin, default)).Error!.Code);
        Assert.Equal("bank.rows.none", (await Importer.ImportAsync(Account, "x", "Fecha\n"u8.ToArray(), Format, false, Admin, default)).Error!.Code);
        Assert.Equal("bank.file.kind", (await Importer.PreviewAsync(Account, [0, 1, 2, 0], null, Admin, default)).Error!.Code);
        Assert.Equal(
            "bank.format", (await Importer.PreviewAsync(Account, "x"u8.ToArray(), Format with { Encoding = "utf-7" }, Admin, default)).Error!.Code);
    }

    private static (int, int) Counted(Imported imported) => (imported.Added, imported.Known);
}
