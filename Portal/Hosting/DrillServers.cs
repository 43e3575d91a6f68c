using System.Text.RegularExpressions;
using Portal.Data.Backups;
using Portal.Hosting.DatabaseServer;

namespace Portal.Hosting;

/// <summary>
/// Starts servers for drills: the program of the private server, or one of this machine that fits the server of the connection string, in a
/// folder beside the portal's data. Folder and server go with the drill; what a killed portal left, with the next.
/// </summary>
public sealed partial class DrillServers(IConfiguration configuration, ILogger<DrillServers> logger)
{
    private const string Prefix = "drill-";

    /// <inheritdoc cref="StartDrillServer"/>
    public async Task<DrillServer> StartAsync(bool mariaDb, string series, CancellationToken ct)
    {
        var data = PortalDatabase.FolderFrom(configuration["Database:Folder"] ?? ".data");
        Directory.CreateDirectory(data);
        await ClearAsync(data);
        var folder = Path.Combine(data, $"{Prefix}{Guid.NewGuid():N}"[..18]);
        PrivateServer? server = null;
        try
        {
            var binary = await FindAsync(mariaDb, series, ct);
            var settings = new PrivateServerOptions
            {
                Folder = folder, Binary = binary.Path, BufferPoolMegabytes = 128, ThrowAway = true,
            };
            server = await PrivateServer.StartAsync(settings, logger, ct);
        }
        catch (PrivateServerException refused)
        {
            await EndAsync(server, folder);
            throw new BackupException($"No server for the drill could be started: {refused.Message}", refused);
        }
        catch
        {
            await EndAsync(server, folder);
            throw;
        }

        return new DrillServer(server.RestoreConnectionString, async () => await EndAsync(server, folder));
    }

    private async Task<ServerBinary> FindAsync(bool mariaDb, string series, CancellationToken ct)
    {
        string?[] places = [configuration["Database:Binary"], null, "/usr/sbin/mariadbd", "/usr/sbin/mysqld"];
        foreach (var place in places.Where(p => string.IsNullOrEmpty(p) || File.Exists(p)))
        {
            try
            {
                var binary = await ServerBinary.FindAsync(place, ct);
                if (binary.IsMariaDb == mariaDb && Number().Match(binary.Version).Groups[1].Value == series) return binary;
            }
            catch (PrivateServerException)
            {
                // None of this name: perhaps the next.
            }
        }

        throw new BackupException(
            $"There is no {(mariaDb ? "MariaDB" : "MySQL")} {series} server program on this machine to restore into: install it "
                + "(it need not run), or name it in Database__Binary.");
    }

    private async Task ClearAsync(string data)
    {
        foreach (var left in Directory.EnumerateDirectories(data, Prefix + "*"))
        {
            try
            {
                await PrivateServer.RemoveAsync(left, logger);
            }
            catch (Exception used) when (used is PrivateServerException or IOException or UnauthorizedAccessException)
            {
                // Another portal drills.
            }
        }
    }

    private async Task EndAsync(PrivateServer? server, string folder)
    {
        if (server is not null) await server.DisposeAsync();
        try
        {
            if (Directory.Exists(folder)) await PrivateServer.RemoveAsync(folder, logger);
        }
        catch (Exception held) when (held is PrivateServerException or IOException or UnauthorizedAccessException)
        {
            logger.LogWarning(held, "The folder {Folder} of a drill could not be removed; the next drill tries again", folder);
        }
    }

    [GeneratedRegex(@"Ver (\d+\.\d+)")]
    private static partial Regex Number();
}
