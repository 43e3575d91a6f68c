using Portal.Data.Facilities;
using Portal.Data.Facilities.Rules;
using Xunit;
using static Portal.Tests.Facilities.FacilityWorld;

namespace Portal.Tests.Facilities;

/// <summary>Each rule by its table: what passes, what is refused, and what the refusal says.</summary>
public sealed class BookingRulesTests
{
    private static readonly DateTime Now = At(20, 10, 24);

    private static Facility Hall(Action<Facility>? change = null)
    {
        var facility = new Facility
        {
            Id = 1,
            Name = "Salón",
            Capacity = 20,
            SlotMinutes = 60,
            MinMinutes = 60,
            MaxMinutes = 240,
            MaxAdvanceDays = 60,
            Hours =
            [
                .. Enumerable
                    .Range(1, 7)
                    .Select(day => new FacilityHours
                    {
                        Weekday = day,
                        OpensAt = new(8, 0),
                        ClosesAt = new(22, 0),
                    }),
            ],
        };
        change?.Invoke(facility);
        return facility;
    }

    private static BookingAttempt Try(Facility facility, DateTime start, double hours = 2, int people = 2) =>
        new(facility, start, start.AddHours(hours), people) { Now = Now };

    private static Refusal? Only(BookingAttempt attempt) =>
        BookingRules.Check(attempt) switch
        {
            [] => null,
            [var one] => one,
            var more => throw new InvalidOperationException(string.Join(", ", more)),
        };

    [Theory]
    [InlineData("2026-11-21T08:00", "2026-11-21T10:00", true)]
    [InlineData("2026-11-21T20:00", "2026-11-21T22:00", true)]
    [InlineData("2026-11-21T07:00", "2026-11-21T09:00", false)]
    [InlineData("2026-11-21T21:00", "2026-11-21T23:00", false)]
    public void It_stays_within_the_opening_hours(string start, string end, bool allowed)
    {
        var refusal = Only(new BookingAttempt(Hall(), DateTime.Parse(start), DateTime.Parse(end), 2) { Now = Now });
        if (allowed) Assert.Null(refusal);
        else Assert.Equal([new Opening(At(21, 8), At(21, 22))], Assert.IsType<OutsideHours>(refusal).Openings);
    }

    [Fact]
    public void A_pause_at_noon_is_not_open()
    {
        var facility = Hall(f => f.Hours =
        [
            new FacilityHours { Weekday = 6, OpensAt = new(6, 0), ClosesAt = new(12, 0) },
            new FacilityHours { Weekday = 6, OpensAt = new(14, 0), ClosesAt = new(0, 0) },
        ]);
        Assert.Null(Only(Try(facility, At(21, 10))));
        Assert.IsType<OutsideHours>(Only(Try(facility, At(21, 11))));
        Assert.IsType<OutsideHours>(Only(Try(facility, At(21, 12), 1)));
        Assert.Null(Only(Try(facility, At(21, 22))));
    }

    [Fact]
    public void A_day_without_hours_is_closed_and_the_next_open_one_is_named()
    {
        var facility = Hall(f => f.Hours.RemoveAll(h => h.Weekday is 6 or 7));
        Assert.Equal(new ClosedThatDay(new(2026, 11, 21), new(2026, 11, 23)), Only(Try(facility, At(21, 10))));
        facility.Hours.Clear();
        Assert.Equal(new ClosedThatDay(new(2026, 11, 21), null), Only(Try(facility, At(21, 10))));
    }

    [Theory]
    [InlineData(10, 0, 2, true)]
    [InlineData(10, 30, 2, false)]
    [InlineData(10, 0, 1.5, false)]
    public void It_starts_and_ends_on_the_grid(int hour, int minute, double hours, bool allowed)
    {
        var refusal = Only(Try(Hall(), At(21, hour, minute), hours));
        if (allowed) Assert.Null(refusal);
        else Assert.Equal((At(21, 10), At(21, 11)), Assert.IsType<OffTheGrid>(refusal) is var grid ? (grid.Before, grid.After) : default);
    }

