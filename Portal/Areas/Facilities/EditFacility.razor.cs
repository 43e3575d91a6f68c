using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Data.Facilities;

namespace Portal.Areas.Facilities;

/// <summary>
/// Every rule of a facility on one screen. Of two people who change the same facility, the second is told as soon as the first saves, and
/// chooses: nothing is overwritten unseen and
/// nothing typed is lost.
/// </summary>
public sealed partial class EditFacility
{
    private FacilityForm? form;
    private FormSummary? summary;
    private TryOutPanel? tryOut;
    private IReadOnlyList<KindRow> kinds = [];
    private IReadOnlyList<BlackoutRow> blackouts = [];
    private FacilityInput? read;
    private FacilityInput? theirs;
    private string title = "", clean = "";
    private string? photo;
    private long? shown;
    private int holdMinutes = 15;
    private bool saving, leaving;

    [Parameter] public long? Id { get; set; }

    private string Heading => Id is null ? L["facilities.new"] : title;

    private bool Dirty => !leaving && form is not null && form.ToInput().Fingerprint() != clean;

    protected override async Task OnParametersSetAsync()
    {
        if (form is not null && shown == Id) return;
        (shown, leaving, theirs, form) = (Id, false, null, null);
        var user = await Me.GetAsync();
        kinds = await KindsOf.ListAsync(user, CancellationToken.None);
        holdMinutes = (await Settings.GetAsync(CancellationToken.None)).HoldMinutes;
        if (Id is null)
        {
            Fill(new FacilityForm());
            return;
        }

        var found = await Service.GetAsync(Id.Value, user, CancellationToken.None);
        if (!found.Ok)
        {
            Nav.NotFound();
            return;
        }

        Show(found.Value);
        read = found.Value.Rules;
        Fill(FacilityForm.Of(read));
    }

    /// <summary>
    /// Something of the facility changed: what is typed stays, and where somebody else changed the rules the person is told.
    /// </summary>
    private async Task LookAsync()
    {
        if (saving || leaving || Id is not { } id || form is null) return;
        var found = await Service.GetAsync(id, await Me.GetAsync(), CancellationToken.None);
        if (saving || leaving) return;
        if (!found.Ok)
        {
            leaving = true;
            Toasts.Show(L["facility.gone", title], Tone.Warn);
            Nav.NavigateTo("/facilities");
            return;
        }

        Show(found.Value);
        if (tryOut is not null) _ = tryOut.AskAsync();
        var now = found.Value.Rules;
        if (now.Fingerprint() == read!.Fingerprint())
        {
            theirs = null;
        }
        else if (Dirty)
        {
            theirs = now;
        }
        else
        {
            read = now;
            Fill(FacilityForm.Of(now));
        }
    }

    private async Task SaveAsync()
    {
        if (saving) return;
        saving = true;
        try
        {
            var input = form!.ToInput() with { Version = read?.Fingerprint() };
            var saved = await Service.SaveAsync(Id, input, await Me.GetAsync(), CancellationToken.None);
            if (saved.Error == Error.Stale)
            {
                theirs = (await Service.GetAsync(Id!.Value, await Me.GetAsync(), CancellationToken.None)) is { Ok: true } found
                    ? found.Value.Rules
                    : null;
                if (theirs is not null) return;
            }

            if (!saved.Ok)
            {
                summary!.Show([.. saved.Errors.Select(FacilityErrors.Readable(L))]);
                return;
            }

            Toasts.Show(Id is null ? L["form.saved", form.Name] : $"{L["form.saved", form.Name]}. {L["form.kept"]}", Tone.Ok);
            await SavedAsync(saved.Value);
        }
        finally
        {
            saving = false;
        }
    }

    private async Task SavedAsync(long id)
    {
        theirs = null;
        if (Id is null)
        {
            leaving = true;
            Nav.NavigateTo($"/facilities/{id}");
            return;
        }

        var user = await Me.GetAsync();
        kinds = await KindsOf.ListAsync(user, CancellationToken.None);
        if (await Service.GetAsync(id, user, CancellationToken.None) is not { Ok: true } found) return;
        Show(found.Value);
        read = found.Value.Rules;
        clean = form!.ToInput().Fingerprint();
    }

    private void TakeTheirs()
    {
        (read, theirs) = (theirs, null);
        Fill(FacilityForm.Of(read!));
        title = read!.Name;
    }

    /// <summary>Having seen that there is something else, the person saves their own over it.</summary>
    private void KeepMine() => (read, theirs) = (theirs, null);

    private async Task DeleteAsync()
    {
        if (
            Id is not { } id
            || !await Dialogs.ConfirmAsync(new(L["facility.delete.title", title], L["facility.delete.text"], L["facility.delete"]))
        )
            return;
        var deleted = await Service.DeleteAsync(id, await Me.GetAsync(), CancellationToken.None);
        if (deleted.Error?.Code == "facility.has_bookings")
        {
            await WithdrawAsync(id);
            return;
        }

        if (!deleted.Ok)
        {
            Toasts.Show(deleted.Error!.Explain(S, L), Tone.Bad);
            return;
        }

        leaving = true;
        Toasts.Show(L["facility.deleted", title], Tone.Ok);
        Nav.NavigateTo("/facilities");
    }

    /// <summary>What has bookings is not deleted but withdrawn; only its state changes, what is being typed waits.</summary>
    private async Task WithdrawAsync(long id)
    {
        if (read!.State == FacilityState.Unavailable)
        {
            Toasts.Show(L["error.facility.has_bookings", title], Tone.Warn);
            return;
        }

        if (!await Dialogs.ConfirmAsync(new(L["facility.withdraw.title", title], L["facility.withdraw.text"], L["facility.withdraw"])))
            return;
        var saved = await Service.SaveAsync(
            id,
            read with
            {
                State = FacilityState.Unavailable,
                Version = read.Fingerprint(),
            },
            await Me.GetAsync(),
            CancellationToken.None
        );
        if (!saved.Ok)
        {
            Toasts.Show(saved.Error!.Explain(S, L), Tone.Bad);
            return;
        }

        var dirty = Dirty;
        form!.State = FacilityState.Unavailable;
        read = read with { State = FacilityState.Unavailable };
        if (!dirty) clean = form.ToInput().Fingerprint();
        Toasts.Show(L["facility.withdrawn", title], Tone.Ok);
    }

    private async Task AskBeforeLeavingAsync(LocationChangingContext context)
    {
        if (!Dirty) return;
        if (await Dialogs.ConfirmAsync(new(L["leave.title"], L["leave.text"], L["leave.verb"]))) leaving = true;
        else context.PreventNavigation();
    }

    private void Show(FacilityDetail detail) => (title, blackouts, photo) = (detail.Rules.Name, detail.Blackouts, detail.Photo);

    private void Fill(FacilityForm filled)
    {
        form = filled;
        clean = filled.ToInput().Fingerprint();
    }

    /// <summary>The other facilities that quotas count with.</summary>
    private IReadOnlyList<string> Alike(FacilityInput rules) =>
        kinds.FirstOrDefault(k => string.Equals(k.Name, rules.Kind?.Trim(), StringComparison.CurrentCultureIgnoreCase)) is { } kind
            ? [.. kind.Facilities.Where(f => f != title || Id is null)]
            : [];

    private string QuotaLabel(string subject, string period) => L["form.often.cell", L["form.often." + subject], L["form.often." + period]];
}
