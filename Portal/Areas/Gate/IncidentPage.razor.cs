using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Gate;
using Portal.Data.Pqrs;
using Portal.Hosting.Identity;
using Portal.Resources;

namespace Portal.Areas.Gate;

/// <summary>
/// One incident: what the guard told, its photos, what was added. Nothing of it is changed; a case is made of it in one press, where it
/// names an apartment that somebody answers for, else in the name of who is chosen.
/// </summary>
public sealed partial class IncidentPage
{
    private static readonly string[] Tables = ["gate_incidents", "gate_incident_entries", "gate_incident_photos", "gate_incident_visits"];
    private static readonly Dictionary<string, object> Wiring = new() { ["id"] = "incident-visit" };

    private CurrentUser user = CurrentUser.Nobody;
    private IncidentDetail? incident;
    private Input input = new();
    private Petition petition = new();
    private PickOption? petitioner;
    private FormSummary? summary, petitionSummary;
    private string? refusal;
    private bool saving, asking;
    private int picks;

    [Inject] private IncidentService Service { get; set; } = null!;
    [Inject] private PqrsFilingService Filing { get; set; } = null!;
    [Inject] private NavigationManager Nav { get; set; } = null!;
    [Inject] private Toasts Toasts { get; set; } = null!;
    [Inject] private Me Me { get; set; } = null!;
    [Inject] private IStringLocalizer<IncidentWords> L { get; set; } = null!;
    [Inject] private IStringLocalizer<SharedWords> S { get; set; } = null!;

    [Parameter] public long Id { get; set; }

    protected override async Task OnParametersSetAsync()
    {
        if (incident?.Id != Id) (input, refusal) = (new Input(), null);
        await LoadAsync();
        if (incident is null) Nav.NotFound();
    }

    private async Task LoadAsync()
    {
        user = await Me.GetAsync();
        incident = await Service.FindAsync(Id, user, default);
    }

    private Task AddAsync() => ActAsync(Service.AddAsync, "added");

    private Task CloseAsync() => ActAsync(Service.CloseAsync, "closed");

    private Task ReopenAsync() => ActAsync(Service.ReopenAsync, "reopened");

    private async Task ActAsync(Func<long, string?, CurrentUser, CancellationToken, Task<Result>> act, string done)
    {
        if (saving) return;
        saving = true;
        try
        {
            var result = await act(Id, input.Text, user, default);
            if (!result.Ok)
            {
                summary?.Show(result.Errors);
                return;
            }

            input = new Input();
            Toasts.Show(L[$"done.{done}"], Tone.Ok);
            await LoadAsync();
        }
        finally
        {
            saving = false;
        }
    }

    /// <summary>One press, where it is known in whose name.</summary>
    private async Task FileAsync()
    {
        refusal = null;
        if (incident?.Petitioner is null)
        {
            (petition, petitioner, asking) = (new Petition(), null, true);
            return;
        }

        var result = await SendAsync(null);
        if (!result.Ok) refusal = result.Error!.Explain(S, L);
    }

    private async Task FileForAsync()
    {
        if (saving) return;
        saving = true;
        try
        {
            if (petition.OwnerId is null)
            {
                petitionSummary?.Show([Error.Required(nameof(Petition.OwnerId))]);
                return;
            }

            var result = await SendAsync(petition.OwnerId);
            if (!result.Ok) petitionSummary?.Show(result.Errors);
            else asking = false;
        }
        finally
        {
            saving = false;
        }
    }

    private async Task<Result<PqrsFiled>> SendAsync(long? owner)
    {
        var it = incident!;
        var categories = (await Filing.ChoicesAsync(user, default))?.Categories ?? [];
        var category = categories.FirstOrDefault(c => c.Name == "Complaint") ?? categories.OrderBy(c => c.Id).FirstOrDefault();
        var title = $"{it.Number} · {L[$"kind.{it.Kind}"]}: {it.Place}";
        var text = L["file.text", it.Number, Formats.DateAndTime(it.Happened), it.Place, it.Text].Value;
        var result = await Service.FileAsync(
            it.Id,
            new IncidentFiling(
                owner, PqrsKind.Complaint, (int?)category?.Id,
                title.Length <= PqrsFilingService.LongestTitle ? title : title[..PqrsFilingService.LongestTitle], text),
            user, default);
        if (!result.Ok) return result;
        Toasts.Show(L["filed", result.Value.Number], Tone.Ok);
        await LoadAsync();
        return result;
    }

    private async Task<IReadOnlyList<PickOption>> OfferAsync(string text, CancellationToken ct) =>
    [
        .. (await Service.OfferAsync(Id, text, user, ct)).Select(v => new PickOption(
            v.Id, v.Name, string.Join(" · ", new[] { v.Unit, v.Entered is { } at ? Formats.DateAndTime(at) : null }.OfType<string>()))),
    ];

    private async Task NameVisitAsync(PickOption? chosen)
    {
        if (chosen is null) return;
        // The box is empty again.
        picks++;
        var result = await Service.NameVisitAsync(Id, chosen.Id, user, default);
        Toasts.Show(result.Ok ? L["visits.added", chosen.Label].Value : result.Error!.Explain(S, L), result.Ok ? Tone.Ok : Tone.Bad);
        await LoadAsync();
    }

    private async Task<IReadOnlyList<PickOption>> FindPeopleAsync(string text, CancellationToken ct) =>
    [
        .. (await Filing.PetitionersAsync(text, user, ct)).Select(one => new PickOption(
            one.OwnerId, one.Name, string.Join(", ", one.Apartments.Select(place => $"{place.Tower} {place.Number}")))),
    ];

    private void ChoosePetitioner(PickOption? chosen) => (petitioner, petition.OwnerId) = (chosen, chosen?.Id);

    private static Glyph IconOf(IncidentEntryKind kind) => kind switch
    {
        IncidentEntryKind.Closed => Glyph.Lock,
        IncidentEntryKind.Reopened => Glyph.Undo,
        IncidentEntryKind.Filed => Glyph.Pqrs,
        _ => Glyph.People,
    };

    private sealed class Input
    {
        public string? Text { get; set; }
    }

    private sealed class Petition
    {
        public long? OwnerId { get; set; }
    }
}
