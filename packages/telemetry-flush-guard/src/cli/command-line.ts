import { parseArgs } from 'node:util';
import type { FileSystem } from '../spool/file-system.js';
import type { ProcessView } from '../spool/owner.js';
import { VERSION } from '../version.js';
import { drainRequest, takeTo } from './drain-request.js';
import type { DrainRequest } from './drain-request.js';
import { inspectText } from './inspect-text.js';
import { inspect } from './inspect.js';
import { errorText } from './spool-tree.js';
import { verifyText } from './verify-text.js';
import { verify } from './verify.js';
import { paintFor } from './words.js';

export const USAGE = `Usage: telemetry-flush-guard inspect|verify DIR [--json]
       telemetry-flush-guard drain DIR [--to otlp URL | --to file PATH] [--header 'NAME: VALUE']...
                                   [--timeout SECONDS] [--json]

  inspect    what each process has in the spool DIR: delivered, dropped, pending
  verify     reads every record of it, and says what is damaged
  drain      delivers what dead processes have left in it
  --json     for programs: telemetry-flush-guard/inspect@1, …/verify@1, …/drain@1
  --to       an endpoint of OTLP over HTTP; default: $OTEL_EXPORTER_OTLP_ENDPOINT. Or a file that gets
             a line of OTLP as JSON for each batch; - is the standard output
  --header   sent with each request. Others see it in the list of processes, and not what is in
             $OTEL_EXPORTER_OTLP_HEADERS, which is sent too
  --timeout  when to give up, 300 if not given; 0: never
  --help, --version

DIR is the option \`dir\` of the guard, or $OTEL_FLUSH_GUARD_DIR. What a living process has is not touched: inspect and
verify change nothing at all, and drain leaves its folder alone.
Exit code: 0 all is well; 1 damage was found (verify), something is left or was dropped (drain); 2 wrong usage, or
something could not be read or used; 130 drain was interrupted.
`;

/** What a command line is to know of the world. */
export interface World {
  readonly files: FileSystem;
  readonly view: ProcessView;
  readonly nowMillis: number;
  readonly hasColours: boolean;
  readonly print: (text: string) => void;
  readonly complain: (text: string) => void;
  /** Resolves with the exit code. */
  readonly drain: (request: DrainRequest) => Promise<number>;
}

/** @returns the exit code; of what takes its time, a promise of it */
export function runCommandLine(args: readonly string[], world: World): number | Promise<number> {
  const asked = parsed(args);
  if (typeof asked === 'string') {
    world.complain(`telemetry-flush-guard: ${asked}\n\n${USAGE}`);
    return 2;
  }
  if (asked.text !== undefined) {
    world.print(asked.text);
    return 0;
  }
  if (asked.drain !== undefined) return world.drain(asked.drain);
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
  readonly drain?: DrainRequest;
  readonly command: keyof typeof COMMANDS;
  readonly dir: string;
  readonly json: boolean;
}

const OPTIONS = {
  json: { type: 'boolean' },
  help: { type: 'boolean' },
  version: { type: 'boolean' },
  header: { type: 'string', multiple: true },
  timeout: { type: 'string' },
} as const;

/** @returns what is wrong with them, or what they ask for */
function parsed(args: readonly string[]): Asked | string {
  const nothing = { command: 'inspect', dir: '', json: false } as const;
  try {
    const { to, rest } = takeTo(args);
    const { values, positionals } = parseArgs({ args: [...rest], allowPositionals: true, options: OPTIONS });
    if (values.help === true) return { ...nothing, text: USAGE };
    if (values.version === true) return { ...nothing, text: `${VERSION}\n` };
    const [command, dir, ...more] = positionals;
    if (command !== 'inspect' && command !== 'verify' && command !== 'drain') {
      return command === undefined
        ? 'a command is missing'
        : `there is no command ${JSON.stringify(command)}`;
    }
    if (dir === undefined || dir === '') return 'DIR is missing';
    const { json = false, header, timeout } = values;
    if (command === 'drain') {
      // What is too much may be a part of a header.
      if (more.length > 0) return `one DIR, and ${more.length} more that drain does not know`;
      const drain = drainRequest(dir, { to, header, timeout, isJson: json });
      return typeof drain === 'string' ? drain : { ...nothing, drain };
    }
    if (more.length > 0) return `one DIR, not also ${more.join(' ')}`;
    if ((to ?? header ?? timeout) !== undefined) return '--to, --header and --timeout are for drain';
    return { command, dir, json };
  } catch (thrown) {
    return errorText(thrown);
  }
}

function jsonText(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
