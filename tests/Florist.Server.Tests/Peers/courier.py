# A partner courier's end of StreamUpdates, on grpcio, with messages made at run time from a descriptor set. What it is
# to do comes on stdin and what it hears goes to stdout, one JSON object a line, both with the id of the stream.
import json
import queue
import sys
import threading

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory

METHOD = '/florist.delivery.v1.CourierService/StreamUpdates'

address, protoset = sys.argv[1:3]

# The authority to believe, and the courier's own certificate and key; none of them without TLS.
tls = [open(name, 'rb').read() for name in sys.argv[3:]]
pool = descriptor_pool.DescriptorPool()
with open(protoset, 'rb') as file:
    for described in descriptor_pb2.FileDescriptorSet.FromString(file.read()).file:
        pool.AddSerializedFile(described.SerializeToString())


def message_class(name):
    descriptor = pool.FindMessageTypeByName(name)
    if hasattr(message_factory, 'GetMessageClass'):
        return message_factory.GetMessageClass(descriptor)
    return message_factory.MessageFactory(pool).GetPrototype(descriptor)


Request = message_class('florist.delivery.v1.StreamUpdatesRequest')
Response = message_class('florist.delivery.v1.StreamUpdatesResponse')
saying = threading.Lock()


def say(id, **what):
    with saying:
        print(json.dumps({'id': id, **what}), flush=True)


def channel():
    if not tls:
        return grpc.insecure_channel(address)
    root, certificate, key = tls
    return grpc.secure_channel(address, grpc.ssl_channel_credentials(root, key, certificate))


class Stream:
    def __init__(self, id, token):
        self.id = id
        self.requests = queue.SimpleQueue()
        stub = channel().stream_stream(
            METHOD, request_serializer=Request.SerializeToString, response_deserializer=Response.FromString)
        proof = [('authorization', 'Bearer ' + token)] if token else []
        self.call = stub(iter(self.requests.get, None), metadata=proof)
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        try:
            for response in self.call:
                say(self.id, heard=json_format.MessageToDict(
                    response, preserving_proto_field_name=True, descriptor_pool=pool))
            say(self.id, ended='OK')
        except grpc.RpcError as error:
            say(self.id, ended=error.code().name, text=error.details())


streams = {}
for line in sys.stdin:
    told = json.loads(line)
    if 'open' in told:
        streams[told['id']] = Stream(told['id'], told['open'])
    elif 'send' in told:
        streams[told['id']].requests.put(json_format.ParseDict(told['send'], Request(), descriptor_pool=pool))
    else:
        streams[told['id']].requests.put(None)
