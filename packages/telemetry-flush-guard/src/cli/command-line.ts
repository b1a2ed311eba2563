import { parseArgs } from 'node:util';
import type { FileSystem } from '../spool/file-system.js';
import type { ProcessView } from '../spool/owner.js';
import { VERSION } from '../version.js';
import { inspectText } from './inspect-text.js';
import { inspect } from './inspect.js';
import { errorText } from './spool-tree.js';
import { verifyText } from './verify-text.js';
import { verify } from './verify.js';
import { paintFor } from './words.js';

export const USAGE = `Usage: telemetry-flush-guard inspect|verify DIR [--json]

  inspect   what each process has in the spool DIR: delivered, dropped, pending
  verify    reads every record of it, and says what is damaged
  --json    for programs: telemetry-flush-guard/inspect@1, …/verify@1
  --help, --version

DIR is the option \`dir\` of the guard, or $OTEL_FLUSH_GUARD_DIR. Nothing in it is changed, and its owner may be alive.
Exit code: 0 all is well; 1 damage was found (verify); 2 wrong usage, or something could not be read.
`;

/** What a command line is to know of the world. */
export interface World {
  readonly files: FileSystem;
  readonly view: ProcessView;
  readonly nowMillis: number;
  readonly hasColours: boolean;
  readonly print: (text: string) => void;
  readonly complain: (text: string) => void;
}

/** @returns the exit code */
export function runCommandLine(args: readonly string[], world: World): number {
  const asked = parsed(args);
  if (typeof asked === 'string') {
    world.complain(`telemetry-flush-guard: ${asked}\n\n${USAGE}`);
    return 2;
  }
  if (asked.text !== undefined) {
    world.print(asked.text);
    return 0;
  }
  try {
    return COMMANDS[asked.command](asked.dir, asked.json, world);
  } catch (thrown) {
    world.complain(`telemetry-flush-guard: ${asked.dir} cannot be read: ${errorText(thrown)}\n`);
    return 2;
  }
}

const COMMANDS = {
  inspect(dir: string, json: boolean, world: World): number {
    const inspection = inspect(world.files, dir, world.view, world.nowMillis);
    world.print(json ? jsonText(inspection) : inspectText(inspection, paintFor(world.hasColours)));
    return inspection.unreadable.length > 0 ? 2 : 0;
  },
  verify(dir: string, json: boolean, world: World): number {
    const verification = verify(world.files, dir, world.view, world.nowMillis);
    world.print(json ? jsonText(verification) : verifyText(verification, paintFor(world.hasColours)));
    if (verification.unreadable.length > 0) return 2;
    return verification.ok ? 0 : 1;
  },
};

interface Asked {
  readonly text?: string;
  readonly command: keyof typeof COMMANDS;
  readonly dir: string;
  readonly json: boolean;
}

/** @returns what is wrong with them, or what they ask for */
function parsed(args: readonly string[]): Asked | string {
  const nothing = { command: 'inspect', dir: '', json: false } as const;
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { json: { type: 'boolean' }, help: { type: 'boolean' }, version: { type: 'boolean' } },
    });
    if (values.help === true) return { ...nothing, text: USAGE };
    if (values.version === true) return { ...nothing, text: `${VERSION}\n` };
    const [command, dir, ...more] = positionals;
    if (command !== 'inspect' && command !== 'verify') {
      return command === undefined
        ? 'a command is missing'
        : `there is no command ${JSON.stringify(command)}`;
    }
    if (dir === undefined || dir === '') return 'DIR is missing';
    if (more.length > 0) return `one DIR, not also ${more.join(' ')}`;
    return { command, dir, json: values.json === true };
  } catch (thrown) {
    return errorText(thrown);
  }
}

function jsonText(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
