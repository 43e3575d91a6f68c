using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using MySqlConnector;
using Portal.Data;
using Portal.Data.Gate;
using Portal.Tests.Authority;
using Portal.Tests.Server;
using static Portal.Tests.Gate.GateWorld;

namespace Portal.Tests.Gate;

/// <summary>What terminals tell: once each, whatever becomes of the connection; recorded, not rejected.</summary>
public sealed class GateEventsTests(TestDatabase database) : DatabaseTest(database)
{
    private GateWorld _world = null!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _world = new GateWorld(Database);
        await _world.BeginAsync();
    }

    public override async Task DisposeAsync()
    {
        await _world.DisposeAsync();
        await base.DisposeAsync();
    }

    private Terminal A => _world.A;

    private async Task<PortalDb> OpenAsync() => await _world.Get<PortalStore>().OpenAsync(CurrentUser.System, default);

    [Fact]
    public async Task One_batch_sent_by_many_at_once_is_taken_once()
    {
        _world.Now(4, 12, 0);
        JsonElement[] batch = [.. Enumerable.Range(0, 12).Select(i => A.Event("enter", At(4, 11, i), Terminal.WalkIn($"Visita {i}", $"20{i:000}")))];
        var all = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => A.SendAsync(batch)));
        Assert.All(all, results => Assert.Equal(all[0].Select(r => (r.Key, r.Visit, r.Outcome)), results.Select(r => (r.Key, r.Visit, r.Outcome))));
        Assert.Equal(12, (await _world.RowsAsync()).Length);
        Assert.Equal(12, await _world.EventsAsync());
    }

    [Fact]
    public async Task A_connection_killed_in_the_middle_leaves_each_once()
    {
        _world.Now(4, 12, 0);
        JsonElement[] batch = [.. Enumerable.Range(0, 30).Select(i => A.Event("enter", At(4, 11, i), Terminal.WalkIn($"Visita {i}", $"20{i:000}")))];
        using var stop = new CancellationTokenSource();
        var killing = KillAsync(stop.Token);
        for (var attempt = 0; attempt < 50; attempt++)
        {
            var taken = await _world.Get<GateEvents>().TakeAsync(A.Id, batch, _world.Guard, default);
            if (attempt >= 3 && !stop.IsCancellationRequested) await stop.CancelAsync();
            if (taken.Ok) break;
        }

        await stop.CancelAsync();
        var killed = await killing;
        Assert.True(killed > 0);
        var told = await A.SendAsync(batch);
        Assert.Empty(told.Where(r => r.Outcome != EventOutcome.Applied).Select(r => $"{r.Outcome} {r.Reason} {string.Join(',', r.Flags)}"));
        Assert.Equal(30, told.Count);
        Assert.Equal(30, await StoredAsync("visitors"));
        Assert.Equal(30, await StoredAsync("gate_events"));
    }

    /// <summary>By a connection of its own: one of the pool may have been hit while nobody used it.</summary>
    private async Task<long> StoredAsync(string table)
    {
        await using var connection = new MySqlConnection(Database.ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var count = new MySqlCommand($"SELECT COUNT(*) FROM {table}", connection);
        return Convert.ToInt64(await count.ExecuteScalarAsync(), System.Globalization.CultureInfo.InvariantCulture);
    }

    private async Task<int> KillAsync(CancellationToken ct)
    {
        var killed = 0;
        await using var connection = new MySqlConnection(Database.ConnectionString);
        await connection.OpenAsync(CancellationToken.None);
        while (!ct.IsCancellationRequested && killed < 6)
        {
            List<long> others = [];
            await using (var list = new MySqlCommand(
                "SELECT id FROM information_schema.processlist WHERE db = DATABASE() AND id <> CONNECTION_ID() AND command <> 'Sleep'", connection))
            await using (var reader = await list.ExecuteReaderAsync(CancellationToken.None))
            {
                while (await reader.ReadAsync(CancellationToken.None)) others.Add(Convert.ToInt64(reader.GetValue(0)));
            }

            foreach (var other in others)
            {
                try
                {
                    await using var kill = new MySqlCommand($"KILL {other}", connection);
                    await kill.ExecuteNonQueryAsync(CancellationToken.None);
                    killed++;
                }
                catch (MySqlException)
                {
                    // It ended by itself.
                }
            }

            await Task.Delay(15, CancellationToken.None);
        }

        return killed;
    }

    [Fact]
    public async Task A_key_with_another_content_is_refused_and_the_office_has_it_to_settle()
    {
        _world.Now(4, 9, 0);
        var key = Guid.NewGuid().ToString();
        await A.SendAsync(A.Event("enter", At(4, 9, 0), Terminal.WalkIn("Lina", "1001"), key));
        var other = (await A.SendAsync(A.Event("enter", At(4, 9, 0), Terminal.WalkIn("Otto", "1002"), key)))[0];
        Assert.Equal((EventOutcome.Refused, "other_body"), (other.Outcome, other.Reason));
        Assert.Equal(["Lina inside 4_09:00 - other_body"], await _world.RowsAsync());
    }

    [Fact]
    public async Task What_cannot_be_read_or_is_of_no_kind_holds_nothing_up()
    {
        _world.Now(4, 9, 0);
        var results = await A.SendAsync(
            JsonSerializer.SerializeToElement(new { key = "no key" }), JsonSerializer.SerializeToElement(5),
            A.Event("dance", At(4, 9, 0), new { }), A.Event("enter", At(4, 9, 0), new { }), A.Event("exit", At(4, 9, 0), new { }),
            A.Event("undo", At(4, 9, 0), new { of = "x" }), A.Event("check_in", At(4, 9, 0), new { booking = 99 }),
            A.Event("parcel_in", At(4, 9, 0), new { unit = 5, carrier = "DHL" }),
            A.Event("enter", At(4, 9, 0), Terminal.WalkIn(new string('ñ', 300), new string('9', 80), new string('A', 50))),
            A.Event("enter", At(4, 9, 0), new { name = "\ud83c\udfb1 Lina", visit = long.MaxValue, unit = -1, people = 100_000, vk = "pope" }));
        Assert.Equal(
            ["fields", "fields", "kind", "fields", "fields", "not_found", "not_found", "not_found", null, null], results.Select(r => r.Reason));
        Assert.Equal(2, (await _world.RowsAsync()).Length);
    }

    [Fact]
    public async Task Parcels_notes_and_arrivals_go_the_same_way_once_each()
    {
        _world.Now(4, 12, 0);
        JsonElement[] queue =
        [
            A.Event("parcel_in", At(4, 10, 0), new { unit = AuthorityWorld.Apartment, carrier = "Servientrega", description = "caja" }),
            A.Event("note", At(4, 10, 30), new { text = "La bomba hace ruido." }), A.Event("notes_skipped", At(4, 10, 31), new { }),
        ];
        await A.SendAsync(queue);
        await A.SendAsync(queue);
        await using var db = await OpenAsync();
        var parcel = await db.Packages.SingleAsync();
        Assert.Equal(At(4, 15, 0), parcel.ReceivedAt);
        var note = await db.GateNotes.SingleAsync();
        var out1 = await A.SendAsync("parcel_out", At(4, 11, 0), new { parcel = parcel.Id, name = "Andrea" });
        var out2 = await A.SendAsync("parcel_out", At(4, 11, 1), new { parcel = parcel.Id, name = "Otto" });
        Assert.Equal((EventOutcome.Applied, EventOutcome.Refused, "collected"), (out1.Outcome, out2.Outcome, out2.Reason));
        Assert.Equal(EventOutcome.Applied, (await A.SendAsync("note_read", At(4, 11, 2), new { note = note.Id })).Outcome);
    }

    [Fact]
    public async Task Entries_told_in_any_order_end_as_they_happened()
    {
        _world.Now(4, 16, 0);
        _world.Now(4, 0, 0);
        var third = await _world.EnrolAsync("C");
        _world.Now(4, 16, 0);
        foreach (var (terminal, hour) in new[] { (A, 11), (_world.B, 15), (third, 9) })
            await terminal.SendAsync("enter", At(4, hour, 0), Terminal.WalkIn($"Lina {hour}", "1001", "KJH482"));
        Assert.Equal(
            ["Lina 11 left 4_11:00 4_15:00 auto", "Lina 15 inside 4_15:00 -", "Lina 9 left 4_09:00 4_11:00 auto"], await _world.RowsAsync());
    }

    [Fact]
    public async Task A_passenger_with_their_own_document_is_not_the_driver_again()
    {
        _world.Now(4, 10, 1);
        await A.SendAsync(
            A.Event("enter", At(4, 10, 0), Terminal.WalkIn("Lina", "1001", "KJH482")),
            A.Event("enter", At(4, 10, 0, 30), Terminal.WalkIn("Otto", "1002", "KJH482")));
        Assert.Equal(["Lina inside 4_10:00 -", "Otto inside 4_10:00 -"], await _world.RowsAsync());
    }

    [Fact]
    public async Task An_entry_taken_back_opens_again_what_it_had_closed()
    {
        _world.Now(4, 10, 0);
        await A.SendAsync("enter", At(4, 10, 0), Terminal.WalkIn("Lina", plate: "KJH482"));
        _world.Now(4, 15, 1);
        var key = Guid.NewGuid().ToString();
        await A.SendAsync(
            A.Event("enter", At(4, 15, 0), Terminal.WalkIn("Otto", plate: "KJH482"), key), A.Event("undo", At(4, 15, 1), new { of = key }));
        Assert.Equal(["Lina inside 4_10:00 -", "Otto void 4_15:00 -"], await _world.RowsAsync());
    }

    [Fact]
    public async Task A_pass_whose_entry_was_taken_back_still_opens()
    {
        var lina = await _world.AnnounceAsync("Lina");
        _world.Now(4, 18, 6);
        var key = Guid.NewGuid().ToString();
        await A.SendAsync(
            A.Event("enter", At(4, 18, 5), new { visit = lina.Id }, key), A.Event("undo", At(4, 18, 6), new { of = key }));
        Assert.Equal(VerdictKind.Expected, (await _world.Get<GateLookup>().AskAsync(lina.Code!, _world.Guard, default)).Kind);
        _world.Now(4, 19, 0);
        await A.SendAsync("enter", At(4, 19, 0), new { visit = lina.Id });
        Assert.Equal(["Lina void 4_18:05 -", "Lina inside 4_19:00 -"], await _world.RowsAsync());
        Assert.Equal(VerdictKind.Used, (await _world.Get<GateLookup>().AskAsync(lina.Code!, _world.Guard, default)).Kind);
    }

    [Fact]
    public async Task A_late_entry_of_an_announced_visit_takes_over_the_exit_that_waited_for_it()
    {
        var lina = await _world.AnnounceAsync("Lina", "KJH482");
        _world.Now(4, 19, 0);
        await _world.B.SendAsync("exit", At(4, 19, 0), new { plate = "kjh 482" });
        _world.Now(4, 19, 10);
        await A.SendAsync("enter", At(4, 18, 20), new { visit = lina.Id });
        Assert.Equal(["Lina left 4_18:20 4_19:00"], await _world.RowsAsync());
    }

    [Fact]
    public async Task Who_is_not_let_in_stands_in_the_log_and_may_be_awaited_again()
    {
        var lina = await _world.AnnounceAsync("Lina");
        _world.Now(4, 18, 6);
        var key = Guid.NewGuid().ToString();
        await A.SendAsync(A.Event("deny", At(4, 18, 5), new { visit = lina.Id }, key), A.Event("deny", At(4, 18, 5), new { unit = 101, name = "Otto" }));
        Assert.Equal(["Lina denied - -", "Otto denied - -"], await _world.RowsAsync());
        await A.SendAsync("undo", At(4, 18, 6), new { of = key });
        Assert.Equal(["Lina announced - -", "Otto denied - -"], await _world.RowsAsync());
    }

    [Fact]
    public async Task Outside_its_time_a_pass_lets_in_and_the_office_hears_unless_the_host_said_yes()
    {
        var (lina, otto) = (await _world.AnnounceAsync("Lina"), await _world.AnnounceAsync("Otto"));
        _world.Now(4, 23, 0);
        await A.SendAsync("enter", At(4, 23, 0), new { visit = lina.Id });
        await A.SendAsync("enter", At(4, 23, 0), new { visit = otto.Id, approved = true });
        Assert.Equal(["Lina inside 4_23:00 - outside_window", "Otto inside 4_23:00 -"], await _world.RowsAsync());
    }

    [Fact]
    public async Task Somebody_of_the_blocklist_who_came_in_is_a_conflict()
    {
        await Database.ExecuteAsync(
            "INSERT INTO gate_blocks (effect, identification_key, reason, made_by) VALUES ('block', '1001', 'x', 1), ('watch', '1002', 'x', 1)");
        _world.Now(4, 9, 0);
        await A.SendAsync("enter", At(4, 9, 0), Terminal.WalkIn("Lina", "1.001"));
        await A.SendAsync("enter", At(4, 9, 0), Terminal.WalkIn("Otto", "1002"));
        Assert.Equal(["Lina inside 4_09:00 - blocked", "Otto inside 4_09:00 -"], await _world.RowsAsync());
    }

    [Fact]
    public async Task The_host_hears_of_an_entry_once_and_may_say_that_it_was_wrong()
    {
        _world.Now(4, 9, 0);
        var entry = A.Event("enter", At(4, 9, 0), Terminal.WalkIn("Lina", "1001"));
        var visit = (await A.SendAsync(entry))[0].Visit!.Value;
        await A.SendAsync(entry);
        await using (var db = await OpenAsync())
        {
            var told = await db.Notifications.SingleAsync(n => n.Type == "visit.entered");
            Assert.Equal((AuthorityWorld.Id(Who.Owner), $"/visits/entries/{visit}"), (told.RecipientId, told.Link));
        }

        var (conflicts, owner) = (_world.Get<ConflictService>(), _world.People.As(Who.Owner));
        Assert.True((await conflicts.EntryAsync(visit, owner, default))!.MayReport);
        Assert.True((await conflicts.ReportAsync(visit, "No conozco a nadie así.", owner, default)).Ok);
        Assert.Equal("gate.reported", (await conflicts.ReportAsync(visit, null, owner, default)).Error!.Code);
        Assert.Equal(["Lina inside 4_09:00 - wrong_entry"], await _world.RowsAsync());

        var office = _world.People.As(Who.Staff);
        var open = Assert.Single((await conflicts.ListAsync(new ListQuery(), office, default)).Rows);
        Assert.Equal("No conozco a nadie así.", open.Words);
        Assert.True((await conflicts.SettleAsync(open.Id, Settlement.Error, "Era para el 102.", office, default)).Ok);
        Assert.Equal("stale", (await conflicts.SettleAsync(open.Id, Settlement.SamePerson, null, office, default)).Error!.Code);
        _world.Now(5, 9, 1);
        await A.SendAsync("enter", At(4, 9, 2), Terminal.WalkIn("Otto", "1002"));
        var otto = (await _world.Get<GateService>().InsideAsync(_world.Guard, default)).Single(v => v.Name == "Otto").Id;
        _world.Now(5, 9, 3);
        Assert.Equal("gate.report_late", (await conflicts.ReportAsync(otto, null, owner, default)).Error!.Code);
    }

    [Fact]
    public async Task Who_is_inside_is_found_by_plate_document_or_name_and_leaves_by_it()
    {
        _world.Now(4, 9, 5);
        var visit = (await A.SendAsync("enter", At(4, 9, 5), Terminal.WalkIn("Lina Robles", "1001001", "KJH482"))).Visit;
        foreach (var typed in new[] { "kjh-482", "1.001.001", "Lina" })
        {
            var found = await _world.Get<GateLookup>().AskAsync(typed, _world.Guard, default);
            Assert.Equal((VerdictKind.Inside, visit, At(4, 9, 5)), (found.Kind, found.VisitId, found.Since));
        }
    }

    [Fact]
    public async Task The_retention_clears_what_the_events_say_and_what_was_settled()
    {
        _world.Now(4, 9, 0);
        await A.SendAsync(
            A.Event("enter", At(4, 9, 0), Terminal.WalkIn("Lina", "1001")), A.Event("exit", At(4, 9, 0), new { plate = "KJH482" }),
            A.Event("enter", At(4, 9, 0), new { name = "" }));
        await A.SendAsync("exit", At(4, 9, 0), new { identification = "1001" });
        _world.Time.Utc = _world.Time.Utc.AddYears(2);
        await new ExpiredVisits(_world.Get<PortalStore>(), _world.Get<BuildingClock>()).RunAsync(_world.Get<BuildingClock>().Today, default);
        await using var db = await OpenAsync();
        Assert.Equal((0, 0), (await db.Visitors.CountAsync(), await db.GateConflicts.CountAsync()));
        Assert.Equal(4, await db.GateEvents.CountAsync(e => e.Body == null));
        Assert.Empty(await db.AuditLog.Where(e => e.NewValue!.Contains("Lina") || e.NewValue.Contains("KJH"))
            .Select(e => e.TableName + e.Action + e.NewValue).ToListAsync());
        Assert.False(await db.Notifications.AnyAsync(n => n.Message.Contains("Lina")));
    }
}
