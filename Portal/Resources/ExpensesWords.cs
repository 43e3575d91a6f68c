namespace Portal.Resources;

/// <summary>Words of the other side of the money: suppliers, expenses, budget and reserve.</summary>
public sealed class ExpensesWords;
