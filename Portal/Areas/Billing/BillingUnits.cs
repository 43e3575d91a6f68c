using Portal.Components.Shared;
using Portal.Data.Billing;
using Portal.Hosting.Identity;

namespace Portal.Areas.Billing;

/// <summary>Apartments to choose from in the forms of billing.</summary>
public sealed class BillingUnits(ChargeDesk desk, Me me)
{
    public async Task<IReadOnlyList<PickOption>> FindAsync(string text, CancellationToken ct) =>
        [.. (await desk.UnitsAsync(text, await me.GetAsync(ct), ct)).Select(u => new PickOption(u.Id, $"{u.Tower} {u.Number}", u.Owner))];
}
