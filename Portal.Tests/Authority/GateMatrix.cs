using System.Text.Json;
using Portal.Data;
using Portal.Data.Audit;
using Portal.Data.Gate;
using Portal.Data.Pqrs;

namespace Portal.Tests.Authority;

/// <summary>The gate: the terminal for who is on duty, the log, and what residents announce.</summary>
public sealed class GateMatrix : AreaMatrix
{
    private const long Announced = 601, Inside = 602, Left = 603, Long = 604, Note = 611, Terminal = 621, Conflict = 631, Incident = 641,
        Photo = 651, Case = 661;

    private const string Told = "7a1c1111-0000-4000-8000-000000000641", Kept = "7a1c1111-0000-4000-8000-000000000651";

    private static readonly TerminalId Here = new(Terminal, "Portería");

    private static readonly Who[] AtTheGate = [.. Office, Who.Guard];

    public override Task SeedAsync(PortalDb db, AuthorityWorld world)
    {
        var now = world.Clock.Now;
        db.Visitors.Add(Visit(Announced, VisitorState.Announced, now));
        db.Visitors.Add(Visit(Inside, VisitorState.Inside, now));
        db.Visitors.Add(Visit(Left, VisitorState.Left, now));
        db.AuditLog.Add(new AuditEntry { TableName = "visit_history", Action = VisitLooks.Actions[0], NewValue = """{"Search":"Lina"}""" });
        db.Visitors.Add(Visit(Long, VisitorState.Inside, now.AddHours(-20)));
        db.GateNotes.Add(
            new GateNote
            {
                Id = Note,
                Text = "The key of the pool is with the plumber.",
                WrittenBy = AuthorityWorld.Id(Who.Guard),
            }
        );
        var terminal = GateTerminal.Named("Portería").With(t => t.Id, Terminal);
        terminal.Invite(new string('0', 64), world.Clock.UtcNow.AddHours(1));
        Assert.True(terminal.Enrol(new string('1', 64), world.Clock.UtcNow).Ok);
        db.GateTerminals.Add(terminal);
        var pin = GatePin.Of(AuthorityWorld.Id(Who.Guard));
        pin.Set("no hash");
        db.GatePins.Add(pin);
        var entered = Visit(Inside + 10, VisitorState.Inside, now);
        db.GateConflicts.Add(GateConflict.Of(ConflictKind.PassReused, entered, null, null, world.Clock.UtcNow).With(c => c.Id, Conflict));
        var report = new IncidentReport(IncidentKind.Noise, now, now, "Salón", "Music after one.", null, AuthorityWorld.Apartment, 1);
        db.GateIncidents.Add(
            GateIncident.Of("I-2026-000001", Told, report, Terminal, AuthorityWorld.Id(Who.Guard), false, false).With(i => i.Id, Incident));
        var over = GateIncident.Of("I-2026-000002", Kept, report, Terminal, AuthorityWorld.Id(Who.Guard), false, false)
            .With(i => i.Id, Incident + 1);
        Assert.True(over.Close(world.Clock.UtcNow).Ok);
        Assert.True(over.FileAs(Case).Ok);
        var noise = new PqrsFiling(PqrsKind.Complaint, 1, AuthorityWorld.Apartment, "Noise", "At night.", []);
        db.Pqrs.Add(
            PqrsCase.File(
                noise, AuthorityWorld.OwnerRow(Who.Owner), PqrsChannel.Desk, PqrsPriority.Medium, 15, world.Clock.Today, "PQRS-2026-900661")
            .With(c => c.Id, Case));
        db.GateIncidents.Add(over);
        db.GateHandovers.Add(GateHandover.Sign(Kept, Terminal, AuthorityWorld.Id(Who.Guard), now));
        db.GateIncidentPhotos.Add(
            new GateIncidentPhoto
            {
                Id = Photo, IncidentId = Incident, ClientKey = Kept, ContentType = "image/jpeg", Size = 3, Content = [0xFF, 0xD8, 0xFF],
                Small = [1],
            });
        return Task.CompletedTask;
    }

