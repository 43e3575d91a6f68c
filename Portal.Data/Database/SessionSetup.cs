using System.Collections.Concurrent;
using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using MySqlConnector;
using Pomelo.EntityFrameworkCore.MySql.Infrastructure;

namespace Portal.Data.Database;

/// <summary>
/// Brings every session to the same state whatever the server's defaults are: strict SQL mode, UTC, one collation. Sent once to a new
/// session; one out of the pool is only asked whether it still answers, unless it may have been changed. After a transaction, which had its
/// isolation level, it is set up once more; after a statement that is no query, such as <c>SET @current_user_id</c>, it is reset before.
/// </summary>
/// <remarks>Who sends a command past EF Core that is more than a query tells it with <see cref="Used"/>. Why not reset them all:
/// <c>docs/decisions/026-sessions-are-reset-after-writing.md</c>.</remarks>
internal sealed class SessionSetup : DbConnectionInterceptor, IDbTransactionInterceptor, IDbCommandInterceptor
{
    private const string Modes =
        "ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION";

    // Left to itself MySQL would round what a column cannot hold, so that 23:59:59.9 would become the next day. MariaDB cuts.
    private const string Cutting = ",TIME_TRUNCATE_FRACTIONAL";

    private static readonly SessionSetup MariaDb = new(MariaDbSql), MySql = new(MySqlSql);

    private static readonly ConcurrentDictionary<string, Pool> Pools = new();

    private static readonly ConditionalWeakTable<MySqlConnection, Pool> PoolsOf = [];

    private readonly string _sql;

    private SessionSetup(string sql) => _sql = sql;

    private static string MariaDbSql => Statement(Modes, "tx_isolation");

    private static string MySqlSql => Statement(Modes + Cutting, "transaction_isolation");

    /// <summary>One object for each kind of server, because contexts that share their options share their caches.</summary>
    public static SessionSetup For(ServerVersion version) => version.Type == ServerType.MariaDb ? MariaDb : MySql;

    /// <summary>The statement itself, for connections outside a context.</summary>
    public static string SqlFor(string serverVersion) =>
        serverVersion.Contains("MariaDB", StringComparison.OrdinalIgnoreCase) ? MariaDbSql : MySqlSql;

    /// <summary>The session may not be left as it is: it is reset before anybody else has it.</summary>
    public static void Used(DbConnection? connection)
    {
        if (connection is MySqlConnection session && PoolsOf.TryGetValue(session, out var pool)) pool.Used(session);
    }

    private static void Transacted(DbConnection connection)
    {
        if (connection is MySqlConnection session && PoolsOf.TryGetValue(session, out var pool)) pool.Transacted(session);
    }

    /// <summary>Connections come from a data source of ours: it alone tells a new session from one of the pool.</summary>
    public override InterceptionResult<DbConnection> ConnectionCreating(
        ConnectionCreatingEventData eventData, InterceptionResult<DbConnection> result) =>
        result.HasResult || eventData.ConnectionString is not { Length: > 0 } connectionString
            ? result
            : InterceptionResult<DbConnection>.SuppressWithResult(
                Pools.GetOrAdd(connectionString, address => new Pool(address, _sql)).Connection());

    /// <summary>A session that died in the pool is nobody's trouble: the next is tried.</summary>
    public override async ValueTask<InterceptionResult> ConnectionOpeningAsync(
        DbConnection connection, ConnectionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
    {
        // EF Core would go on outside the transaction whose connection broke, and half of it would be kept.
        if (eventData.Context is PortalDb { InTransaction: true }) throw new IOException("The connection broke in the middle of a transaction.");
        if (result.IsSuppressed || connection is not MySqlConnection session || !PoolsOf.TryGetValue(session, out _)) return result;
        while (true)
        {
            try
            {
                await session.OpenAsync(cancellationToken);
                return InterceptionResult.Suppress();
            }
            catch (DeadSessionException)
            {
                // It has left the pool with this, so there is an end: when all of them were dead, a new one is opened.
                await session.CloseAsync();
            }
            catch
            {
                await session.CloseAsync();
                throw;
            }
        }
    }

    public DbTransaction TransactionStarted(DbConnection connection, TransactionEndEventData eventData, DbTransaction result)
    {
        Transacted(connection);
        return result;
    }

    public ValueTask<DbTransaction> TransactionStartedAsync(
        DbConnection connection, TransactionEndEventData eventData, DbTransaction result, CancellationToken cancellationToken = default)
    {
        Transacted(connection);
        return ValueTask.FromResult(result);
    }

    public InterceptionResult<int> NonQueryExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<int> result)
    {
        Used(command.Connection);
        return result;
    }

