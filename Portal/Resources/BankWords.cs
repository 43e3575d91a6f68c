namespace Portal.Resources;

/// <summary>Words of the bank: statements, what their lines are, unidentified deposits, reconciliations.</summary>
public sealed class BankWords;
