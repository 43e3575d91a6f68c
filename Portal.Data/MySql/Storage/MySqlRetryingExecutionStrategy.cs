using Microsoft.EntityFrameworkCore.Storage;

namespace Portal.Data.MySql.Storage;

/// <summary>
/// Repeats a unit of work after a conflict with another transaction or a lost connection. After a commit whose outcome is unknown
/// (<see cref="MySqlCommitUnknownException"/>) only when the caller's <c>verifySucceeded</c> has found that nothing was committed:
/// otherwise a repetition could do the work twice.
/// </summary>
public sealed class MySqlRetryingExecutionStrategy(ExecutionStrategyDependencies dependencies, int maxRetryCount, TimeSpan maxRetryDelay)
    : ExecutionStrategy(dependencies, maxRetryCount, maxRetryDelay)
{
    private Exception? _verified;

    protected override bool ShouldVerifySuccessOn(Exception exception)
    {
        // EF Core asks this only where the caller can verify, and asks ShouldRetryOn only after the verification said no.
        _verified = exception;
        return exception is MySqlCommitUnknownException || base.ShouldVerifySuccessOn(exception);
    }

    protected override bool ShouldRetryOn(Exception exception) => exception switch
    {
        MySqlCommitUnknownException => ReferenceEquals(exception, _verified),

        // The caller's own decision to stop, whatever happened to the connection meanwhile.
        TimeoutException or OperationCanceledException => false,
        _ => MySqlTransientErrors.IsConflict(exception) || MySqlTransientErrors.IsLostConnection(exception),
    };

    protected override TimeSpan? GetNextDelay(Exception lastException)
    {
        var delay = base.GetNextDelay(lastException);
        if (delay is null || !CallOnWrappedException(lastException, MySqlTransientErrors.IsConflict))
        {
            return delay;
        }

        // Two transactions that met need only milliseconds, and chance, to pass each other; the base class counts in seconds.
        var milliseconds = 10 * Math.Pow(2, ExceptionsEncountered.Count) * (0.5 + Random.NextDouble());
        return TimeSpan.FromMilliseconds(Math.Min(milliseconds, MaxRetryDelay.TotalMilliseconds));
    }
}
