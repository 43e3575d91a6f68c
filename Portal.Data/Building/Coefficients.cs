using System.Globalization;

namespace Portal.Data.Building;

/// <summary>Whether coefficients add up to the whole (Ley 675 of 2001, arts. 25 and 26).</summary>
public static class Coefficients
{
    /// <summary>The most decimals that the column keeps.</summary>
    public const int Decimals = 6;

    /// <summary>
    /// By how much a sum of coefficients may miss 100 because each was rounded once: half of its last decimal for each of them. The rules
    /// of a building print four or six decimals; a wider tolerance would let a forgotten unit pass.
    /// </summary>
    public static decimal Tolerance(IEnumerable<decimal> coefficients)
    {
        var (count, scale) = (0, 0);
        foreach (var one in coefficients)
        {
            count++;
            scale = Math.Max(scale, ScaleOf(one));
        }

        var half = 0.5m;
        for (var i = 0; i < Math.Min(scale, Decimals); i++) half /= 10;
        // Few decimals mean that somebody wrote round figures, not that they rounded: those must add up.
        return scale < 2 ? 0 : half * count;
    }

    private static int ScaleOf(decimal number)
    {
        var text = number.ToString("0.######", CultureInfo.InvariantCulture);
        return text.IndexOf('.', StringComparison.Ordinal) is >= 0 and var at ? text.Length - at - 1 : 0;
    }
}
