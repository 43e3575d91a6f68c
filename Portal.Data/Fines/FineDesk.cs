using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Billing;
using Portal.Data.Notifications;
using Portal.Data.Operations;
using Portal.Data.Payments;

namespace Portal.Data.Fines;

/// <summary>
/// Takes fines through their steps (Ley 675 of 2001, arts. 59 to 62). Each is one transaction under the lock of the apartment, so that of
/// two who act at once the second hears where it stands.
/// </summary>
/// <remarks>Refusals of every step: <c>fine.not_now</c> with the state in which it is.</remarks>
public sealed class FineDesk(PortalStore store, BuildingClock clock)
{
    /// <summary>The series of numbers.</summary>
    public const string Series = "MU";

    public const int LongestRule = 200, LongestWords = 2_000, LongestAct = 100;

    /// <summary>Days within which a fine is to be paid.</summary>
    public const int DaysToPay = 30;

    /// <summary>Asks for a fine; the owner is told what for and until when they may answer. Needs <see cref="Permissions.FinesEdit"/>.</summary>
    /// <returns>Refused: <c>fine.day</c> where it happened after today or more than two years ago.</returns>
    public Task<Result<long>> RequestAsync(FineInput input, CurrentUser user, CancellationToken ct) =>
        store.WriteAsync<long>(
            user,
            async (db, token) =>
            {
                if (!user.Can(Permissions.FinesEdit)) return Error.Forbidden;
                var errors = new List<Error>();
                if (input.ApartmentId <= 0) errors.Add(Error.Required(nameof(input.ApartmentId)));
                Check(errors, nameof(input.Rule), input.Rule, LongestRule);
                Check(errors, nameof(input.Facts), input.Facts, LongestWords);
                if (input.Person?.Trim().Length > LongestRule) errors.Add(Error.TooLong(nameof(input.Person), LongestRule));
                var today = clock.Today;
                if (input.HappenedOn > today || input.HappenedOn < today.AddYears(-2))
                    errors.Add(new Error("fine.day", nameof(input.HappenedOn), today.AddYears(-2), today));
                if (errors.Count > 0) return errors;
                if (!await ApartmentLedger.LockAsync(db, input.ApartmentId, token)) return Error.NotFound;
                var owner = await db.Apartments.Where(a => a.Id == input.ApartmentId)
                    .Select(a => a.Owner == null ? null : new { a.Owner.Id, a.Owner.UserId }).SingleAsync(token);
                var settings = await BuildingSettings.ReadAsync(db, "fine_", token);
                var fine = Fine.Request(
                    input, owner?.Id, await Numbering.NextAsync(db, Series, today.Year, token), today, settings.FineAnswerDays,
                    user.AccountId);
                db.Fines.Add(fine);
                await db.SaveChangesAsync(token);
                await TellAsync(db, fine, "payment.fine_requested", "Proceso por multa", fine.AnswerUntil, user, token);
                return fine.Id;
            },
            ct
        );

    /// <summary>
    /// Writes down what the accused says: the office by <see cref="Permissions.FinesEdit"/>, or they themselves while their time runs. The
    /// office alone may go on without an answer, once the time is over.
    /// </summary>
    /// <returns>Refused: <c>fine.still_to_answer</c>, <c>fine.too_late</c>.</returns>
    public Task<Result> HearAsync(long id, string? statement, CurrentUser user, CancellationToken ct) => StepAsync(
        id, user, own: true,
        (_, fine, office) =>
        {
            var errors = new List<Error>();
            if (!office || statement is not null) Check(errors, "Words", statement, LongestWords);
            if (errors.Count > 0) return Task.FromResult<Result>(errors);
            if (!office && fine.State == FineState.Requested && clock.Today > fine.AnswerUntil)
                return Task.FromResult<Result>(new Error("fine.too_late", null, fine.AnswerUntil));
            return Task.FromResult(fine.Hear(statement?.Trim(), clock.Today, user.AccountId));
        },
        ct);

