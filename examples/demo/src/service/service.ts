// The service under watch, in a process of its own. The parent starts it with `fork` and speaks to it over IPC.
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { findFault } from '../faults/index.js';
import { EMPTY_TALLY, sumOf } from '../tally.js';
import type { FromService, StartMessage, ToService } from './messages.js';
import { startTelemetry } from './telemetry.js';

let stop = (): Promise<void> => Promise.resolve();
let faultEvery = 0;
let tally = EMPTY_TALLY;

// Ctrl-C reaches the whole process group; when this one ends is the parent's business.
process.on('SIGINT', () => {});
process.on('SIGTERM', end);
// The parent has died: nobody is left to tell us to go.
process.on('disconnect', () => process.exit());

process.on('message', (message: ToService) => {
  switch (message.type) {
    case 'start':
      void start(message);
      break;
    case 'fault':
      faultEvery = message.every;
      break;
    case 'report':
      tell({ type: 'report', tally });
      break;
    case 'collect':
      globalThis.gc?.();
      tell({ type: 'collected' });
      break;
    case 'stop':
      end();
  }
});

async function start({ fault: name, backendPort, watch }: StartMessage): Promise<void> {
  const fault = findFault(name);
  if (fault === undefined) throw new Error(`no fault is called ${name}`);
  const { meterProvider, metricsServer, ...telemetry } = startTelemetry({
    ...watch,
    descriptors: {
      ...watch.descriptors,
      onPressure: ({ reason, threshold, open, byKind, message }) => {
        tell({ type: 'pressure', reason, threshold, open, byKind, message });
      },
    },
  });
  const requests = meterProvider
    .getMeter('demo')
    .createCounter('demo.requests', { unit: '{request}', description: 'Requests answered.' });
  requests.add(0);
  const work = fault.work({ backendPort });
  let begun = 0;
  const server = createServer((_request, response) => {
    begun += 1;
    const faulty = faultEvery > 0 && begun % faultEvery === 0;
    work(faulty).then(
      left => {
        tally = sumOf(tally, left);
        requests.add(1);
        response.end('12.50\n');
      },
      (thrown: unknown) => {
        response.writeHead(500).end(String(thrown));
      },
    );
  });
  stop = async () => {
    server.close();
    server.closeAllConnections();
    metricsServer.closeAllConnections();
    await telemetry.stop();
  };
  const [port, metricsPort] = await Promise.all([listen(server), listen(metricsServer)]);
  tell({
    type: 'ready',
    url: `http://127.0.0.1:${port}/`,
    metricsUrl: `http://127.0.0.1:${metricsPort}/metrics`,
  });
}

/** Ends whatever was leaked: a leaked connection would keep the process alive. */
function end(): void {
  void stop().finally(() => process.exit());
}

function tell(message: FromService): void {
  process.send?.(message);
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      resolve((server.address() as AddressInfo).port);
    });
  });
}
