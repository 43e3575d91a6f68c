using System.Globalization;
using Portal.Data;
using Portal.Data.Gate;
using Portal.Data.Passes;
using Portal.Tests.Authority;
using Xunit;

namespace Portal.Tests.Passes;

/// <summary>When a pass opens, in December 2026 (4 is a Friday; the 8th, a Tuesday, and the 25th, a Friday, are holidays).</summary>
public sealed class PassRulesTests
{
    private static readonly DateTime Fourth = new(2026, 12, 4);

    private static readonly ISet<DateOnly> Holidays = PassRules.HolidaysBetween(Fourth, Fourth.AddYears(1));

    private static DateTime At(string at) => DateTime.ParseExact($"2026-12-{at}", "yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private static Pass Night() =>
        Pass.Single(
            1, new Announcement(VisitorKind.Guest, 1, "Lina", null, 2, null, null, Fourth.AddHours(18), Fourth.AddHours(22)), "123456",
            new string('a', 32));

    /// <summary>Monday, Wednesday, Friday from 13:00 to 18:00, from the 4th to the 31st.</summary>
    private static Pass Weekly(bool holidays = false, string from = "13:00", string until = "18:00", byte days = 0b0010101) =>
        Pass.Recurring(
            1,
            new NewRecurring(
                1, "Nubia", VisitorKind.Domestic, null, null, days, TimeOnly.Parse(from, CultureInfo.InvariantCulture),
                TimeOnly.Parse(until, CultureInfo.InvariantCulture), new(2026, 12, 4), new(2026, 12, 31), holidays),
            "123456", new string('b', 32));

    private static Pass Party(int capacity = 60) =>
        Pass.Event(
            1, new NewEvent(1, "Sofía", Fourth.AddHours(15), Fourth.AddHours(22), [], 3), capacity, "123456", new string('c', 32));

    [Theory]
    [InlineData("04 17:59", 0, PassVerdictKind.Early)]
    [InlineData("04 18:00", 0, PassVerdictKind.Fits)]
    [InlineData("04 22:00", 0, PassVerdictKind.Fits)]
    [InlineData("04 22:01", 0, PassVerdictKind.Expired)]
    [InlineData("03 20:00", 0, PassVerdictKind.Early)]
    [InlineData("04 19:00", 1, PassVerdictKind.Used)]
    public void A_single_pass_opens_once_in_its_window(string at, int entered, PassVerdictKind kind) =>
        Assert.Equal(kind, PassRules.Judge(Night(), null, At(at), Holidays, 0, entered).Kind);

    [Theory]
    [InlineData("04 13:00", PassVerdictKind.Fits)] // Friday
    [InlineData("04 12:59", PassVerdictKind.Early)] // before its first window
    [InlineData("04 18:01", PassVerdictKind.WrongHour)]
    [InlineData("05 14:00", PassVerdictKind.WrongDay)] // Saturday
    [InlineData("07 14:00", PassVerdictKind.Fits)] // Monday
    [InlineData("09 10:00", PassVerdictKind.WrongHour)] // Wednesday morning
    [InlineData("25 14:00", PassVerdictKind.WrongDay)] // a Friday, and Christmas
    [InlineData("30 18:01", PassVerdictKind.Expired)] // no window is left, though it is valid until the 31st
    [InlineData("31 18:01", PassVerdictKind.Expired)]
    public void A_recurring_pass_opens_on_its_days_at_its_hours_and_not_on_holidays(string at, PassVerdictKind kind)
    {
        var verdict = PassRules.Judge(Weekly(), null, At(at), Holidays, 0);
        Assert.Equal(kind, verdict.Kind);
        if (kind is PassVerdictKind.WrongDay or PassVerdictKind.WrongHour) Assert.True(verdict.From > At(at));
    }

    [Fact]
    public void It_says_when_it_opens_next()
    {
        var verdict = PassRules.Judge(Weekly(), null, At("23 19:00"), Holidays, 0);
        Assert.Equal((PassVerdictKind.WrongHour, At("28 13:00"), At("28 18:00")), (verdict.Kind, verdict.From!.Value, verdict.Until!.Value));
    }

    [Theory]
    [InlineData("04 23:30", PassVerdictKind.Fits)]
    [InlineData("05 01:59", PassVerdictKind.Fits)] // Saturday, of Friday's night
    [InlineData("05 02:01", PassVerdictKind.WrongDay)]
    [InlineData("06 00:30", PassVerdictKind.WrongDay)] // Saturday's night is none of its
    [InlineData("08 01:00", PassVerdictKind.Fits)] // of Monday's night, into a holiday
    public void Hours_that_end_before_they_begin_go_past_midnight(string at, PassVerdictKind kind) =>
        Assert.Equal(kind, PassRules.Judge(Weekly(from: "22:00", until: "02:00"), null, At(at), Holidays, 0).Kind);

    [Fact]
    public void The_visits_it_means_are_counted_with_holidays_and_from_now()
    {
        // Fridays 4, 11, 18; Mondays 7, 14, 21, 28; Wednesdays 9, 16, 23, 30; Friday the 25th is Christmas.
        Assert.Equal(11, PassRules.Visits(Weekly(), Fourth, Holidays));
        Assert.Equal(12, PassRules.Visits(Weekly(holidays: true), Fourth, Holidays));
        Assert.Equal(11, PassRules.Visits(Weekly(), At("04 17:59"), Holidays));
        Assert.Equal(10, PassRules.Visits(Weekly(), At("04 18:00"), Holidays));
        Assert.Equal([new DateOnly(2026, 12, 25)], PassRules.HolidaysOnItsDays(Weekly(), Fourth, Holidays));
        Assert.Empty(PassRules.HolidaysOnItsDays(Weekly(days: 0b1000000), Fourth, Holidays));
    }

    [Fact]
    public void The_mock_ups_pass_means_thirteen_visits()
    {
        // Monday, Wednesday, Friday from 20 November to 18 December; no holiday falls on its days.
        var pass = Pass.Recurring(
            1,
            new NewRecurring(
                1, "Nubia", VisitorKind.Domestic, null, null, 0b0010101, new(13, 0), new(18, 0), new(2026, 11, 20), new(2026, 12, 18), false),
            "1", "2");
        Assert.Equal(13, PassRules.Visits(pass, new DateTime(2026, 11, 20, 10, 24, 0), Holidays));
    }

    [Fact]
    public void One_is_inside_with_a_recurring_pass_at_a_time()
    {
        Assert.Equal(PassVerdictKind.Used, PassRules.Judge(Weekly(), null, At("04 14:00"), Holidays, 1).Kind);
        Assert.Equal(PassVerdictKind.Fits, PassRules.Judge(Weekly(), null, At("04 14:00"), Holidays, 0, entered: 5).Kind);
    }

    [Fact]
    public void Paused_it_does_not_open_and_resumed_it_does_again()
    {
        var pass = Weekly();
        Assert.True(pass.Pause(At("04 10:00"), At("04 10:00")).Ok);
        Assert.Equal(PassVerdictKind.Paused, PassRules.Judge(pass, null, At("04 14:00"), Holidays, 0).Kind);
        Assert.True(pass.Resume(At("04 10:01")).Ok);
        Assert.Equal(PassVerdictKind.Fits, PassRules.Judge(pass, null, At("04 14:00"), Holidays, 0).Kind);
        Assert.Equal("pass.pause_kind", Night().Pause(At("04 10:00"), At("04 10:00")).Error!.Code);
    }

    [Fact]
    public void Revoked_it_opens_nothing_and_is_revoked_once()
    {
        var pass = Night();
        Assert.True(pass.Revoke(At("04 10:00")).Ok);
        Assert.Equal(PassVerdictKind.Revoked, PassRules.Judge(pass, null, At("04 19:00"), Holidays, 0).Kind);
        Assert.Equal("pass.revoked", pass.Revoke(At("04 10:01")).Error!.Code);
        Assert.Equal("pass.over", Night().Revoke(At("04 22:01")).Error!.Code);
    }

    [Theory]
    [InlineData(59, PassVerdictKind.Fits)]
    [InlineData(60, PassVerdictKind.OverCapacity)]
    [InlineData(75, PassVerdictKind.OverCapacity)]
    public void An_event_is_full_when_its_capacity_is_inside(int inside, PassVerdictKind kind)
    {
        var party = Party();
        var guest = party.Invite(new GuestLine("Paola"), "654321", new string('d', 32));
        Assert.Equal(kind, PassRules.Judge(party, guest, At("04 16:00"), Holidays, inside).Kind);
        Assert.Equal(PassVerdictKind.Used, PassRules.Judge(party, guest, At("04 16:00"), Holidays, inside, entered: 1).Kind);
        guest.Revoke(At("04 16:00"));
        Assert.Equal(PassVerdictKind.Revoked, PassRules.Judge(party, guest, At("04 16:00"), Holidays, 0).Kind);
        Assert.Equal(kind, PassRules.Judge(party, null, At("04 16:00"), Holidays, inside).Kind);
    }

    [Fact]
    public void A_pasted_list_is_read_as_people_write_it()
    {
        var list = GuestList.Read("1. Paola Tamayo FTB 620\n- Samuel Rueda\r\nIrene Montoya (abc12d), paola  tamayo\n\n3) José Mejía: FTR-219;Ana Niño");
        Assert.Equal(
            [
                new GuestLine("Paola Tamayo", "FTB 620"), new GuestLine("Samuel Rueda"), new GuestLine("Irene Montoya", "ABC 12D"),
                new GuestLine("José Mejía", "FTR 219"), new GuestLine("Ana Niño"),
            ],
            list.Guests);
        Assert.Equal(["paola tamayo"], list.Twice);
        Assert.Empty(GuestList.Read(" \n, ;").Guests);
        Assert.Empty(GuestList.Read("jose mejia", ["José Mejía"]).Guests);
        Assert.Single(GuestList.Read(new string('x', 300)).TooLong);
        // Somebody whose name is no more than a plate keeps it as a name.
        Assert.Equal([new GuestLine("ABC 123")], GuestList.Read("ABC 123").Guests);
        Assert.Equal(["佐藤", "Ñu"], GuestList.Read("佐藤\nÑu").Guests.Select(g => g.Name));
    }
}
