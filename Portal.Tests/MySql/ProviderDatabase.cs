using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Portal.Data.MySql.Infrastructure;
using Portal.Tests.Server;

namespace Portal.Tests.MySql;

/// <summary>A database for tests of the provider, which knows nothing of the portal: it has the tables a test class asks for and no others.</summary>
public sealed class ProviderDatabase : IAsyncLifetime
{
    private static int _created;

    private readonly string _name = string.Create(CultureInfo.InvariantCulture, $"provider_{Interlocked.Increment(ref _created)}");
    private TestServer _server = null!;

    public string ConnectionString { get; private set; } = "";

    public async Task InitializeAsync()
    {
        _server = await TestServer.GetAsync();
        ConnectionString = _server.ConnectionString(_name);
        await _server.ExecuteAsync(
            $"CREATE DATABASE {_name} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci; USE {_name}; {LibraryDb.Schema}");
    }

    public Task DisposeAsync() => _server.ExecuteAsync($"DROP DATABASE {_name}");

    /// <summary>Runs SQL behind EF Core's back, on a connection of its own.</summary>
    public Task ExecuteAsync(string sql) => _server.ExecuteAsync($"USE {_name}; {sql}");

    /// <summary>Empties the library.</summary>
    public Task CleanAsync() => ExecuteAsync("DELETE FROM loans; DELETE FROM books; UPDATE authors SET mentor_id = NULL; DELETE FROM authors;");

    public LibraryDb Library(IInterceptor? interceptor = null, Action<MySqlDbContextOptionsBuilder>? configure = null, string more = "")
        => new(Options<LibraryDb>(interceptor, configure, more));

    public DbContextOptions<TContext> Options<TContext>(
        IInterceptor? interceptor = null, Action<MySqlDbContextOptionsBuilder>? configure = null, string more = "")
        where TContext : DbContext
    {
        var options = new DbContextOptionsBuilder<TContext>().UseMySql(ConnectionString + more, configure).EnableSensitiveDataLogging();
        return (interceptor is null ? options : options.AddInterceptors(interceptor)).Options;
    }
}

/// <summary>A class of tests on a library of its own, empty at the start of each test.</summary>
public abstract class LibraryTest(ProviderDatabase database) : IClassFixture<ProviderDatabase>, IAsyncLifetime
{
    protected ProviderDatabase Database { get; } = database;

    public virtual Task InitializeAsync() => Database.CleanAsync();

    public virtual Task DisposeAsync() => Task.CompletedTask;

    protected LibraryDb Open(IInterceptor? interceptor = null) => Database.Library(interceptor);

    protected static Author Author(string name, params Book[] books) => new() { Name = name, Books = [.. books] };

    protected static Book Book(string title, int pages = 100, decimal price = 10, Genre genre = Genre.Novel) => new()
    {
        Title = title,
        Pages = pages,
        Price = price,
        Genre = genre,
    };

    protected async Task SaveAsync(params object[] entities)
    {
        await using var db = Open();
        db.AddRange(entities);
        await db.SaveChangesAsync();
    }
}
