using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using MySqlConnector;
using Portal.Data.Backups;
using Portal.Data.Schema;
using Portal.Hosting.DatabaseServer;
using Portal.Tests.Server;

namespace Portal.Tests.Backups;

/// <summary>The portal's program, while another portal serves from its private server.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class BackupVerbTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("portal-verbs-").FullName;
    private PrivateServer _server = null!;

    private string Data => Path.Combine(_folder, "data");

    private string Sets => Path.Combine(_folder, "sets");

    public async Task InitializeAsync()
    {
        _server = await PrivateServer.StartAsync(
            new PrivateServerOptions { Folder = Data, Binary = (await TestServer.GetAsync()).Binary.Path, BufferPoolMegabytes = 32 },
            NullLogger.Instance, CancellationToken.None);
        await new Migrator(_server.ConnectionString, NullLogger<Migrator>.Instance).ApplyAsync();
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task They_work_beside_a_portal_that_serves_and_answer_with_their_code()
    {
        var (code, said, wrong) = await RunAsync("", "backup");
        Assert.Equal((0, ""), (code, wrong));
        var set = Assert.Single(Directory.GetDirectories(Sets));
        Assert.Contains($"Saved: {set} (", said, StringComparison.Ordinal);
        var manifest = (await SetFolder.OpenAsync(set, default)).Manifest;
        Assert.Equal("portal", manifest.Database);
        Assert.StartsWith("portal.0", manifest.BinaryLog!.File, StringComparison.Ordinal);
        Assert.True(manifest.BinaryLog.Position > 0);

        (code, said, wrong) = await RunAsync("", "verify", Path.GetFileName(set));
        Assert.Equal((0, ""), (code, wrong));
        Assert.Contains("is whole: 2 files", said, StringComparison.Ordinal);

        (code, said, wrong) = await RunAsync("portal_copy\n", "restore", set, "--into", "portal_copy");
        Assert.Equal((0, ""), (code, wrong));
        Assert.Contains("Restored into portal_copy and compared", said, StringComparison.Ordinal);

        (code, _, wrong) = await RunAsync("portal\n", "restore", set, "--into", "portal");
        Assert.Equal(1, code);
        Assert.Contains("The database portal is not empty", wrong, StringComparison.Ordinal);
        Assert.Single(wrong.TrimEnd().Split('\n'));

        (code, _, wrong) = await RunAsync("", "restore", set);
        Assert.Equal(1, code);
        Assert.StartsWith("Into which database?", wrong, StringComparison.Ordinal);

        (code, _, wrong) = await RunAsync("", "restore", set, "--to", "yesterday", "--into", "portal_never");
        Assert.Equal(1, code);
        Assert.StartsWith("yesterday is no moment", wrong, StringComparison.Ordinal);

        // No portal has saved the log.
        (code, _, wrong) = await RunAsync(
            "portal_never\n", "restore", set, "--to", DateTime.UtcNow.AddHours(1).ToString("s"), "--into", "portal_never");
        Assert.Equal(1, code);
        Assert.Contains("the set can be restored as it is", wrong, StringComparison.Ordinal);

        (code, said, wrong) = await RunAsync("", "drill");
        Assert.Equal((0, ""), (code, wrong));
        Assert.StartsWith($"The drill went well: {Path.GetFileName(set)}, restored on a server of its own", said, StringComparison.Ordinal);

        (code, said, wrong) = await RunAsync("", "export", "--to", Path.Combine(_folder, "packs"));
        Assert.Equal((0, ""), (code, wrong));
        var pack = Assert.Single(Directory.GetDirectories(Path.Combine(_folder, "packs")));
        Assert.Contains($"Packed: {pack} (", said, StringComparison.Ordinal);
        var fingerprint = said[(said.IndexOf("Signed by ", StringComparison.Ordinal) + 10)..].Split(':')[0];
        (code, _, wrong) = await RunAsync("portal_new\n", "import", pack, "--into", "portal_new", "--signer", "0000-0000");
        Assert.Equal(1, code);
        Assert.Contains($"The pack is signed by {fingerprint}, and not by 0000-0000", wrong, StringComparison.Ordinal);
        (code, said, wrong) = await RunAsync("portal_new\n", "import", pack, "--into", "portal_new", "--signer", fingerprint);
        Assert.Equal((0, ""), (code, wrong));
        Assert.Contains("Taken into portal_new and compared", said, StringComparison.Ordinal);
        (code, _, wrong) = await RunAsync("", "import", pack);
        Assert.Equal(1, code);
        Assert.Contains("Into which database?", wrong, StringComparison.Ordinal);

        (code, _, wrong) = await RunAsync("", "verify", Path.Combine(_folder, "nothing"));
        Assert.Equal(1, code);
        Assert.StartsWith("There is no set", wrong, StringComparison.Ordinal);
        await ReadsAndWritesNothingAsync(_server.BackupConnectionString);
    }

    private static async Task ReadsAndWritesNothingAsync(string account)
    {
        await using var connection = new MySqlConnection(account + ";Pooling=false");
        await connection.OpenAsync();
        await using var read = new MySqlCommand("SELECT outcome FROM backup_sets", connection);
        Assert.Equal("good", await read.ExecuteScalarAsync());
        await using var write = new MySqlCommand("DELETE FROM towers", connection);
        Assert.Equal(1142, (await Assert.ThrowsAsync<MySqlException>(() => write.ExecuteNonQueryAsync())).Number);
    }

    private async Task<(int Code, string Said, string Wrong)> RunAsync(string typed, params string[] verb)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Portal.dll"), .. verb])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        start.Environment["Database__Folder"] = Data;
        start.Environment["Database__Binary"] = (await TestServer.GetAsync()).Binary.Path;
        start.Environment["Backup__Folder"] = Sets;
        start.Environment["Logging__LogLevel__Default"] = "Warning";
        using var process = Process.Start(start)!;
        var (said, wrong) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.StandardInput.WriteAsync(typed);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        return (process.ExitCode, await said, await wrong);
    }
}
