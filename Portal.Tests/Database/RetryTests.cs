using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Storage;
using MySqlConnector;
using Portal.Data.Database;

namespace Portal.Tests.Database;

public sealed class RetryTests(LibraryDatabase database) : LibraryTest(database)
{
    private LibraryDb Retrying(IInterceptor? interceptor = null) => Database.Library(interceptor, retries: true);

    [Fact]
    public async Task Two_transactions_in_deadlock_both_succeed_in_the_end()
    {
        await SaveAsync(new Author { Id = 1, Name = "a" }, new Author { Id = 2, Name = "b" });
        var attempts = 0;
        using var meeting = new Barrier(2);
        async Task MoveAsync(int from, int to)
        {
            var met = false;
            await using var db = Retrying();
            await db.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
            {
                Interlocked.Increment(ref attempts);
                await using var transaction = await db.Database.BeginTransactionAsync();
                await db.Database.ExecuteSqlAsync($"UPDATE authors SET country = 'X' WHERE id = {from}");
                if (!met)
                {
                    met = true;
                    await Task.Run(() => meeting.SignalAndWait(TimeSpan.FromSeconds(20)));
                }

                await db.Database.ExecuteSqlAsync($"UPDATE authors SET name = CONCAT(name, '!') WHERE id = {to}");
                await transaction.CommitAsync();
            });
        }

