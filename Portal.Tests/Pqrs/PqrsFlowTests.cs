using Portal.Data.Pqrs;

namespace Portal.Tests.Pqrs;

public sealed class PqrsFlowTests
{
    [Theory]
    [InlineData(PqrsState.Open, "Start Wait Resolve Close")]
    [InlineData(PqrsState.InProgress, "Wait Resolve Close")]
    [InlineData(PqrsState.WaitingForPetitioner, "Start Resolve Close")]
    [InlineData(PqrsState.Resolved, "Close Reopen")]
    [InlineData(PqrsState.Closed, "Reopen")]
    public void Each_state_allows_its_acts_and_no_others(PqrsState state, string acts) =>
        Assert.Equal(acts, string.Join(' ', PqrsFlow.Acts(state)));

    [Fact]
    public void Every_act_leads_to_another_state() =>
        Assert.All(
            Enum.GetValues<PqrsState>(),
            state => Assert.DoesNotContain(state, PqrsFlow.Acts(state).Select(act => PqrsFlow.Next(state, act)!.Value))
        );

    [Fact]
    public void What_the_petitioner_must_know_needs_words()
    {
        Assert.True(PqrsFlow.NeedsComment(PqrsState.InProgress, PqrsAct.Wait));
        Assert.True(PqrsFlow.NeedsComment(PqrsState.InProgress, PqrsAct.Resolve));
        Assert.True(PqrsFlow.NeedsComment(PqrsState.Open, PqrsAct.Close));
        Assert.False(PqrsFlow.NeedsComment(PqrsState.Resolved, PqrsAct.Close));
        Assert.False(PqrsFlow.NeedsComment(PqrsState.Open, PqrsAct.Start));
    }
}
