using System.ComponentModel;
using System.Text.Json;
using Florist.Adapters.Email;
using Florist.Messaging;
using Florist.Tests.Testing.Npm;

namespace Florist.Tests.Adapters.Email;

/// <summary>What we write, read back by a parser we have no part in: the email package of Python.</summary>
public class ParsedBackTests
{
    private const string Python = "python3";

    private const string Reader =
        """
        import email, email.header, email.policy, email.utils, json, sys
        seen = []
        for path in sys.argv[1:]:
            with open(path, 'rb') as file:
                content = file.read()
            message = email.message_from_bytes(content, policy=email.policy.default)
            # The newer policy of Python 3.11 keeps the space between two encoded-words of a name; the older does not.
            to = email.message_from_bytes(content)['To'].replace('\r\n', '').replace('\n', '')
            name, address = email.utils.parseaddr(to)
            bodies = [p for p in message.walk() if not p.is_multipart()]
            seen.append({
                'Subject': message['Subject'],
                'To': str(email.header.make_header(email.header.decode_header(name))),
                'Address': address,
                'Unsubscribe': message['List-Unsubscribe'] or '',
                'Instant': int(message['Date'].datetime.timestamp()),
                'Types': [p.get_content_type() for p in bodies],
                'Bodies': [p.get_content() for p in bodies],
                'Defects': [type(d).__name__ for p in message.walk() for d in p.defects]
                    + [type(d).__name__ for v in message.values() for d in v.defects],
            })
        json.dump(seen, sys.stdout)
        """;

    private static readonly string Long = new('x', 1000);

    private static readonly string[] Texts =
    [
        "plain",
        "",
        " ",
        "trailing space \nand tab\t\n.\n..\nFrom me\n=3D =\n--\n",
        "Grüße aus Köln, für 20 € 🌷🌷🌷",
        "family 👩‍👩‍👧 and flag 🇬🇧",
        Long + "\n" + Long + "ü",
        "carriage\rreturn\r\nboth\n",
        "nul\0 and bell\a",
        string.Concat(Enumerable.Repeat("ключ ", 200)),
        "--=_not-a-boundary\n--=_not-a-boundary--\n",
    ];

    private static readonly string[] Lines =
    [
        "Your flowers",
        "x",
        Long,
        "Grüße",
        "Tulips 🌷 for you, and only for you, from all of us at the shop on the corner of the street 🌷",
        "=?utf-8?Q?not_encoded?=",
        string.Concat(Enumerable.Repeat("много слов ", 40)).Trim(),
        "a, \"b\" <c@d> (e) \\ [f]; g: h",
        "two  spaces",
        "🌷🌷🌷🌷🌷🌷🌷🌷🌷🌷🌷🌷🌷🌷🌷🌷🌷🌷🌷🌷🌷🌷🌷🌷🌷",
    ];

    [Fact]
    public async Task Every_text_and_subject_comes_back_as_it_was()
    {
        OutgoingEmail[] emails =
        [
            .. Texts.SelectMany((text, row) => Lines.Select((line, column) => Email(text, line, $"{row}-{column}"))),
        ];
        Seen[] seen = await ReadBack(emails);

        Assert.Equal(emails.Length, seen.Length);
        for (int index = 0; index < emails.Length; index++)
        {
            OutgoingEmail email = emails[index];
            Assert.Empty(seen[index].Defects);
            Assert.Equal(email.Subject, seen[index].Subject);
            Assert.Equal(email.To.DisplayName, seen[index].To);
            Assert.Equal("a@xn--blmen-lva.example", seen[index].Address);
            Assert.Equal(email.Date.ToUnixTimeSeconds(), seen[index].Instant);
            Assert.Equal("<https://florist.example/u/" + new string('t', 300) + ">", seen[index].Unsubscribe);
            Assert.Equal(["text/plain", "text/html"], seen[index].Types);
            Assert.Equal(Normal(email.Text), Normal(seen[index].Bodies[0]));
            Assert.Equal(Normal(email.Html ?? ""), Normal(seen[index].Bodies[1]));
        }
    }

    private static OutgoingEmail Email(string text, string line, string key) => MailSamples.Email(key) with
    {
        To = new Mailbox("a@blümen.example", line),
        Subject = line,
        Text = text,
        Html = $"<p>{text}</p>",
        Headers = [new EmailHeader("List-Unsubscribe", "<https://florist.example/u/" + new string('t', 300) + ">")],
    };

    // The end of the last line belongs to the boundary, and a parser gives every line end as a newline.
    private static string Normal(string text) =>
        text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').TrimEnd('\n');

    private static async Task<Seen[]> ReadBack(OutgoingEmail[] emails)
    {
        Assert.SkipUnless(await PythonReads(), "python3 with its email package is not on the PATH");
        string folder = Directory.CreateTempSubdirectory("florist-mime-").FullName;
        try
        {
            List<string> paths = [];
            foreach (OutgoingEmail email in emails)
            {
                string path = Path.Combine(folder, $"{email.MessageKey}.eml");
                await File.WriteAllBytesAsync(path, MimeWriter.Write(email, MailSamples.Shop, null).Content.ToArray());
                paths.Add(path);
            }

            ToolRun run = await Tool.Run(Python, ["-c", Reader, .. paths], folder, TimeSpan.FromMinutes(1), default);
            Assert.True(run.ExitCode == 0, run.Said);
            return JsonSerializer.Deserialize<Seen[]>(run.Output) ?? [];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<bool> PythonReads()
    {
        try
        {
            string[] ask = ["-c", "import email.policy"];
            return (await Tool.Run(Python, ask, Path.GetTempPath(), TimeSpan.FromMinutes(1), default)).ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }

    private sealed record Seen(
        string Subject,
        string To,
        string Address,
        string Unsubscribe,
        long Instant,
        string[] Types,
        string[] Bodies,
        string[] Defects);
}
