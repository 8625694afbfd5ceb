// A client on Node.js that takes over the published service config: address, folder of the protos, file of the config.
'use strict';
const { createRequire } = require('module');
const { readFileSync } = require('fs');
const installed = createRequire(process.cwd() + '/');
const grpc = installed('@grpc/grpc-js');
const loader = installed('@grpc/proto-loader');

const [address, protos, config] = process.argv.slice(2);
const files = ['florist/catalogue/v1/catalogue.proto', 'florist/customers/v1/customers.proto'];
const { florist } = grpc.loadPackageDefinition(loader.loadSync(files, { includeDirs: [protos], keepCase: true }));
const options = { 'grpc.service_config': readFileSync(config, 'utf8') };
const credentials = grpc.credentials.createInsecure();
const catalogue = new florist.catalogue.v1.CatalogueService(address, credentials, options);
const customers = new florist.customers.v1.CustomerService(address, credentials, options);
const call = (client, method, request) => new Promise((done) => client[method](request, (error, answer) => {
  console.log(`${method} ${error ? grpc.status[error.code] : answer.name}`);
  done();
}));

(async () => {
  await call(catalogue, 'GetBouquet', { name: 'bouquets/tulips' });
  await call(customers, 'CreateCustomer',
    { customer_id: 'anna', request_id: '8f14e45f-ceea-467f-a0e6-0242ac120002', customer: {} });
  await call(customers, 'GetCustomer', { name: 'customers/anna' });
  process.exit(0);
})();
