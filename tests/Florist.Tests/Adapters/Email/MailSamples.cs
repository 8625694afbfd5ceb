using System.Text;
using Florist.Adapters.Email;
using Florist.Messaging;

namespace Florist.Tests.Adapters.Email;

internal static class MailSamples
{
    public static readonly Mailbox Shop = new("shop@florist.example", "Florist");

    public static OutgoingEmail Email(string key = "cus_1:occ_2:2026:email:reminder") => new()
    {
        MessageKey = key,
        To = new Mailbox("ana@customer.example", "Ana"),
        Subject = "Your flowers",
        Text = "Hello Ana,\nthe tulips are in.\n",
        Html = "<p>Hello Ana,</p>\n<p>the tulips are in.</p>\n",
        Date = new DateTimeOffset(2026, 11, 22, 10, 0, 0, TimeSpan.Zero),
    };

    public static string Written(OutgoingEmail email) =>
        Encoding.ASCII.GetString(MimeWriter.Write(email, Shop, null).Content.Span);

    public static string Header(OutgoingEmail email, string name)
    {
        string head = Written(email).Split("\r\n\r\n", 2)[0].Replace("\r\n ", " ", StringComparison.Ordinal);
        string line = head.Split("\r\n").Single(l => l.StartsWith(name + ":", StringComparison.Ordinal));
        return line[(name.Length + 1)..].TrimStart();
    }
}