    public ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        Used(command.Connection);
        return ValueTask.FromResult(result);
    }

    private static string Statement(string modes, string isolation) =>
        $"SET SESSION sql_mode='{modes}',time_zone='+00:00',group_concat_max_len=1048576,{isolation}='REPEATABLE-READ',"
        // A reset forgets what the driver said of itself.
        + "character_set_client='utf8mb4',character_set_results='utf8mb4',collation_connection='utf8mb4_unicode_ci'";

    /// <summary>The sessions of one connection string.</summary>
    private sealed class Pool
    {
        /// <summary>More than any pool has. What is forgotten costs a reset, so forgetting all of them is always right.</summary>
        private const int Most = 10_000;

        private readonly MySqlDataSource _source;
        private readonly string _sql;

        // By the server's number of the session. The numbers begin again with the server, but then the sessions are new ones too.
        private readonly ConcurrentDictionary<int, Known> _known = new();

        /// <summary>
        /// Who answered so many milliseconds ago is not asked again: the statements of one page follow each other. What happens to a
        /// session
        /// within them happens to it as it could under any statement, and is repeated or reported as that.
        /// </summary>
        private const long Lately = 50;

        public Pool(string connectionString, string sql)
        {
            _sql = sql;
            var settings = new MySqlConnectionStringBuilder(connectionString) { ConnectionReset = false };
            _source = new MySqlDataSourceBuilder(settings.ConnectionString).UseConnectionOpenedCallback(OpenedAsync).Build();
        }

        public MySqlConnection Connection()
        {
            var connection = _source.CreateConnection();
            PoolsOf.Add(connection, this);
            return connection;
        }

        public void Used(MySqlConnection connection) => _known.TryRemove(connection.ServerThread, out _);

        /// <summary>What was used otherwise stays so.</summary>
        public void Transacted(MySqlConnection connection)
        {
            if (_known.TryGetValue(connection.ServerThread, out var known)) known.Transacted = true;
        }

        private async ValueTask OpenedAsync(MySqlConnectionOpenedContext opened, CancellationToken ct)
        {
            var (connection, id) = (opened.Connection, opened.Connection.ServerThread);
            var known = _known.GetValueOrDefault(id);
            if (opened.Conditions.HasFlag(MySqlConnectionOpenedConditions.New))
            {
                await SendAsync(connection, _sql, ct);
            }
            else if (known is { Transacted: false } && Environment.TickCount64 - known.AnsweredAt < Lately)
            {
                return;
            }
            else
            {
                try
                {
                    await PutBackAsync(connection, known, ct);
                }
                catch (Exception error) when (TransientErrors.IsLostConnection(error))
                {
                    throw new DeadSessionException(error);
                }
            }

            if (_known.Count > Most) _known.Clear();
            _known[id] = new Known(Environment.TickCount64);
        }

        private async Task PutBackAsync(MySqlConnection connection, Known? known, CancellationToken ct)
        {
            // The first is a command and not the driver's ping or reset, because it has a time in which it must be answered: so a server
            // that is frozen is noticed here, where nothing has been done yet.
            await SendAsync(connection, known is { Transacted: true } ? _sql : "DO 0", ct);
            if (known is not null) return;
            await connection.ResetConnectionAsync(ct);
            await SendAsync(connection, _sql, ct);
        }

        private static async Task SendAsync(MySqlConnection connection, string sql, CancellationToken ct)
        {
            await using var command = new MySqlCommand(sql, connection) { CommandTimeout = connection.ConnectionTimeout };
            await command.ExecuteNonQueryAsync(ct);
        }

        /// <summary>A session that is as it was set up, but for the isolation level of a transaction.</summary>
        private sealed class Known(long answeredAt)
        {
            public long AnsweredAt { get; } = answeredAt;

            public volatile bool Transacted;
        }
    }

    private sealed class DeadSessionException(Exception inner) : IOException("The server ended this session while it was in the pool.", inner);
}
