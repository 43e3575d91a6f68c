namespace Portal.Resources;

/// <summary>Names roles, modules and permissions, and the words of their matrix.</summary>
public sealed class AccessWords;
