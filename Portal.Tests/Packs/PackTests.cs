using System.IO.Compression;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using MySqlConnector;
using Portal.Data;
using Portal.Data.Backups;
using Portal.Data.Database;
using Portal.Data.Demo;
using Portal.Data.Packs;
using Portal.Data.Schema;
using Portal.Tests.Server;

namespace Portal.Tests.Packs;

/// <summary>The whole building packed for another installation, and taken in there.</summary>
public sealed class PackTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("portal-packs-").FullName;
    private readonly List<EmptyDatabase> _databases = [];
    private ServiceProvider _services = null!;
    private EmptyDatabase _here = null!;

    public async Task InitializeAsync()
    {
        _here = await NewAsync();
        await new Migrator(_here.ConnectionString, Microsoft.Extensions.Logging.Abstractions.NullLogger<Migrator>.Instance).ApplyAsync();
        _services = Services(_here.ConnectionString, "here");
    }

    public async Task DisposeAsync()
    {
        await _services.DisposeAsync();
        foreach (var database in _databases) await database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_building_goes_and_comes_out_the_same_and_what_is_the_installations_stays()
    {
        await SeedAsync();
        await _here.ExecuteAsync(
            """
            INSERT INTO gate_terminals (name, secret_hash) VALUES ('North', REPEAT('a', 64));
            INSERT INTO pqrs_attachments (pqrs_id, file_name, content_type, size, content)
                SELECT MIN(id), 'large.bin', 'application/pdf', 2500000, REPEAT(UNHEX('00FF27'), 833334) FROM pqrs;
            UPDATE settings SET value = 'Ñandú "A"; \\ O''Higgins' WHERE name = 'name';
            UPDATE profile SET last_name = '=1+1' WHERE id = (SELECT id FROM (SELECT MIN(id) AS id FROM profile) AS p)
            """);
        var (pack, made) = await MakeAsync();
        Assert.True(made.BooksAgree);
        Assert.True(made.Books["receivables"] > 0 && made.Books["entries"] > 100);
        Assert.Equal("Ñandú \"A\"; \\ O'Higgins", made.Building);

        // What a person finds who has no portal.
        Assert.Contains("'=1+1", await TextAsync(pack, "data/profile.csv"), StringComparison.Ordinal);
        Assert.DoesNotContain("password", (await TextAsync(pack, "data/users.csv")).Split('\n')[0].Split(','));
        Assert.Contains("andrea.ruiz", await TextAsync(pack, "data/users.csv"), StringComparison.Ordinal);
        Assert.Contains("Ñandú", await TextAsync(pack, "LEEME.txt"), StringComparison.Ordinal);
        var balance = (await TextAsync(pack, "trial-balance.csv")).TrimEnd().Split('\n')[^1].TrimEnd().Split(',');
        Assert.Equal(balance[2], balance[3]);
        Assert.Equal("0.00", balance[4]);
        await using (var db = await _services.GetRequiredService<PortalStore>().OpenAsync(CurrentUser.System, default))
        {
            var file = await db.DocumentVersions.OrderBy(v => v.Id).Select(v => new { v.Id, v.FileName, v.Size }).FirstAsync();
            Assert.Equal(file.Size, new FileInfo(Path.Combine(pack, "files", "documents", $"{file.Id}-{file.FileName}")).Length);
        }

        Assert.False(File.Exists(Path.Combine(pack, "data", "sessions.csv")));

        // Elsewhere, in an installation that has been used for nothing yet.
        var there = await NewAsync();
        await using var other = Services(there.ConnectionString, "there");
        var (manifest, signer) = await PackIntake.VerifyAsync(pack, default);
        Assert.Equal(_services.GetRequiredService<PackKey>().Fingerprint, signer);
        var taken = await other.GetRequiredService<PackIntake>().IntoAsync(pack, manifest, there.ConnectionString, default);
        Assert.Equal((made.Tables.Count, made.Rows, 0, true), (taken.Tables, taken.Rows, taken.Applied.Count, taken.BooksAgree));
        Assert.Equal(await ListAsync(_here, Triggers), await ListAsync(there, Triggers));
        Assert.Equal(
            await ListAsync(_here, "SELECT CONCAT(username, password) FROM users ORDER BY id"),
            await ListAsync(there, "SELECT CONCAT(username, password) FROM users ORDER BY id"));
        Assert.Equal(["North"], await ListAsync(_here, "SELECT name FROM gate_terminals WHERE secret_hash = REPEAT('a', 64)"));
        Assert.Equal(
            ["North"],
            await ListAsync(there, "SELECT name FROM gate_terminals WHERE name = 'North' AND secret_hash IS NULL AND code_hash IS NULL"));
        Assert.Equal(["0", "0"], await ListAsync(there, "SELECT COUNT(*) FROM jobs UNION ALL SELECT COUNT(*) FROM sessions"));
        await DatabaseServer.DetectAsync(there.ConnectionString, default);
        var (_, again) = await new PackMaker(
            () => there.ConnectionString, other.GetRequiredService<PackKey>(), other.GetRequiredService<PortalStore>(),
            other.GetRequiredService<BuildingClock>()).MakeAsync(Path.Combine(_folder, "again"), default);

        // That it was packed stands in the log of whoever packed it.
        Assert.Equal(made.Tables.Where(t => t.Name != "audit_log").Select(t => (t.Name, t.Rows, t.Hash)),
            again.Tables.Where(t => t.Name != "audit_log").Select(t => (t.Name, t.Rows, t.Hash)));
        Assert.Equal(["1"], await ListAsync(_here, "SELECT COUNT(*) FROM audit_log WHERE action = 'building_exported'"));

        // The triggers work: a payment's figures are kept.
        await there.ExecuteAsync("UPDATE users SET role_id = 2 WHERE username = 'andrea.ruiz'");
        Assert.Equal(["1"], await ListAsync(there, "SELECT COUNT(*) FROM audit_log WHERE table_name = 'users' AND action = 'role_change'"));
    }

    [Fact]
    public async Task Whoever_changes_a_pack_is_found_out_and_nothing_is_taken_in()
    {
        var (pack, manifest) = await MakeAsync();
        await RefusedAsync("data/roles.csv is not as it was signed", () => File.AppendAllTextAsync(Path.Combine(pack, "data", "roles.csv"), "5,Owner of all\n"));
        await RefusedAsync("sql/roles.sql.gz is missing", () => Task.Run(() => File.Delete(Path.Combine(pack, "sql", "roles.sql.gz"))));
        await RefusedAsync("sql/zz.sql.gz was not there", () => File.WriteAllTextAsync(Path.Combine(pack, "sql", "zz.sql.gz"), "x"));
        var manifestFile = Path.Combine(pack, PackManifest.FileName);
        await RefusedAsync("The signature is not over this manifest",
            () => File.WriteAllBytesAsync(manifestFile, (manifest with { Building = "Another" }).Write()));
        await RefusedAsync("signature of the pack cannot be read", () => File.WriteAllTextAsync(Path.Combine(pack, PackManifest.Signature), "?"));

        // Signed anew by another it is whole, and signed by another.
        using var stranger = new PackKey(Settings("stranger"));
        await SignAsync(pack, manifest, stranger);
        Assert.Equal(stranger.Fingerprint, (await PackIntake.VerifyAsync(pack, default)).Signer);
        Assert.NotEqual(_services.GetRequiredService<PackKey>().Fingerprint, stranger.Fingerprint);

        async Task RefusedAsync(string why, Func<Task> change)
        {
            var copy = pack + ".kept";
            Copy(pack, copy);
            await change();
            var refused = await Assert.ThrowsAsync<PackException>(() => PackIntake.VerifyAsync(pack, default));
            Assert.Contains(why, refused.Message, StringComparison.Ordinal);
            Directory.Delete(pack, recursive: true);
            Directory.Move(copy, pack);
        }
    }

    [Fact]
    public async Task What_does_not_come_out_as_it_was_packed_leaves_an_empty_database()
    {
        var (pack, manifest) = await MakeAsync();
        var intake = _services.GetRequiredService<PackIntake>();
        var refused = await Assert.ThrowsAsync<PackException>(() => intake.IntoAsync(pack, manifest, _here.ConnectionString, default));
        Assert.Contains("is not empty", refused.Message, StringComparison.Ordinal);
        Assert.NotEmpty(await ListAsync(_here, "SELECT id FROM roles"));

        var there = await NewAsync();
        refused = await Assert.ThrowsAsync<PackException>(
            () => intake.IntoAsync(pack, manifest with { Schema = Migration.BuiltIn.Count + 1 }, there.ConnectionString, default));
        Assert.Contains("take it in with a newer version", refused.Message, StringComparison.Ordinal);

        // Signed or not: a statement that is none of rows is not run, and rows that were exchanged are noticed.
        await RefusedAsync("holds something else than rows", "DROP TABLE users;");
        await RefusedAsync("roles is not what was packed (4 rows, here 5)",
            $"INSERT INTO `roles` ({string.Join(", ", manifest.Tables.Single(t => t.Name == "roles").Columns.Select(c => $"`{c}`"))}) VALUES "
                + $"({string.Join(", ", manifest.Tables.Single(t => t.Name == "roles").Columns.Select(c => c is "id" ? "99" : c is "name" ? "'Treasurer'" : c is "two_step_required" or "two_step_grace_days" ? "0" : c.EndsWith("_at", StringComparison.Ordinal) ? "'2026-01-01 00:00:00'" : "NULL"))});",
            keep: true);
        refused = await Assert.ThrowsAsync<PackException>(() => intake.IntoAsync(
            pack, manifest with { Tables = [.. manifest.Tables, new PackedTable("sessions", ["id"], 0, "")] }, there.ConnectionString, default));
        Assert.Contains("has a table sessions as the portal does not have it", refused.Message, StringComparison.Ordinal);
        refused = await Assert.ThrowsAsync<PackException>(() => intake.IntoAsync(
            pack, manifest with { Books = new Dictionary<string, decimal> { ["receivables"] = 5 } }, there.ConnectionString, default));
        Assert.Contains("receivables 5, here 0", refused.Message, StringComparison.Ordinal);
        Assert.Empty(await ListAsync(there, "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()"));

        async Task RefusedAsync(string why, string statement, bool keep = false)
        {
            var path = Path.Combine(pack, "sql", "roles.sql.gz");
            var before = await File.ReadAllBytesAsync(path);
            var text = keep ? await UnpackAsync(path) : "";
            await using (var file = File.Create(path))
            await using (var packed = new GZipStream(file, CompressionLevel.Fastest))
                await packed.WriteAsync(Encoding.UTF8.GetBytes(text + statement + "\n"));
            var wrong = await Assert.ThrowsAsync<PackException>(() => intake.IntoAsync(pack, manifest, there.ConnectionString, default));
            Assert.Contains(why, wrong.Message, StringComparison.Ordinal);
            Assert.Empty(await ListAsync(there, "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()"));
            await File.WriteAllBytesAsync(path, before);
        }
    }

    [Theory]
    [InlineData("INSERT INTO `t` (`a`, `b`) VALUES (1, 'x');", true)]
    [InlineData("INSERT INTO `t` (`a`, `b`) VALUES (-1.50, NULL), (2, 0x00ff), (3, ''), (4, 'It\\'s; \\\\');", true)]
    [InlineData("UPDATE `t` SET `b` = CONCAT(`b`, 0xff) WHERE `a` = 1;", true)]
    [InlineData("INSERT INTO `t` (`a`, `b`) VALUES (1, 'x'); DROP TABLE t;", false)]
    [InlineData("INSERT INTO `t` (`a`, `b`) VALUES (1, 'x')", false)]
    [InlineData("INSERT INTO `t` (`a`, `b`) VALUES (1, 'x\\');", false)]
    [InlineData("INSERT INTO `t` (`a`, `b`) VALUES (1, 'x'), (SELECT 1, 2);", false)]
    [InlineData("INSERT INTO `t` (`a`, `b`) SELECT a, b FROM other.t;", false)]
    [InlineData("INSERT INTO `t` (`a`, `b`) VALUES (1, USER());", false)]
    [InlineData("INSERT INTO `t` (`a`, `b`) VALUES (1);", false)]
    [InlineData("INSERT INTO `t` (`a`) VALUES (1);", false)]
    [InlineData("INSERT INTO `u` (`a`, `b`) VALUES (1, 2);", false)]
    [InlineData("UPDATE `t` SET `b` = CONCAT(`b`, 0xff) WHERE `a` = 1 OR 1=1;", false)]
    [InlineData("UPDATE `t` SET `b` = CONCAT(`b`, 0xff) WHERE `a` = 1; GRANT ALL ON *.* TO x;", false)]
    [InlineData("UPDATE `t` SET `c` = CONCAT(`c`, 0xff) WHERE `a` = 1;", false)]
    public void A_packs_sql_is_rows_and_nothing_else(string statement, bool rows) =>
        Assert.Equal(rows, PackStatement.IsRows(statement, new PackedTable("t", ["a", "b"], 0, "")));

    [Fact]
    public async Task What_is_left_out_is_there_and_nothing_that_goes_refers_to_it()
    {
        var tables = await ListAsync(_here, "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()");
        Assert.Empty(PackTables.LeftOut.Keys.Except(tables));
        var columns = await ListAsync(
            _here, "SELECT CONCAT(table_name, '.', column_name) FROM information_schema.columns WHERE table_schema = DATABASE() AND is_nullable = 'YES'");
        Assert.Empty(PackTables.Emptied.Except(columns));
        var references = await ListAsync(_here,
            """
            SELECT DISTINCT CONCAT(table_name, ' ', referenced_table_name) FROM information_schema.key_column_usage
            WHERE table_schema = DATABASE() AND referenced_table_name IS NOT NULL
            """);
        Assert.Empty(references.Select(r => r.Split(' '))
            .Where(r => !PackTables.LeftOut.ContainsKey(r[0]) && PackTables.LeftOut.ContainsKey(r[1])).Select(r => $"{r[0]} to {r[1]}"));
    }

    private const string Triggers =
        "SELECT CONCAT(trigger_name, action_timing, event_manipulation, event_object_table, action_statement, sql_mode) FROM information_schema.triggers "
        + "WHERE trigger_schema = DATABASE() ORDER BY 1";

    private async Task SeedAsync() => Assert.True(
        await new DemoSeed(_services.GetRequiredService<PortalStore>(), _services.GetRequiredService<BuildingClock>()).RunAsync(
            DemoSeed.StandardSize, new Lazy<string>("$2a$04$" + new string('x', 53)), new Progress<string>(), default));

    private Task<(string Folder, PackManifest Manifest)> MakeAsync() =>
        _services.GetRequiredService<PackMaker>().MakeAsync(Path.Combine(_folder, "packs"), default);

    private async Task<EmptyDatabase> NewAsync()
    {
        var database = await EmptyDatabase.CreateAsync();
        _databases.Add(database);
        return database;
    }

    private IConfiguration Settings(string name) => new ConfigurationBuilder().AddInMemoryCollection(
        new Dictionary<string, string?> { ["Packs:KeyFolder"] = Path.Combine(_folder, name) }).Build();

    private ServiceProvider Services(string connectionString, string name) => new ServiceCollection().AddLogging()
        .AddSingleton(Settings(name)).AddSingleton<BackupLogin>(() => connectionString)
        .AddPortalData(options => options.UseDatabase(connectionString), TimeZoneInfo.Utc).BuildServiceProvider();

    private static async Task SignAsync(string pack, PackManifest manifest, PackKey key)
    {
        await File.WriteAllTextAsync(Path.Combine(pack, PackManifest.Signature), Convert.ToBase64String(key.Sign(manifest.Write())));
        await File.WriteAllTextAsync(Path.Combine(pack, PackManifest.Signer), key.PublicPem);
    }

    private static Task<string> TextAsync(string pack, string file) => File.ReadAllTextAsync(Path.Combine(pack, file));

    private static async Task<string> UnpackAsync(string path)
    {
        await using var file = File.OpenRead(path);
        using var text = new StreamReader(new GZipStream(file, CompressionMode.Decompress));
        return await text.ReadToEndAsync();
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    private static async Task<List<string>> ListAsync(EmptyDatabase database, string sql)
    {
        await using var connection = new MySqlConnection(database.ConnectionString);
        await connection.OpenAsync();
        return await connection.QueryAsync(sql, r => Convert.ToString(r.GetValue(0), System.Globalization.CultureInfo.InvariantCulture)!, default);
    }
}
