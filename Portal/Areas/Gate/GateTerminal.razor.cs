using Microsoft.AspNetCore.Components;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Data.Database;
using Portal.Data.Gate;
using Portal.Data.Home;
using Portal.Hosting.Identity;

namespace Portal.Areas.Gate;

/// <summary>
/// The guard's screen: one box for whatever they have in hand, one answer in one colour, one key per act. Enter asks, and Enter again does
/// what the
/// answer proposes; the focus never leaves the box.
/// </summary>
public sealed partial class GateTerminal : IAsyncDisposable
{
    private static readonly string[] Tables = ["visitors"];

    private readonly CancellationTokenSource _gone = new();
    private CurrentUser user = CurrentUser.Nobody;
    private ElementReference box;
    private InsideNow? insideNow;
    private string typed = "", asked = "";
    private string? error;
    private Verdict? verdict;
    private GateDone? done;
    private bool busy, showPhone, newOpen, notesOpen, onlyOver;
    private int unread;
    private DateTime now;
    private WalkInStart? newStart;
    private string clientKey = "";
    private IReadOnlyList<InsideVisitor> inside = [];

    /// <summary>Opens the hand-over notes at once.</summary>
    [SupplyParameterFromQuery(Name = "panel")] public string? Panel { get; set; }

    [Inject] private GateLookup Lookup { get; set; } = null!;
    [Inject] private Portal.Data.Facilities.CheckInService CheckIns { get; set; } = null!;
    [Inject] private GateService Service { get; set; } = null!;
    [Inject] private BuildingClock Clock { get; set; } = null!;
    [Inject] private Toasts Toasts { get; set; } = null!;
    [Inject] private Me Me { get; set; } = null!;

    private int over => inside.Count(v => v.Overstays(now));

    private sealed record Act(string Key, string Words, Func<Task> Press, bool Main = false);

