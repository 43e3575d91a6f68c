namespace Portal.Resources;

/// <summary>Names the words of the PDF documents.</summary>
public sealed class DocumentWords;
