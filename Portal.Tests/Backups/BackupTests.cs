using System.Diagnostics;
using MySqlConnector;
using Portal.Data.Backups;
using global::Portal.Hosting;
using Portal.Tests.Server;

namespace Portal.Tests.Backups;

/// <summary>A backup exists once it was restored and compared; whatever is in doubt is refused in a sentence.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class BackupTests : IAsyncLifetime
{
    private readonly List<string> _fakes = [];
    private BackupWorld _world = null!;

    public async Task InitializeAsync() => _world = await BackupWorld.BeginAsync();

    public async Task DisposeAsync()
    {
        await _world.DisposeAsync();
        foreach (var folder in _fakes) Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Made_while_three_write_it_is_restored_the_same_table_by_table()
    {
        using var enough = new CancellationTokenSource();
        var written = new int[3];
        var writers = Enumerable.Range(0, 3).Select(one => Task.Run(async () =>
        {
            await using var connection = new MySqlConnection(_world.ConnectionString);
            await connection.OpenAsync();
            while (!enough.IsCancellationRequested)
            {
                // Always a pair: a moment between the two would be seen.
                await using var transaction = await connection.BeginTransactionAsync();
                await using var command = new MySqlCommand(
                    $"INSERT INTO odd (id, again) VALUES ({100 + written[one]}, 'w{one}'); INSERT INTO keyless VALUES ('w{one}')",
                    connection, transaction);
                await command.ExecuteNonQueryAsync();
                await transaction.CommitAsync();
                written[one]++;
            }
        })).ToList();
        while (written.Sum() < 30 && !writers.Exists(w => w.IsFaulted)) await Task.Delay(10);

        var set = await _world.MakeAsync();
        var after = written.Sum();
        await enough.CancelAsync();
        await Task.WhenAll(writers);

        var (odd, keyless) = (
            set.Manifest.Tables.Single(t => t.Name == "odd").Rows, set.Manifest.Tables.Single(t => t.Name == "keyless").Rows);
        Assert.Equal(odd, keyless);
        Assert.InRange(odd, 33, 3 + after);
        var copy = _world.NewName();
        var restored = await (await _world.DeskAsync()).RestoreAsync(set, _world.ConnectionString, copy, null, default);
        Assert.Equal(set.Manifest.Rows, restored.Rows);
        Assert.Equal(odd, await BackupWorld.CountAsync(copy, "odd"));

        // The trigger belongs to who loaded it, so it works again; and the comparison is no formality.
        var server = await TestServer.GetAsync();
        await server.ExecuteAsync(
            $"UPDATE {copy}.odd SET money = 0.11 WHERE id = 1 AND again = 'b'; DELETE FROM {copy}.keyless LIMIT 1; "
            + $"INSERT INTO {copy}.towers (id) VALUES (9); DELETE FROM {copy}.towers WHERE name = 'none'; "
            + $"DROP TRIGGER {copy}.tower_names");
        var refusal = await Assert.ThrowsAsync<BackupException>(
            () => BackupRestore.CompareAsync(set, server.ConnectionString(copy), default));
        Assert.Contains(
            $"keyless has {keyless - 1} rows instead of {keyless}; odd has other content; triggers", refusal.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_set_says_what_it_is_and_is_only_its_owners()
    {
        var set = await _world.MakeAsync();

        var server = await TestServer.GetAsync();
        Assert.Equal(server.Binary.IsMariaDb ? "MariaDB" : "MySQL", set.Manifest.ServerKind);
        Assert.Equal(2, set.Manifest.Schema);
        Assert.Null(set.Manifest.BinaryLog);
        Assert.Equal(_world.Name, set.Manifest.Database);
        Assert.Equal(
            [SetFolder.Sums, SetFolder.Dump, BackupManifest.FileName],
            Directory.GetFiles(set.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(set.Path));
        Assert.Equal([set.Path], Directory.GetDirectories(_world.Folder));
        Assert.True(await (await _world.DeskAsync()).VerifyAsync(set, null, default));
    }

    [Fact]
    public async Task A_flipped_byte_a_cut_tail_a_missing_file_and_a_touched_manifest_are_found()
    {
        var set = await _world.MakeAsync();
        var (dump, manifest) = (Path.Combine(set.Path, SetFolder.Dump), Path.Combine(set.Path, BackupManifest.FileName));
        var (bytes, text) = (await File.ReadAllBytesAsync(dump), await File.ReadAllTextAsync(manifest));

        var flipped = bytes.ToArray();
        flipped[^40] ^= 1;
        await File.WriteAllBytesAsync(dump, flipped);
        await RefusedAsync("has other content");

        // Also where its sums were made to fit.
        await BackupWorld.RewriteAsync(set, m => m);
        await RefusedAsync("its dump cannot be unpacked");

        await File.WriteAllBytesAsync(dump, bytes[..^100]);
        await File.WriteAllTextAsync(manifest, text);
        await BackupWorld.RewriteAsync(set, m => m);
        await RefusedAsync("damaged", "ends before its end");

        await File.WriteAllBytesAsync(dump, bytes);
        await BackupWorld.RewriteAsync(set, m => m with { Tables = [.. m.Tables.Skip(1)] });
        await RefusedAsync($"has {set.Manifest.Tables.Count} tables instead of {set.Manifest.Tables.Count - 1}");

        await File.WriteAllTextAsync(manifest, text.Replace("\"Schema\"", "\"schema\"", StringComparison.Ordinal));
        await RefusedAsync("manifest.json is not as it was written");

        await File.WriteAllTextAsync(manifest, text[..^20]);
        await RefusedAsync("cannot be read: it is damaged");

        await BackupWorld.RewriteAsync(set, m => m);
        File.Delete(dump);
        await RefusedAsync("db.sql.gz is missing");

        async Task RefusedAsync(params string[] any)
        {
            var (code, said) = await VerbAsync(new(Verb.Verify, Set: set.Path));
            Assert.Equal(1, code);
            Assert.Contains(any, one => said.Contains(one, StringComparison.Ordinal));
            Assert.Single(said.TrimEnd().Split('\n'));
            (code, _) = await VerbAsync(new(Verb.Restore, Set: set.Path, Into: $"{_world.Name}_never"), $"{_world.Name}_never");
            Assert.Equal(1, code);
        }
    }

    [Fact]
    public async Task It_is_restored_only_where_nothing_is_and_its_name_was_typed()
    {
        var set = await _world.MakeAsync();

        var (code, said) = await VerbAsync(new(Verb.Restore, Set: set.Name, Into: _world.Name), _world.Name);
        Assert.Equal(1, code);
        Assert.Contains("is not empty (it has ", said, StringComparison.Ordinal);

        var copy = _world.NewName();
        (code, said) = await VerbAsync(new(Verb.Restore, Set: set.Name, Into: copy), "yes");
        Assert.Equal(1, code);
        Assert.Contains("nothing was changed", said, StringComparison.Ordinal);

        (code, said) = await VerbAsync(new(Verb.Restore, Set: set.Name, Into: copy), copy);
        Assert.Equal("", said);
        Assert.Equal(0, code);
        Assert.Equal(3, await BackupWorld.CountAsync(copy, "keyless"));
    }

    [Fact]
    public async Task Another_kind_of_server_and_a_newer_one_are_refused()
    {
        var set = await _world.MakeAsync();
        var other = TestServer.IsMySql ? "MariaDB" : "MySQL";
        await BackupWorld.RewriteAsync(set, m => m with { ServerKind = other, ServerVersion = "9.9.9" });
        Assert.Contains($"was made by {other} 9.9.9", await RefusedAsync(), StringComparison.Ordinal);

        await BackupWorld.RewriteAsync(set, m => m with { ServerVersion = "99.1.0" });
        Assert.Contains("this server is older", await RefusedAsync(), StringComparison.Ordinal);

        async Task<string> RefusedAsync()
        {
            var name = _world.NewName();
            var (code, said) = await VerbAsync(new(Verb.Restore, Set: set.Path, Into: name), name);
            Assert.Equal(1, code);
            return said;
        }
    }

    [Fact]
    public async Task What_names_its_own_database_is_not_restored_under_another_name()
    {
        await _world.ExecuteAsync(
            $"CREATE TRIGGER keyless_odd AFTER INSERT ON keyless FOR EACH ROW UPDATE {_world.Name}.odd SET money = 1 WHERE id = 0");
        var set = await _world.MakeAsync();
        Assert.Equal(["trigger keyless_odd"], set.Manifest.NamesItsSchema);

        var name = _world.NewName();
        var (code, said) = await VerbAsync(new(Verb.Restore, Set: set.Path, Into: name), name);
        Assert.Equal(1, code);
        Assert.Contains($"works only in a database of its own name, {_world.Name}", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dump_that_is_killed_half_way_leaves_no_set()
    {
        var programs = await FakeAsync("head -c 20000 /dev/zero | tr '\\0' '-'; echo; kill -9 $$");

        var refusal = await Assert.ThrowsAsync<BackupException>(async () =>
            await (await _world.DeskAsync(o => o with { Programs = programs })).MakeAsync(null, default));

        Assert.Contains("The dump ended with code 137", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_world.Folder));
        await _world.ExecuteAsync("INSERT INTO keyless VALUES ('nobody is held up')");
    }

    [Fact]
    public async Task A_dump_that_says_it_is_well_and_is_not_whole_is_no_backup()
    {
        var programs = await FakeAsync("echo '-- Table structure for table'; exit 0");

        var refusal = await Assert.ThrowsAsync<BackupException>(async () =>
            await (await _world.DeskAsync(o => o with { Programs = programs })).MakeAsync(null, default));

        Assert.Contains("ended before its end", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_world.Folder));
    }

    [Fact]
    public async Task A_program_of_another_kind_or_series_is_refused()
    {
        string[] all =
            ["mysqldump  Ver 8.0.36 for Linux", "mysqldump  Ver 10.19 Distrib 10.6.18-MariaDB, for debian-linux-gnu", "nonsense"];
        foreach (var says in all)
        {
            var programs = await FakeAsync("exit 0", says);
            var refusal = await Assert.ThrowsAsync<BackupException>(async () =>
                await (await _world.DeskAsync(o => o with { Programs = programs })).MakeAsync(null, default));
            Assert.Contains("a program of another kind or series may leave things out", refusal.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_table_without_transactions_and_an_account_without_rights_are_named()
    {
        var server = await TestServer.GetAsync();
        await server.ExecuteAsync(
            $"CREATE USER IF NOT EXISTS meek@'127.0.0.1' IDENTIFIED BY 'meek'; GRANT SELECT ON {_world.Name}.* TO meek@'127.0.0.1'");
        var meek = new MySqlConnectionStringBuilder(_world.ConnectionString)
        {
            UserID = "meek", Password = "meek", AllowPublicKeyRetrieval = true, SslMode = MySqlSslMode.Disabled,
        };
        var options = new BackupOptions { Folder = _world.Folder, Programs = await BackupWorld.ProgramsAsync() };
        var refusal = await Assert.ThrowsAsync<BackupException>(() =>
            new BackupDesk(options, () => meek.ConnectionString, TestDay.Time).MakeAsync(null, default));
        Assert.Contains("The account may not make backups: grant it SELECT", refusal.Message, StringComparison.Ordinal);

        await _world.ExecuteAsync("CREATE TABLE loose (id INT PRIMARY KEY) ENGINE=MyISAM");
        refusal = await Assert.ThrowsAsync<BackupException>(_world.MakeAsync);
        Assert.Contains("The table loose is kept by MyISAM", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_world.Folder));
    }

    [Fact]
    public async Task Encrypted_only_the_secret_opens_it_and_a_changed_byte_is_found()
    {
        var keys = Directory.CreateTempSubdirectory("portal-keys-").FullName;
        try
        {
            var (mine, other) = (await KeyAsync(keys, "mine"), await KeyAsync(keys, "other"));
            var desk = await _world.DeskAsync(o => o with { Recipient = mine.Public });
            var set = await desk.MakeAsync(null, default);
            Assert.True(set.Manifest.Encrypted);
            Assert.Equal(SetFolder.EncryptedDump, Assert.Single(set.Manifest.Files).Name);
            Assert.StartsWith(
                "age-encryption.org/v1", await File.ReadAllTextAsync(Path.Combine(set.Path, SetFolder.EncryptedDump)),
                StringComparison.Ordinal);

            Assert.False(await desk.VerifyAsync(set, null, default));
            Assert.True(await desk.VerifyAsync(set, mine.File, default));
            await RefusedAsync(() => desk.VerifyAsync(set, other.File, default), "cannot be decrypted with");
            await RefusedAsync(
                () => desk.RestoreAsync(set, _world.ConnectionString, _world.NewName(), null, default), "is encrypted: name the file");

            var copy = _world.NewName();
            await desk.RestoreAsync(set, _world.ConnectionString, copy, mine.File, default);
            Assert.Equal(3, await BackupWorld.CountAsync(copy, "odd"));

            var file = Path.Combine(set.Path, SetFolder.EncryptedDump);
            var bytes = await File.ReadAllBytesAsync(file);
            bytes[^1] ^= 1;
            await File.WriteAllBytesAsync(file, bytes);
            await BackupWorld.RewriteAsync(set, m => m);
            var changed = await desk.OpenAsync(set.Path, default);
            await RefusedAsync(() => desk.VerifyAsync(changed, mine.File, default), "cannot be decrypted with");
            await RefusedAsync(
                () => desk.RestoreAsync(changed, _world.ConnectionString, _world.NewName(), mine.File, default),
                "cannot be decrypted with");
        }
        finally
        {
            Directory.Delete(keys, recursive: true);
        }

        static async Task RefusedAsync(Func<Task> act, string because) =>
            Assert.Contains(because, (await Assert.ThrowsAsync<BackupException>(act)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AGE-SECRET-KEY-1QQQ", null, "Never put a secret there")]
    [InlineData(null, "/elsewhere", "nothing leaves this place unencrypted")]
    [InlineData("age1qqq", "/elsewhere", null)]
    public void What_cannot_work_is_said(string? recipient, string? away, string? problem)
    {
        var said = new BackupOptions { Recipient = recipient, OffSite = new OffSiteOptions { Folder = away } }.Problem();
        if (problem is null) Assert.Null(said);
        else Assert.Contains(problem, said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Loading_asks_for_nobody_who_is_not_there_and_touches_no_data()
    {
        const string Dump =
            "ALTER DATABASE `old` CHARACTER SET latin1 COLLATE latin1_swedish_ci ;\n"
            + "/*!50003 CREATE*/ /*!50017 DEFINER=`gone`@`now``here`*/ "
            + "/*!50003 TRIGGER t BEFORE INSERT ON x FOR EACH ROW SET @a = 'DEFINER=`a`@`b`' */;;\n"
            + "/*!50013 DEFINER=`gone`@`%` SQL SECURITY DEFINER */\nCREATE DEFINER=`gone`@`%` PROCEDURE `p`()\n"
            + "INSERT INTO `x` VALUES (1,'CREATE DEFINER=`gone`@`%`'),\n(2,'/*!50017 DEFINER=`gone`@`%`*/ ñ');\nx";
        const string Wanted =
            "ALTER DATABASE `new` CHARACTER SET latin1 COLLATE latin1_swedish_ci ;\n"
            + "/*!50003 CREATE*/ /*!50017 */ /*!50003 TRIGGER t BEFORE INSERT ON x FOR EACH ROW SET @a = 'DEFINER=`a`@`b`' */;;\n"
            + "/*!50013  SQL SECURITY DEFINER */\nCREATE  PROCEDURE `p`()\n"
            + "INSERT INTO `x` VALUES (1,'CREATE DEFINER=`gone`@`%`'),\n(2,'/*!50017 DEFINER=`gone`@`%`*/ ñ');\nx";
        using var from = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(Dump));
        using var to = new MemoryStream();

        await DumpLines.CopyForAsync(from, to, "new", default);

        Assert.Equal(Wanted, System.Text.Encoding.UTF8.GetString(to.ToArray()));
    }

    private async Task<(int Code, string Said)> VerbAsync(PortalCommand command, string typed = "")
    {
        var services = new OneService(await _world.DeskAsync());
        await using var database = new PortalDatabase(
            new Microsoft.Extensions.Configuration.ConfigurationManager { ["ConnectionStrings:Portal"] = _world.ConnectionString });
        using var errors = new StringWriter();
        using var input = new StringReader(typed + "\n");
        var code = await BackupVerbs.RunAsync(services, command, database, input, TextWriter.Null, errors, default);
        return (code, errors.ToString());
    }

    /// <summary>A dumping program that does as it is told, beside a client that is real.</summary>
    private async Task<string> FakeAsync(string script, string? says = null)
    {
        var folder = Directory.CreateTempSubdirectory("portal-fake-").FullName;
        _fakes.Add(folder);
        var server = (await TestServer.GetAsync()).Binary;
        var real = await BackupWorld.ProgramsAsync() ?? "/usr/bin";
        string[] names = server.IsMariaDb ? ["mariadb-dump", "mysqldump", "mariadb"] : ["mysqldump", "mysql"];
        foreach (var name in names)
        {
            var version = says is null ? $"exec {real}/{name} --version" : $"echo '{says}'; exit 0";
            var file = Path.Combine(folder, name);
            await File.WriteAllTextAsync(file, $"#!/bin/sh\nif [ \"$1\" = --version ]; then {version}; fi\n{script}\n");
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return folder;
    }

    private static async Task<(string File, string Public)> KeyAsync(string folder, string name)
    {
        var file = Path.Combine(folder, name);
        using var made = Process.Start(new ProcessStartInfo("age-keygen", ["-o", file]) { RedirectStandardError = true })!;
        await made.StandardError.ReadToEndAsync();
        await made.WaitForExitAsync();
        using var read = Process.Start(new ProcessStartInfo("age-keygen", ["-y", file]) { RedirectStandardOutput = true })!;
        var recipient = await read.StandardOutput.ReadToEndAsync();
        await read.WaitForExitAsync();
        return (file, recipient.Trim());
    }

    /// <summary>What looks at sets and restores them; making one is noted in the portal's tables, which this database has not.</summary>
    private sealed class OneService(BackupDesk desk) : IServiceProvider
    {
        public object? GetService(Type serviceType) => serviceType == typeof(BackupDesk) ? desk : null;
    }
}
