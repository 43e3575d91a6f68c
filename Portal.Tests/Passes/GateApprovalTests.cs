using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Building;
using Portal.Data.Gate;
using Portal.Data.Passes;
using Portal.Tests.Authority;
using Portal.Tests.Server;
using Xunit;

namespace Portal.Tests.Passes;

/// <summary>The gate asks an apartment: the first answer within 110 seconds counts.</summary>
public sealed class GateApprovalTests(TestDatabase database) : DatabaseTest(database)
{
    private AuthorityWorld _world = null!;

    private GateApprovalService Service => _world.Get<GateApprovalService>();

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _world = new AuthorityWorld(Database);
        await _world.BeginAsync(new PassesMatrix());
    }

    public override async Task DisposeAsync()
    {
        await _world.DisposeAsync();
        await base.DisposeAsync();
    }

    private static NewApproval Asking(string? key = null) =>
        new(key ?? Guid.NewGuid().ToString(), AuthorityWorld.Apartment, "Daniel Peña", VisitorKind.Guest);

    private Task<Result<ApprovalView>> SayAsync(Who who, ApprovalAnswer answer) => Service.AnswerAsync(PassesMatrix.Asked, answer, _world.As(who), default);

    private Task<ApprovalState?> StateAsync() => Service.StateAsync(PassesMatrix.Key, _world.As(Who.Guard), default);

    [Fact]
    public async Task Asked_twice_is_asked_once_and_everybody_of_the_apartment_is_told_once()
    {
        var ask = Asking();
        var asked = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Service.AskAsync(ask, _world.As(Who.Guard), default)));
        Assert.All(asked, a => Assert.Equal(ApprovalAnswer.Waiting, a.Value.Answer));
        await using var db = await _world.Store.OpenAsync(CurrentUser.System, default);
        var id = await db.GateApprovals.Where(a => a.ClientKey == ask.Key).Select(a => a.Id).SingleAsync();
        var told = await db.Notifications.Where(n => n.Type == GateApprovalService.Asks).OrderBy(n => n.RecipientId).ToListAsync();
        Assert.Equal([AuthorityWorld.Id(Who.Owner), AuthorityWorld.Id(Who.Tenant)], told.Select(n => n.RecipientId));
        Assert.All(told, n => Assert.Equal($"/approve/{id}", n.Link));
        Assert.Equal(2, (await Service.WaitingAsync(_world.As(Who.Tenant), default)).Count);
        Assert.Empty(await Service.WaitingAsync(_world.As(Who.Neighbour), default));
    }

    [Fact]
    public async Task Of_two_answers_at_once_one_counts_and_the_other_is_noted()
    {
        var said = await Task.WhenAll(SayAsync(Who.Owner, ApprovalAnswer.Yes), SayAsync(Who.Tenant, ApprovalAnswer.No));
        Assert.All(said, s => Assert.True(s.Ok));
        var state = (await StateAsync())!;
        Assert.Contains(state.Answer, new[] { ApprovalAnswer.Yes, ApprovalAnswer.No });
        var late = Assert.Single(state.Late);
        Assert.NotEqual(state.Answer, late.Answer);
        Assert.NotEqual(state.By, late.By);
        // The same word again from the one who said it is no news.
        await SayAsync(Who.Owner, ApprovalAnswer.Yes);
        await SayAsync(Who.Tenant, ApprovalAnswer.No);
        Assert.Single((await StateAsync())!.Late);
    }

    [Theory]
    [InlineData(109, ApprovalAnswer.Yes, 0)]
    [InlineData(111, ApprovalAnswer.None, 1)]
    public async Task After_110_seconds_the_apartments_rule_holds_and_an_answer_is_late(int ago, ApprovalAnswer answer, int late)
    {
        Assert.True((await _world.Get<GateRuleService>().SetRuleAsync(AuthorityWorld.Apartment, GateRule.Deny, _world.As(Who.Tenant), default)).Ok);
        await Database.ExecuteAsync(
            $"UPDATE gate_approvals SET asked_at = '{_world.Clock.UtcNow.AddSeconds(-ago):yyyy-MM-dd HH:mm:ss}' WHERE id = {PassesMatrix.Asked}");
        if (late > 0)
        {
            Assert.Equal(ApprovalAnswer.None, (await StateAsync())!.Answer);
            Assert.Empty(await Service.WaitingAsync(_world.As(Who.Owner), default));
        }

        Assert.True((await SayAsync(Who.Owner, ApprovalAnswer.Yes)).Ok);
        var state = (await StateAsync())!;
        Assert.Equal((answer, GateRule.Deny, late), (state.Answer, state.Rule, state.Late.Count));
    }

    [Fact]
    public async Task Another_apartments_question_is_not_found_and_there_is_no_other_answer()
    {
        Assert.Equal("not_found", (await SayAsync(Who.Neighbour, ApprovalAnswer.Yes)).Error!.Code);
        Assert.Equal("approval.answer", (await SayAsync(Who.Owner, ApprovalAnswer.None)).Error!.Code);
        Assert.Null(await Service.FindAsync(PassesMatrix.Asked, _world.As(Who.Neighbour), default));
        var bad = await Service.AskAsync(Asking("no key") with { Name = " ", People = 0 }, _world.As(Who.Guard), default);
        Assert.Equal(["Key", "Name", "People"], bad.Errors.Select(e => e.Field));
        Assert.Equal("not_found", (await Service.AskAsync(Asking() with { ApartmentId = 999 }, _world.As(Who.Guard), default)).Error!.Code);
    }
}
