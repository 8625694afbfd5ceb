using System.Diagnostics.Metrics;
using Florist.Server.Telemetry;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Florist.Server.Tests.Telemetry;

public sealed class PrometheusExporterTests
{
    [Fact]
    public void Counters_gauges_and_histograms_have_the_form_of_Prometheus()
    {
        using Meter meter = new("test.form");
        PrometheusExporter exporter = new();
        using MeterProvider provider = Listen(meter, exporter);
        Counter<long> sent = meter.CreateCounter<long>("test.sent", "{message}", "Messages, by outcome.\nAll of them.");
        Histogram<double> wait = meter.CreateHistogram(
            "test.wait", "s", "Waiting.", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 1] });
        meter.CreateObservableGauge("test.size", () => 2.5, "By");

        sent.Add(2, new KeyValuePair<string, object?>("outcome", "said \"no\"\\"));
        wait.Record(0.05);
        wait.Record(5);

        Assert.Equal(
            """
            # HELP test_sent_total Messages, by outcome.\nAll of them.
            # TYPE test_sent_total counter
            test_sent_total{outcome="said \"no\"\\"} 2
            # HELP test_wait_seconds Waiting.
            # TYPE test_wait_seconds histogram
            test_wait_seconds_bucket{le="0.1"} 1
            test_wait_seconds_bucket{le="1"} 1
            test_wait_seconds_bucket{le="+Inf"} 2
            test_wait_seconds_sum 5.05
            test_wait_seconds_count 2
            # TYPE test_size_bytes gauge
            test_size_bytes 2.5

            """,
            exporter.Scrape());
    }

    [Fact]
    public void A_second_scrape_tells_the_sum_of_both()
    {
        using Meter meter = new("test.sum");
        PrometheusExporter exporter = new();
        using MeterProvider provider = Listen(meter, exporter);
        Counter<long> count = meter.CreateCounter<long>("test.count");

        count.Add(1);
        string first = exporter.Scrape();
        count.Add(1);

        Assert.Contains("test_count_total 1\n", first, StringComparison.Ordinal);
        Assert.Contains("test_count_total 2\n", exporter.Scrape(), StringComparison.Ordinal);
    }

    private static MeterProvider Listen(Meter meter, PrometheusExporter exporter) => Sdk.CreateMeterProviderBuilder()
        .AddMeter(meter.Name)
        .AddReader(new BaseExportingMetricReader(exporter))
        .Build();
}
