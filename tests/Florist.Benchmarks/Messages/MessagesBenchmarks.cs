using Florist.Customers;
using Florist.Messaging;
using Florist.Server;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Florist.Benchmarks.Messages;

/// <summary>How fast messages can be written, beside how fast the fastest sender can take them.</summary>
internal static class MessagesBenchmarks
{
    // Messages a second of the fastest sender that a shop can rent: rendering must never be what holds it up.
    private const double SenderRateMax = 2000;

    public static async Task Run()
    {
        string folder = Directory.CreateTempSubdirectory("florist-bench-").FullName;
        try
        {
            using IHost host = Serving.BuildWithoutEdge(folder);
            IMessageRenderer renderer = host.Services.GetRequiredService<IMessageRenderer>();
            MessageModel reminder =
                MessageSamples.Of(MessageKind.OccasionReminder, "en-GB", Formality.Informal);
            double emails = await Measure.Rate(1, _ => Task.FromResult(renderer.Email(reminder)));
            double texts = await Measure.Rate(1, _ => Task.FromResult(renderer.Sms(reminder)));
            Figure.Rate("messages.emails_rendered_per_second", emails, SenderRateMax, goal: 1);
            Figure.Rate("messages.texts_rendered_per_second", texts, SenderRateMax, goal: 1);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
