using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.EntityFrameworkCore;
using Portal.Areas.OnlinePayments;
using Portal.Data;
using Portal.Data.Database;
using Portal.Data.Demo;
using Portal.Data.Identity;
using Portal.Data.Schema;
using Portal.Hosting.DatabaseServer;

namespace Portal.Hosting;

/// <summary>
/// Everything between "built" and "serving": the database up, its schema applied and checked, the demo in it where it belongs.
/// </summary>
public static class PortalStart
{
    /// <returns>The exit code where the program is done (a verb, or a start that failed); null where it goes on to serve.</returns>
    public static async Task<int?> PrepareAsync(this WebApplication app, PortalCommand command, PortalDatabase database)
    {
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Portal.Start");
        var clock = Stopwatch.StartNew();
        if ((PortalTime.Problem(app.Configuration, app.Environment) ?? OnlineSetting.Problem(app.Configuration, app.Environment)
            ?? Telemetry.Problem(app.Configuration)) is { } problem)
        {
            logger.LogCritical("{Problem}", problem);
            return 1;
        }

        using var interrupted = new CancellationTokenSource();
        ConsoleCancelEventHandler stop = (_, press) =>
        {
            press.Cancel = true;
            interrupted.Cancel();
        };
        Console.CancelKeyPress += stop;

        // A verb that the system ends clears up as one that a person ends; who serves has a lifetime of its own.
        using var ended = command.Verb == Verb.Serve ? null : PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
        {
            signal.Cancel = true;
            interrupted.Cancel();
        });
        try
        {
            if (command.OfBackups) return await BackupVerbAsync(app.Services, command, database, logger, interrupted.Token);
            await database.StartAsync(command.Verb == Verb.Serve ? null : TimeSpan.FromMinutes(1), logger, interrupted.Token);
            if (DatabaseLine.Problem(database.ConnectionString) is { } line) logger.LogWarning("{Problem}", line);
            await MigrateAsync(app.Services, command, database, logger, interrupted.Token);
            if (command.Verb == Verb.Migrate) return 0;
            if (command.Verb == Verb.Seed || app.Environment.IsDevelopment())
                await SeedAsync(app.Services, command, logger, interrupted.Token);
            if (command.Verb == Verb.Seed) return 0;
            await PatientlyAsync(
                () => app.Services.GetRequiredService<Portal.Data.Privacy.ErasureReplay>().AtStartAsync(interrupted.Token), command, database,
                logger, interrupted.Token);
        }
        catch (Exception exception) when (exception is PrivateServerException or SchemaException)
        {
            // Both say in one sentence what is wrong and what to do; a stack trace would hide it.
            if (command.OfBackups) await Console.Error.WriteLineAsync(exception.Message);
            else logger.LogCritical("{Problem}", exception.Message);
            return 1;
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
        {
            logger.LogWarning("Stopped before it was ready; nothing is left half done");
            return 130;
        }
        finally
        {
            Console.CancelKeyPress -= stop;
        }

        app.Lifetime.ApplicationStarted.Register(() => Announce(app, clock.Elapsed));
        return null;
    }

    /// <summary>Nothing is migrated: what is saved before a new version begins is the old one's.</summary>
    private static async Task<int> BackupVerbAsync(
        IServiceProvider services, PortalCommand command, PortalDatabase database, ILogger logger, CancellationToken ct)
    {
        if (BackupVerbs.Problem(command) is { } problem)
        {
            await Console.Error.WriteLineAsync(problem);
            return 1;
        }

        if (command.Verb != Verb.Verify) await database.StartAsync(TimeSpan.FromMinutes(1), logger, ct, beside: true);
        try
        {
            if (command.Verb is Verb.Backup or Verb.Drill or Verb.Export) await Data.Database.DatabaseServer.DetectAsync(database.ConnectionString, ct);
        }
        catch (MySqlConnector.MySqlException refused)
        {
            throw new SchemaException($"The database server refuses: {refused.Message} Check ConnectionStrings__Portal.", refused);
        }

        return await BackupVerbs.RunAsync(services, command, database, Console.In, Console.Out, Console.Error, ct);
    }

