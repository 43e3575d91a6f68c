using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Billing;
using Portal.Data.Notifications;
using Portal.Data.Operations;
using Portal.Data.Payments;

namespace Portal.Data.Collection;

/// <summary>
/// Makes agreements and ends them, under the lock of the apartment: of two who agree at once the second is told of the first. Payments know
/// nothing of agreements; what was paid of one is read from its charges.
/// </summary>
public sealed class AgreementDesk(PortalStore store, BuildingClock clock)
{
    /// <summary>The first instalment comes so soon.</summary>
    private const int LatestFirst = 92;

    /// <summary>Needs <see cref="Permissions.CollectionEdit"/>, and <see cref="Permissions.BillingAdjust"/> to waive.</summary>
    /// <returns>Refused: <c>agreement.exists</c> (its number), <c>agreement.charges</c>, <c>agreement.gone</c> (something of it is paid by
    /// now), <c>agreement.changed</c> (the sum it is now), <c>agreement.waiver</c> (the interest there is), <c>agreement.down</c> (the sum),
    /// <c>agreement.count</c>, <c>agreement.first</c> (the last day), <c>certificate.rate</c> (a month),
    /// <c>certificate.signatory</c>.</returns>
    public Task<Result<string>> AgreeAsync(AgreementInput input, CurrentUser user, CancellationToken ct) =>
        store.WriteAsync<string>(
            user,
            async (db, token) =>
            {
                if (!user.Can(Permissions.CollectionEdit) || (input.Waived > 0 && !user.Can(Permissions.BillingAdjust)))
                    return Error.Forbidden;
                var today = clock.Today;
                if (Check(input, today) is { Count: > 0 } errors) return errors;
                if (!await ApartmentLedger.LockAsync(db, input.ApartmentId, token)) return Error.NotFound;
                if (await db.Agreements.Where(a => a.ApartmentId == input.ApartmentId && a.Live == true).Select(a => a.Number)
                    .SingleOrDefaultAsync(token) is { } other) return new Error("agreement.exists", null, other);
                if (await CertificateDesk.SignatoryAsync(db, token) is not { } signatory) return new Error("certificate.signatory");
                if (await InterestTerms.ReadAsync(db, token) is { } terms)
                {
                    // What has only run becomes a charge, so that what is agreed is what is owed.
                    var counted = await InterestLedger.CountAsync(db, [input.ApartmentId], terms, today, today, null, token);
                    if (counted.Missing is { } month) return new Error("certificate.rate", null, month);
                    if (counted.Charges.Count > 0) await db.SaveChangesAsync(token);
                }

                var picked = await db.Charges
                    .Where(c => c.ApartmentId == input.ApartmentId && c.Status == ChargeState.Open
                        && (input.Charges.Contains(c.Id) || input.Charges.Contains(c.BaseChargeId!.Value)))
                    .OrderBy(c => c.Id).ForUpdate().ToListAsync(token);
                if (input.Charges.Any(id => !picked.Any(c => c.Id == id || c.BaseChargeId == id))) return new Error("agreement.gone");
                var interest = picked.FindAll(c => c.Kind == ChargeKind.Interest);
                var (capital, owed) = (picked.Sum(c => c.Left) - interest.Sum(c => c.Left), interest.Sum(c => c.Left));
                if (input.Waived > owed) return new Error("agreement.waiver", nameof(input.Waived), owed);
                var total = capital + owed - input.Waived;
                if (total != input.Seen) return new Error("agreement.changed", null, total);
                if (input.Down >= total) return new Error("agreement.down", nameof(input.Down), total);

                var charges = Agreed(picked);
                var agreement = new Agreement
                {
                    ApartmentId = input.ApartmentId, MadeOn = today, Capital = capital, Interest = owed, Waived = input.Waived,
                    Act = input.Waived > 0 ? input.Act!.Trim() : null, Total = total, InterestStands = input.InterestStands,
                    GraceDays = await GraceAsync(db, token), MadeBy = user.AccountId,
                };
                foreach (var (charge, part) in interest.Zip(AgreementPlan.Waive(input.Waived, interest.ConvertAll(c => c.Left))))
                {
                    if (part == 0) continue;
                    var waiver = charge.Adjust(
                        AdjustmentKind.Waiver, -part, today, "Condonación por acuerdo de pago", agreement.Act, user.AccountId);
                    waiver.Agreement = agreement;
                    db.ChargeAdjustments.Add(waiver);
                }

                var plan = AgreementPlan.Build(Parts(picked), input.Down, input.Instalments, today, input.FirstOn);
                foreach (var planned in plan)
                    agreement.Instalments.Add(new AgreementInstalment { Line = planned.Line, DueOn = planned.DueOn, Amount = planned.Amount });
                foreach (var charge in picked)
                {
                    agreement.Charges.Add(new AgreementCharge
                    {
                        Charge = charge, ChargeId = charge.Id, Owed = charge.Left, PaidBefore = charge.Paid, InterestFrom = charge.InterestFrom,
                    });

                    // To the day on which it would be broken: should nobody look that night, interest runs all the same.
                    if (input.InterestStands && charge.Kind != ChargeKind.Interest)
                        charge.InterestFrom = plan[^1].DueOn.AddDays(agreement.GraceDays + 1);
                }

                var (owner, document) = await CertificateDesk.OwnerAsync(db, input.ApartmentId, token);
                var facts = new AgreementFacts(
                    await PaperHead.ReadAsync(db, token), await PaperUnit.ReadAsync(db, input.ApartmentId, token), clock.Now, owner, document,
                    signatory, charges, capital, owed, input.Waived, agreement.Act, total, input.InterestStands, agreement.GraceDays, plan);
                agreement.Sign(await Numbering.NextAsync(db, Agreement.Series, today.Year, token));
                db.Agreements.Add(agreement);
                db.IssuedPapers.Add(IssuedPaper.Of(agreement.Number, facts));
                await db.SaveChangesAsync(token);
                await TellAsync(
                    db, agreement, "payment.agreed", "Acuerdo de pago",
                    [new(Text: agreement.Number), new(Money: total), new(Day: plan[0].DueOn)], token);
                return agreement.Number;
            },
            ct
        );

