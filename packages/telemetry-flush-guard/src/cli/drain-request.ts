import { OTLP_PATHS } from './drain-signals.js';

/** Where to deliver to. */
export type DrainDestination =
  /** Undefined: as the environment says. */
  | { readonly kind: 'otlp'; readonly url: string | undefined }
  /** `-` is the standard output. */
  | { readonly kind: 'file'; readonly path: string };

/** What `drain` is asked for. */
export interface DrainRequest {
  readonly dir: string;
  readonly to: DrainDestination;
  readonly headers: Readonly<Record<string, string>>;
  /** Infinity: for ever. */
  readonly timeoutMillis: number;
  readonly isJson: boolean;
}

/** Options of `drain`, as they were given. */
export interface DrainOptions {
  readonly to?: readonly string[] | undefined;
  readonly header?: readonly string[] | undefined;
  readonly timeout?: string | undefined;
  readonly isJson: boolean;
}

const DEFAULT_TIMEOUT_MILLIS = 300_000;

/** What a timer can wait, in whole days: 24 of them. */
const LONGEST_TIMEOUT_SECONDS = 24 * 86_400;

/**
 * Takes `--to KIND WHERE` out of a command line: options of two words are nothing that `parseArgs` knows.
 *
 * @returns the words behind `--to`, one or two of them; undefined if it is not there
 */
export function takeTo(args: readonly string[]): {
  readonly to: readonly string[] | undefined;
  readonly rest: readonly string[];
} {
  const at = args.findIndex(arg => arg === '--to' || arg.startsWith('--to='));
  if (at === -1) return { to: undefined, rest: args };
  const joined = args[at]?.startsWith('--to=') === true;
  const words = joined ? 1 : 2;
  const to = args.slice(at + 1, at + 1 + words).filter(word => word === '-' || !word.startsWith('-'));
  return {
    to: joined ? [args[at]?.slice('--to='.length) ?? '', ...to] : to,
    rest: [...args.slice(0, at), ...args.slice(at + 1 + to.length)],
  };
}

/** @returns what is wrong with it; what may be a credential is not repeated */
export function drainRequest(dir: string, options: DrainOptions): DrainRequest | string {
  const { to, header = [], timeout, isJson } = options;
  const destination = destinationOf(to);
  if (typeof destination === 'string') return destination;
  if (destination.kind === 'file' && header.length > 0) return '--header is for --to otlp';
  if (destination.kind === 'file' && destination.path === '-' && isJson) {
    return '--json and --to file - both want the standard output';
  }
  const headers: Record<string, string> = {};
  for (const [index, text] of header.entries()) {
    const [, name, value] = /^([!#$%&'*+.^_`|~\w-]+):[\t ]*([\t\x20-\x7e\x80-\xff]+)$/.exec(text) ?? [];
    if (name === undefined || value === undefined) return `header ${index + 1} is no 'name: value'`;
    headers[name.toLowerCase()] = value.trim();
  }
  const timeoutMillis = timeoutOf(timeout);
  if (timeoutMillis === undefined) {
    return `--timeout must be a number of seconds, up to ${LONGEST_TIMEOUT_SECONDS}; 0: for ever`;
  }
  return { dir, to: destination, headers, timeoutMillis, isJson };
}

function destinationOf(to: readonly string[] | undefined): DrainDestination | string {
  if (to === undefined) return { kind: 'otlp', url: undefined };
  const [kind, where] = to;
  if (where === undefined || where === '' || (kind !== 'otlp' && kind !== 'file')) {
    return '--to must be followed by "otlp URL" or "file PATH"';
  }
  if (kind === 'file') return { kind, path: where };
  const url = URL.canParse(where) ? new URL(where) : undefined;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    return 'the URL of --to otlp must be one of http or https';
  }
  const path = Object.values(OTLP_PATHS).find(each => url.pathname.replace(/\/+$/, '').endsWith(`/${each}`));
  if (path !== undefined) return `the URL of --to otlp is that of all signals: leave /${path} out`;
  return { kind, url: where };
}

function timeoutOf(text: string | undefined): number | undefined {
  if (text === undefined) return DEFAULT_TIMEOUT_MILLIS;
  if (!/^\d+(\.\d+)?$/.test(text)) return undefined;
  const seconds = Number(text);
  if (seconds > LONGEST_TIMEOUT_SECONDS) return undefined;
  return seconds === 0 ? Infinity : seconds * 1_000;
}
