namespace Portal.Resources;

/// <summary>Words of the list of debtors.</summary>
public sealed class DebtorWords;
