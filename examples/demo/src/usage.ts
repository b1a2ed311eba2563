import { faults, tour } from './faults/index.js';
import { killed, killStories } from './killed/kill-stories.js';
import { DEFAULT_SECONDS, MINIMUM_SECONDS, TOUR_SECONDS } from './plan.js';

/** The text of `--help`. */
export function usage(): string {
  const all = [...faults, ...killStories];
  const width = Math.max(...all.map(({ name }) => name.length));
  const list = (control: boolean): string[] =>
    all
      .filter(({ isControl }) => isControl === control)
      .map(({ name, title }) => `  ${name.padEnd(width)}  ${title}`);
  return [
    'A real HTTP service under load, first healthy, then with a fault, watched by',
    'otel-node-vitals. In the end a sentence says what its metrics showed, with',
    'numbers scraped as Prometheus does; meanwhile its page shows them, live.',
    '',
    'npm run demo -- [--fault NAME] [--seconds N] [--serve]',
    '',
    '  --fault NAME  only this fault, with every check listed; without, one after',
    `                the other: ${tour.map(({ name }) => name).join(', ')},`,
    `                and then ${killed.name}`,
    `  --seconds N   how long a fault takes, at least ${MINIMUM_SECONDS} (${DEFAULT_SECONDS}, without options ${TOUR_SECONDS})`,
    '  --serve       go on until Ctrl-C, for you to watch the page: with --fault what',
    '                that has left behind; without, one fault after the other, in',
    '                one service that is mended each time',
    '  --help        this text',
    '',
    'Faults:',
    ...list(false),
    '',
    'Controls, with which the demo has to fail:',
    ...list(true),
    '',
    'Exit code: 0 if the fault moved its own signals, the healthy phase stayed quiet',
    'and second sources agree, and nothing is lost of what a killed service has',
    'accepted; 1 if not; 2 for a command line that cannot be.',
  ].join('\n');
}
