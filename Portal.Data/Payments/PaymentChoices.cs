using Microsoft.EntityFrameworkCore;
using Portal.Data.Audit;

namespace Portal.Data.Payments;

/// <summary>What the filters and forms of payments offer.</summary>
public sealed class PaymentChoices : IDisposable
{
    public PaymentChoices(PortalStore store, LiveFeed feed, TimeProvider time) => Methods = new(feed, time, ["payment_methods"], async ct =>
    {
        await using var db = await store.OpenAsync(CurrentUser.System, ct);
        return await db.PaymentMethods.AsNoTracking().OrderBy(m => m.Id).Select(m => new MethodOption(m.Id, m.Name)).ToListAsync(ct);
    });

    internal RememberedList<IReadOnlyList<MethodOption>> Methods { get; }

    public void Dispose() => Methods.Dispose();
}