    protected override async Task OnInitializedAsync()
    {
        user = await Me.GetAsync();
        await LoadInsideAsync();
        notesOpen = Panel == "notes";
        if (RendererInfo.IsInteractive) _ = TickAsync();
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender) await box.FocusAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _gone.CancelAsync();
        _gone.Dispose();
    }

    /// <summary>Durations and the clock go on by themselves.</summary>
    private async Task TickAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(10));
        try
        {
            while (await timer.WaitForNextTickAsync(_gone.Token))
            {
                await InvokeAsync(() =>
                {
                    now = Clock.Now;
                    StateHasChanged();
                });
            }
        }
        catch (OperationCanceledException)
        {
            // The terminal was left.
        }
    }

    private async Task LoadInsideAsync()
    {
        now = Clock.Now;
        inside = await Service.InsideAsync(user, default);
        if (over == 0) onlyOver = false;
    }

    private Task TypedAsync()
    {
        // What was answered no longer belongs to what stands in the box.
        if (typed.Trim() != asked) (verdict, done, error, showPhone) = (null, null, null, false);
        insideNow?.Settle();
        return Task.CompletedTask;
    }

    private async Task SubmitAsync()
    {
        if (verdict is not null && typed.Trim() == asked && Acts() is [{ Main: true, Key: "Enter" } main, ..]) await main.Press();
        else await AskAsync(typed);
    }

    private Task PickAsync(VerdictChoice one)
    {
        typed = one.Title;
        return AskAsync(one.Typed, one.Title);
    }

    /// <param name="what">What is asked for.</param>
    /// <param name="shown">What stands in the box for it; null: the same.</param>
    private Task AskAsync(string what, string? shown = null) => RunAsync(async () =>
    {
        what = what.Trim();
        asked = shown?.Trim() ?? what;
        if (asked.Length == 0) return;
        (done, showPhone, clientKey) = (null, false, Guid.NewGuid().ToString());
        verdict = await Lookup.AskAsync(what, user, default);

        // A scanner types the whole address of the QR; what stands in the box is for people.
        if (verdict.Booking?.Number is { } number) typed = asked = number;
    });

    private async Task ClearAsync()
    {
        (typed, asked, verdict, done, error, showPhone) = ("", "", null, null, null, false);
        await box.FocusAsync();
    }

    private IReadOnlyList<Act> Acts() =>
        verdict switch
        {
            { Kind: VerdictKind.Expected, VisitId: { } id } =>
            [
                new("Enter", L["act.enter"], () => AdmitAsync(id, false), true),
                Call(),
                Deny(id),
            ],
            { Kind: VerdictKind.Expired or VerdictKind.TooEarly, VisitId: { } id } =>
            [
                Call(main: true),
                new("F3", L["act.approved"], () => AdmitAsync(id, true)),
                Deny(id),
            ],
            { Kind: VerdictKind.Known } known =>
            [
                new("Enter", L["act.enter"], () => EnterKnownAsync(known), true),
                Call(),
                new("F3", L["act.new"], OpenNewAsync),
            ],
            { Kind: VerdictKind.Apartment, Choices.Count: 0 } => [Call(main: true), new("F3", L["act.approved"], OpenNewAsync)],
            { Kind: VerdictKind.Apartment } => [Call(main: true), new("F3", L["act.new"], OpenNewAsync)],
            { Kind: VerdictKind.Used or VerdictKind.Revoked } => [Call(main: true)],
            { Booking: { Stand: GateStand.Welcome } booking } =>
            [
                new("Enter", L["act.checkin"], () => CheckInAsync(booking), true),
                Call(),
            ],
            { Booking: { Stand: GateStand.CheckedIn } booking } =>
            [
                Call(main: true),
                new("F4", L["act.checkin.undo"], () => UndoCheckInAsync(booking.Id)),
            ],
            { Booking: not null } => [Call(main: true)],
            _ => [],
        };

    private Act Call(bool main = false) => new("F2", main && verdict?.Unit is { } unit ? L["act.call.to", unit] : L["act.call"], () =>
    {
        showPhone = true;
        return Task.CompletedTask;
    }, main);

    private Act Deny(long id) =>
        new(
            "F4", L["act.deny"],
            () => FinishAsync(() => Service.DenyAsync(id, user, default), new GateDone(GateDoneKind.Denied, verdict?.Visitor ?? "")));

    private Task AdmitAsync(long id, bool approved) =>
        FinishAsync(() => Service.AdmitAsync(id, approved, user, default), new GateDone(GateDoneKind.In, verdict?.Visitor ?? ""));

    private Task EnterKnownAsync(Verdict known) =>
        FinishAsync(
            async () =>
                await Service.EnterAsync(
                    new WalkIn(
                        known.VisitorKind, known.ApartmentId ?? 0, known.Visitor ?? "", known.Identification ?? "", 1, known.Plate, null,
                        null, clientKey),
                    user,
                    default
                ),
            new GateDone(GateDoneKind.In, known.Visitor ?? "")
        );

    private Task CheckInAsync(GateBooking booking)
    {
        var name = verdict?.Unit is { } unit ? $"{booking.Facility} · {unit}" : booking.Facility;
        return FinishAsync(
            () => CheckIns.CheckInAsync(booking.Id, user, default),
            new GateDone(GateDoneKind.Arrived, name),
            () =>
                Toasts.Show(
                    L["v.done.arrived.toast", name, Formats.Time(TimeOnly.FromDateTime(Clock.Now))], Tone.Ok,
                    undo: () => UndoCheckInAsync(booking.Id))
        );
    }

    private Task UndoCheckInAsync(long id) => RunAsync(async () =>
    {
        var result = await CheckIns.UndoAsync(id, user, default);
        if (!result.Ok)
        {
            error = result.Error!.Explain(S, L);
            return;
        }

        (done, verdict) = (null, asked.Length == 0 ? null : await Lookup.AskAsync(asked, user, default));
        Toasts.Show(L["v.done.arrived.undone"], Tone.Ok);
    });

    private Task FinishAsync(Func<Task<Result>> act, GateDone finished, Action? after = null) => RunAsync(async () =>
    {
        var result = await act();
        if (!result.Ok)
        {
            error = result.Error!.Explain(S, L);
            return;
        }

        (typed, asked, verdict, done) = ("", "", null, finished with { At = Clock.Now });
        await LoadInsideAsync();
        after?.Invoke();
    });

    private Task ExitAsync(InsideVisitor visitor) => RunAsync(async () =>
    {
        var result = await Service.ExitAsync(visitor.Id, user, default);
        if (!result.Ok)
        {
            error = result.Error!.Explain(S, L);
            return;
        }

            await LoadInsideAsync();
            Toasts.Show(
                L["v.done.out.line", visitor.Name, Formats.Time(TimeOnly.FromDateTime(Clock.Now))], Tone.Ok,
                undo: () => UndoAsync(visitor.Id));
        });

    private Task UndoAsync(long id) => RunAsync(async () =>
    {
        var result = await Service.UndoExitAsync(id, user, default);
        if (!result.Ok) error = result.Error!.Explain(S, L);
        await LoadInsideAsync();
    });

    private void OpenNew()
    {
        newStart = verdict is { Unit: { } unit, ApartmentId: { } apartment }
            ? new WalkInStart(apartment, unit, verdict.Visitor, verdict.Identification, verdict.Plate, verdict.VisitorKind)
            : new WalkInStart(
                null, null, asked.Any(char.IsAsciiDigit) ? null : asked, asked.Length >= 5 && asked.All(char.IsAsciiDigit) ? asked : null,
                null, VisitorKind.Guest);
        newOpen = true;
    }

    private Task OpenNewAsync()
    {
        OpenNew();
        return Task.CompletedTask;
    }

    private async Task EnteredAsync(string name)
    {
        (typed, asked, verdict, done) = ("", "", null, new GateDone(GateDoneKind.In, name, Clock.Now));
        await LoadInsideAsync();
        await box.FocusAsync();
    }

    /// <summary>One act at a time; a database that does not answer says so and loses nothing of what was typed.</summary>
    private async Task RunAsync(Func<Task> act)
    {
        if (busy) return;
        (busy, error) = (true, null);
        try
        {
            await act();
        }
        catch (Exception exception) when (Outages.Of(exception) is not null)
        {
            error = L["failed"];
        }
        finally
        {
            busy = false;
        }

        await box.FocusAsync();
    }
}

/// <summary>What the new-visit form begins with.</summary>
public sealed record WalkInStart(long? ApartmentId, string? Unit, string? Name, string? Document, string? Plate, VisitorKind Kind);

public enum GateDoneKind { In, Denied, Arrived }

/// <summary>What was just logged, shown until something else is typed.</summary>
public sealed record GateDone(GateDoneKind Kind, string Name, DateTime At = default);
