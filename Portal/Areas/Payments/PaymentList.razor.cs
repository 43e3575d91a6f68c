using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Data.Payments;
using Portal.Hosting.Identity;
using Portal.Resources;

namespace Portal.Areas.Payments;

public sealed partial class PaymentList(
    PaymentService payments, PaymentDesk desk, PostponedActs acts, Me me, Toasts toasts, IStringLocalizer<PaymentsWords> L,
    IStringLocalizer<OnlineWords> O,
    IStringLocalizer<SharedWords> S)
{
    private DataList<PaymentRow>? list;
    private FilterOption[] states = [], kinds = [], methods = [];
    private PaymentPage? sums;
    private EndRequest? ending;
    private bool left;

    /// <summary>For which buttons are shown; each act asks again who it is.</summary>
    [Parameter, EditorRequired] public CurrentUser User { get; set; } = null!;

    protected override async Task OnInitializedAsync()
    {
        states =
        [
            .. new[]
            {
                PaymentState.Pending,
                PaymentState.Paid,
                PaymentState.Cancelled,
                PaymentState.Rejected,
                PaymentState.Refunded,
            }.Select(s => new FilterOption(s.ToString().ToLowerInvariant(), L.Chip(s).Text)),
        ];
        kinds = [.. Enum.GetValues<ChargeKind>().Select(k => new FilterOption(k.ToString().ToLowerInvariant(), L.Kind(k)))];
        methods =
        [
            .. (await payments.MethodsAsync(CancellationToken.None)).Select(m => new FilterOption($"{m.Id}", L.Method(m.Id, m.Name))),
        ];
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender) return;
        // The rows came over from the prerendering; their sums did not.
        if (sums is null && list is not null) await list.ReloadAsync();
    }

    private async Task<Page<PaymentRow>> LoadAsync(ListQuery query, CancellationToken ct)
    {
        sums = await payments.ListAsync(query, await me.GetAsync(ct), ct);
        return sums.Page;
    }

    private async Task ConfirmAsync(PaymentRow row)
    {
        var (user, name) = (await me.GetAsync(), PaymentWording.Named(row));
        acts.Begin(
            Key(row), L["confirm.waiting", name], () => desk.ConfirmAsync(row.Id, user, CancellationToken.None),
            result => ConfirmedAsync(result, name));
    }

    private async Task ConfirmedAsync(Result<ConfirmedPayment>? result, string name)
    {
        if (result is null) toasts.Show(L["confirm.taken_back", name], Tone.Info);
        else if (result.Ok) toasts.Show(L["confirm.done", name, result.Value.Receipt]);
        else toasts.Show(L["confirm.failed", name, result.Error!.Explain(S, L)], Tone.Bad);
        if (left) return;
        await InvokeAsync(StateHasChanged);
        if (list is not null) await list.RefreshAsync();
    }

    private static string Key(PaymentRow row) => $"payment.confirm.{row.Id}";

    private async Task EndedAsync(bool done)
    {
        ending = null;
        if (done && list is not null) await list.RefreshAsync();
    }

    public void Dispose() => left = true;
}