    /// <summary>Writes down what assembly or council decided.</summary>
    /// <param name="amount">Whole pesos; null where the accused was absolved.</param>
    /// <returns>Refused: <c>fine.over_each</c>, <c>fine.over_all</c> with the most it may be; <c>fine.no_expenses</c> where the apartment
    /// has no monthly fee to measure it by.</returns>
    public Task<Result> DecideAsync(long id, decimal? amount, FineDecision decision, CurrentUser user, CancellationToken ct) => StepAsync(
        id, user, own: false,
        async (db, fine, _) =>
        {
            var errors = CheckDecision(decision, body: true);
            if (amount is { } sum && PaymentRules.CheckAmount("Amount", sum) is { } wrong) errors.Add(wrong);
            if (errors.Count > 0) return errors;
            if (amount is not { } decided) return fine.Absolve(decision, clock.Today, user.AccountId);
            return fine.State == FineState.Heard && await OverAsync(db, fine, decided, decision.On, ct) is { } over
                ? over
                : fine.Decide(decision, decided, clock.Today, user.AccountId);
        },
        ct);

    /// <summary>The decision was told; the month to challenge it runs from that day. The portal tells the owner too.</summary>
    public Task<Result> NotifyAsync(long id, DateOnly on, string? how, CurrentUser user, CancellationToken ct) => StepAsync(
        id, user, own: false,
        async (db, fine, _) =>
        {
            var errors = new List<Error>();
            Check(errors, "Words", how, LongestWords);
            if (errors.Count > 0) return errors;
            if (fine.Notify(on, how!.Trim(), clock.Today, user.AccountId) is { Ok: false } refused) return refused;
            await TellAsync(db, fine, "payment.fine_decided", "Multa impuesta", fine.ChallengeUntil!.Value, user, ct);
            return Result.Done;
        },
        ct);

    /// <summary>The accused goes against it: written down by the office, or by themselves.</summary>
    /// <returns>Refused: <c>fine.too_late</c> with the day that was the last.</returns>
    public Task<Result> ChallengeAsync(long id, string? words, CurrentUser user, CancellationToken ct) => StepAsync(
        id, user, own: true,
        (_, fine, _) =>
        {
            var errors = new List<Error>();
            Check(errors, "Words", words, LongestWords);
            return Task.FromResult(errors.Count > 0 ? errors : fine.Challenge(words!.Trim(), clock.Today, user.AccountId));
        },
        ct);

    /// <summary>The challenge was decided.</summary>
    public Task<Result> SettleAsync(long id, bool stands, FineDecision decision, CurrentUser user, CancellationToken ct) => StepAsync(
        id, user, own: false,
        (_, fine, _) => Task.FromResult(
            CheckDecision(decision, body: false) is { Count: > 0 } errors
                ? errors
                : fine.Settle(stands, decision, clock.Today, user.AccountId)),
        ct);

    /// <summary>
    /// Puts it on the apartment's account, due in <see cref="DaysToPay"/> days; it bears no interest. Possible when its month is over or the
    /// challenge was decided. Credit of the apartment pays what it can.
    /// </summary>
    /// <returns>Refused: <c>fine.still_to_challenge</c> with the last day of that; the limits as <see cref="DecideAsync"/>.</returns>
    public Task<Result> ChargeAsync(long id, CurrentUser user, CancellationToken ct) => StepAsync(
        id, user, own: false,
        async (db, fine, _) =>
        {
            var today = clock.Today;
            if (fine.WhyNotCharged(today) is { } early) return early;
            if (await OverAsync(db, fine, fine.Amount!.Value, today, ct) is { } over) return over;
            var concept = await db.Concepts.Where(c => c.Kind == ChargeKind.Fine).OrderByDescending(c => c.Active).ThenBy(c => c.Id)
                .FirstAsync(ct);
            var charge = new Charge
            {
                ApartmentId = fine.ApartmentId,
                OwnerId = await db.Apartments.Where(a => a.Id == fine.ApartmentId).Select(a => a.OwnerId).SingleAsync(ct),
                Kind = ChargeKind.Fine,
                Concept = $"{concept.Name} {fine.Number}",
                Detail = fine.Rule,
                Number = fine.Number,
                Amount = fine.Amount.Value,
                IssuedOn = today,
                DueOn = today.AddDays(DaysToPay),
                Of = concept,
            };
            db.Charges.Add(charge);
            if (fine.ChargeWith(charge, today, user.AccountId) is { Ok: false } refused) return refused;
            await db.SaveChangesAsync(ct);
            await ApartmentLedger.UseCreditAsync(db, fine.ApartmentId, clock, ct);
            await TellAsync(db, fine, "payment.fine_charged", "Multa cobrada", charge.DueOn, user, ct);
            return Result.Done;
        },
        ct);

