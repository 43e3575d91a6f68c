using Microsoft.EntityFrameworkCore;
using MySqlConnector;

namespace Portal.Tests.Database;

/// <summary>New rows of one table go in one INSERT, and each gets back what the server made of it, not what it made of its
/// neighbour.</summary>
public sealed class ManyRowsTests(LibraryDatabase database) : LibraryTest(database)
{
    private static readonly DateTime Taken = new(2026, 3, 1, 10, 0, 0);

    [Fact]
    public async Task A_hundred_rows_are_one_statement_and_each_has_its_own_values()
    {
        var book = Book("one");
        await SaveAsync(Author("a", book));
        var log = new SqlLog();
        await using var db = Open(log);
        var loans = Enumerable.Range(0, 100).Select(i => Loan(book, i)).ToList();
        db.AddRange(loans);
        await db.SaveChangesAsync();

        Assert.Single(log.Commands, sql => sql.Contains("INSERT"));
        Assert.Equal(1, Count(log.Last, "INSERT INTO"));
        await AssertStoredAsync(loans);
    }

    [Fact]
    public async Task Rows_of_two_tables_added_in_turn_find_each_other()
    {
        var authors = Enumerable.Range(0, 60).Select(i => Author($"author {i}", Book($"first {i}", i), Book($"second {i}", i))).ToList();
        var log = new SqlLog();
        await using (var db = Open(log))
        {
            foreach (var author in authors) db.Add(author);
            await db.SaveChangesAsync();
        }

        Assert.Equal(2, log.Commands.Sum(sql => Count(sql, "INSERT INTO")));
        await using var fresh = Open();
        var stored = await fresh.Authors.Include(author => author.Books).ToListAsync();
        Assert.Equal(
            authors.Select(author => (author.Id, author.Name, Titles(author))),
            stored.OrderBy(author => author.Id).Select(author => (author.Id, author.Name, Titles(author))));
    }

    [Fact]
    public async Task Rows_that_write_other_columns_than_their_neighbour_are_right_too()
    {
        var book = Book("one");
        await SaveAsync(Author("a", book));
        var loans = Enumerable.Range(0, 100).Select(i => Loan(book, i)).ToList();
        // Every third brings the time that the server would otherwise fill in, some of them side by side.
        foreach (var loan in loans.Where((_, i) => i % 7 is 0 or 1 or 4)) loan.CreatedAt = new DateTime(2020, 1, 1).AddDays(loan.Version);
        await using var db = Open();
        db.AddRange(loans);
        await db.SaveChangesAsync();
        await AssertStoredAsync(loans);
    }

    [Fact]
    public async Task Triggers_that_insert_for_themselves_do_not_come_between_the_ids()
    {
        await Database.ExecuteAsync(
            """
            CREATE TABLE IF NOT EXISTS taken (id INT AUTO_INCREMENT PRIMARY KEY, loan_id INT, reader VARCHAR(100));
            CREATE TRIGGER before_loan BEFORE INSERT ON loans FOR EACH ROW INSERT INTO taken (reader) VALUES (NEW.reader);
            CREATE TRIGGER after_loan AFTER INSERT ON loans FOR EACH ROW INSERT INTO taken (loan_id, reader) VALUES (NEW.id, NEW.reader);
            """);
        try
        {
            var book = Book("one");
            await SaveAsync(Author("a", book));
            var loans = Enumerable.Range(0, 100).Select(i => Loan(book, i)).ToList();
            await SaveAsync([.. loans]);
            await AssertStoredAsync(loans);
            await using var db = Open();
            var told = await db.Database.SqlQuery<string>(
                $"SELECT CONCAT(loan_id, ' ', reader) AS Value FROM taken WHERE loan_id IS NOT NULL ORDER BY id").ToListAsync();
            Assert.Equal(loans.Select(loan => $"{loan.Id} {loan.Reader}"), told);
        }
        finally
        {
            await Database.ExecuteAsync("DROP TRIGGER before_loan; DROP TRIGGER after_loan; DROP TABLE taken;");
        }
    }

    [Fact]
    public async Task Many_who_insert_at_once_get_their_own_ids()
    {
        var book = Book("one");
        await SaveAsync(Author("a", book));
        var mine = await Task.WhenAll(Enumerable.Range(0, 8).Select(async who =>
        {
            var all = new List<Loan>();
            for (var round = 0; round < 5; round++)
            {
                var loans = Enumerable.Range(0, 30).Select(i => Loan(book, i, $"reader {who} {round} {i}")).ToList();
                await SaveAsync([.. loans]);
                all.AddRange(loans);
                // How many rows this has the server learns as it goes, so it reserves their ids bit by bit, in between those of the others.
                await Database.ExecuteAsync(
                    $"""
                    INSERT INTO loans (book_id, reader, taken_at)
                    WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 50) SELECT {book.Id}, 'other', NOW() FROM n
                    """);
            }

            return all;
        }));
        await AssertStoredAsync([.. mine.SelectMany(loans => loans)]);
    }

