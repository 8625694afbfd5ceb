using System.Globalization;
using System.Runtime.InteropServices;
using Florist.Kernel;
using Microsoft.Extensions.Logging;
using Npgsql;
using Orleans.Storage;

namespace Florist.Adapters.Sql;

/// <summary>
/// A connection that writes the share of the grains whose keys lead to it, on a thread of its own: each batch is one
/// transaction and one round trip.
/// </summary>
internal sealed class PostgresWriter : ICommitter<PostgresWrite>, IDisposable
{
    private const int AttemptsMax = 3;

    private readonly PostgresOptions options;
    private readonly long? epoch;
    private readonly ILogger log;
    private readonly GroupCommit<PostgresWrite> commits;
    private NpgsqlConnection? connection;
    private PostgresBatch? batch;

    /// <summary>Starts the thread; the connection is opened by the first batch.</summary>
    /// <param name="number">Which of the writers.</param>
    /// <param name="epoch">
    /// The owner epoch that every batch finds in the database, or else the process ends; null where nobody owns it.
    /// </param>
    /// <param name="options">Where the database is, limits.</param>
    /// <param name="fatal">Ends the process when another one owns the database.</param>
    /// <param name="log">Log.</param>
    public PostgresWriter(int number, long? epoch, PostgresOptions options, IFatal fatal, ILogger log)
    {
        this.options = options;
        this.epoch = epoch;
        this.log = log;
        BatchLimits limits = new(
            Math.Max(1, options.QueueMax / options.Writers),
            options.BatchWritesMax,
            options.BatchBytesMax,
            int.MaxValue);
        string name = string.Create(CultureInfo.InvariantCulture, $"postgres writer {number}");
        commits = new GroupCommit<PostgresWrite>(name, this, limits, fatal, log);
    }

    /// <summary>Writes waiting at present.</summary>
    public int Waiting => commits.Waiting;

    public int IdleWait => Timeout.Infinite;

    /// <summary>Queues a write; the task completes after the commit of its batch, in commit order.</summary>
    /// <exception cref="StorageOverloadedException">The queue is full; nothing was changed.</exception>
    /// <exception cref="StorageClosedException">The storage is closing or broken; nothing was changed.</exception>
    public Task<long> Run(PostgresWrite write)
    {
        commits.Add(write);
        return write.Settled;
    }

    /// <summary>Ends as a killed process would: what is queued is not written. For tests of recovery.</summary>
    public void Abandon()
    {
        commits.Abandon();
        Hang();
    }

    /// <summary>Finishes what is queued, closes the connection and ends the thread.</summary>
    public void Dispose()
    {
        commits.Dispose();
        Hang();
    }

    public void WhenIdle()
    {
        // The server looks after its files itself.
    }

    public void Commit(WriteBatch<PostgresWrite> batch)
    {
        while (batch.TryTakeNext(out _))
        {
            // All that waits at this moment goes together, in one round trip.
        }

        List<PostgresWrite> all = [.. batch.Writes];
        Write(all);
    }

    public void Finish()
    {
        // The owner says goodbye for all writers.
    }

    /// <summary>Writes all of them, or finds out which cannot be.</summary>
    private void Write(List<PostgresWrite> writes)
    {
        for (int attempt = 1; writes.Count > 0; attempt++)
        {
            if (Try(writes) is not { } error)
            {
                return;
            }

            switch (PostgresErrors.Of(error))
            {
                case PostgresTrouble.Conflict when attempt < AttemptsMax && Conflicts(writes):
                case PostgresTrouble.Again when attempt < AttemptsMax:
                    continue;
                case PostgresTrouble.Busy:
                    SqlLog.NotWritten(log, writes.Count, error);
                    Fail(writes, new StorageOverloadedException("the database took too long; nothing was written"));
                    return;
                case PostgresTrouble.Lost:
                    Hang();
                    SqlLog.OutcomeUnknown(log, writes.Count, error);
                    Fail(writes, new StorageOutcomeUnknownException(
                        "the connection broke; whether this write is durable is not known", error));
                    return;
                case PostgresTrouble.Fatal:
                    throw error;
                default:
                    Isolate(writes, error);
                    return;
            }
        }
    }

    /// <returns>What went wrong; null when all is durable.</returns>
    private Exception? Try(List<PostgresWrite> writes)
    {
        PostgresBatch open;
        try
        {
            open = Open();
        }
        catch (Exception error) when (error is NpgsqlException or TimeoutException)
        {
            SqlLog.NotWritten(log, writes.Count, error);
            Fail(writes, new StorageClosedException("the database cannot be reached; nothing was written"));
            return null;
        }

        try
        {
            CrashPoint.Hit(CrashPoint.StorageBegin);
            CrashPoint.Hit(CrashPoint.StorageCommit);
            open.Write(CollectionsMarshal.AsSpan(writes));
            CrashPoint.Hit(CrashPoint.StorageCommitted);
            return null;
        }
        catch (Exception error)
        {
            return error;
        }
    }

    /// <summary>Fails those writes whose expected version is not the stored one, and takes them out.</summary>
    /// <returns>False when there is none: then the cause is another.</returns>
    private bool Conflicts(List<PostgresWrite> writes)
    {
        Dictionary<(string, string), long> stored;
        try
        {
            stored = PostgresVersions.Read(Open().Connection, writes);
        }
        catch (NpgsqlException error)
        {
            SqlLog.NotWritten(log, writes.Count, error);
            Fail(writes, new StorageClosedException("the database cannot be reached; nothing was written"));
            writes.Clear();
            return true;
        }

        // In their order, each upon what those before it will have written.
        return writes.RemoveAll(write =>
        {
            if (write is not PostgresCommit { Write: { } state })
            {
                return false;
            }

            long? found = stored.TryGetValue(state.Place, out long version) ? version : null;
            if (found == state.Expected)
            {
                stored[state.Place] = (state.Expected ?? 0) + 1;
                return false;
            }

            write.Failure = new InconsistentStateException(
                $"the state '{state.StateName}' of {state.GrainKey} was written by somebody else",
                found?.ToString(CultureInfo.InvariantCulture),
                state.Expected?.ToString(CultureInfo.InvariantCulture));
            return true;
        }) > 0;
    }

    /// <summary>Halves the batch until the bad writes stand alone; all others are written, in their order.</summary>
    private void Isolate(List<PostgresWrite> writes, Exception error)
    {
        if (writes.Count == 1)
        {
            writes[0].Failure = error;
            SqlLog.Poison(log, error);
            return;
        }

        SqlLog.Isolating(log, writes.Count);
        int half = writes.Count / 2;
        Write(writes[..half]);
        Write(writes[half..]);
    }

    private static void Fail(List<PostgresWrite> writes, Exception failure)
    {
        foreach (PostgresWrite write in writes)
        {
            write.Failure = failure;
        }
    }

    private PostgresBatch Open()
    {
        if (batch is not null && connection is { State: System.Data.ConnectionState.Open })
        {
            return batch;
        }

        Hang();
        connection = PostgresConnections.Writer(options);
        connection.Open();
        return batch = new PostgresBatch(connection, epoch);
    }

    private void Hang()
    {
        batch?.Dispose();
        connection?.Dispose();
        batch = null;
        connection = null;
    }
}
