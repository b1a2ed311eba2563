import { once } from 'node:events';
import type { Fault } from './faults/fault.js';
import type { Interruption } from './interruption.js';
import { whole } from './number-format.js';
import type { Plan } from './plan.js';
import { makeReport } from './report/report.js';
import { PhaseRunner } from './run/phase-runner.js';
import { runPhases } from './run/run-phases.js';
import { Stage } from './run/stage.js';
import { paintFor } from './terminal/colours.js';
import { createDisplay } from './terminal/create-display.js';
import { reportLines } from './terminal/report-lines.js';
import { widthOf } from './terminal/width.js';
import { wrap } from './terminal/wrap.js';

/** What is performed. */
export interface Performance {
  readonly fault: Fault;
  readonly plan: Plan;
  readonly shellLimit: number;
  /** Whether to leave the service running afterwards. */
  readonly serve: boolean;
  readonly interruption: Interruption;
}

/**
 * Runs the demo and says what was seen.
 *
 * @returns the exit code
 */
export async function perform({
  fault,
  plan,
  shellLimit,
  serve,
  interruption,
}: Performance): Promise<number> {
  const { signal } = interruption;
  const print = (line: string): void => {
    const { stdout } = process;
    if (!stdout.writable) return;
    for (const part of stdout.isTTY ? wrap(line, widthOf(stdout)) : [line]) stdout.write(`${part}\n`);
  };
  let display: ReturnType<typeof createDisplay> | undefined;
  const runner = new PhaseRunner(
    plan,
    {
      onSample: sample => display?.onSample(sample),
      onRest: (atSeconds, scrape) => display?.onRest(atSeconds, scrape),
      onWarning: warning => display?.onWarning(warning),
    },
    signal,
  );
  const stage = new Stage(runner.takeWarning);
  try {
    await stage.open(fault, plan);
    const { url, metricsUrl } = stage.addresses;
    print(`otel-fd-watch demo: ${fault.name}, ${fault.title}.`);
    print(`service ${url} (pid ${stage.service.pid})`);
    print(`metrics ${metricsUrl}`);
    const rate = plan.faultEvery === 1 ? '' : `, one in ${plan.faultEvery} faulty since the limit is low`;
    const warning = `warning set to ${whole(plan.watch.warnAtCount)} descriptors`;
    print(`${plan.requestsPerSecond} requests a second${rate}; ${warning}`);
    print('');
    display = createDisplay(plan, process.stdout, print);
    const record = await stage.service.whileAlive(runPhases({ fault, plan, shellLimit, stage, runner }));
    display.end();

    const report = makeReport(fault, record);
    print('');
    for (const line of reportLines(report, paintFor(process.stdout))) print(line);
    if (serve) {
      stage.load.begin();
      print('');
      print('Still serving until Ctrl-C: healthily again, but what has leaked is still there.');
      print(`metrics ${metricsUrl}`);
      if (!signal.aborted) await stage.service.whileAlive(once(signal, 'abort'));
    }
    return report.failures.length === 0 ? 0 : 1;
  } catch (thrown) {
    if (!signal.aborted) throw thrown;
    console.error('demo: interrupted');
    return interruption.exitCode;
  } finally {
    display?.end();
    await stage.close();
    process.stderr.write(stage.service.errorOutput);
  }
}
