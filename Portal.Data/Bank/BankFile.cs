using System.Globalization;
using static Portal.Data.SheetFile;

namespace Portal.Data.Bank;

/// <summary>Reads what banks let people download: text with separators in either encoding, or a workbook.</summary>
internal static class BankFile
{
    /// <summary>Bytes of a file; two years of a busy account are a tenth of it.</summary>
    public const int Largest = 5 * 1024 * 1024;

    /// <summary>Rows of a file.</summary>
    public const int MostRows = 50_000;

    private const int LongestReference = 60, LongestText = 200, Shown = 40;

    /// <summary>The cells of each row as they stand, with the row's number; rows that are empty are left out.</summary>
    /// <exception cref="InvalidDataException">It is neither text nor a workbook, or has too many rows.</exception>
    public static List<(int Row, string[] Cells)> Cells(byte[] content, char separator, string encoding) =>
        SheetFile.Cells(content, separator, encoding, MostRows, decimals: 2);

    /// <summary>The lines, and each row that is none with its reason.</summary>
    public static BankFileContent Read(List<(int Row, string[] Cells)> rows, BankFormat format, DateOnly today)
    {
        List<FileLine> lines = [];
        List<BadRow> bad = [];
        var alike = new Dictionary<(DateOnly, decimal, string, string), int>();
        foreach (var (row, cells) in rows.Skip(format.HeaderRows))
        {
            var (date, reference, text) = (Cell(cells, format.Date), Squeeze(Cell(cells, format.Reference), LongestReference),
                Squeeze(Cell(cells, format.Text), LongestText));
            if (Day(date, format.DateFormat) is not { } day) bad.Add(new BadRow(row, RowFault.Date, Squeeze(date, Shown)));
            else if (day > today) bad.Add(new BadRow(row, RowFault.Future, Squeeze(date, Shown)));
            else if (Amount(cells, format, out var amount) is { } fault)
                bad.Add(new BadRow(row, fault.Fault, Squeeze(fault.Value, Shown)));
            else
            {
                var ordinal = alike[(day, amount, reference, text)] = alike.GetValueOrDefault((day, amount, reference, text)) + 1;
                lines.Add(new FileLine(
                    row, day, amount, reference, text, ordinal, Number(Cell(cells, format.Balance), format.DecimalComma)));
            }
        }

        return new BankFileContent(lines, bad, Closing(lines));
    }

    /// <summary>What the file most likely is; null where no row of it has a day and a sum.</summary>
    public static BankFormat? Guess(byte[] content)
    {
        var encoding = IsUtf8(content) ? BankFormat.Utf8 : BankFormat.Windows;
        var best = BankFormat.Separators
            .Select(separator => (Separator: separator, Rows: Cells(content, separator, encoding)))
            .Select(c => (c.Separator, c.Rows, Format: Guess(c.Rows, c.Separator, encoding)))
            .Where(c => c.Format is not null)
            .MaxBy(c => c.Rows.Take(50).Sum(r => r.Cells.Length));
        return best.Format;
    }

    private static BankFormat? Guess(List<(int Row, string[] Cells)> rows, char separator, string encoding)
    {
        // The first row with a day ends the head; what is above it names the columns.
        var first = rows.FindIndex(r => r.Cells.Any(c => LooksLikeDay(c)) && r.Cells.Any(LooksLikeSum));
        if (first < 0 || first > 100) return null;
        var sample = rows.Skip(first).Take(200).Select(r => r.Cells).ToList();
        var width = Math.Min(sample.Max(c => c.Length), MostColumns);
        var names = first == 0 ? [] : rows[first - 1].Cells;
        int? Named(params string[] words) =>
            Enumerable.Range(0, Math.Min(names.Length, width)).FirstOrDefault(
                i => words.Any(w => Plain(names[i]).Contains(w, StringComparison.Ordinal)), -1) is >= 0 and var at ? at + 1 : null;
        List<int> Filled(Func<string, bool> like) =>
            [.. Enumerable.Range(1, width).Where(c => sample.Count(r => like(Cell(r, c))) * 2 > sample.Count)];

        if ((Named("fecha", "date") ?? Filled(LooksLikeDay).Cast<int?>().FirstOrDefault()) is not { } date) return null;
        var day = BankFormat.DateFormats
                .FirstOrDefault(f => sample.All(r => Cell(r, date).Length == 0 || Day(Cell(r, date), f) is not null))
            ?? BankFormat.DateFormats.MaxBy(f => sample.Count(r => Day(Cell(r, date), f) is not null))!;
        var (debit, credit) = (Named("debito", "cargo", "retiro", "debit", "withdrawal"), Named("credito", "abono", "deposito", "credit"));
        var balance = Named("saldo", "balance");
        var reference = Named("referencia", "documento", "reference", "comprobante", "cheque");
        int? amount = debit is not null && credit is not null ? null : Named("valor", "monto", "importe", "amount");
        if (amount is null && (debit is null || credit is null))
            amount = Filled(LooksLikeSum).Where(c => c != date && c != balance && c != reference).Cast<int?>().FirstOrDefault();
        if (amount is null && (debit is null || credit is null)) return null;
        var taken = new[] { date, amount, debit, credit, balance, reference };
        var text = Named("descripcion", "concepto", "detalle", "transaccion", "movimiento", "description")
            ?? Enumerable.Range(1, width).Where(c => !taken.Contains(c))
                .OrderByDescending(c => sample.Sum(r => Cell(r, c).Count(char.IsLetter))).Cast<int?>().FirstOrDefault();
        if (amount is not null) (debit, credit) = (null, null);
        return new BankFormat(
            separator, encoding, first, date, text, reference, amount, debit, credit, balance, day,
            HasDecimalComma(sample.SelectMany(r => new[] { amount, debit, credit, balance }.Select(c => Cell(r, c)))));
    }

