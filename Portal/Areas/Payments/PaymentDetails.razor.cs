using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Data.Audit;
using Portal.Data.Payments;
using Portal.Hosting.Identity;
using Portal.Resources;

namespace Portal.Areas.Payments;

public sealed partial class PaymentDetails(
    PaymentService payments, PaymentDesk desk, Me me, Toasts toasts, NavigationManager nav,
    IStringLocalizer<PaymentsWords> L, IStringLocalizer<SharedWords> S)
{
    private CurrentUser user = CurrentUser.Nobody;
    private PaymentDetail? payment;
    private EndRequest? ending;
    private bool missing;

    [Parameter] public long Id { get; set; }

    protected override Task OnParametersSetAsync() => LoadAsync();

    private bool Concerns(Change change) => change.RecordId == Id || change.Table == "application_notes";

    private async Task LoadAsync()
    {
        user = await me.GetAsync();
        payment = await payments.FindAsync(Id, user, CancellationToken.None);
        missing = payment is null;
        if (missing) nav.NotFound();
    }

    private async Task ConfirmAsync()
    {
        var result = await desk.ConfirmAsync(Id, await me.GetAsync(), CancellationToken.None);
        if (result.Ok)
            toasts.Show(
                L["confirm.done", PaymentWording.Unit(payment?.Tower, payment?.Apartment) ?? payment?.Payer ?? "", result.Value.Receipt]
            );
        else
            toasts.Show(result.Error!.Explain(S, L), Tone.Bad);
        await LoadAsync();
    }

    private async Task EndedAsync(bool done)
    {
        ending = null;
        if (done) await LoadAsync();
    }
}
