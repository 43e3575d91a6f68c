using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Portal.Data.Database;
using Portal.Tests.Server;

namespace Portal.Tests.Database;

/// <summary>A database for tests of how the portal uses its server, which knows nothing of the portal.</summary>
public sealed class LibraryDatabase : IAsyncLifetime
{
    private static int _created;

    private readonly string _name = string.Create(CultureInfo.InvariantCulture, $"library_{Interlocked.Increment(ref _created)}");
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

    /// <summary>A context that repeats nothing unless asked to, so that a test sees each failure.</summary>
    public LibraryDb Library(
        IInterceptor? interceptor = null, Action<MySqlDbContextOptionsBuilder>? configure = null, string more = "", bool retries = false)
    {
        var options = new DbContextOptionsBuilder<LibraryDb>().UseDatabase(ConnectionString + more, mysql =>
        {
            if (!retries) mysql.ExecutionStrategy(dependencies => new NonRetryingExecutionStrategy(dependencies));
            configure?.Invoke(mysql);
        });
        if (interceptor is not null) options.AddInterceptors(interceptor);
        return new LibraryDb(options.Options);
    }
}

/// <summary>A class of tests on a library of its own, empty at the start of each test.</summary>
public abstract class LibraryTest(LibraryDatabase database) : IClassFixture<LibraryDatabase>, IAsyncLifetime
{
    protected LibraryDatabase Database { get; } = database;

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
