using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Building;
using Portal.Data.Operations;

namespace Portal.Data.Payments;

/// <summary>Who reaches which payments and charges, and how a list of payments is searched, filtered and sorted.</summary>
public static class PaymentQueries
{
    /// <summary>
    /// The building's, or those that the person paid or that were paid for an apartment they own. A tenant does not reach the owner's.
    /// </summary>
    public static IQueryable<Payment> VisibleTo(this IQueryable<Payment> payments, CurrentUser user)
    {
        if (user.Can(Permissions.PaymentsView)) return payments;
        if (!user.Can(Permissions.PaymentsViewOwn)) return payments.Where(p => false);
        var owners = user.OwnerIds;
        var apartments = user.OwnedApartmentIds;

        // Compared as they are stored: what is worked out of a column is not found by its index.
        return payments.Where(p => owners.Contains(p.OwnerId) || (p.ApartmentId != null && apartments.Contains(p.ApartmentId.Value)));
    }

    /// <summary>The building's, or those of the apartments the person owns.</summary>
    public static IQueryable<Charge> VisibleTo(this IQueryable<Charge> charges, CurrentUser user)
    {
        if (user.Can(Permissions.PaymentsView)) return charges;
        if (!user.Can(Permissions.PaymentsViewOwn)) return charges.Where(c => false);
        var apartments = user.OwnedApartmentIds;
        return charges.Where(c => apartments.Contains(c.ApartmentId));
    }

    /// <summary>Whether the person may see what an apartment owes and paid.</summary>
    public static bool MaySeeAccount(this CurrentUser user, long apartmentId) =>
        user.Can(Permissions.PaymentsView) || (user.Can(Permissions.PaymentsViewOwn) && user.OwnedApartmentIds.Contains(apartmentId));

    /// <summary>
    /// Filters by their names in the address: from, to, min, max, state, kind, method, apartment, payer. An unreadable value narrows
    /// nothing.
    /// </summary>
    internal static IQueryable<Payment> Matching(
        this IQueryable<Payment> payments, PortalDb db, ListQuery query, UnitSearch units, int year)
    {
        if (query.FilterDate("from") is { } from) payments = payments.Where(p => p.PaymentDate >= from);
        if (query.FilterDate("to") is { } to) payments = payments.Where(p => p.PaymentDate <= to);
        if (query.FilterNumber("min") is { } min) payments = payments.Where(p => p.Amount >= min);
        if (query.FilterNumber("max") is { } max) payments = payments.Where(p => p.Amount <= max);
        if (Choices<PaymentState>(query.Filter("state")) is { Count: > 0 } states)
            payments = payments.Where(p => states.Contains(p.StatusId));
        if (Choices<ChargeKind>(query.Filter("kind")) is { Count: > 0 } kinds)
        {
            payments = payments.Where(p => db.PaymentApplications.Any(a => a.PaymentId == p.Id && kinds.Contains(a.Charge!.Kind)));
        }

        if (Numbers(query.Filter("method")) is { Count: > 0 } methods)
            payments = payments.Where(p => methods.Contains(p.PaymentMethodId ?? 0));
        if (query.FilterNumber("apartment") is { } apartment) payments = payments.Where(p => p.ApartmentId == apartment);
        if (query.FilterNumber("payer") is { } payer) payments = payments.Where(p => p.OwnerId == payer);
        return Searched(payments, db, query.Search, units, year);
    }

    /// <summary>
    /// A receipt's number, a tower with a unit, or words each of which is found in the apartment, its tower, the payer, the receipt or the
    /// reference: "rc 2026 12", "B 1204", "ruiz pse 8841".
    /// </summary>
    private static IQueryable<Payment> Searched(IQueryable<Payment> payments, PortalDb db, string? search, UnitSearch units, int year)
    {
        if (RunningNumber.Read(search, PaymentDesk.Series, year) is { Count: > 0 } numbers)
            return payments.Where(p => numbers.Contains(p.ReceiptNumber!));
        var inUnits = units.Beginning(db).Select(a => a.Id);
        if (units.Named.Count > 0) return payments.Where(p => inUnits.Contains(p.ApartmentId ?? 0));
        foreach (
            var word in (search ?? "")
                .Split([' ', ',', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Take(6)
        )
        {
            payments = payments.Where(p =>
                inUnits.Contains(p.ApartmentId ?? 0)
                || p.Apartment!.ApartmentNumber.StartsWith(word)
                || p.Apartment.Tower!.Name == word
                || p.ReceiptNumber!.Contains(word)
                || p.ReferenceNumber!.Contains(word)
                || (word.Length > 1 && p.PaymentMethod!.Name.StartsWith(word))
                || (word.Length > 1 && p.Apartment.Tower.Name.Contains(word))
                || db.Profiles.Any(f =>
                    f.UserId == p.Owner!.UserId
                    && (
                        f.FirstName.StartsWith(word)
                        || f.LastName.StartsWith(word)
                        || (word.Length > 2 && (f.FirstName.Contains(word) || f.LastName.Contains(word)))
                    )
                )
            );
        }

        return payments;
    }

    /// <summary>By a column's key; the newest first where none or an unknown one is asked for. The id makes the order unique.</summary>
    internal static IOrderedQueryable<Payment> Sorted(this IQueryable<Payment> payments, PortalDb db, ListQuery query)
    {
        var down = query.Descending;
        var sorted = query.Sort switch
        {
            "receipt" => payments.By(p => p.ReceiptNumber, down),
            "apartment" => payments
                .By(p => p.Apartment!.Tower!.Name, down)
                .Then(p => p.Apartment!.ApartmentNumber.Length, down)
                .Then(p => p.Apartment!.ApartmentNumber, down),
            "payer" => payments.By(
                p =>
                    db.Profiles.Where(f => f.UserId == p.Owner!.UserId)
                        .OrderBy(f => f.Id)
                        .Select(f => f.FullName)
                        .FirstOrDefault(),
                down
            ),
            "method" => payments.By(p => p.PaymentMethodId, down).Then(p => p.ReferenceNumber, down),
            "state" => payments.By(p => p.StatusId, down),
            "amount" => payments.By(p => p.Amount, down),
            "confirmed" => payments.By(p => p.ConfirmedAt, down),
            "date" => payments.By(p => p.PaymentDate, down).Then(p => p.PaymentTime, down),
            _ => payments.By(p => p.PaymentDate, down = true).Then(p => p.PaymentTime, down),
        };
        return sorted.Then(p => p.Id, down);
    }

    private static IOrderedQueryable<Payment> By<TKey>(
        this IQueryable<Payment> payments, Expression<Func<Payment, TKey>> key,
        bool descending) => descending ? payments.OrderByDescending(key) : payments.OrderBy(key);

    private static IOrderedQueryable<Payment> Then<TKey>(
        this IOrderedQueryable<Payment> payments, Expression<Func<Payment, TKey>> key,
        bool descending) => descending ? payments.ThenByDescending(key) : payments.ThenBy(key);

    private static List<TEnum> Choices<TEnum>(string? text)
        where TEnum : struct, Enum =>
        [
            .. (text ?? "")
                .Split(',')
                .Select(one => Enum.TryParse<TEnum>(one, ignoreCase: true, out var value) && Enum.IsDefined(value) ? value : (TEnum?)null)
                .OfType<TEnum>(),
        ];

    private static List<int> Numbers(string? text) =>
        [.. (text ?? "").Split(',').Select(one => int.TryParse(one, out var value) ? value : (int?)null).OfType<int>()];
}