        await Task.WhenAll(MoveAsync(1, 2), MoveAsync(2, 1));
        Assert.Equal(3, attempts);
        await using var fresh = Open();
        Assert.Equal(["a!", "b!"], await fresh.Authors.OrderBy(x => x.Id).Select(x => x.Name).ToListAsync());
    }

    [Fact]
    public async Task A_lock_not_granted_in_time_is_tried_again()
    {
        await SaveAsync(Author("a"));
        await using var holder = Open();
        var holding = await holder.Database.BeginTransactionAsync();
        await holder.Database.ExecuteSqlAsync($"UPDATE authors SET country = 'XX'");

        await using var db = Retrying();
        var attempts = 0;
        await db.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            if (++attempts == 2)
            {
                await holding.DisposeAsync();
            }

            await using var transaction = await db.Database.BeginTransactionAsync();
            await db.Database.ExecuteSqlAsync($"SET SESSION innodb_lock_wait_timeout = 1");
            await db.Database.ExecuteSqlAsync($"UPDATE authors SET country = 'YY'");
            await db.Database.ExecuteSqlAsync($"SET SESSION innodb_lock_wait_timeout = 50");
            await transaction.CommitAsync();
        });
        Assert.Equal(2, attempts);
        Assert.Equal("YY", (await db.Authors.AsNoTracking().SingleAsync()).Country);
    }

    [Fact]
    public async Task A_connection_killed_in_the_pool_is_not_noticed()
    {
        await using var db = Open();
        var id = await ConnectionIdAsync(db);
        await Database.ExecuteAsync($"KILL {id}");
        await Task.Delay(100);
        Assert.Equal(0, await db.Authors.CountAsync());
        Assert.NotEqual(id, await ConnectionIdAsync(db));
    }

    [Fact]
    public async Task A_connection_killed_inside_a_transaction_repeats_the_whole_of_it()
    {
        await using var db = Retrying();
        var attempts = 0;
        await db.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            db.ChangeTracker.Clear();
            await using var transaction = await db.Database.BeginTransactionAsync();
            db.Add(Author("first"));
            await db.SaveChangesAsync();
            if (++attempts == 1)
            {
                await Database.ExecuteAsync($"KILL {await ConnectionIdAsync(db)}");
                await Task.Delay(100);
            }

            db.Add(Author("second"));
            await db.SaveChangesAsync();
            await transaction.CommitAsync();
        });
        Assert.Equal(2, attempts);
        await using var fresh = Open();
        Assert.Equal(["first", "second"], await fresh.Authors.OrderBy(x => x.Name).Select(x => x.Name).ToListAsync());
    }

    [Fact]
    public async Task A_connection_killed_under_a_running_query_repeats_it()
    {
        await using var db = Retrying();
        var attempts = 0;
        var answer = await db.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            await db.Database.OpenConnectionAsync();
            try
            {
                var seconds = ++attempts == 1 ? 30 : 0;
                var id = await ConnectionIdAsync(db);
                var killing = seconds == 0 ? Task.CompletedTask : KillSoonAsync(id);
                var rows = await db.Database.SqlQuery<int>($"SELECT SLEEP({seconds}) AS Value").SingleAsync();
                await killing;
                return rows;
            }
            finally
            {
                await db.Database.CloseConnectionAsync();
            }
        });
        Assert.Equal((2, 0), (attempts, answer));
    }

    [Fact]
    public async Task A_commit_that_may_or_may_not_have_happened_is_not_repeated()
    {
        await using var db = Retrying(new KillsAtCommit(Database, times: 1));
        var attempts = 0;
        await Assert.ThrowsAsync<CommitUnknownException>(() => db.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            attempts++;
            await using var transaction = await db.Database.BeginTransactionAsync();
            db.Add(Author("a"));
            await db.SaveChangesAsync();
            await transaction.CommitAsync();
        }));
        Assert.Equal(1, attempts);
    }

    [Fact]
    public async Task A_commit_found_not_to_have_happened_is_repeated()
    {
        await using var db = Retrying(new KillsAtCommit(Database, times: 1));
        var attempts = 0;
        var verified = 0;
        await db.Database.CreateExecutionStrategy().ExecuteAsync(
            0,
            async (_, _, ct) =>
            {
                attempts++;
                db.ChangeTracker.Clear();
                await using var transaction = await db.Database.BeginTransactionAsync(ct);
                db.Add(Author("a"));
                await db.SaveChangesAsync(ct);
                await transaction.CommitAsync(ct);
                return true;
            },
            async (_, _, ct) =>
            {
                verified++;
                await using var fresh = Open();
                return new ExecutionResult<bool>(await fresh.Authors.AnyAsync(ct), true);
            },
            CancellationToken.None);
        Assert.Equal((2, 1), (attempts, verified));
        await using var check = Open();
        Assert.Equal(1, await check.Authors.CountAsync());
    }

    [Fact]
    public async Task An_error_of_the_callers_own_is_not_repeated()
    {
        await using var db = Retrying();
        var attempts = 0;
        await Assert.ThrowsAsync<DbUpdateException>(() => db.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            attempts++;
            db.Add(new Book { Title = "x", AuthorId = -1 });
            await db.SaveChangesAsync();
        }));
        Assert.Equal(1, attempts);
    }

    [Fact]
    public async Task A_transaction_outside_the_strategy_is_refused_when_retrying()
    {
        await using var db = Retrying();
        await using var transaction = await db.Database.BeginTransactionAsync();
        db.Add(Author("a"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => db.SaveChangesAsync());
    }

    private static async Task<long> ConnectionIdAsync(LibraryDb db)
        => await db.Database.SqlQuery<long>($"SELECT CONNECTION_ID() AS Value").SingleAsync();

    private async Task KillSoonAsync(long id)
    {
        await Task.Delay(300);
        await Database.ExecuteAsync($"KILL {id}");
    }

    /// <summary>Breaks the connection in the very moment of the commit.</summary>
    private sealed class KillsAtCommit(LibraryDatabase database, int times) : DbTransactionInterceptor
    {
        private int _left = times;

        public override async ValueTask<InterceptionResult> TransactionCommittingAsync(
            DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
        {
            if (_left-- > 0)
            {
                await database.ExecuteAsync($"KILL {((MySqlConnection)transaction.Connection!).ServerThread}");
                await Task.Delay(100, cancellationToken);
            }

            return result;
        }
    }
}
