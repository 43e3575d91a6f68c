namespace Portal.Resources;

/// <summary>Names the words of <see cref="Formats"/>: relative times and durations.</summary>
public sealed class FormatWords;
