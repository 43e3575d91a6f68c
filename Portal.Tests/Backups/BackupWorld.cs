using System.Diagnostics;
using MySqlConnector;
using Portal.Data.Backups;
using Portal.Tests.Server;

namespace Portal.Tests.Backups;

/// <summary>A small database with what is easily lost in it, a folder for its sets, and what restores them elsewhere.</summary>
internal sealed class BackupWorld : IAsyncDisposable
{
    private readonly EmptyDatabase _database;
    private readonly List<string> _made = [];

    private BackupWorld(EmptyDatabase database) => _database = database;

    public string Folder { get; } = Directory.CreateTempSubdirectory("portal-sets-").FullName;

    public string Name => _database.Name;

    public string ConnectionString => _database.ConnectionString;

    public static async Task<BackupWorld> BeginAsync()
    {
        var world = new BackupWorld(await EmptyDatabase.CreateAsync());
        // Letters, bytes, a moment, nothing at all, an empty text, a trigger of somebody who is not there any more.
        await world.ExecuteAsync(
            """
            CREATE TABLE schema_version (number INT PRIMARY KEY, adopted BOOLEAN NOT NULL, finished_at TIMESTAMP(6) NULL) ENGINE=InnoDB;
            INSERT INTO schema_version VALUES (1, 1, NULL), (2, 0, '2026-11-01 00:00:00'), (3, 0, NULL);
            CREATE TABLE towers (id BIGINT NOT NULL PRIMARY KEY, name VARCHAR(100) NULL) ENGINE=InnoDB;
            INSERT INTO towers (id, name) VALUES (1, 'Torre Ñandú "A"'), (2, 'O''Higgins\nCREATE DEFINER=`x`@`y` 🏢');
            CREATE TABLE odd (
                id INT NOT NULL, again VARCHAR(20) NOT NULL, bytes LONGBLOB NULL, words LONGTEXT NULL, at DATETIME(6) NULL,
                money DECIMAL(14,2) NULL, bits BIT(3) NULL, real_one DOUBLE NULL, doubled INT GENERATED ALWAYS AS (id * 2) STORED,
                PRIMARY KEY (id, again)) ENGINE=InnoDB;
            INSERT INTO odd (id, again, bytes, words, at, money, bits, real_one) VALUES
                (1, 'b', UNHEX('00FF0A275C'), '', '2026-11-29 03:30:00.123456', 0.10, b'101', 0.1),
                (1, 'a', NULL, NULL, NULL, -1.00, NULL, 1e300), (2, 'N;', '', 'N;', '1970-01-01 00:00:00', NULL, b'0', NULL);
            CREATE TABLE keyless (word VARCHAR(20) NULL) ENGINE=InnoDB;
            INSERT INTO keyless VALUES ('twice'), ('twice'), (NULL);
            CREATE DEFINER = 'gone'@'nowhere' TRIGGER tower_names BEFORE INSERT ON towers FOR EACH ROW
                SET NEW.name = COALESCE(NEW.name, 'none')
            """);
        return world;
    }

    /// <summary>The client programs that belong to the server of this run.</summary>
    public static async Task<string?> ProgramsAsync() =>
        TestServer.IsMySql ? Path.GetDirectoryName((await TestServer.GetAsync()).Binary.Path) : null;

    public async Task<BackupDesk> DeskAsync(Func<BackupOptions, BackupOptions>? with = null)
    {
        var options = new BackupOptions { Folder = Folder, Programs = await ProgramsAsync() };
        return new BackupDesk(with is null ? options : with(options), () => ConnectionString, TestDay.Time);
    }

    public async Task<SetFolder> MakeAsync() => await (await DeskAsync()).MakeAsync(null, default);

    /// <summary>A name that no database has yet; dropped at the end.</summary>
    public string NewName()
    {
        var name = $"{Name}_r{_made.Count}";
        _made.Add(name);
        return name;
    }

    /// <summary>A secret of age in a file, and the recipient that belongs to it.</summary>
    public static async Task<(string File, string Public)> KeyAsync(string folder)
    {
        var file = Path.Combine(folder, "secret");
        using var made = Process.Start(new ProcessStartInfo("age-keygen", ["-o", file]) { RedirectStandardError = true })!;
        await made.WaitForExitAsync();
        return (file, (await File.ReadAllLinesAsync(file)).First(l => l.StartsWith("# public key: ", StringComparison.Ordinal))[14..]);
    }

    public Task ExecuteAsync(string sql) => _database.ExecuteAsync(sql);

    public static async Task<long> CountAsync(string database, string table)
    {
        var server = await TestServer.GetAsync();
        await using var connection = new MySqlConnection(server.ConnectionString(database) + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new MySqlCommand($"SELECT COUNT(*) FROM {table}", connection);
        return Convert.ToInt64(await command.ExecuteScalarAsync());
    }

    /// <summary>As if the set had been written so: its sums fit what it holds.</summary>
    public static async Task RewriteAsync(SetFolder set, Func<BackupManifest, BackupManifest> change)
    {
        List<FileState> files = [];
        foreach (var file in set.Manifest.Files) files.Add(await FileState.OfAsync(Path.Combine(set.Path, file.Name), default));
        var manifest = Path.Combine(set.Path, BackupManifest.FileName);
        await File.WriteAllTextAsync(manifest, change(set.Manifest with { Files = files }).Write());
        files.Add(await FileState.OfAsync(manifest, default));
        await File.WriteAllTextAsync(Path.Combine(set.Path, SetFolder.Sums), string.Concat(files.Select(f => $"{f.Sha256}  {f.Name}\n")));
    }

    public async ValueTask DisposeAsync()
    {
        var server = await TestServer.GetAsync();
        foreach (var name in _made) await server.ExecuteAsync($"DROP DATABASE IF EXISTS {name}");
        await _database.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}
