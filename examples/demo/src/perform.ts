import { once } from 'node:events';
import type { Fault } from './faults/fault.js';
import type { Interruption } from './interruption.js';
import { introduction, whereToLook } from './introduction.js';
import type { Plan } from './plan.js';
import { makeReport } from './report/report.js';
import type { Report } from './report/report.js';
import type { Machine } from './run/machine.js';
import { PhaseRunner } from './run/phase-runner.js';
import { runPhases } from './run/run-phases.js';
import { Stage } from './run/stage.js';
import { createDisplay } from './terminal/create-display.js';
import type { Display } from './terminal/display.js';

/** What is performed. */
export interface Performance {
  readonly fault: Fault;
  readonly plan: Plan;
  readonly machine: Machine;
  readonly interruption: Interruption;
  readonly print: (line: string) => void;
  /** What to do with the report; the service goes on being there for as long as that takes. */
  readonly onReport: (report: Report, stage: Stage) => Promise<void> | void;
}

/**
 * Runs one fault in a service of its own and judges what was seen.
 *
 * @throws Error if it could not be run to its end; of that, whatever an interruption has caused
 */
export async function perform(performance: Performance): Promise<void> {
  const { fault, plan, machine, interruption, print, onReport } = performance;
  let display: Display | undefined;
  const runner = new PhaseRunner(
    plan,
    fault.aspects,
    {
      onSample: sample => display?.onSample(sample),
      onRest: (atSeconds, scrape) => display?.onRest(atSeconds, scrape),
      onWarning: warning => display?.onWarning(warning),
    },
    interruption.signal,
  );
  const stage = new Stage([fault], runner.takeWarning);
  try {
    await stage.open(plan);
    for (const line of introduction(fault, plan, stage)) print(line);
    print('');
    display = createDisplay(plan, fault.aspects[0], process.stdout, print);
    const record = await stage.service.whileAlive(runPhases({ fault, plan, machine, stage, runner }));
    display.end();
    print('');
    await onReport(makeReport(fault, record), stage);
  } finally {
    display?.end();
    await stage.close();
    process.stderr.write(stage.service.errorOutput);
  }
}

/** Leaves the service running under load until somebody interrupts. */
export async function serveOn(
  { load, service, addresses }: Stage,
  { interruption, print }: Pick<Performance, 'interruption' | 'print'>,
): Promise<void> {
  load.begin();
  print('');
  print('Still serving until Ctrl-C: healthily again, but what has leaked is still there.');
  for (const line of whereToLook(addresses)) print(line);
  const { signal } = interruption;
  if (!signal.aborted) await service.whileAlive(once(signal, 'abort'));
}
