using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Audit;
using Portal.Data.Gate;
using Portal.Data.Ledger;
using Portal.Data.Payments;
using Portal.Documents;
using Portal.Resources;
using Portal.Tests.Documents;
using Portal.Tests.Ledger;
using Portal.Tests.Payments;
using Portal.Tests.Server;

namespace Portal.Tests.Audit;

/// <summary>How grave an act is, where the log goes when it is old, and what the compliance report says of both.</summary>
public sealed class AuditArchiveTests(TestDatabase database) : LedgerTest(database)
{
    private AuditService Log => World.Get<AuditService>();
    private ComplianceService Compliance => World.Get<ComplianceService>();

    [Fact]
    public async Task What_takes_money_back_or_changes_limits_is_a_warning_and_ordinary_work_is_not()
    {
        var home = await World.HomeAsync();
        await World.ChargeAsync(home, 100_000m);
        var paid = await World.PaidAsync(home, 150_000m);
        Assert.Equal(0, await CountAsync(AuditSeverity.Warning));

        var refund = World.Get<RefundDesk>();
        Assert.True((await refund.RefundAsync(new RefundInput(home.Id, 10_000m, Today, 2, null, "x"), Admin, default)).Ok);
        Assert.Equal(1, await CountAsync(AuditSeverity.Warning, "refunds"));
        var second = await World.PaidAsync(home, 20_000m);
        Assert.True((await World.Desk.VoidAsync(second.Id, "x", Admin, default)).Ok);
        Assert.Equal(1, await CountAsync(AuditSeverity.Warning, "payments"));
        Assert.NotEqual(paid.Id, second.Id);
        await LimitAsync();
        Assert.Equal(1, await CountAsync(AuditSeverity.Warning, "ledger_accounts"));
    }

    [Fact]
    public async Task Who_tries_to_take_out_more_than_the_limit_leaves_that_they_tried_and_nothing_else()
    {
        await PostAsync(Today, Of.Bank, Of.Result, 1_000_000m);
        await LimitAsync();
        var entries = await World.ReadAsync(db => db.JournalEntries.CountAsync());
        var tried = await Desk.PostAsync(new HandEntry(Today, "x", [new(Of.Energy, 600_000m, 0), new(Of.Bank, 0, 600_000m)]), Admin, default);
        Assert.Equal("ledger.limit", tried.Error!.Code);
        Assert.Equal(entries, await World.ReadAsync(db => db.JournalEntries.CountAsync()));
        var told = await World.ReadAsync(db => db.AuditLog.AsNoTracking().SingleAsync(e => e.Action == "limit_refused"));
        Assert.Equal((AuditSeverity.Warning, Admin.Id, "ledger_accounts"), (told.Severity, told.UserId, told.TableName));
    }

    [Fact]
    public async Task Books_that_do_not_agree_are_an_error()
    {
        await Database.ExecuteAsync("INSERT INTO journal_entries (posted_on, act, source_id, memo) VALUES ('2026-11-02', 'manual', 1, 'x')");
        await ProveAsync();
        Assert.Equal(1, await CountAsync(AuditSeverity.Error));
    }

    [Fact]
    public async Task What_is_old_moves_whole_is_found_under_the_same_page_and_goes_after_its_years()
    {
        await SeedAsync(
            ("2014-01-15", "towers", 1), ("2017-01-15", "towers", 2), ("2025-11-19", "towers", 3), ("2025-11-21", "towers", 4));
        var before = await World.ReadAsync(db => db.AuditLog.CountAsync());
        await ArchiveAsync();
        await ArchiveAsync();

        Assert.Equal(before - 3 + 1, await World.ReadAsync(db => db.AuditLog.CountAsync()));
        var archived = await Log.ListAsync(new ListQuery(Filters: Filters(("archive", "1"))), Admin, default);
        Assert.Equal([3L, 2L], archived.Rows.Select(r => r.RecordId!.Value).OrderDescending());
        var act = (await Log.ActAsync(archived.Rows[0].Id, Admin, default))!;
        Assert.Contains("\"name\":\"x\"", Assert.Single(act.Rows).After);
        var gone = await World.ReadAsync(db => db.AuditLog.AsNoTracking().SingleAsync(e => e.Action == AuditArchive.Deleted));
        Assert.Contains("\"rows\":1", gone.NewValue);

        var report = (await Compliance.ReadAsync(new(2025, 11, 1), new(2025, 11, 30), Admin, default))!;
        Assert.Equal((2L, 2L, 12, 10), (report[ComplianceFigure.AuditRows].Number, report.Reach.Archived, report.Reach.Months, report.Reach.Years));
        Assert.Equal(2017, report.Reach.OldestArchived!.Value.Year);
    }

