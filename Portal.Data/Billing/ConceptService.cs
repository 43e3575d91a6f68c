using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Building;
using Portal.Data.Payments;

namespace Portal.Data.Billing;

/// <summary>What the building charges for. A concept that charged something is never deleted: it is put out of use.</summary>
public sealed class ConceptService(PortalStore store)
{
    private const int LongestName = 100;

    /// <summary>Those in use first. Needs <see cref="Permissions.BillingView"/>; empty without it.</summary>
    public async Task<IReadOnlyList<ConceptRow>> ListAsync(CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.BillingView)) return [];
        await using var db = await store.OpenAsync(user, ct);
        return await db.Concepts.AsNoTracking().OrderByDescending(c => c.Active).ThenBy(c => c.Id)
            .Select(c => new ConceptRow(
                c.Id, c.Kind, c.Name, c.Basis, c.Amount, c.DueDay, c.BearsInterest, c.BlocksCertificate, c.DiscountPercent,
                c.DiscountAmount,
                c.DiscountDay, c.DiscountRule, c.Active, c.ReceivableAccount!.Code, c.IncomeAccount!.Code,
                db.ConceptApartments.Count(o => o.ConceptId == c.Id && !o.Exempt && o.Amount != null),
                db.ConceptApartments.Count(o => o.ConceptId == c.Id && o.Exempt))
            {
                Unit = c.Unit,
            })
            .ToListAsync(ct);
    }

    /// <summary>Adds a concept with the accounts of its kind. Needs <see cref="Permissions.BillingEdit"/>.</summary>
    public Task<Result<int>> AddAsync(ConceptInput input, CurrentUser user, CancellationToken ct) =>
        store.WriteAsync<int>(
            user,
            async (db, token) =>
            {
                if (!user.Can(Permissions.BillingEdit)) return Error.Forbidden;
                if (Check(input) is { Count: > 0 } errors) return errors;
                if (input.Kind is ChargeKind.Interest or ChargeKind.Booking or ChargeKind.Deposit)
                    return new Error("billing.kind", nameof(input.Kind));
                var pattern = await db.Concepts.AsNoTracking().Where(c => c.Kind == input.Kind).OrderBy(c => c.Id).FirstAsync(token);
                var concept = new Concept
                {
                    Kind = input.Kind, ReceivableAccountId = pattern.ReceivableAccountId, IncomeAccountId = pattern.IncomeAccountId,
                };
                Apply(concept, input);
                db.Concepts.Add(concept);
                await db.SaveChangesAsync(token);
                return concept.Id;
            },
            ct
        );

    /// <summary>Changes a concept; what was charged already stays as it was. Needs <see cref="Permissions.BillingEdit"/>.</summary>
    public Task<Result> SaveAsync(int id, ConceptInput input, CurrentUser user, CancellationToken ct) =>
        store.WriteAsync(
            user,
            async (db, token) =>
            {
                if (!user.Can(Permissions.BillingEdit)) return Error.Forbidden;
                if (await db.Concepts.Where(c => c.Id == id).ForUpdate()
                    .SingleOrDefaultAsync(token) is not { } concept) return Error.NotFound;
                var merged = Edits.Merge(input with { Kind = concept.Kind }, Of(concept));
                if (!merged.Ok) return merged;
                if (Check(merged.Value) is { Count: > 0 } errors) return errors;
                Apply(concept, merged.Value);
                return Result.Done;
            },
            ct
        );

    /// <summary>What apartments pay of a concept instead of its own figure. Needs <see cref="Permissions.BillingView"/>; empty without
    /// it.</summary>
    public async Task<Page<OwnFigureRow>> OwnFiguresAsync(int conceptId, ListQuery query, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.BillingView)) return Page<OwnFigureRow>.Empty;
        await using var db = await store.OpenAsync(user, ct);
        return await db.ConceptApartments.AsNoTracking().Where(o => o.ConceptId == conceptId)
            .OrderBy(o => o.Apartment!.Tower!.Name).ThenBy(o => o.Apartment!.ApartmentNumber.Length)
                .ThenBy(o => o.Apartment!.ApartmentNumber)
            .ThenBy(o => o.Id)
            .Select(o => new OwnFigureRow(o.ApartmentId, UnitName.Of(o.Apartment)!, o.Amount, o.Exempt, o.Reason)).PageAsync(query, ct);
    }

    /// <summary>
    /// Writes down what an apartment pays of a concept, or that it pays nothing of it; with neither, it pays as all do.
    /// Needs <see cref="Permissions.BillingEdit"/>.
    /// </summary>
    public Task<Result> SetOwnFigureAsync(OwnFigureInput input, CurrentUser user, CancellationToken ct) =>
        store.WriteAsync(
            user,
            async (db, token) =>
            {
                if (!user.Can(Permissions.BillingEdit)) return Error.Forbidden;
                if (input.Amount is { } amount && PaymentRules.CheckAmount(nameof(input.Amount), amount) is { } wrong) return wrong;
                if (input.Exempt && string.IsNullOrWhiteSpace(input.Reason)) return Error.Required(nameof(input.Reason));
                if (input.Reason?.Trim().Length > 200) return Error.TooLong(nameof(input.Reason), 200);
                if (!await db.Concepts.AnyAsync(c => c.Id == input.ConceptId, token)) return Error.NotFound;
                if (!await db.Apartments.AnyAsync(a => a.Id == input.ApartmentId, token)) return Error.Required(nameof(input.ApartmentId));
                var row = await db.ConceptApartments
                    .Where(o => o.ConceptId == input.ConceptId && o.ApartmentId == input.ApartmentId).ForUpdate()
                        .SingleOrDefaultAsync(token);
                if (input is { Amount: null, Exempt: false })
                {
                    if (row is not null) db.ConceptApartments.Remove(row);
                    return Result.Done;
                }

                if (row is null)
                    db.ConceptApartments.Add(row = new ConceptApartment { ConceptId = input.ConceptId, ApartmentId = input.ApartmentId });
                (row.Amount, row.Exempt, row.Reason) = (input.Exempt ? null : input.Amount, input.Exempt, input.Reason.TrimToNull());
                return Result.Done;
            },
            ct
        );

    /// <summary>A tariff may have cents: it is the product that is rounded.</summary>
    private static void CheckTariff(ConceptInput input, List<Error> errors)
    {
        if (input.Amount is not { } tariff) errors.Add(Error.Required(nameof(input.Amount)));
        else if (tariff <= 0 || tariff > 9_999_999 || decimal.Round(tariff, 2) != tariff)
            errors.Add(new Error("billing.tariff", nameof(input.Amount)));
        if (input.Unit.TrimToNull() is not { } unit) errors.Add(Error.Required(nameof(input.Unit)));
        else if (unit.Length > 10) errors.Add(Error.TooLong(nameof(input.Unit), 10));
    }

    internal static ConceptInput Of(Concept c) => new()
    {
        Kind = c.Kind, Name = c.Name, Basis = c.Basis, Amount = c.Amount, DueDay = c.DueDay, BearsInterest = c.BearsInterest,
        BlocksCertificate = c.BlocksCertificate, DiscountPercent = c.DiscountPercent, DiscountAmount = c.DiscountAmount,
        DiscountDay = c.DiscountDay, DiscountRule = c.DiscountRule, Active = c.Active, Unit = c.Unit,
    };

    private static void Apply(Concept concept, ConceptInput input)
    {
        (concept.Name, concept.Basis, concept.Amount, concept.DueDay) = (input.Name!.Trim(), input.Basis, input.Amount, input.DueDay ?? 15);
        (concept.BearsInterest, concept.BlocksCertificate, concept.Active) = (input.BearsInterest, input.BlocksCertificate, input.Active);
        (concept.DiscountPercent, concept.DiscountAmount) = (input.DiscountPercent, input.DiscountAmount);
        concept.Unit = input.Basis == ConceptBasis.Meter ? input.Unit.TrimToNull() : null;
        (concept.DiscountDay, concept.DiscountRule) = (input.DiscountDay, input.DiscountRule);
    }

    private static List<Error> Check(ConceptInput input)
    {
        var errors = new List<Error>();
        if (string.IsNullOrWhiteSpace(input.Name)) errors.Add(Error.Required(nameof(input.Name)));
        else if (input.Name.Trim().Length > LongestName) errors.Add(Error.TooLong(nameof(input.Name), LongestName));
        if (input.Basis == ConceptBasis.Meter) CheckTariff(input, errors);
        else if (input.Amount is { } amount && PaymentRules.CheckAmount(nameof(input.Amount), amount) is { } wrong) errors.Add(wrong);
        else if (input.Amount is null && (input.Basis is ConceptBasis.Coefficient or ConceptBasis.Fixed))
            errors.Add(Error.Required(nameof(input.Amount)));
        if (input.DueDay is not (>= 1 and <= 31)) errors.Add(new Error("settings.range", nameof(input.DueDay), 1, 31));
        if (input.Kind == ChargeKind.Interest && input.BearsInterest)
            errors.Add(new Error("interest.on_interest", nameof(input.BearsInterest)));
        if (input is { DiscountPercent: not null, DiscountAmount: not null })
            errors.Add(new Error("billing.discount_twice", nameof(input.DiscountAmount)));
        if (input.DiscountPercent is <= 0 or >= 100) errors.Add(new Error("settings.range", nameof(input.DiscountPercent), 1, 99));
        if (input.DiscountAmount is { } off && PaymentRules.CheckAmount(nameof(input.DiscountAmount), off) is { } bad) errors.Add(bad);
        if ((input.DiscountPercent ?? input.DiscountAmount) is not null && input.DiscountDay is null)
            errors.Add(Error.Required(nameof(input.DiscountDay)));
        if (input.DiscountDay is < 1 or > 31) errors.Add(new Error("settings.range", nameof(input.DiscountDay), 1, 31));
        return errors;
    }
}
