namespace Portal.Resources;

/// <summary>Words of what the building charges: months, interest, concepts, rates.</summary>
public sealed class BillingWords;