    public override IEnumerable<Entry> Entries =>
        [
            Method<GateLookup>(
                nameof(GateLookup.AskAsync),
                (s, user, _) => Of(s.AskAsync("123456", user, default), verdict => verdict.Kind == VerdictKind.Expected), AtTheGate),
            Method<GateService>(nameof(GateService.InsideAsync), (s, user, _) => Of(s.InsideAsync(user, default)), AtTheGate),
            Method<GateService>(
                nameof(GateService.LogAsync),
                (s, user, _) => Of(s.LogAsync(new ListQuery(), user, default), page => page.Rows.Any(r => r.Id == Announced)),
                [.. AtTheGate, Who.Owner]),
            Method<VisitorRetention>(
                nameof(VisitorRetention.PreviewAsync), (s, user, _) => Of(s.PreviewAsync(30, user, default)), Who.Admin),
            Method<VisitorRetention>(
                nameof(VisitorRetention.KeepForAsync), (s, user, _) => Of(s.KeepForAsync(Left, null, user, default)), Office),
            Method<VisitorRetention>(nameof(VisitorRetention.DueAsync), (s, user, _) => Of(s.DueAsync(user, default)), Who.Admin),
            Method<VisitReports>(
                nameof(VisitReports.ReportAsync),
                (s, user, world) => Of(s.ReportAsync(world.Clock.Today, world.Clock.Today, null, user, default)), Office),
            Method<VisitReports>(
                nameof(VisitReports.InsideAsync),
                (s, user, world) => Of(s.InsideAsync(Between(world), user, default), page => page.Rows.Any(r => r.Id == Inside)), Office),
            Method<VisitReports>(
                nameof(VisitReports.OverstaysAsync),
                (s, user, _) => Of(s.OverstaysAsync(new ListQuery(), user, default), page => page.Rows.Any(r => r.Id == Long)), Office),
            Method<VisitReports>(
                nameof(VisitReports.ExportAsync),
                async (s, user, world) => await s.ExportAsync(LookKind.Inside, Between(world), "csv", user, default).AnyAsync(r => r.Id == Inside),
                Office),
            Method<VisitLooks>(
                nameof(VisitLooks.ListAsync),
                (s, user, _) => Of(s.ListAsync(new ListQuery(), user, default), page => page.Rows.Any(r => r.Search == "Lina")), Who.Admin),
            Method<NoteService>(nameof(NoteService.ListAsync), (s, user, _) => Of(s.ListAsync(new ListQuery(), user, default)), AtTheGate),
            Method<NoteService>(
                nameof(NoteService.WriteAsync), (s, user, _) => Of(s.WriteAsync(new NoteInput("All quiet.", true), user, default)), AtTheGate),
            Method<NoteService>(nameof(NoteService.ReadAsync), (s, user, _) => Of(s.ReadAsync(Note, user, default)), AtTheGate),
            Method<VisitService>(
                nameof(VisitService.AnnounceAsync),
                (s, user, world) =>
                    Of(
                        s.AnnounceAsync(
                            new Announcement(
                                VisitorKind.Guest, AuthorityWorld.Apartment, "Somebody", null, 1, null, null, world.Clock.Now,
                                world.Clock.Now.AddHours(2)),
                            user,
                            default
                        )
                    ),
                Who.Owner,
                Who.Tenant
            ),
            Method<VisitService>(nameof(VisitService.RevokeAsync), (s, user, _) => Of(s.RevokeAsync(Announced, user, default)), Who.Owner),
            Method<VisitService>(nameof(VisitService.FindAsync), (s, user, _) => Of(s.FindAsync(Announced, user, default)), Who.Owner),
            Method<GateEvents>(
                nameof(GateEvents.TakeAsync),
                (s, user, _) => Of(
                    s.TakeAsync(Terminal, [JsonSerializer.SerializeToElement(new { key = Guid.NewGuid(), kind = "note", fields = new { text = "x" } })], user, default)),
                AtTheGate),
            Method<TerminalState>(nameof(TerminalState.ReadAsync), (s, user, _) => Of(s.ReadAsync(user, default), told => told.Guard is not null), AtTheGate),
            Method<TerminalService>(nameof(TerminalService.ListAsync), (s, user, _) => Of(s.ListAsync(new ListQuery(), user, default)), Office),
            Method<TerminalService>(nameof(TerminalService.AddAsync), (s, user, _) => Of(s.AddAsync("Sótano", user, default)), Office),
            Method<TerminalService>(nameof(TerminalService.InviteAsync), (s, user, _) => Of(s.InviteAsync(Terminal, user, default)), Office),
            Method<TerminalService>(nameof(TerminalService.RevokeAsync), (s, user, _) => Of(s.RevokeAsync(Terminal, user, default)), Office),
            Method<TerminalService>(
                nameof(TerminalService.EnrolAsync), (s, user, _) => Of(s.EnrolAsync("not a code", user, default), done => !done.Ok), Everybody),
            Open<TerminalService>(nameof(TerminalService.FindAsync), "says which device it is by its own secret"),
            Open<TerminalService>(nameof(TerminalService.SeenAsync), "the device's heartbeat"),
            Open<PinService>(nameof(PinService.GuardsAsync), "whom an enrolled device offers for signing in: names"),
            Open<PinService>(nameof(PinService.TryAsync), "signs a guard in at an enrolled device"),
            Method<PinService>(nameof(PinService.ListAsync), (s, user, _) => Of(s.ListAsync(user, default)), Office),
            Method<PinService>(
                nameof(PinService.SetAsync), (s, user, _) => Of(s.SetAsync(AuthorityWorld.Id(Who.Guard), "428915", user, default)), AtTheGate),
            Method<PinService>(
                nameof(PinService.ClearAsync),
                (s, user, _) => Of(s.ClearAsync(AuthorityWorld.Id(Who.Guard), user, default)),
                Office),
            Method<ConflictService>(nameof(ConflictService.ListAsync), (s, user, _) => Of(s.ListAsync(new ListQuery(), user, default)), Office),
            Method<ConflictService>(nameof(ConflictService.OpenAsync), (s, user, _) => Of(s.OpenAsync(user, default), open => open > 0), Office),
            Method<ConflictService>(
                nameof(ConflictService.SettleAsync), (s, user, _) => Of(s.SettleAsync(Conflict, Settlement.Error, null, user, default)), Office),
            Method<ConflictService>(nameof(ConflictService.EntryAsync), (s, user, _) => Of(s.EntryAsync(Inside, user, default)), Who.Owner),
            Method<ConflictService>(nameof(ConflictService.ReportAsync), (s, user, _) => Of(s.ReportAsync(Inside, null, user, default)), Who.Owner),
            // What the terminal asks: of a device that is not enrolled it answers nobody. TerminalTests asks with one that is.
            // Files without data: they must be there when nothing answers.
            Endpoint(HttpMethod.Get, "/gate/", "/gate/", Everybody),
            Endpoint(HttpMethod.Get, "/gate/sw.js", "/gate/sw.js", Everybody),
            Endpoint(HttpMethod.Get, "/gate/words.json", "/gate/words.json", Everybody),
            Endpoint(HttpMethod.Get, "/gate/manifest.webmanifest", "/gate/manifest.webmanifest", Everybody),
            Endpoint(HttpMethod.Post, "/gate/enrol", "/gate/enrol", Everybody),
            Endpoint(HttpMethod.Get, "/gate/state", "/gate/state"),
            Endpoint(HttpMethod.Post, "/gate/pin", "/gate/pin"),
            Endpoint(HttpMethod.Post, "/gate/leave", "/gate/leave"),
            Endpoint(HttpMethod.Get, "/gate/snapshot", "/gate/snapshot"),
            Endpoint(HttpMethod.Get, "/gate/ask", "/gate/ask?q=123456"),
            Endpoint(HttpMethod.Post, "/gate/events", "/gate/events"),
            Endpoint(HttpMethod.Get, "/gate/parcels", "/gate/parcels"),
            Endpoint(HttpMethod.Get, "/gate/handover", "/gate/handover"),
            Endpoint(HttpMethod.Post, "/gate/handover/sign", "/gate/handover/sign"),
            Endpoint(HttpMethod.Post, "/gate/handover/take", "/gate/handover/take"),
            Endpoint(HttpMethod.Post, "/gate/incidents/{incident}/photos/{photo}", $"/gate/incidents/{Told}/photos/{Told}"),

            // Whom a PIN stands for says who may; here it is wrong for everybody, which is an answer all the same.
            Method<HandoverService>(
                nameof(HandoverService.SummaryAsync), (s, user, _) => Of(s.SummaryAsync(Terminal, user, default)), AtTheGate),
            Method<HandoverService>(
                nameof(HandoverService.SignAsync), (s, user, _) => Of(s.SignAsync(Told, "1", Here, null, user, default)), AtTheGate),
            Method<HandoverService>(
                nameof(HandoverService.TakeAsync),
                (s, user, _) => Of(s.TakeAsync(new HandoverTaking(Told, 0, "1", [], false, 0, null), Here, null, user, default)), AtTheGate),
            Method<HandoverService>(
                nameof(HandoverService.ListAsync), (s, user, _) => Of(s.ListAsync(new ListQuery(), user, default)), Office),
            Method<IncidentService>(
                nameof(IncidentService.ListAsync), (s, user, _) => Of(s.ListAsync(new ListQuery(), user, default)), Office),
            Method<IncidentService>(nameof(IncidentService.FindAsync), (s, user, _) => Of(s.FindAsync(Incident, user, default)), Office),
            Method<IncidentService>(
                nameof(IncidentService.OpenAsync), (s, user, _) => Of(s.OpenAsync(user, default), open => open > 0), Office),
            Method<IncidentService>(
                nameof(IncidentService.OfCaseAsync), (s, user, _) => Of(s.OfCaseAsync(Case, user, default)), Office),
            Method<IncidentService>(
                nameof(IncidentService.PhotoAsync), (s, user, _) => Of(s.PhotoAsync(Photo, true, user, default)), Office),
            Method<IncidentService>(
                nameof(IncidentService.KeepPhotoAsync), (s, user, _) => Of(s.KeepPhotoAsync(Told, Kept, [], user, default)), AtTheGate),
            Method<IncidentService>(nameof(IncidentService.AddAsync), (s, user, _) => Of(s.AddAsync(Incident, "More.", user, default)), Office),
            Method<IncidentService>(
                nameof(IncidentService.CloseAsync), (s, user, _) => Of(s.CloseAsync(Incident, "Done.", user, default)), Office),
            Method<IncidentService>(
                nameof(IncidentService.ReopenAsync), (s, user, _) => Of(s.ReopenAsync(Incident + 1, null, user, default)), Office),
            Method<IncidentService>(
                nameof(IncidentService.OfferAsync), (s, user, _) => Of(s.OfferAsync(Incident, "Visitor", user, default)), Office),
            Method<IncidentService>(
                nameof(IncidentService.NameVisitAsync), (s, user, _) => Of(s.NameVisitAsync(Incident, Inside, user, default)), Office),
            Method<IncidentService>(
                nameof(IncidentService.FileAsync),
                (s, user, _) => Of(
                    s.FileAsync(
                        Incident, new IncidentFiling(AuthorityWorld.OwnerRow(Who.Owner), PqrsKind.Complaint, 1, "Noise", "At night."), user, default)),
                Office),
            Endpoint(HttpMethod.Get, "/gate/incidents/photos/{id:long}", $"/gate/incidents/photos/{Photo}", Office),
            Page("/gate/incidents", Office),
            Page("/gate/incidents/{Id:long}", $"/gate/incidents/{Incident}", Office),
            Page("/gate/handovers", Office),
            Page("/gate/notes", AtTheGate),
            Page("/gate/log", AtTheGate),
            Page("/visits/report", Office),
            Page("/visits/report/inside", Office),
            Page("/visits/report/overstays", Office),
            Page("/visits/report/looks", Who.Admin),
            Page("/visits/report/retention", Who.Admin),
            Endpoint(HttpMethod.Get, "/visits/report.pdf", "/visits/report.pdf", Office),
            Endpoint(HttpMethod.Get, "/visits/report/export", "/visits/report/export?table=towers", Office),
            Endpoint(HttpMethod.Get, "/visits/report/inside.pdf", "/visits/report/inside.pdf?from=2026-11-20T08:00&to=2026-11-20T18:00", Office),
            Endpoint(HttpMethod.Get, "/visits/report/inside/export", "/visits/report/inside/export?from=2026-11-20T08:00&to=2026-11-20T18:00", Office),
            Endpoint(HttpMethod.Get, "/visits/report/overstays.pdf", "/visits/report/overstays.pdf", Office),
            Endpoint(HttpMethod.Get, "/visits/report/overstays/export", "/visits/report/overstays/export", Office),
            Page("/gate/terminals", Office),
            Page("/gate/conflicts", Office),
            Page("/visits/entries/{Id:long}", $"/visits/entries/{Inside}", [Who.Admin, .. Residents]),
        ];

    private static ListQuery Between(AuthorityWorld world) => new(Filters: new Dictionary<string, string>
    {
        ["from"] = world.Clock.Now.AddHours(-1).ToString("yyyy-MM-dd'T'HH:mm", System.Globalization.CultureInfo.InvariantCulture),
        ["to"] = world.Clock.Now.AddHours(1).ToString("yyyy-MM-dd'T'HH:mm", System.Globalization.CultureInfo.InvariantCulture),
    });

    private static Visitor Visit(long id, VisitorState state, DateTime now)
    {
        var visit = Visitor.Announce(
            AuthorityWorld.OwnerRow(Who.Owner),
            new Announcement(
                VisitorKind.Guest, AuthorityWorld.Apartment, "Visitor " + id, "80" + id, 1, null, null, now.AddHours(-1), now.AddHours(3)),
            state == VisitorState.Announced ? "123456" : $"{id:000000}");
        if (state != VisitorState.Announced) visit.Come(now, null, new EntryNote(Guid.NewGuid().ToString(), false, false, VisitAuthority.Pass));
        if (state == VisitorState.Left) Assert.True(visit.Go(now, null, false));
        return visit.With(v => v.Id, id);
    }
}
