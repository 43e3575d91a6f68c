using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Portal.Areas.Facilities;
using Portal.Data;
using Portal.Data.Facilities;
using Portal.Data.Facilities.Rules;
using Portal.Tests.Components;
using Portal.Tests.Server;
using Xunit;
using static Portal.Tests.Facilities.FacilityWorld;

namespace Portal.Tests.Facilities;

/// <summary>What the board of hours offers, shades and hands on.</summary>
public sealed class BoardSlotsTests : PartsContext
{
    private static readonly DateOnly Day = new(2026, 11, 28);

    public BoardSlotsTests() =>
        Services.AddSingleton(
            new BuildingClock(
                new StoppedClock(new DateTime(2026, 11, 20, 15, 24, 0, DateTimeKind.Utc)),
                TimeZoneInfo.FindSystemTimeZoneById(BuildingClock.DefaultZone)
            )
        );

    [Fact]
    public void What_is_taken_closed_or_past_is_not_offered()
    {
        var row = Line([Booking(1, At(28, 12), At(28, 14))], closures: [new Closure(At(28, 18), At(28, 20), "Aseo")], buffer: 30);
        Assert.Equal([new(480, 690, 480), new(870, 1080, 480), new(1200, 1320, 480)], BoardSlots.Free(row, At(20, 10)));
        Assert.Equal([new(975, 1080, 480), new(1200, 1320, 480)], BoardSlots.Free(row, At(28, 16, 15)));
        Assert.Equal("[[480,690,480],[870,1080,480]]", BoardSlots.Free(row, At(20, 10)).Take(2).Json());
    }

    [Fact]
    public void A_night_is_offered_on_the_day_it_begins_and_on_the_one_it_reaches_into()
    {
        var row = Line([Booking(1, At(27, 22), At(28, 1))], openings: [new(At(27, 10), At(28, 2)), new(At(28, 10), At(29, 2))]);
        Assert.Equal([new(60, 120, -840), new(600, 1560, 600)], BoardSlots.Free(row, At(20, 10)));
        Assert.Equal([(120, 600)], BoardSlots.Shut(row, 0, 1560));
        Assert.Single(row.Bookings);
        Assert.Equal(-120, row.Minute(At(27, 22)));
    }

    [Fact]
    public void A_shared_facility_is_offered_until_it_is_full()
    {
        var row = Line([Booking(1, At(28, 8), At(28, 12), 6), Booking(2, At(28, 10), At(28, 14), 4)]);
        row = row with { Lane = row.Lane with { Shared = true, Capacity = 10 } };
        Assert.Equal([new(480, 600, 480), new(720, 1320, 480)], BoardSlots.Free(row, At(20, 10)));
    }

    [Fact]
    public void A_stretch_shorter_than_the_shortest_booking_and_a_facility_out_of_use_offer_nothing()
    {
        var row = Line([Booking(1, At(28, 8, 30), At(28, 22))]);
        Assert.Empty(BoardSlots.Free(row, At(20, 10)));
        Assert.Empty(
            BoardSlots.Free(
                Line([]) is var free ? free with { Lane = free.Lane with { State = FacilityState.Maintenance } } : row,
                At(20, 10)
            )
        );
    }

    [Fact]
    public async Task A_dropped_booking_keeps_its_length_and_takes_the_line_it_was_dropped_on()
    {
        (ReservationRow Row, ChangeInput To)? dropped = null;
        var other = Line([]);
        other = other with { Lane = other.Lane with { FacilityId = 7 } };
        var board = Render<DayBoard>(p =>
            p.Add(b => b.Rows, [Line([Booking(1, At(28, 12), At(28, 14))]), other])
                .Add(b => b.Label, "")
                .Add(b => b.Now, At(20, 10))
                .Add(b => b.Books, true)
                .Add(b => b.OnDrop, EventCallback.Factory.Create<(ReservationRow Row, ChangeInput To)>(this, drop => dropped = drop))
        );
        await board.InvokeAsync(() => board.Instance.DropAsync(1, 1, 1500));
        Assert.Equal(new ChangeInput(7, At(29, 1), At(29, 3), 2), dropped!.Value.To);
        dropped = null;
        await board.InvokeAsync(() => board.Instance.DropAsync(99, 1, 1500));
        await board.InvokeAsync(() => board.Instance.DropAsync(1, 5, 1500));
        Assert.Null(dropped);
    }

    [Fact]
    public void Who_may_not_book_gets_nothing_to_choose_or_drag()
    {
        var board = Render<DayBoard>(p =>
            p.Add(b => b.Rows, [Line([Booking(1, At(28, 12), At(28, 14))])]).Add(b => b.Label, "").Add(b => b.Now, At(20, 10))
        );
        Assert.Empty(board.FindAll(".free, [data-free], [data-booking]"));
        Assert.Single(board.FindAll(".bar"));
    }

    private static BoardRow Line(
        IReadOnlyList<ReservationRow> bookings, IReadOnlyList<Opening>? openings = null, IReadOnlyList<Closure>? closures = null,
        int buffer = 0) =>
        new(
            new CalendarLane(5, "Salón", null, false, FacilityState.Available, bookings, closures ?? [])
            {
                Openings = openings ?? [new(At(28, 8), At(28, 22))],
                BufferMinutes = buffer,
            },
            Day,
            "Salón"
        );

    private static ReservationRow Booking(long id, DateTime start, DateTime end, int people = 2) =>
        new(id, $"R-{id}", 5, "Salón", start, end, ReservationState.Confirmed, "B 1204", "Andrea", people, 0, 0, null, 0, null, null);
}
