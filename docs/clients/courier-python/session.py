"""One stream of StreamUpdates, from Hello to its end.

Two threads take part: grpcio pulls what is to be sent out of `_requests`, and `run` reads what the server says. They
share the fields below under `_turn`.
"""
import logging
import threading
import time

import grpc
from florist.delivery.v1 import delivery_pb2 as contract
from google.protobuf import duration_pb2

from refusals import Refusal, reason_of

log = logging.getLogger('courier')

# How often the outbox is looked at: other processes put events into it.
LOOK_SECONDS = 0.2
# Until the server has said how often it gives a sign of life.
INTERVAL_SECONDS = 15.0
INTERVALS_OF_SILENCE_MAX = 2.5
ACK_SECONDS_MAX = 30.0
# What this client would have outstanding at most; the server may allow less.
IN_FLIGHT_MAX = 256


class Session:
    def __init__(self, stub, outbox, courier, producer, token):
        self._stub, self._outbox, self._courier, self._producer, self._token = stub, outbox, courier, producer, token
        self._turn = threading.Condition()
        self._call = None
        self._welcomed = self._draining = self._leaving = self._over = False
        self._until_empty = False
        self._committed = self._sent = self._window = 0
        self._interval = INTERVAL_SECONDS
        self._heard_at = self._moved_at = time.monotonic()

    @property
    def was_welcome(self):
        return self._welcomed

    def leave(self):
        """Asks the session to send nothing more, to collect what is still to be acknowledged, and to end."""
        with self._turn:
            self._leaving = True
            self._turn.notify()

    def run(self, until_empty=False):
        """Works until the stream ends. Answers None for a good end, else a Refusal."""
        self._until_empty = until_empty
        metadata = [('authorization', 'Bearer ' + self._token)]
        self._call = self._stub.StreamUpdates(self._requests(), metadata=metadata)
        try:
            for message in self._call:
                with self._turn:
                    self._heard_at = time.monotonic()
                    self._hear(message)
                    self._turn.notify()
            return None
        except grpc.RpcError as error:
            return Refusal(error)
        finally:
            with self._turn:
                self._over = True
                self._turn.notify()

    def _hear(self, message):
        kind = message.WhichOneof('message')
        if kind == 'welcome':
            self._outbox.resume(message.welcome.committed_sequence)
            self._committed = self._sent = message.welcome.committed_sequence
            self._window = message.welcome.window
            self._interval = seconds(message.welcome.heartbeat_interval) or INTERVAL_SECONDS
            self._welcomed = True
            log.info('connected; the server stands at %d', self._committed)
        elif kind == 'ack':
            # A rejected update is committed too. It is kept for a person and never sent again.
            rejected = []
            for result in message.ack.results:
                if result.disposition == contract.UpdateResult.REJECTED:
                    rejected.append((result.event_id, reason_of(result.status), result.status.message))
                    log.warning('rejected: %s: %s', result.event_id, reason_of(result.status))
                elif result.review_needed:
                    log.warning('the shop looks at %s: %s', result.event_id, result.reason)
            self._outbox.settle(message.ack.committed_sequence, rejected)
            if message.ack.committed_sequence > self._committed:
                log.info('committed %d', message.ack.committed_sequence)
            self._committed = message.ack.committed_sequence
            self._window = message.ack.window
            self._moved_at = time.monotonic()
        elif kind == 'drain':
            log.info('asked to reconnect: %s', message.drain.reason)
            self._draining = True
        # A heartbeat says nothing but that the server lives. What later versions may say is passed over.

    def _requests(self):
        yield contract.StreamUpdatesRequest(hello=contract.StreamUpdatesRequest.Hello(
            courier=self._courier, producer_id=self._producer, next_sequence=self._outbox.next_sequence(),
            max_in_flight=IN_FLIGHT_MAX))
        while (request := self._next(time.monotonic())) is not None:
            yield request

    def _next(self, said_at):
        """What to send next, waited for. None half-closes the stream."""
        with self._turn:
            while not self._over:
                now = time.monotonic()
                if self._is_dead(now):
                    self._call.cancel()
                    return None
                if self._welcomed:
                    update = self._update(now)
                    if update is not None:
                        return update
                    if self._is_done():
                        return None
                    if now - said_at >= self._interval:
                        return contract.StreamUpdatesRequest(heartbeat=contract.StreamUpdatesRequest.Heartbeat())
                self._turn.wait(LOOK_SECONDS)
        return None

    def _update(self, now):
        if self._draining or self._leaving or self._sent - self._committed >= self._window:
            return None
        following = self._outbox.next_after(self._sent)
        if following is None:
            return None
        if self._sent == self._committed:
            self._moved_at = now
        self._sent, event = following
        return contract.StreamUpdatesRequest(update=contract.StreamUpdatesRequest.Update(
            sequence=self._sent, event=contract.DeliveryEvent.FromString(event)))

    def _is_done(self):
        wants_to_end = self._draining or self._leaving or (self._until_empty and self._outbox.is_empty())
        return wants_to_end and self._committed >= self._sent

    def _is_dead(self, now):
        if now - self._heard_at > self._interval * INTERVALS_OF_SILENCE_MAX:
            log.warning('silence; reconnecting')
            return True
        if self._sent > self._committed and now - self._moved_at > ACK_SECONDS_MAX:
            log.warning('nothing is acknowledged; reconnecting')
            return True
        return False


def seconds(duration: duration_pb2.Duration):
    return duration.seconds + duration.nanos / 1e9
