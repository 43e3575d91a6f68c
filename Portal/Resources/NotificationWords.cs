namespace Portal.Resources;

/// <summary>Words of the person's own notifications.</summary>
public sealed class NotificationWords;
