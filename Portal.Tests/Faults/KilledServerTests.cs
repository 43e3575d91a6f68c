using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Data;
using Portal.Data.Schema;
using Portal.Hosting.DatabaseServer;
using Portal.Tests.Facilities;
using Portal.Tests.Server;
using static Portal.Tests.Facilities.FacilityWorld;

namespace Portal.Tests.Faults;

/// <summary>The private server killed while people book.</summary>
public sealed class KilledServerTests : IAsyncLifetime
{
    private const int Bookings = 24;
    private readonly string _folder = Directory.CreateTempSubdirectory("portal-killed-").FullName;
    private PrivateServer _server = null!;
    private FacilityWorld _world = null!;

    public async Task InitializeAsync()
    {
        var binary = (await TestServer.GetAsync()).Binary.Path;
        _server = await PrivateServer.StartAsync(
            new PrivateServerOptions
            {
                Folder = Path.Combine(_folder, "data"),
                Binary = binary,
                BufferPoolMegabytes = 64,
            },
            NullLogger.Instance,
            CancellationToken.None
        );
        await new Migrator(_server.ConnectionString, NullLogger<Migrator>.Instance).ApplyAsync();
        _world = new FacilityWorld(_server.ConnectionString);
    }

    public async Task DisposeAsync()
    {
        await _world.DisposeAsync();
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Everything_at_once_through_a_server_killed_again_and_again_keeps_every_promise()
    {
        var storm = new BookingStorm(_world);
        var running = storm.RunAsync(people: 40, turns: 12);
        for (var kills = 1; kills <= 4 && !running.IsCompleted; kills++)
        {
            for (var next = storm.Done + 40; storm.Done < next && !running.IsCompleted;) await Task.Delay(5);
            if (running.IsCompleted) break;
            Process.GetProcessById(_server.ProcessId).Kill();
            await Task.Delay(1500);
        }

        await running.WaitAsync(TimeSpan.FromMinutes(5));
        await storm.CheckAsync();
    }

    [Fact]
    public async Task Everybody_gets_their_booking_once_though_the_server_was_killed_twice_meanwhile()
    {
        var facility = await _world.FacilityAsync(kind: null);
        var people = new List<CurrentUser>();
        for (var i = 0; i < 4; i++)
        {
            people.Add(await _world.OwnerAsync());
        }
        var done = 0;
        var booking = Parallel.ForEachAsync(
            Enumerable.Range(0, Bookings),
            new ParallelOptions { MaxDegreeOfParallelism = people.Count },
            async (slot, _) =>
            {
                var result = await _world.BookAsync(facility, people[slot % people.Count], At(21 + slot / 3, 8 + slot % 3 * 4));
                Assert.True(result.Ok, result.Error?.Code);
                Interlocked.Increment(ref done);
            }
        );
        foreach (var moment in new[] { Bookings / 4, Bookings / 2 })
        {
            while (done < moment && !booking.IsCompleted)
            {
                await Task.Delay(5);
            }
            Process.GetProcessById(_server.ProcessId).Kill();
            await Task.Delay(1000);
        }

        await booking.WaitAsync(TimeSpan.FromMinutes(3));

        var booked = await _world.ReadAsync(db => db.Reservations.Select(r => r.StartDate).ToListAsync());
        Assert.Equal(Bookings, booked.Count);
        Assert.Equal(Bookings, booked.Distinct().Count());
        var numbers = await _world.ReadAsync(db => db.Reservations.OrderBy(r => r.Number).Select(r => r.Number!).ToListAsync());
        Assert.Equal(Enumerable.Range(1, Bookings).Select(i => $"R-2026-{i:000000}"), numbers);
        Assert.Equal(
            Bookings,
            await _world.ReadAsync(db => db.AuditLog.CountAsync(e => e.TableName == "reservations" && e.Action == "insert"))
        );
    }
}
