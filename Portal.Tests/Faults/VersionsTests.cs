using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Data.Access;
using Portal.Data.Schema;
using Portal.Tests.Identity;
using Portal.Tests.Server;

namespace Portal.Tests.Faults;

/// <summary>
/// Two versions of the portal over one database: first it is widened and both serve, then the older ones end, then it is narrowed.
/// </summary>
public sealed class VersionsTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("portal-versions-").FullName;

    private static int Next => Migration.BuiltIn.Count + 1;

    private static readonly Migration Wider = Migration.Parse($"{Next:0000}_wider.sql",
        """
        ALTER TABLE users ADD COLUMN of_tomorrow VARCHAR(20) NULL;
        ALTER TABLE roles MODIFY description TEXT NULL;
        CREATE TABLE tomorrows (id BIGINT NOT NULL PRIMARY KEY);
        """);

    private static readonly Migration Narrower = Migration.Parse(
        $"{Next + 1:0000}_narrower.sql", "-- narrows: nobody counts them any more\nALTER TABLE portals DROP COLUMN circuits;");

    /// <summary>Of its own: nobody else is to get a database of another version.</summary>
    private EmptyDatabase _database = null!;

    public async Task InitializeAsync()
    {
        _database = await EmptyDatabase.CreateAsync();
        await MigrateAsync(Migration.BuiltIn);
    }

    public async Task DisposeAsync()
    {
        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task An_older_portal_goes_on_and_starts_in_a_wider_database_and_a_narrower_one_waits_until_it_is_gone()
    {
        await using var world = new IdentityWorld(_database.ConnectionString);
        await world.AddAsync("ana", Roles.Owner);
        await using var older = await StartAsync("older");
        await UntilAsync(older, HttpStatusCode.OK);

        // A newer version begins beside it.
        await MigrateAsync([.. Migration.BuiltIn, Wider]);
        await SignsInAsync(older);
        await using (var again = await StartAsync("again"))
        {
            await UntilAsync(again, HttpStatusCode.OK);
            Assert.Contains($"The database has {Wider.FileName} of a newer version", again.Output, StringComparison.Ordinal);
            await SignsInAsync(again);
            Assert.Equal(0, await again.StopAsync());
        }

        // The version after takes away what the older one needs: not while that one serves.
        var refusal = await Assert.ThrowsAsync<SchemaException>(() => MigrateAsync([.. Migration.BuiltIn, Wider, Narrower], patience: 2));
        Assert.Contains("older still serve. Stop them", refusal.Message, StringComparison.Ordinal);
        await SignsInAsync(older);

        // Had it been done all the same, the older one would send nobody into it.
        await _database.ExecuteAsync($"UPDATE schema_version SET narrows = 1 WHERE number = {Next}");
        await UntilAsync(older, HttpStatusCode.ServiceUnavailable);
        await CurrentUserTests.EventuallyAsync(async () =>
        {
            // A busy machine may have been the first reason: it is asked again.
            await older.HealthAsync("ready");
            return older.Output.Contains($"Not ready: Schema narrowed by migration {Next}", StringComparison.Ordinal);
        });
        await _database.ExecuteAsync($"UPDATE schema_version SET narrows = 0 WHERE number = {Next}");
        await UntilAsync(older, HttpStatusCode.OK);

        Assert.Equal(0, await older.StopAsync());
        Assert.Equal([Narrower.FileName], (await MigrateAsync([.. Migration.BuiltIn, Wider, Narrower])).Applied);
        await using var late = await StartAsync("late");
        Assert.Equal(1, await late.EndedAsync());
        Assert.Contains("what it takes away is needed here", late.Output, StringComparison.Ordinal);
    }

    private Task<MigrationOutcome> MigrateAsync(IReadOnlyList<Migration> migrations, int patience = 30) =>
        new Migrator(_database.ConnectionString, NullLogger<Migrator>.Instance, migrations) { PatienceSeconds = patience }.ApplyAsync();

    private Task<PortalProcess> StartAsync(string name) => PortalProcess.StartAsync(
        _folder, _database.ConnectionString, new Dictionary<string, string> { ["Portal__Name"] = name, ["Health__LeastFreeMegabytes"] = "0" });

    private static async Task SignsInAsync(PortalProcess portal) =>
        Assert.Equal(HttpStatusCode.Redirect, (await portal.NewVisitor().SignInAsync("ana", IdentityWorld.Password)).Status);

    private static async Task UntilAsync(PortalProcess portal, HttpStatusCode status)
    {
        if (status == HttpStatusCode.OK) await portal.ReadyAsync();
        await CurrentUserTests.EventuallyAsync(async () => await portal.HealthAsync("ready") == status);
    }
}
