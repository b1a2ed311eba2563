// The service. It knows nothing of its telemetry.
const { createServer } = require('node:http');

const server = createServer((request, response) => response.end('hello\n'));

server.listen(process.env.PORT || 8080, '127.0.0.1', () => {
  console.log(`service http://127.0.0.1:${server.address().port}/`);
});

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => server.close());
