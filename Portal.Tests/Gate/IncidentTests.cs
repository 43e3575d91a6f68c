using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Gate;
using Portal.Data.Pqrs;
using Portal.Tests.Authority;
using Portal.Tests.Server;
using SkiaSharp;
using static Portal.Tests.Gate.GateWorld;

namespace Portal.Tests.Gate;

/// <summary>Incidents: told by terminals, numbered without gaps, never changed.</summary>
public sealed class IncidentTests(TestDatabase database) : DatabaseTest(database)
{
    private GateWorld _world = null!;

    private IncidentService Service => _world.Get<IncidentService>();

    private CurrentUser Staff => _world.People.As(Who.Staff);

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _world = new GateWorld(Database);
        await _world.BeginAsync();
        _world.Now(4, 10, 0);
    }

    public override async Task DisposeAsync()
    {
        await _world.DisposeAsync();
        await base.DisposeAsync();
    }

    private static object Told(string place = "Torre B", string text = "Agua por el techo", object? more = null) =>
        more ?? new { type = "water", place, text, people = "Don Luis", unit = AuthorityWorld.Apartment, photos = 1, happened = "2026-12-04T09:30:00" };

    private async Task<IReadOnlyList<IncidentRow>> ListAsync(params (string Key, string Value)[] filters) =>
        (await Service.ListAsync(new ListQuery(Filters: filters.ToDictionary(f => f.Key, f => f.Value)), Staff, default)).Rows;

    private async Task<IncidentDetail> OneAsync() => (await Service.FindAsync((await ListAsync())[0].Id, Staff, default))!;

    private static byte[] Jpeg()
    {
        using var bitmap = new SKBitmap(40, 30);
        using var image = SKImage.FromBitmap(bitmap);
        return image.Encode(SKEncodedImageFormat.Jpeg, 80).ToArray();
    }

    [Fact]
    public async Task It_is_told_once_with_its_number_and_the_time_at_which_it_happened()
    {
        var told = _world.A.Event("incident", At(4, 9, 58), Told());
        foreach (var _ in new[] { 1, 2 }) Assert.Equal(EventOutcome.Applied, (await _world.A.SendAsync(told))[0].Outcome);
        var it = await OneAsync();
        Assert.Equal(
            ("I-2026-000001", IncidentKind.Water, At(4, 9, 30), At(4, 9, 58), "Torre B", "Don Luis", AuthorityWorld.Apartment, 1),
            (it.Number, it.Kind, it.Happened, it.Reported, it.Place, it.People, it.ApartmentId!.Value, it.Expected));
        await using var db = await _world.Get<PortalStore>().OpenAsync(CurrentUser.System, default);
        Assert.Equal(1, await db.AuditLog.CountAsync(e => e.TableName == "gate_incidents" && e.Action == "insert"));
        Assert.Equal(2, await db.Notifications.CountAsync(n => n.Type == "gate.incident"));
    }

    [Fact]
    public async Task Numbers_have_no_gaps_also_where_one_is_refused_and_begin_anew_each_year()
    {
        await _world.A.SendAsync("incident", At(4, 9, 0), Told());
        var refused = await _world.A.SendAsync("incident", At(4, 9, 1), new { type = "fire", place = "Torre A" });
        Assert.Equal((EventOutcome.Refused, "fields"), (refused.Outcome, refused.Reason));
        await _world.B.SendAsync("incident", At(4, 9, 2), new { type = "not a kind", place = "A", text = "B" });
        await Task.WhenAll(
            Enumerable.Range(0, 4).Select(i => Task.Run(() => _world.B.SendAsync("incident", At(4, 9, 3), Told($"Sótano {i}")))));
        _world.Time.Utc = new DateTime(2027, 1, 1, 5, 0, 30, DateTimeKind.Utc);
        await _world.B.SendAsync("incident", new DateTime(2027, 1, 1, 0, 0, 20), Told());
        Assert.Equal(
            [.. Enumerable.Range(1, 6).Select(n => $"I-2026-{n:000000}"), "I-2027-000001"], (await ListAsync()).Select(i => i.Number).Order());
        Assert.Single(await ListAsync(("kind", "other")));
        Assert.Single(await ListAsync(("from", "2027-01-01")));
        Assert.Equal(6, (await ListAsync(("to", "2026-12-31"))).Count);
    }

    [Fact]
    public async Task What_was_told_without_a_line_says_so_and_what_cannot_be_is_set_right()
    {
        (_world.A.Offline, _world.A.Contact) = (true, At(3, 22, 0));
        await _world.A.SendAsync("incident", At(4, 2, 0), Told(more: new { place = "Puerta", text = "Ruido", happened = "2026-12-04T08:00:00", unit = 999_999 }));
        var it = await OneAsync();
        Assert.Equal((true, At(4, 2, 0), At(4, 2, 0), null), (it.Offline, it.Reported, it.Happened, it.ApartmentId));
    }

    [Fact]
    public async Task Its_photos_follow_each_once_five_at_most_and_not_before_it()
    {
        var (key, photo) = (Guid.NewGuid().ToString(), Guid.NewGuid().ToString());
        Assert.Equal("not_found", (await Service.KeepPhotoAsync(key, photo, Jpeg(), _world.Guard, default)).Error!.Code);
        await _world.A.SendAsync(_world.A.Event("incident", At(4, 9, 0), Told(), key));
        foreach (var _ in new[] { 1, 2 }) Assert.True((await Service.KeepPhotoAsync(key, photo, Jpeg(), _world.Guard, default)).Ok);
        Assert.Equal("incident.photo", (await Service.KeepPhotoAsync(key, Guid.NewGuid().ToString(), [1, 2, 3], _world.Guard, default)).Error!.Code);
        Assert.Equal(
            "incident.photo",
            (await Service.KeepPhotoAsync(key, Guid.NewGuid().ToString(), new byte[IncidentService.LargestPhoto + 1], _world.Guard, default)).Error!.Code);
        for (var i = 0; i < 4; i++) Assert.True((await Service.KeepPhotoAsync(key, Guid.NewGuid().ToString(), Jpeg(), _world.Guard, default)).Ok);
        Assert.Equal("incident.photos", (await Service.KeepPhotoAsync(key, Guid.NewGuid().ToString(), Jpeg(), _world.Guard, default)).Error!.Code);
        var it = await OneAsync();
        Assert.Equal(5, it.Photos.Count);
        Assert.Equal("image/jpeg", (await Service.PhotoAsync(it.Photos[0], false, Staff, default))!.ContentType);
        Assert.Equal("image/webp", (await Service.PhotoAsync(it.Photos[0], true, Staff, default))!.ContentType);
        Assert.Null(await Service.PhotoAsync(it.Photos[0], true, _world.Guard, default));
        await using var db = await _world.Get<PortalStore>().OpenAsync(CurrentUser.System, default);
        var line = await db.AuditLog.FirstAsync(e => e.TableName == "gate_incident_photos");
        Assert.Contains("\"content\":\"***\"", line.NewValue, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_only_grows_and_is_closed_and_opened_again_with_a_word()
    {
        var key = Guid.NewGuid().ToString();
        await _world.A.SendAsync(_world.A.Event("incident", At(4, 9, 0), Told(), key));
        Assert.Equal(EventOutcome.Applied, (await _world.B.SendAsync("incident_add", At(4, 9, 40), new { of = key, text = "Ya no cae" })).Outcome);
        Assert.Equal("not_found", (await _world.B.SendAsync("incident_add", At(4, 9, 41), new { incident = 999_999, text = "?" })).Reason);
        var id = (await OneAsync()).Id;
        Assert.Equal("required", (await Service.AddAsync(id, " ", Staff, default)).Error!.Code);
        Assert.True((await Service.AddAsync(id, "Vino el plomero", Staff, default)).Ok);
        Assert.Equal("required", (await Service.CloseAsync(id, null, Staff, default)).Error!.Code);
        Assert.True((await Service.CloseAsync(id, "Se cambió el tubo", Staff, default)).Ok);
        Assert.Equal("stale", (await Service.CloseAsync(id, "Otra vez", Staff, default)).Error!.Code);
        Assert.Equal((0, 1), ((await ListAsync(("state", "open"))).Count, (await ListAsync(("state", "closed"))).Count));
        Assert.True((await Service.ReopenAsync(id, null, Staff, default)).Ok);
        Assert.Equal(1, await Service.OpenAsync(Staff, default));
        var it = await OneAsync();
        Assert.Equal("Agua por el techo", it.Text);
        Assert.Equal(
            [IncidentEntryKind.Added, IncidentEntryKind.Added, IncidentEntryKind.Closed, IncidentEntryKind.Reopened], it.Entries.Select(e => e.Kind));
    }

    [Fact]
    public async Task A_case_is_made_of_it_in_one_act_with_its_photos_each_linked_to_the_other()
    {
        var key = Guid.NewGuid().ToString();
        await _world.A.SendAsync(_world.A.Event("incident", At(4, 9, 0), Told(), key));
        Assert.True((await Service.KeepPhotoAsync(key, Guid.NewGuid().ToString(), Jpeg(), _world.Guard, default)).Ok);
        await _world.A.SendAsync("incident", At(4, 9, 5), new { place = "Calle", text = "Un golpe" });
        var rows = await ListAsync();
        var filing = new IncidentFiling(null, PqrsKind.Complaint, 1, "Agua", "Cae agua");
        var filed = await Service.FileAsync(rows.Single(i => i.Place == "Torre B").Id, filing, Staff, default);
        Assert.True(filed.Ok, filed.Error?.Code);
        var it = (await Service.FindAsync(rows.Single(i => i.Place == "Torre B").Id, Staff, default))!;
        Assert.Equal((filed.Value.Id, filed.Value.Number), (it.CaseId, it.Case));
        Assert.Equal(new IncidentRef(it.Id, it.Number), Assert.Single(await Service.OfCaseAsync(filed.Value.Id, Staff, default)));
        Assert.Equal("incident.filed", (await Service.FileAsync(it.Id, filing, Staff, default)).Error!.Code);
        await using var db = await _world.Get<PortalStore>().OpenAsync(CurrentUser.System, default);
        var made = await db.Pqrs.SingleAsync(c => c.Id == filed.Value.Id);
        Assert.Equal((AuthorityWorld.OwnerRow(Who.Owner), AuthorityWorld.Apartment), (made.OwnerId, made.ApartmentId!.Value));
        Assert.Equal(1, await db.PqrsAttachments.CountAsync(a => a.PqrsId == made.Id));

        // Where it names no apartment, in whose name must be said.
        var street = rows.Single(i => i.Place == "Calle").Id;
        Assert.Equal("OwnerId", (await Service.FileAsync(street, filing, Staff, default)).Error!.Field);
        Assert.True((await Service.FileAsync(street, filing with { OwnerId = AuthorityWorld.OwnerRow(Who.Neighbour) }, Staff, default)).Ok);
    }

    [Fact]
    public async Task Visits_of_an_open_incident_are_kept_and_those_of_a_closed_one_are_not()
    {
        var inside = await _world.A.SendAsync("enter", At(4, 8, 0), Terminal.WalkIn("Lina", "101"));
        var entered = _world.A.Event("enter", At(4, 8, 5), Terminal.WalkIn("Otto", "202"));
        await _world.A.SendAsync(entered);
        await _world.A.SendAsync("enter", At(4, 8, 10), Terminal.WalkIn("Ana", "303"));
        foreach (var name in new[] { "Lina", "Otto", "Ana" })
            await _world.A.SendAsync("exit", At(4, 9, 0), new { name, unit = AuthorityWorld.Apartment });
        await _world.A.SendAsync(
            "incident", At(4, 9, 10),
            new { place = "Salón", text = "Pelea", visits = new[] { inside.Visit, 999_999 }, entries = new[] { entered.GetProperty("key").GetString(), "x" } });
        var it = await OneAsync();
        Assert.Equal(["Lina", "Otto"], it.Visits.Select(v => v.Name));
        var offered = Assert.Single(await Service.OfferAsync(it.Id, "An", Staff, default), v => v.Name == "Ana");
        foreach (var _ in new[] { 1, 2 }) Assert.True((await Service.NameVisitAsync(it.Id, offered.Id, Staff, default)).Ok);

        await using var db = await _world.Get<PortalStore>().OpenAsync(CurrentUser.System, default);
        var later = new DateOnly(2027, 12, 4);
        Assert.Empty(await VisitorRetention.Expired(db, db.Visitors, later).ToListAsync());
        Assert.True((await Service.CloseAsync(it.Id, "Se fueron", Staff, default)).Ok);
        Assert.Equal(3, await VisitorRetention.Expired(db, db.Visitors, later).CountAsync());
        Assert.Equal(3, await VisitorRetention.Expired(db, db.Visitors, later).ExecuteDeleteAsync());
        Assert.Empty((await OneAsync()).Visits);
    }
}
