using Microsoft.EntityFrameworkCore;
using MySql.Data.MySqlClient;

namespace Portal.Tests.MySql;

public sealed class SavingTests(ProviderDatabase database) : LibraryTest(database)
{
    [Fact]
    public async Task A_single_insert_is_one_trip_and_brings_its_id()
    {
        var log = new SqlLog();
        await using var db = Open(log);
        var author = Author("one");
        db.Add(author);
        await db.SaveChangesAsync();
        Assert.Single(log.Commands);
        Assert.True(author.Id > 0);
        Assert.Equal(author.Id, await db.Authors.Where(x => x.Name == "one").Select(x => x.Id).SingleAsync());
    }

    [Fact]
    public async Task Every_row_of_a_batch_gets_its_own_id()
    {
        var log = new SqlLog();
        await using (var db = Open(log))
        {
            for (var i = 0; i < 450; i++)
            {
                db.Add(Author($"author {i}", Book($"book {i}a"), Book($"book {i}b")));
            }

            await db.SaveChangesAsync();
            Assert.InRange(log.Commands.Count, 7, 9);
        }

        await using (var db = Open())
        {
            var authors = await db.Authors.Include(x => x.Books).ToListAsync();
            Assert.Equal(450, authors.Count);
            Assert.All(authors, x => Assert.Equal(
                [x.Name.Replace("author", "book", StringComparison.Ordinal) + "a", x.Name.Replace("author", "book", StringComparison.Ordinal) + "b"],
                x.Books.Select(b => b.Title).Order()));
        }
    }

    [Fact]
    public async Task The_ids_in_memory_are_those_in_the_table()
    {
        List<Author> authors = [.. Enumerable.Range(0, 300).Select(i => Author($"a{i}"))];
        await SaveAsync([.. authors]);
        await using var db = Open();
        var stored = await db.Authors.ToDictionaryAsync(x => x.Id, x => x.Name);
        Assert.All(authors, x => Assert.Equal(x.Name, stored[x.Id]));
    }

    [Fact]
    public async Task What_the_server_computes_is_read_back()
    {
        var loan = new Loan { Reader = "r", TakenAt = new DateTime(2026, 1, 1) };
        var book = Book("b");
        book.Loans.Add(loan);
        await using var db = Open();
        db.Add(Author("a", book));
        await db.SaveChangesAsync();
        Assert.Equal(-1, loan.Days);
        Assert.Equal(DateTimeKind.Utc, loan.CreatedAt!.Value.Kind);
        Assert.InRange(loan.CreatedAt.Value, DateTime.UtcNow.AddMinutes(-5), DateTime.UtcNow.AddMinutes(5));

        loan.ReturnedAt = new DateTime(2026, 1, 11);
        await db.SaveChangesAsync();
        Assert.Equal(10, loan.Days);
    }

    [Fact]
    public async Task A_row_of_defaults_only()
    {
        await Database.ExecuteAsync("CREATE TABLE IF NOT EXISTS tickets (id INT AUTO_INCREMENT PRIMARY KEY, note VARCHAR(9) DEFAULT 'x')");
        await using var db = new TicketDb(Database.Options<TicketDb>());
        Ticket[] tickets = [new(), new()];
        db.AddRange(tickets.AsEnumerable());
        await db.SaveChangesAsync();
        Assert.True(tickets[0].Id > 0 && tickets[0].Id != tickets[1].Id);
    }

    [Fact]
    public async Task Keys_of_ones_own_choice_are_kept()
    {
        await using var db = Open();
        db.Add(new Author { Id = 4711, Name = "chosen" });
        await db.SaveChangesAsync();
        Assert.Equal("chosen", (await db.Authors.AsNoTracking().SingleAsync(x => x.Id == 4711)).Name);
    }

    [Fact]
    public async Task A_stale_row_names_the_entry_and_changes_nothing()
    {
        var book = Book("b");
        book.Loans.AddRange([.. Enumerable.Range(0, 5).Select(i => new Loan { Reader = $"r{i}", TakenAt = new DateTime(2026, 1, 1) })]);
        await SaveAsync(Author("a", book));
        await using var db = Open();
        var loans = await db.Loans.OrderBy(x => x.Id).ToListAsync();
        await Database.ExecuteAsync("UPDATE loans SET version = 7 WHERE reader = 'r3'");
        foreach (var loan in loans)
        {
            (loan.ReturnedAt, loan.Version) = (new DateTime(2026, 2, 1), 1);
        }

        var error = await Assert.ThrowsAsync<DbUpdateConcurrencyException>(() => db.SaveChangesAsync());
        Assert.Equal("r3", ((Loan)Assert.Single(error.Entries).Entity).Reader);
        await using var fresh = Open();
        Assert.Equal(0, await fresh.Loans.CountAsync(x => x.ReturnedAt != null));
    }

