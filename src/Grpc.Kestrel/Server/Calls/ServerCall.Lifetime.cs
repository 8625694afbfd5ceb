using System.Diagnostics;
using System.Globalization;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Grpc.Kestrel.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Grpc.Kestrel.Server;

/// <summary>This part begins the call and ends it: once, by its handler or by its deadline.</summary>
internal sealed partial class ServerCall
{
    // How long the status of an expired call may wait for the client to take what was sent before it.
    private static readonly TimeSpan ExpiryGrace = TimeSpan.FromSeconds(1);

    /// <summary>Begins the call.</summary>
    /// <exception cref="RpcException">The timeout is malformed (INTERNAL) or zero (DEADLINE_EXCEEDED).</exception>
    public void Begin()
    {
        HttpContext.Features.Set<IServerCallContextFeature>(this);
        if (HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }

        if (timeoutField is null)
        {
            return;
        }

        if (!TimeoutField.TryParse(timeoutField, out TimeSpan timeout))
        {
            throw new RpcException(new Status(StatusCode.Internal, $"The timeout '{timeoutField}' is malformed."));
        }

        if (timeout == TimeSpan.Zero)
        {
            throw new RpcException(new Status(StatusCode.DeadlineExceeded, ""));
        }

        cancellation = CancellationTokenSource.CreateLinkedTokenSource(HttpContext.RequestAborted);
        ends = cancellation.Token;
        deadline = new CallDeadline(timeout, Expire);
        deadline.Start();
    }

    /// <summary>Remembers what the handler threw as the status of the call.</summary>
    public void Fail(Exception error)
    {
        bool isOver = turn.IsClosed || CancellationToken.IsCancellationRequested || Reader.IsPeerGone;
        if (isOver && error is OperationCanceledException or IOException or InvalidOperationException)
        {
            GrpcServerLog.Cancelled(log, method.FullName, error);
            status = turn.IsClosed ? status : Status.DefaultCancelled;
        }
        else if (error is RpcException refusal)
        {
            // The text of a refusal is written for the caller and may name people: the log has the code alone.
            GrpcServerLog.Refused(log, method.FullName, refusal.StatusCode, refusal.Status.DebugException);
            status = refusal.Status;
            foreach (Metadata.Entry entry in refusal.Trailers)
            {
                ResponseTrailers.Add(entry);
            }
        }
        else
        {
            GrpcServerLog.HandlerFailed(log, method.FullName, error);
            status = CallStatus.Of(error, settings.HasDetailedErrors);
        }
    }

    /// <summary>Ends the call with its status, unless the deadline has done so.</summary>
    public ValueTask Finish()
    {
        // Nearly every call: nothing to wait for, and so no need of a state machine.
        if (stopReading is null && deadline is null && turn.TryClose())
        {
            SendStatus(status, responseTrailers);
            Describe();
            return default;
        }

        return FinishInTurn();
    }

    private async ValueTask FinishInTurn()
    {
        if (stopReading is not null)
        {
            await stopReading().ConfigureAwait(false);
        }

        if (await turn.Close().ConfigureAwait(false))
        {
            SendStatus(status, responseTrailers);
        }

        if (deadline is not null)
        {
            await deadline.DisposeAsync().ConfigureAwait(false);
            cancellation?.Dispose();
        }

        Describe();
    }

    // The server's span of the request is the current one when there is any, which is cheaper to find out.
    private void Describe()
    {
        if (Activity.Current is not null
            && HttpContext.Features.Get<IHttpActivityFeature>()?.Activity is Activity activity)
        {
            activity.AddTag("grpc.method", method.FullName);
            activity.AddTag("grpc.status_code", ((int)status.StatusCode).ToString(CultureInfo.InvariantCulture));
        }
    }

    // Runs on the timer's thread. Once the turn is closed nothing of the handler reaches the wire any more.
    private async Task Expire()
    {
        try
        {
            ValueTask<bool> closing = turn.Close();
            if (!closing.IsCompleted)
            {
                output.CancelPendingFlush();
            }

            if (!await closing.ConfigureAwait(false))
            {
                return;
            }

            GrpcServerLog.DeadlineExceeded(log, method.FullName, deadline?.Timeout ?? default);
            status = new Status(StatusCode.DeadlineExceeded, "");
            Task telling = cancellation?.CancelAsync() ?? Task.CompletedTask;
            Reader.CancelPendingRead();
            SendStatus(status, trailers: null);
            Task completing = HttpContext.Response.CompleteAsync();
            await Task.WhenAny(completing, Task.Delay(ExpiryGrace)).ConfigureAwait(false);
            Reset(FieldNames.ResetCancel);
            await completing.ConfigureAwait(false);
            await telling.ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // The timer has nobody to throw at; the handler's own end of the call goes on.
            GrpcServerLog.ExpiryFailed(log, method.FullName, e);
        }
    }

    private void SendStatus(Status final, Metadata? trailers)
    {
        if (writer.IsBroken)
        {
            GrpcServerLog.MessageBroken(log, method.FullName);
            Reset(FieldNames.ResetInternalError);
            return;
        }

        output.Commit();
        HttpResponse response = HttpContext.Response;
        bool isTrailersOnly = !hasSent && !response.HasStarted;
        IHeaderDictionary? fields = isTrailersOnly
            ? response.Headers
            : HttpContext.Features.Get<IHttpResponseTrailersFeature>()?.Trailers;
        if (fields is null)
        {
            // A status that cannot be sent must not look like success.
            Reset(FieldNames.ResetInternalError);
            return;
        }

        if (isTrailersOnly && Reader.SawUnknownEncoding)
        {
            fields.GrpcAcceptEncoding = settings.Encodings.AcceptField;
        }

        CallStatus.Write(fields, AppendTrailers(fields, trailers) ? final : new Status(
            StatusCode.Internal, "The trailers cannot be sent."));
    }

    private bool AppendTrailers(IHeaderDictionary fields, Metadata? trailers)
    {
        try
        {
            if (trailers is not null)
            {
                MetadataFields.Append(fields, trailers);
            }

            return true;
        }
        catch (ArgumentException e)
        {
            GrpcServerLog.TrailersRefused(log, method.FullName, e);
            return false;
        }
    }
}
