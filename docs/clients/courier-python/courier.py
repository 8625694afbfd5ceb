#!/usr/bin/env python3
"""A courier of the shop: notes what its drivers report, and brings it over.

    courier.py report orders/7q2x/deliveries/d1 OUT_FOR_DELIVERY     notes an event; returns when it is on the disk
    courier.py run                                                   brings events over until it is told to stop
    courier.py rejected                                              lists what the shop will never accept

Settings come from the environment: FLORIST_SERVER (host:port), FLORIST_COURIER (couriers/velo), FLORIST_PRODUCER (one
outbox, as depot-1), FLORIST_OUTBOX (its file), FLORIST_TOKEN or FLORIST_TOKEN_FILE, which is read anew at each connect.
"""
import argparse
import logging
import os
import random
import signal
import sys
import threading
import time
import uuid

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), 'gen'))

import grpc  # noqa: E402
from florist.delivery.v1 import delivery_pb2 as contract  # noqa: E402
from florist.delivery.v1 import delivery_pb2_grpc  # noqa: E402

from outbox import Outbox  # noqa: E402
from refusals import Refusal, reason_of  # noqa: E402
from session import Session  # noqa: E402

log = logging.getLogger('courier')

PAUSE_SECONDS_FIRST = 0.5
PAUSE_SECONDS_MAX = 30.0
# So many streams in a row that were not even welcomed: perhaps a proxy on the way cannot stream. Then in batches for a
# while.
UNWELCOME_MAX = 5
BATCHES_SECONDS = 300.0
BATCH_MAX = 100
BATCH_SECONDS_MAX = 10.0
# The same batch gets the same request_id, also from another process: made of what is in it.
BATCHES = uuid.UUID('5c1de3f6-4d5c-4bb0-8a70-0d7b7a6f2f51')


class Courier:
    def __init__(self, outbox):
        self._outbox = outbox
        self._courier = os.environ.get('FLORIST_COURIER', 'couriers/velo')
        self._producer = os.environ.get('FLORIST_PRODUCER', 'depot-1')
        # Without TLS for the example; in production grpc.secure_channel. Pings find out a dead line in 40 seconds.
        self._channel = grpc.insecure_channel(os.environ.get('FLORIST_SERVER', '127.0.0.1:5080'), options=[
            ('grpc.keepalive_time_ms', 30_000), ('grpc.keepalive_timeout_ms', 10_000),
            # Our own pauses decide when to try again.
            ('grpc.initial_reconnect_backoff_ms', 500), ('grpc.max_reconnect_backoff_ms', 5_000)])
        self._stub = delivery_pb2_grpc.CourierServiceStub(self._channel)
        self._stopping = threading.Event()
        self._session = None

    def stop(self, *_):
        """Ends `run` when what was sent is acknowledged. What is not stays in the outbox for the next run."""
        self._stopping.set()
        session = self._session
        if session is not None:
            # Not from a signal handler's own thread: that one may hold the session's lock.
            threading.Thread(target=session.leave, daemon=True).start()

    def run(self, until_empty, no_stream):
        """Brings events over. Answers True when it ended well, False when a person is needed."""
        failures = unwelcome = 0
        batches_until = float('inf') if no_stream else 0.0
        refreshed = False
        while not self._stopping.is_set():
            if time.monotonic() < batches_until:
                refusal = self._report_batch()
                went_well = refusal is None
            else:
                self._session = Session(self._stub, self._outbox, self._courier, self._producer, token())
                if self._stopping.is_set():
                    break
                refusal = self._session.run(until_empty)
                went_well = self._session.was_welcome
                unwelcome = 0 if went_well else unwelcome + 1
                if unwelcome == UNWELCOME_MAX:
                    unwelcome, batches_until = 0, time.monotonic() + BATCHES_SECONDS
            if went_well:
                failures, refreshed = 0, False
            if until_empty and self._outbox.is_empty():
                break
            if refusal is not None and not refusal.passes:
                if refusal.code == grpc.StatusCode.UNAUTHENTICATED and not refreshed:
                    # The token may have expired. The next attempt reads it anew; a second refusal is final.
                    refreshed = True
                else:
                    log.error('stopped, call a person: %s', refusal)
                    return False
            if refusal is not None:
                log.info('reconnecting after: %s', refusal)
            self._stopping.wait(pause_seconds(refusal, failures))
            failures += refusal is not None
        self._channel.close()
        return True

    def _report_batch(self):
        """Brings the oldest events over in one ordinary call. Answers None, or the Refusal that it ended with."""
        rows = self._outbox.unreported(BATCH_MAX)
        if not rows:
            return None
        request = contract.ReportUpdatesRequest(
            courier=self._courier, events=[contract.DeliveryEvent.FromString(event) for _, event in rows])
        request.request_id = str(uuid.uuid5(BATCHES, ' '.join(event.event_id for event in request.events)))
        try:
            answer = self._stub.ReportUpdates(
                request, timeout=BATCH_SECONDS_MAX, metadata=[('authorization', 'Bearer ' + token())])
        except grpc.RpcError as error:
            return Refusal(error)
        rejected = [(one.event_id, reason_of(one.status), one.status.message)
                    for one in answer.results if one.disposition == contract.UpdateResult.REJECTED]
        self._outbox.settle_reported([id for id, _ in rows], rejected)
        log.info('reported %d, of which rejected %d', len(rows), len(rejected))
        return None


