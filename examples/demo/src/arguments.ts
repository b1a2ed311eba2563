import { parseArgs } from 'node:util';
import { faults, findFault, tour } from './faults/index.js';
import type { Fault } from './faults/fault.js';
import { findKillStory, killed, killStories } from './killed/kill-stories.js';
import type { KillStory } from './killed/kill-stories.js';
import { DEFAULT_SECONDS, MINIMUM_SECONDS, TOUR_SECONDS } from './plan.js';

/** What the command line asks for. */
export interface DemoArguments {
  /** What to run, one after the other. */
  readonly faults: readonly Fault[];
  /** The service to be killed, after all of them. */
  readonly kill: KillStory | undefined;
  /** How long each of them takes. */
  readonly secondsEach: number;
  /** Whether to go on until somebody interrupts: with the one fault's service, or with one fault after the other. */
  readonly serve: boolean;
  readonly help: boolean;
}

/** A command line that cannot be; the message names what is wrong and lists what exists. */
export class UsageError extends Error {}

const OPTIONS = {
  fault: { type: 'string', hint: '--fault NAME' },
  seconds: { type: 'string', hint: '--seconds N' },
  serve: { type: 'boolean', hint: '--serve' },
  help: { type: 'boolean', short: 'h', hint: '--help' },
} as const;

const EXISTING = Object.values(OPTIONS)
  .map(({ hint }) => hint)
  .join(', ');

/** @throws UsageError */
export function parseArguments(args: readonly string[]): DemoArguments {
  const { tokens } = parseArgs({ args: [...args], options: OPTIONS, strict: false, tokens: true });
  const texts = new Map<string, string>();
  const flags = new Set<string>();
  for (const token of tokens) {
    if (token.kind === 'positional')
      throw new UsageError(`unexpected "${token.value}"; there are ${EXISTING}`);
    if (token.kind !== 'option') continue;
    const { name, rawName, value } = token;
    if (!isOption(name)) throw new UsageError(`unknown option ${rawName}; there are ${EXISTING}`);
    if (OPTIONS[name].type === 'boolean') {
      if (value !== undefined) throw new UsageError(`${rawName} takes no value, got "${value}"`);
      flags.add(name);
    } else {
      // "--fault --serve" is a name forgotten, not a fault called "--serve".
      if (value === undefined || value === '' || value.startsWith('--')) {
        throw new UsageError(`${rawName} needs a value: ${OPTIONS[name].hint}`);
      }
      texts.set(name, value);
    }
  }
  const name = texts.get('fault');
  const serve = flags.has('serve');
  const isTour = name === undefined && !serve;
  const kill = isTour ? killed : findKillStory(name ?? '');
  if (serve && kill !== undefined) {
    throw new UsageError(`--serve has nothing to show of ${kill.name}: its service is dead`);
  }
  const seconds = texts.get('seconds') ?? String(isTour ? TOUR_SECONDS : DEFAULT_SECONDS);
  return {
    faults: name === undefined ? tour : kill === undefined ? [chosenFault(name)] : [],
    kill,
    secondsEach: chosenSeconds(seconds),
    serve,
    help: flags.has('help'),
  };
}

function isOption(name: string): name is keyof typeof OPTIONS {
  return Object.hasOwn(OPTIONS, name);
}

function chosenFault(name: string): Fault {
  const fault = findFault(name);
  if (fault === undefined) {
    throw new UsageError(
      `unknown fault "${name}"; there are ${[...faults, ...killStories].map(existing => existing.name).join(', ')}`,
    );
  }
  return fault;
}

function chosenSeconds(text: string): number {
  const seconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
  if (!(seconds >= MINIMUM_SECONDS && Number.isFinite(seconds))) {
    throw new UsageError(
      `--seconds must be a number, at least ${MINIMUM_SECONDS} (a trend needs that long), got "${text}"`,
    );
  }
  return seconds;
}
