using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portal.Data.Database;
using Portal.Data.Operations;

namespace Portal.Data.Backups;

/// <summary>Saves the binary log as long as this portal serves, unless another does; begins anew whatever ends it.</summary>
public sealed class LogArchiver(
    LogArchive archive, BackupOptions options, IDbContextFactory<PortalDb> contexts, BuildingClock clock, IServiceProvider services,
    ILogger<LogArchiver> logger) : BackgroundService
{
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(15);

    private string? _told;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.On) return;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await archive.RunAsync(NoteAsync, stoppingToken);
            }
            catch (Exception failed) when (failed is not OperationCanceledException && !stoppingToken.IsCancellationRequested)
            {
                await FailedAsync(failed, stoppingToken);
            }

            await Task.Delay(Again, stoppingToken);
        }
    }

    /// <summary>Names of temporary folders differ each time, and are no news.</summary>
    private static string Told(Exception failed) => Regex.Replace(failed.Message, @"[0-9a-f]{32}|\d{8}-\d{6}-\d{3}", "…");

    private async Task FailedAsync(Exception failed, CancellationToken ct)
    {
        if (Outages.Of(failed) is null && Outages.Of(failed.InnerException ?? failed) is null && Told(failed) is var told && told != _told)
        {
            logger.LogError(failed, "The binary log is not being saved; it is tried again");
            _told = told;
        }

        try
        {
            await using var db = await contexts.CreateDbContextAsync(ct);
            var why = Cut(failed.Message);
            await db.Database.ExecuteSqlAsync(
                $"""
                INSERT INTO backup_streams (id, no_log, message, portal, seen_at) VALUES (1, FALSE, {why}, {Name}, {clock.UtcNow})
                ON DUPLICATE KEY UPDATE no_log = FALSE, message = {why}, portal = {Name}, seen_at = {clock.UtcNow}
                """, ct);
        }
        catch (Exception away) when (away is not OperationCanceledException)
        {
            // The database is what is away.
        }
    }

    /// <summary>Without a save of EF Core's: it is a state and no event, and comes each minute.</summary>
    internal async Task NoteAsync(LogState state, CancellationToken ct)
    {
        if (state.Problem is null) _told = null;
        var away = state.Away?.ToString();
        // A new begin does not know yet what fails elsewhere: the alarm stays until a copy went well.
        var (problem, tried) = (Cut(state.Problem), state.AwayTried);
        await using var db = await contexts.CreateDbContextAsync(ct);
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO backup_streams (id, no_log, log_file, log_position, reached_at, since_at, missing, message, away_fault,
                portal, seen_at)
            VALUES (1, {state.Off}, {state.File}, {state.Position}, {state.ReachedAt}, {state.Since}, {state.Missing}, {problem},
                {away}, {Name}, {clock.UtcNow})
            ON DUPLICATE KEY UPDATE no_log = {state.Off}, log_file = {state.File}, log_position = {state.Position},
                reached_at = {state.ReachedAt}, since_at = {state.Since}, missing = {state.Missing},
                message = IF({tried} OR away_fault IS NULL, {problem}, message),
                away_fault = IF({tried}, {away}, away_fault), portal = {Name}, seen_at = {clock.UtcNow}
            """, ct);
    }

    private static string? Cut(string? text) => text?.Length > 500 ? text[..500] : text;

    private string? Name => (services.GetService(typeof(PortalName)) as PortalName)?.Name;
}
