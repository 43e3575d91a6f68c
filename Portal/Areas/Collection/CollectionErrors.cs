using System.Globalization;
using Microsoft.Extensions.Localization;
using Portal.Data;
using Portal.Resources;

namespace Portal.Areas.Collection;

/// <summary>Refusals of collection, with their days, months and sums as the language writes them.</summary>
internal static class CollectionErrors
{
    /// <summary>A refusal in words.</summary>
    public static string Say(Error error, IStringLocalizer<CollectionWords> words) =>
        words["error." + error.Code, [.. Told([error])[0].Values.Select(value => value ?? "")]];

    public static IReadOnlyList<Error> Told(IReadOnlyList<Error> errors) =>
    [
        .. errors.Select(error => error with
        {
            Values = [.. error.Values.Select(value => value switch
            {
                DateOnly month when error.Code.EndsWith(".rate", StringComparison.Ordinal) => Formats.MonthYear(month),
                DateOnly day => Formats.LongDate(day),
                decimal sum => Formats.Money(sum),
                int number => number.ToString(CultureInfo.CurrentCulture),
                _ => value,
            })],
        }),
    ];
}
