namespace Portal.Resources;

/// <summary>Words of passes: a resident's and the public page, what the gate asks, who is not admitted.</summary>
public sealed class PassWords;
