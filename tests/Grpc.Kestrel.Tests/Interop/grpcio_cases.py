"""The standard interoperability cases and questions to reflection, driven by the gRPC client of Python.

Arguments: the server's address and a file with a FileDescriptorSet. One JSON line per case on the output.
"""
import json
import sys
import threading
import traceback

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

address, descriptors = sys.argv[1:3]
pool = descriptor_pool.DescriptorPool()
with open(descriptors, "rb") as stream:
    for file in descriptor_pb2.FileDescriptorSet.FromString(stream.read()).file:
        pool.Add(file)
factory = message_factory.MessageFactory(pool)
Code = grpc.StatusCode


def message(name):
    return factory.GetPrototype(pool.FindMessageTypeByName(name))


def testing(name):
    return message("grpc.testing." + name)


class Client:
    """Calls methods by their full names."""

    def __init__(self, **options):
        self.channel = grpc.insecure_channel(address, **options)

    def method(self, name, service="grpc.testing.TestService"):
        method = pool.FindMethodByName(service + "." + name)
        request, response = message(method.input_type.full_name), message(method.output_type.full_name)
        proto = descriptor_pb2.MethodDescriptorProto()
        method.CopyToProto(proto)
        kinds = {
            (False, False): self.channel.unary_unary,
            (False, True): self.channel.unary_stream,
            (True, False): self.channel.stream_unary,
            (True, True): self.channel.stream_stream,
        }
        return kinds[proto.client_streaming, proto.server_streaming](
            f"/{service}/{name}",
            request_serializer=request.SerializeToString,
            response_deserializer=response.FromString,
        )


client = Client()
gzip = Client(compression=grpc.Compression.Gzip)


def zeros(size):
    return testing("Payload")(body=bytes(size))


def wanted(*sizes, request=0, interval_us=0):
    parameters = [testing("ResponseParameters")(size=size, interval_us=interval_us) for size in sizes]
    return testing("StreamingOutputCallRequest")(response_parameters=parameters, payload=zeros(request))


def failure_of(call):
    try:
        call()
    except grpc.RpcError as error:
        return error
    raise AssertionError("the call ended well")


def equal(actual, expected):
    assert actual == expected, f"{actual!r} instead of {expected!r}"


def flag(value):
    return testing("BoolValue")(value=value)


def empty_unary():
    equal(client.method("EmptyCall")(testing("Empty")()), testing("Empty")())


def large_unary():
    reply = client.method("UnaryCall")(testing("SimpleRequest")(response_size=314159, payload=zeros(271828)))
    equal(len(reply.payload.body), 314159)


def client_compressed_unary():
    def request(expected):
        return testing("SimpleRequest")(
            response_size=314159, payload=zeros(271828), expect_compressed=flag(expected))

    equal(failure_of(lambda: client.method("UnaryCall")(request(True))).code(), Code.INVALID_ARGUMENT)
    equal(len(gzip.method("UnaryCall")(request(True)).payload.body), 314159)
    equal(len(client.method("UnaryCall")(request(False)).payload.body), 314159)


def server_compressed_unary():
    for compressed in (True, False):
        reply = client.method("UnaryCall")(testing("SimpleRequest")(
            response_size=314159, payload=zeros(271828), response_compressed=flag(compressed)))
        equal(reply.payload.body, bytes(314159))


def client_streaming():
    requests = [testing("StreamingInputCallRequest")(payload=zeros(size)) for size in (27182, 8, 1828, 45904)]
    equal(client.method("StreamingInputCall")(iter(requests)).aggregated_payload_size, 74922)


def server_streaming():
    replies = list(client.method("StreamingOutputCall")(wanted(31415, 9, 2653, 58979)))
    equal([len(reply.payload.body) for reply in replies], [31415, 9, 2653, 58979])


class Requests:
    """An iterator of requests that are handed over one by one."""

    def __init__(self):
        self.turn, self.items = threading.Condition(), []

    def put(self, item):
        with self.turn:
            self.items.append(item)
            self.turn.notify()

    def __iter__(self):
        return self

    def __next__(self):
        with self.turn:
            self.turn.wait_for(lambda: self.items)
            item = self.items.pop(0)
        if item is None:
            raise StopIteration
        return item


def ping_pong():
    requests = Requests()
    call = client.method("FullDuplexCall")(requests)
    for request, response in ((27182, 31415), (8, 9), (1828, 2653), (45904, 58979)):
        requests.put(wanted(response, request=request))
        equal(len(next(call).payload.body), response)
    requests.put(None)
    equal(list(call), [])
    equal(call.code(), Code.OK)


def empty_stream():
    call = client.method("FullDuplexCall")(iter([]))
    equal(list(call), [])
    equal(call.code(), Code.OK)


