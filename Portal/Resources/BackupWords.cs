namespace Portal.Resources;

/// <summary>Words of backups and of restoring them.</summary>
public sealed class BackupWords;
