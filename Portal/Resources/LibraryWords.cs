namespace Portal.Resources;

/// <summary>Words of the library of documents.</summary>
public sealed class LibraryWords;
