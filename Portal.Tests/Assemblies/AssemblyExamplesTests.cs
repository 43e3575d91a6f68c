using Portal.Data.Assemblies;
using Xunit;

namespace Portal.Tests.Assemblies;

/// <summary>The law's days and its arithmetic, by examples that were worked out by hand.</summary>
public sealed class AssemblyExamplesTests
{
    /// <summary>Eight units; whoever has 102 has 402 too.</summary>
    internal static readonly IReadOnlyList<RegisteredUnit> Register =
    [
        new(101, "101", 18.5m, 1), new(102, "102", 15.25m, 2), new(201, "201", 14.75m, 3), new(202, "202", 12.5m, 4),
        new(301, "301", 11.25m, 5), new(302, "302", 10.75m, 6), new(401, "401", 9.5m, 7), new(402, "402", 7.5m, 2),
    ];

    [Fact]
    public void The_law_counts_fifteen_whole_days_to_a_meeting_and_business_days_after_it()
    {
        var meeting = new DateOnly(2027, 3, 20);
        Assert.Equal(new DateOnly(2027, 3, 4), AssemblyDates.LatestCall(meeting));
        Assert.Equal(new DateTime(2027, 3, 29, 20, 0, 0), AssemblyDates.SecondCall(meeting));
        Assert.Equal(new DateOnly(2027, 4, 21), AssemblyDates.PublishBy(meeting));
        Assert.Equal(new DateTime(2027, 4, 1, 20, 0, 0), AssemblyDates.OwnMeeting(2027));
        Assert.Equal(new DateTime(2028, 4, 3, 20, 0, 0), AssemblyDates.OwnMeeting(2028));
        Assert.Equal(new DateOnly(2027, 5, 20), AssemblyDates.ContestUntil(meeting));
        Assert.Null(AssemblyDates.ActBy(meeting, AssemblyMode.InPerson));
        Assert.Equal(new DateOnly(2027, 3, 30), AssemblyDates.ActBy(meeting, AssemblyMode.Remote));
    }

    [Fact]
    public void Half_of_the_coefficients_is_no_quorum_and_abstaining_weighs_against()
    {
        Assert.Equal(100m, Register.Sum(u => u.Coefficient));
        Assert.Equal(22.75m, Of(102, 402).Coefficient);
        Assert.False(Of(102, 402).Reached);
        Assert.Equal(37.50m, Of(102, 402, 201).Coefficient);
        var half = Of(102, 402, 201, 202);
        Assert.Equal((50.00m, false, 3), (half.Coefficient, half.Reached, half.Owners));
        var quorum = Of(102, 402, 201, 202, 401);
        Assert.Equal((59.50m, true, 4), (quorum.Coefficient, quorum.Reached, quorum.Owners));

        var budget = Vote(
            VoteBasis.Coefficient, VoteThreshold.Majority, [102, 402, 201, 202, 401], yes: [102, 402], no: [201], abstain: [202, 401]);
        Assert.Equal((22.75m, 59.50m, false), (budget.For, budget.Whole, budget.Passed));
        Assert.Equal(38.24m, decimal.Round(budget.Percent, 2));
    }

    [Fact]
    public void Who_comes_late_makes_the_half_grow()
    {
        long[] before = [102, 402, 201, 202, 401], after = [.. before, 301];
        Assert.Equal(70.75m, Of(after).Coefficient);
        var late = Vote(VoteBasis.Coefficient, VoteThreshold.Majority, after, yes: [102, 402, 202]);
        Assert.Equal((35.25m, 35.375m, false), (late.For, late.Needed, late.Passed));
        var early = Vote(VoteBasis.Coefficient, VoteThreshold.Majority, before, yes: [102, 402, 202]);
        Assert.Equal(59.24m, decimal.Round(early.Percent, 2));
        Assert.True(early.Passed);
    }

    [Fact]
    public void A_tie_fails_and_seventy_of_all_are_not_seventy_of_those_who_came()
    {
        long[] six = [102, 402, 201, 202, 401, 301];
        var tie = Vote(VoteBasis.Unit, VoteThreshold.Majority, six, yes: [102, 402, 201], no: [202, 401, 301]);
        Assert.Equal((3m, 6m, false, 4), (tie.For, tie.Whole, tie.Passed, tie.NeededUnits));

        var all = Vote(VoteBasis.Coefficient, VoteThreshold.Qualified, six, yes: six);
        Assert.Equal((70.75m, 70m, true), (all.For, all.Needed, all.Passed));
        var without = Vote(VoteBasis.Coefficient, VoteThreshold.Qualified, six, yes: [102, 402, 201, 202, 301], abstain: [401]);
        Assert.Equal((61.25m, false, 8.75m), (without.For, without.Passed, without.Missing));

        Assert.True(Of(six).CanQualify);
        var left = Of(102, 402, 201, 301);
        Assert.Equal((48.75m, false, false), (left.Coefficient, left.Reached, left.CanQualify));
    }