    [Fact]
    public void The_grid_counts_from_the_opening_and_not_from_midnight()
    {
        var facility = Hall(f => (f.SlotMinutes, f.MinMinutes) = (90, 90));
        Assert.Null(Only(Try(facility, At(21, 9, 30), 1.5)));
        Assert.IsType<OffTheGrid>(Only(Try(facility, At(21, 9), 1.5)));
    }

    [Theory]
    [InlineData(1, null)]
    [InlineData(4, null)]
    [InlineData(5, typeof(TooLong))]
    public void It_lasts_no_longer_than_allowed(double hours, Type? refused) =>
        Assert.Equal(refused, Only(Try(Hall(), At(21, 10), hours))?.GetType());

    [Fact]
    public void It_lasts_no_shorter_than_allowed() =>
        Assert.Equal(new TooShort(60, 120), Only(Try(Hall(f => f.MinMinutes = 120), At(21, 10), 1)));

    [Fact]
    public void An_end_before_the_start_is_too_short_and_never_a_fault() =>
        Assert.Contains(new TooShort(0, 60), BookingRules.Check(new BookingAttempt(Hall(), At(21, 12), At(21, 10), 1) { Now = Now }));

    [Fact]
    public void The_past_is_over()
    {
        Assert.Equal(new InThePast(At(20, 10), Now), Only(Try(Hall(), At(20, 10))));
        Assert.Null(Only(Try(Hall(), At(20, 11))));
    }

    [Fact]
    public void The_notice_says_from_when_on()
    {
        var facility = Hall(f => f.MinNoticeMinutes = 120);
        Assert.Equal(new TooSoon(120, 96, At(20, 12, 24)), Only(Try(facility, At(20, 12))));
        Assert.Null(Only(Try(facility, At(20, 13))));
        Assert.Null(Only(Try(facility, At(20, 12)) with { ByStaff = true }));
    }

    [Fact]
    public void The_advance_says_when_the_day_opens()
    {
        var facility = Hall(f => f.MaxAdvanceDays = 7);
        Assert.Null(Only(Try(facility, At(27, 21), 1)));
        Assert.Equal(new TooFar(7, 8, new(2026, 11, 27), new(2026, 11, 21)), Only(Try(facility, At(28, 8))));
        Assert.Null(Only(Try(facility, At(28, 8)) with { ByStaff = true }));
    }

    [Theory]
    [InlineData(8, 10, true)]
    [InlineData(12, 14, true)]
    [InlineData(9, 11, false)]
    [InlineData(11, 13, false)]
    [InlineData(10, 12, false)]
    public void An_exclusive_facility_takes_one_at_a_time(int from, int to, bool allowed)
    {
        var refusal = Only(Try(Hall(), At(21, from), to - from) with { Taken = [new Taken(At(21, 10), At(21, 12), 5)] });
        Assert.Equal(allowed ? null : new SlotTaken(At(21, 10), At(21, 12), 0), refusal);
    }

    [Theory]
    [InlineData(8, 9, true)]
    [InlineData(8, 10, false)]
    [InlineData(12, 13, false)]
    [InlineData(13, 14, true)]
    public void A_buffer_keeps_two_bookings_apart_on_both_sides(int from, int to, bool allowed)
    {
        var refusal = Only(
            Try(Hall(f => f.BufferMinutes = 60), At(21, from), to - from) with
            {
                Taken = [new Taken(At(21, 10), At(21, 12), 5)],
            }
        );
        Assert.Equal(allowed ? null : new SlotTaken(At(21, 10), At(21, 12), 60), refusal);
    }

    [Fact]
    public void A_shared_facility_counts_people_at_its_fullest_moment()
    {
        var facility = Hall(f => f.Shared = true);

        // 8 to 10: twelve people; 9 to 11: five more; nobody else. Fullest from 9 to 10: seventeen of twenty.
        IReadOnlyList<Taken> taken = [new(At(21, 8), At(21, 10), 12), new(At(21, 9), At(21, 11), 5)];
        Assert.Null(Only(Try(facility, At(21, 8), 3, 3) with { Taken = taken }));
        Assert.Equal(new NotEnoughRoom(4, 3, 20), Only(Try(facility, At(21, 8), 3, 4) with { Taken = taken }));
        Assert.Null(Only(Try(facility, At(21, 10), 1, 15) with { Taken = taken }));
        Assert.Equal(new NotEnoughRoom(16, 15, 20), Only(Try(facility, At(21, 10), 1, 16) with { Taken = taken }));

        // Two that follow each other are never there together.
        Assert.Null(
            Only(Try(facility, At(21, 12), 4, 8) with { Taken = [new(At(21, 12), At(21, 14), 12), new(At(21, 14), At(21, 16), 12)] })
        );
    }

