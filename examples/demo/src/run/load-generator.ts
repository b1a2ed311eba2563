import { Agent } from 'node:http';
import { httpGet } from './http-get.js';

const TICK_MILLIS = 5;

const CONNECTIONS = 4;

/** More unanswered requests than this are not added to. */
const IN_FLIGHT_MAXIMUM = 50;

/** Asks at a steady rate, whatever the answers take; what a slow moment held up is caught up on. */
export class LoadGenerator {
  readonly #url: string;
  readonly #perSecond: number;
  readonly #inFlight = new Set<Promise<void>>();
  #agent: Agent | undefined;
  #timer: NodeJS.Timeout | undefined;
  #answered = 0;
  #failures: string[] = [];

  constructor(url: string, perSecond: number) {
    this.#url = url;
    this.#perSecond = perSecond;
  }

  /** Requests answered since the start. */
  get answered(): number {
    return this.#answered;
  }

  /** What went wrong, one text for each request. */
  get failures(): readonly string[] {
    return this.#failures;
  }

  /** Begins to ask, or goes on. */
  begin(): void {
    // In turn, so that none of them is idle for so long that the service closes it.
    const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS, scheduling: 'fifo' });
    this.#agent = agent;
    const startMillis = performance.now();
    // All connections at once: one that came later would look like growth.
    let sent = 0;
    for (; sent < CONNECTIONS; sent += 1) this.#ask(agent);
    this.#timer = setInterval(() => {
      const due = Math.floor(((performance.now() - startMillis) / 1_000) * this.#perSecond);
      for (; sent < due && this.#inFlight.size < IN_FLIGHT_MAXIMUM; sent += 1) this.#ask(agent);
    }, TICK_MILLIS);
  }

  /** Stops asking. Resolves when everything is answered and no connection to the service is left. */
  async pause(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all(this.#inFlight);
    this.#agent?.destroy();
  }

  #ask(agent: Agent): void {
    const request = httpGet(this.#url, agent)
      .then(
        () => {
          this.#answered += 1;
        },
        (thrown: unknown) => {
          this.#failures.push(String(thrown));
        },
      )
      .finally(() => this.#inFlight.delete(request));
    this.#inFlight.add(request);
  }
}
