import type { Fault } from './faults/fault.js';
import { whereToLook } from './introduction.js';
import type { Programme } from './perform-all.js';
import { forRounds, makePlan } from './plan.js';
import type { Plan } from './plan.js';
import { makeReport } from './report/report.js';
import type { Machine } from './run/machine.js';
import { thisMachine } from './run/machine.js';
import { PhaseRunner } from './run/phase-runner.js';
import { runPhases } from './run/run-phases.js';
import { Stage } from './run/stage.js';
import type { PressureMessage } from './service/messages.js';
import { paintFor } from './terminal/colours.js';
import { createDisplay } from './terminal/create-display.js';
import type { Display } from './terminal/display.js';

/** Whose turn it is. */
interface Turn {
  readonly fault: Fault;
  readonly plan: Plan;
}

/**
 * Has one service go wrong in one way after the other, and mends it each time, until somebody interrupts: something to
 * watch on the status page. Nothing is judged.
 *
 * @returns the exit code
 * @throws NoRoomError
 */
export async function performInRounds(programme: Omit<Programme, 'serve' | 'kill'>): Promise<number> {
  const { faults, secondsEach, interruption, print } = programme;
  const machine = thisMachine(faults.flatMap(({ v8Flags }) => v8Flags));
  const turns = faults.map(fault => ({ fault, plan: forRounds(makePlan(secondsEach, fault, machine)) }));
  const [first] = turns;
  if (first === undefined) return 0;
  let onPressure: (pressure: PressureMessage) => void = () => {};
  const stage = new Stage(faults, pressure => {
    onPressure(pressure);
  });
  try {
    await stage.open(first.plan);
    for (const line of opening(stage, first.plan)) print(line);
    for (;;) {
      for (const [index, turn] of turns.entries()) {
        print('');
        const number = `${index + 1} of ${turns.length}  `;
        print(`${paintFor(process.stdout)('bold', `${number}${turn.fault.name}`)}: ${turn.fault.title}.`);
        await take(turn, machine, stage, programme, runner => {
          onPressure = runner.takeWarning;
        });
      }
    }
  } catch (thrown) {
    if (!interruption.signal.aborted) throw thrown;
    // What ends it, unlike an interruption of something that has an end.
    print('');
    print('Ended.');
    return 0;
  } finally {
    await stage.close();
    process.stderr.write(stage.service.errorOutput);
  }
}

function opening({ addresses, service }: Stage, { requestsPerSecond }: Plan): string[] {
  return [
    'One service, healthy and faulty in turn, round and round until Ctrl-C. Open the page and watch.',
    ...whereToLook(addresses),
    `service ${addresses.url} (pid ${service.pid})`,
    `${requestsPerSecond} requests a second`,
  ];
}

/** One fault, from healthy to mended. */
async function take(
  { fault, plan }: Turn,
  machine: Machine,
  stage: Stage,
  { interruption, print }: Pick<Programme, 'interruption' | 'print'>,
  announce: (runner: PhaseRunner) => void,
): Promise<void> {
  const display: Display = createDisplay(plan, fault.aspects[0], process.stdout, print);
  const runner = new PhaseRunner(plan, fault.aspects, display, interruption.signal);
  announce(runner);
  try {
    const record = await stage.service.whileAlive(runPhases({ fault, plan, machine, stage, runner }));
    display.end();
    print(makeReport(fault, record).faultSentence);
    await stage.service.mend();
  } finally {
    display.end();
  }
}
