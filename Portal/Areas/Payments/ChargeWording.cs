using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Localization;
using Portal.Data.Payments;
using Portal.Resources;

namespace Portal.Areas.Payments;

/// <summary>
/// What a charge is for, in the reader's language. The books keep Spanish: what the portal itself wrote there is said anew, what a person
/// wrote stays. Papers that were issued stay as well: they read the books.
/// </summary>
public static partial class ChargeWording
{
    private static readonly CultureInfo Books = CultureInfo.GetCultureInfo("es");

    private static readonly string[] Days = ["d MMM yyyy", "d MMM. yyyy", "d 'de' MMMM", "d 'de' MMMM 'de' yyyy"];

    public static string Concept(this IStringLocalizer<PaymentsWords> words, ChargeKind kind, DateOnly? period, string concept) =>
        (kind, period) switch
        {
            (ChargeKind.Interest, { } month) when Begins(concept, "Intereses de mora,") =>
                words["concept.interest", month.ToString("MMMM", Formats.LanguageOf())],
            (ChargeKind.Interest, { } month) when InterestDays().Match(concept) is { Success: true } found => words[
                "concept.interest.days", found.Groups[1].Value, Formats.MonthYear(month), found.Groups[2].Value],
            (ChargeKind.Fee, { } month) when Begins(concept, "Administración de ") => words["concept.fee", Formats.MonthYear(month)],
            (ChargeKind.Booking, _) when Begins(concept, "Reserva ") => words["concept.booking", Day(concept["Reserva ".Length..])],
            (ChargeKind.Deposit, _) when Begins(concept, "Depósito ") => words["concept.deposit", Day(concept["Depósito ".Length..])],
            _ => concept,
        };

    /// <summary>"Intereses 16 al 31 de octubre 2025: Administración de octubre de 2025".</summary>
    [GeneratedRegex("^Intereses ([0-9 al]+) de [^:]+: (.+)$")]
    private static partial Regex InterestDays();

    private static bool Begins(string concept, string with) => concept.StartsWith(with, StringComparison.Ordinal);

    /// <summary>"Piscina, 5 dic 2026" with its day in the reader's language.</summary>
    private static string Day(string text)
    {
        var comma = text.LastIndexOf(", ", StringComparison.Ordinal);
        if (comma < 0 || Formats.LanguageOf().Name == Books.Name) return text;
        var (place, day) = (text[..comma], text[(comma + 2)..]);
        if (!DateOnly.TryParseExact(day, Days, Books, DateTimeStyles.None, out var date)) return text;
        return $"{place}, {(char.IsAsciiDigit(day[^1]) ? Formats.ShortDate(date) : Formats.DayMonth(date))}";
    }
}
