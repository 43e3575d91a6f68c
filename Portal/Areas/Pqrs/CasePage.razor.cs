using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Data.Audit;
using Portal.Data.Pqrs;
using Portal.Hosting.Identity;
using Portal.Resources;

namespace Portal.Areas.Pqrs;

/// <summary>One case: facts, history, legal clock, and what its reader may do. What others add shows without reloading.</summary>
public sealed partial class CasePage
{
    private CurrentUser user = CurrentUser.Nobody;
    private CaseActs? acts;
    private IDisposable? listening;

    [Inject] private PqrsService Cases { get; set; } = null!;

    [Inject] private PqrsHandlingService Handling { get; set; } = null!;

    [Inject] private PqrsPetitionerService Petitioner { get; set; } = null!;

    [Inject] private Me Me { get; set; } = null!;

    [Inject] private LiveFeed Feed { get; set; } = null!;

    [Inject] private BuildingClock Clock { get; set; } = null!;

    [Inject] private NavigationManager Nav { get; set; } = null!;

    [Inject] private IStringLocalizer<PqrsWords> L { get; set; } = null!;

    [Parameter] public long Id { get; set; }

    /// <summary>Carried from the prerendering into the circuit, so that it is read once.</summary>
    [PersistentState] public PqrsDetail? Case { get; set; }

    protected override async Task OnParametersSetAsync()
    {
        user = await Me.GetAsync();
        if (Case?.Id != Id) await LoadAsync();
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender) return;
        // Only the circuit listens: the prerendered page is gone before anything changes.
        listening = Feed.Listen(["pqrs", "pqrs_tracking"], changes => Concerns(changes) ? InvokeAsync(LoadAsync) : Task.CompletedTask);
        await SeeAsync();
    }

    /// <summary>Every write touches the case's row; only a reply that is read changes nothing but its own.</summary>
    private bool Concerns(IReadOnlyList<Change> changes) =>
        changes.Any(c => c.Table == "pqrs" && c.RecordId == Id || c.Table == "pqrs_tracking" && c.Action == "update");

    private async Task LoadAsync()
    {
        user = await Me.GetAsync();
        var found = await Cases.FindAsync(Id, user, CancellationToken.None);
        if (found is null)
        {
            Case = null;
            Nav.NotFound();
            return;
        }

        Case = found;
        StateHasChanged();
        if (listening is not null) await SeeAsync();
    }

    /// <summary>What the petitioner has before their eyes is read.</summary>
    private async Task SeeAsync()
    {
        if (Case is { Petitions: true } && Case.Entries.Any(e => e is { Kind: PqrsEntryKind.Reply, SeenAt: null }))
            await Petitioner.SeenAsync(Id, user, CancellationToken.None);
    }

    private async Task<Result> SendAsync(ComposerMode mode, string text, IReadOnlyList<PqrsUpload> files)
    {
        user = await Me.GetAsync();
        var result = mode switch
        {
            ComposerMode.Reply => await Handling.ReplyAsync(Id, text, files, user, CancellationToken.None),
            ComposerMode.Note => await Handling.NoteAsync(Id, text, files, user, CancellationToken.None),
            _ => await Petitioner.WriteAsync(Id, text, files, user, CancellationToken.None),
        };
        if (result.Ok) await LoadAsync();
        return result;
    }

    private async Task<Result> RateAsync(int stars)
    {
        var result = await Petitioner.RateAsync(Id, stars, await Me.GetAsync(), CancellationToken.None);
        if (result.Ok) await LoadAsync();
        return result;
    }

    private async Task<Result> ReopenAsync(string why)
    {
        var result = await Petitioner.ReopenAsync(Id, why, await Me.GetAsync(), CancellationToken.None);
        if (result.Ok) await LoadAsync();
        return result;
    }

    private string KindWords(PqrsDetail it) => it.Clock is { } clock ? L["kind.days", L.Word(it.Kind), clock.Given] : L.Word(it.Kind);

    public void Dispose() => listening?.Dispose();
}
