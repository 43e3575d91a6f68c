using Portal.Data.Pqrs;

namespace Portal.Tests.Pqrs;

/// <summary>The worked dates of the law.</summary>
public sealed class PqrsTermsTests
{
    private static DateOnly Day(string day) => DateOnly.ParseExact(day, "yyyy-MM-dd");

    private static PqrsCase Filed(string on, int days, PqrsKind kind = PqrsKind.Petition) => PqrsCase.File(
        new PqrsFiling(kind, 1, null, "Title", "Text", []), 1, PqrsChannel.Web, PqrsPriority.Medium, days, Day(on), "PQRS-2027-000001");

    [Fact]
    public void A_new_holiday_moves_the_last_day() => Assert.Equal(Day("2026-07-24"), Filed("2026-07-01", 15).DueOn);

    [Fact]
    public void Held_days_and_an_extension_move_it_and_no_more_than_twice_the_term_is_given()
    {
        var it = Filed("2027-03-12", 15);
        Assert.Equal(Day("2027-04-07"), it.DueOn);

        Assert.True(it.Act(PqrsAct.Wait, 15, Day("2027-03-18"), default, 1).Ok);
        Assert.True(it.Hear(Day("2027-03-30")).Ok);
        Assert.Equal(Day("2027-04-14"), it.DueOn);
        Assert.Equal(5, BusinessDays.Held(Day("2027-03-12"), Day("2027-04-14"), [(Day("2027-03-19"), Day("2027-03-31"))]));
        Assert.Equal(Day("2027-04-09"), PqrsTerms.WarnFrom(it.DueOn!.Value));

        Assert.True(it.Extend(10, 15, Day("2027-04-09")).Ok);
        Assert.Equal(Day("2027-04-28"), it.DueOn);
        Assert.Equal((Day("2027-04-23"), Day("2027-04-29")), (PqrsTerms.WarnFrom(it.DueOn!.Value), PqrsTerms.EscalateOn(it.DueOn.Value)));

        Assert.Equal("pqrs.extend.most", it.Extend(6, 15, Day("2027-04-28")).Error!.Code);
        Assert.True(it.Extend(5, 15, Day("2027-04-28")).Ok);
        Assert.Equal(Day("2027-05-05"), it.DueOn);
    }

    [Fact]
    public void Information_that_is_not_given_counts_as_granted()
    {
        var due = Filed("2027-06-29", 10, PqrsKind.Information).DueOn!.Value;

        Assert.Equal(Day("2027-07-15"), due);
        Assert.Equal((Day("2027-07-16"), Day("2027-07-21")), (PqrsTerms.GrantedFrom(due), PqrsTerms.CopiesBy(due)));
        Assert.Equal(PqrsAlarmStep.Granted, PqrsTerms.StepOn(Day("2027-07-16"), due, PqrsKind.Information));
        Assert.Equal(PqrsAlarmStep.Overdue, PqrsTerms.StepOn(Day("2027-07-16"), due, PqrsKind.Petition));
    }

    [Fact]
    public void A_consultation_over_the_new_year()
    {
        var due = Filed("2026-11-27", 30, PqrsKind.Consultation).DueOn!.Value;

        Assert.Equal((Day("2027-01-14"), Day("2027-01-08")), (due, PqrsTerms.WarnFrom(due)));
    }

    [Theory]
    [InlineData("2027-04-08", null)]
    [InlineData("2027-04-09", PqrsAlarmStep.ThreeLeft)]
    [InlineData("2027-04-10", null)]
    [InlineData("2027-04-12", PqrsAlarmStep.ThreeLeft)]
    [InlineData("2027-04-13", PqrsAlarmStep.OneLeft)]
    [InlineData("2027-04-14", PqrsAlarmStep.LastDay)]
    [InlineData("2027-04-15", PqrsAlarmStep.Overdue)]
    [InlineData("2027-04-17", null)]
    public void Each_day_has_its_step_and_no_day_of_rest_has_any(string today, PqrsAlarmStep? step) =>
        Assert.Equal(step, PqrsTerms.StepOn(Day(today), Day("2027-04-14"), PqrsKind.Petition));

    [Fact]
    public void One_answers_within_a_calendar_month() =>
        Assert.Equal((Day("2027-02-28"), Day("2027-03-31")), (PqrsTerms.AnswerBy(Day("2027-01-31")), PqrsTerms.AnswerBy(Day("2027-01-31"), true)));
}
