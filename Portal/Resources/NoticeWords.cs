namespace Portal.Resources;

/// <summary>Words of notices to the building.</summary>
public sealed class NoticeWords;
