using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Portal.Data.Audit;
using Portal.Data.Building;
using Portal.Data.Facilities;
using Portal.Data.Operations;
using Portal.Data.Packages;
using Portal.Data.Parking;
using Portal.Data.Passes;

namespace Portal.Data.Gate;

/// <summary>One part of what a terminal holds.</summary>
/// <param name="Hash">SHA-256 of <paramref name="Json"/>.</param>
public sealed record SnapshotSection(string Name, string Hash, string Json);

/// <summary>What all terminals hold at a moment.</summary>
/// <param name="Version">Another one when any section is.</param>
/// <param name="ReadAt">UTC by the portal's clock, before anything of it was read.</param>
/// <param name="At">The same by the database's clock: what was saved before it is in here (<see cref="GateSnapshots.MomentAsync"/>).</param>
public sealed record Snapshot(string Version, IReadOnlyList<SnapshotSection> Sections, DateTime ReadAt, DateTime At);

/// <summary>As it goes to one terminal.</summary>
/// <param name="Manifest">The JSON that is signed: which sections, of when, until when.</param>
/// <param name="Signature">Base64.</param>
/// <param name="Bodies">The sections that the terminal does not have, by their hashes.</param>
public sealed record SignedSnapshot(string Manifest, string Signature, IReadOnlyDictionary<string, string> Bodies);

/// <summary>
/// What the terminals go on with when no answer comes: units, passes of these hours, who is inside. The same for all of them, made anew
/// when
/// something changed, and good for twelve hours.
/// </summary>
public sealed class GateSnapshots : IDisposable
{
    /// <summary>After so long it is believed no more.</summary>
    public static readonly TimeSpan Lasts = TimeSpan.FromHours(12);

    /// <summary>Passes whose time lies in this span around now.</summary>
    private static readonly TimeSpan Back = TimeSpan.FromHours(2), Ahead = TimeSpan.FromHours(24);

    /// <summary>Time goes by also when nothing changes; and many changes are one.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60), Shortest = TimeSpan.FromSeconds(2);

