using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Portal.Data.Access;
using Portal.Data.Facilities;
using Portal.Data.Notifications;
using Portal.Data.Payments;

namespace Portal.Data.OnlinePayments;

/// <summary>What the gateway is answered when it tells something.</summary>
public enum EventAnswer
{
    /// <summary>It is written down; it need not say it again.</summary>
    Taken,

    /// <summary>It is not the gateway's.</summary>
    NotSigned,

    /// <summary>It could not be written down now: say it again.</summary>
    Later,
}

/// <summary>A payment that was begun, and where it is paid.</summary>
public sealed record StartedOnline(string Code, string PayAddress);

/// <summary>
/// Payments over a gateway: begins them, and does what the gateway says of them, once each. What it says comes as events and by asking;
/// both end in one place, under the lock of the apartment.
/// </summary>
public sealed class OnlineDesk(
    PortalStore store, BuildingClock clock, PaymentDesk payments, IEnumerable<IPaymentProvider> providers, ILogger<OnlineDesk> logger)
{
    private readonly IPaymentProvider? _provider = providers.FirstOrDefault();

    /// <summary>Whether the building has a gateway.</summary>
    public bool Offered => _provider is not null;

    /// <summary>
    /// Begins to pay for an apartment of the person's own. Needs <see cref="Permissions.PaymentsPayOwn"/>.
    /// </summary>
    /// <param name="returnTo">The portal's own address as the person knows it: they come back to <c>payments/online/{code}</c> of
    /// it.</param>
    /// <returns>Refusals: <c>online.off</c>, <c>online.away</c> where the gateway does not answer (nothing was paid then),
    /// <c>payment.amount</c> and its kin.</returns>
    public async Task<Result<StartedOnline>> StartAsync(
        long apartmentId, decimal amount, string title, Uri returnTo, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.PaymentsPayOwn)) return Error.Forbidden;
        if (!user.OwnedApartmentIds.Contains(apartmentId)) return Error.NotFound;
        if (_provider is null) return new Error("online.off");
        var begun = await store.WriteAsync<OnlinePayment>(user, async (db, token) =>
        {
            if (PaymentRules.CheckAmount(nameof(OnlinePayment.Amount), amount) is { } wrong) return wrong;
            var payers = await PaymentRules.PayersAsync(db, apartmentId, token);
            if (payers.FirstOrDefault(p => user.OwnerIds.Contains(p.OwnerId)) is not { } payer) return Error.NotFound;
            if (!await ApartmentLedger.LockAsync(db, apartmentId, token)) return Error.NotFound;
            var started = OnlinePayment.Start(_provider.Name, apartmentId, payer.OwnerId, amount, user.AccountId, clock.UtcNow);
            db.OnlinePayments.Add(started);
            await HeldBookings.KeepAsync(db, apartmentId, amount, started.ExpiresAt!.Value, clock, token);
            await db.SaveChangesAsync(token);
            return started;
        }, ct);
        if (!begun.Ok) return Result<StartedOnline>.Refused(begun);
        var code = begun.Value.Code;
        var order = new ProviderOrder(
            code, amount, title, new Uri(returnTo, $"payments/online/{code}").ToString(), begun.Value.ExpiresAt!.Value);

        // Where it is away it may have begun there all the same. Nobody was sent to pay it, and it is asked for until its time is over.
        var answer = await AnswerAsync(() => _provider.StartAsync(order, ct), code);
        if (!answer.Ok) return Result<StartedOnline>.Refused(answer);
        var there = answer.Value;
        var known = await store.WriteAsync(user, async (db, token) =>
        {
            (await db.OnlinePayments.Where(p => p.Code == code).ForUpdate().SingleAsync(token)).Known(there);
            return Result.Done;
        }, ct);
        return known.Ok ? new StartedOnline(code, there.PayAddress) : Result<StartedOnline>.Refused(known);
    }

    /// <summary>Does what the gateway tells, where it is the gateway that tells it.</summary>
    /// <param name="body">As it came.</param>
    /// <param name="signature">As its header says.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<EventAnswer> ReceiveAsync(ReadOnlyMemory<byte> body, string? signature, CancellationToken ct)
    {
        if (_provider is null || !_provider.TryRead(body, signature, out var message) || message is null) return EventAnswer.NotSigned;
        var done = message switch
        {
            { Report: { } report } => await HearAsync(message.Id, report, ct),
            { Settlement: { } settlement } => await SettleAsync(message.Id, settlement, ct),
            _ => Result.Done,
        };
        if (done.Ok || done.Error!.Code.StartsWith("duplicate.", StringComparison.Ordinal)) return EventAnswer.Taken;
        logger.LogWarning("Event {Event} of the payment gateway could not be taken: {Code}", message.Id, done.Error!.Code);
        return EventAnswer.Later;
    }

    /// <summary>Asks the gateway how a payment in reach stands, where that is still open.</summary>
    /// <returns>Refusals: <c>not_found</c>, <c>online.away</c>.</returns>
    public async Task<Result> RefreshAsync(string code, CurrentUser user, CancellationToken ct)
    {
        await using var db = await store.OpenAsync(user, ct);
        if (await db.OnlinePayments.AsNoTracking().VisibleTo(user).SingleOrDefaultAsync(p => p.Code == code, ct) is not { } payment)
            return Error.NotFound;
        return payment.Open ? await AskAsync(payment, ct) : Result.Done;
    }

    /// <summary>
    /// Asks the gateway about what is open, where it has said nothing for a while: of the first day every few minutes, later by the hour.
    /// </summary>
    /// <returns>How many were asked for.</returns>
    internal async Task<int> AskAllAsync(CancellationToken ct)
    {
        if (_provider is null) return 0;
        var now = clock.UtcNow;
        var (soon, hour, day) = (now.AddMinutes(-2), now.AddHours(-1), now.AddDays(-1));
        await using var db = await store.OpenAsync(CurrentUser.System, ct);
        var open = await db.OnlinePayments.AsNoTracking()
            .Where(p => (p.State == OnlineState.Started || p.State == OnlineState.Pending) && p.Provider == _provider.Name
                && (p.AskedAt ?? p.CreatedAt) < (p.CreatedAt > day ? soon : hour))
            .OrderBy(p => p.AskedAt ?? p.CreatedAt).ThenBy(p => p.Id).Take(200).ToListAsync(ct);
        foreach (var payment in open)
        {
            // Where it is away for one it is away for all: the next run goes on.
            if (await AskAsync(payment, ct) is { Ok: false, Error.Code: "online.away" }) break;
        }

        return open.Count;
    }

    /// <summary>
    /// Takes what came as it came, although it is not what was asked for: a payment of that amount, with its receipt. Needs
    /// <see cref="Permissions.PaymentsConfirm"/>.
    /// </summary>
    /// <returns>The receipt. Refusals: <c>online.not_review</c>; <c>online.currency</c>, which can only be given back.</returns>
    public Task<Result<ConfirmedPayment>> AcceptAsync(long id, CurrentUser user, CancellationToken ct) =>
        store.WriteAsync<ConfirmedPayment>(user, async (db, token) =>
        {
            if (!user.Can(Permissions.PaymentsConfirm)) return Error.Forbidden;
            if (await LockAsync(db, db.OnlinePayments.Where(p => p.Id == id), token) is not { } payment) return Error.NotFound;
            if (payment.Accept(clock.UtcNow) is { Ok: false } refused) return Result<ConfirmedPayment>.Refused(refused);
            var last = await db.OnlineEvents.Where(e => e.OnlinePaymentId == id && e.Kind == EventKind.Approved)
                .OrderByDescending(e => e.Id).Select(e => e.HappenedAt).FirstOrDefaultAsync(token);
            return await payments.TakeOnlineAsync(db, payment, null, last ?? clock.UtcNow, user, token);
        }, ct);

    /// <summary>
    /// Asks the gateway to give a payment back. Its receipt is voided when the gateway says that it did. Needs
    /// <see cref="Permissions.PaymentsVoid"/>.
    /// </summary>
    /// <returns>Refusals: <c>online.not_paid</c>, <c>online.away</c>, <c>online.no_refund</c>;
    /// <c>payment.refunded</c> where credit of it was given back already.</returns>
    public async Task<Result> RefundAsync(long id, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.PaymentsVoid)) return Error.Forbidden;
        if (_provider is null) return new Error("online.off");
        await using var db = await store.OpenAsync(user, ct);
        var found = await db.OnlinePayments.AsNoTracking().Where(p => p.Id == id)
            .Select(p => new
            {
                Payment = p,
                Refunded = db.Payments.Where(x => x.OnlinePaymentId == p.Id).Select(x => x.Refunded).FirstOrDefault(),
            })
            .SingleOrDefaultAsync(ct);
        if (found is null) return Error.NotFound;
        if (found.Payment.State is not (OnlineState.Approved or OnlineState.Review)) return new Error("online.not_paid");
        if (found.Refunded > 0) return new Error("payment.refunded");
        var taken = await AnswerAsync(() => _provider.RefundAsync(found.Payment.Code, ct), found.Payment.Code);
        if (!taken.Ok) return taken;
        if (!taken.Value) return new Error("online.no_refund");
        return await AskAsync(found.Payment, ct);
    }

    /// <summary>What the gateway answers; that it is away is a refusal.</summary>
    private async Task<Result<T>> AnswerAsync<T>(Func<Task<T>> ask, string code)
    {
        try
        {
            return await ask();
        }
        catch (ProviderAwayException away)
        {
            logger.LogWarning(away, "The payment gateway did not answer about {Code}", code);
            return new Error("online.away");
        }
    }

    private async Task<Result> AskAsync(OnlinePayment payment, CancellationToken ct)
    {
        if (_provider is null || _provider.Name != payment.Provider) return new Error("online.off");
        var answer = await AnswerAsync(() => _provider.FetchAsync(payment.Code, ct), payment.Code);
        if (!answer.Ok) return answer;
        if (answer.Value is { } report) return await HearAsync($"asked:{payment.Code}:{report.State}", report, ct, asked: true);
        return await store.WriteAsync(CurrentUser.System, async (db, token) =>
        {
            if (await LockAsync(db, db.OnlinePayments.Where(p => p.Id == payment.Id), token) is not { } now) return Error.NotFound;
            now.Asked(clock.UtcNow);
            now.GiveUp(clock.UtcNow);
            return Result.Done;
        }, ct);
    }

    /// <summary>What an event says and what it does are one transaction: neither is there without the other.</summary>
    /// <param name="asked">We asked: what changes nothing is not written down.</param>
    private Task<Result> HearAsync(string eventId, ProviderReport report, CancellationToken ct, bool asked = false) =>
        store.WriteAsync(CurrentUser.System, async (db, token) =>
        {
            var provider = _provider!.Name;
            var payment = await LockAsync(db, db.OnlinePayments.Where(p => p.Code == report.Code && p.Provider == provider), token);
            if (asked) payment?.Asked(clock.UtcNow);
            else if (await db.OnlineEvents.AnyAsync(e => e.Provider == provider && e.EventId == eventId, token)) return Result.Done;
            var outcome = payment?.Hear(report, clock.UtcNow) ?? EventOutcome.Unknown;
            if (asked && outcome == EventOutcome.Stale)
            {
                payment!.GiveUp(clock.UtcNow);
                return Result.Done;
            }

            db.OnlineEvents.Add(new OnlineEvent
            {
                Provider = provider, EventId = eventId, OnlinePayment = payment, Kind = KindOf(report.State), Amount = report.Amount,
                Outcome = outcome, HappenedAt = report.At,
            });
            if (payment is null) return Result.Done;
            await db.SaveChangesAsync(token);
            return (payment.State, outcome) switch
            {
                (OnlineState.Approved, EventOutcome.Applied) =>
                    await payments.TakeOnlineAsync(db, payment, report.Transaction, report.At, CurrentUser.System, token),
                (OnlineState.Refunded, EventOutcome.Applied) => await TakeBackAsync(db, payment, token),
                (_, EventOutcome.Review) => await AlarmAsync(db, payment, token),
                _ => Result.Done,
            };
        }, ct);

    private async Task<Result> TakeBackAsync(PortalDb db, OnlinePayment payment, CancellationToken ct)
    {
        var receipt = await db.Payments.Where(p => p.OnlinePaymentId == payment.Id)
            .Select(p => new { p.Id, p.StatusId, p.Refunded }).SingleOrDefaultAsync(ct);
        if (receipt is null || receipt.StatusId != PaymentState.Paid) return Result.Done;

        // Part of it left the bank as a refund, and now the gateway gave the whole back: somebody has to look.
        if (receipt.Refunded > 0) return await AlarmAsync(db, payment, ct);
        return await payments.VoidInAsync(db, receipt.Id, "Devuelto por la pasarela de pagos", new VoidTerms(), CurrentUser.System, ct);
    }

    private async Task<Result> SettleAsync(string eventId, ProviderSettlement paid, CancellationToken ct) =>
        await store.WriteAsync(CurrentUser.System, async (db, token) =>
        {
            var provider = _provider!.Name;
            if (await db.OnlineEvents.AnyAsync(e => e.Provider == provider && e.EventId == eventId, token)) return Result.Done;
            var known = await db.OnlineSettlements.AnyAsync(s => s.Provider == provider && s.SettlementId == paid.Id, token);
            db.OnlineEvents.Add(new OnlineEvent
            {
                Provider = provider, EventId = eventId, Kind = EventKind.Settled, Amount = paid.Amount - paid.Fee,
                Outcome = known ? EventOutcome.Stale : EventOutcome.Applied, HappenedAt = clock.UtcNow,
            });
            if (!known)
            {
                db.OnlineSettlements.Add(new OnlineSettlement
                {
                    Provider = provider, SettlementId = paid.Id, Amount = paid.Amount, Fee = paid.Fee, PaidOn = paid.PaidOn,
                });
            }

            return Result.Done;
        }, ct);

    /// <summary>Tells whoever may decide, once.</summary>
    private static async Task<Result> AlarmAsync(PortalDb db, OnlinePayment payment, CancellationToken ct)
    {
        var office = await db.UsersWith(Permissions.PaymentsConfirm).Select(u => u.Id).ToListAsync(ct);
        var draft = new NotificationDraft(
            "online.review", RecipientType.User, "Pago en línea por revisar", $"{payment.Received ?? payment.Amount:0}",
            $"/payments/online/{payment.Code}", [new(Money: payment.Amount), new(Money: payment.Received ?? payment.Amount)]);
        await draft.AddAsync(db, office, ct, $"online:{payment.Id}");
        return Result.Done;
    }

    /// <summary>The apartment first, as everywhere that money of one moves (decision 050).</summary>
    private static async Task<OnlinePayment?> LockAsync(PortalDb db, IQueryable<OnlinePayment> one, CancellationToken ct)
    {
        if (await one.Select(p => (long?)p.ApartmentId).SingleOrDefaultAsync(ct) is not { } apartment) return null;
        await ApartmentLedger.LockAsync(db, apartment, ct);
        return await one.ForUpdate().SingleAsync(ct);
    }

    private static EventKind KindOf(OnlineState state) => state switch
    {
        OnlineState.Started => EventKind.Created,
        OnlineState.Pending => EventKind.Pending,
        OnlineState.Approved => EventKind.Approved,
        OnlineState.Declined => EventKind.Declined,
        OnlineState.Expired => EventKind.Expired,
        OnlineState.Refunded => EventKind.Refunded,
        _ => throw new InvalidOperationException($"A gateway does not say {state}."),
    };
}
