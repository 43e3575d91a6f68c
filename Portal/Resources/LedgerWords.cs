namespace Portal.Resources;

/// <summary>Words of the books: the trial balance, closing months, posting by hand.</summary>
public sealed class LedgerWords;
