using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Portal.Data.MySql.Storage;

namespace Portal.Data.MySql.Infrastructure;

/// <summary>Settings inside <c>UseMySql(connectionString, mysql => ...)</c>.</summary>
public sealed class MySqlDbContextOptionsBuilder(DbContextOptionsBuilder optionsBuilder)
    : RelationalDbContextOptionsBuilder<MySqlDbContextOptionsBuilder, MySqlOptionsExtension>(optionsBuilder)
{
    /// <summary>
    /// Repeats a unit of work after a deadlock, a lock time-out or a lost connection. Transactions that the caller begins must then
    /// run inside <c>Database.CreateExecutionStrategy().ExecuteAsync(...)</c>, so that they are repeated whole.
    /// </summary>
    /// <param name="maxRetryCount">How many repetitions at most.</param>
    /// <param name="maxRetryDelay">The longest pause between two tries; 5 seconds when not given.</param>
    public MySqlDbContextOptionsBuilder EnableRetryOnFailure(int maxRetryCount = 6, TimeSpan? maxRetryDelay = null)
        => ExecutionStrategy(dependencies => new MySqlRetryingExecutionStrategy(
            dependencies, maxRetryCount, maxRetryDelay ?? TimeSpan.FromSeconds(5)));
}
