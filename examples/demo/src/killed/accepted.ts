import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';

/** What the service has written down as accepted: whatever ended it, what is there was accepted. */
export interface Accepted {
  /** By name. */
  readonly spans: readonly string[];
  /** By text. */
  readonly logs: readonly string[];
  /** Requests that were counted when metrics were collected for the last time. */
  readonly counted: number;
}

/** Writes down what was accepted, once it was: a line each. */
export class AcceptedWriter {
  readonly #fd: number;

  /** @throws what the file system throws */
  constructor(path: string) {
    this.#fd = openSync(path, 'ax');
  }

  span(name: string): void {
    writeSync(this.#fd, `span ${name}\n`);
  }

  log(text: string): void {
    writeSync(this.#fd, `log ${text}\n`);
  }

  counted(requests: number): void {
    writeSync(this.#fd, `counted ${requests}\n`);
  }

  close(): void {
    closeSync(this.#fd);
  }
}

/** Reads what an {@link AcceptedWriter} has written. */
export function readAccepted(path: string): Accepted {
  // What was being written when the process died was not written down.
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1);
  const of = (word: string): string[] =>
    lines.flatMap(line => (line.startsWith(`${word} `) ? [line.slice(word.length + 1)] : []));
  return { spans: of('span'), logs: of('log'), counted: Math.max(0, ...of('counted').map(Number)) };
}
