namespace Portal.Resources;

/// <summary>Words of the gate: terminal, visits, log.</summary>
public sealed class GateWords;
