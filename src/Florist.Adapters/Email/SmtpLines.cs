using System.Text;

namespace Florist.Adapters.Email;

/// <summary>Reads replies from a server and writes commands to it.</summary>
internal sealed class SmtpLines
{
    private const int LineMax = 4096;
    private const int LinesMax = 128;

    private readonly Stream _stream;
    private readonly byte[] _buffer = new byte[LineMax];
    private int _start;
    private int _end;

    public SmtpLines(Stream stream) => _stream = stream;

    /// <summary>
    /// True when the server has sent more than was read. After STARTTLS that would be plaintext posing as part of the
    /// protected conversation.
    /// </summary>
    public bool HasUnread => _start < _end;

    public async Task Write(string command, CancellationToken cancel)
    {
        if (command.AsSpan().IndexOfAny('\r', '\n') >= 0)
        {
            throw new SmtpProtocolException("a command would have held a line break");
        }

        await _stream.WriteAsync(Encoding.ASCII.GetBytes($"{command}\r\n"), cancel);
        await _stream.FlushAsync(cancel);
    }

    public async Task WriteRaw(ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        await _stream.WriteAsync(bytes, cancel);
        await _stream.FlushAsync(cancel);
    }

    public async Task<SmtpReply> Read(CancellationToken cancel)
    {
        List<string> lines = [];
        int code = 0;
        for (int count = 0; count < LinesMax; count++)
        {
            string line = await ReadLine(cancel);
            int lineCode = CodeOf(line);
            if (count > 0 && lineCode != code)
            {
                throw new SmtpProtocolException("the lines of one reply have different codes");
            }

            code = lineCode;
            lines.Add(line.Length > 4 ? line[4..] : "");
            if (line.Length == 3 || line[3] == ' ')
            {
                return new SmtpReply(code, lines);
            }
        }

        throw new SmtpProtocolException($"a reply has more than {LinesMax} lines");
    }

    private static int CodeOf(string line)
    {
        bool legal = line.Length >= 3
            && line[0] is >= '2' and <= '5'
            && char.IsAsciiDigit(line[1])
            && char.IsAsciiDigit(line[2])
            && (line.Length == 3 || line[3] is ' ' or '-');
        return legal
            ? ((line[0] - '0') * 100) + ((line[1] - '0') * 10) + (line[2] - '0')
            : throw new SmtpProtocolException("a reply does not begin with a code");
    }

    // A line counts only with its line end: "250" cut short could have been "250-" or the start of anything.
    private async Task<string> ReadLine(CancellationToken cancel)
    {
        int scanned = _start;
        while (true)
        {
            int newline = Array.IndexOf(_buffer, (byte)'\n', scanned, _end - scanned);
            if (newline >= 0)
            {
                int length = newline - _start;
                length -= length > 0 && _buffer[newline - 1] == '\r' ? 1 : 0;
                string line = Encoding.UTF8.GetString(_buffer, _start, length);
                _start = newline + 1;
                return line;
            }

            MakeRoom();
            scanned = _end;
            int read = await _stream.ReadAsync(_buffer.AsMemory(_end), cancel);
            if (read == 0)
            {
                throw new EndOfStreamException("the server closed the connection");
            }

            _end += read;
        }
    }

    private void MakeRoom()
    {
        if (_start > 0)
        {
            Array.Copy(_buffer, _start, _buffer, 0, _end - _start);
            _end -= _start;
            _start = 0;
        }

        if (_end == _buffer.Length)
        {
            throw new SmtpProtocolException($"a reply has a line of more than {LineMax} bytes");
        }
    }
}
