namespace Portal.Hosting.DatabaseServer;

/// <summary>The section <c>Database</c> of the configuration: the portal's own server, used where no connection string is given.</summary>
public sealed record PrivateServerOptions
{
    /// <summary>Data, password, socket, logs. A relative one counts from the current folder.</summary>
    public string Folder { get; init; } = ".data";

    /// <summary>The server program; the first <c>mysqld</c> or <c>mariadbd</c> found when empty.</summary>
    public string? Binary { get; init; }

    /// <summary>Memory for data pages, in megabytes: enough for some 20,000 apartments.</summary>
    public int BufferPoolMegabytes { get; init; } = 256;

    /// <summary>How long the binary log is kept for restoring to a moment, in days.</summary>
    public int BinaryLogDays { get; init; } = 14;

    /// <summary>For a drill: it keeps no binary log, need not survive a power cut, and who restores may do so under any name.</summary>
    public bool ThrowAway { get; init; }
}
