import type { Readable, Writable } from 'node:stream';

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** A message of the DevTools protocol, https://chromedevtools.github.io/devtools-protocol/. */
interface Message {
  readonly id?: number;
  readonly sessionId?: string;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

/** The DevTools protocol over the two pipes of `--remote-debugging-pipe`: JSON, each message ended by a zero byte. */
export class DevtoolsPipe {
  readonly #to: Writable;
  readonly #waiting = new Map<number, Waiting>();
  readonly #listeners = new Set<(message: Message) => void>();
  #id = 0;

  constructor(to: Writable, from: Readable) {
    this.#to = to;
    let rest = '';
    from.setEncoding('utf8').on('data', (piece: string) => {
      const messages = (rest + piece).split('\0');
      rest = messages.pop() ?? '';
      for (const message of messages) this.#hear(JSON.parse(message) as Message);
    });
    from.once('close', () => {
      for (const { reject } of this.#waiting.values()) reject(new Error('the browser has ended'));
      this.#waiting.clear();
    });
    // A browser that is gone is told of by the other pipe.
    to.on('error', () => {});
  }

  send<Result>(method: string, params: object = {}, sessionId?: string): Promise<Result> {
    const id = ++this.#id;
    this.#to.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, {
        resolve: result => {
          resolve(result as Result);
        },
        reject,
      });
    });
  }

  on(sessionId: string, hear: (method: string, params: unknown) => void): void {
    this.#listeners.add(message => {
      if (message.sessionId === sessionId && message.method !== undefined)
        hear(message.method, message.params);
    });
  }

  #hear(message: Message): void {
    const waiting = this.#waiting.get(message.id ?? -1);
    if (message.id !== undefined && waiting !== undefined) {
      this.#waiting.delete(message.id);
      if (message.error === undefined) waiting.resolve(message.result);
      else waiting.reject(new Error(message.error.message));
      return;
    }
    for (const hear of this.#listeners) hear(message);
  }
}
