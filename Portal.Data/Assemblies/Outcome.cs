namespace Portal.Data.Assemblies;

/// <param name="Coefficient">In percent.</param>
public readonly record struct Tally(decimal Coefficient, int Units)
{
    public static Tally operator +(Tally one, Tally other) => new(one.Coefficient + other.Coefficient, one.Units + other.Units);

    public decimal By(VoteBasis basis) => basis == VoteBasis.Coefficient ? Coefficient : Units;
}

/// <summary>
/// What a vote comes to. A majority is more than half of what is represented, not of what was said: abstaining and silence weigh against,
/// and a tie fails (Ley 675 of 2001, art. 45). A qualified one is 70 % of all coefficients or more (art. 46).
/// </summary>
/// <param name="Silent">Represented, and not voted.</param>
/// <param name="Total">What the coefficients of all units add up to.</param>
public sealed record Outcome(VoteBasis Basis, VoteThreshold Threshold, Tally Yes, Tally No, Tally Abstained, Tally Silent, decimal Total)
{
    public const int QualifiedPercent = 70;

    public Tally Represented => Yes + No + Abstained + Silent;

    /// <summary>Those who said something.</summary>
    public Tally Voted => Yes + No + Abstained;

    public bool Qualified => Threshold == VoteThreshold.Qualified;

    /// <summary>Of what the share is taken, in what it is weighed by.</summary>
    public decimal Whole => Qualified ? Total : Represented.By(Basis);

    /// <summary>What Yes must exceed, or reach where it is qualified.</summary>
    public decimal Needed => Qualified ? Total * QualifiedPercent / 100 : Whole / 2;

    public decimal For => Yes.By(Basis);

    // Without a division: nothing is rounded where a millionth decides.
    public bool Passed => Qualified ? For * 100 >= Total * QualifiedPercent && Total > 0 : For * 2 > Whole;

    /// <summary>Of the whole, in percent.</summary>
    public decimal Percent => Whole == 0 ? 0 : For * 100 / Whole;

    /// <summary>What Yes still lacks; 0 where it has enough, or would with anything more.</summary>
    public decimal Missing => Passed ? 0 : Needed - For;

    /// <summary>The fewest units that are more than half; of a vote by unit.</summary>
    public int NeededUnits => Represented.Units / 2 + 1;

    /// <param name="register">All units.</param>
    /// <param name="represented">Those that are there; who voted and left is counted with them, for they were when they voted.</param>
    public static Outcome Of(
        VoteBasis basis, VoteThreshold threshold, IReadOnlyCollection<RegisteredUnit> register, IReadOnlySet<long> represented,
        IReadOnlyDictionary<long, BallotChoice> ballots)
    {
        Tally yes = default, no = default, abstained = default, silent = default;
        foreach (var unit in register)
        {
            var one = new Tally(unit.Coefficient, 1);
            if (!ballots.TryGetValue(unit.ApartmentId, out var choice))
            {
                if (represented.Contains(unit.ApartmentId)) silent += one;
            }
            else if (choice == BallotChoice.Yes) yes += one;
            else if (choice == BallotChoice.No) no += one;
            else abstained += one;
        }

        return new Outcome(basis, threshold, yes, no, abstained, silent, register.Sum(u => u.Coefficient));
    }
}
