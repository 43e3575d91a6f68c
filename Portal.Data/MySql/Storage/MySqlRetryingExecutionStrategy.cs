using Microsoft.EntityFrameworkCore.Storage;

namespace Portal.Data.MySql.Storage;

/// <summary>
/// Repeats a unit of work after a conflict with another transaction or a lost connection. Never after a commit whose
/// outcome is unknown (<see cref="MySqlCommitUnknownException"/>): repeating could do the work twice.
/// </summary>
public sealed class MySqlRetryingExecutionStrategy(ExecutionStrategyDependencies dependencies, int maxRetryCount, TimeSpan maxRetryDelay)
    : ExecutionStrategy(dependencies, maxRetryCount, maxRetryDelay)
{
    protected override bool ShouldRetryOn(Exception exception)
        => exception is not MySqlCommitUnknownException
            && (MySqlTransientErrors.IsConflict(exception) || MySqlTransientErrors.IsLostConnection(exception));

    protected override bool ShouldVerifySuccessOn(Exception exception)
        => exception is MySqlCommitUnknownException || base.ShouldVerifySuccessOn(exception);

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