    /// <summary>Gives it up before it is charged, with a reason.</summary>
    public Task<Result> DropAsync(long id, string? reason, CurrentUser user, CancellationToken ct) => StepAsync(
        id, user, own: false,
        (_, fine, _) =>
        {
            var errors = new List<Error>();
            Check(errors, "Words", reason, LongestWords);
            return Task.FromResult(errors.Count > 0 ? errors : fine.Drop(reason!.Trim(), clock.Today, user.AccountId));
        },
        ct);

    /// <summary>Takes a charged fine back by a decision. What was paid of it is the apartment's credit again.</summary>
    public Task<Result> AnnulAsync(long id, FineDecision decision, CurrentUser user, CancellationToken ct) => StepAsync(
        id, user, own: false,
        async (db, fine, _) =>
        {
            if (CheckDecision(decision, body: false) is { Count: > 0 } errors) return errors;
            if (fine.Annul(decision, clock.Today, user.AccountId) is { Ok: false } refused) return refused;
            var charge = await db.Charges.Where(c => c.Id == fine.ChargeId).ForUpdate().SingleAsync(ct);
            await ApartmentLedger.WithdrawAsync(db, [charge], ct);
            await db.SaveChangesAsync(ct);
            await ApartmentLedger.UseCreditAsync(db, fine.ApartmentId, clock, ct);
            return Result.Done;
        },
        ct);

    /// <param name="own">Whether the accused may take it themselves.</param>
    private Task<Result> StepAsync(
        long id, CurrentUser user, bool own, Func<PortalDb, Fine, bool, Task<Result>> step, CancellationToken ct) =>
        store.WriteAsync(
            user,
            async (db, token) =>
            {
                var apartment = await FineService.VisibleTo(db.Fines, user).Where(f => f.Id == id).Select(f => (long?)f.ApartmentId)
                    .SingleOrDefaultAsync(token);
                if (apartment is not { } known) return Error.NotFound;
                var office = user.Can(Permissions.FinesEdit);
                if (!office && !(own && FineService.IsOwn(user, known))) return Error.Forbidden;
                await ApartmentLedger.LockAsync(db, known, token);
                var fine = await db.Fines.Where(f => f.Id == id).ForUpdate().SingleAsync(token);
                await db.FineSteps.Where(s => s.FineId == id).OrderBy(s => s.Id).LoadAsync(token);
                return await step(db, fine, office);
            },
            ct
        );

    private static async Task<Error?> OverAsync(PortalDb db, Fine fine, decimal amount, DateOnly day, CancellationToken ct)
    {
        var limits = await FineService.LimitsAsync(db, fine.ApartmentId, day, fine.Id, ct);
        return limits.Monthly <= 0 ? new Error("fine.no_expenses")
            : amount > limits.Each ? new Error("fine.over_each", "Amount", limits.Each)
            : amount > limits.Most ? new Error("fine.over_all", "Amount", limits.Most)
            : null;
    }

    private static void Check(List<Error> errors, string field, string? text, int longest)
    {
        if (string.IsNullOrWhiteSpace(text)) errors.Add(Error.Required(field));
        else if (text.Trim().Length > longest) errors.Add(Error.TooLong(field, longest));
    }

    private static List<Error> CheckDecision(FineDecision decision, bool body)
    {
        var errors = new List<Error>();
        if (body && decision.Body is null) errors.Add(Error.Required("Body"));
        Check(errors, "Act", decision.Act, LongestAct);
        if (decision.Words?.Trim().Length > LongestWords) errors.Add(Error.TooLong("Words", LongestWords));
        return errors;
    }

    private static async Task TellAsync(
        PortalDb db, Fine fine, string type, string title, DateOnly until, CurrentUser by, CancellationToken ct)
    {
        var account = await db.Owners.Where(o => o.Id == fine.OwnerId).Select(o => (long?)o.UserId).SingleOrDefaultAsync(ct);
        if (account is not { } told || told == by.AccountId) return;
        var amount = fine.Amount?.ToString("$ #,0", CultureInfo.GetCultureInfo("es-CO"));
        NotificationPart[] about =
        [
            new(Text: fine.Number), .. fine.Amount is { } sum ? [new NotificationPart(Money: sum)] : Array.Empty<NotificationPart>(),
            new(Day: until), new(Why: fine.Rule),
        ];
        var draft = new NotificationDraft(
            type, RecipientType.Owner, title, string.Join(" · ", new[] { fine.Number, amount, fine.Rule }.Where(part => part is not null)),
            $"/fines/{fine.Id}", about);
        await draft.AddAsync(db, [told], ct);
    }
}
