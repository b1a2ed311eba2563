// Measures what the rules of examples/prometheus-grafana cost a real Prometheus with a fleet of 2,000 generated instances, and
// writes docs/fleet-cost.md. Takes about a quarter of an hour and 4 GB of memory; on loopback alone. With `--instances N` the
// fleet is another, and nothing is written.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './lib/repository.mjs';

const { values } = parseArgs({ options: { instances: { type: 'string' } } });

// Whatever ends this ends its Prometheus too: that is done at exit.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.once(signal, () => {
    console.log(`ended by ${signal}`);
    process.exit(1);
  });
}

const load = createRequire(import.meta.url);
const folder = join(root, 'test', 'prometheus', 'dist', 'fleet');
const { measureFleet } = load(join(folder, 'fleet-run.js'));
const { fleetDocument, RULE_SECONDS } = load(join(folder, 'fleet-document.js'));

const instances = Number(values.instances ?? 2_000);
const isWhole = values.instances === undefined;
const cost = await measureFleet({
  instances,
  jobs: Math.min(20, instances),
  scrapeSeconds: 30,
  // The longest window of a rule is 63 minutes.
  historySeconds: isWhole ? 3_900 : 600,
  historySpeed: isWhole ? 15 : 20,
  evaluations: isWhole ? 10 : 2,
  onProgress: line => console.log(line),
});
const document = fleetDocument(cost);
console.log(document);
if (isWhole) {
  const path = join(root, 'docs', 'fleet-cost.md');
  writeFileSync(path, document);
  execFileSync(process.execPath, [
    join(root, 'node_modules', 'prettier', 'bin', 'prettier.cjs'),
    '--write',
    path,
  ]);
}
// By processor time: a busy machine makes everything take longer.
const tooDear = cost.rules.filter(
  ({ type, cpuSeconds }) => type === 'recording' && cpuSeconds > RULE_SECONDS,
);
for (const { name, cpuSeconds } of tooDear) {
  console.log(`too dear: ${name} takes ${cpuSeconds} s, more than ${RULE_SECONDS} s`);
  process.exitCode = 1;
}
