namespace Portal.Resources;

/// <summary>Words of the dashboards and of the shell's data.</summary>
public sealed class HomeWords;