    /// <summary>
    /// Takes an agreement back as if it had never been made, while nothing has been paid of it. Needs
    /// <see cref="Permissions.CollectionEdit"/>.
    /// </summary>
    /// <returns>Refused: <c>agreement.paid</c> (how much), <c>agreement.ended</c>.</returns>
    public Task<Result> UndoAsync(long id, CurrentUser user, CancellationToken ct) =>
        store.WriteAsync(
            user,
            async (db, token) =>
            {
                if (!user.Can(Permissions.CollectionEdit)) return Error.Forbidden;
                if (await LockAsync(db, id, token) is not { } agreement) return Error.NotFound;
                if (agreement.Live is null) return new Error("agreement.ended");
                if (await PaidAsync(db, agreement, token) is > 0 and var paid) return new Error("agreement.paid", null, paid);
                await EndAsync(db, agreement, AgreementState.Undone, user.AccountId, clock, token);
                return Result.Done;
            },
            ct
        );

    /// <summary>The agreement as it was made. For whoever may see the apartment's account.</summary>
    /// <returns>Null where it is out of reach.</returns>
    public async Task<PrintedAgreement?> FindAsync(long id, CurrentUser user, CancellationToken ct)
    {
        await using var db = await store.OpenAsync(user, ct);
        var found = await db.Agreements.AsNoTracking().Where(a => a.Id == id)
            .Select(a => new
            {
                a.Number, a.VerificationCode, a.ApartmentId,
                Facts = db.IssuedPapers.Where(i => i.Number == a.Number).Select(i => i.Facts).First(),
            })
            .SingleOrDefaultAsync(ct);
        return found is null || !user.MaySeeAccount(found.ApartmentId)
            ? null
            : new PrintedAgreement(found.Number, found.VerificationCode, IssuedPaper.Read<AgreementFacts>(found.Facts));
    }

    /// <summary>The agreements of an apartment whose account the person may see, the latest first.</summary>
    public async Task<IReadOnlyList<AgreementRow>> OfApartmentAsync(long apartmentId, CurrentUser user, CancellationToken ct)
    {
        if (!user.MaySeeAccount(apartmentId)) return [];
        await using var db = await store.OpenAsync(user, ct);
        return await RowsAsync(db, apartmentId, ct);
    }

