using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.EntityFrameworkCore.Update;
using Microsoft.Extensions.Logging;

namespace Portal.Data.Database;

/// <summary>Chooses the server of a context: Pomelo, with what this house adds to it.</summary>
public static class DatabaseOptions
{
    /// <summary>
    /// Connects a context to the server that <see cref="DatabaseServer.DetectAsync"/> has met. Sessions are set up alike
    /// (<see cref="SessionSetup"/>); conflicts and lost connections are retried (<see cref="RetryingStrategy"/>); a commit whose outcome
    /// nobody knows says so (<see cref="CommitUnknownException"/>); rows of one table go in one INSERT (<see cref="RowsInOneInsert"/>).
    /// </summary>
    /// <exception cref="InvalidOperationException">The server's version is not known yet.</exception>
    public static DbContextOptionsBuilder UseDatabase(
        this DbContextOptionsBuilder options, string connectionString, Action<MySqlDbContextOptionsBuilder>? configure = null)
    {
        var version = DatabaseServer.VersionOf(connectionString);
        return options
            .UseMySql(
                DatabaseServer.Force(connectionString), version,
                mysql =>
                {
                    mysql.ExecutionStrategy(dependencies => new RetryingStrategy(dependencies));
                    configure?.Invoke(mysql);
                })
            .ReplaceService<IRelationalTransactionFactory, VerifiedTransactionFactory>()
            .ReplaceService<IUpdateSqlGenerator, RowsInOneInsert>()
            .ReplaceService<IModificationCommandBatchFactory, PacketBatchFactory>()
            .AddInterceptors(SessionSetup.For(version))

            // Who leaves a page while it loads cancels an opening: no error. A real one is logged by whoever cannot go on without it.
            .ConfigureWarnings(warnings => warnings.Log(
                (RelationalEventId.ConnectionError, LogLevel.Debug),
                (CoreEventId.QueryIterationFailed, LogLevel.Debug),
                (CoreEventId.SaveChangesFailed, LogLevel.Debug)));
    }

    /// <inheritdoc cref="UseDatabase(DbContextOptionsBuilder, string, Action{MySqlDbContextOptionsBuilder}?)"/>
    public static DbContextOptionsBuilder<TContext> UseDatabase<TContext>(
        this DbContextOptionsBuilder<TContext> options, string connectionString, Action<MySqlDbContextOptionsBuilder>? configure = null)
        where TContext : DbContext
    {
        UseDatabase((DbContextOptionsBuilder)options, connectionString, configure);
        return options;
    }
}
