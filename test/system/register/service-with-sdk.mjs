// An application that has to wait for something before it sets up its SDK, for longer than register waits for most.
import { setTimeout as sleep } from 'node:timers/promises';
import { answer, setUpSdk } from './answers.cjs';

await import(process.env.SDK_MODULE ?? '@opentelemetry/sdk-metrics');
await sleep(2_000);
setUpSdk(import.meta.filename, false);
answer();
