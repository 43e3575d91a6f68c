using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Data.Database;
using Portal.Data.Schema;

namespace Portal.Data.Operations;

/// <summary>How a portal is named among those that serve one database.</summary>
/// <param name="Name">At most 100 letters; two that carry one name share a row.</param>
/// <param name="Version">Of the program.</param>
/// <param name="StartedAt">UTC.</param>
public sealed record PortalName(string Name, string Version, DateTime StartedAt);

/// <summary>
/// Writes that this portal serves. Only who writes finds out that a database takes no changes or has no room left; and one that hangs is
/// not waited for.
/// </summary>
public sealed class PortalBeat(IDbContextFactory<PortalDb> contexts, DatabaseWatch watch, PortalName portal)
{
    private const int Seconds = 2;

    /// <summary>The schema this portal was built for. One that is newer serves it too: it is widened first and narrowed later.</summary>
    private static readonly int Schema = Migration.BuiltIn[^1].Number;

    /// <summary>Writes the row, once.</summary>
    /// <returns>Null where all is well; otherwise what is wrong, in a word for the operator.</returns>
    public async Task<string?> TryAsync(CancellationToken ct)
    {
        if (watch.Now is { } outage) return outage.ToString();
        try
        {
            await using var db = await contexts.CreateDbContextAsync(ct);
            await db.Database.OpenConnectionAsync(ct);

            // Without EF Core's retries: it must be quick.
            await using var command = db.Database.GetDbConnection().CreateCommand();
            command.CommandTimeout = Seconds;
            command.CommandText =
                """
                INSERT INTO portals (name, version, started_at, seen_at) VALUES (@name, @version, @started, UTC_TIMESTAMP(3))
                ON DUPLICATE KEY UPDATE version = @version, started_at = @started, seen_at = UTC_TIMESTAMP(3);
                SELECT COALESCE(MAX(number), 0) FROM schema_version WHERE finished_at IS NOT NULL OR adopted = 1;
                """;
            foreach (var (name, value) in new (string, object)[]
                { ("@name", portal.Name), ("@version", portal.Version), ("@started", portal.StartedAt) })
            {
                var parameter = command.CreateParameter();
                (parameter.ParameterName, parameter.Value) = (name, value);
                command.Parameters.Add(parameter);
            }

            var number = Convert.ToInt32(await command.ExecuteScalarAsync(ct), CultureInfo.InvariantCulture);
            return number < Schema ? $"Schema {number}, needed {Schema}" : null;
        }
        catch (Exception exception) when (Outages.Of(exception) is { } found)
        {
            return found.ToString();
        }
    }
}
