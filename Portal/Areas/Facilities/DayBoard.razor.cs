using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Microsoft.JSInterop;
using Portal.Data;
using Portal.Data.Facilities;
using Portal.Resources;

namespace Portal.Areas.Facilities;

/// <summary>
/// Hours from left to right, a line for each facility of a day or each day of a facility. A free slot is pressed or drawn with the mouse,
/// or chosen with the arrow keys, to book
/// it; a booking is dragged to change it. Its script only chooses: what is chosen goes to the booking page or to <see cref="OnDrop"/>.
/// </summary>
public sealed partial class DayBoard(IJSRuntime js, BuildingClock clock, IStringLocalizer<FacilitiesWords> words) : IAsyncDisposable
{
    private ElementReference root;
    private IJSObjectReference? module;
    private DotNetObjectReference<DayBoard>? self;
    private int from, to;

    [Parameter, EditorRequired] public IReadOnlyList<BoardRow> Rows { get; set; } = [];

    [Parameter, EditorRequired] public string Label { get; set; } = "";

    [Parameter, EditorRequired] public DateTime Now { get; set; }

    [Parameter] public EventCallback<ReservationRow> OnOpen { get; set; }

    /// <summary>The line's own day was pressed; without it a line's name is only a name.</summary>
    [Parameter] public EventCallback<DateOnly> OnDay { get; set; }

    /// <summary>A booking was dragged: what it is to become.</summary>
    [Parameter] public EventCallback<(ReservationRow Row, ChangeInput To)> OnDrop { get; set; }

    /// <summary>Free slots may be chosen, and bookings dragged.</summary>
    [Parameter] public bool Books { get; set; }

    private IStringLocalizer<FacilitiesWords> L => words;
    private BuildingClock Clock => clock;

    protected override void OnParametersSet()
    {
        // From the first thing that is open or happens to the last; a night goes on to the right.
        var minutes = Rows.SelectMany(row =>
                row.Bookings.Select(b => (Start: row.Minute(b.Start), End: row.Minute(b.End)))
                    .Concat(
                        row.Openings.Where(o => o.Opens >= row.Midnight)
                            .Select(o => (Start: row.Minute(o.Opens), End: row.Minute(o.Closes)))
                    )
            )
            .ToList();
        from = minutes.Count == 0 ? 6 : Math.Clamp(minutes.Min(m => m.Start) / 120 * 2, 0, 8);
        to = minutes.Count == 0 ? 22 : Math.Clamp((minutes.Max(m => m.End) + 59) / 60, 18, 36);
        if ((to - from) % 2 == 1) to++;
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender) return;
        module = await js.InvokeAsync<IJSObjectReference>("import", "./Areas/Facilities/DayBoard.razor.js");
        await module.InvokeVoidAsync("reveal", root, ".now, .bar:not(.over), .bar, .hour:nth-of-type(4)");
        if (!Books) return;
        self = DotNetObjectReference.Create(this);
        await module.InvokeVoidAsync("attach", root, self);
    }

    /// <summary>Called by the script.</summary>
    /// <param name="index">The line it was dropped on.</param>
    /// <param name="minute">Its new start, after midnight of that line's day.</param>
    [JSInvokable]
    public Task DropAsync(long booking, int index, int minute)
    {
        if (index < 0 || index >= Rows.Count || Rows.SelectMany(r => r.Lane.Bookings).FirstOrDefault(b => b.Id == booking) is not { } row)
            return Task.CompletedTask;
        var (line, start) = (Rows[index], Rows[index].Midnight.AddMinutes(minute));
        return OnDrop.InvokeAsync((row, new ChangeInput(line.Lane.FacilityId, start, start + (row.End - row.Start), row.People)));
    }

    public async ValueTask DisposeAsync()
    {
        self?.Dispose();
        if (module is null) return;
        try
        {
            await module.DisposeAsync();
        }
        catch (JSDisconnectedException)
        {
            // The browser is gone, and the module with it.
        }
    }

    /// <summary>What the script needs to choose on a line.</summary>
    private Dictionary<string, object>? Choosing(BoardRow row) => !Books ? null : new()
    {
        ["data-free"] = BoardSlots.Free(row, Now).Json(),
        ["data-slot"] = row.Lane.SlotMinutes,
        ["data-min"] = row.Lane.ShortestBooking,
        ["data-max"] = row.Lane.LongestBooking,
        ["data-origin"] = row.Openings.Where(o => o.Opens >= row.Midnight).Select(o => row.Minute(o.Opens)).FirstOrDefault(),
        ["data-name"] = row.Title,
        ["data-book"] = $"/book/{row.Lane.FacilityId}",
        ["data-days"] = $"{Iso(row.Day)} {Iso(row.Day.AddDays(1))}",
    };

    private string Address(BoardRow row) => $"/book/{row.Lane.FacilityId}?day={Iso(row.Day)}";

    private bool Movable(ReservationRow row) =>
        Books && row.State is ReservationState.Confirmed or ReservationState.Pending && row.End > Now;

    private int? NowOn(BoardRow row) =>
        DateOnly.FromDateTime(Now) == row.Day && row.Minute(Now) >= from * 60 && row.Minute(Now) <= to * 60 ? row.Minute(Now) : null;

    private string Class(ReservationRow row) => row.State switch
    {
        ReservationState.Pending => "wait",
        ReservationState.Held => "held",
        ReservationState.NoShow => "missed",
        _ when row.End <= Now => "over",
        _ when row.Start <= Now || row.CheckedInAt is not null => "live",
        _ => "",
    };

    private string Left(int minute) => Percent(Share(minute));

    private string Width(int start, int end) => Percent(Share(end) - Share(start));

    private double Share(int minute) => Math.Clamp((minute - (from * 60d)) / ((to - from) * 60d), 0, 1);

    private static string Percent(double share) => (share * 100).ToString("0.###", CultureInfo.InvariantCulture) + "%";

    private static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
