using Portal.Data.Notices;
using Portal.Data.Packages;
using Portal.Data;
using Portal.Data.Audit;
using Portal.Data.Backups;
using Portal.Data.Gate;
using Portal.Data.Notifications;
using Portal.Data.Push;
using Portal.Data.Operations;

namespace Portal.Tests.Authority;

/// <summary>Bells, notices, packages, the audit log and the machinery.</summary>
public sealed class CommunityMatrix : AreaMatrix
{
    private const long Bell = 801;
    private const long ForAll = 811;
    private const long ForSecurity = 812;
    private const long Plan = 815;
    private const long Package = 821, Signed = 822;
    private const long Failed = 831;
    private const long Device = 841;
    private const string Address = "https://fcm.googleapis.com/fcm/send/andrea";

    private static readonly NoticeInput Words = new("Water", "Off from eight.", "", "", "", NoticeResidents.All, false, new DateTime(2026, 1, 1, 8, 0, 0), null);

    public override async Task SeedAsync(PortalDb db, AuthorityWorld world)
    {
        var now = world.Clock.Now;
        db.BackupSets.Add(BackupSet.NotMade(BackupKind.Nightly, "The disk is full.", world.Clock.UtcNow, world.Clock.UtcNow, null));
        db.BackupDrills.Add(BackupDrill.Compared(
            "portal-1", false, false, world.Clock.UtcNow, [new("towers", 1, null)], null, world.Clock.UtcNow, world.Clock.UtcNow));
        db.Notifications.Add(
            new Notification
            {
                Id = Bell,
                RecipientId = AuthorityWorld.Id(Who.Owner),
                RecipientType = RecipientType.Owner,
                Title = "Paquete",
                Message = "Caja",
                Type = PackageService.Received,
                Link = "/packages",
            }
        );
        db.PushDevices.Add(
            new PushDevice
            {
                Id = Device, UserId = AuthorityWorld.Id(Who.Owner), Endpoint = Address, EndpointHash = PushAddress.HashOf(Address), DeviceKey = "k",
                Secret = "s",
            });
        db.Notices.AddRange(
            new Notice
            {
                Id = ForAll,
                Title = "Water",
                Body = "Off.",
                PublishAt = now.AddDays(-1),
            },
            new Notice
            {
                Id = ForSecurity,
                Title = "Rounds",
                Body = "Every hour.",
                Roles = $"{Portal.Data.Access.Roles.Security}",
                PublishAt = now.AddDays(-1),
            }
        );
        db.NoticeFiles.Add(
            new NoticeFile
            {
                Id = Plan, NoticeId = ForAll, FileName = "plan.pdf", ContentType = "application/pdf", Size = 9, Content = "%PDF-1.4\n"u8.ToArray(),
                Sha256 = new string('0', 64),
            });
        db.NoticeRecipients.Add(new NoticeRecipient { NoticeId = ForAll, UserId = AuthorityWorld.Id(Who.Owner) });
        db.Packages.Add(
            new Package
            {
                Id = Package,
                ApartmentId = AuthorityWorld.Apartment,
                Carrier = "Servientrega",
                ReceivedAt = world.Clock.UtcNow,
            }
        );
        var signed = new Package
        {
            Id = Signed, ApartmentId = AuthorityWorld.Apartment, Carrier = "TCC", ReceivedAt = world.Clock.UtcNow,
        };
        Assert.True(signed.End(PackageState.Collected, "Ana", PickupProof.Signature, "M1 1L2 2", null, world.Clock.UtcNow).Ok);
        db.Packages.Add(signed);
        db.Jobs.Add(
            new Job
            {
                Id = Failed,
                Kind = "mail",
                Payload = "{}",
                State = JobState.Failed,
                RunAt = world.Clock.UtcNow,
                CreatedAt = world.Clock.UtcNow,
                LastError = "no",
            }
        );
        await Task.CompletedTask;
    }

