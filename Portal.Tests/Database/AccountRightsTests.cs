using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using MySqlConnector;
using Portal.Data;
using Portal.Data.Audit;
using Portal.Data.Database;
using Portal.Data.Demo;
using Portal.Data.Gate;
using Portal.Data.Operations;
using Portal.Data.Passes;
using Portal.Data.Schema;
using Portal.Tests.Server;

namespace Portal.Tests.Database;

/// <summary>Three accounts: who gets in as the portal can neither change the audit log nor the schema, and the portal works all the same.
/// </summary>
public sealed class AccountRightsTests : IAsyncLifetime
{
    private const string Password = "not-a-secret-here";

    // Accounts are the server's, and it is one for all classes.
    private readonly string _name = $"rights_{Guid.NewGuid():N}"[..20];

    private TestServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await TestServer.GetAsync();
        await _server.ExecuteAsync($"CREATE DATABASE {_name} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci");
        foreach (var account in new[] { "m", "p", "k" })
            await _server.ExecuteAsync($"CREATE USER '{_name}_{account}'@'127.0.0.1' IDENTIFIED BY '{Password}'");
        await _server.ExecuteAsync($"GRANT ALL ON {_name}.* TO '{_name}_m'@'127.0.0.1' WITH GRANT OPTION");
    }

    public async Task DisposeAsync()
    {
        await _server.ExecuteAsync($"DROP DATABASE {_name}");
        foreach (var account in new[] { "m", "p", "k" }) await _server.ExecuteAsync($"DROP USER '{_name}_{account}'@'127.0.0.1'");
    }

    [Fact]
    public async Task The_portals_account_writes_the_log_and_cannot_change_it_and_everything_works()
    {
        await DatabaseServer.DetectAsync(Login("p"), default);
        await new Migrator(Login("m"), NullLogger<Migrator>.Instance).ApplyAsync();
        await Rights().GiveAsync(default);
        await Rights().GiveAsync(default);

        await using (var services = Services())
        {
            var store = services.GetRequiredService<PortalStore>();
            Assert.True(await new DemoSeed(store, services.GetRequiredService<BuildingClock>()).RunAsync(
                DemoSeed.StandardSize, new Lazy<string>("$2a$04$" + new string('x', 53)), new Progress<string>(), default));

            // Old lines: each of the night's works has something to do.
            await _server.ExecuteAsync(
                $"UPDATE {_name}.audit_log SET created_at = '2020-01-01' WHERE id = 1; "
                + $"UPDATE {_name}.visitors SET visit_date = '2020-01-01', exit_date = '2020-01-01' WHERE state = 'left'; "
                + $"INSERT INTO {_name}.audit_log (table_name, record_id, action, new_value) "
                + $"SELECT 'visitors', MIN(id), 'insert', '{{\"name\":\"x\"}}' FROM {_name}.visitors WHERE state = 'left'");
            await using var scope = services.CreateAsyncScope();
            var handlers = scope.ServiceProvider.GetServices<IJobHandler>().ToList();
            var today = services.GetRequiredService<BuildingClock>().Today;
            foreach (var type in new[] { typeof(AuditArchive), typeof(ExpiredVisits), typeof(ExpiredPasses), typeof(AuditSealJob) })
                await ((JobHandler<DateOnly>)handlers.Single(h => h.GetType() == type)).RunAsync(today, default);

            await using var db = await store.OpenAsync(CurrentUser.System, default);
            Assert.True(await db.AuditSeals.AnyAsync());
            Assert.Equal(1, await db.Database.SqlQuery<int>($"SELECT COUNT(*) AS `Value` FROM audit_log_archive").SingleAsync());
            Assert.True(await db.AuditLog.AnyAsync(e => e.Action == ExpiredVisits.Event));
            Assert.True(await db.AuditRedactions.AnyAsync());
        }

        string[] deeds =
        [
            "UPDATE audit_log SET action = 'x'", "DELETE FROM audit_log", "TRUNCATE TABLE audit_log", "DROP TABLE audit_log",
            "INSERT INTO audit_log (id, table_name, action) VALUES (1, 'x', 'x') ON DUPLICATE KEY UPDATE action = 'x'",
            "REPLACE INTO audit_log (id, table_name, action) VALUES (1, 'x', 'x')",
            "DELETE FROM audit_log_archive", "INSERT INTO audit_seals (day) VALUES ('2020-01-01')", "DELETE FROM audit_redactions",
            "UPDATE audit_checks SET fault_count = 0", "UPDATE schema_version SET file_name = 'x'", "ALTER TABLE users ADD COLUMN x INT",
            "DROP TRIGGER journal_lines_stay", "CREATE TABLE x (id INT)", "CREATE TRIGGER x AFTER INSERT ON users FOR EACH ROW DO 1",
            "SELECT * FROM mysql.user",
        ];
        foreach (var deed in deeds)
        {
            var refused = await Assert.ThrowsAsync<MySqlException>(() => RunAsync("p", deed));
            Assert.True(
                refused.ErrorCode is MySqlErrorCode.TableAccessDenied or MySqlErrorCode.DatabaseAccessDenied
                    or MySqlErrorCode.ColumnAccessDenied || refused.Number == 1227,
                $"{deed}: {refused.Number} {refused.Message}");
        }

        foreach (var deed in deeds.Where(d => !d.Contains("audit_", StringComparison.Ordinal) || d.StartsWith("DROP", StringComparison.Ordinal)))
            await Assert.ThrowsAsync<MySqlException>(() => RunAsync("k", deed));
    }

    [Fact]
    public async Task A_right_on_the_whole_database_is_named_and_refused()
    {
        await new Migrator(Login("m"), NullLogger<Migrator>.Instance).ApplyAsync();
        await _server.ExecuteAsync($"GRANT SELECT, UPDATE ON {_name}.* TO '{_name}_p'@'127.0.0.1'");
        var refused = await Assert.ThrowsAsync<SchemaException>(() => Rights().GiveAsync(default));
        Assert.Contains("GRANT SELECT, UPDATE ON", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("PASSWORD", refused.Message, StringComparison.OrdinalIgnoreCase);

        await _server.ExecuteAsync($"REVOKE SELECT, UPDATE ON {_name}.* FROM '{_name}_p'@'127.0.0.1'");
        await Rights().GiveAsync(default);
        await _server.ExecuteAsync($"GRANT DELETE ON {_name}.audit_log TO '{_name}_p'@'127.0.0.1'");
        refused = await Assert.ThrowsAsync<SchemaException>(() => Rights().GiveAsync(default));
        Assert.Contains("audit_log", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Three_accounts_are_three()
    {
        await new Migrator(Login("m"), NullLogger<Migrator>.Instance).ApplyAsync();
        var refused = await Assert.ThrowsAsync<SchemaException>(() => new AccountRights(Login("m"), Login("p"), Login("p")).GiveAsync(default));
        Assert.Contains("three accounts", refused.Message, StringComparison.Ordinal);
        refused = await Assert.ThrowsAsync<SchemaException>(
            () => new AccountRights(Login("m"), Login("p").Replace(Password, "wrong", StringComparison.Ordinal), Login("k")).GiveAsync(default));
        Assert.Contains("ConnectionStrings__Portal", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Password, refused.Message, StringComparison.Ordinal);
    }

    private AccountRights Rights() => new(Login("m"), Login("p"), Login("k"));

    private string Login(string account) =>
        new MySqlConnectionStringBuilder(_server.ConnectionString(_name)) { UserID = $"{_name}_{account}", Password = Password, Pooling = false }
            .ConnectionString;

    private ServiceProvider Services() => new ServiceCollection()
        .AddLogging()
        .AddPortalData(
            options => options.UseDatabase(Login("p")), TimeZoneInfo.FindSystemTimeZoneById(BuildingClock.DefaultZone),
            () => options => options.UseDatabase(Login("k")))
        .BuildServiceProvider();

    private async Task RunAsync(string account, string sql)
    {
        await using var connection = new MySqlConnection(Login(account));
        await connection.OpenAsync();
        await using var command = new MySqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
