import { faults, tour } from './faults/index.js';
import { DEFAULT_SECONDS, MINIMUM_SECONDS, TOUR_SECONDS } from './plan.js';

/** The text of `--help`. */
export function usage(): string {
  const width = Math.max(...faults.map(({ name }) => name.length));
  const list = (control: boolean): string[] =>
    faults
      .filter(({ isControl }) => isControl === control)
      .map(({ name, title }) => `  ${name.padEnd(width)}  ${title}`);
  return [
    'A real HTTP service under load, first healthy, then with a fault, watched by',
    'otel-fd-watch, otel-memory-metrics and otel-gc-instrumentation. In the end a',
    'sentence says what their metrics showed, with numbers scraped from Prometheus.',
    '',
    'npm run demo -- [--fault NAME] [--seconds N] [--serve]',
    '',
    '  --fault NAME  only this fault, with every check listed; without, one after',
    `                the other: ${tour.map(({ name }) => name).join(', ')}`,
    `  --seconds N   how long a fault takes, at least ${MINIMUM_SECONDS} (${DEFAULT_SECONDS}; ${TOUR_SECONDS} if there are several)`,
    '  --serve       leave the service and its load running afterwards, until',
    '                Ctrl-C; needs --fault',
    '  --help        this text',
    '',
    'Faults:',
    ...list(false),
    '',
    'Controls, with which the demo has to fail:',
    ...list(true),
    '',
    'Exit code: 0 if the fault moved its own signals, the healthy phase stayed quiet',
    'and second sources agree; 1 if not; 2 for a command line that cannot be.',
  ].join('\n');
}
