using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.Extensions.Localization;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Operations;
using Portal.Data.Pqrs;
using Portal.Hosting.Identity;
using Portal.Resources;

namespace Portal.Areas.Pqrs;

/// <summary>Files a case: a resident their own; staff, at the desk, for whoever came or called.</summary>
public sealed partial class NewCasePage
{
    private static readonly PqrsChannel[] DeskChannels = 
        [PqrsChannel.Desk, PqrsChannel.Telephone, PqrsChannel.Verbal, PqrsChannel.Mail, PqrsChannel.Whatsapp];

    private readonly Input input = new();
    private readonly EditContext form;
    private FormSummary? summary;
    private FilePicker? picker;
    private PickOption? petitioner;
    private PqrsFormChoices? choices;
    private IReadOnlyList<PqrsPetitionerOption> found = [];
    private IReadOnlyList<PqrsPlace> apartments = [];
    private BuildingSettings rules = new();
    private bool desk, busy;
    private int perDay;

    public NewCasePage() => form = new EditContext(input);

    [Inject] private PqrsFilingService Filing { get; set; } = null!;

    [Inject] private SettingsService Settings { get; set; } = null!;

    [Inject] private BuildingClock Clock { get; set; } = null!;

    [Inject] private Me Me { get; set; } = null!;

    [Inject] private NavigationManager Nav { get; set; } = null!;

    [Inject] private Toasts Toasts { get; set; } = null!;

    [Inject] private IStringLocalizer<PqrsWords> L { get; set; } = null!;

    [Inject] private IStringLocalizer<SharedWords> S { get; set; } = null!;

    private int? Days => input.Kind is { } kind ? PqrsDays.For(kind, rules) : null;

    private DateOnly? Due => Days is { } days ? BusinessDays.Deadline(Clock.Today, days, []) : null;

    protected override async Task OnInitializedAsync()
    {
        var user = await Me.GetAsync();
        desk = user.Can(Permissions.PqrsHandle);
        rules = await Settings.GetAsync(CancellationToken.None);
        perDay = rules.PqrsPerDay;
        choices = await Filing.ChoicesAsync(user, CancellationToken.None);
        if (desk || choices is null) return;
        apartments = choices.Apartments;
        if (apartments is [var only]) input.ApartmentId = only.Id;
    }

    private async Task<IReadOnlyList<PickOption>> FindAsync(string text, CancellationToken ct)
    {
        found = await Filing.PetitionersAsync(text, await Me.GetAsync(ct), ct);
        return
        [
            .. found.Select(one => new PickOption(
                one.OwnerId, one.Name, string.Join(", ", one.Apartments.Select(place => L.Place(place))))),
        ];
    }

    private void ChoosePetitioner(PickOption? chosen)
    {
        petitioner = chosen;
        input.OwnerId = chosen?.Id;
        apartments = found.FirstOrDefault(one => one.OwnerId == chosen?.Id)?.Apartments ?? [];
        input.ApartmentId = apartments is [var only, ..] ? only.Id : null;
        form.NotifyFieldChanged(form.Field(nameof(Input.OwnerId)));
    }

    private async Task SaveAsync()
    {
        if (busy) return;
        busy = true;
        try
        {
            if (picker is { Busy: true })
            {
                summary!.Show([new Error("pqrs.files.reading")]);
                return;
            }

            var user = await Me.GetAsync();
            var filing = new PqrsFiling(
                input.Kind, input.CategoryId, input.ApartmentId, input.Title, input.Description, picker?.Uploads ?? []);
            var result = desk
                ? await Filing.FileForAsync(
                    new PqrsDeskFiling(input.OwnerId, input.Channel, input.Priority, filing), user, CancellationToken.None)
                : await Filing.FileAsync(filing, user, CancellationToken.None);
            if (!result.Ok)
            {
                summary!.Show([.. result.Errors.Select(error => error.Named())]);
                return;
            }

            Toasts.Show(L["new.done", result.Value.Number], Tone.Ok);
            Nav.NavigateTo($"/pqrs/{result.Value.Id}");
        }
        finally
        {
            busy = false;
        }
    }

    private static string Capital(string word) => char.ToUpper(word[0], System.Globalization.CultureInfo.CurrentCulture) + word[1..];

    private sealed class Input
    {
        public long? OwnerId { get; set; }

        public PqrsChannel Channel { get; set; } = PqrsChannel.Desk;

        public PqrsPriority Priority { get; set; } = PqrsPriority.Medium;

        public PqrsKind? Kind { get; set; }

        public int? CategoryId { get; set; }

        public long? ApartmentId { get; set; }

        public string? Title { get; set; }

        public string? Description { get; set; }

        public IReadOnlyList<PqrsUpload> Files { get; set; } = [];
    }
}
