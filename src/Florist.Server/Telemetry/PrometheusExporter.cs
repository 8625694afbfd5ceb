using System.Globalization;
using System.Text;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Florist.Server.Telemetry;

/// <summary>
/// Gives the measurements of this moment in the text format of Prometheus, version 0.0.4. The SDK collects and sums;
/// the text is written here, since its own exporter of this form is not released.
/// </summary>
[ExportModes(ExportModes.Pull)]
internal sealed class PrometheusExporter : BaseExporter<Metric>, IPullMetricExporter
{
    /// <summary>The type of the text.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly Lock scraping = new();
    private string text = "";

    /// <inheritdoc/>
    public Func<int, bool>? Collect { get; set; }

    /// <summary>Collects everything and answers the text.</summary>
    public string Scrape()
    {
        lock (scraping)
        {
            // Answered within the call by Export, on this thread.
            Collect?.Invoke(Timeout.Infinite);
            return text;
        }
    }

    /// <inheritdoc/>
    public override ExportResult Export(in Batch<Metric> batch)
    {
        StringBuilder page = new(16 * 1024);
        HashSet<string> told = new(StringComparer.Ordinal);
        foreach (Metric metric in batch)
        {
            string name = PrometheusName.Of(metric);

            // Two meters may have an instrument of the same name; the format wants its head once.
            if (told.Add(name))
            {
                AppendHead(page, name, metric);
            }

            foreach (ref readonly MetricPoint point in metric.GetMetricPoints())
            {
                AppendPoint(page, name, metric.MetricType, in point);
            }
        }

        text = page.ToString();
        return ExportResult.Success;
    }

    private static void AppendHead(StringBuilder page, string name, Metric metric)
    {
        string kind = metric.MetricType switch
        {
            MetricType.LongSum or MetricType.DoubleSum => "counter",
            MetricType.Histogram => "histogram",
            _ => "gauge",
        };
        if (metric.Description is { Length: > 0 } description)
        {
            page.Append("# HELP ").Append(name).Append(' ').Append(PrometheusName.Escape(description)).Append('\n');
        }

        page.Append("# TYPE ").Append(name).Append(' ').Append(kind).Append('\n');
    }

    private static void AppendPoint(StringBuilder page, string name, MetricType type, in MetricPoint point)
    {
        string labels = Labels(point.Tags);
        switch (type)
        {
            case MetricType.LongSum or MetricType.LongSumNonMonotonic:
                AppendSample(page, name, labels, point.GetSumLong());
                break;
            case MetricType.DoubleSum or MetricType.DoubleSumNonMonotonic:
                AppendSample(page, name, labels, point.GetSumDouble());
                break;
            case MetricType.LongGauge:
                AppendSample(page, name, labels, point.GetGaugeLastValueLong());
                break;
            case MetricType.DoubleGauge:
                AppendSample(page, name, labels, point.GetGaugeLastValueDouble());
                break;
            case MetricType.Histogram:
                AppendHistogram(page, name, labels, in point);
                break;
        }
    }

    private static void AppendHistogram(StringBuilder page, string name, string labels, in MetricPoint point)
    {
        string before = labels.Length == 0 ? "" : labels + ",";
        long sum = 0;
        foreach (HistogramBucket bucket in point.GetHistogramBuckets())
        {
            sum += bucket.BucketCount;
            string bound = double.IsPositiveInfinity(bucket.ExplicitBound) ? "+Inf" : Number(bucket.ExplicitBound);
            AppendSample(page, name + "_bucket", $"{before}le=\"{bound}\"", sum);
        }

        AppendSample(page, name + "_sum", labels, point.GetHistogramSum());
        AppendSample(page, name + "_count", labels, point.GetHistogramCount());
    }

    private static void AppendSample(StringBuilder page, string name, string labels, double value)
    {
        page.Append(name);
        if (labels.Length > 0)
        {
            page.Append('{').Append(labels).Append('}');
        }

        page.Append(' ').Append(Number(value)).Append('\n');
    }

    private static string Labels(ReadOnlyTagCollection tags)
    {
        StringBuilder labels = new();
        foreach ((string key, object? value) in tags)
        {
            labels.Append(labels.Length == 0 ? "" : ",")
                .Append(PrometheusName.Clean(key))
                .Append("=\"")
                .Append(PrometheusName.EscapeLabel(Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""))
                .Append('"');
        }

        return labels.ToString();
    }

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
