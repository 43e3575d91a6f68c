using System.Globalization;
using Microsoft.AspNetCore.Components;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Data.Facilities;

namespace Portal.Areas.Facilities;

/// <summary>
/// "Could apartment B 1204 book Saturday 18:00 to 22:00?", asked of the rules as they stand in the form, with what every rule says. It is
/// asked again a moment after the form, the wish or
/// the bookings change.
/// </summary>
public sealed partial class TryOutPanel
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(350);

    private PickOption? home;
    private DateOnly? day;
    private TimeOnly? from = new TimeOnly(18, 0), to = new TimeOnly(22, 0);
    private int people = 2, turn;
    private string asked = "";
    private TryOut? outcome;
    private IReadOnlyList<Error> wrong = [];
    private bool gone;

    /// <summary>Whose bookings stand in the way; null for a facility that is not saved yet.</summary>
    [Parameter] public long? FacilityId { get; set; }

    /// <summary>The rules as they stand in the form now.</summary>
    [Parameter, EditorRequired] public FacilityInput Rules { get; set; } = null!;

    private string Name => string.IsNullOrWhiteSpace(Rules.Name) ? L["sum.this"] : Rules.Name.Trim();

    private string Kind => string.IsNullOrWhiteSpace(Rules.Kind) ? Name : Rules.Kind.Trim();

    private string Who => home?.Label ?? L["try.anybody"];

    private DateTime Start => day!.Value.ToDateTime(from!.Value);

    /// <summary>An end not later than the beginning is on the day after, as with opening hours.</summary>
    private DateTime End => day!.Value.AddDays(to <= from ? 1 : 0).ToDateTime(to!.Value);

    private string When => $"{Formats.WeekdayDate(day!.Value)}, {BookingText.Range(Start, End, L)}";

    public void Dispose() => gone = true;

    /// <summary>The Saturday to come: the day most facilities are wanted on.</summary>
    protected override void OnInitialized() =>
        day = Enumerable.Range(1, 7).Select(Clock.Today.AddDays).First(d => d.DayOfWeek == DayOfWeek.Saturday);

    protected override void OnParametersSet()
    {
        if (!RendererInfo.IsInteractive || Rules.Fingerprint() is var now && now == asked) return;
        asked = now;
        _ = AskAsync();
    }

    /// <summary>Asks after a pause; what is typed meanwhile begins it anew, and only the last question is answered.</summary>
    public async Task AskAsync()
    {
        var mine = ++turn;
        if (day is null || from is null || to is null) return;
        try
        {
            await Task.Delay(Pause);
            if (gone || mine != turn) return;
            // What is not called anything yet can be tried out too.
            var rules = Rules with
            {
                Name = Name,
            };
            var tried = await Service.TryAsync(
                FacilityId, rules, new BookingInput(FacilityId ?? 0, Start, End, people, true, home?.Id), await Me.GetAsync(),
                CancellationToken.None);
            if (gone || mine != turn) return;
            outcome = tried.Ok ? tried.Value : null;
            wrong = [.. tried.Errors.Select(FacilityErrors.Readable(L))];
            StateHasChanged();
        }
        catch (Exception exception) when (!gone)
        {
            await DispatchExceptionAsync(exception);
        }
    }

    private async Task<IReadOnlyList<PickOption>> FindAsync(string text, CancellationToken ct) =>
        [.. (await Service.FindHomesAsync(text, await Me.GetAsync(ct), ct)).Select(h => new PickOption(h.Id, h.Name, h.Resident))];

    private Task ChooseAsync(PickOption? chosen) => SetAsync(() => home = chosen);

    private Task TakeAsync(FreeSlot slot) =>
        SetAsync(() =>
            (day, from, to) = (DateOnly.FromDateTime(slot.Start), TimeOnly.FromDateTime(slot.Start), TimeOnly.FromDateTime(slot.End))
        );

    private Task SetPeopleAsync(ChangeEventArgs change) =>
        int.TryParse(change.Value?.ToString(), CultureInfo.InvariantCulture, out var number) && number is > 0 and < 100_000
            ? SetAsync(() => people = number)
            : Task.CompletedTask;

    private Task SetAsync(Action set)
    {
        set();
        _ = AskAsync();
        return Task.CompletedTask;
    }
}
