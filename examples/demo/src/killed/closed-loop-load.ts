import { Agent } from 'node:http';
import { httpGet } from '../run/http-get.js';

const CONNECTIONS = 8;

/** As much load as the service can bear: each connection asks as soon as it was answered. */
export class ClosedLoopLoad {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  #sent = 0;
  #isOver = false;

  /** Begins at once. */
  constructor(url: string) {
    for (let connection = 0; connection < CONNECTIONS; connection += 1) void this.#askOnAndOn(url);
  }

  /** Requests that were sent, answered or not. */
  get sent(): number {
    return this.#sent;
  }

  /** Nobody is asked any more. */
  end(): void {
    this.#isOver = true;
    this.#agent.destroy();
  }

  async #askOnAndOn(url: string): Promise<void> {
    try {
      while (!this.#isOver) {
        this.#sent += 1;
        await httpGet(url, this.#agent);
      }
    } catch {
      // The service was killed.
    }
  }
}
