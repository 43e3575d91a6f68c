using System.Globalization;
using Portal.Data.Bank;

namespace Portal.Data.FirstDay;

/// <summary>Reads what people write into cells.</summary>
internal static class ImportCells
{
    private const int Shown = 40;

    /// <summary>How people say that there is nothing.</summary>
    private static readonly HashSet<string> Nothing =
        ["", "NA", "NT", "NO", "NINGUNO", "NINGUNA", "NOTIENE", "NOAPLICA", "SININFORMACION", "SINDATO", "VACIO", "NONE", "NULL"];

    private static readonly string[] Between = [",", ";", "/", "&", "|", "\n", " y ", " Y ", " and "];

    /// <summary>One line, without what only says that there is nothing.</summary>
    public static string Clean(string cell)
    {
        var text = string.Join(' ', cell.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return Nothing.Contains(Spelling.WordKey(text)) ? "" : text;
    }

    /// <summary>Several in one cell: plates, numbers of apartments.</summary>
    public static IReadOnlyList<string> Parts(string text) =>
        text.Split(Between, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    public static string Short(string text) => text.Length <= Shown ? text : text[..Shown].TrimEnd() + "…";

    /// <summary>
    /// Whole pesos: <c>1.234.567</c>, <c>1,234,567</c>, <c>$ 1 234 567</c>, <c>486.000,00</c>. Separators stand in threes; cents that are
    /// zero are dropped. <c>12.5</c> is no sum of pesos, and never read as 125.
    /// </summary>
    /// <returns>Null where it is none; zero for a dash.</returns>
    public static decimal? Pesos(string text)
    {
        var digits = text.Replace("$", "", StringComparison.Ordinal).Replace("COP", "", StringComparison.OrdinalIgnoreCase)
            .Replace(" ", "", StringComparison.Ordinal).Replace("\u00a0", "", StringComparison.Ordinal)
            .Replace("'", "", StringComparison.Ordinal).Replace('−', '-');
        if (digits == "-") return 0;
        var negative = digits.StartsWith('-') || digits.EndsWith('-') || (digits.StartsWith('(') && digits.EndsWith(')'));
        digits = digits.Trim('-', '+', '(', ')');
        if (digits.LastIndexOfAny([',', '.']) is >= 0 and var last && digits.Length - last - 1 is 1 or 2)
        {
            if (digits[(last + 1)..].Trim('0').Length > 0) return null;
            digits = digits[..last];
        }

        var groups = digits.Split(',', '.');
        if (digits.Contains(',', StringComparison.Ordinal) && digits.Contains('.', StringComparison.Ordinal)) return null;
        if (groups.Length > 1 && (groups[0].Length is 0 or > 3 || groups.Skip(1).Any(g => g.Length != 3))) return null;
        var plain = string.Concat(groups);
        if (plain.Length is 0 or > 12 || !plain.All(char.IsAsciiDigit)) return null;
        var amount = decimal.Parse(plain, CultureInfo.InvariantCulture);
        return negative ? -amount : amount;
    }

    /// <summary>A number with decimals, whichever sign they have; a percent sign is read over.</summary>
    public static decimal? Number(string text)
    {
        var digits = text.Replace("%", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal)
            .Replace("m2", "", StringComparison.OrdinalIgnoreCase).Replace("m²", "", StringComparison.OrdinalIgnoreCase);
        if (digits.LastIndexOfAny([',', '.']) is >= 0 and var last)
        {
            var whole = digits[..last].Replace(",", "", StringComparison.Ordinal).Replace(".", "", StringComparison.Ordinal);
            digits = $"{(whole.Length == 0 ? "0" : whole)}.{digits[(last + 1)..]}";
        }

        return decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && number < 1_000_000_000
            ? number
            : null;
    }

    /// <summary>The format that most days of a column are written in: one column has one.</summary>
    public static string DayFormat(IReadOnlyList<string> days)
    {
        var some = days.Where(d => d.Length > 0).Take(500).ToList();
        return BankFormat.DateFormats.MaxBy(f => some.Count(d => SheetFile.Day(d, f) is not null))!;
    }

    /// <summary>
    /// First and last names. Before a comma stand the last names; else of two words the second is the last name, of three the last two, of
    /// more all but two: people here have two last names.
    /// </summary>
    /// <returns>Null where it is one word, or longer than the columns.</returns>
    public static (string First, string Last)? Name(string text)
    {
        var comma = text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        (string First, string Last) name;
        if (comma.Length == 2) name = (comma[1], comma[0]);
        else
        {
            var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length < 2) return null;
            var first = words.Length <= 3 ? 1 : 2;
            name = (string.Join(' ', words[..first]), string.Join(' ', words[first..]));
        }

        return name.First.Length is 0 or > 100 || name.Last.Length is 0 or > 100 ? null : name;
    }

    /// <summary>The first of several, as long as the column; what does not fit is nobody's number.</summary>
    public static string? Phone(string text)
    {
        var first = Parts(text).FirstOrDefault() ?? "";
        if (first.Length > 20) first = first.Replace(" ", "", StringComparison.Ordinal);
        return first.Length is 0 or > 20 ? null : first;
    }

    /// <summary>The id of <c>document_types</c>.</summary>
    /// <param name="number">As written: a kind may stand before it.</param>
    /// <returns>Null where the kind is said and is none.</returns>
    public static int? DocumentKind(string kind, string number)
    {
        var key = Spelling.WordKey(kind);
        if (key.Length == 0)
            key = string.Concat(Spelling.WordKey(number).TakeWhile(char.IsAsciiLetter)) is { Length: >= 2 and <= 3 } said ? said : "";
        return key switch
        {
            "CC" or "C" or "CEDULA" or "CEDULADECIUDADANIA" or "CEDULACIUDADANIA" => 1,
            "CE" or "CEDULADEEXTRANJERIA" or "EXTRANJERIA" => 2,
            "TI" or "TARJETADEIDENTIDAD" => 3,
            "PA" or "PAS" or "PP" or "PASAPORTE" or "PASSPORT" => 4,
            "NIT" => 5,
            "PPT" or "PEP" => 6,
            "" => number.Any(char.IsLetter) ? 4 : number.Contains('-', StringComparison.Ordinal) ? 5 : 1,
            _ when kind.Length == 0 => 4,
            _ => null,
        };
    }

    /// <summary>The id of <c>vehicle_types</c>; where it is not said, by the shape of the plate.</summary>
    public static int? VehicleKind(string kind, string? plate) => Spelling.WordKey(kind) switch
    {
        "CARRO" or "AUTO" or "AUTOMOVIL" or "CAR" or "VEHICULO" or "PARTICULAR" or "CAMPERO" or "C" => 1,
        "MOTO" or "MOTOCICLETA" or "MOTORCYCLE" or "M" => 2,
        "CAMION" or "TRUCK" => 3,
        "CAMIONETA" or "VAN" or "FURGONETA" => 4,
        "" => Spelling.Key(plate) is { Length: 6 } key && char.IsAsciiLetter(key[5]) && char.IsAsciiDigit(key[4]) ? 2 : 1,
        _ => null,
    };
}
