using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Portal.Data;
using Portal.Data.Database;
using Portal.Data.Gate;
using Portal.Data.Identity;
using Portal.Data.Schema;
using Portal.Tests.Authority;
using Portal.Tests.Server;

namespace Portal.Tests.Gate;

/// <summary>A gate in December 2026 with two terminals, whose time goes on when a test says so.</summary>
internal sealed class GateWorld : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly AsyncServiceScope _scope;

    public GateWorld(TestDatabase database)
    {
        People = new AuthorityWorld(database);
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<IConfiguration>(
            new ConfigurationBuilder().AddInMemoryCollection([new("Gate:KeyFolder", Path.Combine(Path.GetTempPath(), $"gate-{Guid.NewGuid():N}"))]).Build());
        services.AddSingleton<TimeProvider>(Time);
        services.AddPortalData(
            options => options.UseDatabase(database.ConnectionString), TimeZoneInfo.FindSystemTimeZoneById(BuildingClock.DefaultZone));
        services.Configure<AccountOptions>(options => options.BcryptCost = Bcrypt.LowestCost);
        _services = services.BuildServiceProvider();
        _scope = _services.CreateAsyncScope();
    }

    public AuthorityWorld People { get; }

    public StoppedClock Time { get; } = new(Utc(4, 0, 0));

    public Terminal A { get; private set; } = null!;

    public Terminal B { get; private set; } = null!;

    public CurrentUser Guard => People.As(Who.Guard);

    public T Get<T>() where T : notnull => _scope.ServiceProvider.GetRequiredService<T>();

    /// <summary>A moment of the building's wall in December 2026.</summary>
    public static DateTime At(int day, int hour, int minute, int second = 0) => new(2026, 12, day, hour, minute, second);

    private static DateTime Utc(int day, int hour, int minute, int second = 0) =>
        DateTime.SpecifyKind(At(day, hour, minute, second).AddHours(5), DateTimeKind.Utc);

    public async Task BeginAsync()
    {
        await People.BeginAsync(new Empty());
        A = await EnrolAsync("A");
        B = await EnrolAsync("B");
    }

    public async Task<Terminal> EnrolAsync(string name)
    {
        var code = await Get<TerminalService>().AddAsync(name, People.As(Who.Admin), default);
        var enrolled = await Get<TerminalService>().EnrolAsync(code.Value.Code, CurrentUser.Nobody, default);
        return new Terminal(this, enrolled.Value.Terminal.Id);
    }

    public void Now(int day, int hour, int minute, int second = 0) => Time.Utc = Utc(day, hour, minute, second);

    /// <summary>Announced for the 4th, 18:00 to 22:00.</summary>
    public async Task<AnnouncedVisit> AnnounceAsync(string name, string? plate = null, string? document = null)
    {
        var made = await Get<VisitService>().AnnounceAsync(
            new Announcement(VisitorKind.Guest, AuthorityWorld.Apartment, name, document, 1, plate, null, At(4, 18, 0), At(4, 22, 0)),
            People.As(Who.Owner), default);
        return made.Value;
    }

    /// <summary>Each visit in a line: name, state, entry, exit, flags.</summary>
    public async Task<string[]> RowsAsync()
    {
        await using var db = await Get<PortalStore>().OpenAsync(CurrentUser.System, default);
        var visits = await db.Visitors.AsNoTracking().OrderBy(v => v.Id).ToListAsync();
        var open = (await db.GateConflicts.AsNoTracking().Where(c => c.SettledAt == null && c.VisitorId != null).OrderBy(c => c.Id).ToListAsync())
            .ToLookup(c => c.VisitorId!.Value, c => PortalModel.Snake($"{c.Kind}"));
        return
        [
            .. visits.Select(v =>
            {
                string[] flags = [.. v.AutoClosed ? ["auto"] : Array.Empty<string>(), .. v.Offline ? ["offline"] : Array.Empty<string>(),
                    .. v.TimeDoubt ? ["time_doubt"] : Array.Empty<string>(), .. open[v.Id]];
                return string.Join(' ', [v.Name, PortalModel.Snake($"{v.State}"), When(v.Entered), When(v.WentOut), .. flags]);
            }),
        ];
    }

    public async Task<int> EventsAsync()
    {
        await using var db = await Get<PortalStore>().OpenAsync(CurrentUser.System, default);
        return await db.GateEvents.CountAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _scope.DisposeAsync();
        await _services.DisposeAsync();
        await People.DisposeAsync();
    }

    private static string When(DateTime? at) => at?.ToString("d'_'HH:mm", CultureInfo.InvariantCulture) ?? "-";

    private sealed class Empty : AreaMatrix
    {
        public override IEnumerable<Entry> Entries => [];
    }

    /// <summary>A device with its own clock.</summary>
    internal sealed class Terminal(GateWorld world, long id)
    {
        private int _seq;

        public long Id => id;

        /// <summary>Without an answer of the portal.</summary>
        public bool Offline { get; set; }

        /// <summary>Seconds that its clock was behind at the last answer.</summary>
        public double Offset { get; set; }

        public DateTime? Contact { get; set; }

        /// <param name="at">By the device's clock, as the wall shows it.</param>
        public JsonElement Event(string kind, DateTime at, object fields, string? key = null) => JsonSerializer.SerializeToElement(
            new Dictionary<string, object?>
            {
                ["key"] = key ?? Guid.NewGuid().ToString(), ["seq"] = ++_seq, ["kind"] = kind, ["at"] = Iso(at.AddHours(5)), ["offset"] = Offset,
                ["contact"] = Contact is { } contact ? Iso(contact.AddHours(5)) : null, ["offline"] = Offline, ["guard"] = AuthorityWorld.Id(Who.Guard),
                ["v"] = 1, ["fields"] = fields,
            });

        public async Task<IReadOnlyList<EventResult>> SendAsync(params JsonElement[] events)
        {
            var taken = await world.Get<GateEvents>().TakeAsync(id, events, world.Guard, default);
            Assert.True(taken.Ok, taken.Error?.Code);
            return taken.Value;
        }

        public async Task<EventResult> SendAsync(string kind, DateTime at, object fields) => (await SendAsync(Event(kind, at, fields)))[0];

        /// <summary>Somebody who was not announced.</summary>
        public static object WalkIn(string name, string? document = null, string? plate = null) =>
            new { unit = AuthorityWorld.Apartment, name, identification = document, vk = "guest", people = 1, plate, authority = "host" };

        private static string Iso(DateTime utc) => utc.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
    }
}
