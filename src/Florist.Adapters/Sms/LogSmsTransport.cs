using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Florist.Messaging;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Florist.Adapters.Sms;

/// <summary>
/// Appends each text message to a file, one JSON line each. A message counts once its line end is on the disk; the
/// file is read at the first use, so a repeat is recognised and a look-up is certain even after a crash.
/// </summary>
internal sealed class LogSmsTransport : ISmsTransport, IDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
    };

    private readonly string _path;
    private readonly TimeProvider _clock;
    private readonly ILogger<LogSmsTransport> _log;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly HashSet<string> _keys = new(StringComparer.Ordinal);
    private FileStream? _file;

    public LogSmsTransport(IOptions<SmsOptions> options, TimeProvider clock, ILogger<LogSmsTransport> log)
    {
        _path = options.Value.LogFile;
        _clock = clock;
        _log = log;
        SmsLog.WritingToFile(log, _path);
    }

    public async Task<SendOutcome> Send(OutgoingSms sms, CancellationToken cancel)
    {
        SendOutcome outcome = SmsChecks.Refusal(sms) ?? await Attempt(sms, cancel);
        if (outcome.Kind != SendKind.Accepted)
        {
            SmsLog.NotAccepted(_log, sms.MessageKey, outcome.Kind, outcome.Problem, outcome.Code, outcome.Text);
        }

        return outcome;
    }

    public async Task<LookupOutcome> Lookup(OutgoingSms sms, LookupHint hint, CancellationToken cancel)
    {
        try
        {
            await _turn.WaitAsync(cancel);
        }
        catch (OperationCanceledException)
        {
            return LookupOutcome.AskLater;
        }

        try
        {
            await Open();
            return _keys.Contains(sms.MessageKey) ? LookupOutcome.Found(IdOf(sms.MessageKey)) : LookupOutcome.NotFound;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            SmsLog.LookupFailed(_log, sms.MessageKey, e.GetType().Name);
            return LookupOutcome.AskLater;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose()
    {
        _file?.Dispose();
        _turn.Dispose();
    }

    private async Task<SendOutcome> Attempt(OutgoingSms sms, CancellationToken cancel)
    {
        try
        {
            await _turn.WaitAsync(cancel);
        }
        catch (OperationCanceledException)
        {
            return SendOutcome.Deferred(SendProblem.Unavailable, "CANCELLED", "given up before the line was begun");
        }

        try
        {
            FileStream file = await Open();
            if (!_keys.Contains(sms.MessageKey))
            {
                await Append(file, sms);
            }

            return SendOutcome.Accepted(IdOf(sms.MessageKey));
        }
        catch (IOException e)
        {
            return SendOutcome.Deferred(SendProblem.Unavailable, "WRITE_FAILED", e.Message);
        }
        catch (UnauthorizedAccessException e)
        {
            return SendOutcome.Deferred(SendProblem.Configuration, "WRITE_DENIED", e.Message);
        }
        finally
        {
            _turn.Release();
        }
    }

    // A line once begun is finished whatever the caller wants. If it cannot be, the file is closed and read afresh at
    // the next use, which cuts off what was left unfinished.
    private async Task Append(FileStream file, OutgoingSms sms)
    {
        Line line = new(sms.MessageKey, _clock.GetUtcNow(), sms.To, sms.Body, sms.ValidityPeriod);
        byte[] bytes = [.. JsonSerializer.SerializeToUtf8Bytes(line, Json), (byte)'\n'];
        try
        {
            await file.WriteAsync(bytes, CancellationToken.None);
            file.Flush(flushToDisk: true);
        }
        catch
        {
            _file = null;
            _keys.Clear();
            await file.DisposeAsync();
            throw;
        }

        _keys.Add(sms.MessageKey);
    }

    private async Task<FileStream> Open()
    {
        if (_file is not null)
        {
            return _file;
        }

        string? folder = Path.GetDirectoryName(Path.GetFullPath(_path));
        Directory.CreateDirectory(folder ?? ".");
        FileStream file = new(_path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
        try
        {
            long finished = await Scan(file);
            if (finished < file.Length)
            {
                SmsLog.UnfinishedLine(_log, _path, file.Length - finished);
                file.SetLength(finished);
                file.Flush(flushToDisk: true);
            }

            file.Position = finished;
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }

        _file = file;
        return file;
    }

    // Answers where the last finished line ends.
    private async Task<long> Scan(FileStream file)
    {
        _keys.Clear();
        byte[] content = new byte[file.Length];
        await file.ReadExactlyAsync(content);
        int start = 0;
        int end;
        while ((end = Array.IndexOf(content, (byte)'\n', start)) >= 0)
        {
            try
            {
                Line? line = JsonSerializer.Deserialize<Line>(content.AsSpan(start, end - start), Json);
                _keys.Add(line?.MessageKey ?? throw new IOException($"{_path} holds a line without a key"));
            }
            catch (JsonException e)
            {
                throw new IOException($"{_path} holds a line that is no message, at byte {start}", e);
            }

            start = end + 1;
        }

        return start;
    }

    private static string IdOf(string key) =>
        $"LOG{Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(key)).AsSpan(0, 16))}";

    private sealed record Line(string? MessageKey, DateTimeOffset At, string To, string Body, TimeSpan? ValidityPeriod);
}
