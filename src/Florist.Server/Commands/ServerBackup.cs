using System.Security.Cryptography;
using Florist.Protos.Operations.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace Florist.Server.Commands;

/// <summary>Takes a backup from a running server.</summary>
internal static class ServerBackup
{
    /// <summary>Writes the backup to <paramref name="target"/> and returns when all of it is on the disk.</summary>
    /// <param name="address">Where the server serves HTTP/2.</param>
    /// <param name="token">A staff token.</param>
    /// <param name="target">The file, which only its owner may read.</param>
    /// <param name="cancellationToken">Breaks it off; what was written stays for the caller to remove.</param>
    /// <exception cref="RpcException">The server refuses or cannot be reached.</exception>
    /// <exception cref="IOException">What arrived is not what was sent, or it cannot be written.</exception>
    public static async Task Fetch(Uri address, string token, string target, CancellationToken cancellationToken)
    {
        using GrpcChannel channel = GrpcChannel.ForAddress(address);
        Metadata headers = new() { { "authorization", $"Bearer {token}" } };
        using AsyncServerStreamingCall<CreateBackupResponse> call =
            new OperationsService.OperationsServiceClient(channel)
                .CreateBackup(new CreateBackupRequest(), headers, cancellationToken: cancellationToken);
        BackupSummary? summary = null;
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using FileStream file = new(target, OwnersOnly());
        try
        {
            await foreach (CreateBackupResponse part in call.ResponseStream.ReadAllAsync(cancellationToken))
            {
                if (part.PartCase == CreateBackupResponse.PartOneofCase.Summary)
                {
                    summary = part.Summary;
                    continue;
                }

                hash.AppendData(part.Chunk.Span);
                await file.WriteAsync(part.Chunk.Memory, cancellationToken);
            }
        }
        catch (RpcException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }

        Check(summary, file.Length, hash.GetHashAndReset());
        file.Flush(flushToDisk: true);
    }

    private static FileStreamOptions OwnersOnly()
    {
        FileStreamOptions options = new() { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }

    private static void Check(BackupSummary? summary, long bytes, byte[] sha256)
    {
        if (summary is null)
        {
            throw new IOException("The server ended the backup before all of it was sent.");
        }

        if (summary.SizeBytes != bytes || !summary.Sha256.Span.SequenceEqual(sha256))
        {
            throw new IOException("What arrived is not what the server sent; take the backup again.");
        }
    }
}
