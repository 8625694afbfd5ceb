#!/bin/sh
# Makes gen/ of the contract: with grpcio-tools of pip, or with the protobuf-compiler and protobuf-compiler-grpc of Debian.
set -eu
cd "$(dirname "$0")"
python=${PYTHON:-python3}
protos=${PROTOS:-../../../protos}
rm -rf gen
mkdir gen
set -- --proto_path="$protos" --python_out=gen --grpc_python_out=gen \
  "$protos"/florist/delivery/v1/delivery.proto \
  "$protos"/google/api/*.proto "$protos"/google/rpc/*.proto "$protos"/google/type/*.proto
if "$python" -c 'import grpc_tools' 2>/dev/null; then
  exec "$python" -m grpc_tools.protoc "$@"
fi
exec protoc --plugin=protoc-gen-grpc_python="$(command -v grpc_python_plugin)" "$@"
