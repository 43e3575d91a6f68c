using Portal.Data.Database;

namespace Portal.Components.Shared;

/// <summary>Looks again and again while a page stands. An outage ends nothing: what was shown stays, and the next look finds it back.</summary>
internal static class Again
{
    /// <param name="atOnce">The first time now; else after the first pause.</param>
    /// <param name="failed">What is told of an exception that is no outage: the component's <c>DispatchExceptionAsync</c>.</param>
    /// <param name="left">The page was left.</param>
    public static async Task EveryAsync(
        TimeSpan pause, TimeProvider time, bool atOnce, Func<Task> look, Func<Exception, Task> failed, CancellationToken left)
    {
        using var timer = new PeriodicTimer(pause, time);
        try
        {
            for (var now = atOnce; now || await timer.WaitForNextTickAsync(left); now = false)
            {
                try
                {
                    await look();
                }
                catch (Exception exception) when (!left.IsCancellationRequested && Outages.Of(exception) is not null)
                {
                    // The bar of the shell says that the database is away.
                }
            }
        }
        catch (Exception) when (left.IsCancellationRequested)
        {
            // Whatever ended because the page was left is nobody's trouble.
        }
        catch (Exception exception)
        {
            await failed(exception);
        }
    }
}
