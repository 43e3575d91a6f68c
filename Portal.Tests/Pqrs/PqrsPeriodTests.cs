using Portal.Data.Pqrs;

namespace Portal.Tests.Pqrs;

/// <summary>The report of a month as of its end.</summary>
public sealed class PqrsPeriodTests
{
    private static DateOnly Day(int month, int day) => new(2027, month, day);

    private static DateOnly March(int day) => Day(3, day);

    private static PqrsLife Case(
        int number, DateOnly filed, int given, PqrsStep[]? then = null, PqrsKind kind = PqrsKind.Petition, HeldDays[]? held = null,
        DateOnly? due = null)
    {
        var last = due ?? BusinessDays.Deadline(filed, given, []);
        return new PqrsLife(
            number, $"PQRS-2027-{number:000000}", $"P{number}", null, kind, "Ruido", filed, last,
            [new PqrsStep(filed, PqrsState.Open, BusinessDays.Deadline(filed, given, [])), .. then ?? []], held ?? []);
    }

    private static PqrsStep Done(DateOnly on, DateOnly due, int? rating = null) => new(on, PqrsState.Resolved, due, rating);

    /// <summary>The worked example of March 2027, with what came after it.</summary>
    private static List<PqrsLife> Example(bool later) =>
    [
        Case(1, March(1), 15, [Done(March(12), March(23), 5), .. later ? [new(Day(4, 2), PqrsState.InProgress, Day(4, 27))] : (PqrsStep[])[]]),
        Case(
            2, March(2), 15,
            [new(March(9), PqrsState.WaitingForPetitioner), new(March(16), PqrsState.InProgress, Day(4, 2)), Done(March(30), Day(4, 2), 4)],
            held: [(March(10), March(17))]),
        Case(3, March(3), 10, [Done(March(23), March(17), 1)], PqrsKind.Information),
        Case(4, March(4), 15, later ? [Done(Day(4, 5), March(30), 5)] : []),
        Case(5, March(15), 15, [new(March(18), PqrsState.WaitingForPetitioner)], held: [new(March(19), later ? Day(4, 9) : null)]),
        Case(6, March(29), 15, later ? [Done(Day(4, 1), Day(4, 19))] : []),
        Case(7, Day(2, 10), 15, [new(Day(3, 2), PqrsState.InProgress, March(10)), Done(March(8), March(10))]),
        Case(8, March(5), 30, [Done(March(19), Day(4, 21), 5), new(March(24), PqrsState.InProgress, Day(5, 7))], PqrsKind.Consultation),
        .. later ? [Case(9, Day(4, 1), 15)] : (PqrsLife[])[],
    ];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void March_is_the_same_printed_at_its_end_or_in_June(bool later)
    {
        var period = PqrsPeriod.Of(Example(later), March(1), March(31));

        var all = period.All;
        Assert.Equal((1, 7, 0, 4, 4), (all.Opening, all.Received, all.Reopened, all.Resolved, all.Closing));
        Assert.Equal((1, 1), (all.Overdue, all.Waiting));
        Assert.Equal((3, 4, 75.0m), (all.OnTime, all.Timed, all.OnTimePercent));
        Assert.Equal((52, 13.0m, 12.5m), (all.Days, all.MeanDays, all.MedianDays));
        Assert.Equal((3, 3.33m), (all.Rated, Math.Round(all.Rating!.Value, 2)));
        Assert.Equal([3L, 4L], period.Late.Select(l => l.Id));
        Assert.Equal((March(17), March(23), 13, 10), (period.Late[0].DueOn, period.Late[0].AnsweredOn!.Value, period.Late[0].Days, period.Late[0].Given));
        Assert.Null(period.Late[1].AnsweredOn);
    }

    [Fact]
    public void April_begins_with_what_March_ended_with()
    {
        var april = PqrsPeriod.Of(Example(later: true), Day(4, 1), Day(4, 30)).All;

        // P4 and P6 are resolved, P1 is opened again, P5 goes on, P8 goes on, P9 is new.
        Assert.Equal((4, 1, 1, 2, 4), (april.Opening, april.Received, april.Reopened, april.Resolved, april.Closing));
    }

    [Fact]
    public void Resolved_before_opened_again_and_resolved_in_it_balances()
    {
        var life = Case(
            1, Day(1, 4), 15, [Done(Day(1, 20), Day(1, 26)), new(March(4), PqrsState.InProgress, March(26)), Done(March(9), March(26))]);

        var all = PqrsPeriod.Of([life], March(1), March(31)).All;

        Assert.Equal((0, 0, 1, 1, 0), (all.Opening, all.Received, all.Reopened, all.Resolved, all.Closing));
        Assert.Equal(3, all.Days);
    }

    [Fact]
    public void Every_row_of_random_histories_balances()
    {
        for (var seed = 1; seed <= 200; seed++)
        {
            var random = new Random(seed);
            var lives = Enumerable.Range(1, 30).Select(n => Random(random, n)).ToList();
            for (var month = 1; month <= 6; month++)
            {
                var period = PqrsPeriod.Of(lives, Day(month, 1), Day(month + 1, 1).AddDays(-1));
                foreach (var row in (PqrsFigures[])[period.All, .. period.Kinds, .. period.Categories])
                    Assert.True(row.Opening + row.Received + row.Reopened - row.Resolved == row.Closing, $"Seed {seed}, month {month}: {row}");
                Assert.Equal(period.All.Resolved, period.Kinds.Sum(k => k.Resolved));
                if (month > 1)
                    Assert.Equal(
                        PqrsPeriod.Of(lives, Day(month - 1, 1), Day(month, 1).AddDays(-1)).All.Closing, period.All.Opening);
            }
        }
    }

    private static PqrsLife Random(Random random, int number)
    {
        var day = Day(1, 1).AddDays(random.Next(150));
        var filed = day;
        var steps = new List<PqrsStep>();
        var state = PqrsState.Open;
        for (var act = random.Next(6); act > 0; act--)
        {
            day = day.AddDays(random.Next(25));
            var acts = PqrsFlow.Acts(state);
            state = PqrsFlow.Next(state, acts[random.Next(acts.Count)])!.Value;
            steps.Add(new PqrsStep(day, state, day.AddDays(20)));
        }

        return Case(number, filed, 15, [.. steps], (PqrsKind)random.Next(6));
    }
}
