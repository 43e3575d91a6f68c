using Portal.Data;
using Portal.Hosting.DatabaseServer;

namespace Portal.Hosting;

/// <summary>
/// The database the portal works on: the server that <c>ConnectionStrings:Portal</c> names, or without it a private one of its own,
/// started on demand and stopped with the portal.
/// </summary>
public sealed class PortalDatabase(IConfiguration configuration) : IAsyncDisposable
{
    private readonly string? _configured =
        configuration.GetConnectionString("Portal") is { } named && !string.IsNullOrWhiteSpace(named) ? named : null;
    private PrivateServer? _server;

    /// <exception cref="InvalidOperationException">Asked before <see cref="StartAsync"/>.</exception>
    public string ConnectionString =>
        _configured
        ?? _server?.ConnectionString
        ?? throw new InvalidOperationException("The database is not started; call StartAsync first.");

    /// <exception cref="PrivateServerException">The private server cannot be started; the message names the fix.</exception>
    public async Task StartAsync(ILogger logger, CancellationToken ct)
    {
        if (_configured is not null) return;
        var options = new PrivateServerOptions();
        configuration.GetSection("Database").Bind(options);
        _server = await PrivateServer.StartAsync(options with { Folder = FolderFrom(options.Folder) }, logger, ct);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
    }

    /// <summary>
    /// A relative folder lies in the checkout the program was built in, else beside the program: not wherever it was started from.
    /// </summary>
    private static string FolderFrom(string folder)
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Vallhalla.Portal.sln"))) return Path.GetFullPath(folder, at.FullName);
        }

        return Path.GetFullPath(folder, AppContext.BaseDirectory);
    }
}

public static class BuildingZoneSetting
{
    /// <summary><c>Building:TimeZone</c>, an IANA name.</summary>
    /// <exception cref="TimeZoneNotFoundException">There is no such zone.</exception>
    public static TimeZoneInfo BuildingZone(this IConfiguration configuration) =>
        TimeZoneInfo.FindSystemTimeZoneById(configuration["Building:TimeZone"] ?? BuildingClock.DefaultZone);
}
