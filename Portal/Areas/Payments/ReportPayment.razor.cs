using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Areas.Pqrs;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Data.Payments;
using Portal.Hosting.Identity;
using Portal.Resources;

namespace Portal.Areas.Payments;

public sealed partial class ReportPayment(
    PaymentService payments, PaymentDesk desk, ApartmentAccounts accountsOf, BuildingClock clock, Me me, Dialogs dialogs,
    IStringLocalizer<PaymentsWords> L,
    IStringLocalizer<SharedWords> S)
{
    private readonly PaymentForm form = new();
    private IReadOnlyList<ApartmentAccount> accounts = [];
    private IReadOnlyList<MethodOption> methods = [];
    private IReadOnlyList<PaymentTwin> twins = [];
    private FormSummary? summary;
    private FilePicker? picker;
    private PaymentDetail? reported;
    private bool loaded, saving;

    /// <summary>Which of several apartments is paid for.</summary>
    [SupplyParameterFromQuery(Name = "apartment")] public string? ApartmentInQuery { get; set; }

    private long? Apartment => AddressValue.Id(ApartmentInQuery);

    /// <summary>What is paid, where the link knows: a booking that waits for its payment.</summary>
    [SupplyParameterFromQuery(Name = "amount")] public string? AmountInQuery { get; set; }

    private decimal? Amount => AddressValue.Money(AmountInQuery);

    private ApartmentAccount? Account => accounts.FirstOrDefault(a => a.ApartmentId == form.ApartmentId?.Id);

    protected override async Task OnInitializedAsync()
    {
        // Before anything is waited for: what somebody types meanwhile stays.
        (form.Date, form.Amount) = (clock.Today, Amount is > 0 ? Amount : null);
        methods = await payments.MethodsAsync(CancellationToken.None);
        accounts = await accountsOf.OwnAsync(await me.GetAsync(), CancellationToken.None);
        loaded = true;
        Choose(accounts.FirstOrDefault(a => a.ApartmentId == Apartment) ?? accounts.FirstOrDefault());
    }

    private Task ChooseAsync(ChangeEventArgs change)
    {
        Choose(accounts.FirstOrDefault(a => a.ApartmentId.ToString(CultureInfo.InvariantCulture) == change.Value?.ToString()));
        return LookForTwinsAsync();
    }

    private void Choose(ApartmentAccount? account)
    {
        form.NamedChargeId = null;
        form.ApartmentId = account is null
            ? null
            : new PickOption(account.ApartmentId, PaymentWording.Unit(account.Tower, account.Number)!, null);
    }

    private Task PayAllAsync()
    {
        form.Amount = Account?.ToReport;
        return LookForTwinsAsync();
    }

    private async Task LookForTwinsAsync() => twins = form.Amount is > 0
        ? await payments.FindTwinsAsync(
                form.Amount.Value, form.Reference, form.ApartmentId?.Id, form.Date, await me.GetAsync(), CancellationToken.None)
        : [];

    private async Task SaveAsync()
    {
        if (saving) return;
        saving = true;
        try
        {
            var user = await me.GetAsync();
            var input = form.Input(clock.Today) with { Proofs = [.. (picker?.Uploads ?? []).Select(u => new ProofUpload(u.Name, u.Content))] };
            if (await payments.FindSameProofAsync(input.Proofs, user, CancellationToken.None) is { Count: > 0 } same)
            {
                twins = [.. same.UnionBy(twins, t => t.Id)];
                StateHasChanged();
                var sure = new Confirmation(L["proof.same.title"], L["proof.same.text"], L["proof.same.go"], Danger: false);
                if (!await dialogs.ConfirmAsync(sure)) return;
            }

            var result = await desk.ReportAsync(input, user, CancellationToken.None);
            if (!result.Ok)
            {
                summary?.Show(PaymentForm.Told(result.Errors));
                return;
            }

            reported = await payments.FindAsync(result.Value, user, CancellationToken.None);
        }
        finally
        {
            saving = false;
        }
    }
}
