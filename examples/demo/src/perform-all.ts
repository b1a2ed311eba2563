import type { Fault } from './faults/fault.js';
import type { KillStory } from './killed/kill-stories.js';
import { performKill } from './killed/perform-kill.js';
import type { KillReport } from './killed/perform-kill.js';
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
  /** The service to be killed, after all of them. */
  readonly kill: KillStory | undefined;
  /** How long each of them takes. */
  readonly secondsEach: number;
  /** Whether to leave the last service running afterwards. */
  readonly serve: boolean;
}

/**
 * Runs one fault after the other, kills a service, and says what was seen.
 *
 * @returns the exit code
 * @throws NoRoomError
 */
export async function performAll(programme: Programme): Promise<number> {
  const { faults, kill, secondsEach, serve, interruption, print } = programme;
  const paint = paintFor(process.stdout);
  const plans = faults.map(fault => {
    const machine = thisMachine(fault.v8Flags);
    return { fault, machine, plan: makePlan(secondsEach, fault, machine) };
  });
  const count = plans.length + (kill === undefined ? 0 : 1);
  const head = (index: number): void => {
    if (count > 1) print(paint('bold', `${index === 0 ? '' : '\n'}${index + 1} of ${count}`));
  };
  const reports: Report[] = [];
  const kills: KillReport[] = [];
  const close = (): void => {
    for (const line of closingLines(reports, kills, serve, paint)) print(line);
  };
  try {
    for (const [index, { fault, machine, plan }] of plans.entries()) {
      const isLast = index === plans.length - 1;
      head(index);
      await perform({
        fault,
        plan,
        machine,
        interruption,
        print,
        onReport: async (report, stage) => {
          reports.push(report);
          const lines = count > 1 ? briefReportLines(report, paint) : reportLines(report, paint);
          for (const line of lines) print(line);
          if (!isLast || kill !== undefined) return;
          close();
          if (serve) await serveOn(stage, { interruption, print });
        },
      });
    }
    if (kill !== undefined) {
      head(plans.length);
      const report = await performKill(kill, { interruption, print });
      kills.push(report);
      print('');
      print(report.sentence);
      if (count === 1) print('');
      close();
    }
  } catch (thrown) {
    if (!interruption.signal.aborted) throw thrown;
    console.error('demo: interrupted');
    return interruption.exitCode;
  }
  return [...reports, ...kills].every(({ failures }) => failures.length === 0) ? 0 : 1;
}
