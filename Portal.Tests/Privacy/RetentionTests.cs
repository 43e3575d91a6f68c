using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Audit;
using Portal.Data.Operations;
using Portal.Data.Privacy;
using Portal.Tests.Authority;
using Portal.Tests.Server;
using Xunit;

namespace Portal.Tests.Privacy;

/// <summary>What has had its days goes at night, as much as was announced, and nothing else.</summary>
public sealed class RetentionTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private readonly AuthorityWorld _world = new(database);

    private RetentionService Service => _world.Get<RetentionService>();

    private CurrentUser Admin => _world.As(Who.Admin);

    public Task InitializeAsync() => _world.BeginAsync(new PrivacyMatrix());

    public Task DisposeAsync() => _world.DisposeAsync().AsTask();

    private RetentionJob Job(AuthorityWorld world) => world.Get<IEnumerable<IJobHandler>>().OfType<RetentionJob>().Single();

    [Fact]
    public async Task What_the_page_announces_is_what_the_night_removes()
    {
        await PastAsync();
        var before = (await Service.OverviewAsync(Admin, default)).ToDictionary(r => r.Rule);
        Assert.Equal(Enum.GetValues<RetentionRule>().Order(), before.Keys.Order());
        Assert.All(before.Values, r => Assert.Equal(2, r.Due));
        Assert.All(before.Values, r => Assert.Null(r.RanAt));

        await Job(_world).RunAsync(_world.Clock.Today, default);

        var after = (await Service.OverviewAsync(Admin, default)).ToDictionary(r => r.Rule);
        Assert.All(after.Values, r => Assert.Equal((0, before[r.Rule].Due), (r.Due, r.Went)));
        RetentionRule[] whole =
            [RetentionRule.Sessions, RetentionRule.Failures, RetentionRule.Codes, RetentionRule.Jobs, RetentionRule.Notifications];
        foreach (var rule in whole)
            Assert.Equal(before[rule].Held - before[rule].Due, after[rule].Held);
        await using var db = await _world.Store.OpenAsync(CurrentUser.System, default);
        var line = await db.AuditLog.SingleAsync(e => e.Action == RetentionJob.Event);
        Assert.Contains("\"sessions\":2", line.NewValue, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Prueba", line.NewValue, StringComparison.Ordinal);

        // The next night has nothing left, and writes no line.
        await Job(_world).RunAsync(_world.Clock.Today.AddDays(1), default);
        Assert.Equal(1, await db.AuditLog.CountAsync(e => e.Action == RetentionJob.Event));
        Assert.All(await Service.OverviewAsync(Admin, default), r => Assert.Equal(0, r.Went));
    }

    [Fact]
    public async Task Addresses_leave_the_log_and_its_archive_and_the_seals_hold()
    {
        await PastAsync();
        var chain = _world.Get<AuditChain>();
        Assert.True(await chain.SealAsync(default) > 0);
        await Job(_world).RunAsync(RetentionRule.Addresses, _world.Clock.Today, default);
        Assert.Empty((await chain.CheckAsync(null, default)).Faults);
        await using var db = await _world.Store.OpenAsync(CurrentUser.System, default);
        Assert.Equal(
            ["203.0.113.3"],
            await db.AuditLog.Where(e => e.Action == "sign_in" && e.IpAddress != null).Select(e => e.IpAddress).ToListAsync());
        Assert.Equal(
            [0], await db.Database.SqlQuery<int>($"SELECT COUNT(*) AS Value FROM audit_log_archive WHERE ip_address IS NOT NULL").ToListAsync());

        // It goes on where it was.
        var run = await db.RetentionRuns.AsNoTracking().SingleAsync(r => r.Rule == nameof(RetentionRule.Addresses));
        Assert.NotNull(run.ReachedAt);
        await Job(_world).RunAsync(RetentionRule.Addresses, _world.Clock.Today, default);
        Assert.Equal(2, (await Service.OverviewAsync(Admin, default)).Single(r => r.Rule == RetentionRule.Addresses).Went);
    }

    [Fact]
    public async Task Many_rows_go_in_bounded_pieces_also_where_two_portals_do_it_at_once()
    {
        const int Rows = 2 * RetentionJob.Batch + 7;
        await database.ExecuteAsync(
            $"""
            INSERT INTO jobs (kind, payload, state, run_at, finished_at)
            SELECT 'x', '1', 'done', '2020-01-01', '2020-01-01' FROM
                (SELECT a.id FROM permissions AS a CROSS JOIN permissions AS b ORDER BY a.id, b.id LIMIT {Rows}) AS n
            """);
        await using var second = new AuthorityWorld(database);
        await Task.WhenAll(
            Job(_world).RunAsync(RetentionRule.Jobs, _world.Clock.Today, default),
            Job(second).RunAsync(RetentionRule.Jobs, _world.Clock.Today, default));
        var row = (await Service.OverviewAsync(Admin, default)).Single(r => r.Rule == RetentionRule.Jobs);
        Assert.Equal((0, 0, Rows), (row.Held, row.Due, row.Went));
    }

    [Fact]
    public async Task Days_are_the_administrators_within_what_the_law_leaves()
    {
        await PastAsync();
        Assert.Equal(2, await Service.PreviewAsync(RetentionRule.Sessions, 90, Admin, default));
        Assert.Equal(3, await Service.PreviewAsync(RetentionRule.Sessions, 30, Admin, default));
        Assert.Null(await Service.PreviewAsync(RetentionRule.Sessions, 29, Admin, default));
        Assert.Null(await Service.PreviewAsync(RetentionRule.Failures, 2, Admin, default));
        Assert.Null(await Service.PreviewAsync(RetentionRule.Jobs, 30, _world.As(Who.Staff), default));

        var settings = _world.Get<SettingsService>();
        var read = await settings.GetAsync(default);
        var other = RetentionService.With(
            read, new Dictionary<RetentionRule, int> { [RetentionRule.Sessions] = 30, [RetentionRule.Failures] = 9 });
        Assert.Equal((30, read.JobRetentionDays), (other.SessionRetentionDays, other.JobRetentionDays));
        Assert.Equal("forbidden", (await settings.SaveAsync(other with { Read = read }, _world.As(Who.Staff), default)).Error!.Code);
        Assert.Equal(
            "settings.range", (await settings.SaveAsync(other with { Read = read, SessionRetentionDays = 10 }, Admin, default)).Error!.Code);
        Assert.True((await settings.SaveAsync(other with { Read = read }, Admin, default)).Ok);
        Assert.Equal(3, (await Service.OverviewAsync(Admin, default)).Single(r => r.Rule == RetentionRule.Sessions).Due);
        await using var db = await _world.Store.OpenAsync(CurrentUser.System, default);
        Assert.True(await db.AuditLog.AnyAsync(e => e.TableName == "settings" && e.UserId == Admin.Id));
    }

    /// <summary>Of each kind two that are past their days, and one that is not.</summary>
    private Task PastAsync()
    {
        var (owner, row) = (AuthorityWorld.Id(Who.Owner), AuthorityWorld.OwnerRow(Who.Owner));
        string Ago(int days) => $"'{_world.Clock.UtcNow.AddDays(-days):yyyy-MM-dd HH:mm:ss}'";
        return database.ExecuteAsync(
            $"""
            DELETE FROM audit_log; DELETE FROM notifications; DELETE FROM jobs;
            INSERT INTO sessions (user_id, token_hash, stamp, remembered, created_at, seen_at) VALUES
                ({owner}, 'a', 's', 0, {Ago(95)}, {Ago(91)}), ({owner}, 'b', 's', 0, {Ago(95)}, {Ago(91)}),
                ({owner}, 'c', 's', 0, {Ago(60)}, {Ago(60)});
            INSERT INTO sign_in_failures (subject, source, failures, last_at, wait_until) VALUES
                ('a', 'x', 1, {Ago(2)}, NULL), ('b', 'x', 1, {Ago(2)}, {Ago(1)}), ('c', 'x', 1, {Ago(2)}, {Ago(-1)});
            INSERT INTO account_codes (user_id, kind, code_hash, expires_at) VALUES
                ({owner}, 'reset', 'a', {Ago(31)}), ({owner}, 'activation', 'b', {Ago(40)}), ({owner}, 'reset', 'c', {Ago(5)});
            INSERT INTO jobs (kind, payload, state, run_at, finished_at) VALUES
                ('x', '1', 'done', {Ago(31)}, {Ago(31)}), ('x', '1', 'done', {Ago(31)}, {Ago(31)}), ('x', '1', 'failed', {Ago(31)}, {Ago(31)});
            INSERT INTO notifications (recipient_id, recipient_type, title, message, type, `read`, created_at) VALUES
                ({owner}, 'owner', 'a', 'a', 'x.y', 1, {Ago(366)}), ({owner}, 'owner', 'b', 'b', 'x.y', 1, {Ago(366)}),
                ({owner}, 'owner', 'c', 'c', 'x.y', 0, {Ago(366)});
            INSERT INTO visitors (name, identification, host_id, visit_date, exit_date, state) VALUES
                ('A', '1', {row}, '2020-01-01', '2020-01-01', 'left'), ('B', '2', {row}, '2020-01-01', '2020-01-01', 'left'),
                ('C', '3', {row}, '{_world.Clock.Today:yyyy-MM-dd}', '{_world.Clock.Today:yyyy-MM-dd}', 'left');
            INSERT INTO audit_log (table_name, record_id, action, user_id, actor_name, ip_address, created_at) VALUES
                ('users', {owner}, 'sign_in', {owner}, 'Owner Prueba', '203.0.113.1', {Ago(200)}),
                ('users', {owner}, 'sign_in', {owner}, 'Owner Prueba', '203.0.113.3', {Ago(10)});
            INSERT INTO audit_log_archive (id, table_name, record_id, action, user_id, actor_name, ip_address, created_at) VALUES
                (1, 'users', {owner}, 'sign_in', {owner}, 'Owner Prueba', '203.0.113.2', {Ago(190)})
            """);
    }
}
