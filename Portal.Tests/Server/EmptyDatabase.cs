namespace Portal.Tests.Server;

/// <summary>A database with nothing in it, for tests of the schema itself; dropped at the end.</summary>
public sealed class EmptyDatabase : IAsyncDisposable
{
    private static int _created;
    private readonly TestServer _server;

    private EmptyDatabase(TestServer server, string name) =>
        (_server, Name, ConnectionString) = (server, name, server.ConnectionString(name));

    public string Name { get; }

    public string ConnectionString { get; }

    public static async Task<EmptyDatabase> CreateAsync(string options = "CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci")
    {
        var server = await TestServer.GetAsync();
        var database = new EmptyDatabase(server, $"empty_{Interlocked.Increment(ref _created)}");
        await server.ExecuteAsync($"CREATE DATABASE {database.Name} {options}");
        return database;
    }

    public Task ExecuteAsync(string sql) => _server.ExecuteAsync($"USE {Name}; {sql}");

    public async ValueTask DisposeAsync() => await _server.ExecuteAsync($"DROP DATABASE IF EXISTS {Name}");
}
