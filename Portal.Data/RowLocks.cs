using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Portal.Data;

/// <summary>
/// Locks rows for a write (<c>SELECT ... FOR UPDATE</c>): they are read as they are now, and nobody else changes or locks them until the
/// transaction ends. What locks several rows takes them in the one order of <c>docs/decisions/030-booking-locks.md</c>.
/// </summary>
internal static class RowLocks
{
    /// <summary>A comment at the head of the statement, by which <see cref="InQueries"/> knows it.</summary>
    private const string Mark = "locks its rows";

    private const string Comment = "-- " + Mark;

    /// <summary>Makes <see cref="ForUpdate{T}"/> known to queries.</summary>
    public static DbCommandInterceptor InQueries { get; } = new Locking();

    /// <summary>
    /// Locks the rows that the query finds, by the index it finds them with; those of a table that it joins, too. Only inside
    /// <see cref="PortalStore.WriteAsync{T}"/>: without a transaction the lock would be gone at once, and the query throws.
    /// </summary>
    public static IQueryable<T> ForUpdate<T>(this IQueryable<T> query) => query.TagWith(Mark);

    /// <summary>Locks one row of which nothing is read.</summary>
    /// <returns>Whether it is there.</returns>
    public static async Task<bool> LockAsync<TEntity>(this DbSet<TEntity> rows, long id, CancellationToken ct) where TEntity : class =>
        (await rows.Select(row => EF.Property<long>(row, "Id")).Where(found => found == id).ForUpdate().ToListAsync(ct)).Count > 0;

    private sealed class Locking : DbCommandInterceptor
    {
        public override InterceptionResult<DbDataReader> ReaderExecuting(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result)
        {
            Lock(command);
            return result;
        }

        public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken ct = default)
        {
            Lock(command);
            return ValueTask.FromResult(result);
        }

        private static void Lock(DbCommand command)
        {
            var text = command.CommandText;
            if (!text.StartsWith("--", StringComparison.Ordinal) || !text.Contains(Comment, StringComparison.Ordinal)) return;
            if (command.Transaction is null)
            {
                throw new InvalidOperationException(
                    "A row is locked outside a transaction, where the lock would be gone at once: use WriteAsync.");
            }

            command.CommandText = text + "\nFOR UPDATE";
        }
    }
}
