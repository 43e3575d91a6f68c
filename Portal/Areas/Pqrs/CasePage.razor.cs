using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Data.Audit;
using Portal.Data.Database;
using Portal.Data.Gate;
using Portal.Data.Maintenance;
using Portal.Data.Operations;
using Portal.Data.Pqrs;
using Portal.Hosting.Identity;
using Portal.Resources;

namespace Portal.Areas.Pqrs;

/// <summary>One case: facts, history, legal clock, and what its reader may do. What others add shows without reloading.</summary>
public sealed partial class CasePage
{
    private CurrentUser user = CurrentUser.Nobody;
    private CaseActs? acts;
    private string? building;
    private IReadOnlyList<PqrsPresent> others = [];
    private IReadOnlyList<IncidentRef> incidents = [];
    private IReadOnlyList<WorkOrderOfCase> work = [];
    private readonly CancellationTokenSource gone = new();
    private bool beats;
    private bool writing;

    /// <summary>How often a page says that its reader is there; who stays away three times is gone.</summary>
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(15);

    [Inject] private PqrsService Cases { get; set; } = null!;

    [Inject] private PqrsHandlingService Handling { get; set; } = null!;

    [Inject] private PqrsPetitionerService Petitioner { get; set; } = null!;

    [Inject] private PqrsAnswerService Ready { get; set; } = null!;

    [Inject] private PqrsPresenceService Presence { get; set; } = null!;

    [Inject] private SettingsService Settings { get; set; } = null!;

    [Inject] private IncidentService Incidents { get; set; } = null!;

    [Inject] private WorkOrderService Orders { get; set; } = null!;

    [Inject] private Me Me { get; set; } = null!;

    [Inject] private BuildingClock Clock { get; set; } = null!;

    [Inject] private TimeProvider Time { get; set; } = null!;

    [Inject] private NavigationManager Nav { get; set; } = null!;

    [Inject] private IStringLocalizer<PqrsWords> L { get; set; } = null!;

    [Parameter] public long Id { get; set; }

    /// <summary>Carried from the prerendering into the circuit, so that it is read once.</summary>
    [PersistentState] public PqrsDetail? Case { get; set; }

    protected override async Task OnParametersSetAsync()
    {
        user = await Me.GetAsync();
        building = (await Settings.GetAsync(CancellationToken.None)).Name;
        if (Case?.Id != Id) await LoadAsync();
        incidents = await Incidents.OfCaseAsync(Id, user, CancellationToken.None);
        await WorkAsync();
    }

    private async Task WorkAsync() => work = await Orders.OfCaseAsync(Id, await Me.GetAsync(), CancellationToken.None);

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender) return;
        await SeeAsync();
        if (Case is not { Handles: true } || gone.IsCancellationRequested) return;
        beats = true;
        _ = Again.EveryAsync(Beat, Time, atOnce: true, BeatOnceAsync, DispatchExceptionAsync, gone.Token);
    }

    /// <summary>Every write touches the case's row; only a reply that is read changes nothing but its own.</summary>
    private bool Concerns(Change change) =>
        change.Table == "pqrs" && change.RecordId == Id || change is { Table: "pqrs_tracking", Action: "update" };

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
        if (RendererInfo.IsInteractive) await SeeAsync();
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

    /// <summary>Says that somebody is here, and shows who else is.</summary>
    private async Task BeatOnceAsync()
    {
        var now = await Presence.BeatAsync(Id, writing, await Me.GetAsync(), CancellationToken.None);
        if (now.SequenceEqual(others)) return;
        others = now;
        await InvokeAsync(StateHasChanged);
    }

    private async Task WriteAsync(bool writes)
    {
        if (writing == writes || Case is not { Handles: true }) return;
        writing = writes;
        await BeatOnceAsync();
    }

    private async Task<IReadOnlyList<PqrsAnswer>> AnswersAsync() =>
        await Ready.ListAsync(Case?.CategoryId, await Me.GetAsync(), CancellationToken.None);

    private string Filled(PqrsDetail it, string text) => PqrsHoles.Fill(text, new Dictionary<string, string?>
    {
        ["nombre"] = it.Petitioner.Name, ["numero"] = it.Number, ["asunto"] = it.Title,
        ["apartamento"] = it.Apartment is null ? null : L.Place(it.Apartment),
        ["vence"] = it.DueOn is { } due ? Formats.WeekdayDate(due) : null, ["responsable"] = it.Assignee?.Name, ["edificio"] = building,
    });

    private string Recipient(PqrsDetail it) => it.Merged.Count(m => PqrsFlow.IsActive(m.State)) is var more and > 0
        ? L["composer.reply.more", it.Petitioner.Name, more]
        : it.Petitioner.Name;

    private string KindWords(PqrsDetail it) => it.Clock is { } clock ? L["kind.days", L.Word(it.Kind), clock.Given] : L.Word(it.Kind);

    public void Dispose()
    {
        gone.Cancel();
        if (beats) _ = LeaveAsync();
    }

    private async Task LeaveAsync()
    {
        try
        {
            await Presence.LeaveAsync(Id, user, CancellationToken.None);
        }
        catch (Exception exception) when (exception is ObjectDisposedException || Outages.Of(exception) is not null)
        {
            // The row grows old by itself.
        }
    }
}
