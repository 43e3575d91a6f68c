using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Areas.Payments;
using Portal.Components.Shared;
using Portal.Data.Access;
using Portal.Data.Collection;
using Portal.Hosting.Identity;
using Portal.Resources;

namespace Portal.Areas.Collection;

/// <summary>The debt of one apartment: what it owes by age, how far collecting has gone, and the agreement that ends it.</summary>
public sealed partial class CasePage(
    CollectionDesk desk, CertificateDesk papers, Me me, NavigationManager navigation, Toasts toasts, IStringLocalizer<CollectionWords> words,
    IStringLocalizer<PaymentsWords> payments, IStringLocalizer<DebtorWords> debtors)
{
    private CollectionCase? found;
    private IReadOnlyList<CertificateLink> certificates = [];
    private HashSet<long>? picked;
    private bool mayEdit, mayWaive, mayCertify, mayRecord, standing;
    private ActKind? asked;

    [Parameter] public long ApartmentId { get; set; }

    /// <summary>Carried from the prerendering into the circuit, and taken once: it comes again when the address changes.</summary>
    [PersistentState] public CollectionCase? Carried { get; set; }

    private IStringLocalizer<CollectionWords> L => words;
    private IStringLocalizer<PaymentsWords> P => payments;
    private IStringLocalizer<DebtorWords> D => debtors;

    /// <summary>What goes into the agreement: what is late, until somebody ticks otherwise.</summary>
    private HashSet<long> Picked => picked ??= [.. found!.Late.Select(l => l.ChargeId)];

    private bool Drafting => mayEdit && found is { Live: null, Lines.Count: > 0 };

    private List<DebtLine> Chosen => [.. found!.Lines.Where(l => !Drafting || Picked.Contains(l.ChargeId))];

    protected override async Task OnParametersSetAsync()
    {
        var user = await me.GetAsync();
        (mayEdit, mayWaive) = (user.Can(Permissions.CollectionEdit), user.Can(Permissions.BillingAdjust));
        (mayCertify, mayRecord) = (user.Can(Permissions.CollectionCertify), user.Can(Permissions.PaymentsRecord));
        if (found?.ApartmentId != ApartmentId) picked = null;
        if (found is null && Carried is { } carried && carried.ApartmentId == ApartmentId)
        {
            found = carried;
            certificates = await papers.OfApartmentAsync(ApartmentId, user, default);
        }
        else
        {
            await ReadAsync();
        }
    }

    private async Task ReadAsync()
    {
        var user = await me.GetAsync();
        var debt = await desk.FindAsync(ApartmentId, user, default);
        certificates = await papers.OfApartmentAsync(ApartmentId, user, default);
        Carried = found = debt;
        picked?.IntersectWith(debt?.Lines.Select(l => l.ChargeId) ?? []);
        if (debt is null) navigation.NotFound();
        StateHasChanged();
    }

    private void Pick(long charge)
    {
        if (!Picked.Remove(charge)) Picked.Add(charge);
    }

    private async Task SettleAsync()
    {
        var done = await desk.SettleAsync(ApartmentId, await me.GetAsync(), default);
        toasts.Show(done.Ok ? L["act.settle.done"].Value : CollectionErrors.Say(done.Errors[0], L), done.Ok ? Tone.Ok : Tone.Bad);
        await ReadAsync();
    }

    private async Task ClosedAsync(bool saved)
    {
        (asked, standing) = (null, false);
        if (saved) await ReadAsync();
    }

    private string Title(CollectionCase debt) =>
        debt.Owner is { } owner ? L["case.title", $"{debt.Tower} {debt.Number}", owner] : $"{debt.Tower} {debt.Number}";

    private string Concept(DebtLine line) => P.Concept(line.Kind, line.Period, line.Concept);

    private string Days(CollectionActRow act) =>
        act.DaysLate < 0 ? L["history.before", L["case.days", -act.DaysLate].Value] : L["stages.done", act.DaysLate];
}