    /// <summary>
    /// Applies what is new, gives the accounts their rights, and looks whether the schema is the model's. Where the database goes away
    /// meanwhile (a server of a cluster that another takes over from), it is waited for and asked again; in the middle of a migration's
    /// statement nobody knows what was done, and that is said.
    /// </summary>
    private static async Task MigrateAsync(
        IServiceProvider services, PortalCommand command, PortalDatabase database, ILogger logger, CancellationToken ct)
    {
        List<string> applied = [];
        var adopted = false;
        await PatientlyAsync(MigratedAsync, command, database, logger, ct);
        if (command.Verb != Verb.Migrate) return;
        Console.WriteLine(
            applied.Count == 0
                ? "The schema is up to date."
                : $"Applied: {string.Join(", ", applied)}.{(adopted ? " An existing database was adopted." : "")}"
        );

        async Task MigratedAsync()
        {
            var (migrating, keeper) = (database.MigratingConnectionString, database.KeeperConnectionString);
            if (migrating is not null && keeper is null)
                throw new SchemaException("ConnectionStrings__Migrate is set and ConnectionStrings__Keeper is not: name both, or neither.");
            var outcome = await new Migrator(
                migrating ?? database.ConnectionString, services.GetRequiredService<ILogger<Migrator>>()).ApplyAsync(command.Resume, ct);
            applied.AddRange(outcome.Applied);
            adopted |= outcome.Adopted;

            // Which rights tables of a newer version are to have, that one knows.
            if (migrating is not null && outcome.Newer is null) await new AccountRights(migrating, database.ConnectionString, keeper!).GiveAsync(ct);
            await using var db = await services.GetRequiredService<IDbContextFactory<PortalDb>>().CreateDbContextAsync(ct);
            await ModelCheck.EnsureAsync(db, migrating ?? database.ConnectionString, outcome.Newer is not null, ct);
            if (outcome.Newer is { } newer)
                logger.LogWarning("The database has {Migration} of a newer version; this version serves it as it can", newer);
        }
    }

    /// <summary>
    /// Does what asks the database and may be done again: while it is away, or its next server takes over, it is waited for. Who serves waits
    /// as long as it takes.
    /// </summary>
    private static async Task PatientlyAsync(
        Func<Task> work, PortalCommand command, PortalDatabase database, ILogger logger, CancellationToken ct)
    {
        TimeSpan? patience = command.Verb == Verb.Serve ? null : TimeSpan.FromMinutes(1);
        Stopwatch? told = null;
        for (var tries = patience is null ? int.MaxValue : 5; ; tries--)
        {
            try
            {
                await work();
                return;
            }
            catch (Exception exception) when (exception is not SchemaException { Unopened: false }
                && (exception is DatabaseAwayException || Outages.Of(exception) is not null) && tries > 0)
            {
                if (told is null || told.Elapsed > TimeSpan.FromSeconds(30))
                {
                    logger.LogWarning("Starting, the database is away or takes no changes ({Reason}); waiting for it", exception.Message);
                    told = Stopwatch.StartNew();
                }

                // One that answers and takes no changes is not asked for them all the time.
                await Task.Delay(TimeSpan.FromSeconds(Outages.Of(exception) is Outage.ReadOnly or Outage.Full ? 5 : 1), ct);
                await database.AnswersAsync(patience, logger, ct);
            }
        }
    }

    private static async Task SeedAsync(IServiceProvider services, PortalCommand command, ILogger logger, CancellationToken ct)
    {
        var seed = new DemoSeed(services.GetRequiredService<PortalStore>(), services.GetRequiredService<BuildingClock>());
        var hash = new Lazy<string>(() => services.GetRequiredService<PasswordWork>().HashPassword(new User(), DemoSeed.Password));
        var seeded = await seed.RunAsync(command.Apartments, hash, new ProgressLine(command.Verb == Verb.Seed), ct);
        if (seeded) logger.LogInformation("The demo building was seeded: {Apartments} apartments", command.Apartments);
        else if (command.Verb == Verb.Seed)
            Console.WriteLine("There are people in this database already: the demo is seeded into an empty one only.");
    }

    private static void Announce(WebApplication app, TimeSpan took)
    {
        Console.WriteLine();
        Console.WriteLine($"Vallhalla Portal is ready at {string.Join(" ", app.Urls)} (start took {took.TotalSeconds:0.0} s)");
        if (!app.Environment.IsDevelopment()) return;
        var (time, clock) = (app.Services.GetRequiredService<TimeProvider>(), app.Services.GetRequiredService<BuildingClock>());
        if (time is ShiftedTime) Console.WriteLine($"The clock was set for a test: here it is {clock.Now:yyyy-MM-dd HH:mm}.");
        Console.WriteLine($"Demo accounts, all with the password {DemoSeed.Password}:");
        foreach (var (role, account) in DemoSeed.Accounts) Console.WriteLine($"  {role,-9} {account}");
        Console.WriteLine();
    }

    private sealed class ProgressLine(bool shown) : IProgress<string>
    {
        public void Report(string value)
        {
            if (shown) Console.WriteLine($"  {value}");
        }
    }
}
