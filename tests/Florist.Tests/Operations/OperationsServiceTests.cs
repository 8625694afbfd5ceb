using System.Security.Cryptography;
using Florist.Kernel;
using Florist.Messaging;
using Florist.Operations;
using Florist.Protos.Operations.V1;
using Florist.Tests.Testing;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Client = Florist.Protos.Operations.V1.OperationsService.OperationsServiceClient;

namespace Florist.Tests.Operations;

public sealed class OperationsServiceTests
{
    [Fact]
    public async Task A_backup_comes_in_parts_that_add_up_to_the_last_and_nothing_stays_on_the_disk()
    {
        await using TestShop shop = await TestShop.Start();
        await using TestEdge edge = await Edge(shop, shop.Get<IBackups>());

        List<CreateBackupResponse> parts = await Parts(new Client(edge.As(CallerKind.Staff, "kim")));

        byte[] whole = [.. parts.SkipLast(1).SelectMany(part => part.Chunk)];
        Assert.Equal("SQLite format 3\0"u8.ToArray(), whole[..16]);
        Assert.Equal((long)whole.Length, parts[^1].Summary.SizeBytes);
        Assert.Equal(SHA256.HashData(whole), parts[^1].Summary.Sha256.ToByteArray());
        Assert.Empty(Directory.GetFiles(shop.DataFolder, "*.backup"));
    }

    [Theory]
    [InlineData(CallerKind.Customer)]
    [InlineData(CallerKind.Courier)]
    [InlineData(CallerKind.Anonymous)]
    public async Task Backups_are_for_staff(CallerKind kind)
    {
        await using TestShop shop = await TestShop.Start();
        await using TestEdge edge = await Edge(shop, shop.Get<IBackups>());

        Assert.Equal((StatusCode.PermissionDenied, ""), await Refusal(edge.As(kind, "7q2x")));
    }

    [Fact]
    public async Task A_second_backup_at_the_same_time_is_refused()
    {
        await using TestShop shop = await TestShop.Start();
        HeldBackups held = new(shop.Get<IBackups>());
        await using TestEdge edge = await Edge(shop, held);
        Client staff = new(edge.As(CallerKind.Staff, "kim"));

        Task<List<CreateBackupResponse>> first = Parts(staff);
        await held.Begun.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        (StatusCode, string) second = await Refusal(edge.As(CallerKind.Staff, "kim"));
        held.LetGo();

        Assert.Equal((StatusCode.FailedPrecondition, "BACKUP_UNDER_WAY"), second);
        Assert.NotEmpty(await first);
        Assert.NotEmpty(await Parts(staff));
    }

    [Fact]
    public async Task A_database_with_tools_of_its_own_is_left_to_them()
    {
        await using TestShop shop = await TestShop.Start();
        await using TestEdge edge = await Edge(shop, null);

        Assert.Equal(
            (StatusCode.FailedPrecondition, "BACKUP_BY_DATABASE"), await Refusal(edge.As(CallerKind.Staff, "kim")));
    }

    private static Task<TestEdge> Edge(TestShop shop, IBackups? backups) => TestEdge.Start(
        shop,
        routes => routes.MapOperations(),
        services =>
        {
            services.AddSingleton(shop.Get<IParkedItems>());
            services.AddSingleton(shop.Get<IOperatorActions>());
            services.AddSingleton(shop.Get<IEngineReadings>());
            services.AddSingleton(shop.Get<IStorageRoom>());
            services.AddSingleton(shop.Services.GetService<ISendSwitch>() ?? new NoSends());
            if (backups is not null)
            {
                services.AddSingleton(backups);
            }
        });

    private static async Task<List<CreateBackupResponse>> Parts(Client client)
    {
        using AsyncServerStreamingCall<CreateBackupResponse> call = client.CreateBackup(new CreateBackupRequest());
        List<CreateBackupResponse> parts = [];
        await foreach (CreateBackupResponse part in call.ResponseStream.ReadAllAsync())
        {
            parts.Add(part);
        }

        return parts;
    }

    private static async Task<(StatusCode Code, string Reason)> Refusal(CallInvoker invoker)
    {
        RpcException refused = await Assert.ThrowsAsync<RpcException>(() => Parts(new Client(invoker)));
        byte[]? details = refused.Trailers.GetValueBytes("grpc-status-details-bin");
        string reason = details is null
            ? ""
            : Google.Rpc.Status.Parser.ParseFrom(details).Details
                .Where(detail => detail.Is(Google.Rpc.ErrorInfo.Descriptor))
                .Select(detail => detail.Unpack<Google.Rpc.ErrorInfo>().Reason)
                .FirstOrDefault("");
        return (refused.StatusCode, refused.StatusCode == StatusCode.PermissionDenied ? "" : reason);
    }

    /// <summary>A shop that says nothing to anybody.</summary>
    private sealed class NoSends : ISendSwitch
    {
        public Task<Outcome<PausedSends>> Pause(PauseSends command) => throw new NotSupportedException();
    }

    /// <summary>Begins no copy before it is told to.</summary>
    private sealed class HeldBackups(IBackups real) : IBackups
    {
        private readonly TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource go = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Begun => begun.Task;

        public void LetGo() => go.TrySetResult();

        public async Task<BackupCopy> Make(CancellationToken cancellationToken)
        {
            begun.TrySetResult();
            await go.Task.WaitAsync(cancellationToken);
            return await real.Make(cancellationToken);
        }
    }
}
