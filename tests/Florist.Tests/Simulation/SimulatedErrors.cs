using Florist.Kernel;
using Microsoft.Extensions.Logging;
using Orleans.Storage;

namespace Florist.Tests.Simulation;

/// <summary>
/// Hears what the shop logs as an error. What the simulation causes is expected; any other exception is a bug that
/// retries would hide.
/// </summary>
internal sealed class SimulatedErrors(Simulation simulation) : ILoggerProvider, ILogger, IFatal
{
    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        if (exception is not null && !IsExpected(exception))
        {
            simulation.Broken("ERROR", $"{formatter(state, exception)}: {exception}");
        }
    }

    /// <summary>True for what the faults of the simulation bring about.</summary>
    public bool IsExpected(Exception error) => error switch
    {
        InconsistentStateException { Message: "fault injection" } => true,
        InconsistentStateException => simulation.Faults.StorageUnknown > 0 || simulation.Faults.StorageSlow > 0,
        TimeoutException or OperationCanceledException => true,
        StorageOverloadedException or StorageOutcomeUnknownException or StorageClosedException => true,
        { InnerException: { } inner } => IsExpected(inner),
        _ => false,
    };

    public void End(string reason, Exception cause) => simulation.Broken("I8", $"{reason}: {cause}");

    public void Dispose()
    {
        // It outlives the hosts that dispose it.
    }
}
