// A front end on Node.js: @grpc/grpc-js with the contract loaded from its protos. What to call comes on stdin and what
// comes of it goes to stdout, one JSON object a line, both with the id of the call.
'use strict';
const { createRequire } = require('module');
const { createInterface } = require('readline');
const installed = createRequire(process.cwd() + '/');
const grpc = installed('@grpc/grpc-js');
const loader = installed('@grpc/proto-loader');

const [address, protos, ...files] = process.argv.slice(2);
const definition = loader.loadSync(files, {
  includeDirs: [protos], keepCase: true, enums: String, longs: String, defaults: true, oneofs: true,
});
const loaded = grpc.loadPackageDefinition(definition);
const say = (id, what) => process.stdout.write(JSON.stringify({ id, ...what }) + '\n');
const clients = {};
const clientOf = (service) => {
  if (!clients[service]) {
    const Client = service.split('.').reduce((scope, name) => scope[name], loaded);
    clients[service] = new Client(address, grpc.credentials.createInsecure());
  }

  return clients[service];
};

createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, service, method, token, request } = JSON.parse(line);
  const client = clientOf(service);
  const metadata = new grpc.Metadata();
  metadata.set('authorization', 'Bearer ' + token);
  if (client[method].responseStream) {
    const call = client[method](request, metadata);
    call.on('data', (heard) => say(id, { heard }));
    call.on('error', () => {});
    call.on('status', (status) => say(id, { ended: grpc.status[status.code], text: status.details }));
  } else {
    client[method](request, metadata, (error, heard) => {
      say(id, error ? { ended: grpc.status[error.code], text: error.details } : { heard });
    });
  }
}).on('close', () => process.exit(0));