    [Fact]
    public async Task A_move_that_was_broken_off_moves_nothing_twice()
    {
        await SeedAsync(("2020-01-15", "towers", 1), ("2020-01-16", "towers", 2));
        await Database.ExecuteAsync("INSERT INTO audit_log_archive SELECT * FROM audit_log WHERE record_id = 1 AND table_name = 'towers'");
        await ArchiveAsync();
        Assert.Equal(2, (await Log.ListAsync(new ListQuery(Filters: Filters(("archive", "1"))), Admin, default)).Total);
        Assert.Equal(0, await World.ReadAsync(db => db.AuditLog.CountAsync(e => e.CreatedAt < new DateTime(2021, 1, 1))));
    }

    [Fact]
    public async Task What_retention_takes_out_of_the_log_it_takes_out_of_the_archive()
    {
        var home = await World.HomeAsync();
        await Database.ExecuteAsync(
            "INSERT INTO visitors (id, name, identification, host_id, visit_date, exit_date, state) "
            + $"VALUES (901, 'Nora', '1', {home.OwnerId}, '2025-01-10', '2025-01-10', 'left')");
        await SeedAsync(("2025-01-10", "visitors", 901));
        await ArchiveAsync();
        await new ExpiredVisits(World.Store, World.Get<BuildingClock>()).RunAsync(Today, default);
        var row = Assert.Single((await Log.ListAsync(new ListQuery(Filters: Filters(("archive", "1"))), Admin, default)).Rows);
        var detail = Assert.Single((await Log.ActAsync(row.Id, Admin, default))!.Rows);
        Assert.Equal(AuditRedaction.Marker, detail.After);
    }

    [Fact]
    public async Task The_compliance_report_counts_what_was_done_proves_the_books_and_prints()
    {
        var home = await World.HomeAsync();
        await World.ChargeAsync(home, 100_000m);
        await World.PaidAsync(home, 150_000m);
        var voided = await World.PaidAsync(home, 20_000m);
        Assert.True((await World.Desk.VoidAsync(voided.Id, "x", Admin, default)).Ok);
        await PostAsync(Today, Of.Bank, Of.Result, 1_000_000m);

        var report = (await Compliance.ReadAsync(null, null, Admin, default))!;
        Assert.Equal((new DateOnly(2026, 10, 22), Today), (report.From, report.To));
        Assert.Equal(new ComplianceRow(ComplianceFigure.Payments, 1, 150_000m), report[ComplianceFigure.Payments]);
        Assert.Equal(new ComplianceRow(ComplianceFigure.Voids, 1, 20_000m), report[ComplianceFigure.Voids]);
        Assert.Equal(new ComplianceRow(ComplianceFigure.HandEntries, 1, 1_000_000m), report[ComplianceFigure.HandEntries]);
        Assert.Equal((2L, 1L), (report[ComplianceFigure.ActiveUsers].Number, report[ComplianceFigure.MayVoid].Number));
        // The log is dated by the server, whose clock goes on.
        var later = (await Compliance.ReadAsync(new(2026, 1, 1), new(2040, 1, 1), Admin, default))!;
        Assert.Equal(1L, later[ComplianceFigure.Warnings].Number);
        Assert.True(report.Proof!.Agrees);
        Assert.Null(await Compliance.ReadAsync(null, null, home.User, default));

        var text = Pdf.Text(ComplianceDocument.Render(
            new ComplianceModel(Samples.Building, report, null, null, "Carolina Mejía", Samples.Stamp), CultureInfo.GetCultureInfo("es-CO")));
        Assert.Contains("Informe de cumplimiento", text, StringComparison.Ordinal);
        Assert.Matches(@"Pagos anulados\s+1\s+\$ ?20\.000", text);
        Assert.Contains("Todo cuadra", text, StringComparison.Ordinal);
    }

    private Task ArchiveAsync() => new AuditArchive(World.Store, World.Get<BuildingClock>()).RunAsync(Today, default);

    private async Task LimitAsync()
    {
        var limited = await Accounts.UpdateAsync(
            Of.Bank, new AccountInput("1110", "Banco", AccountStatus.Active, null, 500_000m), Admin, default);
        Assert.True(limited.Ok, limited.Error?.Code);
    }

    private async Task SeedAsync(params (string Day, string Table, long Record)[] rows)
    {
        foreach (var (day, table, record) in rows)
        {
            await Database.ExecuteAsync(
                $"INSERT INTO audit_log (table_name, record_id, action, new_value, created_at) VALUES ('{table}', {record}, 'insert', '{{\"name\":\"x\"}}', '{day} 12:00:00')");
        }
    }

    private Task<int> CountAsync(AuditSeverity severity, string? table = null) =>
        World.ReadAsync(db => db.AuditLog.CountAsync(e => e.Severity == severity && (table == null || e.TableName == table)));

    private static Dictionary<string, string> Filters(params (string Key, string Value)[] filters) =>
        filters.ToDictionary(f => f.Key, f => f.Value);
}
