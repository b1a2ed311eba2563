import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** What a service said of itself at one moment. */
export interface RelayedScrape {
  readonly atMillis: number;
  readonly text: string;
}

/**
 * Fetches what a service exposes at a steady pace, and serves the latest of it as it is and respelled, each line with the
 * time of the fetch: however many scrape it, all have the very same samples. (Prometheus takes a sample that it has already
 * without a word.)
 */
export class ScrapeRelay {
  readonly scrapes: RelayedScrape[] = [];
  readonly #source: string;
  readonly #server: Server;
  readonly #ending = new AbortController();
  #fetching: Promise<void> = Promise.resolve();

  /**
   * @param source URL
   * @param paths what to serve where: the text with times → the text to serve
   */
  static async start(
    source: string,
    intervalMillis: number,
    paths: Readonly<Record<string, (text: string) => string>>,
  ): Promise<ScrapeRelay> {
    const relay = new ScrapeRelay(source, paths);
    await relay.#fetch();
    relay.#fetching = relay.#goOn(intervalMillis);
    relay.#server.listen(0, '127.0.0.1');
    await once(relay.#server, 'listening');
    return relay;
  }

  /** Fetches nothing yet, and does not listen: {@link start} does. */
  constructor(source: string, paths: Readonly<Record<string, (text: string) => string>>) {
    this.#source = source;
    this.#server = createServer((request, response) => {
      const respell = paths[request.url ?? ''];
      const latest = this.scrapes.at(-1);
      if (respell === undefined || latest === undefined) response.writeHead(404).end();
      else response.end(respell(withTimes(latest)));
    });
  }

  /** `host:port`. */
  get target(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#ending.abort();
    await this.#fetching;
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #goOn(intervalMillis: number): Promise<void> {
    const { signal } = this.#ending;
    while (!signal.aborted) {
      await sleep(intervalMillis, undefined, { signal }).catch(() => {});
      // The service may have ended.
      await this.#fetch().catch(() => {});
    }
  }

  async #fetch(): Promise<void> {
    const response = await fetch(this.#source);
    const text = await response.text();
    this.scrapes.push({ atMillis: Date.now(), text });
  }
}

function withTimes({ atMillis, text }: RelayedScrape): string {
  return text.replaceAll(/^(?!#)\S.*$/gm, line => `${line} ${atMillis}`);
}
