namespace Portal.Areas.Expenses;

/// <summary>What is done with the reserve.</summary>
public enum ReserveAct { Contribute, Use }
