import type { Fault } from './faults/fault.js';
import { perform, serveOn } from './perform.js';
import type { Performance } from './perform.js';
import { makePlan } from './plan.js';
import type { Report } from './report/report.js';
import { thisMachine } from './run/machine.js';
import { paintFor } from './terminal/colours.js';
import { briefReportLines, closingLines, reportLines } from './terminal/report-lines.js';

/** What is performed. */
export interface Programme extends Pick<Performance, 'interruption' | 'print'> {
  readonly faults: readonly Fault[];
  /** How long each of them takes. */
  readonly secondsEach: number;
  /** Whether to leave the last service running afterwards. */
  readonly serve: boolean;
}

/**
 * Runs one fault after the other and says what was seen.
 *
 * @returns the exit code
 * @throws NoRoomError
 */
export async function performAll(programme: Programme): Promise<number> {
  const { faults, secondsEach, serve, interruption, print } = programme;
  const paint = paintFor(process.stdout);
  const plans = faults.map(fault => {
    const machine = thisMachine(fault.v8Flags);
    return { fault, machine, plan: makePlan(secondsEach, fault, machine) };
  });
  const reports: Report[] = [];
  try {
    for (const [index, { fault, machine, plan }] of plans.entries()) {
      const isLast = index === plans.length - 1;
      if (plans.length > 1) print(paint('bold', `${index === 0 ? '' : '\n'}${index + 1} of ${plans.length}`));
      await perform({
        fault,
        plan,
        machine,
        interruption,
        print,
        onReport: async (report, stage) => {
          reports.push(report);
          const lines = plans.length > 1 ? briefReportLines(report, paint) : reportLines(report, paint);
          for (const line of lines) print(line);
          if (!isLast) return;
          for (const line of closingLines(reports, serve, paint)) print(line);
          if (serve) await serveOn(stage, { interruption, print });
        },
      });
    }
  } catch (thrown) {
    if (!interruption.signal.aborted) throw thrown;
    console.error('demo: interrupted');
    return interruption.exitCode;
  }
  return reports.every(({ failures }) => failures.length === 0) ? 0 : 1;
}
