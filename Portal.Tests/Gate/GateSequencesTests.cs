using System.Diagnostics;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Gate;
using Portal.Data.Schema;
using Portal.Tests.Server;
using static Portal.Tests.Gate.GateWorld;

namespace Portal.Tests.Gate;

/// <summary>
/// Random steps of two terminals: keys, clocks that are wrong and set right, cuts before and after the answer, reloads. Every key is there
/// once, and the visits are those of a model that knows nothing of the database.
/// </summary>
public sealed class GateSequencesTests(TestDatabase database) : DatabaseTest(database)
{
    private const int EachSequence = 1_250;

    /// <summary>Every run does some; <c>PORTAL_TEST_GATE_STEPS=10000</c> does many, with other seeds.</summary>
    private static readonly int Steps = int.TryParse(Environment.GetEnvironmentVariable("PORTAL_TEST_GATE_STEPS"), out var steps) ? steps : 2_500;

    private static readonly string[] Persons = ["Lina", "Otto", "Ana", "Luis"];

    [Fact]
    public async Task Random_steps_end_as_the_model_says_and_each_key_is_there_once()
    {
        var clock = Stopwatch.StartNew();
        for (var seed = 1; seed <= Steps / EachSequence; seed++)
        {
            await using var world = new GateWorld(Database);
            await world.BeginAsync();
            await new Run(world, seed).PlayAsync();
        }

        // Printed, not asserted.
        Console.WriteLine($"{Steps} steps of two terminals took {clock.Elapsed.TotalSeconds:0.0} s");
    }

    private sealed class Run(GateWorld world, int seed)
    {
        private readonly Random _random = new(seed);
        private readonly GateModel _model = new();
        private readonly List<(AnnouncedVisit Visit, GateModel.Row Row)> _passes = [];
        private Device[] _devices = [];
        private DateTime _now = At(4, 8, 0);

        private sealed class Device(Terminal terminal, int number)
        {
            public Terminal Terminal => terminal;

            public int Number => number;

            /// <summary>By how much its clock is ahead of the portal's.</summary>
            public TimeSpan Skew { get; set; }

            public bool Cut { get; set; }

            public long Seq { get; set; }

            public Queue<(JsonElement Event, GateModel.Act Act)> Waiting { get; } = [];

            public List<GateModel.Act> Done { get; } = [];
        }

        public async Task PlayAsync()
        {
            foreach (var name in new[] { "Pase 1", "Pase 2", "Pase 3" })
            {
                var made = await world.Get<VisitService>().AnnounceAsync(
                    new Announcement(VisitorKind.Guest, 101, name, null, 1, null, null, At(4, 0, 0), At(6, 0, 0)),
                    world.People.As(Portal.Tests.Authority.Who.Owner), default);
                _passes.Add((made.Value, _model.Announce(name)));
            }

            _devices = [new Device(world.A, 1), new Device(world.B, 2)];
            for (var step = 0; step < EachSequence; step++)
            {
                _now = _now.AddMilliseconds(_random.Next(100, 90_000));
                var device = _devices[_random.Next(2)];
                switch (_random.Next(20))
                {
                    case < 3: Act(device); break;
                    case < 5: device.Cut = !device.Cut; break;
                    case 5: device.Skew = TimeSpan.FromSeconds(_random.Next(4) == 0 ? _random.Next(-90_000, 90_000) : _random.Next(-400, 400)); break;
                    default: await SendAsync(device); break;
                }
            }

            foreach (var device in _devices)
            {
                device.Cut = false;
                while (device.Waiting.Count > 0) await SendAsync(device);
            }

            await CheckAsync();
        }

        private void Act(Device device)
        {
            var person = Persons[_random.Next(Persons.Length)];
            var (pass, passRow) = _passes[_random.Next(_passes.Count)];
            var all = _devices.SelectMany(d => d.Done).ToList();
            var key = Guid.NewGuid().ToString();
            var of = all.Count > 0 ? all[Math.Max(0, all.Count - 1 - _random.Next(12))] : null;
            var document = $"700{Array.IndexOf(Persons, person)}";
            switch (_random.Next(10))
            {
                case < 3: Add("enter", Terminal.WalkIn(person, document), person: person); break;
                case 3: Add("enter", new { visit = pass.Id, authority = "pass" }, pass: passRow); break;
                case < 7: Add("exit", new { identification = document, name = person }, person: person); break;
                case 7 when of is { Kind: "enter", Person: not null }:
                    Add("exit", new { entry = of.Key, identification = $"700{Array.IndexOf(Persons, of.Person)}", name = of.Person }, of.Person, of: of.Key);
                    break;
                default:
                    if (of is not null) Add("undo", new { of = of.Key }, of: of.Key);
                    break;
            }

            void Add(string kind, object fields, string? person = null, GateModel.Row? pass = null, string? of = null)
            {
                device.Terminal.Offline = device.Cut;
                var at = _now + device.Skew;
                var json = device.Terminal.Event(kind, at, fields, key);
                var act = new GateModel.Act(
                    key, device.Number, ++device.Seq, kind, at.AddSeconds(device.Terminal.Offset), device.Terminal.Contact ?? At(4, 0, 0), device.Cut,
                    person, pass, of);
                device.Waiting.Enqueue((json, act));
                device.Done.Add(act);
            }
        }

        /// <summary>As the page sends: in order, until it hears an answer; the answer may get lost, or the page may be closed over it.</summary>
        private async Task SendAsync(Device device)
        {
            if (device.Cut || device.Waiting.Count == 0) return;
            var batch = device.Waiting.Take(_random.Next(1, 9)).ToList();
            world.Time.Utc = DateTime.SpecifyKind(_now.AddHours(5), DateTimeKind.Utc);
            var lost = _random.Next(5) == 0;
            var results = await device.Terminal.SendAsync([.. batch.Select(b => b.Event)]);
            foreach (var ((_, act), result) in batch.Zip(results))
                Assert.True(_model.Deliver(act, _now) == PortalModel.Snake($"{result.Outcome}"), $"seed {seed}: {act} came to {result}");
            if (lost) return;
            foreach (var _ in batch) device.Waiting.Dequeue();
            (device.Terminal.Contact, device.Terminal.Offset) = (_now, -device.Skew.TotalSeconds);
        }

        private async Task CheckAsync()
        {
            await using var db = await world.Get<PortalStore>().OpenAsync(CurrentUser.System, default);
            var keys = await db.GateEvents.Select(e => e.EventKey).ToListAsync();
            Assert.Equal(_devices.SelectMany(d => d.Done).Select(a => a.Key).Order(), keys.Order());
            var open = (await db.GateConflicts.Where(c => c.SettledAt == null && c.VisitorId != null).ToListAsync())
                .ToLookup(c => c.VisitorId!.Value, c => PortalModel.Snake($"{c.Kind}"));
            var rows = (await db.Visitors.AsNoTracking().OrderBy(v => v.Id).ToListAsync()).Select(v =>
            {
                var row = new GateModel.Row
                {
                    Name = v.Name, State = PortalModel.Snake($"{v.State}"), In = v.Entered, Out = v.WentOut, Auto = v.AutoClosed, Offline = v.Offline,
                    Doubt = v.TimeDoubt,
                };
                row.Flags.UnionWith(open[v.Id]);
                return row.ToString();
            });
            Assert.Equal(_model.Rows.Select(r => r.ToString()), rows);
        }
    }
}
