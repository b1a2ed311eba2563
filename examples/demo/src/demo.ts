import { parseArguments, UsageError } from './arguments.js';
import type { DemoArguments } from './arguments.js';
import { Interruption } from './interruption.js';
import { LimitTooLowError, makePlan } from './plan.js';
import { shellDescriptorLimit } from './run/outside-view.js';
import { perform } from './perform.js';
import { usage } from './usage.js';

const NOT_ON_WINDOWS =
  'On Windows the open descriptors of a process cannot be observed: otel-fd-watch emits nothing there, and this demo has nothing to show. Try it on Linux or macOS, or in WSL.';

/** @returns the exit code */
async function main(args: readonly string[]): Promise<number> {
  let demo: DemoArguments;
  try {
    demo = parseArguments(args);
    if (demo.help) {
      console.log(usage());
      return 0;
    }
    if (process.platform === 'win32') {
      console.log(NOT_ON_WINDOWS);
      return 0;
    }
    const shellLimit = shellDescriptorLimit();
    const plan = makePlan(demo.seconds, demo.fault.beginsIn, shellLimit);
    return await perform({ ...demo, plan, shellLimit, interruption: new Interruption() });
  } catch (thrown) {
    if (thrown instanceof UsageError || thrown instanceof LimitTooLowError) {
      console.error(`demo: ${thrown.message}`);
      return 2;
    }
    console.error(`demo: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
    return 1;
  }
}

void main(process.argv.slice(2)).then(code => {
  process.exitCode = code;
});
