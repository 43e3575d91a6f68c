using System.Globalization;

namespace Portal.Documents;

/// <summary>
/// Writes a sum of pesos in words, as a receipt must carry it: "Un millón cien mil pesos colombianos", "One million one
/// hundred thousand Colombian pesos". Spanish counts by the long scale (mil millones, billón), English by the short one.
/// The grammar of numbers is code and not a resource: a translator cannot change it by changing words.
/// </summary>
public static class NumberWords
{
    /// <summary>The largest sum that can be written, a peso short of a thousand billones.</summary>
    public const decimal Most = 999_999_999_999_999m;

    private static readonly string[] SpanishSmall =
    [
        "cero",
        "un",
        "dos",
        "tres",
        "cuatro",
        "cinco",
        "seis",
        "siete",
        "ocho",
        "nueve",
        "diez",
        "once",
        "doce",
        "trece",
        "catorce",
        "quince",
        "dieciséis",
        "diecisiete",
        "dieciocho",
        "diecinueve",
        "veinte",
        "veintiún",
        "veintidós",
        "veintitrés",
        "veinticuatro",
        "veinticinco",
        "veintiséis",
        "veintisiete",
        "veintiocho",
        "veintinueve",
    ];

    private static readonly string[] SpanishTens =
    [
        "",
        "",
        "",
        "treinta",
        "cuarenta",
        "cincuenta",
        "sesenta",
        "setenta",
        "ochenta",
        "noventa",
    ];

    private static readonly string[] SpanishHundreds =
    [
        "",
        "ciento",
        "doscientos",
        "trescientos",
        "cuatrocientos",
        "quinientos",
        "seiscientos",
        "setecientos",
        "ochocientos",
        "novecientos",
    ];

    private static readonly string[] EnglishSmall =
    [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen",
        "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
    ];

    private static readonly string[] EnglishTens = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

    private static readonly (long Size, string Name)[] EnglishScales =
        [(1_000_000_000_000, "trillion"), (1_000_000_000, "billion"), (1_000_000, "million"), (1_000, "thousand")];

    /// <summary>The sum in words with a capital first letter; pesos are rounded as <see cref="Formats.Money"/> rounds them.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The sum is beyond <see cref="Most"/>.</exception>
    public static string Pesos(decimal amount, CultureInfo? culture = null)
    {
        var rounded = Math.Round(amount, 0, MidpointRounding.AwayFromZero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Math.Abs(rounded), Most, nameof(amount));
        var (negative, number) = (rounded < 0, (long)Math.Abs(rounded));
        var text = Formats.LanguageOf(culture).TwoLetterISOLanguageName == "en"
            ? (negative ? "minus " : "") + English(number) + (number == 1 ? " Colombian peso" : " Colombian pesos")
            : (negative ? "menos " : "") + Spanish(number) + SpanishCurrency(number);
        return char.ToUpperInvariant(text[0]) + text[1..];
    }

    /// <summary>A round number of millions takes "de": "dos millones de pesos", but "dos millones cien mil pesos".</summary>
    private static string SpanishCurrency(long number) => number switch
    {
        1 => " peso colombiano",
        >= 1_000_000 when number % 1_000_000 == 0 => " de pesos colombianos",
        _ => " pesos colombianos",
    };

    private static string Spanish(long number)
    {
        if (number < 1_000_000)
        {
            return SpanishThousands(number);
        }

        // Steps of a million: millones, billones. Within each step the thousands are counted ("mil doscientos millones").
        return number < 1_000_000_000_000
            ? Step(number, 1_000_000, "millón", "millones")
            : Step(number, 1_000_000_000_000, "billón", "billones");

        static string Step(long number, long size, string one, string many)
        {
            var (count, rest) = (number / size, number % size);
            return SpanishThousands(count) + " " + (count == 1 ? one : many) + (rest == 0 ? "" : " " + Spanish(rest));
        }
    }

    private static string SpanishThousands(long number)
    {
        var (thousands, rest) = (number / 1000, number % 1000);
        if (thousands == 0)
        {
            return SpanishBelowThousand(rest);
        }

        var head = thousands == 1 ? "mil" : SpanishBelowThousand(thousands) + " mil";
        return rest == 0 ? head : head + " " + SpanishBelowThousand(rest);
    }

    private static string SpanishBelowThousand(long number) => number switch
    {
        < 30 => SpanishSmall[number],
        < 100 => SpanishTens[number / 10] + (number % 10 == 0 ? "" : " y " + SpanishSmall[number % 10]),
        100 => "cien",
        _ => SpanishHundreds[number / 100] + (number % 100 == 0 ? "" : " " + SpanishBelowThousand(number % 100)),
    };

    private static string English(long number)
    {
        if (number < 1000)
        {
            return EnglishBelowThousand(number);
        }

        var (size, name) = EnglishScales.First(scale => number >= scale.Size);
        var rest = number % size;
        return EnglishBelowThousand(number / size) + " " + name + (rest == 0 ? "" : " " + English(rest));
    }

    private static string EnglishBelowThousand(long number) => number switch
    {
        < 20 => EnglishSmall[number],
        < 100 => EnglishTens[number / 10] + (number % 10 == 0 ? "" : "-" + EnglishSmall[number % 10]),
        _ => EnglishSmall[number / 100] + " hundred" + (number % 100 == 0 ? "" : " " + EnglishBelowThousand(number % 100)),
    };
}
