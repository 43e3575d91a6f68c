using Portal.Data.Ledger;

namespace Portal.Areas.Ledger;

/// <summary>What is posted by hand, in the order of the menu.</summary>
public enum HandKind { Manual, Transfer, Contribute, BankCost, Opening }

/// <summary>An account that somebody is about to change; without a row a new one.</summary>
public sealed record AccountAsked(TrialRow? Row)
{
    public static AccountAsked New { get; } = new((TrialRow?)null);
}