    [Fact]
    public void More_people_than_it_holds_are_too_many() =>
        Assert.Equal(new TooManyPeople(21, 20), Only(Try(Hall(), At(21, 10), people: 21)));

    [Theory]
    [InlineData(QuotaPeriod.Day, 21, 21, true)]
    [InlineData(QuotaPeriod.Day, 20, 21, false)]
    [InlineData(QuotaPeriod.Week, 16, 22, true)]
    [InlineData(QuotaPeriod.Week, 15, 22, false)]
    [InlineData(QuotaPeriod.Month, 1, 30, true)]
    public void A_quota_counts_by_day_by_week_from_monday_and_by_month(QuotaPeriod period, int usedOn, int wantedOn, bool refused)
    {
        var attempt = Try(
            Hall(f =>
                f.Quotas = [
                    new()
                    {
                        Subject = QuotaSubject.Apartment,
                        Period = period,
                        Most = 1,
                    },
                ]
            ),
            At(wantedOn, 12)
        ) with
        {
            Used = Of(At(usedOn, 18)),
        };
        Assert.Equal(refused, Only(attempt) is QuotaUsed);
    }

    [Fact]
    public void A_used_up_quota_tells_which_and_when_it_counts_anew()
    {
        var facility = Hall(f =>
            f.Quotas = [
                new()
                {
                    Subject = QuotaSubject.Apartment,
                    Period = QuotaPeriod.Month,
                    Most = 2,
                },
            ]
        );
        var refusal = Assert.IsType<QuotaUsed>(
            Only(Try(facility, At(28, 12)) with { Used = Of(At(14, 12), At(7, 12), At(30, 12, month: 10)) })
        );
        Assert.Equal(2, refusal.Quota);
        Assert.Equal([At(7, 12), At(14, 12)], refusal.Taken);
        Assert.Equal(new DateOnly(2026, 12, 1), refusal.FreeFrom);
        Assert.Null(Only(Try(facility, At(1, 12, month: 12)) with { Used = Of(At(14, 12), At(7, 12)) }));
    }

    [Fact]
    public void A_closure_says_why()
    {
        var closure = new Closure(At(21, 11), At(22, 8), "Pintura");
        Assert.Equal(new BlackedOut(closure.Start, closure.End, "Pintura"), Only(Try(Hall(), At(21, 10)) with { Closures = [closure] }));
        Assert.Null(Only(Try(Hall(), At(21, 9)) with { Closures = [closure] }));
        Assert.Null(Only(Try(Hall(), At(22, 8)) with { Closures = [closure] }));
    }

    [Theory]
    [InlineData(FacilityState.Available, false)]
    [InlineData(FacilityState.Maintenance, true)]
    [InlineData(FacilityState.Unavailable, true)]
    public void Only_an_available_facility_is_booked(FacilityState state, bool refused) =>
        Assert.Equal(refused ? new NotAvailable(state) : null, Only(Try(Hall(f => f.Status = state), At(21, 10))));

    [Fact]
    public void Terms_must_be_accepted_where_there_are_some()
    {
        Assert.IsType<TermsNotAccepted>(Only(Try(Hall(f => f.Terms = "Sin música."), At(21, 10)) with { TermsAccepted = false }));
        Assert.Null(Only(Try(Hall(), At(21, 10)) with { TermsAccepted = false }));
    }

