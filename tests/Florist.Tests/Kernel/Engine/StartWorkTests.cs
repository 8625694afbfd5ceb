using Florist.Kernel;
using Florist.Tests.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Florist.Tests.Kernel.Engine;

public sealed class StartWorkTests
{
    private static readonly EngineOptions Quick = new() { BackOffMsMin = 1, BackOffMsMax = 2 };

    [Fact]
    public async Task What_fails_at_the_start_is_tried_again_until_it_succeeds_and_does_not_end_the_start()
    {
        using StartWork work = new(Options.Create(Quick), new Jitter(new Random(1)), NullLogger<StartWork>.Instance);
        int tries = 0;
        TaskCompletionSource succeeded = new(TaskCreationOptions.RunContinuationsAsynchronously);

        await work.Begin("a piece", () =>
        {
            if (++tries < 4)
            {
                throw new InvalidOperationException("the disk is not there yet");
            }

            succeeded.SetResult();
            return Task.CompletedTask;
        });

        await succeeded.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await work.Stop(CancellationToken.None);
        Assert.Equal(4, tries);
    }

    [Fact]
    public async Task A_stop_ends_the_tries()
    {
        EngineOptions patient = new() { BackOffMsMin = 600_000 };
        using StartWork work = new(Options.Create(patient), new Jitter(new Random(1)), NullLogger<StartWork>.Instance);
        int tries = 0;
        await work.Begin("a piece", () => Task.FromException(new TimeoutException($"try {++tries}")));

        await work.Stop(CancellationToken.None);

        Assert.Equal(1, tries);
    }
}