    public override IEnumerable<Entry> Entries =>
        [
            Method<NotificationService>(
                nameof(NotificationService.ListAsync),
                (s, user, _) => Of(s.ListAsync(new(), user, default), page => page.Rows.Any(r => r.Id == Bell)), Who.Owner),
            Method<NotificationService>(
                nameof(NotificationService.ReadAsync), (s, user, _) => Of(s.ReadAsync(Bell, user, default)), Who.Owner),
            Method<NotificationService>(
                nameof(NotificationService.ReadAllAsync), (s, user, _) => Of(s.ReadAllAsync(user, default)), SignedIn),
            Method<NotificationChoices>(
                nameof(NotificationChoices.MineAsync),
                (s, user, _) => Of(s.MineAsync(user, default), mine => mine?.Kinds.Any(k => k.Kind == NotificationKinds.Payments) == true),
                Residents
            ),
            Method<NotificationChoices>(
                nameof(NotificationChoices.MineAsync),
                (s, user, _) => Of(s.MineAsync(user, default), mine => mine?.Kinds.Any(k => k.Kind == NotificationKinds.Work) == true),
                Office),
            Method<NotificationChoices>(
                nameof(NotificationChoices.ChooseAsync),
                (s, user, _) => Of(s.ChooseAsync(NotificationKinds.Payments, false, user, default)), Residents),
            Method<NotificationChoices>(
                nameof(NotificationChoices.ChooseAsync), (s, user, _) => Of(s.ChooseAsync(NotificationKinds.Work, true, user, default)),
                Office),
            Method<NotificationChoices>(
                nameof(NotificationChoices.RhythmAsync),
                (s, user, _) => Of(s.RhythmAsync(NotificationKinds.Payments, MailRhythm.Daily, user, default)), Residents),
            Method<NotificationChoices>(
                nameof(NotificationChoices.TimeAsync), (s, user, _) => Of(s.TimeAsync(8, DayOfWeek.Friday, user, default)), SignedIn),
            // Whoever has the mail has its link: it turns off for the person it names, and for nobody else.
            Method<NotificationChoices>(
                nameof(NotificationChoices.UnsubscribeAsync),
                (s, user, _) => Of(s.UnsubscribeAsync(NotificationKinds.Payments, user, default)), SignedIn),
            Method<PushService>(nameof(PushService.MineAsync), (s, user, _) => Of(s.MineAsync(user, default), mine => mine is not null), SignedIn),
            Method<PushService>(
                nameof(PushService.MineAsync), (s, user, _) => Of(s.MineAsync(user, default), mine => mine?.Devices.Any(d => d.Id == Device) == true),
                Who.Owner),
            Method<PushService>(
                nameof(PushService.AddAsync), (s, user, _) => Of(s.AddAsync(new PushAddress(Address, null, null), null, user, default)), SignedIn),
            Method<PushService>(
                nameof(PushService.RenewAsync), (s, user, _) => Of(s.RenewAsync(Address, null, user, default)), Who.Owner),
            Method<PushService>(nameof(PushService.RemoveAsync), (s, user, _) => Of(s.RemoveAsync(Device, user, default)), Who.Owner),
            Method<PushService>(
                nameof(PushService.ChooseAsync), (s, user, _) => Of(s.ChooseAsync(NotificationKinds.Payments, false, user, default)), Residents),
            Method<PushService>(
                nameof(PushService.ChooseAsync), (s, user, _) => Of(s.ChooseAsync(NotificationKinds.Work, false, user, default)), Office),
            Method<PushService>(nameof(PushService.TryAsync), (s, user, _) => Of(s.TryAsync(user, default)), SignedIn),
            Endpoint(
                HttpMethod.Post, "/push/device", "/push/device",
                new StringContent($$"""{"endpoint":"{{Address}}"}""", System.Text.Encoding.UTF8, "application/json"), Who.Owner),
            Page("/unsubscribe", Everybody),
            Endpoint(HttpMethod.Post, "/unsubscribe", "/unsubscribe?t=none", new ByteArrayContent([]), Everybody),
            Method<NoticeService>(
                nameof(NoticeService.ListAsync),
                (s, user, _) => Of(s.ListAsync(new(), user, default), page => page.Rows.Any(r => r.Id == ForAll)), SignedIn),
            Method<NoticeService>(
                nameof(NoticeService.ListAsync),
                (s, user, _) => Of(s.ListAsync(new(), user, default), page => page.Rows.Any(r => r.Id == ForSecurity)), Who.Admin,
                Who.Staff, Who.Guard),
            Method<NoticeService>(nameof(NoticeService.ReadAsync), (s, user, _) => Of(s.ReadAsync([ForAll], user, default)), SignedIn),
            Method<NoticeService>(nameof(NoticeService.SaveAsync), (s, user, _) => Of(s.SaveAsync(ForAll, Words, user, default)), Office),
            Method<NoticeService>(nameof(NoticeService.DeleteAsync), (s, user, _) => Of(s.DeleteAsync(ForAll, user, default)), Office),
            Method<NoticeService>(
                nameof(NoticeService.ReadersAsync),
                async (s, user, _) => await s.ReadersAsync(ForAll, user, default), Office),
            Method<NoticeService>(nameof(NoticeService.FindAsync), (s, user, _) => Of(s.FindAsync(ForSecurity, user, default)), [.. Office, Who.Guard]),
            Method<NoticeService>(nameof(NoticeService.FileAsync), (s, user, _) => Of(s.FileAsync(Plan, user, default)), SignedIn),
            Endpoint(HttpMethod.Get, "/notices/files/{id:long}", $"/notices/files/{Plan}", SignedIn),
            Endpoint(HttpMethod.Get, "/notices/{id:long}/lift.pdf", $"/notices/{ForAll}/lift.pdf", Office),
            Method<NoticeService>(nameof(NoticeService.EditAsync), (s, user, _) => Of(s.EditAsync(ForAll, user, default)), Office),
            Method<NoticeService>(nameof(NoticeService.ReachAsync), (s, user, _) => Of(s.ReachAsync(Words, user, default)), Office),
            Method<NoticeService>(nameof(NoticeService.RemindAsync), (s, user, _) => Of(s.RemindAsync(ForAll, user, default)), Office),
            Method<NoticeService>(nameof(NoticeService.AudiencesAsync), (s, user, _) => Of(s.AudiencesAsync(user, default)), Office),
            Method<PackageService>(
                nameof(PackageService.ListAsync),
                (s, user, _) => Of(s.ListAsync(new(), user, default), page => page.Rows.Any(r => r.Id == Package)), Who.Admin, Who.Staff,
                Who.Guard, Who.Owner, Who.Tenant),
            Method<PackageService>(
                nameof(PackageService.UnitsAsync), (s, user, _) => Of(s.UnitsAsync("101", user, default)), Who.Admin, Who.Staff, Who.Guard),
            Method<PackageService>(
                nameof(PackageService.ReceiveAsync),
                (s, user, _) => Of(s.ReceiveAsync(new NewPackage(AuthorityWorld.Apartment, "TCC", null), user, default)), Who.Admin,
                Who.Staff, Who.Guard),
            Method<PackageService>(
                nameof(PackageService.HandOverAsync), (s, user, _) => Of(s.HandOverAsync(Package, new Pickup("Ana"), user, default)), Who.Admin,
                Who.Staff, Who.Guard),
            Method<PackageService>(
                nameof(PackageService.SignatureAsync), (s, user, _) => Of(s.SignatureAsync(Signed, user, default)), Who.Admin, Who.Staff,
                Who.Guard, Who.Owner, Who.Tenant),
            Method<PackageService>(
                nameof(PackageService.ReturnAsync), (s, user, _) => Of(s.ReturnAsync(Package, user, default)), Who.Admin, Who.Staff,
                Who.Guard),
            Method<AuditService>(nameof(AuditService.ListAsync), (s, user, _) => Of(s.ListAsync(new(), user, default)), Who.Admin),
            Method<AuditService>(
                nameof(AuditService.ActAsync), async (s, user, world) => await s.ActAsync(await FirstEntryAsync(world), user, default),
                Who.Admin),
            Method<AuditService>(nameof(AuditService.ProofAsync), async (s, user, _) => await s.ProofAsync(user, default), Who.Admin),
            Method<AuditService>(nameof(AuditService.AskCheckAsync), (s, user, _) => Of(s.AskCheckAsync(user, default)), Who.Admin),
            Method<AuditService>(nameof(AuditService.ChoicesAsync), (s, user, _) => Of(s.ChoicesAsync(user, default)), Who.Admin),
            Method<OperationsService>(nameof(OperationsService.StateAsync), (s, user, _) => Of(s.StateAsync(user, default)), Who.Admin),
            Method<OperationsService>(
                nameof(OperationsService.JobsAsync),
                (s, user, _) => Of(s.JobsAsync(new(), user, default), page => page.Rows.Any(r => r.Id == Failed)), Who.Admin),
            Method<OperationsService>(
                nameof(OperationsService.RetryAsync), (s, user, _) => Of(s.RetryAsync(Failed, user, default)), Who.Admin),
            Page("/notifications", SignedIn),
            Page("/notices/new", Office),
            Page("/notices/{Id:long}/edit", $"/notices/{ForAll}/edit", Office),
            Page("/notices", SignedIn),
            Page("/packages", SignedIn),
            Page("/audit", Who.Admin),
            Method<ComplianceService>(
                nameof(ComplianceService.ReadAsync), (s, user, _) => Of(s.ReadAsync(null, null, user, default)), Who.Admin),
            Page("/audit/compliance", Who.Admin),
            Endpoint(HttpMethod.Get, "/audit/compliance.pdf", "/audit/compliance.pdf", Who.Admin),
            Endpoint(HttpMethod.Get, "/audit/compliance/export", "/audit/compliance/export", Who.Admin),
            Method<MonitorService>(nameof(MonitorService.ReadAsync), (s, user, _) => Of(s.ReadAsync(user, default)), Who.Admin),
            Method<MonitorService>(nameof(MonitorService.DatabaseAsync), (s, user, _) => Of(s.DatabaseAsync(user, default)), Who.Admin),
            Page("/operations", Who.Admin),
            Page("/operations/jobs", Who.Admin),
            Page("/operations/database", Who.Admin),
            Method<BackupsService>(nameof(BackupsService.StateAsync), (s, user, _) => Of(s.StateAsync(user, default)), Who.Admin),
            Method<BackupsService>(
                nameof(BackupsService.ListAsync), (s, user, _) => Of(s.ListAsync(new(), user, default), page => page.Rows.Count > 0), Who.Admin),
            Method<BackupsService>(
                nameof(BackupsService.DrilledAsync), (s, user, _) => Of(s.DrilledAsync(user, default), found => found.Count > 0),
                Who.Admin),
            Method<BackupsService>(nameof(BackupsService.AskAsync), (s, user, _) => Of(s.AskAsync(user, default)), Who.Admin),
            Method<BackupsService>(nameof(BackupsService.AskDrillAsync), (s, user, _) => Of(s.AskDrillAsync(user, default)), Who.Admin),
            Page("/operations/backups", Who.Admin),
        ];

    private static async Task<long> FirstEntryAsync(AuthorityWorld world) =>
        (await world.Get<AuditService>().ListAsync(new(), world.As(Who.Admin), default)).Rows[0].Id;
}
