namespace Portal.Resources;

/// <summary>Words of what people ask of their own data, and of its export.</summary>
public sealed class PrivacyWords;
