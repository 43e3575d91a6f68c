using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Building;
using Portal.Data.Expenses;
using Portal.Data.Operations;
using Portal.Data.Payments;

namespace Portal.Data.Billing;

/// <summary>Charges the months of the building: posts a run once, whole or not at all, and undoes it while nothing hangs on it.</summary>
public sealed class BillingDesk(PortalStore store, BuildingClock clock)
{
    /// <summary>How many that stand in the way are named in a refusal.</summary>
    private const int MostNamed = 5;

    /// <summary>The most months behind which may still be charged.</summary>
    public const int OldestMonths = 12;

    private static readonly CultureInfo Books = CultureInfo.GetCultureInfo("es");

    /// <summary>
    /// Charges concepts for a month to every apartment in one transaction, and uses what the apartments have to their credit. Of two who
    /// post at once the second is told who was first. Needs <see cref="Permissions.BillingPost"/>.
    /// </summary>
    /// <returns>Refused: <c>billing.posted</c> (concept, who), <c>billing.changed</c> (the sum by now), <c>billing.coefficients</c> (their
    /// sum), <c>billing.early</c>, <c>billing.old</c>, <c>billing.nothing</c>, <c>billing.earlier</c> (concept).</returns>
    public Task<Result<PostedRuns>> PostAsync(RunInput input, CurrentUser user, CancellationToken ct) =>
        store.WriteAsync<PostedRuns>(
            user,
            async (db, token) =>
            {
                if (!user.Can(Permissions.BillingPost)) return Error.Forbidden;
                var period = BuildingClock.MonthOf(input.Period);
                if (CheckMonth(period) is { } outside) return outside;
                await LockAllAsync(db, token);
                var concepts = await db.Concepts.Where(c => input.ConceptIds.Contains(c.Id) && c.Active && c.Basis != ConceptBasis.ByHand)
                    .OrderBy(c => c.Id).ToListAsync(token);
                if (concepts.Count == 0) return Error.Required(nameof(input.ConceptIds));
                if (await PostedAsync(db, period, [.. concepts.Select(c => c.Id)], token) is { } posted) return posted;
                var earlier = await BillingQueries.EarlierAsync(db, period, token);
                if (concepts.Find(c => earlier.ContainsKey(c.Kind)) is { } charged) return new Error("billing.earlier", null, charged.Name);
                var plan = await BillingQueries.PlanAsync(db, concepts, period, token);
                if (plan.Charges.Count == 0) return new Error("billing.nothing");
                if (concepts.Exists(c => c.Basis == ConceptBasis.Coefficient) && !input.AcceptCoefficients
                    && plan.Apartments.Sum(a => a.Coefficient ?? 0) is not 100 and var sum)
                    return new Error("billing.coefficients", null, sum);
                if (plan.Total != input.Seen) return new Error("billing.changed", null, plan.Total);

                var issued = BillingQueries.IssuedOn(period, clock.Today);
                List<BillingRun> runs = [];
                foreach (var concept in concepts)
                {
                    var charges = plan.Charges.Where(c => c.Concept.Id == concept.Id).ToList();
                    if (charges.Count == 0) continue;
                    runs.Add(await AddAsync(db, concept, period, issued, charges, user, token));
                }

                await db.SaveChangesAsync(token);
                await TellAsync(db, [.. runs.Select(r => r.Id)], token);
                var credit = await UseCreditsAsync(db, [.. plan.Charges.Select(c => c.Apartment.Id).Distinct()], token);
                return new PostedRuns([.. runs.Select(r => r.Id)], runs.Sum(r => r.Charges), runs.Sum(r => r.Total), credit);
            },
            ct
        );

