using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using MySqlConnector;
using Portal.Data.Database;

namespace Portal.Tests.Database;

/// <summary>Servers that accept a connection and then say too little.</summary>
public sealed class OpeningTests : IDisposable
{
    private readonly StallingServer _server = new();

    public void Dispose() => _server.Dispose();

    [Fact]
    public async Task A_server_that_stalls_in_the_TLS_handshake_costs_an_error_and_not_the_process()
    {
        _server.GreetsWithTls = true;
        await TimesOutAsync("Preferred");
    }

    [Fact]
    public async Task A_server_that_stalls_after_its_greeting_costs_an_error()
    {
        _server.GreetsWithTls = true;
        await TimesOutAsync("Disabled");
    }

    [Fact]
    public Task A_server_that_says_nothing_costs_an_error() => TimesOutAsync("Preferred");

    [Fact]
    public async Task A_cancelled_opening_is_left_behind_and_its_place_comes_back_when_it_ends()
    {
        _server.GreetsWithTls = true;
        var text = _server.ConnectionString("Preferred") + ";Maximum Pool Size=1";
        await using var db = Open(text);
        for (var i = 0; i < 3; i++)
        {
            using var cancel = new CancellationTokenSource(100);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => db.Database.OpenConnectionAsync(cancel.Token));
        }

        await using (var other = Open(text))
        {
            await IsLateAsync(other);
        }

        // The driver tries again with an older TLS before it gives up, so the place may take a moment to come back.
        _server.HangsUp = true;
        _server.HangUp();
        Exception? last = null;
        for (var i = 0; i < 10 && last is not MySqlException; i++)
        {
            await using var other = Open(text);
            last = await Record.ExceptionAsync(() => other.Database.OpenConnectionAsync());
        }

        Assert.IsType<MySqlException>(last);
    }

    private async Task TimesOutAsync(string tls)
    {
        var text = _server.ConnectionString(tls);
        var watch = Stopwatch.StartNew();
        await using (var db = Open(text))
        {
            await IsLateAsync(db);
            Assert.InRange(watch.ElapsedMilliseconds, 900, 5000);
        }

        // Longer than any time-out above: what strikes late would strike here.
        await Task.Delay(1500);
    }

    private static async Task IsLateAsync(LibraryDb db)
    {
        var error = await Assert.ThrowsAnyAsync<Exception>(() => db.Database.OpenConnectionAsync());
        Assert.True(error is MySqlException && TransientErrors.IsTimeOut(error), error.ToString());
    }

    private static LibraryDb Open(string text) => new(new DbContextOptionsBuilder<LibraryDb>()
        .UseMySql(
            DatabaseServer.Force(text), ServerVersion.Parse("8.0.36-mysql"),
            mysql => mysql.ExecutionStrategy(dependencies => new NonRetryingExecutionStrategy(dependencies)))
        .Options);

    private sealed class StallingServer : IDisposable
    {
        // Protocol 10, a version, a thread, a salt, and the capabilities of a server that speaks TLS.
        private static readonly byte[] Greeting =
        [
            74, 0, 0, 0, 10, .. "8.0.36\0"u8, 9, 0, 0, 0, .. "abcdefgh"u8, 0, 0xff, 0xff, 0xff, 2, 0, 0xff, 0xdf, 21, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
            .. "ijklmnopqrst\0"u8, .. "caching_sha2_password\0"u8,
        ];

        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly List<TcpClient> _clients = [];

        public StallingServer()
        {
            _listener.Start();
            _ = AcceptAsync();
        }

        public bool GreetsWithTls { get; set; }

        public bool HangsUp { get; set; }

        public string ConnectionString(string tls) => string.Create(
            CultureInfo.InvariantCulture,
            $"Server=127.0.0.1;Port={((IPEndPoint)_listener.LocalEndpoint).Port};User ID=root;SslMode={tls};Connection Timeout=1");

        public void HangUp()
        {
            lock (_clients)
            {
                _clients.ForEach(client => client.Dispose());
                _clients.Clear();
            }
        }

        public void Dispose()
        {
            _listener.Dispose();
            HangUp();
        }

        private async Task AcceptAsync()
        {
            try
            {
                while (true)
                {
                    var client = await _listener.AcceptTcpClientAsync();
                    if (HangsUp)
                    {
                        client.Dispose();
                        continue;
                    }

                    lock (_clients)
                    {
                        _clients.Add(client);
                    }

                    if (GreetsWithTls)
                    {
                        await client.GetStream().WriteAsync(Greeting);
                    }
                }
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException)
            {
                // The test is over.
            }
        }
    }
}
