using Portal.Data;
using Portal.Data.Privacy;

namespace Portal.Tests.Authority;

/// <summary>What people ask of their own data: everybody files and reads their own, the office answers, administrators export.</summary>
public sealed class PrivacyMatrix : AreaMatrix
{
    private const long Claim = 881, Incomplete = 882, Stranger = 883, Policy = 884;

    private static readonly DataRequestFiling Asks = new(DataRequestKind.Correct, "My name is wrong.");

    public override Task SeedAsync(PortalDb db, AuthorityWorld world)
    {
        var owner = AuthorityWorld.Id(Who.Owner);
        var incomplete = Filed(Incomplete, owner, world);
        incomplete.Ask(world.Clock.Today);
        var policy = new DataPolicy { Id = Policy };
        policy.Write("What we keep, and what for.");
        policy.Publish(1, AuthorityWorld.Id(Who.Admin), world.Clock.UtcNow);
        db.DataPolicies.Add(policy);
        db.DataConsents.Add(new DataConsent { UserId = owner, PolicyId = Policy, Answer = DataConsentAnswer.Given });
        db.Erasures.Add(Erasure.Asked(new Portal.Data.Identity.User { Id = AuthorityWorld.Id(Who.Neighbour) }, null, null, world.Clock.UtcNow));
        db.DataRequests.AddRange(Filed(Claim, owner, world), incomplete, Filed(Stranger, null, world));
        return Task.CompletedTask;
    }

