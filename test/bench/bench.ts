/** `npm run bench`: runs every benchmark and reports. `--help` lists the options. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { benchmarks } from './benchmarks.js';
import { USAGE, parseArguments } from './harness/arguments.js';
import type { BenchArguments } from './harness/arguments.js';
import type { FinishedBenchmark } from './harness/benchmark.js';
import { CHILD_FLAG, runAsChild, runInChild } from './harness/child-run.js';
import { readEnvironment } from './harness/environment.js';
import {
  findFailures,
  renderBenchmark,
  renderDocument,
  renderEnvironment,
  renderTargets,
} from './harness/report.js';
import type { BenchRun } from './harness/report.js';

function write(file: string, text: string): void {
  mkdirSync(dirname(resolve(file)), { recursive: true });
  writeFileSync(file, text);
}

async function runAll({ only, quick, long }: BenchArguments): Promise<BenchRun> {
  const environment = readEnvironment();
  process.stdout.write(`${renderEnvironment(environment)}\n\n`);
  const finished: FinishedBenchmark[] = [];
  for (const { name, title, description, long: takesLong = false } of benchmarks) {
    if (only.length > 0 ? !only.includes(name) : takesLong && !long) continue;
    process.stderr.write(`${name} …\n`);
    const startMillis = performance.now();
    const result = await runInChild(__filename, name, quick);
    const benchmark = { name, title, description, result, seconds: (performance.now() - startMillis) / 1000 };
    finished.push(benchmark);
    process.stdout.write(`${renderBenchmark(benchmark)}\n\n`);
  }
  return { environment, quick, benchmarks: finished };
}

async function main(words: readonly string[]): Promise<number> {
  if (words[0] === CHILD_FLAG) {
    await runAsChild(__filename, words, benchmarks);
    return 0;
  }
  let options: BenchArguments;
  try {
    options = parseArguments(
      words,
      benchmarks.map(benchmark => benchmark.name),
    );
  } catch (thrown) {
    process.stderr.write(`${(thrown as Error).message}\n\n${USAGE}`);
    return 2;
  }
  if (options.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  const run = await runAll(options);
  process.stdout.write(`## Targets\n\n${renderTargets(run.benchmarks)}\n`);
  if (options.json !== undefined) write(options.json, `${JSON.stringify(run, undefined, 2)}\n`);
  if (options.markdown !== undefined) write(options.markdown, renderDocument(run));
  const failures = findFailures(run);
  for (const failure of failures) process.stderr.write(`${failure}\n`);
  return options.check && failures.length > 0 ? 1 : 0;
}

main(process.argv.slice(2)).then(
  code => {
    process.exitCode = code;
  },
  (thrown: unknown) => {
    process.stderr.write(`${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}\n`);
    // At once: timers, servers or other processes of a benchmark that failed half-way may still be there.
    process.exit(1);
  },
);
