using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Florist.Tests.Testing;

/// <summary>Keeps what is logged, so that a test can look for what must, or must not, be there.</summary>
public sealed class CapturedLog : ILoggerProvider
{
    private readonly ConcurrentQueue<CapturedEntry> entries = new();

    /// <summary>The entries so far, oldest first.</summary>
    public IReadOnlyCollection<CapturedEntry> Entries => entries;

    public ILogger CreateLogger(string categoryName) => new Logger(entries);

    public void Dispose()
    {
    }

    private sealed class Logger(ConcurrentQueue<CapturedEntry> entries) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter) =>
            entries.Enqueue(new CapturedEntry(logLevel, eventId.Id, formatter(state, exception), exception));
    }
}

/// <summary>An entry of the log.</summary>
public sealed record CapturedEntry(LogLevel Level, int Id, string Text, Exception? Exception);
