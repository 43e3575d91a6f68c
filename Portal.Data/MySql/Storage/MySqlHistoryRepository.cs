using Microsoft.EntityFrameworkCore.Migrations;

namespace Portal.Data.MySql.Storage;

/// <summary>Refuses EF Core's own migrations, whose C# model snapshots this provider does not generate SQL for.</summary>
internal sealed class MySqlHistoryRepository : IHistoryRepository
{
    public LockReleaseBehavior LockReleaseBehavior => throw NotHere();

    public bool Exists() => throw NotHere();

    public Task<bool> ExistsAsync(CancellationToken cancellationToken = default) => throw NotHere();

    public void Create() => throw NotHere();

    public Task CreateAsync(CancellationToken cancellationToken = default) => throw NotHere();

    public IReadOnlyList<HistoryRow> GetAppliedMigrations() => throw NotHere();

    public Task<IReadOnlyList<HistoryRow>> GetAppliedMigrationsAsync(CancellationToken cancellationToken = default) => throw NotHere();

    public IMigrationsDatabaseLock AcquireDatabaseLock() => throw NotHere();

    public Task<IMigrationsDatabaseLock> AcquireDatabaseLockAsync(CancellationToken cancellationToken = default) => throw NotHere();

    public string GetCreateScript() => throw NotHere();

    public string GetCreateIfNotExistsScript() => throw NotHere();

    public string GetInsertScript(HistoryRow row) => throw NotHere();

    public string GetDeleteScript(string migrationId) => throw NotHere();

    public string GetBeginIfNotExistsScript(string migrationId) => throw NotHere();

    public string GetBeginIfExistsScript(string migrationId) => throw NotHere();

    public string GetEndIfScript() => throw NotHere();

    private static NotSupportedException NotHere() => new(
        "EF Core migrations are not supported by this provider. Write SQL migrations and apply them to the database instead.");
}
