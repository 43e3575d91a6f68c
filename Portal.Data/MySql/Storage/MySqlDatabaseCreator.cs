using Microsoft.EntityFrameworkCore.Storage;
using MySql.Data.MySqlClient;

namespace Portal.Data.MySql.Storage;

/// <summary>Answers whether the database is there. It never creates or drops one: SQL migrations own the schema.</summary>
internal sealed class MySqlDatabaseCreator(RelationalDatabaseCreatorDependencies dependencies, IRawSqlCommandBuilder sql)
    : RelationalDatabaseCreator(dependencies)
{
    private const int UnknownDatabase = 1049;
    private const string TablesSql =
        "SELECT EXISTS (SELECT 1 FROM information_schema.tables WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE')";

    public override bool Exists()
    {
        try
        {
            Dependencies.Connection.Open(errorsExpected: true);
            Dependencies.Connection.Close();
            return true;
        }
        catch (MySqlException error) when (error.Number == UnknownDatabase || error.InnerException is MySqlException { Number: UnknownDatabase })
        {
            return false;
        }
    }

    public override async Task<bool> ExistsAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            await Dependencies.Connection.OpenAsync(cancellationToken, errorsExpected: true).ConfigureAwait(false);
            await Dependencies.Connection.CloseAsync().ConfigureAwait(false);
            return true;
        }
        catch (MySqlException error) when (error.Number == UnknownDatabase || error.InnerException is MySqlException { Number: UnknownDatabase })
        {
            return false;
        }
    }

    public override bool HasTables()
        => Convert.ToInt64(sql.Build(TablesSql).ExecuteScalar(Parameters())) == 1;

    public override async Task<bool> HasTablesAsync(CancellationToken cancellationToken = default)
        => Convert.ToInt64(await sql.Build(TablesSql).ExecuteScalarAsync(Parameters(), cancellationToken).ConfigureAwait(false)) == 1;

    public override void Create() => throw SchemaIsNotOurs();

    public override void Delete() => throw SchemaIsNotOurs();

    public override void CreateTables() => throw SchemaIsNotOurs();

    public override Task CreateTablesAsync(CancellationToken cancellationToken = default) => throw SchemaIsNotOurs();

    public override string GenerateCreateScript() => throw SchemaIsNotOurs();

    private RelationalCommandParameterObject Parameters()
        => new(Dependencies.Connection, null, null, Dependencies.CurrentContext.Context, Dependencies.CommandLogger);

    private static NotSupportedException SchemaIsNotOurs() => new(
        "This provider does not create or drop schemas. Write the change as an SQL migration and apply it to the database instead.");
}
