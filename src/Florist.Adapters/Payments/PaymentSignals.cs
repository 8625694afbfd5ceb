using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Florist.Kernel;
using Florist.Orders;
using Microsoft.Extensions.Options;

namespace Florist.Adapters.Payments;

/// <summary>The simulator's webhooks: writes them signed, and reads them when the signature is right.</summary>
internal sealed class PaymentSignals : IPaymentSignals
{
    private readonly PaymentSignature signatures;
    private readonly TimeProvider clock;

    public PaymentSignals(IOptions<PaymentsOptions> options)
        : this(options, TimeProvider.System)
    {
    }

    // The age of a signature is told by real time: the shop's clock may be a sandbox's.
    internal PaymentSignals(IOptions<PaymentsOptions> options, TimeProvider clock)
    {
        this.clock = clock;
        byte[] secret = options.Value.WebhookSecret is { } shared
            ? Encoding.UTF8.GetBytes(shared)
            : RandomNumberGenerator.GetBytes(32);
        signatures = new PaymentSignature(secret, options.Value.WebhookTolerance);
    }

    public string SignatureHeader => PaymentSignature.Header;

    /// <summary>A message with its signature.</summary>
    public (string Signature, byte[] Body) Write(PaymentNews news)
    {
        byte[] body = FloristJson.WriteBytes(news);
        return (signatures.Sign(body, clock.GetUtcNow()), body);
    }

    public Outcome<PaymentNews> Read(string? signature, ReadOnlySpan<byte> body)
    {
        if (!signatures.Verifies(signature, body, clock.GetUtcNow()))
        {
            return Fault.Denied("the signature is wrong or old");
        }

        try
        {
            return FloristJson.Read<PaymentNews>(body);
        }
        catch (JsonException)
        {
            return Fault.Invalid("body", "BODY_INVALID", "is no news of a payment");
        }
    }
}
