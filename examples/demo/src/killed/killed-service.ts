// The service that is killed, in a process of its own, and what is started after it. The parent starts both with `fork`.
import { createServer } from 'node:http';
import { listen } from '../service/listen.js';
import { AcceptedWriter } from './accepted.js';
import { startKilledTelemetry } from './killed-telemetry.js';
import type { KilledTelemetry } from './killed-telemetry.js';
import type { KillSettings, ServingMessage } from './messages.js';

/** So often metrics are collected and written down. */
const CHECKPOINT_MILLIS = 100;

/** So often the second start asks for what it has taken over to be sent: unasked, it would leave others the time to come up too. */
const HURRY_MILLIS = 50;

// Ctrl-C reaches the whole process group; when this one ends is the parent's business.
process.on('SIGINT', () => {});
// The parent has died: nobody is left to tell us to go.
process.on('disconnect', () => process.exit());

const settings = JSON.parse(process.argv[2] ?? '') as KillSettings;
const telemetry = startKilledTelemetry(settings);
if (settings.accepted === undefined) void deliver(telemetry);
else void serve(telemetry, new AcceptedWriter(settings.accepted));

/** Answers requests, with two spans, a log record and a count for each. */
async function serve(emit: KilledTelemetry, accepted: AcceptedWriter): Promise<void> {
  let requests = 0;
  const server = createServer((_request, response) => {
    requests += 1;
    emit.count();
    for (const name of [`price ${requests}`, `request ${requests}`]) {
      emit.span(name);
      accepted.span(name);
    }
    const text = `answered ${requests}`;
    emit.log(text);
    accepted.log(text);
    response.end('12.50\n');
  });
  setInterval(() => {
    const counted = requests;
    void emit.checkpoint().then(() => {
      accepted.counted(counted);
    });
  }, CHECKPOINT_MILLIS);
  const port = await listen(server);
  process.send?.({ url: `http://127.0.0.1:${port}/` } satisfies ServingMessage);
}

/** Emits nothing, and has what was left sent, until it is ended. */
async function deliver({ guard }: KilledTelemetry): Promise<void> {
  await guard?.flush();
  setTimeout(() => void deliver(telemetry), HURRY_MILLIS);
}
