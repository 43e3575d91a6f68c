using System.Globalization;

namespace Portal.Data.Expenses;

/// <summary>
/// NIT of Colombia with its check digit (Orden Administrativa 4 of 1989 of the DIAN): each digit from the right times a prime of a fixed
/// list, the sum modulo 11, and what is above 1 taken from 11.
/// </summary>
public static class TaxNumber
{
    private static readonly int[] Weights = [3, 7, 13, 17, 19, 23, 29, 37, 41, 43, 47, 53, 59, 67, 71];

    /// <summary>The check digit of a number without it.</summary>
    /// <param name="digits">One to fifteen.</param>
    public static int CheckDigit(string digits)
    {
        if (digits.Length is 0 or > 15 || !digits.All(char.IsAsciiDigit))
            throw new ArgumentException($"'{digits}' is not one to fifteen digits.", nameof(digits));
        var sum = 0;
        for (var i = 0; i < digits.Length; i++) sum += (digits[digits.Length - 1 - i] - '0') * Weights[i];
        var rest = sum % 11;
        return rest > 1 ? 11 - rest : rest;
    }

    /// <summary>
    /// What was typed as it is kept: <c>NIT 900.123.456 - 8</c> is <c>900123456-8</c>. The check digit stands behind a dash: without it
    /// nobody could tell ten digits with a check digit from an identity card of ten digits.
    /// </summary>
    /// <returns>Null, with why not: <c>supplier.tax_id</c> where it is none, <c>supplier.tax_id.digit</c> where the digit is of another
    /// number.</returns>
    public static string? Read(string typed, out Error? error)
    {
        var text = typed.Trim();
        if (text.StartsWith("NIT", StringComparison.OrdinalIgnoreCase)) text = text[3..];
        text = string.Concat(text.Where(c => !char.IsWhiteSpace(c) && c is not ('.' or ',')));
        error = null;
        if (text.Split('-') is [{ Length: >= 6 and <= 12 } number, { Length: 1 } digit] && (number + digit).All(char.IsAsciiDigit))
        {
            if (CheckDigit(number) == digit[0] - '0') return $"{number}-{digit}";
            error = new Error("supplier.tax_id.digit", "TaxId");
        }
        else
        {
            error = new Error("supplier.tax_id", "TaxId");
        }

        return null;
    }

    /// <summary>With dots: <c>900.123.456-8</c>.</summary>
    public static string? Written(string? taxId) => taxId?.Split('-') is [var number, var digit]
        && long.TryParse(number, CultureInfo.InvariantCulture, out var value)
            ? $"{value.ToString("#,0", CultureInfo.InvariantCulture).Replace(',', '.')}-{digit}"
            : taxId;
}
