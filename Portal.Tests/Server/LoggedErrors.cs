using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Portal.Tests.Server;

/// <summary>Errors as they are logged, with the deepest cause.</summary>
internal sealed class LoggedErrors : ILoggerProvider, ILogger
{
    public ConcurrentQueue<string> Said { get; } = new();

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel)) return;
        var cause = exception?.GetBaseException();
        var where = cause?.StackTrace?.Split('\n')
            .FirstOrDefault(line => line.Contains(" at Portal.", StringComparison.Ordinal))?.Trim();
        Said.Enqueue($"{formatter(state, exception)} {cause?.GetType().Name} {cause?.Message} {where}");
    }

    public void Dispose()
    {
    }
}
