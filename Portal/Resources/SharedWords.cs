namespace Portal.Resources;

/// <summary>Names the words that every page shares: the shell, lists, forms, dialogs and refusals.</summary>
public sealed class SharedWords;