    [Fact]
    public void A_second_call_needs_two_owners_and_no_share_and_one_owner_is_never_several()
    {
        Assert.False(Quorum.Of(Register, new HashSet<long> { 102, 402 }, 2).Reached);
        Assert.True(Quorum.Of(Register, new HashSet<long> { 401, 402 }, 2).Reached);
        IReadOnlyList<RegisteredUnit> one = [new(1, "1", 60, 9), new(2, "2", 30, 9), new(3, "3", 10, null)];
        Assert.False(Quorum.Of(one, new HashSet<long> { 1, 2 }, 1).Reached);
        Assert.True(Quorum.Of(one, new HashSet<long> { 1, 3 }, 1).Reached);
    }

    [Fact]
    public void Exactly_seventy_is_enough_and_exactly_half_is_not()
    {
        IReadOnlyList<RegisteredUnit> three = [new(1, "1", 70, 1), new(2, "2", 20, 2), new(3, "3", 10, 3)];
        Outcome Of(VoteThreshold threshold, long[] represented, params long[] yes) => Outcome.Of(
            VoteBasis.Coefficient, threshold, three, represented.ToHashSet(), yes.ToDictionary(u => u, _ => BallotChoice.Yes));
        Assert.True(Of(VoteThreshold.Qualified, [1, 2, 3], 1).Passed);
        Assert.False(Of(VoteThreshold.Qualified, [1, 2, 3], 2, 3).Passed);
        IReadOnlyList<RegisteredUnit> halves = [new(1, "1", 50, 1), new(2, "2", 50, 2)];
        Assert.False(Outcome.Of(
            VoteBasis.Coefficient, VoteThreshold.Majority, halves, new HashSet<long> { 1, 2 },
            new Dictionary<long, BallotChoice> { [1] = BallotChoice.Yes }).Passed);
    }

    [Fact]
    public void The_law_is_said_beside_the_plan()
    {
        LawVerdict Of(string code, AssemblyKind kind, AssemblyMode mode, DateTime meets, bool qualified, DateOnly today) =>
            AssemblyLaw.Check(kind, mode, AssemblyCaller.Administrator, meets, 1, qualified, true, today)
                .Single(c => c.Code == code).Verdict;
        var meets = new DateTime(2027, 3, 20, 9, 0, 0);
        Assert.Equal(LawVerdict.Kept, Of("call", AssemblyKind.Ordinary, AssemblyMode.InPerson, meets, false, new DateOnly(2027, 3, 4)));
        Assert.Equal(LawVerdict.Broken, Of("call", AssemblyKind.Ordinary, AssemblyMode.InPerson, meets, false, new DateOnly(2027, 3, 5)));
        Assert.Equal(LawVerdict.Kept, Of("yearly", AssemblyKind.Ordinary, AssemblyMode.InPerson, meets, false, new DateOnly(2027, 3, 1)));
        Assert.Equal(
            LawVerdict.Broken,
            Of("qualified_remote", AssemblyKind.Extraordinary, AssemblyMode.Mixed, meets, true, new DateOnly(2027, 3, 1)));
        Assert.Equal(
            LawVerdict.Warned, Of("remote", AssemblyKind.Extraordinary, AssemblyMode.Remote, meets, false, new DateOnly(2027, 3, 1)));
    }

    private static Quorum Of(params long[] represented) => Quorum.Of(Register, represented.ToHashSet(), 1);

    private static Outcome Vote(
        VoteBasis basis, VoteThreshold threshold, long[] represented, long[]? yes = null, long[]? no = null, long[]? abstain = null)
    {
        var ballots = new Dictionary<long, BallotChoice>();
        foreach (var unit in yes ?? []) ballots[unit] = BallotChoice.Yes;
        foreach (var unit in no ?? []) ballots[unit] = BallotChoice.No;
        foreach (var unit in abstain ?? []) ballots[unit] = BallotChoice.Abstain;
        return Outcome.Of(basis, threshold, Register, represented.ToHashSet(), ballots);
    }
}