    private static string Cell(string[] cells, int? column) => column is { } c && c <= cells.Length ? cells[c - 1] : "";

    private static string Squeeze(string text, int longest)
    {
        var squeezed = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return squeezed.Length <= longest ? squeezed : squeezed[..longest].TrimEnd();
    }

    private static (RowFault Fault, string Value)? Amount(string[] cells, BankFormat format, out decimal amount)
    {
        amount = 0;
        if (format.Amount is not null)
        {
            var text = Cell(cells, format.Amount);
            if (Number(text, format.DecimalComma) is not { } found) return (RowFault.Amount, text);
            amount = found;
        }
        else
        {
            var (debit, credit) = (Cell(cells, format.Debit), Cell(cells, format.Credit));
            var (gone, come) = (Number(debit, format.DecimalComma), Number(credit, format.DecimalComma));
            if ((debit.Length > 0 && gone is null) || (credit.Length > 0 && come is null) || (gone is null && come is null))
                return (RowFault.Amount, $"{debit} {credit}");
            if (gone is not (null or 0) && come is not (null or 0)) return (RowFault.Both, $"{debit} {credit}");
            // Whatever sign the bank gives what went out.
            amount = come is not (null or 0) ? come.Value : -Math.Abs(gone ?? 0);
        }

        return amount == 0 ? (RowFault.Zero, "0") : null;
    }

    /// <summary>A sum, with separators of thousands where they belong; a minus before or behind it, or brackets around it.</summary>
    private static decimal? Number(string text, bool comma)
    {
        var digits = text.Replace("$", "", StringComparison.Ordinal).Replace("COP", "", StringComparison.OrdinalIgnoreCase)
            .Replace(" ", "", StringComparison.Ordinal).Replace("\u00a0", "", StringComparison.Ordinal)
            .Replace('−', '-').Replace("'", "", StringComparison.Ordinal);
        var negative = digits.StartsWith('-') || digits.EndsWith('-') || (digits.StartsWith('(') && digits.EndsWith(')'));
        digits = digits.Trim('-', '+', '(', ')');
        if (digits.Length == 0) return null;
        var (point, group) = comma ? (',', '.') : ('.', ',');
        var parts = digits.Split(point);
        if (parts.Length > 2) return null;
        var whole = parts[0].Split(group);
        // Separators stand in threes: what does not is another number than it seems.
        if (whole.Length > 1 && (whole[0].Length is 0 or > 3 || whole.Skip(1).Any(w => w.Length != 3))) return null;
        var cents = parts.Length == 2 ? parts[1] : "";
        if (cents.TrimEnd('0').Length > 2) return null;
        var plain = string.Concat(whole) + "." + (cents.Length == 0 ? "0" : cents);
        if (plain.Any(c => c != '.' && !char.IsAsciiDigit(c))) return null;
        if (!decimal.TryParse(plain, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount)) return null;
        return amount > 99_999_999_999_999m ? null : negative ? -amount : amount;
    }

    /// <summary>Pesos after the last line: banks write the newest first or last.</summary>
    private static decimal? Closing(List<FileLine> lines)
    {
        if (lines.Count == 0) return null;
        var last = lines[^1].Day >= lines[0].Day ? lines[^1] : lines[0];
        if (lines[^1].Day != lines[0].Day || lines.Count == 1) return last.Balance;
        // All of one day: the balance tells the direction, where it follows from the line before.
        return lines[1].Balance - lines[1].Amount == lines[0].Balance ? lines[^1].Balance : lines[0].Balance;
    }

    private static bool LooksLikeDay(string cell) =>
        cell.Length is >= 6 and <= 25 && BankFormat.DateFormats.Any(f => f is not ("yyyyMMdd" or "ddMMyyyy") && Day(cell, f) is not null)
        || (cell.Length == 8 && Day(cell, "yyyyMMdd") is { Year: >= 2000 and <= 2100 });

    private static bool LooksLikeSum(string cell) =>
        cell.Any(char.IsAsciiDigit) && !LooksLikeDay(cell) && (Number(cell, true) ?? Number(cell, false)) is not null;

    /// <summary>By the last separator of each sum: before one or two digits it is the decimal sign, before three it is not.</summary>
    private static bool HasDecimalComma(IEnumerable<string> sums)
    {
        var (comma, point) = (0, 0);
        foreach (var sum in sums)
        {
            var digits = sum.TrimEnd(' ', '-', ')');
            if (digits.LastIndexOfAny([',', '.']) is not (>= 0 and var at)) continue;
            var isCents = digits.Length - at - 1 is 1 or 2;
            if ((digits[at] == ',') == isCents) comma++;
            else point++;
        }

        // Nothing tells: as this country writes, unless nothing is written at all.
        return comma >= point && comma + point > 0;
    }
}
