namespace Portal.Tests.Server;

/// <summary>Time that goes on only when a test says so.</summary>
internal sealed class StoppedClock(DateTime utc) : TimeProvider
{
    public DateTime Utc { get; set; } = utc;

    public override DateTimeOffset GetUtcNow() => new(Utc);
}
