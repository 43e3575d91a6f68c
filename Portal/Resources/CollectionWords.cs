namespace Portal.Resources;

/// <summary>Words of collection: who owes, certificates, stages and agreements.</summary>
public sealed class CollectionWords;
