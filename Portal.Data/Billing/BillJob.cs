using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Data.Notifications;
using Portal.Data.Operations;
using Portal.Data.Payments;

namespace Portal.Data.Billing;

/// <summary>
/// Tells whoever answers for an apartment what a run charged it, how long there is to pay and what early payment takes off. Begun in the
/// write that posts the run; each is told once, however often the job begins anew.
/// </summary>
public sealed class BillJob(PortalStore store) : JobHandler<IReadOnlyList<long>>(JobKind)
{
    public static readonly JobKind<IReadOnlyList<long>> JobKind = new("bills");

    /// <summary>So many are written in one transaction.</summary>
    private const int Batch = 500;

    /// <param name="runs">What was posted together. One that was undone meanwhile tells nobody.</param>
    public override async Task RunAsync(IReadOnlyList<long> runs, CancellationToken ct)
    {
        foreach (var some in (await BillsAsync(runs, ct)).Chunk(Batch))
        {
            var told = await store.WriteAsync(CurrentUser.System, async (db, token) =>
            {
                await NotificationDraft.AddManyAsync(db, some, token);
                return Result.Done;
            }, ct);
            if (!told.Ok) throw new InvalidOperationException($"Bills could not be told: {told.Error!.Code}.");
        }
    }

    private async Task<List<(NotificationDraft, long, string)>> BillsAsync(IReadOnlyList<long> runs, CancellationToken ct)
    {
        await using var db = await store.OpenAsync(CurrentUser.System, ct);
        var charges = await db.Charges.AsNoTracking()
            .Where(c => runs.Contains(c.RunId!.Value) && c.Run!.Live == true && c.Status != ChargeState.Cancelled && c.Owner != null)
            .OrderBy(c => c.ApartmentId).ThenBy(c => c.Id)
            .Select(c => new { c.ApartmentId, Account = c.Owner!.UserId, c.Concept, c.Amount, c.DueOn, c.Discount, c.DiscountUntil })
            .ToListAsync(ct);
        return
        [
            .. charges.GroupBy(c => (c.ApartmentId, c.Account)).Select(bill =>
            {
                var (sum, due) = (bill.Sum(c => c.Amount), bill.Min(c => c.DueOn));
                var what = string.Join(", ", bill.Select(c => c.Concept));
                List<NotificationPart> about = [new(Text: what), new(Money: sum), new(Day: due)];
                var early = bill.Where(c => c.Discount > 0).ToList();
                if (early.Count > 0)
                    about.AddRange([new(Money: sum - early.Sum(c => c.Discount!.Value)), new(Day: early.Min(c => c.DiscountUntil))]);
                var text = string.Create(CultureInfo.GetCultureInfo("es-CO"), $"{what}: $ {sum:N0}, hasta el {due:d 'de' MMMM}");
                return (
                    new NotificationDraft(
                        early.Count > 0 ? "payment.billed_early" : "payment.billed", RecipientType.Owner, "Nuevo cobro", text,
                        $"/account/{bill.Key.ApartmentId}", about),
                    bill.Key.Account, $"bill:{runs[0]}:{bill.Key.ApartmentId}");
            }),
        ];
    }
}