    internal static async Task<IReadOnlyList<AgreementRow>> RowsAsync(PortalDb db, long apartmentId, CancellationToken ct)
    {
        var found = await db.Agreements.AsNoTracking().Include(a => a.Charges).Include(a => a.Instalments).AsSplitQuery()
            .Where(a => a.ApartmentId == apartmentId).OrderByDescending(a => a.Id).Take(20).ToListAsync(ct);
        var rows = new List<AgreementRow>();
        foreach (var agreement in found)
        {
            // Of one that has ended, what its charges were paid since belongs to nobody.
            var paid = agreement.State == AgreementState.Active ? await PaidAsync(db, agreement, ct) : 0;
            var left = paid;
            var instalments = new List<InstalmentRow>();
            foreach (var day in agreement.Instalments.OrderBy(i => i.Line))
            {
                var part = agreement.State == AgreementState.Fulfilled ? day.Amount : Math.Min(left, day.Amount);
                instalments.Add(new InstalmentRow(day.Line, day.DueOn, day.Amount, part));
                left = Math.Max(0, left - part);
            }

            rows.Add(new AgreementRow(
                agreement.Id, agreement.Number, agreement.State, agreement.MadeOn, agreement.Total, agreement.Waived, agreement.Act,
                agreement.InterestStands, agreement.GraceDays, agreement.State == AgreementState.Fulfilled ? agreement.Total : paid,
                agreement.EndedOn, instalments, [.. agreement.Charges.Select(c => c.ChargeId)]));
        }

        return rows;
    }

    /// <summary>
    /// Looks at the live agreement of an apartment, under its lock: kept to the end it is fulfilled, late beyond its days of grace it is
    /// broken and its waivers fall. Saved here.
    /// </summary>
    internal static async Task LookAtAsync(PortalDb db, long apartmentId, BuildingClock clock, CancellationToken ct)
    {
        var agreement = await Whole(db).SingleOrDefaultAsync(a => a.ApartmentId == apartmentId && a.Live == true, ct);
        if (agreement is null) return;
        var paid = await PaidAsync(db, agreement, ct);
        var ids = agreement.Charges.ConvertAll(c => c.ChargeId);
        var open = await db.Charges.AnyAsync(c => ids.Contains(c.Id) && c.Status == ChargeState.Open, ct);
        if (!open || paid >= agreement.Total)
        {
            await EndAsync(db, agreement, AgreementState.Fulfilled, null, clock, ct);
            await TellAsync(db, agreement, "payment.agreement_kept", "Acuerdo cumplido", [new(Text: agreement.Number)], ct);
        }
        else if (paid < agreement.DueBy(clock.Today))
        {
            await EndAsync(db, agreement, AgreementState.Broken, null, clock, ct);
            await TellAsync(
                db, agreement, "payment.agreement_broken", "Acuerdo incumplido",
                [new(Text: agreement.Number), new(Money: agreement.DueBy(clock.Today) - paid), new(Money: agreement.Waived)], ct);
        }
    }

    /// <summary>What was paid of it since it was made: of its charges, and of interest that ran on them meanwhile.</summary>
    private static async Task<decimal> PaidAsync(PortalDb db, Agreement agreement, CancellationToken ct)
    {
        var ids = agreement.Charges.ConvertAll(c => c.ChargeId);
        var paid = await db.Charges.Where(c => ids.Contains(c.Id)).SumAsync(c => c.Paid, ct);
        var ran = await db.Charges.Where(c => ids.Contains(c.BaseChargeId!.Value) && !ids.Contains(c.Id)).SumAsync(c => c.Paid, ct);

        // Interest that was paid off before is not among its charges; it was paid before, and counts for nothing.
        var before = await db.PaymentApplications
            .Where(a => ids.Contains(a.Charge!.BaseChargeId!.Value) && !ids.Contains(a.ChargeId) && !a.Reversed
                && a.Charge.CreatedAt < agreement.CreatedAt)
            .SumAsync(a => (decimal?)a.Amount, ct) ?? 0;
        return Math.Max(0, paid - agreement.Charges.Sum(c => c.PaidBefore) + ran - before);
    }

    private static async Task EndAsync(
        PortalDb db, Agreement agreement, AgreementState state, long? by, BuildingClock clock, CancellationToken ct)
    {
        var today = clock.Today;
        var ids = agreement.Charges.ConvertAll(c => c.ChargeId);
        var charges = await db.Charges.Where(c => ids.Contains(c.Id)).OrderBy(c => c.Id).ForUpdate().ToDictionaryAsync(c => c.Id, ct);
        agreement.End(state, today, by);
        if (state != AgreementState.Fulfilled)
        {
            var waivers = await db.ChargeAdjustments
                .Where(a => a.AgreementId == agreement.Id && a.ReversesId == null && !db.ChargeAdjustments.Any(r => r.ReversesId == a.Id))
                .OrderBy(a => a.Id).ToListAsync(ct);
            foreach (var waiver in waivers)
            {
                var charge = charges[waiver.ChargeId];
                if (charge.Status is not (ChargeState.Open or ChargeState.Paid)) continue;
                var back = charge.Adjust(
                    AdjustmentKind.Waiver, -waiver.Amount, today,
                    state == AgreementState.Broken ? $"Acuerdo {agreement.Number} incumplido" : $"Acuerdo {agreement.Number} deshecho",
                    waiver.Act, by);
                (back.Reverses, back.AgreementId) = (waiver, agreement.Id);
                db.ChargeAdjustments.Add(back);
            }
        }

        if (agreement.InterestStands)
        {
            // Days through today stood still and count no more; undone, it never stood still.
            foreach (var part in agreement.Charges.Where(c => charges[c.ChargeId].Kind != ChargeKind.Interest))
                charges[part.ChargeId].InterestFrom = state == AgreementState.Undone ? part.InterestFrom : today.AddDays(1);
        }

        await db.SaveChangesAsync(ct);
        if (state != AgreementState.Fulfilled) await ApartmentLedger.UseCreditAsync(db, agreement.ApartmentId, clock, ct);
        await db.SaveChangesAsync(ct);
    }

