using System.Data;
using Microsoft.EntityFrameworkCore;

namespace Portal.Tests.Database;

public sealed class TransactionTests(LibraryDatabase database) : LibraryTest(database)
{
    [Fact]
    public async Task What_is_not_committed_is_rolled_back()
    {
        await using (var db = Open())
        {
            await using var transaction = await db.Database.BeginTransactionAsync();
            db.Add(Author("a"));
            await db.SaveChangesAsync();
            Assert.Equal(1, await db.Authors.CountAsync());
        }

        await using (var db = Open())
        {
            Assert.Equal(0, await db.Authors.CountAsync());
            await using var transaction = await db.Database.BeginTransactionAsync();
            db.Add(Author("b"));
            await db.SaveChangesAsync();
            await transaction.RollbackAsync();
            Assert.Equal(0, await db.Authors.CountAsync());
        }
    }

    [Fact]
    public async Task A_savepoint_is_returned_to()
    {
        await using var db = Open();
        await using (var transaction = await db.Database.BeginTransactionAsync())
        {
            db.Add(Author("kept"));
            await db.SaveChangesAsync();
            await transaction.CreateSavepointAsync("before");
            db.Add(Author("dropped"));
            await db.SaveChangesAsync();
            await transaction.RollbackToSavepointAsync("before");
            await transaction.ReleaseSavepointAsync("before");
            await transaction.CommitAsync();
        }

        Assert.Equal(["kept"], await db.Authors.AsNoTracking().Select(x => x.Name).ToListAsync());
    }

    [Fact]
    public async Task A_failed_save_leaves_the_transaction_usable()
    {
        await using var db = Open();
        await using (var transaction = await db.Database.BeginTransactionAsync())
        {
            db.Add(Author("a", new Book { Title = "1", Isbn = "1" }));
            await db.SaveChangesAsync();
            var twice = Author("b", new Book { Title = "2", Isbn = "2" }, new Book { Title = "3", Isbn = "1" });
            db.Add(twice);
            await Assert.ThrowsAsync<DbUpdateException>(() => db.SaveChangesAsync());
            twice.Books[1].Isbn = "3";
            await db.SaveChangesAsync();
            await transaction.CommitAsync();
        }

        Assert.Equal(3, await db.Books.AsNoTracking().CountAsync());
    }

    [Theory]
    [InlineData(IsolationLevel.ReadCommitted, 1)]
    [InlineData(IsolationLevel.RepeatableRead, 0)]
    [InlineData(IsolationLevel.Unspecified, 0)]
    public async Task The_isolation_asked_for_is_the_one_in_force(IsolationLevel isolation, int seen)
    {
        await using var db = Open();
        await using var transaction = await db.Database.BeginTransactionAsync(isolation);
        Assert.Equal(0, await db.Authors.CountAsync());
        await SaveAsync(Author("meanwhile"));
        Assert.Equal(seen, await db.Authors.CountAsync());
    }

    [Fact]
    public async Task A_row_locked_for_update_makes_others_wait()
    {
        await SaveAsync(Author("a"));
        await using var first = Open();
        await using var second = Open();
        await using var holding = await first.Database.BeginTransactionAsync();
        var mine = await first.Authors.FromSql($"SELECT * FROM authors WHERE name = {"a"} FOR UPDATE").SingleAsync();
        await using var waiting = await second.Database.BeginTransactionAsync();
        var theirs = second.Authors.FromSql($"SELECT * FROM authors WHERE name = {"a"} FOR UPDATE").SingleAsync();
        Assert.NotSame(theirs, await Task.WhenAny(theirs, Task.Delay(300)));
        mine.Country = "CO";
        await first.SaveChangesAsync();
        await holding.CommitAsync();
        Assert.Equal("CO", (await theirs).Country);
    }
}
