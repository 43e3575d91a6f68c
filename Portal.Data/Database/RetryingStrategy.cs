using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Portal.Data.Operations;

namespace Portal.Data.Database;

/// <summary>
/// Repeats a unit of work after a conflict with another transaction or a lost connection. After a commit whose outcome is unknown
/// (<see cref="CommitUnknownException"/>) only when the caller's <c>verifySucceeded</c> has found that nothing was committed:
/// otherwise a repetition could do the work twice.
/// </summary>
/// <remarks>The provider's own strategy retries neither a lost connection nor a bare socket error, and knows no unknown commit.</remarks>
public sealed class RetryingStrategy(ExecutionStrategyDependencies dependencies)
    : ExecutionStrategy(dependencies, MostRetries, LongestPause)
{
    private const int MostRetries = 20, MostConflicts = 6;

    /// <summary>Who waits for a server goes on at most so much after it is back.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private int _conflicts;

    private Exception? _verified;

    protected override bool ShouldVerifySuccessOn(Exception exception)
    {
        // EF Core asks this only where the caller can verify, and asks ShouldRetryOn only after the verification said no.
        _verified = exception;
        return exception is CommitUnknownException || base.ShouldVerifySuccessOn(exception);
    }

    protected override bool ShouldRetryOn(Exception exception)
    {
        Watch?.Notice(exception, Dependencies.CurrentContext.Context.Database.GetConnectionString());
        var again = exception switch
        {
            CommitUnknownException => ReferenceEquals(exception, _verified),

            // The caller's own decision to stop, whatever happened to the connection meanwhile.
            TimeoutException or OperationCanceledException => false,
            _ when TransientErrors.IsSwitch(exception) => Watch?.MaySwitch == true,
            _ => TransientErrors.IsConflict(exception) || TransientErrors.IsLostConnection(exception),
        };
        if (again) PortalTelemetry.Retried(TransientErrors.IsConflict(exception) ? "conflict" : "connection");
        return again;
    }

    /// <summary>The one among the context's interceptors; a context may have none.</summary>
    private DatabaseWatch? Watch => Dependencies.CurrentContext.Context.GetService<IDbContextOptions>()
        .FindExtension<CoreOptionsExtension>()?.Interceptors?.OfType<DatabaseWatch>().FirstOrDefault();

    protected override void OnFirstExecution()
    {
        _conflicts = 0;
        base.OnFirstExecution();
    }

    protected override TimeSpan? GetNextDelay(Exception lastException)
    {
        var delay = base.GetNextDelay(lastException);
        if (delay is null || !CallOnWrappedException(lastException, TransientErrors.IsConflict)) return delay;
        if (++_conflicts > MostConflicts) return null;

        // Two transactions that met need only milliseconds, and chance, to pass each other; the base class counts in seconds.
        var milliseconds = 10 * Math.Pow(2, _conflicts) * (0.5 + Random.NextDouble());
        return TimeSpan.FromMilliseconds(Math.Min(milliseconds, MaxRetryDelay.TotalMilliseconds));
    }
}