    [Fact]
    public void A_booking_goes_over_midnight_where_the_facility_stays_open()
    {
        var always = Hall(f =>
            f.Hours = [
                .. Enumerable
                    .Range(1, 7)
                    .Select(day => new FacilityHours
                    {
                        Weekday = day,
                        OpensAt = new(0, 0),
                        ClosesAt = new(0, 0),
                    }),
            ]
        );
        Assert.Null(Only(Try(always, At(21, 22))));
        Assert.Null(Only(Try(always, At(21, 23))));

        // Saturdays (the 21st is one) until two at night.
        var late = Hall(f => f.Hours = [new FacilityHours { Weekday = 6, OpensAt = new(18, 0), ClosesAt = new(2, 0) }]);
        Assert.Null(Only(Try(late, At(21, 23))));
        Assert.Null(Only(Try(late, At(22, 0))));
        Assert.IsType<OutsideHours>(Only(Try(late, At(22, 1))));
        Assert.IsType<ClosedThatDay>(Only(Try(late, At(22, 2))));

        var evening = Hall(f => f.Hours = [new FacilityHours { Weekday = 6, OpensAt = new(18, 0), ClosesAt = new(0, 0) }]);
        Assert.IsType<OutsideHours>(Only(Try(evening, At(21, 23))));
    }

    [Fact]
    public void The_slots_of_a_day_are_those_that_begin_on_it()
    {
        var late = Hall(f =>
            (f.SlotMinutes, f.MinMinutes, f.Hours) = (
                120,
                120,
                [
                    new FacilityHours
                    {
                        Weekday = 6,
                        OpensAt = new(20, 0),
                        ClosesAt = new(4, 0),
                    },
                ]
            )
        );
        var basis = Try(late, At(21, 20));
        Assert.Equal([At(21, 20), At(21, 22)], Availability.Day(basis, new(2026, 11, 21), 120).Select(s => s.Start));
        Assert.Equal([At(22, 0), At(22, 2)], Availability.Day(basis, new(2026, 11, 22), 120).Select(s => s.Start));
        Assert.Equal(At(22, 2), Availability.Day(basis, new(2026, 11, 21), 240)[^1].End);
    }

    [Fact]
    public void A_quota_of_the_person_counts_what_is_in_their_name_for_any_apartment()
    {
        var facility = Hall(f =>
            f.Quotas = [
                new()
                {
                    Subject = QuotaSubject.Person,
                    Period = QuotaPeriod.Month,
                    Most = 2,
                },
                new()
                {
                    Subject = QuotaSubject.Apartment,
                    Period = QuotaPeriod.Week,
                    Most = 1,
                },
            ]
        );
        var attempt = Try(facility, At(28, 12));
        Assert.Equal(
            QuotaSubject.Person,
            Assert.IsType<QuotaUsed>(Only(attempt with { Used = [new(At(3, 8), true, true), new(At(5, 8), false, true)] })).Subject
        );
        Assert.Null(Only(attempt with { Used = [new(At(3, 8), true, true), new(At(5, 8), true, false)] }));
        Assert.Equal(
            2,
            BookingRules.Check(attempt with { Used = [new(At(27, 8), true, true), new(At(5, 8), false, true)] }).OfType<QuotaUsed>().Count()
        );
    }

    [Fact]
    public void So_many_bookings_may_lie_ahead_at_once()
    {
        var facility = Hall(f => f.OpenLimit = 2);
        var attempt = Try(facility, At(28, 12));
        Assert.Equal(new TooManyOpen(2, 2, At(24, 8)), Only(attempt with { Used = Of(At(24, 8), At(25, 8), At(3, 8)) }));
        Assert.Null(Only(attempt with { Used = Of(At(24, 8), At(3, 8), At(4, 8)) }));
    }

    [Fact]
    public void Who_waits_comes_first_where_their_place_is_free_and_nowhere_else()
    {
        var attempt = Try(Hall(), At(21, 10)) with { Waiting = [new(At(21, 8), At(21, 11), 2)] };
        Assert.Equal(new OthersWait(1), Only(attempt));
        Assert.Null(Only(attempt with { ByStaff = true }));
        Assert.Null(Only(attempt with { Taken = [new(At(21, 8), At(21, 9), 2)] }));
        Assert.Null(Only(attempt with { Waiting = [new(At(21, 12), At(21, 14), 2)] }));
    }

    [Fact]
    public void A_booking_is_changed_until_its_notice_and_by_the_office_after_it()
    {
        var attempt = Try(Hall(), At(28, 10)) with { MovedFrom = At(21, 10), ChangeNoticeMinutes = 1440 };
        Assert.Equal(new ChangedTooLate(1440, At(20, 10)), Only(attempt));
        Assert.Null(Only(attempt with { ByStaff = true }));
        Assert.Null(Only(attempt with { MovedFrom = At(22, 10) }));
    }

