namespace Portal.Resources;

/// <summary>Words of a building's first day: the guided set-up, making units, taking files in.</summary>
public sealed class FirstDayWords;
