namespace Portal.Areas.Payments;

public enum EndKind
{
    Reject,
    Void,
}

/// <summary>A payment that somebody is about to reject or void.</summary>
public sealed record EndRequest(long Id, EndKind Kind);
