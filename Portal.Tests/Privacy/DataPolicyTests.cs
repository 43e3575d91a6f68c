using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Privacy;
using Portal.Tests.Pqrs;
using Portal.Tests.Server;

namespace Portal.Tests.Privacy;

/// <summary>The versions of the data policy, and the proof of who allowed what (Ley 1581 of 2012, arts 9 and 12).</summary>
public sealed class DataPolicyTests(TestDatabase database) : PqrsTest(database)
{
    private DataPolicyService Policies => Service<DataPolicyService>();

    private async Task<DataPolicyView> CurrentAsync(CurrentUser who) => (await Policies.CurrentAsync(who, default))!;

    private Task<Result> AnswerAsync(CurrentUser who, long policy, DataConsentAnswer answer) =>
        Policies.AnswerAsync(policy, answer, "Ya no autorizo.", who, default);

    [Fact]
    public async Task A_version_that_is_out_never_changes_and_everybody_is_asked_anew_by_the_next()
    {
        Assert.Null(await Policies.CurrentAsync(Andrea, default));
        Assert.Equal("forbidden", (await Policies.PublishAsync("Texto", Diego, default)).Error!.Code);
        Assert.Equal("required", (await Policies.SaveAsync(" ", Carolina, default)).Error!.Code);
        Assert.True((await Policies.SaveAsync("Borrador", Carolina, default)).Ok);
        Assert.Null(await Policies.CurrentAsync(Andrea, default));
        Assert.True((await Policies.PublishAsync("Primer texto", Carolina, default)).Ok);
        var first = await CurrentAsync(Andrea);
        Assert.Equal(1, first.Version);
        Assert.Null(first.Answer);
        Assert.True((await AnswerAsync(Andrea, first.Id, DataConsentAnswer.Given)).Ok);
        Assert.True((await AnswerAsync(Andrea, first.Id, DataConsentAnswer.Given)).Ok);
        Assert.Equal(DataConsentAnswer.Given, (await CurrentAsync(Andrea)).Answer);

        Assert.True((await Policies.SaveAsync("Segundo texto", Carolina, default)).Ok);
        Assert.Equal("Primer texto", (await CurrentAsync(Andrea)).Body);
        Assert.True((await Policies.PublishAsync("Segundo texto", Carolina, default)).Ok);
        var second = await CurrentAsync(Andrea);
        Assert.Equal(2, second.Version);
        Assert.Null(second.Answer);
        Assert.Equal("stale", (await AnswerAsync(Andrea, first.Id, DataConsentAnswer.Given)).Error!.Code);
        var versions = await Policies.VersionsAsync(Diego, default);
        Assert.Equal([2, 1], versions.Select(v => v.Version ?? 0));
        Assert.Equal([0, 1], versions.Select(v => v.Given));
        Assert.Equal("Primer texto", versions[1].Body);
        Assert.Empty(await Policies.VersionsAsync(Andrea, default));
    }

    [Fact]
    public async Task Who_takes_it_back_files_a_claim_and_every_answer_stays_as_proof()
    {
        Assert.True((await Policies.PublishAsync("Texto", Carolina, default)).Ok);
        var policy = await CurrentAsync(Andrea);
        Assert.Equal("policy.not_given", (await AnswerAsync(Andrea, policy.Id, DataConsentAnswer.Withdrawn)).Error!.Code);
        Assert.True((await AnswerAsync(Andrea, policy.Id, DataConsentAnswer.Later)).Ok);
        Assert.True((await AnswerAsync(Andrea, policy.Id, DataConsentAnswer.Given)).Ok);
        Assert.True((await AnswerAsync(Andrea, policy.Id, DataConsentAnswer.Later)).Ok);
        Assert.Equal(DataConsentAnswer.Given, (await CurrentAsync(Andrea)).Answer);
        Assert.True((await AnswerAsync(Andrea, policy.Id, DataConsentAnswer.Withdrawn)).Ok);

        var claim = Assert.Single((await Service<DataRequestService>().MineAsync(new(), Andrea, default)).Rows);
        Assert.Equal(DataRequestKind.Withdraw, claim.Kind);
        var proof = await Policies.ConsentsAsync(new(), Diego, default);
        Assert.Equal(
            [DataConsentAnswer.Withdrawn, DataConsentAnswer.Given, DataConsentAnswer.Later], proof.Rows.Select(r => r.Answer));
        Assert.All(proof.Rows, row => Assert.Equal("Andrea Ruiz", row.Person));
        Assert.Equal(1, (await Policies.VersionsAsync(Diego, default))[0].Withdrawn);
        Assert.Empty((await Policies.ConsentsAsync(new("bruno"), Diego, default)).Rows);
        await using var db = await Store.OpenAsync(CurrentUser.System, default);
        Assert.Equal(3, await db.AuditLog.CountAsync(e => e.TableName == "data_consents"));
    }
}
