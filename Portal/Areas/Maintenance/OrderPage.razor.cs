using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Areas.Pqrs;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Maintenance;
using Portal.Hosting.Identity;
using Portal.Resources;

namespace Portal.Areas.Maintenance;

/// <summary>A work order with all that hangs on it, and what its reader may do with it now.</summary>
public sealed partial class OrderPage(
    WorkOrderService orders, WorkOrderDesk desk, AssetService equipment, BuildingClock Clock, NavigationManager nav, Toasts toasts, Me me,
    IStringLocalizer<MaintenanceWords> L, IStringLocalizer<SharedWords> S)
{
    private static readonly string[] Tables =
        ["work_orders", "work_order_checks", "work_order_files", "work_order_quotes", "work_order_cases", "work_order_expenses"];

    private WorkOrderView? order;
    private IReadOnlyList<MaintenanceOption> towers = [];
    private FilePicker? picker;
    private Asked? asked;
    private Asked last;
    private string? refusal, line;

    // A field that linked something is drawn anew, and empty.
    private int picks;

    // A tick that was refused is drawn anew as it is: the browser has set it already.
    private int refusals;
    private bool edits, approves, does, money, cases, missing, editing, assigning, quoting, finishing, approving, adding;

    [Parameter] public long Id { get; set; }

    private bool Active => order is { State: not (WorkOrderState.Done or WorkOrderState.Accepted or WorkOrderState.Cancelled) };

    private bool Works => edits || (does && order?.Mine == true);

    private bool RatifyLate => order?.RatifyBy < Clock.Today;

    // Its words stay while it closes.
    private string Key => (asked ?? last) switch { Asked.Reject => "reject", Asked.Wait => "wait", Asked.SendBack => "back", _ => "cancel" };

    private string Verb => (asked ?? last) switch { Asked.Reject => "reject", Asked.Wait => "wait", Asked.SendBack => "send.back", _ => "order.cancel" };

    protected override async Task OnParametersSetAsync()
    {
        if (order?.Id == Id) return;

        // Nothing of the order that was here before goes with the next one.
        (refusal, line, asked) = (null, null, null);
        editing = assigning = quoting = finishing = approving = false;
        picks++;
        var user = await me.GetAsync();
        (edits, approves) = (user.Can(Permissions.MaintenanceEdit), user.Can(Permissions.MaintenanceApprove) && user.Can(Permissions.MaintenanceView));
        (does, money, cases) = (user.Can(Permissions.MaintenanceWorkOwn), user.Can(Permissions.ExpensesView), user.Can(Permissions.PqrsView));
        await ReadAsync();
        if (edits && !missing) towers = await equipment.TowersAsync(user, CancellationToken.None);
    }

    private async Task ReadAsync()
    {
        order = await orders.FindAsync(Id, await me.GetAsync(), CancellationToken.None);
        missing = order is null;
        if (missing) nav.NotFound();
    }

    private static string? Place(WorkOrderView o) =>
        string.Join(" · ", new[] { o.Tower, o.Input.Place }.OfType<string>()) is { Length: > 0 } place ? place : null;

    private static string? Who(WorkOrderView o) =>
        string.Join(" · ", new[] { o.Supplier, o.Worker }.OfType<string>()) is { Length: > 0 } who ? who : null;

    private async Task StartAsync() => await ToldAsync(await desk.StartAsync(Id, await me.GetAsync(), CancellationToken.None), "started.told");

    private async Task AcceptAsync() => await ToldAsync(await desk.AcceptAsync(Id, await me.GetAsync(), CancellationToken.None), "accepted.told");

    private async Task AskAsync(WorkOrderQuoteRow quote)
    {
        var result = await desk.AskAsync(Id, quote.Id, await me.GetAsync(), CancellationToken.None);
        await ToldAsync(result, result.Ok ? $"asked.told.{result.Value}" : "");
    }

    private async Task CheckAsync(WorkOrderCheckRow check, bool done) =>
        await ToldAsync(await desk.CheckAsync(Id, check.Id, done, await me.GetAsync(), CancellationToken.None), null);

    private async Task AddCheckAsync()
    {
        if (adding || string.IsNullOrWhiteSpace(line)) return;
        adding = true;
        try
        {
            var added = await desk.AddCheckAsync(Id, line, await me.GetAsync(), CancellationToken.None);
            if (added.Ok) line = null;
            await ToldAsync(added, null);
        }
        finally
        {
            adding = false;
        }
    }

    private async Task RemoveAsync(WorkOrderCheckRow check) =>
        await ToldAsync(await desk.RemoveCheckAsync(Id, check.Id, await me.GetAsync(), CancellationToken.None), null);

    private async Task RemoveAsync(WorkOrderFileRow file) =>
        await ToldAsync(await desk.RemoveFileAsync(Id, file.Id, await me.GetAsync(), CancellationToken.None), "file.removed");

    private async Task RemoveAsync(WorkOrderQuoteRow quote) =>
        await ToldAsync(await desk.RemoveQuoteAsync(Id, quote.Id, await me.GetAsync(), CancellationToken.None), "quote.removed");

    private async Task UploadAsync()
    {
        if (picker is not { Busy: false, Uploads: { Count: > 0 } uploads }) return;
        var added = await desk.AddFilesAsync(Id, [.. uploads], await me.GetAsync(), CancellationToken.None);
        if (added.Ok) picker.Clear();
        await ToldAsync(added, "files.saved");
    }

    private async Task<IReadOnlyList<PickOption>> CasesAsync(string text, CancellationToken ct) =>
        [.. (await orders.CasesAsync(text, await me.GetAsync(ct), ct)).Select(c => new PickOption(c.Id, c.Name))];

    private async Task CaseAsync(long pqrs, bool link)
    {
        if (link) picks++;
        await ToldAsync(await desk.LinkCaseAsync(Id, pqrs, link, await me.GetAsync(), CancellationToken.None), null);
    }

    private async Task<IReadOnlyList<PickOption>> BillsAsync(string text, CancellationToken ct) =>
        [.. (await orders.ExpensesAsync(Id, text, await me.GetAsync(ct), ct)).Select(b => new PickOption(
            b.ExpenseId, $"{b.Number ?? b.Invoice} · {Formats.Money(b.Amount)}", $"{b.Supplier} · {Formats.ShortDate(b.InvoicedOn)}"))];

    private async Task BillAsync(PickOption? option)
    {
        if (option is null) return;
        picks++;
        await ToldAsync(await desk.LinkBillAsync(Id, option.Id, await me.GetAsync(), CancellationToken.None), "bill.saved");
    }

    private async Task UnlinkAsync(WorkOrderBill bill) =>
        await ToldAsync(await desk.UnlinkBillAsync(Id, bill.ExpenseId, await me.GetAsync(), CancellationToken.None), "bill.removed");

    private async Task<Result> DoAsync(string? reason)
    {
        var user = await me.GetAsync();
        last = asked!.Value;
        var done = last switch
        {
            Asked.Reject => await desk.RejectAsync(Id, reason, user, CancellationToken.None),
            Asked.Wait => await desk.WaitAsync(Id, reason, user, CancellationToken.None),
            Asked.SendBack => await desk.SendBackAsync(Id, reason, user, CancellationToken.None),
            _ => await desk.CancelAsync(Id, reason, user, CancellationToken.None),
        };
        if (done.Ok) await ClosedAsync(true, $"{Key}.told");
        return done;
    }

    private async Task ClosedAsync(bool done, string told)
    {
        asked = null;
        assigning = quoting = finishing = approving = false;
        if (!done) return;
        refusal = null;
        toasts.Show(L[told], Tone.Ok);
        await ReadAsync();
    }

    /// <param name="told">Nothing is told of what is seen at once.</param>
    private async Task ToldAsync(Result done, string? told)
    {
        refusal = done.Ok ? null : done.Error!.Explain(S, L);
        if (!done.Ok) refusals++;
        if (done.Ok && told is not null) toasts.Show(L[told], Tone.Ok);
        await ReadAsync();
    }

    private enum Asked { Cancel, Reject, Wait, SendBack }
}