    public override IEnumerable<Entry> Entries =>
        [
            Method<DataRequestService>(
                nameof(DataRequestService.MineAsync),
                (s, user, _) => Of(s.MineAsync(new(), user, default), page => page.Rows.Any(r => r.Id == Claim)), Who.Owner),
            Method<DataRequestService>(
                nameof(DataRequestService.FindAsync), (s, user, _) => Of(s.FindAsync(Claim, user, default)),
                Who.Admin, Who.Staff, Who.Owner),
            Method<DataRequestService>(
                nameof(DataRequestService.FileAsync), (s, user, _) => Of(s.FileAsync(Asks, user, default)), SignedIn),
            Method<DataRequestService>(
                nameof(DataRequestService.CompleteAsync), (s, user, _) => Of(s.CompleteAsync(Incomplete, "Here it is.", user, default)),
                Who.Admin, Who.Staff, Who.Owner),
            Method<DataRequestService>(
                nameof(DataRequestService.NotesAsync),
                (s, user, _) => Of(s.NotesAsync(AuthorityWorld.Id(Who.Owner), user, default), notes => notes.Count > 0),
                Who.Admin, Who.Staff, Who.Owner),
            Method<DataRequestDesk>(
                nameof(DataRequestDesk.ListAsync),
                (s, user, _) => Of(s.ListAsync(new(), user, default), page => page.Rows.Any(r => r.Id == Claim)), Office),
            Method<DataRequestDesk>(
                nameof(DataRequestDesk.PeopleAsync),
                (s, user, _) => Of(s.PeopleAsync("Prueba", user, default), people => people.Count > 0), Office),
            Method<DataRequestDesk>(
                nameof(DataRequestDesk.FileForAsync),
                (s, user, _) => Of(s.FileForAsync(
                    new(Asks, AuthorityWorld.Id(Who.Owner), null, null, DataRequestChannel.Desk, null), user, default)),
                Office),
            Method<DataRequestDesk>(
                nameof(DataRequestDesk.AskAsync), (s, user, _) => Of(s.AskAsync(Claim, "Which?", user, default)), Office),
            Method<DataRequestDesk>(
                nameof(DataRequestDesk.ExtendAsync), (s, user, _) => Of(s.ExtendAsync(Claim, "Why.", user, default)), Office),
            Method<DataRequestDesk>(nameof(DataRequestDesk.NoteAsync), (s, user, _) => Of(s.NoteAsync(Stranger, user, default)), Office),
            Method<DataRequestDesk>(
                nameof(DataRequestDesk.AnswerAsync),
                (s, user, _) => Of(s.AnswerAsync(Claim, DataRequestOutcome.Granted, "Done.", user, default)), Office),
            Method<PersonalDataService>(
                nameof(PersonalDataService.ReadAsync), (s, user, _) => Of(s.ReadAsync(AuthorityWorld.Id(Who.Owner), user, default)),
                Who.Admin, Who.Owner),
            Method<DataPolicyService>(
                nameof(DataPolicyService.CurrentAsync), (s, user, _) => Of(s.CurrentAsync(user, default)), SignedIn),
            Method<DataPolicyService>(
                nameof(DataPolicyService.AnswerAsync),
                (s, user, _) => Of(s.AnswerAsync(Policy, DataConsentAnswer.Given, "No more.", user, default)), SignedIn),
            Method<DataPolicyService>(nameof(DataPolicyService.VersionsAsync), (s, user, _) => Of(s.VersionsAsync(user, default)), Office),
            Method<DataPolicyService>(
                nameof(DataPolicyService.ConsentsAsync), (s, user, _) => Of(s.ConsentsAsync(new(), user, default)), Office),
            Method<DataPolicyService>(
                nameof(DataPolicyService.SaveAsync), (s, user, _) => Of(s.SaveAsync("A text.", user, default)), Who.Admin),
            Method<DataPolicyService>(
                nameof(DataPolicyService.PublishAsync), (s, user, _) => Of(s.PublishAsync("A text.", user, default)), Who.Admin),
            Method<ErasureService>(
                nameof(ErasureService.PreviewAsync), (s, user, _) => Of(s.PreviewAsync(AuthorityWorld.Id(Who.Owner), user, default)), Who.Admin),
            Method<ErasureService>(
                nameof(ErasureService.ListAsync), (s, user, _) => Of(s.ListAsync(new(), user, default), page => page.Rows.Count > 0), Who.Admin),
            Method<ErasureService>(
                nameof(ErasureService.EraseAsync),
                (s, user, _) => Of(s.EraseAsync(AuthorityWorld.Id(Who.Owner), new("Owner Prueba", null), user, default)), Who.Admin),
            Method<RetentionService>(
                nameof(RetentionService.OverviewAsync), (s, user, _) => Of(s.OverviewAsync(user, default), rows => rows.Count > 0), Who.Admin),
            Method<RetentionService>(
                nameof(RetentionService.PreviewAsync),
                (s, user, _) => Of(s.PreviewAsync(RetentionRule.Jobs, 30, user, default), due => due is not null), Who.Admin),
            Page("/privacy/retention", Who.Admin),
            Page("/privacy/erasures", Who.Admin),
            Page("/privacy/erase/{Id:long}", $"/privacy/erase/{AuthorityWorld.Id(Who.Owner)}", Who.Admin),
            Page("/privacy/policy", Office),
            Page("/privacy", Office),
            Page("/privacy/{Id:long}", $"/privacy/{Claim}", Office),
            Page("/account/privacy", SignedIn),
            Page("/account/privacy/{Id:long}", $"/account/privacy/{Claim}", Who.Owner),
            Endpoint(HttpMethod.Get, "/account/privacy/data.zip", "/account/privacy/data.zip", SignedIn),
            Endpoint(
                HttpMethod.Get, "/people/{id:long}/data.zip", $"/people/{AuthorityWorld.Id(Who.Owner)}/data.zip", Who.Admin),
        ];

    private static DataRequest Filed(long id, long? account, AuthorityWorld world)
    {
        var request = new DataRequest
        {
            Id = id, Number = $"HD-2026-000{id}", UserId = account, PersonName = "Owner Prueba",
            Contact = account is null ? "a letter" : null, Kind = DataRequestKind.Correct, Text = "My name is wrong.",
        };
        request.Receive(world.Clock.Today, world.Clock.Today);
        return request;
    }
}
