"""How calls end, and what to do then."""
import grpc
from google.rpc import error_details_pb2, status_pb2

# These pass: connect again and resume.
PASSING = {
    grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.CANCELLED, grpc.StatusCode.ABORTED,
    # A connection that breaks in the middle is told by some stacks as one of these.
    grpc.StatusCode.INTERNAL, grpc.StatusCode.UNKNOWN,
}


class Refusal:
    """The end of a call that did not go well."""

    def __init__(self, error):
        self.code = error.code()
        self.text = error.details()
        self.reason = ''
        self.retry_seconds = None
        for key, value in error.trailing_metadata() or ():
            if key == 'grpc-status-details-bin':
                self._read(status_pb2.Status.FromString(value))

    def _read(self, status):
        self.reason = reason_of(status)
        for detail in status.details:
            retry = error_details_pb2.RetryInfo()
            if detail.Unpack(retry):
                self.retry_seconds = retry.retry_delay.ToMilliseconds() / 1000

    @property
    def passes(self):
        """False when a person has to be called: going on would not help, or do harm."""
        if self.reason == 'SESSION_FENCED':
            # Another stream of this producer took over: two processes work on one outbox.
            return False
        return self.code in PASSING or (
            self.code == grpc.StatusCode.RESOURCE_EXHAUSTED and self.retry_seconds is not None)

    def __str__(self):
        return f'{self.code.name} {self.reason}: {self.text}'


def reason_of(status):
    """The upper-case reason of a google.rpc.Status."""
    for detail in status.details:
        info = error_details_pb2.ErrorInfo()
        if detail.Unpack(info):
            return info.reason
    return ''
