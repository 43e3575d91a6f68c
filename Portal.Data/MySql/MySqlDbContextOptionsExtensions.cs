using Microsoft.EntityFrameworkCore.Infrastructure;
using Portal.Data.MySql.Infrastructure;

// In EF Core's own namespace, as every provider does, so that `options.UseMySql(...)` needs no further using.
namespace Microsoft.EntityFrameworkCore;

/// <summary>Chooses MySQL or MariaDB for a context.</summary>
public static class MySqlDbContextOptionsExtensions
{
    /// <summary>
    /// Connects the context to a MySQL 8.0.31+ or MariaDB 10.6+ server. The same SQL runs on both.
    /// </summary>
    /// <remarks>
    /// Use one identical connection string in the whole process: connection pools, and the gates in front of them, are keyed by it.
    /// Some options are forced whatever the string says; see <see cref="Portal.Data.MySql.Storage.MySqlConnectionStrings"/>.
    /// </remarks>
    public static DbContextOptionsBuilder UseMySql(
        this DbContextOptionsBuilder options,
        string connectionString,
        Action<MySqlDbContextOptionsBuilder>? configure = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        var extension = options.Options.FindExtension<MySqlOptionsExtension>() ?? new MySqlOptionsExtension();
        ((IDbContextOptionsBuilderInfrastructure)options).AddOrUpdateExtension(
            (MySqlOptionsExtension)extension.WithConnectionString(connectionString));
        configure?.Invoke(new MySqlDbContextOptionsBuilder(options));
        return options;
    }

    /// <inheritdoc cref="UseMySql(DbContextOptionsBuilder, string, Action{MySqlDbContextOptionsBuilder}?)"/>
    public static DbContextOptionsBuilder<TContext> UseMySql<TContext>(
        this DbContextOptionsBuilder<TContext> options,
        string connectionString,
        Action<MySqlDbContextOptionsBuilder>? configure = null)
        where TContext : DbContext
        => (DbContextOptionsBuilder<TContext>)UseMySql((DbContextOptionsBuilder)options, connectionString, configure);
}
