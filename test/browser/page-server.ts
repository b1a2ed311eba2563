import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createSamplingRuntime } from 'otel-runtime-kit/otel';
import { FakeClock } from 'test-helpers/fake-clock';
import { repositoryRoot } from 'test-helpers/repository';
import type { PageData, VitalsPage, VitalsReadings } from '../../packages/otel-node-vitals/src/page/index.js';
import type * as Page from '../../packages/otel-node-vitals/src/page/index.js';
import type * as Samples from '../../packages/otel-node-vitals/test/page/sample-vitals.js';

// Made-up readings and another clock are for tests alone, so both are loaded by path.
const load = createRequire(__filename);
const part = (path: string): unknown => load(join(repositoryRoot, 'packages/otel-node-vitals/dist', path));
const { vitalsPage } = part('src/page/index.js') as typeof Page;
export const { memorySnapshot, gcSummary, fdSnapshot } = part('test/page/sample-vitals.js') as typeof Samples;
export type { PageData };

type Vitals = Pick<PageData, 'memory' | 'gc' | 'fd'>;

const INTERVAL_MILLIS = 5_000;

/** A real server with the real page over made-up numbers. */
export class PageServer {
  /** Of today, so that the times on the page look like it. */
  readonly clock = new FakeClock({ epochMillis: Date.now() });
  /** What the process is said to be like. */
  vitals: Vitals;
  /** A new sample with each request for data. */
  onData: (() => void) | undefined;
  dataRequests = 0;
  readonly #page: VitalsPage;
  readonly #server: Server;
  #port = 0;

  constructor(vitals: Vitals, service = 'checkout <b>&') {
    this.vitals = vitals;
    const readings: VitalsReadings = {
      memory: () => this.vitals.memory,
      gc: () => this.vitals.gc,
      fd: () => this.vitals.fd,
      service,
    };
    this.#page = vitalsPage(readings, {}, createSamplingRuntime(this.clock));
    this.#server = createServer((request, response) => {
      // Node.js caches the date in a timer, which the check for leaks would take for the page's.
      response.sendDate = false;
      if (request.url?.startsWith('/vitals.json') === true) {
        this.dataRequests += 1;
        this.onData?.();
      }
      if (this.#page(request, response)) return;
      response.writeHead(404);
      response.end();
    });
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}/`;
  }

  /** Listens, after the first time on the same port. */
  async listen(port = this.#port): Promise<this> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject).listen(port, '127.0.0.1', resolve);
    });
    const address = this.#server.address();
    this.#port = typeof address === 'object' && address !== null ? address.port : 0;
    return this;
  }

  /** One sample interval later. */
  tick(): void {
    this.clock.advance(INTERVAL_MILLIS);
  }

  /** Fills the history, as if the process had been running. */
  fill(samples: number, vitalsAt: (share: number) => Vitals): this {
    for (let sample = 1; sample <= samples; sample++) {
      this.vitals = vitalsAt(sample / samples);
      this.tick();
    }
    return this;
  }

  async stopListening(): Promise<void> {
    const closed = new Promise(resolve => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  async close(): Promise<void> {
    this.#page.close();
    if (this.#server.listening) await this.stopListening();
  }
}
