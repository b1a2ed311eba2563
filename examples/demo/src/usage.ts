import { faults } from './faults/index.js';
import { DEFAULT_SECONDS, MINIMUM_SECONDS } from './plan.js';

/** The text of `--help`. */
export function usage(): string {
  const width = Math.max(...faults.map(({ name }) => name.length));
  const list = (control: boolean): string[] =>
    faults
      .filter(({ isControl }) => isControl === control)
      .map(({ name, title }) => `  ${name.padEnd(width)}  ${title}`);
  return [
    'A real HTTP service under load, first healthy, then with a fault, watched by otel-fd-watch.',
    '',
    'npm run demo -- [--fault NAME] [--seconds N] [--serve]',
    '',
    '  --fault NAME  what goes wrong (socket-leak)',
    `  --seconds N   how long all of it takes, at least ${MINIMUM_SECONDS} (${DEFAULT_SECONDS})`,
    '  --serve       leave the service and its load running afterwards, until Ctrl-C',
    '  --help        this text',
    '',
    'Faults:',
    ...list(false),
    '',
    'Controls, with which the demo has to fail:',
    ...list(true),
    '',
    'Exit code: 0 if the fault moved its own signals, the healthy phase stayed quiet and second sources agree;',
    '1 if not; 2 for a command line that cannot be.',
  ].join('\n');
}
