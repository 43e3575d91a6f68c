namespace Portal.Resources;

/// <summary>Words of assemblies: their call, register, votes and acts.</summary>
public sealed class AssemblyWords;
