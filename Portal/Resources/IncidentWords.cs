namespace Portal.Resources;

/// <summary>Words of the gate's incidents in the office.</summary>
public sealed class IncidentWords;
