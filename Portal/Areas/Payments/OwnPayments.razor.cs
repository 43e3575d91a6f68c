using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Areas.OnlinePayments;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.OnlinePayments;
using Portal.Data.Payments;
using Portal.Hosting.Identity;
using Portal.Resources;

namespace Portal.Areas.Payments;

public sealed partial class OwnPayments(
    PaymentService payments, ApartmentAccounts accountsOf, OnlineService online, PayLink pay, Me me,
    IStringLocalizer<PaymentsWords> L,
    IStringLocalizer<OnlineWords> O)
{
    private IReadOnlyList<ApartmentAccount> accounts = [];
    private IReadOnlyList<OnlineRow> waiting = [];
    private ApartmentAccount? shown;
    private DataList<PaymentRow>? list;
    private bool loaded;

    private bool PaysOnline => pay.Online && User.Can(Permissions.PaymentsPayOwn);

    [Parameter, EditorRequired] public CurrentUser User { get; set; } = null!;

    /// <summary>Which of several apartments; also a filter of the list.</summary>
    [SupplyParameterFromQuery(Name = "apartment")] public string? ApartmentInQuery { get; set; }

    private long? Apartment => AddressValue.Id(ApartmentInQuery);

    protected override Task OnParametersSetAsync() => LoadAccountsAsync();

    private async Task LoadAccountsAsync()
    {
        accounts = await accountsOf.OwnAsync(await me.GetAsync(), CancellationToken.None);
        shown = accounts.FirstOrDefault(a => a.ApartmentId == Apartment) ?? accounts.FirstOrDefault();
        if (pay.Online) waiting = await online.OpenOwnAsync(await me.GetAsync(), CancellationToken.None);
        loaded = true;
    }

    private async Task<Page<PaymentRow>> LoadAsync(ListQuery query, CancellationToken ct) =>
        (await payments.ListAsync(query, await me.GetAsync(ct), ct)).Page;

    private async Task ReloadAsync()
    {
        await LoadAccountsAsync();
        if (list is not null) await list.ReloadAsync();
    }
}