    private static readonly string[] Tables =
    [
        "visitors", "passes", "pass_guests", "gate_blocks", "gate_notes", "gate_note_readers", "gate_incidents", "parking", "vehicles", "packages",
        "apartments", "towers", "owners", "profile", "reservations", "settings",
    ];

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new WallClock() },
    };

    private readonly PortalStore _store;
    private readonly BuildingClock _clock;
    private readonly GateKey _key;
    private readonly GateCodes _codes;
    private readonly IDisposable _listening;
    private readonly SemaphoreSlim _one = new(1, 1);
    private Snapshot? _made;
    private DateTime _at;
    private volatile bool _stale;

    public GateSnapshots(PortalStore store, BuildingClock clock, GateKey key, GateCodes codes, LiveFeed feed)
    {
        (_store, _clock, _key, _codes) = (store, clock, key, codes);
        _listening = feed.Listen(Tables, _ =>
        {
            _stale = true;
            return Task.CompletedTask;
        });
    }

    /// <summary>As it is now; a few seconds old at most, a minute where only time has gone by.</summary>
    public async Task<Snapshot> NowAsync(CancellationToken ct)
    {
        if (Fresh() is { } known) return known;
        await _one.WaitAsync(ct);
        try
        {
            if (Fresh() is { } meanwhile) return meanwhile;
            _stale = false;
            var made = await MakeAsync(ct);
            (_made, _at) = (made, _clock.UtcNow);
            return made;
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>It is made anew when it is asked for next.</summary>
    public void Forget() => _made = null;

    /// <param name="have">Hashes of the sections that the terminal has.</param>
    public SignedSnapshot Sign(Snapshot snapshot, long terminal, IReadOnlySet<string> have)
    {
        // Of when it was read: one of a moment ago says nothing of what was saved since.
        var read = snapshot.ReadAt.AddTicks(-(snapshot.ReadAt.Ticks % TimeSpan.TicksPerSecond));
        var manifest = JsonSerializer.Serialize(
            new
            {
                V = 1, Terminal = terminal, Made = Instant(read), Expires = Instant(read + Lasts), At = Milliseconds(snapshot.At),
                snapshot.Version,
                Sections = snapshot.Sections.ToDictionary(s => s.Name, s => s.Hash),
            },
            Json);
        return new SignedSnapshot(
            manifest, Convert.ToBase64String(_key.Sign(manifest)),
            snapshot.Sections.Where(s => !have.Contains(s.Hash)).DistinctBy(s => s.Hash).ToDictionary(s => s.Hash, s => s.Json));
    }

    /// <summary>
    /// Now (UTC) by the database's clock: the same for all portals. A terminal keeps what it sent until a snapshot of a later moment than
    /// that of the answer.
    /// </summary>
    public async Task<DateTime> MomentAsync(CancellationToken ct)
    {
        await using var db = await _store.OpenAsync(CurrentUser.System, ct);
        return await MomentAsync(db, ct);
    }

    private static async Task<DateTime> MomentAsync(PortalDb db, CancellationToken ct) =>
        (await db.Database.SqlQuery<DateTime>($"SELECT UTC_TIMESTAMP(3) AS `Value`").ToListAsync(ct))[0];

    /// <summary>Milliseconds since 1970.</summary>
    public static long Milliseconds(DateTime utc) => new DateTimeOffset(DateTime.SpecifyKind(utc, DateTimeKind.Utc)).ToUnixTimeMilliseconds();

    public void Dispose()
    {
        _listening.Dispose();
        _one.Dispose();
    }

    internal static string Sha(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static string Instant(DateTime utc) => utc.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private Snapshot? Fresh() => _made is { } made && (_clock.UtcNow - _at) is var age && age < (_stale ? Shortest : Longest)
        && age >= TimeSpan.Zero
        ? made
        : null;

    private async Task<Snapshot> MakeAsync(CancellationToken ct)
    {
        await using var db = await _store.OpenAsync(CurrentUser.System, ct);
        var (read, at) = (_clock.UtcNow, await MomentAsync(db, ct));
        var (now, settings) = (_clock.Now, await BuildingSettings.ReadAsync(db, ct));
        var day = DateOnly.FromDateTime(now).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var salt = Convert.ToHexStringLower(_key.Salt($"gate codes {day}"));
        _codes.Keep(salt);
        var passes = await PassesAsync(db, now, ct);
        List<SnapshotSection> sections =
        [
            Section("units", await UnitsAsync(db, ct)),
            Section("passes", passes),
            Section("codes", Codes(passes, salt, now)),
            Section("inside", await InsideAsync(db, settings, now, ct)),
            Section("residents", await ResidentsAsync(db, ct)),
            Section("blocks", await BlocksAsync(db, Convert.ToHexStringLower(_key.Salt($"gate blocks {day}")), ct)),
            Section("notes", await NotesAsync(db, now, ct)),
            Section("incidents", await IncidentsAsync(db, ct)),
            Section("bookings", await BookingsAsync(db, now, ct)),
            Section("parcels", await ParcelsAsync(db, Convert.ToHexStringLower(_key.Salt($"gate parcels {day}")), ct)),
            Section("parking", new SnapParking(settings.ParkingAlarmMinutes, settings.ParkingAlarmHours, settings.ParkingCarsPerApartment)),
        ];
        return new Snapshot(Sha(string.Concat(sections.Select(s => s.Hash)))[..16], sections, read, at);
    }

    private static SnapshotSection Section<T>(string name, T rows)
    {
        var json = JsonSerializer.Serialize(rows, Json);
        return new SnapshotSection(name, Sha(json), json);
    }

    private static async Task<List<SnapUnit>> UnitsAsync(PortalDb db, CancellationToken ct)
    {
        var hosts = await db.Apartments.AsNoTracking().Where(a => a.OwnerId != null)
            .Select(a => new
            {
                a.Id,
                First = db.Profiles.Where(p => p.UserId == a.Owner!.UserId).OrderBy(p => p.Id).Select(p => p.FirstName).FirstOrDefault(),
                Last = db.Profiles.Where(p => p.UserId == a.Owner!.UserId).OrderBy(p => p.Id).Select(p => p.LastName).FirstOrDefault(),
                Tower = a.Tower!.Name,
                a.ApartmentNumber,
            }).OrderBy(a => a.Id).ToListAsync(ct);
        var rules = (await db.Database.SqlQuery<Desk>($"SELECT id AS Id, intercom AS Intercom, gate_rule AS Rule FROM apartments").ToListAsync(ct))
            .ToDictionary(d => d.Id);
        return
        [
            .. hosts.Select(a => new SnapUnit(
                a.Id, UnitName.Of(a.Tower, a.ApartmentNumber), Spelling.WordKey(a.Tower + a.ApartmentNumber),
                [.. Keys(a.Tower, a.ApartmentNumber)], Short(a.First, a.Last), rules[a.Id].Intercom ?? a.ApartmentNumber,
                    rules[a.Id].Rule)),
        ];
    }

    /// <summary>What a unit is typed as: <c>TORRE11204</c>, <c>11204</c>, <c>1204</c>.</summary>
    private static IEnumerable<string> Keys(string tower, string number)
    {
        var last = tower.Trim()[(tower.Trim().LastIndexOf(' ') + 1)..];
        return new[] { tower + number, last + number, number }.Select(text => Spelling.WordKey(text)).Where(key =>
            key.Length > 0).Distinct();
    }

    /// <summary>"A. Ruiz" of Andrea Ruiz Gómez.</summary>
    internal static string Short(string? first, string? last)
    {
        var (given, family) = ((first ?? "").Trim(), (last ?? "").Trim());
        if (family.Length == 0) family = given;
        else if (given.Length > 0) return $"{StringInfo.GetNextTextElement(given)}. {family.Split(' ')[0]}";
        return family.Split(' ')[0];
    }

    private static async Task<List<SnapPass>> PassesAsync(PortalDb db, DateTime now, CancellationToken ct)
    {
        var (from, until) = (now - Back, now + Ahead);
        // Announced visits, with their pass where they have one: those of before there were passes have none.
        var waiting = new[] { VisitorState.Announced, VisitorState.Revoked, VisitorState.Void };
        var singles = await db.Visitors.AsNoTracking()
            .Where(v => v.ExpectedFrom != null && waiting.Contains(v.State) && v.ExpectedUntil >= from && v.ExpectedFrom <= until)
            .OrderBy(v => v.ExpectedFrom).ThenBy(v => v.Id)
            .Select(v => new { Visit = v, v.Pass, Spent = db.Visitors.Any(o => o.PassId == v.PassId && v.PassId != null && o.Id != v.Id
                && (o.State == VisitorState.Inside || o.State == VisitorState.Left)) })
            .Take(2_000).ToListAsync(ct);
        List<SnapPass> rows =
        [
            .. singles.Where(s => !s.Spent).Select(s => new SnapPass(
                s.Visit.PassId, null, s.Visit.Id, "single", Word(s.Visit.Kind), s.Visit.Name, s.Visit.ApartmentId,
                    s.Visit.ExpectedFrom!.Value,
                s.Visit.ExpectedUntil!.Value, s.Visit.People, s.Visit.LicensePlate, s.Visit.Company, Hash(s.Pass?.Token), false, null,
                    null, null,
                s.Visit.State == VisitorState.Revoked ? "revoked" : "open") { Code = s.Visit.PassCode }),
        ];

        var others = await db.Passes.AsNoTracking()
            .Where(p => p.Kind != PassKind.Single && p.EndsAt >= from && p.StartsAt <= until)
            .OrderBy(p => p.StartsAt).ThenBy(p => p.Id).Take(2_000).ToListAsync(ct);
        var ids = others.ConvertAll(p => p.Id);
        var inside = await db.Visitors.AsNoTracking().Where(v => v.PassId != null && ids.Contains(v.PassId.Value)
            && v.State == VisitorState.Inside)
            .GroupBy(v => v.PassId!.Value).Select(g => new { g.Key, People = g.Sum(v => v.People) }).ToDictionaryAsync(g => g.Key, g =>
                g.People, ct);
        var came = (await db.Visitors.AsNoTracking()
            .Where(v => v.PassId != null && ids.Contains(v.PassId.Value)
                && (v.State == VisitorState.Inside || v.State == VisitorState.Left))
            .Select(v => v.PassId!.Value).Distinct().ToListAsync(ct)).ToHashSet();
        var guests = (await db.PassGuests.AsNoTracking().Where(g => ids.Contains(g.PassId)).OrderBy(g =>
            g.Id).ToListAsync(ct)).ToLookup(g => g.PassId);
        var holidays = PassRules.HolidaysBetween(from, until);
        foreach (var pass in others.Where(p => p.Kind != PassKind.Delivery || !came.Contains(p.Id)))
        {
            foreach (var (begins, ends) in PassRules.Occurrences(pass, from, until, holidays))
            {
                rows.Add(Row(pass, null, begins, ends, inside.GetValueOrDefault(pass.Id)));
                rows.AddRange(guests[pass.Id].Select(g => Row(pass, g, begins, ends, inside.GetValueOrDefault(pass.Id))));
            }
        }

        return rows;
    }

    private static SnapPass Row(Pass pass, PassGuest? guest, DateTime from, DateTime until, int inside) => new(
        pass.Id, guest?.Id, null, Word(pass.Kind), Word(pass.VisitorKind), guest?.Name ?? pass.Title ?? pass.Company ?? "",
            pass.ApartmentId, from,
        until, guest is null ? pass.People : 1, guest?.LicensePlate ?? pass.LicensePlate, pass.Company, Hash(guest?.Token ?? pass.Token),
        pass.LeaveAtGate, pass.Capacity is { } of ? new SnapCap(of, inside) : null, Days(pass.Weekdays),
        pass.Kind == PassKind.Recurring ? DateOnly.FromDateTime(pass.EndsAt) : null,
        pass.RevokedAt is not null || guest?.RevokedAt is not null ? "revoked" : pass.PausedAt is not null ? "paused" : "open")
    {
        Code = guest is null ? pass.Code : guest.Code,
    };

    private SnapCodes Codes(List<SnapPass> passes, string salt, DateTime now)
    {
        Dictionary<string, int> list = [];
        // The nearest first: where there are many they take their time.
        foreach (var (pass, at) in passes.Select((pass, at) => (pass, at)).OrderBy(one => (one.pass.From - now).Duration()))
        {
            if (pass.State == "open" && pass.Code is { } code && _codes.Find(salt, code) is { } hash) list.TryAdd(hash, at);
        }

        return new SnapCodes(salt, GateCodes.Rounds, list.OrderBy(one => one.Key, StringComparer.Ordinal).ToDictionary(o => o.Key, o =>
            o.Value));
    }

    private static async Task<List<SnapInside>> InsideAsync(PortalDb db, BuildingSettings settings, DateTime now, CancellationToken ct)
    {
        var rows = await db.Visitors.AsNoTracking()
            .Where(v => v.State == VisitorState.Inside && v.EnterTime != null)
            .OrderBy(v => v.VisitDate).ThenBy(v => v.EnterTime).ThenBy(v => v.Id).Take(2_000)
            .Select(v => new
            {
                v.Id, v.ClientKey, v.Name, v.Kind, v.ApartmentId, v.VisitDate, v.EnterTime, v.People, v.LicensePlate,
                Space = v.Parking == null ? null : v.Parking.SpaceNumber,
                Car = v.LicensePlateKey != null && !db.Vehicles.Any(o => o.LicensePlateKey == v.LicensePlateKey),
            })
            .ToListAsync(ct);
        return
        [
            .. rows.Select(v => (Row: v, Since: v.VisitDate.ToDateTime(v.EnterTime!.Value), Limit: v.Car ? ParkingRules.Limit(settings, v.Kind) : settings.Overstay(v.Kind)))
                .OrderByDescending(v => v.Limit > TimeSpan.Zero && now - v.Since > v.Limit).ThenBy(v => v.Since).ThenBy(v => v.Row.Id)
                .Select(v => new SnapInside(
                    v.Row.Id, v.Row.ClientKey, v.Row.Name, Word(v.Row.Kind), v.Row.ApartmentId, v.Since, v.Row.People, v.Row.LicensePlate,
                    (int)v.Limit.TotalMinutes, v.Row.Car, v.Row.Space)),
        ];
    }

    /// <summary>Vehicles of residents, and what stands in a space of an apartment though nobody registered it.</summary>
    private static async Task<List<SnapResident>> ResidentsAsync(PortalDb db, CancellationToken ct)
    {
        var own = (await db.Vehicles.AsNoTracking().OrderBy(v => v.Id)
            .Select(v => new
            {
                v.LicensePlateKey, v.ApartmentId,
                Space = db.Parking.Where(s => s.LicensePlateKey == v.LicensePlateKey || (s.ApartmentId == v.ApartmentId && !s.Leased))
                    .OrderByDescending(s => s.LicensePlateKey == v.LicensePlateKey).ThenBy(s => s.Id).Select(s => s.SpaceNumber).FirstOrDefault(),
            }).ToListAsync(ct))
            .Select(v => new SnapResident(v.LicensePlateKey!, v.ApartmentId, v.Space ?? "")).ToList();
        var parked = (await db.Parking.AsNoTracking()
            .Where(p => p.LicensePlateKey != null && p.ApartmentId != null && !db.Vehicles.Any(v => v.LicensePlateKey == p.LicensePlateKey))
            .OrderBy(p => p.Id).Select(p => new { p.LicensePlateKey, p.ApartmentId, p.SpaceNumber }).ToListAsync(ct))
            .Select(p => new SnapResident(p.LicensePlateKey!, p.ApartmentId, p.SpaceNumber));
        return [.. own, .. parked];
    }

    /// <summary>What waits at the gate, with the salted hash of its code: a hurdle to who reads the device, and no more (decision 079).</summary>
    private static async Task<SnapParcels> ParcelsAsync(PortalDb db, string salt, CancellationToken ct)
    {
        var waiting = await db.Packages.AsNoTracking().Where(p => p.Status == PackageState.Waiting)
            .OrderBy(p => p.ReceivedAt).ThenBy(p => p.Id).Take(1_000)
            .Select(p => new { p.Id, p.ApartmentId, Unit = UnitName.Of(p.Apartment!), p.Carrier, p.Description, p.ReceivedAt, p.PickupCode })
            .ToListAsync(ct);
        return new SnapParcels(
            salt,
            [
                .. waiting.Select(p => new SnapParcel(
                    p.Id, p.ApartmentId, p.Unit, p.Carrier, p.Description, db.Building.ToWall(p.ReceivedAt),
                    p.PickupCode is { } code ? Sha($"{salt}{p.Id}:{code}") : null)),
            ]);
    }

    private async Task<SnapBlocks> BlocksAsync(PortalDb db, string salt, CancellationToken ct)
    {
        var today = _clock.Today;
        var blocks = await db.Database
            .SqlQuery<Block>(
                $"""
                SELECT apartment_id AS Unit, effect AS Effect, identification_key AS Document, license_plate_key AS Plate FROM gate_blocks
                WHERE lifted_at IS NULL AND (until_date IS NULL OR until_date >= {today}) ORDER BY id
                """)
            .ToListAsync(ct);
        return new SnapBlocks(
            salt,
            [
                .. blocks.SelectMany(b => new[] { b.Document, b.Plate }.Where(key => !string.IsNullOrEmpty(key))
                    .Select(key => new SnapBlock(Sha(salt + key), b.Unit, b.Effect))),
            ]);
    }

    private async Task<List<SnapNote>> NotesAsync(PortalDb db, DateTime now, CancellationToken ct)
    {
        var notes = await db.GateNotes.AsNoTracking()
            .Where(n => n.MustRead ? n.ValidUntil >= now : n.ReadAt == null && (n.ValidUntil == null || n.ValidUntil >= now))
            .OrderByDescending(n => n.MustRead).ThenByDescending(n => n.Id).Take(40)
            .Select(n => new
            {
                n.Id, n.Text, n.CreatedAt, n.MustRead, n.ValidUntil, n.WrittenBy,
                By = db.Profiles.Where(p => p.UserId == n.WrittenBy).Select(p => p.FullName).FirstOrDefault(),
            })
            .ToListAsync(ct);
        var must = notes.Where(n => n.MustRead).Select(n => n.Id).ToList();
        var readers = (await db.GateNoteReaders.AsNoTracking().Where(r => must.Contains(r.NoteId)).OrderBy(r => r.Id)
            .Select(r => new { r.NoteId, r.ReaderId }).ToListAsync(ct)).ToLookup(r => r.NoteId, r => r.ReaderId);
        return
        [
            .. notes.Select(n => new SnapNote(
                n.Id, n.Text, n.By ?? "", _clock.ToWall(n.CreatedAt ?? _clock.UtcNow), n.MustRead, n.ValidUntil,
                n.MustRead ? [n.WrittenBy, .. readers[n.Id]] : [])),
        ];
    }

    /// <summary>Those that are open, the latest first: what they are called, not what is said in them.</summary>
    private static async Task<List<SnapIncident>> IncidentsAsync(PortalDb db, CancellationToken ct) =>
    [
        .. (await db.GateIncidents.AsNoTracking().Where(i => i.ClosedAt == null).OrderByDescending(i => i.Id).Take(20)
            .Select(i => new { i.Id, i.ClientKey, i.Number, i.Kind, i.Place, i.HappenedAt }).ToListAsync(ct))
            .Select(i => new SnapIncident(i.Id, i.ClientKey, i.Number, Word(i.Kind), i.Place, i.HappenedAt)),
    ];

    private async Task<List<SnapBooking>> BookingsAsync(PortalDb db, DateTime now, CancellationToken ct)
    {
        var (from, until) = (now.Date, now.Date.AddDays(1));
        ReservationState[] shown = [ReservationState.Confirmed, ReservationState.Pending];
        var rows = await db.Reservations.AsNoTracking()
            .Where(r => shown.Contains(r.StatusId) && r.EndDate > from && r.StartDate < until)
            .OrderBy(r => r.StartDate).ThenBy(r => r.Id).Take(500)
            .Select(r => new
            {
                r.Id, r.Number, Facility = r.Facility!.Name, Unit = UnitName.Of(r.Apartment), r.StartDate, r.EndDate, r.People, r.StatusId,
                    r.CheckedInAt,
                First = db.Profiles.Where(p => p.UserId == r.Owner!.UserId).Select(p => p.FirstName).FirstOrDefault(),
                Last = db.Profiles.Where(p => p.UserId == r.Owner!.UserId).Select(p => p.LastName).FirstOrDefault(),
            }).ToListAsync(ct);
        return
        [
            .. rows.Select(r => new SnapBooking(
                r.Id, r.Number, r.Facility, r.Unit, Short(r.First, r.Last), r.StartDate, r.EndDate, r.People,
                r.StatusId == ReservationState.Pending ? "not_confirmed" : r.CheckedInAt is not null ? "checked_in" : "welcome")),
        ];
    }

    private static string? Hash(string? token) => token is null ? null : Sha(token);

    private static string? Days(byte? weekdays) =>
        weekdays is { } days ? string.Join(',', Enumerable.Range(1, 7).Where(day => (days >> (day - 1) & 1) == 1)) : null;

    private static string Word<TEnum>(TEnum value) where TEnum : struct, Enum => Schema.PortalModel.Snake(value.ToString());

    private sealed record Desk(long Id, string? Intercom, string Rule);

    private sealed record Block(long? Unit, string Effect, string? Document, string? Plate);

    /// <summary>The building's wall clock has no zone.</summary>
    private sealed class WallClock : JsonConverter<DateTime>
    {
        public override DateTime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            DateTime.Parse(reader.GetString()!, CultureInfo.InvariantCulture);

        public override void Write(Utf8JsonWriter writer, DateTime value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture));
    }
}
