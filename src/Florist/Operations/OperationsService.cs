using System.Security.Cryptography;
using Florist.Kernel;
using Florist.Messaging;
using Florist.Protos.Operations.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using Orleans;

namespace Florist.Operations;

/// <summary>gRPC face of the operations: sends what <see cref="IBackups"/> made, with what it adds up to.</summary>
internal sealed partial class OperationsService(
    IGrainFactory grains,
    IParkedItems parked,
    IOperatorActions actions,
    IEngineReadings readings,
    IStorageRoom room,
    ISendSwitch sends,
    ISeal seal,
    TimeProvider time,
    ILogger<OperationsService> log,
    IBackups? backups = null)
    : Protos.Operations.V1.OperationsService.OperationsServiceBase
{
    private const int ChunkBytes = 1 << 16;
    private static readonly SemaphoreSlim OneAtATime = new(1);

    public override async Task CreateBackup(
        CreateBackupRequest request,
        IServerStreamWriter<CreateBackupResponse> responseStream,
        ServerCallContext context)
    {
        Caller caller = Caller.Of(context);
        if (!caller.IsInternal)
        {
            throw Fault.Denied("backups are for staff").ToException();
        }

        if (backups is null)
        {
            throw Fault.Refused(
                "BACKUP_BY_DATABASE", "this server's database is backed up by its own tools, as pg_dump").ToException();
        }

        if (room.Current is { } left && left.FreeBytes - left.DatabaseBytes < left.MinBytes)
        {
            throw StorageRoom.Full.ToException();
        }

        if (!OneAtATime.Wait(0))
        {
            throw Fault.Refused("BACKUP_UNDER_WAY", "another backup is being made; try again later").ToException();
        }

        try
        {
            using BackupCopy copy = await backups.Make(context.CancellationToken);
            long bytes = await Send(copy, responseStream, context.CancellationToken);
            OperationsLog.BackedUp(log, caller.Principal, bytes);
            await Desk.NoteBackup(new OperatorOrder(null, caller.Principal, "backup"));
        }
        finally
        {
            OneAtATime.Release();
        }
    }

    private static async Task<long> Send(
        BackupCopy copy, IServerStreamWriter<CreateBackupResponse> stream, CancellationToken cancellationToken)
    {
        // A copy is finished when it is made, so the machine's clock is the honest one, whatever a sandbox shows.
        DateTimeOffset madeAt = TimeProvider.System.GetUtcNow();
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using FileStream file = copy.OpenRead();
        byte[] buffer = new byte[ChunkBytes];
        long bytes = 0;
        while (await file.ReadAtLeastAsync(buffer, ChunkBytes, false, cancellationToken) is var read and > 0)
        {
            hash.AppendData(buffer, 0, read);
            bytes += read;
            await stream.WriteAsync(
                new CreateBackupResponse { Chunk = ByteString.CopyFrom(buffer, 0, read) }, cancellationToken);
        }

        BackupSummary summary = new()
        {
            CreateTime = madeAt.ToTimestamp(),
            SizeBytes = bytes,
            Sha256 = ByteString.CopyFrom(hash.GetHashAndReset()),
        };
        await stream.WriteAsync(new CreateBackupResponse { Summary = summary }, cancellationToken);
        return bytes;
    }
}
