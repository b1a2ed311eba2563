// The service under watch, in a process of its own. The parent starts it with `fork` and speaks to it over IPC.
import { createServer } from 'node:http';
import { findFault } from '../faults/index.js';
import type { Work } from '../faults/fault.js';
import { EMPTY_TALLY, sumOf } from '../tally.js';
import { listen, listenNearby } from './listen.js';
import { countConnections } from './onlookers.js';
import type { FromService, Onlookers, StartMessage, ToService } from './messages.js';
import { startTelemetry } from './telemetry.js';

let stop = (): Promise<void> => Promise.resolve();
let works: readonly (readonly [name: string, work: Work])[] = [];
let faultName = '';
let faultEvery = 0;
let tally = EMPTY_TALLY;
let onlookers = (): Onlookers => ({ connected: 0, everConnected: 0 });

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
      faultName = message.name;
      faultEvery = message.every;
      break;
    case 'report':
      tell({ type: 'report', tally, onlookers: onlookers() });
      break;
    case 'mend':
      for (const [, work] of works) work.mend();
      faultName = '';
      collect();
      break;
    case 'collect':
      collect();
      break;
    case 'stop':
      end();
  }
});

async function start({ faults, backendPort, watch }: StartMessage): Promise<void> {
  works = faults.map(name => {
    const fault = findFault(name);
    if (fault === undefined) throw new Error(`no fault is called ${name}`);
    return [name, fault.work({ backendPort })];
  });
  const { meterProvider, metricsServer, ...telemetry } = startTelemetry(
    {
      memory: watch.memory,
      gc: watch.collections,
      fd: {
        ...watch.descriptors,
        onPressure: ({ reason, threshold, open, byKind, message }) => {
          tell({ type: 'pressure', reason, threshold, open, byKind, message });
        },
      },
    },
    heading,
  );
  const requests = meterProvider
    .getMeter('demo')
    .createCounter('demo.requests', { unit: '{request}', description: 'Requests answered.' });
  requests.add(0);
  let begun = 0;
  const server = createServer((_request, response) => {
    begun += 1;
    answer(faultEvery > 0 && begun % faultEvery === 0).then(
      () => {
        requests.add(1);
        response.end('12.50\n');
      },
      (thrown: unknown) => {
        response.writeHead(500).end(String(thrown));
      },
    );
  });
  onlookers = countConnections(metricsServer);
  stop = async () => {
    server.close();
    server.closeAllConnections();
    metricsServer.closeAllConnections();
    await telemetry.stop();
  };
  const [port, metricsPort] = await Promise.all([listen(server), listenNearby(metricsServer)]);
  const metricsRoot = `http://127.0.0.1:${metricsPort}/`;
  tell({
    type: 'ready',
    url: `http://127.0.0.1:${port}/`,
    metricsUrl: `${metricsRoot}metrics`,
    pageUrl: metricsRoot,
  });
}

/** Does the work of all faults for one request, at most one of them wrongly. */
async function answer(faulty: boolean): Promise<void> {
  for (const [name, work] of works) {
    const left = await work.answer(faulty && name === faultName);
    tally = sumOf(tally, left);
  }
}

/** What the page calls the service: what is on in it. */
function heading(): string {
  if (faultName === '') return 'demo: healthy';
  return faultEvery > 0 ? `demo: ${faultName} is on` : `demo: ${faultName} is over`;
}

function collect(): void {
  globalThis.gc?.();
  tell({ type: 'collected' });
}

/** Ends whatever was leaked: a leaked connection would keep the process alive. */
function end(): void {
  void stop().finally(() => process.exit());
}

function tell(message: FromService): void {
  process.send?.(message);
}