    private static IQueryable<Agreement> Whole(PortalDb db) =>
        db.Agreements.Include(a => a.Charges).Include(a => a.Instalments).AsSplitQuery();

    private static async Task<Agreement?> LockAsync(PortalDb db, long id, CancellationToken ct)
    {
        if (await db.Agreements.Where(a => a.Id == id).Select(a => (long?)a.ApartmentId).SingleOrDefaultAsync(ct) is not { } apartment)
            return null;
        await ApartmentLedger.LockAsync(db, apartment, ct);
        return await Whole(db).SingleAsync(a => a.Id == id, ct);
    }

    /// <summary>In the order in which money goes to them.</summary>
    private static List<AgreementPart> Parts(IEnumerable<Charge> charges) =>
    [
        .. PaymentAllocation.InOrder(charges.Where(c => c.Left > 0).Select(ApartmentLedger.Open))
            .Select(c => new AgreementPart(c.Kind, c.Period, c.Concept, c.Owed)),
    ];

    private static List<AgreedCharge> Agreed(List<Charge> picked)
    {
        var bases = picked.Where(c => c.Kind != ChargeKind.Interest).ToDictionary(c => c.Id);
        var interest = picked.Where(c => c.Kind == ChargeKind.Interest)
            .ToLookup(c => c.BaseChargeId is { } id && bases.ContainsKey(id) ? id : c.Id);
        return
        [
            .. picked.Where(c => c.Kind != ChargeKind.Interest || interest.Contains(c.Id)).OrderBy(c => c.DueOn).ThenBy(c => c.Id)
                .Select(c => new AgreedCharge(
                    c.Kind, c.Period, c.Concept, c.DueOn, c.Kind == ChargeKind.Interest ? 0 : c.Left, interest[c.Id].Sum(i => i.Left))),
        ];
    }

    private static List<Error> Check(AgreementInput input, DateOnly today)
    {
        var errors = new List<Error>();
        if (input.Charges.Count == 0) errors.Add(new Error("agreement.charges"));
        if (input.Instalments is < 1 or > AgreementPlan.MostInstalments)
            errors.Add(new Error("agreement.count", nameof(input.Instalments), AgreementPlan.MostInstalments));
        if (input.FirstOn <= today || input.FirstOn > today.AddDays(LatestFirst))
            errors.Add(new Error("agreement.first", nameof(input.FirstOn), today.AddDays(1), today.AddDays(LatestFirst)));
        if (input.Down != 0 && PaymentRules.CheckAmount(nameof(input.Down), input.Down) is { } down) errors.Add(down);
        if (input.Waived != 0 && PaymentRules.CheckAmount(nameof(input.Waived), input.Waived) is { } waived) errors.Add(waived);
        if (input.Waived > 0 && string.IsNullOrWhiteSpace(input.Act)) errors.Add(Error.Required(nameof(input.Act)));
        else if (input.Act?.Trim().Length > 100) errors.Add(Error.TooLong(nameof(input.Act), 100));
        return errors;
    }

    private static async Task<int> GraceAsync(PortalDb db, CancellationToken ct) =>
        (await BuildingSettings.ReadAsync(db, ct)).AgreementGraceDays;

    private static async Task TellAsync(
        PortalDb db, Agreement agreement, string type, string title, IReadOnlyList<NotificationPart> about, CancellationToken ct)
    {
        if (await db.Apartments.Where(a => a.Id == agreement.ApartmentId).Select(a => (long?)a.Owner!.UserId).SingleOrDefaultAsync(ct)
            is not { } account) return;
        await new NotificationDraft(
            type, RecipientType.Owner, title, agreement.Number, $"/account/{agreement.ApartmentId}", about)
            .AddAsync(db, [account], ct, $"agreement:{agreement.Id}");
    }
}
