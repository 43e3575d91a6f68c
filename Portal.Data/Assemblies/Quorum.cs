namespace Portal.Data.Assemblies;

/// <summary>A unit of the frozen register.</summary>
/// <param name="Coefficient">In percent.</param>
/// <param name="OwnerId">Who answers for it; null counts as somebody of its own.</param>
public sealed record RegisteredUnit(long ApartmentId, string Unit, decimal Coefficient, long? OwnerId, string? Owner = null);

/// <summary>
/// What is represented. There is a quorum with two owners or more, present or by proxy, who have more than half of the coefficients (Ley
/// 675 of 2001, art. 45); in a second call with any number of them (art. 41), and several are two.
/// </summary>
/// <param name="Coefficient">In percent.</param>
/// <param name="Owners">How many different ones.</param>
/// <param name="Total">What the coefficients of all units add up to.</param>
/// <param name="Call">1 or 2.</param>
public sealed record Quorum(decimal Coefficient, int Units, int Owners, decimal Total, int AllUnits, int Call)
{
    public const int FewestOwners = 2;

    public bool Reached => Owners >= FewestOwners && (Call > 1 || Coefficient * 2 > Total);

    /// <summary>What must be exceeded, by coefficient.</summary>
    public decimal Half => Total / 2;

    /// <summary>What 70 % of all are (art. 46).</summary>
    public decimal Qualified => Total * Outcome.QualifiedPercent / 100;

    /// <summary>Whether a decision that needs 70 % of all could be taken by those who are there, were they all for it.</summary>
    public bool CanQualify => Coefficient >= Qualified;

    public decimal Percent => Total == 0 ? 0 : Coefficient * 100 / Total;

    public static Quorum Of(IReadOnlyCollection<RegisteredUnit> register, IReadOnlySet<long> represented, int call)
    {
        var there = register.Where(u => represented.Contains(u.ApartmentId)).ToList();
        // Whose owner is not known has one all the same: a number that no owner has stands for each.
        var owners = there.Select(u => u.OwnerId ?? -u.ApartmentId).Distinct().Count();
        return new Quorum(
            there.Sum(u => u.Coefficient), there.Count, owners, register.Sum(u => u.Coefficient), register.Count, call);
    }
}
