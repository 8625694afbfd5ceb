using Florist.Delivery;
using Florist.Delivery.Streaming;
using Microsoft.Extensions.Options;

namespace Florist.Tests.Delivery.Streaming;

public sealed class CourierStreamsTests
{
    private readonly CourierStreams streams = new(Options.Create(new DeliveryOptions { StreamsPerCourierMax = 2 }));
    private readonly List<string> takenOver = [];

    [Fact]
    public void A_courier_holds_so_many_streams_and_no_more_until_one_ends()
    {
        StreamLease? first = Enter("a");
        Enter("b");

        Assert.Null(Enter("c"));
        Assert.NotNull(Enter("c", "other"));

        first?.Dispose();
        Assert.NotNull(Enter("c"));
        Assert.Empty(takenOver);
    }

    [Fact]
    public void A_new_stream_of_a_producer_takes_over_also_where_no_further_stream_is_allowed()
    {
        StreamLease? old = Enter("a");
        Enter("b");

        StreamLease? taking = Enter("a");
        old?.Dispose();

        Assert.NotNull(taking);
        Assert.Equal(["a"], takenOver);
        Assert.Null(Enter("c"));
    }

    [Fact]
    public void What_is_counted_of_a_producer_outlives_its_stream()
    {
        using StreamLease? first = Enter("a");
        first?.Dispose();

        Assert.Same(first?.Gauge, Enter("a")?.Gauge);
        Assert.NotSame(first?.Gauge, Enter("b")?.Gauge);
    }

    private StreamLease? Enter(string producer, string courier = "swift") => streams.Enter(
        new ProducerKey(new CourierId(courier), producer), TimeSpan.FromHours(1), () => takenOver.Add(producer));
}
