using System.Diagnostics.Metrics;

namespace Portal.Data.Operations;

/// <param name="Folder">One on that disk.</param>
/// <param name="Free">Bytes.</param>
/// <param name="Total">Bytes.</param>
public sealed record DiskRoom(string Folder, long Free, long Total);

/// <summary>What a portal knows of its own state without asking anybody. Made before the first connection, whose coming and going it counts.
/// </summary>
public sealed class PortalVitals : IDisposable
{
    private readonly MeterListener _pools = new();
    private int _circuits, _used, _idle;

    public PortalVitals()
    {
        _pools.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "MySqlConnector" && instrument.Name == "db.client.connections.usage")
                listener.EnableMeasurementEvents(instrument);
        };
        _pools.SetMeasurementEventCallback<int>((_, change, tags, _) =>
        {
            foreach (var (name, value) in tags)
            {
                if (name != "state") continue;
                if (value is "used") Interlocked.Add(ref _used, change);
                else Interlocked.Add(ref _idle, change);
            }
        });
        _pools.Start();
    }

    /// <summary>Open pages.</summary>
    public int Circuits => Volatile.Read(ref _circuits);

    /// <summary>Connections to the database that somebody holds now.</summary>
    public int Connections => Math.Max(0, Volatile.Read(ref _used));

    /// <summary>Folders whose disks must not become full.</summary>
    public IReadOnlyList<string> Folders { get; init; } = [];

    /// <summary>When (UTC) the first of the certificates ends that this portal uses; null where it knows of none.</summary>
    public DateTime? CertificateUntil { get; init; }

    public void CircuitOpened() => Interlocked.Increment(ref _circuits);

    public void CircuitClosed() => Interlocked.Decrement(ref _circuits);

    /// <summary>The fullest disk; null where none can be read.</summary>
    public DiskRoom? Disk()
    {
        DiskRoom? fullest = null;
        foreach (var folder in Folders.Where(Directory.Exists))
        {
            try
            {
                var drive = new DriveInfo(folder);
                var room = new DiskRoom(folder, drive.AvailableFreeSpace, drive.TotalSize);
                if (fullest is null || room.Free * (double)fullest.Total < fullest.Free * (double)room.Total) fullest = room;
            }
            catch (Exception unread) when (unread is IOException or UnauthorizedAccessException or ArgumentException)
            {
                // A mount that has gone is told by whoever needs it.
            }
        }

        return fullest;
    }

    public void Dispose() => _pools.Dispose();
}
