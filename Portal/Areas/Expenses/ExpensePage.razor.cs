using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Areas.Pqrs;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Expenses;
using Portal.Hosting.Identity;
using Portal.Resources;

namespace Portal.Areas.Expenses;

/// <summary>An expense with its papers and its history, and what may be done with it now.</summary>
public sealed partial class ExpensePage
{
    private bool edits, approves, pays, seesBooks, editing, paying;
    private Asked? asked;
    private Asked last;
    private long voided;
    private string? refusal;
    private FilePicker? picker;

    [Inject] private ExpenseService Expenses { get; set; } = null!;
    [Inject] private ExpenseDesk Desk { get; set; } = null!;
    [Inject] private BuildingClock Clock { get; set; } = null!;
    [Inject] private Toasts Toasts { get; set; } = null!;
    [Inject] private NavigationManager Nav { get; set; } = null!;
    [Inject] private Me Me { get; set; } = null!;
    [Inject] private IStringLocalizer<ExpensesWords> L { get; set; } = null!;
    [Inject] private IStringLocalizer<PaymentsWords> P { get; set; } = null!;
    [Inject] private IStringLocalizer<SharedWords> S { get; set; } = null!;

    [Parameter] public long Id { get; set; }

    /// <summary>Carried from the prerendering into the circuit, and taken once: it may have been approved since.</summary>
    [PersistentState] public ExpenseView? Carried { get; set; }

    private ExpenseView? View { get; set; }

    private string Title => View!.Number ?? L["invoice.of", View.Input.Invoice ?? ""];

    private bool Draft => View!.State is ExpenseState.Draft or ExpenseState.Returned;

    private bool MayVoid => View!.State switch
    {
        ExpenseState.Voided => false,
        ExpenseState.Approved or ExpenseState.Paid => approves && View.Paid == 0,
        _ => edits,
    };

    // Its words stay while it closes.
    private string Key => (asked ?? last) switch { Asked.Return => "return", Asked.Payment => "payment.void", _ => "void" };

    protected override async Task OnParametersSetAsync()
    {
        var user = await Me.GetAsync();
        (edits, approves, pays, seesBooks) = (
            user.Can(Permissions.ExpensesEdit), user.Can(Permissions.ExpensesApprove), user.Can(Permissions.ExpensesPay),
            user.Can(Permissions.LedgerView));
        if (View is null && Carried?.Id == Id) View = Carried;
        if (View?.Id != Id) Carried = View = await Expenses.FindAsync(Id, user, default);
        if (View is null) Nav.NotFound();
    }

    private async Task ReadAsync()
    {
        View = await Expenses.FindAsync(Id, await Me.GetAsync(), default) ?? View;
        StateHasChanged();
    }

    private async Task SendAsync() => await ToldAsync(await Desk.SendAsync(Id, await Me.GetAsync(), default), L["send.done"]);

    private async Task ApproveAsync()
    {
        var approved = await Desk.ApproveAsync(Id, View!.Amount, await Me.GetAsync(), default);
        await ToldAsync(approved, approved.Ok ? L["approve.done", approved.Value] : "");
    }

    private async Task ToldAsync(Result done, string words)
    {
        refusal = done.Ok ? null : done.Error!.Explain(S, L);
        if (done.Ok) Toasts.Show(words, Tone.Ok);
        await ReadAsync();
    }

    private void AskVoid(ExpensePaymentRow payment) => (voided, asked) = (payment.Id, Asked.Payment);

    private async Task<Result> EndAsync(string? reason)
    {
        var user = await Me.GetAsync();
        last = asked!.Value;
        var done = last switch
        {
            Asked.Return => await Desk.ReturnAsync(Id, reason, user, default),
            Asked.Payment => await Desk.VoidPaymentAsync(voided, reason, user, default),
            _ => await Desk.VoidAsync(Id, reason, user, default),
        };
        if (!done.Ok) return done;
        Toasts.Show(L[$"{Key}.done"], Tone.Ok);
        (asked, refusal) = (null, null);
        await ReadAsync();
        return done;
    }

    private async Task EditedAsync(long? saved)
    {
        editing = false;
        if (saved is not null) await ReadAsync();
    }

    private async Task PaidAsync(bool paid)
    {
        paying = false;
        await ReadAsync();
    }

    private async Task UploadAsync()
    {
        if (picker is not { Busy: false, Uploads: { Count: > 0 } uploads }) return;
        var added = await Desk.AddFilesAsync(
            Id, [.. uploads.Select(u => new ExpenseUpload(u.Name, u.Content))], await Me.GetAsync(), default);
        if (added.Ok) picker.Clear();
        await ToldAsync(added, L["files.saved"]);
    }

    private async Task RemoveAsync(ExpenseFileRow file) =>
        await ToldAsync(await Desk.RemoveFileAsync(file.Id, await Me.GetAsync(), default), L["file.removed", file.Name]);

    private enum Asked { Void, Return, Payment }
}
