// An application that has to wait for something before it sets up its SDK, for longer than register waits for most.
import '@opentelemetry/sdk-metrics';
import { setTimeout as sleep } from 'node:timers/promises';
import { answer, setUpSdk } from './answers.cjs';

await sleep(2_000);
setUpSdk(import.meta.filename, false);
answer();
