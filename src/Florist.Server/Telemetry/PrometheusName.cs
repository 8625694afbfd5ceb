using System.Text;
using OpenTelemetry.Metrics;

namespace Florist.Server.Telemetry;

/// <summary>Names and texts as the format of Prometheus spells them.</summary>
internal static class PrometheusName
{
    private const string Total = "_total";

    /// <summary>
    /// The name of a measurement: with its unit, and <c>_total</c> when it is a sum that only grows, as
    /// <c>florist_wake_lateness_seconds</c> (OpenTelemetry's compatibility rules).
    /// </summary>
    public static string Of(Metric metric)
    {
        string name = Clean(metric.Name);
        string unit = Unit(metric.Unit);
        if (unit.Length > 0 && !name.EndsWith(unit, StringComparison.Ordinal))
        {
            name += unit;
        }

        bool isTotal = metric.MetricType is MetricType.LongSum or MetricType.DoubleSum;
        return isTotal && !name.EndsWith(Total, StringComparison.Ordinal) ? name + Total : name;
    }

    /// <summary>A name with nothing but letters, digits and underscores.</summary>
    public static string Clean(string name)
    {
        StringBuilder clean = new(name.Length);
        foreach (char c in name)
        {
            clean.Append(char.IsAsciiLetterOrDigit(c) ? c : '_');
        }

        return clean.Length > 0 && char.IsAsciiDigit(clean[0]) ? "_" + clean : clean.ToString();
    }

    /// <summary>A help text on one line.</summary>
    public static string Escape(string text) => text
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\n", "\\n", StringComparison.Ordinal);

    /// <summary>The value of a label.</summary>
    public static string EscapeLabel(string text) => Escape(text).Replace("\"", "\\\"", StringComparison.Ordinal);

    // Braces around a unit say what is counted, and are no part of the name.
    private static string Unit(string? unit) => unit switch
    {
        null or "" or "1" => "",
        "s" => "_seconds",
        "ms" => "_milliseconds",
        "By" => "_bytes",
        "%" => "_percent",
        _ => unit.StartsWith('{') ? "" : "_" + Clean(unit),
    };
}
