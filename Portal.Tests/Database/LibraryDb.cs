using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Portal.Tests.Database;

public enum Genre
{
    Novel,
    Poetry,
    Essay,
}

public sealed class Author
{
    public int Id { get; set; }
    public required string Name { get; set; }
    public string? Country { get; set; }
    public DateOnly? Born { get; set; }
    public int? MentorId { get; set; }
    public Author? Mentor { get; set; }
    public List<Book> Books { get; set; } = [];
}

public sealed class Book
{
    public int Id { get; set; }
    public int AuthorId { get; set; }
    public Author Author { get; set; } = null!;
    public required string Title { get; set; }
    public string? Isbn { get; set; }
    public int Pages { get; set; }
    public decimal Price { get; set; }
    public double? Rating { get; set; }
    public Genre Genre { get; set; }
    public bool InPrint { get; set; }
    public bool? Lendable { get; set; }
    public List<Loan> Loans { get; set; } = [];
}

public sealed class Loan
{
    public int Id { get; set; }
    public int BookId { get; set; }
    public Book Book { get; set; } = null!;
    public required string Reader { get; set; }
    public DateTime TakenAt { get; set; }
    public DateTime? ReturnedAt { get; set; }
    public int Version { get; set; }
    public DateTime? CreatedAt { get; set; }
    public int Days { get; private set; }
}

/// <summary>The small model these tests speak about: authors, their books, and who borrowed those.</summary>
public sealed class LibraryDb(DbContextOptions<LibraryDb> options) : DbContext(options)
{
    public const string Schema = """
        CREATE TABLE authors (
          id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(100) NOT NULL, country VARCHAR(2) NULL, born DATE NULL, mentor_id INT NULL,
          CONSTRAINT fk_mentor FOREIGN KEY (mentor_id) REFERENCES authors (id));
        CREATE TABLE books (
          id INT AUTO_INCREMENT PRIMARY KEY, author_id INT NOT NULL, title VARCHAR(200) NOT NULL, isbn VARCHAR(20) NULL, pages INT NOT NULL,
          price DECIMAL(10,2) NOT NULL, rating DOUBLE NULL, genre ENUM('Novel','Poetry','Essay') NOT NULL,
          in_print TINYINT(1) NOT NULL, lendable TINYINT(1) NULL,
          CONSTRAINT uq_isbn UNIQUE (isbn), CONSTRAINT fk_author FOREIGN KEY (author_id) REFERENCES authors (id));
        CREATE TABLE loans (
          id INT AUTO_INCREMENT PRIMARY KEY, book_id INT NOT NULL, reader VARCHAR(100) NOT NULL, taken_at DATETIME NOT NULL,
          returned_at DATETIME NULL, version INT NOT NULL DEFAULT 0, created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
          days INT AS (COALESCE(DATEDIFF(returned_at, taken_at), -1)) STORED,
          CONSTRAINT fk_book FOREIGN KEY (book_id) REFERENCES books (id));
        """;

    public DbSet<Author> Authors => Set<Author>();

    public DbSet<Book> Books => Set<Book>();

    public DbSet<Loan> Loans => Set<Loan>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Author>(author =>
        {
            author.ToTable("authors");
            author.Property(x => x.MentorId).HasColumnName("mentor_id");
            author.Property(x => x.Name).HasMaxLength(100);
        });
        modelBuilder.Entity<Book>(book =>
        {
            book.ToTable("books");
            book.Property(x => x.AuthorId).HasColumnName("author_id");
            book.Property(x => x.InPrint).HasColumnName("in_print");
            book.Property(x => x.Genre).HasConversion<string>().HasColumnType("enum('Novel','Poetry','Essay')");
            book.Property(x => x.Price).HasPrecision(10, 2);
        });
        modelBuilder.Entity<Loan>(loan =>
        {
            loan.ToTable("loans");
            loan.Property(x => x.BookId).HasColumnName("book_id");
            loan.Property(x => x.TakenAt).HasColumnName("taken_at").HasColumnType("datetime");
            loan.Property(x => x.ReturnedAt).HasColumnName("returned_at").HasColumnType("datetime");
            loan.Property(x => x.CreatedAt).HasColumnName("created_at").HasColumnType("timestamp").ValueGeneratedOnAdd();
            loan.Property(x => x.Days).ValueGeneratedOnAddOrUpdate();
            loan.Property(x => x.Version).IsConcurrencyToken();
        });
    }
}

/// <summary>Remembers the SQL of every command, and how many there were.</summary>
public sealed class SqlLog : DbCommandInterceptor
{
    public List<string> Commands { get; } = [];

    public string Last => Commands[^1];

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        Commands.Add(command.CommandText);
        return base.ReaderExecutingAsync(command, eventData, result, cancellationToken);
    }

    public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        Commands.Add(command.CommandText);
        return base.NonQueryExecutingAsync(command, eventData, result, cancellationToken);
    }
}