    [Fact]
    public void Arrears_and_another_hold_stand_in_the_way_where_they_are_looked_at()
    {
        var (owing, holding) = (new InArrears(480_000, new(2026, 10, 10)), new HoldsAnother("BBQ 1", At(22, 8), At(22, 12)));
        var attempt = Try(Hall(), At(28, 10)) with { Arrears = owing, Holding = holding };
        Assert.Equal(owing, Only(attempt));
        Assert.Equal([owing, holding], BookingRules.Check(attempt with { ToHold = true }));
    }

    [Fact]
    public void Every_rule_has_its_verdict()
    {
        var verdicts = BookingRules.Verdicts(Try(Hall(), At(21, 10), people: 21));
        Assert.Equal(verdicts.Count, verdicts.Select(v => v.Code).Distinct().Count());
        Assert.Equal(["people"], verdicts.Where(v => !v.Passed).Select(v => v.Code));
    }

    [Fact]
    public void An_hour_that_the_clocks_jump_over_is_refused_and_one_that_comes_twice_is_one_hour()
    {
        var facility = Hall(f =>
            (f.MaxAdvanceDays, f.Hours) = (
                400,
                [
                    new FacilityHours
                    {
                        Weekday = 7,
                        OpensAt = new(0, 0),
                        ClosesAt = new(0, 0),
                    },
                ]
            )
        );
        var newYork = TimeZoneInfo.FindSystemTimeZoneById("America/New_York");
        Assert.Equal(
            new SkippedHour(new DateTime(2027, 3, 14, 2, 0, 0)),
            Only(Try(facility, new DateTime(2027, 3, 14, 2, 0, 0)) with { Zone = newYork })
        );
        Assert.Null(
            Only(Try(facility, new DateTime(2027, 3, 14, 2, 0, 0)) with { Zone = TimeZoneInfo.FindSystemTimeZoneById("America/Bogota") })
        );
        Assert.Null(Only(Try(facility, new DateTime(2027, 11, 7, 1, 0, 0), 1) with { Zone = newYork }));
    }

    [Fact]
    public void The_29th_of_February_is_a_day_like_any_other()
    {
        var facility = Hall(f => f.Quotas = [new() { Subject = QuotaSubject.Apartment, Period = QuotaPeriod.Month, Most = 1 }]);
        var leap = new DateTime(2028, 2, 29, 10, 0, 0);
        var attempt = Try(facility, leap) with { Now = new DateTime(2028, 2, 1) };
        Assert.Null(Only(attempt));
        Assert.Equal(
            new DateOnly(2028, 3, 1),
            Assert.IsType<QuotaUsed>(Only(attempt with { Used = Of(new DateTime(2028, 2, 3, 9, 0, 0)) })).FreeFrom
        );
        Assert.Null(Only(attempt with { Start = leap.AddDays(1), End = leap.AddDays(1).AddHours(2), Used = Of(leap) }));
    }

    [Fact]
    public void Everything_is_told_at_once()
    {
        var facility = Hall(f =>
            (f.Quotas, f.Terms) = (
                [
                    new()
                    {
                        Subject = QuotaSubject.Apartment,
                        Period = QuotaPeriod.Month,
                        Most = 1,
                    },
                ],
                "Sin música."
            )
        );
        var attempt = Try(facility, At(21, 7), 5, 30) with
        {
            Used = Of(At(3, 8)),
            Taken = [new Taken(At(21, 8), At(21, 9), 2)],
            TermsAccepted = false,
        };
        Assert.Equal(
            [typeof(OutsideHours), typeof(TooLong), typeof(SlotTaken), typeof(TooManyPeople), typeof(QuotaUsed), typeof(TermsNotAccepted)],
            BookingRules.Check(attempt).Select(r => r.GetType()));
    }

    /// <summary>Bookings of the apartment, in the person's name.</summary>
    private static List<Used> Of(params DateTime[] starts) => [.. starts.Select(start => new Used(start, true, true))];
}
