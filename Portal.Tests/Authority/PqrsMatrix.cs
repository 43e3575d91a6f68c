using Portal.Data;
using Portal.Data.Pqrs;

namespace Portal.Tests.Authority;

/// <summary>PQRS: petitioners follow their own and nothing internal of it; the office handles all.</summary>
public sealed class PqrsMatrix : AreaMatrix
{
    private const long Active = 701;
    private const long Resolved = 702;
    private const long Said = 7101;
    private const long Noted = 7102;
    private const long PublicFile = 7201;
    private const long InternalFile = 7202;

    private static readonly Who[] Readers = [Who.Admin, Who.Staff, Who.Owner];

    /// <summary>Whoever reaches PQRS at all: the office, and residents for their own.</summary>
    private static readonly Who[] Users = [Who.Admin, Who.Staff, Who.Owner, Who.Neighbour, Who.Tenant];

    private static readonly PqrsFiling Leak = new(PqrsKind.Petition, 1, AuthorityWorld.Apartment, "Leak", "It drips.", []);

    public override async Task SeedAsync(PortalDb db, AuthorityWorld world)
    {
        db.Pqrs.AddRange(Case(Active, PqrsState.InProgress), Case(Resolved, PqrsState.Resolved));
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
            }
        );
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
