using System.Buffers;
using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using Florist.Messaging;

namespace Florist.Adapters.Email;

/// <summary>A message ready for a server: the envelope and the bytes, all of them 7-bit with CRLF line ends.</summary>
internal sealed record WrittenMail(
    MailAddress EnvelopeFrom, MailAddress EnvelopeTo, string MessageId, ReadOnlyMemory<byte> Content);

/// <summary>
/// Writes an e-mail as bytes (RFC 5322, 2045 to 2047). The same message always gives the same bytes: nothing comes
/// from a clock or a random number.
/// </summary>
internal static class MimeWriter
{
    private static readonly FrozenSet<string> OwnHeaders = new[]
    {
        "Date", "From", "Sender", "To", "Cc", "Bcc", "Reply-To", "Message-ID", "Subject", "MIME-Version",
        "Content-Type", "Content-Transfer-Encoding", "Return-Path", "Received", "DKIM-Signature",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Writes the message.</summary>
    /// <exception cref="UnwritableMailException">It cannot be written, or would carry an injected header.</exception>
    public static WrittenMail Write(OutgoingEmail email, Mailbox configuredFrom, string? returnPath)
    {
        Mailbox fromBox = email.From ?? configuredFrom;
        MailAddress from = MailAddress.Parse(fromBox.Address);
        MailAddress to = MailAddress.Parse(email.To.Address);
        string messageId = MailNames.MessageId(email.MessageKey, from.Domain);

        MailHeaders headers = new();
        headers.Add("Date", DateOf(email));
        headers.AddMailbox("From", from, fromBox.DisplayName);
        headers.AddMailbox("To", to, email.To.DisplayName);
        if (email.ReplyTo is { } replyTo)
        {
            headers.AddMailbox("Reply-To", MailAddress.Parse(replyTo.Address), replyTo.DisplayName);
        }

        headers.Add("Message-ID", messageId);
        headers.AddText("Subject", email.Subject);
        AddOthers(headers, email);
        headers.Add("MIME-Version", "1.0");

        ArrayBufferWriter<byte> output = new(4096);
        WriteBody(output, headers, email);
        MailAddress envelopeFrom = returnPath is null ? from : MailAddress.Parse(returnPath);
        return new WrittenMail(envelopeFrom, to, messageId, output.WrittenMemory);
    }

    private static void AddOthers(MailHeaders headers, OutgoingEmail email)
    {
        foreach (EmailHeader header in email.Headers)
        {
            bool legal = header.Name.Length is > 0 and <= 60
                && header.Name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')
                && !OwnHeaders.Contains(header.Name);
            if (!legal)
            {
                throw new UnwritableMailException(
                    SendProblem.ContentRefused, "HEADER_NAME", "a further header has a name that is illegal or taken");
            }

            headers.AddOther(header.Name, header.Value);
        }
    }

    private static void WriteBody(ArrayBufferWriter<byte> output, MailHeaders headers, OutgoingEmail email)
    {
        if (email.Html is null)
        {
            AppendAscii(output, headers.ToString());
            WritePart(output, "text/plain", email.Text);
            return;
        }

        // The plainest part comes first: a reader shows the last one it understands.
        string boundary = MailNames.Boundary(email.MessageKey);
        AppendAscii(output, $"{headers}Content-Type: multipart/alternative;\r\n boundary=\"{boundary}\"\r\n\r\n");
        AppendAscii(output, $"--{boundary}\r\n");
        WritePart(output, "text/plain", email.Text);
        AppendAscii(output, $"--{boundary}\r\n");
        WritePart(output, "text/html", email.Html);
        AppendAscii(output, $"--{boundary}--\r\n");
    }

    private static void WritePart(ArrayBufferWriter<byte> output, string type, string text)
    {
        AppendAscii(
            output,
            $"Content-Type: {type}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n");
        QuotedPrintable.Write(output, text);
    }

    private static string DateOf(OutgoingEmail email)
    {
        string offset = email.Date.ToString("zzz", CultureInfo.InvariantCulture);
        return email.Date.ToString("ddd, dd MMM yyyy HH:mm:ss ", CultureInfo.InvariantCulture)
            + offset.Replace(":", "", StringComparison.Ordinal);
    }

    private static void AppendAscii(ArrayBufferWriter<byte> output, string text) =>
        Encoding.ASCII.GetBytes(text, output);
}
