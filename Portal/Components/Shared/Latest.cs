namespace Portal.Components.Shared;

/// <summary>Of several runs of one piece of work only the latest counts: asking for the next token cancels the one before.</summary>
internal sealed class Latest : IDisposable
{
    private CancellationTokenSource? running = new();

    /// <summary>A token for a new run; already cancelled when the owner is gone.</summary>
    public CancellationToken Next()
    {
        if (running is null)
        {
            return new CancellationToken(canceled: true);
        }

        running.Cancel();
        running.Dispose();
        running = new CancellationTokenSource();
        return running.Token;
    }

    public void Dispose()
    {
        running?.Cancel();
        running?.Dispose();
        running = null;
    }
}