    [Fact]
    public async Task Ids_handed_out_in_steps_are_followed()
    {
        await using var db = Open();
        await db.Database.OpenConnectionAsync();
        await db.Database.ExecuteSqlAsync($"SET SESSION auto_increment_increment = 5, auto_increment_offset = 3");
        var book = Book("one");
        db.Add(Author("a", book));
        await db.SaveChangesAsync();
        var loans = Enumerable.Range(0, 20).Select(i => Loan(book, i)).ToList();
        db.AddRange(loans);
        await db.SaveChangesAsync();
        Assert.All(loans, loan => Assert.Equal(3, loan.Id % 5));
        await AssertStoredAsync(loans);
    }

    [Fact]
    public async Task One_row_that_is_refused_refuses_all_and_says_why()
    {
        await SaveAsync(Author("a", new Book { Title = "there", Isbn = "57" }));
        await using var db = Open();
        var author = Author("b", [.. Enumerable.Range(0, 100).Select(i => new Book { Title = $"{i}", Isbn = $"{i}" })]);
        db.Add(author);
        var refused = await Assert.ThrowsAsync<DbUpdateException>(() => db.SaveChangesAsync());
        var told = Assert.IsType<MySqlException>(refused.InnerException);
        Assert.Equal(MySqlErrorCode.DuplicateKeyEntry, told.ErrorCode);
        Assert.Contains("uq_isbn", told.Message);
        await using (var fresh = Open())
        {
            Assert.Equal(1, await fresh.Books.CountAsync());
            Assert.Equal(1, await fresh.Authors.CountAsync());
        }

        // What was refused can be mended and saved.
        author.Books[57].Isbn = "other";
        await db.SaveChangesAsync();
        await using var after = Open();
        var stored = await after.Books.Where(book => book.AuthorId == author.Id).OrderBy(book => book.Id).ToListAsync();
        Assert.Equal(author.Books.Select(book => (book.Id, book.Title)), stored.Select(book => (book.Id, book.Title)));
    }

    [Fact]
    public async Task A_row_changed_meanwhile_is_noticed_among_new_ones()
    {
        var book = Book("one");
        await SaveAsync(Author("a", book));
        var loan = Loan(book, 0);
        await SaveAsync(loan);
        await Database.ExecuteAsync("UPDATE loans SET version = version + 1");
        await using var db = Open();
        db.Attach(loan);
        (loan.Version, loan.Reader) = (loan.Version + 1, "changed");
        db.AddRange(Enumerable.Range(0, 50).Select(i => Loan(book, i)));
        await Assert.ThrowsAsync<DbUpdateConcurrencyException>(() => db.SaveChangesAsync());
        await using var fresh = Open();
        Assert.Equal(1, await fresh.Loans.CountAsync());
    }

    [Fact]
    public async Task What_one_packet_may_not_hold_goes_in_several()
    {
        await Database.ExecuteAsync("ALTER TABLE books MODIFY title LONGTEXT NOT NULL");
        var author = Author("a", [.. Enumerable.Range(0, 40).Select(i => Book(new string((char)('a' + (i % 26)), 100_000), i))]);
        var log = new SqlLog();
        await using var db = Open(log);
        db.Add(author);
        await db.SaveChangesAsync();
        Assert.InRange(log.Commands.Count(sql => sql.Contains("INSERT INTO `books`")), 40 / 3, 40 / 2);
        await using var fresh = Open();
        Assert.Equal(
            author.Books.Select(book => (book.Id, book.Pages, book.Title[0])),
            (await fresh.Books.OrderBy(book => book.Id).ToListAsync()).Select(book => (book.Id, book.Pages, book.Title[0])));
    }

    private static Loan Loan(Book book, int i, string? reader = null) => new()
    {
        BookId = book.Id,
        Reader = reader ?? $"reader {i}",
        TakenAt = Taken,
        ReturnedAt = i % 3 == 0 ? null : Taken.AddDays(i),
        Version = i,
    };

    private static string Titles(Author author) =>
        string.Join(", ", author.Books.OrderBy(book => book.Id).Select(book => $"{book.Id} {book.Title} {book.Pages}"));

    private static int Count(string sql, string word) => sql.Split(word).Length - 1;

    /// <summary>What each object says of itself after the save is what its row says.</summary>
    private async Task AssertStoredAsync(List<Loan> loans)
    {
        await using var db = Open();
        var stored = await db.Loans.AsNoTracking().ToDictionaryAsync(loan => loan.Id);
        Assert.Equal(loans.Count, loans.Select(loan => loan.Id).Distinct().Count());
        Assert.All(loans, loan =>
        {
            var row = stored[loan.Id];
            Assert.Equal((row.Reader, row.Version, row.Days, row.CreatedAt), (loan.Reader, loan.Version, loan.Days, loan.CreatedAt));
            Assert.Equal(loan.ReturnedAt is { } back ? (back - loan.TakenAt).Days : -1, loan.Days);
            Assert.NotNull(loan.CreatedAt);
        });
    }
}
