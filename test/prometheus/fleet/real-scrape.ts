import { setTimeout as sleep } from 'node:timers/promises';
import { RealCgroup } from 'test-helpers/real-cgroup';
import { DemoService } from '../demo-service.js';

const LIMIT_BYTES = 2_147_483_648;

/** What a real process exposes after some seconds under load, in a container if one can be made here. */
export async function realScrape(): Promise<string> {
  const made = RealCgroup.make('fleet-template');
  const cgroup = made instanceof RealCgroup ? made : undefined;
  if (cgroup !== undefined) cgroup.limitBytes = LIMIT_BYTES;
  const demo = await DemoService.start('heap-leak', {
    seconds: 20,
    timeoutMillis: 60_000,
    nodeArgs: ['--max-old-space-size=1024'],
    ...(cgroup === undefined
      ? { env: { CONTAINER_MEMORY_LIMIT_MB: String(LIMIT_BYTES / 1_048_576) } }
      : { shellPrefix: cgroup.moveShellHere }),
  });
  try {
    await demo.untilPrinted(/^ *\d+:\d\d {2}fault /m);
    await sleep(3_000);
    return await (await fetch(`http://${demo.target}/metrics`)).text();
  } finally {
    await demo.stop();
    await cgroup?.remove();
  }
}
