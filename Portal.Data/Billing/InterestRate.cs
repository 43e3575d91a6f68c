namespace Portal.Data.Billing;

/// <summary>How the interest of a day is worked out from a yearly rate.</summary>
public enum InterestMethod
{
    /// <summary>(1 + yearly)^(1/365) - 1 for each day: the default.</summary>
    Daily,

    /// <summary>((1 + yearly)^(1/12) - 1) / 30 for each day: as some books do, a setting.</summary>
    Monthly30,
}

/// <summary>
/// What may be charged in a month on what is late. At most one and a half times the <i>interés bancario corriente</i> that the
/// Superintendencia Financiera certifies for consumer and ordinary credit, or less where the assembly decided so (Ley 675 of 2001, art.
/// 30).
/// </summary>
/// <param name="Month">The first day of the month that it holds for.</param>
/// <param name="Certified">Percent a year, effective: 16.24.</param>
/// <param name="Assembly">The lower yearly rate that the assembly decided; null where it decided none.</param>
public sealed record InterestRate(DateOnly Month, decimal Certified, decimal? Assembly = null)
{
    /// <summary>The most that the law allows, percent a year, effective: 24.36.</summary>
    public decimal Cap => Certified * 1.5m;

    /// <summary>What is charged, percent a year, effective: never above the cap.</summary>
    public decimal Yearly => Assembly is { } lower && lower < Cap ? lower : Cap;

    /// <summary>
    /// The rate of one day, to ten decimals. Never a twelfth of the yearly rate a month: an effective rate divided by twelve breaks the cap
    /// (Superfinanciera, concept 2009046566).
    /// </summary>
    public decimal OfDay(InterestMethod method = InterestMethod.Daily)
    {
        var whole = 1 + (double)(Yearly / 100);
        var day = method == InterestMethod.Daily ? Math.Pow(whole, 1d / 365) - 1 : (Math.Pow(whole, 1d / 12) - 1) / 30;
        return Math.Round((decimal)day, 10, MidpointRounding.AwayFromZero);
    }
}
