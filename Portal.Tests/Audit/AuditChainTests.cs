using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Portal.Areas.Audit;
using Portal.Data;
using Portal.Data.Audit;
using Portal.Data.Gate;
using Portal.Data.Operations;
using Portal.Tests.Payments;
using Portal.Tests.Server;

namespace Portal.Tests.Audit;

/// <summary>Whatever somebody does to a sealed line behind the portal's back is found and named; what the law takes away is not.</summary>
public sealed class AuditChainTests(TestDatabase database) : PageContext(database)
{
    private static readonly DateOnly First = new(2026, 11, 2), Second = new(2026, 11, 3), Third = new(2026, 11, 5);

    private AuditChain Chain => World.Get<AuditChain>();

    [Fact]
    public async Task Days_that_are_over_are_sealed_once_each_seal_over_the_one_before()
    {
        await LinesAsync();
        Assert.Equal(3, await Chain.SealAsync(default));
        Assert.Equal(0, await Chain.SealAsync(default));
        var seals = await World.ReadAsync(db => db.AuditSeals.OrderBy(s => s.Day).ToListAsync());
        Assert.Equal([(First, 2), (Second, 1), (Third, 1)], seals.Select(s => (s.Day, s.RecordCount)));
        Assert.Equal(3, seals.Select(s => s.Head).Distinct().Count());

        // The same lines a second time, in a log that was emptied: the same seals.
        await Database.ExecuteAsync("DELETE FROM audit_seals");
        await Chain.SealAsync(default);
        Assert.Equal(seals.Select(s => s.Head), await World.ReadAsync(db => db.AuditSeals.OrderBy(s => s.Day).Select(s => s.Head).ToListAsync()));
        Assert.Empty((await Chain.CheckAsync(null, default)).Faults);
        Assert.Equal(1, await CountAsync(AuditChain.Checked));
    }

    [Theory]
    [InlineData("UPDATE audit_log SET new_value = '{\"amount\":1}' WHERE record_id = 2", AuditFault.Changed)]
    [InlineData("UPDATE audit_log SET actor_name = 'Nadie' WHERE record_id = 2", AuditFault.Changed)]
    [InlineData("UPDATE audit_log SET user_id = 7 WHERE record_id = 2", AuditFault.Changed)]
    [InlineData("UPDATE audit_log SET created_at = '2026-11-02 13:00:00' WHERE record_id = 2", AuditFault.Changed)]
    [InlineData("DELETE FROM audit_log WHERE record_id = 2", AuditFault.Missing)]
    [InlineData("DELETE FROM audit_log WHERE created_at < '2026-11-03'", AuditFault.Missing)]
    [InlineData("INSERT INTO audit_log (table_name, action, created_at) VALUES ('x', 'insert', '2026-11-02 10:00:00')", AuditFault.Added)]
    [InlineData("UPDATE audit_seals SET digest = REPEAT('a', 64) WHERE day = '2026-11-02'", AuditFault.Chain)]
    [InlineData("UPDATE audit_seals SET deleted_at = '2026-11-20' WHERE day = '2026-11-02'", AuditFault.Deleted)]
    // A line that pretends that retention took its values, and says something else.
    [InlineData(
        "INSERT INTO audit_redactions (audit_id, content) SELECT id, REPEAT('a', 64) FROM audit_log WHERE record_id = 2", AuditFault.Changed)]
    public async Task What_was_done_to_a_sealed_day_is_found_and_told(string deed, AuditFault fault)
    {
        await World.AdminAsync();
        await LinesAsync();
        await Chain.SealAsync(default);
        await Database.ExecuteAsync(deed);

        Assert.Contains((First, fault), (await Chain.CheckAsync(null, default)).Faults);
        Assert.Equal(1, await CountAsync(AuditChain.Event));
        Assert.Equal(
            AuditSeverity.Error, await World.ReadAsync(db => db.AuditLog.Where(e => e.Action == AuditChain.Event).Select(e => e.Severity).SingleAsync()));

        // Told once, however many nights find it.
        await Chain.CheckAsync(null, default);
        Assert.Equal(1, await World.ReadAsync(db => db.Notifications.CountAsync(n => n.Type == AuditChain.Alarm)));
    }

    [Fact]
    public async Task A_day_that_no_seal_knows_is_found_between_those_that_are_sealed()
    {
        await LinesAsync();
        await Chain.SealAsync(default);
        await Database.ExecuteAsync("INSERT INTO audit_log (table_name, action, created_at) VALUES ('x', 'insert', '2026-11-04 10:00:00')");
        Assert.Equal([(new DateOnly(2026, 11, 4), AuditFault.Unsealed)], (await Chain.CheckAsync(null, default)).Faults);
        Assert.Empty((await Chain.CheckAsync(Third, default)).Faults);
    }

    [Fact]
    public async Task Who_makes_the_seal_of_a_changed_day_anew_breaks_the_chain()
    {
        await LinesAsync();
        await Chain.SealAsync(default);
        await Database.ExecuteAsync(
            "UPDATE audit_log SET new_value = '{}' WHERE record_id = 2; "
            + "UPDATE audit_seals SET head = REPEAT('b', 64) WHERE day = '2026-11-02'");
        var faults = (await Chain.CheckAsync(Third, default)).Faults;
        Assert.Equal([(First, AuditFault.Chain), (Second, AuditFault.Chain)], faults);
    }

