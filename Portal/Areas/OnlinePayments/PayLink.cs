using System.Globalization;
using Portal.Data.OnlinePayments;

namespace Portal.Areas.OnlinePayments;

/// <summary>Where a resident pays: over the gateway where the building has one, else where they report what they paid.</summary>
public sealed class PayLink(IEnumerable<IPaymentProvider> providers)
{
    public bool Online { get; } = providers.Any();

    /// <param name="apartment">Null where a booking is of no apartment: the person chooses.</param>
    /// <param name="amount">Whole pesos; null: what the apartment owes.</param>
    public string To(long? apartment, decimal? amount = null) =>
        Address(Online ? "pay" : "report", apartment, amount);

    public static string ToReport(long? apartment, decimal? amount = null) => Address("report", apartment, amount);

    private static string Address(string page, long? apartment, decimal? amount) => string.Create(
        CultureInfo.InvariantCulture, $"/payments/{page}?apartment={apartment}{(amount is { } sum ? $"&amount={sum:0}" : "")}");
}
