namespace Portal.Resources;

/// <summary>Words of background work and the state of the database.</summary>
public sealed class OperationsWords;
