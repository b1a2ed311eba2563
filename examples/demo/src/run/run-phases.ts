import type { Fault } from '../faults/fault.js';
import type { Machine } from './machine.js';
import type { Plan } from '../plan.js';
import type { PhaseRunner } from './phase-runner.js';
import { lastSample } from './phase-values.js';
import type { RunRecord } from './run-record.js';
import type { Stage } from './stage.js';

/** What a run is made of. */
export interface RunOptions {
  readonly fault: Fault;
  readonly plan: Plan;
  readonly machine: Machine;
  readonly stage: Stage;
  readonly runner: PhaseRunner;
}

/** Healthy, then with the fault: both under load, and both followed by a rest in which numbers are compared. */
export async function runPhases({ fault, plan, machine, stage, runner }: RunOptions): Promise<RunRecord> {
  const { load, service } = stage;
  if (fault.beginsIn === 'healthy') service.setFault(fault.name, plan.faultEvery);
  // V8 puts its first major collection off for long, and before it nobody knows what of the heap is alive.
  await service.collect();
  runner.begin();
  load.begin();
  const warmedUp = lastSample({
    samples: await runner.underLoad(stage, 'warm-up', plan.warmUpSeconds),
  });
  const { tally: tallyAtStart } = await service.report();
  const healthySamples = await runner.underLoad(stage, 'healthy', plan.healthySeconds);
  const healthyRest = await runner.atRest(stage);

  service.setFault(fault.name, plan.faultEvery);
  const faultStartMillis = performance.now();
  load.begin();
  const faultSamples = await runner.underLoad(stage, 'fault', plan.faultSeconds, fault.shows);
  const faultSeconds = (performance.now() - faultStartMillis) / 1_000;
  const faultRest = await runner.atRest(stage);
  service.setFault(fault.name, 0);

  return {
    plan,
    servicePid: service.pid,
    machine,
    healthy: {
      seconds: lastSample({ samples: healthySamples }).atSeconds - warmedUp.atSeconds,
      opening: warmedUp.scrape,
      tallyBefore: tallyAtStart,
      answeredBefore: warmedUp.requestsAnswered,
      samples: healthySamples,
      rest: healthyRest,
    },
    fault: {
      seconds: faultSeconds,
      opening: healthyRest.scrape,
      tallyBefore: healthyRest.tally,
      answeredBefore: healthyRest.requestsAnswered,
      samples: faultSamples,
      rest: faultRest,
    },
    warnings: runner.warnings,
    failedRequests: load.failures.length,
  };
}
