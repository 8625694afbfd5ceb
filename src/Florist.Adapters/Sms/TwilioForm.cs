using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Florist.Messaging;

namespace Florist.Adapters.Sms;

/// <summary>
/// The form of one request, which knows whether any of it may have left. Until the client asks for its bytes the
/// provider cannot have a whole request; from then on it may. The bytes are given out once: a second time would be a
/// second send.
/// </summary>
internal sealed class TwilioForm : HttpContent
{
    private const int ValidityMaxSeconds = 36000;

    private readonly byte[] _bytes;

    private TwilioForm(string text)
    {
        _bytes = Encoding.ASCII.GetBytes(text);
        Headers.ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded");
    }

    /// <summary>Whether the provider may have the request.</summary>
    public bool MayHaveLeft { get; private set; }

    public static TwilioForm For(OutgoingSms sms, TwilioOptions options)
    {
        List<(string Name, string? Value)> fields =
        [
            ("To", sms.To),
            ("MessagingServiceSid", options.MessagingServiceSid),
            ("From", options.From),
            ("Body", sms.Body),
            ("StatusCallback", Callback(options.StatusCallback, sms.MessageKey)),
            ("ValidityPeriod", Validity(sms.ValidityPeriod)),
        ];
        IEnumerable<string> pairs = fields
            .Where(field => field.Value is not null)
            .Select(field => $"{field.Name}={Uri.EscapeDataString(field.Value ?? "")}");
        return new TwilioForm(string.Join('&', pairs));
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(
        Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        if (MayHaveLeft)
        {
            throw new IOException("the request was about to be sent a second time");
        }

        MayHaveLeft = true;
        await stream.WriteAsync(_bytes, cancellationToken);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _bytes.Length;
        return true;
    }

    // A fragment holds Twilio's own settings for the call (#rc=3), so the query goes before it.
    private static string? Callback(string? address, string key)
    {
        if (address is null)
        {
            return null;
        }

        int hash = address.IndexOf('#', StringComparison.Ordinal);
        string fragment = hash < 0 ? "" : address[hash..];
        string rest = hash < 0 ? address : address[..hash];
        char joint = rest.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        return $"{rest}{joint}n={Uri.EscapeDataString(key)}{fragment}";
    }

    private static string? Validity(TimeSpan? period) => period is null
        ? null
        : Math.Clamp((int)Math.Min(period.Value.TotalSeconds, ValidityMaxSeconds), 1, ValidityMaxSeconds)
            .ToString(CultureInfo.InvariantCulture);
}
