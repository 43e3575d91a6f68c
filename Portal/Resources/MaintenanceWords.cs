namespace Portal.Resources;

/// <summary>Words of the building's equipment and its inspections.</summary>
public sealed class MaintenanceWords;
