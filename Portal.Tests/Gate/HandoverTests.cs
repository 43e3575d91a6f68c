using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Gate;
using Portal.Data.Guards;
using Portal.Tests.Authority;
using Portal.Tests.Server;
using static Portal.Tests.Gate.GateWorld;

namespace Portal.Tests.Gate;

/// <summary>A shift handed over by the PINs of both, and notes that each must have read. It is December 2026.</summary>
public sealed class HandoverTests(TestDatabase database) : DatabaseTest(database)
{
    private const string Pin = "428915", Other = "915428";

    private GateWorld _world = null!;

    private HandoverService Service => _world.Get<HandoverService>();

    private TerminalId Here => new(_world.A.Id, "A");

    private CurrentUser Staff => _world.People.As(Who.Staff);

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _world = new GateWorld(Database);
        await _world.BeginAsync();
        var admin = _world.People.As(Who.Admin);
        Assert.True((await _world.Get<PinService>().SetAsync(AuthorityWorld.Id(Who.Guard), Pin, admin, default)).Ok);
        Assert.True((await _world.Get<PinService>().SetAsync(AuthorityWorld.Id(Who.Staff), Other, admin, default)).Ok);
        _world.Now(4, 21, 58);
    }

    public override async Task DisposeAsync()
    {
        await _world.DisposeAsync();
        await base.DisposeAsync();
    }

    private static string Key() => Guid.NewGuid().ToString();

    private Task<Result<HandoverSigned>> SignAsync(string key, string pin = Pin) =>
        Service.SignAsync(key, pin, Here, null, _world.Guard, default);

    private Task<Result<HandoverSigned>> TakeAsync(
        string key, string pin = Other, long? guard = null, long[]? read = null, bool skipped = false, string? note = null) =>
        Service.TakeAsync(
            new HandoverTaking(key, guard ?? AuthorityWorld.Id(Who.Staff), pin, read, skipped, 2, note), Here, null, _world.Guard, default);

    private async Task<long> NoteAsync(string text, bool must = true, DateTime? until = null)
    {
        Assert.True((await _world.Get<NoteService>().WriteAsync(new NoteInput(text, must, until), _world.People.As(Who.Admin), default)).Ok);
        return (await NotesAsync()).Rows.Single(n => n.Text == text).Id;
    }

    private Task<Page<NoteRow>> NotesAsync(string? state = null) => _world.Get<NoteService>().ListAsync(
        new ListQuery(Filters: state is null ? null : new Dictionary<string, string> { ["state"] = state }), Staff, default);

    private async Task<HandoverRow> RowAsync() =>
        Assert.Single((await Service.ListAsync(new ListQuery(), _world.People.As(Who.Admin), default)).Rows);

    [Fact]
    public async Task Both_sign_and_what_there_was_is_kept_with_it()
    {
        await _world.A.SendAsync("enter", At(4, 20, 0), Terminal.WalkIn("Lina", "101"));
        await _world.A.SendAsync("incident", At(4, 21, 0), new { type = "noise", place = "Salón", text = "Música" });
        await Database.ExecuteAsync(
            $"INSERT INTO packages (apartment_id, carrier, status, received_at) VALUES ({AuthorityWorld.Apartment}, 'DHL', 'waiting', '2026-11-30')");
        var before = (await Service.SummaryAsync(_world.A.Id, _world.Guard, default))!;
        Assert.Equal((1, 1, 1, 1, "I-2026-000001"), (before.Inside, before.Parcels, before.OldParcels, before.OpenIncidents, before.Incidents[0]));

        var key = Key();
        Assert.Equal(At(4, 21, 58), (await SignAsync(key)).Value.At);
        _world.Now(4, 22, 1);
        var taken = await TakeAsync(key, note: " La llave está con Lina. ");
        Assert.Equal(AuthorityWorld.Id(Who.Staff), taken.Value.Guard!.Id);
        var row = await RowAsync();
        Assert.Equal(
            (At(4, 21, 58), At(4, 22, 1), 1, 1, 1, 0, 2, 0, false, "La llave está con Lina."),
            (row.Signed, row.Taken!.Value, row.Inside!.Value, row.Parcels!.Value, row.Incidents!.Value, row.Conflicts!.Value, row.Waiting!.Value,
                row.NotesRead!.Value, row.NotesSkipped, row.Note));

        // The answer was lost: told again it is the same, and with another PIN it is none.
        _world.Now(4, 22, 9);
        Assert.Equal(At(4, 22, 1), (await TakeAsync(key)).Value.At);
        Assert.Equal(At(4, 22, 1), (await RowAsync()).Taken);
        Assert.Null((await TakeAsync(key, Pin)).Value.Guard);
        Assert.Equal("handover.done", (await SignAsync(key)).Error!.Code);
        await using var db = await _world.Get<PortalStore>().OpenAsync(CurrentUser.System, default);
        string[] acts = ["handover_signed", "handover_taken", "insert", "update"];
        Assert.Equal(
            acts,
            (await db.AuditLog.Where(e => e.TableName == "gate_handovers" || e.Action.StartsWith("handover")).Select(e => e.Action).ToListAsync())
                .Distinct().Order());
    }

    [Fact]
    public async Task Nobody_hands_over_to_themselves_without_a_signature_or_after_half_an_hour()
    {
        var key = Key();
        Assert.Equal("handover.unsigned", (await TakeAsync(key)).Error!.Code);
        Assert.Null((await SignAsync(key, "000000")).Value.Guard);
        Assert.Equal("handover.unsigned", (await TakeAsync(key)).Error!.Code);
        Assert.True((await SignAsync(key)).Ok);
        Assert.Equal("handover.same", (await TakeAsync(key, Pin, AuthorityWorld.Id(Who.Guard))).Error!.Code);
        _world.Now(4, 22, 29);
        Assert.Equal("handover.unsigned", (await TakeAsync(key)).Error!.Code);

        // Signed once more the same hand-over goes on.
        Assert.True((await SignAsync(key)).Ok);
        Assert.True((await TakeAsync(key)).Ok);
        Assert.Equal(At(4, 22, 29), (await RowAsync()).Signed);
        Assert.Equal("handover.key", (await SignAsync("no key")).Error!.Code);
        Assert.Equal("forbidden", (await Service.SignAsync(Key(), Pin, Here, null, _world.People.As(Who.Owner), default)).Error!.Code);
    }

    [Fact]
    public async Task A_wrong_PIN_of_either_counts_and_the_fifth_shuts_it()
    {
        var key = Key();
        for (var left = 4; left >= 1; left--) Assert.Equal(left, (await SignAsync(key, "111222")).Value.Left);
        Assert.NotNull((await SignAsync(key, "111222")).Value.Until);
        Assert.NotNull((await SignAsync(key)).Value.Until);
        Assert.Empty((await Service.ListAsync(new ListQuery(), Staff, default)).Rows);
    }

    [Fact]
    public async Task A_note_that_must_be_read_is_read_by_name_and_holds_up_who_has_not()
    {
        var (door, water) = (await NoteAsync("La puerta no cierra"), await NoteAsync("Corte de agua", until: At(6, 11, 0)));
        var over = await NoteAsync("Mudanza", until: At(4, 22, 10));
        var key = Key();
        await SignAsync(key);
        var refused = await TakeAsync(key, read: [door]);
        Assert.Equal(("handover.notes", 2), (refused.Error!.Code, refused.Error.Values[0]));

        // One is over meanwhile; of the other they are told that they put it off.
        _world.Now(4, 22, 11);
        Assert.True((await TakeAsync(key, read: [door], skipped: true)).Ok);
        var row = await RowAsync();
        Assert.Equal((1, true), (row.NotesRead, row.NotesSkipped));
        var notes = (await NotesAsync()).Rows.ToDictionary(n => n.Id);
        var reader = Assert.Single(notes[door].Readers);
        Assert.Equal(At(4, 22, 11), reader.At);
        Assert.Empty(notes[water].Readers);
        Assert.Equal([door, water], (await NotesAsync("open")).Rows.Select(n => n.Id).Order());
        Assert.Equal([over], (await NotesAsync("done")).Rows.Select(n => n.Id));

        // Later it is read at the terminal; told twice it is once. Its writer need not read it.
        foreach (var _ in new[] { 1, 2 })
            Assert.Equal(EventOutcome.Applied, (await _world.A.SendAsync("note_read", At(4, 22, 11), new { note = water })).Outcome);
        Assert.Single((await NotesAsync()).Rows.Single(n => n.Id == water).Readers);
        await using var db = await _world.Get<PortalStore>().OpenAsync(CurrentUser.System, default);
        Assert.Equal(1, await db.AuditLog.CountAsync(e => e.Action == "notes_skipped"));
        Assert.Equal(0, await NoteService.ToRead(db, AuthorityWorld.Id(Who.Admin), At(4, 22, 11)).CountAsync());
        Assert.Equal([door], await NoteService.ToRead(db, AuthorityWorld.Id(Who.Guard), At(4, 22, 11)).Select(n => n.Id).ToListAsync());
    }

    [Fact]
    public async Task A_terminal_holds_the_notes_that_hold_and_who_need_not_read_them()
    {
        var door = await NoteAsync("La puerta no cierra");
        await NoteAsync("Mudanza", until: At(4, 22, 10));
        var plain = await NoteAsync("Llegó el periódico", must: false);
        Assert.Equal("note.until", (await _world.Get<NoteService>().WriteAsync(
            new NoteInput("Ayer", true, At(3, 0, 0)), Staff, default)).Error!.Code);
        _world.Now(4, 22, 30);
        await _world.A.SendAsync("note_read", At(4, 22, 30), new { note = door });
        _world.Get<GateSnapshots>().Forget();
        var json = (await _world.Get<GateSnapshots>().NowAsync(default)).Sections.Single(s => s.Name == "notes").Json;
        Assert.Contains($"\"id\":{door},", json, StringComparison.Ordinal);
        Assert.Contains($"\"done\":[{AuthorityWorld.Id(Who.Admin)},{AuthorityWorld.Id(Who.Guard)}]", json, StringComparison.Ordinal);
        Assert.Contains($"\"id\":{plain},", json, StringComparison.Ordinal);
        Assert.DoesNotContain("Mudanza", json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_comes_by_the_roster_is_named_with_both_shifts()
    {
        var roster = _world.Get<RosterService>();
        foreach (var (name, who, from, until) in new[] { ("Jairo", Who.Guard, 14, 22), ("Wilson", Who.Staff, 22, 6) })
        {
            var id = 0L;
            await _world.Get<PortalStore>().WriteAsync(CurrentUser.System, async (db, ct) =>
            {
                var guard = new Guard { Name = name, Identification = name, UserId = AuthorityWorld.Id(who) };
                db.Guards.Add(guard);
                await db.SaveChangesAsync(ct);
                id = guard.Id;
                return Result.Done;
            }, default);
            var day = DateOnly.FromDateTime(At(4, 0, 0));
            Assert.True((await roster.SaveAsync(null, new(id, day, new(from, 0), new(until, 0), null), Staff, default)).Ok);
        }

        var summary = (await Service.SummaryAsync(_world.A.Id, _world.Guard, default))!;
        Assert.Equal(new HandoverShift(AuthorityWorld.Id(Who.Guard), "Jairo", At(4, 14, 0), At(4, 22, 0)), summary.Current);
        Assert.Equal(new HandoverShift(AuthorityWorld.Id(Who.Staff), "Wilson", At(4, 22, 0), At(5, 6, 0)), summary.Next);
    }
}