    /// <summary>
    /// An extra fee of the assembly (Ley 675 of 2001, art. 38): a concept of its own, its instalments posted at once, each with its own due
    /// day; pesos that do not divide go to the first. Above four times the monthly expenses it needs 70 % of the coefficients (art. 46),
    /// which is warned of. Needs <see cref="Permissions.BillingPost"/>.
    /// </summary>
    /// <returns>Refused: <c>billing.large</c> (four months), <c>billing.coefficients</c>, and what is missing.</returns>
    public Task<Result<PostedRuns>> PostExtraFeeAsync(ExtraFeeInput input, CurrentUser user, CancellationToken ct) =>
        store.WriteAsync<PostedRuns>(
            user,
            async (db, token) =>
            {
                if (!user.Can(Permissions.BillingPost)) return Error.Forbidden;
                if (Check(input) is { Count: > 0 } errors) return errors;
                await LockAllAsync(db, token);
                var first = BuildingClock.MonthOf(input.First);
                if (!input.AcceptLarge && await MonthOfExpensesAsync(db, first, token) is > 0 and var month && input.Amount > 4 * month)
                    return new Error("billing.large", nameof(input.Amount), 4 * month);
                var pattern = await db.Concepts.AsNoTracking().Where(c => c.Kind == ChargeKind.ExtraFee).OrderBy(c => c.Id)
                    .FirstAsync(token);
                var concept = new Concept
                {
                    Kind = ChargeKind.ExtraFee, Name = input.Name!.Trim(), ReceivableAccountId = pattern.ReceivableAccountId,
                    IncomeAccountId = pattern.IncomeAccountId, Basis = input.Basis, Amount = input.Amount, DueDay = input.DueDay,
                    BearsInterest = pattern.BearsInterest, BlocksCertificate = pattern.BlocksCertificate,
                };
                db.Concepts.Add(concept);
                await db.SaveChangesAsync(token);
                var plan = await BillingQueries.PlanAsync(db, [concept], first, token);
                if (plan.Charges.Count == 0) return new Error("billing.nothing");

                // Charged as it was decided; the concept itself charges nobody again.
                (concept.Basis, concept.Active) = (ConceptBasis.ByHand, false);
                var parts = plan.Charges.ToDictionary(c => c.Apartment.Id, c => Pesos.Instalments(c.Amount, input.Instalments));
                var issued = clock.Today;
                List<BillingRun> runs = [];
                for (var i = 0; i < input.Instalments; i++)
                {
                    var period = first.AddMonths(i);
                    var charges = plan.Charges.Select(c => c with { Amount = parts[c.Apartment.Id][i] }).Where(c => c.Amount > 0).ToList();
                    if (charges.Count == 0) continue;
                    var words = input.Instalments == 1 ? concept.Name : $"{concept.Name}, {i + 1} de {input.Instalments}";
                    runs.Add(await AddAsync(db, concept, period, issued, charges, user, token, words, $"Acta {input.Act!.Trim()}"));
                }

                await db.SaveChangesAsync(token);
                await TellAsync(db, [runs[0].Id], token);
                var credit = await UseCreditsAsync(db, [.. parts.Keys], token);
                return new PostedRuns([.. runs.Select(r => r.Id)], runs.Sum(r => r.Charges), runs.Sum(r => r.Total), credit);
            },
            ct
        );

    /// <summary>
    /// Takes a run back: credit that it used is credit again, its charges are cancelled, the month is free. Refused, with those in the way,
    /// while a charge has a payment of its own, an adjustment or interest. Needs <see cref="Permissions.BillingPost"/>.
    /// </summary>
    /// <returns>Refused: <c>billing.hangs</c> (what, where, and how many more), <c>billing.undone</c> (who).</returns>
    public Task<Result> UndoAsync(long id, string? reason, CurrentUser user, CancellationToken ct) =>
        store.WriteAsync(
            user,
            async (db, token) =>
            {
                if (!user.Can(Permissions.BillingPost)) return Error.Forbidden;
                if (PaymentRules.CheckReason(reason) is { } missing) return missing;
                await LockAllAsync(db, token);
                if (await db.BillingRuns.Where(r => r.Id == id).ForUpdate()
                    .SingleOrDefaultAsync(token) is not { } run) return Error.NotFound;
                if (run.Live != true)
                {
                    var by = await db.Profiles.Where(f => f.UserId == run.UndoneBy).OrderBy(f => f.Id).Select(f => f.FullName)
                        .FirstOrDefaultAsync(token);
                    return new Error("billing.undone", null, by ?? "");
                }

                var charges = await db.Charges.Where(c => c.RunId == id && c.Status != ChargeState.Cancelled).OrderBy(c => c.Id).ForUpdate()
                    .ToListAsync(token);
                if (await HangsAsync(db, id, token) is { } hangs) return hangs;

                // What credit paid of it is credit again.
                var used = await db.PaymentApplications.Where(a => a.Charge!.RunId == id && !a.Reversed).ToListAsync(token);
                var byId = charges.ToDictionary(c => c.Id);
                foreach (var application in used)
                {
                    application.Reversed = true;
                    byId[application.ChargeId].TakeBack(application.Amount);
                }

                await EarlyPayment.TakeBackAsync(db, [.. used.Select(a => byId[a.ChargeId]).Distinct()], token);
                foreach (var charge in charges) charge.Status = ChargeState.Cancelled;
                foreach (var segment in await db.InterestSegments.Where(s => s.Charge!.RunId == id && s.Live == true).ToListAsync(token))
                    segment.Live = null;
                (run.Live, run.UndoneBy, run.UndoneAt, run.UndoReason) = (null, user.AccountId, clock.UtcNow, reason!.Trim());
                await db.SaveChangesAsync(token);
                await UseCreditsAsync(db, [.. used.Select(a => byId[a.ChargeId].ApartmentId).Distinct()], token);
                return Result.Done;
            },
            ct
        );

