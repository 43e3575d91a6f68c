namespace Portal.Resources;

/// <summary>Names the words of the building's settings.</summary>
public sealed class SettingsWords;
