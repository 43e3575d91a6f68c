using Microsoft.EntityFrameworkCore;

namespace Portal.Data.Payments;

/// <summary>What a payment must be like before it is written down. All reasons are given at once.</summary>
internal static class PaymentRules
{
    /// <summary>What the column holds.</summary>
    public const decimal LargestAmount = 9_999_999_999m;

    public const int LongestReference = 50;
    public const int LongestNote = 1000;
    public const int LongestReason = 500;

    /// <summary>Nobody finds a bank's statement older than this, and a year typed wrong is caught.</summary>
    public const int OldestYears = 5;

    /// <summary>Cash leaves no reference.</summary>
    public const int Cash = 1;

    public const int Transfer = 2;

    public const int Pse = 6;

    public static async Task<List<Error>> CheckAsync(
        PortalDb db, PaymentInput input, DateTime now, bool needsReference, CancellationToken ct)
    {
        var errors = new List<Error>();
        var today = DateOnly.FromDateTime(now);
        if (input.ApartmentId <= 0) errors.Add(Error.Required(nameof(input.ApartmentId)));
        else if (input.PayerId <= 0) errors.Add(Error.Required(nameof(input.PayerId)));
        else if (!(await PayersAsync(db, input.ApartmentId, ct)).Any(p => p.OwnerId == input.PayerId))
            errors.Add(new Error("payment.payer", nameof(input.PayerId)));

        if (CheckAmount(nameof(input.Amount), input.Amount) is { } amount) errors.Add(amount);

        if (await CheckMethodAsync(db, nameof(input.MethodId), input.MethodId, ct) is { } noMethod) errors.Add(noMethod);

        if (input.Date > today || (input.Date == today && input.Time > TimeOnly.FromDateTime(now)))
            errors.Add(new Error("payment.future", nameof(input.Date), today));
        else if (input.Date < today.AddYears(-OldestYears))
            errors.Add(new Error("payment.too_old", nameof(input.Date), today.AddYears(-OldestYears)));

        if (needsReference && input.MethodId != Cash && string.IsNullOrWhiteSpace(input.Reference))
            errors.Add(Error.Required(nameof(input.Reference)));
        if (input.Reference?.Trim().Length > LongestReference) errors.Add(Error.TooLong(nameof(input.Reference), LongestReference));
        if (input.Note?.Trim().Length > LongestNote) errors.Add(Error.TooLong(nameof(input.Note), LongestNote));
        return errors;
    }

    /// <summary>
    /// A payer names an open charge of the apartment (Civil Code of Colombia, art. 1654), and one that is not yet due only where the office
    /// agrees. Asked under the lock of the apartment.
    /// </summary>
    /// <param name="byOffice">The office writes it down: it agrees.</param>
    public static async Task<Error?> CheckNamedAsync(PortalDb db, PaymentInput input, bool byOffice, CancellationToken ct)
    {
        if (input.NamedChargeId is not { } id) return null;
        var named = await db
            .Charges.AsNoTracking()
            .Where(c => c.Id == id && c.ApartmentId == input.ApartmentId && c.Status == ChargeState.Open && c.Kind != ChargeKind.Interest)
            .Select(c => new { c.DueOn })
            .SingleOrDefaultAsync(ct);
        if (named is null) return new Error("payment.named", nameof(input.NamedChargeId));
        return byOffice || named.DueOn <= input.Date ? null : new Error("payment.named_not_due", nameof(input.NamedChargeId), named.DueOn);
    }

    /// <summary>Whole pesos above zero that the column holds.</summary>
    public static Error? CheckAmount(string field, decimal amount) =>
        amount <= 0 ? new Error("payment.amount", field)
        : amount > LargestAmount ? new Error("payment.amount_large", field, LargestAmount)
        : decimal.Truncate(amount) != amount ? new Error("payment.amount_whole", field)
        : null;

    /// <summary>By which way money came or went: one that there is.</summary>
    internal static async Task<Error?> CheckMethodAsync(PortalDb db, string field, int? method, CancellationToken ct) =>
        method is null ? Error.Required(field)
        : await db.PaymentMethods.AnyAsync(m => m.Id == method, ct) ? null
        : new Error("payment.method", field);

    /// <summary>A rejection or a void says why.</summary>
    public static Error? CheckReason(string? reason) =>
        string.IsNullOrWhiteSpace(reason) ? Error.Required("Reason")
        : reason.Trim().Length > LongestReason ? Error.TooLong("Reason", LongestReason)
        : null;

    /// <summary>Who may pay for an apartment: who answers for it first, then whoever owns it or lives in it or did before.</summary>
    public static async Task<IReadOnlyList<Payer>> PayersAsync(PortalDb db, long apartmentId, CancellationToken ct)
    {
        var people = await db
            .Owners.AsNoTracking()
            .Where(o =>
                db.Apartments.Any(a => a.Id == apartmentId && a.OwnerId == o.Id)
                || db.Occupancies.Any(x => x.ApartmentId == apartmentId && x.OwnerId == o.Id)
            )
            .Select(o => new
            {
                o.Id,
                o.IsTenant,
                Answers = db.Apartments.Any(a => a.Id == apartmentId && a.OwnerId == o.Id),
                Name = db.Profiles.Where(f => f.UserId == o.UserId)
                    .OrderBy(f => f.Id)
                    .Select(f => f.FullName)
                    .FirstOrDefault()
                    ?? o.User!.UserName!,
            })
            .ToListAsync(ct);
        return
        [
            .. people
                .OrderByDescending(p => p.Answers)
                .ThenBy(p => p.Name, StringComparer.Ordinal)
                .Select(p => new Payer(p.Id, p.Name, p.IsTenant == true)),
        ];
    }
}
