namespace Portal.Resources;

/// <summary>Words of the audit log.</summary>
public sealed class AuditWords;
