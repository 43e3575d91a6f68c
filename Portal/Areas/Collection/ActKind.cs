namespace Portal.Areas.Collection;

/// <summary>What a person does to a debt by hand.</summary>
public enum ActKind { Lawyer, Dispute }
