import { fork } from 'node:child_process';
import type { Benchmark, BenchmarkContext, BenchmarkResult } from './benchmark.js';
import { seededRandom } from './random.js';
import { nextMessage, serveSetting, startRemoteSetting } from './remote-setting.js';

/** Marks, with a name behind it, the process that one benchmark runs in. */
export const CHILD_FLAG = '--in-child';

const SETTING_FLAG = '--setting';
const QUICK_FLAG = '--quick';

/** It orders things only: any seed will do, and a fixed one makes a run easier to look into. */
const SEED = 20_260_101;

/**
 * Runs a benchmark in a process of its own, so that what it leaves behind (compiled code, a grown heap, the observers
 * of prom-client, which cannot be stopped) does not weigh on the next.
 *
 * @param entry the script to start, which hands over to {@link runAsChild}
 */
export async function runInChild(entry: string, name: string, quick: boolean): Promise<BenchmarkResult> {
  const child = fork(entry, [CHILD_FLAG, name, ...(quick ? [QUICK_FLAG] : [])], {
    execArgv: ['--expose-gc'],
  });
  return (await nextMessage(child)) as BenchmarkResult;
}

/** The other side: the benchmark itself, or one of its settings. */
export async function runAsChild(
  entry: string,
  words: readonly string[],
  benchmarks: readonly Benchmark[],
): Promise<void> {
  // Whatever it is doing: when the parent hangs up, it is over.
  process.on('disconnect', () => process.exit(0));
  const name = words[words.indexOf(CHILD_FLAG) + 1] ?? '';
  const benchmark = benchmarks.find(candidate => candidate.name === name);
  if (benchmark === undefined) throw new RangeError(`no benchmark "${name}"`);
  const quick = words.includes(QUICK_FLAG);
  if (words.includes(SETTING_FLAG)) {
    const prepare = benchmark.settings?.get(words[words.indexOf(SETTING_FLAG) + 1] ?? '');
    if (prepare === undefined) throw new RangeError(`no such setting of "${name}"`);
    serveSetting(await prepare({ quick }));
    return;
  }
  const context: BenchmarkContext = {
    quick,
    random: seededRandom(SEED),
    startSetting: setting => startRemoteSetting(setting, entry, [...words, SETTING_FLAG, setting]),
  };
  const result = await benchmark.run(context);
  // Timers and connections that are kept alive would keep this process alive.
  process.send?.(result, () => process.exit(0));
}