    [Fact]
    public async Task Deleting_a_row_that_is_gone_names_the_entry()
    {
        await SaveAsync(Author("a"), Author("b"), Author("c"));
        await using var db = Open();
        db.RemoveRange(await db.Authors.ToListAsync());
        await Database.ExecuteAsync("DELETE FROM authors WHERE name = 'b'");
        var error = await Assert.ThrowsAsync<DbUpdateConcurrencyException>(() => db.SaveChangesAsync());
        Assert.Equal("b", ((Author)Assert.Single(error.Entries).Entity).Name);
    }

    [Fact]
    public async Task An_update_that_changes_nothing_is_not_stale()
    {
        await SaveAsync(Author("same"));
        await using var db = Open();
        var author = await db.Authors.SingleAsync();
        db.Entry(author).Property(x => x.Name).IsModified = true;
        Assert.Equal(1, await db.SaveChangesAsync());
    }

    [Fact]
    public async Task Errors_of_the_server_arrive_with_their_number()
    {
        await SaveAsync(Author("a", new Book { Title = "b", Isbn = "1" }));
        await using (var db = Open())
        {
            db.Add(Author("c", new Book { Title = "d", Isbn = "1" }));
            Assert.Equal(1062, await NumberAsync(db));
        }

        await using (var db = Open())
        {
            db.Remove(await db.Authors.SingleAsync());
            Assert.Equal(1451, await NumberAsync(db));
        }

        await using (var db = Open())
        {
            db.Add(new Book { Title = "e", AuthorId = -1 });
            Assert.Equal(1452, await NumberAsync(db));
        }

        await using (var db = Open())
        {
            Assert.Equal(["a"], await db.Authors.Select(x => x.Name).ToListAsync());
        }
    }

    [Fact]
    public async Task A_failure_in_the_middle_of_a_batch_leaves_nothing_behind()
    {
        await SaveAsync(Author("a", new Book { Title = "taken", Isbn = "7" }));
        await using var db = Open();
        db.Add(Author("new", [.. Enumerable.Range(0, 9).Select(i => new Book { Title = $"b{i}", Isbn = $"{i}" })]));
        await Assert.ThrowsAsync<DbUpdateException>(() => db.SaveChangesAsync());
        await using var fresh = Open();
        Assert.Equal((1, 1), (await fresh.Authors.CountAsync(), await fresh.Books.CountAsync()));
    }

    [Fact]
    public async Task Inserts_updates_and_deletes_of_one_save_go_in_the_right_order()
    {
        await SaveAsync(Author("old", new Book { Title = "b1", Isbn = "1" }, new Book { Title = "b2", Isbn = "2" }));
        await using var db = Open();
        var old = await db.Authors.Include(x => x.Books).SingleAsync();
        db.RemoveRange(old.Books);
        db.Remove(old);
        var pupil = Author("pupil");
        pupil.Mentor = Author("mentor", new Book { Title = "b3", Isbn = "1" });
        db.Add(pupil);
        await db.SaveChangesAsync();
        await using var fresh = Open();
        Assert.Equal(["mentor", "pupil"], await fresh.Authors.OrderBy(x => x.Name).Select(x => x.Name).ToListAsync());
        Assert.Equal("mentor", await fresh.Authors.Where(x => x.Name == "pupil").Select(x => x.Mentor!.Name).SingleAsync());
    }

    [Fact]
    public async Task Heavy_rows_are_sent_in_packets_that_the_server_takes()
    {
        await Database.ExecuteAsync("DROP TABLE IF EXISTS samples; " + TypesDb.Schema);
        var blob = new byte[1_500_000];
        Array.Fill(blob, (byte)'\'');
        await using var db = new TypesDb(Database.Options<TypesDb>());
        db.AddRange(Enumerable.Range(0, 20).Select(_ => new Sample { Blob = blob }));
        await db.SaveChangesAsync();
        Assert.Equal(20, await db.Samples.CountAsync(x => x.Blob!.Length == 1_500_000));
    }

    [Fact]
    public async Task Synchronous_saving_does_the_same()
    {
        using var db = Database.Library();
        var author = Author("sync", Book("s"));
        db.Add(author);
        db.SaveChanges();
        author.Name = "synced";
        db.SaveChanges();
        Assert.Equal("synced", db.Authors.AsNoTracking().Include(x => x.Books).Single().Name);
        db.Remove(author.Books[0]);
        Assert.Equal(1, db.SaveChanges());
        await Task.CompletedTask;
    }

    private static async Task<int> NumberAsync(LibraryDb db)
        => ((MySqlException)(await Assert.ThrowsAsync<DbUpdateException>(() => db.SaveChangesAsync())).InnerException!).Number;

    private sealed class Ticket
    {
        public int Id { get; set; }
    }

    private sealed class TicketDb(DbContextOptions<TicketDb> options) : DbContext(options)
    {
        protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.Entity<Ticket>().ToTable("tickets");
    }
}