    /// <summary>Puts the telling of the bills into the queue: no run, no bills.</summary>
    private Task TellAsync(PortalDb db, IReadOnlyList<long> runs, CancellationToken ct) =>
        JobQueue.AddAsync(db, BillJob.JobKind, runs, clock.UtcNow, $"bills:{runs[0]}", ct);

    /// <summary>Everything on the accounts waits: who pays meanwhile pays before or after the run, never within.</summary>
    internal static Task LockAllAsync(PortalDb db, CancellationToken ct) =>
        db.Apartments.OrderBy(a => a.Id).Select(a => a.Id).ForUpdate().ToListAsync(ct);

    /// <summary>Uses what apartments have to their credit for what they owe by now.</summary>
    /// <returns>What was used.</returns>
    internal async Task<decimal> UseCreditsAsync(PortalDb db, IReadOnlyCollection<long> apartments, CancellationToken ct)
    {
        var (used, among) = (0m, apartments.ToHashSet());
        foreach (var apartment in (await BillingQueries.CreditsAsync(db, ct)).Keys.Where(among.Contains).Order())
        {
            used += await ApartmentLedger.UseCreditAsync(db, apartment, clock, ct);
            await db.SaveChangesAsync(ct);
        }

        return used;
    }

    /// <summary>The run of a month of a concept that stands already.</summary>
    internal static async Task<Error?> PostedAsync(PortalDb db, DateOnly period, IReadOnlyList<int> concepts, CancellationToken ct) =>
        await db.BillingRuns.AsNoTracking().Where(r => r.Period == period && r.Live == true && concepts.Contains(r.ConceptId))
            .OrderBy(r => r.Id)
            .Select(r => new
            {
                r.Concept!.Name,
                By = db.Profiles.Where(f => f.UserId == r.PostedBy).OrderBy(f => f.Id).Select(f => f.FullName).FirstOrDefault(),
            })
            .FirstOrDefaultAsync(ct) is { } posted
            ? new Error("billing.posted", null, posted.Name, posted.By ?? "")
            : null;

    private Error? CheckMonth(DateOnly period)
    {
        var now = BuildingClock.MonthOf(clock.Today);
        return period > now ? new Error("billing.early", nameof(RunInput.Period), period)
            : period < now.AddMonths(-OldestMonths) ? new Error("billing.old", nameof(RunInput.Period), OldestMonths)
            : null;
    }

    private static List<Error> Check(ExtraFeeInput input)
    {
        var errors = new List<Error>();
        if (string.IsNullOrWhiteSpace(input.Name)) errors.Add(Error.Required(nameof(input.Name)));
        else if (input.Name.Trim().Length > 100) errors.Add(Error.TooLong(nameof(input.Name), 100));
        if (string.IsNullOrWhiteSpace(input.Act)) errors.Add(Error.Required(nameof(input.Act)));
        else if (input.Act.Trim().Length > 100) errors.Add(Error.TooLong(nameof(input.Act), 100));
        if (PaymentRules.CheckAmount(nameof(input.Amount), input.Amount) is { } amount) errors.Add(amount);
        if (input.Basis is not (ConceptBasis.Coefficient or ConceptBasis.Fixed)) errors.Add(Error.Required(nameof(input.Basis)));
        if (input.Instalments is < 1 or > 60) errors.Add(new Error("settings.range", nameof(input.Instalments), 1, 60));
        if (input.DueDay is < 1 or > 31) errors.Add(new Error("settings.range", nameof(input.DueDay), 1, 31));
        return errors;
    }

    /// <summary>The monthly expenses of the year's budget; without an approved one, what the fees of the last month of fees came
    /// to.</summary>
    private static async Task<decimal> MonthOfExpensesAsync(PortalDb db, DateOnly month, CancellationToken ct) =>
        await Budgets.MonthlyExpensesAsync(db, month, ct)
        ?? await db.FeeMonths.AsNoTracking().OrderByDescending(m => m.Period).Select(m => m.Billed).FirstOrDefaultAsync(ct);