    [Fact]
    public async Task Retention_the_archive_and_a_forgotten_address_leave_the_seal_whole()
    {
        var home = await World.HomeAsync();
        await Database.ExecuteAsync(
            "INSERT INTO visitors (id, name, identification, host_id, visit_date, exit_date, state) "
            + $"VALUES (901, 'Nora', '1', {home.OwnerId}, '2025-01-10', '2025-01-10', 'left'); "
            + "INSERT INTO audit_log (table_name, record_id, action, old_value, new_value, created_at, ip_address) "
            + "VALUES ('visitors', 901, 'update', '{\"name\":\"Nora\"}', '{\"name\":\"Nora V\"}', '2025-01-10 12:00:00', '10.0.0.9'), "
            + "('visitors', 901, 'delete', '{\"name\":\"Nora V\"}', NULL, '2025-12-10 12:00:00', NULL)");
        await Chain.SealAsync(default);
        var heads = await World.ReadAsync(db => db.AuditSeals.OrderBy(s => s.Day).Select(s => s.Head).ToListAsync());

        await new AuditArchive(World.Store, World.Get<BuildingClock>()).RunAsync(PaymentWorld.Today, default);
        await new ExpiredVisits(World.Store, World.Get<BuildingClock>()).RunAsync(PaymentWorld.Today, default);
        await Database.ExecuteAsync("UPDATE audit_log_archive SET ip_address = NULL");

        Assert.Equal(2, await World.ReadAsync(db => db.AuditRedactions.CountAsync()));
        Assert.Empty((await Chain.CheckAsync(null, default)).Faults);

        // What is left of the line is proven all the same, and a log sealed only now has the same seals.
        await Database.ExecuteAsync("DELETE FROM audit_seals");
        await Chain.SealAsync(default);
        Assert.Equal(heads, await World.ReadAsync(db => db.AuditSeals.OrderBy(s => s.Day).Select(s => s.Head).ToListAsync()));
        await Database.ExecuteAsync("UPDATE audit_log SET action = 'insert' WHERE record_id = 901");
        Assert.Equal([(new DateOnly(2025, 12, 10), AuditFault.Changed)], (await Chain.CheckAsync(null, default)).Faults);
    }

    [Fact]
    public async Task What_the_archive_deletes_after_its_years_is_no_fault()
    {
        await LinesAsync();
        await Database.ExecuteAsync(
            "INSERT INTO audit_log (table_name, record_id, action, created_at) VALUES ('towers', 1, 'insert', '2014-01-15 12:00:00')");
        await Chain.SealAsync(default);
        await new AuditArchive(World.Store, World.Get<BuildingClock>()).RunAsync(PaymentWorld.Today, default);
        Assert.Equal(0, await World.ReadAsync(db => db.AuditLog.CountAsync(e => e.CreatedAt < new DateTime(2015, 1, 1))));
        var found = await Chain.CheckAsync(null, default);
        Assert.Empty(found.Faults);
        Assert.Equal((3, 4L), (found.Days, found.Records));
    }

    [Fact]
    public async Task The_page_says_what_was_found_and_a_second_wish_is_refused()
    {
        var admin = await World.AdminAsync();
        SignIn(admin);
        SetRendererInfo(new RendererInfo("Server", true));
        var band = Render<AuditBand>();
        band.WaitForAssertion(() => Assert.Equal("Todavía no hay ningún día sellado", band.Find("b").TextContent));
        band.Find("button").Click();
        band.WaitForAssertion(() => Assert.Contains("Revisando…", band.Markup, StringComparison.Ordinal));
        var service = World.Get<AuditService>();
        Assert.Equal("audit.under_way", (await service.AskCheckAsync(admin, default)).Error!.Code);

        await LinesAsync();
        await new AuditCheckJob(Chain).RunAsync(new AuditCheckAsked(admin.AccountId), default);
        await Database.ExecuteAsync("DELETE FROM jobs");
        var good = Render<AuditBand>();
        good.WaitForAssertion(() => Assert.Equal("Nadie ha cambiado la auditoría", good.Find("b").TextContent));
        Assert.Contains("4 líneas de 3 días", good.Find("p").TextContent, StringComparison.Ordinal);

        await Database.ExecuteAsync("DELETE FROM audit_log WHERE record_id = 2");
        await Chain.CheckAsync(null, default);
        var bad = Render<AuditBand>();
        bad.WaitForAssertion(() => Assert.Equal("Un día no es como se selló", bad.Find("b").TextContent));
        Assert.Contains("faltan líneas", bad.Find("p").TextContent, StringComparison.Ordinal);
    }

    private Task<int> CountAsync(string action) => World.ReadAsync(db => db.AuditLog.CountAsync(e => e.Action == action));

    private Task LinesAsync() => Database.ExecuteAsync(
        """
        INSERT INTO audit_log (table_name, record_id, action, old_value, new_value, user_id, actor_name, ip_address, created_at) VALUES
            ('payments', 1, 'insert', NULL, '{"amount":100000}', 3, 'Carolina Mejía', '10.0.0.1', '2026-11-02 00:00:00'),
            ('payments', 2, 'update', '{"amount":100000}', '{"amount":200000}', 3, 'Carolina Mejía', '10.0.0.1', '2026-11-02 23:59:59'),
            ('payments', 3, 'delete', '{"amount":1}', NULL, NULL, NULL, NULL, '2026-11-03 12:00:00'),
            ('sessions', NULL, 'sign_in', NULL, NULL, 3, 'Carolina Mejía', NULL, '2026-11-05 12:00:00')
        """);
}
