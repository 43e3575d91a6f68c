using System.Globalization;
using Microsoft.Extensions.Localization;
using Portal.Data;
using Portal.Resources;

namespace Portal.Areas.Billing;

/// <summary>Refusals of billing in words, with their days and sums as the language writes them.</summary>
internal static class BillingErrors
{
    public static string Say(Error error, IStringLocalizer<BillingWords> words)
    {
        var values = error.Values.Select(value => value switch
        {
            DateOnly day => day.Day == 1 ? Formats.MonthYear(day) : Formats.LongDate(day),
            decimal sum when error.Code == "billing.coefficients" => Formats.Number(sum, 6),
            decimal sum => Formats.Money(sum),
            _ => value,
        });
        return words["error." + error.Code, [.. values.Select(v => v ?? "")]];
    }

    /// <summary>The same, for a summary that names the fields.</summary>
    public static IReadOnlyList<Error> Told(IReadOnlyList<Error> errors) =>
    [
        .. errors.Select(error => error with
        {
            Values = [.. error.Values.Select(value => value switch
            {
                DateOnly day => Formats.LongDate(day),
                decimal sum => Formats.Money(sum),
                int number => number.ToString(CultureInfo.CurrentCulture),
                _ => value,
            })],
        }),
    ];
}