    private static async Task<BillingRun> AddAsync(
        PortalDb db, Concept concept, DateOnly period, DateOnly issued, IReadOnlyList<PlannedCharge> charges, CurrentUser user,
        CancellationToken ct,
        string? words = null, string? detail = null)
    {
        var earlier = await db.BillingRuns.CountAsync(r => r.Period == period && r.ConceptId == concept.Id, ct);
        var due = BillingQueries.DueOn(concept, period, issued);
        var run = new BillingRun
        {
            Concept = concept, Period = period, IssuedOn = issued, DueOn = due, Charges = charges.Count, Total = charges.Sum(c => c.Amount),
            PostedBy = user.AccountId,
        };
        db.BillingRuns.Add(run);
        var until = concept.DiscountDay is { } day ? BillingQueries.Day(period, day) : (DateOnly?)null;
        foreach (var charge in charges)
        {
            var discount = until >= issued ? concept.DiscountOf(charge.Amount) : null;
            db.Charges.Add(new Charge
            {
                ApartmentId = charge.Apartment.Id,
                OwnerId = charge.Apartment.OwnerId,
                Kind = concept.Kind,
                Concept = words ?? $"{concept.Name} de {period.ToString("MMMM 'de' yyyy", Books)}",
                Detail = charge.Detail ?? detail,
                Number = Number(concept, period, charge.Apartment, earlier),
                Period = period,
                Amount = charge.Amount,
                IssuedOn = issued,
                DueOn = due,
                Of = concept,
                Run = run,
                Discount = discount,
                DiscountUntil = discount is null ? null : until,
                DiscountRule = discount is null ? null : concept.DiscountRule,
            });
        }

        return run;
    }

    /// <summary>As printed: <c>A-2026-12-B1204</c>; of a month that is posted again <c>A-2026-12-B1204-2</c>.</summary>
    private static string Number(Concept concept, DateOnly period, BilledApartment apartment, int earlier)
    {
        var unit = $"{apartment.Tower}{apartment.Number}".Replace(" ", "", StringComparison.Ordinal);

        // Two towers could run into one name with their numbers; the apartment's own number cannot.
        if (unit.Length > 10 || (apartment.Tower.Length > 0 && char.IsDigit(apartment.Tower[^1])))
            unit = apartment.Id.ToString(CultureInfo.InvariantCulture);
        var series = concept.Id switch { 1 => "A", 7 => "P", var id => "C" + id.ToString(CultureInfo.InvariantCulture) };
        var again = earlier == 0 ? "" : "-" + (earlier + 1).ToString(CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"{series}-{period:yyyy-MM}-{unit}{again}");
    }

    /// <summary>What keeps a run from being undone: the first few, and how many there are.</summary>
    private static async Task<Error?> HangsAsync(PortalDb db, long run, CancellationToken ct)
    {
        var paid = db.PaymentApplications.Where(a => a.Charge!.RunId == run && !a.Reversed && a.NoteId == null)
            .Select(a => new { a.Charge!.ApartmentId, What = a.Payment!.ReceiptNumber });
        var adjusted = db.ChargeAdjustments
            .Where(a => a.Charge!.RunId == run && a.ReversesId == null && a.Kind != AdjustmentKind.Discount
                && !db.ChargeAdjustments.Any(r => r.ReversesId == a.Id))
            .Select(a => new { a.Charge!.ApartmentId, What = (string?)a.Reason });
        var interest = db.InterestSegments.Where(s => s.BaseCharge!.RunId == run && s.Live == true)
            .Select(s => new { s.BaseCharge!.ApartmentId, What = (string?)s.Charge!.Concept });
        var all = (await paid.ToListAsync(ct)).Concat(await adjusted.ToListAsync(ct)).Concat(await interest.ToListAsync(ct)).ToList();
        if (all.Count == 0) return null;
        var ids = all.Select(a => a.ApartmentId).Distinct().Take(MostNamed).ToList();
        var units = await db.Apartments.AsNoTracking().Where(a => ids.Contains(a.Id)).Select(a => new { a.Id, Unit = UnitName.Of(a) })
            .ToDictionaryAsync(a => a.Id, a => a.Unit, ct);
        return new Error(
            "billing.hangs", null,
            string.Join(", ", all.Take(MostNamed).Select(a => $"{units.GetValueOrDefault(a.ApartmentId)} {a.What}".Trim())), all.Count);
    }
}