def pause_seconds(refusal, failures):
    """Full jitter: anything up to a limit that doubles. What the server asks for goes before."""
    if refusal is not None and refusal.retry_seconds is not None:
        return refusal.retry_seconds + random.uniform(0, PAUSE_SECONDS_FIRST)
    return random.uniform(0, min(PAUSE_SECONDS_MAX, PAUSE_SECONDS_FIRST * 2 ** min(failures, 10)))


def token():
    file = os.environ.get('FLORIST_TOKEN_FILE')
    if file is None:
        return os.environ.get('FLORIST_TOKEN', '')
    with open(file, encoding='ascii') as text:
        return text.read().strip()


def event_of(told):
    """An event as a driver reports it. Its event_id and time are fixed now, however often it will be sent."""
    event = contract.DeliveryEvent(
        event_id=told.event_id or str(uuid.uuid4()), delivery=told.delivery, leg=told.leg, attempt=told.attempt)
    event.occur_time.GetCurrentTime()
    event.state_report.state = contract.Delivery.State.Value(told.state)
    if told.outcome:
        event.state_report.outcome = contract.Delivery.Outcome.Value(told.outcome)
    if told.reason:
        event.state_report.failure_reason = contract.Delivery.FailureReason.Value(told.reason)
    return event


def main():
    logging.basicConfig(level=logging.INFO, format='%(message)s', stream=sys.stderr)
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    verbs = parser.add_subparsers(dest='verb', required=True)
    report = verbs.add_parser('report', help='notes an event')
    report.add_argument('delivery')
    report.add_argument('state', choices=contract.Delivery.State.keys()[1:])
    report.add_argument('--leg', type=int, default=1, help='the leg that was assigned to you')
    report.add_argument('--attempt', type=int, default=0, help='0 when you do not count attempts')
    report.add_argument('--outcome', choices=contract.Delivery.Outcome.keys()[1:])
    report.add_argument('--reason', choices=contract.Delivery.FailureReason.keys()[1:])
    report.add_argument('--event-id', help='yours, if your system has one; made otherwise')
    run = verbs.add_parser('run', help='brings events over')
    run.add_argument('--until-empty', action='store_true', help='ends when everything has been brought over')
    run.add_argument('--no-stream', action='store_true', help='in batches, where streams do not get through')
    verbs.add_parser('rejected', help='lists what the shop will never accept')
    told = parser.parse_args()

    outbox = Outbox(os.environ.get('FLORIST_OUTBOX', 'outbox.db'))
    if told.verb == 'report':
        event = event_of(told)
        outbox.add(event.event_id, event.SerializeToString())
        print(event.event_id)
    elif told.verb == 'rejected':
        for event_id, reason, text in outbox.rejected():
            print(event_id, reason, text)
    else:
        courier = Courier(outbox)
        signal.signal(signal.SIGTERM, courier.stop)
        signal.signal(signal.SIGINT, courier.stop)
        sys.exit(0 if courier.run(told.until_empty, told.no_stream) else 1)


if __name__ == '__main__':
    main()
