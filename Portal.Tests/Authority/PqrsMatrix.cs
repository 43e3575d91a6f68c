using Portal.Data;
using Portal.Data.Pqrs;

namespace Portal.Tests.Authority;

/// <summary>PQRS: petitioners follow their own and nothing internal of it; the office handles all.</summary>
public sealed class PqrsMatrix : AreaMatrix
{
    private const long Active = 701;
    private const long Resolved = 702;
    private const long Other = 703;
    private const long Merged = 704;
    private const long Answer = 7301;
    private const long Kept = 7302;
    private const long Said = 7101;
    private const long Noted = 7102;
    private const long Extended = 7103;
    private const long PublicFile = 7201;
    private const long InternalFile = 7202;

    private static readonly Who[] Readers = [Who.Admin, Who.Staff, Who.Owner];

    /// <summary>Whoever reaches PQRS at all: the office, and residents for their own.</summary>
    private static readonly Who[] Users = [Who.Admin, Who.Staff, Who.Owner, Who.Neighbour, Who.Tenant];

    private static readonly PqrsFiling Leak = new(PqrsKind.Petition, 1, AuthorityWorld.Apartment, "Leak", "It drips.", []);

    public override async Task SeedAsync(PortalDb db, AuthorityWorld world)
    {
        db.Pqrs.AddRange(
            Case(Active, PqrsState.InProgress), Case(Resolved, PqrsState.Resolved), Case(Other, PqrsState.InProgress),
            Case(Merged, PqrsState.InProgress).With(c => c.MergedIntoId, Other));
        db.PqrsCannedAnswers.Add(new PqrsCannedAnswer { Id = Answer, Title = "Visit", Text = "We come." });
        db.PqrsFilters.Add(
            new PqrsFilter { Id = Kept, UserId = AuthorityWorld.Id(Who.Admin), Name = "Open", Address = "state=open", Shared = true });
        await db.SaveChangesAsync();
        db.PqrsTracking.AddRange(
            new PqrsTracking
            {
                Id = Said,
                PqrsId = Active,
                StatusId = PqrsState.InProgress,
                UserId = AuthorityWorld.Id(Who.Staff),
                Kind = PqrsEntryKind.Reply,
                Comments = "Tomorrow.",
            },
            new PqrsTracking
            {
                Id = Noted,
                PqrsId = Active,
                StatusId = PqrsState.InProgress,
                UserId = AuthorityWorld.Id(Who.Staff),
                Kind = PqrsEntryKind.Note,
                Comments = "Cheap.",
                Internal = true,
            },
            new PqrsTracking
            {
                Id = Extended,
                PqrsId = Active,
                StatusId = PqrsState.InProgress,
                UserId = AuthorityWorld.Id(Who.Staff),
                Kind = PqrsEntryKind.Deadline,
                Comments = "2026-12-01 A part is missing.",
            }
        );
        db.PqrsPresence.AddRange(
            ((Who[])[Who.Admin, Who.Staff]).Select(who => new PqrsPresence
            {
                PqrsId = Active, UserId = AuthorityWorld.Id(who), SeenAt = world.Clock.UtcNow,
            }));
        await db.SaveChangesAsync();
        db.PqrsAttachments.AddRange(File(PublicFile, Said), File(InternalFile, Noted));

        PqrsCase Case(long id, PqrsState state)
        {
            var filed = PqrsCase.File(
                Leak, AuthorityWorld.OwnerRow(Who.Owner), PqrsChannel.Web, PqrsPriority.Medium, 15, world.Clock.Today,
                $"PQRS-2026-{id:000000}");
            Assert.True(filed.Act(PqrsAct.Start, 15, world.Clock.Today, world.Clock.UtcNow, null).Ok);
            if (state == PqrsState.Resolved) Assert.True(filed.Act(PqrsAct.Resolve, 15, world.Clock.Today, world.Clock.UtcNow, null).Ok);
            return filed.With(c => c.Id, id).With(c => c.VerificationCode, $"MATR-{id}");
        }

        static PqrsAttachment File(long id, long entry) =>
            new()
            {
                Id = id,
                PqrsId = Active,
                TrackingId = entry,
                FileName = "a.pdf",
                ContentType = "application/pdf",
                Size = 5,
                Content = "%PDF-"u8.ToArray(),
            };
    }

