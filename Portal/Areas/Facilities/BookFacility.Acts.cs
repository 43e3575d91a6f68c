using System.Globalization;
using Microsoft.AspNetCore.Components;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Data.Facilities;
using Portal.Data.Facilities.Rules;

namespace Portal.Areas.Facilities;

/// <summary>What is done on the booking page.</summary>
public sealed partial class BookFacility
{
    private async Task BookAsync()
    {
        if (Wanted is null || !Ready) return;
        var booked = await reservations.BookAsync(Wanted with { TermsAccepted = true, Notes = note }, user, CancellationToken.None);
        if (booked.Ok) ShowDone(booked.Value.Id);
        else await RefuseAsync(booked);
    }

    private async Task HoldAsync()
    {
        if (Wanted is null) return;
        var kept = await reservations.BookAsync(Wanted with { Hold = true }, user, CancellationToken.None);
        if (kept.Ok) ShowDone(kept.Value.Id);
        else await RefuseAsync(kept);
    }

    /// <summary>
    /// Somebody was faster, or the rules changed meanwhile: the page shows what is true now, with the nearest free slots, and what was
    /// refused that it does not say by itself.
    /// </summary>
    private async Task RefuseAsync(Result<Booked> refusal)
    {
        pressed = Wanted!.Start;
        await LoadAsync();
        if (View is not { } view) return;
        told =
        [
            .. refusal.Errors.SelectMany(e => e.Values).OfType<Refusal>()
                .Where(r => Quote?.Refusals.Any(said => said.Code == r.Code) != true)
                .Select(r => refusals.Explain(r, view.Facility.Name, view.Facility.Kind, Staff)),
        ];
        if (told.Count == 0 && !Blocked) failure = refusal.Error!.Explain(shared, words);
    }

    private async Task WaitAsync()
    {
        if (Wanted is null) return;
        var joined = await waiting.JoinAsync(Wanted, user, CancellationToken.None);
        if (joined.Ok && Staff) toasts.Show(words["wait.joined.staff"], Tone.Ok);
        took = true;
        await LoadAsync();
        if (!joined.Ok && joined.Error!.Values.OfType<Refusal>().FirstOrDefault() is null) failure = joined.Error.Explain(shared, words);
    }

    private void ShowDone(long id)
    {
        (accepted, despite, note, chosen) = (false, false, null, null);
        nav.NavigateTo($"/book/{FacilityId}?booked={id}", replace: true);
    }

    /// <summary>The booking that was made here, as it stands now: it may have been confirmed, paid, or its time may be over.</summary>
    private async Task<OwnBooking?> DoneAsync() =>
        BookedInAddress is { } id
        && await own.FindAsync(id, user, CancellationToken.None) is { Ok: true } found
        && found.Value.Row.FacilityId == FacilityId
            ? found.Value
            : null;

    private Task ShowDayAsync(DateOnly day)
    {
        focus = DayStrip.Id(day);
        nav.NavigateTo(Address(FacilityId, day, null), replace: true);
        return Task.CompletedTask;
    }

    private Task PressAsync(SlotOption slot)
    {
        (pressed, focus) = (slot.Start, SlotGrid.Id(slot.Start));
        nav.NavigateTo(Address(FacilityId, Day, slot.Start), replace: true);
        return Task.CompletedTask;
    }

    private Task TakeAsync(FreeSlot slot)
    {
        took = true;
        nav.NavigateTo(Address(slot), replace: slot.FacilityId == FacilityId);
        return Task.CompletedTask;
    }

    private string Address(FreeSlot slot) => Address(slot.FacilityId, DateOnly.FromDateTime(slot.Start), slot.Start);

    private string Address(long facility, DateOnly day, DateTime? start) =>
        nav.GetUriWithQueryParameters(
            $"/book/{facility}",
            new Dictionary<string, object?>
            {
                ["day"] = day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                ["start"] = start?.ToString("HH:mm", CultureInfo.InvariantCulture),
                ["minutes"] = facility == FacilityId ? MinutesInAddress : null,
            }
        );

    private Task LengthAsync(int minutes)
    {
        nav.NavigateTo(nav.GetUriWithQueryParameter("minutes", minutes), replace: true);
        return Task.CompletedTask;
    }

    private Task PeopleAsync(int count)
    {
        people = count;
        return AskAsync();
    }

    private Task AcceptAsync(ChangeEventArgs change)
    {
        accepted = change.Value is true;
        return AskAsync();
    }

    private Task AgreeAsync()
    {
        (accepted, rules) = (true, false);
        return AskAsync();
    }

    private Task DespiteAsync(ChangeEventArgs change)
    {
        despite = change.Value is true;
        return AskAsync();
    }

    private Task ChooseHomeAsync(ChangeEventArgs change)
    {
        ApartmentId = long.TryParse(change.Value?.ToString(), out var id) ? id : ApartmentId;
        return AskAsync();
    }

    private Task ChoosePersonAsync(ChangeEventArgs change)
    {
        ownerId = long.TryParse(change.Value?.ToString(), out var id) ? id : null;
        return AskAsync();
    }

    private async Task PickAsync(PickOption? option)
    {
        (home, ApartmentId, despite) = (option, option?.Id, false);
        Residents = ApartmentId is { } apartment ? await bookings.ResidentsAsync(apartment, user, CancellationToken.None) : [];
        ownerId = Residents.FirstOrDefault()?.OwnerId;
        await AskAsync();
    }

    private async Task<IReadOnlyList<PickOption>> FindAsync(string text, CancellationToken ct) =>
        [.. (await bookings.FindHomesAsync(text, user, ct)).Select(h => new PickOption(h.Id, h.Name, h.Resident))];
}
