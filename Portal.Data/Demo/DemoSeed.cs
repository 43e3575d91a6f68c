using Microsoft.EntityFrameworkCore;
using Portal.Data.Database;

namespace Portal.Data.Demo;

/// <summary>
/// The demo building: Conjunto Residencial Mirador del Nogal, its people and two years of its life, told up to this hour. Nobody in it
/// exists. Deterministic: the same moment gives the same rows.
/// </summary>
public sealed class DemoSeed(PortalStore store, BuildingClock clock)
{
    /// <summary>The accounts the README lists; all share <see cref="Password"/>.</summary>
    public static IReadOnlyList<(string Role, string UserName)> Accounts { get; } =
        [("Admin", "carolina.mejia"), ("Staff", "daniela.torres"), ("Owner", "andrea.ruiz"), ("Security", "wilson.cardenas")];

    public const string Password = "Nogal-2026-demo";

    /// <summary>With which its guards sign in at a terminal.</summary>
    public const string Pin = "246810";

    /// <summary>Fills an empty building.</summary>
    /// <param name="apartments"><see cref="StandardSize"/> for the story as it is told, or a larger number for measuring.</param>
    /// <param name="passwordHash">The hash of <see cref="Password"/>; made only where it is needed, for it takes its time.</param>
    /// <param name="progress">A line after each part.</param>
    /// <returns>False, and nothing is touched, where there are apartments already.</returns>
    public async Task<bool> RunAsync(int apartments, Lazy<string> passwordHash, IProgress<string> progress, CancellationToken ct)
    {
        await using var db = await store.OpenAsync(CurrentUser.System, ct);
        if (await db.Apartments.AnyAsync(ct) || await db.Users.AnyAsync(ct)) return false;

        // All or nothing: a demo interrupted half-way would never be completed.
        await db.Database.OpenConnectionAsync(ct);
        var connection = db.Database.GetDbConnection();
        SessionSetup.Used(connection);
        var writer = new SeedWriter(connection);
        await writer.ExecuteAsync("START TRANSACTION", ct);
        try
        {
            // What the server dates by itself is dated by the portal's clock too.
            await writer.ExecuteAsync($"SET timestamp = {new DateTimeOffset(clock.UtcNow).ToUnixTimeSeconds()}", ct);
            var plan = new DemoPlan(writer, clock, new Random(20_261_120), passwordHash.Value, progress);
            await DemoBuilding.WriteAsync(plan, apartments, ct);
            var bookings = await DemoFacilities.WriteAsync(plan, ct);
            await DemoMoney.WriteAsync(plan, bookings, ct);
            await DemoPqrs.WriteAsync(plan, ct);
            await DemoGate.WriteAsync(plan, ct);
            await DemoGuards.WriteAsync(plan, ct);
            await DemoCommunity.WriteAsync(plan, ct);
            await DemoFines.WriteAsync(plan, ct);
            await DemoOnline.WriteAsync(plan, ct);
            await DemoBooks.WriteAsync(plan, ct);
            await DemoCollection.WriteAsync(plan, db, ct);
            await DemoBank.WriteAsync(plan, ct);
            await DemoDocuments.WriteAsync(plan, ct);
            await DemoAssemblies.WriteAsync(plan, db, ct);
            await DemoPrivacy.WriteAsync(plan, ct);
            await DemoMaintenance.WriteAsync(plan, ct);
            await DemoProgrammes.WriteAsync(plan, ct);
            await writer
                .Into("audit_log", "table_name", "action", "new_value", "actor_name")
                .AddAndFlushAsync(ct, "apartments", "demo_seed", $"{{\"apartments\":{apartments}}}", CurrentUser.System.Name);
            await writer.ExecuteAsync("COMMIT", ct);

            // Left to itself the server counts some minutes later, and until then it guesses: by what the tables were while this went on.
            await writer.ExecuteAsync($"ANALYZE TABLE {string.Join(", ", writer.Tables)}", ct);
        }
        catch
        {
            await writer.ExecuteAsync("ROLLBACK", CancellationToken.None);
            throw;
        }
        finally
        {
            await writer.ExecuteAsync("SET timestamp = DEFAULT", CancellationToken.None);
        }

        return true;
    }

    public const int StandardSize = DemoBuilding.Apartments;

    /// <summary>So many days from today have bookings that nobody asked for; what is told apart from them lies within two weeks.</summary>
    public const int BookedDays = 20;
}
