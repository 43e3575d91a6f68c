using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Data.Assemblies;
using Portal.Hosting.Identity;
using Portal.Resources;

namespace Portal.Areas.Assemblies;

/// <summary>Where an assembly is planned: what the law says of it stands beside, and changes with each field.</summary>
public sealed partial class AssemblyForm
{
    private static readonly TimeOnly Evening = new(19, 0);

    private Input input = new();
    private FormSummary? summary;
    private int? revision;
    private bool saving;

    [Inject] private AssemblyDesk Desk { get; set; } = null!;

    [Inject] private BuildingClock Clock { get; set; } = null!;

    [Inject] private NavigationManager Nav { get; set; } = null!;

    [Inject] private Toasts Toasts { get; set; } = null!;

    [Inject] private Me Me { get; set; } = null!;

    [Inject] private IStringLocalizer<AssemblyWords> L { get; set; } = null!;

    [Inject] private IStringLocalizer<SharedWords> S { get; set; } = null!;

    /// <summary>What is changed; null for a new one.</summary>
    [Parameter] public long? Id { get; set; }

    protected override async Task OnInitializedAsync()
    {
        if (Id is not { } id)
        {
            // A day on which an ordinary one could still be called.
            input.MeetsAt = Clock.Today.AddDays(AssemblyDates.DaysOfCall + 6);
            input.Items.Add(new Asked { Title = L["form.item.quorum"], Threshold = VoteThreshold.Informative });
            input.Items.Add(new Asked { Title = L["form.item.chairs"], Basis = VoteBasis.Unit, Article = "Ley 675, art. 37; C-522 de 2002" });
            return;
        }

        if (await Desk.DraftAsync(id, await Me.GetAsync(), default) is not { } draft)
        {
            Nav.NotFound();
            return;
        }

        revision = draft.Revision;
        input = Input.Of(draft);
    }

    private IReadOnlyList<LawCheck> Checks() => input.MeetsAt is not { } day ? [] : AssemblyLaw.Check(
        input.Kind, input.Mode, input.CalledBy, day.ToDateTime(input.Hour ?? Evening), 1,
        input.Items.Any(i => i.Threshold == VoteThreshold.Qualified), input.Items.Count > 0, Clock.Today);

    private static void Choose(Asked item, ChangeEventArgs change)
    {
        item.Threshold = Enum.Parse<VoteThreshold>(change.Value?.ToString() ?? nameof(VoteThreshold.Majority));
        if (item.Threshold == VoteThreshold.Qualified) (item.Basis, item.Article) = (VoteBasis.Coefficient, "Ley 675, art. 46");
        else if (item.Article == "Ley 675, art. 46") item.Article = "Ley 675, art. 45";
    }

    private void Move(int index, int by)
    {
        var item = input.Items[index];
        input.Items.RemoveAt(index);
        input.Items.Insert(index + by, item);
    }

    private async Task SaveAsync()
    {
        if (saving) return;
        saving = true;
        try
        {
            var errors = new List<Error>();
            foreach (var (index, item) in input.Items.Index())
                if (TypedText.Amount(item.Amount).Reason is not null) errors.Add(new Error("assembly.item_amount.n", null, index + 1));
            if (input.MeetsAt is null) errors.Add(Error.Required("MeetsAt"));
            if (errors.Count > 0)
            {
                summary?.Show(errors);
                return;
            }

            var result = await Desk.SaveAsync(Id, input.Write(revision ?? 0), await Me.GetAsync(), default);
            if (!result.Ok)
            {
                summary?.Show(AssemblyWording.Said(L, result.Errors));
                return;
            }

            Toasts.Show(L["saved"], Tone.Ok);
            Nav.NavigateTo(string.Create(CultureInfo.InvariantCulture, $"/assemblies/{result.Value}"));
        }
        finally
        {
            saving = false;
        }
    }

    private sealed class Input
    {
        public AssemblyKind Kind { get; set; } = AssemblyKind.Extraordinary;
        public AssemblyMode Mode { get; set; }
        public AssemblyCaller CalledBy { get; set; }
        public string Title { get; set; } = "";
        public string Place { get; set; } = "";
        public DateOnly? MeetsAt { get; set; }
        public TimeOnly? Hour { get; set; } = Evening;
        public int? MostProxies { get; set; }
        public List<Asked> Items { get; private init; } = [];

        public static Input Of(AssemblyDraft d) => new()
        {
            Kind = d.Kind, Mode = d.Mode, CalledBy = d.CalledBy, Title = d.Title, Place = d.Place, MeetsAt = DateOnly.FromDateTime(d.MeetsAt),
            Hour = TimeOnly.FromDateTime(d.MeetsAt), MostProxies = d.MostProxies,
            Items =
            [
                .. d.Items.Select(i => new Asked
                {
                    Title = i.Title, Text = i.Text, Threshold = i.Threshold, Basis = i.Basis, Article = i.Article,
                    Amount = i.Amount is { } amount ? Formats.Money(amount) : null,
                }),
            ],
        };

        public AssemblyDraft Write(int revision) => new(
            Kind, Mode, CalledBy, Title, Place, MeetsAt!.Value.ToDateTime(Hour ?? Evening), MostProxies,
            [
                .. Items.Select(i => new ItemDraft(
                    i.Title ?? "", i.Text, i.Threshold, i.Basis, i.Threshold == VoteThreshold.Informative ? null : i.Article,
                    i.Threshold == VoteThreshold.Informative ? null : TypedText.Amount(i.Amount).Value)),
            ],
            revision);
    }

    private sealed class Asked
    {
        public string? Title { get; set; }
        public string? Text { get; set; }
        public VoteThreshold Threshold { get; set; } = VoteThreshold.Majority;
        public VoteBasis Basis { get; set; } = VoteBasis.Coefficient;
        public string? Article { get; set; } = "Ley 675, art. 45";
        public string? Amount { get; set; }
    }
}