def custom_metadata():
    sent = (("x-grpc-test-echo-initial", "test_initial_metadata_value"),
            ("x-grpc-test-echo-trailing-bin", b"\xab\xab\xab"))
    _, unary = client.method("UnaryCall").with_call(
        testing("SimpleRequest")(response_size=314159, payload=zeros(271828)), metadata=sent)
    duplex = client.method("FullDuplexCall")(iter([wanted(314159, request=271828)]), metadata=sent)
    list(duplex)
    for call in (unary, duplex):
        assert sent[0] in [tuple(entry) for entry in call.initial_metadata()], call.initial_metadata()
        assert sent[1] in [tuple(entry) for entry in call.trailing_metadata()], call.trailing_metadata()


def status_of(message_text):
    status = testing("EchoStatus")(code=2, message=message_text)
    error = failure_of(lambda: client.method("UnaryCall")(testing("SimpleRequest")(response_status=status)))
    return error.code(), error.details(), status


def status_code_and_message():
    code, details, status = status_of("test status message")
    equal((code, details), (Code.UNKNOWN, "test status message"))
    error = failure_of(lambda: list(client.method("FullDuplexCall")(
        iter([testing("StreamingOutputCallRequest")(response_status=status)]))))
    equal((error.code(), error.details()), (Code.UNKNOWN, "test status message"))


def special_status_message():
    text = "\t\ntest with whitespace\r\nand Unicode BMP \u263a and non-BMP \U0001f608\t\n"
    equal(status_of(text)[:2], (Code.UNKNOWN, text))


def unimplemented_method():
    equal(failure_of(lambda: client.method("UnimplementedCall")(testing("Empty")())).code(), Code.UNIMPLEMENTED)


def unimplemented_service():
    call = client.method("UnimplementedCall", "grpc.testing.UnimplementedService")
    equal(failure_of(lambda: call(testing("Empty")())).code(), Code.UNIMPLEMENTED)


def cancel_after_begin():
    call = client.method("StreamingInputCall").future(Requests())
    call.cancel()
    equal(call.code(), Code.CANCELLED)


def cancel_after_first_response():
    requests = Requests()
    call = client.method("FullDuplexCall")(requests)
    requests.put(wanted(31415, request=27182))
    equal(len(next(call).payload.body), 31415)
    call.cancel()
    equal(failure_of(lambda: next(call)).code(), Code.CANCELLED)


def timeout_on_sleeping_server():
    requests = Requests()
    requests.put(wanted(1, request=27182, interval_us=60_000_000))
    call = client.method("FullDuplexCall")(requests, timeout=0.05)
    equal(failure_of(lambda: next(call)).code(), Code.DEADLINE_EXCEEDED)


def ask(version, **question):
    service = f"grpc.reflection.{version}.ServerReflection"
    request = message(f"grpc.reflection.{version}.ServerReflectionRequest")(**question)
    return next(client.method("ServerReflectionInfo", service)(iter([request])))


def reflection():
    for version in ("v1", "v1alpha"):
        services = [service.name for service in ask(version, list_services="").list_services_response.service]
        assert "grpc.testing.TestService" in services, services
        answer = ask(version, file_containing_symbol="grpc.testing.TestService.UnaryCall")
        found = descriptor_pool.DescriptorPool()
        for file in answer.file_descriptor_response.file_descriptor_proto:
            found.Add(descriptor_pb2.FileDescriptorProto.FromString(file))
        method = found.FindServiceByName("grpc.testing.TestService").FindMethodByName("UnaryCall")
        equal(method.output_type.full_name, "grpc.testing.SimpleResponse")
        equal(ask(version, file_by_filename="missing").error_response.error_code, Code.NOT_FOUND.value[0])


def health():
    request = message("grpc.health.v1.HealthCheckRequest")
    check = client.method("Check", "grpc.health.v1.Health")
    equal(check(request()).status, 1)
    equal(failure_of(lambda: check(request(service="missing"))).code(), Code.NOT_FOUND)
    watch = client.method("Watch", "grpc.health.v1.Health")(request(service="missing"))
    equal(next(watch).status, 3)
    watch.cancel()


cases = [
    empty_unary, large_unary, client_compressed_unary, server_compressed_unary, client_streaming, server_streaming,
    ping_pong, empty_stream, custom_metadata, status_code_and_message, special_status_message, unimplemented_method,
    unimplemented_service, cancel_after_begin, cancel_after_first_response, timeout_on_sleeping_server, reflection,
    health,
]
for case in cases:
    failure = None
    try:
        case()
    except Exception:
        failure = traceback.format_exc()
    print(json.dumps({"name": case.__name__, "failure": failure}), flush=True)
