using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Data.Payments;
using Portal.Hosting.Identity;
using Portal.Resources;

namespace Portal.Areas.Payments;

public sealed partial class RecordPayment(
    PaymentService payments, PaymentDesk desk, BuildingClock clock, Dialogs dialogs, Me me, IStringLocalizer<PaymentsWords> L,
    IStringLocalizer<SharedWords> S)
{
    private PaymentForm form = new();
    private IReadOnlyList<MethodOption> methods = [];
    private IReadOnlyList<PaymentTwin> twins = [];
    private FormSummary? summary;
    private RecordingSheet? sheet;
    private Allocation? preview;
    private PaymentDetail? receipt;
    private bool saving;

    /// <summary>An apartment chosen where the link came from: <c>/payments/new?apartment=12</c>.</summary>
    [SupplyParameterFromQuery(Name = "apartment")] public string? ApartmentInQuery { get; set; }

    private long? Apartment => AddressValue.Id(ApartmentInQuery);

    protected override async Task OnInitializedAsync()
    {
        // First, so that nothing typed while the rest is fetched goes with an older form.
        Restart();
        methods = await payments.MethodsAsync(CancellationToken.None);
        if (Apartment is { } id && await payments.RecordingSheetAsync(id, await me.GetAsync(), CancellationToken.None) is { } found)
        {
            await ChooseAsync(
                new PickOption(
                    id, PaymentWording.Unit(found.Account.Tower, found.Account.Number)!,
                    found.Payers.Count > 0 ? found.Payers[0].Name : null)
            );
        }
    }

    private void Restart()
    {
        form = new PaymentForm { Date = clock.Today };
        (receipt, sheet, preview, twins) = (null, null, null, []);
    }

    private async Task<IReadOnlyList<PickOption>> FindAsync(string typed, CancellationToken ct) =>
        [
            .. (await payments.FindApartmentsAsync(typed, await me.GetAsync(ct), ct)).Select(a => new PickOption(
                a.Id, PaymentWording.Unit(a.Tower, a.Number)!, a.Owner)),
        ];

    private async Task ChooseAsync(PickOption? chosen)
    {
        (form.ApartmentId, form.NamedChargeId) = (chosen, null);
        sheet = chosen is null ? null : await payments.RecordingSheetAsync(chosen.Id, await me.GetAsync(), CancellationToken.None);
        form.PayerId = sheet is { Payers: [var first, ..] } ? first.OwnerId : null;
        Preview(form.Amount);
    }

    private Task PayAllAsync()
    {
        form.Amount = sheet?.Account.ToPay;
        Preview(form.Amount);
        return LookForTwinsAsync();
    }

    /// <summary>Shows how the sum would be applied with each key, before the field takes its value.</summary>
    private void Preview(decimal? amount) =>
        preview = sheet is not null && amount is > 0 and <= 9_999_999_999m
            ? sheet.Account.Preview(amount.Value, form.NamedChargeId, form.Date)
            : null;

    private async Task LookForTwinsAsync()
    {
        Preview(form.Amount);
        twins = form.Amount is > 0
            ? await payments.FindTwinsAsync(
                form.Amount.Value, form.Reference, form.ApartmentId?.Id, form.Date, await me.GetAsync(), CancellationToken.None)
            : [];
    }

    private async Task SaveAsync()
    {
        if (saving) return;
        saving = true;
        try
        {
            var user = await me.GetAsync();
            // Asked anew: the day may have been changed since, and somebody may have been quicker.
            await LookForTwinsAsync();
            if (twins.Count > 0 && !await dialogs.ConfirmAsync(
                new Confirmation(L["twins.ask"], L["twins.text"], L["twins.go"], Danger: false)))
                return;
            var result = await desk.RecordAsync(form.Input(clock.Today), user, CancellationToken.None);
            if (!result.Ok)
            {
                summary?.Show(PaymentForm.Told(result.Errors));
                return;
            }

            receipt = await payments.FindAsync(result.Value, user, CancellationToken.None);
        }
        finally
        {
            saving = false;
        }
    }
}
