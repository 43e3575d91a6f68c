namespace Portal.Resources;

/// <summary>Names the words of PQRS: lists, cases, their papers and what is refused.</summary>
public sealed class PqrsWords;
