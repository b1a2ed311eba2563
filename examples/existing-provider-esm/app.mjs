// The service, with a metric of its own.
import { createServer } from 'node:http';
import { metrics } from '@opentelemetry/api';

const requests = metrics.getMeter('app').createCounter('app.requests', { unit: '{request}' });

const server = createServer((request, response) => {
  requests.add(1);
  response.end('hello\n');
});

server.listen(process.env.PORT || 8080, '127.0.0.1', () => {
  console.log(`service http://127.0.0.1:${server.address().port}/`);
});

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => server.close());
