import { parseArguments, UsageError } from './arguments.js';
import type { DemoArguments } from './arguments.js';
import type { Fault } from './faults/fault.js';
import { Interruption } from './interruption.js';
import { performAll } from './perform-all.js';
import { performInRounds } from './perform-in-rounds.js';
import { NoRoomError } from './plan.js';
import { printerFor } from './terminal/printer.js';
import { usage } from './usage.js';

const NOT_ON_WINDOWS =
  'On Windows the open descriptors of a process cannot be observed: otel-fd-watch emits nothing there, and this fault has nothing to show. Try it on Linux or macOS, or in WSL.';

/** @returns the exit code */
async function main(args: readonly string[]): Promise<number> {
  let demo: DemoArguments;
  try {
    demo = parseArguments(args);
    if (demo.help) {
      console.log(usage());
      return 0;
    }
    const canBeSeen = demo.faults.filter(isObservableHere);
    if (canBeSeen.length === 0 && demo.kill === undefined) {
      console.log(NOT_ON_WINDOWS);
      return 0;
    }
    const programme = {
      ...demo,
      faults: canBeSeen,
      interruption: new Interruption(),
      print: printerFor(process.stdout),
    };
    const [only, ...others] = canBeSeen;
    return demo.serve && only !== undefined && others.length > 0
      ? await performInRounds(programme)
      : await performAll(programme);
  } catch (thrown) {
    if (thrown instanceof UsageError || thrown instanceof NoRoomError) {
      console.error(`demo: ${thrown.message}`);
      return 2;
    }
    console.error(`demo: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
    return 1;
  }
}

function isObservableHere({ aspects }: Fault): boolean {
  return process.platform !== 'win32' || !aspects.includes('descriptors');
}

void main(process.argv.slice(2)).then(code => {
  process.exitCode = code;
});