    public override IEnumerable<Entry> Entries =>
        [
            Method<PqrsService>(
                nameof(PqrsService.ListAsync),
                (s, user, _) => Of(s.ListAsync(new(), user, default), page => page.Rows.Any(r => r.Id == Active)), Readers),
            Method<PqrsService>(
                nameof(PqrsService.CountsAsync), (s, user, _) => Of(s.CountsAsync(user, default), counts => counts.All > 0), Readers),
            Method<PqrsService>(nameof(PqrsService.FindAsync), (s, user, _) => Of(s.FindAsync(Active, user, default)), Readers),
            Method<PqrsService>(
                nameof(PqrsService.FindAsync),
                (s, user, _) => Of(s.FindAsync(Active, user, default), found => found?.Entries.Any(e => e.Internal) == true), Office),
            Method<PqrsService>(nameof(PqrsService.FileAsync), (s, user, _) => Of(s.FileAsync(PublicFile, user, default)), Readers),
            Method<PqrsService>(nameof(PqrsService.FileAsync), (s, user, _) => Of(s.FileAsync(InternalFile, user, default)), Office),
            Method<PqrsService>(nameof(PqrsService.CategoriesAsync), (s, user, _) => Of(s.CategoriesAsync(user, default)), Users),
            Method<PqrsService>(nameof(PqrsService.HandlersAsync), (s, user, _) => Of(s.HandlersAsync(user, default)), Office),
            Method<PqrsFilingService>(nameof(PqrsFilingService.ChoicesAsync), (s, user, _) => Of(s.ChoicesAsync(user, default)), Users),
            Method<PqrsFilingService>(
                nameof(PqrsFilingService.PetitionersAsync), (s, user, _) => Of(s.PetitionersAsync("101", user, default)), Office),
            Method<PqrsFilingService>(
                nameof(PqrsFilingService.FileAsync), (s, user, _) => Of(s.FileAsync(Leak, user, default)), Who.Owner, Who.Tenant),
            Method<PqrsFilingService>(
                nameof(PqrsFilingService.FileForAsync),
                (s, user, _) =>
                    Of(
                        s.FileForAsync(
                            new PqrsDeskFiling(AuthorityWorld.OwnerRow(Who.Owner), PqrsChannel.Desk, PqrsPriority.Medium, Leak), user,
                            default)
                    ),
                Office
            ),
            Method<PqrsPetitionerService>(
                nameof(PqrsPetitionerService.WriteAsync), (s, user, _) => Of(s.WriteAsync(Active, "More.", [], user, default)), Who.Owner),
            Method<PqrsPetitionerService>(
                nameof(PqrsPetitionerService.ReopenAsync), (s, user, _) => Of(s.ReopenAsync(Resolved, "Not yet.", user, default)),
                Who.Owner),
            Method<PqrsPetitionerService>(
                nameof(PqrsPetitionerService.RateAsync), (s, user, _) => Of(s.RateAsync(Resolved, 4, user, default)), Who.Owner),
            Method<PqrsPetitionerService>(
                nameof(PqrsPetitionerService.SeenAsync), (s, user, _) => Of(s.SeenAsync(Active, user, default)), Who.Owner),
            Method<PqrsHandlingService>(
                nameof(PqrsHandlingService.ReplyAsync), (s, user, _) => Of(s.ReplyAsync(Active, "Done.", [], user, default)), Office),
            Method<PqrsHandlingService>(
                nameof(PqrsHandlingService.NoteAsync), (s, user, _) => Of(s.NoteAsync(Active, "Cheap.", [], user, default)), Office),
            Method<PqrsHandlingService>(
                nameof(PqrsHandlingService.MoveAsync),
                async (s, user, world) => await s.MoveAsync(Active, PqrsAct.Resolve, "Done.", await SeenAsync(world), user, default),
                Office),
            Method<PqrsHandlingService>(
                nameof(PqrsHandlingService.AssignAsync),
                async (s, user, world) => await s.AssignAsync(Active, AuthorityWorld.Id(Who.Staff), await SeenAsync(world), user, default),
                Office
            ),
            Method<PqrsHandlingService>(
                nameof(PqrsHandlingService.PrioritiseAsync),
                async (s, user, world) => await s.PrioritiseAsync(Active, PqrsPriority.High, await SeenAsync(world), user, default),
                Office),
            Method<PqrsHandlingService>(
                nameof(PqrsHandlingService.ExtendAsync),
                async (s, user, world) => await s.ExtendAsync(Active, 3, "A part.", await SeenAsync(world), user, default), Office),
            Method<PqrsService>(
                nameof(PqrsService.BoardAsync),
                (s, user, _) => Of(s.BoardAsync(new(), user, default), columns => columns.Any(c => c.Rows.Count > 0)), Office),
            Method<PqrsMergeService>(
                nameof(PqrsMergeService.CandidatesAsync), (s, user, _) => Of(s.CandidatesAsync(Resolved, null, user, default)), Office),
            Method<PqrsMergeService>(
                nameof(PqrsMergeService.MergeAsync), (s, user, _) => Of(s.MergeAsync(Active, Other, user, default)), Office),
            Method<PqrsMergeService>(nameof(PqrsMergeService.UndoAsync), (s, user, _) => Of(s.UndoAsync(Merged, user, default)), Office),
            Method<PqrsReportService>(
                nameof(PqrsReportService.PeriodAsync), (s, user, _) => Of(s.PeriodAsync(null, null, user, default)), Office),
            Method<PqrsReportService>(nameof(PqrsReportService.LoadAsync), (s, user, _) => Of(s.LoadAsync(user, default)), Office),
            Method<PqrsAnswerService>(nameof(PqrsAnswerService.ListAsync), (s, user, _) => Of(s.ListAsync(null, user, default)), Office),
            Method<PqrsAnswerService>(
                nameof(PqrsAnswerService.SaveAsync), (s, user, _) => Of(s.SaveAsync(new(null, "Hours", "From 8.", null), user, default)),
                Office),
            Method<PqrsAnswerService>(
                nameof(PqrsAnswerService.DeleteAsync), (s, user, _) => Of(s.DeleteAsync(Answer, user, default)), Office),
            Method<PqrsAnswerService>(nameof(PqrsAnswerService.TurnsAsync), (s, user, _) => Of(s.TurnsAsync(user, default)), Office),
            Method<PqrsAnswerService>(
                nameof(PqrsAnswerService.SaveTurnsAsync),
                (s, user, _) => Of(s.SaveTurnsAsync(1, [AuthorityWorld.Id(Who.Staff)], user, default)), Office),
            Method<PqrsFilterService>(
                nameof(PqrsFilterService.ListAsync), (s, user, _) => Of(s.ListAsync(_ => new(), user, default)), Office),
            Method<PqrsFilterService>(
                nameof(PqrsFilterService.SaveAsync), (s, user, _) => Of(s.SaveAsync("Mine", "state=open", false, user, default)), Office),
            Method<PqrsFilterService>(
                nameof(PqrsFilterService.DeleteAsync), (s, user, _) => Of(s.DeleteAsync(Kept, user, default)), Who.Admin),
            Method<PqrsPresenceService>(
                nameof(PqrsPresenceService.BeatAsync), (s, user, _) => Of(s.BeatAsync(Active, true, user, default)), Office),
            Method<PqrsPresenceService>(nameof(PqrsPresenceService.ListAsync), (s, user, _) => Of(s.ListAsync(user, default)), Office),
            Open<PqrsPresenceService>(nameof(PqrsPresenceService.LeaveAsync), "It takes away nothing but the caller's own row."),
            Open<PqrsAnonymousService>(
                nameof(PqrsAnonymousService.CategoriesAsync), "Names of categories, for who files without a name."),
            Open<PqrsAnonymousService>(nameof(PqrsAnonymousService.FileAsync), "Anybody may file without a name; it takes no person."),
            Open<PqrsAnonymousService>(nameof(PqrsAnonymousService.ReadAsync), "It asks for the number and the code of sixty random bits."),
            Open<PqrsAnonymousService>(nameof(PqrsAnonymousService.WriteAsync), "It asks for the number and the code of sixty random bits."),
            Page("/pqrs/anonymous", Everybody),
            Page("/pqrs/answer", Everybody),
            Page("/pqrs/board", Office),
            Page("/pqrs/period", Office),
            Page("/pqrs/load", Office),
            Page("/pqrs/answers", Office),
            Endpoint(HttpMethod.Get, "/pqrs/period.pdf", "/pqrs/period.pdf", Office),
            Endpoint(HttpMethod.Get, "/pqrs/period/export", "/pqrs/period/export?format=csv", Office),
            Endpoint(
                HttpMethod.Get, "/pqrs/{id:long}/extension/{entry:long}.pdf", $"/pqrs/{Active}/extension/{Extended}.pdf", Readers),
            Page("/pqrs", Users),
            Page("/pqrs/new", Users),
            Page("/pqrs/{Id:long}", $"/pqrs/{Active}", Readers),
            Endpoint(HttpMethod.Get, "/pqrs/{id:long}/report.pdf", $"/pqrs/{Active}/report.pdf?notes=1", Readers),
            Endpoint(HttpMethod.Get, "/pqrs/{id:long}/proof.pdf", $"/pqrs/{Active}/proof.pdf", Readers),
            Endpoint(HttpMethod.Get, "/pqrs/attachments/{id:long}", $"/pqrs/attachments/{PublicFile}", Readers),
            Endpoint(HttpMethod.Get, "/pqrs/attachments/{id:long}", $"/pqrs/attachments/{InternalFile}", Office),
            Endpoint(HttpMethod.Get, "/pqrs/export", "/pqrs/export?format=csv", Users),
        ];

    private static async Task<PqrsSeen> SeenAsync(AuthorityWorld world) =>
        (await world.Get<PqrsService>().FindAsync(Active, world.As(Who.Admin), default))!.Seen;
}
